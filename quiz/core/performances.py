"""Where a performance stands, from its instants alone: on the stage (the clock) and on paper (the sheets)."""

from enum import StrEnum

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.timing import MINUTE, SECOND


class OnStage(StrEnum):
    """Where the contestant is."""

    WAITING = "waiting"
    CALLED = "called"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    ABSENT = "absent"


class OnPaper(StrEnum):
    """Where the points are: each step is one person's, and none is taken twice."""

    MARKING = "marking"  # sheets are missing
    HANDED_IN = "handed_in"  # every sheet is there; the secretary checks
    CHECKED = "checked"  # the head judge signs
    SIGNED = "signed"


def on_stage(
    called_at: int | None,
    started_at: int | None,
    running_since: int | None,
    stopped_at: int | None,
    absent: str,
) -> OnStage:
    """Return where the contestant is; `absent` is the reason, "" for somebody who came."""
    if absent:
        return OnStage.ABSENT
    if stopped_at is not None:
        return OnStage.DONE
    if running_since is not None:
        return OnStage.RUNNING
    if started_at is not None:
        return OnStage.PAUSED
    return OnStage.WAITING if called_at is None else OnStage.CALLED


def used_at(used: int, running_since: int | None, now: int) -> int:
    """Return the ms on the clock at `now`; `used` are those before it was last started."""
    return used + max(0, now - running_since) if running_since is not None else used


def time_shown(used: int) -> dict[str, int]:
    """Return the time of a performance, in ms, as the form that puts it right shows it."""
    return {"minutes": used // MINUTE, "seconds": used // SECOND % 60}


def on_paper(has_points: bool, checked_at: int | None, signed_at: int | None) -> OnPaper:
    """Return where the points are; without them nothing was checked."""
    if signed_at is not None:
        return OnPaper.SIGNED
    if checked_at is not None:
        return OnPaper.CHECKED
    return OnPaper.HANDED_IN if has_points else OnPaper.MARKING


def check_may_check(stage: OnStage, paper: OnPaper) -> None:
    """Raise what stands against the secretary's check."""
    if paper in (OnPaper.CHECKED, OnPaper.SIGNED):
        raise AlreadyDone(N_("Điểm của lượt thi này đã được kiểm."))
    if stage not in (OnStage.DONE, OnStage.ABSENT):
        raise RuleBroken(N_("Lượt thi này chưa kết thúc. Hãy dừng đồng hồ rồi kiểm điểm."))
    if paper is not OnPaper.HANDED_IN:
        raise RuleBroken(N_("Lượt thi này chưa đủ điểm. Hãy chờ đủ phiếu chấm rồi kiểm."))


def check_may_sign(paper: OnPaper, is_checker: bool) -> None:
    """Raise what stands against the head judge's signature; who checked may not sign."""
    if paper is OnPaper.SIGNED:
        raise AlreadyDone(N_("Trưởng ban Giám khảo đã ký điểm của lượt thi này."))
    if paper is not OnPaper.CHECKED:
        raise RuleBroken(N_("Thư ký chưa kiểm điểm của lượt thi này. Hãy chờ thư ký kiểm rồi ký."))
    if is_checker:
        raise RuleBroken(N_("Người kiểm điểm không tự ký. Hãy để Trưởng ban Giám khảo ký."))
