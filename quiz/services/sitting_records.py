"""The rest a hall brings back beside its attempts: its halls, papers, minutes given, absences and record of acts."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from quiz.core.people import AbsenceReason
from quiz.core.sittings import AbsentLine, AuditRow, CellLine, GivenLine, GrantLine, PaperLine, Sitting
from quiz.extensions import db
from quiz.models import (
    Absence,
    Attempt,
    Entry,
    HallSession,
    Keying,
    Package,
    Performance,
    Person,
    PrintedPaper,
    TimeGiven,
    TimeGrant,
    Unit,
)
from quiz.services import audit, sitting_halls, sitting_incidents
from quiz.services.audit import Actor


def write(
    package: Package, sitting: Sitting, attempts: Mapping[str, Attempt], acts_before: int
) -> dict[str, int]:
    """Write what is not here yet and return how many of each there were; `attempts` are known by receipt code.

    Of the acts, which only ever grow in number, the first `acts_before` came with an earlier file.
    """
    codes = _units(sitting)
    halls, counts = sitting_halls.write(package, sitting, codes)
    printed = [paper for line in sitting.papers if (paper := _paper(line, attempts.get(line.receipt)))]
    grants = [one for line in sitting.grants if (one := _grant(package, line, halls, codes, attempts))]
    absent = [line for line in sitting.absent if _absent(package.round_id, line)]
    cells = [line for line in sitting.cells if _cell(package.round_id, line, codes)]
    counts["incidents"] = sitting_incidents.write(package.round_id, sitting.incidents, codes)
    acts = sitting.audit[acts_before:]
    _acts(package, acts, codes, _Here(package, attempts, halls))
    db.session.flush()
    return counts | {
        "papers": len(printed), "grants": len(grants), "absent": len(absent), "cells": len(cells), "acts": len(acts),
    }  # fmt: skip


def _units(sitting: Sitting) -> dict[str, Unit]:
    parts = (sitting.halls, sitting.grants, sitting.cells, sitting.incidents, sitting.audit)
    names = {line.unit for part in parts for line in part}
    return {unit.code: unit for unit in db.session.scalars(select(Unit).where(Unit.code.in_(names)))}


def _paper(line: PaperLine, attempt: Attempt | None) -> PrintedPaper | None:
    """Write a printed paper with its keyings; None when its attempt was not taken in or the paper is here."""
    if attempt is None:
        return None
    if db.session.scalar(select(PrintedPaper.id).where(PrintedPaper.attempt_id == attempt.id)) is not None:
        return None
    paper = PrintedPaper(
        attempt=attempt, issued_at=line.issued_at, settled_at=line.settled_at, settled_by_name=line.settled_by,
        minutes=line.minutes, decided={str(place): answer for place, answer in line.decided}, reason=line.reason,
    )  # fmt: skip
    paper.keyings = [
        Keying(
            number=one.number, account_name=one.by, keyed_at=one.keyed_at, choices=list(one.choices),
            minutes=one.minutes,
        )
        for one in line.keyings
    ]  # fmt: skip
    db.session.add(paper)
    db.session.flush()
    return paper


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
        given_at=line.given_at, given_by_name=line.by, withdrawn_at=line.withdrawn_at, **target,
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


def _cell(round_id: int, line: CellLine, codes: Mapping[str, Unit]) -> bool:
    """Note why a cell sent nobody, unless it says so here already or somebody of it is entered."""
    unit = codes.get(line.unit)
    if unit is None:
        return False
    known = select(Absence.id).where(Absence.round_id == round_id, Absence.unit_id == unit.id)
    sends = select(Entry.id).where(
        Entry.round_id == round_id, Entry.unit_id == unit.id, Entry.withdrawn_at.is_(None)
    )
    if any(db.session.scalar(query.limit(1)) is not None for query in (known, sends)):
        return False
    reason = AbsenceReason(line.reason)
    db.session.add(Absence(round_id=round_id, unit=unit, reason=reason, note=line.note, created_at=line.at))
    db.session.flush()
    return True


# --- the record of acts -------------------------------------------------------------------------------------------


def _acts(package: Package, rows: Iterable[AuditRow], codes: Mapping[str, Unit], here: "_Here") -> None:
    """Write the acts of the hall with their own instants; the detail says whose account of the laptop acted."""
    found = {row.person for row in rows if row.person}
    query = select(Person.code, Person.id).where(Person.code.in_(found))
    people = {code: key for code, key in db.session.execute(query)}
    for row in rows:
        path = codes[row.unit].path if row.unit in codes else package.round.unit.path
        detail = row.detail | {"hall_laptop": package.uuid[:8]} | ({"by": row.by} if row.by else {})
        actor = Actor(person_id=people.get(row.person))
        audit.record(actor, row.action, here.target(row.target), row.at, path, **detail)


class _Here:
    """What the things of the laptop that acts were done to are called in this database."""

    def __init__(
        self, package: Package, attempts: Mapping[str, Attempt], halls: Mapping[int, HallSession]
    ) -> None:
        self.package = package
        round_id, receipts = package.round_id, {one.id: receipt for receipt, one in attempts.items()}
        entries = select(Person.code, Entry.id).join(Entry.person).where(Entry.round_id == round_id)
        grants = select(TimeGrant.key, TimeGrant.id).where(TimeGrant.round_id == round_id)
        papers = select(PrintedPaper.attempt_id, PrintedPaper.id).where(PrintedPaper.attempt_id.in_(receipts))
        performances = (
            select(Person.code + "|" + Performance.part, Performance.id)
            .join(Entry, Entry.id == Performance.entry_id)
            .join(Person, Person.id == Entry.person_id)
            .where(Performance.round_id == round_id)
        )
        self._names: dict[str, Mapping[str, int]] = {
            "attempt": {receipt: one.id for receipt, one in attempts.items()},
            "entry": {code: key for code, key in db.session.execute(entries)},
            "time_grant": {key: number for key, number in db.session.execute(grants)},
            "printed_paper": {receipts[attempt]: key for attempt, key in db.session.execute(papers)},
            "hall_session": {str(ref): hall.id for ref, hall in halls.items()},
            "performance": {name: key for name, key in db.session.execute(performances)},
        }

    def target(self, name: str) -> str:
        """Return the target here; what stayed on the laptop is told of its package."""
        noun, _, key = name.partition(":")
        known = self._names.get(noun, {}).get(key)
        if known is not None:
            return f"{noun}:{known}"
        return f"round:{self.package.round_id}" if noun == "round" else f"package:{self.package.id}"
