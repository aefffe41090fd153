"""A key that proved wrong: what the board may rule, how papers are then marked, and what that changes for whom.

Marking stays one function; a ruling only says with which key an item is marked. Standings before and after are plain
values here, so that the board sees what a ruling does before anybody decides.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from quiz.core.errors import N_, RuleBroken
from quiz.core.marking import MarkedItem, Treatment, key_on_paper


class Policy(StrEnum):
    """What the board may rule about an item whose key was wrong."""

    EVERYONE = "everyone"  # everybody whose paper has the item gets its points
    BOTH = "both"  # the old key and the new one both count as right
    NEW_ONLY = "new_only"
    VOID = "void"  # struck out: it earns what the rest of the paper earned


WITH_KEY = frozenset({Policy.BOTH, Policy.NEW_ONLY})


@dataclass(frozen=True, slots=True)
class Ruling:
    """The board's ruling on one item; `key` holds the authored options of the new key, () where there is none."""

    policy: Policy
    key: tuple[int, ...] = ()


Rulings = Mapping[int, Ruling]  # by item version


def check_ruling(ruling: Ruling, old_key: Collection[int], option_count: int, several: bool) -> None:
    """Raise RuleBroken unless a ruling fits its item: a new key where it needs one, other than the old."""
    if ruling.policy not in WITH_KEY:
        return
    if not ruling.key:
        raise RuleBroken(N_("Hãy đánh dấu đáp án đúng mới."))
    if not set(ruling.key) <= set(range(option_count)):
        raise RuleBroken(N_("Phương án được chọn không có trong câu hỏi. Hãy tải lại trang."))
    if not several and len(ruling.key) != 1:
        raise RuleBroken(N_("Câu này chỉ có một đáp án đúng. Hãy đánh dấu một phương án."))
    if set(ruling.key) == set(old_key):
        raise RuleBroken(N_("Đáp án mới trùng với đáp án cũ. Hãy chọn đáp án khác."))


def ruled(item: MarkedItem, ruling: Ruling | None, order: Sequence[int]) -> MarkedItem:
    """Return an item as it is marked under a ruling; `order` is how its options were shuffled on the paper."""
    if ruling is None:
        return item
    if ruling.policy is Policy.EVERYONE:
        return replace(item, treatment=Treatment.GIVEN)
    if ruling.policy is Policy.VOID:
        return replace(item, treatment=Treatment.VOID)
    key = key_on_paper(ruling.key, order)
    return replace(item, key=key) if ruling.policy is Policy.NEW_ONLY else replace(item, also=key)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands: rank within a scope and points in hundredths, whether they go on, and their prizes.

    `may_win`: no prize yet, but one that a tie keeps back, which the board has still to settle.
    """

    scope: str
    rank: int
    points: int
    goes_on: bool = False
    prizes: tuple[str, ...] = ()
    may_win: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What a ruling changes for one entry; `before` and `after` differ, None is having no place."""

    entry: int
    before: Place | None
    after: Place | None

    @property
    def points(self) -> int:
        """Return the points won (or, below zero, lost), in hundredths."""
        return (self.after.points if self.after else 0) - (self.before.points if self.before else 0)

    @property
    def is_moved(self) -> bool:
        """Tell whether the rank changes."""
        return (self.before and self.before.rank) != (self.after and self.after.rank)

    @property
    def crosses(self) -> int:
        """Return 1 for somebody who goes on only now, -1 for one who no longer does, else 0."""
        return int(bool(self.after and self.after.goes_on)) - int(bool(self.before and self.before.goes_on))

    @property
    def wins_otherwise(self) -> bool:
        """Tell whether the prizes change."""
        return _winning(self.before) != _winning(self.after)


def _winning(place: Place | None) -> tuple[tuple[str, ...], bool]:
    return (place.prizes, place.may_win) if place else ((), False)


def changes(before: Mapping[int, Place], after: Mapping[int, Place]) -> tuple[Change, ...]:
    """Return what differs for each entry, those who cross a line first, then by the rank they have afterwards."""
    differing = [
        Change(entry, before.get(entry), after.get(entry))
        for entry in before.keys() | after.keys()
        if before.get(entry) != after.get(entry)
    ]
    return tuple(sorted(differing, key=_weight))


def _weight(change: Change) -> tuple[bool, bool, str, int, int]:
    place = change.after or change.before or Place("", 0, 0)
    return not change.crosses, not change.wins_otherwise, place.scope, place.rank, change.entry


@dataclass(frozen=True, slots=True)
class Count:
    """How many gain points, lose points, change rank, and cross the line of promotion or of a prize."""

    gain: int
    lose: int
    moved: int
    crossing: int
    prizes: int


def count(differing: Collection[Change]) -> Count:
    """Return the numbers that sum up what a ruling changes."""
    return Count(
        gain=sum(change.points > 0 for change in differing),
        lose=sum(change.points < 0 for change in differing),
        moved=sum(change.is_moved for change in differing),
        crossing=sum(change.crosses != 0 for change in differing),
        prizes=sum(change.wins_otherwise for change in differing),
    )
