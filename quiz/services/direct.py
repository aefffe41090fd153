"""The driver's own connections, for the few paths that are too hot for the ORM: what is written commits by itself.

They are prepared as the engine prepares its own, but kept outside its pool, so that taking one costs nothing.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event

from quiz.extensions import db
from quiz.services.turns import Statement, Turns
from quiz.turn import turn_to

Run = Callable[[str, Sequence[Any]], list[Any]]


class Unavailable(Exception):
    """The database could not be reached or could not write; the same statement may be sent again."""


class Direct:
    """Idle driver connections of one database and how statements are written for it.

    Only what may safely run twice goes through it, or cannot run twice: a lost connection is replaced and asked again
    once.
    """

    def __init__(self, engine: Engine) -> None:
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.mark = "?" if self.is_sqlite else "%s"
        self._error: type[Exception] = engine.dialect.loaded_dbapi.Error
        self._idle: deque[Any] = deque()
        # PostgreSQL lets its writers share commits by itself.
        turn = turn_to(engine.url.database or ":memory:") if self.is_sqlite else None
        self._turns = Turns(turn, self._take, self._give_back) if turn else None
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def text(self, template: str) -> str:
        """Return a statement that has {mark} in place of each value as this driver writes it."""
        return template.format(mark=self.mark)

    def write(self, text: str, values: Sequence[Any]) -> list[Any]:
        """Run a statement that writes and return its rows; when it returns, it is on disk. Raise Unavailable."""
        return self.write_all(Statement(text, values))

    def write_all(self, *statements: Statement) -> list[Any]:
        """Run statements that belong together and return the rows of the last; when it returns, all are on disk.

        Raise Unavailable, with none of them stored.
        """
        if self._turns is None:
            return self._try_twice(*statements)
        try:
            return self._turns.write(*statements)
        except self._error as error:
            raise Unavailable(str(error)) from error

    def run(self, text: str, values: Sequence[Any]) -> list[Any]:
        """Run one statement, which commits by itself, and return its rows; raise Unavailable."""
        return self._try_twice(Statement(text, values))

    def _try_twice(self, *statements: Statement) -> list[Any]:
        for last_try in (False, True):
            connection = self._take()
            try:
                rows = _run(connection, statements)
            except self._error as error:
                # One that gave no answer in time (quiz/postgres.py) is closed too, but nobody waits that long twice.
                lost = getattr(connection, "closed", False) and not getattr(connection, "was_silent", False)
                self._give_back(connection, is_sound=False)
                if last_try or not lost:
                    raise Unavailable(str(error)) from error
                self.close()  # the server went away; the other connections are as dead
            else:
                self._give_back(connection, is_sound=True)
                return rows
        raise AssertionError("unreachable")

    def _take(self) -> Any:
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    def _give_back(self, connection: Any, is_sound: bool) -> None:
        if is_sound:
            self._idle.append(connection)
        else:
            connection.close()

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


def _run(connection: Any, statements: Sequence[Statement]) -> list[Any]:
    """Return the rows of the last statement; several are run in one transaction, which only PostgreSQL is asked for."""
    rows: list[Any] = []
    with connection.transaction() if len(statements) > 1 else nullcontext():
        for text, values in statements:
            found = connection.execute(text, values)
            rows = found.fetchall() if found.description else []
    return rows


_known: WeakKeyDictionary[Engine, Direct] = WeakKeyDictionary()


def direct() -> Direct:
    """Return the direct connections of the application's database."""
    found = _known.get(db.engine)
    return found if found is not None else _known.setdefault(db.engine, Direct(db.engine))


def in_session(statement: str, values: Sequence[Any]) -> list[Any]:
    """Run one statement on the connection of the session, as a part of its transaction."""
    found = db.session.connection().connection.driver_connection.execute(statement, values)
    return found.fetchall() if found.description else []
