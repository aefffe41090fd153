"""Taking in a roster: what a file would change, what stands against it, and the import, whole or not at all.

Registrations of a workbook belong to a round and are taken in on the round's page; here they are only counted.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from quiz.core.errors import N_, AlreadyDone, Problem, RuleBroken
from quiz.core.permissions import covers
from quiz.core.roster_rules import Advice, blocking, check, one_per_cell
from quiz.core.rosters import (
    HEADINGS,
    PEOPLE,
    REGISTRATIONS,
    UNITS,
    PersonDraft,
    Roster,
    RosterDiff,
    UnitDraft,
    changes,
)
from quiz.extensions import db
from quiz.models import AuditEvent, Person, Upload
from quiz.services import audit, roster_writing, tree, units, uploads
from quiz.services.audit import Actor
from quiz.services.roster_days import dated
from quiz.services.roster_reading import Stored, stored_beside

OUTSIDE = N_("Ngoài phạm vi của bạn: chỉ nhập đơn vị và người thuộc cấp mình. Hãy bỏ dòng này.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking in a file would do, and what is wrong with it; made anew at the confirmation."""

    diff: RosterDiff
    problems: list[Problem]
    registrations: int
    stored: Stored

    @property
    def blocking(self) -> list[Problem]:
        """Return the problems that forbid the import."""
        return blocking(self.problems)

    @property
    def fingerprint(self) -> str:
        """Return a short text that differs whenever the effect of the import would."""
        sheets = (self.diff.units, self.diff.people)
        effect = [(sheet.new, sheet.changed) for sheet in sheets]
        return hashlib.sha256(repr(effect).encode()).hexdigest()[:32]


# --- what a file would do -----------------------------------------------------------------------------------


def plan(roster: Roster, found: Iterable[Problem], paths: list[str], today: date) -> Plan:
    """Return what importing `roster` would do for somebody who may import under `paths`.

    `found` are the problems met while reading the file; those of its registrations are left to the round's page.
    """
    registrations = len(roster.registrations)
    roster = replace(roster, registrations=())
    found = [problem for problem in found if problem.place != REGISTRATIONS]
    units_read = bool(roster.units) or all(problem.place != UNITS for problem in blocking(found))
    stored = stored_beside(roster)
    with_days = dated(roster, stored, today)
    roster = with_days.roster
    diff = changes(roster, stored.roster)
    problems = [
        *found,
        *with_days.told,
        *check(roster, stored.roster, today, units_read=units_read),
        *_outside(roster, stored, paths),
        *_emptied(diff, roster, stored),
        *_in_ended_cells(diff, roster, stored, today),
    ]
    return Plan(diff, one_per_cell(problems), registrations, stored)


def _problem(
    sheet: str, draft: UnitDraft | PersonDraft, name: str, message: str, **values: object
) -> Problem:
    return Problem(message, values, sheet, draft.row, HEADINGS[sheet][name])


def _outside(roster: Roster, stored: Stored, paths: list[str]) -> Iterator[Problem]:
    """Yield a problem for each row about, or newly pointing at, a unit outside the subtrees of `paths`."""
    if "" in paths:
        return
    outside = {code for code, (_, path) in stored.units.items() if not any(covers(p, path) for p in paths)}
    before = {draft.code: draft for draft in stored.roster.units}
    for unit in roster.units:
        old = before.get(unit.code)
        roots_anew = not unit.parent_code and (old is None or old.parent_code)
        if unit.code in outside or roots_anew:
            yield _problem(UNITS, unit, "code", OUTSIDE)
        for name in ("parent_code", "successor_code"):
            target = getattr(unit, name)
            if target in outside and (old is None or getattr(old, name) != target):
                yield _problem(UNITS, unit, name, OUTSIDE)
    homes = {draft.code: draft.unit_code for draft in stored.roster.people}
    for person in roster.people:
        if homes.get(person.code) in outside or person.unit_code in outside:
            yield _problem(PEOPLE, person, "code", OUTSIDE)


def _emptied(diff: RosterDiff, roster: Roster, stored: Stored) -> Iterator[Problem]:
    """Yield a problem for each cell that would stop being one while people are still in it."""
    turned = {
        stored.units[change.after.code][0]: change.after
        for change in diff.units.changed
        if change.before.is_cell and not change.after.is_cell
    }
    moved = {person.code for person in roster.people}
    query = select(Person.unit_id, Person.code).where(Person.unit_id.in_(turned))
    left = {unit_id for unit_id, code in db.session.execute(query) if code not in moved} if turned else set()
    for unit_id in sorted(left):
        message = N_("Chi bộ này đang có người: chuyển họ sang chi bộ khác trước.")
        yield _problem(UNITS, turned[unit_id], "is_cell", message)


def _in_ended_cells(diff: RosterDiff, roster: Roster, stored: Stored, today: date) -> Iterator[Problem]:
    """Yield advice for each person to be put into a cell that was merged or dissolved."""
    known = {unit.code: unit for unit in (*stored.roster.units, *roster.units)}
    for person in (*diff.people.new, *(change.after for change in diff.people.changed)):
        unit = known.get(person.unit_code)
        if unit is not None and unit.valid_to and unit.valid_to <= today:
            message = N_("Chi bộ này đã hết hiệu lực: nếu đã sáp nhập, ghi mã chi bộ kế thừa %(code)s.")
            yield Advice(
                message, {"code": unit.successor_code}, PEOPLE, person.row, HEADINGS[PEOPLE]["unit_code"]
            )


# --- the import ---------------------------------------------------------------------------------------------


def claim(upload_id: int, account_id: int | None, fingerprint: str) -> Upload:
    """Return an account's uploaded roster, locked until this transaction ends.

    Raise AlreadyDone when it has been taken in, RuleBroken when it is not kept any more.
    """
    return uploads.claim(upload_id, account_id, "roster", fingerprint)


def take_in(
    roster: Roster,
    found: Iterable[Problem],
    fingerprint: str,
    filename: str,
    paths: list[str],
    today: date,
    actor: Actor,
    now: int,
) -> Plan:
    """Plan again and write all of it, or nothing; `fingerprint` is that of the plan that was looked at.

    Raise RuleBroken if there are problems or the effect would be another one, AlreadyDone if there is none.
    """
    units.lock_tree()
    what = plan(roster, found, paths, today)
    if what.blocking:
        message = N_("Tệp còn %(count)d lỗi nên chưa nhập gì. Hãy sửa tệp rồi tải lên lại.")
        raise RuleBroken(message, count=len(what.blocking))
    if what.fingerprint != fingerprint:
        raise RuleBroken(N_("Dữ liệu đã thay đổi từ lúc xem trước. Hãy xem lại rồi xác nhận lần nữa."))
    if what.diff.is_empty:
        raise AlreadyDone(N_("Mọi dòng của tệp đã có trong hệ thống. Không có gì để nhập."))
    roster_writing.write(what.diff, what.stored, today, actor, now)
    path = "" if "" in paths else tree.common_path(paths)
    audit.record(
        actor, "roster.import", f"import:{fingerprint}", now, path=path, file=filename, **counts(what.diff)
    )
    db.session.flush()
    db.session.expire_all()
    return what


def counts(diff: RosterDiff) -> dict[str, int]:
    """Return how many units and people are new, changed and unchanged."""
    sheets = {"units": diff.units, "people": diff.people}
    kinds = ("new", "changed", "unchanged")
    return {f"{name}_{kind}": len(getattr(sheet, kind)) for name, sheet in sheets.items() for kind in kinds}


def taken_in(fingerprint: str, account_id: int, since: int) -> AuditEvent | None:
    """Return the record of the import that an account confirmed with this fingerprint since an instant, or None."""
    query = (
        select(AuditEvent)
        .where(AuditEvent.target == f"import:{fingerprint}", AuditEvent.account_id == account_id)
        .where(AuditEvent.action == "roster.import", AuditEvent.at >= since)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def recent(paths: list[str], limit: int = 10) -> list[AuditEvent]:
    """Return the latest imports under any of `paths`."""
    query = (
        select(AuditEvent)
        .where(AuditEvent.action == "roster.import")
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    if "" not in paths:
        query = query.where(db.or_(db.false(), *(AuditEvent.path.startswith(path) for path in paths)))
    return list(db.session.scalars(query))
