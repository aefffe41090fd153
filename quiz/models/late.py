"""Deliveries that came after the end of an attempt, as they came, for the board to see."""

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.attempts import Attempt
from quiz.models.types import Instant, Key, OptionalInstant


class LateArrival(db.Model):
    """One delivery. `log` is [[position, choice, stamp, fate], …] in the order of the device.

    `signed_off_at` is when the device says its candidate handed the paper in (ms UTC, None: did not); points before and
    after are hundredths. The same delivery sent twice has the same `digest`.
    """

    __tablename__ = "late_arrival"
    __table_args__ = (UniqueConstraint("attempt_id", "digest"),)

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    arrived_at: Mapped[Instant]
    digest: Mapped[str] = mapped_column(String(64))
    device: Mapped[int] = mapped_column(BigInteger)
    log: Mapped[list[Any]] = mapped_column(JSON)
    counted: Mapped[int]
    refused: Mapped[int]
    is_unbroken: Mapped[bool]
    signed_off_at: Mapped[OptionalInstant]
    score_before: Mapped[int | None]
    score_after: Mapped[int | None]
    agent: Mapped[str] = mapped_column(String(200), default="")

    attempt: Mapped[Attempt] = relationship()
