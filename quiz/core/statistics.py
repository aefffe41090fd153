"""How items did: facility and item–rest correlation, from sums that add up over rounds.

The facility index of an item is its mean score over its maximum score: high means easy (Crocker & Algina,
"Introduction to Classical and Modern Test Theory", 1986, ch. 5). How it tells strong from weak is the product-moment
correlation of its score with the score on the *rest* of the paper, the item itself left out, since an item always
agrees with itself (Henrysson, "Correction of item-total correlations in item analysis", Psychometrika 28, 1963). As
papers differ between candidates, the rest counts as a proportion of its maximum. One attempt counts per candidate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from math import sqrt

# From these on a figure is flagged; the limits of correlation are Ebel & Frisbie's ("Essentials of Educational
# Measurement", 5th ed. 1991, ch. 13) with 0.10 as the mark below which an item does not tell anybody apart.
LEAST_SAT = 20
HARD, EASY = 0.20, 0.95
WEAK = 0.10


class Flag(StrEnum):
    """What a reviewer should look into, the most pressing first."""

    WRONG_WAY = "wrong_way"
    WEAK = "weak"
    HARD = "hard"
    EASY = "easy"


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over attempts, x the item's share of its points, y the rest's share of its points, both from 0 to 1."""

    sat: int = 0
    x: float = 0.0
    xx: float = 0.0
    y: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Tally)))


def tally_of(pairs: Iterable[tuple[float, float]]) -> Tally:
    """Return the sums of (item's share, rest's share) pairs, one pair an attempt."""
    sat, x, xx, y, yy, xy = 0, 0.0, 0.0, 0.0, 0.0, 0.0
    for item, rest in pairs:
        sat += 1
        x, xx = x + item, xx + item * item
        y, yy = y + rest, yy + rest * rest
        xy += item * rest
    return Tally(sat, x, xx, y, yy, xy)


def shares(
    points: Sequence[int], most: int, keyed: Sequence[bool] | None = None
) -> list[tuple[float, float]]:
    """Return for each place of a paper the item's and the rest's share of their points; `most` an item can earn.

    The rest is of the places that a key marks, those of `keyed` (None: all).
    """
    counts = [True] * len(points) if keyed is None else keyed
    total, items = sum(earned for earned, one in zip(points, counts, strict=False) if one), sum(counts)
    rests = [
        (total - one * earned, most * (items - one)) for earned, one in zip(points, counts, strict=False)
    ]
    return [
        (earned / most, over / under if under else 0.0)
        for earned, (over, under) in zip(points, rests, strict=True)
    ]


def facility(tally: Tally) -> float | None:
    """Return mean score ÷ maximum score, or None when nobody sat the item."""
    return tally.x / tally.sat if tally.sat else None


def item_rest_correlation(tally: Tally) -> float | None:
    """Return Pearson's correlation of item and rest, or None where one of them does not vary."""
    n = tally.sat
    var_x, var_y = n * tally.xx - tally.x**2, n * tally.yy - tally.y**2
    if min(var_x, var_y) <= 1e-9 * max(1, n * n):
        return None
    return max(-1.0, min(1.0, (n * tally.xy - tally.x * tally.y) / sqrt(var_x * var_y)))


def flag_of(tally: Tally) -> Flag | None:
    """Return what to look into; nothing while fewer than LEAST_SAT have sat the item."""
    mean, agreement = facility(tally), item_rest_correlation(tally)
    if mean is None or tally.sat < LEAST_SAT:
        return None
    if agreement is not None and agreement < 0:
        return Flag.WRONG_WAY
    if mean < HARD:
        return Flag.HARD
    if mean > EASY:
        return Flag.EASY
    return Flag.WEAK if agreement is not None and agreement < WEAK else None
