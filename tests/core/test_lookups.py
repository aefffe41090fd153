"""Who is meant by what is said at the desk, and how often one may ask."""

import pytest

from quiz.core.lookups import MOST, WINDOW, is_named, wait_before_lookup

NOW = 1_700_000_000_000


@pytest.mark.parametrize(
    ("said", "is_meant"),
    [
        ("Lò Văn Thử", True),
        ("lo van thu", True),
        ("LÒ THỬ", True),
        ("Thử Lò Văn", True),
        ("Thử", False),
        ("", False),
        ("lo van", True),
        ("lo va", False),
        ("lo van thu nhat", False),
        ("% _", False),
    ],
)
def test_two_words_of_the_name_at_least_and_none_that_is_not_in_it(said, is_meant):
    assert is_named("lo van thu", said) is is_meant


@pytest.mark.parametrize(
    ("what", "lookups", "wait"),
    [
        ("nobody asked", [], 0),
        ("one less than the most", [NOW] * (MOST - 1), 0),
        ("the most, just now", [NOW] * MOST, WINDOW),
        ("the first of the most long ago", [NOW - WINDOW, *[NOW] * (MOST - 1)], 0),
        ("the first of the most a minute before that", [NOW - WINDOW + 60_000, *[NOW] * (MOST - 1)], 60_000),
        ("in any order", [*[NOW] * (MOST - 1), NOW - WINDOW + 60_000], 60_000),
        ("written by a clock ahead", [NOW + 1] * MOST, 0),
    ],
)
def test_one_account_asks_so_often_in_a_quarter_hour(what, lookups, wait):
    assert wait_before_lookup(lookups, NOW) == wait, what
