"""The chi-square test of evenness, with the standard library only."""

import math
from collections.abc import Sequence

_PRECISION = 1e-15


def p_value(statistic: float, freedom: int) -> float:
    """Return how likely chance alone gives at least this statistic with so many degrees of freedom (1 or more)."""
    return _upper_gamma(freedom / 2, statistic / 2)


def evenness(counts: Sequence[int]) -> tuple[float, int]:
    """Return the statistic of these counts against equal ones, and its degrees of freedom."""
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 / expected for count in counts), len(counts) - 1


def _upper_gamma(shape: float, x: float) -> float:
    """Return the regularised upper incomplete gamma function Q(shape, x): a series for small x, else a fraction."""
    if x <= 0:
        return 1.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    return 1 - front * _series(shape, x) if x < shape + 1 else front * _fraction(shape, x)


def _series(shape: float, x: float) -> float:
    term = total = 1 / shape
    step = shape
    while abs(term) > _PRECISION * abs(total):
        step += 1
        term *= x / step
        total += term
    return total


def _fraction(shape: float, x: float) -> float:
    """Evaluate the continued fraction of the upper function from the front, as Lentz does."""
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / b
    value = d
    for step in range(1, 1000):
        a = -step * (step - shape)
        b += 2
        d = 1 / (a * d + b or tiny)
        c = b + a / c or tiny
        value *= d * c
        if abs(d * c - 1) < _PRECISION:
            break
    return value
