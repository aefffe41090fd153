"""One backup a day while the product is served, by a process of its own, and no more kept than is set.

Whichever worker of the server comes first marks the day with a file that only one can create.
"""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from flask import Flask

from quiz import clock
from quiz.database import reading
from quiz.extensions import db
from quiz.files import backups as folder
from quiz.services import backups
from quiz.settings import ROOT

FIRST_HOUR = (
    1  # local; nobody sits a round at night, and an office that switches off later gets its backup by day
)
_under_way: list["subprocess.Popen[bytes]"] = []


def make_if_due(app: Flask) -> bool:
    """Begin today's backup unless it is made, begun or switched off, or nothing is kept yet; tell whether it began."""
    _under_way[:] = [process for process in _under_way if process.poll() is None]
    settings = app.config["SETTINGS"]
    now = clock.local(clock.now())
    if not settings.backup_days or now.hour < FIRST_HOUR or not _mark(settings.data_dir, now):
        return False
    if not _has_data(app):
        return False
    known = {"QUIZ_DATA_DIR": str(settings.data_dir), "QUIZ_ENVIRONMENT": str(settings.environment)}
    with app.app_context():
        known["DATABASE_URL"] = db.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "flask", "--app", "app", "backup", "daily"]
    process = subprocess.Popen(  # noqa: S603 nothing of it was typed by anybody
        command, cwd=ROOT, env=os.environ | known, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    _under_way.append(process)
    return True


def _mark(data_dir: Path, now: datetime) -> bool:
    """Take today for this process; False when another one has it."""
    kept = folder.folder_in(data_dir)
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    today = kept / f".day-{now:%Y%m%d}"
    try:
        today.touch(exist_ok=False)
    except FileExistsError:
        return False
    for other in kept.glob(".day-*"):
        if other != today:
            other.unlink(missing_ok=True)
    return True


def _has_data(app: Flask) -> bool:
    with app.app_context(), reading():
        return not backups.is_untouched()
