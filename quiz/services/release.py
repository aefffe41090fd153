"""When the button of each contestant appears, so that a whole district does not press it in the same second (R26)."""

from collections.abc import Iterable

from sqlalchemy import func, select

from quiz.core import release
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Entry
from quiz.services.own_rounds import OwnRound


def moments(rounds: Iterable[OwnRound], now: int) -> dict[int, int]:
    """Return when each of these rounds can be started by its candidate, by the id of the round.

    Only rounds still to come or in their first seconds are in it.
    """
    soon = [own for own in rounds if own.may_still_start and own.round.opens_at is not None]
    waiting = [own for own in soon if now < (own.round.opens_at or 0) + release.LONGEST]
    people = _people_in([own.round.id for own in waiting])
    return {own.round.id: _moment_of(own, people.get(own.round.id, 0)) for own in waiting}


def _people_in(round_ids: list[int]) -> dict[int, int]:
    if not round_ids:
        return {}
    query = (
        select(Entry.round_id, func.count())
        .where(Entry.round_id.in_(round_ids), Entry.withdrawn_at.is_(None))
        .group_by(Entry.round_id)
    )
    return {round_id: count for round_id, count in db.session.execute(query)}


def _moment_of(own: OwnRound, people: int) -> int:
    opens_at, closes_at = own.round.opens_at or 0, own.round.closes_at or 0
    room = closes_at - opens_at - own.rules.minutes * MINUTE
    if own.rules.full_time_for_late:
        room = release.LONGEST
    if own.rules.late_start is not None:
        room = min(room, own.rules.late_start * MINUTE)
    return release.moment_of(own.entry.id, opens_at, release.spread(people, room))
