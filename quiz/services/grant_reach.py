"""Whom minutes given in a round meet: the same rules as core.grants.reaches and may_reopen, as conditions."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from quiz.core import grants as rules
from quiz.core.paper_entry import Medium
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt, Entry, HallSeat, HallSession, LateArrival, Round, Unit

Target = Entry | HallSession | Unit


class Reach(NamedTuple):
    """Whom a grant would meet: papers being worked on, people without one, papers handed in, closed by the clock."""

    working: int
    waiting: int
    handed_in: int
    closed: int


def name_of(target: Target) -> str:
    """Return what people call whom minutes are for."""
    if isinstance(target, Entry):
        return target.person.full_name
    return target.place if isinstance(target, HallSession) else target.title


def is_for_one(target: Target) -> bool:
    """Tell whether minutes for `target` are for one person alone."""
    return isinstance(target, Entry)


def meeting(target: Target) -> ColumnElement[bool]:
    """Return the condition that an entry of the round belongs to `target`."""
    if isinstance(target, Entry):
        return Entry.person_id == target.person_id
    if isinstance(target, HallSession):
        seated = select(HallSeat.entry_id).where(HallSeat.hall_id == target.id, HallSeat.left_at.is_(None))
        return Entry.id.in_(seated)
    return Entry.unit_id.in_(select(Unit.id).where(Unit.path.startswith(target.path)))


def attempts_of(contest_round: Round, met: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that an attempt on a device belongs to such an entry; one on paper has no clock here."""
    entries = select(Entry.id).where(Entry.round_id == contest_round.id, met)
    return Attempt.entry_id.in_(entries) & (Attempt.medium == Medium.DEVICE)


def closed_within(minutes: int, now: int) -> ColumnElement[bool]:
    """Return core.grants.may_reopen as a condition; what a device says was handed in stays so too."""
    newer = aliased(Attempt)
    signed_off = exists().where(LateArrival.attempt_id == Attempt.id, LateArrival.signed_off_at.is_not(None))
    return (
        Attempt.submitted_at.is_not(None)
        & (Attempt.ended_by == rules.BY_DEADLINE)
        & (Attempt.deadline + minutes * MINUTE > now)
        & ~signed_off
        & ~exists().where(newer.entry_id == Attempt.entry_id, newer.number > Attempt.number)
    )


def reach_of(contest_round: Round, target: Target, minutes: int, now: int) -> Reach:
    """Return whom a grant of so many minutes would meet now."""
    met = meeting(target)
    papers = select(func.count(Attempt.id)).where(
        Attempt.round_id == contest_round.id, attempts_of(contest_round, met)
    )
    none_yet = ~exists().where(Attempt.entry_id == Entry.id)
    waiting = select(func.count(Entry.id)).where(
        Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None), met, none_yet
    )
    counts = [
        db.session.scalar(query) or 0
        for query in (
            papers.where(Attempt.submitted_at.is_(None)), waiting, papers.where(Attempt.submitted_at.is_not(None)),
            papers.where(closed_within(minutes, now)),
        )
    ]  # fmt: skip
    return Reach(*counts)
