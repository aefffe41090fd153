"""People a unit names in reserve beside its contestants: noted, confirmed as contestants, taken out again (R8)."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from quiz.core.delegations import Sent
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.extensions import db
from quiz.models import Entry, Person, Reserve, Round, RoundUnit, Unit
from quiz.services import audit, contests
from quiz.services.audit import Actor
from quiz.services.ledgers import Ledger, check_not_closed


def name_reserve(contest_round: Round, person: Person, actor: Actor, now: int) -> Reserve:
    """Note somebody of a cell in reserve and return the note.

    Raise AlreadyDone when it is there or the person is entered, RuleBroken when cell or person may not take part.
    """
    contests.lock(contest_round.stage)
    check_not_closed(contest_round, now)
    ledger = Ledger(contest_round.stage, [person.unit_id], [person.id])
    ledger.check_person(contest_round, person)
    scope = ledger.check_cell(contest_round, person.unit)
    ledger.check_standing(person.unit, now)
    note = Reserve(
        round_id=contest_round.id, person=person, unit=person.unit, scope_id=scope.unit_id, created_at=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(note)
    except IntegrityError as clash:
        message = N_("%(name)s đã có trong danh sách dự bị.")
        raise AlreadyDone(message, name=person.full_name) from clash
    _record(actor, "reserve.name", note, now)
    return note


def remove(note: Reserve, actor: Actor, now: int) -> None:
    """Take somebody off the reserve list."""
    check_not_closed(note.round, now)
    _record(actor, "reserve.remove", note, now)
    db.session.delete(note)
    db.session.flush()


def forget(contest_round: Round, person: Person) -> None:
    """Drop the note of somebody who has become a contestant."""
    query = select(Reserve).where(Reserve.round_id == contest_round.id, Reserve.person_id == person.id)
    for note in db.session.scalars(query):
        db.session.delete(note)
    db.session.flush()


def _record(actor: Actor, action: str, note: Reserve, now: int) -> None:
    names = {"name": note.person.full_name, "cell": note.unit.title, "round": note.round.name}
    audit.record(actor, action, note, now, path=note.unit.path, **names)


def of_round(contest_round: Round) -> Sequence[Reserve]:
    """Return the reserve list of a round, by unit and name."""
    query = (
        select(Reserve)
        .join(Reserve.scope).join(Reserve.person)
        .where(Reserve.round_id == contest_round.id)
        .order_by(Unit.sort_key, Unit.id, Person.sort_key)
        .options(joinedload(Reserve.person), joinedload(Reserve.unit), joinedload(Reserve.scope))
    )  # fmt: skip
    return list(db.session.scalars(query))


def people_of(contest_round: Round, scope_id: int) -> set[int]:
    """Return the ids of the people one unit of a round has named in reserve."""
    query = select(Reserve.person_id).where(
        Reserve.round_id == contest_round.id, Reserve.scope_id == scope_id
    )
    return set(db.session.scalars(query))


def sent_by_units(contest_round: Round) -> list[Sent]:
    """Return how many contestants and reserves each unit of a round has named, by the units' names."""
    entered = _counts(Entry, contest_round)
    waiting = _counts(Reserve, contest_round)
    query = (
        select(Unit)
        .join(RoundUnit, RoundUnit.unit_id == Unit.id)
        .where(RoundUnit.round_id == contest_round.id)
        .order_by(Unit.sort_key, Unit.id)
    )
    return [
        Sent(unit.title, unit.type_label, entered.get(unit.id, 0), waiting.get(unit.id, 0))
        for unit in db.session.scalars(query)
    ]


def _counts(listed: type[Entry] | type[Reserve], contest_round: Round) -> dict[int, int]:
    query = select(listed.scope_id, func.count()).where(listed.round_id == contest_round.id)
    if listed is Entry:
        query = query.where(Entry.withdrawn_at.is_(None))
    return {unit_id: count for unit_id, count in db.session.execute(query.group_by(listed.scope_id))}


def check_same_unit(entry: Entry, person: Person, contest_round: Round) -> None:
    """Raise RuleBroken unless `person` may stand in for `entry`: of its cell, or named in reserve by its unit."""
    if person.unit_id in (entry.unit_id, entry.unit.successor_id):
        return
    if person.id not in people_of(contest_round, entry.scope_id):
        raise RuleBroken(
            N_(
                "Người thay phải cùng chi bộ với người được thay, hoặc là dự bị của đơn vị. Hãy chọn người khác."
            )
        )
