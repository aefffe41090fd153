"""Whom minutes can be given to: the units, halls and people of a round that somebody answers for."""

from collections.abc import Sequence

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import joinedload

from quiz.extensions import db
from quiz.models import Entry, HallSession, Person, Round, TimeGrant, Unit
from quiz.services.tree import has_words, under


def units_of(contest_round: Round, paths: Sequence[str]) -> list[Unit]:
    """Return the units that can be named: those the round covers and its own, as far as they lie under `paths`."""
    found = {contest_round.unit_id: contest_round.unit} | {
        scope.unit_id: scope.unit for scope in contest_round.scopes
    }
    for path in paths:  # somebody who answers for a part of a covered unit names that part
        known = any(unit.path.startswith(path) for unit in found.values())
        below = any(path.startswith(unit.path) for unit in found.values())
        if path and below and not known:
            own = db.session.scalar(select(Unit).where(Unit.path == path))
            found |= {own.id: own} if own else {}
    return sorted(
        (unit for unit in found.values() if any(unit.path.startswith(path) for path in paths)),
        key=lambda unit: (len(unit.path.split("/")), unit.sort_key),
    )


def halls_of(contest_round: Round, paths: Sequence[str]) -> list[HallSession]:
    """Return the sittings at halls that have not been closed, under `paths`."""
    query = (
        select(HallSession)
        .join(HallSession.unit)
        .where(HallSession.round_id == contest_round.id, HallSession.closed_at.is_(None), under(paths))
        .order_by(HallSession.place, HallSession.id)
    )
    return list(db.session.scalars(query))


def people_of(contest_round: Round, paths: Sequence[str], text: str, limit: int = 20) -> list[Entry]:
    """Return the people entered under `paths` whose names have these words, at most `limit`."""
    query = (
        select(Entry)
        .join(Person, Person.id == Entry.person_id).join(Unit, Unit.id == Entry.unit_id)
        .where(
            Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None), under(paths),
            has_words(Person.search_key, text),
        )
        .order_by(Person.sort_key, Entry.id)
        .limit(limit)
        .options(joinedload(Entry.person), joinedload(Entry.unit))
    )  # fmt: skip
    return list(db.session.scalars(query))


def newest_for(contest_round: Round, target: Entry | HallSession | Unit) -> TimeGrant | None:
    """Return the newest grant standing for this very person, or for a hall or unit that shares people with this one."""
    query = select(TimeGrant).where(TimeGrant.round_id == contest_round.id, TimeGrant.withdrawn_at.is_(None))
    if isinstance(target, Entry):
        query = query.where(TimeGrant.person_id == target.person_id)
    else:
        path = target.path if isinstance(target, Unit) else target.unit.path
        shared = or_(TimeGrant.path.startswith(path), literal(path).startswith(TimeGrant.path))
        query = query.where(TimeGrant.person_id.is_(None), shared)
    if isinstance(target, HallSession):
        query = query.where(or_(TimeGrant.hall_id.is_(None), TimeGrant.hall_id == target.id))
    return db.session.scalar(query.order_by(TimeGrant.id.desc()).limit(1))
