"""What the public sees: figures of the freeze until the release, ranks from the last one up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.reveal import Place, freeze_instant, is_frozen, public_instant, steps
from quiz.core.timing import MINUTE, Window

NOON = 1_000 * MINUTE
END = NOON + 60 * MINUTE
WINDOW = Window(NOON, END)


@pytest.mark.parametrize(
    "window, minutes, stopped, instant",
    [
        (WINDOW, None, None, None),
        (WINDOW, 15, None, END - 15 * MINUTE),
        (WINDOW, 0, None, END),
        (WINDOW, 15, NOON, NOON),
        (WINDOW, None, NOON, NOON),
        (None, 15, None, None),
        (Window(NOON, END, NOON + 10 * MINUTE), 15, None, NOON + 10 * MINUTE),  # ended before the freeze
        (Window(NOON, END, END - 5 * MINUTE), 15, None, END - 15 * MINUTE),
    ],
)
def test_figures_stand_still_before_the_end_or_when_they_are_stopped(window, minutes, stopped, instant):
    assert freeze_instant(window, minutes, stopped) == instant


@pytest.mark.parametrize(
    "now, freeze, release, seen",
    [
        (END, None, None, END),
        (NOON, END, None, NOON),
        (END, END, None, END),
        (END + 1, END, None, END),
        (END + 9, END, END + 10, END),
        (END + 10, END, END + 10, END + 10),
        (NOON, END, NOON - 1, NOON),
    ],
)
def test_the_public_sees_the_figures_of_one_instant(now, freeze, release, seen):
    assert public_instant(now, freeze, release) == seen


@given(
    st.integers(0, 100),
    st.integers(0, 100),
    st.one_of(st.none(), st.integers(0, 100)),
    st.lists(st.integers(0, 100)),
)
def test_while_frozen_nothing_that_happens_later_is_seen(now, freeze, release, events):
    seen = public_instant(now, freeze, release)
    assert seen <= now
    if is_frozen(now, freeze, release):
        known = [event for event in events if event <= freeze]
        later = known + [event for event in events if freeze < event <= now]
        assert [event for event in later if event <= seen] == known


def place(rank):
    return Place(rank, f"N{rank}", "chi bộ", "xã", 100)


def test_ranks_come_from_the_last_one_up_and_sharers_together():
    ranking = [place(rank) for rank in (1, 2, 2, 4, 5, 6)]
    assert [[one.rank for one in step] for step in steps(ranking, 5)] == [[5], [4], [2, 2], [1]]


@given(st.lists(st.integers(1, 20)), st.integers(1, 30))
def test_everybody_up_to_the_rank_is_shown_once_and_nobody_else(ranks, top):
    shown = [one.rank for step in steps([place(rank) for rank in ranks], top) for one in step]
    assert sorted(shown) == sorted(rank for rank in ranks if rank <= top)
    assert shown == sorted(shown, reverse=True)
