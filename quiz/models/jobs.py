"""Long work done in the background, with its progress and the file it leaves."""

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.people import Account, Unit
from quiz.models.types import Instant, Key, OptionalInstant


class Job(db.Model):
    """A piece of long work somebody asked for; its state is computed from its instants (quiz.services.jobs.state_of).

    Whoever works on it holds it as `worker` until `leased_until`; then anybody may take it up again. `permission` on
    `unit` (None: everywhere) lets others than the one who asked see it. `key` names the work while it is unfinished,
    so that a second click meets the first. The file lies in the folder of jobs under `stored_as`, its size in bytes.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("done >= 0 AND total >= 0", name="progress"),
        Index("uq_job_unfinished", "key", unique=True, sqlite_where=db.text("ended_at IS NULL"),
              postgresql_where=db.text("ended_at IS NULL")),  # a second click finds the first
    )  # fmt: skip

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(300))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    permission: Mapped[str] = mapped_column(String(40))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[Instant]
    worker: Mapped[str] = mapped_column(String(40), default="")
    leased_until: Mapped[OptionalInstant]
    tries: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[OptionalInstant]
    error: Mapped[str] = mapped_column(String(500), default="")
    error_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    stored_as: Mapped[str] = mapped_column(String(80), default="")
    filename: Mapped[str] = mapped_column(String(200), default="")
    mimetype: Mapped[str] = mapped_column(String(120), default="")
    size: Mapped[int | None] = mapped_column(BigInteger)
    removed_at: Mapped[OptionalInstant]

    unit: Mapped[Unit | None] = relationship()
    asked_by: Mapped[Account] = relationship()
