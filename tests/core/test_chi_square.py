"""The chi-square test against tables as printed in textbooks and as scipy.stats.chi2.sf gives them."""

import pytest

from quiz.core.chi_square import evenness, p_value

# (statistic, degrees of freedom, p)
PRINTED = [
    (3.841, 1, 0.05), (5.991, 2, 0.05), (7.815, 3, 0.05), (11.070, 5, 0.05), (18.307, 10, 0.05), (124.342, 100, 0.05),
    (6.635, 1, 0.01), (9.210, 2, 0.01), (11.345, 3, 0.01), (2.366, 3, 0.50), (0.352, 3, 0.95), (0.115, 3, 0.99),
]  # fmt: skip


@pytest.mark.parametrize(("statistic", "freedom", "p"), PRINTED)
def test_the_printed_table_is_met(statistic, freedom, p):
    assert p_value(statistic, freedom) == pytest.approx(p, abs=2e-3 * max(p, 0.1))


# With two degrees of freedom the p is exp(-x/2); with one, erfc(sqrt(x/2)).
EXACT = [
    (0.0, 3, 1.0),
    (1.0, 2, 0.6065306597126334),
    (10.0, 2, 0.006737946999085467),
    (100.0, 2, 1.9287498479639178e-22),
    (1.0, 1, 0.31731050786291415),
    (4.0, 1, 0.04550026389635842),
    (1.0, 3, 0.8012519569012009),
    (5.0, 3, 0.1717971442967337),
]


@pytest.mark.parametrize(("statistic", "freedom", "p"), EXACT)
def test_known_values_are_met_to_twelve_figures(statistic, freedom, p):
    assert p_value(statistic, freedom) == pytest.approx(p, rel=1e-12)


@pytest.mark.parametrize(
    ("counts", "statistic", "freedom"),
    [([5, 5, 5, 5], 0.0, 3), ([20, 0, 0, 0], 60.0, 3), ([6, 9, 15], 4.2, 2), ([1, 3], 1.0, 1)],
)
def test_evenness_compares_counts_with_equal_ones(counts, statistic, freedom):
    assert evenness(counts) == (pytest.approx(statistic), freedom)
