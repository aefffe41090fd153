"""How far the stages of a contest have come."""

import pytest

from quiz.core.people import AbsenceReason
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Absence, Edition
from quiz.services import progress
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)


@pytest.fixture
def contest(app):
    return make_contest(make_unit("Mai Sơn"))


def counts(line):
    return (line.rounds, line.timed, line.filled, line.opened, line.ended, line.published)


def test_an_empty_stage_lacks_everything(contest):
    make_stage(contest, make_rules(blueprint=()))
    (line,) = progress.progress_of(contest, NOW)
    assert not line.rules_are_usable
    assert counts(line) == (0, 0, 0, 0, 0, 0)


def test_items_missing_are_counted_until_the_bank_has_them(contest):
    make_stage(contest)
    make_item(), make_item()
    assert progress.progress_of(contest, NOW)[0].items_missing == 3
    make_item(), make_item(), make_item()
    (line,) = progress.progress_of(contest, NOW)
    assert (line.rules_are_usable, line.items_missing) == (True, 0)


def test_each_step_is_counted_by_rounds(contest):
    stage = make_stage(contest)
    done, waiting, bare = (make_round(stage, make_unit(name, contest.unit)) for name in ("A", "B", "C"))
    bare.opens_at = bare.closes_at = None
    done.opened_at = waiting.opened_at = NOW - HOUR
    waiting.opens_at, waiting.closes_at = NOW + 5 * HOUR, NOW + 7 * HOUR
    cell = make_cell(contest.unit)
    make_entry(done, make_person(cell)), make_entry(done, make_person(cell))
    make_entry(waiting, make_person(cell), withdrawn_at=NOW)
    db.session.add(
        Edition(
            round=done, number=1, kind="final", check_code="A", sha256="", size=2, max_score=500,
            published_at=NOW, published_by_id=make_account().id,
        )
    )  # fmt: skip
    db.session.flush()
    (line,) = progress.progress_of(contest, NOW + 2 * HOUR)
    assert counts(line) == (3, 2, 1, 2, 1, 1)


def test_a_round_whose_every_cell_said_why_it_sends_nobody_has_nothing_left_to_do(contest):
    first, second = make_stage(contest, ordinal=1), make_stage(contest, ordinal=2)
    commune = make_unit("Phiêng Pằn", contest.unit)
    cells = [make_cell(commune, name) for name in ("Bản 1", "Bản 2")]
    empty, later = (make_round(stage, commune) for stage in (first, second))
    for held in (empty, later):
        held.opens_at = held.closes_at = None
    for cell in cells:
        assert counts(progress.progress_of(contest, NOW)[0]) == (1, 0, 0, 0, 0, 0)
        for held in (empty, later):
            add(Absence(round_id=held.id, unit=cell, reason=AbsenceReason.FARM_WORK, created_at=NOW))
    grassroots, district = progress.progress_of(contest, NOW)
    assert counts(grassroots) == (1, 1, 1, 1, 0, 1)
    assert counts(district) == (1, 0, 0, 0, 0, 0), "later lists are filled by results"


def test_stages_come_in_order_and_each_counts_its_own_rounds(contest):
    first, second = make_stage(contest, ordinal=1), make_stage(contest, ordinal=2)
    make_round(second, contest.unit)
    assert [(line.stage, line.rounds) for line in progress.progress_of(contest, NOW)] == [
        (first, 0),
        (second, 1),
    ]
    assert (progress.is_last(first), progress.is_last(second)) == (False, True)


def test_the_bank_is_asked_for_the_day_of_the_next_round_or_for_today(contest):
    stage = make_stage(contest)
    day = 24 * HOUR
    for name, opens_at in (("A", NOW - day), ("B", NOW + 3 * day), ("C", NOW + 2 * day)):
        make_round(stage, make_unit(name, contest.unit), opens_at=opens_at)
    assert progress.day_to_fill(stage.rounds, NOW) == day_of(NOW + 2 * day)
    assert progress.day_to_fill(stage.rounds, NOW + 4 * day) == day_of(NOW + 4 * day)
