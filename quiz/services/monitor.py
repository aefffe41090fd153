"""The people of a duty board: who stands at a place, page by page, and one of them looked at closely."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import exists, func, select
from sqlalchemy.orm import defer, joinedload

from quiz.core.paper_entry import Medium
from quiz.core.presence import SILENT_AFTER, Presence, Sheet, presence_of
from quiz.extensions import db
from quiz.models import AccessCard, Attempt, AuthSession, Entry, Response, Round, Stage, Unit
from quiz.services.boards import Board, Counts

PAGE = 50  # people
UNITS = 100  # on a page
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Watched:
    """One entered person: where they stand, when they were last heard from, and how many items they answered."""

    entry: Entry
    presence: Presence
    attempt: Attempt | None
    heard_at: int | None
    answered: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list of people; `total` of them on `pages` pages."""

    people: list[Watched]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One page of the units of a board, each with its counts; `total` of them on `pages` pages."""

    units: Sequence[tuple[Unit, Counts]]
    page: int
    pages: int
    total: int


def people(
    board: Board, round_ids: Iterable[int], wanted: Sequence[Presence], silent_after: int, paths: Sequence[str],
    page: int = 1, per_page: int = PAGE,
) -> Page:  # fmt: skip
    """Return a page of the people of some rounds under any of `paths` who stand at one of `wanted` (none: all)."""
    keys, rounds = tuple(paths), set(round_ids)
    found = [
        one
        for one, presence in zip(board.seen, board.presences(silent_after), strict=True)
        if one.round_id in rounds and one.path.startswith(keys) and (not wanted or presence in wanted)
    ]
    cut, page, pages = _cut(found, page, per_page)
    shown = [one.entry_id for one in cut]
    watched = watched_of(shown, silent_after, board.at)
    return Page([watched[key] for key in shown if key in watched], page, pages, len(found))


def page_of_units(units: Sequence[tuple[Unit, Counts]], page: int) -> UnitPage:
    """Return a page of these units; one beyond the last stands for the last."""
    cut, page, pages = _cut(units, page, UNITS)
    return UnitPage(cut, page, pages, len(units))


def _cut(found: Sequence[One], page: int, per_page: int) -> tuple[Sequence[One], int, int]:
    """Return what stands on a page, the page's number and how many there are."""
    pages = max(1, -(-len(found) // per_page))
    page = min(max(1, page), pages)
    return found[(page - 1) * per_page : page * per_page], page, pages


def person(entry: Entry, silent_after: int, now: int) -> Watched:
    """Return where one entered person stands."""
    return watched_of([entry.id], silent_after, now)[entry.id]


def watched_of(entry_ids: Sequence[int], silent_after: int, now: int) -> dict[int, Watched]:
    """Return where each of these entered people stands, by entry; the withdrawn are left out."""
    query = (
        select(Entry)
        .where(Entry.id.in_(entry_ids), Entry.withdrawn_at.is_(None))
        .options(joinedload(Entry.unit).joinedload(Unit.parent), joinedload(Entry.person))
    )
    attempts, answers = _attempts_of(entry_ids), _answers_of(entry_ids)
    signed_in = _signed_in_of(entry_ids, now)
    found = {}
    for entry in db.session.scalars(query):
        attempt = attempts.get(entry.id)
        if attempt is None:
            presence = presence_of(entry.id in signed_in, None, silent_after, now)
            found[entry.id] = Watched(entry, presence, None, None, 0)
            continue
        heard, answered = answers.get(attempt.id, (attempt.started_at, 0))
        presence = presence_of(True, _sheet_of(attempt, heard), silent_after, now)
        found[entry.id] = Watched(entry, presence, attempt, heard, answered)
    return found


def _sheet_of(attempt: Attempt, heard_at: int) -> Sheet:
    on_paper, ended = attempt.medium == Medium.PAPER, attempt.submitted_at is not None
    return Sheet(on_paper, ended, attempt.deadline, attempt.grace_seconds, heard_at)


def _attempts_of(entry_ids: Sequence[int]) -> Mapping[int, Attempt]:
    query = select(Attempt).where(Attempt.entry_id.in_(entry_ids)).options(defer(Attempt.paper))
    query = query.order_by(Attempt.number)
    return {attempt.entry_id: attempt for attempt in db.session.scalars(query)}


def _answers_of(entry_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return the last saved instant and the number of answered items by attempt."""
    answered = func.count(func.nullif(Response.choice, ""))
    query = (
        select(Response.attempt_id, func.max(Response.saved_at), answered)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(Attempt.entry_id.in_(entry_ids))
        .group_by(Response.attempt_id)
    )
    return {key: (heard, number) for key, heard, number in db.session.execute(query)}


def _signed_in_of(entry_ids: Sequence[int], now: int) -> set[int]:
    query = (
        select(Entry.id)
        .join(Round, Round.id == Entry.round_id).join(Stage, Stage.id == Round.stage_id)
        .where(
            Entry.id.in_(entry_ids),
            exists().where(
                AccessCard.contest_id == Stage.contest_id, AccessCard.person_id == Entry.person_id,
                AuthSession.card_id == AccessCard.id, AuthSession.revoked_at.is_(None),
                AuthSession.expires_at > now,
            ),
        )
    )  # fmt: skip
    return set(db.session.scalars(query))


def names(
    board: Board, round_ids: Iterable[int], wanted: Sequence[Presence], paths: Sequence[str], limit: int
) -> list[tuple[str, str]]:
    """Return (cell, name) of at most `limit` people at one of `wanted`, by cell."""
    found = people(board, round_ids, wanted, SILENT_AFTER, paths, per_page=limit)
    return [(one.entry.unit.title, one.entry.person.full_name) for one in found.people]
