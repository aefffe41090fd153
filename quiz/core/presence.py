"""Where somebody entered in a round stands, as the board watches it, and when it is time to call who is missing."""

from enum import StrEnum
from typing import NamedTuple

from quiz.core.timing import MINUTE, Window, is_due

SILENT_AFTER = 5  # minutes without a saved answer that make the board look
CALL_BEFORE = 10  # minutes before nobody can begin any more


class Presence(StrEnum):
    """In the order in which they call for the board's attention."""

    NOT_SIGNED_IN = "not_signed_in"
    SIGNED_IN = "signed_in"  # in the waiting room: no paper yet
    SILENT = "silent"  # has a paper and has saved nothing for a while
    ANSWERING = "answering"
    ON_PAPER = "on_paper"  # until the answer sheet has been entered
    HANDED_IN = "handed_in"


NOT_STARTED = (Presence.NOT_SIGNED_IN, Presence.SIGNED_IN)


class Sheet(NamedTuple):
    """What is stored of somebody's latest attempt; `heard_at` is its last saved answer, or its start."""

    on_paper: bool
    is_handed_in: bool
    deadline: int
    grace_seconds: int
    heard_at: int


def presence_of(is_signed_in: bool, sheet: Sheet | None, silent_after: int, now: int) -> Presence:
    """Return where somebody stands at `now`; `silent_after` in minutes.

    An attempt whose time is over is handed in, whether the server has closed it yet or not.
    """
    if sheet is None:
        return Presence.SIGNED_IN if is_signed_in else Presence.NOT_SIGNED_IN
    if sheet.is_handed_in:
        return Presence.HANDED_IN
    if sheet.on_paper:
        return Presence.ON_PAPER
    if is_due(sheet.deadline, sheet.grace_seconds, now):
        return Presence.HANDED_IN
    return Presence.SILENT if sheet.heard_at < now - silent_after * MINUTE else Presence.ANSWERING


def last_start(window: Window, late_start: int | None) -> int:
    """Return the instant after which nobody begins any more; `late_start` in minutes, None: until the window ends."""
    return (
        window.ends_at if late_start is None else min(window.ends_at, window.opens_at + late_start * MINUTE)
    )


def is_time_to_call(window: Window, late_start: int | None, now: int) -> bool:
    """Tell whether who has not begun must be called now: the last ten minutes in which one still may begin."""
    last = last_start(window, late_start)
    return max(window.opens_at, last - CALL_BEFORE * MINUTE) <= now < last
