"""Writing and reading the audit record. Every act writes its row in its own transaction."""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, select

from quiz.extensions import db
from quiz.models import AuditEvent
from quiz.services.direct import Direct
from quiz.services.prepared import Prepared
from quiz.services.turns import Statement


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a staff account, a contestant, or (both None) the system itself at a deadline."""

    account_id: int | None = None
    person_id: int | None = None


SYSTEM = Actor()


_TABLE = cast(Table, AuditEvent.__table__)
_INSERT = Prepared(
    _TABLE.insert().inline(), ("at", "account_id", "person_id", "action", "target", "path", "detail")
)


def record(actor: Actor, action: str, target: Any, now: int, path: str = "", **detail: Any) -> None:
    """Write the audit row of an act on `target`, a flushed model or a ready "noun:id"."""
    name = target if isinstance(target, str) else f"{target.__tablename__}:{target.id}"
    _INSERT.rows(
        at=now, account_id=actor.account_id, person_id=actor.person_id, action=action, target=name, path=path,
        detail=detail,
    )  # fmt: skip


_ROW = """
INSERT INTO audit_event (at, account_id, person_id, action, target, path, detail)
VALUES ({mark}, {mark}, {mark}, {mark}, {mark}, '', '{{}}')
"""


def row(way: Direct, actor: Actor, action: str, target: str, now: int) -> Statement:
    """Return the statement that writes the audit row of an act whose other statements go by `way` as well."""
    return Statement(way.text(_ROW), (now, actor.account_id, actor.person_id, action, target))


def events(
    paths: list[str], target: str = "", before_id: int | None = None, limit: int = 50
) -> list[AuditEvent]:
    """Return the newest events under any of the unit `paths` ("" reaches all), at most `limit`."""
    query = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit)
    if "" not in paths:
        query = query.where(db.or_(*(AuditEvent.path.startswith(path) for path in paths), db.false()))
    if target:
        query = query.where(AuditEvent.target == target)
    if before_id is not None:
        query = query.where(AuditEvent.id < before_id)
    return list(db.session.scalars(query))
