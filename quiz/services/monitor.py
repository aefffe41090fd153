"""Watching a round: how many have signed in, are answering, have fallen silent or handed in, and who they are (R50)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import joinedload

from quiz.core.paper_entry import Medium
from quiz.core.presence import Presence
from quiz.core.timing import MINUTE, SECOND
from quiz.extensions import db
from quiz.models import Absence, AccessCard, Attempt, AuthSession, Entry, Person, Response, Round, Stage, Unit

PAGE = 50


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entered people stand where, and how many cells said that they send nobody."""

    by_presence: dict[Presence, int]
    absent: int = 0

    @property
    def entered(self) -> int:
        """Return the number of people entered."""
        return sum(self.by_presence.values())

    @property
    def not_started(self) -> int:
        """Return how many have no paper yet."""
        return self[Presence.NOT_SIGNED_IN] + self[Presence.SIGNED_IN]

    def __getitem__(self, presence: Presence) -> int:
        return self.by_presence.get(presence, 0)

    def __add__(self, other: "Counts") -> "Counts":
        both = {presence: self[presence] + other[presence] for presence in Presence}
        return Counts(both, self.absent + other.absent)


NOBODY = Counts({})


@dataclass(frozen=True, slots=True)
class Watched:
    """One entered person: where they stand, when they were last heard from, and how many items they answered."""

    entry: Entry
    presence: Presence
    attempt: Attempt | None
    heard_at: int | None
    answered: int


def counts(rounds: Iterable[Round], silent_after: int, now: int) -> dict[int, Counts]:
    """Return the counts of each round by its id, in two queries; `silent_after` in minutes."""
    keys = [contest_round.id for contest_round in rounds]
    presence = _presence(silent_after, now).label("presence")
    rows = _sittings(presence, Entry.round_id).where(Entry.round_id.in_(keys)).subquery()
    query = select(rows.c.round_id, rows.c.presence, func.count()).group_by(rows.c.round_id, rows.c.presence)
    found: dict[int, dict[Presence, int]] = {key: {} for key in keys}
    for key, name, number in db.session.execute(query):
        found[key][Presence(name)] = number
    absent = (
        select(Absence.round_id, func.count()).where(Absence.round_id.in_(keys)).group_by(Absence.round_id)
    )
    absences = {key: number for key, number in db.session.execute(absent)}
    return {key: Counts(by_presence, absences.get(key, 0)) for key, by_presence in found.items()}


def people(
    contest_round: Round, wanted: Sequence[Presence], silent_after: int, now: int, page: int = 1
) -> tuple[Any, list[Watched]]:
    """Return a page of the people of a round who stand at one of `wanted` (none: all), by cell."""
    presence = _presence(silent_after, now)
    query = _watched(presence).where(Entry.round_id == contest_round.id)
    if wanted:
        query = query.where(presence.in_([str(name) for name in wanted]))
    keys = query.with_only_columns(Entry.id).order_by(Unit.sort_key, Unit.id, Person.sort_key, Entry.id)
    found = db.paginate(keys, page=page, per_page=PAGE, error_out=False)
    rows = db.session.execute(query.where(Entry.id.in_(found.items)))
    by_id = {row[0].id: _row(*row) for row in rows}
    return found, [by_id[key] for key in found.items]


def person(entry: Entry, silent_after: int, now: int) -> Watched:
    """Return where one entered person stands."""
    row = db.session.execute(_watched(_presence(silent_after, now)).where(Entry.id == entry.id)).one()
    return _row(*row)


def watched_of(entry_ids: Sequence[int], silent_after: int, now: int) -> dict[int, Watched]:
    """Return where each of these entered people stands, by entry; the withdrawn are left out."""
    rows = db.session.execute(_watched(_presence(silent_after, now)).where(Entry.id.in_(entry_ids)))
    return {row[0].id: _row(*row) for row in rows}


def names_not_started(contest_round: Round, limit: int) -> list[tuple[str, str]]:
    """Return (cell, name) of at most `limit` people who have no paper yet, by cell."""
    query = (
        select(Unit, Person.full_name)
        .select_from(Entry)
        .join(Unit, Unit.id == Entry.unit_id).join(Person, Person.id == Entry.person_id)
        .where(
            Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None),
            ~exists().where(Attempt.entry_id == Entry.id),
        )
        .order_by(Unit.sort_key, Unit.id, Person.sort_key)
        .limit(limit)
    )  # fmt: skip
    return [(cell.title, name) for cell, name in db.session.execute(query)]


def _row(
    entry: Entry, presence: str, attempt: Attempt | None, heard_at: int | None, answered: int
) -> Watched:
    return Watched(entry, Presence(presence), attempt, heard_at, answered)


# --- the one expression behind every figure -----------------------------------------------------------------------


def _sittings(*columns: Any) -> Select[Any]:
    """Return a query over standing entries, each with its latest attempt if there is one."""
    latest = (
        select(func.max(Attempt.id)).where(Attempt.entry_id == Entry.id).correlate(Entry).scalar_subquery()
    )
    return (
        select(*columns)
        .select_from(Entry)
        .join(Round, Round.id == Entry.round_id)
        .join(Stage, Stage.id == Round.stage_id)
        .outerjoin(Attempt, Attempt.id == latest)
        .where(Entry.withdrawn_at.is_(None))
    )


def _watched(presence: ColumnElement[str]) -> Select[Any]:
    answered = (
        select(func.count())
        .where(Response.attempt_id == Attempt.id, Response.choice != "")
        .correlate(Attempt)
        .scalar_subquery()
    )
    return (
        _sittings(Entry, presence, Attempt, _heard_at(), answered)
        .join(Unit, Unit.id == Entry.unit_id)
        .join(Person, Person.id == Entry.person_id)
        .options(joinedload(Entry.unit), joinedload(Entry.person))
    )


def _heard_at() -> ColumnElement[int]:
    """Return the instant of the last saved answer, or of the start; NULL without a paper."""
    saved = select(func.max(Response.saved_at)).where(Response.attempt_id == Attempt.id).correlate(Attempt)
    return func.coalesce(saved.scalar_subquery(), Attempt.started_at)


def _presence(silent_after: int, now: int) -> ColumnElement[str]:
    """Return the expression of where an entry stands at `now`."""
    signed_in = (
        exists()
        .where(
            AccessCard.contest_id == Stage.contest_id,
            AccessCard.person_id == Entry.person_id,
            AuthSession.card_id == AccessCard.id,
            AuthSession.revoked_at.is_(None),
            AuthSession.expires_at > now,
        )
        .correlate(Entry, Stage)
    )
    on_paper = and_(Attempt.medium == Medium.PAPER, Attempt.submitted_at.is_(None))
    over = or_(Attempt.submitted_at.is_not(None), Attempt.deadline + Attempt.grace_seconds * SECOND < now)
    return case(
        (and_(Attempt.id.is_(None), signed_in), literal(str(Presence.SIGNED_IN))),
        (Attempt.id.is_(None), literal(str(Presence.NOT_SIGNED_IN))),
        (on_paper, literal(str(Presence.ON_PAPER))),
        (over, literal(str(Presence.HANDED_IN))),
        (_heard_at() < now - silent_after * MINUTE, literal(str(Presence.SILENT))),
        else_=literal(str(Presence.ANSWERING)),
    )
