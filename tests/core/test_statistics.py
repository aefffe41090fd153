"""How items did, on figures worked out by hand."""

import pytest

from quiz.core.statistics import Flag, Tally, facility, flag_of, item_rest_correlation, shares, tally_of

# Five people: three had the item right, and they did better on the rest.
FIVE = [(1, 0.9), (1, 0.7), (1, 0.8), (0, 0.4), (0, 0.2)]


def test_facility_is_the_mean_share_of_the_points():
    assert facility(tally_of(FIVE)) == pytest.approx(0.6)
    assert facility(tally_of([(0.5, 0), (0, 0)])) == pytest.approx(0.25)


def test_correlation_is_pearsons_with_the_rest():
    # mean x .6, mean y .6: Σdx·dy = 0.6, Σdx² = 1.2, Σdy² = 0.34
    assert item_rest_correlation(tally_of(FIVE)) == pytest.approx(0.6 / (1.2 * 0.34) ** 0.5)


@pytest.mark.parametrize("pairs", [[], [(1, 0.5)], [(1, 0.2), (1, 0.9)], [(1, 0.5), (0, 0.5)], [(0, 0)] * 40])
def test_where_nothing_varies_there_is_no_correlation(pairs):
    assert item_rest_correlation(tally_of(pairs)) is None


def test_nobody_who_sat_means_no_facility():
    assert facility(Tally()) is None


def test_tallies_of_rounds_add_up_to_that_of_all():
    together, parts = tally_of(FIVE), tally_of(FIVE[:2]) + tally_of(FIVE[2:])
    assert item_rest_correlation(parts) == pytest.approx(item_rest_correlation(together))
    assert parts.sat == together.sat


def test_the_rest_leaves_the_item_itself_out():
    assert shares([100, 0, 50], 100) == [(1.0, 0.25), (0.0, 0.75), (0.5, 0.5)]
    assert shares([100], 100) == [(1.0, 0.0)]


def sat(right: int, wrong: int, rest_of_right: float = 0.9, rest_of_wrong: float = 0.4) -> Tally:
    """So many right and wrong, with rests that differ a little within each group."""
    return tally_of(
        [(1, rest_of_right + place % 2 / 50) for place in range(right)]
        + [(0, rest_of_wrong + place % 2 / 50) for place in range(wrong)]
    )


@pytest.mark.parametrize(
    "tally, flag",
    [
        (sat(15, 10), None),
        (sat(15, 10, 0.4, 0.9), Flag.WRONG_WAY),
        (sat(12, 12, 0.5, 0.5), Flag.WEAK),
        (sat(2, 30), Flag.HARD),
        (sat(40, 1), Flag.EASY),
        (sat(40, 0), Flag.EASY),
        (sat(1, 18), None),
    ],
)
def test_what_to_look_into(tally, flag):
    assert flag_of(tally) is flag
