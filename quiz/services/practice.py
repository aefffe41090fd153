"""What may be shown in practice: the one query every practice page asks. The exam part never comes out of it (R19).

An item may have been in the exam part before it was given to practice. Until every round that froze any version of it
is over, its words are an exam's and stay out of practice too.
"""

from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from quiz.core.items import Part, Status
from quiz.extensions import db
from quiz.models import Document, Item, ItemVersion, Round, RoundItem, Topic
from quiz.services.pools import valid_on


def items(now: int, today: date, topic: str = "") -> list[ItemVersion]:
    """Return the versions that may be practised today (of one topic), with topic and document, in their order."""
    query = _open_to_all(now, today).order_by(Item.bank_id, Item.code)
    if topic:
        query = query.join(Topic, Topic.id == ItemVersion.topic_id).where(Topic.code == topic)
    return list(db.session.scalars(query))


def item(version_id: int, now: int, today: date) -> ItemVersion | None:
    """Return a version by its id if it may be practised today, else None."""
    found: ItemVersion | None = db.session.scalar(
        _open_to_all(now, today).where(ItemVersion.id == version_id)
    )
    return found


def topics(now: int, today: date) -> list[tuple[Topic, int]]:
    """Return the topics with something to practise today and how many items each has."""
    versions = _open_to_all(now, today).with_only_columns(ItemVersion.topic_id).options().subquery()
    query = select(Topic, func.count()).join(versions, versions.c.topic_id == Topic.id).group_by(Topic.id)
    return [(topic, count) for topic, count in db.session.execute(query.order_by(Topic.id))]


def _open_to_all(now: int, today: date) -> Select[Any]:
    return (
        select(ItemVersion)
        .join(Item, Item.current_id == ItemVersion.id)
        .join(Document, Document.id == ItemVersion.document_id)
        .where(
            ItemVersion.part == Part.PRACTICE,
            ItemVersion.status == Status.APPROVED,
            valid_on(today, today),
            ~_is_in_an_exam(now),
        )
        .options(joinedload(ItemVersion.topic), joinedload(ItemVersion.document))
    )


def _is_in_an_exam(now: int) -> Any:
    """Whether any version of the item is frozen in a round that is not over."""
    any_version = aliased(ItemVersion)
    ended = func.coalesce(Round.closed_at, Round.closes_at)
    return (
        exists()
        .where(
            any_version.item_id == Item.id, RoundItem.version_id == any_version.id, Round.id == RoundItem.round_id,
            db.or_(ended.is_(None), ended > now),
        )
        .correlate(Item)
    )  # fmt: skip
