"""Registering a whole stage at once: from the workbook's sheet, or every secretary of the cells it covers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from quiz.core.errors import N_, Problem, RuleBroken
from quiz.core.people import Position
from quiz.core.rosters import HEADINGS, REGISTRATIONS, RegistrationDraft
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Absence, Entry, Person, Round, RoundUnit, Stage, Unit
from quiz.services import contests, entries, participation, performances
from quiz.services.audit import Actor
from quiz.services.ledgers import Ledger


@dataclass(frozen=True, slots=True)
class Line:
    """One row that can be taken in: who is sent, or why nobody is."""

    draft: RegistrationDraft
    scope: RoundUnit
    cell: Unit
    person: Person | None


@dataclass(slots=True)
class Plan:
    """What registering these rows would do; a row with a problem is left out, the others go in.

    Where every secretary is entered, `vacant` are the cells left without one and `elsewhere` those that have entered or
    answered in another round of the stage.
    """

    new: list[Line] = field(default_factory=list)
    unchanged: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    vacant: int = 0
    elsewhere: int = 0

    @property
    def contestants(self) -> int:
        """Return how many of the new rows enter somebody."""
        return sum(line.person is not None for line in self.new)

    @property
    def absences(self) -> int:
        """Return how many of the new rows give a reason for sending nobody."""
        return len(self.new) - self.contestants


def plan_of(
    stage: Stage, drafts: Sequence[RegistrationDraft], now: int, rounds: Iterable[Round] | None = None
) -> Plan:
    """Return what registering `drafts` in the rounds of `stage` would do; nothing is written."""
    return _plan(stage, drafts, now, rounds)[1]


def register_all(
    stage: Stage,
    drafts: Sequence[RegistrationDraft],
    actor: Actor,
    now: int,
    rounds: Iterable[Round] | None = None,
) -> Plan:
    """Take in every row that has no problem, each in the round that covers its cell, and return what was done.

    `rounds` narrows this to some rounds of the stage. Taking the same rows in again changes nothing.
    """
    contests.lock(stage)
    ledger, plan = _plan(stage, drafts, now, rounds)
    coming: list[tuple[RoundUnit, Unit, Person]] = []
    for line in plan.new:
        absence = ledger.absences.get(line.cell.id)
        if line.person is None and line.draft.reason is not None:
            entries.note_absence(
                ledger, line.scope.round, line.cell, line.draft.reason, line.draft.note, actor, now
            )
        elif line.person is not None:
            if absence is not None:
                entries.remove_absence(absence, actor, now)
                del ledger.absences[line.cell.id]
            coming.append((line.scope, line.cell, line.person))
    performances.add_late_entries(entries.enter_all(ledger, coming, actor, now), actor, now)
    return plan


def register_secretaries(stage: Stage, actor: Actor, now: int, rounds: Sequence[Round] | None = None) -> Plan:
    """Enter the secretary of every expected cell that sends nobody yet and gave no reason.

    `rounds` narrows this to some rounds of the stage. Cells with no secretary stay missing; those with two, or whose
    secretary may not compete, are among the problems, and units with more such cells than places: they choose.
    """
    contests.lock(stage)
    drafts: list[RegistrationDraft] = []
    problems: list[Problem] = []
    own = stage.rounds if rounds is None else rounds
    missing = list(_missing_cells(own, now))
    for cell, secretaries in missing:
        if len(secretaries) == 1:
            drafts.append(RegistrationDraft(0, cell.code, secretaries[0].code))
        elif secretaries:
            message = N_(
                "%(cell)s có nhiều bí thư trong danh sách nhân sự. Hãy chọn một người và đăng ký riêng."
            )
            problems.append(Problem(message, {"cell": cell.title}))
    unheard = [cell for cell, secretaries in missing if secretaries]
    for problem, choosing in _crowded(stage, unheard, own):
        problems.append(problem)
        drafts = [draft for draft in drafts if draft.unit_code not in choosing]
    plan = register_all(stage, drafts, actor, now, rounds)
    plan.problems[:0] = problems
    plan.vacant = sum(not secretaries for _cell, secretaries in missing)
    plan.elsewhere = participation.heard_of_elsewhere(own, now)
    return plan


def _crowded(stage: Stage, cells: list[Unit], own: Sequence[Round]) -> Iterator[tuple[Problem, set[str]]]:
    """Yield each unit with fewer places left than it has of these cells, as a sentence, with the cells' codes."""
    ledger = Ledger(stage, [], [])
    ledger.narrow({contest_round.id for contest_round in own})
    by_scope: dict[RoundUnit, set[str]] = defaultdict(set)
    for cell in cells:
        for scope in ledger.scopes_of(cell)[:1]:
            by_scope[scope].add(cell.code)
    message = N_(
        "%(unit)s có %(cells)d chi bộ chưa báo mà chỉ tiêu còn %(left)d người. Hãy chọn và đăng ký từng người."
    )
    for scope, found in by_scope.items():
        left = ledger.places_left(scope)
        if left is not None and left < len(found):
            yield Problem(message, {"unit": scope.unit.title, "cells": len(found), "left": left}), found


def _missing_cells(rounds: Sequence[Round], now: int) -> Iterable[tuple[Unit, list[Person]]]:
    keys = [seat.cell_id for seat in participation.seats(rounds, now) if seat.is_missing]
    units = select(Unit).where(Unit.id.in_(keys)).order_by(Unit.path)
    cells = {cell.id: cell for cell in db.session.scalars(units)}
    found: dict[int, list[Person]] = {key: [] for key in cells}
    people = select(Person).where(Person.unit_id.in_(cells), Person.position == Position.SECRETARY)
    for person in db.session.scalars(people):
        found[person.unit_id].append(person)
    return [(cells[key], persons) for key, persons in found.items()]


# --- reading the rows against what is stored ----------------------------------------------------------------------


def _plan(
    stage: Stage, drafts: Sequence[RegistrationDraft], now: int, rounds: Iterable[Round] | None
) -> tuple[Ledger, Plan]:
    codes = [draft.unit_code for draft in drafts]
    cells = {cell.code: cell for cell in db.session.scalars(select(Unit).where(Unit.code.in_(codes)))}
    codes = [draft.person_code for draft in drafts if draft.person_code]
    query = select(Person).where(Person.code.in_(codes)).options(joinedload(Person.unit))
    persons = {person.code: person for person in db.session.scalars(query)}
    ledger = Ledger(stage, [cell.id for cell in cells.values()], [person.id for person in persons.values()])
    if rounds is not None:
        ledger.narrow({contest_round.id for contest_round in rounds})
    plan = Plan()
    seen: set[str] = set()
    for draft in drafts:
        column = "unit_code"
        try:
            if draft.unit_code in seen:
                raise RuleBroken(N_("Chi bộ này đã có ở dòng trên. Mỗi chi bộ ghi một dòng."))
            seen.add(draft.unit_code)
            cell = _cell(draft, cells)
            scope = _only_scope(ledger, cell)
            column = "person_code" if draft.person_code else column
            line = _line(ledger, draft, scope, cell, persons.get(draft.person_code), now)
            is_done = _is_done(ledger, line)
            (plan.unchanged if is_done else plan.new).append(line)
            if line.person is not None and not is_done:
                ledger.hold(scope)
        except RuleBroken as refusal:
            plan.problems.append(_problem(draft, refusal, column))
    return ledger, plan


def _cell(draft: RegistrationDraft, cells: Mapping[str, Unit]) -> Unit:
    if draft.unit_code not in cells:
        raise RuleBroken(
            N_("Không có chi bộ mã “%(code)s”. Hãy nhập chi bộ trước hoặc sửa mã."), code=draft.unit_code
        )
    return cells[draft.unit_code]


def _line(
    ledger: Ledger, draft: RegistrationDraft, scope: RoundUnit, cell: Unit, person: Person | None, now: int
) -> Line:
    """Return the row with the things it names; raise RuleBroken when it cannot be taken in."""
    if draft.person_code and person is None:
        raise RuleBroken(
            N_("Không có người mã “%(code)s”. Hãy nhập người đó trước hoặc sửa mã."), code=draft.person_code
        )
    line = Line(draft, scope, cell, person)
    if not _is_done(ledger, line):
        _check(ledger, line, now)
    return line


def _only_scope(ledger: Ledger, cell: Unit) -> RoundUnit:
    scopes = ledger.scopes_of(cell)
    if not scopes:
        raise RuleBroken(
            N_(
                "Không có vòng thi nào bạn phụ trách cho %(cell)s. Hãy xem lại mã chi bộ, hoặc tạo vòng thi trước."
            ),
            cell=cell.title,
        )
    if sum(scope.unit_id == scopes[0].unit_id for scope in scopes) > 1:
        raise RuleBroken(
            N_("%(cell)s thuộc nhiều vòng thi của cấp này. Hãy đăng ký ở trang của đúng vòng thi."),
            cell=cell.title,
        )
    return scopes[0]


def _check(ledger: Ledger, line: Line, now: int) -> None:
    contest_round = line.scope.round
    ledger.check_cell(contest_round, line.cell)
    if contest_round.phase_at(now) in (Phase.OPEN, Phase.CLOSED):
        raise RuleBroken(
            N_("%(round)s đã bắt đầu. Hãy đăng ký muộn từng người ở trang của vòng thi và ghi lý do."),
            round=contest_round.name,
        )
    if line.person is None:
        if line.draft.reason is None:
            raise RuleBroken(N_("Ghi mã người dự thi, hoặc chọn lý do không có thí sinh."))
        entries.check_absence(ledger, line.cell, line.draft.reason, line.draft.note)
        return
    ledger.check_standing(line.cell, now)
    if line.person.unit_id not in (line.cell.id, line.cell.successor_id):
        raise RuleBroken(
            N_("%(name)s không thuộc %(cell)s. Hãy ghi người của chi bộ này."),
            name=line.person.full_name,
            cell=line.cell.title,
        )
    ledger.check_person(contest_round, line.person)
    ledger.check_reason(contest_round, line.cell, "", now)


def _is_done(ledger: Ledger, line: Line) -> bool:
    """Tell whether the row already holds; one person named for two cells is caught by the checks of the second."""
    if line.person is None:
        absence = ledger.absences.get(line.cell.id)
        said = (line.draft.reason, line.draft.note)
        return absence is not None and (absence.reason, absence.note) == said
    return any(entry.person_id == line.person.id for entry in ledger.by_cell[line.cell.id])


def _problem(draft: RegistrationDraft, refusal: RuleBroken, column: str) -> Problem:
    return Problem(
        refusal.message, refusal.values, REGISTRATIONS, draft.row or None, HEADINGS[REGISTRATIONS][column]
    )


# --- what the desk sees -------------------------------------------------------------------------------------------


def rounds_under(stage: Stage, paths: Sequence[str]) -> list[Round]:
    """Return the rounds of a stage held under any of `paths` ("" reaches all), by the name of their unit."""
    query = select(Round).join(Round.unit).where(Round.stage_id == stage.id).order_by(Unit.sort_key, Round.id)
    if "" not in paths:
        query = query.where(db.or_(db.false(), *(Unit.path.startswith(path) for path in paths)))
    return list(db.session.scalars(query.options(contains_eager(Round.unit))))


def by_round(plan: Plan) -> list[tuple[Round, int, int]]:
    """Return (round, contestants, absences) of the new rows, in the order of the rounds."""
    found: dict[int, tuple[Round, int, int]] = {}
    for line in plan.new:
        contest_round = line.scope.round
        _, sent, absent = found.get(contest_round.id, (contest_round, 0, 0))
        is_sent = line.person is not None
        found[contest_round.id] = (contest_round, sent + is_sent, absent + (not is_sent))
    return [found[key] for key in sorted(found)]


def drafts_of(stage: Stage) -> list[RegistrationDraft]:
    """Return what a stage's lists say as rows of the workbook's sheet, by cell."""
    sent = (
        select(Unit.code, Person.code, Unit.path)
        .select_from(Entry)
        .join(Round).join(Unit, Unit.id == Entry.unit_id).join(Person, Person.id == Entry.person_id)
        .where(Round.stage_id == stage.id, Entry.withdrawn_at.is_(None))
    )  # fmt: skip
    absent = select(Absence, Unit).join(Absence.unit).join(Round).where(Round.stage_id == stage.id)
    rows = [(path, RegistrationDraft(0, cell, person)) for cell, person, path in db.session.execute(sent)]
    rows += [
        (unit.path, RegistrationDraft(0, unit.code, "", absence.reason, absence.note))
        for absence, unit in db.session.execute(absent)
    ]
    return [draft for _, draft in sorted(rows, key=lambda row: row[0])]
