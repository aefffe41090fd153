"""From sheets to the points of a part: averages, extremes, gaps, missing judges, over-time, rounding."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.judging import (
    Averaging,
    Criterion,
    Judging,
    Missing,
    OnGap,
    Sheet,
    Waits,
    faults,
    from_dict,
    part_points,
    rounded,
    sheet_faults,
)
from quiz.core.over_time import OverTime, OverTimeRule
from tests.core.chance import CHANCE

MEAN_OF_5 = Judging(judges=5)
DROPS = Judging(judges=5, averaging=Averaging.DROP_EXTREMES)
TWO_MARKERS = Judging(judges=2, gap=2000, on_gap=OnGap.THIRD)  # S113: 20 points of 100
HEAD = Judging(judges=3, gap=500, on_gap=OnGap.HEAD)
STEPS = OverTime(OverTimeRule.STEPS)  # under a minute −0.25, from a minute −0.5


def sheets(*points: int) -> list[Sheet]:
    """Return the sheets of seats 1, 2, 3 …"""
    return [Sheet(seat, given_points) for seat, given_points in enumerate(points, start=1)]


# The average


@pytest.mark.parametrize(
    ("what", "judging", "given_points", "points", "dropped"),
    [
        ("five judges, plain mean", MEAN_OF_5, (1600, 1700, 1800, 1700, 1600), 1680, ()),
        ("a mean that does not divide is rounded half up", Judging(judges=3), (1000, 1000, 1001), 1000, ()),
        ("half a hundredth goes up", Judging(judges=2), (1000, 1001), 1001, ()),
        ("one decimal declared", Judging(judges=3, decimals=1), (1000, 1050, 1050), 1030, ()),
        ("no decimals declared", Judging(judges=2, decimals=0), (1050, 1050), 1100, ()),
        ("highest and lowest left out", DROPS, (1000, 1700, 1800, 1750, 2000), 1750, (1, 5)),
        ("all equal: one of each is left out", DROPS, (1500,) * 5, 1500, (1, 2)),
        ("two lowest: only one is left out", DROPS, (1000, 1000, 1600, 1600, 1900), 1400, (1, 5)),
        ("one judge", Judging(judges=1), (1234,), 1234, ()),
    ],
)
def test_the_average_is_what_the_rules_declare(what, judging, given_points, points, dropped):
    earned = part_points(judging, sheets(*given_points), None, 0)
    assert (earned.points, earned.dropped) == (points, dropped)


def test_too_few_sheets_leave_nothing_to_drop():
    judging = Judging(judges=5, averaging=Averaging.DROP_EXTREMES, missing=Missing.PRESENT)
    earned = part_points(judging, sheets(1000, 1700, 1800, 2000), None, 0)
    assert (earned.points, earned.dropped, earned.counted) == (1625, (), (1, 2, 3, 4))


# Judges who are missing


@pytest.mark.parametrize(
    ("missing", "given_points", "waits", "points"),
    [
        (Missing.WAIT, (1000, 2000), Waits.SHEETS, None),
        (Missing.PRESENT, (1000, 2000), None, 1500),
        (Missing.PRESENT, (), Waits.SHEETS, None),
        (Missing.WAIT, (1000, 2000, 3000), None, 2000),
    ],
)
def test_a_missing_sheet_is_waited_for_or_done_without_as_declared(missing, given_points, waits, points):
    earned = part_points(Judging(judges=3, missing=missing), sheets(*given_points), None, 0)
    assert (earned.waits, earned.points) == (waits, points)


# Marks that lie apart


@pytest.mark.parametrize(
    ("given_points", "waits", "points", "counted"),
    [
        ((7000, 8999), None, 8000, (1, 2)),  # 19.99 apart: the mean, 79.995 rounded half up
        ((7000, 9000), Waits.THIRD, None, ()),  # 20 apart: a third marking is needed
        ((7000, 9000, 8500), None, 8500, (3,)),  # and decides
        ((8000, 8500, 1000), None, 8250, (1, 2)),  # a third marking nobody needed counts for nothing
    ],
)
def test_two_markers_far_apart_need_a_third_who_decides(given_points, waits, points, counted):
    earned = part_points(TWO_MARKERS, sheets(*given_points), None, 0)
    assert (earned.waits, earned.points, earned.counted) == (waits, points, counted)
    assert earned.by_third is (counted == (3,)), "papers and pages say whose marking the points are"


def test_where_the_head_judge_decides_nothing_stands_before_that():
    apart = sheets(1000, 1400, 1500)
    waiting = part_points(HEAD, apart, None, 0)
    assert (waiting.waits, waiting.points, waiting.gap) == (Waits.HEAD, None, 500)
    decided = part_points(HEAD, apart, None, 0, decided=1350)
    assert (decided.points, decided.by_head, decided.counted) == (1350, True, ())


def test_a_decision_has_no_more_decimals_than_the_rules_declare():
    judging = Judging(judges=3, gap=500, on_gap=OnGap.HEAD, decimals=1)
    assert part_points(judging, sheets(1000, 1400, 1500), None, 0, decided=1325).points == 1330


def test_a_decision_is_of_no_account_where_the_marks_agree():
    assert part_points(HEAD, sheets(1000, 1400, 1499), None, 0, decided=2000).points == 1300


def test_a_gap_that_is_only_noticed_changes_nothing():
    earned = part_points(Judging(judges=2, gap=100), sheets(1000, 2000), None, 0)
    assert (earned.points, earned.gap) == (1500, 1000)


def test_a_slip_of_ten_points_is_seen_as_a_gap():
    judging = Judging(judges=5, gap=800)  # 38 keyed for 28 among judges who gave about 28
    earned = part_points(judging, sheets(2800, 2750, 3800, 2850, 2800), None, 0)
    assert earned.gap == 1050 and earned.gap >= judging.gap


# Over-time


def test_over_time_comes_off_the_average_and_never_below_zero():
    judging = Judging(judges=2, over_time=STEPS)
    assert part_points(judging, sheets(1600, 1700), 380_000, 5).points == 1600, "1 min 20 s over: −0.5"
    assert part_points(judging, sheets(20, 20), 380_000, 5).points == 0
    assert part_points(judging, sheets(1600, 1700), 380_000, 5).deducted == 50


# Properties

POINTS = st.lists(st.integers(0, 4000), min_size=1, max_size=9)
JUDGINGS = st.builds(
    Judging,
    judges=st.integers(1, 9),
    averaging=st.sampled_from(Averaging),
    drop_from=st.integers(3, 7),
    gap=st.integers(0, 3000),
    missing=st.sampled_from(Missing),
    over_time=st.builds(OverTime, st.sampled_from(OverTimeRule)),
    decimals=st.integers(0, 2),
)


@given(JUDGINGS, POINTS, st.integers(0, 900_000), CHANCE)
def test_the_order_of_the_sheets_is_of_no_account(judging, given_points, used, random):
    shuffled = random.sample(sheets(*given_points), len(given_points))
    assert part_points(judging, shuffled, used, 5) == part_points(judging, sheets(*given_points), used, 5)


@given(JUDGINGS, st.lists(st.integers(0, 4000), min_size=1, max_size=5))
def test_which_judge_gave_which_mark_changes_no_points(judging, given_points):
    judging = Judging(len(given_points) * (), len(given_points), judging.averaging, judging.drop_from)
    earned = {part_points(judging, sheets(*order), None, 0).points for order in permutations(given_points)}
    assert len(earned) == 1


@given(JUDGINGS, POINTS, st.integers(0, 4000))
def test_a_mark_taken_back_leaves_what_was_before(judging, given_points, other):
    before = part_points(judging, sheets(*given_points), None, 0)
    corrected = part_points(judging, [*sheets(*given_points)[:-1], Sheet(len(given_points), other)], None, 0)
    after = part_points(judging, sheets(*given_points), None, 0)
    assert after == before and (corrected == before or other != given_points[-1])


@given(JUDGINGS, POINTS, st.integers(0, 8), st.integers(0, 1000))
def test_a_higher_mark_never_lowers_the_points(judging, given_points, which, more):
    place = which % len(given_points)
    raised = [*given_points[:place], given_points[place] + more, *given_points[place + 1 :]]
    before, after = (
        part_points(judging, sheets(*points), None, 0).points for points in (given_points, raised)
    )
    assert before is None or after is None or after >= before


@given(st.fractions(0, 10_000), st.fractions(0, 10_000), st.integers(0, 2))
def test_rounding_turns_no_two_values_round_and_joins_only_neighbours(one, other, decimals):
    low, high = sorted((one, other))
    assert rounded(low, decimals) <= rounded(high, decimals)
    if high - low >= 10 ** (2 - decimals):
        assert rounded(low, decimals) < rounded(high, decimals)


@pytest.mark.parametrize(
    ("value", "decimals", "hundredths"),
    [
        (Fraction(1, 2), 2, 1),
        (Fraction(49, 100), 2, 0),
        (Fraction(1234), 1, 1230),
        (Fraction(1235), 1, 1240),
        (Fraction(1249), 0, 1200),
        (Fraction(1250), 0, 1300),
    ],
)
def test_rounding_is_half_up_to_the_declared_decimals(value, decimals, hundredths):
    assert rounded(value, decimals) == hundredths


# A sheet

SHEET = Judging(criteria=(Criterion("Nội dung", 1000, 50), Criterion("Phong cách", 525, 50)))


@pytest.mark.parametrize(
    ("marks", "at"),
    [
        ({"Nội dung": 950, "Phong cách": 500}, []),
        ({"Nội dung": 0, "Phong cách": 0}, []),
        ({"Nội dung": 1000, "Phong cách": 525}, []),  # the maximum may be given even between two steps
        ({"Nội dung": 950}, ["Phong cách"]),
        ({"Nội dung": 1050, "Phong cách": 500}, ["Nội dung"]),
        ({"Nội dung": -50, "Phong cách": 500}, ["Nội dung"]),
        ({"Nội dung": 925, "Phong cách": 500}, ["Nội dung"]),
        ({"Nội dung": 950, "Phong cách": 500, "Trang phục": 0}, ["Trang phục"]),
    ],
)
def test_a_sheet_is_whole_in_range_and_on_the_step(marks, at):
    assert [criterion for criterion, _ in sheet_faults(SHEET, marks)] == at


# The setting itself


@pytest.mark.parametrize(
    ("judging", "at"),
    [
        (Judging((Criterion("Nội dung", 2000),)), []),
        (Judging(), ["criteria"]),
        (Judging((Criterion("Nội dung", 1900),)), ["criteria"]),
        (Judging((Criterion("Nội dung", 1000), Criterion("Nội dung", 1000))), ["criteria"]),
        (Judging((Criterion("Nội dung", 2000, 0),)), ["criteria"]),
        (Judging((Criterion("Nội dung", 2000),), judges=0), ["judges"]),
        (
            Judging((Criterion("Nội dung", 2000),), averaging=Averaging.DROP_EXTREMES, drop_from=2),
            ["drop_from"],
        ),
        (
            Judging((Criterion("Nội dung", 2000),), judges=4, averaging=Averaging.DROP_EXTREMES),
            ["drop_from"],  # four never give the five sheets from which extremes are dropped
        ),
        (Judging((Criterion("Nội dung", 2000),), gap=2001), ["gap"]),
        (Judging((Criterion("Nội dung", 2000),), on_gap=OnGap.HEAD), ["gap"]),
        (Judging((Criterion("Nội dung", 2000),), gap=500, on_gap=OnGap.THIRD), ["gap"]),
        (Judging((Criterion("Nội dung", 2000),), decimals=3), ["decimals"]),
        (
            Judging((Criterion("Nội dung", 2000),), over_time=OverTime(OverTimeRule.STEPS, ())),
            ["steps"],
        ),
    ],
)
def test_a_judging_that_cannot_be_used_says_why(judging, at):
    assert [place for place, _ in faults(judging, 2000)] == at


@given(JUDGINGS)
def test_a_judging_comes_back_unchanged_from_the_json_it_is_kept_as(judging):
    import json
    from dataclasses import asdict

    assert from_dict(json.loads(json.dumps(asdict(judging)))) == judging
