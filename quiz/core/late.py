"""Choices that reach the server after an attempt has ended: which of them still count, and whether their log is whole.

A phone without a line keeps a log of every choice, each linked to the one before it by a hash. Whoever changes, drops
or reorders an entry afterwards breaks the chain. The chain is no proof against a skilled forger, only a mark for the
board to see; so nothing is punished by it, a broken log is kept and not counted.
"""

import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from quiz.core.timing import MINUTE

LINK = 32  # hexadecimal digits of a link, 128 bits


class Logged(NamedTuple):
    """One choice of the log: a 0-based position, the places chosen as text, its stamp, the link that ends with it."""

    position: int
    choice: str
    stamp: int
    link: str


class Fate(StrEnum):
    """What becomes of one choice of a late delivery."""

    COUNTED = "counted"  # made in time, arrived within the board's limit
    KNOWN = "known"  # was stored in time already
    OLDER = "older"  # a newer choice at the same place is stored
    AFTER_DEADLINE = "after_deadline"
    AFTER_HAND_IN = "after_hand_in"
    TOO_LATE = "too_late"  # arrived after the board's limit
    PUBLISHED = "published"  # the final result is out
    BROKEN = "broken"  # the chain does not hold


REFUSED = frozenset({Fate.AFTER_DEADLINE, Fate.AFTER_HAND_IN, Fate.TOO_LATE, Fate.PUBLISHED, Fate.BROKEN})


class End(NamedTuple):
    """How an attempt ended: its deadline, when its candidate handed it in (None: not), whether results are final.

    `late_minutes` is how long after the deadline a delivery may arrive and still count.
    """

    deadline: int
    handed_in_at: int | None
    late_minutes: int
    is_final: bool


def link_of(previous: str, position: int, choice: str, stamp: int) -> str:
    """Return the link that ends with this choice: the first half of SHA-256 over the link before it and the choice."""
    return hashlib.sha256(f"{previous}|{position}|{choice}|{stamp}".encode()).hexdigest()[:LINK]


def is_unbroken(seed: str, log: Iterable[Logged]) -> bool:
    """Tell whether every entry follows from the one before it, from `seed` on, and no stamp goes back."""
    link, newest = seed, -1
    for entry in log:
        link = link_of(link, entry.position, entry.choice, entry.stamp)
        if link != entry.link or entry.stamp <= newest:
            return False
        newest = entry.stamp
    return True


def refusal(made_at: int, arrived_at: int, end: End) -> Fate | None:
    """Return why a choice made and arrived at these instants does not count, None when it does."""
    if end.is_final:
        return Fate.PUBLISHED
    if arrived_at > end.deadline + end.late_minutes * MINUTE:
        return Fate.TOO_LATE
    if made_at > end.deadline:
        return Fate.AFTER_DEADLINE
    if end.handed_in_at is not None and made_at > end.handed_in_at:
        return Fate.AFTER_HAND_IN
    return None


def newest_by_position(log: Sequence[Logged]) -> dict[int, Logged]:
    """Return the newest entry of each position."""
    return {entry.position: entry for entry in sorted(log, key=lambda entry: entry.stamp)}
