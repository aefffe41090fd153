"""Where a cell stood when a round ended, from where it stands now and what it left."""

import pytest

from quiz.core.places import is_path, node_above, place_at, place_under

# District 1 with communes 7, 8 and 9; cell 23 stood in 7 until 100 and in 8 until 200, and stands in 9 now.
NOW, MOVES = "/1/9/23/", [(100, "/1/7/23/"), (200, "/1/8/23/")]


@pytest.mark.parametrize(
    "at, place",
    [
        (None, NOW),
        (50, "/1/7/23/"),
        (99, "/1/7/23/"),
        (100, "/1/8/23/"),
        (199, "/1/8/23/"),
        (200, NOW),
        (300, NOW),
    ],
)
def test_a_cell_stood_in_a_place_until_the_instant_it_left_it(at, place):
    assert place_at(NOW, MOVES, at) == place


def test_a_cell_that_never_moved_has_always_stood_where_it_stands():
    assert place_at(NOW, [], 50) == place_under(NOW, [], 50, 1) == NOW


@pytest.mark.parametrize(
    "case, ended, node, place",
    [
        ("entered for the district", 50, 1, "/1/7/23/"),
        ("the district, while it moved on", 150, 1, "/1/8/23/"),
        ("entered for its commune", 50, 7, "/1/7/23/"),
        ("left its commune before the round ended", 150, 7, "/1/7/23/"),
        ("left it for another and yet another", 300, 7, "/1/7/23/"),
        ("came in only when the round was over", 50, 9, "/9/23/"),
        ("a round without hours", None, 9, NOW),
        ("a round without hours, for the commune it left", None, 8, "/1/8/23/"),
        ("a node it is not known to have stood under", 50, 4, "/4/23/"),
    ],
)
def test_a_round_counts_a_cell_where_it_stood_when_it_ended_or_last_below_the_node_of_the_entry(
    case, ended, node, place
):
    assert place_under(NOW, MOVES, ended, node) == place, case


@pytest.mark.parametrize("path, above", [("/1/7/23/", 7), ("/7/23/", 7), ("/23/", None)])
def test_the_unit_above_is_the_last_but_one_of_the_path(path, above):
    assert node_above(path) == above


@pytest.mark.parametrize(
    "value, sound",
    [("/1/7/23/", True), ("/23/", True), ("/1/7/", False), ("/1/x/23/", False), ("/1/ 7/23/", False),
     ("/01/23/", False), ("//23/", False), ("/1/23", False), ("", False), (None, False),
     (23, False), ("/1/23/\n", False)],
)  # fmt: skip
def test_a_path_from_elsewhere_is_ids_that_end_with_the_unit(value, sound):
    assert is_path(value, 23) is sound
