"""Items to look over again, because a document was followed or dates run out, and that somebody did (R14)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from quiz.core.checks import Cause, Standing, causes
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.items import Status
from quiz.extensions import db
from quiz.models import Account, Document, Item, ItemCheck, ItemVersion
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.items import current_of

PAGE = 50
SPANS = (30, 90, 180, 365)  # days ahead one may look
USUAL = 90


@dataclass(frozen=True, slots=True)
class Due:
    """An item to look over, why, and the document that followed its own where that is stored."""

    item: Item
    causes: list[Cause]
    ends: date | None
    later: Document | None


def standing_of(version: ItemVersion) -> Standing:
    """Return what a version rests on now."""
    document = version.document
    return Standing(document.followed_by, document.valid_to, version.valid_to)


def due(today: date, days: int, page: int = 1) -> tuple[Pagination, list[Due]]:
    """Return a page of the items to look over within `days`, those whose time is nearest first."""
    until = today + timedelta(days=days)
    found = db.paginate(
        due_ids(today, days).order_by(*_order()),
        page=max(page, 1),
        per_page=PAGE,
        error_out=False,
        count=False,
    )
    found.total = count(today, days)
    later = aliased(Document)
    query = (
        select(Item, later)
        .join(ItemVersion, ItemVersion.id == Item.current_id)
        .join(Document, Document.id == ItemVersion.document_id)
        .outerjoin(later, db.and_(later.code == Document.followed_by, Document.followed_by != ""))
        .where(Item.id.in_(found.items))
        .options(joinedload(Item.current).joinedload(ItemVersion.document))
    )
    rows = {item.id: _due(item, newer, today, until) for item, newer in db.session.execute(query)}
    return found, [rows[item_id] for item_id in found.items]


def _due(item: Item, later: Document | None, today: date, until: date) -> Due:
    version = item.current
    standing = standing_of(version) if version else Standing()
    return Due(item, causes(standing, None, today, until), standing.ends, later)


def count(today: date, days: int = USUAL) -> int:
    """Return how many items are to be looked over within `days`."""
    query = due_ids(today, days).with_only_columns(func.count()).order_by(None)
    return db.session.scalar(query) or 0


def due_ids(today: date, days: int) -> Select[Any]:
    """Return the query of the ids of items to look over: quiz.core.checks.causes as conditions."""
    until = today + timedelta(days=days)
    ends = (ItemVersion.valid_to, Document.valid_to)
    ended = db.or_(*(end < today for end in ends))
    pending = db.or_(Document.followed_by != "", *(end <= until for end in ends))
    return (
        select(Item.id)
        .join(ItemVersion, ItemVersion.id == Item.current_id)
        .join(Document, Document.id == ItemVersion.document_id)
        .where(ItemVersion.status != Status.RETIRED, db.or_(ended, db.and_(pending, ~_was_seen())))
    )


def _was_seen() -> ColumnElement[bool]:
    """Whether somebody found the version right knowing what there is to know now."""
    return exists().where(
        ItemCheck.version_id == ItemVersion.id,
        ItemCheck.followed_by == Document.followed_by,
        ItemCheck.document_ends.is_not_distinct_from(Document.valid_to),
        ItemCheck.version_ends.is_not_distinct_from(ItemVersion.valid_to),
    )


def _order() -> tuple[Any, ...]:
    never = date(9999, 12, 31)
    own, its = func.coalesce(ItemVersion.valid_to, never), func.coalesce(Document.valid_to, never)
    return db.case((own < its, own), else_=its), Item.bank_id, Item.code


def confirm(item: Item, version_id: int, account: Account, actor: Actor, now: int, today: date) -> ItemCheck:
    """Put on record that somebody looked the version over and found it still right.

    Raise RuleBroken when it is past its end or a new version came, AlreadyDone when that was said before.
    """
    version = current_of(item, version_id)
    standing = standing_of(version)
    if Cause.ENDED in causes(standing, None, today, today):
        raise RuleBroken(
            N_("Câu này đã hết thời hạn dùng. Hãy sửa thời hạn, đổi văn bản làm căn cứ hoặc ngừng dùng câu.")
        )
    if last_check(version) == standing:
        raise AlreadyDone(N_("Việc này đã làm rồi. Không cần làm lại."))
    check = ItemCheck(
        version_id=version.id, account_id=account.id, at=now, followed_by=standing.followed_by,
        document_ends=standing.document_ends, version_ends=standing.version_ends,
    )  # fmt: skip
    db.session.add(check)
    db.session.flush()
    audit.record(actor, "item.check", item, now, code=item.code, version=version.number)
    return check


def last_check(version: ItemVersion) -> Standing | None:
    """Return what the version rested on when it was last found right, or None."""
    check = latest(version)
    return Standing(check.followed_by, check.document_ends, check.version_ends) if check else None


def latest(version: ItemVersion) -> ItemCheck | None:
    """Return the last time somebody found the version right, or None."""
    query = select(ItemCheck).where(ItemCheck.version_id == version.id).options(joinedload(ItemCheck.account))
    return db.session.scalar(query.order_by(ItemCheck.id.desc()).limit(1))


def causes_of(version: ItemVersion, today: date, days: int = USUAL) -> list[Cause]:
    """Return why a version in use must be looked over within `days`; nothing for one that is retired."""
    if version.status is Status.RETIRED:
        return []
    return causes(standing_of(version), last_check(version), today, today + timedelta(days=days))
