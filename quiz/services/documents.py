"""The documents questions rest on: who issued them, how long they hold, what followed them."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from quiz.core.documents import check
from quiz.core.errors import N_
from quiz.core.items import DocumentDraft, Status
from quiz.core.states import State, check_seen
from quiz.extensions import db
from quiz.models import Document, Item, ItemVersion
from quiz.services import audit, sources
from quiz.services.audit import Actor
from quiz.services.drafts import DraftRefused, refuse

FIELDS = ("title", "issuer", "number", "dated", "valid_from", "valid_to", "followed_by", "notice")


@dataclass(frozen=True, slots=True)
class Listed:
    """A document, the stored one that followed it if any, and how many items in use rest on it."""

    document: Document
    later: Document | None
    items: int


def every() -> list[Listed]:
    """Return all documents, the latest first."""
    documents = list(db.session.scalars(select(Document)))
    by_code = {document.code: document for document in documents}
    query = (
        select(ItemVersion.document_id, db.func.count())
        .join(Item, Item.current_id == ItemVersion.id)
        .where(ItemVersion.status != Status.RETIRED)
        .group_by(ItemVersion.document_id)
    )
    counts = {document: count for document, count in db.session.execute(query)}
    documents.sort(
        key=lambda row: (row.dated is None, -(row.dated.toordinal() if row.dated else 0), row.code)
    )
    return [Listed(row, by_code.get(row.followed_by), counts.get(row.id, 0)) for row in documents]


def create(draft: DocumentDraft, actor: Actor, now: int) -> Document:
    """Add a document; raise DraftRefused naming the fields at fault."""
    _require_sound(draft)
    document = Document(code=draft.code)
    _write(document, draft)
    try:
        with db.session.begin_nested():
            db.session.add(document)
            db.session.flush()
    except IntegrityError:
        raise refuse("code", N_("Mã này đã có văn bản khác dùng. Hãy đặt mã khác.")) from None
    audit.record(actor, "document.create", document, now, code=document.code)
    return document


def state_of(draft: DocumentDraft) -> State:
    """Return what the form of a document shows."""
    return {name: getattr(draft, name) for name in FIELDS}


def change(document: Document, draft: DocumentDraft, actor: Actor, now: int, seen: str = "") -> list[str]:
    """Make a document say what the draft says and return the fields that changed; its code stays.

    From then on no question file changes it. Raise DraftRefused naming the fields at fault, Overtaken when the document
    is no longer in the state `seen`.
    """
    db.session.refresh(document, with_for_update={"key_share": True})
    wanted = replace(draft, code=document.code)
    before = sources.draft_of_document(document)
    check_seen(seen, state_of(before), state_of(wanted))
    _require_sound(wanted)
    changed = [name for name in FIELDS if getattr(before, name) != getattr(wanted, name)]
    if changed:
        _write(document, wanted)
        document.kept_by_hand = True
        db.session.flush()
        words = {name: f"{getattr(before, name)} → {getattr(wanted, name)}" for name in changed}
        audit.record(actor, "document.change", document, now, code=document.code, **words)
    return changed


def _require_sound(draft: DocumentDraft) -> None:
    followers = {
        code: follower for code, follower in db.session.execute(select(Document.code, Document.followed_by))
    }
    if problems := check(draft, followers | {draft.code: draft.followed_by}):
        raise DraftRefused(problems)


def _write(document: Document, draft: DocumentDraft) -> None:
    for name in FIELDS:
        setattr(document, name, getattr(draft, name))


def later_than(document: Document) -> Document | None:
    """Return the stored document that followed this one, or None."""
    if not document.followed_by:
        return None
    return db.session.scalar(select(Document).where(Document.code == document.followed_by))
