"""The rest a hall brings back beside its attempts: its sittings, minutes given, absences and the record of acts."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from quiz.core.sittings import AbsentLine, AuditRow, GivenLine, GrantLine, HallLine, Sitting
from quiz.extensions import db
from quiz.keyring import new_code
from quiz.models import Attempt, Entry, HallSession, Package, Person, TimeGiven, TimeGrant, Unit
from quiz.services import audit
from quiz.services.audit import Actor

CODE_LENGTH = 10  # of a sitting that is over: nobody joins it any more


def write(
    package: Package, sitting: Sitting, attempts: Mapping[str, Attempt], acts_before: int
) -> dict[str, int]:
    """Write what is not here yet and return how many of each there were; `attempts` are known by receipt code.

    Of the acts, which only ever grow in number, the first `acts_before` came with an earlier file.
    """
    codes = _units(sitting)
    before = set(db.session.scalars(select(HallSession.id).where(HallSession.round_id == package.round_id)))
    halls = {line.ref: _hall(package, line, codes) for line in sitting.halls if line.unit in codes}
    grants = [one for line in sitting.grants if (one := _grant(package, line, halls, codes, attempts))]
    absent = [line for line in sitting.absent if _absent(package.round_id, line)]
    acts = sitting.audit[acts_before:]
    _acts(package, acts, codes, attempts)
    db.session.flush()
    new_halls = {hall.id for hall in halls.values()} - before
    counts = {"halls": len(new_halls), "grants": len(grants), "absent": len(absent), "acts": len(acts)}
    return counts


def _units(sitting: Sitting) -> dict[str, Unit]:
    names = {line.unit for part in (sitting.halls, sitting.grants, sitting.audit) for line in part}
    return {unit.code: unit for unit in db.session.scalars(select(Unit).where(Unit.code.in_(names)))}


def _hall(package: Package, line: HallLine, codes: Mapping[str, Unit]) -> HallSession:
    same = select(HallSession).where(
        HallSession.round_id == package.round_id, HallSession.unit_id == codes[line.unit].id,
        HallSession.place == line.place, HallSession.created_at == line.created_at,
    )  # fmt: skip
    hall = db.session.scalar(same) or HallSession(
        round_id=package.round_id, unit=codes[line.unit], place=line.place, code=new_code(CODE_LENGTH),
        opens_at=line.opens_at, created_at=line.created_at,
        closed_at=line.closed_at or package.round.closes_at or line.opens_at,
    )  # fmt: skip
    db.session.add(hall)
    db.session.flush()
    return hall


def _grant(
    package: Package,
    line: GrantLine,
    halls: Mapping[int, HallSession],
    codes: Mapping[str, Unit],
    attempts: Mapping[str, Attempt],
) -> TimeGrant | None:
    known = select(TimeGrant.id).where(TimeGrant.key == line.key)
    if db.session.scalar(known) is not None:
        return None
    target = _target(line, halls, codes)
    if target is None:
        return None
    # Not for later: whoever starts on this server was not in the hall.
    grant = TimeGrant(
        round_id=package.round_id, minutes=line.minutes, reason=line.reason, key=line.key, for_later=False,
        given_at=line.given_at, withdrawn_at=line.withdrawn_at, **target,
    )  # fmt: skip
    db.session.add(grant)
    db.session.flush()
    for given in line.reached:
        if given.receipt in attempts:
            db.session.add(_given(grant.id, attempts[given.receipt].id, given))
    return grant


def _target(
    line: GrantLine, halls: Mapping[int, HallSession], codes: Mapping[str, Unit]
) -> dict[str, Any] | None:
    if line.person:
        person = db.session.scalar(select(Person).where(Person.code == line.person))
        return {"person_id": person.id, "path": person.unit.path} if person else None
    if line.hall is not None:
        hall = halls.get(line.hall)
        return {"hall_id": hall.id, "path": hall.unit.path} if hall else None
    unit = codes.get(line.unit)
    return {"unit_id": unit.id, "path": unit.path} if unit else None


def _given(grant_id: int, attempt_id: int, line: GivenLine) -> TimeGiven:
    return TimeGiven(
        grant_id=grant_id, attempt_id=attempt_id, deadline_before=line.before, deadline_after=line.after,
        was_reopened=line.was_reopened, given_at=line.given_at,
    )  # fmt: skip


def _absent(round_id: int, line: AbsentLine) -> bool:
    """Mark somebody absent who has no attempt here; tell whether that changed anything."""
    query = select(Entry).join(Entry.person).where(Entry.round_id == round_id, Person.code == line.person)
    entry = db.session.scalar(query)
    if entry is None or entry.withdrawn_at is not None:
        return False
    if db.session.scalar(select(Attempt.id).where(Attempt.entry_id == entry.id).limit(1)) is not None:
        return False
    entry.withdrawn_at, entry.withdrawn_reason = line.at, line.reason
    db.session.flush()
    return True


def _acts(
    package: Package, rows: Iterable[AuditRow], codes: Mapping[str, Unit], attempts: Mapping[str, Attempt]
) -> None:
    """Write the acts of the hall with their own instants; the detail says whose account of the laptop acted."""
    found = {row.person for row in rows if row.person}
    query = select(Person.code, Person.id).where(Person.code.in_(found))
    people = {code: key for code, key in db.session.execute(query)}
    for row in rows:
        path = codes[row.unit].path if row.unit in codes else package.round.unit.path
        detail = row.detail | {"hall_laptop": package.uuid[:8]} | ({"by": row.by} if row.by else {})
        actor = Actor(person_id=people.get(row.person))
        audit.record(actor, row.action, _target_here(package, row.target, attempts), row.at, path, **detail)


def _target_here(package: Package, target: str, attempts: Mapping[str, Attempt]) -> str:
    noun, _, name = target.partition(":")
    if noun == "attempt" and name in attempts:
        return f"attempt:{attempts[name].id}"
    return f"round:{package.round_id}" if noun == "round" else f"package:{package.id}"
