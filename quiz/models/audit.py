"""The record of every act that matters: who did what to which thing, written in the same transaction as the act."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
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
