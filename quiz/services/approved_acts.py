"""What happens when the second person says yes: each kind of request has the one function that does it."""

from collections.abc import Callable
from typing import Any

from quiz.core.approvals import Act, Answer
from quiz.models import Approval
from quiz.services import approvals, award_lists, corrections, results, voiding, windows
from quiz.services.audit import Actor


def prepare(approval: Approval, now: int) -> Any:
    """Work out, only reading, what approving a request will write; None where there is nothing long to work out."""
    if approval.kind is not Act.CORRECT_KEY or approval.answer is not None:
        return None
    return corrections.prepare(*corrections.asked_for(approval), now)


def decide(
    approval: Approval, answer: Answer, note: str, actor: Actor, now: int, prepared: Any = None
) -> Any:
    """Answer a request, do at once what was approved, and return what that made; `prepared` is from `prepare`.

    Raise RuleBroken when this person may not answer so or the act is no longer what was asked for; then nothing of it
    may be committed.
    """
    approvals.settle(approval, answer, note, actor, now)
    if answer is not Answer.APPROVED:
        return None
    if approval.kind is Act.CORRECT_KEY:
        return corrections.correct(approval, actor, now, prepared)
    return HANDLERS[approval.kind](approval, actor, now)


def _publish_final(approval: Approval, actor: Actor, now: int) -> Any:
    contest_round = approval.round
    if contest_round is None:
        raise ValueError(f"approval {approval.id} names no round")
    asker, note = Actor(approval.asked_by_id), approval.payload["note"]
    return results.publish(contest_round, results.FINAL, note, asker, now, approval)


HANDLERS: dict[Act, Callable[[Approval, Actor, int], Any]] = {
    Act.OPEN_EARLY: windows.open_earlier,
    Act.VOID_ATTEMPT: voiding.void,
    Act.PUBLISH_FINAL: _publish_final,
    Act.CLOSE_AWARDS: award_lists.close,
}
