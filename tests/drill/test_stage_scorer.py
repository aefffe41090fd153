"""The second opinion on the stage gives what the written rules give, and agrees with the product's on random ones."""

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from drill.scorer import marks_of, standings
from drill.stage_scorer import earned, evidence, half_up, order_faults, taken_off
from drill.staged import Sheet
from quiz.core import judging, over_time, parts
from quiz.core.joining import Evidence, shares, total
from quiz.core.running_order import running_order
from tests.drill.stages import MINUTE, make_part, make_performance, make_stage


def sheets(*points: int) -> list[Sheet]:
    """Return a sheet for each seat."""
    return [Sheet(s, 1, s, s, {"Nội dung": p}, 1, 1, None) for s, p in enumerate(points, start=1)]


@pytest.mark.parametrize(
    ("judged", "given", "used", "points"),
    [
        ({}, (1000, 1500, 1600, 1700, 2000), 300, 1600),  # the lowest and the highest are left out
        ({"averaging": "mean"}, (1000, 1500, 1600, 1700, 2000), 300, 1560),
        ({}, (1600, 1600, 1600, 1600, 1600), 301, 1575),  # a second over
        ({}, (1600, 1600, 1600, 1600, 1600), 380, 1550),  # a minute and twenty seconds
        ({"over_time": {"rule": "per_minute", "per_minute": 100}}, (1600,) * 5, 359, 1600),
        ({"over_time": {"rule": "per_minute", "per_minute": 100}}, (1600,) * 5, 420, 1400),
        ({"over_time": {"rule": "cut_off"}}, (1600,) * 5, 900, 1600),
        ({"judges": 3, "averaging": "mean", "decimals": 1}, (1600, 1625, 1625), 0, 1620),
        ({"judges": 3, "averaging": "mean"}, (1600, 1625, 1625), 0, 1617),
        ({}, (0, 0, 25, 25, 25), 900, 0),  # not below nothing
        ({}, (1600, 1600), 0, None),  # the others are waited for
        ({"missing": "present"}, (1600, 1700), 0, 1650),
        ({"judges": 2, "gap": 500, "on_gap": "third", "averaging": "mean"}, (1000, 1500), 0, None),
        ({"judges": 2, "gap": 500, "on_gap": "third", "averaging": "mean"}, (1000, 1500, 1300), 0, 1300),
        ({"gap": 500, "on_gap": "head"}, (1000, 1500, 1500, 1500, 1500), 0, None),
    ],
)
def test_points_of_a_part(judged: dict[str, Any], given: tuple[int, ...], used: int, points: int) -> None:
    part = make_part("Tình huống", 2000, 60, **judged)
    assert earned(part, make_performance(1, 1, used=used * 1000), sheets(*given)).points == points


def test_who_was_absent_earns_nothing_and_a_decision_of_the_head_stands() -> None:
    part = make_part("Tình huống", 2000, 60, gap=500, on_gap="head")
    assert earned(part, make_performance(1, 1, absent="ốm"), []).points == 0
    decided = make_performance(1, 1, decided=1450, used=6 * MINUTE)
    assert earned(part, decided, sheets(1000, 1500, 1500, 1500, 1500)).points == 1400


def test_a_sheet_that_was_not_handed_in_does_not_count() -> None:
    part = make_part("Tình huống", 2000, 60, judges=1, averaging="mean")
    (sheet,) = sheets(1600)
    assert earned(part, make_performance(1, 1), [replace(sheet, submitted_at=None)]).points is None


def test_test_and_stage_make_one_total_and_the_declared_part_tells_equals_apart() -> None:
    stored = make_stage([[4500] * 5, [5300] * 5, [5000] * 5], right=[10, 8, 3])
    lines = {line.entry: line for line in standings(stored.rounds[1], marks_of(stored), stored)}
    assert [lines[key].mark.total for key in (1, 2, 3)] == [8500, 8500, 6200]
    assert [lines[key].rank for key in (1, 2, 3)] == [2, 1, 3]
    assert lines[1].explanation["decided_by"] == [["part:Tình huống", 4500, 1, 0]]
    assert lines[1].explanation["parts"] == [["Trắc nghiệm", 1000, 1000, 40], ["Tình huống", 4500, 6000, 60]]


def test_who_is_not_signed_in_a_part_has_no_rank() -> None:
    stored = make_stage([[4500] * 5, [5300] * 5])
    one = stored.staged.performances[2]
    stored.staged.performances[2] = replace(one, signed_at=None)
    assert [line.entry for line in standings(stored.rounds[1], marks_of(stored), stored)] == [1]


def test_a_stage_without_a_test_is_ranked_by_its_parts() -> None:
    stored = make_stage([[4500] * 5, [5300] * 5], parts=[make_part("Tình huống", 6000, 100)], blueprint=[])
    stored.rules[1]["tie_breaks"] = ["part:Tình huống"]
    stored.attempts.clear()
    lines = standings(stored.rounds[1], marks_of(stored), stored)
    assert {line.entry: (line.rank, line.mark.total) for line in lines} == {1: (2, 7500), 2: (1, 8833)}


# --- against the product's rules ------------------------------------------------------------------------------


def random_part(chance: random.Random, name: str, weight: int) -> dict[str, Any]:
    on_gap = chance.choice(["notice", "notice", "head", "third"])
    return make_part(
        name, 2000, weight, chance.choice([0, 3, 5]),
        judges=2 if on_gap == "third" else chance.randint(1, 7),
        averaging=chance.choice(["mean", "drop_extremes"]), drop_from=chance.randint(3, 7),
        gap=chance.choice([0, 300]) if on_gap == "notice" else 300, on_gap=on_gap,
        missing=chance.choice(["wait", "present"]), decimals=chance.randint(0, 2),
        over_time={
            "rule": chance.choice(["none", "steps", "per_minute", "cut_off"]),
            "steps": chance.choice([[[1, 25], [60, 50]], [[30, 100], [10, 25]]]), "per_minute": 75,
        },
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(200))
def test_both_give_the_same_points_for_the_same_sheets(seed: int) -> None:
    chance = random.Random(seed)
    part = random_part(chance, "Tình huống", 60)
    (theirs,) = parts.from_list([part])
    seats = theirs.judging.judges + (part["judging"]["on_gap"] == "third")
    given = [
        one for one in sheets(*(chance.randint(0, 80) * 25 for _ in range(seats))) if chance.random() < 0.9
    ]
    used, decided = chance.choice([None, 180_999, 301_000, 365_500]), chance.choice([None, 1333])
    performance = make_performance(
        1, 1, used=used or 0, started_at=None if used is None else 1, decided=decided
    )
    found = judging.part_points(
        theirs.judging, [judging.Sheet(one.seat, one.points) for one in given], used, theirs.minutes, decided
    )
    mine = earned(part, performance, given)
    assert mine.points == found.points
    if found.points is not None:
        why = (found.counted, found.sum, found.deducted, found.by_head, found.by_third)
        assert (mine.counted, mine.sum, mine.deducted, mine.by_head, mine.by_third) == why
        assert taken_off(part["judging"]["over_time"], 3, 200) * 100 == over_time.deduction(
            theirs.judging.over_time, 200_000, 3
        )


def test_both_keep_the_same_of_how_a_part_came_to_its_points() -> None:
    part = make_part("Tình huống", 2000, 60)
    performance, given = (
        make_performance(1, 1, used=1_000, started_at=1),
        sheets(1000, 1100, 1200, 1300, 1400),
    )
    assert tuple(evidence(performance, given, earned(part, performance, given))) == Evidence._fields


@pytest.mark.parametrize("seed", range(60))
def test_both_give_the_same_total_and_round_alike(seed: int) -> None:
    chance = random.Random(seed)
    weights = [20, 40, 40] if seed % 2 else [33, 33, 34]
    plain = [make_part(f"Phần {n}", chance.choice([700, 2000, 3000]), w) for n, w in enumerate(weights)]
    points = {part["name"]: chance.randint(0, part["max_points"]) for part in plain}
    added = shares(parts.from_list(plain), points, 0)
    assert added is not None
    exact = sum(
        (Fraction(points[p["name"]], p["max_points"]) * p["weight"] for p in plain), Fraction()
    )  # fmt: skip
    assert half_up(exact, 2) == total(added)


@pytest.mark.parametrize(("people", "sessions"), [(1, 1), (7, 2), (22, 2), (9, 4)])
def test_the_running_order_is_repeated_from_its_seed(people: int, sessions: int) -> None:
    stored = make_stage([[4500] * 5] * people)
    draw = replace(stored.staged.draws[1], sessions=sessions)
    stored.staged.draws[1] = draw
    for turn in running_order({"": range(1, people + 1)}, draw.seed, sessions):
        one = stored.staged.performances[turn.entry]
        stored.staged.performances[turn.entry] = replace(
            one, session=turn.session, place=turn.place, drawn=turn.drawn
        )
    assert list(order_faults(stored)) == []
