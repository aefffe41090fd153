"""Connections to PostgreSQL that are waited for no longer than whoever asks can wait (decision 37).

A server that is frozen, or a machine that lost its power, closes no connection: without a limit of its own a request
would wait until the browser gives up, and hold its thread meanwhile.
"""

from contextlib import suppress
from typing import Any

import psycopg
from psycopg.errors import (
    _WaitTimeout as WaitTimeout,
)  # documented with Connection.wait, without another name

from quiz.database import patience

CONNECT = 3  # s a request waits for a new connection
CONNECT_UNHURRIED = 30  # s threads and commands wait for one
CANCEL = 1.0  # s the server has to take back a statement nobody waits for any more
# A machine that is gone, not frozen, answers none of the system's own questions: then threads and commands let go too.
LIVELINESS = {
    "keepalives": 1,
    "keepalives_idle": 15,  # s without a word until the system asks
    "keepalives_interval": 5,  # s until it asks again
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # ms until what was sent has to have arrived
}


class Silent(psycopg.OperationalError):
    """The database did not answer in time; whether it has done what was asked is not known."""


class Connection(psycopg.Connection[Any]):
    """A connection that is closed where an answer takes longer than `quiz.database.patience`; raises Silent."""

    was_silent = False

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Return what the server answers; every statement, commit and rollback passes here."""
        try:
            return super().wait(gen, interval, patience.get() if timeout is None else timeout)
        except WaitTimeout as late:
            if timeout is not None:  # psycopg's own, which it handles
                raise
            self.was_silent = True
            with suppress(psycopg.Error):  # who only worked long, or stood in line for a lock, is to stop
                self.cancel_safe(timeout=CANCEL)
            self.close()  # an answer that still comes must not be taken for that of the next statement
            raise Silent("no answer in time") from late


def connect(_dialect: Any, _record: Any, given: list[Any], named: dict[str, Any]) -> Connection:
    """Return a new connection, made as SQLAlchemy says (the address goes first); raise psycopg.OperationalError."""
    waits = CONNECT if patience.get() is not None else CONNECT_UNHURRIED
    return Connection.connect(*given, **{"connect_timeout": waits} | LIVELINESS | named)
