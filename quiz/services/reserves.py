"""People a unit names in reserve beside its contestants: noted, confirmed as contestants, taken out again (R8)."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from quiz.core.delegations import Sent
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.extensions import db
from quiz.models import Entry, Person, Reserve, Round, RoundUnit, Stage, Unit
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
        raise AlreadyDone(message, name=person.name_and_cell) from clash
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
        .order_by(Unit.sort_key, Unit.id, Person.sort_key, Person.id)
        .options(joinedload(Reserve.person), joinedload(Reserve.unit), joinedload(Reserve.scope))
    )  # fmt: skip
    return list(db.session.scalars(query))


def beside(entry: Entry) -> list[Person]:
    """Return the people the unit of a contestant has named in reserve, by name."""
    return [note.person for note in of_round(entry.round) if note.scope_id == entry.scope_id]


def people_of(contest_round: Round, scope_id: int) -> set[int]:
    """Return the ids of the people one unit of a round has named in reserve."""
    query = select(Reserve.person_id).where(
        Reserve.round_id == contest_round.id, Reserve.scope_id == scope_id
    )
    return set(db.session.scalars(query))


def sent_by_units(contest_round: Round) -> list[Sent]:
    """Return how many contestants and reserves each unit of a round has named, by the units' names."""
    return _sent(RoundUnit.round_id == contest_round.id, [contest_round.id])


def sent_beside(contest_round: Round, cell: Unit) -> list[Sent]:
    """Return the same of the one unit that a cell of the round comes under; nothing of a cell that left it."""
    above = [int(key) for key in cell.path.strip("/").split("/")]
    return _sent((RoundUnit.round_id == contest_round.id) & RoundUnit.unit_id.in_(above), [contest_round.id])


def sent_in_stage(stage: Stage) -> list[Sent]:
    """Return the same for every unit of every round of a stage."""
    keys = [contest_round.id for contest_round in stage.rounds]
    return _sent(RoundUnit.round_id.in_(keys), keys)


def _sent(covered: ColumnElement[bool], keys: list[int]) -> list[Sent]:
    entered, waiting = _counts(Entry, keys), _counts(Reserve, keys)
    query = (
        select(RoundUnit.round_id, Unit)
        .join(Unit, RoundUnit.unit_id == Unit.id)
        .where(covered)
        .order_by(Unit.sort_key, Unit.id)
    )
    return [
        Sent(
            unit.title,
            unit.type_label,
            entered.get((key, unit.id), 0),
            waiting.get((key, unit.id), 0),
            unit.code,
        )
        for key, unit in db.session.execute(query)
    ]


def _counts(listed: type[Entry] | type[Reserve], keys: list[int]) -> dict[tuple[int, int], int]:
    query = select(listed.round_id, listed.scope_id, func.count()).where(listed.round_id.in_(keys))
    if listed is Entry:
        query = query.where(Entry.withdrawn_at.is_(None))
    rows = db.session.execute(query.group_by(listed.round_id, listed.scope_id))
    return {(round_id, unit_id): count for round_id, unit_id, count in rows}


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
