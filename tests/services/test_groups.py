"""Groups ranked apart, from the cells to who goes on: each group has its own first, and its own place."""

from dataclasses import replace
from datetime import date

import pytest

from quiz.core.errors import RuleBroken
from quiz.core.people import CellType
from quiz.core.promotion import Method, Quota, Scope
from quiz.core.rosters import Roster
from quiz.extensions import db
from quiz.services import entries, groups, promotion, results, roster, standings, units
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_attempt,
    make_cell,
    make_contest,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    publish_final,
)


@pytest.fixture
def its(app):
    """A round whose groups are ranked apart, each sending its first; a stage follows."""
    commune = make_unit()
    contest = make_contest(commune)
    rules = make_rules(rank_within=Scope.GROUP, quota=Quota(Method.TOP, Scope.GROUP, 1))
    contest_round = make_round(make_stage(contest, rules), commune)
    make_round(
        make_stage(contest, make_rules(), ordinal=2), commune, name="Chung kết", opens_at=NOW + 99 * HOUR
    )
    return contest_round


def actor():
    return Actor(make_account().id)


def send(its, kind, points):
    cell = make_cell(its.unit, cell_type=kind)
    entry = entries.register(its, make_person(cell), actor(), NOW - HOUR)
    return entry, points


def assign(its, **names):
    return groups.assign(its.stage.contest, {CellType(k): v for k, v in names.items()}, actor(), NOW - HOUR)


def test_kinds_of_cells_are_counted_with_their_groups(its):
    for kind in (CellType.RESIDENTIAL, CellType.RESIDENTIAL, CellType.SCHOOL):
        make_cell(its.unit, cell_type=kind)
    assign(its, residential="Khu dân cư")
    found = groups.by_kind(its.stage.contest, NOW)
    assert [(one.kind, one.cells, one.ungrouped, one.groups) for one in found] == [
        (CellType.RESIDENTIAL, 2, 0, ("Khu dân cư",)),
        (CellType.SCHOOL, 1, 1, ()),
    ]


def test_a_cell_that_has_ended_moves_too_and_is_counted_no_more_than_on_the_page(its):
    cells = [make_cell(its.unit, cell_type=CellType.RESIDENTIAL) for _ in range(2)]
    cells[1].valid_to = date(2020, 1, 1)
    assert [line.cells for line in groups.by_kind(its.stage.contest, NOW)] == [1]
    assert assign(its, residential="Khu dân cư") == 1
    db.session.expire_all()
    assert [cell.ranking_group for cell in cells] == ["Khu dân cư"] * 2


def test_each_group_has_its_own_ranking_and_its_own_first_goes_on(its):
    sent = [
        send(its, CellType.RESIDENTIAL, 500),
        send(its, CellType.RESIDENTIAL, 400),
        send(its, CellType.SCHOOL, 300),
        send(its, CellType.AGENCY, 200),
    ]
    assert assign(its, residential="Khu dân cư", school="Cơ quan", agency="Cơ quan") == 4
    for entry, points in sent:
        make_attempt(entry, points)
    its.opened_at = its.stage.frozen_at = NOW - HOUR
    lines = standings.standings_of(its)
    assert [(line.scope, line.rank, line.points) for line in lines] == [
        ("Cơ quan", 1, 300),
        ("Cơ quan", 2, 200),
        ("Khu dân cư", 1, 500),
        ("Khu dân cư", 2, 400),
    ]
    edition = results.publish(its, results.PROVISIONAL, "", actor(), NOW + 3 * HOUR)
    going = promotion.promotion_of(edition).chosen
    assert set(going) == {sent[0][0].id, sent[2][0].id}


def test_contestants_of_an_opened_round_stay_in_the_group_they_were_entered_in(its):
    entry, _ = send(its, CellType.RESIDENTIAL, 500)
    assign(its, residential="Khu dân cư")
    assert entry.ranking_group == "Khu dân cư"
    its.opened_at = NOW
    assign(its, residential="Khối khác")
    assert entry.ranking_group == "Khu dân cư"
    assert entry.unit.ranking_group == "Khối khác"


def test_a_name_too_long_is_refused(its):
    make_cell(its.unit, cell_type=CellType.SCHOOL)
    with pytest.raises(RuleBroken):
        assign(its, school="k" * 61)


def regroup(cell, name, how):
    """Put one cell into a group, on its page or by the workbook."""
    day = date(2023, 2, 5)
    if how == "page":
        draft = replace(units.draft_of(cell), ranking_group=name)
        units.edit(cell, draft, cell.parent, None, day, actor(), NOW - HOUR)
        return
    workbook = Roster(units=(replace(units.draft_of(cell), ranking_group=name),))
    seen = roster.plan(workbook, [], [""], day)
    roster.take_in(workbook, [], seen.fingerprint, "t.xlsx", [""], day, actor(), NOW - HOUR)


@pytest.mark.parametrize("how", ["page", "workbook"])
def test_contestants_move_with_the_cell_that_is_regrouped_alone_until_their_round_opens(its, how):
    entry, _ = send(its, CellType.RESIDENTIAL, 500)
    other, _ = send(its, CellType.RESIDENTIAL, 400)
    assign(its, residential="Khu dân cư")
    regroup(entry.unit, "Khối khác", how)
    db.session.refresh(entry)
    assert (entry.ranking_group, other.ranking_group) == ("Khối khác", "Khu dân cư")
    its.opened_at = NOW
    regroup(entry.unit, "Khối thứ ba", how)
    db.session.refresh(entry)
    assert entry.ranking_group == "Khối khác"


def test_who_goes_on_is_in_the_group_the_cell_is_in_by_then(its):
    entry, points = send(its, CellType.RESIDENTIAL, 500)
    make_attempt(entry, points)
    its.opened_at = its.stage.frozen_at = NOW - HOUR
    regroup(entry.unit, "Khối khác", "page")
    results.publish(its, results.PROVISIONAL, "", actor(), NOW + 3 * HOUR)
    edition = publish_final(its, actor(), NOW + 3 * HOUR)
    [gone_on] = promotion.promote(edition, actor(), NOW + 3 * HOUR)
    assert (entry.ranking_group, gone_on.ranking_group) == ("", "Khối khác")
