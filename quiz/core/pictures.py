"""The numbers behind the pictures of a round that is over: how points spread, when people came and went, which items
were hard, where topics are weak, and whether papers drawn at random were equally hard.

The expected score of a paper is what it would bring on average: the mean facility of its items (statistics.py), each
worked out from everybody else who had the item, so that nobody's own answers make the own paper look easy or hard.
A facility from n people is itself uncertain, by facility · (1 − facility) ÷ n; papers would seem to differ by that much
even if they were all alike, so it is taken off before papers are judged.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, quantiles
from typing import NamedTuple

# How much of the spread of scores the papers may explain before somebody should look: shares of the variance.
ALIKE, APART = 0.02, 0.10
LEAST_ITEMS = 10  # answers on a topic from which a unit's share says something
NEAR, FAR = 0.05, 0.10  # from which difference a unit counts as better or worse, and as much so


class Answered(NamedTuple):
    """One item of a paper: its version, its topic, and the share of its points that was earned, from 0 to 1."""

    version: int
    topic: str
    share: float


class Sheet(NamedTuple):
    """One attempt that counts: the unit it is shown under, its points in hundredths, and its items."""

    unit: int
    points: int
    items: tuple[Answered, ...]


class Bar(NamedTuple):
    """A class of a histogram: `low` ≤ value < `high`, the last one with its upper end."""

    low: float
    high: float
    size: int


class Spread(NamedTuple):
    """How values lie: their number, mean, deviation (÷ n), lowest, quartiles and highest."""

    size: int
    mean: float
    deviation: float
    lowest: float
    lower: float
    median: float
    upper: float
    highest: float


def histogram(values: Iterable[float], lowest: float, highest: float, classes: int) -> list[Bar]:
    """Return how many values lie in each of so many classes of equal width between the two ends."""
    width = (highest - lowest) / classes
    counts = [0] * classes
    for value in values:
        place = int((value - lowest) / width) if width else 0
        counts[min(max(place, 0), classes - 1)] += 1
    return [Bar(lowest + n * width, lowest + (n + 1) * width, count) for n, count in enumerate(counts)]


def spread_of(values: Sequence[float]) -> Spread | None:
    """Return how the values lie, None when there are none."""
    if not values:
        return None
    mean = fmean(values)
    deviation = sqrt(fmean((value - mean) ** 2 for value in values))
    lower, median, upper = quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
    return Spread(len(values), mean, deviation, min(values), lower, median, upper, max(values))


def running_counts(offsets: Iterable[int], until: int, points: int = 60) -> list[tuple[int, int]]:
    """Return (offset, how many came by then) at so many equal steps from 0 to `until`."""
    ordered, found, place = sorted(offsets), [], 0
    for step in range(points + 1):
        at = until * step // points
        while place < len(ordered) and ordered[place] <= at:
            place += 1
        found.append((at, place))
    return found


# --- items, topics, papers ----------------------------------------------------------------------------------------


class Expected(NamedTuple):
    """What a paper would bring on average as a share of its points, and the variance of that estimate."""

    share: float
    doubt: float


@dataclass(frozen=True, slots=True)
class Facilities:
    """How many had each item and the sum of what they earned of it; fewer than `least` others say nothing."""

    sums: Mapping[int, tuple[int, float]]
    least: int = 1

    def of(self, version: int) -> float:
        """Return the facility of an item: mean score ÷ maximum score."""
        sat, earned = self.sums[version]
        return earned / sat

    def without(self, item: Answered) -> float | None:
        """Return the facility of an item among all the others who had it, None when too few had."""
        sat, earned = self.sums[item.version]
        return (earned - item.share) / (sat - 1) if sat > self.least else None

    def expected(self, sheet: Sheet) -> Expected | None:
        """Return the expected score of a paper, None when too few had any item of it."""
        known = [
            (share, self.sums[item.version][0] - 1)
            for item in sheet.items
            if (share := self.without(item)) is not None
        ]
        if not known:
            return None
        doubt = sum(share * (1 - share) / others for share, others in known) / len(known) ** 2
        return Expected(fmean(share for share, _others in known), doubt)


def facilities_of(sheets: Iterable[Sheet], least: int = 1) -> Facilities:
    """Return the facility sums of all items on these papers."""
    sums: dict[int, tuple[int, float]] = {}
    for sheet in sheets:
        for item in sheet.items:
            sat, earned = sums.get(item.version, (0, 0.0))
            sums[item.version] = (sat + 1, earned + item.share)
    return Facilities(sums, least)


class TopicCell(NamedTuple):
    """How a unit did on a topic: items answered, the share earned, and the share these items bring elsewhere."""

    items: int
    earned: float
    expected: float

    @property
    def difference(self) -> float:
        """Return by how much of the points the unit did better (or worse, negative) than expected."""
        return self.earned - self.expected


def topic_cells(sheets: Iterable[Sheet], facilities: Facilities) -> dict[tuple[int, str], TopicCell]:
    """Return how each unit did on each topic, from items that somebody else had too."""
    sums: dict[tuple[int, str], tuple[int, float, float]] = {}
    for sheet in sheets:
        for item in sheet.items:
            expected = facilities.without(item)
            if expected is not None:
                count, earned, known = sums.get((sheet.unit, item.topic), (0, 0.0, 0.0))
                sums[sheet.unit, item.topic] = (count + 1, earned + item.share, known + expected)
    return {key: TopicCell(n, earned / n, expected / n) for key, (n, earned, expected) in sums.items()}


def share_of_papers(expected: Sequence[Expected], scores: Sequence[float]) -> float | None:
    """Return which share of the variance of scores comes from papers that differ; None without any variance."""
    papers, people = spread_of([one.share for one in expected]), spread_of(scores)
    if papers is None or people is None or not people.deviation:
        return None
    doubt = fmean(one.doubt for one in expected)
    return max(0.0, papers.deviation**2 - doubt) / people.deviation**2


def step_of(difference: float) -> int:
    """Return how far a share is from what was expected, from -2 (worse by a tenth of the points) to 2."""
    size = 2 if abs(difference) >= FAR else 1 if abs(difference) >= NEAR else 0
    return size if difference > 0 else -size
