"""What prizes compare: contestants for the special ones, units for the collective ones. All of it whole numbers.

`quiz.core.awards` gives the prizes; here stands only what makes one contestant or unit come before another.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from quiz.core.prizes import CollectivePrize, Measure, Merit, SpecialPrize


@dataclass(frozen=True, slots=True)
class Contestant:
    """What prizes ask of one ranked contestant.

    `scope` is what main prizes are counted in, `ranked_in` what the rank counts within, `points` hundredths,
    `unit` the unit that collective prizes count the contestant under, `position` the line of the ranking: nothing of
    a prize depends on it, but equals are listed by it.
    """

    entry: int
    scope: str
    ranked_in: str
    rank: int
    points: int
    unit: int | None = None
    birth_date: date | None = None
    is_woman: bool = False
    topic_points: Mapping[str, int] = field(default_factory=dict)
    part_points: Mapping[str, int] = field(default_factory=dict)
    position: int = 0


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """What collective prizes ask of one unit in the first stage of the contest: its cells, how many of them had
    somebody hand in, and how many people handed in."""

    unit: int
    cells: int = 0
    sending: int = 0
    contestants: int = 0


class Figure(NamedTuple):
    """What a unit is compared by, and what is shown of it: a numerator and a denominator (0: the first alone)."""

    strength: Any
    over: int
    under: int


def special_strengths(prize: SpecialPrize, people: Sequence[Contestant]) -> dict[int, Any]:
    """Return what each contestant fit for a special prize is compared by, the greater the better."""
    overall = _overall(people)
    fit = [one for one in people if one.points >= prize.min_points]
    if prize.merit in (Merit.OLDEST, Merit.YOUNGEST):
        sign = -1 if prize.merit is Merit.OLDEST else 1
        return {one.entry: sign * one.birth_date.toordinal() for one in fit if one.birth_date is not None}
    if prize.merit in (Merit.BEST_TOPIC, Merit.BEST_PART):
        scored = points_compared(prize, fit)
        return {entry: (points, overall[entry]) for entry, points in scored.items() if points > 0}
    if prize.merit is Merit.BEST_WOMAN:
        return {one.entry: overall[one.entry] for one in fit if one.is_woman}
    return {one.entry: 0 for one in fit} if prize.merit is Merit.EVERYONE else {}


def points_compared(prize: SpecialPrize, people: Sequence[Contestant]) -> dict[int, int]:
    """Return by entry the hundredths of a point in the topic or the part a prize is for; nothing for other prizes."""
    if prize.merit is Merit.BEST_TOPIC:
        return {one.entry: one.topic_points.get(prize.topic, 0) for one in people}
    if prize.merit is Merit.BEST_PART:
        return {one.entry: one.part_points.get(prize.part, 0) for one in people}
    return {}


def _overall(people: Sequence[Contestant]) -> dict[int, int]:
    """Return what compares contestants over the whole round: ranks where all were ranked together, else points."""
    together = len({one.ranked_in for one in people}) <= 1
    return {one.entry: -one.rank if together else one.points for one in people}


def unit_figures(
    prize: CollectivePrize,
    units: Sequence[UnitFigures],
    people: Sequence[Contestant],
    won: Mapping[int, Sequence[int]],
) -> dict[int, Figure]:
    """Return the figure of each unit fit for a collective prize; `won` counts each unit's main prizes, the highest
    first.

    Of equal rates the unit with more cells comes first; of as many winners the one with more of the highest prize.
    """
    points: dict[int, list[int]] = defaultdict(list)
    for one in people:
        if one.unit is not None:
            points[one.unit].append(one.points)
    return {
        one.unit: figure
        for one in units
        if (figure := _figure(prize, one, points[one.unit], won.get(one.unit, ()))) is not None
    }


def _figure(
    prize: CollectivePrize, unit: UnitFigures, points: list[int], won: Sequence[int]
) -> Figure | None:
    """Return the figure of one unit, None when it is too small or has nothing to compare."""
    if prize.measure is Measure.PARTICIPATION:
        if not unit.sending or unit.cells < max(prize.min_size, 1):
            return None
        return Figure((Fraction(unit.sending, unit.cells), unit.sending), unit.sending, unit.cells)
    if prize.measure is Measure.CONTESTANTS:
        large = unit.contestants >= max(prize.min_size, 1)
        return Figure(unit.contestants, unit.contestants, 0) if large else None
    if len(points) < prize.min_size:
        return None
    if prize.measure is Measure.WINNERS:
        return Figure((sum(won), *won), sum(won), 0) if any(won) else None
    best = sorted(points, reverse=True)[: prize.best]
    return Figure(sum(best), sum(best), prize.best) if len(best) == prize.best > 0 else None
