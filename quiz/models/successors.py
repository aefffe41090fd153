"""Reserves who took the place of somebody who withdrew: whose place, why, and who called them (R8)."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.contests import Entry
from quiz.models.types import Instant


class Successor(db.Model):
    """The entry of a reserve stands in place of another, withdrawn one; each place is taken once."""

    __tablename__ = "successor"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    replaces_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(300))
    called_at: Mapped[Instant]
    called_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    entry: Mapped[Entry] = relationship(foreign_keys=[entry_id])
    replaces: Mapped[Entry] = relationship(foreign_keys=[replaces_id])
