"""Giving minutes to a person, a hall or a whole unit: running deadlines move at once, later starts get them too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from quiz.core import grants as rules
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.grants import MOST_MINUTES, Sitter
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import (
    Attempt,
    Edition,
    Entry,
    HallSeat,
    HallSession,
    Round,
    TimeGiven,
    TimeGrant,
    Unit,
)
from quiz.services import audit, grant_targets, marking
from quiz.services.audit import Actor
from quiz.services.grant_reach import Target, attempts_of, closed_within, meeting, name_of
from quiz.services.prepared import Prepared

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: minutes and a reason; `key` names the form, so that a double click gives once.

    `for_later`: whoever starts afterwards gets them too. `reopen`: the board lets papers go on that the clock closed
    within these minutes. `known`: the newest grant for these people that whoever asks has seen, 0 for none; None: not
    told, and nothing is compared.
    """

    minutes: int
    reason: str
    key: str
    for_later: bool = True
    reopen: bool = False
    known: int | None = None


def give(contest_round: Round, target: Target, wish: Wish, actor: Actor, now: int) -> TimeGrant:
    """Give minutes to everybody of `target` in a round and return the grant, which lists the papers it moved.

    Papers handed in stay handed in. Raise AlreadyDone when this form was taken before, RuleBroken when the round's
    time can no longer change, the reason is missing, others gave minutes meanwhile or a paper would get more than
    MOST_MINUTES in all.
    """
    rules.check_minutes(wish.minutes)
    if not wish.reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do cho thêm giờ để lưu vào nhật ký."))
    _lock(contest_round)
    if db.session.scalar(select(TimeGrant.id).where(TimeGrant.key == wish.key)) is not None:
        raise AlreadyDone(N_("Số phút này đã được cho thêm rồi, không cần bấm lại."))
    _check_open(contest_round, wish.reopen)
    _check_known(contest_round, target, wish.known)
    met = meeting(target)
    _check_most(contest_round, met, wish.minutes)
    grant = _written(contest_round, target, wish, actor, now)
    _note(grant, _move(contest_round, met, wish.minutes), wish.minutes, now)
    if wish.reopen:
        _reopen(grant, contest_round, met, actor, now)
    reopened = sum(given.was_reopened for given in grant.reached)
    audit.record(
        actor, "time.give", grant, now, grant.path, to=name_of(target), minutes=wish.minutes, reason=wish.reason,
        papers=len(grant.reached), reopened=reopened,
    )  # fmt: skip
    return grant


def _lock(contest_round: Round) -> None:
    """Hold the round: starts under way are seen or wait, and so do other grants and its end."""
    query = select(Round).where(Round.id == contest_round.id).with_for_update(key_share=True)
    db.session.scalars(query.execution_options(populate_existing=True)).one()


def _check_open(contest_round: Round, reopen: bool) -> None:
    if contest_round.opened_at is None:
        raise RuleBroken(N_("Vòng thi chưa được mở nên chưa cho thêm giờ được."))
    if contest_round.closed_at is not None:
        raise RuleBroken(N_("Ban Tổ chức đã kết thúc sớm vòng thi này nên không cho thêm giờ được nữa."))
    kinds = set(db.session.scalars(select(Edition.kind).where(Edition.round_id == contest_round.id)))
    if "final" in kinds:
        raise RuleBroken(N_("Kết quả chính thức đã công bố nên giờ làm bài không thay đổi nữa."))
    if kinds and reopen:
        raise RuleBroken(N_("Kết quả đã công bố nên không mở lại bài nào được nữa."))


def _check_known(contest_round: Round, target: Target, known: int | None) -> None:
    """Two proctors see the same lights go out: the second is asked whether more is meant."""
    newest = grant_targets.newest_for(contest_round, target)
    if known is not None and newest is not None and newest.id > known:
        raise RuleBroken(
            N_(
                "Trong lúc trang này mở, đã có người cho thêm giờ; xem lần gần nhất dưới đây."
                " Nếu vẫn cần thêm, hãy bấm lần nữa."
            )
        )


def _written(contest_round: Round, target: Target, wish: Wish, actor: Actor, now: int) -> TimeGrant:
    place = target if isinstance(target, Unit) else target.unit
    grant = TimeGrant(
        round_id=contest_round.id, path=place.path, minutes=wish.minutes, reason=wish.reason.strip(),
        for_later=wish.for_later, key=wish.key, given_at=now, given_by_id=actor.account_id,
    )  # fmt: skip
    if isinstance(target, Entry):
        grant.person_id = target.person_id
    elif isinstance(target, HallSession):
        grant.hall_id = target.id
    else:
        grant.unit_id = target.id
    db.session.add(grant)
    db.session.flush()
    return grant


def _move(contest_round: Round, met: ColumnElement[bool], minutes: int) -> Sequence[Any]:
    """Move every open deadline concerned in one statement and return (attempt id, new deadline)."""
    statement = update(Attempt).where(
        Attempt.round_id == contest_round.id,
        Attempt.submitted_at.is_(None),
        attempts_of(contest_round, met),
    )
    values = {"deadline": Attempt.deadline + minutes * MINUTE}
    return _moved_by(statement.values(values))


def _moved_by(statement: Any) -> Sequence[Any]:
    rows = db.session.execute(
        statement.returning(Attempt.id, Attempt.deadline), execution_options={"synchronize_session": False}
    ).all()
    for known in [thing for thing in db.session.identity_map.values() if isinstance(thing, Attempt)]:
        db.session.expire(known)
    return rows


def _note(grant: TimeGrant, rows: Sequence[Any], minutes: int, now: int, was_reopened: bool = False) -> None:
    given = [
        {
            "grant_id": grant.id, "attempt_id": attempt_id, "deadline_before": deadline - minutes * MINUTE,
            "deadline_after": deadline, "was_reopened": was_reopened, "given_at": now,
        }
        for attempt_id, deadline in rows
    ]  # fmt: skip
    if given:
        db.session.execute(insert(TimeGiven), given)
    db.session.expire(grant, ["reached"])


def _check_most(contest_round: Round, met: ColumnElement[bool], minutes: int) -> None:
    total = func.sum(TimeGrant.minutes)
    query = (
        select(Attempt.entry_id)
        .join(TimeGiven, TimeGiven.attempt_id == Attempt.id).join(TimeGrant, TimeGrant.id == TimeGiven.grant_id)
        .where(attempts_of(contest_round, met), TimeGrant.withdrawn_at.is_(None))
        .group_by(Attempt.id, Attempt.entry_id)
        .having(total + minutes > MOST_MINUTES)
        .limit(1)
    )  # fmt: skip
    found = db.session.scalar(query)
    if found is not None:
        raise RuleBroken(
            N_("%(name)s sẽ được thêm quá %(most)d phút cho một bài. Hãy cho ít phút hơn, hoặc cho riêng từng người."),
            name=db.session.get_one(Entry, found).person.full_name,
            most=MOST_MINUTES,
        )  # fmt: skip


# --- papers that the clock closed -------------------------------------------------------------------------------


def _reopen(grant: TimeGrant, contest_round: Round, met: ColumnElement[bool], actor: Actor, now: int) -> None:
    statement = update(Attempt).where(
        Attempt.round_id == contest_round.id, attempts_of(contest_round, met),
        closed_within(grant.minutes, now),
    )  # fmt: skip
    fresh = {"submitted_at": None, "ended_by": "", "raw_score": None, "max_score": None, "marks": None}
    values = fresh | {
        "values": None,
        "time_used": None,
        "away_count": None,  # the device goes on counting and tells all of it with the next hand-in
        "away_ms": None,
        "deadline": Attempt.deadline + grant.minutes * MINUTE,
    }
    rows = _moved_by(statement.values(values))
    _note(grant, rows, grant.minutes, now, was_reopened=True)
    for attempt_id, _deadline in rows:
        audit.record(
            actor, "attempt.reopen", f"attempt:{attempt_id}", now, grant.path, minutes=grant.minutes,
            reason=grant.reason,
        )  # fmt: skip


# --- those who start later ----------------------------------------------------------------------------------------

# Asked at every start, when a whole hall starts at once, and nearly always empty.
_LATER = Prepared(
    select(TimeGrant.id)
    .where(TimeGrant.round_id == bindparam("round_id"), TimeGrant.for_later, TimeGrant.withdrawn_at.is_(None))
    .order_by(TimeGrant.id)
)


def add_at_start(attempt_id: int, round_id: int, now: int) -> None:
    """Move the deadline of an attempt that has just been started by the minutes given to its candidate before."""
    keys = [key for (key,) in _LATER.rows(round_id=round_id)]
    if keys:
        _add_waiting(db.session.get_one(Attempt, attempt_id), keys, now)


def _add_waiting(attempt: Attempt, grant_ids: Sequence[int], now: int) -> None:
    had = select(TimeGiven.grant_id).join(Attempt).where(Attempt.entry_id == attempt.entry_id)
    used = set(db.session.scalars(had))
    sitter, total = _sitter(attempt), 0
    for grant in db.session.scalars(
        select(TimeGrant).where(TimeGrant.id.in_(grant_ids)).order_by(TimeGrant.id)
    ):
        added = rules.minutes_at_start([grant.rule], sitter) if grant.id not in used else 0
        added = min(added, MOST_MINUTES - total)
        if added:
            total += added
            attempt.deadline = rules.moved(attempt.deadline, added)
            _note(grant, [(attempt.id, attempt.deadline)], added, now)
    db.session.flush()


def _sitter(attempt: Attempt) -> Sitter:
    path = select(Unit.path).join(Entry, Entry.unit_id == Unit.id).where(Entry.id == attempt.entry_id)
    hall = select(HallSeat.hall_id).where(HallSeat.entry_id == attempt.entry_id, HallSeat.left_at.is_(None))
    return Sitter(attempt.person_id, db.session.scalars(path).one(), db.session.scalar(hall))


# --- taking one back ----------------------------------------------------------------------------------------------


def withdraw(grant: TimeGrant, actor: Actor, now: int) -> None:
    """Take a grant back and the deadlines with it; raise RuleBroken once anybody has lived on its minutes."""
    _lock(grant.round)
    db.session.refresh(grant)
    if grant.withdrawn_at is not None:
        raise AlreadyDone(N_("Lần cho thêm giờ này đã được rút lại."))
    if is_used(grant, now):
        raise RuleBroken(N_("Đã có người làm bài trong số phút này nên không rút lại được nữa."))
    grant.withdrawn_at = now
    given = {one.attempt_id: one.deadline_after - one.deadline_before for one in grant.reached}
    for added in set(given.values()):
        keys = [key for key, value in given.items() if value == added]
        statement = update(Attempt).where(Attempt.id.in_(keys), Attempt.submitted_at.is_(None))
        _moved_by(statement.values(deadline=Attempt.deadline - added))
    db.session.flush()
    _mark_again([one.attempt for one in grant.reached if one.attempt.submitted_at is not None])
    audit.record(actor, "time.withdraw", grant, now, grant.path, minutes=grant.minutes, papers=len(given))


def _mark_again(handed_in: Sequence[Attempt]) -> None:
    """Mark papers again: the minutes taken back now count as used."""
    choices = marking.choices_of(attempt.id for attempt in handed_in)
    for attempt in handed_in:
        marking.store_marks(attempt, choices[attempt.id])


def is_used(grant: TimeGrant, now: int) -> bool:
    """Tell whether anybody has lived on the minutes of a grant, or it can no longer be taken back in time."""
    if grant.round.closed_at is not None:
        return bool(grant.reached)
    return any(
        rules.is_used(
            one.attempt.deadline, (one.deadline_after - one.deadline_before) // MINUTE, one.attempt.submitted_at, now
        )
        for one in grant.reached
    )  # fmt: skip


# --- pages --------------------------------------------------------------------------------------------------------


def page_of(contest_round: Round, paths: Sequence[str], page: int) -> Pagination:
    """Return a page of the grants of a round for people and places under `paths` ("" reaches all), newest first."""
    query = select(TimeGrant).where(TimeGrant.round_id == contest_round.id)
    if "" not in paths:
        query = query.where(or_(db.false(), *(TimeGrant.path.startswith(path) for path in paths)))
    query = query.order_by(TimeGrant.id.desc()).options(
        joinedload(TimeGrant.person), joinedload(TimeGrant.hall), joinedload(TimeGrant.unit),
        joinedload(TimeGrant.given_by), selectinload(TimeGrant.reached).joinedload(TimeGiven.attempt),
    )  # fmt: skip
    return db.paginate(query, page=max(page, 1), per_page=PAGE, error_out=False)
