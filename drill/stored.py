"""What the database holds after the contest, read by plain SQL into plain values: the checker's and scorer's evidence.

The product's models are not used: a fault in them must not hide itself.
"""

import json
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drill import staged
from drill.staged import Staged

Query = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sitting; `paper` is [(version, option order)…], instants and `time_used` ms, points hundredths."""

    id: int
    entry: int
    round: int
    number: int
    paper: tuple[tuple[int, tuple[int, ...]], ...]
    started_at: int
    deadline: int
    grace_seconds: int
    submitted_at: int | None
    ended_by: str
    raw_score: int | None
    max_score: int | None
    marks: tuple[int, ...]
    time_used: int | None
    medium: str = "device"
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """The choice stored at one place of a paper."""

    attempt: int
    position: int
    choice: str
    stamp: int
    saved_at: int


@dataclass(frozen=True, slots=True)
class Version:
    """An item version as marking needs it; `key` are indices of the authored options."""

    id: int
    key: frozenset[int]
    level: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The right to sit a round; `scopes` names what it is counted within by kind ("unit", "cluster", "group")."""

    id: int
    round: int
    person: int
    cell: int
    scopes: dict[str, str]
    origin: str
    result: int | None
    is_withdrawn: bool
    name: str
    cell_name: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Round:
    """A round with its stage, and the path of the unit it is held at."""

    id: int
    stage: int
    ordinal: int
    name: str
    closes_at: int | None
    closed_at: int | None


@dataclass(frozen=True, slots=True)
class Edition:
    """One publication of a round's ranking."""

    id: int
    round: int
    number: int
    kind: str


@dataclass(frozen=True, slots=True)
class Result:
    """A published line."""

    id: int
    edition: int
    position: int
    rank: int
    entry: int
    attempt: int | None
    scope: str
    points: int
    time_used: int | None
    explanation: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the board decided about a tie; `scope` begins with "reserves:" where it orders reserves."""

    edition: int
    scope: str
    rank: int
    way: str
    chosen: tuple[int, ...]
    seed: str


@dataclass(frozen=True, slots=True)
class Given:
    """Minutes that reached an attempt and were not taken back: its deadline before and after, and when (ms)."""

    minutes: int
    attempt: int
    before: int
    after: int
    at: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery after the end: how many of its choices counted and how many did not."""

    attempt: int
    counted: int
    refused: int


@dataclass(frozen=True, slots=True)
class Keying:
    """What somebody keyed from the answer sheet of a printed paper; `minutes` is what counts of the proctor's note.

    `account` is the number of whoever keyed, or a name where the account is on a hall's laptop.
    """

    paper: int
    attempt: int
    minutes: int | None
    account: int | str
    number: int = 1
    choices: tuple[str, ...] = ()


@dataclass(slots=True)
class Stored:
    """Everything the checks look at."""

    rules: dict[int, dict[str, Any]] = field(default_factory=dict)  # by stage
    rounds: dict[int, Round] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    versions: dict[int, Version] = field(default_factory=dict)
    editions: dict[int, Edition] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    absent_cells: set[int] = field(default_factory=set)
    seated: set[int] = field(default_factory=set)  # entries that sat at a device of a hall
    seats: list[tuple[int, str, int]] = field(default_factory=list)  # (entry, device, since when)
    given: list[Given] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    keyings: list[Keying] = field(default_factory=list)
    imports: list[dict[str, Any]] = field(default_factory=list)  # the report of each file a hall sent back
    staged: Staged = field(default_factory=Staged)  # what judges marked


def read_from(address: str) -> Stored:
    """Return what the SQLite file or PostgreSQL server at `address` holds."""
    if address.startswith("postgresql"):
        from drill import postgres

        connection: Any = postgres.connect(address)
    else:
        import pysqlite3.dbapi2 as sqlite  # the version the server writes with

        connection = sqlite.connect(f"{Path(address).as_uri()}?mode=ro", uri=True)
    with closing(connection):
        return read(lambda sql: connection.execute(sql).fetchall())


def read(query: Query) -> Stored:
    """Return what the rows say that `query` gives for plain SQL."""
    stored = Stored(
        rules={key: _json(rules) for key, rules in query("SELECT id, rules FROM stage")},
        rounds={row[0]: Round(*row) for row in query(_ROUNDS)},
        entries={row[0]: _entry(row) for row in query(_ENTRIES)},
        attempts=[_attempt(row) for row in query(_ATTEMPTS)],
        responses=[Response(*row) for row in query(_RESPONSES)],
        editions={row[0]: Edition(*row) for row in query("SELECT id, round_id, number, kind FROM edition")},
        results=[Result(*row[:-1], _json(row[-1])) for row in query(_RESULTS)],
        decisions=[
            Decision(edition, scope, rank, way, tuple(_json(chosen) or ()), seed)
            for edition, scope, rank, way, chosen, seed in query(_DECISIONS)
        ],
        absent_cells={row[0] for row in query("SELECT unit_id FROM absence")},
        seated={row[0] for row in query("SELECT entry_id FROM hall_seat")},
        seats=[(entry, label, at) for entry, label, at in query(_SEATS)],
        given=[Given(*row) for row in query(_GIVEN)],
        arrivals=[Arrival(*row) for row in query("SELECT attempt_id, counted, refused FROM late_arrival")],
        keyings=[
            Keying(paper, attempt, minutes, account or name, number, tuple(_json(choices)))
            for paper, attempt, minutes, account, name, number, choices in query(_KEYINGS)
        ],
        imports=[_json(report) for (report,) in query("SELECT report FROM sitting_import")],
        staged=staged.read(query),
    )
    used = {version for attempt in stored.attempts for version, _ in attempt.paper}
    stored.versions = {
        key: Version(key, frozenset(_json(right)), level)
        for key, right, level in query("SELECT id, key, level FROM item_version")
        if key in used
    }
    return stored


_ROUNDS = """
SELECT r.id, r.stage_id, s.ordinal, r.name, r.closes_at, r.closed_at
FROM round AS r JOIN stage AS s ON s.id = r.stage_id
"""
_ENTRIES = """
SELECT e.id, e.round_id, e.person_id, e.unit_id, scope.type_label, scope.name, e.cluster, e.ranking_group, e.origin,
    e.result_id, e.withdrawn_at, p.full_name, cell.type_label, cell.name, above.type_label, above.name
FROM entry AS e JOIN person AS p ON p.id = e.person_id JOIN unit AS scope ON scope.id = e.scope_id
JOIN unit AS cell ON cell.id = e.unit_id JOIN unit AS above ON above.id = cell.parent_id
"""
_ATTEMPTS = """
SELECT id, entry_id, round_id, number, paper, started_at, deadline, grace_seconds, submitted_at, ended_by, raw_score,
    max_score, marks, time_used, medium, receipt_code FROM attempt
"""
_RESPONSES = "SELECT attempt_id, position, choice, stamp, saved_at FROM response"
_RESULTS = """
SELECT id, edition_id, position, rank, entry_id, attempt_id, scope, points, time_used, explanation FROM result
ORDER BY edition_id, position
"""
_GIVEN = """
SELECT g.minutes, t.attempt_id, t.deadline_before, t.deadline_after, t.given_at
FROM time_given AS t JOIN time_grant AS g ON g.id = t.grant_id WHERE g.withdrawn_at IS NULL
"""
_KEYINGS = """
SELECT p.id, p.attempt_id, p.minutes, k.account_id, k.account_name, k.number, k.choices
FROM printed_paper AS p JOIN keying AS k ON k.paper_id = p.id
"""
_SEATS = """
SELECT s.entry_id, d.label, s.sat_at FROM hall_seat AS s JOIN hall_device AS d ON d.id = s.device_id
"""
_DECISIONS = "SELECT edition_id, scope, rank, way, chosen, seed FROM tie_decision WHERE taken_back_at IS NULL"


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str | bytes) else value


def _title(label: str, name: str) -> str:
    return f"{label} {name}".strip()


def _entry(row: Iterable[Any]) -> Entry:
    (
        key,
        contest_round,
        person,
        cell,
        scope_label,
        scope_name,
        cluster,
        group,
        origin,
        result,
        withdrawn,
        *names,
    ) = row
    name, cell_label, cell_name, above_label, above_name = names
    scopes = {"round": "", "unit": _title(scope_label, scope_name), "cluster": cluster, "group": group}
    return Entry(
        key, contest_round, person, cell, scopes, origin, result, withdrawn is not None, name,
        _title(cell_label, cell_name), _title(above_label, above_name),
    )  # fmt: skip


def _attempt(row: Iterable[Any]) -> Attempt:
    (
        key,
        entry,
        contest_round,
        number,
        paper,
        *times,
        raw_score,
        max_score,
        marks,
        time_used,
        medium,
        receipt,
    ) = row
    places = tuple((version, tuple(order)) for version, order in _json(paper))
    points = tuple(_json(marks) or ())
    return Attempt(
        key, entry, contest_round, number, places, *times, raw_score, max_score, points, time_used, medium, receipt
    )  # fmt: skip
