"""Taking in a roster: previewed, checked again, written whole or not at all, and twice without effect."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select

from quiz.core.errors import AlreadyDone, Problem, RuleBroken
from quiz.core.people import AbsenceReason, CellType, Position, Sex
from quiz.core.rosters import (
    PEOPLE,
    REGISTRATIONS,
    UNITS,
    PersonDraft,
    RegistrationDraft,
    Roster,
    UnitDraft,
)
from quiz.extensions import db
from quiz.models import AuditEvent, Person, Unit
from quiz.services import participation, people, roster, roster_reading, tree, uploads
from quiz.services.audit import Actor
from tests.factories import HOUR, NOW, make_account, make_contest, make_round, make_stage, make_unit

TODAY = date(2023, 2, 5)
EVERYWHERE = [""]


def unit(row, code, parent_code="", name="", **values):
    return UnitDraft(row, code, name or f"Đơn vị {code}", "xã", parent_code, **values)


def cell(row, code, parent_code, name="", **values):
    kind = {"is_cell": True, "cell_type": CellType.RESIDENTIAL} | values
    return UnitDraft(row, code, name or f"Bản {code}", "chi bộ", parent_code, **kind)


def person(row, code, unit_code, **values):
    return PersonDraft(row, code, **{"full_name": f"Lò Văn {code}", "unit_code": unit_code} | values)


# Children stand before their parents on purpose: a workbook may have any order.
DISTRICT = Roster(
    units=(
        cell(2, "A1", "A", valid_from=date(2010, 1, 1), has_signal=False, is_difficult=True),
        cell(3, "A2", "A", ranking_group="Khối 1"),
        unit(4, "A", "MS", "Cò Nòi"),
        unit(5, "B", "MS", "Nà Bó"),
        cell(6, "B1", "B"),
        unit(7, "MS", "", "Mai Sơn"),
    ),
    people=(
        person(2, "P1", "A1", birth_date=date(1975, 5, 19), sex=Sex.FEMALE, ethnicity="Thái"),
        person(3, "P2", "A2", position=Position.DEPUTY_SECRETARY, is_village_head=True, phone="0912345678"),
        person(4, "P3", "B1"),
    ),
)


def take_in(what, paths=EVERYWHERE, today=TODAY, actor=None):
    """Import as a person does: preview, then confirm what was seen."""
    seen = roster.plan(what, [], paths, today)
    return roster.take_in(what, [], seen.fingerprint, "t.xlsx", paths, today, actor or Actor(), NOW)


def sentences(what, paths=EVERYWHERE):
    return [
        (problem.place, problem.row, problem.message % problem.values)
        for problem in roster.plan(what, [], paths, TODAY).problems
    ]


def by_code(code, model=Unit):
    return db.session.scalars(select(model).where(model.code == code)).one()


def number_of(model):
    return db.session.scalar(select(func.count()).select_from(model))


# --- the whole way ------------------------------------------------------------------------------------------


def test_an_import_builds_the_tree_whatever_the_order_of_rows(app):
    take_in(DISTRICT)
    district, commune, cell_made = by_code("MS"), by_code("A"), by_code("A1")
    assert (commune.parent, cell_made.parent) == (district, commune)
    assert cell_made.path == f"/{district.id}/{commune.id}/{cell_made.id}/"
    assert (cell_made.has_signal, cell_made.is_difficult, cell_made.valid_from) == (
        False,
        True,
        date(2010, 1, 1),
    )
    assert [p.full_name for p in people.search([commune.path]).items] == ["Lò Văn P1", "Lò Văn P2"]
    assert tree.search("co noi", [""]).items == [commune]
    second = by_code("P2", Person)
    assert (second.position, second.is_village_head, second.phone) == (
        Position.DEPUTY_SECRETARY,
        True,
        "0912345678",
    )


def test_importing_twice_changes_nothing(app):
    take_in(DISTRICT)
    again = roster.plan(DISTRICT, [], EVERYWHERE, TODAY)
    assert again.diff.is_empty and again.problems == []
    assert roster.counts(again.diff)["people_unchanged"] == 3
    before = number_of(AuditEvent)
    with pytest.raises(AlreadyDone, match="Không có gì để nhập"):
        take_in(DISTRICT)
    assert (number_of(Unit), number_of(Person), number_of(AuditEvent)) == (6, 3, before)


# --- cells that come after a round was held --------------------------------------------------------------------


def held_at(code, now=NOW - 48 * HOUR):
    """Hold a round that covers a unit, two days before."""
    home = by_code(code)
    stage = make_stage(make_contest(home, created_at=now))
    return make_round(stage, home, opens_at=now, opened_at=now)


def start_of(code):
    return by_code(code).valid_from


AFTERWARDS = Roster(
    units=(cell(2, "A9", "A"), cell(3, "B9", "B"), cell(4, "A8", "A", valid_from=date(2011, 2, 3)))
)


def test_a_new_cell_without_a_day_begins_today_where_a_round_was_held_and_nowhere_else(app):
    take_in(DISTRICT)
    contest_round = held_at("A")
    before = participation.seats([contest_round], NOW)
    seen = take_in(AFTERWARDS)
    assert {code: start_of(code) for code in ("A9", "B9", "A8")} == {
        "A9": TODAY, "B9": None, "A8": date(2011, 2, 3),
    }  # fmt: skip
    (told,) = seen.problems
    assert told.values == {"count": 1} and "bắt đầu từ hôm nay" in told.message
    after = participation.seats([contest_round], NOW)
    added = {seat.cell_id for seat in after} - {seat.cell_id for seat in before}
    assert added == {by_code("A8").id}


def test_what_was_given_a_day_by_an_import_keeps_it_when_the_same_file_comes_again(app):
    take_in(DISTRICT)
    held_at("A")
    take_in(AFTERWARDS)
    again = roster.plan(AFTERWARDS, [], EVERYWHERE, TODAY + timedelta(days=3))
    assert again.diff.is_empty
    (told,) = again.problems
    assert told.values == {"count": 1} and "giữ ngày đang có" in told.message
    assert roster.plan(roster_reading.export(EVERYWHERE), [], EVERYWHERE, TODAY).diff.is_empty


def test_a_new_commune_and_its_cells_below_a_held_district_begin_today_too(app):
    take_in(DISTRICT)
    held_at("MS")
    take_in(Roster(units=(cell(2, "C1", "C"), unit(3, "C", "MS", "Hát Lót"))))
    assert (start_of("C1"), start_of("C")) == (TODAY, None)


@pytest.mark.parametrize(
    "change", [{"opened_at": None}, {"closes_at": NOW + 24 * HOUR}], ids=["not opened", "not over"]
)
def test_a_round_that_was_not_held_yet_gives_new_cells_no_day(app, change):
    take_in(DISTRICT)
    contest_round = held_at("A")
    for name, value in change.items():
        setattr(contest_round, name, value)
    db.session.flush()
    assert not take_in(AFTERWARDS).problems
    assert start_of("A9") is None


def test_a_cell_that_has_ended_and_one_without_a_day_from_the_start_stay_as_the_file_says(app):
    take_in(DISTRICT)
    held_at("A")
    take_in(Roster(units=(cell(2, "A7", "A", valid_to=date(2020, 1, 1)), cell(3, "A2", "A", "Bản tên mới"))))
    assert (start_of("A7"), start_of("A2"), by_code("A2").name) == (None, None, "Bản tên mới")


def test_what_is_exported_is_what_was_imported(app):
    take_in(DISTRICT)
    exported = roster_reading.export(EVERYWHERE)
    assert set(exported.units) == set(DISTRICT.units) and set(exported.people) == set(DISTRICT.people)
    assert [draft.code for draft in exported.units] == ["MS", "A", "A1", "A2", "B", "B1"]
    assert roster.plan(exported, [], EVERYWHERE, TODAY).diff.is_empty


def test_an_export_holds_the_own_subtree_and_the_registrations_it_is_given(app):
    take_in(DISTRICT)
    sent = RegistrationDraft(0, "A1", "P1")
    exported = roster_reading.export([by_code("A").path], registrations=[sent])
    assert [draft.code for draft in exported.units] == ["A", "A1", "A2"]
    assert [draft.code for draft in exported.people] == ["P1", "P2"]
    assert exported.registrations == (sent,)
    assert [draft.code for draft in roster_reading.export(EVERYWHERE, by_code("B")).units] == ["B", "B1"]
    assert roster_reading.export([by_code("A").path], by_code("B")) == Roster()


def test_a_change_is_shown_before_and_written_after_with_its_audit_row(app):
    take_in(DISTRICT)
    changed = Roster(
        units=(unit(2, "A", "MS", "Cò Nòi Mới"),),
        people=(replace(DISTRICT.people[0], full_name="Lò Thị Xuân", unit_code="A2"),),
    )
    seen = roster.plan(changed, [], EVERYWHERE, TODAY)
    assert [change.fields for change in seen.diff.units.changed] == [("name",)]
    assert [change.fields for change in seen.diff.people.changed] == [("full_name", "unit_code")]
    take_in(changed)
    commune, moved = by_code("A"), by_code("P1", Person)
    assert commune.name == "Cò Nòi Mới" and [former.name for former in commune.former_names] == ["Cò Nòi"]
    assert (moved.full_name, moved.unit) == ("Lò Thị Xuân", by_code("A2"))
    assert people.search([""], "xuan").items == [moved]
    rows = db.session.scalars(select(AuditEvent).where(AuditEvent.action.in_(["unit.edit", "person.edit"])))
    assert {row.target: row.path for row in rows} == {
        f"unit:{commune.id}": commune.path,
        f"person:{moved.id}": by_code("A2").path,
    }


def test_a_moved_unit_takes_its_subtree_along(app):
    take_in(DISTRICT)
    take_in(Roster(units=(unit(2, "A", "B", "Cò Nòi"),)))
    assert by_code("A1").path == f"{by_code('B').path}{by_code('A').id}/{by_code('A1').id}/"
    assert [p.code for p in people.search([by_code("B").path]).items] == ["P1", "P2", "P3"]


def test_a_merged_cell_points_at_its_successor(app):
    take_in(DISTRICT)
    take_in(Roster(units=(cell(2, "A2", "A", ranking_group="Khối 1", valid_to=TODAY, successor_code="A1"),)))
    assert by_code("A2").successor is by_code("A1")
    assert tree.has_ended(by_code("A2"), TODAY)


# --- what stands against it ---------------------------------------------------------------------------------


def test_a_file_with_problems_writes_nothing(app):
    bad = replace(DISTRICT, people=(*DISTRICT.people, person(5, "P4", "Z")))
    seen = roster.plan(bad, [], EVERYWHERE, TODAY)
    assert [(problem.place, problem.row) for problem in seen.blocking] == [(PEOPLE, 5)]
    with pytest.raises(RuleBroken, match="còn 1 lỗi"):
        roster.take_in(bad, [], seen.fingerprint, "t.xlsx", EVERYWHERE, TODAY, Actor(), NOW)
    assert (number_of(Unit), number_of(Person), number_of(AuditEvent)) == (0, 0, 0)


def test_a_problem_met_while_reading_the_file_forbids_the_import_too(app):
    unreadable = Problem("Ô báo lỗi", {}, PEOPLE, 2, "Họ và tên")
    seen = roster.plan(DISTRICT, [unreadable], EVERYWHERE, TODAY)
    assert seen.blocking == [unreadable]
    with pytest.raises(RuleBroken):
        roster.take_in(DISTRICT, [unreadable], seen.fingerprint, "", EVERYWHERE, TODAY, Actor(), NOW)
    assert number_of(Unit) == 0


def test_cells_are_not_missed_where_the_sheet_of_units_could_not_be_read(app):
    unread = Problem("Thiếu cột này.", {}, UNITS, 1, "Tên đơn vị")
    too_old = person(3, "P2", "A1", birth_date=date(1850, 1, 1))

    plan = roster.plan(Roster(people=(person(2, "P1", "A1"), too_old)), [unread], EVERYWHERE, TODAY)

    assert [(problem.place, problem.row) for problem in plan.problems] == [(UNITS, 1), (PEOPLE, 3)]


def test_registrations_are_counted_and_left_to_the_page_of_their_round(app):
    sent = (RegistrationDraft(2, "A1", "nobody"), RegistrationDraft(3, "A2", reason=AbsenceReason.OTHER))
    unreadable = Problem("Ô báo lỗi", {}, REGISTRATIONS, 2, "Mã người")
    seen = roster.plan(replace(DISTRICT, registrations=sent), [unreadable], EVERYWHERE, TODAY)
    assert (seen.registrations, seen.problems) == (2, [])
    assert not seen.diff.registrations.new


def test_a_code_is_known_in_its_stored_spelling_only(app):
    take_in(DISTRICT)
    [(place, row, sentence)] = sentences(Roster(people=(person(2, "p1", "A1"),)))
    assert (place, row) == (PEOPLE, 2) and "“P1”" in sentence


def test_a_cell_with_people_cannot_stop_being_one(app):
    take_in(DISTRICT)
    plain = unit(2, "A1", "A", "Bản A1")
    assert [(row, "đang có người" in text) for _, row, text in sentences(Roster(units=(plain,)))] == [
        (2, True)
    ]
    together = Roster(units=(plain,), people=(replace(DISTRICT.people[0], unit_code="A2"),))
    assert sentences(together) == []
    take_in(together)
    assert by_code("A1").is_cell is False


def test_somebody_put_into_an_ended_cell_is_worth_a_look_and_no_more(app):
    take_in(DISTRICT)
    take_in(Roster(units=(cell(2, "A2", "A", ranking_group="Khối 1", valid_to=TODAY, successor_code="A1"),)))
    newcomer = Roster(people=(person(2, "P9", "A2"),))
    seen = roster.plan(newcomer, [], EVERYWHERE, TODAY)
    assert len(seen.problems) == 1 and seen.blocking == []
    assert "kế thừa A1" in seen.problems[0].message % seen.problems[0].values


# --- the own subtree ----------------------------------------------------------------------------------------

OUTSIDE = {
    "a unit of another commune": (Roster(units=(cell(2, "B1", "B"),)), UNITS),
    "a unit above the own": (Roster(units=(unit(2, "MS", "", "Mai Sơn"),)), UNITS),
    "a new unit in another commune": (Roster(units=(cell(2, "B2", "B"),)), UNITS),
    "a new root": (Roster(units=(unit(2, "C"),)), UNITS),
    "the own commune made a root": (Roster(units=(unit(2, "A", "", "Cò Nòi"),)), UNITS),
    "the own commune put elsewhere": (Roster(units=(unit(2, "A", "B", "Cò Nòi"),)), UNITS),
    "a cell given away": (Roster(units=(cell(2, "A1", "B"),)), UNITS),
    "a successor elsewhere": (
        Roster(units=(cell(2, "A2", "A", valid_to=TODAY, successor_code="B1"),)),
        UNITS,
    ),
    "somebody of another commune": (Roster(people=(person(2, "P3", "B1"),)), PEOPLE),
    "somebody of another commune fetched over": (Roster(people=(person(2, "P3", "A1"),)), PEOPLE),
    "somebody sent away": (Roster(people=(person(2, "P1", "B1"),)), PEOPLE),
    "somebody new elsewhere": (Roster(people=(person(2, "P9", "B1"),)), PEOPLE),
}


@pytest.mark.parametrize(("rows", "sheet"), OUTSIDE.values(), ids=OUTSIDE.keys())
def test_an_organizer_of_a_commune_cannot_import(app, rows, sheet):
    take_in(DISTRICT)
    own = [by_code("A").path]
    assert [(place, row) for place, row, text in sentences(rows, own)] == [(sheet, 2)]
    assert "Ngoài phạm vi" in sentences(rows, own)[0][2]
    with pytest.raises(RuleBroken):
        take_in(rows, own)


def test_an_organizer_of_a_commune_imports_the_own_export_changed_and_grown(app):
    take_in(DISTRICT)
    own = [by_code("A").path]
    exported = roster_reading.export(own)
    grown = Roster(
        (*exported.units, cell(9, "A3", "A4"), unit(10, "A4", "A")),
        (*exported.people, person(9, "P9", "A3")),
    )
    assert sentences(grown, own) == []
    take_in(grown, own)
    assert by_code("A3").path.startswith(by_code("A4").path) and by_code("P9", Person).unit is by_code("A3")
    latest = roster.recent(own)[0]
    assert latest.detail["units_new"] == 2 and latest.path == own[0]
    assert [event.detail["units_new"] for event in roster.recent(EVERYWHERE)] == [2, 6]


def test_who_may_import_nowhere_imports_nothing(app):
    assert [(place, row) for place, row, _ in sentences(DISTRICT, [])] == [
        (UNITS, 7)
    ]  # the root of all the rest
    with pytest.raises(RuleBroken):
        take_in(DISTRICT, [])


# --- confirming ---------------------------------------------------------------------------------------------


def test_what_changed_since_the_preview_is_looked_at_again(app):
    seen = roster.plan(DISTRICT, [], EVERYWHERE, TODAY)
    make_unit("Mai Sơn", code="MS")
    with pytest.raises(RuleBroken, match="thay đổi từ lúc xem trước"):
        roster.take_in(DISTRICT, [], seen.fingerprint, "t.xlsx", EVERYWHERE, TODAY, Actor(), NOW)
    assert number_of(Unit) == 1


def test_a_file_confirmed_twice_is_taken_in_once(app):
    account = make_account()
    upload = uploads.keep(account.id, "roster", "t.xlsx", b"...", NOW)
    upload_id, seen = upload.id, roster.plan(DISTRICT, [], EVERYWHERE, TODAY).fingerprint
    assert roster.claim(upload_id, account.id, seen) is upload
    take_in(DISTRICT, actor=Actor(account.id))
    uploads.finish(upload)
    db.session.flush()
    with pytest.raises(AlreadyDone, match="đã được nhập"):
        roster.claim(upload_id, account.id, seen)


@pytest.mark.parametrize("whose", ["somebody else's", "of another page", "forgotten"])
def test_a_file_that_is_not_the_own_roster_cannot_be_confirmed(app, whose):
    account, other = make_account(), make_account()
    purpose = "bank" if whose == "of another page" else "roster"
    upload = uploads.keep(other.id if whose == "somebody else's" else account.id, purpose, "t", b"", NOW)
    upload_id = upload.id + (whose == "forgotten")
    with pytest.raises(RuleBroken, match="tải tệp lên lại") as refusal:
        roster.claim(upload_id, account.id, "0" * 32)
    assert not isinstance(refusal.value, AlreadyDone)


# --- size ---------------------------------------------------------------------------------------------------


def statements_of(act):
    """Return how many times the database was asked while `act` ran; a bulk statement counts once."""
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


def many(size):
    cells = tuple(cell(n, f"C{n}", "R") for n in range(size))
    crowd = tuple(person(n, f"P{n}", f"C{n}", full_name=f"Lò Văn {n}") for n in range(size))
    return Roster((unit(0, "R"), *cells), crowd)


def test_the_number_of_statements_does_not_grow_with_the_rows(app):
    small = statements_of(lambda: take_in(many(20)))
    large = statements_of(lambda: take_in(many(600)))
    assert large <= small + 12  # a few more batches, never one statement a row
    assert number_of(Person) == 600
    renamed = replace(many(600), people=tuple(replace(p, ethnicity="Thái") for p in many(600).people))
    assert statements_of(lambda: take_in(renamed)) <= large + 12
