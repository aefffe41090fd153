"""Who ranks above whom: points first, then the declared tie-breaks in order, never a row id.

Ranks are standard competition ranks: equal standings share a rank and the next are skipped (1, 2, 2, 4).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple


class TieBreak(StrEnum):
    """A criterion the board may declare; each compares one whole number."""

    APPLY_POINTS = "apply_points"  # points on items of level "apply"; more is better
    UNDERSTAND_POINTS = "understand_points"  # likewise for "understand"
    CORRECT = "correct"  # items fully right; more is better
    TIME_USED = "time_used"  # whole seconds from start to hand-in; fewer is better
    EARLIER_SUBMISSION = "earlier_submission"  # instant of hand-in in whole seconds; earlier is better


PART = "part:"  # a criterion that is no TieBreak is this and the name of a part: the points earned in it

LESS_IS_BETTER = frozenset({TieBreak.TIME_USED, TieBreak.EARLIER_SUBMISSION})


@dataclass(frozen=True, slots=True)
class Score:
    """What ranking knows of one contestant: points in hundredths and the value of each criterion."""

    entry: int
    points: int
    values: Mapping[str, int]


class Comparison(NamedTuple):
    """One criterion that had to be looked at: the own value, and how many of those still level it put ahead
    of this score or behind it."""

    criterion: str
    value: int
    ahead: int
    behind: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rank is what it is: `ahead` have more points, `equal_points` others have as many; `decided_by`
    are the comparisons that were needed, in order; `shared_with` others stay level to the end.

    The rank is always 1 + `ahead` + the sum of `ahead` over `decided_by`.
    """

    ahead: int
    equal_points: int
    decided_by: tuple[Comparison, ...]
    shared_with: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A score with its rank and the explanation of that rank."""

    entry: int
    rank: int
    points: int
    explanation: Explanation


def criterion_of(text: str) -> str:
    """Return the criterion kept as `text`; raise ValueError if it is none."""
    return text if text.startswith(PART) and text != PART else TieBreak(text)


def _sort_value(score: Score, criterion: str) -> int:
    value = score.values[criterion]
    return -value if criterion in LESS_IS_BETTER else value


def strength(score: Score, tie_breaks: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers that order a score, the greater the better."""
    return (score.points, *(_sort_value(score, criterion) for criterion in tie_breaks))


def best_attempt(scores: Iterable[Score], tie_breaks: Sequence[str]) -> Score:
    """Return the attempt that counts where several are allowed: the strongest, of equals the earliest.

    What judges gave is no attempt's own, so a criterion that names a part is passed over.
    """
    own = [criterion for criterion in tie_breaks if not criterion.startswith(PART)]
    order = (*own, TieBreak.EARLIER_SUBMISSION)
    return max(scores, key=lambda score: strength(score, order))


def rank(scores: Iterable[Score], tie_breaks: Sequence[str]) -> list[Standing]:
    """Return the standings, best first; sharers are listed by entry only to make the list stable to read."""
    by_entry = sorted(scores, key=lambda score: score.entry)
    ordered = sorted(by_entry, key=lambda score: strength(score, tie_breaks), reverse=True)
    standings: list[Standing] = []
    for _, equals in groupby(ordered, key=lambda score: score.points):
        level = list(equals)
        ahead = len(standings)
        for sharers, compared in _told_apart(level, tie_breaks):
            place = len(standings) + 1
            why = Explanation(ahead, len(level) - 1, compared, len(sharers) - 1)
            standings += [Standing(score.entry, place, score.points, why) for score in sharers]
    return standings


def rank_within(
    scores: Iterable[Score], scope_of: Mapping[int, str], tie_breaks: Sequence[str]
) -> dict[str, list[Standing]]:
    """Return the standings of each scope, ranked apart; `scope_of` names each entry's scope.

    Entries missing from `scope_of` (withdrawn, disqualified) get no standing and push nobody down.
    """
    scopes: dict[str, list[Score]] = {}
    for score in scores:
        if score.entry in scope_of:
            scopes.setdefault(scope_of[score.entry], []).append(score)
    return {scope: rank(scopes[scope], tie_breaks) for scope in sorted(scopes)}


def _told_apart(
    level: Sequence[Score], tie_breaks: Sequence[str]
) -> Iterator[tuple[Sequence[Score], tuple[Comparison, ...]]]:
    """Yield who of `level` (best first) stay level to the end, group by group, and what parted them."""
    if len(level) == 1 or not tie_breaks:
        yield level, ()
        return
    criterion, *others = tie_breaks
    ahead = 0
    for value, group in groupby(level, key=lambda score: score.values[criterion]):
        still = list(group)
        compared = Comparison(str(criterion), value, ahead, len(level) - ahead - len(still))
        for sharers, later in _told_apart(still, others):
            yield sharers, (compared, *later)
        ahead += len(still)
