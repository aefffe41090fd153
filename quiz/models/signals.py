"""Signs that were found in a round, the papers they are about, and what the board decided, never overwritten."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.core.signals import Sign, Verdict
from quiz.extensions import db
from quiz.models.attempts import Attempt
from quiz.models.contests import Round
from quiz.models.people import Account
from quiz.models.types import Instant, Key, one_of


class SignalReport(db.Model):
    """The last time signs were looked for in a round, and how much there was to go by.

    `papers` were looked at, `traced` of them with a sign-in that left a trace. Of the pairs of papers `able` could
    stand out and `too_few` could not; a chance counted `factor` times. `left_out`: ids of units too large to compare.
    """

    __tablename__ = "signal_report"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    computed_at: Mapped[Instant]
    computed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    papers: Mapped[int]
    traced: Mapped[int]
    able: Mapped[int]
    too_few: Mapped[int]
    factor: Mapped[int]
    left_out: Mapped[list[int]] = mapped_column(JSON)

    computed_by: Mapped[Account | None] = relationship()


class Signal(db.Model):
    """One sign. `key` names the same sign when it is looked for again; `facts` are the numbers its sentence needs.

    `strength` orders signs of one kind, the strongest largest. A sign somebody decided about stays when it is no longer
    found, with `is_current` false.
    """

    __tablename__ = "signal"
    __table_args__ = (UniqueConstraint("round_id", "key"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[Sign] = mapped_column(one_of(Sign))
    key: Mapped[str] = mapped_column(String(80))
    strength: Mapped[float]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_current: Mapped[bool] = mapped_column(default=True)

    round: Mapped[Round] = relationship()
    papers: Mapped[list["SignalPaper"]] = relationship(
        order_by="SignalPaper.attempt_id", cascade="all, delete-orphan"
    )
    decisions: Mapped[list["SignalDecision"]] = relationship(order_by="SignalDecision.number")


class SignalPaper(db.Model):
    """A paper a sign is about."""

    __tablename__ = "signal_paper"

    signal_id: Mapped[int] = mapped_column(ForeignKey("signal.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, index=True)

    attempt: Mapped[Attempt] = relationship()


class SignalDecision(db.Model):
    """What the board made of a sign, numbered from 1; a later one stands beside the earlier."""

    __tablename__ = "signal_decision"
    __table_args__ = (UniqueConstraint("signal_id", "number"),)

    id: Mapped[Key]
    signal_id: Mapped[int] = mapped_column(ForeignKey("signal.id"))
    number: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(one_of(Verdict))
    reason: Mapped[str] = mapped_column(String(300))
    decided_at: Mapped[Instant]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    decided_by: Mapped[Account] = relationship()
