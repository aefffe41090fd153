"""When an item must be looked over again."""

from datetime import date

import pytest

from quiz.core.checks import Cause, Standing, causes

TODAY, UNTIL = date(2026, 3, 1), date(2026, 6, 1)
FOLLOWED = Standing(followed_by="42-HD")
SOON = Standing(document_ends=date(2026, 5, 31))


@pytest.mark.parametrize(
    "standing, seen, expected",
    [
        (Standing(), None, []),
        (FOLLOWED, None, [Cause.FOLLOWED]),
        (FOLLOWED, FOLLOWED, []),
        (FOLLOWED, Standing(followed_by="37-HD"), [Cause.FOLLOWED]),
        (FOLLOWED, Standing(), [Cause.FOLLOWED]),
        (SOON, None, [Cause.ENDING]),
        (SOON, SOON, []),
        (SOON, Standing(document_ends=date(2026, 5, 30)), [Cause.ENDING]),
        (Standing(version_ends=date(2026, 6, 1)), None, [Cause.ENDING]),
        (Standing(version_ends=date(2026, 6, 2)), None, []),
        (Standing(version_ends=TODAY), None, [Cause.ENDING]),
        (Standing(version_ends=date(2026, 2, 28)), None, [Cause.ENDED]),
        (Standing(version_ends=date(2026, 2, 28)), Standing(version_ends=date(2026, 2, 28)), [Cause.ENDED]),
        (Standing("42-HD", date(2026, 4, 1)), None, [Cause.FOLLOWED, Cause.ENDING]),
        (Standing("42-HD", date(2026, 4, 1)), FOLLOWED, [Cause.FOLLOWED, Cause.ENDING]),
    ],
)
def test_an_item_is_looked_over_when_what_it_rests_on_moves(standing, seen, expected):
    assert causes(standing, seen, TODAY, UNTIL) == expected


def test_the_earlier_end_counts():
    assert Standing("", date(2027, 1, 1), date(2026, 1, 1)).ends == date(2026, 1, 1)
    assert Standing().ends is None
