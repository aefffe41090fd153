"""A stage as the database would hold it, with what the judges' browsers were told, for the tests of its checks."""

import hashlib
from typing import Any

from drill.history import OK, Log, SheetCall
from drill.scorer import marks_of, standings
from drill.sheet_checker import Expected
from drill.staged import Draw, Performance, Seat, Sheet
from drill.stored import Edition, Result, Stored
from tests.drill.worlds import START, make_rules, make_world

MINUTE = 60_000
SEED = "2 5 8"
JUDGES = 5
SIGNED = {"checked_at": START, "checked_by": 90, "signed_at": START, "signed_by": 1}


def make_part(name: str, points: int, weight: int, minutes: int = 5, **judging: Any) -> dict[str, Any]:
    """Return a judged part as the rules keep it: one criterion, five judges, extremes dropped, steps over time."""
    usual = {
        "criteria": [{"name": "Nội dung", "max_points": points, "step": 25}],
        "judges": JUDGES, "averaging": "drop_extremes", "drop_from": 5, "gap": 0, "on_gap": "notice",
        "missing": "wait", "over_time": {"rule": "steps", "steps": [[1, 25], [60, 50]], "per_minute": 100},
        "decimals": 2,
    }  # fmt: skip
    return {
        "name": name, "kind": "judged", "max_points": points, "weight": weight, "minutes": minutes,
        "judging": usual | judging,
    }  # fmt: skip


ONLINE = {"name": "Trắc nghiệm", "kind": "online", "max_points": 0, "weight": 40, "minutes": 0}
STAGE = make_part("Tình huống", 6000, 60)


def make_performance(key: int, entry: int, part: str = "Tình huống", **fields: Any) -> Performance:
    """Return a performance of four minutes, checked and signed."""
    usual = {
        "id": key, "round": 1, "part": part, "entry": entry, "session": 1, "place": entry, "drawn": entry,
        "started_at": START, "running_since": None, "used": 4 * MINUTE, "absent": "", "decided": None,
    }  # fmt: skip
    return Performance(**usual | SIGNED | fields)


def make_stage(marks: list[list[int]], right: list[int] | None = None, **rules: Any) -> Stored:
    """Return a round at 40 % online and 60 % stage; `marks` are what each contestant got, hundredths from seat 1."""
    stored = make_world(right or [5] * len(marks), **rules)
    paper = {"parts": [ONLINE, STAGE], "blueprint": [{"topic": "a", "level": "", "count": 10}]}
    stored.rules[1] |= paper | {"tie_breaks": ["part:Tình huống", "apply_points"]} | rules
    stored.rules[2] = make_rules()
    for seat in range(1, JUDGES + 1):
        stored.staged.seats.append(Seat(1, "Tình huống", "", seat, seat, seat == 1))
    turns = sorted(range(1, len(marks) + 1), key=_lot)
    stored.staged.draws[1] = Draw(1, SEED, 1, START)
    for key, given in enumerate(marks, start=1):
        drawn = turns.index(key) + 1
        stored.staged.performances[key] = make_performance(key, key, place=drawn, drawn=drawn)
        for seat, points in enumerate(given, start=1):
            add_sheet(stored, key, seat, points)
    return stored


def _lot(entry: int) -> str:
    return hashlib.sha256(f"{SEED}::{entry}".encode()).hexdigest()


def add_sheet(stored: Stored, performance: int, seat: int, points: int) -> None:
    """Add a sheet handed in."""
    key = len(stored.staged.sheets) + 1
    stored.staged.sheets.append(
        Sheet(key, performance, seat, seat, {"Nội dung": points}, 7, START, None)
    )  # fmt: skip


def publish_stage(stored: Stored, kind: str = "final") -> Edition:
    """Publish the ranking of round 1 as the scorer gives it, and return the edition."""
    edition = Edition(len(stored.editions) + 1, 1, len(stored.editions) + 1, kind)
    stored.editions[edition.id] = edition
    lines = sorted(standings(stored.rounds[1], marks_of(stored), stored), key=lambda line: line.rank)
    for position, line in enumerate(lines, start=1):
        attempt = line.mark.attempt
        stored.results.append(
            Result(
                len(stored.results) + 1, edition.id, position, line.rank, line.entry, attempt.id if attempt else None,
                line.scope, line.mark.total, (attempt.time_used if attempt else 0), line.explanation,
            )
        )  # fmt: skip
    return edition


def acknowledged(stored: Stored) -> Log:
    """Return a history in which every sheet was saved by a script, and handed in, as it is stored."""
    log = Log()
    for sheet in stored.staged.sheets:
        for act, stamp in (("save", sheet.stamp), ("submit", None)):
            log.sheets.append(
                SheetCall(
                    len(log.sheets) + 1, sheet.performance, sheet.seat, act, dict(sheet.marks), START, stamp,
                    f"gk{sheet.seat}", outcome=OK, ended=START, status=200,
                )
            )  # fmt: skip
    return log


def as_run(stored: Stored) -> Expected:
    """Return what the drill would have noted of a stage run as it is stored."""
    return Expected(times={one.id: one.used for one in stored.staged.performances.values()})
