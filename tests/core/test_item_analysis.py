"""Who chose what, on figures worked out by hand."""

import pytest

from quiz.core.item_analysis import (
    Finding,
    Group,
    Remark,
    Taking,
    alpha,
    difference,
    error_of_measurement,
    findings,
    groups,
    most_pressing,
    reached,
    variance,
)
from quiz.core.statistics import Tally, tally_of


def people(*options: int) -> list[Taking]:
    """One person for each option, the strongest on the rest first."""
    return [Taking(1 - place / 100, (option,)) for place, option in enumerate(options)]


def test_the_groups_are_the_best_and_the_worst_twenty_seven_percent():
    upper, lower = groups(people(1, 1, 0, 2, 2, 2, 2, 3, 3, 0), 4)
    assert upper == Group(3, (1, 2, 0, 0))
    assert lower == Group(3, (1, 0, 0, 2))


def test_whoever_is_level_with_the_last_one_in_belongs_to_the_group_in_any_order():
    level = [Taking(0.9, (1,))] * 4 + [Taking(0.5, (0,))] * 3 + [Taking(0.2, (2,))] * 3
    assert groups(level, 3) == groups(level[::-1], 3) == (Group(4, (0, 4, 0)), Group(3, (0, 0, 3)))


@pytest.mark.parametrize("takings", [[], people(1), [Taking(0.5, (0,))] * 30])
def test_where_points_do_not_part_people_there_are_no_groups(takings):
    assert groups(takings, 4) == (Group(), Group())


@pytest.mark.parametrize(
    "answered, by_clock, came_to",
    [({0, 1, 2}, True, 3), ({0, 4}, True, 5), (set(), True, 0), ({0}, False, 10), (set(), False, 10)],
)
def test_what_is_blank_at_the_end_was_not_reached_when_the_clock_ended_the_paper(answered, by_clock, came_to):
    assert reached(answered, 10, by_clock) == came_to


def test_alpha_of_right_and_wrong_is_kuder_richardson_20():
    # Four people, three items: 111, 110, 100, 000. p = ¾, ½, ¼; Σpq = 0.625; points 3 2 1 0, variance 1.25.
    pq = [variance(4, right, right) for right in (3, 2, 1)]
    assert pq == pytest.approx([0.1875, 0.25, 0.1875])
    assert alpha(pq, variance(4, 6, 14)) == pytest.approx(3 / 2 * (1 - 0.625 / 1.25))


@pytest.mark.parametrize("variances, total", [([], 1.0), ([0.25], 0.25), ([0.0, 0.0], 0.0)])
def test_alpha_is_undefined_for_one_item_or_equal_points(variances, total):
    assert alpha(variances, total) is None


def test_the_error_of_measurement_is_nothing_where_points_are_sure():
    assert error_of_measurement(4.0, 1.0) == 0
    assert error_of_measurement(4.0, 0.75) == pytest.approx(2.0)


def sat(right: int, wrong: int) -> Tally:
    return tally_of(
        [(1, 0.9 + n % 2 / 50) for n in range(right)] + [(0, 0.4 + n % 2 / 50) for n in range(wrong)]
    )


SOUND = (sat(15, 15), (0,), [15, 5, 5, 5], Group(9, (8, 1, 0, 0)), Group(9, (2, 2, 3, 2)))


@pytest.mark.parametrize(
    "tally, key, chosen, upper, lower, found",
    [
        (*SOUND, []),
        (SOUND[0], (2,), [15, 5, 5, 5], *SOUND[3:], [Finding(Remark.KEY_DOUBT, (0,))]),
        (tally_of([(0, 0.9)] * 15 + [(1, 0.4)] * 15), (2,), [15, 5, 5, 5], *SOUND[3:],
         [Finding(Remark.KEY_DOUBT, (0,))]),
        (SOUND[0], (0,), [29, 1, 0, 0], *SOUND[3:], [Finding(Remark.IDLE, (1, 2, 3))]),
        (sat(2, 30), (0,), [2, 10, 10, 10], Group(), Group(), [Finding(Remark.HARD)]),
        (sat(10, 9), (2,), [15, 5, 5, 5], *SOUND[3:], []),
    ],
)  # fmt: skip
def test_what_a_reader_should_look_into(tally, key, chosen, upper, lower, found):
    assert findings(tally, key, chosen, upper, lower) == found


def test_a_distractor_that_draws_the_weak_more_than_the_strong_does_not_put_the_key_in_doubt():
    upper, lower = Group(9, (3, 4, 1, 1)), Group(9, (1, 6, 1, 1))
    assert findings(SOUND[0], (0,), [9, 9, 6, 6], upper, lower) == []


@pytest.mark.parametrize(
    "key, upper, lower, d",
    [
        ((0,), Group(10, (9, 1)), Group(10, (4, 6)), 0.5),
        ((0, 1), Group(10, (9, 1)), Group(10, (4, 6)), None),
        ((0,), Group(), Group(), None),
    ],
)
def test_the_upper_lower_index(key, upper, lower, d):
    assert difference(key, upper, lower) == (pytest.approx(d) if d is not None else None)


def test_a_key_in_doubt_is_listed_before_an_item_that_is_only_hard():
    assert most_pressing([Finding(Remark.IDLE), Finding(Remark.KEY_DOUBT)]) < most_pressing(
        [Finding(Remark.HARD)]
    )
    assert most_pressing([]) > most_pressing([Finding(Remark.IDLE)])
