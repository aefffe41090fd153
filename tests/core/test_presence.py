"""Where somebody stands, and when the missing must be called."""

import pytest

from quiz.core.presence import CALL_BEFORE, Presence, Sheet, is_time_to_call, last_start, presence_of
from quiz.core.timing import MINUTE, SECOND, Window

NOON = 1_000 * MINUTE
WINDOW = Window(NOON, NOON + 60 * MINUTE)


@pytest.mark.parametrize(
    "sheet, presence",
    [
        (Sheet(False, False, NOON + 60 * MINUTE, 5, NOON + 16 * MINUTE), Presence.ANSWERING),
        (Sheet(False, False, NOON + 60 * MINUTE, 5, NOON + 15 * MINUTE), Presence.ANSWERING),
        (Sheet(False, False, NOON + 60 * MINUTE, 5, NOON + 15 * MINUTE - 1), Presence.SILENT),
        (Sheet(False, False, NOON + 20 * MINUTE - 5 * SECOND, 5, NOON), Presence.SILENT),
        (Sheet(False, False, NOON + 20 * MINUTE - 5 * SECOND - 1, 5, NOON), Presence.HANDED_IN),
        (Sheet(False, True, NOON + 60 * MINUTE, 5, NOON), Presence.HANDED_IN),
        (Sheet(True, False, NOON, 5, NOON), Presence.ON_PAPER),
        (Sheet(True, True, NOON, 5, NOON), Presence.HANDED_IN),
    ],
)
def test_where_somebody_with_a_paper_stands_twenty_minutes_in(sheet, presence):
    for is_signed_in in (True, False):
        assert presence_of(is_signed_in, sheet, 5, NOON + 20 * MINUTE) is presence


def test_without_a_paper_only_the_sign_in_tells():
    assert presence_of(True, None, 5, NOON) is Presence.SIGNED_IN
    assert presence_of(False, None, 5, NOON) is Presence.NOT_SIGNED_IN


@pytest.mark.parametrize(
    "window, late_start, minute",
    [
        (WINDOW, None, 60),
        (WINDOW, 15, 15),
        (WINDOW, 90, 60),
        (Window(NOON, NOON + 60 * MINUTE, NOON + 30 * MINUTE), None, 30),
    ],
)
def test_nobody_begins_after_the_late_start_or_the_end(window, late_start, minute):
    assert last_start(window, late_start) == NOON + minute * MINUTE


@pytest.mark.parametrize(
    "late_start, minute, due",
    [
        (None, 60 - CALL_BEFORE - 1, False),
        (None, 60 - CALL_BEFORE, True),
        (None, 59, True),
        (None, 60, False),
        (15, 4, False),
        (15, 5, True),
        (15, 15, False),
        (5, -1, False),  # not before the round has opened
        (5, 0, True),
    ],
)
def test_the_missing_are_called_in_the_last_ten_minutes_one_may_begin(late_start, minute, due):
    assert is_time_to_call(WINDOW, late_start, NOON + minute * MINUTE) is due
