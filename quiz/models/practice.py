"""What contestants practised. None of it counts for anything; it says what to come back to."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quiz.extensions import db
from quiz.models.types import Instant, Key, OptionalInstant


class PracticeAnswer(db.Model):
    """One answer in practice; a form sent twice, with the same `asked_at`, is one answer."""

    __tablename__ = "practice_answer"
    __table_args__ = (UniqueConstraint("person_id", "version_id", "asked_at"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    asked_at: Mapped[Instant]
    at: Mapped[Instant]
    is_correct: Mapped[bool]


class Rehearsal(db.Model):
    """The last rehearsal of a sign-in: `paper` as in an attempt, `choices` {position: [choice, stamp]}."""

    __tablename__ = "rehearsal"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("auth_session.id"), primary_key=True, autoincrement=False
    )
    paper: Mapped[str] = mapped_column(Text)
    started_at: Mapped[Instant]
    finished_at: Mapped[OptionalInstant]
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
