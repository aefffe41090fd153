"""Attempts and the responses in them. Responses are kept; marks are derived and only cached here."""

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from quiz.core.paper_entry import Medium
from quiz.extensions import db
from quiz.models.contests import Entry
from quiz.models.types import Instant, Key, OptionalInstant


class Attempt(db.Model):
    """One sitting of one entry. `paper` is compact JSON [[version id, [option order]], …] drawn from `seed`.

    `submitted_at` is when it was handed in or, if nobody did, its deadline; it is never later than the deadline.
    `raw_score` and `max_score` are hundredths of a point, `marks` the points by position, `time_used` ms.
    One on paper (`medium`) has no time of its own before its answer sheet is entered: start and deadline are set then.
    `away_count` and `away_ms` are what the contestant's device says of absences from the page, None where it is silent.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("entry_id", "number"),
        CheckConstraint("started_at <= deadline", name="deadline"),
        CheckConstraint("ended_by IN ('', 'candidate', 'deadline', 'board')", name="ended_by"),
        Index("ix_attempt_round", "round_id", "submitted_at"),
        Index("ix_attempt_open", "deadline", sqlite_where=db.text("submitted_at IS NULL"),
              postgresql_where=db.text("submitted_at IS NULL")),  # the few that may fall due
    )  # fmt: skip

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    seed: Mapped[str] = mapped_column(String(40))
    paper: Mapped[str] = mapped_column(Text)
    started_at: Mapped[Instant]
    deadline: Mapped[Instant]
    grace_seconds: Mapped[int]
    medium: Mapped[str] = mapped_column(String(10), default=Medium.DEVICE, server_default=Medium.DEVICE)
    submitted_at: Mapped[OptionalInstant]
    ended_by: Mapped[str] = mapped_column(String(20), default="")
    receipt_code: Mapped[str] = mapped_column(String(20), unique=True)
    raw_score: Mapped[int | None]
    max_score: Mapped[int | None]
    marks: Mapped[list[int] | None] = mapped_column(JSON)
    values: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # one number for each tie-break criterion
    time_used: Mapped[int | None]
    away_count: Mapped[int | None]
    away_ms: Mapped[int | None]

    entry: Mapped[Entry] = relationship(backref=backref("attempts", order_by="Attempt.id"))
    responses: Mapped[list["Response"]] = relationship(order_by="Response.position")


class Response(db.Model):
    """The stored choice at one position: the places of the options taken, as "0" or "0,2"; "" when taken back.

    `stamp` orders a candidate's choices over all devices: (ms since the start) · 2²⁰ + a device number. A write
    with a smaller stamp than the stored one never takes effect, so late repeats cannot overwrite newer choices.
    """

    __tablename__ = "response"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    choice: Mapped[str] = mapped_column(String(20))
    stamp: Mapped[int] = mapped_column(BigInteger)
    saved_at: Mapped[Instant]
    saves: Mapped[int] = mapped_column(default=1)
