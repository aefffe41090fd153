"""The duty board: how many of a stage have signed in, are answering, have fallen silent or handed in (R50).

Everybody is counted at one instant and kept in memory for a few seconds, so that ten people who look cost what one
costs. Nothing here writes.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import aliased

from quiz.core.paper_entry import Medium
from quiz.core.presence import Presence, Sheet, presence_of
from quiz.core.timing import SECOND
from quiz.extensions import db
from quiz.models import Absence, AccessCard, Attempt, AuthSession, Entry, Person, Response, Round, Stage, Unit

FRESH = 3 * SECOND  # for which figures are shown again
SHARE = 50  # figures that took a while to count stay fresh so many times as long: never more than 2 % of a process
KEPT = 200  # stages
Key = TypeVar("Key", int, str)


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

    @property
    def started(self) -> int:
        """Return how many have a paper, handed in or not."""
        return self.entered - self.not_started

    def __getitem__(self, presence: Presence) -> int:
        return self.by_presence.get(presence, 0)

    def __add__(self, other: "Counts") -> "Counts":
        both = {presence: self[presence] + other[presence] for presence in Presence}
        return Counts(both, self.absent + other.absent)


NOBODY = Counts({})


@dataclass(frozen=True, slots=True)
class Seen:
    """One entered person; `path` is the cell's, under the node it was entered for if it has moved since."""

    entry_id: int
    round_id: int
    path: str
    is_signed_in: bool
    sheet: Sheet | None


@dataclass(slots=True)
class Board:
    """Everybody of a stage as they stood `at` one instant, by unit, cell and name, and the cells that send nobody.

    `drawn` keeps what pages made of it, for whoever asks the same while it is shown.
    """

    at: int
    seen: tuple[Seen, ...]
    absent: tuple[tuple[int, str], ...]  # round and path of the cell
    drawn: dict[Any, tuple[str, str]] = field(default_factory=dict)
    _presences: dict[int, list[Presence]] = field(default_factory=dict)

    def presences(self, silent_after: int) -> list[Presence]:
        """Return where each of `seen` stood, in the same order."""
        if silent_after not in self._presences:
            self._presences[silent_after] = [
                presence_of(one.is_signed_in, one.sheet, silent_after, self.at) for one in self.seen
            ]
        return self._presences[silent_after]


def counts(board: Board, silent_after: int, round_ids: Iterable[int], path: str = "") -> dict[int, Counts]:
    """Return the counts of each of these rounds by its id, of what lies under `path`."""
    found: dict[int, dict[Presence, int]] = {key: {} for key in round_ids}
    for one, presence in zip(board.seen, board.presences(silent_after), strict=True):
        if one.round_id in found and one.path.startswith(path):
            here = found[one.round_id]
            here[presence] = here.get(presence, 0) + 1
    absent = dict.fromkeys(found, 0)
    for round_id, place in board.absent:
        if round_id in absent and place.startswith(path):
            absent[round_id] += 1
    return {key: Counts(by_presence, absent[key]) for key, by_presence in found.items()}


def counts_below(board: Board, silent_after: int, round_id: int, node: Unit) -> list[tuple[Unit, Counts]]:
    """Return the counts of each unit right under `node` that has people or absences in the round, by name."""

    def child(path: str) -> tuple[int, ...]:
        below = path[len(node.path) :].partition("/")[0] if path.startswith(node.path) else ""
        return (int(below),) if below else ()

    tallies = _tallies(board, silent_after, round_id, child)
    units = select(Unit).where(Unit.id.in_(tallies)).order_by(Unit.sort_key, Unit.id)
    return [(unit, tallies[unit.id]) for unit in db.session.scalars(units)]


def counts_at(
    board: Board, silent_after: int, round_id: int, units: Sequence[Unit]
) -> list[tuple[Unit, Counts]]:
    """Return the counts in the round of what lies under each of these units, in their order."""
    looked_at = {unit.path for unit in units}

    def above(path: str) -> list[str]:
        ends = [place + 1 for place, sign in enumerate(path) if sign == "/"]
        return [path[:end] for end in ends if path[:end] in looked_at]

    tallies = _tallies(board, silent_after, round_id, above)
    return [(unit, tallies.get(unit.path, NOBODY)) for unit in units]


def _tallies(
    board: Board, silent_after: int, round_id: int, places: Callable[[str], Iterable[Key]]
) -> dict[Key, Counts]:
    """Return the counts of a round by each of the `places` that a path belongs to, going once over the board."""
    people: dict[Key, dict[Presence, int]] = {}
    absent: Counter[Key] = Counter()
    for one, presence in zip(board.seen, board.presences(silent_after), strict=True):
        for place in places(one.path) if one.round_id == round_id else ():
            here = people.setdefault(place, {})
            here[presence] = here.get(presence, 0) + 1
    for key, path in board.absent:
        absent.update(places(path) if key == round_id else ())
    return {place: Counts(people.get(place, {}), absent[place]) for place in people.keys() | absent}


def tops(contest_round: Round, paths: Sequence[str]) -> list[Unit]:
    """Return the units a round covers as far as they lie under `paths`, and the units of `paths` inside them."""
    covered = [scope.unit for scope in contest_round.scopes]
    inside = [
        path for path in paths if any(path != unit.path and path.startswith(unit.path) for unit in covered)
    ]
    found = [unit for unit in covered if unit.path.startswith(tuple(paths))]
    found += db.session.scalars(select(Unit).where(Unit.path.in_(inside)))
    return sorted(found, key=lambda unit: (unit.sort_key, unit.id))


# --- kept in memory -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A board and until when it is shown again."""

    board: Board
    until: int

    @classmethod
    def counted(cls, stage_id: int, now: int) -> "_Fresh":
        began = time.perf_counter()
        board = read(stage_id, now)
        took = round((time.perf_counter() - began) * 1000)
        return cls(board, now + max(FRESH, SHARE * took))


@dataclass(slots=True)
class _Kept:
    boards: dict[int, _Fresh] = field(default_factory=dict)  # by stage
    counting: dict[int, threading.Lock] = field(default_factory=dict)


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def board_of(stage_id: int, now: int) -> Board:
    """Return the figures of a stage, at most a few seconds old; while one request counts, others get the last ones."""
    kept = _kept.setdefault(db.engine, _Kept())
    last = kept.boards.get(stage_id)
    if last is not None and last.board.at <= now < last.until:
        return last.board
    lock = kept.counting.setdefault(stage_id, threading.Lock())
    if not lock.acquire(blocking=last is None):
        return last.board if last is not None else read(stage_id, now)
    try:
        newer = kept.boards.get(stage_id)
        if newer is None or newer is last:
            newer = _Fresh.counted(stage_id, now)
            if len(kept.boards) >= KEPT:
                kept.boards.clear()
            kept.boards[stage_id] = newer
        return newer.board
    finally:
        lock.release()


# --- what is stored -----------------------------------------------------------------------------------------------


def read(stage_id: int, now: int) -> Board:
    """Return the figures of a stage as the database has them at `now`, in five queries whatever its size."""
    scope, cell = aliased(Unit), aliased(Unit)
    query = (
        select(Entry.id, Entry.round_id, Entry.person_id, cell.id, cell.path, scope.path)
        .join(Round, Round.id == Entry.round_id)
        .join(cell, cell.id == Entry.unit_id).join(scope, scope.id == Entry.scope_id)
        .join(Person, Person.id == Entry.person_id)
        .where(Round.stage_id == stage_id, Entry.withdrawn_at.is_(None))
        .order_by(scope.sort_key, scope.id, cell.sort_key, cell.id, Person.sort_key, Entry.id)
    )  # fmt: skip
    sheets = _sheets(stage_id)
    waiting = _signed_in(stage_id, now)
    seen = tuple(
        Seen(key, round_id, _place(path, cell_id, scope_path), person_id in waiting, sheets.get(key))
        for key, round_id, person_id, cell_id, path, scope_path in db.session.execute(query)
    )
    absent = (
        select(Absence.round_id, Unit.path)
        .join(Round, Round.id == Absence.round_id).join(Unit, Unit.id == Absence.unit_id)
        .where(Round.stage_id == stage_id)
    )  # fmt: skip
    return Board(now, seen, tuple((key, path) for key, path in db.session.execute(absent)))


def _place(path: str, cell_id: int, scope_path: str) -> str:
    return path if path.startswith(scope_path) else f"{scope_path}{cell_id}/"


def _sheets(stage_id: int) -> dict[int, Sheet]:
    """Return what is stored of the latest attempt of each entry that has one."""
    heard = _heard(stage_id)
    query = (
        select(
            Attempt.entry_id, Attempt.id, Attempt.medium, Attempt.submitted_at, Attempt.deadline,
            Attempt.grace_seconds, Attempt.started_at,
        )
        .join(Round, Round.id == Attempt.round_id)
        .where(Round.stage_id == stage_id)
        .order_by(Attempt.number)
    )  # fmt: skip
    return {
        entry_id: Sheet(medium == Medium.PAPER, ended is not None, deadline, grace, heard.get(key, started))
        for entry_id, key, medium, ended, deadline, grace, started in db.session.execute(query)
    }


def _heard(stage_id: int) -> dict[int, int]:
    """Return the instant of the last saved answer of each attempt that is open, where there is one."""
    query = (
        select(Response.attempt_id, func.max(Response.saved_at))
        .join(Attempt, Attempt.id == Response.attempt_id).join(Round, Round.id == Attempt.round_id)
        .where(Round.stage_id == stage_id, Attempt.submitted_at.is_(None))
        .group_by(Response.attempt_id)
    )  # fmt: skip
    return {key: at for key, at in db.session.execute(query)}


def _signed_in(stage_id: int, now: int) -> set[int]:
    """Return the people with a card of the contest that a browser is signed in with."""
    query = (
        select(AccessCard.person_id)
        .join(Stage, Stage.contest_id == AccessCard.contest_id)
        .join(AuthSession, AuthSession.card_id == AccessCard.id)
        .where(Stage.id == stage_id, AuthSession.revoked_at.is_(None), AuthSession.expires_at > now)
    )
    return set(db.session.scalars(query))
