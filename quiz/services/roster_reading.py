"""The stored units and people as a roster: to hand out, and to compare a file with."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from quiz.core.rosters import PersonDraft, RegistrationDraft, Roster, UnitDraft
from quiz.extensions import db
from quiz.models import Person, Unit
from quiz.services import audit, tree
from quiz.services.audit import Actor

_BATCH = 5_000  # values in one IN (…), below every driver's limit


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored now: as drafts, and by code the id and the unit's path of each."""

    roster: Roster
    units: dict[str, tuple[int, str]] = field(default_factory=dict)
    people: dict[str, tuple[int, str]] = field(default_factory=dict)


def _unit_rows() -> Select[tuple[object, ...]]:
    above, successor = aliased(Unit), aliased(Unit)
    return (
        select(
            Unit.id, Unit.path, Unit.sort_key, Unit.code, Unit.name, Unit.type_label, func.coalesce(above.code, ""),
            Unit.is_cell, Unit.cell_type, Unit.ranking_group, Unit.has_signal, Unit.is_difficult, Unit.valid_from,
            Unit.valid_to, func.coalesce(successor.code, ""),
        )
        .outerjoin(above, Unit.parent_id == above.id)
        .outerjoin(successor, Unit.successor_id == successor.id)
    )  # fmt: skip


def _person_rows() -> Select[tuple[object, ...]]:
    return select(
        Person.id, Unit.path, Person.sort_key, Person.code, Person.full_name, Person.birth_date, Person.sex,
        Person.ethnicity, Person.position, Person.is_village_head, Person.phone, Unit.code,
    ).join(Unit, Unit.id == Person.unit_id)  # fmt: skip


def _unit_draft(row: Row[tuple[object, ...]]) -> UnitDraft:
    return UnitDraft(0, *row[3:])


def _person_draft(row: Row[tuple[object, ...]]) -> PersonDraft:
    return PersonDraft(0, *row[3:])


def export(
    paths: list[str], top: Unit | None = None, registrations: Iterable[RegistrationDraft] = ()
) -> Roster:
    """Return the units and people under `paths` (and under `top`), a unit before those below it, people by cell."""
    where = (tree.under(paths), tree.under([top.path] if top else [""]))
    rows = db.session.execute(_unit_rows().where(*where)).all()
    keys = {row.id: row.sort_key for row in rows}
    order = {row.path: [keys.get(int(key), "") for key in row.path.strip("/").split("/")] for row in rows}
    people = db.session.execute(_person_rows().where(*where)).all()
    return Roster(
        tuple(_unit_draft(row) for row in sorted(rows, key=lambda row: order[row.path])),
        tuple(_person_draft(row) for row in sorted(people, key=lambda row: (order[row.path], row.sort_key))),
        tuple(registrations),
    )


def hand_out(paths: list[str], top: Unit | None, actor: Actor, now: int) -> Roster:
    """Return what `export` does and note in the record who took the list, as it holds people's data."""
    taken = export(paths, top)
    path = top.path if top else "" if "" in paths else tree.common_path(paths)
    target = f"unit:{top.id}" if top else "roster"
    audit.record(
        actor, "roster.export", target, now, path=path, units=len(taken.units), people=len(taken.people)
    )
    db.session.flush()
    return taken


def stored_beside(roster: Roster) -> Stored:
    """Return every stored unit, and the stored people whose codes stand in `roster`, in whatever case."""
    unit_rows = db.session.execute(_unit_rows()).all()
    codes = sorted({form for draft in roster.people for form in _spellings(draft.code)})
    person_rows = []
    for start in range(0, len(codes), _BATCH):
        some = _person_rows().where(Person.code.in_(codes[start : start + _BATCH]))
        person_rows += db.session.execute(some).all()
    return Stored(
        Roster(tuple(map(_unit_draft, unit_rows)), tuple(map(_person_draft, person_rows))),
        {row.code: (row.id, row.path) for row in unit_rows},
        {row[3]: (row.id, row.path) for row in person_rows},
    )


def _spellings(code: str) -> set[str]:
    return {code, code.lower(), code.upper()}
