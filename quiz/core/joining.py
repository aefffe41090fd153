"""One result of several parts (R45): what each part adds to the total, by its declared weight.

The total is out of 100 points. A part adds its weight times the share of its points that was earned; where the
maximum points of the parts are their weights, that is the plain sum. The sum is exact and rounded once, half up, to
a hundredth, so the sheets, the ranking and the minutes always add up to the same.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from quiz.core.judging import rounded
from quiz.core.parts import WHOLE, Part

FULL_MARKS = WHOLE * 100  # hundredths


class Share(NamedTuple):
    """What one part adds: points earned of its maximum and what they come to in the total, all hundredths."""

    part: str
    points: int
    max_points: int
    weight: int
    adds: Fraction


class Evidence(NamedTuple):
    """How a judged part came to its points, as an edition keeps it: what each seat gave, which seats count, the sum of
    those, what was taken off for the time used (ms, None: not timed). `by_head`: the head judge decided the sum;
    `by_third`: it is that of a third marking."""

    part: str
    marks: tuple[tuple[int, int], ...]
    counted: tuple[int, ...]
    sum: int
    deducted: int
    used: int | None
    by_head: bool = False
    absent: bool = False
    by_third: bool = False

    @property
    def mean(self) -> int | None:
        """Return the mean of the seats that count, to a hundredth; the decision where the head judge decided."""
        if self.by_head:
            return self.sum
        return rounded(Fraction(self.sum, len(self.counted)), 2) if self.counted else None


def evidence_from(data: Mapping[str, Any]) -> Evidence:
    """Return the evidence kept as JSON."""
    marks = tuple((seat, points) for seat, points in data["marks"])
    return Evidence(**{**data, "marks": marks, "counted": tuple(data["counted"])})


def adds(points: int, weight: int, most: int) -> int:
    """Return what `points` of `most` add to the total by a weight, as shown: to a hundredth."""
    return rounded(Fraction(points * weight * 100, most), 2)


def shares(parts: Sequence[Part], earned: Mapping[str, int], paper_points: int) -> tuple[Share, ...] | None:
    """Return what each part adds, in order, or None while a part has no points yet.

    `earned` is by name of part, hundredths; `paper_points` the maximum of the online paper.
    """
    if any(part.name not in earned for part in parts):
        return None
    return tuple(_share(part, earned[part.name], part.max_points or paper_points) for part in parts)


def _share(part: Part, points: int, most: int) -> Share:
    return Share(part.name, points, most, part.weight, Fraction(points * part.weight * 100, most))


def total(added: Sequence[Share]) -> int:
    """Return the points of all parts together, hundredths, out of FULL_MARKS."""
    return rounded(sum((share.adds for share in added), Fraction(0)), 2)
