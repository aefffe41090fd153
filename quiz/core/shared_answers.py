"""Wrong answers that two papers share more often than chance gives.

The statistic is the number of questions that both answered wrong and in the same way. Counting matches among wrong
answers is Holland's ("Assessing unusual agreement between the incorrect answers of two examinees using the K-index",
ETS RR-96-7, 1996); the exact distribution of the count as a sum of unequal chances, the generalised binomial, is van
der Linden and Sotaridona's ("Detecting answer copying when the regular response process follows a known response
model", Journal of Educational and Behavioral Statistics 31, 2006). They estimate the chances from a response model,
which needs many hundreds of papers. Here they follow from the round itself: if nobody copied, those who got a question
wrong spread over its wrong answers in any order alike, so the chance that two of them meet is

    q = Σ c(c − 1) / n(n − 1)        c chose this wrong answer, n got the question wrong, the two themselves included

and the count of a pair is a sum of independent trials with these chances. This is a permutation test: nothing is
estimated, and where few got a question wrong q is near 1 or 0 and the question says little by itself.

It takes for granted that people who do not know spread alike, whoever they are, and independently from question to
question. Being taught the same mistake breaks that as copying does. As many pairs are compared, a chance is multiplied
by the number of those that could stand out at all (Tarone, "A modified Bonferroni method for discrete data",
Biometrics 46, 1990): a round of honest papers brings one sign or more at most once in twenty rounds.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

ALARM = 0.05  # chance that a round of honest papers brings any sign
LEAST_SHARED = (
    4  # the same wrong answers; with fewer nothing is reported, nor a pair compared that cannot have them
)
LARGEST_GROUP = 400  # papers; a larger group is not compared, so that the cost stays bounded

Wrong = Mapping[int, str]  # question → the wrong answer taken; what is right or blank is left out


@dataclass(frozen=True, slots=True)
class Pair:
    """Two papers: questions both have wrong, those answered alike, how many were to be expected, and the chance."""

    first: int
    second: int
    both_wrong: int
    same: tuple[int, ...]
    expected: float
    chance: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing found.

    `able` pairs could have stood out and `too_few` could not, whatever they shared; a chance counts `factor` times.
    `left_out` names the groups too large to compare.
    """

    pairs: list[Pair]
    able: int
    too_few: int
    factor: int
    left_out: list[int]


def chances_to_meet(papers: Iterable[Wrong]) -> dict[int, float]:
    """Return for each question how likely two of those who got it wrong took the same answer; of two or more."""
    taken: dict[int, Counter[str]] = defaultdict(Counter)
    for paper in papers:
        for question, answer in paper.items():
            taken[question][answer] += 1
    return {
        question: sum(c * (c - 1) for c in counts.values()) / (n * (n - 1))
        for question, counts in taken.items()
        if (n := counts.total()) > 1
    }


def at_least(chances: Sequence[float], count: int) -> float:
    """Return how likely at least `count` of independent trials with these chances succeed (Poisson binomial)."""
    if count <= 0:
        return 1.0
    below = [1.0] + [0.0] * (count - 1)  # below[k]: exactly k so far; what reaches `count` is dropped
    reached = 0.0
    for chance in chances:
        reached += below[-1] * chance
        for k in range(count - 1, 0, -1):
            below[k] += (below[k - 1] - below[k]) * chance
        below[0] *= 1 - chance
    return min(1.0, reached)


def compare(groups: Mapping[int, Sequence[int]], papers: Mapping[int, Wrong]) -> Comparison:
    """Return the pairs within each group that share too many wrong answers, the least likely first.

    `groups` holds papers by whoever may have sat together; how answers spread is taken from all papers.
    """
    meet = chances_to_meet(papers.values())
    found: list[Pair] = []
    least: list[float] = []  # the chance of sharing all, for every pair
    for group in groups.values():
        for first, second in combinations(group, 2) if len(group) <= LARGEST_GROUP else ():
            both = papers[first].keys() & papers[second].keys()
            least.append(prod(meet[question] for question in both) if len(both) >= LEAST_SHARED else 1.0)
            if least[-1] <= ALARM and (pair := _pair(first, second, sorted(both), papers, meet)):
                found.append(pair)
    factor, able = multiplicity(least)
    signs = sorted((pair for pair in found if pair.chance * factor <= ALARM), key=lambda pair: pair.chance)
    left_out = [key for key, group in groups.items() if len(group) > LARGEST_GROUP]
    return Comparison(signs, able, len(least) - able, factor, left_out)


def multiplicity(least: Iterable[float]) -> tuple[int, int]:
    """Return the smallest number by which chances may be multiplied, and how many pairs can then still stand out.

    `least` are the smallest chances the pairs can have; those that cannot stand out need not be counted.
    """
    in_order = sorted(least)
    factor = 1
    while (able := bisect_right(in_order, ALARM / factor)) > factor:
        factor += 1
    return factor, able


def _pair(
    first: int, second: int, both: list[int], papers: Mapping[int, Wrong], meet: Mapping[int, float]
) -> Pair | None:
    one, other = papers[first], papers[second]
    same = tuple(question for question in both if one[question] == other[question])
    chances = [meet[question] for question in both]
    expected = sum(chances)
    if len(same) < LEAST_SHARED or len(same) <= expected:  # no more than an average count is no small chance
        return None
    return Pair(first, second, len(both), same, expected, at_least(chances, len(same)))
