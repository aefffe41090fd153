"""gunicorn with the product's settings, serving the product or bare Flask, and what its workers spend."""

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from drill.server import READY, ROOT, Server

QUIET = 0.01  # CPU seconds all workers together may spend in 0.1 s and still count as idle


class BenchServer(Server):
    """The drill's server with any application and settings file; it also tells its workers' CPU time."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        workers: int,
        application: str,
        settings: str = "gunicorn.conf.py",
    ) -> None:
        super().__init__(folder, database_url, workers)
        self.log = folder / f"{application.split(':')[0]}-{workers}.log"
        self._application, self._settings = application, settings

    def start(self) -> None:
        """Start the server and wait until it is ready; raise RuntimeError with its log when it does not get so far."""
        with self.log.open("ab") as log:
            self._master = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", self._settings, self._application],
                cwd=ROOT, env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + READY
        while not (self._is_ready() and len(self.cpu()) == self._workers):
            if self._master.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start:\n{self.tail()}")
            time.sleep(0.1)

    def cpu(self) -> dict[int, float]:
        """Return the CPU seconds each worker has spent, by process."""
        spent: dict[int, float] = {}
        for worker in self._processes():
            with suppress(psutil.NoSuchProcess):
                times = worker.cpu_times()
                spent[worker.pid] = times.user + times.system
        return spent

    def connections(self) -> list[int]:
        """Return how many clients each worker holds now."""
        held = []
        for worker in self._processes():
            with suppress(psutil.NoSuchProcess):
                links = worker.net_connections("tcp")
                held.append(sum(link.status == psutil.CONN_ESTABLISHED for link in links))
        return held

    def _processes(self) -> list[psutil.Process]:
        return [] if self._master is None else psutil.Process(self._master.pid).children()

    def settle(self, most: float = 20) -> None:
        """Wait until the workers have answered what a window left behind, at most so many seconds."""
        until, quiet = time.monotonic() + most, 0
        while quiet < 2 and time.monotonic() < until:
            before = sum(self.cpu().values())
            time.sleep(0.1)
            quiet = quiet + 1 if sum(self.cpu().values()) - before <= QUIET else 0
