"""A contest in one file: elsewhere it ranks to the same bytes, and it never goes over anything."""

import hashlib
import zipfile

import pytest
from sqlalchemy import delete, func, select

from quiz import clock
from quiz.core.archives import Content, Manifest, TableRows
from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.extensions import db
from quiz.files import archives as files
from quiz.models import (
    AccessCard,
    Account,
    Amendment,
    Attempt,
    AuditEvent,
    AuthSession,
    Contest,
    Decline,
    Entry,
    FormerPlace,
    Grant,
    Item,
    ItemVersion,
    ItemWord,
    Package,
    Person,
    Response,
    Result,
    Round,
    Stage,
    Unit,
)
from quiz.services import (
    archive_loading,
    archives,
    attempts,
    audit,
    delegations,
    papers,
    participation,
    results,
    snapshots,
)
from quiz.services.audit import Actor
from quiz.services.standings import standings_of
from tests import world
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
    publish_final,
)
from tests.services.test_backups import OTHER, close
from tests.services.test_item_analysis import make_sat_round, sit
from tests.services.test_places import LATER, OF_THEN, District

pytestmark = pytest.mark.long  # a whole contest carried from one database to the other, twice a test
AFTER = NOW + 3 * HOUR


def held(unit=None):
    """A contest whose round was sat by five people of a commune, with a provisional edition published."""
    unit = unit or make_unit("Cò Nòi", make_unit("Mai Sơn", type_label="huyện"))
    contest_round, _ = make_sat_round(unit)
    for right in (1, 3, 3, 5, 6):
        sit(contest_round, right, 1, unit)
    board = Actor(make_account(username=f"board{unit.id}{contest_round.id}").id)
    results.publish(contest_round, results.PROVISIONAL, "", board, AFTER)
    audit.record(board, "round.close", contest_round, AFTER, unit.path)
    db.session.commit()
    return contest_round.stage.contest


def write(contest, path):
    """Archive a contest."""
    contest_id, checks = contest.id, archives.editions_of(contest)
    with snapshots.moment() as connection:
        contest = db.session.get(Contest, contest_id)
        head = archives.head(connection, contest, "0", NOW)
        extent = archives.Extent(connection, contest_id)
        made = files.write(path, head, extent.tables(), archives.pages_of(contest), checks)
    db.session.rollback()
    return made


def taken_in(path, actor=audit.SYSTEM):
    """Take an archive in and return what its rankings came to."""
    with files.opened(path) as archive:
        archive.check()
        found = archive_loading.load(archive.manifest, archive.table, actor, path.name, NOW)
    db.session.commit()
    return found


def rankings():
    """Return the ranking of each round, computed anew from the answers."""
    found = {one.id: archives.recomputed(one) for one in db.session.scalars(select(Round))}
    db.session.rollback()
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_contest_ranks_to_the_same_bytes_in_the_other_database_and_back(new_app, tmp_path, kind):
    with new_app(kind).app_context():
        contest = held()
        before, count = rankings(), db.session.scalar(select(func.count()).select_from(Response))
        there = write(contest, tmp_path / "there.zip")
        published = db.session.scalars(select(Result.explanation).order_by(Result.id)).all()
        assert [one.computed == one.sha256 for one in there.editions] == [True]
        close()
    with new_app(OTHER[kind]).app_context():
        (recount,) = taken_in(tmp_path / "there.zip")
        assert recount.agrees
        assert rankings() == before
        assert db.session.scalar(select(func.count()).select_from(Response)) == count
        assert db.session.scalars(select(Result.explanation).order_by(Result.id)).all() == published
        back = write(db.session.scalars(select(Contest)).one(), tmp_path / "back.zip")
        close()
    with new_app(kind).app_context():
        assert [one.agrees for one in taken_in(tmp_path / "back.zip")] == [True]
        assert rankings() == before
    for name in (
        "unit",
        "person",
        "item_version",
        "stage",
        "round",
        "entry",
        "attempt",
        "response",
        "result",
    ):
        assert [part for part in back.parts if part.name == name] == [
            part for part in there.parts if part.name == name
        ]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_contest_ranks_to_the_same_bytes_elsewhere_after_its_communes_merged(new_app, tmp_path, kind):
    with new_app(kind).app_context():
        before, there = merged(), write(db.session.scalars(select(Contest)).one(), tmp_path / "there.zip")
        close()
    with new_app(OTHER[kind]).app_context():
        (recount,) = taken_in(tmp_path / "there.zip")
        assert recount.agrees and rankings() == before
        final = publish_final(recount.edition.round, Actor(make_account().id), LATER)
        assert {line.name.split()[-1]: line.unit_name for line in results.all_of(final)} == OF_THEN
        db.session.rollback()
        back = write(db.session.scalars(select(Contest)).one(), tmp_path / "back.zip")
    assert [p for p in back.parts if p.name == "unit"] == [p for p in there.parts if p.name == "unit"]
    assert told(tmp_path / "back.zip") == told(tmp_path / "there.zip") != []


def told(path):
    """Return what a file tells of where cells stood; its numbers are given anew."""
    with files.opened(path) as archive:
        return [tuple(row[1:]) for row in archive.table("former_place").rows]


def merged():
    """Hold a round of a district whose communes merge once it is published; return the rankings."""
    held = District()
    held.publish(final=False)
    held.merge()
    make_cell(make_unit("Chiềng Ban", held.district))  # in no contest: stays behind
    db.session.commit()
    return rankings()


def test_where_a_cell_stood_is_taken_in_once_though_two_contests_tell_it(new_app, tmp_path):
    with new_app("sqlite").app_context():
        merged()
        first = db.session.scalars(select(Contest)).one()
        stage = make_stage(make_contest(first.unit))
        make_entry(make_round(stage, first.unit), db.session.scalars(select(Person)).first())
        db.session.commit()
        for number, contest in enumerate(db.session.scalars(select(Contest).order_by(Contest.id)).all()):
            write(contest, tmp_path / f"{number}.zip")
        close()
    with new_app("postgres").app_context():
        add(FormerPlace(unit_id=make_unit("Nơi khác", id=10_000).id, path="/10000/", until=1))
        db.session.commit()
        for number in (0, 1):
            taken_in(tmp_path / f"{number}.zip")
        assert db.session.scalar(select(func.count()).select_from(FormerPlace)) == 1 + 3


def test_an_archive_of_the_first_version_of_the_format_is_read_and_ranks_as_it_did(
    new_app, tmp_path, monkeypatch
):
    """It told nothing of where cells stood: communes are named as the tree it holds has them."""
    with new_app("sqlite").app_context():
        merged()
        db.session.execute(delete(FormerPlace))
        db.session.commit()
        write(db.session.scalars(select(Contest)).one(), tmp_path / "one.zip")
        close()
    with files.opened(tmp_path / "one.zip") as archive:
        monkeypatch.setattr("quiz.core.archives.VERSION", 1)
        parts = (part for part in archive.tables() if part.name != "former_place")
        files.write(tmp_path / "two.zip", archive.manifest, parts, editions=archive.manifest.editions)
    monkeypatch.undo()
    with new_app("postgres").app_context():
        (recount,) = taken_in(tmp_path / "two.zip")
        assert recount.agrees is False


@pytest.mark.parametrize("table", ["unit", "former_place"])
@pytest.mark.parametrize("path", ["/x/", "/99/"])
def test_a_place_that_is_none_is_refused_in_a_sentence(new_app, tmp_path, table, path):
    with new_app("sqlite").app_context():
        merged()
        write(db.session.scalars(select(Contest)).one(), tmp_path / "one.zip")
        close()
        rewrite(tmp_path / "one.zip", tmp_path / "two.zip", table, "path", path)
    with new_app("postgres").app_context():
        with pytest.raises(RuleBroken, match="bị hỏng"):
            taken_in(tmp_path / "two.zip")
        db.session.rollback()


def test_units_that_the_rules_name_or_named_go_along_though_no_round_covers_them(new_app, tmp_path):
    with new_app("sqlite").app_context():
        contest = held()
        stage, district = contest.stages[0], contest.unit.parent
        named, struck_out = (make_unit(name, district, code=name) for name in ("CM", "CS"))
        stage.rules = stage.rules | {"delegations": [{"unit_code": named.code, "most": 20}]}
        before = stage.rules | {"delegations": [{"unit_code": struck_out.code, "most": 9}]}
        values = {"before": before, "after": stage.rules, "reason": "sáp nhập", "made_at": NOW}
        db.session.add(Amendment(stage=stage, number=1, **values))
        db.session.commit()
        write(contest, tmp_path / "there.zip")
        close()
    with new_app("sqlite").app_context():
        taken_in(tmp_path / "there.zip")
        stage = db.session.scalars(select(Stage)).one()
        assert delegations.titles_in(stage) == {"CM": "xã CM", "CS": "xã CS"}


def test_cells_that_sent_nobody_and_said_nothing_are_counted_elsewhere_too(new_app, tmp_path):
    def counted():
        rounds = db.session.scalars(select(Round)).all()
        return sorted(
            (seat.cell_id, seat.path, seat.contestants) for seat in participation.seats(rounds, AFTER)
        )

    with new_app("sqlite").app_context():
        commune = make_unit("Cò Nòi", make_unit("Mai Sơn", type_label="huyện"))
        contest = held(commune)
        elsewhere = make_unit("Hát Lót", commune.parent)
        other, moved = make_cell(elsewhere).id, make_cell(elsewhere)
        add(FormerPlace(unit_id=moved.id, path=f"{commune.path}{moved.id}/", until=AFTER + HOUR))
        silent = [make_cell(commune).id, make_cell(commune).id, moved.id]
        db.session.commit()
        before = counted()
        assert {cell for cell, _path, sent in before if not sent} == set(silent)
        write(contest, tmp_path / "there.zip")
        close()
    with new_app("postgres").app_context():
        taken_in(tmp_path / "there.zip")
        assert counted() == before
        assert db.session.get(Unit, other) is None


def test_what_a_reserve_said_before_a_call_goes_along_with_its_reason_and_its_taking_back(new_app, tmp_path):
    def said():
        rows = db.session.scalars(select(Decline).order_by(Decline.id)).all()
        return [
            (one.entry.person.code, one.reason, one.declined_at, one.taken_back_at, one.taken_back_reason)
            for one in rows
        ]

    with new_app("sqlite").app_context():
        contest = held()
        entry = db.session.scalars(select(Entry)).first()
        add(Decline(entry=entry, reason="Nhầm", declined_at=1, taken_back_at=2, taken_back_reason="Ghi nhầm"))
        add(Decline(entry=entry, reason="Đi học", declined_at=3))
        db.session.commit()
        before = said()
        write(contest, tmp_path / "there.zip")
        close()
    with new_app("postgres").app_context():
        taken_in(tmp_path / "there.zip")
        assert said() == before and len(before) == 2
        write(db.session.scalars(select(Contest)).one(), tmp_path / "back.zip")
        close()
    with new_app("sqlite").app_context():
        taken_in(tmp_path / "back.zip")
        assert said() == before


def test_papers_can_be_drawn_again_from_their_seeds(new_app, tmp_path):
    with new_app("sqlite").app_context():
        write(held(), tmp_path / "one.zip")
        close()
    with new_app("postgres").app_context():
        taken_in(tmp_path / "one.zip")
        for attempt in db.session.scalars(select(Attempt)):
            assert papers.draw(papers.pool_of(attempt.entry.round), attempt.seed) == attempt.paper


def test_only_the_contest_goes_along_and_nothing_that_lets_anybody_in(new_app, tmp_path):
    app = new_app("sqlite")
    world.build(app, clock.now())
    with app.app_context():
        contest = db.session.scalars(select(Contest).order_by(Contest.id)).first()
        code, other = contest.code, db.session.scalar(select(func.count()).select_from(Person))
        db.session.execute(db.update(Person).values(phone="0912 345 678"))
        db.session.execute(db.update(Round).values(opened_at=NOW - HOUR))
        db.session.commit()
        write(contest, tmp_path / "one.zip")
        close()
    text = b"".join(_texts(tmp_path / "one.zip"))
    assert b"0912 345 678" not in text and b"argon2" not in text and b"hash own" not in text
    with new_app("postgres").app_context():
        taken_in(tmp_path / "one.zip")
        assert [one.code for one in db.session.scalars(select(Contest))] == [code]
        assert 0 < db.session.scalar(select(func.count()).select_from(Person)) < other
        for model in (AccessCard, AuthSession, Grant):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0
        assert {one.disabled_at is None for one in db.session.scalars(select(Account))} == {False}
        assert {one.secret + one.phrase for one in db.session.scalars(select(Package))} == {""}
        assert db.session.scalars(select(Unit.path).order_by(Unit.id)).first() == "/1/"


def _texts(path):
    with files.opened(path) as archive:
        for part in archive.manifest.parts:
            yield from archive._lines(part.name)


def test_what_was_done_goes_along_with_who_did_it_numbered_after_what_is_here(new_app, tmp_path):
    with new_app("sqlite").app_context():
        write(held(), tmp_path / "one.zip")
        close()
    with new_app("postgres").app_context():
        here = Actor(make_account(username="board21").id)  # its display name is the same: the same person
        audit.record(here, "session.open", "account:1", NOW)
        db.session.commit()
        taken_in(tmp_path / "one.zip", here)
        acts = {
            event.action: event for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        }
        assert acts["edition.publish"].account_id == here.account_id
        assert acts["session.open"].id < acts["round.close"].id < acts["archive.restore"].id


def test_a_contest_already_here_is_refused_in_a_sentence(app, tmp_path):
    contest = held()
    write(contest, tmp_path / "one.zip")
    with pytest.raises(AlreadyDone, match="không bao giờ ghi đè"):
        taken_in(tmp_path / "one.zip")


def test_where_the_tables_are_of_another_version_it_is_told_what_to_run(app):
    with pytest.raises(RuleBroken, match="flask --app app db upgrade"):
        archive_loading.check(Manifest(Content.CONTEST, "0001", "0", 1, "một cuộc thi"))


def test_a_second_contest_of_the_same_place_joins_the_first(new_app, tmp_path):
    with new_app("sqlite").app_context():
        first = held()
        second = held(first.unit)
        write(first, tmp_path / "first.zip")
        write(second, tmp_path / "second.zip")
        close()
    with new_app("postgres").app_context():
        taken_in(tmp_path / "first.zip")
        taken_in(tmp_path / "second.zip")
        assert db.session.scalar(select(func.count()).select_from(Contest)) == 2
        assert db.session.scalars(select(Unit.name).order_by(Unit.id)).all()[:2] == ["Mai Sơn", "Cò Nòi"]


def test_where_another_unit_has_the_number_nothing_is_taken_in(new_app, tmp_path):
    with new_app("sqlite").app_context():
        write(held(), tmp_path / "one.zip")
        close()
    with new_app("postgres").app_context():
        make_unit("Nơi khác", id=1)
        db.session.commit()
        with pytest.raises(RuleBroken, match="trùng số hiệu"):
            taken_in(tmp_path / "one.zip")
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(Contest)) == 0


@pytest.mark.parametrize("table, column, value", [("response", "choice", ""), ("result", "points", 1)])
def test_an_archive_changed_by_a_careful_hand_is_found_by_computing_anew(
    new_app, tmp_path, table, column, value
):
    """The hashes in the file were brought in line with the change."""
    with new_app("sqlite").app_context():
        write(held(), tmp_path / "one.zip")
        close()
    rewrite(tmp_path / "one.zip", tmp_path / "two.zip", table, column, value)
    with new_app("postgres").app_context():
        with pytest.raises(RuleBroken, match="tính lại không giống"):
            taken_in(tmp_path / "two.zip")
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def rewrite(source, target, table, column, value):
    """Write a file again with another value in a column of each row of a table, hashes in line."""

    def changed(part):
        place = part.columns.index(column)
        rows = [[value if at == place else one for at, one in enumerate(row)] for row in part.rows]
        return TableRows(part.name, part.columns, rows)

    with files.opened(source) as archive:
        parts = (changed(part) if part.name == table else part for part in archive.tables())
        files.write(target, archive.manifest, parts, editions=archive.manifest.editions)


def test_a_contest_is_archived_when_it_is_over(app):
    unit = make_unit()
    contest_round, _ = make_sat_round(unit)
    contest = contest_round.stage.contest
    with pytest.raises(RuleBroken, match="chưa kết thúc"):
        archives.check_is_over(contest, NOW + HOUR)
    archives.check_is_over(contest, AFTER)
    attempts.start(make_entry(contest_round, make_person(make_cell(unit))), NOW, "seed")
    with pytest.raises(RuleBroken, match="chưa kết thúc"):
        archives.check_is_over(contest, AFTER)


def test_the_text_beside_the_tables_has_the_sha_that_was_published(app, tmp_path):
    contest = held()
    made = write(contest, tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as file:
        (name,) = [one for one in file.namelist() if one.startswith("editions/")]
        assert hashlib.sha256(file.read(name)).hexdigest() == made.editions[0].sha256


def test_questions_brought_along_have_their_current_version(new_app, tmp_path):
    with new_app("sqlite").app_context():
        write(held(), tmp_path / "one.zip")
        close()
    with new_app("postgres").app_context():
        taken_in(tmp_path / "one.zip")
        assert db.session.scalars(select(Item).where(Item.current_id.is_(None))).all() == []
        assert db.session.scalar(select(func.count()).select_from(ItemVersion)) == 6
        assert db.session.scalar(select(func.count(ItemWord.version_id.distinct()))) == 6
        (contest_round,) = db.session.scalars(select(Round))
        assert len(standings_of(contest_round)) == 5
