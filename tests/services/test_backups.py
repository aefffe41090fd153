"""Everything in one file and back: between both databases, while others write, and refused where it must be."""

import threading

import pytest
from sqlalchemy import func, select

from quiz import clock
from quiz.core.archives import digest_of
from quiz.core.errors import RuleBroken
from quiz.extensions import db
from quiz.files import archives
from quiz.models import Account, Attempt, AuditEvent, Item, ItemVersion, Response, Round, Unit
from quiz.services import backups, results, snapshots
from quiz.services.standings import standings_of
from tests import world
from tests.factories import NOW, make_unit

pytestmark = pytest.mark.long  # the whole world of the tests written and restored, on two databases

OTHER = {"sqlite": "postgres", "postgres": "sqlite"}


def write(path):
    """Back up the database of the application at hand."""
    with snapshots.moment() as connection:
        head = backups.head(connection, "thử", "0", NOW)
        return archives.write(path, head, backups.everything(connection))


def restored(path):
    """Restore a file into the database at hand."""
    with archives.opened(path) as archive:
        archive.check()
        backups.restore(archive.manifest, archive.table)
    db.session.commit()


def digests():
    """Return the SHA-256 of each table."""
    with snapshots.moment() as connection:
        return {table.name: digest_of(table) for table in backups.everything(connection)}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_everything_comes_to_the_other_database_and_back_the_same(new_app, tmp_path, kind):
    app = new_app(kind)
    world.build(app, clock.now())
    with app.app_context():
        before = digests()
        ranking = {one.id: results.sha256_of(standings_of(one)) for one in db.session.scalars(select(Round))}
        there = write(tmp_path / "there.zip")
        close()
    other = new_app(OTHER[kind])
    with other.app_context():
        restored(tmp_path / "there.zip")
        assert digests() == before
        assert {
            one.id: results.sha256_of(standings_of(one)) for one in db.session.scalars(select(Round))
        } == ranking
        make_unit("Đơn vị mới")  # numbered after those that came
        db.session.rollback()
        back = write(tmp_path / "back.zip")
    assert back.parts == there.parts
    assert there.count("attempt") == there.facts["attempt"] > 0
    home = new_app(kind)
    with home.app_context():
        restored(tmp_path / "back.zip")
        assert digests() == before


def close():
    """Let go of a database before the next takes its place."""
    db.session.remove()
    db.engine.dispose()


def test_files_on_their_way_in_and_work_being_done_stay_behind(app, tmp_path):
    world.build(app, clock.now())
    names = {part.name for part in write(tmp_path / "all.zip").parts}
    assert not names & {"upload", "job", "alembic_version"}
    assert {"attempt", "response", "audit_event", "item_version", "edition", "result"} <= names


def test_what_referred_to_itself_or_in_a_circle_still_does(app, tmp_path):
    world.build(app, clock.now())
    item = db.session.scalars(select(Item).limit(1)).one()
    current, child = (
        item.current_id,
        db.session.scalars(select(Unit).where(Unit.parent_id.is_not(None))).first(),
    )
    parent = child.parent_id
    write(tmp_path / "all.zip")
    restored(tmp_path / "all.zip")
    assert db.session.get(Item, item.id).current_id == current is not None
    assert db.session.get(Unit, child.id).parent_id == parent


def test_a_backup_holds_every_save_acknowledged_before_it_and_fits_together(app, tmp_path):
    """Somebody goes on saving while the file is written: it shows one moment, with all that came before."""
    made = world.build(app, clock.now())
    attempt_id = made.own["attempt_id"]
    saved, stop = [], threading.Event()

    def save() -> None:
        with app.app_context():
            for number in range(10_000):
                if stop.is_set():
                    return
                db.session.add(
                    Response(attempt_id=attempt_id, position=number, choice="0", stamp=number, saved_at=NOW)
                )
                db.session.commit()
                saved.append(number)

    thread = threading.Thread(target=save)
    thread.start()
    while len(saved) < 20 and thread.is_alive():
        thread.join(0.005)  # not spinning: a process has one interpreter, and the other thread needs it
    before = len(saved)
    assert before >= 20
    try:
        manifest = write(tmp_path / "busy.zip")
    finally:
        stop.set()
        thread.join()
    assert before <= manifest.count("response") <= len(saved)
    db.session.rollback()
    restored(tmp_path / "busy.zip")
    kept = set(db.session.scalars(select(Response.position).where(Response.attempt_id == attempt_id)))
    assert set(range(before)) <= kept and kept == set(range(len(kept)))


def test_nobody_waits_for_a_backup_being_written(app, tmp_path):
    world.build(app, clock.now())
    with snapshots.moment() as connection:
        metadata = snapshots.tables_of(connection)
        rows = snapshots.rows_of(connection, metadata.tables["account"])
        first = next(rows)
        db.session.add(Account(username="moi", display_name="Mới", password_hash="", created_at=NOW))
        db.session.commit()
        names = {row[-1] for row in (first, *rows)}
    assert (
        "moi" not in names and db.session.scalar(select(func.count()).select_from(Account)) == len(names) + 1
    )


def test_a_part_that_changed_after_the_check_restores_nothing(app, tmp_path):
    world.build(app, clock.now())
    write(tmp_path / "all.zip")
    with archives.opened(tmp_path / "all.zip") as archive:

        def changed(name):
            part = archive.table(name)
            rows = list(part.rows)
            return type(part)(
                name, part.columns, rows[:-1] if name == "login_failure" or name == "response" else rows
            )

        db.session.execute(db.text("DELETE FROM response"))
        db.session.add(Response(attempt_id=db.session.scalar(select(Attempt.id).limit(1)), position=0, choice="0",
                                stamp=1, saved_at=NOW))  # fmt: skip
        db.session.commit()
        write(tmp_path / "one.zip")
    with archives.opened(tmp_path / "one.zip") as archive:
        with pytest.raises(RuleBroken, match="response"):
            backups.restore(archive.manifest, changed)
        db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Response)) == 1


def test_rows_that_refer_to_nothing_restore_nothing(app, tmp_path):
    world.build(app, clock.now())
    write(tmp_path / "all.zip")
    with archives.opened(tmp_path / "all.zip") as archive:

        def without_people(name):
            part = archive.table(name)
            return type(part)(name, part.columns, []) if name == "person" else part

        with pytest.raises(RuleBroken, match="không khớp"):
            backups.restore(archive.manifest, without_people)
        db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Attempt)) > 0


def test_another_version_of_the_tables_is_left_to_the_command_line(app, tmp_path):
    world.build(app, clock.now())
    write(tmp_path / "all.zip")
    db.session.execute(db.text("UPDATE alembic_version SET version_num = '0001'"))
    with archives.opened(tmp_path / "all.zip") as archive, pytest.raises(RuleBroken, match="dòng lệnh"):
        backups.restore(archive.manifest, archive.table)


def test_the_page_restores_only_where_nothing_has_been_kept(app, tmp_path):
    assert backups.is_untouched()
    db.session.rollback()
    world.build(app, clock.now())
    write(tmp_path / "all.zip")
    with archives.opened(tmp_path / "all.zip") as archive:
        with pytest.raises(RuleBroken, match="đã có dữ liệu"):
            backups.restore_untouched(archive.manifest, archive.table, backups.audit.SYSTEM, "all.zip", NOW)
        snapshots.empty(db.session.connection(), snapshots.tables_of(db.session.connection()))
        assert backups.is_untouched()
        backups.restore_untouched(archive.manifest, archive.table, backups.audit.SYSTEM, "all.zip", NOW)
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.action == "backup.restore")).one()
    assert db.session.scalar(select(func.count()).select_from(ItemVersion)) == 6
