"""Prizes: what the board decided about those of an edition, and the list that two people closed, which never moves."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.core.awards import BoardAct, How
from quiz.core.prizes import Kind
from quiz.extensions import db
from quiz.models.approvals import Approval
from quiz.models.people import Account
from quiz.models.results import Edition
from quiz.models.types import Instant, Key, one_of


class AwardDecision(db.Model):
    """One thing the board decided about the prizes of an edition, with its reason.

    `key` is the entry or unit it is about, 0 when it is about a prize; `number` is how many are withheld, `chosen`
    the equals who get the prize of a settled tie.
    """

    __tablename__ = "award_decision"
    __table_args__ = (UniqueConstraint("edition_id", "act", "prize", "scope", "key"),)

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    act: Mapped[BoardAct] = mapped_column(one_of(BoardAct))
    prize: Mapped[str] = mapped_column(String(80), default="")
    scope: Mapped[str] = mapped_column(String(120), default="")
    key: Mapped[int] = mapped_column(default=0)
    number: Mapped[int] = mapped_column(default=0)
    chosen: Mapped[list[int]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(String(300))
    decided_at: Mapped[Instant]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    decided_by: Mapped[Account] = relationship()


class AwardList(db.Model):
    """The closed list of prizes of an edition; `lines` is the JSON of what became of every place of the table."""

    __tablename__ = "award_list"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"), unique=True)
    closed_at: Mapped[Instant]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]  # prizes in it
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    edition: Mapped[Edition] = relationship()
    approval: Mapped[Approval] = relationship()


class Award(db.Model):
    """A prize somebody won, as it stands on the closed list; names are copied, so a later rename changes no paper.

    `figure_over` and `figure_under` are what a unit was compared by (`quiz.core.merits.Figure`), or the points in
    the topic or the part that a prize is for.
    """

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("edition_id", "position"),
        CheckConstraint("(entry_id IS NULL) <> (unit_id IS NULL)", name="one_winner"),
    )

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    position: Mapped[int]
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    prize: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str] = mapped_column(String(120))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(260))
    cell_name: Mapped[str] = mapped_column(String(260))
    unit_name: Mapped[str] = mapped_column(String(260))
    rank: Mapped[int | None]
    points: Mapped[int | None]
    how: Mapped[How] = mapped_column(one_of(How))
    figure_over: Mapped[int | None]
    figure_under: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
