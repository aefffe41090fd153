"""Registering a whole stage at once, from rows such as those of the workbook's sheet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from quiz.core.errors import N_, Problem, RuleBroken
from quiz.core.rosters import HEADINGS, REGISTRATIONS, RegistrationDraft
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Absence, Entry, Person, Round, RoundUnit, Stage, Unit
from quiz.services import contests, entries, performances
from quiz.services.audit import Actor
from quiz.services.ledgers import Ledger

WITHDREW = N_(
    "%(name)s (%(cell)s) đã rút tên nên không được đăng ký lại. Hãy khôi phục, đăng ký người khác của chi bộ,"
    " hoặc ghi lý do không có thí sinh."
)


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
    earlier = ledger.earlier_entry(contest_round, line.person)
    if earlier is not None and earlier.withdrawn_at is not None:
        # A list made before the withdrawal and read again knows nothing of it.
        raise RuleBroken(WITHDREW, name=line.person.full_name, cell=line.cell.title)
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
