"""Minutes given back: whom they reach, how far they go, and which papers may go on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core import grants
from quiz.core.errors import RuleBroken
from quiz.core.grants import MOST_MINUTES, Minutes, Sitter
from quiz.core.timing import MINUTE

NOW = 1_000 * MINUTE


@pytest.mark.parametrize(
    ("what", "rule", "sitter", "reached"),
    [
        ("the person named", Minutes(5, person_id=7), Sitter(7, "/1/2/"), True),
        ("somebody else", Minutes(5, person_id=7), Sitter(8, "/1/2/"), False),
        ("who sits in the hall", Minutes(5, hall_id=3, path="/1/"), Sitter(8, "/1/2/", 3), True),
        ("who sits in another hall", Minutes(5, hall_id=3, path="/1/"), Sitter(8, "/1/2/", 4), False),
        ("who sits in none", Minutes(5, hall_id=3, path="/1/"), Sitter(8, "/1/2/"), False),
        ("a cell of the unit", Minutes(5, path="/1/2/"), Sitter(8, "/1/2/9/"), True),
        ("the unit's own", Minutes(5, path="/1/2/"), Sitter(8, "/1/2/"), True),
        ("the neighbour 23", Minutes(5, path="/1/2/"), Sitter(8, "/1/23/"), False),
        ("the unit above", Minutes(5, path="/1/2/"), Sitter(8, "/1/"), False),
    ],
)
def test_a_grant_reaches_the_person_the_hall_or_the_unit_it_names(what, rule, sitter, reached):
    assert grants.reaches(rule, sitter) is reached


@pytest.mark.parametrize(
    ("given_minutes", "total"), [((), 0), ((12,), 12), ((12, 15), 27), ((100, 20), 120), ((100, 21), 120)]
)
def test_a_start_gets_every_grant_that_reaches_it_but_never_more_than_the_most(given_minutes, total):
    rules = [Minutes(minutes, person_id=7) for minutes in given_minutes] + [Minutes(50, person_id=8)]
    assert grants.minutes_at_start(rules, Sitter(7, "/1/")) == total


@given(st.integers(0, 10**13), st.integers(-(10**6), 10**6))
def test_a_deadline_never_moves_back(deadline, minutes):
    assert grants.moved(deadline, minutes) >= deadline


@pytest.mark.parametrize("minutes", [-1, 0, MOST_MINUTES + 1])
def test_a_grant_outside_its_bounds_is_refused(minutes):
    with pytest.raises(RuleBroken, match=str(MOST_MINUTES)):
        grants.check_minutes(minutes)


@pytest.mark.parametrize("minutes", [1, MOST_MINUTES])
def test_a_grant_at_its_bounds_is_taken(minutes):
    grants.check_minutes(minutes)


@pytest.mark.parametrize(
    ("ended_by", "ended_ago", "reopens"),
    [
        ("deadline", 0, True),
        ("deadline", 15 * MINUTE - 1, True),
        ("deadline", 15 * MINUTE, False),
        ("candidate", 1, False),
        ("board", 1, False),
        ("", 1, False),
    ],
)
def test_only_a_paper_the_clock_closed_within_the_minutes_may_go_on(ended_by, ended_ago, reopens):
    assert grants.may_reopen(ended_by, NOW - ended_ago, 15, NOW) is reopens


@pytest.mark.parametrize(
    ("what", "deadline", "submitted_at", "used"),
    [
        ("still in the time of before", NOW + 15 * MINUTE, None, False),
        ("a moment into the minutes", NOW + 15 * MINUTE - 1, None, True),
        ("handed in before them", NOW, NOW - 15 * MINUTE, False),
        ("handed in within them", NOW, NOW - 15 * MINUTE + 1, True),
    ],
)
def test_minutes_are_used_by_whoever_works_or_hands_in_after_the_deadline_of_before(
    what, deadline, submitted_at, used
):
    assert grants.is_used(deadline, 15, submitted_at, NOW) is used
