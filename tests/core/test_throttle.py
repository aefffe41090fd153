"""How long a guesser waits, and how many guesses fit into a quarter of an hour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.throttle import wait_before_next

MIN = 60_000
NOW = 1_700_000_000_000


def ago(*minutes: float) -> list[int]:
    return [NOW - int(m * MIN) for m in minutes]


@pytest.mark.parametrize(
    ("what", "failures", "wait"),
    [
        ("no wrong try", [], 0),
        ("four wrong tries just now", ago(0, 0, 0, 0), 0),
        ("five wrong tries just now", ago(0, 0, 0, 0, 0), 3 * MIN),
        ("the last of five a minute ago", ago(1, 1, 2, 3, 4), 2 * MIN),
        ("in any order", ago(4, 3, 1, 2, 1), 2 * MIN),
        ("the last of five three minutes ago, less a millisecond", [NOW - 3 * MIN + 1] * 5, 1),
        ("the last of five three minutes ago", ago(3, 3, 3, 3, 3), 0),
        ("the last of five four minutes ago", ago(4, 4, 4, 4, 4), 0),
        ("the first of five fifteen minutes ago", ago(15, 1, 1, 1, 1), 0),
        ("a millisecond less than that", [NOW - 15 * MIN + 1, *ago(1, 1, 1, 1)], 2 * MIN),
        ("a hundred wrong tries", ago(*[1] * 100), 2 * MIN),
        ("tries a clock ahead of ours wrote down", [NOW + 1] * 9, 0),
        ("those and five of our own", [NOW + 1, *ago(2, 2, 2, 2, 2)], MIN),
    ],
)
def test_after_five_wrong_tries_in_a_quarter_hour_one_waits_three_minutes_from_the_last(what, failures, wait):
    assert wait_before_next(failures, NOW) == wait, what


@given(st.lists(st.integers(0, 6 * MIN), max_size=25))
def test_whoever_guesses_gets_at_most_ten_tries_into_any_quarter_hour(pauses):
    tries: list[int] = []
    now = NOW
    for pause in pauses:
        now += pause
        now += wait_before_next(tries, now)
        tries.append(now)
    assert all(sum(first <= at < first + 15 * MIN for at in tries) <= 10 for first in tries)


def test_a_guesser_who_never_pauses_gets_nine_tries_into_a_quarter_hour():
    tries: list[int] = []
    now = NOW
    while now < NOW + 15 * MIN:
        tries.append(now)
        now += wait_before_next(tries, now)
    assert len(tries) == 9
