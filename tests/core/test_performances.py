"""Where a performance stands, on the stage and on paper."""

from itertools import product

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.performances import (
    OnPaper,
    OnStage,
    check_may_check,
    check_may_sign,
    on_paper,
    on_stage,
    used_at,
)


@pytest.mark.parametrize(
    ("instants", "state"),
    [
        ((None, None, None, None, ""), OnStage.WAITING),
        ((1, None, None, None, ""), OnStage.CALLED),
        ((1, 2, 2, None, ""), OnStage.RUNNING),
        ((1, 2, None, None, ""), OnStage.PAUSED),
        ((1, 2, 5, None, ""), OnStage.RUNNING),
        ((1, 2, None, 9, ""), OnStage.DONE),
        ((1, None, None, None, "ốm"), OnStage.ABSENT),
        ((None, None, None, None, "ốm"), OnStage.ABSENT),
    ],
)
def test_the_state_follows_from_the_instants(instants, state):
    assert on_stage(*instants) is state


@pytest.mark.parametrize(
    ("used", "since", "now", "shown"),
    [
        (0, None, 9_000, 0),
        (0, 1_000, 9_000, 8_000),
        (5_000, 1_000, 9_000, 13_000),
        (5_000, 9_000, 1_000, 5_000),
    ],
)
def test_the_clock_adds_up_what_ran(used, since, now, shown):
    assert used_at(used, since, now) == shown


@pytest.mark.parametrize(
    ("has_points", "checked_at", "signed_at", "state"),
    [
        (False, None, None, OnPaper.MARKING),
        (True, None, None, OnPaper.HANDED_IN),
        (True, 5, None, OnPaper.CHECKED),
        (True, 5, 6, OnPaper.SIGNED),
    ],
)
def test_points_go_from_marking_to_the_signature(has_points, checked_at, signed_at, state):
    assert on_paper(has_points, checked_at, signed_at) is state


def test_only_a_performance_that_is_over_and_has_its_points_is_checked():
    free = set()
    for stage, paper in product(OnStage, OnPaper):
        try:
            check_may_check(stage, paper)
        except AlreadyDone:
            assert paper in (OnPaper.CHECKED, OnPaper.SIGNED)
        except RuleBroken:
            assert paper is not OnPaper.HANDED_IN or stage not in (OnStage.DONE, OnStage.ABSENT)
        else:
            free.add((stage, paper))
    assert free == {(OnStage.DONE, OnPaper.HANDED_IN), (OnStage.ABSENT, OnPaper.HANDED_IN)}


@pytest.mark.parametrize(
    ("paper", "is_checker", "refusal"),
    [
        (OnPaper.CHECKED, False, None),
        (OnPaper.CHECKED, True, RuleBroken),
        (OnPaper.HANDED_IN, False, RuleBroken),
        (OnPaper.MARKING, False, RuleBroken),
        (OnPaper.SIGNED, False, AlreadyDone),
    ],
)
def test_the_head_judge_signs_once_what_another_checked(paper, is_checker, refusal):
    if refusal is None:
        check_may_sign(paper, is_checker)
        return
    with pytest.raises(refusal):
        check_may_sign(paper, is_checker)
