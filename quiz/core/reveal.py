"""What the public sees of a round on the hall's screen: figures that may stand still before the end, and the ranking
from its last place up, as far as the board has shown it.

The figures are those of one instant, `public_instant`. They are worked out from what was stored at that instant, never
from later figures with something left out.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from quiz.core.timing import MINUTE, Window

MOST_PLACES = 30  # ranks shown one after the other; more would try anybody's patience
MOST_MINUTES = 600  # before the end


class Place(NamedTuple):
    """One line of a ranking as the public may see it; `points` in hundredths, None where the board shows none."""

    rank: int
    name: str
    cell: str
    unit: str
    points: int | None


def freeze_instant(window: Window | None, minutes: int | None, frozen_at: int | None) -> int | None:
    """Return from when the public figures stand still, None for never.

    That is when they were stopped, else so many minutes before the end, or the end itself when the board ends the
    round sooner.
    """
    if frozen_at is not None or minutes is None or window is None:
        return frozen_at
    return min(window.closes_at - minutes * MINUTE, window.ends_at)


def is_frozen(now: int, freeze_at: int | None, released_at: int | None) -> bool:
    """Tell whether the public figures stand still at `now`: from the freeze until the release."""
    return freeze_at is not None and freeze_at <= now and (released_at is None or released_at > now)


def public_instant(now: int, freeze_at: int | None, released_at: int | None) -> int:
    """Return the instant whose figures the public sees at `now`."""
    return freeze_at if freeze_at is not None and is_frozen(now, freeze_at, released_at) else now


def steps(places: Iterable[Place], top: int) -> list[list[Place]]:
    """Return whoever ranks `top` or better in the order of showing: the last rank first, sharers of a rank together."""
    shown = sorted((place for place in places if place.rank <= top), key=lambda place: -place.rank)
    return [list(group) for _rank, group in groupby(shown, key=lambda place: place.rank)]
