"""Packages of questions: their make-up, no question twice, and what is said when the pool is too small."""

import random

import pytest

from quiz.core import lots
from quiz.core.errors import RuleBroken
from quiz.core.lots import Line, Question

CHOICE = [Question(number, "choice", "remember" if number % 3 else "apply") for number in range(1, 31)]
ALOUD = [Question(number, "aloud", "apply") for number in range(101, 107)]
FIVE_AND_ONE = (Line("choice", "", 5), Line("aloud", "", 1))
POOL = [*CHOICE, *ALOUD]


def test_every_package_has_the_declared_make_up_and_no_question_is_in_two():
    made = lots.packages_of(FIVE_AND_ONE, POOL, 6, "749")
    assert [(len(one), sum(version > 100 for version in one), one[-1] > 100) for one in made] == [
        (6, 1, True)
    ] * 6
    everything = [version for one in made for version in one]
    assert len(set(everything)) == len(everything) == 36


def test_whoever_repeats_it_with_the_seed_gets_the_same_packages_from_the_pool_in_any_order():
    mixed = random.Random(1).sample(POOL, len(POOL))
    assert lots.packages_of(FIVE_AND_ONE, mixed, 6, "749") == lots.packages_of(FIVE_AND_ONE, POOL, 6, "749")
    assert lots.packages_of(FIVE_AND_ONE, POOL, 6, "750") != lots.packages_of(FIVE_AND_ONE, POOL, 6, "749")


def test_questions_other_groups_have_seen_are_taken_last():
    pool = [Question(number, "aloud", "", seen=number <= 3) for number in range(1, 7)]
    assert {one[0] for one in lots.packages_of((Line("aloud", "", 1),), pool, 3, "x")} == {4, 5, 6}
    assert len(lots.packages_of((Line("aloud", "", 1),), pool, 4, "x")) == 4


@pytest.mark.parametrize(
    ("lines", "packages", "found"),
    [
        (FIVE_AND_ONE, 6, []),
        (FIVE_AND_ONE, 7, [("choice", 30), ("aloud", 6)]),
        ((Line("choice", "apply", 2), Line("choice", "", 4)), 5, []),
        ((Line("choice", "", 4), Line("choice", "apply", 2)), 6, [("choice", 10), ("choice", 20)]),
        ((Line("unknown", "", 1),), 1, [("unknown", 0)]),
    ],
)
def test_it_is_said_how_many_questions_there_are_for_each_line_that_lacks_some(lines, packages, found):
    assert [(line.source, there) for line, there in lots.lacking(lines, POOL, packages)] == found
    if found:
        with pytest.raises(RuleBroken):
            lots.packages_of(lines, POOL, packages, "x")


@pytest.mark.parametrize(
    ("lines", "packages", "wrong"),
    [
        (FIVE_AND_ONE, 1, 0),
        (FIVE_AND_ONE, 200, 0),
        ((), 1, 1),
        (FIVE_AND_ONE, 0, 1),
        (FIVE_AND_ONE, 201, 1),
        ((Line("choice", "", 21),), 0, 2),
    ],
)
def test_a_make_up_is_checked(lines, packages, wrong):
    assert len(lots.faults(lines, packages)) == wrong


def test_a_seed_draws_one_of_the_packages_left():
    assert {lots.picked([2, 5, 9], str(seed)) for seed in range(50)} == {2, 5, 9}
    assert lots.picked([9, 5, 2], "7") == lots.picked([2, 5, 9], "7")
    with pytest.raises(RuleBroken):
        lots.picked([], "7")


@pytest.mark.parametrize(
    ("packages", "lines"),
    [
        ([[("choice", "apply"), ("choice", "apply")]], [("choice", "apply", 2)]),
        ([[("choice", "apply"), ("aloud", "")]] * 2, [("choice", "apply", 1), ("aloud", "", 1)]),
        ([[("choice", "apply")], [("choice", "remember")]], [("choice", "", 1)]),
    ],
)  # fmt: skip
def test_packages_tell_the_make_up_they_share(packages, lines):
    assert lots.make_up_of(packages) == tuple(Line(*line) for line in lines)


@pytest.mark.parametrize("packages", [[], [[("choice", "")], [("aloud", "")]], [[("choice", "")], []]])
def test_packages_that_are_not_alike_tell_no_make_up(packages):
    with pytest.raises(RuleBroken):
        lots.make_up_of(packages)
