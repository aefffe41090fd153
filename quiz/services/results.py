"""From stored responses to standings, and from standings to editions that do not move."""

from sqlalchemy import select

from quiz.extensions import db
from quiz.models import Edition


def latest_published(limit: int) -> list[Edition]:
    """Return the newest editions, at most `limit`, one for each round."""
    newest = select(db.func.max(Edition.id)).group_by(Edition.round_id)
    query = select(Edition).where(Edition.id.in_(newest)).order_by(Edition.published_at.desc()).limit(limit)
    return list(db.session.scalars(query))
