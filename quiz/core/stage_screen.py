"""What the hall's screen shows of the stage: who is on, who is next, the state of the clock, how large a text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

LAST = 60  # seconds
# From so many characters on a question is set smaller; the page itself goes on shrinking what still does not fit.
SIZES = ((130, "largest"), (280, "large"), (520, "medium"), (900, "small"))
SMALLEST = "smallest"


@dataclass(frozen=True, slots=True)
class Turn:
    """One performance: its number, its part (0, 1 …), the number drawn, and its instants (None: not yet)."""

    key: int
    part: int
    drawn: int
    called_at: int | None = None
    running_since: int | None = None
    stopped_at: int | None = None
    is_absent: bool = False


class TimeLeft(StrEnum):
    """How the clock stands to the limit; words beside the colour say the same."""

    OPEN = "open"  # without a limit
    PLENTY = "plenty"
    LAST_MINUTE = "last_minute"
    OVER = "over"


def last_called(turns: Iterable[Turn]) -> Turn | None:
    """Return whose clock runs, else who was called last; None before anybody was. An absent one was never on."""
    called = [one for one in turns if one.called_at is not None and not one.is_absent]
    return max(called, key=lambda one: (one.running_since is not None, one.called_at, one.key), default=None)


def is_on(turn: Turn | None) -> bool:
    """Tell whether the one called last is still on the stage."""
    return turn is not None and turn.stopped_at is None


def next_up(turns: Sequence[Turn], last: Turn | None) -> Turn | None:
    """Return who is called next: in the part that goes on the numbers after the last, then those left; then others."""
    waiting = [one for one in turns if one.called_at is None and one.stopped_at is None and not one.is_absent]
    if last is None:
        return min(waiting, key=lambda one: (one.part, one.drawn), default=None)

    def key(one: Turn) -> tuple[bool, int, bool, int]:
        is_same = one.part == last.part
        return not is_same, one.part, is_same and one.drawn < last.drawn, one.drawn

    return min(waiting, key=key, default=None)


def time_left(seconds: int, limit: int) -> TimeLeft:
    """Return how a clock at so many whole seconds stands to its limit (seconds, 0 for none)."""
    if not limit:
        return TimeLeft.OPEN
    if seconds > limit:
        return TimeLeft.OVER
    return TimeLeft.LAST_MINUTE if seconds >= limit - LAST else TimeLeft.PLENTY


def shown_time(seconds: int, limit: int) -> str:
    """Return the clock as the hall reads it: what is left, "+" and what is over, without a limit what has passed."""
    value = seconds if not limit else abs(limit - seconds)
    sign = "+" if limit and seconds > limit else ""
    return f"{sign}{value // 60}:{value % 60:02d}"


def size_of(texts: Iterable[str]) -> str:
    """Return how large a question is set, from its text and those of its options."""
    length = sum(len(text) for text in texts)
    return next((size for limit, size in SIZES if length <= limit), SMALLEST)
