"""What speaking too long costs (R40), from the time the clock recorded.

Rules published by neighbouring contests: less than a minute over −0.25, from a minute −0.5 (mediators, Cần Thơ 2023);
from one minute over −1 a minute (mediators, Vĩnh Phúc 2023); what is said after the limit is not scored (Cần Thơ,
situation answers).
Seconds are whole ones that have passed; a second under way does not count.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from quiz.core.errors import N_

MINUTE = 60  # seconds


class OverTimeRule(StrEnum):
    """How time over the limit is dealt with."""

    NONE = "none"
    STEPS = "steps"  # the deduction of the last step reached
    PER_MINUTE = "per_minute"  # for each whole minute over
    CUT_OFF = "cut_off"  # the speaker is stopped: nothing to deduct


@dataclass(frozen=True, slots=True)
class OverTime:
    """The rule; `steps` are (whole seconds over, hundredths taken off), `per_minute` hundredths."""

    rule: OverTimeRule = OverTimeRule.NONE
    steps: tuple[tuple[int, int], ...] = ((1, 25), (MINUTE, 50))
    per_minute: int = 100

    @property
    def costs(self) -> bool:
        """Tell whether time over takes points off."""
        return self.rule in (OverTimeRule.STEPS, OverTimeRule.PER_MINUTE)


def seconds_over(used: int | None, minutes: int) -> int:
    """Return the whole seconds by which `used` (ms, None: not timed) is over `minutes` (0: no limit)."""
    if used is None or not minutes:
        return 0
    return max(0, used - minutes * MINUTE * 1000) // 1000


def deduction(over_time: OverTime, used: int | None, minutes: int) -> int:
    """Return the hundredths of a point taken off."""
    over = seconds_over(used, minutes)
    if over_time.rule is OverTimeRule.STEPS:
        reached = [step for step in over_time.steps if step[0] <= over]
        return max(reached)[1] if reached else 0
    if over_time.rule is OverTimeRule.PER_MINUTE:
        return over // MINUTE * over_time.per_minute
    return 0


def faults(over_time: OverTime, max_points: int) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) for whatever makes the rule unusable in a part of `max_points`."""
    steps = over_time.steps
    if over_time.rule is OverTimeRule.STEPS:
        if not steps:
            yield (
                "steps",
                N_("Trừ theo mức cần ít nhất một mức: quá từ bao nhiêu giây thì trừ bao nhiêu điểm."),
            )
        elif any(seconds < 1 or not 0 < points <= max_points for seconds, points in steps):
            yield (
                "steps",
                N_("Mỗi mức quá giờ phải từ 1 giây, trừ trên 0 điểm và không quá điểm tối đa của phần thi."),
            )
        elif any(one[0] >= two[0] or one[1] >= two[1] for one, two in pairwise(steps)):
            yield "steps", N_("Ghi các mức từ ít đến nhiều: quá lâu hơn thì trừ nhiều hơn.")
    if over_time.rule is OverTimeRule.PER_MINUTE and not 0 < over_time.per_minute <= max_points:
        yield (
            "per_minute",
            N_("Điểm trừ cho mỗi phút phải trên 0 và không quá điểm tối đa của phần thi."),
        )


def from_dict(data: Mapping[str, Any]) -> OverTime:
    """Return the rule stored as `data`; raise KeyError, TypeError or ValueError if it is something else."""
    steps = tuple((int(seconds), int(points)) for seconds, points in data["steps"])
    return OverTime(OverTimeRule(data["rule"]), steps, int(data["per_minute"]))
