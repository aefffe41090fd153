"""Who of a round goes on to the next, as values of its papers, beside the standing that counts now."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core.figures import Published, Sent
from quiz.extensions import db
from quiz.models import Edition, Entry, Person, Result, Successor


def promoted(rounds: list[int]) -> list[Any]:
    """Return (entry in the next round, the result that earned it) of those who go on and have not withdrawn."""
    query = (
        select(Entry, Result)
        .join(Result, Entry.result_id == Result.id).join(Edition, Edition.id == Result.edition_id)
        .where(Edition.round_id.in_(rounds), Entry.withdrawn_at.is_(None))
        .order_by(Result.edition_id, Result.position)
        .options(joinedload(Entry.person), joinedload(Entry.round), joinedload(Result.edition))
    )  # fmt: skip
    return [tuple(row) for row in db.session.execute(query)]


def stead(entries: list[int]) -> dict[int, tuple[str, str]]:
    """Return whom these entries replace and why that one withdrew, by entry."""
    gone = db.aliased(Entry)
    query = (
        select(Successor.entry_id, Person.full_name, gone.withdrawn_reason)
        .join(gone, gone.id == Successor.replaces_id).join(Person, Person.id == gone.person_id)
        .where(Successor.entry_id.in_(entries))
    )  # fmt: skip
    return {key: (name, reason) for key, name, reason in db.session.execute(query)}


def sent(
    entry: Entry, result: Result, places: dict[int, tuple[str, str]], published: Published | None
) -> Sent:
    """Return somebody who goes on, with the rank and points of the newest edition, none where it has no such line."""
    lines = {line.entry: (line.rank, line.points) for line in published.lines} if published else {}
    then, now = (result.rank, result.points), lines.get(result.entry_id)
    rank, points = now or (None, None)
    return Sent(
        name=entry.person.full_name, birth_date=entry.person.birth_date, position=entry.person.position,
        cell=result.cell_name, unit=result.unit_name, rank=rank, points=points,
        to_round=entry.round.name, origin=entry.origin, scope=result.scope, in_place_of=places.get(entry.id),
        earned=(result.edition.number, *then) if now != then else None,
    )  # fmt: skip
