"""Ten people of the board who watch a round while contestants save, asking for the changing part as its page does.

They come and go within one load: how the load's connections fell to the workers moves the saves of a window by more
than ten viewers do, and so is the same for what is compared.
"""

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

from bench import wrk
from bench.windows import Step, count
from bench.wrk import Load

VIEWERS = 10
EVERY = 5.0  # seconds, as in static/js/monitor.js
PATIENCE = 30
STRETCH = 5.0  # seconds: in each stretch with viewers every one of them asks once
RUN_UP = 5.0  # seconds of load before the first stretch: the first are faster than all later ones


@dataclass(slots=True)
class Board:
    """Who looks: the cookie of a staff sign-in, and the addresses they look at, in turn; counts what they got."""

    port: int
    cookie: str
    addresses: Sequence[str]
    answers: int = 0
    failed: int = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Let the viewers look while the block runs, the first at once and the others spread over the interval."""
        stop = threading.Event()
        viewers = [threading.Thread(target=self._look, args=(number, stop)) for number in range(VIEWERS)]
        for viewer in viewers:
            viewer.start()
        try:
            yield
        finally:
            stop.set()
            for viewer in viewers:
                viewer.join()

    def _look(self, number: int, stop: threading.Event) -> None:
        address = self.addresses[number % len(self.addresses)]
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        known = ""
        waiting = number * EVERY / VIEWERS
        while not stop.wait(waiting):
            waiting = EVERY
            headers = {"Cookie": self.cookie, "Accept-Encoding": "gzip"}
            try:
                line.request("GET", address, headers=headers | ({"If-None-Match": known} if known else {}))
                answer = line.getresponse()
                answer.read()
            except OSError:
                self.failed += 1
                line.close()
                continue
            known = answer.headers.get("ETag", known)
            self.answers += 1
            self.failed += answer.status not in (200, 304)
        line.close()


@dataclass(frozen=True, slots=True)
class Pair:
    """Saves a second in two stretches of one load that follow each other."""

    alone: float
    watched: float


@dataclass(slots=True)
class Visits:
    """Saves with and without viewers: the pairs, and the load in which they were seen with what it left stored."""

    pairs: list[Pair] = field(default_factory=list)
    load: Load | None = None
    written: int = 0

    @property
    def failed(self) -> int:
        """Return saves that were refused, got no answer, or were accepted without being stored."""
        load = self.load
        return 0 if load is None else load.refused + load.broken + max(0, load.accepted - self.written)


def visit(step: Step, board: Board, pairs: int, say: Callable[[str], None]) -> Visits:
    """Return what viewers cost the saves of a step: they look on in one stretch of each pair, the order in turns."""
    found, before = Visits(), count(step)

    def come_and_go() -> None:
        time.sleep(RUN_UP)
        for number in range(pairs):
            rates = {}
            for watched in (number % 2 == 1, number % 2 == 0):
                rates[watched] = _rate(step, board.watched() if watched else nullcontext())
            found.pairs.append(Pair(rates[False], rates[True]))
            say(f"save                  {rates[False]:>8.0f} /s  with 10 viewers {rates[True]:>8.0f} /s")

    seconds = round(RUN_UP + 2 * pairs * (STRETCH + 1))  # a second for each count
    found.load = wrk.load(step.server.port, step.file_for(seconds), seconds, False, come_and_go)
    step.server.settle()
    found.written = count(step) - before
    return found


def _rate(step: Step, visitors: AbstractContextManager[None]) -> float:
    with visitors:
        before, began = count(step), time.monotonic()
        time.sleep(STRETCH)
        return (count(step) - before) / (time.monotonic() - began)
