"""What comes of a round: performances, essays, editions, prizes, appeals, signs, receipts and what two people decide.

A part of the one door to an object, like quiz.web.access: missing and not yours get the same 404.
"""

from sqlalchemy import select

from quiz.core.approvals import NEEDED
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.models import (
    Appeal,
    Approval,
    Attempt,
    AwardDecision,
    Decline,
    Edition,
    Essay,
    Performance,
    Result,
    Signal,
    TieDecision,
)
from quiz.services import panels, receipts
from quiz.web.access import get, must_hold, not_found, round_for, signed_in


def performance_for(permission: Permission, performance_id: int) -> Performance:
    """Return a performance of a round the person may act on, or answer 404."""
    performance = get(Performance, performance_id)
    round_for(permission, performance.round_id)
    return performance


def performance_judged(performance_id: int) -> Performance:
    """Return a performance that the signed-in person has a seat to judge, or answer 404."""
    performance = get(Performance, performance_id)
    panel = panels.panel_for(performance, panels.seats_of(performance.round))
    return performance if signed_in().account_id in [seat.account_id for seat in panel] else not_found()


def essay_for(permission: Permission, essay_id: int) -> Essay:
    """Return an essay handed in for a round the person may act on, or answer 404."""
    essay = get(Essay, essay_id)
    round_for(permission, essay.round_id)
    return essay


def edition_for(permission: Permission, edition_id: int) -> Edition:
    """Return an edition of a round the person may act on, or answer 404."""
    edition = get(Edition, edition_id)
    must_hold(permission, edition.round.unit)
    return edition


def appeal_for(permission: Permission, appeal_id: int) -> Appeal:
    """Return an appeal in a round the person may act on, or answer 404."""
    appeal = get(Appeal, appeal_id)
    must_hold(permission, appeal.round.unit)
    return appeal


def approval_for(approval_id: int) -> Approval:
    """Return a request for an act of two people that is the person's own or theirs to decide, or answer 404."""
    approval = get(Approval, approval_id)
    return approval if may_see(approval) else not_found()


def may_see(approval: Approval) -> bool:
    """Tell whether a request is the person's own or theirs to decide, so that a page may lead to it."""
    who = signed_in()
    return approval.asked_by_id == who.account_id or who.may(NEEDED[approval.kind], approval.unit)


def ranked_entry(permission: Permission, edition_id: int, entry_id: int) -> tuple[Edition, Result]:
    """Return an edition of a round the person may act on and the line of an entry in it, or answer 404."""
    edition = edition_for(permission, edition_id)
    query = select(Result).where(Result.edition_id == edition.id, Result.entry_id == entry_id)
    line = db.session.scalar(query) if 0 < entry_id < 2**31 else None
    return (edition, line) if line is not None else not_found()


def award_decision_for(permission: Permission, award_decision_id: int) -> AwardDecision:
    """Return what was decided about prizes of an edition the person may act on, or answer 404."""
    decision = get(AwardDecision, award_decision_id)
    edition_for(permission, decision.edition_id)
    return decision


def tie_decision_for(permission: Permission, tie_decision_id: int) -> TieDecision:
    """Return what was decided about a tie of an edition the person may act on, or answer 404."""
    decision = get(TieDecision, tie_decision_id)
    edition_for(permission, decision.edition_id)
    return decision


def decline_for(permission: Permission, decline_id: int) -> Decline:
    """Return what a reserve of a round the person may act on has said, or answer 404."""
    row = get(Decline, decline_id)
    must_hold(permission, row.entry.round.unit)
    return row


def signal_for(permission: Permission, signal_id: int) -> Signal:
    """Return a sign found in a round the person may act on, or answer 404."""
    signal = get(Signal, signal_id)
    must_hold(permission, signal.round.unit)
    return signal


def published_edition(edition_id: int) -> Edition:
    """Return an edition for everybody, or answer 404; whatever is an edition is published."""
    return get(Edition, edition_id)


def receipt_with_code(permission: Permission, code: str) -> Attempt | None:
    """Return the attempt with this receipt if its round or cell is one the person may look at."""
    attempt = receipts.by_code(code)
    who = signed_in()
    units = (attempt.entry.unit, attempt.entry.round.unit) if attempt else ()
    return attempt if any(who.may(permission, unit) for unit in units) else None
