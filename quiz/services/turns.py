"""Writers of one SQLite file who are waiting for their turn share a commit.

Every commit waits for the disk. So whoever has the turn (quiz.turn) writes for all who are waiting in this process, in
one transaction.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from quiz.turn import Turn

Connect = Callable[[], Any]
GiveBack = Callable[[Any, bool], None]  # whether it can be used again


class Statement(NamedTuple):
    """A statement as the driver takes it: its text and a value for each mark in it."""

    text: str
    values: Sequence[Any]


class _Job:
    """What somebody waits for, stored whole or not at all: the rows of its last statement or its error in the end, and
    a lock that wakes the one who waits."""

    __slots__ = ("error", "is_done", "rows", "statements", "woken")

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        self.rows: list[Any] = []
        self.error: Exception | None = None
        self.is_done = False
        self.woken = threading.Lock()
        self.woken.acquire()


class Turns:
    """The queue of writers of this process to one database file."""

    def __init__(self, turn: Turn, take: Connect, give_back: GiveBack) -> None:
        self._turn = turn
        self._take = take
        self._give_back = give_back
        self._mutex = threading.Lock()
        self._queue: list[_Job] = []
        self._is_led = False

    def write(self, *statements: Statement) -> list[Any]:
        """Run statements that belong together and return the rows of the last once all are on disk; raise what the
        driver raised, with none of them stored."""
        job = _Job(statements)
        with self._mutex:
            self._queue.append(job)
            leads, self._is_led = not self._is_led, True
        if not leads:
            job.woken.acquire()
        if not job.is_done:
            self._lead()
        if job.error is not None:
            raise job.error
        return job.rows

    def _lead(self) -> None:
        """Write for everybody waiting, then hand the lead to whoever came meanwhile."""
        has_turn = self._turn.take()
        with self._mutex:
            jobs, self._queue = self._queue, []
        try:
            self._write_all(jobs)
        finally:
            if has_turn:
                self._turn.give_back()
            with self._mutex:
                heir = self._queue[0] if self._queue else None
                self._is_led = heir is not None
            for job in jobs:
                job.is_done = True
                job.woken.release()
            if heir is not None:
                heir.woken.release()

    def _write_all(self, jobs: list[_Job]) -> None:
        try:
            connection = self._take()
        except Exception as error:  # the same for everybody: nobody's statement was reached
            for job in jobs:
                job.error = error
            return
        if len(jobs) == 1 or not _try(connection, jobs):
            for job in jobs:
                _alone(connection, job)
        self._give_back(connection, all(job.error is None for job in jobs))


def _try(connection: Any, jobs: list[_Job]) -> bool:
    """Write the jobs in one transaction; False when one failed and so nothing is stored."""
    try:
        _in_transaction(connection, jobs)
    except Exception:
        return False
    return True


def _alone(connection: Any, job: _Job) -> None:
    try:
        if len(job.statements) == 1:  # it commits by itself
            job.rows = _run(connection, job)
        else:
            _in_transaction(connection, [job])
    except Exception as error:
        job.error = error


def _in_transaction(connection: Any, jobs: list[_Job]) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        results = [_run(connection, job) for job in jobs]
        connection.execute("COMMIT")
    except Exception:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    for job, rows in zip(jobs, results, strict=True):
        job.rows = rows


def _run(connection: Any, job: _Job) -> list[Any]:
    rows: list[Any] = []
    for text, values in job.statements:
        rows = connection.execute(text, values).fetchall()
    return rows
