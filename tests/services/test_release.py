"""When each contestant's button appears: only for who may still start, by the number entered and the window's room."""

import pytest

from quiz.core.release import FEW, LONGEST
from quiz.core.timing import MINUTE, SECOND
from quiz.extensions import db
from quiz.services import attempts, own_rounds, release
from tests.factories import (
    HOUR,
    NOW,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    open_for_test,
)

PEOPLE = FEW + 30


def crowd(people=PEOPLE, **rules):
    """An open round that begins at NOW, lasts two hours and has so many people."""
    commune = make_unit()
    contest_round = make_round(make_stage(make_contest(commune), make_rules(**rules)), commune)
    cell = make_cell(commune)
    entries = [make_entry(contest_round, make_person(cell)) for _ in range(people)]
    return open_for_test(contest_round, [make_item() for _ in range(5)]), entries


def moment(entry, now):
    """When the button of an entry appears, or None when nothing is waited for."""
    rounds = own_rounds.rounds_for(entry.person_id, entry.round.stage.contest_id, now)
    return release.moments(rounds, now).get(entry.round_id)


def test_a_crowd_gets_moments_within_the_first_seconds(app):
    _, entries = crowd()
    moments = {moment(entry, NOW - HOUR) for entry in entries[:10]}
    assert len(moments) > 5
    assert all(NOW <= found <= NOW + PEOPLE * SECOND // 25 for found in moments)


@pytest.mark.parametrize(
    "people, rules",
    [
        (FEW, {}),
        (PEOPLE, {"time_limit": 120}),  # the window has nothing to spare
        (PEOPLE, {"late_start": 0}),
    ],
)
def test_few_people_and_a_narrow_window_all_start_at_the_hour(app, people, rules):
    _, entries = crowd(people, **rules)
    assert {moment(entry, NOW - HOUR) for entry in entries[:5]} == {NOW}


def test_with_full_time_for_late_starters_the_window_need_not_spare_anything(app):
    _, entries = crowd(time_limit=120, full_time_for_late=True)
    assert max(moment(entry, NOW - HOUR) for entry in entries[:10]) > NOW


def test_once_the_first_seconds_are_over_nobody_waits(app):
    _, entries = crowd()
    assert moment(entries[0], NOW + LONGEST - 1) is not None
    assert moment(entries[0], NOW + LONGEST) is None


def test_the_server_lets_everybody_in_from_the_hour_on_whatever_the_page_says(app):
    _, entries = crowd()
    last = max(entries, key=lambda entry: moment(entry, NOW))
    assert moment(last, NOW) > NOW
    assert attempts.start(last, NOW, "seed").deadline == NOW + 10 * MINUTE
    db.session.flush()
    assert moment(last, NOW) is None
