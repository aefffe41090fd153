"""The judges of the drill give marks that fit the criteria and, where asked, average to what was meant."""

import pytest

from drill.jury import JudgedPart, given, spread, text_of
from drill.stage_parts import COMMUNE, DISTRICT, INTRODUCTION, SITUATION, WORTH


@pytest.mark.parametrize("part", [COMMUNE, *DISTRICT], ids=lambda part: part.name)
def test_marks_come_to_the_total_in_whole_steps_within_each_criterion(part: JudgedPart) -> None:
    most = dict(part.criteria)
    assert sum(most.values()) == part.most
    for total in range(0, part.most + 1, part.step):
        marks = spread(part, total)
        assert sum(marks.values()) == total
        assert all(0 <= marks[name] <= most[name] and marks[name] % part.step == 0 for name in most)


@pytest.mark.parametrize("worth", [1700, 1800])
def test_an_exact_worth_is_the_mean_with_and_without_the_extremes(worth: int) -> None:
    totals = sorted(
        sum(marks.values()) for marks in given(INTRODUCTION, worth, True, "so 1").values()
    )  # fmt: skip
    assert sum(totals) == 5 * worth and sum(totals[1:-1]) == 3 * worth and totals[0] < totals[-1]


def test_judges_differ_and_stay_within_the_part() -> None:
    found = [given(SITUATION, 3980, False, str(seed)) for seed in range(50)]
    totals = [sum(marks.values()) for each in found for marks in each.values()]
    assert min(totals) < 3980 < max(totals) <= SITUATION.most
    assert all(len(each) == SITUATION.judges for each in found)


def test_the_first_two_at_the_district_are_equal_and_their_last_parts_differ() -> None:
    assert sum(WORTH[1]) == sum(WORTH[2]) and WORTH[1][2] < WORTH[2][2]
    assert WORTH[3] == WORTH[4]


@pytest.mark.parametrize(
    ("points", "text"), [(0, "0"), (1200, "12"), (750, "7,5"), (25, "0,25"), (2000, "20")]
)
def test_points_are_typed_as_a_judge_would(points: int, text: str) -> None:
    assert text_of(points) == text
