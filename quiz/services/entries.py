"""Who takes part in a round: entering, withdrawing and replacing people, and cells that send nobody."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.people import AbsenceReason, Position
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Absence, Attempt, Entry, Person, Round, RoundUnit, Unit
from quiz.services import audit, contests, participation, performances, reserves, tree
from quiz.services.audit import Actor
from quiz.services.ledgers import Ledger, check_not_closed

PAGE = 50


def register(contest_round: Round, person: Person, actor: Actor, now: int, reason: str = "") -> Entry:
    """Enter `person` for the own cell and return the entry; a withdrawn one stands again.

    `reason` is needed once the round runs, in a later stage, or for a second person of one cell. Raise AlreadyDone
    when the person is entered, RuleBroken when the cell or the person may not take part.
    """
    contests.lock(contest_round.stage)
    ledger = Ledger(contest_round.stage, [person.unit_id], [person.id])
    ledger.check_person(contest_round, person)
    scope = ledger.check_cell(contest_round, person.unit)
    ledger.check_standing(person.unit, now)
    ledger.check_not_absent(person.unit)
    ledger.check_reason(contest_round, person.unit, reason, now)
    reserves.forget(contest_round, person)
    entry = enter(ledger, scope, person.unit, person, actor, now, reason)
    performances.add_late_entries([entry], actor, now)
    return entry


def enter(
    ledger: Ledger, scope: RoundUnit, cell: Unit, person: Person, actor: Actor, now: int, reason: str = ""
) -> Entry:
    """Write the entry of somebody who has passed the checks of `ledger`, with cell, node, cluster and group as now."""
    [entry] = enter_all(ledger, [(scope, cell, person)], actor, now, reason)
    return entry


def enter_all(
    ledger: Ledger, lines: Iterable[tuple[RoundUnit, Unit, Person]], actor: Actor, now: int, reason: str = ""
) -> list[Entry]:
    """Write the entries of many as `enter` does, in one go: that takes a third of the time of one by one."""
    entered = [_entry_of(ledger, *line, now) for line in lines]
    db.session.flush()
    for entry in entered:
        ledger.note(entry)
        _record(actor, "entry.register", entry, now, reason=reason)
    return entered


def _entry_of(ledger: Ledger, scope: RoundUnit, cell: Unit, person: Person, now: int) -> Entry:
    contest_round = scope.round
    entry = ledger.earlier_entry(contest_round, person) or Entry(
        round=contest_round, person=person, origin="registered", created_at=now
    )
    entry.unit, entry.scope = cell, scope.unit
    entry.cluster, entry.ranking_group = scope.cluster, cell.ranking_group
    entry.withdrawn_at, entry.withdrawn_reason = None, ""
    db.session.add(entry)
    return entry


def withdraw(entry: Entry, reason: str, actor: Actor, now: int) -> None:
    """Take somebody out of a round with a reason; raise RuleBroken when a paper was started or the round ended."""
    contests.lock(entry.round.stage)
    db.session.refresh(entry)
    if entry.withdrawn_at is not None:
        raise AlreadyDone(N_("%(name)s đã được rút tên trước đó."), name=entry.name_and_cell)
    _check_untouched(entry, now)
    if not reason:
        raise RuleBroken(N_("Hãy ghi lý do rút tên để lưu vào nhật ký."))
    entry.withdrawn_at, entry.withdrawn_reason = now, reason
    db.session.flush()
    _record(actor, "entry.withdraw", entry, now, reason=reason)


def restore(entry: Entry, actor: Actor, now: int) -> None:
    """Take a withdrawal back, until the round's time begins; raise RuleBroken when the place is taken."""
    contests.lock(entry.round.stage)
    db.session.refresh(entry)
    if entry.withdrawn_at is None:
        raise AlreadyDone(N_("%(name)s đã có trong danh sách dự thi."), name=entry.name_and_cell)
    if entry.round.phase_at(now) not in (Phase.DRAFT, Phase.SCHEDULED):
        raise RuleBroken(N_("Vòng thi đã bắt đầu nên không khôi phục được. Hãy đăng ký lại và ghi lý do."))
    ledger = Ledger(entry.round.stage, [entry.unit_id], [entry.person_id])
    ledger.check_person(entry.round, entry.person)
    ledger.check_not_absent(entry.unit)
    if ledger.by_cell[entry.unit_id]:
        raise RuleBroken(N_("Chi bộ đã cử người khác. Hãy rút tên người đó trước khi khôi phục."))
    entry.withdrawn_at, entry.withdrawn_reason = None, ""
    db.session.flush()
    _record(actor, "entry.restore", entry, now)
    performances.add_late_entries([entry], actor, now)


def replace(entry: Entry, person: Person, reason: str, actor: Actor, now: int) -> Entry:
    """Send `person`, of the same cell or in reserve for its unit, in place of an entered one; return the new entry."""
    if entry.origin != "registered":
        raise RuleBroken(
            N_("Người này đạt từ vòng trước. Hãy rút tên rồi gọi người dự bị ở trang kết quả của vòng đó.")
        )
    reserves.check_same_unit(entry, person, entry.round)
    withdraw(entry, reason, actor, now)
    return register(entry.round, person, actor, now, reason)


def started(entered: Iterable[Entry]) -> set[int]:
    """Return the ids of the entries with a paper: nobody takes these out any more."""
    keys = [entry.id for entry in entered]
    return set(db.session.scalars(select(Attempt.entry_id).where(Attempt.entry_id.in_(keys))))


def _check_untouched(entry: Entry, now: int) -> None:
    check_not_closed(entry.round, now)
    if started([entry]):
        raise RuleBroken(
            N_("%(name)s đã bắt đầu làm bài nên không rút tên được nữa."), name=entry.name_and_cell
        )


def _record(actor: Actor, action: str, entry: Entry, now: int, **detail: str) -> None:
    names = {"name": entry.person.full_name, "cell": entry.unit.title, "round": entry.round.name}
    said = {key: value for key, value in detail.items() if value}
    audit.record(actor, action, entry, now, path=entry.unit.path, **names, **said)


# --- cells that send nobody ---------------------------------------------------------------------------------------


def record_absence(
    contest_round: Round, cell: Unit, reason: AbsenceReason, note: str, actor: Actor, now: int
) -> Absence:
    """Note that a cell sends nobody and why, also after the round; the same again raises AlreadyDone.

    Raise RuleBroken when somebody of the cell is entered, the cell takes no part, or "other" lacks a note.
    """
    contests.lock(contest_round.stage)
    ledger = Ledger(contest_round.stage, [cell.id], [])
    if not participation.counts_in(contest_round, cell, now):
        ledger.check_cell(contest_round, cell)
    known = ledger.absences.get(cell.id)
    if known is not None and (known.reason, known.note) == (reason, note):
        raise AlreadyDone(N_("Lý do vắng của %(cell)s đã được ghi như vậy."), cell=cell.title)
    return note_absence(ledger, contest_round, cell, reason, note, actor, now)


def note_absence(
    ledger: Ledger, contest_round: Round, cell: Unit, reason: AbsenceReason, note: str, actor: Actor, now: int
) -> Absence:
    """Write the absence of a cell that takes part, or change its reason."""
    check_absence(ledger, cell, reason, note)
    absence = ledger.absences.get(cell.id) or Absence(round_id=contest_round.id, unit=cell, created_at=now)
    absence.reason, absence.note = reason, note
    db.session.add(absence)
    db.session.flush()
    ledger.absences[cell.id] = absence
    audit.record(
        actor, "absence.record", absence, now, path=cell.path, cell=cell.title, reason=str(reason), note=note
    )
    return absence


def check_absence(ledger: Ledger, cell: Unit, reason: AbsenceReason, note: str) -> None:
    """Raise RuleBroken when the cell sends somebody, or gives another reason without saying which."""
    if sent := ledger.by_cell[cell.id]:
        raise RuleBroken(
            N_("%(cell)s đang cử %(name)s dự thi. Hãy rút tên người đó trước khi ghi lý do vắng."),
            cell=cell.title,
            name=sent[0].person.full_name,
        )
    if reason is AbsenceReason.OTHER and not note:
        raise RuleBroken(N_("Đã chọn “Lý do khác”. Hãy ghi rõ lý do vào ô ghi chú."))


def remove_absence(absence: Absence, actor: Actor, now: int) -> None:
    """Take the absence of a cell back."""
    cell = absence.unit
    audit.record(
        actor, "absence.remove", absence, now, path=cell.path, cell=cell.title, reason=str(absence.reason)
    )
    db.session.delete(absence)
    db.session.flush()


# --- lists --------------------------------------------------------------------------------------------------------


def page_of(contest_round: Round, page: int) -> Any:
    """Return a page of the standing and withdrawn entries of a round, by cell and name."""
    query = (
        select(Entry)
        .join(Unit, Unit.id == Entry.unit_id).join(Person, Person.id == Entry.person_id)
        .where(Entry.round_id == contest_round.id)
        .order_by(Entry.withdrawn_at.is_not(None), Unit.sort_key, Unit.id, Person.sort_key, Person.id)
        .options(joinedload(Entry.unit).joinedload(Unit.parent), joinedload(Entry.person))
    )  # fmt: skip
    return db.paginate(query, page=page, per_page=PAGE, error_out=False)


def absence_of(contest_round: Round, cell: Unit) -> Absence | None:
    """Return what a cell said about sending nobody, or None."""
    query = select(Absence).where(Absence.round_id == contest_round.id, Absence.unit_id == cell.id)
    return db.session.scalar(query)


def absences_of(contest_round: Round, page: int) -> Any:
    """Return a page of the cells that said they send nobody."""
    query = (
        select(Absence)
        .join(Absence.unit)
        .where(Absence.round_id == contest_round.id)
        .order_by(Unit.sort_key, Unit.id)
        .options(contains_eager(Absence.unit).joinedload(Unit.parent))
    )
    return db.paginate(query, page=page, per_page=PAGE, error_out=False)


def cells_of(keys: Iterable[int], page: int, text: str = "") -> tuple[Any, dict[int, list[Person]]]:
    """Return a page of the cells with these ids by name, and the people of each.

    With `text` only those which it means, or whose unit it means.
    """
    above = aliased(Unit)
    query = select(Unit).where(Unit.id.in_(list(keys))).outerjoin(Unit.parent.of_type(above))
    query = query.order_by(Unit.sort_key, above.sort_key, Unit.id)
    query = query.options(contains_eager(Unit.parent.of_type(above)))
    if text:
        meant = tree.meant_by(text)
        query = query.where(or_(Unit.id.in_(meant), Unit.parent_id.in_(meant)))
    found = db.paginate(query, page=page, per_page=PAGE, error_out=False)
    return found, people_of(cell.id for cell in found.items)


def people_of(keys: Iterable[int]) -> dict[int, list[Person]]:
    """Return the people of these cells: the secretary first, then by given name."""
    found: dict[int, list[Person]] = {key: [] for key in keys}
    query = select(Person).where(Person.unit_id.in_(found)).order_by(Person.sort_key, Person.id)
    for person in db.session.scalars(query):
        found[person.unit_id].append(person)
    for people in found.values():
        people.sort(key=lambda person: list(Position).index(person.position))
    return found
