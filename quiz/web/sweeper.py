"""Closing attempts at their deadline, browser or no browser, keeping the figures of a freeze, and counting rounds that
are over: a quiet thread in each worker.

Workers need not agree who does it: the hand-in itself takes effect once, and an attempt another one is closing is
passed over. Looking first and writing only when something is due keeps an idle server from ever writing.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

from flask import Flask

from quiz import clock
from quiz.database import reads_only
from quiz.extensions import db
from quiz.services import attempts, audit_seals, projections, statistics
from quiz.web import daily_backups, sightings

Found = TypeVar("Found")

INTERVAL = 2.0  # seconds
COUNT_EVERY = 30  # sweeps
BACKUP_EVERY = 450  # sweeps
SEAL_EVERY = 60  # sweeps
AT_ONCE = 20  # attempts a transaction closes, so that saves never wait long


class Sweeper(threading.Thread):
    """Closes due attempts every INTERVAL seconds until it is stopped or the process ends."""

    def __init__(self, app: Flask, interval: float = INTERVAL) -> None:
        super().__init__(name="sweeper", daemon=True)
        self._app = app
        self._interval = interval
        self._stopped = threading.Event()

    def run(self) -> None:
        """Sweep, now and then count, wait, and again; a fault is logged and never ends it."""
        sweeps = 0
        while not self._stopped.wait(self._interval):
            try:
                sweep(self._app)
                freeze_screens(self._app)
                sightings.write(self._app)
                if sweeps % COUNT_EVERY == 0:
                    count_round(self._app)
                if sweeps % SEAL_EVERY == SEAL_EVERY - 1:
                    seal_acts(self._app)
                if sweeps % BACKUP_EVERY == BACKUP_EVERY - 1:
                    daily_backups.make_if_due(self._app)
                sweeps += 1
            except Exception:  # whatever went wrong now may be well in two seconds
                self._app.logger.exception("closing due attempts failed")

    def stop(self) -> None:
        """End after the sweep under way."""
        self._stopped.set()
        self.join()


def start(app: Flask, interval: float = INTERVAL) -> Sweeper:
    """Start the sweeper of this process and return it."""
    sweeper = Sweeper(app, interval)
    sweeper.start()
    return sweeper


def sweep(app: Flask) -> int:
    """Close every attempt that is due now and return how many; a few in each transaction."""
    closed = 0
    with app.app_context():
        while _is_any_due():
            now_closed = attempts.close_due(clock.now(), limit=AT_ONCE)
            db.session.commit()
            closed += now_closed
            if not now_closed:  # another worker has them
                break
    return closed


def freeze_screens(app: Flask) -> int:
    """Keep the figures of the halls' screens whose freeze has come, and return how many screens those were."""
    with app.app_context():
        if not _only_reading(lambda: projections.due_to_freeze(clock.now())):
            return 0
        frozen = projections.freeze_due(clock.now())
        db.session.commit()
        return frozen


def seal_acts(app: Flask) -> bool:
    """Seal the acts that have rested long enough, and tell whether there were any."""
    with app.app_context():
        if not _only_reading(lambda: audit_seals.is_due(clock.now())):
            return False
        audit_seals.seal(clock.now())
        db.session.commit()
        return True


def count_round(app: Flask) -> int:
    """Count how the items of one round that is over did, if there is one, and return how many items they were.

    Everything is read first; the turn to write is held only to store the sums.
    """
    with app.app_context():
        gathered = _only_reading(_gather_next)
        if gathered is None:
            return 0
        waiting = statistics.next_uncounted(clock.now())  # another worker may have counted it meanwhile
        is_same = waiting is not None and waiting.id == gathered[0]
        counted = statistics.store(waiting, gathered[1], clock.now()) if waiting and is_same else 0
        db.session.commit()
        return counted


def _gather_next() -> tuple[int, statistics.Gathered] | None:
    waiting = statistics.next_uncounted(clock.now())
    return (waiting.id, statistics.gather(waiting)) if waiting is not None else None


def _is_any_due() -> bool:
    return _only_reading(lambda: attempts.is_any_due(clock.now()))


def _only_reading(look: Callable[[], Found]) -> Found:
    token = reads_only.set(True)
    try:
        return look()
    finally:
        db.session.rollback()
        reads_only.reset(token)
