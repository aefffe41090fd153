"""What the hall's screen shows of the stage."""

import pytest

from quiz.core import stage_screen as rule
from quiz.core.stage_screen import TimeLeft, Turn


def turns(*told: str) -> list[Turn]:
    """Return turns from "part drawn state": w waiting, c called, r running, d done, a absent; called in this order."""
    made = []
    for place, text in enumerate(told, start=1):
        part, drawn, state = text.split()
        made.append(
            Turn(
                place, int(part), int(drawn),
                called_at=None if state in "wa" else place,
                running_since=place if state == "r" else None,
                stopped_at=place if state == "d" else None,
                is_absent=state == "a",
            )
        )  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("told", "last", "is_on", "following"),
    [
        (["0 1 w", "0 2 w", "1 1 w"], None, False, (0, 1)),
        (["0 1 c", "0 2 w", "1 1 w"], (0, 1), True, (0, 2)),
        (["0 1 d", "0 2 w", "1 1 w"], (0, 1), False, (0, 2)),
        (["0 1 d", "0 2 a", "0 3 w"], (0, 1), False, (0, 3)),
        (["0 2 d", "0 1 w", "0 3 w"], (0, 2), False, (0, 3)),
        (["0 3 d", "0 1 w", "1 1 w"], (0, 3), False, (0, 1)),
        (["0 1 d", "0 2 d", "1 1 w", "1 2 w"], (0, 2), False, (1, 1)),
        (["0 1 r", "0 2 c", "0 3 w"], (0, 1), True, (0, 2 + 1)),
        (["0 1 d", "0 2 d"], (0, 2), False, None),
    ],
)
def test_who_is_on_and_who_is_next(told, last, is_on, following):
    all_turns = turns(*told)
    found = rule.last_called(all_turns)
    assert (found and (found.part, found.drawn), rule.is_on(found)) == (last, is_on)
    after = rule.next_up(all_turns, found)
    assert (after and (after.part, after.drawn)) == following


@pytest.mark.parametrize(
    ("seconds", "limit", "state", "text"),
    [
        (0, 420, TimeLeft.PLENTY, "7:00"),
        (359, 420, TimeLeft.PLENTY, "1:01"),
        (360, 420, TimeLeft.LAST_MINUTE, "1:00"),
        (420, 420, TimeLeft.LAST_MINUTE, "0:00"),
        (421, 420, TimeLeft.OVER, "+0:01"),
        (500, 420, TimeLeft.OVER, "+1:20"),
        (75, 0, TimeLeft.OPEN, "1:15"),
    ],
)
def test_the_clock_says_what_is_left_and_what_is_over(seconds, limit, state, text):
    assert (rule.time_left(seconds, limit), rule.shown_time(seconds, limit)) == (state, text)


@pytest.mark.parametrize(
    ("length", "size"), [(130, "largest"), (131, "large"), (520, "medium"), (900, "small"), (901, "smallest")]
)
def test_a_long_question_is_set_smaller(length, size):
    assert rule.size_of(["x" * (length - 30), "y" * 30]) == size
