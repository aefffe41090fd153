"""The draw of the running order."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.running_order import running_order
from tests.core.chance import CHANCE

SEEDS = st.text(st.sampled_from("0aạ "), max_size=9)


@pytest.mark.parametrize(
    ("people", "sessions", "sizes"),
    [(22, 2, [11, 11]), (23, 2, [12, 11]), (7, 3, [3, 2, 2]), (2, 3, [1, 1, 0]), (0, 1, [0])],
)
def test_sessions_are_as_even_as_can_be(people, sessions, sizes):
    turns = running_order({"": range(people)}, "hạt giống", sessions)
    held = [[turn.place for turn in turns if turn.session == session] for session in range(1, sessions + 1)]
    assert [len(places) for places in held] == sizes
    assert all(places == list(range(1, len(places) + 1)) for places in held)


def test_groups_follow_one_another_whole():
    turns = running_order({"Khu dân cư": [1, 2, 3], "Cơ quan": [4, 5]}, "x")
    assert {turn.entry for turn in turns[:2]} == {4, 5} and [turn.drawn for turn in turns] == [1, 2, 3, 4, 5]


@given(st.sets(st.integers(1, 10_000), max_size=40), SEEDS, CHANCE)
def test_whoever_repeats_the_draw_gets_the_same_order(entries, seed, random):
    shuffled = random.sample(sorted(entries), len(entries))
    turns = running_order({"": shuffled}, seed, 2)
    assert turns == running_order({"": sorted(entries)}, seed, 2)
    assert sorted(turn.entry for turn in turns) == sorted(entries)


def test_another_seed_gives_another_order():
    orders = {tuple(turn.entry for turn in running_order({"": range(22)}, str(seed))) for seed in range(20)}
    assert len(orders) == 20


def test_the_order_is_repeated_by_hand_as_the_printed_list_says():
    groups = {"Xã": [11, 12, 13, 14], "Bản": [21, 22, 23]}
    by_hand = [
        key
        for name in sorted(groups)
        for key in sorted(groups[name], key=lambda key: sha256(f"7 4 9:{name}:{key}".encode()).hexdigest())
    ]
    assert [turn.entry for turn in running_order(groups, "7 4 9", 2)] == by_hand
