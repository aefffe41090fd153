"""Applications and databases for tests: a migrated template is made once and copied for each test that commits."""

import fcntl
import gc
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app, g
from flask.testing import FlaskClient
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from psycopg import Connection, sql
from sqlalchemy import Dialect, Engine, create_engine, event
from sqlalchemy.util import LRUCache

from drill import postgres
from quiz import create_app, database
from quiz.cli.bank_check import read_files, shipped
from quiz.core.errors import Problem
from quiz.core.items import BankDraft
from quiz.extensions import db
from quiz.settings import Environment, Settings
from tests import factories

gc.disable()  # until all is collected, which takes a fifth longer with it: nothing of that is waste

pytest_plugins = ["tests.databases"]
DATABASES = ("sqlite", "postgres")


def pytest_collection_finish() -> None:
    """Let what was imported and collected be: looking for waste in it again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()


def make_app(data_dir: Path, database_url: str = "") -> Flask:
    """Return an application for tests on that database."""
    settings = Settings(environment=Environment.TEST, data_dir=data_dir, DATABASE_URL=database_url)
    app = create_app(settings)
    app.config.update(TESTING=True, SERVER_NAME=None)
    return app


def _migrate(app: Flask) -> None:
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        db.session.remove()
        db.engine.dispose()


def once_a_run(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that the first process of this run to ask for it fills; the others wait for that one."""
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    shared.mkdir(exist_ok=True)
    with open(shared / "turn", "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (shared / "made").exists():
            make(shared)
            (shared / "made").touch()
    return shared


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database stands at the newest migration and is empty."""

    def make(folder: Path) -> None:
        app = make_app(folder)
        _migrate(app)
        with app.app_context(), db.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    return once_a_run(tmp_path_factory, "template", make)


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database at the newest migration, for every process of this run."""
    from tests import databases  # only now: as a plugin it must not be imported before pytest has it

    name = "template_of_all"
    once_a_run(
        tmp_path_factory, name, lambda folder: _migrate(make_app(folder, databases.create_shared(name)))
    )
    return name


@pytest.fixture(scope="session")
def shipped_banks(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, BankDraft], list[Problem]]:
    """The banks that come with the product, by their file, and what was wrong in them: read once a run."""

    def read(folder: Path) -> None:
        banks, problems = read_files(shipped())
        (folder / "banks").write_bytes(pickle.dumps((dict(banks), problems)))

    kept = once_a_run(tmp_path_factory, "banks", read) / "banks"
    return pickle.loads(kept.read_bytes())  # noqa: S301  # written by this run itself


_apps: dict[
    str, Flask
] = {}  # one application a process and kind of database: building it takes longer than a test


@pytest.fixture
def new_app(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Flask]:
    """A function that gives the application on an empty database of the kind named."""

    def make(kind: str) -> Flask:
        url = _empty_sqlite(request, tmp_path) if kind == "sqlite" else _empty_postgres(request)
        if kind not in _apps:
            _apps[kind] = make_app(request.getfixturevalue("data_dir"), url)
        app = _apps[kind]
        point(app, url)
        request.addfinalizer(lambda: _close(app))
        return app

    return make


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the applications of this process keep their generated secrets."""
    return tmp_path_factory.mktemp("data")


def _empty_sqlite(request: pytest.FixtureRequest, folder: Path) -> str:
    shutil.copy(request.getfixturevalue("sqlite_template") / "quiz.db", folder / "quiz.db")
    return f"sqlite:///{folder / 'quiz.db'}"


def _empty_postgres(request: pytest.FixtureRequest) -> str:
    """Empty the tables that hold rows: a test fills a few, and to truncate all takes forty times as long."""
    cleaner: Connection[Any] = request.getfixturevalue("postgres_cleaner")
    filled = [sql.Identifier(name) for (name,) in cleaner.execute("EXECUTE filled")]
    if filled:
        cleaner.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(name) for name in filled))
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture(scope="session")
def postgres_cleaner(postgres_database: str) -> Iterator[Connection[Any]]:
    """A connection of its own that asks for no foreign keys, to empty the tables between two tests."""
    exists = sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})")
    each = [exists.format(table.name, sql.Identifier(table.name)) for table in db.metadata.sorted_tables]
    with postgres.connect(postgres_database) as cleaner:
        cleaner.execute("SET application_name = 'cleaner'")
        cleaner.execute("SET session_replication_role = replica")
        cleaner.execute("SET lock_timeout = '20s'")
        cleaner.execute(sql.SQL("PREPARE filled AS ") + sql.SQL(" UNION ALL ").join(each))
        yield cleaner


@pytest.fixture(scope="session")
def postgres_database(postgres_template: str) -> str:
    """The address of this process's own database."""
    from tests import databases

    return databases.create_database("test", shared_template=postgres_template)


# By kind of database: a statement is compiled for a dialect, and kept from test to test, or compiling would take a
# third of the time.
_dialects: dict[str, Dialect] = {}
_compiled: LRUCache[Any, Any] = LRUCache(1_500)


def engine_on(url: str) -> Engine:
    """Return a new engine on `url`, prepared as the application's is."""
    options = database.engine_options(Settings(DATABASE_URL=url))
    engine = create_engine(url, execution_options={"compiled_cache": _compiled}, **options)
    database.prepare(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _need_not_outlast_the_machine)
    if engine.dialect.name not in _dialects:
        engine.connect().close()  # a dialect learns from its own engine's first connection what it speaks to
    engine.dialect = _dialects.setdefault(engine.dialect.name, engine.dialect)
    return engine


def _need_not_outlast_the_machine(connection: Any, _record: Any) -> None:
    connection.execute(
        "PRAGMA synchronous=OFF"
    )  # a database of a test is gone with it; PostgreSQL's waits no more


def point(app: Flask, url: str) -> None:
    """Give `app` a new engine on `url`; what it keeps in memory is kept by engine and so begins afresh."""
    db._app_engines[app][None] = engine_on(url)  # the one place Flask-SQLAlchemy keeps it


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest, new_app: Callable[[str], Flask]) -> Iterator[Flask]:
    """An application with its context pushed, on SQLite and again on PostgreSQL."""
    app = new_app(request.param)
    with app.app_context():
        yield app


@pytest.fixture
def sqlite_app(new_app: Callable[[str], Flask]) -> Iterator[Flask]:
    """An application on SQLite only, for pages whose queries both databases answer alike."""
    app = new_app("sqlite")
    with app.app_context():
        yield app


@pytest.fixture
def shut_out_demo(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A function that has the application refuse what is of the demo from now on, as under production settings."""
    return lambda: monkeypatch.setitem(current_app.extensions, "demo_gate", False)


def _forget_last_request() -> None:
    """Empty `g`, which a request of its own would have: here it is the one of the test's own context."""
    for name in list(g):
        g.pop(name)


# What a session keeps of its CSRF token before a page has given it one.
OF_THIS_SESSION = "0" * 40


def form_token(app: Flask, kept: str) -> str:
    """Return the signed form in which a page carries the CSRF token that a session keeps."""
    return URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(kept)


class Browser:
    """A test client that signs in, keeps the CSRF token and posts forms as a browser does."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, url: str, **kwargs: Any) -> Any:
        """Open a page."""
        _forget_last_request()
        return self.client.get(url, **kwargs)

    def post(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """Send a form with this session's CSRF token."""
        token = self.token()
        _forget_last_request()
        return self.client.post(url, data={"csrf_token": token} | (data or {}), **kwargs)

    def token(self) -> str:
        """Return a CSRF token such as pages of this session carry; to ask for one each time is a seventh of a run.

        What the last request, maybe another browser's, left is forgotten: some send the token by a client of their own.
        """
        _forget_last_request()
        with self.client.session_transaction() as kept:
            return form_token(self.client.application, kept.setdefault("csrf_token", OF_THIS_SESSION))

    def sign_in(self, username: str, password: str = factories.PASSWORD) -> "Browser":
        """Sign a member of the staff in."""
        answer = self.post("/sign-in", {"username": username, "password": password})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return self


@pytest.fixture
def browser(sqlite_app: Flask) -> Browser:
    """A browser that nobody has signed in."""
    return Browser(sqlite_app)
