"""What questions rest on: documents and topics, shared by all banks and known by their codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from quiz.core.items import DocumentDraft, Status, TopicDraft
from quiz.extensions import db
from quiz.models import Document, Item, ItemVersion, Topic

Drafts = Sequence[TopicDraft] | Sequence[DocumentDraft]
_TOPIC_FIELDS = ("title",)
_DOCUMENT_FIELDS = ("title", "issuer", "number", "dated", "valid_from", "valid_to", "followed_by", "notice")


def changed(drafts: Drafts) -> list[str]:
    """Return the codes of those that are new or say something else than what is stored."""
    return [
        row.code
        for row, wanted in _beside(drafts)
        if row.id is None or any(getattr(row, name) != value for name, value in wanted.items())
    ]


def store(drafts: Drafts) -> dict[str, int]:
    """Store topics or documents as they are declared and return their ids by code."""
    rows = _beside(drafts)
    for row, wanted in rows:
        for name, value in wanted.items():
            setattr(row, name, value)
    db.session.add_all(row for row, _ in rows)
    db.session.flush()
    return {row.code: row.id for row, _ in rows}


def _beside(drafts: Drafts) -> list[tuple[Any, dict[str, Any]]]:
    """Return each draft's row, a new and unsaved one where there is none, beside the values it should have.

    What somebody changed on its page stays: the shipped banks are loaded again at every start.
    """
    if not drafts:
        return []
    about_topics = isinstance(drafts[0], TopicDraft)
    model: type[Topic] | type[Document] = Topic if about_topics else Document
    names = _TOPIC_FIELDS if about_topics else _DOCUMENT_FIELDS
    wanted = {draft.code: {name: getattr(draft, name) for name in names} for draft in drafts}
    stored = {row.code: row for row in db.session.scalars(select(model).where(model.code.in_(wanted)))}
    return [
        (row, {} if getattr(row, "kept_by_hand", False) else values)
        for code, values in wanted.items()
        for row in (stored.get(code) or model(code=code),)
    ]


def draft_of_topic(row: Topic) -> TopicDraft:
    """Return a topic as a file would declare it."""
    return TopicDraft(row.code, row.title)


def draft_of_document(row: Document) -> DocumentDraft:
    """Return a document as a file would declare it."""
    return DocumentDraft(row.code, **{name: getattr(row, name) for name in _DOCUMENT_FIELDS})


def declared(rows: Iterable[Document]) -> tuple[DocumentDraft, ...]:
    """Return documents as a file would declare them, with those that came after them as far as they are stored."""
    known = {row.code: row for row in rows}
    wanted = {row.followed_by for row in known.values()} - known.keys() - {""}
    while wanted:
        later = list(db.session.scalars(select(Document).where(Document.code.in_(wanted))))
        known |= {row.code: row for row in later}
        wanted = {row.followed_by for row in later} - known.keys() - {""}
    drafts = [draft_of_document(row) for row in sorted(known.values(), key=lambda row: row.id)]
    return tuple(draft if draft.followed_by in known else replace(draft, followed_by="") for draft in drafts)


@dataclass(frozen=True, slots=True)
class Notice:
    """What organizers should know of a document that items rest on; `later` is the stored one that came after it."""

    document: Document
    later: Document | None
    text: str
    items: int


def notices(bank_id: int | None = None) -> dict[int, list[Notice]]:
    """Return by bank id what is to be said of the documents under its items in use; banks without any are left out."""
    later = aliased(Document)
    query = (
        select(Item.bank_id, Document, later, db.func.count())
        .join(ItemVersion, ItemVersion.id == Item.current_id)
        .join(Document, Document.id == ItemVersion.document_id)
        .outerjoin(later, db.and_(later.code == Document.followed_by, Document.followed_by != ""))
        .where(
            db.or_(Document.followed_by != "", Document.notice != ""), ItemVersion.status != Status.RETIRED
        )
        .group_by(Item.bank_id, Document.id, later.id)
        .order_by(Item.bank_id, Document.id)
    )
    if bank_id is not None:
        query = query.where(Item.bank_id == bank_id)
    found: dict[int, list[Notice]] = {}
    for bank, document, newer, count in db.session.execute(query):
        found.setdefault(bank, []).append(Notice(document, newer, document.notice, count))
    return found
