"""Acts that take two people: what one asked for, and what another decided. Nothing here is changed once decided."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.core.approvals import Act, Answer
from quiz.extensions import db
from quiz.models.contests import Round
from quiz.models.people import Account, Unit
from quiz.models.types import Instant, Key, OptionalInstant, one_of


class Approval(db.Model):
    """A request for an act on `subject` ("noun:id"); `payload` is what the act needs to be done exactly as asked.

    `unit_id` is where a second person must hold the permission of the act: the round's node, or the contest's.
    """

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint(
            "decided_by_id IS NULL OR (decided_by_id = asked_by_id) = (answer = 'withdrawn')",
            name="second_person",
        ),
        CheckConstraint("(answer IS NULL) = (decided_at IS NULL)", name="decided"),
        Index("uq_approval_open", "kind", "subject", unique=True,
              sqlite_where=db.text("answer IS NULL"), postgresql_where=db.text("answer IS NULL")),
        Index("ix_approval_unit", "unit_id", "answer"),
    )  # fmt: skip

    id: Mapped[Key]
    kind: Mapped[Act] = mapped_column(one_of(Act))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    subject: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(300))
    asked_at: Mapped[Instant]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    answer: Mapped[Answer | None] = mapped_column(one_of(Answer))
    decided_at: Mapped[OptionalInstant]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(String(300), default="")

    unit: Mapped[Unit] = relationship()
    round: Mapped[Round | None] = relationship()
    asked_by: Mapped[Account] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
