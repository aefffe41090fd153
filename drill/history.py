"""What the drill asked of the server and what it was told: one JSON line for each call and each outcome.

A call ends in one of three ways. "ok": the server acknowledged it. "fail": the server refused it. "unknown": no
answer came, so it may have taken effect or not. The checker compares these lines with the database afterwards.
"""

import json
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

OK, FAIL, UNKNOWN = "ok", "fail", "unknown"


def now() -> int:
    """Return the instant in milliseconds UTC, the unit of the server's own instants."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class Call:
    """What was sent and how it ended; `began` and `ended` in ms, `ended` None while no outcome is known."""

    call: int
    attempt: int
    began: int
    outcome: str = UNKNOWN
    ended: int | None = None
    status: int | None = None


@dataclass(slots=True)
class Save(Call):
    """One choice; `stamp` orders the choices of an attempt, None where the server gives it (the form posted whole).

    `delivered`: it came with the log of a device after the end.
    """

    position: int = 0
    choice: str = ""
    stamp: int | None = None
    delivered: bool = False


@dataclass(slots=True)
class HandIn(Call):
    """Handing an attempt in."""


@dataclass(slots=True)
class SheetCall:
    """A score sheet sent for a seat: "save" as it stood on the device, "submit", "key" from paper, or "correct".

    `marks` are hundredths by criterion; `stamp` numbers what scripts save, None where the server does.
    """

    call: int
    performance: int
    seat: int
    act: str
    marks: dict[str, int]
    began: int
    stamp: int | None = None
    by: str = ""
    reason: str = ""
    outcome: str = UNKNOWN
    ended: int | None = None
    status: int | None = None


@dataclass(slots=True)
class Log:
    """A history as read back."""

    saves: list[Save] = field(default_factory=list)
    hand_ins: list[HandIn] = field(default_factory=list)
    sheets: list[SheetCall] = field(default_factory=list)


class History:
    """Writes calls before they are sent and outcomes as they come, from many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("w", encoding="utf-8")
        self._lock = threading.Lock()
        self._calls = 0

    def begin_saves(
        self, attempt: int, choices: Iterable[tuple[int, str, int | None]], delivered: bool = False
    ) -> list[int]:
        """Write the call that sends (position, choice, stamp) of an attempt; return the number of each."""
        common = {"event": "save", "attempt": attempt, "delivered": delivered}
        return self._begin(
            common | {"position": position, "choice": choice, "stamp": stamp}
            for position, choice, stamp in choices
        )

    def begin_hand_in(self, attempt: int) -> list[int]:
        """Write the call that hands an attempt in; return its number."""
        return self._begin([{"event": "hand_in", "attempt": attempt}])

    def begin_sheet(
        self, place: tuple[int, int], act: str, marks: Mapping[str, int], by: str, **more: Any
    ) -> list[int]:
        """Write the call that sends a sheet of (performance, seat); `more`: its stamp or reason; return its number."""
        performance, seat = place
        event = {"event": "sheet", "performance": performance, "seat": seat, "act": act, "marks": dict(marks)}
        return self._begin([event | {"by": by} | more])

    def end(self, calls: Iterable[int], outcome: str, status: int | None = None) -> None:
        """Write how calls ended."""
        at = now()
        with self._lock:
            for call in calls:
                self._write({"event": outcome, "call": call, "ended": at, "status": status})

    def _begin(self, events: Iterable[dict[str, Any]]) -> list[int]:
        at = now()
        calls = []
        with self._lock:
            for event in events:
                self._calls += 1
                self._write(event | {"call": self._calls, "began": at})
                calls.append(self._calls)
        return calls

    def _write(self, event: dict[str, Any]) -> None:
        self._file.write(json.dumps(event) + "\n")

    def close(self) -> None:
        """Finish the file."""
        with self._lock:
            self._file.close()


def together(*logs: Log) -> Log:
    """Return several histories as one."""
    return Log(
        [save for log in logs for save in log.saves],
        [call for log in logs for call in log.hand_ins],
        [call for log in logs for call in log.sheets],
    )


def renumbered(log: Log, attempts: Mapping[int, int]) -> Log:
    """Return a history as another database numbers its attempts; one that is not there gets a number nobody has."""

    def move(call: Any) -> Any:
        return replace(call, attempt=attempts.get(call.attempt, -call.attempt))

    return Log([move(save) for save in log.saves], [move(call) for call in log.hand_ins], log.sheets)


def read(lines: Iterable[str]) -> Log:
    """Return the calls of a history; one without an outcome stays unknown."""
    log = Log()
    calls: dict[int, Call | SheetCall] = {}
    for line in lines:
        data = json.loads(line)
        event = data.pop("event")
        if event == "save":
            log.saves.append(Save(**data))
            calls[data["call"]] = log.saves[-1]
        elif event == "hand_in":
            log.hand_ins.append(HandIn(**data))
            calls[data["call"]] = log.hand_ins[-1]
        elif event == "sheet":
            log.sheets.append(SheetCall(**data))
            calls[data["call"]] = log.sheets[-1]
        else:
            call = calls[data["call"]]
            call.outcome, call.ended, call.status = event, data["ended"], data["status"]
    return log
