"""Which cells a contest counts, and figures that add up."""

from collections import Counter
from datetime import date

import pytest

from quiz.core.participation import Tally, is_expected, is_valid, tally_of_cell
from quiz.core.people import AbsenceReason

JAN, FEB, MAR = date(2023, 1, 1), date(2023, 2, 1), date(2023, 3, 1)


@pytest.mark.parametrize(
    "valid_from, valid_to, day, valid",
    [
        (None, None, FEB, True),
        (FEB, None, FEB, True),
        (MAR, None, FEB, False),
        (None, MAR, FEB, True),
        (None, FEB, FEB, False),
        (JAN, FEB, MAR, False),
    ],
)
def test_a_unit_exists_from_its_first_day_until_the_day_it_is_merged(valid_from, valid_to, day, valid):
    assert is_valid(valid_from, valid_to, day) is valid


@pytest.mark.parametrize(
    "case, valid_from, valid_to, succeeds, expected",
    [
        ("always there", None, None, False, True),
        ("took a neighbour over", None, None, True, True),
        ("merged after the contest was created", None, date(2023, 2, 10), False, True),
        ("merged before it", None, date(2023, 1, 10), False, False),
        ("formed since", date(2023, 2, 10), None, False, True),
        ("formed since out of cells that are counted", date(2023, 2, 10), None, True, False),
        ("formed and dissolved since", date(2023, 2, 10), date(2023, 2, 20), False, False),
        ("formed when the round was over", date(2023, 3, 2), None, False, False),
    ],
)
def test_the_list_of_cells_is_that_of_the_day_the_contest_was_created(
    case, valid_from, valid_to, succeeds, expected
):
    assert is_expected(valid_from, valid_to, succeeds, created=FEB, held=MAR) is expected, case


@pytest.mark.parametrize(
    "contestants, reason, tally",
    [
        (1, None, Tally(1, 1, 1)),
        (2, None, Tally(1, 1, 2)),
        (0, AbsenceReason.ILLNESS, Tally(1, 0, 0, Counter([AbsenceReason.ILLNESS]))),
        (1, AbsenceReason.ILLNESS, Tally(1, 1, 1)),
        (0, None, Tally(1, 0, 0)),
    ],
)
def test_a_cell_counts_once(contestants, reason, tally):
    assert tally_of_cell(contestants, reason) == tally


def test_tallies_add_up():
    ill, away = AbsenceReason.ILLNESS, AbsenceReason.AWAY_ON_DUTY
    one = Tally(10, 7, 8, Counter({ill: 2}))
    two = Tally(5, 2, 2, Counter({ill: 1, away: 1}))
    whole = one + two
    assert whole == Tally(15, 9, 10, Counter({ill: 3, away: 1}))
    assert (whole.absent, whole.missing) == (4, 2)
