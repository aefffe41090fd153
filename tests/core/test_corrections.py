"""What a ruling about a wrong key does to an item, and what changes between two standings."""

import pytest

from quiz.core.corrections import Change, Count, Place, Policy, Ruling, changes, check_ruling, count, ruled
from quiz.core.errors import RuleBroken
from quiz.core.marking import MarkedItem, Treatment

ORDER = (2, 0, 3, 1)  # the authored options as the paper shows them
ITEM = MarkedItem(frozenset({3}), 4, "dieu-le", "apply")  # the authored key 1 stands at place 3


@pytest.mark.parametrize(
    ("ruling", "key", "also", "treatment"),
    [
        (None, {3}, set(), Treatment.BY_KEY),
        (Ruling(Policy.NEW_ONLY, (2,)), {0}, set(), Treatment.BY_KEY),
        (Ruling(Policy.BOTH, (2,)), {3}, {0}, Treatment.BY_KEY),
        (Ruling(Policy.EVERYONE), {3}, set(), Treatment.GIVEN),
        (Ruling(Policy.VOID), {3}, set(), Treatment.VOID),
    ],
)
def test_a_ruling_changes_how_an_item_is_marked_and_nothing_else(ruling, key, also, treatment):
    marked = ruled(ITEM, ruling, ORDER)
    assert (marked.key, marked.also, marked.treatment) == (frozenset(key), frozenset(also), treatment)
    assert (marked.option_count, marked.topic, marked.level) == (4, "dieu-le", "apply")


@pytest.mark.parametrize(
    ("what", "ruling", "several", "said"),
    [
        ("a new key", Ruling(Policy.NEW_ONLY, (2,)), False, None),
        ("no key where none is needed", Ruling(Policy.VOID), False, None),
        ("several keys of a multiple choice", Ruling(Policy.BOTH, (0, 2)), True, None),
        ("no new key", Ruling(Policy.NEW_ONLY), False, "đáp án đúng mới"),
        ("no second key", Ruling(Policy.BOTH), False, "đáp án đúng mới"),
        ("the old key again", Ruling(Policy.NEW_ONLY, (1,)), False, "trùng"),
        ("several keys of a single choice", Ruling(Policy.NEW_ONLY, (0, 2)), False, "một đáp án"),
        ("an option there is not", Ruling(Policy.NEW_ONLY, (4,)), False, "không có"),
    ],
)
def test_a_new_key_must_fit_its_item(what, ruling, several, said):
    if said is None:
        check_ruling(ruling, [1], 4, several)
        return
    with pytest.raises(RuleBroken, match=said):
        check_ruling(ruling, [1], 4, several)


def test_only_what_differs_is_listed_those_who_cross_a_line_first():
    before = {
        1: Place("", 1, 500, goes_on=True, prizes=("Giải nhất",)),
        2: Place("", 2, 400),
        3: Place("", 3, 300),
        4: Place("", 4, 200),
        5: Place("", 5, 100),
    }
    after = {
        1: Place("", 2, 400),
        2: Place("", 1, 500, goes_on=True, prizes=("Giải nhất",)),
        3: Place("", 3, 350),
        4: Place("", 4, 200),
    }
    found = changes(before, after)
    assert [one.entry for one in found] == [2, 1, 3, 5]
    assert [(one.points, one.is_moved, one.crosses, one.wins_otherwise) for one in found] == [
        (100, True, 1, True),
        (-100, True, -1, True),
        (50, False, 0, False),
        (-100, True, 0, False),
    ]
    assert count(found) == Count(gain=2, lose=2, moved=3, crossing=2, prizes=2)


def test_the_same_standings_differ_in_nothing():
    places = {1: Place("", 1, 500), 2: Place("", 2, 400)}
    assert changes(places, dict(places)) == ()
    assert count(()) == Count(0, 0, 0, 0, 0)


def test_somebody_new_to_a_ranking_has_no_place_before():
    (only,) = changes({}, {1: Place("", 1, 500, goes_on=True)})
    assert only == Change(1, None, Place("", 1, 500, goes_on=True))
    assert (only.points, only.is_moved, only.crosses) == (500, True, 1)
