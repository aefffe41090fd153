"""Keeping what the device of a contestant says of absences from the page; it never counts in marks."""

from sqlalchemy import update

from quiz.core.signals import Away, away_within
from quiz.extensions import db
from quiz.models import Attempt


def keep(attempt: Attempt, told: Away | None) -> None:
    """Keep what came with the hand-in of a paper; what was told first stays, and nothing before it is handed in."""
    if told is None or attempt.submitted_at is None:
        return
    kept = away_within(*told, attempt.submitted_at - attempt.started_at)
    if kept is not None:
        db.session.execute(
            update(Attempt)
            .where(Attempt.id == attempt.id, Attempt.away_ms.is_(None), Attempt.submitted_at.is_not(None))
            .values(away_count=kept.times, away_ms=kept.ms)
        )
