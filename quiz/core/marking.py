"""Applying the key. Points are ints in hundredths; a choice is the set of option places taken on the paper.

Re-marking is this same function over the same stored responses with the corrected key. An item that was struck out
earns the share of its points that the rest of its paper earned, so that papers with and without it compare alike and
the maximum stays the same for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Choice = frozenset[int]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one item earns points: all of `points_per_item` or nothing, or `partial` marks for several keys."""

    points_per_item: int = 100
    partial: bool = False


class Treatment(StrEnum):
    """How an item is marked: by its key, right for everybody, or struck out."""

    BY_KEY = "by_key"
    GIVEN = "given"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """One place of a paper as marking needs it: its key as places on the paper, and its blueprint axes.

    `also` is another key that counts as right beside it, where a correction lets both stand.
    """

    key: Choice
    option_count: int
    topic: str
    level: str
    also: Choice = frozenset()
    treatment: Treatment = Treatment.BY_KEY


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
    """Return the points one response earns; an omitted item earns nothing unless it is given to everybody.

    With partial marks an item with several keys earns the share of its keys that were taken less the share of
    its distractors that were taken, never below zero, cut down to a whole hundredth. So taking every option
    earns nothing, as taking none does.
    """
    if item.treatment is Treatment.GIVEN:
        return scheme.points_per_item
    if not choice:
        return 0
    earned = _by_key(item.key, item.option_count, choice, scheme)
    return max(earned, _by_key(item.also, item.option_count, choice, scheme)) if item.also else earned


def _by_key(key: Choice, option_count: int, choice: Choice, scheme: Scheme) -> int:
    if choice == key:
        return scheme.points_per_item
    if not scheme.partial or len(key) < 2:
        return 0
    keys = len(key)
    distractors = option_count - keys or 1  # where every option is a key there is nothing wrong to take
    share = len(choice & key) * distractors - len(choice - key) * keys
    return max(0, share) * scheme.points_per_item // (keys * distractors)


def mark(items: Sequence[MarkedItem], choices: Mapping[int, Choice], scheme: Scheme) -> Marks:
    """Return the marks of an attempt; `choices` maps a 0-based position to what was chosen there."""
    points = _points(items, choices, scheme)
    by_topic: dict[str, int] = {}
    by_level: dict[str, int] = {}
    for item, earned in zip(items, points, strict=True):
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


def _points(items: Sequence[MarkedItem], choices: Mapping[int, Choice], scheme: Scheme) -> list[int]:
    """Return the points by place; one struck out gets its share of the rest, in whole hundredths, cut down."""
    points = [mark_item(item, choices.get(place, frozenset()), scheme) for place, item in enumerate(items)]
    void = [place for place, item in enumerate(items) if item.treatment is Treatment.VOID]
    if void:
        most = scheme.points_per_item * (len(items) - len(void))
        rest = sum(points) - sum(points[place] for place in void)
        share = scheme.points_per_item * rest // most if most else scheme.points_per_item
        for place in void:
            points[place] = share
    return points
