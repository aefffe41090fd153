"""Wrong answers two papers share: the chances, the false alarms of honest rounds, and that copies are found."""

from itertools import combinations, pairwise, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.shared_answers import (
    LARGEST_GROUP,
    LEAST_SHARED,
    at_least,
    chances_to_meet,
    compare,
    multiplicity,
)

# How wrong answers spread, question by question.
SHARES = ([0.4, 0.35, 0.25], [0.6, 0.3, 0.1], [0.34, 0.33, 0.33])


def honest_paper(rng: Random, questions: int, right: float) -> dict[int, str]:
    """Return the wrong answers of somebody who knows a question with chance `right` and asks nobody."""
    return {
        question: rng.choices("abc", SHARES[question % len(SHARES)])[0]
        for question in range(questions)
        if rng.random() > right
    }


def honest_round(seed: int, groups: int = 5, size: int = 12, questions: int = 30):
    """Return the groups and papers of a round where nobody copied; people know between a third and 90 %."""
    rng = Random(seed)
    papers = {number: honest_paper(rng, questions, rng.uniform(0.33, 0.9)) for number in range(groups * size)}
    return {group: list(range(group * size, (group + 1) * size)) for group in range(groups)}, papers


@pytest.mark.parametrize(
    "answers, chance",
    [
        ("aa", 1.0),
        ("ab", 0.0),
        ("aab", 1 / 3),
        ("aabb", 1 / 3),
        ("aaab", 1 / 2),
        ("abcd", 0.0),
        ("aaaabbc", (12 + 2) / 42),
    ],
)
def test_the_chance_to_meet_is_that_of_two_drawn_from_those_who_got_it_wrong(answers, chance):
    papers = [{1: answer} for answer in answers]
    meeting = [a == b for a, b in combinations(answers, 2)]
    assert chances_to_meet(papers)[1] == pytest.approx(chance) == pytest.approx(sum(meeting) / len(meeting))


def test_a_question_that_one_person_got_wrong_has_no_chance_to_meet():
    assert chances_to_meet([{1: "a"}, {2: "b"}, {2: "b"}]) == {2: 1.0}


@given(st.lists(st.floats(0, 1), max_size=7), st.integers(0, 8))
def test_the_tail_is_the_sum_over_every_outcome(chances, count):
    total = 0.0
    for outcome in product((0, 1), repeat=len(chances)):
        if sum(outcome) >= count:
            likely = 1.0
            for hit, chance in zip(outcome, chances, strict=True):
                likely *= chance if hit else 1 - chance
            total += likely
    assert at_least(chances, count) == pytest.approx(total, abs=1e-9)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_more_matches_are_never_more_likely(chances):
    tails = [at_least(chances, count) for count in range(len(chances) + 2)]
    assert tails[0] == 1.0
    assert all(0 <= later <= before + 1e-12 for before, later in pairwise(tails))


def test_papers_of_different_groups_are_not_compared():
    groups, papers = honest_round(1)
    papers[3] = papers[40] = honest_paper(Random(5), 30, 0.2)
    assert (3, 40) not in {(pair.first, pair.second) for pair in compare(groups, papers).pairs}


def test_what_everybody_gets_wrong_alike_is_no_sign():
    papers = {number: {question: "a" for question in range(25)} for number in range(12)}
    found = compare({1: list(papers)}, papers)
    assert (found.pairs, found.able, found.too_few) == ([], 0, 66)


def test_two_alone_cannot_stand_out():
    """With nobody else to compare with, every question they share says nothing: the page says so, there is no sign."""
    papers = {1: {question: "a" for question in range(20)}}
    papers[2] = dict(papers[1])
    assert compare({1: [1, 2]}, papers).pairs == []


def test_papers_with_too_little_in_common_are_counted_as_such():
    papers = {1: {1: "a", 2: "a", 3: "a"}, 2: {1: "a", 2: "a", 3: "a"}, 3: {}}
    found = compare({1: [1, 2, 3]}, papers)
    assert (found.pairs, found.able, found.too_few) == ([], 0, 3)
    assert LEAST_SHARED == 4


def test_a_group_too_large_is_named_and_not_compared():
    crowd = range(LARGEST_GROUP + 1)
    papers = {number: {question: "a" for question in range(5)} for number in crowd}
    found = compare({7: list(crowd), 8: [0, 1]}, papers)
    assert (found.left_out, found.able + found.too_few) == ([7], 1)


@pytest.mark.parametrize(
    "case, least, found",
    [
        ("no pair", [], (1, 0)),
        ("none can stand out", [0.2, 0.4, 1.0], (1, 0)),
        ("one can", [0.001, 0.4, 1.0], (1, 1)),
        ("two can, and even twice", [0.001, 0.02, 1.0], (2, 2)),
        ("two can, but only one twice", [0.001, 0.03, 1.0], (2, 1)),
        ("all can", [1e-9] * 300, (300, 300)),
        ("a few among many that cannot", [1e-9] * 3 + [0.04] * 500, (3, 3)),
    ],
)
def test_a_chance_is_multiplied_by_the_pairs_that_can_stand_out(case, least, found):
    assert multiplicity(least) == found


@given(st.integers(0, 10_000), st.permutations("abc"))
def test_neither_the_names_of_answers_nor_the_order_of_papers_matter(seed, names):
    groups, papers = honest_round(seed, groups=1, size=6)
    papers[2] = papers[4] = honest_paper(Random(seed), 30, 0.3)
    renamed = dict(zip("abc", names, strict=True))
    turned = {n: {q: renamed[a] for q, a in paper.items()} for n, paper in reversed(papers.items())}
    before, after = compare(groups, papers), compare(groups, turned)
    assert {(p.first, p.second, p.same) for p in before.pairs} == {
        (p.first, p.second, p.same) for p in after.pairs
    }
