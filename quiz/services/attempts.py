"""Sitting a round: starting, handing in, and closing at the deadline, each of which takes effect once."""

import logging
from collections.abc import Iterable
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Table, bindparam, case, select, update
from sqlalchemy.orm import joinedload

from quiz.core import timing
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.paper_entry import Medium
from quiz.core.rules import Rules
from quiz.core.timing import Window
from quiz.extensions import db
from quiz.keyring import new_code
from quiz.models import Attempt, Entry, Round, Unit
from quiz.services import audit, grants, marking, papers
from quiz.services.audit import SYSTEM, Actor
from quiz.services.papers import Pool, paper_of
from quiz.services.prepared import Prepared

__all__ = [
    "begin",
    "close_due",
    "is_any_due",
    "last_deadline",
    "mark_again",
    "paper_of",
    "shorten",
    "start",
    "submit",
]

log = logging.getLogger(__name__)
RECEIPT_LENGTH = 10  # characters, 50 bits: never given twice
ON_PAPER = N_("Bạn làm bài vòng này trên giấy. Hãy nhận đề và phiếu trả lời ở bàn giám thị.")
ON_THE_STAGE = N_(
    "Vòng này thi trực tiếp tại nơi tổ chức, không làm bài trên máy. Hãy đến đúng giờ, đúng nơi."
)
CANDIDATE, DEADLINE, BOARD = "candidate", "deadline", "board"


# A whole hall starts within a minute: these are built once. The first makes taps at the same moment go one by one and
# a withdrawal wait or be seen; by the last a board that ends the round at this moment waits for a start or is seen.
_WITHDRAWAL = Prepared(select(Entry.withdrawn_at).where(Entry.id == bindparam("entry_id")).with_for_update())
_LAST_ATTEMPT = Prepared(
    select(Attempt.id, Attempt.number, Attempt.submitted_at, Attempt.medium)
    .where(Attempt.entry_id == bindparam("entry_id"))
    .order_by(Attempt.number.desc())
    .limit(1)
)
_HOURS = Prepared(
    select(Round.opened_at, Round.opens_at, Round.closes_at, Round.closed_at, Round.amended_at, Unit.path)
    .join(Unit, Unit.id == Round.unit_id)
    .where(Round.id == bindparam("round_id"))
    .with_for_update(read=True, of=Round)
)
_TABLE = cast(Table, Attempt.__table__)
_ADD = Prepared(
    _TABLE.insert().values(medium=Medium.DEVICE, ended_by="").returning(_TABLE.c.id),
    (
        "entry_id", "round_id", "person_id", "number", "seed", "paper", "started_at", "deadline", "grace_seconds",
        "receipt_code",
    ),
)  # fmt: skip


class Seat(NamedTuple):
    """What a start needs to know of an entry."""

    id: int
    round_id: int
    person_id: int
    opened_at: int | None = None
    amended_at: int | None = None


def drawn_ahead(seat: Seat, seed: str) -> str:
    """Return the paper `start` would draw, "" while the round has not opened; nobody waits for the drawing then."""
    if seat.opened_at is None:
        return ""
    return papers.draw(papers.pool_opened_at(seat.round_id, seat.opened_at, seat.amended_at), seed)


def start(entry: Entry | Seat, now: int, seed: str, paper: str = "") -> Attempt:
    """Return the attempt that `begin` gives the id of."""
    return db.session.get_one(Attempt, begin(entry, now, seed, paper))


def begin(entry: Entry | Seat, now: int, seed: str, paper: str = "") -> int:
    """Return the id of the attempt this entry may sit now: the open one, or a new one with a paper drawn from `seed`.

    `paper` is what `drawn_ahead` has drawn from the same seed; it is drawn again when the rules were amended since.

    Raise RuleBroken when the entry was withdrawn, the round cannot be started now, or (AlreadyDone) every attempt
    allowed has been handed in.
    """
    ((withdrawn_at,),) = _WITHDRAWAL.rows(entry_id=entry.id)
    last = _LAST_ATTEMPT.first(entry_id=entry.id)
    if last is not None and last.submitted_at is None:
        if last.medium == Medium.PAPER:
            raise RuleBroken(ON_PAPER)
        return int(last.id)
    if withdrawn_at is not None:
        raise RuleBroken(
            N_("Bạn được ghi là không dự thi vòng này. Nếu có nhầm lẫn, xin báo ngay cho Ban Tổ chức.")
        )
    window, pool, path, amended_at = _check_may_start(entry.round_id, now)
    drawn = paper if isinstance(entry, Seat) and entry.amended_at == amended_at else ""
    number = 1 if last is None else last.number + 1
    if number > pool.rules.attempts_allowed:
        raise AlreadyDone(N_("Bạn đã nộp bài thi này rồi, không cần làm lại. Hãy xem biên nhận."))
    key = _add(entry, number, window, pool.rules, now, seed, drawn or papers.draw(pool, seed))
    audit.record(
        Actor(person_id=entry.person_id), "attempt.start", f"attempt:{key}", now, path, number=number
    )
    return key


def _check_may_start(round_id: int, now: int) -> tuple[Window, Pool, str, int | None]:
    ((opened_at, opens_at, closes_at, closed_at, amended_at, path),) = _HOURS.rows(round_id=round_id)
    if opened_at is None or opens_at is None or closes_at is None:
        raise RuleBroken(N_("Vòng thi chưa được mở. Xin chờ thông báo của Ban Tổ chức."))
    window = Window(opens_at, closes_at, closed_at)
    pool = papers.pool_opened_at(round_id, opened_at, amended_at)
    timing.check_may_start(window, opened_at, pool.rules.late_start, now)
    if not pool.rules.has_online:
        raise RuleBroken(ON_THE_STAGE)
    return window, pool, path, amended_at


def _add(
    entry: Entry | Seat, number: int, window: Window, its: Rules, now: int, seed: str, paper: str
) -> int:
    deadline = timing.deadline_of(window, its.minutes, now, its.full_time_for_late)
    ((key,),) = _ADD.rows(
        entry_id=entry.id, round_id=entry.round_id, person_id=entry.person_id, number=number, seed=seed, paper=paper,
        started_at=now, deadline=deadline, grace_seconds=its.grace_seconds, receipt_code=new_code(RECEIPT_LENGTH),
    )  # fmt: skip
    grants.add_at_start(key, entry.round_id, now)
    return int(key)


def _path_of(contest_round: Round) -> str:
    return db.session.scalar(select(Unit.path).where(Unit.id == contest_round.unit_id)) or ""


def submit(attempt: Attempt, now: int, ended_by: str = CANDIDATE) -> Attempt:
    """Hand an attempt in and mark it; raise AlreadyDone, changing nothing, when it was handed in before.

    It counts as handed in at `now`, but never later than its deadline. `ended_by`: "candidate", "deadline", "board".
    """
    # This one statement decides who was first. It also waits for saves under way, and those after it find it closed.
    first = db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.submitted_at.is_(None))
        .values(submitted_at=case((Attempt.deadline < now, Attempt.deadline), else_=now))
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(attempt, ["submitted_at", "deadline", "ended_by"])
    if first.rowcount == 0:  # type: ignore[attr-defined]
        raise AlreadyDone(N_("Bài này đã được nộp."))
    attempt.ended_by = _why_over(attempt) if ended_by == CANDIDATE and now > attempt.deadline else ended_by
    choices = marking.choices_of([attempt.id])[attempt.id]
    marking.store_marks(attempt, choices)
    _record_submission(attempt, sum(1 for choice in choices.values() if choice), now)
    db.session.flush()
    return attempt


def _record_submission(attempt: Attempt, answered: int, now: int) -> None:
    actor = Actor(person_id=attempt.person_id) if attempt.ended_by == CANDIDATE else SYSTEM
    path = _path_of(attempt.entry.round)
    audit.record(actor, "attempt.submit", attempt, now, path, ended_by=attempt.ended_by, answered=answered)


def last_deadline(contest_round: Round, now: int) -> int | None:
    """Return until when those with minutes beyond the end of a round work on devices; None when nobody does."""
    window = contest_round.window
    if window is None:
        return None
    open_papers = (
        Attempt.round_id == contest_round.id,
        Attempt.submitted_at.is_(None),
        Attempt.medium == Medium.DEVICE,
    )
    query = select(db.func.max(Attempt.deadline)).where(
        *open_papers, Attempt.deadline > max(window.ends_at, now)
    )
    return db.session.scalar(query)


def is_any_due(now: int) -> bool:
    """Tell whether an open attempt is past its deadline and grace; only reads."""
    return db.session.scalar(select(Attempt.id).where(*_due(now)).limit(1)) is not None


def close_due(now: int, round_id: int | None = None, limit: int | None = None) -> int:
    """Hand in every attempt (of a round) that is past its deadline and grace, at most `limit`; return how many."""
    query = (
        select(Attempt)
        .where(*_due(now))
        .order_by(Attempt.deadline, Attempt.id)
        .limit(limit)
        .options(
            joinedload(Attempt.entry, innerjoin=True)
            .joinedload(Entry.round, innerjoin=True)
            .joinedload(Round.stage, innerjoin=True)
        )
        .with_for_update(of=Attempt, skip_locked=True)  # another worker may be closing them at this moment
    )
    if round_id is not None:
        query = query.where(Attempt.round_id == round_id)
    closed = 0
    for attempt in db.session.scalars(query).all():
        closed += _close(attempt, now)
    return closed


def _close(attempt: Attempt, now: int) -> int:
    attempt_id = attempt.id
    try:
        with db.session.begin_nested():
            submit(attempt, now, _why_over(attempt))
    except AlreadyDone:
        return 0
    except Exception:  # one that cannot be marked must not keep the others open
        log.exception("attempt %d could not be closed", attempt_id)
        return 0
    return 1


def _due(now: int) -> tuple[ColumnElement[bool], ...]:
    """Return timing.is_due as a condition; the first two parts are what the index of open attempts finds.

    One on paper is never due: it ends when its answer sheet has been entered.
    """
    over = Attempt.deadline + Attempt.grace_seconds * timing.SECOND < now
    return Attempt.submitted_at.is_(None), Attempt.deadline < now, over, Attempt.medium == Medium.DEVICE


def _why_over(attempt: Attempt) -> str:
    closed_at = attempt.entry.round.closed_at
    return BOARD if closed_at is not None and attempt.deadline >= closed_at else DEADLINE


def shorten(contest_round: Round, at: int) -> int:
    """Let no open attempt of a round last beyond the instant `at`; return how many were cut short."""
    late = update(Attempt).where(
        Attempt.round_id == contest_round.id, Attempt.submitted_at.is_(None), Attempt.deadline > at
    )
    ends = case((Attempt.started_at > at, Attempt.started_at), else_=at)
    return db.session.execute(late.values(deadline=ends)).rowcount  # type: ignore[attr-defined,no-any-return]


def mark_again(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Mark submitted attempts again from their stored responses; return those whose points changed."""
    submitted = [attempt for attempt in attempts if attempt.submitted_at is not None]
    choices = marking.choices_of(attempt.id for attempt in submitted)
    changed = []
    for attempt in submitted:
        before = attempt.marks
        if list(marking.store_marks(attempt, choices[attempt.id]).points) != before:
            changed.append(attempt)
    db.session.flush()
    return changed
