"""What a round says of its items beyond quiz.core.statistics: who chose what, who came how far, how sure points are.

Upper and lower groups are the 27 % with the most and the fewest points on the *rest* of the paper (Kelley, "The
selection of upper and lower groups for the validation of test items", J. of Educational Psychology 30, 1939), taken
among those who had the item. Whoever is level with the last one in belongs to the group too, so that no order of rows
decides who does; where this leaves nobody between the groups apart there are none.

Reliability is coefficient alpha (Cronbach, Psychometrika 16, 1951), which for items that are right or wrong is
Kuder and Richardson's formula 20 (Psychometrika 2, 1937). It is defined for people who all answered the same items.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, sqrt

from quiz.core.statistics import LEAST_SAT, Flag, Tally, flag_of

GROUP = 0.27  # of those who had the item
IDLE = (
    0.05  # a distractor fewer take does no work (Haladyna & Downing, Educ. and Psych. Measurement 53, 1993)
)


@dataclass(frozen=True, slots=True)
class Taking:
    """One person at one item: points on the rest as a share, the authored options taken, and whether it was reached."""

    rest: float
    options: tuple[int, ...]
    is_reached: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """So many people, and how many of them took each authored option."""

    size: int = 0
    chosen: tuple[int, ...] = ()


def groups(takings: Sequence[Taking], option_count: int) -> tuple[Group, Group]:
    """Return the upper and the lower group; two empty ones where points do not part them."""
    size = ceil(GROUP * len(takings))
    if size < 1 or 2 * size > len(takings):
        return Group(), Group()
    ordered = sorted(taking.rest for taking in takings)
    least_of_upper, most_of_lower = ordered[-size], ordered[size - 1]
    if least_of_upper <= most_of_lower:
        return Group(), Group()
    upper = [taking for taking in takings if taking.rest >= least_of_upper]
    lower = [taking for taking in takings if taking.rest <= most_of_lower]
    return _group(upper, option_count), _group(lower, option_count)


def _group(takings: Sequence[Taking], option_count: int) -> Group:
    chosen = [0] * option_count
    for taking in takings:
        for option in taking.options:
            chosen[option] += 1
    return Group(len(takings), tuple(chosen))


def reached(answered: Collection[int], length: int, by_clock: bool) -> int:
    """Return how many places of a paper its candidate came to.

    All of them when the paper was handed in; when the clock or the board ended it, up to the last place answered.
    """
    return max(answered, default=-1) + 1 if by_clock else length


def variance(count: int, total: float, squares: float) -> float:
    """Return the variance of `count` numbers by their sum and the sum of their squares (of the group, ÷ n)."""
    return max(0.0, squares / count - (total / count) ** 2) if count else 0.0


def alpha(item_variances: Sequence[float], total_variance: float) -> float | None:
    """Return k/(k−1) · (1 − Σ item variances ÷ variance of the points); None for one item or equal points."""
    items = len(item_variances)
    if items < 2 or total_variance <= 1e-9:
        return None
    return items / (items - 1) * (1 - sum(item_variances) / total_variance)


def error_of_measurement(deviation: float, reliability: float) -> float:
    """Return the standard error of measurement, deviation · √(1 − reliability), in the unit of the deviation."""
    return deviation * sqrt(max(0.0, 1 - reliability))


# --- one item, looked at ------------------------------------------------------------------------------------------


class Remark(StrEnum):
    """What a reader should look into, the most pressing first."""

    KEY_DOUBT = "key_doubt"
    WRONG_WAY = "wrong_way"
    HARD = "hard"
    EASY = "easy"
    WEAK = "weak"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark and the authored options it is about."""

    remark: Remark
    options: tuple[int, ...] = ()


def findings(
    tally: Tally, key: Collection[int], chosen: Sequence[int], upper: Group, lower: Group
) -> list[Finding]:
    """Return what to look into at an item; nothing while fewer than LEAST_SAT have sat it."""
    if tally.sat < LEAST_SAT:
        return []
    found = []
    if doubted := _rivals(key, upper, lower):
        found.append(Finding(Remark.KEY_DOUBT, doubted))
    flag = flag_of(tally)
    if flag is not None and not (doubted and flag is Flag.WRONG_WAY):
        found.append(Finding(Remark(flag.value)))
    idle = tuple(place for place, count in enumerate(chosen) if place not in key and count < IDLE * tally.sat)
    return [*found, Finding(Remark.IDLE, idle)] if idle else found


def _rivals(key: Collection[int], upper: Group, lower: Group) -> tuple[int, ...]:
    """Return the distractors that more of the upper group took than some key, and more of it than of the lower."""
    if not upper.size or not lower.size or not key:
        return ()
    weakest = min(upper.chosen[place] for place in key)
    return tuple(
        place
        for place, count in enumerate(upper.chosen)
        if place not in key and count > weakest and count * lower.size > lower.chosen[place] * upper.size
    )


def difference(key: Collection[int], upper: Group, lower: Group) -> float | None:
    """Return the share of the upper group that took the key less that of the lower; None without groups or one key.

    The upper–lower index of discrimination, D (Johnson 1951; limits by Ebel & Frisbie 1991).
    """
    if not upper.size or not lower.size or len(key) != 1:
        return None
    (place,) = key
    return upper.chosen[place] / upper.size - lower.chosen[place] / lower.size


def most_pressing(found: Sequence[Finding]) -> int:
    """Return the number by which items are listed, those to look into first."""
    order = list(Remark)
    return min((order.index(finding.remark) for finding in found), default=len(order))
