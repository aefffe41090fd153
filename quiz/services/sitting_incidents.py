"""The log of incidents a hall brings back: each with what was done about it and the minutes it cost, once."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from quiz.core.incidents import IncidentKind
from quiz.core.sittings import IncidentLine
from quiz.extensions import db
from quiz.models import Entry, Incident, IncidentGrant, IncidentStep, Person, TimeGrant, Unit


def write(round_id: int, lines: Iterable[IncidentLine], units: Mapping[str, Unit]) -> int:
    """Write the incidents that are not here yet and return how many; to known ones add what was done since."""
    count = 0
    for line in lines:
        if line.unit not in units:
            continue
        known = db.session.scalar(select(Incident).where(Incident.key == line.key))
        if known is not None and known.round_id != round_id:
            continue
        incident = known or _new(round_id, line, units[line.unit])
        count += known is None
        _add_steps(incident, line)
        _link(round_id, incident, line.grants)
        if incident.withdrawn_at is None and line.withdrawn_at is not None:
            incident.withdrawn_at, incident.withdrawn_reason = line.withdrawn_at, line.withdrawn_reason
    db.session.flush()
    return count


def _new(round_id: int, line: IncidentLine, unit: Unit) -> Incident:
    entered = select(Entry).join(Entry.person).where(Entry.round_id == round_id, Person.code == line.person)
    incident = Incident(
        round_id=round_id, unit=unit, entry=db.session.scalar(entered), path=unit.path, place=line.place,
        kind=IncidentKind(line.kind), happened_at=line.happened_at, what=line.what, key=line.key,
        written_at=line.written_at, written_by_name=line.by,
    )  # fmt: skip
    db.session.add(incident)
    db.session.flush()
    return incident


def _add_steps(incident: Incident, line: IncidentLine) -> None:
    keys = [step.key for step in line.steps]
    known = set(db.session.scalars(select(IncidentStep.key).where(IncidentStep.key.in_(keys))))
    for step in line.steps:
        if step.key not in known:
            known.add(step.key)
            db.session.add(
                IncidentStep(
                    incident_id=incident.id, text=step.text, key=step.key, written_at=step.written_at,
                    written_by_name=step.by,
                )
            )  # fmt: skip
    db.session.flush()


def _link(round_id: int, incident: Incident, keys: Iterable[str]) -> None:
    query = select(TimeGrant.id).where(TimeGrant.round_id == round_id, TimeGrant.key.in_(list(keys)))
    linked = select(IncidentGrant.grant_id)
    for grant_id in db.session.scalars(query.where(TimeGrant.id.not_in(linked))):
        db.session.add(IncidentGrant(grant_id=grant_id, incident_id=incident.id))
    db.session.flush()
