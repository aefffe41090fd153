"""What a hall brings back with a package, and what the server takes of it.

Everything is named by codes; where a number stands in a file it refers to a line of that file only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from quiz.core.errors import N_, Problem
from quiz.core.grants import MOST_MINUTES
from quiz.core.late import Fate
from quiz.core.packages import rows_of


@dataclass(frozen=True, slots=True)
class SittingLine:
    """Which package a sitting answers, when it was collected, and the hours the laptop kept."""

    package: str
    collected_at: int
    opens_at: int
    closes_at: int
    closed_at: int | None


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
    """An attempt that was handed in, with the points the laptop gave it, to be compared."""

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


@dataclass(frozen=True, slots=True)
class HallLine:
    """A supervised sitting on shared devices; `ref` is how grants of this file name it."""

    ref: int
    unit: str
    place: str
    opens_at: int
    created_at: int
    closed_at: int | None


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
    """Everything a hall brings back."""

    head: SittingLine
    drawn: tuple[DrawnLine, ...]
    attempts: tuple[AttemptLine, ...]
    late: tuple[LateLine, ...]
    halls: tuple[HallLine, ...]
    grants: tuple[GrantLine, ...]
    absent: tuple[AbsentLine, ...]
    audit: tuple[AuditRow, ...]


# --- is a sitting sound beside its attempts? ----------------------------------------------------------------------

BROKEN_SITTING = N_(
    "Tệp kết quả có chỗ không hợp lệ. Chưa có gì được nhập. Hãy lấy lại tệp từ máy ở hội trường."
)
MOST_SCORE = 100_000_000  # hundredths of a point
# The longest texts that the server keeps, by part and field.
LONGEST = {
    "late": {"digest": 64, "agent": 200},
    "halls": {"place": 120},
    "grants": {"key": 40, "reason": 300},
    "absent": {"reason": 300},
    "audit": {"action": 60},
}  # fmt: skip


def check_sitting(sitting: Sitting) -> list[Problem]:
    """Return what no laptop of ours can have written beside the attempts; empty when the rest can be taken in."""
    return [Problem(BROKEN_SITTING, {}, part, row) for part, row in _faults(sitting)]


def _faults(sitting: Sitting) -> Iterator[tuple[str, int | None]]:
    for part, limits in LONGEST.items():
        lines = getattr(sitting, part)
        yield from rows_of(
            part, (any(len(getattr(line, k)) > n for k, n in limits.items()) for line in lines)
        )
    versions = [line.version for line in sitting.drawn]
    if len(set(versions)) < len(versions):
        yield "drawn", None
    halls = {hall.ref for hall in sitting.halls}
    yield from rows_of("grants", (not _is_grant(grant, halls) for grant in sitting.grants))
    yield from rows_of("late", (not _is_late(line) for line in sitting.late))


def _is_grant(grant: GrantLine, halls: set[int]) -> bool:
    targets = [bool(grant.person), grant.hall is not None, bool(grant.unit)]
    in_hall = grant.hall is None or grant.hall in halls
    receipts = [given.receipt for given in grant.reached]
    if len(set(receipts)) < len(receipts):
        return False
    return sum(targets) == 1 and in_hall and 1 <= grant.minutes <= MOST_MINUTES and bool(grant.key)


def _is_late(line: LateLine) -> bool:
    fates = {fate.value for fate in Fate}
    known = all(fate in fates for *_, fate in line.log)
    counts = all(0 <= count <= len(line.log) for count in (line.counted, line.refused))
    scores = all(0 <= score <= MOST_SCORE for score in (line.score_before or 0, line.score_after or 0))
    return known and counts and scores
