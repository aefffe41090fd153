"""When a round may be started and when an attempt ends. Every instant is an int, milliseconds UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from quiz.core.errors import N_, RuleBroken

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTE = 60_000
SECOND = 1_000


class Phase(StrEnum):
    """Where a round stands; always computed, never stored."""

    DRAFT = "draft"  # its settings may still change
    SCHEDULED = "scheduled"  # frozen, waiting for its window
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """The span in which a round may be sat: opens_at ≤ t < closes_at; `closed_at` ends it early."""

    opens_at: int
    closes_at: int
    closed_at: int | None = None

    @property
    def ends_at(self) -> int:
        """Return the instant the window really ends."""
        return self.closes_at if self.closed_at is None else min(self.closes_at, self.closed_at)


def phase_of(window: Window | None, opened_at: int | None, now: int) -> Phase:
    """Return the phase of a round whose settings were frozen at `opened_at` (None: not yet)."""
    if opened_at is None or window is None:
        return Phase.DRAFT
    if now >= window.ends_at:
        return Phase.CLOSED
    return Phase.SCHEDULED if now < window.opens_at else Phase.OPEN


def check_may_start(window: Window, opened_at: int | None, late_start: int | None, now: int) -> None:
    """Raise RuleBroken unless an attempt may be started now.

    Who comes more than `late_start` minutes after the opening is too late; None: until the window ends.
    """
    phase = phase_of(window, opened_at, now)
    if phase is Phase.DRAFT:
        raise RuleBroken(N_("Vòng thi chưa được mở. Xin chờ thông báo của Ban Tổ chức."))
    if phase is Phase.SCHEDULED:
        raise RuleBroken(N_("Chưa đến giờ thi. Xin chờ đến giờ mở rồi bấm lại, không cần đăng nhập lại."))
    if phase is Phase.CLOSED:
        raise RuleBroken(N_("Vòng thi đã hết giờ nên không thể bắt đầu. Nếu có lý do, xin báo Ban Tổ chức."))
    if late_start is not None and now > window.opens_at + late_start * MINUTE:
        raise RuleBroken(
            N_("Đã quá %(minutes)d phút kể từ giờ mở nên không thể bắt đầu. Xin báo ngay cho Ban Tổ chức."),
            minutes=late_start,
        )


def deadline_of(window: Window, time_limit: int, started_at: int, full_time_for_late: bool = False) -> int:
    """Return the instant an attempt ends; `time_limit` in minutes.

    The window's end cuts it short unless the rules give late starters their full time; an early end by the
    board cuts every attempt short.
    """
    full = started_at + time_limit * MINUTE
    if not full_time_for_late:
        return min(full, window.ends_at)
    return full if window.closed_at is None else min(full, window.closed_at)


def is_accepted(deadline: int, grace_seconds: int, arrived_at: int) -> bool:
    """Tell whether a response arriving then still counts: arrival ≤ deadline + grace, no third case."""
    return arrived_at <= deadline + grace_seconds * SECOND


def is_due(deadline: int, grace_seconds: int, now: int) -> bool:
    """Tell whether an open attempt must now be closed by the server."""
    return not is_accepted(deadline, grace_seconds, now)


def time_lost(started_at: int, given: Iterable[tuple[int, int]]) -> int:
    """Return the milliseconds that stoppages took from an attempt; `given`: (instant, milliseconds) given back.

    A stoppage cannot have taken more than had run by the instant its minutes were given: minutes that were there
    before the start gave time, and none had been lost.
    """
    lost = 0
    for instant, milliseconds in sorted(given):
        lost = min(lost + milliseconds, max(0, instant - started_at))
    return lost


def time_used(started_at: int, ended_at: int, deadline: int, lost: int = 0) -> int:
    """Return the milliseconds an attempt took without those `lost`, never past its deadline, never negative."""
    return max(0, min(ended_at, deadline) - started_at - lost)


def day_of(instant: int) -> date:
    """Return the date in Vietnam at an instant."""
    return datetime.fromtimestamp(instant / 1000, ZONE).date()
