"""The rule book of practising: when a missed item comes again, what comes next, what a rehearsal draws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.papers import PoolEntry
from quiz.core.practice import (
    DAY,
    NEVER,
    RESTS,
    Answered,
    Practised,
    Standing,
    drawn,
    due,
    next_item,
    order_of,
    standing_of,
)
from quiz.core.timing import MINUTE

T = 1_675_558_800_000


def answers(*given_answers):
    """Answers as (right or wrong, minutes after T)."""
    return [Answered(is_correct, T + minutes * MINUTE) for is_correct, minutes in given_answers]


A_DAY = 24 * 60


@pytest.mark.parametrize(
    "given_answers, comes_again_after",
    [
        ([], None),
        ([(True, 0)], None),
        ([(False, 0)], 10),
        ([(False, 0), (True, 9)], 10),  # too early to prove anything
        ([(False, 0), (True, 10)], 10 + A_DAY),
        ([(False, 0), (True, 10), (True, 11)], 10 + A_DAY),
        ([(False, 0), (True, 10), (True, 10 + A_DAY)], 10 + 4 * A_DAY),
        ([(False, 0), (True, 10), (False, 20)], 30),  # missed again: from the start
        ([(True, 0), (False, 5)], 15),
        ([(False, 0), (True, 10), (True, 10 + A_DAY), (True, 10 + 4 * A_DAY)], 10 + 11 * A_DAY),
        ([(False, 0), (True, 10), (True, 10 + A_DAY), (True, 10 + 4 * A_DAY), (True, 10 + 11 * A_DAY)], None),
    ],
)
def test_a_missed_item_comes_again_later_and_later_until_it_is_known(given_answers, comes_again_after):
    expected = None if comes_again_after is None else T + comes_again_after * MINUTE
    assert standing_of(answers(*given_answers)).due_at == expected


HISTORIES = st.lists(st.tuples(st.booleans(), st.integers(0, 30 * DAY)), max_size=30).map(
    lambda steps: [Answered(right, T + at) for right, at in sorted(steps, key=lambda step: step[1])]
)


@given(HISTORIES)
def test_an_item_comes_again_only_if_it_was_missed_and_always_after_the_last_answer(history):
    standing = standing_of(history)
    assert (standing.count, standing.missed) == (len(history), sum(not a.is_correct for a in history))
    if standing.due_at is not None:
        assert standing.missed and history[0].at < standing.due_at <= history[-1].at + max(RESTS)
    if history and not history[-1].is_correct:
        assert standing.due_at == history[-1].at + RESTS[0]


@given(HISTORIES)
def test_whoever_answers_right_each_time_it_comes_is_done_after_four_times(history):
    history = [*history, Answered(False, T + 31 * DAY)]
    for _ in RESTS:
        due_at = standing_of(history).due_at
        assert due_at is not None
        history.append(Answered(True, due_at))
    assert standing_of(history).due_at is None


SEEDS = st.text(st.sampled_from("0aạ "), max_size=5)
ITEMS = [Practised(version=10 + n, item=n, topic="a" if n < 3 else "b") for n in range(1, 6)]


def test_the_missed_whose_rest_is_over_come_first_then_the_new_then_the_oldest():
    missed = Standing(1, 1, T, T + 10)
    long_missed = Standing(1, 1, T, T + 5)
    known = Standing(1, 0, T - 1, None, True)
    assert next_item(ITEMS, {}, T).item == 1
    assert next_item(ITEMS, {1: known}, T).item == 2
    assert next_item(ITEMS, {1: known, 4: missed}, T).item == 2  # still resting
    assert next_item(ITEMS, {1: known, 4: missed, 5: long_missed}, T + 10).item == 5
    assert [item.item for item in due(ITEMS, {4: missed, 5: long_missed}, T + 10)] == [5, 4]
    all_known = {item.item: Standing(1, 0, T + item.item, None, True) for item in ITEMS}
    assert next_item(ITEMS, all_known | {3: known}, T).item == 3
    assert next_item([], {}, T) is None


def test_who_never_answered_has_nothing_to_come_back_to():
    assert standing_of([]) is NEVER and not NEVER.is_due(T)


@given(st.integers(1, 7), SEEDS)
def test_a_rehearsal_draws_each_item_once_and_from_every_topic_first(count, seed):
    versions = drawn(ITEMS, count, seed)
    assert len(versions) == len(set(versions)) == min(count, len(ITEMS))
    assert versions == drawn(reversed(ITEMS), count, seed)
    topics = {item.topic for item in ITEMS if item.version in versions}
    assert len(topics) == min(count, 2)


@given(SEEDS, st.booleans(), st.booleans())
def test_the_options_of_a_practised_item_are_shuffled_as_on_a_paper(seed, keep_order, keep_last):
    order = order_of(PoolEntry(1, "a", "remember", 4, keep_order, keep_last), seed)
    assert sorted(order) == [0, 1, 2, 3]
    assert order == (0, 1, 2, 3) or not keep_order
    assert order[3] == 3 or not keep_last
