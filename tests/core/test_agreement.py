"""How severe, how spread, how much in agreement judges are."""

from fractions import Fraction

import pytest

from quiz.core.agreement import Agreement, figures, kendall_w, reading

# Three judges and six performances, worked by hand: sums 8, 14, 11, 11, 11, 8 about 10.5, S = 25.5.
WORKED = {1: (1, 6, 3, 2, 5, 4), 2: (1, 5, 6, 4, 2, 3), 3: (6, 3, 2, 5, 4, 1)}


@pytest.mark.parametrize(
    ("what", "marks", "w"),
    [
        ("the same order", {1: (10, 20, 30), 2: (1, 2, 3), 3: (5, 6, 9)}, 1),
        ("two opposite orders", {1: (1, 2, 3), 2: (3, 2, 1)}, 0),
        ("worked by hand", WORKED, Fraction(12 * 51, 2 * 9 * 210)),
        ("the same order with the same ties", {1: (1, 1, 2, 3), 2: (4, 4, 5, 6)}, 1),
        ("one judge agrees with nobody", {1: (1, 2, 3)}, None),
        ("two performances say nothing", {1: (1, 2), 2: (1, 2)}, None),
        ("everybody gave everybody the same", {1: (5, 5, 5), 2: (5, 5, 5)}, None),
    ],
)
def test_kendalls_w(what, marks, w):
    assert kendall_w(marks) == w


def test_agreement_does_not_depend_on_which_judge_sits_where():
    turned = {1: WORKED[3], 2: WORKED[1], 3: WORKED[2]}
    assert kendall_w(turned) == kendall_w(WORKED)


def test_a_strict_judge_lies_below_the_panel():
    strict, mild = figures({1: (1000, 1200), 2: (1400, 1400)})
    assert (strict.severity, mild.severity) == (-150, 150)
    assert (strict.spread, mild.spread, strict.marked) == (100.0, 0.0, 2)


def test_without_performances_there_is_nothing_to_say():
    assert [(one.severity, one.marked) for one in figures({1: (), 2: ()})] == [(0, 0), (0, 0)]


@pytest.mark.parametrize(
    ("w", "read"),
    [
        (Fraction(1), Agreement.STRONG),
        (Fraction(7, 10), Agreement.STRONG),
        (Fraction(699, 1000), Agreement.MODERATE),
        (Fraction(1, 2), Agreement.MODERATE),
        (Fraction(0), Agreement.WEAK),
    ],
)
def test_how_an_agreement_reads(w, read):
    assert reading(w) is read
