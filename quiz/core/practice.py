"""Practising: when a missed item comes again, which item comes next, and what a rehearsal draws. Instants are ms UTC.

A missed item comes again after a short rest, and after a longer one each time it is then answered right (the boxes of
S. Leitner, "So lernt man lernen", 1972). Answering right before the rest is over proves little and changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quiz.core.papers import Cell, PoolEntry, assemble, shuffled
from quiz.core.timing import MINUTE

HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE
RESTS = (10 * MINUTE, DAY, 3 * DAY, 7 * DAY)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer to an item, and when."""

    is_correct: bool
    at: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands with an item. `due_at` is when it comes again, None when there is nothing to come back to."""

    count: int = 0
    missed: int = 0
    last_at: int = 0
    due_at: int | None = None
    was_correct: bool = False

    def is_due(self, now: int) -> bool:
        """Tell whether the item was missed and its rest is over."""
        return self.due_at is not None and self.due_at <= now


NEVER = Standing()


@dataclass(frozen=True, slots=True)
class Practised:
    """An item as the choice of the next one sees it: its newest version and its topic."""

    version: int
    item: int
    topic: str


def standing_of(answers: Sequence[Answered]) -> Standing:
    """Return how somebody stands with an item after these answers, the oldest first."""
    step, due_at = 0, None
    for answer in answers:
        if not answer.is_correct:
            step, due_at = 0, answer.at + RESTS[0]
        elif due_at is not None and answer.at >= due_at:
            step += 1
            due_at = answer.at + RESTS[step] if step < len(RESTS) else None
    if not answers:
        return NEVER
    missed = sum(not answer.is_correct for answer in answers)
    return Standing(len(answers), missed, answers[-1].at, due_at, answers[-1].is_correct)


def due(items: Iterable[Practised], standings: Mapping[int, Standing], now: int) -> list[Practised]:
    """Return the missed items whose rest is over, the longest waiting first; standings are by item."""
    waiting = [item for item in items if standings.get(item.item, NEVER).is_due(now)]
    return sorted(waiting, key=lambda item: (standings[item.item].due_at or 0, item.item))


def next_item(items: Sequence[Practised], standings: Mapping[int, Standing], now: int) -> Practised | None:
    """Return what to ask now: a missed item whose rest is over, else a new one, else the one asked longest ago."""
    if waiting := due(items, standings, now):
        return waiting[0]
    return min(items, key=lambda item: standings.get(item.item, NEVER).last_at, default=None)


def drawn(items: Iterable[Practised], count: int, seed: str) -> list[int]:
    """Return `count` versions (fewer if there are not so many) drawn for `seed`, from as many topics as can be."""
    topics: dict[str, list[int]] = {}
    for item in items:
        topics.setdefault(item.topic, []).append(item.version)
    ranked = [
        (turn, version)
        for topic in topics.values()
        for turn, version in enumerate(shuffled(seed, "rehearsal", topic))
    ]
    in_turn = {turn: [version for t, version in ranked if t == turn] for turn, _ in ranked}
    order = [version for turn in sorted(in_turn) for version in shuffled(seed, "topics", in_turn[turn])]
    return order[:count]


def order_of(entry: PoolEntry, seed: str) -> tuple[int, ...]:
    """Return the authored options of an item in the order in which a paper with this seed shows them."""
    return assemble((Cell(entry.topic, entry.level, 1),), (entry,), seed)[0].order
