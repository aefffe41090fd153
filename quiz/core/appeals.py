"""Asking to have an own paper looked at again (phúc khảo): when that is possible, until when it must be answered."""

from dataclasses import dataclass
from enum import StrEnum

from quiz.core.errors import N_, RuleBroken
from quiz.core.timing import MINUTE

DAY = 24 * 60 * MINUTE
LONGEST = 2000  # characters of a question and of an answer
LONGEST_WAIT = 30  # days until an answer
WHOLE_PAPER = -1  # the position of an appeal that is about no single question


class Finding(StrEnum):
    """What came of an appeal."""

    KEPT = "kept"  # the marks stand
    CORRECTED = "corrected"  # a key was wrong; the correction changed the marks of every paper


@dataclass(frozen=True, slots=True)
class Hours:
    """When appeals are taken, opens_at ≤ t < closes_at, and within how many days each is answered."""

    opens_at: int
    closes_at: int
    answer_days: int = 2


def check_hours(hours: Hours) -> None:
    """Raise RuleBroken unless the hours are in order and the answer is promised for a day not too far off."""
    if hours.closes_at <= hours.opens_at:
        raise RuleBroken(N_("Giờ hết nhận phải sau giờ bắt đầu nhận. Hãy sửa lại."))
    if not 1 <= hours.answer_days <= LONGEST_WAIT:
        raise RuleBroken(N_("Thời hạn trả lời phải từ 1 đến %(most)d ngày."), most=LONGEST_WAIT)


def check_may_ask(hours: Hours | None, text: str, now: int) -> None:
    """Raise RuleBroken unless an appeal with this text may be made now."""
    if hours is None or now < hours.opens_at:
        raise RuleBroken(N_("Chưa đến thời gian nhận phúc khảo. Xin chờ thông báo của Ban Tổ chức."))
    if now >= hours.closes_at:
        raise RuleBroken(N_("Đã hết thời gian nhận phúc khảo. Xin liên hệ trực tiếp Ban Tổ chức."))
    if not text.strip() or len(text) > LONGEST:
        raise RuleBroken(N_("Hãy viết điều cần xem lại, không quá %(limit)d ký tự."), limit=LONGEST)


def due_at(hours: Hours, asked_at: int) -> int:
    """Return the instant until which an appeal made at `asked_at` is to be answered."""
    return asked_at + hours.answer_days * DAY


def is_overdue(due: int, answered_at: int | None, now: int) -> bool:
    """Tell whether an answer is late: it came after its day, or that day is over without one."""
    return (now if answered_at is None else answered_at) > due
