"""Notices of a round to the cells: where and whom to ask, and which cells say that they have theirs (R36)."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quiz.extensions import db
from quiz.models.types import Instant, Key


class Notice(db.Model):
    """What the notices of a round say beyond its hours; the newest words count."""

    __tablename__ = "notice"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    place: Mapped[str] = mapped_column(String(300))
    contact: Mapped[str] = mapped_column(String(200))


class NoticeReceipt(db.Model):
    """That a cell has received the notice of a round, as somebody of the commune ticked."""

    __tablename__ = "notice_receipt"
    __table_args__ = (UniqueConstraint("round_id", "unit_id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    received_at: Mapped[Instant]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
