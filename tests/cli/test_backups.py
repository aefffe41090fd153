"""flask backup: a file made, checked and put back by somebody who types four words."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select

from quiz import clock
from quiz.core.archives import Content, Manifest
from quiz.extensions import db
from quiz.files import archives
from quiz.files import backups as folder
from quiz.models import Attempt, AuditEvent, Unit
from quiz.services import backups, snapshots
from tests import world
from tests.factories import make_unit
from tests.services.test_backups import digests


@pytest.fixture
def run(sqlite_app):
    """A function that runs `flask backup …` and returns its result."""

    def invoke(*words):
        db.session.remove()
        return sqlite_app.test_cli_runner().invoke(args=["backup", *map(str, words)])

    return invoke


@pytest.fixture
def made(sqlite_app, run, tmp_path):
    """A backup of a database with something of everything."""
    world.build(sqlite_app, clock.now())
    path = tmp_path / "tat-ca.zip"
    result = run("make", path)
    assert result.exit_code == 0, result.output
    return path


def test_a_backup_is_made_with_its_sha256_beside_it_and_on_record(made, run):
    noted = (made.parent / "tat-ca.zip.sha256").read_text()
    assert noted == f"{archives.sha256_of(made)}  tat-ca.zip\n"
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "backup.make")).one()
    assert event.detail["sha256"] == archives.sha256_of(made)


def test_without_a_name_it_goes_into_the_folder_which_list_reads(run, sqlite_app):
    kept = folder.folder_in(sqlite_app.config["SETTINGS"].data_dir)
    before = set(kept.glob("*.zip"))
    assert run("make").exit_code == 0
    (path,) = set(kept.glob("sao-luu-*.zip")) - before
    assert path.name in run("list").output
    assert path.stat().st_mode & 0o077 == 0
    folder.remove(kept, path.name)


@pytest.mark.long
def test_data_is_not_replaced_by_mistake_and_what_was_there_is_kept(made, run, sqlite_app):
    kept = folder.folder_in(sqlite_app.config["SETTINGS"].data_dir)
    before = digests()
    kept_before = set(kept.glob("truoc-khi-phuc-hoi-*.zip"))  # the tests of a process share the folder
    make_unit("Thêm sau")
    db.session.commit()
    refused = run("restore", made)
    assert refused.exit_code == 1 and "--replace" in refused.output
    assert db.session.scalar(select(func.count()).select_from(Unit).where(Unit.name == "Thêm sau")) == 1
    done = run("restore", made, "--replace")
    assert done.exit_code == 0, done.output
    assert db.session.scalar(select(func.count()).select_from(Unit).where(Unit.name == "Thêm sau")) == 0
    after = digests()
    assert {name: digest for name, digest in after.items() if name != "audit_event"} == {
        name: digest for name, digest in before.items() if name != "audit_event"
    }
    (safety,) = set(kept.glob("truoc-khi-phuc-hoi-*.zip")) - kept_before
    with archives.opened(safety) as archive:
        archive.check()
    folder.remove(kept, safety.name)


@pytest.mark.long
def test_a_backup_of_an_earlier_version_is_restored_and_brought_up_to_date(run, sqlite_app, tmp_path):
    directory = sqlite_app.extensions["migrate"].directory
    downgrade(directory=directory, revision="0012")
    db.session.execute(
        db.text(
            "INSERT INTO unit (code, name, type_label, path, is_cell, ranking_group, has_signal, is_difficult,"
            " search_key, sort_key) VALUES ('X', 'Xưa', 'xã', '/1/', 0, '', 1, 0, '', '')"
        )
    )
    db.session.commit()
    path = tmp_path / "cu.zip"
    write_old(path)
    upgrade(directory=directory)
    done = run("restore", path, "--replace")
    assert done.exit_code == 0, done.output
    assert db.session.scalars(select(Unit.name)).all() == ["Xưa"]
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0
    for left in folder.folder_in(sqlite_app.config["SETTINGS"].data_dir).glob("truoc-*.zip"):
        folder.remove(left.parent, left.name)


def write_old(path):
    """Back up tables as an earlier version has them: nothing of the models is asked."""
    with snapshots.moment() as connection:
        head = Manifest(Content.EVERYTHING, snapshots.schema_of(connection), "0", 1, "cũ")
        archives.write(path, head, backups.everything(connection))


@pytest.mark.long
def test_a_migration_nobody_knows_here_asks_for_newer_software(made, run, tmp_path):
    with archives.opened(made) as archive:
        head = type(archive.manifest)(archive.manifest.content, "9999", "9", 1, "mới")
        archives.write(tmp_path / "moi.zip", head, archive.tables())
    done = run("restore", tmp_path / "moi.zip", "--replace")
    assert done.exit_code == 1 and "mới hơn" in done.output


@pytest.mark.long
def test_check_restores_into_a_database_of_its_own_and_finds_what_cannot_be(made, run, tmp_path):
    good = run("check", made)
    assert good.exit_code == 0, good.output
    broken = tmp_path / "hong.zip"
    data = bytearray(made.read_bytes())
    data[len(data) // 2] ^= 1
    broken.write_bytes(data)
    bad = run("check", broken)
    assert bad.exit_code == 1 and "hỏng" in bad.output


@pytest.mark.long
def test_what_check_finds_of_a_kept_file_is_noted_as_the_page_notes_it(made, run, sqlite_app):
    directory = folder.folder_in(sqlite_app.config["SETTINGS"].data_dir)
    directory.mkdir(exist_ok=True)
    path = directory / "sao-luu-20260101-000000.zip"
    path.write_bytes(made.read_bytes())
    folder.note_sha256(path)
    assert run("check", path).exit_code == 0
    assert folder.kept_as(directory, path.name).tried_at
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "backup.check")).one()
    assert event.detail["file"] == path.name
    path.write_bytes(made.read_bytes()[:-40])
    assert run("check", path).exit_code == 1
    one = folder.kept_as(directory, path.name)
    assert one.tried_at is None and one.failure is not None
    folder.remove(directory, path.name)


def test_a_check_that_fails_is_noted_beside_a_kept_file_and_beside_no_other(run, sqlite_app, tmp_path):
    directory = folder.folder_in(sqlite_app.config["SETTINGS"].data_dir)
    directory.mkdir(exist_ok=True)
    stick = tmp_path / "usb"
    stick.mkdir()
    kept, elsewhere = (at / "sao-luu-20260102-000000.zip" for at in (directory, stick))
    for path in (kept, elsewhere):
        path.write_bytes(b"PK no backup at all")
        assert run("check", path).exit_code == 1
    assert folder.kept_as(directory, kept.name).failure is not None
    assert list(stick.iterdir()) == [elsewhere]
    folder.remove(directory, kept.name)


@pytest.mark.long
def test_the_archive_of_one_contest_is_checked_without_taking_it_for_a_backup(run, made, tmp_path):
    with archives.opened(made) as archive:
        head = Manifest(Content.CONTEST, archive.manifest.schema, "0", 1, "một cuộc thi")
        archives.write(tmp_path / "cuoc-thi.zip", head, archive.tables())
    done = run("check", tmp_path / "cuoc-thi.zip")
    assert done.exit_code == 0, done.output
