"""The second opinion gives what the written rules give, and finds every seeded fault of a published ranking."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from drill import comparison
from drill.scorer import marks_of, outcome_of, points_of, standings
from drill.stored import Given, Stored
from tests.drill.worlds import MINUTE, START, change, decide, make_world, publish, send_on, why


def ranks(stored: Stored) -> dict[int, int]:
    """Return the rank of each entry of round 1."""
    return {line.entry: line.rank for line in standings(stored.rounds[1], marks_of(stored), stored)}


@pytest.mark.parametrize(
    ("right", "taken", "options", "partial", "points"),
    [
        ({0}, {0}, 4, False, 100),
        ({0}, {1}, 4, False, 0),
        ({0}, set(), 4, False, 0),
        ({0}, {0, 1}, 4, False, 0),
        ({0, 2}, {0, 2}, 4, False, 100),
        ({0, 2}, {0}, 4, False, 0),
        ({0, 2}, {0}, 4, True, 50),
        ({0, 2}, {0, 1}, 4, True, 0),
        ({0, 2}, {0, 1, 2}, 4, True, 50),
        ({0, 1, 2}, {0}, 4, True, 33),
        ({0, 1, 2}, {0, 1}, 4, True, 66),
        ({0, 1, 2}, {0, 1, 3}, 4, True, 0),
        ({0, 1, 2, 3}, {0, 1, 2}, 4, True, 75),
        ({0}, {1}, 2, True, 0),
        ({0, 1}, set(), 4, True, 0),
    ],
)
def test_points_of_one_response(
    right: set[int], taken: set[int], options: int, partial: bool, points: int
) -> None:
    assert points_of(frozenset(right), frozenset(taken), options, 100, partial) == points


def test_the_key_is_found_where_the_paper_shows_it() -> None:
    stored = make_world([10])
    paper = tuple((version, (3, 2, 1, 0)) for version, _ in stored.attempts[0].paper)
    change(stored.attempts, 0, paper=paper)
    assert marks_of(stored)[1].total == 0
    for place in range(10):
        change(stored.responses, place, choice="3")
    assert marks_of(stored)[1].total == 1000


def test_time_used_is_not_counted_past_the_deadline() -> None:
    stored = make_world([10])
    attempt = stored.attempts[0]
    change(stored.attempts, 0, submitted_at=attempt.deadline + 999)
    assert marks_of(stored)[1].values["time_used"] == 3600


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ([(12, 22)], 28),
        ([(12, 3)], 37),
        ([(12, 0)], 40),
        ([(12, 22), (5, 40)], 23),
        ([(8, 10), (8, 10)], 30),
        ([(5, 40), (12, 3)], 32),
        ([(60, 40)], 0),
    ],
)
def test_minutes_given_back_are_not_time_used(given: list[tuple[int, int]], used: int) -> None:
    stored = make_world([10], [40])
    end = stored.attempts[0].deadline
    stored.given += [
        Given(minutes, 1, end, end + minutes * MINUTE, START + at * MINUTE) for minutes, at in given
    ]
    stored.given.append(Given(9, 2, end, end + 9 * MINUTE, START + 20 * MINUTE))  # somebody else's
    assert marks_of(stored)[1].values["time_used"] == used * 60


@pytest.mark.parametrize(
    ("right", "minutes", "expected"),
    [
        ([5, 9, 7], [10, 10, 10], {1: 3, 2: 1, 3: 2}),
        ([7, 7, 7], [12, 10, 11], {1: 3, 2: 1, 3: 2}),  # the quicker stands ahead
        ([7, 7, 2], [10, 10, 10], {1: 1, 2: 1, 3: 3}),  # a shared rank, the next is skipped
        ([9, 7, 7, 7], [10, 10, 10, 5], {1: 1, 2: 3, 3: 3, 4: 2}),
    ],
)
def test_ranks(right: list[int], minutes: list[int], expected: dict[int, int]) -> None:
    assert ranks(make_world(right, minutes)) == expected


def test_points_on_application_go_before_time() -> None:
    stored = make_world([3, 0], [30, 10])
    for place in (3, 4, 6):  # the second has three items right too, none about application
        change(stored.responses, 10 + place, choice="0")
    assert ranks(stored) == {1: 1, 2: 2}


def test_every_scope_is_ranked_apart() -> None:
    stored = make_world([9, 7, 5, 3], rank_within="cluster")
    for key, cluster in ((1, "Cụm 1"), (2, "Cụm 1"), (3, "Cụm 2"), (4, "Cụm 2")):
        entry = stored.entries[key]
        stored.entries[key] = replace(entry, scopes=entry.scopes | {"cluster": cluster})
    assert ranks(stored) == {1: 1, 2: 2, 3: 1, 4: 2}


def test_who_withdrew_takes_no_place() -> None:
    stored = make_world([9, 7])
    stored.entries[1] = replace(stored.entries[1], is_withdrawn=True)
    assert ranks(stored) == {2: 1}


def test_the_best_attempt_counts() -> None:
    stored = make_world([5, 7])
    stored.attempts.append(replace(stored.attempts[1], id=3, entry=1, number=2))
    stored.responses += [replace(row, attempt=3) for row in stored.responses if row.attempt == 2]
    lines = standings(stored.rounds[1], marks_of(stored), stored)
    assert {line.entry: line.mark.attempt.id for line in lines} == {1: 3, 2: 2}


# --- promotion ------------------------------------------------------------------------------------------------


def outcome(
    stored: Stored,
) -> tuple[tuple[int, ...], dict[str, tuple[int, ...]], tuple[tuple[str, int], ...]]:
    """Return who goes on, the reserves, and the open ties of round 1."""
    edition = stored.editions.get(1) or publish(stored, [])
    found = outcome_of(edition, standings(stored.rounds[1], marks_of(stored), stored), stored)
    return found.chosen, dict(found.reserves), found.open_ties


def test_the_first_go_on_and_the_next_wait() -> None:
    stored = make_world([5, 9, 7, 8], quota={"top": 2, "reserves": 1})
    assert outcome(stored) == ((2, 4), {"": (3,)}, ())


def test_a_tie_at_the_cut_stops_until_it_is_decided() -> None:
    stored = make_world([9, 9, 7], quota={"reserves": 1})
    assert outcome(stored) == ((), {"": ()}, (("", 1),))


@pytest.mark.parametrize(
    ("decision", "chosen", "reserves"),
    [
        ({"way": "head_decides", "chosen": (2,)}, (2,), (1,)),
        ({"way": "extra_questions", "chosen": (1,)}, (1,), (2,)),
        ({"way": "all_go"}, (1, 2), (3,)),
        # the SHA-256 of "02:1" begins with 725, that of "02:2" with 56d: the second goes first
        ({"way": "draw", "seed": "02"}, (2,), (1,)),
    ],
)
def test_ways_out_of_a_tie(
    decision: dict[str, object], chosen: tuple[int, ...], reserves: tuple[int, ...]
) -> None:
    stored = make_world([9, 9, 7], quota={"reserves": 1})
    decide(stored, **decision)  # type: ignore[arg-type]
    assert outcome(stored) == (chosen, {"": reserves}, ())


def test_a_decision_that_does_not_fit_leaves_the_tie_open() -> None:
    stored = make_world([9, 9, 7])
    decide(stored, "head_decides", chosen=(3,))
    assert outcome(stored)[2] == (("", 1),)


def test_equal_reserves_wait_for_their_own_decision() -> None:
    stored = make_world([9, 7, 7, 5], quota={"reserves": 2})
    assert outcome(stored) == ((1,), {"": ()}, ())
    decide(stored, "head_decides", chosen=(3, 2), rank=2, scope="reserves:")
    assert outcome(stored) == ((1,), {"": (3, 2)}, ())


def test_a_threshold_takes_everybody_from_it() -> None:
    stored = make_world([9, 7, 6, 5], quota={"method": "threshold", "cut_score": 600})
    assert outcome(stored)[0] == (1, 2, 3)


def test_nobody_goes_on_by_rank_where_the_committee_picks() -> None:
    assert outcome(make_world([9, 7], quota={"method": "manual"}))[0] == ()


# --- published rankings ---------------------------------------------------------------------------------------


def published() -> Stored:
    """Return a final edition of four: one alone ahead, two that share a rank, one behind; the first was sent on."""
    stored = make_world([9, 7, 7, 5], [10, 10, 10, 10])
    level = why(1, 1, (("apply_points", 200, 0, 0), ("time_used", 600, 0, 0)), 1)
    publish(stored, [(1, 1, why(0)), (2, 2, level), (3, 2, level), (4, 4, why(3))])
    send_on(stored, 1)
    return stored


def test_a_right_ranking_has_no_difference() -> None:
    assert comparison.differences(published()) == []


def wrong_points(stored: Stored) -> None:
    change(stored.results, 3, points=600)


def wrong_marks(stored: Stored) -> None:
    change(stored.attempts, 0, raw_score=1000)


def wrong_marks_with_the_right_sum(stored: Stored) -> None:
    marks = stored.attempts[0].marks
    change(stored.attempts, 0, marks=marks[::-1])


def ranks_without_a_gap(stored: Stored) -> None:
    change(stored.results, 3, rank=3)


def sharers_told_apart_by_row(stored: Stored) -> None:
    change(stored.results, 2, rank=3)


def slower_before_quicker(stored: Stored) -> None:
    change(
        stored.attempts, 1, time_used=540_000, submitted_at=(stored.attempts[1].submitted_at or 0) - 60_000
    )


def tie_breaks_in_the_wrong_order(stored: Stored) -> None:
    stored.rules[1]["tie_breaks"] = ["time_used", "apply_points"]


def lines_in_the_wrong_order(stored: Stored) -> None:
    change(stored.results, 0, position=4)
    change(stored.results, 3, position=1)


def contestant_left_out(stored: Stored) -> None:
    del stored.results[3]


def contestant_listed_twice(stored: Stored) -> None:
    stored.results.append(replace(stored.results[3], id=99, position=5))


def withdrawn_contestant_listed(stored: Stored) -> None:
    stored.entries[4] = replace(stored.entries[4], is_withdrawn=True)


def another_attempt_counted(stored: Stored) -> None:
    change(stored.results, 3, attempt=1)


def wrong_reason(stored: Stored) -> None:
    change(stored.results, 3, explanation=why(2))


def ranked_in_the_wrong_scope(stored: Stored) -> None:
    change(stored.results, 0, scope="Cụm 1")


def promotion_missing(stored: Stored) -> None:
    del stored.entries[1001]


def wrong_person_promoted(stored: Stored) -> None:
    del stored.entries[1001]
    send_on(stored, 2)


def one_too_many_promoted(stored: Stored) -> None:
    send_on(stored, 2)


def promoted_under_another_name(stored: Stored) -> None:
    stored.entries[1001] = replace(stored.entries[1001], person=999)


def promoted_into_the_same_round(stored: Stored) -> None:
    stored.entries[1001] = replace(stored.entries[1001], round=1, is_withdrawn=True)


FAULTS = [
    wrong_points, wrong_marks, wrong_marks_with_the_right_sum, ranks_without_a_gap, sharers_told_apart_by_row,
    slower_before_quicker, tie_breaks_in_the_wrong_order, lines_in_the_wrong_order, contestant_left_out,
    contestant_listed_twice, withdrawn_contestant_listed, another_attempt_counted, wrong_reason,
    ranked_in_the_wrong_scope, promotion_missing, wrong_person_promoted, one_too_many_promoted,
    promoted_under_another_name, promoted_into_the_same_round,
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_every_seeded_fault_is_found(fault: Callable[[Stored], None]) -> None:
    stored = published()
    fault(stored)
    assert comparison.differences(stored)


def test_a_draw_that_was_not_followed_is_found() -> None:
    stored = make_world([9, 9])
    level = why(0, 1, (("apply_points", 300, 0, 0), ("time_used", 600, 0, 0)), 1)
    publish(stored, [(1, 1, level), (2, 1, level)])
    decide(stored, "draw", seed="02")
    send_on(stored, 1)
    assert len(comparison.differences(stored)) == 2


# --- pages ----------------------------------------------------------------------------------------------------

SHOWN: list[comparison.Shown] = [
    (1, "Người 1", "bản 1", "xã A", "9,00"),
    (2, "Người 3", "bản 3", "xã A", "7,00"),
    (2, "Người 2", "bản 2", "xã A", "7,00"),
    (4, "Người 4", "bản 4", "xã A", "5,00"),
]


def page_differences(shown: list[comparison.Shown]) -> list[str]:
    stored = published()
    return comparison.page_differences(shown, stored.editions[1], stored, marks_of(stored))


def test_a_right_page_has_no_difference_in_whatever_order_sharers_stand() -> None:
    assert page_differences(SHOWN) == []
    assert page_differences([SHOWN[0], SHOWN[2], SHOWN[1], SHOWN[3]]) == []


@pytest.mark.parametrize(
    "shown",
    [
        SHOWN[:-1],
        [*SHOWN, SHOWN[-1]],
        [*SHOWN[:-1], (3, *SHOWN[-1][1:])],
        [*SHOWN[:-1], (*SHOWN[-1][:4], "5,50")],
        [*SHOWN[:-1], (4, "Người 5", *SHOWN[-1][2:])],
        [SHOWN[3], *SHOWN[:3]],
    ],
    ids=["line missing", "line twice", "rank", "points", "name", "order"],
)
def test_a_wrong_page_is_found(shown: list[comparison.Shown]) -> None:
    assert page_differences(shown)


def test_a_page_that_sends_on_somebody_else_is_found() -> None:
    stored = published()
    edition, marks = stored.editions[1], marks_of(stored)
    first, second = ("Người 1", "bản 1"), ("Người 2", "bản 2")
    assert comparison.promotion_differences([first], [], edition, stored, marks) == []
    assert comparison.promotion_differences([second], [], edition, stored, marks)
    assert comparison.promotion_differences([first], [second], edition, stored, marks)
    assert comparison.promotion_differences([("Người 1", "bản 2")], [], edition, stored, marks)
