"""Long work: taken up by one worker at a time, again after its silence, ended once, once for two clicks."""

import pytest

from quiz.core.permissions import Permission, Role
from quiz.extensions import db
from quiz.models import AuditEvent
from quiz.services import jobs
from quiz.services.audit import Actor
from quiz.services.auth import Principal
from quiz.services.jobs import JobState, StoredFile, state_of
from tests.factories import NOW, make_account, make_unit

FILE = StoredFile("1-abc", "giay-khen.pdf", "application/pdf", 9)


def ask(unit=None, account=None, key="certificates:1", now=NOW):
    account = account or make_account((Role.ORGANIZER, unit))
    return jobs.ask(
        "certificates", key, "Giấy khen", {"round": 1}, Permission.RESULT_VIEW, unit, Actor(account.id), now
    )


def fresh(job):
    db.session.refresh(job)
    return job


def test_asking_is_on_record_and_a_second_click_finds_the_first(app):
    unit = make_unit()
    job, is_new = ask(unit)
    again, again_is_new = ask(unit)
    assert (is_new, again_is_new, again.id) == (True, False, job.id)
    event = db.session.query(AuditEvent).filter_by(action="job.ask").one()
    assert (event.target, event.path) == (f"job:{job.id}", unit.path)


def test_what_has_ended_may_be_asked_for_again(app):
    job, _ = ask()
    assert jobs.claim("a", NOW).id == job.id
    assert jobs.finish(job.id, "a", FILE, NOW + 1)
    assert ask()[1]


def test_one_worker_takes_it_up_and_the_next_finds_nothing(app):
    job, _ = ask()
    ask(key="another")
    assert state_of(job) is JobState.WAITING
    assert jobs.claim("a", NOW).id == job.id
    assert state_of(fresh(job)) is JobState.RUNNING
    assert jobs.claim("b", NOW) is None, "one job at a time"


def test_after_silence_it_is_taken_up_again_and_the_late_one_changes_nothing(app):
    job, _ = ask()
    jobs.claim("a", NOW)
    assert jobs.report(job.id, "a", 10, 100, NOW + 50_000)
    assert jobs.claim("b", NOW + jobs.LEASE + 1) is None, "a word of progress holds it longer"
    assert jobs.claim("b", NOW + 50_000 + jobs.LEASE + 1).id == job.id
    assert (fresh(job).done, job.tries) == (0, 2)
    assert not jobs.report(job.id, "a", 20, 100, NOW + 120_000)
    assert not jobs.finish(job.id, "a", FILE, NOW + 120_000)
    assert not jobs.fail(job.id, "a", "x", {}, NOW + 120_000)
    assert jobs.finish(job.id, "b", FILE, NOW + 120_000)
    assert state_of(fresh(job)) is JobState.DONE
    assert not jobs.finish(job.id, "b", FILE, NOW + 130_000), "ended once"


def test_whose_worker_is_known_to_be_gone_it_waits_again_at_once(app):
    job, _ = ask()
    jobs.claim("a", NOW)
    assert jobs.let_go(job.id, "a")
    assert jobs.claim("b", NOW + 1).id == job.id


def test_what_stops_again_and_again_is_given_up_with_a_sentence(app):
    job, _ = ask()
    for number in range(jobs.TRIES):
        assert jobs.claim(f"w{number}", NOW + number * 2 * jobs.LEASE).id == job.id
    assert jobs.claim("last", NOW + 9 * jobs.LEASE) is None
    assert state_of(fresh(job)) is JobState.FAILED
    assert job.error % job.error_values == jobs.GAVE_UP % {"tries": 3}


@pytest.mark.parametrize(
    ("permission_holder", "seen"),
    [("same", True), ("above", True), ("beside", False), ("without", False), ("asker", True)],
)
def test_the_file_is_for_who_asked_and_who_holds_the_permission_there(app, permission_holder, seen):
    above = make_unit("Mai Sơn")
    unit, beside = make_unit("Cò Nòi", above), make_unit("Hát Lót", above)
    asker = make_account((Role.QUESTION_EDITOR, None))
    job, _ = ask(unit, asker)
    grants = {
        "same": [(Role.OBSERVER, unit.path)], "above": [(Role.OBSERVER, above.path)],
        "beside": [(Role.OBSERVER, beside.path)], "without": [(Role.PROCTOR, unit.path)], "asker": [],
    }[permission_holder]  # fmt: skip
    key = asker.id if permission_holder == "asker" else make_account().id
    who = Principal("t", 1, "x", account_id=key, grants=grants)
    assert jobs.visible_to(job, who) is seen
    assert [found.id for found in jobs.page_of(who, 1).items] == ([job.id] if seen else [])


def test_a_job_of_no_unit_is_for_who_asked_and_who_reaches_everything(app):
    job, _ = ask(None, make_account((Role.QUESTION_EDITOR, None)))
    everywhere = Principal("t", 1, "x", account_id=0, grants=[(Role.SYSTEM_ADMIN, "")])
    somewhere = Principal("t", 1, "x", account_id=0, grants=[(Role.ORGANIZER, make_unit().path)])
    assert jobs.visible_to(job, everywhere) and not jobs.visible_to(job, somewhere)
    assert [len(jobs.page_of(who, 1).items) for who in (everywhere, somewhere)] == [1, 0]


def test_files_are_forgotten_after_their_days(app):
    job, _ = ask()
    jobs.claim("a", NOW)
    jobs.finish(job.id, "a", FILE, NOW)
    assert jobs.forgettable(NOW + jobs.KEPT) == []
    assert [old.id for old in jobs.forgettable(NOW + jobs.KEPT + 1)] == [job.id]
    jobs.note_removed(job.id, NOW + jobs.KEPT + 2)
    assert jobs.forgettable(NOW + jobs.KEPT + 3) == []
    assert state_of(fresh(job)) is JobState.REMOVED
