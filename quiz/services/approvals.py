"""Asking for an act that takes two people, and finding what waits; doing it once decided is approved_acts.py."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from quiz.core import approvals as rule
from quiz.core.approvals import NEEDED, Act, Answer
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.permissions import Role, may, permits
from quiz.extensions import db
from quiz.models import Account, Approval, Edition, Grant, Round, Unit
from quiz.services import audit
from quiz.services.audit import Actor

PAGE = 50
LONGEST = 300  # characters of a reason


def ask(
    kind: Act,
    subject: str,
    unit: Unit,
    payload: Mapping[str, Any],
    reason: str,
    actor: Actor,
    now: int,
    contest_round: Round | None = None,
) -> Approval:
    """Keep a request for an act on `subject` ("noun:id"), to be decided by a second person over `unit`.

    Raise RuleBroken without a reason, AlreadyDone while the same act on the same thing waits.
    """
    if kind in rule.NEEDS_REASON and not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do để người duyệt hiểu việc này."))
    approval = Approval(
        kind=kind, unit=unit, round=contest_round, subject=subject, payload=dict(payload),
        reason=reason.strip()[:LONGEST], asked_at=now, asked_by_id=actor.account_id,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(approval)
            db.session.flush()
    except IntegrityError:
        raise AlreadyDone(N_("Việc này đã được đề nghị và đang chờ người thứ hai duyệt.")) from None
    audit.record(
        actor, "approval.ask", approval, now, unit.path, kind=kind.value, of=subject, reason=approval.reason
    )
    return approval


def settle(approval: Approval, answer: Answer, note: str, actor: Actor, now: int) -> None:
    """Keep the answer to a request; raise RuleBroken when this person may not give it, AlreadyDone when it has one."""
    db.session.refresh(approval, with_for_update={"of": Approval})
    rule.check_open(approval.answer)
    account = db.session.get(Account, actor.account_id) if actor.account_id else None
    if account is None:
        raise RuleBroken(N_("Chỉ người có tài khoản mới duyệt được."))
    rule.check_decider(answer, _is_asker(approval, account), note)
    if answer is not Answer.WITHDRAWN and account.id not in {one.id for one in deciders(approval)}:
        raise RuleBroken(N_("Bạn không có quyền duyệt việc này ở đơn vị tổ chức."))
    approval.answer, approval.decided_at, approval.decided_by_id = answer, now, account.id
    approval.note = note.strip()[:LONGEST]
    db.session.flush()
    db.session.refresh(approval)
    facts = {"kind": approval.kind.value, "of": approval.subject, "note": approval.note}
    audit.record(actor, f"approval.{_VERBS[answer]}", approval, now, approval.unit.path, **facts)


_VERBS = {Answer.APPROVED: "approve", Answer.REFUSED: "refuse", Answer.WITHDRAWN: "withdraw"}


def _is_asker(approval: Approval, account: Account) -> bool:
    asker = approval.asked_by
    return rule.is_same_person(asker.id, asker.person_id, account.id, account.person_id)


def deciders(approval: Approval) -> list[Account]:
    """Return who may decide a request: those with its permission there or above, never its asker; nearest first."""
    return [
        account
        for account in holders(approval.kind, approval.unit)
        if not _is_asker(approval, account) and not account.disabled_at
    ]


def holders(kind: Act, unit: Unit) -> list[Account]:
    """Return the accounts in use that hold the permission of an act over a unit, those of the nearest node first."""
    roles = [role for role in Role if permits(role, NEEDED[kind])]
    above = [int(key) for key in unit.path.strip("/").split("/")]
    query = (
        select(Grant)
        .join(Account, Account.id == Grant.account_id)
        .where(
            Grant.role.in_(roles), Grant.revoked_at.is_(None), Account.disabled_at.is_(None),
            or_(Grant.unit_id.is_(None), Grant.unit_id.in_(above)),
        )
        .options(joinedload(Grant.account), joinedload(Grant.unit))
        .order_by(Grant.id)
    )  # fmt: skip
    grants = sorted(db.session.scalars(query), key=lambda one: -len(one.unit.path) if one.unit else 1)
    return list({grant.account_id: grant.account for grant in grants}.values())


def open_on(subject: str, kind: Act) -> Approval | None:
    """Return the request for this act on this thing that still waits, if any."""
    query = select(Approval).where(
        Approval.subject == subject, Approval.kind == kind, Approval.answer.is_(None)
    )
    return db.session.scalar(query)


Grants = Sequence[tuple[Role, str]]


def count_waiting(grants: Grants, account_id: int) -> int:
    """Return how many requests wait for the decision of an account with these grants."""
    query = select(func.count()).select_from(Approval).join(Unit, Unit.id == Approval.unit_id)
    return db.session.scalar(query.where(*_waiting_for(grants, account_id))) or 0


def waiting(grants: Grants, account_id: int, page: int = 1) -> Any:
    """Return a page of the requests that wait for the decision of an account, the oldest first."""
    query = _listed().where(*_waiting_for(grants, account_id)).order_by(Approval.id)
    return db.paginate(query, page=max(page, 1), per_page=PAGE, error_out=False)


def others(grants: Grants, account_id: int, page: int = 1) -> Any:
    """Return a page of the other requests an account may read: its own and those decided, the newest first."""
    mine = Approval.asked_by_id == account_id
    seen = db.and_(Approval.answer.is_not(None), _reached(grants))
    query = _listed().where(or_(mine, seen)).order_by(Approval.id.desc())
    return db.paginate(query, page=max(page, 1), per_page=PAGE, error_out=False)


def _listed() -> Any:
    people = (joinedload(Approval.asked_by), joinedload(Approval.decided_by))
    return (
        select(Approval).join(Unit, Unit.id == Approval.unit_id).options(*people, joinedload(Approval.unit))
    )


def _waiting_for(grants: Grants, account_id: int) -> tuple[ColumnElement[bool], ...]:
    same = select(Account.person_id).where(Account.id == account_id, Account.person_id.is_not(None))
    own = select(Account.id).where(or_(Account.id == account_id, Account.person_id.in_(same)))
    return Approval.answer.is_(None), Approval.asked_by_id.not_in(own), _reached(grants)


def _reached(grants: Grants) -> ColumnElement[bool]:
    """Return the condition that these grants hold the permission of a request where it is to be decided."""
    conditions: list[ColumnElement[bool]] = [db.false()]
    for kind, permission in NEEDED.items():
        paths = [path for role, path in grants if may([(role, "")], permission, "")]
        conditions += [db.and_(Approval.kind == kind, Unit.path.startswith(path)) for path in paths]
    return or_(*conditions)


def editions_by(approval: Approval) -> list[Edition]:
    """Return the editions an approved act made."""
    query = select(Edition).where(Edition.approval_id == approval.id).options(joinedload(Edition.round))
    return list(db.session.scalars(query.order_by(Edition.id)))
