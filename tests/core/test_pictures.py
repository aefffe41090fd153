"""The numbers behind the pictures: every value once, and papers judged by what others made of the same items."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.pictures import (
    Answered,
    Expected,
    Sheet,
    facilities_of,
    histogram,
    running_counts,
    share_of_papers,
    spread_of,
    step_of,
    topic_cells,
)


def sheet(*items, unit=1):
    return Sheet(unit, 0, tuple(Answered(version, topic, share) for version, topic, share in items))


@given(st.lists(st.integers(0, 3000)), st.integers(1, 20))
def test_a_histogram_holds_every_value_once(values, classes):
    bars = histogram(values, 0, 3000, classes)
    assert len(bars) == classes and sum(bar.size for bar in bars) == len(values)
    assert bars[0].low == 0 and bars[-1].high == pytest.approx(3000)


def test_a_value_at_a_border_lies_in_the_upper_class_and_the_highest_in_the_last():
    assert [bar.size for bar in histogram([0, 300, 599, 600, 3000], 0, 3000, 10)] == [
        1,
        2,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
    ]


def test_values_that_are_all_equal_make_one_class():
    assert [bar.size for bar in histogram([5, 5], 5, 5, 1)] == [2]


def test_how_values_lie():
    spread = spread_of([2, 4, 4, 4, 5, 5, 7, 9])
    assert (spread.size, spread.mean, spread.deviation, spread.median) == (8, 5, 2, 4.5)
    assert (spread.lowest, spread.highest) == (2, 9)
    assert spread_of([]) is None and spread_of([3]).upper == 3


@given(st.lists(st.integers(0, 1000), min_size=1), st.integers(1, 50))
def test_counts_over_time_never_fall_and_end_with_everybody(offsets, points):
    found = running_counts(offsets, max(offsets), points)
    counts = [count for _at, count in found]
    assert counts == sorted(counts) and counts[-1] == len(offsets)
    assert all(count == sum(offset <= at for offset in offsets) for at, count in found)


def test_a_facility_without_oneself_counts_only_the_others():
    sheets = [sheet((1, "a", 1.0)), sheet((1, "a", 0.0)), sheet((1, "a", 0.5)), sheet((2, "a", 1.0))]
    facilities = facilities_of(sheets)
    assert facilities.of(1) == 0.5
    assert facilities.without(sheets[0].items[0]) == 0.25
    assert facilities.without(sheets[3].items[0]) is None
    assert facilities.expected(sheets[3]) is None
    assert facilities_of(sheets, least=3).without(sheets[0].items[0]) is None


def test_a_paper_of_easy_items_is_expected_to_bring_more():
    others = [sheet((1, "a", 1.0), (2, "a", 0.0)) for _ in range(4)]
    easy, hard = sheet((1, "a", 0.0)), sheet((2, "a", 1.0))
    facilities = facilities_of([*others, easy, hard])
    assert (facilities.expected(easy).share, facilities.expected(hard).share) == (1.0, 0.0)


def test_a_topic_is_compared_with_what_the_same_items_bring_elsewhere():
    weak = [sheet((1, "a", 0.0), (2, "b", 1.0), unit=1) for _ in range(2)]
    strong = [sheet((1, "a", 1.0), (2, "b", 1.0), unit=2) for _ in range(2)]
    cells = topic_cells(weak + strong, facilities_of(weak + strong))
    assert (cells[1, "a"].items, cells[1, "a"].earned) == (2, 0.0)
    assert cells[1, "a"].expected == pytest.approx(2 / 3)
    assert cells[1, "a"].difference < 0 < cells[2, "a"].difference
    assert cells[1, "b"].difference == cells[2, "b"].difference == 0


@pytest.mark.parametrize(
    "difference, step", [(0.0, 0), (0.049, 0), (0.05, 1), (0.1, 2), (-0.05, -1), (-0.3, -2), (-0.01, 0)]
)
def test_a_difference_counts_from_a_twentieth_and_much_from_a_tenth(difference, step):
    assert step_of(difference) == step


def test_papers_explain_the_more_the_more_they_differ():
    scores = [0.2, 0.4, 0.6, 0.8]
    assert share_of_papers([Expected(0.5, 0)] * 4, scores) == 0
    assert share_of_papers([Expected(one, 0) for one in scores], scores) == pytest.approx(1)
    assert share_of_papers([Expected(0.5, 0)], [0.5]) is None


def test_what_is_only_doubt_about_facilities_makes_no_difference_between_papers():
    alike = [Expected(0.5 + step, 0.01) for step in (-0.1, 0.1)]
    assert share_of_papers(alike, [0.2, 0.8]) == pytest.approx(0)
    sheets = [sheet((1, "a", share)) for share in (1.0, 0.0, 1.0, 0.0, 1.0)]
    expected = facilities_of(sheets).expected(sheets[0])
    assert (expected.share, expected.doubt) == (0.5, pytest.approx(0.25 / 4))


def test_papers_drawn_from_one_pool_come_out_alike_and_unequal_ones_do_not():
    chance = random.Random("papers")
    items = {version: chance.uniform(0.3, 0.9) for version in range(100)}

    def share_for(papers):
        sheets = [
            Sheet(1, 0, tuple(Answered(v, "a", float(chance.random() < items[v])) for v in paper))
            for paper in papers
        ]
        facilities = facilities_of(sheets)
        scores = [sum(item.share for item in one.items) / len(one.items) for one in sheets]
        return share_of_papers([facilities.expected(one) for one in sheets], scores)

    ranked = sorted(items, key=items.get)
    drawn = share_for([chance.sample(sorted(items), 30) for _ in range(100)])
    unequal = share_for([chance.sample(ranked[:50] if n % 2 else ranked[50:], 30) for n in range(100)])
    assert drawn < 0.2 < 0.5 < unequal
