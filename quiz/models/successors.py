"""Reserves who took the place of somebody who withdrew, and those who said beforehand that they cannot come (R8)."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.contests import Entry
from quiz.models.types import Instant, Key


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


class Decline(db.Model):
    """What a reserve said before being called: that they cannot come; kept with its reason also when taken back.

    `entry_id` is the entry of the round that ranks them, so that it holds for the person in a corrected ranking too.
    """

    __tablename__ = "decline"
    __table_args__ = (
        Index(
            "uq_decline_standing", "entry_id", unique=True,
            sqlite_where=db.text("taken_back_at IS NULL"), postgresql_where=db.text("taken_back_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    declined_at: Mapped[Instant]
    declined_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    taken_back_at: Mapped[Instant | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    taken_back_reason: Mapped[str] = mapped_column(String(300), default="")

    entry: Mapped[Entry] = relationship()
