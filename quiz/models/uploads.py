"""Files on their way in: kept between the preview and the confirmation, so that any worker can go on."""

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.extensions import db
from quiz.models.types import Instant, Key


class Upload(db.Model):
    """One uploaded file of one account; `purpose` says which page may use it ("roster", "bank")."""

    __tablename__ = "upload"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    filename: Mapped[str] = mapped_column(String(200))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Instant]
