"""Keeping an uploaded file until its owner confirms or a day has passed."""

from sqlalchemy import delete, select

from quiz.extensions import db
from quiz.models import Upload

KEPT = 24 * 3_600_000  # ms


def keep(account_id: int, purpose: str, filename: str, data: bytes, now: int) -> Upload:
    """Store a file for its account and drop everybody's forgotten ones."""
    db.session.execute(delete(Upload).where(Upload.created_at < now - KEPT))
    upload = Upload(
        account_id=account_id, purpose=purpose, filename=filename[:200], data=data, created_at=now
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def find(upload_id: int, account_id: int, purpose: str) -> Upload | None:
    """Return the account's own upload for that purpose, or None."""
    query = select(Upload).where(
        Upload.id == upload_id, Upload.account_id == account_id, Upload.purpose == purpose
    )
    return db.session.scalar(query)


def drop(upload: Upload) -> None:
    """Forget a file that has been taken in or turned down."""
    db.session.delete(upload)
