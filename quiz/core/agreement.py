"""What the board may ask of its judges: how severe, how spread, how much they agree. For the board only, never ranked.

Only performances that every judge of the panel marked are compared. Figures are exact fractions or floats of them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt

FEWEST = 3  # performances; of fewer an order says nothing


class Agreement(StrEnum):
    """How a W reads (R. C. Schmidt, "Managing Delphi surveys using nonparametric statistical techniques", Decision
    Sciences 28, 1997: from 0.7 strong, from 0.5 moderate)."""

    STRONG = "strong"
    MODERATE = "moderate"
    WEAK = "weak"


def reading(w: Fraction) -> Agreement:
    """Return how a W reads."""
    if w >= Fraction(7, 10):
        return Agreement.STRONG
    return Agreement.MODERATE if w >= Fraction(1, 2) else Agreement.WEAK


@dataclass(frozen=True, slots=True)
class JudgeFigures:
    """One judge: `severity` is how far the own marks lie from the panel's mean on average (hundredths, below 0 is
    stricter), `spread` the standard deviation of the own marks (hundredths, over n), `marked` how many."""

    seat: int
    severity: Fraction
    spread: float
    marked: int


def figures(marks: Mapping[int, Sequence[int]]) -> list[JudgeFigures]:
    """Return the figures of each judge; `marks` maps a seat to the points given, performance by performance."""
    _, columns = _table(marks)
    means = [Fraction(sum(column), len(column)) for column in columns]
    return [_of_one(seat, marks[seat], means) for seat in sorted(marks)]


def _of_one(seat: int, given: Sequence[int], means: Sequence[Fraction]) -> JudgeFigures:
    if not given:
        return JudgeFigures(seat, Fraction(0), 0.0, 0)
    severity = sum((points - mean for points, mean in zip(given, means, strict=True)), Fraction(0)) / len(
        given
    )
    own = Fraction(sum(given), len(given))
    variance = sum(((points - own) ** 2 for points in given), Fraction(0)) / len(given)
    return JudgeFigures(seat, severity, sqrt(variance), len(given))


def kendall_w(marks: Mapping[int, Sequence[int]]) -> Fraction | None:
    """Return Kendall's coefficient of concordance, corrected for ties: 1 when all judges put the performances in
    the same order, 0 when their orders have nothing in common; None where it is not defined.

    W = 12 S / (m² (n³ − n) − m T) for m judges and n performances; S is the sum of squared deviations of the rank
    sums from their mean, T the sum of t³ − t over groups of t equal marks of one judge (M. G. Kendall and
    B. Babington Smith, "The problem of m rankings", Annals of Mathematical Statistics 10, 1939; ties: Kendall,
    Rank Correlation Methods).
    """
    rows, columns = _table(marks)
    m, n = len(rows), len(columns)
    if m < 2 or n < FEWEST:
        return None
    ranks = [_ranks(row) for row in rows]
    sums = [sum(column, Fraction(0)) for column in zip(*ranks, strict=True)]
    mean = sum(sums, Fraction(0)) / n
    ties = sum(size**3 - size for row in rows for size in Counter(row).values())
    under = m * m * (n**3 - n) - m * ties
    return 12 * sum(((one - mean) ** 2 for one in sums), Fraction(0)) / under if under else None


def _table(marks: Mapping[int, Sequence[int]]) -> tuple[list[Sequence[int]], list[tuple[int, ...]]]:
    rows = [marks[seat] for seat in sorted(marks)]
    return rows, list(zip(*rows, strict=True))


def _ranks(row: Sequence[int]) -> list[Fraction]:
    """Return the rank of each mark, 1 for the highest; equal marks share the mean of the ranks they take up."""
    above = {mark: sum(other > mark for other in row) for mark in set(row)}
    count = Counter(row)
    return [above[mark] + Fraction(count[mark] + 1, 2) for mark in row]
