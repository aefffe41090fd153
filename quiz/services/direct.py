"""The driver's own connections, for the one path that is too hot for the ORM: each statement commits by itself.

They are prepared as the engine prepares its own, but kept outside its pool, so that taking one costs nothing.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event

from quiz.extensions import db

Run = Callable[[str, Sequence[Any]], list[Any]]


class Unavailable(Exception):
    """The database could not be reached or could not write; the same statement may be sent again."""


class Direct:
    """Idle driver connections of one database and how statements are written for it.

    Only statements that may safely run twice go through it: a lost connection is replaced and asked again once.
    """

    def __init__(self, engine: Engine) -> None:
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._error: type[Exception] = engine.dialect.loaded_dbapi.Error
        self._idle: deque[Any] = deque()
        # SQLite lets one writer through at a time and makes the others sleep and try again; a plain lock wakes the
        # next thread of this process at once.
        self._turn: AbstractContextManager[Any] = threading.Lock() if self.is_sqlite else nullcontext()
        self.mark = "?" if self.is_sqlite else "%s"
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def text(self, template: str) -> str:
        """Return a statement that has {mark} in place of each value as this driver writes it."""
        return template.format(mark=self.mark)

    def run(self, statement: str, values: Sequence[Any]) -> list[Any]:
        """Run one statement and return its rows; when it returns, what it wrote is on disk. Raise Unavailable."""
        for last_try in (False, True):
            connection = self._take()
            try:
                with self._turn:
                    rows: list[Any] = connection.execute(statement, values).fetchall()
            except self._error as error:
                lost = bool(getattr(connection, "closed", False))
                connection.close()
                if last_try or not lost:
                    raise Unavailable(str(error)) from error
                self.close()  # the server went away; the other connections are as dead
            else:
                self._idle.append(connection)
                return rows
        raise AssertionError("unreachable")

    def _take(self) -> Any:
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    def _connect(self) -> Any:
        try:
            pooled = db.engine.raw_connection()
        except self._error as error:
            raise Unavailable(str(error)) from error
        connection: Any = pooled.driver_connection
        pooled.detach()
        if not self.is_sqlite:
            connection.autocommit = True
        return connection

    def close(self) -> None:
        """Close every idle connection."""
        while self._idle:
            self._idle.pop().close()


_known: WeakKeyDictionary[Engine, Direct] = WeakKeyDictionary()


def direct() -> Direct:
    """Return the direct connections of the application's database."""
    found = _known.get(db.engine)
    return found if found is not None else _known.setdefault(db.engine, Direct(db.engine))


def in_session(statement: str, values: Sequence[Any]) -> list[Any]:
    """Run one statement on the connection of the session, as a part of its transaction."""
    rows: list[Any] = (
        db.session.connection().connection.driver_connection.execute(statement, values).fetchall()
    )
    return rows
