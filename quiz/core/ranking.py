"""Who ranks above whom: points first, then the declared tie-breaks in order, never a row id.

Ranks are standard competition ranks: equal standings share a rank and the next ranks are skipped (1, 2, 2, 4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class TieBreak(StrEnum):
    """A criterion the board may declare; each compares one whole number."""

    APPLY_POINTS = "apply_points"  # points on items of level "apply"; more is better
    UNDERSTAND_POINTS = "understand_points"  # likewise for "understand"
    CORRECT = "correct"  # items fully right; more is better
    TIME_USED = "time_used"  # whole seconds from start to hand-in; fewer is better
    EARLIER_SUBMISSION = "earlier_submission"  # instant of hand-in in whole seconds; earlier is better


LESS_IS_BETTER = frozenset({TieBreak.TIME_USED, TieBreak.EARLIER_SUBMISSION})


@dataclass(frozen=True, slots=True)
class Score:
    """What ranking knows of one contestant: points in hundredths and the value of each criterion."""

    entry: int
    points: int
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rank is what it is: `ahead` have more points, `equal_points` others have as many;
    `decided_by` are the criteria that had to be looked at, each with the own value and how many of those
    still level it put ahead or behind; `shared_with` others stay level to the end."""

    ahead: int
    equal_points: int
    decided_by: tuple[tuple[str, int, int, int], ...]
    shared_with: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A score with its rank and the explanation of that rank."""

    entry: int
    rank: int
    points: int
    explanation: Explanation


def _sort_value(score: Score, criterion: TieBreak) -> int:
    value = score.values[criterion]
    return -value if criterion in LESS_IS_BETTER else value


def strength(score: Score, tie_breaks: Sequence[TieBreak]) -> tuple[int, ...]:
    """Return the numbers that order a score, the greater the better."""
    return (score.points, *(_sort_value(score, criterion) for criterion in tie_breaks))


def best_attempt(scores: Iterable[Score], tie_breaks: Sequence[TieBreak]) -> Score:
    """Return the attempt that counts where several are allowed: the strongest, the earliest handed in of equals."""
    order = (*tie_breaks, TieBreak.EARLIER_SUBMISSION)
    return max(scores, key=lambda score: strength(score, order))


def rank(scores: Iterable[Score], tie_breaks: Sequence[TieBreak]) -> list[Standing]:
    """Return the standings, best first; among sharers the order is by entry only so that it is stable to read."""
    scores = list(scores)
    ordered = sorted(scores, key=lambda s: (tuple(-n for n in strength(s, tie_breaks)), s.entry))
    by_points: dict[int, list[Score]] = {}
    for score in ordered:
        by_points.setdefault(score.points, []).append(score)
    standings: list[Standing] = []
    previous: tuple[int, ...] | None = None
    place, ahead = 0, 0
    for position, score in enumerate(ordered, start=1):
        own = strength(score, tie_breaks)
        if own != previous:
            place = position
        if previous is None or own[0] != previous[0]:
            ahead = position - 1
        previous = own
        explanation = _explain(score, by_points[score.points], ahead, tie_breaks)
        standings.append(Standing(score.entry, place, score.points, explanation))
    return standings


def _explain(score: Score, equals: Sequence[Score], ahead: int, tie_breaks: Sequence[TieBreak]) -> Explanation:
    level = [other for other in equals if other.entry != score.entry]
    equal_points = len(level)
    decided = []
    for criterion in tie_breaks:
        if not level:
            break
        own = _sort_value(score, criterion)
        better = sum(_sort_value(other, criterion) > own for other in level)
        still = [other for other in level if _sort_value(other, criterion) == own]
        decided.append((str(criterion), score.values[criterion], better, len(level) - better - len(still)))
        level = still
    return Explanation(ahead, equal_points, tuple(decided), len(level))
