"""The pages of backups and of a contest's archive, clicked through by an administrator; the rest is refused."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.files import archives as files
from quiz.files import backups as folder
from quiz.models import Account, Attempt, AuditEvent, Contest, Job, Unit
from quiz.web import job_worker
from tests.conftest import Browser
from tests.factories import make_account
from tests.services.test_archives import AFTER, held
from tests.services.test_backups import write as write_everything
from tests.web.test_attempts import at


@pytest.fixture
def kept(sqlite_app):
    """The folder of backups, empty at the beginning and at the end."""
    path = folder.folder_in(sqlite_app.config["SETTINGS"].data_dir)
    path.mkdir(parents=True, exist_ok=True)
    for left in path.iterdir():
        left.unlink()
    yield path
    for left in path.iterdir():
        left.unlink()


@pytest.fixture
def admin(sqlite_app, kept):
    """The administrator's browser."""
    make_account((Role.SYSTEM_ADMIN, None), username="admin")
    db.session.commit()
    return Browser(sqlite_app).sign_in("admin")


def do_jobs(app) -> str:
    """Do the work that waits in this process, and return why it failed, if it did."""
    db.session.rollback()
    job_id, worker = job_worker.take_up(app)
    job_worker.run(app, job_id, worker)
    db.session.rollback()
    return db.session.scalar(select(Job.error).where(Job.id == job_id))


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("%backup.%"))))


@pytest.mark.long
def test_an_administrator_makes_tries_takes_and_removes_a_backup(sqlite_app, admin, kept):
    held()
    assert "Chưa có bản sao lưu nào" in text_of(admin.get("/desk/backups"))
    assert admin.post("/desk/backups").status_code == 302
    assert do_jobs(sqlite_app) == ""
    (path,) = kept.glob("*.zip")
    assert path.name in text_of(admin.get("/desk/backups"))
    page = text_of(admin.get(f"/desk/backups/{path.name}"))
    assert files.sha256_of(path) in page and "Chưa thử" in page and "--replace" in page
    job = admin.post(f"/desk/backups/{path.name}/trial").location
    assert do_jobs(sqlite_app) == ""
    assert '<a class="button secondary" href="/desk/backups">' in admin.get(job).get_data(as_text=True)
    assert "Đã phục hồi thử" in text_of(admin.get("/desk/backups"))
    taken = admin.post(f"/desk/backups/{path.name}/file", buffered=True)
    assert taken.data == path.read_bytes()
    admin.post(f"/desk/backups/{path.name}/remove")
    assert not list(kept.iterdir())
    assert acts() == ["backup.make", "backup.check", "backup.take", "backup.remove"]


@pytest.mark.long
def test_a_damaged_backup_fails_its_trial_in_a_sentence(sqlite_app, admin, kept):
    admin.post("/desk/backups")
    do_jobs(sqlite_app)
    (path,) = kept.glob("*.zip")
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    admin.post(f"/desk/backups/{path.name}/trial")
    assert "hỏng" in do_jobs(sqlite_app)
    listed = text_of(admin.get("/desk/backups"))
    assert "Phục hồi thử không được" in listed and ">Chưa<" not in listed
    told = text_of(admin.get(f"/desk/backups/{path.name}"))
    assert "hỏng" in told and "đừng dựa vào tệp này" in told
    data[100] ^= 1
    path.write_bytes(data)
    admin.post(f"/desk/backups/{path.name}/trial")
    assert do_jobs(sqlite_app) == ""
    assert "Phục hồi thử không được" not in text_of(admin.get("/desk/backups"))
    admin.post(f"/desk/backups/{path.name}/remove")
    assert not list(kept.iterdir())


def test_a_backup_of_elsewhere_fills_a_new_installation_by_the_page(new_app, kept, tmp_path):
    with new_app("postgres").app_context():
        held()
        make_account((Role.SYSTEM_ADMIN, None), username="from-there")
        db.session.commit()
        write_everything(tmp_path / "all.zip")
        db.session.remove()
        db.engine.dispose()
    app = new_app("sqlite")
    with app.app_context():
        make_account((Role.SYSTEM_ADMIN, None), username="here")
        db.session.commit()
        browser = Browser(app).sign_in("here")
        data = {"file": (BytesIO((tmp_path / "all.zip").read_bytes()), "all.zip")}
        answer = browser.post("/desk/backups/file", data, content_type="multipart/form-data")
        page = text_of(browser.get(answer.location))
        assert "Phục hồi" in page and "mã QR" not in page  # the key of cards is that of this process
        done = browser.post(f"{answer.location}/restore")
        assert done.location == "/sign-in"
        db.session.rollback()
        assert set(db.session.scalars(select(Account.username))) >= {"from-there"}
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 5
        Browser(app).sign_in("from-there")


def test_everything_is_never_put_over_what_is_there_by_the_page(admin, kept, tmp_path):
    held()
    write_everything(kept / "mang-den-1.zip")
    units = db.session.scalar(select(func.count()).select_from(Unit))
    db.session.rollback()
    answer = admin.post("/desk/backups/mang-den-1.zip/restore", follow_redirects=True)
    assert "đã có dữ liệu" in answer.get_data(as_text=True)
    assert db.session.scalar(select(func.count()).select_from(Unit)) == units


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), b"not a zip", b"PK" + bytes(100)])
def test_what_is_no_file_of_ours_is_refused_and_not_kept(admin, kept, data):
    answer = admin.post("/desk/backups/file", {"file": (BytesIO(data), "x.zip")}, content_type="multipart/form-data",
                        follow_redirects=True)  # fmt: skip
    assert "Hãy chọn" in answer.get_data(as_text=True)
    assert not list(kept.iterdir())


@pytest.mark.parametrize("name", ["..%2f..%2fquiz.db", "secret_key.txt", "nothing.zip", "sao-luu.zip.part"])
def test_only_files_of_the_folder_can_be_named(admin, kept, name):
    (kept / "sao-luu.zip.part").write_bytes(b"x")
    assert admin.get(f"/desk/backups/{name}").status_code == 404


def test_an_administrator_of_one_part_keeps_nothing(sqlite_app, kept):
    contest = held()
    make_account((Role.SYSTEM_ADMIN, contest.unit), username="part")
    db.session.commit()
    browser = Browser(sqlite_app).sign_in("part")
    assert browser.get("/desk/backups").status_code == 404
    assert browser.post("/desk/backups").status_code == 404


@pytest.mark.long
def test_an_organizer_archives_the_contest_and_an_administrator_takes_it_in_elsewhere(
    new_app, kept, tmp_path
):
    app = new_app("sqlite")
    with app.app_context():
        contest = held()
        make_account((Role.ORGANIZER, contest.unit), username="chair")
        db.session.commit()
        title, address = contest.title, f"/desk/contests/{contest.id}/archive"
        browser = Browser(app)
        with at(AFTER):
            browser.sign_in("chair")
            assert "Lập tệp lưu trữ" in text_of(browser.get(address))
            where = browser.post(address).location
            assert do_jobs(app) == ""
            file = browser.get(f"{where}/file", buffered=True).data
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "archive.make")).one()
        (tmp_path / "one.zip").write_bytes(file)
        assert event.detail["sha256"] == files.sha256_of(tmp_path / "one.zip")
        db.session.remove()
        db.engine.dispose()
    there = new_app("postgres")
    with there.app_context():
        make_account((Role.SYSTEM_ADMIN, None), username="admin")
        db.session.commit()
        browser = Browser(there).sign_in("admin")
        data = {"file": (BytesIO(file), "one.zip")}
        where = browser.post("/desk/backups/file", data, content_type="multipart/form-data").location
        page = text_of(browser.get(where))
        assert f"Cuộc thi “{title}”" in page and "Trùng từng byte" in page
        assert "phiếu đã in không dùng được ở đây" in page and "số PIN thì vẫn dùng được" not in page
        done = text_of(browser.post(f"{where}/restore", follow_redirects=True))
        assert "1 lần công bố trùng từng byte" in done
        again = browser.post(f"{where}/restore", follow_redirects=True)
        assert "không bao giờ ghi đè" in again.get_data(as_text=True)


def test_a_contest_still_running_is_not_archived(sqlite_app, admin):
    contest = held()
    with at(AFTER - 7_200_000):
        admin = Browser(sqlite_app).sign_in("admin")
        assert "chưa kết thúc" in text_of(admin.get(f"/desk/contests/{contest.id}/archive"))
        assert admin.post(f"/desk/contests/{contest.id}/archive").status_code in (302, 409)
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


@pytest.mark.long
def test_the_command_line_archives_and_restores_too(new_app, tmp_path):
    app = new_app("sqlite")
    with app.app_context():
        code = held().code
        db.session.remove()
        done = app.test_cli_runner().invoke(args=["archive", "make", code, str(tmp_path / "one.zip")])
        assert done.exit_code == 0 and "the same" in done.output, done.output
        refused = app.test_cli_runner().invoke(args=["archive", "restore", str(tmp_path / "one.zip")])
        assert refused.exit_code == 1 and "không bao giờ ghi đè" in refused.output
        db.session.remove()
        db.engine.dispose()
    there = new_app("postgres")
    with there.app_context():
        done = there.test_cli_runner().invoke(args=["archive", "restore", str(tmp_path / "one.zip")])
        assert done.exit_code == 0 and "ranks to the same bytes" in done.output, done.output
        assert db.session.scalars(select(Contest.code)).all() == [code]
