"""Keeping an uploaded file until its owner confirms or a day has passed, and for that day that it was taken in."""

from sqlalchemy import delete, select

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.extensions import db
from quiz.models import AuditEvent, Upload

KEPT = 24 * 3_600_000  # ms
TAKEN_IN = ":done"  # follows the purpose, so that no page finds the file any more


def keep(account_id: int, purpose: str, filename: str, data: bytes, now: int, format_: str = "") -> Upload:
    """Store a file for its account and drop everybody's forgotten ones."""
    db.session.execute(delete(Upload).where(Upload.created_at < now - KEPT))
    upload = Upload(
        account_id=account_id, purpose=purpose, filename=filename[:200], data=data, created_at=now,
        format=format_,
    )  # fmt: skip
    db.session.add(upload)
    db.session.flush()
    return upload


def find(upload_id: int, account_id: int, purpose: str) -> Upload | None:
    """Return the account's own upload for that purpose, or None."""
    query = select(Upload).where(
        Upload.id == upload_id, Upload.account_id == account_id, Upload.purpose == purpose
    )
    return db.session.scalar(query)


def claim(upload_id: int, account_id: int | None, purpose: str, fingerprint: str) -> Upload:
    """Return an account's upload, locked until this transaction ends.

    Raise AlreadyDone when it has been taken in, RuleBroken when it is not kept any more.
    """
    query = select(Upload).where(
        Upload.id == upload_id, Upload.account_id == account_id, Upload.purpose == purpose
    )
    upload = db.session.scalar(query.with_for_update())
    if upload is not None:
        return upload
    done = select(AuditEvent.id).where(
        AuditEvent.target == f"import:{fingerprint}", AuditEvent.account_id == account_id
    )
    if fingerprint and db.session.scalar(done.limit(1)):
        raise AlreadyDone(N_("Tệp này đã được nhập. Lần bấm thứ hai không làm gì thêm."))
    raise RuleBroken(N_("Tệp không còn được giữ. Hãy tải tệp lên lại."))


def taken_in(upload_id: int, account_id: int, purpose: str) -> Upload | None:
    """Return what is left of the account's own upload that was taken in, or None."""
    return find(upload_id, account_id, purpose + TAKEN_IN)


def finish(upload: Upload) -> None:
    """Forget what stands in a file that has been taken in; who comes back to it can be told so."""
    upload.purpose, upload.data = upload.purpose + TAKEN_IN, b""


def drop(upload: Upload) -> None:
    """Forget a file that has been turned down."""
    db.session.delete(upload)
