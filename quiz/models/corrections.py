"""Keys put right after a round, by round, and attempts struck out; marks are derived from these and the responses."""

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.core.corrections import Policy
from quiz.extensions import db
from quiz.models.approvals import Approval
from quiz.models.attempts import Attempt
from quiz.models.bank import ItemVersion
from quiz.models.contests import Contest, Round
from quiz.models.types import Instant, Key, one_of


class Correction(db.Model):
    """What two people ruled about an item version in a contest; of several on one version the last counts.

    `key` and `old_key` are authored option indices; `reason` is printed with the editions it leads to.
    """

    __tablename__ = "correction"

    id: Mapped[Key]
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    policy: Mapped[Policy] = mapped_column(one_of(Policy))
    key: Mapped[list[int]] = mapped_column(JSON)
    old_key: Mapped[list[int]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(300))
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"), unique=True)
    made_at: Mapped[Instant]

    contest: Mapped[Contest] = relationship()
    version: Mapped[ItemVersion] = relationship()
    approval: Mapped[Approval] = relationship()
    rounds: Mapped[list["RoundCorrection"]] = relationship(
        back_populates="correction", order_by="RoundCorrection.round_id"
    )


class RoundCorrection(db.Model):
    """A round a correction holds for: `papers` of it were marked again, the points of `changed` became others."""

    __tablename__ = "round_correction"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"), primary_key=True, index=True)
    papers: Mapped[int]
    changed: Mapped[int]

    correction: Mapped[Correction] = relationship(back_populates="rounds")
    round: Mapped[Round] = relationship()


class VoidedAttempt(db.Model):
    """An attempt two people struck out: it is kept and marked, but earns no place in a ranking."""

    __tablename__ = "voided_attempt"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(String(300))
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"), unique=True)
    voided_at: Mapped[Instant]

    attempt: Mapped[Attempt] = relationship()
