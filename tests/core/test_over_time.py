"""What speaking too long costs, by each published rule."""

import pytest

from quiz.core.over_time import OverTime, OverTimeRule, deduction, faults, seconds_over

CAN_THO = OverTime(OverTimeRule.STEPS, ((1, 25), (60, 50)))
VINH_PHUC = OverTime(OverTimeRule.PER_MINUTE, per_minute=100)


@pytest.mark.parametrize(
    ("rule", "minutes", "used_seconds", "off"),
    [
        (CAN_THO, 3, 180, 0),
        (CAN_THO, 3, 180.9, 0),  # a second under way does not count
        (CAN_THO, 3, 181, 25),
        (CAN_THO, 3, 239.9, 25),
        (CAN_THO, 3, 240, 50),
        (CAN_THO, 3, 260, 50),  # 1 min 20 s over
        (CAN_THO, 3, 1000, 50),  # and it stays at that
        (VINH_PHUC, 5, 359, 0),
        (VINH_PHUC, 5, 360, 100),
        (VINH_PHUC, 5, 419, 100),
        (VINH_PHUC, 5, 420, 200),
        (OverTime(OverTimeRule.CUT_OFF), 5, 420, 0),
        (OverTime(), 5, 4000, 0),
        (CAN_THO, 0, 4000, 0),  # no limit
    ],
)
def test_the_deduction_follows_the_clock(rule, minutes, used_seconds, off):
    assert deduction(rule, int(used_seconds * 1000), minutes) == off


def test_a_part_that_was_not_timed_costs_nothing():
    assert (seconds_over(None, 3), deduction(CAN_THO, None, 3)) == (0, 0)


@pytest.mark.parametrize(
    ("rule", "at"),
    [
        (CAN_THO, []),
        (VINH_PHUC, []),
        (OverTime(OverTimeRule.NONE, ()), []),
        (OverTime(OverTimeRule.STEPS, ()), ["steps"]),
        (OverTime(OverTimeRule.STEPS, ((0, 25),)), ["steps"]),
        (OverTime(OverTimeRule.STEPS, ((1, 0),)), ["steps"]),
        (OverTime(OverTimeRule.STEPS, ((1, 2001),)), ["steps"]),
        (OverTime(OverTimeRule.STEPS, ((60, 50), (1, 25))), ["steps"]),  # from less to more, each once
        (OverTime(OverTimeRule.STEPS, ((1, 50), (60, 50))), ["steps"]),
        (OverTime(OverTimeRule.PER_MINUTE, per_minute=0), ["per_minute"]),
    ],
)
def test_a_rule_that_cannot_be_used_says_why(rule, at):
    assert [place for place, _ in faults(rule, 2000)] == at
