"""The judges' sheets: what their browsers were told was kept, against the rows; and how the stage was run."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from drill.checker import Finding
from drill.history import FAIL, OK, Log, SheetCall
from drill.scorer import Mark, marks_of, standings
from drill.stage_scorer import earned_in, judged_parts
from drill.staged import Correction, Marks, Performance, Seat, Sheet, Typed
from drill.stored import Stored

LOST, ALTERED = "sheets_lost", "sheets_altered"
KINDS = (LOST, ALTERED)
SAVE, SUBMIT, KEY, CORRECT = "save", "submit", "key", "correct"
Found = Iterator[tuple[str, str]]


@dataclass(slots=True)
class Expected:
    """What the drill did on the stage: by performance the ms put down by hand, or (least, most) ms the clock ran."""

    times: dict[int, int] = field(default_factory=dict)
    clocked: dict[int, tuple[int, int]] = field(default_factory=dict)
    absent: set[int] = field(default_factory=set)
    reserves: set[tuple[str, str]] = field(default_factory=set)  # who moved up, by name and cell


def check(log: Log, stored: Stored) -> list[Finding]:
    """Return every sheet that is not as it was acknowledged, or that nobody sent."""
    calls: dict[tuple[int, int], list[SheetCall]] = defaultdict(list)
    for call in log.sheets:
        calls[call.performance, call.seat].append(call)
    rows: dict[tuple[int, int], list[Sheet]] = defaultdict(list)
    for sheet in stored.staged.sheets:
        rows[sheet.performance, sheet.seat].append(sheet)
    found = []
    for place in sorted(set(calls) | set(rows)):
        where = f"performance {place[0]}, seat {place[1]}"
        seen = _place_faults(calls[place], rows[place], stored)
        found += [Finding(kind, where, text) for kind, text in seen]
    return found


def _place_faults(calls: Sequence[SheetCall], rows: Sequence[Sheet], stored: Stored) -> Found:
    acknowledged = [call for call in calls if call.outcome == OK and call.marks]
    if not rows:
        if acknowledged:
            yield LOST, f"nothing stored, {acknowledged[-1].marks} was acknowledged"
        return
    if len(rows) > 1:
        yield ALTERED, f"{len(rows)} sheets"
    sheet = rows[0]
    sent = [call for call in calls if call.outcome != FAIL]
    corrections = [one for one in stored.staged.corrections if one.sheet == sheet.id]
    first = corrections[0].before if corrections else sheet.marks
    if sheet.keyed_by is not None:
        typed = [
            one
            for one in stored.staged.typed
            if (one.performance, one.seat) == (sheet.performance, sheet.seat)
        ]
        yield from _keyed_faults(sent, typed, first)
    else:
        yield from _judged_faults(sent, sheet, first)
    yield from _correction_faults(sent, corrections, sheet)


def _judged_faults(sent: Sequence[SheetCall], sheet: Sheet, first: Marks) -> Found:
    """Yield what is wrong with a sheet a judge filled in; `first` is as it stood before any correction."""
    handed_in = [call for call in sent if call.act == SUBMIT]
    saves = [call for call in sent if call.act == SAVE]
    newest = max((call.stamp or 0 for call in saves if call.outcome == OK), default=0)
    if sheet.submitted_at is None:
        if any(call.outcome == OK for call in handed_in):
            yield LOST, "it was handed in, and is not"
        if first and not any((call.stamp, call.marks) == (sheet.stamp, dict(first)) for call in saves):
            yield ALTERED, f"{first} ({sheet.stamp}) is stored, which was never sent or was refused"
    elif not any(call.marks == first for call in handed_in):
        yield ALTERED, f"{first} counts, which nobody handed in"
    if sheet.stamp < newest:
        yield LOST, f"stamp {sheet.stamp} is stored although {newest} was acknowledged"


def _keyed_faults(sent: Sequence[SheetCall], typed: Sequence[Typed], first: Marks) -> Found:
    """Yield what is wrong with a sheet typed from paper by two people."""
    last = {call.by: call.marks for call in sent if call.act == KEY and call.outcome == OK}
    if len({one.by for one in typed}) != 2 or len(typed) != 2:
        yield ALTERED, f"{len(typed)} keyings by {len({one.by for one in typed})} people"
    stored = sorted(sorted(one.marks.items()) for one in typed)
    if stored != sorted(sorted(marks.items()) for marks in last.values()):
        yield LOST, f"keyed were {list(last.values())}, {[one.marks for one in typed]} is stored"
    if any(one.marks != first for one in typed):
        yield ALTERED, f"{first} counts, which was not keyed twice"


def _correction_faults(sent: Sequence[SheetCall], rows: Sequence[Correction], sheet: Sheet) -> Found:
    calls = [call for call in sent if call.act == CORRECT]
    kept = [(dict(row.after), row.reason) for row in rows]
    for call in calls:
        if call.outcome == OK and (call.marks, call.reason) not in kept:
            yield LOST, f"the correction to {call.marks}"
    for after, reason in kept:
        if not any((call.marks, call.reason) == (after, reason) for call in calls):
            yield ALTERED, f"a correction to {after} that nobody made"
    chain = [row.after for row in rows[:-1]]
    if any(row.before != before for row, before in zip(rows[1:], chain, strict=True)):
        yield ALTERED, "the corrections do not follow one another"
    if rows and rows[-1].after != sheet.marks:
        yield ALTERED, f"{sheet.marks} stands, corrected was to {rows[-1].after}"


# --- how the stage was run ------------------------------------------------------------------------------------


def differences(stored: Stored, expected: Expected) -> list[str]:
    """Return what of the stage is otherwise than the drill ran it, or than the rules let it be run."""
    performances = [
        one
        for one in stored.staged.performances.values()
        if not stored.entries[one.entry].is_withdrawn
    ]  # fmt: skip
    return [
        *(text for one in performances for text in _performance_faults(one, stored, expected)),
        *_panel_faults(stored),
        *_reserve_faults(stored, expected),
    ]


def _performance_faults(one: Performance, stored: Stored, expected: Expected) -> Iterator[str]:
    where = f"performance {one.id} of {stored.entries[one.entry].name}"
    if one.signed_at is None or one.checked_at is None or one.signed_by == one.checked_by:
        yield f"{where}: not checked by one and signed by another"
    if one.running_since is not None:
        yield f"{where}: its clock still runs"
    if bool(one.absent) != (one.id in expected.absent):
        yield f"{where}: absent “{one.absent}”"
    least, most = expected.clocked.get(one.id, (0, 0))
    if one.id in expected.times:
        least = most = expected.times[one.id]
    if not least <= one.used <= most:
        yield f"{where}: {one.used} ms are on the clock, must be {least} to {most}"


def _panel_faults(stored: Stored) -> Iterator[str]:
    """Yield panels with too few judges, without one head, and sheets that none of their judges gave."""
    seats: dict[tuple[int, str], list[Seat]] = defaultdict(list)
    for seat in stored.staged.seats:
        seats[seat.round, seat.part].append(seat)
    for draw in stored.staged.draws.values():
        for part in judged_parts(stored.rules[stored.rounds[draw.round].stage]):
            held = seats[draw.round, part["name"]]
            wanted = (part.get("judging") or {}).get("judges", 3)
            if len({one.account for one in held}) != wanted or sum(one.is_head for one in held) != 1:
                yield f"round {draw.round}, {part['name']}: {len(held)} judges sit there"
    known = {(key, one.seat, one.account) for key, held in seats.items() for one in held}
    for sheet in stored.staged.sheets:
        one = stored.staged.performances[sheet.performance]
        if ((one.round, one.part), sheet.seat, sheet.account) not in known:
            yield f"performance {one.id}: a sheet of seat {sheet.seat} by somebody who does not sit there"


def _reserve_faults(stored: Stored, expected: Expected) -> Iterator[str]:
    entries = [stored.entries[one.entry] for one in stored.staged.successors]
    called = {(entry.name, entry.cell_name) for entry in entries}
    if called != expected.reserves:
        yield f"{called} moved up, must be {expected.reserves}"


# --- figures --------------------------------------------------------------------------------------------------


def figures(stored: Stored, log: Log) -> dict[str, Any]:
    """Return how much was judged, and how often what makes judging hard did occur."""
    rounds, marks = list(stored.staged.draws), marks_of(stored)
    earned = {key: one for each in rounds for key, one in earned_in(each, stored).items()}
    return {
        "judged_parts": len({(one.round, one.part) for one in stored.staged.performances.values()}),
        "judges": len({seat.account for seat in stored.staged.seats}),
        "sheets": sum(sheet.submitted_at is not None for sheet in stored.staged.sheets),
        "sheets_acknowledged": sum(call.outcome == OK for call in log.sheets),
        "over_times": sum(one.deducted > 0 for one in earned.values()),
        "sheet_corrections": len(stored.staged.corrections),
        "ranks_by_part": sum(_is_by_part(each, marks, stored) for each in rounds),
        "reserves_called": len(stored.staged.successors),
    }


def _is_by_part(round_id: int, marks: Mapping[int, Mark], stored: Stored) -> bool:
    """Tell whether in a round equal totals were told apart by a part."""
    lines = standings(stored.rounds[round_id], marks, stored)
    steps = [step for line in lines for step in line.explanation["decided_by"]]
    return any(step[0].startswith("part:") and step[2] + step[3] for step in steps)


def counts(found: Sequence[Finding]) -> Mapping[str, int]:
    """Return how many sheets were lost and how many altered."""
    seen = Counter(finding.kind for finding in found)
    return {kind: seen[kind] for kind in KINDS}
