"""Statements of the session without the ORM, for the few that a whole hall sends within a minute."""

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from quiz.extensions import db


class Prepared:
    """A statement that is written out once for each database.

    It runs on the connection of the session, as a part of its transaction, and sees what has been flushed. Its rows
    are plain tuples: nothing is loaded as an object, and a column comes as the driver gives it. `columns` are those an
    insert is given values for.
    """

    def __init__(self, statement: Executable, columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._written: WeakKeyDictionary[Dialect, _Written] = WeakKeyDictionary()

    def rows(self, **values: Any) -> list[Any]:
        """Run the statement with these values and return its rows."""
        connection = db.session.connection()
        written = self._written.get(connection.dialect)
        if written is None:
            written = _Written(self._statement, self._columns, connection.dialect)
            self._written[connection.dialect] = written
        found = connection.exec_driver_sql(written.text, written.filled(values))
        return list(found) if found.returns_rows else []

    def first(self, **values: Any) -> Any:
        """Return the first row, or None."""
        found = self.rows(**values)
        return found[0] if found else None


class _Written:
    """The text of a statement in one dialect, and how its values are handed over."""

    def __init__(self, statement: Any, columns: Sequence[str] | None, dialect: Dialect) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=columns)
        self.text = str(compiled)
        self._order = compiled.positiontup
        self._known = compiled.params
        self._adapt = {
            name: adapt
            for name, bind in compiled.binds.items()
            if (adapt := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }

    def filled(self, values: Mapping[str, Any]) -> Any:
        """Return the values as the driver takes them: in order, or by name."""
        given = {**self._known, **values}
        for name, adapt in self._adapt.items():
            given[name] = adapt(given[name])
        return given if self._order is None else tuple(given[name] for name in self._order)
