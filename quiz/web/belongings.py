"""What belongs to whoever is signed in: an account and its files, a contestant's rounds, papers and essays.

A part of the one door to an object, like quiz.web.access: missing and somebody else's get the same 404.
"""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect
from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from quiz.core.paper_entry import Medium
from quiz.database import reading
from quiz.extensions import db
from quiz.models import Account, Attempt, Entry, Essay, Round, Stage, Upload
from quiz.services import uploads
from quiz.services.attempts import Seat
from quiz.services.prepared import Prepared
from quiz.web.access import get, not_found, signed_in


def own_account() -> Account:
    """Return the account of the signed-in member of the staff."""
    return get(Account, signed_in().account_id or 0)


def own_upload(purpose: str, upload_id: int, onward: str) -> Upload:
    """Return the account's own file, kept for that purpose, or answer 404.

    Who comes back to one that was taken in is told so and led `onward`, where files of this purpose are handed in.
    """
    account_id = signed_in().account_id or 0
    if not 0 < upload_id < 2**31:
        not_found()
    if done := uploads.taken_in(upload_id, account_id, purpose):
        flash(
            _("Tệp “%(name)s” đã được nhập rồi. Nếu có tệp khác, hãy chọn ở đây.", name=done.filename), "info"
        )
        abort(redirect(onward))
    return uploads.find(upload_id, account_id, purpose) or not_found()


# Asked by a whole hall at once, so built once.
_OWN_SEAT = Prepared(
    select(Entry.id, Entry.round_id, Entry.person_id, Round.opened_at, Round.amended_at)
    .join(Entry.round).join(Round.stage)
    .where(
        Entry.round_id == bindparam("round_id"), Entry.person_id == bindparam("person_id"),
        Stage.contest_id == bindparam("contest_id"),
    )
)  # fmt: skip
_OWN_ATTEMPT = (
    select(Attempt)
    .join(Attempt.entry).join(Entry.round).join(Round.stage)
    .where(
        Attempt.id == bindparam("attempt_id"), Attempt.person_id == bindparam("person_id"),
        Stage.contest_id == bindparam("contest_id"),
        db.or_(Attempt.medium == Medium.DEVICE, Attempt.submitted_at.is_not(None)),  # not one still on paper
    )
    .options(contains_eager(Attempt.entry).contains_eager(Entry.round))
)  # fmt: skip


def own_seat(round_id: int) -> Seat:
    """Return the contestant's own entry to a round of the card's contest, or answer 404; nobody waits for it."""
    with reading():
        found = _own(_OWN_SEAT.first, "round_id", round_id)
    return Seat(*found) if found is not None else not_found()


def own_round(round_id: int) -> Round:
    """Return a round of the card's contest that the contestant is entered for, or answer 404."""
    found = _own(_OWN_SEAT.first, "round_id", round_id)
    return get(Round, found.round_id) if found is not None else not_found()


def own_attempt(attempt_id: int) -> Attempt:
    """Return the contestant's own attempt in the card's contest, or answer 404."""
    found = _own(lambda **asked: db.session.scalar(_OWN_ATTEMPT, asked), "attempt_id", attempt_id)
    return found if found is not None else not_found()


def _own(ask: Callable[..., Any], name: str, key: int) -> Any:
    who = signed_in()
    asked = {name: key, "person_id": who.person_id, "contest_id": who.contest_id}
    return ask(**asked) if 0 < key < 2**31 else None


def own_essay(essay_id: int) -> Essay:
    """Return what the contestant handed in oneself in the card's contest, or answer 404."""
    essay, who = get(Essay, essay_id), signed_in()
    is_own = essay.entry.person_id == who.person_id and essay.round.stage.contest_id == who.contest_id
    return essay if is_own else not_found()
