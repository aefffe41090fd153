"""How both databases are spoken to: durable, with foreign keys, and with writers that queue instead of failing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from quiz.settings import Settings, SettingsError, make_folder
from quiz.turn import Turn, turn_to

SAFE_SQLITE = (
    3,
    51,
    3,
)  # earlier versions can damage a WAL database under several writers (fixed upstream 2026-03)
BUSY_TIMEOUT = 15_000  # ms a writer waits for its turn

# True while a request only reads: its transaction is then opened without the write lock.
reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)

HURRIED = 7.0  # s a contestant waits for a statement: in all less than the phone does (static/js/outbox.js)
UNHURRIED = 45.0  # s a member of staff waits for one

# How long whoever asks waits for one statement of PostgreSQL, s; None: threads and commands, as long as it takes.
patience: ContextVar[float | None] = ContextVar("patience", default=None)


def engine_options(settings: Settings) -> dict[str, Any]:
    """Return the options of the engine; raise SettingsError on a SQLite that may damage the file."""
    url = settings.sqlalchemy_url()
    if not url.startswith("sqlite"):
        return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}
    import pysqlite3.dbapi2 as driver

    if driver.sqlite_version_info < SAFE_SQLITE and not settings.allow_old_sqlite:
        raise SettingsError(
            f"SQLite {driver.sqlite_version} can damage the database when several workers write; install pysqlite3"
            " with SQLite 3.51.3 or newer"
        )
    connect_args = {"timeout": BUSY_TIMEOUT / 1000, "factory": _turn_taking(driver.Connection)}
    return {"module": driver, "pool_size": 20, "connect_args": connect_args}


def _turn_taking(base: type[Any]) -> type[Any]:
    """Return the driver's connection with a turn that it gives back at the end of its transaction."""

    class TurnTaking(base):  # type: ignore[misc]  # the driver is known only at run time
        turn: Turn | None = None

        def commit(self) -> None:
            super().commit()
            self.give_back()

        def rollback(self) -> None:
            try:
                super().rollback()
            finally:
                self.give_back()

        def close(self) -> None:
            try:
                super().close()
            finally:
                self.give_back()

        def give_back(self) -> None:
            turn, self.turn = self.turn, None
            if turn is not None:
                turn.give_back()

    return TurnTaking


def prepare(engine: Engine) -> None:
    """Attach what every connection of `engine` needs."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", partial(_sqlite_begin, turn_to(engine.url.database or ":memory:")))
    else:
        from quiz import postgres  # its driver is loaded only where it is used

        event.listen(engine, "do_connect", postgres.connect)


def prepare_connection(connection: Any) -> None:
    """Give a raw SQLite driver connection our pragmas: WAL, durable commits, foreign keys, own transactions."""
    connection.isolation_level = None  # the driver opens no transactions of its own; BEGIN is ours
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT}",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_connect(connection: Any, _record: Any) -> None:
    prepare_connection(connection)


def _sqlite_begin(turn: Turn, connection: Any) -> None:
    if reads_only.get() or connection.get_execution_options().get("reads_only"):
        connection.exec_driver_sql("BEGIN")
        return
    driver_connection = connection.connection.driver_connection
    driver_connection.turn = turn if turn.take() else None
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException:
        driver_connection.give_back()
        raise


@contextmanager
def reading() -> Iterator[None]:
    """Let nobody wait for what the block looks up: its transaction takes no write lock and ends with the block."""
    from quiz.extensions import db

    if reads_only.get():  # the request itself only reads
        yield
        return
    before = reads_only.set(True)
    try:
        yield
    finally:
        db.session.rollback()
        reads_only.reset(before)


def init_app(app: Flask, settings: Settings) -> None:
    """Configure the database of `app` and prepare its engine."""
    from quiz.extensions import db

    url = settings.sqlalchemy_url()
    if url.startswith("sqlite:///"):
        make_folder(settings.data_dir)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
