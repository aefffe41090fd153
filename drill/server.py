"""The real server, as an operator starts it, on scratch data: prepared by its commands, served by gunicorn."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
READY = 180  # seconds a start may take, on a machine ten times slower than ours and busy besides


class Server:
    """gunicorn with several workers on a free port of this machine; its words go to `log`."""

    def __init__(self, folder: Path, database_url: str, workers: int) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        self.port = _free_port()
        self.killed = 0
        self._database_url = database_url
        self._workers = workers
        self._master: subprocess.Popen[bytes] | None = None

    @property
    def database(self) -> str:
        """Return where the database is: a PostgreSQL address or the path of the SQLite file."""
        return self._database_url or str(self.folder / "quiz.db")

    def command(self, *words: str) -> str:
        """Run `flask --app app …` on this server's data and return what it printed; raise RuntimeError if it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=ROOT, env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Start the server and wait until it is ready; raise RuntimeError with its log when it does not get so far."""
        with self.log.open("ab") as log:
            self._master = subprocess.Popen(
                # A worker that has not started after gunicorn's own timeout is killed: it has as long as the start has.
                [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "--timeout", str(READY), "app:app"],
                cwd=ROOT, env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + READY
        while not self._is_ready():
            if self._master.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the server and everything it started."""
        master, self._master = self._master, None
        if master is None:
            return
        master.terminate()
        with suppress(subprocess.TimeoutExpired):
            master.wait(timeout=40)
        with suppress(ProcessLookupError):
            os.killpg(master.pid, signal.SIGKILL)  # the session we made for it: no process but its own
        master.wait()

    def tail(self) -> str:
        """Return the last words of the server's log."""
        return self.log.read_text(errors="replace")[-6000:] if self.log.exists() else ""

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("QUIZ_")}
        inherited.pop("DATABASE_URL", None)
        given = {
            "QUIZ_ENVIRONMENT": "demo",
            "QUIZ_DATA_DIR": str(self.folder),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "WORKERS": str(self._workers),
        }
        return inherited | given | ({"DATABASE_URL": self._database_url} if self._database_url else {})

    # --- killing workers ------------------------------------------------------------------------------------------

    def kill_one(self, chance: random.Random) -> bool:
        """Kill a worker that has had time to start, with SIGKILL; tell whether there was one."""
        if self._master is None:
            return False
        grown = [child for child in psutil.Process(self._master.pid).children() if _age(child) > 2]
        if not grown:
            return False
        try:
            chance.choice(grown).kill()
        except psutil.NoSuchProcess:
            return False
        self.killed += 1
        return True

    @contextmanager
    def losing_workers(self, count: int, every: float, seed: str) -> Iterator[None]:
        """Kill `count` workers one by one, about `every` seconds, while the block runs."""
        over = threading.Event()
        killer = threading.Thread(
            target=self._kill, args=(count, every, random.Random(seed), over), daemon=True
        )
        killer.start()
        try:
            yield
        finally:
            over.set()
            killer.join(timeout=60)

    def _kill(self, count: int, every: float, chance: random.Random, over: threading.Event) -> None:
        wanted = self.killed + count
        while self.killed < wanted and not over.wait(every * chance.uniform(0.5, 1.5)):
            while not self.kill_one(chance):
                if over.wait(0.1):
                    return


def _age(process: psutil.Process) -> float:
    try:
        return time.time() - float(process.create_time())
    except psutil.NoSuchProcess:
        return 0.0


def _free_port() -> int:
    """Return a port nobody listens on, below those the system gives to connections: a start takes seconds, in which
    such a one may go to somebody else. The system's own chance: tests of several processes begin with one seed."""
    chance = random.SystemRandom()
    while True:
        port = chance.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
