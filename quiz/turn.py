"""The turn to write to one SQLite file: one thread of one process at a time, and the next in line is woken at once.

SQLite lets one writer through and makes the others sleep and try again, up to a tenth of a second at a time. Here they
wait instead: threads of a process for a lock in memory, processes for a lock on a small file beside the database, which
the system gives back when a process is killed. The turn only spares that sleep. Who does not get it, because it was
asked for a second time by the thread that has it or it took too long, is kept out of the way by SQLite itself.
"""

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path

PATIENCE = 15.0  # seconds a thread waits for the others of its process


class Turn:
    """The turn to write to the database file at `path`."""

    def __init__(self, path: str) -> None:
        self._path = f"{path}-turn"
        self._lock = threading.Lock()
        self._holder = 0
        self._file: int | None = None

    def take(self, patience: float = PATIENCE) -> bool:
        """Wait for the turn and return True; False when this thread has it already or waited too long."""
        if self._holder == threading.get_ident() or not self._lock.acquire(timeout=patience):
            return False
        self._holder = threading.get_ident()
        with suppress(OSError):  # where files have no locks, SQLite's own are enough
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
        return True

    def give_back(self) -> None:
        """Let the next in line write; only for whoever has the turn."""
        with suppress(OSError):
            if self._file is not None:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        self._holder = 0
        self._lock.release()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


_turns: dict[str, Turn] = {}
_one_at_a_time = threading.Lock()


def turn_to(path: str) -> Turn:
    """Return the turn of this process to the database file at `path`, the same one for the same file."""
    name = str(Path(path).resolve())
    with _one_at_a_time:
        return _turns.setdefault(name, Turn(name))
