"""What becomes of an item in the bank once two people ruled that its key was wrong: later rounds draw it right, or not.

Only a ruling that names one right key leaves a sound question; one that let two keys stand, gave everybody the points
or struck the question out takes it out of use until an editor has mended it.
"""

from dataclasses import replace

from sqlalchemy import select

from quiz.core.corrections import Policy, Ruling
from quiz.core.items import Status
from quiz.extensions import db
from quiz.models import Approval, Item, ItemVersion
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.items import columns_of, draft_of


def mend(version: ItemVersion, ruling: Ruling, approval: Approval, actor: Actor, now: int) -> None:
    """Give an item a version with the right key, or take it out of use; leave alone one that was changed since."""
    item = _locked(version)
    if item.current_id != version.id or version.status is Status.RETIRED:
        return
    if ruling.policy is Policy.NEW_ONLY:
        _supersede(item, version, ruling, approval, actor, now)
        return
    version.status, version.reviewed_at, version.reviewer_id = Status.RETIRED, now, approval.decided_by_id
    db.session.flush()
    audit.record(
        actor, "item.retire", item, now, code=item.code, version=version.number, reason=approval.reason
    )


def _locked(version: ItemVersion) -> Item:
    query = select(Item).where(Item.id == version.item_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _supersede(
    item: Item, version: ItemVersion, ruling: Ruling, approval: Approval, actor: Actor, now: int
) -> None:
    """The two who agreed stand as author and reviewer; what explained the old key goes, the reason takes its place."""
    draft = replace(draft_of(version), key=ruling.key, rationale=approval.reason, feedback=(), reviewed=None)
    columns = columns_of(draft, version.document_id, version.topic_id, Status.APPROVED, now)
    mended = ItemVersion(item=item, number=version.number + 1, author_id=approval.asked_by_id, **columns)
    mended.reviewer_id = approval.decided_by_id
    db.session.add(mended)
    db.session.flush()
    item.current = mended
    db.session.flush()
    audit.record(
        actor, "item.revise", item, now, code=item.code, version=mended.number, reason=approval.reason
    )
