"""Which choices that arrive after the end still count, and what a chain of links shows."""

import pytest

from quiz.core.late import End, Fate, Logged, is_unbroken, link_of, newest_by_position, refusal
from quiz.core.timing import MINUTE

SEED = "7.1000"
END = 60 * MINUTE
LIMIT = END + 30 * MINUTE


def log_of(*choices: tuple[int, str, int], seed: str = SEED) -> list[Logged]:
    """Return these choices as a device links them."""
    log, link = [], seed
    for position, choice, stamp in choices:
        link = link_of(link, position, choice, stamp)
        log.append(Logged(position, choice, stamp, link))
    return log


WHOLE = log_of((0, "1", 10), (1, "2", 20), (0, "3", 30))


@pytest.mark.parametrize(
    "case, log, whole",
    [
        ("nothing", [], True),
        ("as the device made it", WHOLE, True),
        ("its beginning", WHOLE[:2], True),
        ("another paper's", log_of((0, "1", 10), seed="8.1000"), False),
        ("a choice changed", [WHOLE[0]._replace(choice="2"), *WHOLE[1:]], False),
        ("a time changed", [WHOLE[0], WHOLE[1]._replace(stamp=21), WHOLE[2]], False),
        ("a place changed", [WHOLE[0]._replace(position=5), *WHOLE[1:]], False),
        ("one left out", [WHOLE[0], WHOLE[2]], False),
        ("the first left out", WHOLE[1:], False),
        ("two exchanged", [WHOLE[1], WHOLE[0], WHOLE[2]], False),
        ("one twice", [WHOLE[0], WHOLE[0]], False),
        ("linked well, but the clock goes back", log_of((0, "1", 10), (1, "2", 9)), False),
    ],
)
def test_a_log_shows_what_was_done_to_it(case, log, whole):
    assert is_unbroken(SEED, log) is whole


@pytest.mark.parametrize(
    "case, made, arrived, expected",
    [
        ("made and arrived in time", 59 * MINUTE, 59 * MINUTE, None),
        ("made in time, arrived late", 59 * MINUTE, END + 10 * MINUTE, None),
        ("made at the very end", END, END + 1, None),
        ("made a millisecond after the end", END + 1, END + 2, Fate.AFTER_DEADLINE),
        ("arrived with the limit", END, LIMIT, None),
        ("arrived a millisecond after the limit", END, LIMIT + 1, Fate.TOO_LATE),
        ("neither made nor arrived in time", END + 1, LIMIT + 1, Fate.TOO_LATE),
    ],
)
def test_the_edge_of_the_end_is_a_millisecond_wide(case, made, arrived, expected):
    assert refusal(made, arrived, End(END, None, 30, is_final=False)) is expected


@pytest.mark.parametrize(
    "case, made, end, expected",
    [
        ("before the hand-in", 40 * MINUTE, End(END, 40 * MINUTE, 30, False), None),
        ("after the hand-in", 40 * MINUTE + 1, End(END, 40 * MINUTE, 30, False), Fate.AFTER_HAND_IN),
        ("results are final", 40 * MINUTE, End(END, None, 30, True), Fate.PUBLISHED),
        ("the board takes nothing late", 40 * MINUTE, End(END, None, 0, False), Fate.TOO_LATE),
    ],
)
def test_what_ended_the_attempt_decides(case, made, end, expected):
    assert refusal(made, END + 1, end) is expected


def test_the_newest_choice_of_a_place_stands_for_it():
    assert newest_by_position(WHOLE) == {0: WHOLE[2], 1: WHOLE[1]}
