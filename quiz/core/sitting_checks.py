"""Whether a returned sitting is sound beside its attempts, which quiz.core.merging judges one by one."""

from collections.abc import Iterator

from quiz.core.errors import N_, Problem
from quiz.core.grants import MOST_MINUTES
from quiz.core.halls import Leaving
from quiz.core.incidents import IncidentKind
from quiz.core.late import Fate
from quiz.core.packages import rows_of
from quiz.core.paper_entry import LONGEST_MINUTES, Medium
from quiz.core.people import AbsenceReason
from quiz.core.sittings import GrantLine, IncidentLine, LateLine, PaperLine, SeatLine, Sitting
from quiz.core.stage_lines import SheetLine, staff_fit, turns_fit

BROKEN_SITTING = N_(
    "Tệp kết quả có chỗ không hợp lệ. Chưa có gì được nhập. Hãy lấy lại tệp từ máy ở hội trường."
)
MOST_SCORE = 100_000_000  # hundredths of a point
LONGEST_NAME = 200
# The longest texts that the server keeps, by part and field.
LONGEST = {
    "late": {"digest": 64, "agent": 200},
    "papers": {"settled_by": 200, "reason": 300},
    "halls": {"place": 120, "by": 200},
    "devices": {"label": 40},
    "sign_ins": {"device": 16},
    "grants": {"key": 40, "reason": 300, "by": 200},
    "absent": {"reason": 300},
    "cells": {"note": 300},
    "incidents": {"key": 40, "place": 120, "what": 1000, "by": 200, "withdrawn_reason": 300},
    "audit": {"action": 60},
    "staff": {"name": 200, "username": 40},
    "panel": {"part": 100, "group": 60},
    "order": {"seed": 80, "by": 200},
    "turns": {"group": 60},
    "lots": {"part": 100, "group": 60, "void_reason": 300},
    "performances": {"part": 100, "absent_reason": 300, "decided_reason": 300},
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
    yield from _hall_faults(sitting)
    yield from _paper_faults(sitting)
    yield from rows_of("late", (not _is_late(line) for line in sitting.late))
    reasons = set(AbsenceReason)
    yield from rows_of("cells", (line.reason not in reasons for line in sitting.cells))
    yield from rows_of("incidents", (not _is_incident(line) for line in sitting.incidents))
    yield from _stage_faults(sitting)


def _stage_faults(sitting: Sitting) -> Iterator[tuple[str, int | None]]:
    """Yield what does not fit together of a stage; each performance is judged by quiz.core.stage_merging."""
    if not staff_fit(sitting.staff):
        yield "staff", None
    if len(sitting.order) > 1 or bool(sitting.order) is not bool(sitting.turns):
        yield "order", None
    if (sitting.performances and not sitting.order) or not turns_fit(sitting.turns):
        yield "turns", None
    yield from rows_of(
        "performances", (not _is_short(sheet) for line in sitting.performances for sheet in line.sheets)
    )


def _is_short(sheet: SheetLine) -> bool:
    return len(sheet.note) <= 1_000 and all(len(change.reason) <= 300 for change in sheet.changes)


def _is_incident(line: IncidentLine) -> bool:
    fits = all(len(step.key) <= 40 and len(step.text) <= 1_000 and len(step.by) <= 200 for step in line.steps)
    is_told = (line.withdrawn_at is None) == (not line.withdrawn_reason)
    return fits and is_told and bool(line.key) and line.kind in set(IncidentKind)


def _hall_faults(sitting: Sitting) -> Iterator[tuple[str, int | None]]:
    halls, devices = ({line.ref for line in lines} for lines in (sitting.halls, sitting.devices))
    yield from rows_of("devices", (device.hall not in halls for device in sitting.devices))
    if len(devices) < len(sitting.devices):
        yield "devices", None
    yield from rows_of("seats", (not _is_seat(seat, devices) for seat in sitting.seats))
    yield from rows_of("grants", (not _is_grant(grant, halls) for grant in sitting.grants))


def _paper_faults(sitting: Sitting) -> Iterator[tuple[str, int | None]]:
    """Yield sheets that two people did not key, and that every attempt on paper has one, and no other."""
    yield from rows_of("papers", (not _is_keyed_twice(line) for line in sitting.papers))
    on_paper = [line.receipt_code for line in sitting.attempts if line.medium == Medium.PAPER]
    if sorted(on_paper) != sorted(line.receipt for line in sitting.papers):
        yield "papers", None


def _is_seat(seat: SeatLine, devices: set[int]) -> bool:
    return seat.device in devices and 0 < seat.sat_at <= seat.left_at and seat.left_because in set(Leaving)


def _is_keyed_twice(line: PaperLine) -> bool:
    """Tell whether two people keyed a sheet; what they keyed is held against the attempt when it is merged."""
    numbers = [keying.number for keying in line.keyings]
    named = all(0 < len(keying.by) <= LONGEST_NAME for keying in line.keyings)
    noted = {line.minutes, *(keying.minutes for keying in line.keyings)} - {None}
    timed = all(1 <= minutes <= LONGEST_MINUTES for minutes in noted if minutes is not None)
    places = [place for place, _ in line.decided]
    return numbers == [1, 2] and named and timed and len(set(places)) == len(places)


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
