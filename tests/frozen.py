"""Freezing PostgreSQL: its processes stand still, keep every connection and answer nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from drill import postgres

_BACKENDS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
    " AND pid <> pg_backend_pid()"
)


@contextmanager
def frozen(processes: list[psutil.Process]) -> Iterator[None]:
    """The processes stand still for the block."""
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


def backends_of(url: str) -> list[psutil.Process]:
    """The server's processes that serve those connected to the database of `url`."""
    with postgres.connect(url) as asked:
        return [psutil.Process(pid) for (pid,) in asked.execute(_BACKENDS)]


def server_of(url: str) -> list[psutil.Process]:
    """Every process of the server at `url`: one that takes connections, and all it started."""
    with postgres.connect(url) as asked:
        row = asked.execute("SHOW data_directory").fetchone()
    assert row is not None
    first = psutil.Process(int((Path(row[0]) / "postmaster.pid").read_text().split()[0]))
    return [first, *first.children(recursive=True)]
