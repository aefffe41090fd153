"""What changed between two versions of an item, so that a reader sees it at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from quiz.core.items import ExpectedPoint, ItemDraft

# In the order a reader looks at a question.
_WORDED = ("stem", "options", "points", "rationale", "feedback", "reference")
_PLACED = ("options", "points", "feedback")  # worded, one text beside another
_SET = (
    "key",
    "document",
    "topic",
    "level",
    "intended_difficulty",
    "kind",
    "part",
    "keep_order",
    "keep_last",
    "valid_from",
    "valid_to",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text: `change` is "" (in both), "removed" or "added"."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not the same; `place` counts options or points from 0, `pieces` is empty unless worded.

    The field "marks" is what a point earns, in hundredths; 0 where the point is not there.
    """

    field: str
    before: Any
    after: Any
    place: int | None = None
    pieces: tuple[Piece, ...] = ()


def differences(before: ItemDraft, after: ItemDraft) -> list[Difference]:
    """Return the fields in which two versions differ."""
    found: list[Difference] = []
    for name in _WORDED:
        old, new = getattr(before, name), getattr(after, name)
        if name in _PLACED:
            pairs = zip_longest(map(_words, old), map(_words, new), fillvalue="")
            found += [_worded(name, a, b, place) for place, (a, b) in enumerate(pairs) if a != b]
        elif old != new:
            found.append(_worded(name, old, new))
    found += _other_marks(before.points, after.points)
    for name in _SET:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found.append(Difference(name, old, new))
    return found


def _words(part: str | ExpectedPoint) -> str:
    return part if isinstance(part, str) else part.text


def _other_marks(before: Sequence[ExpectedPoint], after: Sequence[ExpectedPoint]) -> list[Difference]:
    old, new = ([point.marks for point in points] for points in (before, after))
    pairs = enumerate(zip_longest(old, new, fillvalue=0))
    return [Difference("marks", a, b, place) for place, (a, b) in pairs if a != b]


def _worded(name: str, before: str, after: str, place: int | None = None) -> Difference:
    return Difference(name, before, after, place, tuple(pieces_of(before, after)))


def pieces_of(before: str, after: str) -> list[Piece]:
    """Return both texts as one run of kept, removed and added words."""
    old, new = before.split(), after.split()
    pieces: list[Piece] = []
    for change, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if change == "equal":
            pieces.append(Piece("", " ".join(old[a:b])))
            continue
        pieces += [Piece("removed", " ".join(old[a:b]))] if b > a else []
        pieces += [Piece("added", " ".join(new[c:d]))] if d > c else []
    return pieces
