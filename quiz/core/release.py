"""Letting many people start at the same hour: each gets a moment within the first seconds of the window (R26).

Nobody loses time by it: the clock of an attempt runs from its start, and where the end of the window would cut the
last ones short the moments lie closer together.
"""

import hashlib

from quiz.core.timing import SECOND

A_SECOND = 25  # starts let through in a second; one modest server takes about 150
LONGEST = 30 * SECOND  # ms; nobody is kept waiting longer
FEW = 20  # people who may all start at once


def spread(people: int, room: int) -> int:
    """Return over how many ms the starts of so many people are spread; `room` is what the window can spare (ms)."""
    if people <= FEW:
        return 0
    return max(0, min(people * SECOND // A_SECOND, LONGEST, room))


def moment_of(entry_id: int, opens_at: int, spread_over: int) -> int:
    """Return the instant at which the button of an entry appears; always the same for one entry."""
    if spread_over <= 0:
        return opens_at
    digest = hashlib.sha256(f"release|{entry_id}".encode()).digest()
    return opens_at + int.from_bytes(digest[:4], "big") * spread_over // 2**32
