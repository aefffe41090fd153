"""The hours of a round: set freely before it opens, moved with a reason while it waits, fixed once it has begun."""

from quiz.core.approvals import Act, Answer
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.readiness import window_stops
from quiz.core.states import check_seen
from quiz.core.timing import Phase, Window, day_of
from quiz.extensions import db
from quiz.models import Approval, Round
from quiz.services import amendments, approvals, audit, pools
from quiz.services.audit import Actor
from quiz.services.contests import hours_of, lock_round, rules_of


def check_order(opens_at: int | None, closes_at: int | None) -> None:
    """Raise RuleBroken unless both ends of a window are given in order, or neither."""
    if (opens_at is None) != (closes_at is None):
        raise RuleBroken(N_("Hãy điền cả giờ mở và giờ đóng, hoặc để trống cả hai."))
    if opens_at is not None and closes_at is not None and opens_at >= closes_at:
        raise RuleBroken(N_("Giờ đóng phải sau giờ mở. Hãy sửa lại."))


def set_window(
    contest_round: Round,
    opens_at: int,
    closes_at: int,
    actor: Actor,
    now: int,
    reason: str = "",
    approval: Approval | None = None,
    seen: str = "",
) -> None:
    """Give a round other hours; raise RuleBroken once it has begun, Overtaken when they are no longer as `seen`.

    Raise AlreadyDone where an opened round has these hours: the form was sent twice, and an amendment is written once.

    A round that is opened and waits for its hour may still be moved, with a reason, to hours its papers fit; to an
    earlier hour only by `approval` of a second person.
    """
    lock_round(contest_round)
    wanted = {"opens_at": opens_at, "closes_at": closes_at}
    check_seen(seen, hours_of(contest_round), wanted)
    if contest_round.opened_at is not None and hours_of(contest_round) == wanted:
        raise AlreadyDone(N_("Giờ thi đã đúng như vậy nên không có gì thay đổi."))
    _check(contest_round, Window(opens_at, closes_at), reason, now)
    is_seconded = approval is not None and approval.answer is Answer.APPROVED
    if opens_early(contest_round, opens_at, now) and not is_seconded:
        raise RuleBroken(
            N_("Mở vòng thi sớm hơn giờ đã định cần hai người. Hãy gửi đề nghị để người thứ hai duyệt.")
        )
    detail = {"before": (contest_round.opens_at, contest_round.closes_at), "after": (opens_at, closes_at)}
    before = contest_round.window if contest_round.opened_at is not None else None
    contest_round.opens_at, contest_round.closes_at = opens_at, closes_at
    db.session.flush()
    if before is not None:
        amendments.note_hours(contest_round, before, Window(opens_at, closes_at), reason, actor, now)
    audit.record(
        actor, "round.window", contest_round, now, path=contest_round.unit.path, reason=reason, **detail
    )


def opens_early(contest_round: Round, opens_at: int, now: int) -> bool:
    """Tell whether this hour would open a round, ready and waiting, before the hour everybody was told."""
    told = contest_round.opens_at
    return contest_round.phase_at(now) is Phase.SCHEDULED and told is not None and opens_at < told


def ask_earlier(
    contest_round: Round, opens_at: int, closes_at: int, reason: str, actor: Actor, now: int, seen: str = ""
) -> Approval:
    """Ask a second person to let a waiting round open before its hour; raise RuleBroken when it could not be moved,
    Overtaken when its hours are no longer as `seen`."""
    lock_round(contest_round)
    check_seen(seen, hours_of(contest_round), {"opens_at": opens_at, "closes_at": closes_at})
    _check(contest_round, Window(opens_at, closes_at), reason, now)
    payload = {
        "before": [contest_round.opens_at, contest_round.closes_at],
        "after": [opens_at, closes_at],
    }
    subject, unit = f"round:{contest_round.id}", contest_round.unit
    return approvals.ask(Act.OPEN_EARLY, subject, unit, payload, reason, actor, now, contest_round)


def open_earlier(approval: Approval, actor: Actor, now: int) -> Round:
    """Move a round to the earlier hours two people agreed on; raise RuleBroken when its hours have changed since."""
    contest_round, payload = approval.round, approval.payload
    if contest_round is not None:
        lock_round(contest_round)
    if contest_round is None or payload["before"] != [contest_round.opens_at, contest_round.closes_at]:
        raise RuleBroken(
            N_("Giờ thi đã được đổi sau khi đề nghị. Hãy không duyệt đề nghị này và đề nghị lại.")
        )
    opens_at, closes_at = payload["after"]
    set_window(contest_round, opens_at, closes_at, actor, now, approval.reason, approval)
    return contest_round


def _check(contest_round: Round, window: Window, reason: str, now: int) -> None:
    check_order(window.opens_at, window.closes_at)
    phase = contest_round.phase_at(now)
    if phase in (Phase.OPEN, Phase.CLOSED):
        raise RuleBroken(N_("Vòng thi đã đến giờ mở nên không đổi giờ được nữa."))
    if phase is Phase.SCHEDULED:
        _check_move(contest_round, window, reason, now)


def _check_move(contest_round: Round, window: Window, reason: str, now: int) -> None:
    if not reason:
        raise RuleBroken(N_("Vòng thi đã được mở và đang chờ đến giờ. Hãy ghi lý do đổi giờ."))
    for stop in window_stops(window, rules_of(contest_round), now):
        raise RuleBroken(stop.message, **stop.values)
    stale = pools.expired(contest_round.id, day_of(window.opens_at), day_of(window.closes_at))
    if stale:
        message = N_("Có %(count)d câu hỏi đã chốt không còn hiệu lực vào ngày mới. Hãy chọn ngày khác.")
        raise RuleBroken(message, count=stale)
