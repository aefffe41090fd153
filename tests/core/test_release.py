"""Starts spread over the first seconds: never before the hour, never past what the window can spare."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.release import A_SECOND, FEW, LONGEST, moment_of, spread
from quiz.core.timing import MINUTE, SECOND

T = 1_675_558_800_000


@pytest.mark.parametrize(
    "people, room, seconds",
    [
        (0, 60 * MINUTE, 0),
        (FEW, 60 * MINUTE, 0),
        (FEW + 5, 60 * MINUTE, 1),
        (500, 60 * MINUTE, 20),
        (5_000, 60 * MINUTE, 30),
        (500, 7 * SECOND, 7),  # the window has only seven seconds to spare
        (500, 0, 0),
        (500, -MINUTE, 0),  # the window is shorter than the time allowed
    ],
)
def test_starts_are_spread_by_the_number_of_people_and_the_room_there_is(people, room, seconds):
    assert spread(people, room) == seconds * SECOND


@given(st.integers(1, 2**31), st.integers(0, 5000), st.integers(-MINUTE, 60 * MINUTE))
def test_nobody_waits_longer_than_the_spread_and_everybody_keeps_the_same_moment(entry, people, room):
    over = spread(people, room)
    moment = moment_of(entry, T, over)
    assert moment == moment_of(entry, T, over)
    assert T <= moment <= T + over <= T + LONGEST
    assert moment - T <= max(0, room)


def test_five_hundred_do_not_start_in_the_same_second():
    over = spread(500, 60 * MINUTE)
    seconds = [(moment_of(entry, T, over) - T) // SECOND for entry in range(1, 501)]
    busiest = max(seconds.count(second) for second in set(seconds))
    assert len(set(seconds)) == over // SECOND
    assert busiest <= 2 * A_SECOND
