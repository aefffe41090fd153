"""The PostgreSQL the tests use: one real server for a run, shared by its workers, started on first need.

It is a pytest plugin: conftest.py names it in `pytest_plugins`. The process that runs the whole session makes
the server's folder and hands it to its workers through the environment; whoever asks first starts the server.
"""

import fcntl
import os
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from psycopg import sql

from drill import postgres

_FOLDER = "TEST_POSTGRES_FOLDER"


def pytest_configure(config: pytest.Config) -> None:
    """Make the server's folder before the workers start; its server stops when the session ends."""
    if hasattr(config, "workerinput"):
        return
    session = ExitStack()
    os.environ[_FOLDER] = str(session.enter_context(postgres.server_folder()))
    config.add_cleanup(session.close)


@cache
def postgres_uri() -> str:
    """The SQLAlchemy URL of the session's server, its `postgres` database."""
    folder = Path(os.environ[_FOLDER])
    with open(folder / "turn", "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        return postgres.start(folder, postgres.FAST)


def create_database(name: str, template: str = "", shared_template: str = "") -> str:
    """The SQLAlchemy URL of a new database; replaces an old one. It is empty, or copied from a `template` made here
    or from a `shared_template`.

    Each worker has its own databases: the same name in two workers means two databases.
    """
    drop_database(name)
    return _create(_own(name), _own(template) if template else shared_template or "template0")


def create_shared(name: str) -> str:
    """The SQLAlchemy URL of a new empty database of that name for every worker; whose turn it is creates it."""
    return _create(name, "template0")


def _create(name: str, template: str) -> str:
    with postgres.connect(postgres_uri()) as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    return postgres.url_of(Path(os.environ[_FOLDER]), name)


def drop_database(name: str) -> None:
    """Drop a database of `create_database`, closing what is connected to it; no error if it is gone."""
    with postgres.connect(postgres_uri()) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_own(name))))


def _own(name: str) -> str:
    return f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
