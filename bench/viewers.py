"""Ten people of the board who watch a round while contestants save, asking for the changing part as its page does."""

import http.client
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

VIEWERS = 10
EVERY = 5.0  # seconds, as in static/js/monitor.js
PATIENCE = 30


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
