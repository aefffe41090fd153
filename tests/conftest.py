"""Applications and databases for tests: a migrated template is made once and copied for each test that commits."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from quiz import create_app
from quiz.extensions import db
from quiz.settings import Environment, Settings
from tests import factories

pytest_plugins = ["tests.databases"]
DATABASES = ("sqlite", "postgres")


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


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database stands at the newest migration and is empty."""
    folder = tmp_path_factory.mktemp("template")
    app = make_app(folder)
    _migrate(app)
    with app.app_context(), db.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database at the newest migration."""
    from tests import databases  # only now: as a plugin it must not be imported before pytest has it

    _migrate(make_app(tmp_path_factory.mktemp("pg"), databases.create_database("template")))
    return "template"


@pytest.fixture
def new_app(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Flask]:
    """A function that gives an application on a fresh database of the kind named."""

    def make(kind: str) -> Flask:
        if kind == "sqlite":
            shutil.copytree(request.getfixturevalue("sqlite_template"), tmp_path / "data")
            app = make_app(tmp_path / "data")
        else:
            from tests import databases

            template = request.getfixturevalue("postgres_template")
            app = make_app(tmp_path / "data", databases.create_database("test", template))
        request.addfinalizer(lambda: _close(app))
        return app

    return make


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


class Browser:
    """A test client that signs in, keeps the CSRF token and posts forms as a browser does."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, url: str, **kwargs: Any) -> Any:
        """Open a page."""
        return self.client.get(url, **kwargs)

    def post(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """Send a form with this session's CSRF token."""
        return self.client.post(url, data={"csrf_token": self.token()} | (data or {}), **kwargs)

    def token(self) -> str:
        """Return the CSRF token that pages of this session carry."""
        page = self.client.get("/card").get_data(as_text=True)
        return page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]

    def sign_in(self, username: str, password: str = factories.PASSWORD) -> "Browser":
        """Sign a member of the staff in."""
        answer = self.post("/sign-in", {"username": username, "password": password})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return self


@pytest.fixture
def browser(sqlite_app: Flask) -> Browser:
    """A browser that nobody has signed in."""
    return Browser(sqlite_app)
