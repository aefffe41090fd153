"""Handing in from a device that pressed the button without a line: only where nobody has worked on since."""

from sqlalchemy import func, select

from quiz.core.errors import N_, RuleBroken
from quiz.extensions import db
from quiz.models import Attempt, Response
from quiz.services import attempts
from quiz.services.responses import DEVICE_BITS

WORKED_ON = N_(
    "Sau khi bạn bấm nộp ở máy này, bài đã được làm tiếp trên máy khác nên chưa nộp. Làm xong, hãy bấm nộp lại."
)


class WorkedOn(RuleBroken):
    """Something was chosen on another device after this one had been told to hand in."""


def hand_in(attempt: Attempt, signed_off_at: int | None, now: int) -> None:
    """Hand in for the candidate, who pressed the button at `signed_off_at` (None: just now).

    Raise AlreadyDone when it was handed in before, WorkedOn when the paper was gone on with after the button; the
    caller then rolls back, for the hand-in waits for saves under way and only then can be seen what they brought.
    """
    attempts.submit(attempt, now)
    if signed_off_at is None or attempt.ended_by != attempts.CANDIDATE:
        return
    newest = db.session.scalar(select(func.max(Response.stamp)).where(Response.attempt_id == attempt.id))
    if newest is not None and attempt.started_at + (newest >> DEVICE_BITS) > signed_off_at:
        raise WorkedOn(WORKED_ON)
