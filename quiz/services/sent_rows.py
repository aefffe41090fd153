"""Who of a round goes on to the next, as values of its papers, beside the standing that counts now; which reserves
declined, and who withdrew from it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core.figures import Published, Sent
from quiz.extensions import db
from quiz.models import Decline, Edition, Entry, Result, Successor


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


Gone = tuple[
    tuple[str, str], ...
]  # (name with cell, reason) of everybody who withdrew from one place, the last first


def stead(entries: list[int]) -> dict[int, Gone]:
    """Return by entry who had the place before and withdrew, and why: the one replaced, then whom that one replaced."""
    places: dict[int, list[Entry]] = {key: [] for key in entries}
    last = dict(zip(entries, entries, strict=True))
    while last:
        query = (
            select(Successor)
            .where(Successor.entry_id.in_(last))
            .options(joinedload(Successor.replaces).options(joinedload(Entry.person), joinedload(Entry.unit)))
        )
        found = {last[row.entry_id]: row.replaces for row in db.session.scalars(query)}
        for key, gone in found.items():
            places[key].append(gone)
        last = {gone.id: key for key, gone in found.items()}
    return {
        key: tuple((one.name_and_cell, one.withdrawn_reason) for one in gone) for key, gone in places.items()
    }


def sent(entry: Entry, result: Result, places: dict[int, Gone], published: Published | None) -> Sent:
    """Return somebody who goes on, with the rank and points of the newest edition, none where it has no such line."""
    lines = {line.entry: (line.rank, line.points) for line in published.lines} if published else {}
    then, now = (result.rank, result.points), lines.get(result.entry_id)
    rank, points = now or (None, None)
    return Sent(
        name=entry.person.full_name, birth_date=entry.person.birth_date, position=entry.person.position,
        cell=result.cell_name, unit=result.unit_name, rank=rank, points=points,
        to_round=entry.round.name, origin=entry.origin, scope=result.scope, in_place_of=places[entry.id],
        earned=(result.edition.number, *then) if now != then else None,
    )  # fmt: skip


def declined(rounds: list[int]) -> Iterable[Decline]:
    """Return what reserves of these rounds said before they were called and did not take back, in that order."""
    query = (
        select(Decline)
        .join(Decline.entry)
        .where(Entry.round_id.in_(rounds), Decline.taken_back_at.is_(None))
        .order_by(Decline.id)
        .options(joinedload(Decline.entry).options(joinedload(Entry.person), joinedload(Entry.unit)))
    )
    return db.session.scalars(query)


def said(declines: Iterable[Decline], promoted: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    """Return (name with cell, reason) of those who declined, without those who go on by a ranking corrected since."""
    going = {result.entry_id for _entry, result in promoted}
    return tuple((row.entry.name_and_cell, row.reason) for row in declines if row.entry_id not in going)


def withdrawn(rounds: list[int]) -> Iterable[tuple[Entry, Successor | None]]:
    """Return who withdrew from these rounds, in that order, each with the reserve called in their place, if any."""
    query = (
        select(Entry, Successor)
        .outerjoin(Successor, Successor.replaces_id == Entry.id)
        .where(Entry.round_id.in_(rounds), Entry.withdrawn_at.is_not(None))
        .order_by(Entry.withdrawn_at, Entry.id)
        .options(joinedload(Entry.person), joinedload(Entry.unit))
        .options(joinedload(Successor.entry).options(joinedload(Entry.person), joinedload(Entry.unit)))
    )
    return (tuple(row) for row in db.session.execute(query))


def left(entry: Entry, called: Successor | None) -> tuple[str, str, str]:
    """Return (name with cell, reason, who came in their place or "") of somebody who withdrew."""
    return entry.name_and_cell, entry.withdrawn_reason, called.entry.name_and_cell if called else ""
