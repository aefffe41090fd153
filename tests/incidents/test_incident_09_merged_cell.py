"""Incident 9: a cell of Mường Bằng was merged with its neighbour 40 days before: still 293 cells for this contest (R1).

Played with the district of the demonstration workbook as it is: 22 communes, 293 cells, 264 contestants. The workbook
tells of one such cell; another is merged at the desk, one that had registered somebody.
"""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from quiz.core.participation import Tally
from quiz.core.rosters import Roster
from quiz.core.timing import ZONE
from quiz.extensions import db
from quiz.files.workbook import read_roster
from quiz.models import Absence, Contest, Entry, Person, Stage, Unit
from quiz.services import (
    attempts,
    contests,
    openings,
    participation,
    registrations,
    roster,
    rounds,
    standings,
    units,
)
from quiz.services.audit import SYSTEM
from quiz.settings import ROOT
from tests.factories import make_item, make_rules

DAY_T = date(2023, 2, 25)  # the district round


def day(before: int) -> date:
    """Return the day so many days before the district round."""
    return DAY_T - timedelta(days=before)


def at(before: int, hour: int = 8) -> int:
    """Return an instant of that day, ms UTC."""
    return int(datetime.combine(day(before), datetime.min.time(), ZONE).timestamp() * 1000) + hour * 3_600_000


@pytest.fixture(scope="module")
def workbook() -> Roster:
    """The rows of the demonstration workbook."""
    found, problems = read_roster((ROOT / "demo" / "mai-son.xlsx").read_bytes())
    assert not problems
    return found


@pytest.fixture
def contest(app, workbook) -> Contest:
    """The contest as it stood 41 days before: its units in, everybody registered who comes."""
    plan = roster.plan(workbook, (), [""], day(75))
    roster.take_in(workbook, (), plan.fingerprint, "mai-son.xlsx", [""], day(75), SYSTEM, at(75))
    district = db.session.scalars(select(Unit).where(Unit.code == "MS")).one()
    made = contests.create_contest(district, "BTCBG", "Hội thi Bí thư chi bộ giỏi", SYSTEM, at(75))
    stage = contests.add_stage(made, "Cấp cơ sở", SYSTEM, at(75), make_rules())
    rounds.rounds_for_each(
        stage, rounds.units_below(district, "", day(75)), at(20), at(20, 10), SYSTEM, at(60)
    )
    registrations.register_all(stage, workbook.registrations, SYSTEM, at(45))
    return made


def tally(contest: Contest, before: int) -> Tally:
    """Return the figures of the whole contest on a day."""
    rows = participation.table(contest.stages[0].rounds, [contest.unit], at(before))
    return participation.total(rows)


def neighbours() -> tuple[Unit, Unit]:
    """Return two cells of Mường Bằng that have each registered somebody."""
    commune = db.session.scalars(select(Unit).where(Unit.name == "Mường Bằng")).one()
    sending = select(Entry.unit_id).where(Entry.withdrawn_at.is_(None))
    query = (
        select(Unit).where(Unit.parent_id == commune.id, Unit.id.in_(sending)).order_by(Unit.code).limit(2)
    )
    first, second = db.session.scalars(query)
    return first, second


def test_incident_9_the_merged_cell_of_the_demonstration_has_a_successor_a_reason_and_is_still_counted(
    contest,
):
    for before in (41, 40, 20, 0):
        found = tally(contest, before)
        assert (found.cells, found.sending, found.absent) == (293, 264, 29)  # 90.1 %
    cell = db.session.scalars(select(Unit).where(Unit.successor_id.is_not(None))).one()
    assert (cell.parent.name, cell.successor.parent.name, cell.valid_to) == (
        "Mường Bằng",
        "Mường Bằng",
        day(40),
    )
    absence = db.session.scalars(select(Absence).where(Absence.unit_id == cell.id)).one()
    assert cell.successor.name in absence.note


def test_incident_9_a_cell_merged_at_the_desk_keeps_its_contestant_and_the_contest_its_293_cells(contest):
    before = tally(contest, 41)
    cell, neighbour = neighbours()

    units.merge(cell, neighbour, day(40), day(40), SYSTEM, at(40))

    assert (cell.successor, cell.valid_to, neighbour.valid_to) == (neighbour, day(40), None)
    for days in (40, 20, 0):
        assert tally(contest, days) == before  # 264 of 293, 90.1 %, whatever has been merged since
    # The secretary who was registered belongs to the neighbour now, sits for the old cell and is ranked under its name.
    entry = db.session.scalars(select(Entry).where(Entry.unit_id == cell.id)).one()
    assert (entry.person.unit, entry.unit, entry.withdrawn_at) == (neighbour, cell, None)
    _sit(entry, contest.stages[0])
    [line] = standings.standings_of(entry.round)
    assert (line.entry.unit.title, line.rank) == (cell.title, 1)


def _sit(entry: Entry, stage: Stage) -> None:
    for _ in range(5):
        make_item()
    openings.open_round(entry.round, SYSTEM, at(21))
    attempts.submit(attempts.start(entry, at(20), "seed"), at(20) + 60_000)


def test_the_contest_after_this_one_counts_the_two_merged_cells_no_more(contest):
    cell, neighbour = neighbours()
    units.merge(cell, neighbour, day(40), day(40), SYSTEM, at(40))
    district = contest.unit
    later = contests.create_contest(district, "BTCBG-2", "Hội thi lần sau", SYSTEM, at(-100))
    stage = contests.add_stage(later, "Cấp cơ sở", SYSTEM, at(-100), make_rules())
    rounds.rounds_for_each(
        stage, rounds.units_below(district, "", day(-100)), at(-150), at(-150, 10), SYSTEM, at(-100)
    )
    assert tally(later, -101).cells == 291


def test_the_page_of_the_merged_cell_leads_to_its_successor_and_back(contest):
    cell, neighbour = neighbours()
    people = db.session.scalars(select(Person).where(Person.unit_id == cell.id)).all()
    units.merge(cell, neighbour, day(40), day(40), SYSTEM, at(40))
    assert {person.unit_id for person in people} == {neighbour.id}
    assert units.tree.merged_into(neighbour) == [cell]
