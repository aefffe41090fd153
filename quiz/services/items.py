"""Items one by one: from a draft to an immutable version and back. Finding them is in listing.py."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, Problem, RuleBroken
from quiz.core.items import (
    ExpectedPoint,
    ItemDraft,
    Kind,
    Outcome,
    Reading,
    Status,
    check,
    fingerprint,
)
from quiz.core.names import search_key
from quiz.core.papers import Cell, PoolEntry, assemble
from quiz.extensions import db
from quiz.models import Account, Bank, Document, Item, ItemVersion, Topic
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.drafts import DraftRefused, refuse
from quiz.services.papers import PaperItem

# What a draft and a version hold under the same name and in the same form.
_COPIED = {field.name for field in fields(ItemDraft)} - {
    "code", "document", "topic", "options", "key", "feedback", "points", "reviewed", "row",
}  # fmt: skip
MOVED_ON = N_("Câu này vừa có phiên bản mới. Hãy tải lại trang, xem phiên bản mới rồi làm tiếp.")


def versions_of(item: Item) -> list[ItemVersion]:
    """Return the versions of an item with their documents and topics, the newest first."""
    query = (
        select(ItemVersion)
        .where(ItemVersion.item_id == item.id)
        .options(joinedload(ItemVersion.document), joinedload(ItemVersion.topic))
        .order_by(ItemVersion.number.desc())
    )
    return list(db.session.scalars(query))


def names_of(account_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the display names of accounts."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    rows = db.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(wanted)))
    return {account_id: name for account_id, name in rows}


def last_reason(item: Item, version: ItemVersion) -> str:
    """Return the reason given with the last thing done with an item when that was done to this version, else ""."""
    for event in audit.events([""], f"item:{item.id}", limit=1):
        if event.detail.get("version") == version.number:
            return str(event.detail.get("reason", ""))
    return ""


def draft_of(version: ItemVersion) -> ItemDraft:
    """Return a version as a file or form would hand it in."""
    return ItemDraft(
        code=version.item.code,
        document=version.document.code,
        topic=version.topic.code,
        options=tuple(version.options),
        key=tuple(version.key),
        feedback=tuple(version.feedback),
        points=tuple(ExpectedPoint(**point) for point in version.points),
        reviewed=_reading(version.reviewed),
        **{name: getattr(version, name) for name in _COPIED},
    )


def _reading(stored: dict[str, str] | None) -> Reading | None:
    if stored is None:
        return None
    day, outcome = date.fromisoformat(stored["on"]), Outcome(stored["outcome"])
    return Reading(day, stored["reader"], outcome, stored["note"])


def stored_reading(reading: Reading | None) -> dict[str, str] | None:
    """Return a second reading as a version keeps it."""
    return asdict(reading) | {"on": reading.on.isoformat()} if reading else None


def columns_of(draft: ItemDraft, document_id: int, topic_id: int, status: Status, now: int) -> dict[str, Any]:
    """Return what a new version with the content of `draft` holds; its item, number and author are the caller's."""
    said = [point.text for point in draft.points]
    return {name: getattr(draft, name) for name in _COPIED} | {
        "document_id": document_id,
        "topic_id": topic_id,
        "options": list(draft.options),
        "key": list(draft.key),
        "feedback": list(draft.feedback),
        "points": [asdict(point) for point in draft.points],
        "reviewed": stored_reading(draft.reviewed),
        "fingerprint": fingerprint(draft),
        "search_key": search_key(" ".join((draft.code, draft.stem, *draft.options, *said, draft.reference))),
        "created_at": now,
        "status": status,
        "reviewed_at": now if status is Status.APPROVED else None,
    }


def create(bank_code: str, draft: ItemDraft, author: Account, actor: Actor, now: int) -> Item:
    """Add a new item with its first version, a draft; raise DraftRefused naming the fields at fault."""
    version = _sound_version(draft, author, now)
    bank = db.session.scalar(select(Bank).where(Bank.code == bank_code))
    if bank is None:
        raise refuse("bank", N_("Chưa có ngân hàng này. Hãy chọn một ngân hàng trong danh sách."))
    item = Item(code=draft.code, bank=bank, created_at=now)
    version.item, version.number = item, 1
    try:
        with db.session.begin_nested():
            db.session.add(item)
            db.session.flush()
            item.current = version
    except IntegrityError:
        raise refuse("code", N_("Mã này đã có câu hỏi khác dùng. Hãy đặt mã khác.")) from None
    audit.record(actor, "item.create", item, now, code=item.code)
    return item


def revise(
    item: Item, base_id: int, draft: ItemDraft, author: Account, actor: Actor, now: int
) -> ItemVersion:
    """Give an item a new version, a draft that takes the place of `base_id`; the earlier ones stay as they are.

    Raise RuleBroken when somebody else was quicker or nothing was changed, DraftRefused naming the fields at fault.
    """
    version = _sound_version(draft, author, now)
    current = current_of(item, base_id)
    if version.fingerprint == current.fingerprint:
        raise RuleBroken(N_("Nội dung chưa thay đổi gì. Hãy sửa rồi lưu, hoặc quay lại trang câu hỏi."))
    version.number = current.number + 1
    version.item = item
    db.session.add(version)
    db.session.flush()
    item.current = version
    db.session.flush()
    audit.record(actor, "item.revise", item, now, code=item.code, version=version.number)
    return version


def current_of(item: Item, version_id: int) -> ItemVersion:
    """Return the current version, locked until the commit; raise RuleBroken when it is not the one that was seen."""
    query = select(Item).where(Item.id == item.id).with_for_update().execution_options(populate_existing=True)
    locked = db.session.scalars(query).one()
    if locked.current is None or locked.current_id != version_id:
        raise RuleBroken(MOVED_ON)
    db.session.refresh(locked.current)
    return locked.current


def _sound_version(draft: ItemDraft, author: Account, now: int) -> ItemVersion:
    problems = check(draft)
    document = db.session.scalar(select(Document).where(Document.code == draft.document))
    topic = db.session.scalar(select(Topic).where(Topic.code == draft.topic))
    if document is None and draft.document:
        problems.append(
            Problem(N_("Chưa có văn bản này. Hãy chọn một văn bản trong danh sách."), field="document")
        )
    if topic is None and draft.topic:
        problems.append(
            Problem(N_("Chưa có chuyên đề này. Hãy chọn một chuyên đề trong danh sách."), field="topic")
        )
    if problems or document is None or topic is None:
        raise DraftRefused(problems)
    columns = columns_of(replace(draft, reviewed=None), document.id, topic.id, Status.DRAFT, now)
    return ItemVersion(author_id=author.id, **columns)


@dataclass(frozen=True, slots=True)
class Lists:
    """What there is to choose from, as (code, words) pairs."""

    banks: list[tuple[str, str]]
    topics: list[tuple[str, str]]
    documents: list[tuple[str, str]]


def lists() -> Lists:
    """Return every bank, topic and document; a document goes by title and number, for two may share one of them."""
    banks = db.session.execute(select(Bank.code, Bank.title).order_by(Bank.id))
    topics = db.session.execute(select(Topic.code, Topic.title).order_by(Topic.id))
    documents = db.session.execute(
        select(Document.code, Document.title, Document.number).order_by(Document.id)
    )
    return Lists(
        [(code, title) for code, title in banks],
        [(code, title) for code, title in topics],
        [(code, f"{title} ({number})" if number else title) for code, title, number in documents],
    )


def codes_of(item_ids: Iterable[int]) -> list[str]:
    """Return the codes of items."""
    return list(db.session.scalars(select(Item.code).where(Item.id.in_(list(item_ids))).order_by(Item.code)))


def as_seen(version: ItemVersion, seed: str) -> PaperItem:
    """Return a version as a paper drawn from `seed` would show it, never the key."""
    topic, level = version.topic.code, str(version.level)
    keep = version.keep_order or version.kind in (Kind.TRUE_FALSE, Kind.ORAL)
    entry = PoolEntry(version.id, topic, level, len(version.options) or 1, keep, version.keep_last)
    (place,) = assemble([Cell(topic, level, 1)], [entry], seed)
    options = tuple(version.options[index] for index in place.order) if version.options else ()
    return PaperItem(0, version.kind is Kind.MULTIPLE, version.stem, options)


def in_order(draft: ItemDraft) -> PaperItem:
    """Return what is being written as a candidate will see it, in the order it is written in."""
    return PaperItem(0, draft.kind is Kind.MULTIPLE, draft.stem, draft.options)
