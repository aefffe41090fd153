"""Runs migrations in the application's own engine, on both databases alike."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from quiz.cli.group import explained

config = context.config
migrate = current_app.extensions["migrate"]
db = migrate.db


def run() -> None:
    """Apply the asked-for steps in one transaction each."""
    arguments = migrate.configure_args
    with _connected() as connection, _tables_may_be_remade(connection):
        context.configure(connection=connection, target_metadata=db.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()
            _refuse_lost_references(connection)


def _connected() -> Connection:
    try:
        return db.engine.connect()
    except OperationalError as fault:
        raise explained(fault) or fault from None


@contextmanager
def _tables_may_be_remade(connection: Connection) -> Iterator[None]:
    """Let SQLite drop a table others refer to, which is how it changes one; it listens only between transactions."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def _refuse_lost_references(connection: Connection) -> None:
    """Raise RuntimeError, so that nothing is committed, when a row refers to one that is not there."""
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if lost:
            raise RuntimeError(f"rows refer to rows that are gone: {lost[:10]}")


run()
