"""The record of every act that matters: who did what to which thing, written in the same transaction as the act."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.api_tokens import ApiToken
from quiz.models.people import Account, Person
from quiz.models.types import Instant, Key


class AuditEvent(db.Model):
    """One act. `action` is "noun.verb", `target` the thing as "noun:id", `detail` what a reader would ask."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_target", "target"), Index("ix_audit_event_path", "path", "id"))

    id: Mapped[Key]
    at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(400), default="")  # of the unit concerned, for organizers' view
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    account: Mapped[Account | None] = relationship()
    person: Mapped[Person | None] = relationship()


class AuditSeal(db.Model):
    """A seal over the acts numbered from `first_id` to `last_id`: SHA-256 of the seal before and of every act in order.

    Whoever changes, adds or removes an act under a seal breaks that seal and every later one.
    """

    __tablename__ = "audit_seal"
    __table_args__ = (CheckConstraint("first_id <= last_id", name="range"),)

    id: Mapped[Key]
    first_id: Mapped[int] = mapped_column(unique=True)
    last_id: Mapped[int] = mapped_column(unique=True)
    events: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[Instant]


class ViewRecord(db.Model):
    """Somebody of the staff, or another system, looked at data of people or at keys: a page, and of what ("noun:id").

    `path` is that of the unit concerned, "" for what belongs to none.
    """

    __tablename__ = "view_record"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (api_token_id IS NULL)", name="one_viewer"),
        Index("ix_view_record_target", "target", "id"),
        Index("ix_view_record_path", "path", "id"),
    )

    id: Mapped[Key]
    at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    api_token_id: Mapped[int | None] = mapped_column(ForeignKey("api_token.id"))
    page: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(400), default="")

    account: Mapped[Account | None] = relationship()
    api_token: Mapped[ApiToken | None] = relationship()
