"""What stops a round from being opened, and what its board is only told."""

from datetime import date

import pytest

from quiz.core.papers import Cell, Shortfall
from quiz.core.promotion import Method, Quota, Scope
from quiz.core.readiness import Facts, readiness_of, window_stops
from quiz.core.rules import Rules
from quiz.core.timing import MINUTE, Window, day_of

OPENS = 1_675_558_800_000  # 08:00 on 5 February 2023 in Vietnam
RULES = Rules(blueprint=(Cell("dang-vien", "", 30),))  # an hour
WINDOW = Window(OPENS, OPENS + 120 * MINUTE)


def facts(**changes):
    return Facts(**{"rules": RULES, "window": WINDOW, "entries": 12} | changes)


def rules(**changes):
    return Rules(**{"blueprint": RULES.blueprint} | changes)


def fields(problems):
    return [problem.field for problem in problems]


def test_a_round_that_lacks_nothing_is_ready_and_there_is_nothing_to_tell():
    readiness = readiness_of(facts(), OPENS - MINUTE)
    assert readiness.is_ready
    assert (readiness.blockers, readiness.warnings) == ((), ())


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"rules": Rules()}, "rules"),
        ({"window": None}, "window"),
        ({"shortfalls": (Shortfall("Đảng viên", "", 5, 3),)}, "pool"),
        ({"entries": 0}, "entries"),
        (
            {"rules": rules(rank_within=Scope.CLUSTER, quota=Quota(scope=Scope.CLUSTER)), "unclustered": 1},
            "units",
        ),
        ({"rules": rules(quota=Quota(scope=Scope.CLUSTER)), "unclustered": 2}, "units"),
    ],
)
def test_one_thing_missing_stops_the_opening(changes, field):
    readiness = readiness_of(facts(**changes), OPENS - MINUTE)
    assert not readiness.is_ready
    assert fields(readiness.blockers) == [field]


def test_everything_that_stops_is_named_at_once():
    readiness = readiness_of(Facts(rules=Rules(), window=None), OPENS)
    assert fields(readiness.blockers) == ["rules", "window", "entries"]


@pytest.mark.parametrize(
    "changes",
    [{"unclustered": 3}, {"rules": rules(quota=Quota(Method.MANUAL, Scope.CLUSTER)), "unclustered": 1}],
)
def test_units_need_no_cluster_where_nothing_is_counted_by_cluster(changes):
    assert readiness_of(facts(**changes), OPENS - MINUTE).is_ready


def test_units_left_out_where_others_are_in_clusters_are_told():
    readiness = readiness_of(facts(clustered=4, unclustered=1), OPENS - MINUTE)
    assert readiness.is_ready and fields(readiness.warnings) == ["units"]


def test_they_are_told_once_where_clusters_count():
    by_cluster = facts(rules=rules(rank_within=Scope.CLUSTER), clustered=4, unclustered=1)
    assert fields(readiness_of(by_cluster, OPENS - MINUTE).warnings) == []


@pytest.mark.parametrize(
    "level, sentence",
    [
        ("", "Chuyên đề “Dân vận”: cần 5 câu, chỉ có 3. Hãy duyệt thêm câu hoặc giảm số câu."),
        (
            "remember",
            "Chuyên đề “Dân vận”, mức nhận biết: cần 5 câu, chỉ có 3. Hãy duyệt thêm câu hoặc giảm số câu.",
        ),
        (
            "understand",
            "Chuyên đề “Dân vận”, mức thông hiểu: cần 5 câu, chỉ có 3. Hãy duyệt thêm câu hoặc giảm số câu.",
        ),
        (
            "apply",
            "Chuyên đề “Dân vận”, mức vận dụng: cần 5 câu, chỉ có 3. Hãy duyệt thêm câu hoặc giảm số câu.",
        ),
    ],
)
def test_a_shortfall_says_how_many_are_wanted_and_there(level, sentence):
    gap = Shortfall("Dân vận", level, 5, 3)
    (problem,) = readiness_of(facts(shortfalls=(gap,)), OPENS - MINUTE).blockers
    assert str(problem).endswith(sentence)


@pytest.mark.parametrize(
    "window, changes, now, stopped",
    [
        (WINDOW, {}, OPENS - MINUTE, False),
        (Window(OPENS, OPENS + 60 * MINUTE), {}, OPENS, False),  # just long enough
        (Window(OPENS, OPENS + 60 * MINUTE - 1), {}, OPENS - MINUTE, True),
        (Window(OPENS, OPENS + 59 * MINUTE), {"full_time_for_late": True}, OPENS, False),
        (WINDOW, {}, OPENS + 60 * MINUTE, False),  # an hour is left
        (WINDOW, {}, OPENS + 61 * MINUTE, True),
        (WINDOW, {}, WINDOW.closes_at - 1, True),
        (WINDOW, {"full_time_for_late": True}, WINDOW.closes_at - 1, False),
        (WINDOW, {"full_time_for_late": True}, WINDOW.closes_at, True),
        (WINDOW, {"late_start": 10}, OPENS + 10 * MINUTE, False),
        (WINDOW, {"late_start": 10}, OPENS + 10 * MINUTE + 1, True),
    ],
)
def test_a_window_must_leave_time_for_a_whole_paper(window, changes, now, stopped):
    assert bool(list(window_stops(window, rules(**changes), now))) is stopped


def test_a_window_too_short_says_how_short():
    (stop,) = window_stops(Window(OPENS, OPENS + 45 * MINUTE), RULES, OPENS - MINUTE)
    assert stop.values == {"there": 45, "needed": 60}


@pytest.mark.parametrize(
    "changes, now, told",
    [
        ({}, OPENS, []),
        ({}, OPENS + 1, ["window"]),  # it has begun: candidates start at once
        ({"silent_cells": 2}, OPENS, ["entries"]),
        ({"ungrouped": 2}, OPENS, []),
        (
            {"ungrouped": 2, "rules": rules(rank_within=Scope.GROUP, quota=Quota(scope=Scope.GROUP))},
            OPENS,
            ["entries"],
        ),
        ({"rivals": ("Cấp cơ sở – xã Cò Nòi",)}, OPENS, ["window"]),
        ({"rules": rules(late_start=60)}, OPENS, []),
        ({"rules": rules(late_start=61)}, OPENS, ["window"]),
        ({"rules": rules(late_start=61, full_time_for_late=True)}, OPENS, []),
    ],
)
def test_what_the_board_is_told_does_not_stop_it(changes, now, told):
    readiness = readiness_of(facts(**changes), now)
    assert readiness.is_ready
    assert fields(readiness.warnings) == told


def test_who_may_start_after_the_end_has_no_minutes_left_not_fewer():
    (told,) = readiness_of(facts(rules=rules(late_start=180)), OPENS).warnings
    assert told.values == {"late": 180, "left": 0}


@pytest.mark.parametrize(
    "instant, day",
    [(OPENS, date(2023, 2, 5)), (1_675_529_999_999, date(2023, 2, 4)), (1_675_530_000_000, date(2023, 2, 5))],
)
def test_a_day_begins_at_midnight_in_vietnam(instant, day):
    assert day_of(instant) == day
