"""The table of participation: every cell once, totals added up, a merger changes no denominator."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quiz.core.errors import RuleBroken
from quiz.core.participation import Tally
from quiz.core.people import AbsenceReason, CellType
from quiz.core.rosters import Roster
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Absence
from quiz.services import entries, participation, roster, roster_writing, units
from quiz.services import figures as report
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

COMMUNES = {"Hát Lót": (4, 4, 0), "Cò Nòi": (5, 3, 1), "Chiềng Lương": (3, 1, 2)}  # cells, sending, absent


def make_district():
    """Return a stage with a round in each commune of COMMUNES, and the communes."""
    district = make_unit("Mai Sơn", type_label="huyện")
    stage = make_stage(make_contest(district))
    communes = []
    for name, (size, sending, absent) in COMMUNES.items():
        commune = make_unit(name, district)
        contest_round = make_round(stage, commune)
        cells = [make_cell(commune, f"Bản {n}") for n in range(size)]
        for cell in cells[:sending]:
            make_entry(contest_round, make_person(cell))
        for cell in cells[sending : sending + absent]:
            make_absence(contest_round, cell)
        communes.append(commune)
    return stage, communes


def make_absence(contest_round, cell, reason=AbsenceReason.ILLNESS):
    return add(Absence(round_id=contest_round.id, unit=cell, reason=reason, created_at=NOW))


def figures(stage, nodes, now=NOW):
    rows = participation.table(stage.rounds, nodes, now)
    return {
        row.unit.name: (row.tally.cells, row.tally.sending, row.tally.absent, row.tally.missing)
        for row in rows
    }


def total(stage, nodes, now=NOW):
    return participation.total(participation.table(stage.rounds, nodes, now))


def test_each_commune_has_its_figures_and_the_total_is_their_sum(app):
    stage, communes = make_district()
    assert figures(stage, communes) == {
        "Hát Lót": (4, 4, 0, 0),
        "Cò Nòi": (5, 3, 1, 1),
        "Chiềng Lương": (3, 1, 2, 0),
    }
    whole = total(stage, communes)
    assert (whole.cells, whole.sending, whole.contestants, whole.absent, whole.missing) == (12, 8, 8, 3, 1)
    assert whole.reasons == {AbsenceReason.ILLNESS: 3}


def test_the_district_by_itself_has_the_same_figures_as_its_communes_together(app):
    stage, communes = make_district()
    assert total(stage, [communes[0].parent]) == total(stage, communes)


def test_a_node_without_cells_in_the_contest_has_no_row(app):
    stage, communes = make_district()
    assert list(figures(stage, [communes[0], make_unit("Nơi khác")])) == ["Hát Lót"]


def test_two_people_of_one_cell_count_once_as_a_cell(app):
    stage, communes = make_district()
    cell = communes[0].children[0]
    make_entry(stage.rounds[0], make_person(cell, "Lò Thị Hai"))
    whole = total(stage, communes)
    assert (whole.cells, whole.sending, whole.contestants) == (12, 8, 9)


def test_who_withdrew_leaves_the_cell_missing(app):
    stage, communes = make_district()
    stage.rounds[0].entries[0].withdrawn_at = NOW
    assert figures(stage, communes)["Hát Lót"] == (4, 3, 0, 1)


def test_a_merger_during_the_contest_changes_no_denominator(app):
    stage, communes = make_district()
    tomorrow = day_of(NOW) + timedelta(days=1)
    later = NOW + 10 * 24 * 3_600_000
    missing = next(seat for seat in participation.seats(stage.rounds, NOW) if seat.is_missing)
    for cell in (communes[0].children[0], next(c for c in communes[1].children if c.id == missing.cell_id)):
        formed = make_cell(cell.parent, "Bản mới", valid_from=tomorrow)
        cell.valid_to, cell.successor = tomorrow, formed
    db.session.flush()
    assert total(stage, communes, later) == total(stage, communes, NOW)
    assert total(stage, communes, later).cells == 12


def test_a_cell_formed_after_a_round_changes_no_figure_of_it(app):
    stage, communes = make_district()
    before, later = total(stage, communes), NOW + 10 * 24 * 3_600_000
    first, second = stage.rounds[:2]
    first.opens_at, first.closes_at = NOW - 3_600_000, NOW
    second.opens_at, second.closes_at = later, later + 3_600_000
    for commune in communes[:2]:
        make_cell(commune, "Bản lập sau", valid_from=day_of(NOW) + timedelta(days=3))
    db.session.flush()
    assert figures(stage, communes, later)["Hát Lót"] == (4, 4, 0, 0)
    assert figures(stage, communes, later)["Cò Nòi"] == (6, 3, 1, 2)
    assert total(stage, communes, later).cells == before.cells + 1


def test_a_cell_that_ended_before_the_contest_counts_only_if_it_takes_part(app):
    stage, communes = make_district()
    yesterday = day_of(stage.contest.created_at) - timedelta(days=1)
    for cell in communes[1].children:
        cell.valid_to = yesterday
    db.session.flush()
    assert figures(stage, communes)["Cò Nòi"] == (4, 3, 1, 0)


def test_a_cell_moved_elsewhere_is_counted_where_it_was_entered(app):
    stage, communes = make_district()
    cell = communes[0].children[0]
    cell.path = f"{communes[1].path}{cell.id}/"
    db.session.flush()
    assert figures(stage, communes)["Hát Lót"] == (4, 4, 0, 0)


def test_a_moved_cell_is_not_asked_for_again_where_it_was_moved_to(app):
    stage, communes = make_district()
    entered, absent, silent = (communes[1].children[place] for place in (0, 3, 4))
    for cell in (entered, absent, silent):
        cell.path = f"{communes[0].path}{cell.id}/"
    db.session.flush()
    seats = {seat.cell_id: seat for seat in participation.seats(stage.rounds[:1], NOW)}
    assert entered.id not in seats and absent.id not in seats
    assert seats[silent.id].is_missing and len(seats) == 5
    assert [len(participation.seats(some, NOW)) for some in (stage.rounds[1:2], stage.rounds)] == [4, 12]
    there = [participation.heard_of_elsewhere(some, NOW) for some in (stage.rounds[:1], stage.rounds)]
    assert there == [2, 0], "who asks for them is told where they are"


def test_a_commune_merged_once_its_round_is_over_changes_no_figure_of_either(app):
    stage, communes = make_district()
    before, later = figures(stage, communes), NOW + 10 * 24 * HOUR
    gone, into = communes[1], communes[0]
    units.merge(gone, into, day_of(later), day_of(later), Actor(None), later)
    units.move(into, make_unit("Mai Sơn mới"), day_of(later), Actor(None), later + 1)
    for now in (later, later + HOUR):
        assert figures(stage, communes, now) == before
        each = [participation.table([one], communes, now) for one in stage.rounds]
        assert [(row.unit.name, row.tally.cells) for rows in each for row in rows] == [
            (name, size) for name, (size, _sending, _absent) in COMMUNES.items()
        ]
        cells = participation.cells_at(stage.rounds, gone, now)
        assert [len(row.names) for row in cells] == [1, 1, 1, 0, 0]


def test_a_cell_moved_since_may_still_say_why_it_sent_nobody_to_the_round_it_belonged_to(app):
    stage, communes = make_district()
    silent, later = communes[1].children[4], NOW + 10 * 24 * HOUR
    silent.cell_type = CellType.RESIDENTIAL
    units.move(silent, communes[0], day_of(later), Actor(None), later)
    held, other = stage.rounds[1], stage.rounds[2]
    entries.record_absence(held, silent, AbsenceReason.ILLNESS, "", Actor(None), later)
    assert figures(stage, communes, later)["Cò Nòi"] == (5, 3, 2, 0)
    assert not participation.counts_in(other, silent, later)
    with pytest.raises(RuleBroken, match="không thuộc phạm vi"):
        entries.record_absence(other, silent, AbsenceReason.ILLNESS, "", Actor(None), later)


def test_a_cell_that_said_nothing_is_asked_where_it_went_when_its_commune_merges_before_the_round_is_over(
    app,
):
    stage, communes = make_district()
    for one in stage.rounds:
        one.opens_at, one.closes_at = NOW + 10 * HOUR, NOW + 20 * HOUR
    units.merge(communes[1], communes[0], day_of(NOW), day_of(NOW), Actor(None), NOW + HOUR)
    for now in (NOW + 2 * HOUR, NOW + 30 * HOUR):
        assert total(stage, communes, now).cells == 12
        missing = {name: row[3] for name, row in figures(stage, communes, now).items()}
        assert missing == {"Hát Lót": 1, "Cò Nòi": 0, "Chiềng Lương": 0}


def test_a_commune_that_went_to_another_district_once_its_round_was_over_stays_in_the_report(app):
    stage, communes = make_district()
    district, later = stage.contest.unit, NOW + 10 * 24 * HOUR
    before = reported(stage, later)
    assert [name for name, _cells in before[0]] == ["xã Chiềng Lương", "xã Cò Nòi", "xã Hát Lót"]
    units.move(communes[1], make_unit("Yên Châu", type_label="huyện"), day_of(later), Actor(None), later)
    assert communes[1] not in district.children and reported(stage, later) == before


def reported(stage, now):
    """Return what the report of a stage says of the units and of the rounds of each level."""
    found = report.of_stage(stage, now)
    return [(one.name, one.tally.cells) for one in found.units], found.levels


def test_cells_a_workbook_moves_keep_their_former_place(app):
    stage, communes = make_district()
    before, later = figures(stage, communes), NOW + 10 * 24 * HOUR
    cell = communes[1].children[4]
    draft = replace(units.draft_of(cell), parent_code=communes[0].code)
    plan = roster.plan(Roster(units=(draft,)), [], [""], day_of(later))
    roster_writing.write(plan.diff, plan.stored, day_of(later), Actor(None), later)
    db.session.expire_all()
    assert cell.parent is communes[0] and figures(stage, communes, later) == before


def test_one_round_alone_can_be_counted(app):
    stage, communes = make_district()
    rows = participation.table(stage.rounds[1:2], communes, NOW)
    assert [(row.unit.name, row.tally.cells) for row in rows] == [("Cò Nòi", 5)]


def test_no_round_means_no_cells(app):
    assert participation.seats([], NOW) == []
    assert participation.total([]) == Tally()
