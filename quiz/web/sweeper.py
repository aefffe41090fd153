"""Closing attempts at their deadline, browser or no browser, keeping the figures of a freeze, and counting rounds that
are over: a quiet thread in each worker.

Workers need not agree who does it: the hand-in itself takes effect once, and an attempt another one is closing is
passed over. Looking first and writing only when something is due keeps an idle server from ever writing.
"""

from flask import Flask

from quiz import clock
from quiz.database import reading
from quiz.extensions import db
from quiz.services import attempts, audit_seals, projections, statistics
from quiz.web import daily_backups, sightings
from quiz.web.repeated import Repeated

INTERVAL = 2.0  # seconds
COUNT_EVERY = 30  # sweeps
BACKUP_EVERY = 450  # sweeps
SEAL_EVERY = 60  # sweeps
AT_ONCE = 20  # attempts a transaction closes, so that saves never wait long


class Sweeper(Repeated):
    """Closes due attempts, and now and then does the rest; a sweep that failed is done again."""

    sweeps = 0

    def once(self) -> None:
        """Sweep."""
        sweep(self.app)
        freeze_screens(self.app)
        sightings.write(self.app)
        if self.sweeps % COUNT_EVERY == 0:
            count_round(self.app)
        if self.sweeps % SEAL_EVERY == SEAL_EVERY - 1:
            seal_acts(self.app)
        if self.sweeps % BACKUP_EVERY == BACKUP_EVERY - 1:
            daily_backups.make_if_due(self.app)
        self.sweeps += 1


def start(app: Flask, interval: float = INTERVAL) -> Sweeper:
    """Start the sweeper of this process and return it."""
    sweeper = Sweeper(app, "sweeper", interval)
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
        with reading():
            is_due = bool(projections.due_to_freeze(clock.now()))
        if not is_due:
            return 0
        frozen = projections.freeze_due(clock.now())
        db.session.commit()
        return frozen


def seal_acts(app: Flask) -> bool:
    """Seal the acts that have rested long enough, and tell whether there were any."""
    with app.app_context():
        with reading():
            is_due = audit_seals.is_due(clock.now())
        if not is_due:
            return False
        audit_seals.seal(clock.now())
        db.session.commit()
        return True


def count_round(app: Flask) -> int:
    """Count how the items of one round that is over did, if there is one, and return how many items they were.

    Everything is read first; the turn to write is held only to store the sums.
    """
    with app.app_context():
        with reading():
            gathered = _gather_next()
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
    with reading():
        return attempts.is_any_due(clock.now())
