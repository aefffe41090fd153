"""Tokens by which other systems of the Party read what one organizer answers for."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quiz.extensions import db
from quiz.models.people import Account, Unit
from quiz.models.types import Instant, Key, Name, OptionalInstant


class ApiToken(db.Model):
    """A token over a subtree; only its keyed hash is kept. `unit_id` None reaches every unit.

    `scopes` are quiz.core.api_scopes.ApiScope. It is good for no longer than whoever made it manages that subtree.
    """

    __tablename__ = "api_token"
    __table_args__ = (CheckConstraint("created_at < expires_at", name="expiry"),)

    id: Mapped[Key]
    name: Mapped[Name]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[Instant]
    revoked_at: Mapped[OptionalInstant]
    last_used_at: Mapped[OptionalInstant]

    unit: Mapped[Unit | None] = relationship()
    created_by: Mapped[Account] = relationship()
