"""The folder of backups: which there are, under which names, with their SHA-256 beside them, and which are too old.

The folder is the list: it tells what there is even when the database is gone. `sha256sum -c *.sha256` checks them all.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from quiz.core.archives import DAMAGED, Content, Manifest
from quiz.core.errors import N_, RuleBroken
from quiz.files import archives

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,80}\.zip")
DAILY = "-hang-ngay"
LARGEST = 4 * 1024**3  # bytes brought in by a page
LONGEST_TRIAL = 1_800  # seconds
TOO_LARGE = N_(
    "Tệp lớn quá %(limit)d GB nên không nhận qua trang web. Hãy phục hồi bằng dòng lệnh trên máy chủ."
)
TRIAL_FAILED = N_("Phục hồi thử không được, bản sao này không dùng được: %(why)s")


@dataclass(frozen=True, slots=True)
class Failure:
    """When restoring a file failed (ms UTC), and the sentence that says why."""

    at: int
    message: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the folder; `manifest` is None when it cannot be read, `tried_at` when restoring it last went well,
    `failure` says that the last try did not."""

    name: str
    size: int
    sha256: str
    manifest: Manifest | None
    is_daily: bool
    tried_at: int | None
    failure: Failure | None = None


def folder_in(data_dir: Path) -> Path:
    """Return the folder of backups below the data folder."""
    return data_dir / "backups"


def name_for(local: datetime, daily: bool = False) -> str:
    """Return the name of a backup made at that local time."""
    return f"sao-luu-{local:%Y%m%d-%H%M%S}{DAILY if daily else ''}.zip"


def path_of(folder: Path, name: str) -> Path | None:
    """Return the file of that name, None where there is none or it is no name of ours."""
    path = folder / name
    return path if _NAME.fullmatch(name) and path.is_file() else None


def kept(folder: Path) -> list[Kept]:
    """Return what is kept, the newest first by name."""
    names = sorted((path.name for path in folder.glob("*.zip") if _NAME.fullmatch(path.name)), reverse=True)
    return [kept_as(folder, name) for name in names]


def kept_as(folder: Path, name: str) -> Kept:
    """Return what is known of one file."""
    path = folder / name
    manifest = None
    with suppress(RuleBroken), archives.opened(path) as archive:
        manifest = archive.manifest
    return Kept(
        name, path.stat().st_size, _sha256_of(path), manifest, name.endswith(f"{DAILY}.zip"), _tried_at(path),
        _failure(path),
    )  # fmt: skip


def _sha256_of(path: Path) -> str:
    beside = path.with_name(path.name + ".sha256")
    return beside.read_text().split(" ", 1)[0] if beside.exists() else note_sha256(path)


def note_sha256(path: Path) -> str:
    """Write the SHA-256 of a file beside it, in the form of sha256sum, and return it."""
    digest = archives.sha256_of(path)
    path.with_name(path.name + ".sha256").write_text(f"{digest}  {path.name}\n")
    return digest


def is_as_noted(path: Path) -> bool:
    """Tell whether a file still has the SHA-256 noted beside it, if there is one."""
    beside = path.with_name(path.name + ".sha256")
    return not beside.exists() or archives.sha256_of(path) == _sha256_of(path)


def check(path: Path, root: Path, told: Callable[[int, int], None] = lambda rows, total: None) -> Manifest:
    """Return the manifest of a file that can be relied on; raise RuleBroken saying why it cannot be.

    Every part is held against the manifest, and a backup of everything is restored into a database of its own;
    `told` hears how many rows of how many are done.
    """
    if not is_as_noted(path):
        raise RuleBroken(DAMAGED, part=path.name)
    with archives.opened(path) as archive:
        manifest = archive.manifest
        archive.check(lambda rows: told(rows, 2 * manifest.rows))
    if manifest.content is Content.EVERYTHING:
        try_out(path, root)
    return manifest


def note_tried(path: Path, now: int) -> None:
    """Note beside a file that restoring it was tried and went well."""
    path.with_name(path.name + ".failed").unlink(missing_ok=True)
    path.with_name(path.name + ".tried").write_text(json.dumps(now))


def note_failed(path: Path, refused: RuleBroken, now: int) -> None:
    """Note beside a file that restoring it was tried and why it failed; an earlier success says nothing any more."""
    path.with_name(path.name + ".tried").unlink(missing_ok=True)
    told = {"at": now, "message": refused.message, "values": refused.values}
    path.with_name(path.name + ".failed").write_text(json.dumps(told, default=str))


def _failure(path: Path) -> Failure | None:
    try:
        told = json.loads(path.with_name(path.name + ".failed").read_text())
        return Failure(int(told["at"]), str(told["message"]), dict(told["values"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _tried_at(path: Path) -> int | None:
    try:
        return int(path.with_name(path.name + ".tried").read_text())
    except (OSError, ValueError):
        return None


def remove(folder: Path, name: str) -> None:
    """Remove a file and what is noted beside it."""
    for each in (name, f"{name}.sha256", f"{name}.tried", f"{name}.failed"):
        (folder / each).unlink(missing_ok=True)


def too_old(names: Iterable[str], keep: int) -> list[str]:
    """Return the daily backups beyond the newest `keep`; those made by hand are never among them."""
    daily = sorted((name for name in names if name.endswith(f"{DAILY}.zip")), reverse=True)
    return daily[keep:]


def bring(folder: Path, stream: BinaryIO, name: str) -> Path:
    """Put an uploaded file into the folder under a new name, whole or not at all; raise RuleBroken on one not ours.

    Every part is held against the manifest before it is kept.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, part = folder / name, folder / f"{name}.part"
    try:
        size = 0
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            while chunk := stream.read(1 << 20):
                size += len(chunk)
                if size > LARGEST:
                    raise RuleBroken(TOO_LARGE, limit=LARGEST >> 30)
                file.write(chunk)
        with archives.opened(part) as archive:
            archive.check()
        part.replace(path)
    except OSError:
        raise RuleBroken(archives.FULL) from None
    finally:
        part.unlink(missing_ok=True)
    note_sha256(path)
    return path


def try_out(path: Path, root: Path) -> None:
    """Restore a file into a new database of its own, which is thrown away; raise RuleBroken saying why it failed.

    A process of its own does it, by the very command that restores in earnest.
    """
    with tempfile.TemporaryDirectory(prefix="quiz-trial-") as folder:
        known = {"QUIZ_DATA_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/trial.db"}
        command = [sys.executable, "-m", "flask", "--app", "app", "backup", "restore", str(path)]
        try:
            done = subprocess.run(  # noqa: S603 nothing of it was typed by anybody
                command, cwd=root, env=os.environ | known, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=LONGEST_TRIAL, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise RuleBroken(TRIAL_FAILED, why="timeout") from None
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [str(done.returncode)]
        raise RuleBroken(TRIAL_FAILED, why=lines[-1].removeprefix("Error: ")[:300])
