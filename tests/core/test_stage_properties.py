"""A whole day on the stage, from sheets to ranks: what never matters, what comes back, what rounding may do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.joining import FULL_MARKS, shares, total
from quiz.core.judging import Averaging, Criterion, Judging, OnGap, PartPoints, Sheet, part_points
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part
from quiz.core.ranking import PART, Score, Standing, rank
from tests.core.chance import CHANCE

SEATS = (1, 2, 3, 4, 5)
PEOPLE = (11, 12, 13)
CAN_THO = OverTime(OverTimeRule.STEPS)  # less than a minute −0.25, from a minute −0.5
CUT_OFF = OverTime(OverTimeRule.CUT_OFF)  # Cần Thơ, situation: what is said after the limit is not scored
VINH_PHUC = OverTime(OverTimeRule.PER_MINUTE, per_minute=100)  # from a minute −1 a minute
PARTS = (
    Part("Giới thiệu", max_points=2000, weight=20, minutes=3, judging=Judging(judges=5, over_time=CAN_THO)),
    Part(
        "Tình huống", max_points=4000, weight=50, minutes=5,
        judging=Judging(judges=5, averaging=Averaging.DROP_EXTREMES, over_time=VINH_PHUC),
    ),
    Part(
        "Thuyết trình", max_points=4000, weight=30,
        judging=Judging(judges=5, gap=1500, on_gap=OnGap.HEAD, decimals=1),
    ),
)  # fmt: skip
TIE_BREAKS = (PART + "Tình huống", PART + "Giới thiệu")


class Mark(NamedTuple):
    """One judge's points for one contestant in one part: what a database keeps as a row."""

    person: int
    part: str
    seat: int
    points: int


class Day(NamedTuple):
    """Rows of marks, and by (person, part) the seconds on the clock and what the head judge decided."""

    marks: Sequence[Mark]
    seconds: Mapping[tuple[int, str], int]
    decided: Mapping[tuple[int, str], int]


PLACES = [(person, part) for person in PEOPLE for part in PARTS]


@st.composite
def days(draw: Any) -> Day:
    """A day on which every sheet was handed in; few different marks, so that ties and gaps are common."""
    size = len(PLACES) * 6  # drawn at once: number by number takes most of the time
    drawn = draw(st.binary(min_size=size, max_size=size))
    steps, seconds = drawn[len(PLACES) :], [2 * byte for byte in drawn[: len(PLACES)]]
    marks = [
        Mark(person, part.name, seat, steps[place * 5 + seat - 1] % 9 * part.max_points // 8)
        for place, (person, part) in enumerate(PLACES)
        for seat in SEATS
    ]
    keys = [(person, part.name) for person, part in PLACES]
    decided = {key: one * 5 for key, one in zip(keys, seconds, strict=True)}
    return Day(marks, dict(zip(keys, seconds, strict=True)), decided)


def results(day: Day, people: Iterable[int] = PEOPLE, parts: Sequence[Part] = PARTS) -> list[Standing]:
    """Return the ranking of a day."""
    scores = []
    for person in people:
        earned = {part.name: points_in(day, person, part).points or 0 for part in parts}
        added = shares(parts, earned, 0)
        assert added is not None
        values = {PART + name: points for name, points in earned.items()}
        scores.append(Score(person, total(added), values))
    return rank(scores, TIE_BREAKS)


def points_in(day: Day, person: int, part: Part) -> PartPoints:
    """Return what one contestant earns in one part."""
    key = (person, part.name)
    own = [Sheet(mark.seat, mark.points) for mark in day.marks if (mark.person, mark.part) == key]
    return part_points(part.judging, own, day.seconds[key] * 1000, part.minutes, day.decided[key])


# What never matters


@given(days(), CHANCE)
def test_no_order_of_rows_of_people_or_of_parts_changes_points_or_ranks(day, random):
    shuffled = day._replace(marks=random.sample(day.marks, len(day.marks)))
    assert results(shuffled) == results(day)
    assert results(day, random.sample(PEOPLE, len(PEOPLE)), random.sample(PARTS, len(PARTS))) == results(day)


@given(days(), st.permutations(SEATS))
def test_judges_who_change_seats_with_their_marks_change_no_points_and_no_rank(day, seats):
    moved = day._replace(marks=[mark._replace(seat=seats[mark.seat - 1]) for mark in day.marks])
    assert results(moved) == results(day)


@given(days(), st.permutations(PEOPLE))
def test_ranks_follow_the_marks_and_never_the_number_of_the_contestant(day, people):
    new = dict(zip(PEOPLE, people, strict=True))
    moved = Day(
        [mark._replace(person=new[mark.person]) for mark in day.marks],
        {(new[person], part): seconds for (person, part), seconds in day.seconds.items()},
        {(new[person], part): points for (person, part), points in day.decided.items()},
    )
    assert {new[one.entry]: one.rank for one in results(day)} == {
        one.entry: one.rank for one in results(moved)
    }


# What comes back exactly


@given(days(), st.lists(st.tuples(st.integers(0, 44), st.integers(0, 2000)), min_size=1, max_size=5))
def test_marks_taken_back_leave_points_ranks_and_reasons_as_they_were(day, slips):
    before, marks, undo = results(day), list(day.marks), []
    for place, points in slips:
        undo.append((place, marks[place]))
        marks[place] = marks[place]._replace(points=points)
    results(day._replace(marks=marks))
    for place, mark in reversed(undo):
        marks[place] = mark
    assert results(day._replace(marks=marks)) == before


@given(days(), st.integers(0, 44))
def test_a_sheet_taken_back_and_handed_in_again_as_the_last_restores_everything(day, place):
    mark = day.marks[place]
    without = day._replace(marks=[*day.marks[:place], *day.marks[place + 1 :]])
    part = next(part for part in PARTS if part.name == mark.part)
    assert points_in(without, mark.person, part).points is None, "a missing sheet is waited for"
    assert results(without._replace(marks=[*without.marks, mark])) == results(day)


# What rounding may do


def half_up(value: Fraction, decimals: int) -> int:
    """Round hundredths to decimals of a point by another way than the rule book's."""
    with localcontext() as context:
        context.prec = 60
        points = Decimal(value.numerator) / Decimal(value.denominator) / 100
        return int(points.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) * 100)


MARKS = st.lists(st.integers(0, 4000), min_size=5, max_size=5)


@given(MARKS, MARKS, st.integers(0, 2))
def test_unequal_averages_become_equal_only_within_the_declared_decimals(one, other, decimals):
    judging = Judging(judges=5, decimals=decimals)
    exact = [Fraction(sum(points), 5) for points in (one, other)]
    earned = [
        part_points(
            judging, [Sheet(seat, points) for seat, points in zip(SEATS, marks, strict=True)], None, 0
        )
        for marks in (one, other)
    ]
    first, second = (found.points for found in earned)
    assert [first, second] == [half_up(value, decimals) for value in exact]
    assert first == second or (exact[0] < exact[1]) == (first < second), "no two change places"
    assert first != second or abs(exact[0] - exact[1]) < 10 ** (2 - decimals), (
        "a whole step apart is told apart"
    )
    assert exact[0] != exact[1] or first == second, "equal averages stay equal"


@given(days(), days())
def test_totals_are_equal_only_where_the_exact_ones_agree_to_a_hundredth(day, other):
    found = []
    for one in (day, other):
        earned = {part.name: points_in(one, PEOPLE[0], part).points or 0 for part in PARTS}
        added = shares(PARTS, earned, 0)
        exact = sum(Fraction(earned[part.name] * part.weight * 100, part.max_points) for part in PARTS)
        assert total(added) == half_up(exact, 2)
        found.append((exact, total(added)))
    (exact, points), (other_exact, other_points) = found
    assert (points == other_points) or (points < other_points) == (exact < other_exact)
    assert points != other_points or abs(exact - other_exact) < 1


@given(days(), st.integers(0, 2), st.sampled_from(PARTS))
def test_every_part_has_points_of_the_declared_decimals_whoever_gave_them(day, decimals, part):
    part = replace(part, judging=replace(part.judging, decimals=decimals))
    points = points_in(day, PEOPLE[0], part).points
    assert points is not None and points % 10 ** (2 - decimals) == 0


# Worked examples: a part from its sheets and its clock to its points


def judged(judges: int, **settings: Any) -> Judging:
    return Judging((Criterion("Toàn phần", 10_000, 1),), judges, **settings)


TWICE = judged(2, gap=2000, on_gap=OnGap.THIRD)  # an official test regulation: 20 points of 100
DROPS = judged(5, averaging=Averaging.DROP_EXTREMES)


@pytest.mark.parametrize(
    ("what", "judging", "minutes", "marks", "seconds", "points"),
    [
        ("Cần Thơ, introduction in time", judged(3, over_time=CAN_THO), 3, (1800, 1750, 1825), 180, 1792),
        ("… 59 s over: 17.9166… − 0.25", judged(3, over_time=CAN_THO), 3, (1800, 1750, 1825), 239, 1767),
        ("… 60 s over: 17.9166… − 0.5", judged(3, over_time=CAN_THO), 3, (1800, 1750, 1825), 240, 1742),
        ("… sketch of 6 minutes, 1 s over", judged(5, over_time=CAN_THO), 6, (2000,) * 5, 361, 1975),
        ("… situation answer: no deduction", judged(3, over_time=CUT_OFF), 5, (900,) * 3, 400, 900),
        ("Vĩnh Phúc, 59 s over", judged(3, over_time=VINH_PHUC), 5, (1700, 1800, 1900), 359, 1800),
        ("… 60 s over", judged(3, over_time=VINH_PHUC), 5, (1700, 1800, 1900), 360, 1700),
        ("… 2 min 30 s over", judged(3, over_time=VINH_PHUC), 5, (1700, 1800, 1900), 450, 1600),
        ("two markers of 100, 19.5 apart", TWICE, 0, (7000, 8950), 0, 7975),
        ("… 20 apart, not marked a third time yet", TWICE, 0, (7000, 9000), 0, None),
        ("… the third marking decides", TWICE, 0, (7000, 9000, 7600), 0, 7600),
        ("five judges, extremes left out", DROPS, 0, (3100, 3450, 3500, 3600, 3950), 0, 3517),
    ],
)  # fmt: skip
def test_published_rules_give_the_points_worked_out_by_hand(what, judging, minutes, marks, seconds, points):
    sheets = [Sheet(seat, given_points) for seat, given_points in enumerate(marks, start=1)]
    assert part_points(judging, sheets, seconds * 1000, minutes).points == points, what


def test_a_faultless_day_is_worth_everything_and_all_share_the_first_rank():
    marks = [Mark(person, part.name, seat, part.max_points) for person, part in PLACES for seat in SEATS]
    keys = dict.fromkeys(((person, part.name) for person, part in PLACES), 0)
    assert [(one.rank, one.points) for one in results(Day(marks, keys, keys))] == [(1, FULL_MARKS)] * 3
