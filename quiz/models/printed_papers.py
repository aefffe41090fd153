"""Attempts made on paper: what was printed, and what two people keyed from the answer sheet."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.attempts import Attempt
from quiz.models.people import Account
from quiz.models.types import Instant, Key, OptionalInstant


class PrintedPaper(db.Model):
    """An attempt on paper; its code is the attempt's receipt code. The attempt stays open until the entry is settled.

    `minutes` is what the proctor wrote down (None: the full time counts), `decided` the answers of a third look by
    position, `reason` why it decided so.
    """

    __tablename__ = "printed_paper"

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), unique=True)
    issued_at: Mapped[Instant]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_at: Mapped[OptionalInstant]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    minutes: Mapped[int | None]
    decided: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(String(300), default="")

    attempt: Mapped[Attempt] = relationship()
    settled_by: Mapped[Account | None] = relationship(foreign_keys=[settled_by_id])
    keyings: Mapped[list["Keying"]] = relationship(back_populates="paper", order_by="Keying.number")


class Keying(db.Model):
    """What one person keyed from one answer sheet: an answer for each position, as quiz.core.paper_entry writes it."""

    __tablename__ = "keying"
    __table_args__ = (
        UniqueConstraint("paper_id", "number"),
        UniqueConstraint("paper_id", "account_id"),  # nobody keys the same sheet twice
        CheckConstraint("number IN (1, 2)", name="number"),
    )

    id: Mapped[Key]
    paper_id: Mapped[int] = mapped_column(ForeignKey("printed_paper.id"))
    number: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    keyed_at: Mapped[Instant]
    choices: Mapped[list[str]] = mapped_column(JSON)
    minutes: Mapped[int | None]

    paper: Mapped[PrintedPaper] = relationship(back_populates="keyings")
    account: Mapped[Account] = relationship()
