"""Long work in the background: asking for it, taking it up, saying how far it is, ending it, forgetting its file.

A worker holds a job for LEASE and longer with each word of progress. Who is killed lets go by silence: the job is
taken up again from its beginning, up to TRIES times. Every step is one short transaction with a guarded statement, so
that of two workers one wins and a late one changes nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_
from quiz.core.permissions import Permission, may
from quiz.extensions import db
from quiz.models import Job, Unit
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.auth import Principal

LEASE = 60_000  # ms without a word after which a worker counts as gone
TRIES = 3
KEPT = 14 * 24 * 3_600_000  # ms a file is kept
PAGE = 50
GAVE_UP = N_("Việc này đã dừng giữa chừng %(tries)d lần nên hệ thống không thử nữa. Hãy báo người quản trị.")


class JobState(StrEnum):
    """Where a job stands, computed from its instants."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REMOVED = "removed"  # done, its file no longer kept


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What a job leaves: the name of the file in the folder of jobs, and how it is handed over."""

    stored_as: str
    filename: str
    mimetype: str
    size: int


def state_of(job: Job) -> JobState:
    """Return where a job stands."""
    if job.ended_at is None:
        return JobState.RUNNING if job.leased_until is not None else JobState.WAITING
    if job.error:
        return JobState.FAILED
    return JobState.REMOVED if job.removed_at is not None else JobState.DONE


def ask(
    kind: str, key: str, title: str, params: dict[str, Any], permission: Permission, unit: Unit | None,
    actor: Actor, now: int,
) -> tuple[Job, bool]:  # fmt: skip
    """Ask for a piece of work; return it and whether it is new.

    While one with the same `key` is unfinished that one is returned, so that a second click asks for nothing.
    """
    if (waiting := _unfinished(key)) is not None:
        return waiting, False
    job = Job(
        kind=kind, key=key[:120], title=title[:300], params=params, permission=str(permission), unit=unit,
        asked_by_id=actor.account_id, asked_at=now, error_values={},
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(job)
    except IntegrityError:  # another request was quicker
        if (waiting := _unfinished(key)) is None:
            raise
        return waiting, False
    path = unit.path if unit else ""
    audit.record(actor, "job.ask", job, now, path=path, kind=kind, title=title[:300])
    return job, True


def _unfinished(key: str) -> Job | None:
    return db.session.scalar(select(Job).where(Job.key == key[:120], Job.ended_at.is_(None)))


def is_any_waiting(now: int) -> bool:
    """Tell whether there is work to take up and nobody works: one job at a time is done on a server."""
    busy = select(Job.id).where(Job.ended_at.is_(None), Job.leased_until >= now).limit(1)
    if db.session.scalar(busy) is not None:
        return False
    return db.session.scalar(select(Job.id).where(Job.ended_at.is_(None)).limit(1)) is not None


def claim(worker: str, now: int) -> Job | None:
    """Take up the oldest job that nobody holds, for LEASE, and return it; None while another one is worked on."""
    if not is_any_waiting(now):
        return None
    job_id = db.session.scalar(
        select(Job.id)
        .where(Job.ended_at.is_(None))
        .order_by(Job.id)
        .with_for_update(skip_locked=True)
        .limit(1)
    )
    if job_id is None:
        return None
    if not _change(_free(job_id, now), worker=worker, leased_until=now + LEASE, tries=Job.tries + 1, done=0):
        return None
    job = db.session.get(Job, job_id, populate_existing=True)
    if job is not None and job.tries > TRIES:
        fail(job_id, worker, GAVE_UP, {"tries": TRIES}, now)
        return None
    return job


def _free(job_id: int, now: int) -> Any:
    return and_(
        Job.id == job_id, Job.ended_at.is_(None), or_(Job.leased_until.is_(None), Job.leased_until < now)
    )


def _held(job_id: int, worker: str) -> Any:
    return and_(Job.id == job_id, Job.worker == worker, Job.ended_at.is_(None))


def _change(where: Any, **values: Any) -> bool:
    done = db.session.execute(
        update(Job).where(where).values(**values).execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], done).rowcount == 1


def report(job_id: int, worker: str, done: int, total: int, now: int) -> bool:
    """Keep how far the work is and hold it longer; False when somebody else has taken it up meanwhile."""
    return _change(_held(job_id, worker), done=done, total=total, leased_until=now + LEASE)


def hold(job_id: int, worker: str, now: int) -> bool:
    """Hold a job for another LEASE; False when somebody else has taken it up meanwhile."""
    return _change(_held(job_id, worker), leased_until=now + LEASE)


def held(job_id: int, worker: str) -> Job | None:
    """Return a job that this worker holds, or None."""
    return db.session.scalar(select(Job).where(_held(job_id, worker)))


def let_go(job_id: int, worker: str) -> bool:
    """Give a job back for somebody else to take up at once: its worker is known to be gone."""
    return _change(_held(job_id, worker), leased_until=None, worker="", done=0)


def finish(job_id: int, worker: str, file: StoredFile | None, now: int) -> bool:
    """End a job with the file it leaves, if any; False when somebody else has taken it up meanwhile."""
    values: dict[str, Any] = {"ended_at": now, "leased_until": None}
    if file is not None:
        values |= {
            "stored_as": file.stored_as, "filename": file.filename[:200], "mimetype": file.mimetype,
            "size": file.size,
        }  # fmt: skip
    return _change(_held(job_id, worker), **values)


def fail(job_id: int, worker: str, message: str, values: dict[str, Any], now: int) -> bool:
    """End a job with a sentence that says why."""
    return _change(
        _held(job_id, worker), ended_at=now, leased_until=None, error=message[:500], error_values=values
    )


def forgettable(now: int, limit: int = 20) -> list[Job]:
    """Return jobs whose files have been kept long enough."""
    query = (
        select(Job)
        .where(Job.ended_at < now - KEPT, Job.removed_at.is_(None), Job.stored_as != "")
        .order_by(Job.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def note_removed(job_id: int, now: int) -> bool:
    """Keep that the file of a job is gone."""
    return _change(and_(Job.id == job_id, Job.removed_at.is_(None)), removed_at=now)


def visible_to(job: Job, who: Principal) -> bool:
    """Tell whether somebody asked for this job or holds its permission on its unit."""
    if job.asked_by_id == who.account_id:
        return True
    path = job.unit.path if job.unit else ""
    permission = Permission(job.permission)
    return may(who.grants, permission, path) if path else "" in who.paths_for(permission)


def page_of(who: Principal, number: int) -> Any:
    """Return a page of the jobs that are this person's to see, the newest first."""
    seen = [Job.asked_by_id == (who.account_id or 0)]
    for permission in Permission:
        paths = who.paths_for(permission)
        if "" in paths:
            seen.append(Job.permission == str(permission))
        elif paths:
            below = or_(*(Unit.path.startswith(path) for path in paths))
            seen.append(and_(Job.permission == str(permission), below))
    query = (
        select(Job)
        .outerjoin(Job.unit)
        .where(or_(*seen))
        .order_by(Job.id.desc())
        .options(joinedload(Job.asked_by))
    )
    return db.paginate(query, page=number, per_page=PAGE, error_out=False)
