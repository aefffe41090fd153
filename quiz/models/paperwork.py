"""Who issues and signs the papers of a contest at a unit, and the number and day of each paper."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quiz.extensions import db
from quiz.models.types import Key


class Letterhead(db.Model):
    """What stands above and below the papers of one contest that one unit issues; `recipients` one a line."""

    __tablename__ = "letterhead"
    __table_args__ = (UniqueConstraint("contest_id", "unit_id"),)

    id: Mapped[Key]
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    above: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(20))
    superior: Mapped[str] = mapped_column(String(120))
    on_behalf: Mapped[str] = mapped_column(String(80))
    position: Mapped[str] = mapped_column(String(80))
    signer: Mapped[str] = mapped_column(String(80))
    secretary: Mapped[str] = mapped_column(String(80))
    recipients: Mapped[str] = mapped_column(Text)


class PaperNumber(db.Model):
    """The number and day under which a paper of a round, or of a whole stage, is issued; `kind` names the paper."""

    __tablename__ = "paper_number"
    __table_args__ = (
        UniqueConstraint("round_id", "kind"),
        UniqueConstraint("stage_id", "kind"),
        CheckConstraint("(round_id IS NULL) <> (stage_id IS NULL)", name="one_subject"),
    )

    id: Mapped[Key]
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(20))
    day: Mapped[date | None]
