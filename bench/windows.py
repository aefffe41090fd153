"""Windows of load, one after the other on a quiet server, each checked against what the database then holds."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Select, func, select

from bench import wrk
from bench.servers import BenchServer
from bench.wrk import Load
from quiz.extensions import db
from quiz.models import Attempt, AuthSession, Response

UNEVEN = 0.1  # a worker that holds less than this share of what the fullest one holds was passed over
TRIES = 2  # windows until one has its connections spread

SAVES = select(func.coalesce(func.sum(Response.saves), 0))
SESSIONS = select(func.count(AuthSession.id))
ATTEMPTS = select(func.count(Attempt.id))
SUBMITTED = select(func.count(Attempt.id)).where(Attempt.submitted_at.is_not(None))


@dataclass(frozen=True, slots=True)
class Window:
    """One window: its load, the rows the database counts more, and each worker's connections and CPU seconds."""

    load: Load
    written: int | None
    held: tuple[int, ...]
    cpu: tuple[float, ...]

    @property
    def is_even(self) -> bool:
        """Tell whether each worker had its part: now and then one accepts nearly all kept-alive connections."""
        return min(self.held) >= UNEVEN * max(self.held)

    @property
    def is_sound(self) -> bool:
        """Tell whether the window shows what the server does: an even one with requests to the end."""
        return self.is_even and not self.load.ran_out

    @property
    def failed(self) -> int:
        """Return requests that were refused, got no answer, or were accepted without being stored."""
        lost = 0 if self.written is None else max(0, self.load.accepted - self.written)
        return self.load.refused + self.load.broken + lost


@dataclass(slots=True)
class Step:
    """One thing the bench measures: where its requests go, how they are made, and what proves that they acted.

    `per_second` is how many requests a second may take where each can be used only once; 0: they may be repeated.
    """

    name: str
    server: BenchServer
    requests: Iterable[bytes]
    proof: Select[tuple[int]] | None = None
    per_second: int = 0
    windows: list[Window] = field(default_factory=list)
    _file: Path | None = None
    _waiting: list[bytes] = field(default_factory=list)

    def file_for(self, seconds: int) -> Path:
        """Return the file of requests for a window of so many seconds."""
        if self._file is None:
            self._waiting = list(self.requests)
            self._file = wrk.write(
                self._waiting, self.server.folder / f"{self.name.replace(' ', '-')}.requests"
            )
        elif self.per_second:
            wrk.write(self._waiting[: self.per_second * seconds], self._file)
        return self._file

    def used(self, count: int) -> None:
        """Never send the first `count` requests again where each can be used only once."""
        if self.per_second:
            self._waiting = self._waiting[count:]


def measure(step: Step, seconds: int, say: Callable[[str], None]) -> None:
    """Add one window to a step; one that left a worker without connections is tried again and at last kept marked."""
    for _ in range(TRIES):
        window = look(step, seconds)
        say(_line(step, window))
        if window.is_even or window.load.ran_out:
            break
    step.windows.append(window)


def beside(
    step: Step, base: Step, pairs: int, seconds: int, say: Callable[[str], None]
) -> list[tuple[Window, Window]]:
    """Return windows of a step, each with one of what it is compared with just before or just after it, in turns.

    Other windows lie between the two in a round, and in those seconds a machine that is not alone may change its pace.
    """
    found = []
    for number in range(pairs):
        one: dict[str, Window] = {}
        for who in (step, base) if number % 2 else (base, step):
            one[who.name] = look(who, seconds)
            say(_line(who, one[who.name]))
        found.append((one[step.name], one[base.name]))
    return found


def look(step: Step, seconds: int) -> Window:
    """Run one window and return it, without adding it to the step."""
    before, spent = count(step), step.server.cpu()
    held: list[int] = []

    def count_connections() -> None:
        time.sleep(seconds / 2)
        held.extend(step.server.connections())

    load = wrk.load(step.server.port, step.file_for(seconds), seconds, step.per_second > 0, count_connections)
    cpu = tuple(now - spent.get(worker, 0.0) for worker, now in step.server.cpu().items())
    step.used(load.sent)
    step.server.settle()
    written = None if step.proof is None else count(step) - before
    return Window(load, written, tuple(held), cpu)


def count(step: Step) -> int:
    """Return how many rows of what a step writes the database holds; 0 for one that writes nothing."""
    if step.proof is None:
        return 0
    with db.engine.connect() as connection:
        return int(connection.scalar(step.proof) or 0)


def _line(step: Step, window: Window) -> str:
    load = window.load
    workers = "  ".join(f"{held}: {spent:.2f}" for held, spent in zip(window.held, window.cpu, strict=True))
    notes = "" if window.is_even else "  uneven"
    notes += "  requests ran out" if load.ran_out else ""
    notes += f"  {window.failed} failed" if window.failed else ""
    return f"{step.name:<22}{load.rate:>8.0f} /s  p50 {load.p50:>7.1f}  p99 {load.p99:>7.1f} ms  [{workers} s]{notes}"
