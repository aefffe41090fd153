"""Tables as they are at one moment, read while others go on writing, and filled again elsewhere, on either database.

Tables are known as the database has them, not as the models say, so that what an older version kept can be read.
"""

import base64
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    bindparam,
    func,
    inspect,
    select,
)
from sqlalchemy.exc import DataError, IntegrityError, StatementError

from quiz.core.archives import DAMAGED, Reference, filling_order
from quiz.core.errors import N_, RuleBroken
from quiz.extensions import db

AT_ONCE = 1_000  # rows
VERSIONS = "alembic_version"
# What is only on its way through this installation: files being uploaded, work being done.
PASSING = frozenset({"upload", "job"})
CLASH = N_(
    "Dữ liệu trong tệp không khớp với nhau ở phần “%(part)s” nên không phục hồi. Hãy lấy bản sao khác."
)

Rows = Iterator[list[Any]]


@contextmanager
def moment() -> Iterator[Connection]:
    """Yield a connection that sees the database as it is now, whatever is written meanwhile; nobody waits for it."""
    options = {"reads_only": True} if db.engine.dialect.name == "sqlite" else {}
    connection = db.engine.connect().execution_options(**options)
    if not options:
        connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with connection:
        connection.execute(select(1))
        yield connection


def tables_of(connection: Connection) -> MetaData:
    """Return the tables as the database has them."""
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=bool(column.nullable))
    return metadata


def schema_of(connection: Connection) -> str:
    """Return the migration the tables stand at, "" before the first."""
    if not inspect(connection).has_table(VERSIONS):
        return ""
    return str(connection.exec_driver_sql(f"SELECT version_num FROM {VERSIONS}").scalar() or "")  # noqa: S608


def references_of(metadata: MetaData) -> list[Reference]:
    """Return every column that names a row of another table."""
    return [
        Reference(table.name, key.parent.name, key.column.table.name, bool(key.parent.nullable))
        for table in metadata.tables.values()
        for key in table.foreign_keys
    ]


def order_of(metadata: MetaData) -> tuple[list[str], list[Reference]]:
    """Return the tables in the order they are filled, without those left out, and what is filled afterwards."""
    kept = [name for name in metadata.tables if name not in PASSING | {VERSIONS}]
    inside = [one for one in references_of(metadata) if one.table in kept and one.target in kept]
    return filling_order(kept, inside)


# --- reading ------------------------------------------------------------------------------------------------------


def columns_of(table: Table) -> list[str]:
    """Return the names of the columns in the order they are written."""
    return sorted(table.columns.keys())


def rows_of(connection: Connection, table: Table, *where: Any) -> Rows:
    """Yield the rows of a table in the order of its key, as plain values."""
    columns = [table.columns[name] for name in columns_of(table)]
    query = select(*columns).where(*where).order_by(*table.primary_key.columns)
    writers = [_plain(column) for column in columns]
    with connection.execute(query.execution_options(yield_per=AT_ONCE)) as found:
        for row in found:
            yield [None if value is None else write(value) for value, write in zip(row, writers, strict=True)]


def _plain(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, Date):
        return date.isoformat
    if isinstance(column.type, LargeBinary):
        return lambda value: base64.b64encode(value).decode()
    if isinstance(column.type, Boolean):
        return bool
    return lambda value: value


# --- filling ------------------------------------------------------------------------------------------------------


def empty(connection: Connection, metadata: MetaData) -> None:
    """Take every row out of every table."""
    order, later = order_of(metadata)
    for reference in later:
        if reference.table != reference.target:
            column = metadata.tables[reference.table].c[reference.column]
            connection.execute(column.table.update().where(column.is_not(None)).values({column: None}))
    for name in [*sorted(PASSING & metadata.tables.keys()), *reversed(order)]:
        connection.execute(metadata.tables[name].delete())


def fill(
    connection: Connection, metadata: MetaData, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]],
    later: Collection[Reference] = (),
) -> list[tuple[str, list[dict[str, Any]]]]:  # fmt: skip
    """Insert the rows of a table and return, by column, what its references to rows still missing are.

    A reference to a row of the same table that came before is filled at once: constraints look at it. Raise RuleBroken
    on a column or a value the table cannot have.
    """
    table = metadata.tables.get(name)
    if table is None or not set(columns) <= set(table.columns.keys()):
        raise RuleBroken(DAMAGED, part=name)
    readers = [_stored(table.columns[column], name) for column in columns]
    held_back = {one.column: one.target == name for one in later if one.table == name}
    waiting: dict[str, list[dict[str, Any]]] = {column: [] for column in held_back}
    there: set[Any] = set()
    for some in _batches(rows):
        ready = []
        for row in some:
            values = {column: read(value) for column, read, value in zip(columns, readers, row, strict=True)}
            for column, is_own in held_back.items():
                if (target := values.get(column)) is not None and not (is_own and target in there):
                    waiting[column].append(_keyed(table, values) | {"to_fill": target})
                    values[column] = None
            there.add(values.get("id"))
            ready.append(values)
        _guarded(name, lambda ready=ready: connection.execute(table.insert(), ready))  # type: ignore[misc]
    return [(column, found) for column, found in waiting.items() if found]


def fill_later(connection: Connection, table: Table, column: str, waiting: Sequence[dict[str, Any]]) -> None:
    """Fill the references that were held back until their rows were there."""
    keys = [key == bindparam(f"at_{key.name}") for key in table.primary_key.columns]
    statement = table.update().where(*keys).values({column: bindparam("to_fill")})
    for some in _batches(waiting):
        _guarded(table.name, lambda some=some: connection.execute(statement, some))  # type: ignore[misc]


def _keyed(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    return {f"at_{key.name}": values[key.name] for key in table.primary_key.columns}


def _guarded(name: str, act: Callable[[], Any]) -> None:
    try:
        act()
    except (IntegrityError, DataError, StatementError, OverflowError) as error:
        raise RuleBroken(CLASH, part=name) from error


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    some: list[Any] = []
    for row in rows:
        some.append(row)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _stored(column: Column[Any], part: str) -> Callable[[Any], Any]:
    """Return what turns a plain value into one of this column; it raises RuleBroken on one of another kind."""
    read = _reader(column)

    def stored(value: Any) -> Any:
        try:
            return None if value is None else read(value)
        except (ValueError, TypeError):
            raise RuleBroken(DAMAGED, part=part) from None

    return stored


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    kind = column.type
    if isinstance(kind, JSON):
        return lambda value: value
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, LargeBinary):
        return lambda value: base64.b64decode(value, validate=True)
    if isinstance(kind, Boolean):
        return lambda value: _of_kind(value, bool)
    if isinstance(kind, Integer):
        return _integer
    if isinstance(kind, Float):
        return _float
    return _text


def _of_kind(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeError
    return value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(1 << 63) <= value < 1 << 63:
        raise TypeError
    return value


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise TypeError
    return value


def go_on_counting(connection: Connection, metadata: MetaData) -> None:
    """Let PostgreSQL number new rows after the ones that were filled in; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.tables.values():
        key = list(table.primary_key.columns)
        if len(key) == 1 and isinstance(key[0].type, Integer):
            sequence = connection.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', key[0].name)))
            highest = connection.scalar(select(func.max(key[0])))
            if sequence is not None and highest is not None:
                connection.execute(select(func.setval(sequence, highest)))
