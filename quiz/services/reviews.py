"""Moving items through review: submit, approve, send back, retire; each move leaves its row in the record.

The reason of a move also stands among the remarks on the item.
"""

from datetime import date

from sqlalchemy import select, update

from quiz.core.errors import N_, AlreadyDone
from quiz.core.items import Outcome, Reading, Status
from quiz.core.reviews import Move, check_reader, status_after
from quiz.extensions import db
from quiz.models import Account, Bank, Item, ItemVersion
from quiz.services import audit, comments
from quiz.services.audit import Actor
from quiz.services.items import current_of, stored_reading


def make(
    move: Move, item: Item, version_id: int, account: Account, actor: Actor, now: int, reason: str = ""
) -> ItemVersion:
    """Make a move with the version that was seen; raise RuleBroken when it is not open to this person or outdated."""
    version = current_of(item, version_id)
    version.status = status_after(move, version.status, version.author_id, account.id)
    if move is not Move.SUBMIT:
        version.reviewed_at, version.reviewer_id = now, account.id
    db.session.flush()
    if reason:
        comments.remark(item, reason, account.id, now, str(move))
    detail = {"reason": reason} if reason else {}
    audit.record(actor, f"item.{move}", item, now, code=item.code, version=version.number, **detail)
    return version


def record_reading(
    item: Item,
    version_id: int,
    outcome: Outcome,
    note: str,
    account: Account,
    actor: Actor,
    now: int,
    today: date,
) -> ItemVersion:
    """Put down that somebody answered the version from the document alone and what came of it.

    Raise RuleBroken when it is the reader's own words or outdated, AlreadyDone when this very reading is there.
    """
    version = current_of(item, version_id)
    check_reader(version.author_id, account.id)
    stored = stored_reading(Reading(today, account.display_name, outcome, note))
    if version.reviewed == stored:
        raise AlreadyDone(N_("Việc này đã làm rồi. Không cần làm lại."))
    version.reviewed = stored
    db.session.flush()
    audit.record(actor, "item.read", item, now, code=item.code, version=version.number, outcome=str(outcome))
    return version


def submit_own_drafts(bank: Bank, account: Account, actor: Actor, now: int) -> int:
    """Submit every draft of a bank that this account wrote and return how many they were."""
    drafts = (
        select(ItemVersion.id)
        .join(Item, Item.current_id == ItemVersion.id)
        .where(
            Item.bank_id == bank.id, ItemVersion.author_id == account.id, ItemVersion.status == Status.DRAFT
        )
    )
    query = update(ItemVersion).where(ItemVersion.id.in_(drafts), ItemVersion.status == Status.DRAFT)
    count: int = db.session.execute(query.values(status=Status.IN_REVIEW)).rowcount
    if count:
        audit.record(actor, "bank.submit", bank, now, bank=bank.code, items=count)
    return count


def next_waiting(after_id: int, account_id: int | None) -> Item | None:
    """Return the next item waiting for this reviewer after `after_id`, going round; own words are left out."""
    others = db.or_(ItemVersion.author_id.is_(None), ItemVersion.author_id != account_id)
    query = (
        select(Item)
        .join(ItemVersion, ItemVersion.id == Item.current_id)
        .where(ItemVersion.status == Status.IN_REVIEW, others, Item.id != after_id)
        .order_by(Item.id <= after_id, Item.id)
        .limit(1)
    )
    return db.session.scalar(query)
