"""What is typed from an answer sheet, where two keyings differ, and what a third look may decide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.errors import RuleBroken
from quiz.core.paper_entry import (
    UNCLEAR,
    Difference,
    Keyed,
    PaperState,
    agree,
    began_at,
    counted,
    differences,
    letters,
    read_answer,
    settled,
    state_of,
    time_taken,
)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("a", "0"),
        ("B", "1"),
        (" d ", "3"),
        ("1", "0"),
        ("4", "3"),
        ("ac", "0,2"),
        ("CA", "0,2"),
        ("a, c", "0,2"),
        ("1;3", "0,2"),
        ("13", "0,2"),
        ("aa", "0"),
        ("a1", "0"),
        ("-", ""),
        ("–", ""),
        ("0", ""),
        ("?", UNCLEAR),
        ("", None),
        (" ", None),
        ("e", None),
        ("5", None),
        ("a-", None),
        ("a?", None),
        ("0a", None),
        ("đ", None),
        ("²", None),
        ("١", None),
    ],
)
def test_letters_and_digits_name_the_boxes_of_a_question_with_four(typed, answer):
    assert read_answer(typed, 4) == answer


@pytest.mark.parametrize(
    ("answer", "written"), [("0", "A"), ("0,2", "AC"), ("5", "F"), ("", "–"), ("?", "?")]
)
def test_an_answer_is_shown_in_letters(answer, written):
    assert letters(answer) == written


@given(st.sets(st.integers(0, 5), min_size=1))
def test_what_is_shown_in_letters_reads_back_as_it_was(places):
    answer = ",".join(str(place) for place in sorted(places))
    assert read_answer(letters(answer), 6) == answer


@pytest.mark.parametrize(
    ("what", "first", "second", "found"),
    [
        ("the same", "0 1 2", "0 1 2", []),
        ("one box", "0 1 2", "0 3 2", [Difference(1, "1", "3")]),
        ("a blank", "0  2", "0 1 2", [Difference(1, "", "1")]),
        ("one more tick", "0,2 1 2", "0 1 2", [Difference(0, "0,2", "0")]),
        ("unclear to one", "0 1 ?", "0 1 2", [Difference(2, "?", "2")]),
        ("unclear to both", "0 ? 2", "0 ? 2", [Difference(1, "?", "?")]),
        ("everywhere", "0 0", "1 1", [Difference(0, "0", "1"), Difference(1, "0", "1")]),
    ],
)
def test_each_position_that_differs_or_cannot_be_read_is_found(what, first, second, found):
    assert differences(first.split(" "), second.split(" ")) == found, what


def test_sheets_of_different_lengths_are_not_compared():
    with pytest.raises(ValueError):
        differences(["0"], ["0", "1"])


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (Keyed(("0", ""), 30), Keyed(("0", ""), 30), True),
        (Keyed(("0", "")), Keyed(("0", "")), True),
        (Keyed(("0", ""), 30), Keyed(("0", ""), 31), False),
        (Keyed(("0", ""), 30), Keyed(("0", "")), False),
        (Keyed(("0", "")), Keyed(("0", "1")), False),
        (Keyed(("?",)), Keyed(("?",)), False),
    ],
)
def test_two_keyings_agree_only_in_everything(first, second, same):
    assert agree(first, second) is same and agree(second, first) is same


FIRST, SECOND = Keyed(("0", "1", "?", ""), 30), Keyed(("0", "2", "?", ""), 40)


def test_a_third_look_decides_what_differs_and_leaves_the_rest():
    assert settled(FIRST, SECOND, {1: "2", 2: ""}, 40) == Keyed(("0", "2", "", ""), 40)


@pytest.mark.parametrize(
    ("what", "decided"),
    [
        ("nothing", {}),
        ("one of two", {1: "2"}),
        ("still unclear", {1: "2", 2: "?"}),
        ("what both say alike", {0: "3", 1: "2", 2: ""}),
    ],
)
def test_a_third_look_decides_all_that_differs_and_nothing_else(what, decided):
    with pytest.raises(RuleBroken):
        settled(FIRST, SECOND, decided, 30)


def test_minutes_on_which_both_agree_stay():
    one, other = Keyed(("0",), 30), Keyed(("1",), 30)
    assert settled(one, other, {0: "1"}, 99).minutes == 30


@pytest.mark.parametrize(
    ("answer", "several", "response"),
    [
        ("0", False, "0"),
        ("0", True, "0"),
        ("0,2", True, "0,2"),
        ("0,2", False, ""),
        ("", False, ""),
        ("", True, ""),
    ],
)
def test_two_ticks_where_one_is_asked_are_no_answer(answer, several, response):
    assert counted(answer, several) == response


@pytest.mark.parametrize(
    ("issued_at", "opens_at", "taken", "now", "began"),
    [
        (100, 50, 30, 200, 100),  # drawn while the round runs
        (20, 50, 30, 200, 50),  # drawn ahead
        (100, None, 30, 200, 100),
        (100, 50, 90, 120, 30),  # entered before so much time had passed
        (100, 50, 100, 200, 100),
    ],
)
def test_an_attempt_on_paper_begins_early_enough_to_have_taken_its_time(
    issued_at, opens_at, taken, now, began
):
    assert began_at(issued_at, opens_at, taken, now) == began


def test_the_time_is_what_the_proctor_wrote_down_or_else_the_full_time():
    assert (time_taken(25, 40), time_taken(None, 40), time_taken(0, 40)) == (1_500_000, 2_400_000, 0)


@pytest.mark.parametrize(
    ("keyings", "is_settled", "state"),
    [
        (0, False, PaperState.WAITING),
        (1, False, PaperState.KEYED_ONCE),
        (2, False, PaperState.DIFFERENT),
        (2, True, PaperState.ENTERED),
    ],
)
def test_a_paper_is_entered_when_two_keyings_are_settled(keyings, is_settled, state):
    assert state_of(keyings, is_settled) is state
