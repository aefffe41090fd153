"""The test databases themselves: real PostgreSQL, apart from each other, gone when their owner is gone."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from psycopg import OperationalError

from drill import postgres
from tests.databases import create_database, drop_database

ROOT = Path(__file__).resolve().parent.parent

STARTS_A_SERVER_AND_WAITS = """
import time
from drill.postgres import connect, temporary_postgres
with temporary_postgres() as url:
    print(connect(url).execute("SHOW data_directory").fetchone()[0], flush=True)
    time.sleep(1_000)
"""


def value_of(url: str, query: str) -> object:
    with postgres.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_a_database_starts_as_a_copy_of_its_template() -> None:
    template = create_database("pattern")
    with postgres.connect(template) as connection:
        connection.execute("CREATE TABLE units AS SELECT 'Xã Chiềng Lương' AS name")

    copy = create_database("copied", template="pattern")

    assert value_of(copy, "SELECT name FROM units") == "Xã Chiềng Lương"
    drop_database("copied")
    drop_database("pattern")


def test_databases_do_not_share_their_rows() -> None:
    one, other = create_database("one"), create_database("other")
    with postgres.connect(one) as connection:
        connection.execute("CREATE TABLE units (name text)")

    assert value_of(other, "SELECT count(*) FROM pg_tables WHERE tablename = 'units'") == 0
    drop_database("one")
    drop_database("other")


def test_a_dropped_database_is_gone_even_while_somebody_is_connected() -> None:
    url = create_database("doomed")
    with postgres.connect(url):
        drop_database("doomed")

    with pytest.raises(OperationalError, match="does not exist"):
        postgres.connect(url)


def test_text_is_utf8_and_time_is_utc() -> None:
    url = create_database("ground")

    assert value_of(url, "SHOW server_encoding") == "UTF8"
    assert value_of(url, "SHOW timezone") == "UTC"
    drop_database("ground")


def test_the_drill_gets_a_server_that_keeps_what_it_acknowledges() -> None:
    with postgres.temporary_postgres() as url:
        settings = {name: value_of(url, f"SHOW {name}") for name in postgres.DURABLE}
        folder = Path(str(value_of(url, "SHOW data_directory"))).parent
        assert settings == {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}

    assert not folder.exists()


def test_a_server_does_not_outlive_an_owner_that_is_killed() -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", STARTS_A_SERVER_AND_WAITS], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with owner:
        assert owner.stdout is not None
        data = Path(owner.stdout.readline().strip())
        server = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        owner.kill()

    deadline = time.monotonic() + 240
    while (data.parent.exists() or is_alive(server)) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not data.parent.exists()
    assert not is_alive(server)


def is_alive(process: psutil.Process) -> bool:
    """Tell whether a process runs; one that has ended may still wait for whoever asks how."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
