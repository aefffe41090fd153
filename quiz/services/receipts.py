"""Receipts: what stands on one, and whose a code is that somebody reads out."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.extensions import db
from quiz.models import Attempt, Entry
from quiz.services import marking, responses


class Figures(NamedTuple):
    """What a receipt counts: questions answered, questions in all, and the milliseconds given back for stoppages."""

    answered: int
    count: int
    lost: int


def figures_of(attempt: Attempt) -> Figures:
    """Return the figures on the receipt of an attempt that was handed in."""
    answered = sum(1 for given in responses.stored_in(attempt) if given.choice)
    return Figures(answered, len(attempt.marks or ()), marking.time_lost(attempt))


def by_code(code: str) -> Attempt | None:
    """Return the attempt with this receipt, as stored; None also while it has not been handed in."""
    query = select(Attempt).where(Attempt.receipt_code == code, Attempt.submitted_at.is_not(None))
    return db.session.scalar(
        query.options(
            joinedload(Attempt.entry).joinedload(Entry.person),
            joinedload(Attempt.entry).joinedload(Entry.round),
        )
    )
