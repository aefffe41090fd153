"""Halls: short codes that are short, different and sparse, and who may sit where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core import halls
from quiz.core.errors import RuleBroken
from quiz.core.halls import Seated

SEEDS = st.text(st.sampled_from("0aạ "), max_size=9)


@pytest.mark.parametrize(
    ("people", "digits"), [(0, 4), (1, 4), (100, 4), (101, 5), (1_000, 5), (1_001, 6), (100_000, 6)]
)
def test_codes_are_long_enough_that_a_slip_rarely_meets_somebody_else(people, digits):
    assert halls.code_digits(people) == digits


@given(st.integers(0, 60), st.sets(st.integers(0, 9999), max_size=60), SEEDS)
def test_codes_are_all_different_and_none_is_taken(count, taken, seed):
    known = {f"{number:04d}" for number in taken}
    codes = halls.short_codes(count, known, 4, seed)
    assert len(set(codes)) == count and not set(codes) & known
    assert all(len(code) == 4 and code.isdecimal() for code in codes)


def test_the_same_seed_gives_the_same_codes_and_another_one_others():
    assert halls.short_codes(20, (), 4, "a") == halls.short_codes(20, (), 4, "a")
    assert halls.short_codes(20, (), 4, "a") != halls.short_codes(20, (), 4, "b")


@pytest.mark.parametrize(
    ("typed", "code"), [("1234", "1234"), (" 12 34 ", "1234"), ("12-34.", "1234"), ("x", "")]
)
def test_a_typed_code_is_its_digits(typed, code):
    assert halls.typed_code(typed) == code


HERE, THERE = 1, 2
ME, OTHER = 7, 8
MINE = Seated(HERE, "Máy 1", ME, "Tôi", False)


@pytest.mark.parametrize(
    ("what", "own", "there", "said"),
    [
        ("a free device", None, None, None),
        ("the own device again", MINE, MINE, None),
        ("sits elsewhere", Seated(THERE, "Máy 2", ME, "Tôi", False), None, "Máy 2"),
        ("sat elsewhere and has handed in", Seated(THERE, "Máy 2", ME, "Tôi", True), None, None),
        ("somebody works here", None, Seated(HERE, "Máy 1", OTHER, "Lò Văn A", False), "Lò Văn A"),
        ("somebody here has handed in", None, Seated(HERE, "Máy 1", OTHER, "Lò Văn A", True), None),
    ],
)  # fmt: skip
def test_who_may_sit_down(what, own, there, said):
    if said is None:
        halls.check_may_sit(ME, HERE, own, there)
    else:
        with pytest.raises(RuleBroken, match=said):
            halls.check_may_sit(ME, HERE, own, there)
