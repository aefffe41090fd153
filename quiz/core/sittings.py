"""What a hall brings back with a package, and what the server takes of it.

Everything is named by codes; where a number stands in a file it refers to a line of that file only.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from quiz.core.stage_lines import LotLine, OrderLine, PanelLine, PerformanceLine, StaffLine, TurnLine


@dataclass(frozen=True, slots=True)
class SittingLine:
    """Which package a sitting answers, when it was collected, and the hours the laptop kept.

    Of a stage held there: the fingerprint of its declared parts, and how many performances nobody has signed yet.
    """

    package: str
    collected_at: int
    opens_at: int
    closes_at: int
    closed_at: int | None
    declared: str = ""
    unsigned: int = 0


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """The number by which papers of this file, and the draw in the hall, call an item version."""

    version: int
    code: str
    fingerprint: str


class ResponseLine(NamedTuple):
    """A stored choice, as quiz.models.Response keeps it."""

    position: int
    choice: str
    stamp: int
    saved_at: int
    saves: int


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An attempt that was handed in, with the points the laptop gave it, to be compared.

    Files of older laptops say nothing of absences from the page.
    """

    person: str
    number: int
    seed: str
    paper: tuple[tuple[int, tuple[int, ...]], ...]
    started_at: int
    deadline: int
    grace_seconds: int
    medium: str
    submitted_at: int
    ended_by: str
    receipt_code: str
    raw_score: int
    max_score: int
    marks: tuple[int, ...]
    time_used: int
    responses: tuple[ResponseLine, ...]
    away_count: int | None = None
    away_ms: int | None = None


@dataclass(frozen=True, slots=True)
class LateLine:
    """A delivery that came after the end of an attempt, as quiz.models.LateArrival keeps it."""

    receipt: str
    arrived_at: int
    digest: str
    device: int
    log: tuple[tuple[int, str, int, str], ...]
    counted: int
    refused: int
    is_unbroken: bool
    signed_off_at: int | None
    score_before: int | None
    score_after: int | None
    agent: str


class KeyingLine(NamedTuple):
    """What one person keyed from an answer sheet, by the name of the account on the laptop."""

    number: int
    by: str
    keyed_at: int
    choices: tuple[str, ...]
    minutes: int | None


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A printed paper with its keyings and, where they differed, what a third look decided by position, and why."""

    receipt: str
    issued_at: int
    settled_at: int
    settled_by: str
    minutes: int | None
    decided: tuple[tuple[int, str], ...]
    reason: str
    keyings: tuple[KeyingLine, ...]


@dataclass(frozen=True, slots=True)
class HallLine:
    """A supervised sitting on shared devices; `ref` is how devices and grants of this file name it."""

    ref: int
    unit: str
    place: str
    asks_pin: bool
    opens_at: int
    created_at: int
    by: str
    closed_at: int | None


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A shared device; `ref` is how seats of this file name it, `hall` the hall's."""

    ref: int
    hall: int
    label: str
    joined_at: int


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Somebody at a device, from when to when, and why they left it."""

    device: int
    person: str
    sat_at: int
    left_at: int
    left_because: str


@dataclass(frozen=True, slots=True)
class SignInLine:
    """A sign-in on a device of one's own: `device` is a keyed hash that can be compared and not read back."""

    person: str
    at: int
    device: str


class GivenLine(NamedTuple):
    """An attempt that minutes reached."""

    receipt: str
    before: int
    after: int
    was_reopened: bool
    given_at: int


@dataclass(frozen=True, slots=True)
class GrantLine:
    """Minutes given in the hall, to one person, one hall or one unit."""

    key: str
    person: str
    hall: int | None
    unit: str
    minutes: int
    reason: str
    given_at: int
    by: str
    withdrawn_at: int | None
    reached: tuple[GivenLine, ...]


@dataclass(frozen=True, slots=True)
class AbsentLine:
    """Somebody marked absent, and why."""

    person: str
    at: int
    reason: str


@dataclass(frozen=True, slots=True)
class CellLine:
    """A cell that sent nobody in the end, and why."""

    unit: str
    at: int
    reason: str
    note: str


class StepLine(NamedTuple):
    """What was done about an incident."""

    key: str
    text: str
    written_at: int
    by: str


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """Something that went wrong in the hall; `grants` are the keys of the minutes given because of it."""

    key: str
    unit: str
    person: str
    place: str
    kind: str
    happened_at: int
    what: str
    written_at: int
    by: str
    withdrawn_at: int | None
    withdrawn_reason: str
    steps: tuple[StepLine, ...]
    grants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An act in the hall; `by` is the name of the account, `person` the code of the contestant who acted."""

    at: int
    by: str
    person: str
    action: str
    target: str
    unit: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sitting:
    """Everything a hall brings back; what was done on a stage came with the second version of the files."""

    head: SittingLine
    drawn: tuple[DrawnLine, ...]
    attempts: tuple[AttemptLine, ...]
    late: tuple[LateLine, ...]
    papers: tuple[PaperLine, ...]
    halls: tuple[HallLine, ...]
    devices: tuple[DeviceLine, ...]
    seats: tuple[SeatLine, ...]
    sign_ins: tuple[SignInLine, ...]
    grants: tuple[GrantLine, ...]
    absent: tuple[AbsentLine, ...]
    cells: tuple[CellLine, ...]
    incidents: tuple[IncidentLine, ...]
    audit: tuple[AuditRow, ...]
    staff: tuple[StaffLine, ...] = ()
    panel: tuple[PanelLine, ...] = ()
    order: tuple[OrderLine, ...] = ()
    turns: tuple[TurnLine, ...] = ()
    performances: tuple[PerformanceLine, ...] = ()
    lots: tuple[LotLine, ...] = ()
