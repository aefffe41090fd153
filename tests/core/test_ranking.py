"""Who ranks above whom, who shares a rank, and whether the explanation of a rank adds up."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.ranking import (
    Comparison,
    Explanation,
    Score,
    Standing,
    TieBreak,
    best_attempt,
    criterion_of,
    rank,
    rank_within,
    strength,
)
from tests.core.chance import CHANCE

APPLY, UNDERSTAND, CORRECT = TieBreak.APPLY_POINTS, TieBreak.UNDERSTAND_POINTS, TieBreak.CORRECT
TIME, EARLIER = TieBreak.TIME_USED, TieBreak.EARLIER_SUBMISSION
FEWER_WINS = {TIME, EARLIER}


def score(entry: int, points: int, *, apply=0, understand=0, correct=0, time=0, handed_in=0) -> Score:
    numbers = {APPLY: apply, UNDERSTAND: understand, CORRECT: correct, TIME: time, EARLIER: handed_in}
    return Score(entry, points, {str(criterion): value for criterion, value in numbers.items()})


def ranks(standings: list[Standing]) -> dict[int, int]:
    return {standing.entry: standing.rank for standing in standings}


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([], []),
        ([2_000], [1]),
        ([3_000, 2_000, 1_000], [1, 2, 3]),
        ([1_000, 2_000, 3_000], [3, 2, 1]),
        ([3_000, 2_000, 2_000, 1_000], [1, 2, 2, 4]),
        ([3_000, 3_000, 2_000], [1, 1, 3]),
        ([2_000, 2_000, 2_000], [1, 1, 1]),
        ([0, 0, 100], [2, 2, 1]),
        ([2_775, 2_750, 2_775, 2_750, 2_725], [1, 3, 1, 3, 5]),
    ],
)
def test_equal_points_share_a_rank_and_the_next_ranks_are_skipped(points, expected):
    standings = rank([score(entry, p) for entry, p in enumerate(points)], [])
    assert [ranks(standings)[entry] for entry in range(len(points))] == expected


@pytest.mark.parametrize(
    ("criterion", "better", "worse"),
    [
        (APPLY, {"apply": 800}, {"apply": 700}),
        (UNDERSTAND, {"understand": 800}, {"understand": 700}),
        (CORRECT, {"correct": 28}, {"correct": 27}),
        (TIME, {"time": 1_799}, {"time": 1_800}),
        (EARLIER, {"handed_in": 1_700_000_000}, {"handed_in": 1_700_000_001}),
    ],
)
def test_each_criterion_parts_equal_points_in_its_own_direction(criterion, better, worse):
    assert ranks(rank([score(1, 2_000, **worse), score(2, 2_000, **better)], [criterion])) == {2: 1, 1: 2}


@pytest.mark.parametrize("criterion", list(TieBreak))
def test_no_criterion_ever_outweighs_points(criterion):
    best = {"apply": 900, "understand": 900, "correct": 30, "time": 1, "handed_in": 1}
    worst = {"apply": 0, "understand": 0, "correct": 0, "time": 3_600, "handed_in": 9}
    assert ranks(rank([score(1, 1_999, **best), score(2, 2_000, **worst)], [criterion])) == {2: 1, 1: 2}


@pytest.mark.parametrize(
    ("tie_breaks", "expected"),
    [
        ([], {1: 1, 2: 1, 3: 1}),
        ([APPLY], {1: 1, 2: 1, 3: 3}),
        ([TIME], {3: 1, 2: 2, 1: 3}),
        ([APPLY, TIME], {2: 1, 1: 2, 3: 3}),
        ([TIME, APPLY], {3: 1, 2: 2, 1: 3}),
        ([CORRECT, UNDERSTAND], {1: 1, 2: 1, 3: 1}),
        ([CORRECT, APPLY, TIME], {2: 1, 1: 2, 3: 3}),
    ],
)
def test_criteria_are_asked_in_the_declared_order(tie_breaks, expected):
    scores = [
        score(1, 2_000, apply=800, time=3_000),
        score(2, 2_000, apply=800, time=2_000),
        score(3, 2_000, apply=700, time=1_000),
    ]
    assert ranks(rank(scores, tie_breaks)) == expected


def test_criteria_that_were_not_declared_are_not_looked_at():
    assert ranks(rank([Score(1, 500, {}), Score(2, 500, {})], [])) == {1: 1, 2: 1}


def test_standings_come_best_first_and_sharers_in_a_stable_order():
    scores = [score(4, 100), score(9, 300), score(3, 200), score(1, 200), score(2, 200)]
    assert [standing.entry for standing in rank(scores, [])] == [9, 1, 2, 3, 4]
    assert [standing.points for standing in rank(scores, [])] == [300, 200, 200, 200, 100]


def test_strength_orders_greater_as_better_and_turns_times_round():
    one = score(1, 2_000, apply=800, understand=600, correct=20, time=1_500, handed_in=77)
    assert strength(one, []) == (2_000,)
    assert strength(one, [TIME, APPLY]) == (2_000, -1_500, 800)
    assert strength(one, [UNDERSTAND, CORRECT, EARLIER]) == (2_000, 600, 20, -77)


# How a rank is explained

LEVEL = [
    score(1, 2_500, apply=900, time=100),
    score(2, 2_000, apply=800, time=1_500),
    score(3, 2_000, apply=700, time=900),
    score(4, 2_000, apply=700, time=1_200),
    score(5, 2_000, apply=700, time=1_200),
    score(6, 2_000, apply=700, time=2_000),
    score(7, 2_000, apply=500, time=100),
    score(8, 1_000, apply=900, time=100),
]


APPLY_LEVEL = Comparison("apply_points", 700, 1, 1)


@pytest.mark.parametrize(
    ("entry", "place", "explanation"),
    [
        (1, 1, Explanation(0, 0, (), 0)),
        (2, 2, Explanation(1, 5, (Comparison("apply_points", 800, 0, 5),), 0)),
        (3, 3, Explanation(1, 5, (APPLY_LEVEL, Comparison("time_used", 900, 0, 3)), 0)),
        (4, 4, Explanation(1, 5, (APPLY_LEVEL, Comparison("time_used", 1_200, 1, 1)), 1)),
        (5, 4, Explanation(1, 5, (APPLY_LEVEL, Comparison("time_used", 1_200, 1, 1)), 1)),
        (6, 6, Explanation(1, 5, (APPLY_LEVEL, Comparison("time_used", 2_000, 3, 0)), 0)),
        (7, 7, Explanation(1, 5, (Comparison("apply_points", 500, 5, 0),), 0)),
        (8, 8, Explanation(7, 0, (), 0)),
    ],
)
def test_a_rank_is_explained_by_the_criteria_that_had_to_be_looked_at(entry, place, explanation):
    standing = next(s for s in rank(LEVEL, [APPLY, TIME]) if s.entry == entry)
    assert standing == Standing(entry, place, LEVEL[entry - 1].points, explanation)


def test_an_explanation_is_kept_as_plain_json():
    why = rank(LEVEL, [APPLY, TIME])[2].explanation
    assert json.loads(json.dumps(asdict(why))) == {
        "ahead": 1,
        "equal_points": 5,
        "decided_by": [["apply_points", 700, 1, 1], ["time_used", 900, 0, 3]],
        "shared_with": 0,
    }


SCORES = st.lists(
    st.builds(
        score,
        entry=st.integers(1, 10_000),
        points=st.sampled_from([1_900, 2_000, 2_100]),
        apply=st.integers(7, 9),
        understand=st.integers(0, 1),
        correct=st.integers(19, 21),
        time=st.integers(1_000, 1_002),
        handed_in=st.integers(5, 6),
    ),
    max_size=25,
    unique_by=lambda s: s.entry,
)
TIE_BREAKS = st.lists(st.sampled_from(list(TieBreak)), unique=True)


def beats(one: Score, other: Score, tie_breaks: list[TieBreak]) -> bool:
    """Tell by plain comparison, criterion by criterion, whether `one` ranks above `other`."""
    if one.points != other.points:
        return one.points > other.points
    for criterion in tie_breaks:
        own, its = one.values[criterion], other.values[criterion]
        if own != its:
            return own < its if criterion in FEWER_WINS else own > its
    return False


@given(SCORES, TIE_BREAKS)
def test_a_rank_is_one_more_than_the_number_of_those_who_are_better(scores, tie_breaks):
    expected = {own.entry: 1 + sum(beats(other, own, tie_breaks) for other in scores) for own in scores}
    assert ranks(rank(scores, tie_breaks)) == expected


@given(SCORES, TIE_BREAKS)
def test_the_numbers_of_an_explanation_are_those_of_a_plain_count(scores, tie_breaks):
    by_entry = {s.entry: s for s in scores}
    for standing in rank(scores, tie_breaks):
        own, why = by_entry[standing.entry], standing.explanation
        others = [s for s in scores if s.entry != own.entry]
        level = [s for s in others if s.points == own.points]
        assert why.ahead == sum(s.points > own.points for s in others)
        assert why.equal_points == len(level)
        for step, criterion in zip(why.decided_by, tie_breaks, strict=False):
            ahead = [s for s in level if beats(s, own, [criterion])]
            behind = [s for s in level if beats(own, s, [criterion])]
            assert step == (criterion, own.values[criterion], len(ahead), len(behind))
            level = [s for s in level if s not in ahead and s not in behind]
        assert why.shared_with == len(level)
        assert not level or len(why.decided_by) == len(tie_breaks)
        assert standing.rank == 1 + why.ahead + sum(step.ahead for step in why.decided_by)


@given(SCORES, TIE_BREAKS, CHANCE)
def test_neither_the_order_of_the_input_nor_the_entry_numbers_matter(scores, tie_breaks, chance):
    renamed = dict(zip([s.entry for s in scores], chance.sample(range(10**6), len(scores)), strict=True))
    other = [Score(renamed[s.entry], s.points, s.values) for s in scores]
    chance.shuffle(other)
    before, after = rank(scores, tie_breaks), rank(other, tie_breaks)
    assert {renamed[entry]: place for entry, place in ranks(before).items()} == ranks(after)
    explained = {renamed[s.entry]: s.explanation for s in before}
    assert explained == {s.entry: s.explanation for s in after}


@given(SCORES, TIE_BREAKS)
def test_one_more_criterion_only_parts_those_who_were_level(scores, tie_breaks):
    coarse, fine = ranks(rank(scores, tie_breaks[:-1])), ranks(rank(scores, tie_breaks))
    for one in scores:
        for other in scores:
            if coarse[one.entry] < coarse[other.entry]:
                assert fine[one.entry] < fine[other.entry]


# Ranking within a unit, a cluster or a group


def test_each_scope_is_ranked_apart():
    scores = [score(1, 900), score(2, 800), score(3, 700), score(4, 700), score(5, 600)]
    apart = rank_within(scores, {1: "Cụm 1", 2: "Cụm 2", 3: "Cụm 1", 4: "Cụm 2", 5: "Cụm 1"}, [])
    assert {scope: ranks(standings) for scope, standings in apart.items()} == {
        "Cụm 1": {1: 1, 3: 2, 5: 3},
        "Cụm 2": {2: 1, 4: 2},
    }
    assert apart["Cụm 2"][1].explanation.ahead == 1


def test_who_has_no_scope_gets_no_rank_and_pushes_nobody_down():
    scores = [score(1, 900), score(2, 800), score(3, 700)]
    assert {k: ranks(v) for k, v in rank_within(scores, {2: "", 3: ""}, []).items()} == {"": {2: 1, 3: 2}}
    assert rank_within(scores, {}, []) == {}


def test_scopes_come_in_a_stable_order_whatever_the_order_of_the_scores():
    scores = [score(1, 100), score(2, 200), score(3, 300)]
    assert list(rank_within(scores, {1: "a", 2: "c", 3: "b"}, [])) == ["a", "b", "c"]


@given(SCORES, TIE_BREAKS)
def test_one_scope_for_all_is_the_plain_ranking(scores, tie_breaks):
    apart = rank_within(scores, {s.entry: "all" for s in scores}, tie_breaks)
    assert apart.get("all", []) == rank(scores, tie_breaks)


# Several attempts


@pytest.mark.parametrize(
    ("what", "tie_breaks", "first", "second", "better"),
    [
        ("more points win", [TIME], {"points": 19, "time": 10}, {"points": 20, "time": 99}, 2),
        ("then the declared criterion", [TIME], {"points": 20, "time": 99}, {"points": 20, "time": 10}, 2),
        ("whatever the hour", [APPLY], {"apply": 5, "handed_in": 1}, {"apply": 6, "handed_in": 2}, 2),
        ("of equals the earlier", [], {"handed_in": 7}, {"handed_in": 6}, 2),
        ("of equals the earlier", [], {"handed_in": 6}, {"handed_in": 7}, 1),
        ("a part is no attempt's", ["part:Tình huống", TIME], {"time": 99}, {"time": 10}, 2),
    ],
)
def test_the_best_attempt_counts(what, tie_breaks, first, second, better):
    attempts = [score(1, **{"points": 20} | first), score(2, **{"points": 20} | second)]
    assert best_attempt(attempts, tie_breaks).entry == better, what
    assert best_attempt(reversed(attempts), tie_breaks).entry == better, what


@given(SCORES.filter(bool), TIE_BREAKS)
def test_no_attempt_beats_the_one_that_counts(attempts, tie_breaks):
    best = best_attempt(attempts, tie_breaks)
    assert not any(beats(other, best, [*tie_breaks, EARLIER]) for other in attempts)


class CountedValues(dict[str, int]):
    """Values that count how often they were looked at."""

    looks = 0

    def __getitem__(self, criterion: str) -> int:
        CountedValues.looks += 1
        return super().__getitem__(criterion)


def test_the_work_grows_with_the_number_of_contestants_and_not_with_its_square():
    CountedValues.looks = 0
    rank([Score(e, 3_000, CountedValues(time_used=e // 2)) for e in range(500)], [TIME])
    assert CountedValues.looks <= 5 * 500


def test_a_tie_may_be_parted_by_the_points_of_a_named_part():
    criterion = "part:Xử lý tình huống"
    level = [Score(1, 9000, {criterion: 3500}), Score(2, 9000, {criterion: 3600})]
    first, second = rank(level, [criterion_of(criterion)])
    assert (first.entry, second.entry, second.rank) == (2, 1, 2)
    assert first.explanation.decided_by[0].value == 3600


@pytest.mark.parametrize("text", ["part:", "alphabet", ""])
def test_what_is_no_criterion_is_not_read_as_one(text):
    with pytest.raises(ValueError):
        criterion_of(text)
