"""Files on their way in: kept between the preview and the confirmation, so that any worker can go on."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from quiz.extensions import db
from quiz.models.types import Instant, Key


class Upload(db.Model):
    """One uploaded file of one account; `purpose` says which page may use it ("roster", "bank").

    `format` is the format it is read as, `choices` what was chosen where the file itself is silent. Once it was taken
    in, its row stays for a day without its contents, and no page may use it.
    """

    __tablename__ = "upload"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    filename: Mapped[str] = mapped_column(String(200))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Instant]
    format: Mapped[str] = mapped_column(String(20), default="", server_default="")
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
