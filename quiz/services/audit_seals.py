"""Sealing the record of acts as it grows, and looking whether every seal still holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from quiz.core.errors import N_, RuleBroken
from quiz.core.seals import FIRST, MOST, SETTLED, SealedAct, seal_of
from quiz.extensions import db
from quiz.models import AuditEvent, AuditSeal

PAGE = 50
BROKEN = N_(
    "Nhật ký từ số %(first)d đến số %(last)d không còn như lúc niêm phong %(seal)d. Hãy so với một bản sao lưu cũ hơn."
)


@dataclass(frozen=True, slots=True)
class Report:
    """What looking at every seal found: how many seals over how many acts hold, and how many acts wait to be sealed."""

    seals: int
    events: int
    waiting: int


def newest() -> AuditSeal | None:
    """Return the newest seal."""
    return db.session.scalar(select(AuditSeal).order_by(AuditSeal.last_id.desc()).limit(1))


def page_of(number: int) -> object:
    """Return a page of the seals, the newest first."""
    query = select(AuditSeal).order_by(AuditSeal.last_id.desc())
    return db.paginate(query, page=max(1, number), per_page=PAGE, error_out=False)


def is_due(now: int) -> bool:
    """Tell whether acts wait to be sealed; only reads."""
    last = newest()
    return _up_to(last.last_id if last else 0, now) is not None


def _up_to(after: int, now: int) -> int | None:
    """Return the number up to which the acts after `after` have rested long enough, at most MOST of them."""
    rested = (
        select(AuditEvent.id)
        .where(AuditEvent.id > after, AuditEvent.at <= now - SETTLED)
        .order_by(AuditEvent.id)
        .limit(MOST)
        .subquery()
    )
    return db.session.scalar(select(func.max(rested.c.id)))


def seal(now: int) -> AuditSeal | None:
    """Seal the acts that have rested and return the seal; None when there are none or another worker was quicker."""
    last = newest()
    after = last.last_id if last else 0
    up_to = _up_to(after, now)
    if up_to is None:
        return None
    acts = list(_acts(after, up_to))
    made = AuditSeal(
        first_id=acts[0].id, last_id=up_to, events=len(acts), sha256=seal_of(last.sha256 if last else FIRST, acts),
        sealed_at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return None
    return made


def _acts(after: int, up_to: int) -> Iterator[SealedAct]:
    table = AuditEvent
    columns = (
        table.id,
        table.at,
        table.account_id,
        table.person_id,
        table.action,
        table.target,
        table.path,
        table.detail,
    )
    query = select(*columns).where(AuditEvent.id > after, AuditEvent.id <= up_to).order_by(AuditEvent.id)
    for row in db.session.execute(query.execution_options(yield_per=500)):
        yield SealedAct(*row)


def check() -> Report:
    """Compute every seal anew; raise RuleBroken at the first that no longer holds."""
    before, after, seals, events = FIRST, 0, 0, 0
    for number, last_id, count, sha256 in db.session.execute(
        select(AuditSeal.id, AuditSeal.last_id, AuditSeal.events, AuditSeal.sha256).order_by(
            AuditSeal.last_id
        )
    ).all():
        acts = list(_acts(after, last_id))
        if len(acts) != count or seal_of(before, acts) != sha256:
            raise RuleBroken(BROKEN, first=after + 1, last=last_id, seal=number)
        before, after, seals, events = sha256, last_id, seals + 1, events + count
    waiting = db.session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.id > after))
    return Report(seals, events, waiting or 0)
