"""What the screen of the hall shows of a round, kept here so that every screen shows the same after any reload."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.contests import Round
from quiz.models.types import Instant, Key, OptionalInstant


class Projection(db.Model):
    """The public screen of one round: the code of its address (None: no screen may be opened), the freeze, the reveal.

    `freeze_minutes` before the end the public figures stand still; `frozen` are the figures as they stood at
    `frozen_at`, kept then. `ranking` is what the board prepared to be shown: {"scopes": [{"name", "places"}], …} of
    quiz.core.reveal; of the scope number `scope`, `revealed` places are on the screen, counted from the last one up.
    """

    __tablename__ = "projection"
    __table_args__ = (
        CheckConstraint("freeze_minutes IS NULL OR freeze_minutes >= 0", name="freeze_minutes"),
        CheckConstraint("(frozen_at IS NULL) = (frozen IS NULL)", name="frozen"),
        CheckConstraint("scope >= 0 AND revealed >= 0", name="revealed"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    made_at: Mapped[Instant]
    freeze_minutes: Mapped[int | None]
    frozen_at: Mapped[OptionalInstant]
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    released_at: Mapped[OptionalInstant]
    ranking: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    scope: Mapped[int] = mapped_column(default=0)
    revealed: Mapped[int] = mapped_column(default=0)

    round: Mapped[Round] = relationship()
