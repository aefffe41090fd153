"""Ties at the cut, or among the reserves: what is still to decide, what the board decided, and taking that back.

A decision that was taken back stays on record with its seed and the reason, so that whoever lost by a second draw can
ask why there was one.
"""

from dataclasses import replace

from sqlalchemy import select

from quiz.core import promotion as rule
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.promotion import RESERVES, Decision, Tie, WayOut
from quiz.extensions import db
from quiz.models import Edition, Entry, Result, TieDecision
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.contests import lock, rules_of
from quiz.services.promotion import check_final, promotion_of, ranks_of, scopes_of
from quiz.services.results import all_of

SENT_ON = N_(
    "%(name)s đã vào vòng sau nên chưa thu hồi quyết định này được. Hãy rút tên người ấy ở danh sách vòng sau trước."
)

OUTDATED = N_(
    "Có người rút tên nên trường hợp này phải quyết định lại."
)  # kept with the decision, as papers say it


def decisions_of(edition: Edition) -> list[TieDecision]:
    """Return the decisions on ties of an edition that stand, in the order they were taken."""
    return [row for row in all_decisions_of(edition) if row.taken_back_at is None]


def all_decisions_of(edition: Edition) -> list[TieDecision]:
    """Return every decision on ties of an edition, also those taken back, in the order they were taken."""
    query = select(TieDecision).where(TieDecision.edition_id == edition.id).order_by(TieDecision.id)
    return list(db.session.scalars(query))


def open_ties(edition: Edition) -> dict[str, Tie]:
    """Return the ties still to decide, keyed by a text that a form can carry."""
    outcome = promotion_of(edition)
    return {
        f"{scope}|{rank}": tie for tie in (*outcome.ties, *outcome.reserve_ties) for scope, rank in [tie.key]
    }


def decided_before(edition: Edition) -> dict[str, TieDecision]:
    """Return, by the text of an open tie, what was decided about the very same equals before the edition was corrected.

    It does not count by itself: another edition is another ranking, and the board says again that it stands.
    """
    ties, before = open_ties(edition), edition.replaces
    while before is not None and not decisions_of(before):
        before = before.replaces
    if before is None or not ties:
        return {}
    scopes = scopes_of(edition.round_id, rules_of(edition.round))
    rows = {(row.scope, row.rank): row for row in decisions_of(before)}
    kept = rule.kept(rows, ranks_of(all_of(before)), ranks_of(all_of(edition)), scopes)
    return {key: kept[tie.key] for key, tie in ties.items() if tie.key in kept and _fits(tie, kept[tie.key])}


def _fits(tie: Tie, row: TieDecision) -> bool:
    try:
        return bool(rule.settle(tie, Decision(row.way, tuple(row.chosen), row.seed)))
    except RuleBroken:
        return False


def decide(
    edition: Edition, tie_key: str, decision: Decision, reason: str, actor: Actor, now: int
) -> TieDecision:
    """Keep the board's decision about one tie of a final edition; raise RuleBroken if it does not fit the tie."""
    lock(edition.round.stage)
    check_final(edition)
    tie = open_ties(edition).get(tie_key)
    if tie is None:
        raise AlreadyDone(N_("Trường hợp bằng nhau này đã được quyết định."))
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do hoặc số biên bản của quyết định này."))
    if decision.way is WayOut.EXTRA_QUESTIONS and not decision.chosen:
        decision = replace(decision, chosen=rule.by_extra_questions(tie, decision.scores))
    chosen = list(rule.settle(tie, decision))
    _put_aside(edition, tie.key, actor, now)
    scope, rank = tie.key
    row = TieDecision(
        edition=edition, scope=scope, rank=rank, way=decision.way, chosen=chosen, seed=decision.seed,
        scores={str(entry): points for entry, points in decision.scores.items()} or None,
        reason=reason, decided_at=now, decided_by_id=actor.account_id or 0,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _record(row, "tie.decide", actor, now, reason)
    return row


def _put_aside(edition: Edition, key: tuple[str, int], actor: Actor, now: int) -> None:
    """Take back what stood about a tie that is open again: a withdrawal has made it unfit, and it stays on record."""
    for row in decisions_of(edition):
        if (row.scope, row.rank) == key:
            _close(row, OUTDATED, actor, now)


def _close(row: TieDecision, reason: str, actor: Actor, now: int) -> None:
    row.taken_back_at, row.taken_back_by_id, row.taken_back_reason = now, actor.account_id, reason
    db.session.flush()
    _record(row, "tie.take_back", actor, now, reason)


def take_back(row: TieDecision, reason: str, actor: Actor, now: int) -> None:
    """Take a decision back, so that its tie is open again; it stays on record.

    Raise RuleBroken without a reason, when the edition was replaced, or while one of these equals stands in a later
    round; AlreadyDone when it was taken back before.
    """
    lock(row.edition.round.stage)
    db.session.refresh(row)
    check_final(row.edition)
    if row.taken_back_at is not None:
        raise AlreadyDone(N_("Quyết định này đã được thu hồi."))
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do thu hồi quyết định này."))
    if (there := _sent_on(row)) is not None:
        raise RuleBroken(SENT_ON, name=there.name_and_cell)
    _close(row, reason.strip()[:300], actor, now)


def _sent_on(row: TieDecision) -> Entry | None:
    """Return one of the equals a decision is about who stands in a later round."""
    scopes = scopes_of(row.edition.round_id, rules_of(row.edition.round))
    scope = row.scope.removeprefix(RESERVES)
    equals = [
        line.entry_id
        for line in all_of(row.edition)
        if line.rank == row.rank and scopes.get(line.entry_id, scope) == scope
    ]
    query = (
        select(Entry)
        .join(Result, Entry.result_id == Result.id)
        .where(Result.entry_id.in_(equals), Entry.withdrawn_at.is_(None))
        .order_by(Entry.id)
    )
    return db.session.scalar(query.limit(1))


def _record(row: TieDecision, action: str, actor: Actor, now: int, reason: str) -> None:
    audit.record(
        actor, action, row.edition, now, row.edition.round.unit.path, scope=row.scope, rank=row.rank,
        way=str(row.way), chosen=row.chosen, seed=row.seed, scores=row.scores, reason=reason,
    )  # fmt: skip
