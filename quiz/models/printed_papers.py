"""Attempts made on paper: what was printed, and what two people keyed from the answer sheet."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.attempts import Attempt
from quiz.models.people import Account
from quiz.models.types import Instant, Key, Name, OptionalInstant


class PrintedPaper(db.Model):
    """An attempt on paper; its code is the attempt's receipt code. The attempt stays open until the entry is settled.

    `minutes` is what the proctor wrote down (None: the full time counts), `decided` the answers of a third look by
    position, `reason` why it decided so. Who did it on the laptop of a hall is known by name only.
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
    settled_by_name: Mapped[Name] = mapped_column(default="", server_default="")

    attempt: Mapped[Attempt] = relationship()
    settled_by: Mapped[Account | None] = relationship(foreign_keys=[settled_by_id])
    keyings: Mapped[list["Keying"]] = relationship(back_populates="paper", order_by="Keying.number")

    @property
    def settler(self) -> str:
        """Return the name of whoever settled the entry, "" before."""
        return self.settled_by.display_name if self.settled_by else self.settled_by_name


class Keying(db.Model):
    """What one person keyed from one answer sheet: an answer for each position, as quiz.core.paper_entry writes it.

    Who keyed on the laptop of a hall has no account here and is known by `account_name`.
    """

    __tablename__ = "keying"
    __table_args__ = (
        UniqueConstraint("paper_id", "number"),
        UniqueConstraint("paper_id", "account_id"),  # nobody keys the same sheet twice
        CheckConstraint("number IN (1, 2)", name="number"),
        CheckConstraint("(account_id IS NULL) = (account_name <> '')", name="account"),
    )

    id: Mapped[Key]
    paper_id: Mapped[int] = mapped_column(ForeignKey("printed_paper.id"))
    number: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    account_name: Mapped[Name] = mapped_column(default="", server_default="")
    keyed_at: Mapped[Instant]
    choices: Mapped[list[str]] = mapped_column(JSON)
    minutes: Mapped[int | None]

    paper: Mapped[PrintedPaper] = relationship(back_populates="keyings")
    account: Mapped[Account | None] = relationship()

    @property
    def keyer(self) -> str:
        """Return the name of whoever keyed."""
        return self.account.display_name if self.account else self.account_name
