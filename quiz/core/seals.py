"""Seals over the record of acts: a chain of SHA-256, so that a later change of any act shows (G9).

A seal covers a run of acts in the order of their numbers and begins with the seal before it. Whoever may write to the
database could make all seals anew; so the newest one is shown, to be written into the minutes, and every backup holds
those of its day.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

SETTLED = 120_000  # ms an act rests before it is sealed: whoever began to write earlier has ended by then
MOST = 2_000  # acts under one seal
FIRST = "0" * 64  # what stands before the first seal


@dataclass(frozen=True, slots=True)
class SealedAct:
    """An act as it is sealed: everything that is stored of it."""

    id: int
    at: int
    account_id: int | None
    person_id: int | None
    action: str
    target: str
    path: str
    detail: Any


def seal_of(before: str, acts: Iterable[SealedAct]) -> str:
    """Return the seal over these acts, in their order, after the seal `before`."""
    digest = hashlib.sha256(before.encode())
    for act in acts:
        fields = [act.id, act.at, act.account_id, act.person_id, act.action, act.target, act.path, act.detail]
        digest.update(
            json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        )
    return digest.hexdigest()
