"""Long work in a browser: progress without scripts, the file for those it is for; and the thread that has it done."""

import pytest

from quiz import clock
from quiz.core.errors import RuleBroken
from quiz.core.permissions import Permission, Role
from quiz.extensions import db
from quiz.models import Job
from quiz.services import jobs
from quiz.services.audit import Actor
from quiz.services.jobs import JobState, state_of
from quiz.web import job_kinds, job_worker
from quiz.web.job_kinds import Made
from tests.factories import make_account, make_unit


@pytest.fixture
def asked(sqlite_app, monkeypatch):
    """A job of a kind made for the test, asked for by "chu"."""
    unit = make_unit()
    account = make_account((Role.ORGANIZER, unit), username="chu")
    make_account((Role.ORGANIZER, make_unit("Hát Lót")), username="khac")
    monkeypatch.setitem(
        job_kinds.KINDS, "test", lambda work: Made(b"%PDF-1", "giay-khen.pdf", "application/pdf")
    )
    job, _ = jobs.ask(
        "test", "test:1", "Giấy khen của xã", {}, Permission.RESULT_VIEW, unit, Actor(account.id), clock.now()
    )
    db.session.commit()
    return job.id


def stored(job_id):
    db.session.rollback()
    return db.session.get(Job, job_id, populate_existing=True)


def take_up(app):
    db.session.remove()  # the page before has let go of the database
    return job_worker.take_up(app)


def do(app):
    job_id, worker = take_up(app)
    done = job_worker.run(app, job_id, worker)
    db.session.remove()  # the pages that follow look afresh
    return done


def test_the_page_looks_again_by_itself_until_the_file_is_there(sqlite_app, browser, asked):
    browser.sign_in("chu")
    page = browser.get(f"/desk/jobs/{asked}").get_data(as_text=True)
    assert 'http-equiv="refresh"' in page and "Đang chờ đến lượt" in page and "Tải tệp về" not in page
    assert do(sqlite_app)
    page = browser.get(f"/desk/jobs/{asked}").get_data(as_text=True)
    assert 'http-equiv="refresh"' not in page and "Tải tệp về" in page
    with browser.get(f"/desk/jobs/{asked}/file") as answer:
        assert (answer.data, answer.mimetype) == (b"%PDF-1", "application/pdf")
        assert "giay-khen.pdf" in answer.headers["Content-Disposition"]
        assert "no-store" in answer.headers["Cache-Control"]
    assert "Giấy khen của xã" in browser.get("/desk/jobs").get_data(as_text=True)


def test_somebody_elses_job_is_not_there(sqlite_app, browser, asked):
    do(sqlite_app)
    browser.sign_in("khac")
    assert browser.get(f"/desk/jobs/{asked}").status_code == 404
    assert browser.get(f"/desk/jobs/{asked}/file").status_code == 404
    assert "Giấy khen của xã" not in browser.get("/desk/jobs").get_data(as_text=True)


def test_a_file_that_is_gone_is_said_not_served(sqlite_app, browser, asked):
    do(sqlite_app)
    job_worker.path_of(sqlite_app, stored(asked).stored_as).unlink()
    browser.sign_in("chu")
    assert browser.get(f"/desk/jobs/{asked}/file").status_code == 302


def test_what_a_rule_refuses_is_said_in_its_sentence(sqlite_app, browser, asked, monkeypatch):
    def refuse(work):
        raise RuleBroken("Chưa có kết quả của %(name)s.", name="xã Cò Nòi")

    monkeypatch.setitem(job_kinds.KINDS, "test", refuse)
    assert not do(sqlite_app)
    browser.sign_in("chu")
    assert "Chưa có kết quả của xã Cò Nòi." in browser.get(f"/desk/jobs/{asked}").get_data(as_text=True)


def test_a_fault_ends_the_job_and_not_the_worker(sqlite_app, asked, monkeypatch, caplog):
    monkeypatch.setitem(job_kinds.KINDS, "test", lambda work: 1 / 0)
    assert not do(sqlite_app)
    assert state_of(stored(asked)) is JobState.FAILED and stored(asked).error == job_worker.BROKEN
    assert "ZeroDivisionError" in caplog.text
    assert take_up(sqlite_app) is None


def test_a_job_reads_without_the_write_lock_and_writes_only_when_it_says_so(sqlite_app, asked, monkeypatch):
    seen = []

    def work_on(work):
        db.session.get(Job, asked)
        work.report(1, 2)  # would wait for ever if the job held the lock
        seen.append(stored(asked).done)
        with job_kinds.writing():
            db.session.get(Job, asked).title = "Tên khác"
        return None

    monkeypatch.setitem(job_kinds.KINDS, "test", work_on)
    assert do(sqlite_app)
    assert seen == [1] and stored(asked).title == "Tên khác" and stored(asked).stored_as == ""


def test_who_was_taken_for_dead_stops_and_leaves_no_file(sqlite_app, asked, monkeypatch):
    job_id, worker = take_up(sqlite_app)
    stored(asked).leased_until = 1
    db.session.commit()
    second_id, second = take_up(sqlite_app)
    assert second_id == job_id
    folder = job_worker.folder_of(sqlite_app)  # other tests have left files there
    before = set(folder.glob("*"))
    assert not job_worker.run(sqlite_app, job_id, worker)
    assert set(folder.glob("*")) <= before
    assert job_worker.run(sqlite_app, job_id, second)
    assert job_worker.path_of(sqlite_app, stored(asked).stored_as).read_bytes() == b"%PDF-1"


def test_old_files_are_removed(sqlite_app, asked):
    do(sqlite_app)
    path = job_worker.path_of(sqlite_app, stored(asked).stored_as)
    stored(asked).ended_at = clock.now() - jobs.KEPT - 1
    db.session.commit()
    assert (job_worker.forget(sqlite_app), path.exists()) == (1, False)
    assert state_of(stored(asked)) is JobState.REMOVED
    assert job_worker.forget(sqlite_app) == 0


def test_the_desk_leads_to_the_long_work_there_is(browser, asked):
    assert 'href="/desk/jobs"' in browser.sign_in("chu").get("/desk").get_data(as_text=True)


def test_how_far_it_is_is_counted_as_tables_count(sqlite_app, browser, asked):
    job_id, worker = take_up(sqlite_app)
    jobs.report(job_id, worker, 1_005, 3_005, clock.now())
    db.session.commit()
    assert "1.005/3.005" in browser.sign_in("chu").get(f"/desk/jobs/{asked}").get_data(as_text=True)


def test_work_whose_share_done_nobody_can_tell_says_how_large_it_is_and_how_long_it_has_taken(
    sqlite_app, browser, asked
):
    job_id, worker = take_up(sqlite_app)
    jobs.report(job_id, worker, 0, 3_005, clock.now())
    db.session.commit()
    job = stored(asked)
    job.kind, job.asked_at = "paper", clock.now() - 75_000
    db.session.commit()
    page = browser.sign_in("chu").get(f"/desk/jobs/{asked}").get_data(as_text=True)
    assert "Đang dàn trang 3.005 giấy" in page and 'class="progress"' not in page
    assert "Đã qua 1 phút" in page
