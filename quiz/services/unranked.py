"""Who is entered in a round and has no line in its ranking, and what each lacks: no absence stays unexplained."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.extensions import db
from quiz.models import Attempt, Entry, Person, Round, VoidedAttempt
from quiz.services import places
from quiz.services.contests import rules_of


class Lack(StrEnum):
    """Why somebody has no line."""

    PAPER = "paper"  # no paper handed in
    VOIDED = "voided"  # the paper was struck out
    POINTS = "points"  # a part is not signed


class Unranked(NamedTuple):
    """Somebody without a line, and why."""

    entry: Entry
    above: str  # the unit above the cell when the round ended
    lack: Lack


def unranked(contest_round: Round, ranked: Iterable[int]) -> list[Unranked]:
    """Return who stands on the list of a round, is not withdrawn and is not among the `ranked` entries, by name."""
    query = (
        select(Entry)
        .join(Entry.person)
        .where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
        .options(joinedload(Entry.person), joinedload(Entry.unit))
        .order_by(Person.sort_key, Person.code)
    )
    there = set(ranked)
    missing = [entry for entry in db.session.scalars(query) if entry.id not in there]
    lacks = _lacks(contest_round) if rules_of(contest_round).has_online else {}
    otherwise = Lack.PAPER if rules_of(contest_round).has_online else Lack.POINTS
    above = places.above(missing)
    return [Unranked(entry, above[entry.id], lacks.get(entry.id, otherwise)) for entry in missing]


def _lacks(contest_round: Round) -> dict[int, Lack]:
    """Return by entry what who handed a paper in lacks: the paper was struck out, or points of the stage."""
    query = (
        select(Attempt.entry_id, VoidedAttempt.attempt_id)
        .outerjoin(VoidedAttempt, VoidedAttempt.attempt_id == Attempt.id)
        .where(Attempt.round_id == contest_round.id, Attempt.submitted_at.is_not(None))
    )
    found: dict[int, Lack] = {}
    for entry_id, struck in db.session.execute(query):
        if struck is None:
            found[entry_id] = Lack.POINTS
        else:
            found.setdefault(entry_id, Lack.VOIDED)
    return found
