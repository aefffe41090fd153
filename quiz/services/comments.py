"""What editors and reviewers say to each other about an item; nobody changes or takes back a remark."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.names import nfc
from quiz.extensions import db
from quiz.models import Account, Item, ItemComment
from quiz.services import audit
from quiz.services.audit import Actor

LONGEST = 2000  # characters


def thread(item: Item) -> list[ItemComment]:
    """Return the remarks on an item with their authors and versions, the oldest first."""
    query = (
        select(ItemComment)
        .where(ItemComment.item_id == item.id)
        .options(joinedload(ItemComment.account), joinedload(ItemComment.version))
        .order_by(ItemComment.id)
    )
    return list(db.session.scalars(query))


def add(item: Item, text: str, seen: int, account: Account, actor: Actor, now: int) -> ItemComment:
    """Add a remark on the current version; `seen` is the newest remark its author had before the eyes, or 0.

    Raise RuleBroken when it is empty or too long, AlreadyDone when the same words came a moment ago.
    """
    said = nfc(text)
    if not said or len(said) > LONGEST:
        raise RuleBroken(N_("Hãy ghi ý kiến, không quá %(limit)d ký tự."), limit=LONGEST)
    db.session.execute(
        select(Item.id).where(Item.id == item.id).with_for_update()
    )  # two taps come one by one
    same = select(ItemComment.id).where(
        ItemComment.item_id == item.id, ItemComment.account_id == account.id, ItemComment.id > seen,
        ItemComment.text == said,
    )  # fmt: skip
    if db.session.scalar(same.limit(1)):
        raise AlreadyDone(N_("Ý kiến này đã được ghi rồi."))
    comment = remark(item, said, account.id, now)
    audit.record(actor, "item.comment", item, now, code=item.code)
    return comment


def remark(item: Item, text: str, account_id: int, now: int, move: str = "") -> ItemComment:
    """Put down words about the current version of an item, perhaps the reason of a move; on record elsewhere."""
    comment = ItemComment(
        item_id=item.id, version_id=item.current_id, account_id=account_id, at=now, move=move, text=text
    )
    db.session.add(comment)
    db.session.flush()
    return comment
