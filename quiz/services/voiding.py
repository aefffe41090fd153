"""Striking out an attempt by two people: it is kept with its responses, but earns no place in a ranking."""

from sqlalchemy import select

from quiz.core.approvals import Act
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Approval, Attempt, Entry, VoidedAttempt
from quiz.services import approvals, audit, effects
from quiz.services.audit import Actor
from quiz.services.effects import Effect
from quiz.services.standings import Otherwise


def attempts_of(entry: Entry) -> list[Attempt]:
    """Return the attempts of an entry that were handed in, in order."""
    query = select(Attempt).where(Attempt.entry_id == entry.id, Attempt.submitted_at.is_not(None))
    return list(db.session.scalars(query.order_by(Attempt.number)))


def voided(attempt: Attempt) -> VoidedAttempt | None:
    """Return how an attempt was struck out, None while it stands."""
    return db.session.get(VoidedAttempt, attempt.id)


def preview(attempt: Attempt) -> Effect:
    """Return what striking an attempt out would change; nothing is stored."""
    return effects.effect_of(attempt.entry.round, 1, Otherwise(without=frozenset({attempt.id})))


def ask(attempt: Attempt, reason: str, actor: Actor, now: int) -> Approval:
    """Ask a second person to strike out an attempt; raise RuleBroken while the round runs."""
    contest_round = attempt.entry.round
    if contest_round.phase_at(now) is not Phase.CLOSED or attempt.submitted_at is None:
        raise RuleBroken(N_("Chỉ hủy được bài thi sau khi vòng thi kết thúc."))
    if voided(attempt) is not None:
        raise AlreadyDone(N_("Bài thi này đã bị hủy."))
    payload = {"attempt_id": attempt.id}
    subject, unit = f"attempt:{attempt.id}", contest_round.unit
    return approvals.ask(Act.VOID_ATTEMPT, subject, unit, payload, reason, actor, now, contest_round)


def asked_for(approval: Approval) -> Attempt | None:
    """Return the attempt a request is about; None in a restored contest that numbers its attempts otherwise."""
    done = db.session.scalar(select(VoidedAttempt).where(VoidedAttempt.approval_id == approval.id))
    if done is not None:
        return done.attempt
    found = db.session.get(Attempt, approval.payload["attempt_id"])
    return found if found is not None and found.round_id == approval.round_id else None


def void(approval: Approval, actor: Actor, now: int) -> VoidedAttempt:
    """Strike out the attempt two people agreed on, and publish anew where a ranking is out."""
    attempt = asked_for(approval)
    if attempt is None:
        raise RuleBroken(N_("Không còn thấy bài thi này. Hãy không duyệt đề nghị."))
    contest_round = attempt.entry.round
    db.session.refresh(contest_round, with_for_update=True)
    kept = VoidedAttempt(attempt=attempt, reason=approval.reason, approval_id=approval.id, voided_at=now)
    db.session.add(kept)
    db.session.flush()
    edition = effects.republish(contest_round, "", approval, Actor(approval.asked_by_id), now)
    facts = {"reason": approval.reason, "edition": edition.number if edition else None}
    audit.record(actor, "attempt.void", attempt, now, contest_round.unit.path, **facts)
    return kept
