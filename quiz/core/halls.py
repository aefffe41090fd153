"""A sitting at a hall with shared devices: short codes, and who may sit down where."""

import hashlib
from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from quiz.core.errors import N_, RuleBroken

SHORTEST, LONGEST = 4, 6  # digits of a short code
SPARSENESS = (
    100  # so many possible codes for each real one: a slip of the finger rarely meets somebody else's
)


class Leaving(StrEnum):
    """Why somebody no longer sits at a device."""

    DONE = "done"  # the paper was handed in
    LEFT = "left"
    MOVED = "moved"
    CLOSED = "closed"


class Seated(NamedTuple):
    """An open seat as the rule sees it: device and entry by id, both by name, and whether the paper is handed in."""

    device_id: int
    device: str
    entry_id: int
    name: str
    is_done: bool


def code_digits(people: int) -> int:
    """Return how many digits the short codes of so many people need, 4 to 6."""
    needed = next((n for n in range(SHORTEST, LONGEST) if 10**n >= people * SPARSENESS), LONGEST)
    return needed


def short_codes(count: int, taken: Collection[str], digits: int, seed: str) -> list[str]:
    """Return so many different codes drawn from `seed`, none of them in `taken`."""
    found: dict[str, None] = {}
    number = 0
    while len(found) < count:
        digest = hashlib.sha256(f"{seed}|{number}".encode()).digest()
        code = f"{int.from_bytes(digest[:8]) % 10**digits:0{digits}d}"
        if code not in taken:
            found[code] = None
        number += 1
    return list(found)


def typed_code(text: str) -> str:
    """Return a typed short code as stored: its digits alone."""
    return "".join(sign for sign in text if sign in "0123456789")


def check_may_sit(entry_id: int, device_id: int, own: Seated | None, there: Seated | None) -> None:
    """Raise RuleBroken unless this person may sit down at this device.

    `own` is the person's open seat, `there` the device's. Whoever has handed in keeps no seat.
    """
    if own is not None and own.device_id != device_id and not own.is_done:
        raise RuleBroken(
            N_("Bạn đang ngồi ở %(device)s. Muốn đổi máy, hãy nhờ giám thị chuyển."), device=own.device
        )
    if there is not None and there.entry_id != entry_id and not there.is_done:
        raise RuleBroken(N_("Máy này đang dành cho %(name)s. Hãy báo giám thị."), name=there.name)
