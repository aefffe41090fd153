"""Rounds carried to a hall without a line, and the sittings carried back."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.contests import Round
from quiz.models.people import Account, Unit
from quiz.models.types import Instant, Key


class Package(db.Model):
    """A round on its way to a hall: made here, or (`is_loaded`) made on another server and loaded here.

    `unit_id` None: everybody entered, else those of the units below it. `with_stage`: judges, running order and all
    that is judged go along, so the stage is held there. `secret` seals what comes back, `phrase` opens the file on its
    way there and is kept only where it was made.
    """

    __tablename__ = "package"

    id: Mapped[Key]
    uuid: Mapped[str] = mapped_column(String(32), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    is_loaded: Mapped[bool] = mapped_column(default=False)
    with_stage: Mapped[bool] = mapped_column(default=False, server_default=db.false())
    secret: Mapped[str] = mapped_column(String(64))
    phrase: Mapped[str] = mapped_column(String(40), default="")
    made_at: Mapped[Instant]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    round: Mapped[Round] = relationship()
    unit: Mapped[Unit | None] = relationship()
    made_by: Mapped[Account | None] = relationship()
    imports: Mapped[list["SittingImport"]] = relationship(
        back_populates="package", order_by="SittingImport.id"
    )


class SittingImport(db.Model):
    """A sitting taken in: which file, when, by whom, and the report of what became of each attempt.

    `digest` is the SHA-256 of the file. `report` is {"new", "known": counts, "refused", "differences": lines, "parts":
    counts of the rest, "drawn": [[number in the hall, version id], …] by which its papers can be drawn again}.
    """

    __tablename__ = "sitting_import"

    id: Mapped[Key]
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    filename: Mapped[str] = mapped_column(String(200))
    collected_at: Mapped[Instant]
    imported_at: Mapped[Instant]
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    report: Mapped[dict[str, Any]] = mapped_column(JSON)

    package: Mapped[Package] = relationship(back_populates="imports")
    imported_by: Mapped[Account | None] = relationship()
