"""Applying the key. Points are ints in hundredths; a choice is the set of option places taken on the paper.

Re-marking is this same function over the same stored responses with the corrected key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Choice = frozenset[int]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one item earns points: all of `points_per_item` or nothing, or `partial` marks for several keys."""

    points_per_item: int = 100
    partial: bool = False


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """One place of a paper as marking needs it: its key as places on the paper, and its blueprint axes."""

    key: Choice
    option_count: int
    topic: str
    level: str


@dataclass(frozen=True, slots=True)
class Marks:
    """The outcome of one attempt: points by position and their sum, all in hundredths."""

    points: tuple[int, ...]
    raw_score: int
    max_score: int
    correct: int
    omitted: int
    by_topic: Mapping[str, int]
    by_level: Mapping[str, int]


def key_on_paper(key: Sequence[int], order: Sequence[int]) -> Choice:
    """Return the places at which the authored options of `key` stand once shuffled into `order`."""
    return frozenset(place for place, option in enumerate(order) if option in key)


def mark_item(item: MarkedItem, choice: Choice, scheme: Scheme) -> int:
    """Return the points one response earns; an omitted item earns nothing.

    With partial marks an item with several keys earns the share of its keys that were taken less the share of
    its distractors that were taken, never below zero, cut down to a whole hundredth. So taking every option
    earns nothing, as taking none does.
    """
    if not choice:
        return 0
    if choice == item.key:
        return scheme.points_per_item
    if not scheme.partial or len(item.key) < 2:
        return 0
    keys = len(item.key)
    distractors = item.option_count - keys or 1  # where every option is a key there is nothing wrong to take
    share = len(choice & item.key) * distractors - len(choice - item.key) * keys
    return max(0, share) * scheme.points_per_item // (keys * distractors)


def mark(items: Sequence[MarkedItem], choices: Mapping[int, Choice], scheme: Scheme) -> Marks:
    """Return the marks of an attempt; `choices` maps a 0-based position to what was chosen there."""
    points: list[int] = []
    by_topic: dict[str, int] = {}
    by_level: dict[str, int] = {}
    for place, item in enumerate(items):
        earned = mark_item(item, choices.get(place, frozenset()), scheme)
        points.append(earned)
        by_topic[item.topic] = by_topic.get(item.topic, 0) + earned
        by_level[item.level] = by_level.get(item.level, 0) + earned
    return Marks(
        points=tuple(points),
        raw_score=sum(points),
        max_score=scheme.points_per_item * len(items),
        correct=sum(earned == scheme.points_per_item for earned in points),
        omitted=sum(not choices.get(i) for i in range(len(items))),
        by_topic=by_topic,
        by_level=by_level,
    )
