"""What the database holds of the stage, read by plain SQL: panels, the draw, performances, sheets, corrections."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Query = Callable[[str], list[tuple[Any, ...]]]
Marks = Mapping[str, int]  # hundredths by criterion


@dataclass(frozen=True, slots=True)
class Seat:
    """A judge's seat on the panel of a part; `group` "" is for all."""

    round: int
    part: str
    group: str
    seat: int
    account: int
    is_head: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """The draw of a round's running order."""

    round: int
    seed: str
    sessions: int
    at: int


@dataclass(frozen=True, slots=True)
class Performance:
    """One entry in one part; `used` ms, instants ms, `decided` hundredths where the head judge decided."""

    id: int
    round: int
    part: str
    entry: int
    session: int
    place: int
    drawn: int
    started_at: int | None
    running_since: int | None
    used: int
    absent: str
    decided: int | None
    checked_at: int | None
    checked_by: int | None
    signed_at: int | None
    signed_by: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A score sheet; it counts once `submitted_at` is set; `keyed_by` entered it from paper."""

    id: int
    performance: int
    seat: int
    account: int | None
    marks: Marks
    stamp: int
    submitted_at: int | None
    keyed_by: int | None

    @property
    def points(self) -> int:
        """Return what the sheet gives in all, hundredths."""
        return sum(self.marks.values())


@dataclass(frozen=True, slots=True)
class Typed:
    """A paper sheet as one person typed it."""

    performance: int
    seat: int
    number: int
    marks: Marks
    by: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of a sheet that had been handed in."""

    sheet: int
    before: Marks
    after: Marks
    reason: str


@dataclass(frozen=True, slots=True)
class Successor:
    """A reserve who moved up, in whose place, why and when (ms)."""

    entry: int
    replaces: int
    reason: str
    at: int


@dataclass(slots=True)
class Staged:
    """Everything the checks of the stage look at."""

    seats: list[Seat] = field(default_factory=list)
    draws: dict[int, Draw] = field(default_factory=dict)  # by round
    performances: dict[int, Performance] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    typed: list[Typed] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)  # the oldest first
    successors: list[Successor] = field(default_factory=list)


def read(query: Query) -> Staged:
    """Return what the rows say that `query` gives for plain SQL."""
    return Staged(
        seats=[Seat(*row[:-1], bool(row[-1])) for row in query(_SEATS)],
        draws={row[0]: Draw(*row) for row in query(_DRAWS)},
        performances={row[0]: Performance(*row) for row in query(_PERFORMANCES)},
        sheets=[Sheet(*row[:4], _json(row[4]), *row[5:]) for row in query(_SHEETS)],
        typed=[Typed(*row[:3], _json(row[3]), row[4]) for row in query(_TYPED)],
        corrections=[
            Correction(sheet, _json(before), _json(after), reason)
            for sheet, before, after, reason in query(_CORRECTIONS)
        ],
        successors=[Successor(*row) for row in query(_SUCCESSORS)],
    )


_SEATS = "SELECT round_id, part, ranking_group, seat, account_id, is_head FROM panel_seat"
_DRAWS = "SELECT round_id, seed, sessions, drawn_at FROM order_draw"
_PERFORMANCES = """
SELECT id, round_id, part, entry_id, session, place, drawn, started_at, running_since, used, absent_reason, decided,
    checked_at, checked_by_id, signed_at, signed_by_id FROM performance
"""
_SHEETS = """
SELECT id, performance_id, seat, account_id, marks, stamp, submitted_at, keyed_by_id FROM score_sheet
"""
_TYPED = "SELECT performance_id, seat, number, marks, keyed_by_id FROM sheet_keying"
_CORRECTIONS = "SELECT sheet_id, before, after, reason FROM sheet_correction ORDER BY id"
_SUCCESSORS = "SELECT entry_id, replaces_id, reason, called_at FROM successor"


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str | bytes) else value
