"""The item bank: documents, topics, items and their immutable versions."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship
from sqlalchemy.orm.attributes import get_history

from quiz.core.items import Difficulty, Kind, Level, Part, Status
from quiz.extensions import db
from quiz.models.types import Code, Instant, Key, OptionalInstant, one_of


class Bank(db.Model):
    """A named collection of items, as one file of `questions/` holds it."""

    __tablename__ = "bank"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(300))


class Topic(db.Model):
    """A topic, the first axis of a blueprint; its code is shared by all banks."""

    __tablename__ = "topic"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(300))


class Document(db.Model):
    """A source document, declared once with issuer, number, date and validity.

    `followed_by` is the code of a later document on the same matter, which need not be stored here. Once somebody
    changed it on its page, `kept_by_hand`, no file changes it any more.
    """

    __tablename__ = "document"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(500))
    issuer: Mapped[str] = mapped_column(String(300), default="")
    number: Mapped[str] = mapped_column(String(100), default="")
    dated: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    followed_by: Mapped[Code] = mapped_column(default="", server_default="")
    notice: Mapped[str] = mapped_column(Text, default="", server_default="")
    kept_by_hand: Mapped[bool] = mapped_column(default=False, server_default=db.false())


class Item(db.Model):
    """One question over its life; its text lives in versions, the newest of which is `current`."""

    __tablename__ = "item"
    __table_args__ = (Index("ix_item_place", "bank_id", "code"),)

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), index=True)
    current_id: Mapped[int | None] = mapped_column(ForeignKey("item_version.id", use_alter=True), index=True)
    created_at: Mapped[Instant]

    bank: Mapped[Bank] = relationship()
    current: Mapped["ItemVersion | None"] = relationship(foreign_keys=[current_id], post_update=True)
    versions: Mapped[list["ItemVersion"]] = relationship(
        foreign_keys="ItemVersion.item_id", back_populates="item", order_by="ItemVersion.number"
    )


class ItemVersion(db.Model):
    """The exact text of an item at one time. Its content never changes; only its review state does.

    `points` are [{"text", "marks"}] of an oral item, `reviewed` is {"on", "reader", "outcome", "note"}.
    """

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("status <> 'approved' OR author_id <> reviewer_id", name="second_person"),
        # What a list is narrowed by, apart from the texts: a page of a large bank reads these and no text.
        Index("ix_item_version_facts", "status", "topic_id", "level", "kind", "part", "intended_difficulty",
              "document_id", "author_id"),
    )  # fmt: skip

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    number: Mapped[int]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), index=True)
    reference: Mapped[str] = mapped_column(String(200))
    level: Mapped[Level] = mapped_column(one_of(Level))
    intended_difficulty: Mapped[Difficulty | None] = mapped_column(one_of(Difficulty))
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    part: Mapped[Part] = mapped_column(one_of(Part), default=Part.EXAM)
    stem: Mapped[str] = mapped_column(Text)
    options: Mapped[list[str]] = mapped_column(JSON)
    key: Mapped[list[int]] = mapped_column(JSON)
    rationale: Mapped[str] = mapped_column(Text, default="")
    feedback: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    points: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    keep_order: Mapped[bool] = mapped_column(default=False)
    keep_last: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    fingerprint: Mapped[str] = mapped_column(String(64))
    search_key: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Instant]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    status: Mapped[Status] = mapped_column(one_of(Status), default=Status.DRAFT)
    reviewed_at: Mapped[OptionalInstant]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))

    item: Mapped[Item] = relationship(foreign_keys=[item_id], back_populates="versions")
    document: Mapped[Document] = relationship()
    topic: Mapped[Topic] = relationship()


MUTABLE = frozenset({"status", "reviewed_at", "reviewer_id", "reviewed"})


@event.listens_for(ItemVersion, "before_update")
def _refuse_content_change(mapper: Mapper[Any], _connection: Any, version: ItemVersion) -> None:
    for column in mapper.column_attrs:
        if column.key not in MUTABLE and get_history(version, column.key).has_changes():
            raise ValueError(f"item version {version.id} is immutable: {column.key}")
