"""Appeals of contestants about their own papers, and the window the board gives them in."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.core.appeals import Finding, Hours
from quiz.extensions import db
from quiz.models.attempts import Attempt
from quiz.models.bank import ItemVersion
from quiz.models.contests import Entry, Round
from quiz.models.judging import Performance
from quiz.models.people import Account
from quiz.models.types import Instant, Key, OptionalInstant, one_of


class AppealWindow(db.Model):
    """When a round takes appeals, and what its contestants see of their own papers meanwhile and afterwards.

    `shows_paper`: the questions with the own choices and marks; `shows_key`: the right answers too.
    """

    __tablename__ = "appeal_window"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="window"),
        CheckConstraint("shows_paper OR NOT shows_key", name="key_with_paper"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True, autoincrement=False)
    opens_at: Mapped[Instant]
    closes_at: Mapped[Instant]
    answer_days: Mapped[int]
    shows_paper: Mapped[bool]
    shows_key: Mapped[bool]
    note: Mapped[str] = mapped_column(String(300), default="")

    round: Mapped[Round] = relationship()

    @property
    def hours(self) -> Hours:
        """Return the window as the rule takes it."""
        return Hours(self.opens_at, self.closes_at, self.answer_days)


class Appeal(db.Model):
    """What a contestant asked about the own attempt, one question by its position or the whole paper (-1), or about
    the own performance in a judged part.

    `version_id` is the question meant; the answer names who gave it and when. Neither is changed afterwards.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        UniqueConstraint("performance_id"),
        CheckConstraint("(attempt_id IS NULL) <> (performance_id IS NULL)", name="about_one"),
        CheckConstraint("(answered_at IS NULL) = (finding IS NULL)", name="answered"),
        Index("ix_appeal_round", "round_id", "answered_at", "due_at"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    performance_id: Mapped[int | None] = mapped_column(ForeignKey("performance.id"))
    position: Mapped[int]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("item_version.id"))
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[Instant]
    due_at: Mapped[Instant]
    finding: Mapped[Finding | None] = mapped_column(one_of(Finding))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[OptionalInstant]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    round: Mapped[Round] = relationship()
    attempt: Mapped[Attempt | None] = relationship()
    performance: Mapped[Performance | None] = relationship()
    version: Mapped[ItemVersion | None] = relationship()
    answered_by: Mapped[Account | None] = relationship()

    @property
    def entry(self) -> Entry:
        """Return the entry of who asked."""
        return (self.attempt or self.performance).entry  # type: ignore[union-attr]  # one of the two is there
