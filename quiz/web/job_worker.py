"""Doing jobs: a quiet thread in each worker of the server looks for one and has a process of its own do it.

A process of its own, and a polite one: building a thousand certificates then never holds the interpreter that saves
need. The thread keeps the job held while that process lives and lets go when it died; when both are killed, silence
lets go (quiz.services.jobs). One job at a time is done on a server.
"""

import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import force_locale

from quiz import clock
from quiz.core.errors import N_, RuleBroken
from quiz.database import reading, reads_only
from quiz.extensions import db
from quiz.services import jobs
from quiz.services.jobs import StoredFile
from quiz.settings import ROOT
from quiz.web.job_kinds import KINDS, Made, TakenOver
from quiz.web.repeated import Repeated

INTERVAL = 2.0  # seconds between looks
TICK = 0.5  # seconds
HEARTBEAT = 10.0  # seconds between words that the process still lives
LONGEST = 3_600.0  # seconds after which a process is ended
REPORT_EVERY = 1_000  # ms between words of progress
POLITE = 10  # added to the nice value of the process
BROKEN = N_("Việc này gặp lỗi và chưa làm được. Hãy thử lại; nếu vẫn lỗi, báo người quản trị.")


class Worker(Repeated):
    """Looks for a job and has it done; when it is stopped, a process under way is ended and its job given back."""

    def once(self) -> None:
        """Look."""
        work_once(self.app, self.stopped)
        forget(self.app)


def start(app: Flask, interval: float = INTERVAL) -> Worker:
    """Start the worker of this process and return it."""
    worker = Worker(app, "jobs", interval)
    worker.start()
    return worker


def work_once(app: Flask, stopped: threading.Event | None = None) -> bool:
    """Take up a job and have it done in a process of its own; False when there was none."""
    taken = take_up(app)
    if taken is None:
        return False
    _wait_for(app, *taken, stopped or threading.Event())
    return True


def take_up(app: Flask) -> tuple[int, str] | None:
    """Take up a job for LEASE and return it with the name it is held by; None when there is none to take."""
    with app.app_context():
        with reading():
            is_any_waiting = jobs.is_any_waiting(clock.now())
        if not is_any_waiting:
            return None
        worker = secrets.token_hex(10)
        job = jobs.claim(worker, clock.now())
        found = (job.id, worker) if job is not None else None
        db.session.commit()
        return found


def start_process(app: Flask, job_id: int, worker: str) -> "subprocess.Popen[bytes]":
    """Start the process that does a job this thread has taken up."""
    settings = app.config["SETTINGS"]
    with app.app_context():
        address = db.engine.url.render_as_string(hide_password=False)
    known = {
        "QUIZ_DATA_DIR": str(settings.data_dir),
        "QUIZ_ENVIRONMENT": str(settings.environment),
        "DATABASE_URL": address,
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "jobs", "run", str(job_id), worker]
    return subprocess.Popen(  # noqa: S603 nothing of it was typed by anybody
        command, cwd=ROOT, env=os.environ | known, stdin=subprocess.DEVNULL
    )


def _wait_for(app: Flask, job_id: int, worker: str, stopped: threading.Event) -> None:
    process = start_process(app, job_id, worker)
    waited = 0.0
    while process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(TICK)
        waited += TICK
        if stopped.is_set() or waited > LONGEST:
            process.kill()
            process.wait()
        elif waited % HEARTBEAT < TICK:
            _tell(app, lambda: jobs.hold(job_id, worker, clock.now()))
    if process.returncode != 0:
        _tell(app, lambda: jobs.let_go(job_id, worker))


def _tell(app: Flask, say: Callable[[], bool]) -> bool:
    """Say something about a job in a transaction of its own, whatever transaction the caller is in."""
    token = reads_only.set(False)
    try:
        with app.app_context():
            said = say()
            db.session.commit()
            return said
    finally:
        reads_only.reset(token)


class _Work:
    """A job under way in this process."""

    def __init__(self, app: Flask, job: Any, worker: str) -> None:
        self.params: dict[str, Any] = dict(job.params)
        self.account_id: int = job.asked_by_id
        self.asked_at: int = job.asked_at
        self.kind: str = job.kind
        self.id: int = job.id
        self.worker = worker
        self._app = app
        self._told = 0

    def report(self, done: int, total: int) -> None:
        """Say how far the work is, at most once a second; raise TakenOver when somebody else does it now."""
        now = clock.now()
        if now - self._told < REPORT_EVERY and done < total:
            return
        self._told = now
        if not _tell(self._app, lambda: jobs.report(self.id, self.worker, done, total, now)):
            raise TakenOver


def run(app: Flask, job_id: int, worker: str) -> bool:
    """Do a job in this process and keep its file; False when it failed or somebody else does it now."""
    work = _work_of(app, job_id, worker)
    if work is None:
        return False
    try:
        file = _keep(app, work, _do(app, work))
    except TakenOver:
        return False
    except RuleBroken as refused:
        return _fail(app, work, refused.message, refused.values)
    except Exception:
        app.logger.exception("job %d failed", job_id)
        return _fail(app, work, BROKEN, {})
    if not _tell(app, lambda: jobs.finish(job_id, worker, file, clock.now())):
        if file is not None:
            path_of(app, file.stored_as).unlink(missing_ok=True)
        return False
    return True


def _fail(app: Flask, work: _Work, message: str, values: dict[str, Any]) -> bool:
    _tell(app, lambda: jobs.fail(work.id, work.worker, message, values, clock.now()))
    return False


def _work_of(app: Flask, job_id: int, worker: str) -> _Work | None:
    with app.app_context():
        job = jobs.held(job_id, worker)
        return _Work(app, job, worker) if job is not None else None


def _do(app: Flask, work: _Work) -> Made | None:
    base, language = work.params.get("base") or None, work.params.get("language") or "vi"
    token = reads_only.set(True)
    try:
        with app.test_request_context(base_url=base), force_locale(language):
            return KINDS[work.kind](work)
    finally:
        reads_only.reset(token)


def folder_of(app: Flask) -> Path:
    """Return the folder of jobs' files."""
    return Path(app.config["SETTINGS"].data_dir) / "jobs"


def path_of(app: Flask, stored_as: str) -> Path:
    """Return where a job's file lies."""
    return folder_of(app) / stored_as


def _keep(app: Flask, work: _Work, made: Made | None) -> StoredFile | None:
    """Put the file into the folder of jobs under a name nobody guesses, whole or not at all."""
    if made is None:
        return None
    folder = folder_of(app)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"{work.id}-*"):  # by a process that was killed before it could say so
        left.unlink(missing_ok=True)
    name = f"{work.id}-{secrets.token_hex(16)}"
    part = made.content if isinstance(made.content, Path) else folder / f"{name}.part"
    if isinstance(made.content, bytes):
        part.write_bytes(made.content)
    part.replace(folder / name)
    return StoredFile(name, made.filename, made.mimetype, (folder / name).stat().st_size)


def forget(app: Flask) -> int:
    """Remove the files that have been kept long enough and return how many."""
    with app.app_context(), reading():
        old = [(job.id, job.stored_as) for job in jobs.forgettable(clock.now())]
    for job_id, name in old:
        path_of(app, name).unlink(missing_ok=True)
        _tell(app, partial(jobs.note_removed, job_id, clock.now()))
    return len(old)
