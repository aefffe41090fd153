"""How long PostgreSQL is waited for when it is frozen or busy: not dead, so that no connection is lost."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from drill import postgres
from quiz import database
from quiz.database import patience
from quiz.settings import Settings
from tests.conftest import engine_on
from tests.databases import create_database, drop_database
from tests.frozen import backends_of, frozen

SHORT = 0.5  # s
AT_MOST = 10.0  # s: on a machine with much else to do, and far below for ever

QUEUED = "SELECT count(*) FROM pg_locks WHERE relation = 'rounds'::regclass AND NOT granted"


def seconds_until_told(act: Callable[[], object]) -> float:
    """How long it takes until it is said that the database does not answer."""
    began = time.monotonic()
    with pytest.raises(OperationalError):
        act()
    return time.monotonic() - began


@pytest.fixture
def hurried() -> Iterator[None]:
    """Whoever asks in this test waits SHORT."""
    token = patience.set(SHORT)
    yield
    patience.reset(token)


@pytest.fixture
def url() -> Iterator[str]:
    yield create_database("patience")
    drop_database("patience")


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = engine_on(url)
    yield engine
    engine.dispose()


@pytest.mark.usefixtures("hurried")
def test_a_frozen_connection_is_given_up_and_the_next_one_answers(url, engine):
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        with frozen(backends_of(url)):
            assert SHORT <= seconds_until_told(lambda: connection.execute(text("SELECT 2"))) < AT_MOST
            with engine.connect() as other:
                assert other.scalar(text("SELECT 3")) == 3


@pytest.mark.usefixtures("hurried")
def test_a_frozen_connection_in_the_pool_is_replaced(url, engine):
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    with frozen(backends_of(url)), engine.connect() as other:
        assert other.scalar(text("SELECT 2")) == 2


@pytest.mark.usefixtures("hurried")
def test_who_waits_too_long_for_a_lock_is_taken_out_of_the_line(url, engine):
    with engine.begin() as first:
        first.execute(text("CREATE TABLE rounds (id int)"))
    with engine.begin() as first:
        first.execute(text("LOCK TABLE rounds"))
        with engine.connect() as second:
            assert seconds_until_told(lambda: second.execute(text("SELECT 1 FROM rounds"))) < AT_MOST
        until = time.monotonic() + AT_MOST
        with postgres.connect(url) as asked:
            while asked.execute(QUEUED).fetchone() != (0,):
                assert time.monotonic() < until, "the server still stands in line for somebody who left"
                time.sleep(0.05)


def test_long_work_is_waited_for_as_long_as_it_takes(url, engine):
    with engine.connect() as connection:
        backends = backends_of(url)
        backends[0].suspend()
        threading.Timer(3 * SHORT, backends[0].resume).start()
        assert connection.scalar(text("SELECT 1")) == 1


@pytest.mark.usefixtures("hurried")
def test_a_server_that_takes_connections_and_says_nothing_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql+psycopg://somebody@127.0.0.1:{silent.getsockname()[1]}/quiz"
        engine = create_engine(address, **database.engine_options(Settings(DATABASE_URL=address)))
        database.prepare(engine)
        assert seconds_until_told(engine.connect) < AT_MOST
