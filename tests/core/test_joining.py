"""One result of several parts, by their weights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.joining import FULL_MARKS, shares, total
from quiz.core.parts import Part, PartKind

MAI_SON = (Part("Giới thiệu", max_points=2000, weight=20), Part("Thuyết trình", max_points=4000, weight=40),
           Part("Tình huống", max_points=4000, weight=40))  # fmt: skip
COMMUNE = (Part("Trắc nghiệm", PartKind.ONLINE, weight=40), Part("Sân khấu", max_points=10_000, weight=60))


def joined(parts, paper_points, *earned):
    return total(shares(parts, dict(zip((part.name for part in parts), earned, strict=True)), paper_points))


@pytest.mark.parametrize(
    ("what", "parts", "paper_points", "earned", "points"),
    [
        ("weights equal to the maxima: the plain sum", MAI_SON, 0, (1850, 3675, 3520), 9045),
        ("a faultless contestant", MAI_SON, 0, (2000, 4000, 4000), FULL_MARKS),
        ("nothing at all", MAI_SON, 0, (0, 0, 0), 0),
        ("40 % of 24 of 30 and 60 % of 81.5", COMMUNE, 3000, (2400, 8150), 8090),
        ("a third of a point is rounded once", COMMUNE, 3000, (2401, 8150), 8091),
    ],
)
def test_parts_are_joined_by_their_weights(what, parts, paper_points, earned, points):
    assert joined(parts, paper_points, *earned) == points


def test_while_a_part_has_no_points_there_is_no_total():
    assert shares(MAI_SON, {"Giới thiệu": 1850, "Thuyết trình": 3675}, 0) is None


def test_each_share_says_what_it_adds():
    online, stage = shares(COMMUNE, {"Trắc nghiệm": 2400, "Sân khấu": 8150}, 3000)
    assert (online.points, online.max_points, online.weight, online.adds) == (2400, 3000, 40, 3200)
    assert stage.adds == 4890


@given(st.lists(st.integers(0, 4000), min_size=3, max_size=3), st.permutations(range(3)))
def test_the_order_in_which_parts_are_kept_changes_nothing(earned, order):
    earned = [min(points, part.max_points) for points, part in zip(earned, MAI_SON, strict=True)]
    turned = joined([MAI_SON[i] for i in order], 0, *(earned[i] for i in order))
    assert turned == joined(MAI_SON, 0, *earned) == sum(earned)


@given(st.integers(0, 3000), st.integers(0, 10_000), st.integers(0, 100))
def test_more_points_in_a_part_never_lower_the_total(paper, stage, more):
    assert joined(COMMUNE, 3000, paper, min(10_000, stage + more)) >= joined(COMMUNE, 3000, paper, stage)
