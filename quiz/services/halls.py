"""Running a sitting at a hall: opening it, short codes, moving people, absences, closing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from quiz.core import halls as rules
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.people import AbsenceReason
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.keyring import new_code
from quiz.models import (
    Attempt,
    Entry,
    HallCode,
    HallDevice,
    HallSeat,
    HallSession,
    Person,
    Round,
    RoundUnit,
    Unit,
)
from quiz.services import audit, entries, seats
from quiz.services.audit import Actor
from quiz.services.contests import rules_of
from quiz.services.tree import under

PAGE = 50
DEVICE_CODE = 6  # characters of the code by which devices join


@dataclass(frozen=True, slots=True)
class Plan:
    """Where and from when (ms UTC) a sitting is held, and whether contestants type the PIN of their cards too."""

    unit: Unit
    place: str
    opens_at: int
    asks_pin: bool


def open_hall(contest_round: Round, plan: Plan, seed: str, actor: Actor, now: int) -> HallSession:
    """Open a sitting of a round at a place and give everybody entered under its unit a short code.

    Raise AlreadyDone when the place is open already, RuleBroken when the round has not been opened or has ended.
    """
    query = select(Round).where(Round.id == contest_round.id).with_for_update(key_share=True)
    db.session.scalars(query.execution_options(populate_existing=True)).one()
    _check_round(contest_round, now)
    same = select(HallSession.id).where(
        HallSession.round_id == contest_round.id, HallSession.unit_id == plan.unit.id,
        HallSession.place == plan.place, HallSession.closed_at.is_(None),
    )  # fmt: skip
    if db.session.scalar(same) is not None:
        raise AlreadyDone(N_("Hội trường này đã được mở. Hãy chọn trong danh sách."))
    hall = HallSession(
        round=contest_round, unit=plan.unit, place=plan.place, code=new_code(DEVICE_CODE),
        asks_pin=plan.asks_pin, opens_at=plan.opens_at, created_at=now, proctor_id=actor.account_id,
    )  # fmt: skip
    db.session.add(hall)
    db.session.flush()
    audit.record(actor, "hall.open", hall, now, plan.unit.path, place=plan.place, round=contest_round.name)
    _write_codes(hall, seed, actor, now)
    return hall


def _check_round(contest_round: Round, now: int) -> None:
    phase = contest_round.phase_at(now)
    if phase is Phase.DRAFT:
        raise RuleBroken(N_("Vòng thi chưa được mở. Hãy kiểm tra và mở vòng thi trước."))
    if phase is Phase.CLOSED:
        raise RuleBroken(N_("Vòng thi đã kết thúc nên không mở hội trường được nữa."))


def lock(hall: HallSession) -> None:
    """Hold a hall until the transaction ends, so that seats change one after another; its state is read anew."""
    query = select(HallSession).where(HallSession.id == hall.id).with_for_update(key_share=True)
    db.session.scalars(query.execution_options(populate_existing=True)).one()


def check_open(hall: HallSession) -> None:
    """Raise RuleBroken once the sitting has been closed."""
    if hall.closed_at is not None:
        raise RuleBroken(N_("Buổi thi tại %(place)s đã đóng."), place=hall.place)


# --- short codes --------------------------------------------------------------------------------------------------


def issue_codes(hall: HallSession, seed: str, actor: Actor, now: int) -> int:
    """Give a short code to everybody who has joined the list since; return how many, raise AlreadyDone for none."""
    lock(hall)
    check_open(hall)
    count = _write_codes(hall, seed, actor, now)
    if not count:
        raise AlreadyDone(N_("Mọi người trong danh sách đã có mã ngắn."))
    return count


def without_code(hall: HallSession) -> list[int]:
    """Return the ids of the entries of the place that have no short code yet."""
    have = select(HallCode.entry_id).where(HallCode.hall_id == hall.id)
    query = (
        select(Entry.id)
        .join(Entry.unit)
        .where(
            Entry.round_id == hall.round_id, Entry.withdrawn_at.is_(None),
            Unit.path.startswith(hall.unit.path), Entry.id.not_in(have),
        )
        .order_by(Entry.id)
    )  # fmt: skip
    return list(db.session.scalars(query))


def _write_codes(hall: HallSession, seed: str, actor: Actor, now: int) -> int:
    waiting = without_code(hall)
    taken = set(db.session.scalars(select(HallCode.code).where(HallCode.hall_id == hall.id)))
    digits = len(next(iter(taken))) if taken else rules.code_digits(len(waiting))
    codes = rules.short_codes(len(waiting), taken, digits, seed)
    rows = [HallCode(hall_id=hall.id, entry_id=key, code=c) for key, c in zip(waiting, codes, strict=True)]
    db.session.add_all(rows)
    db.session.flush()
    if rows:
        audit.record(actor, "hall.codes", hall, now, hall.unit.path, place=hall.place, count=len(rows))
    return len(rows)


def codes_of(hall: HallSession, page: int, per_page: int = PAGE) -> Any:
    """Return a page of the short codes of a hall with their people, by cell and name."""
    query = (
        select(HallCode)
        .join(HallCode.entry).join(Unit, Unit.id == Entry.unit_id).join(Person, Person.id == Entry.person_id)
        .where(HallCode.hall_id == hall.id)
        .order_by(Unit.sort_key, Unit.id, Person.sort_key, Entry.id)
        .options(
            joinedload(HallCode.entry).joinedload(Entry.unit), joinedload(HallCode.entry).joinedload(Entry.person)
        )
    )  # fmt: skip
    return db.paginate(query, page=max(page, 1), per_page=per_page, max_per_page=per_page, error_out=False)


def code_of(hall: HallSession, entry: Entry) -> str:
    """Return the short code of somebody in a hall."""
    return db.session.get_one(HallCode, (hall.id, entry.id)).code


# --- what the proctor does ------------------------------------------------------------------------------------------


def move(hall: HallSession, entry: Entry, device: HallDevice, actor: Actor, now: int) -> HallSeat:
    """Take somebody to another device: signed out of the old one, the same paper and clock on the new one.

    Raise AlreadyDone when they sit there, RuleBroken when they have no seat or the device is somebody else's.
    """
    lock(hall)
    check_open(hall)
    own = seats.seat_of(entry)
    if own is None:
        raise RuleBroken(N_("%(name)s chưa ngồi máy nào."), name=entry.person.full_name)
    if own.device_id == device.id:
        raise AlreadyDone(N_("%(name)s đang ngồi ở máy này."), name=entry.person.full_name)
    there = seats.seat_at(device)
    before = seats.seated(own)
    if there is not None:
        rules.check_may_sit(entry.id, device.id, None, seats.seated(there))
        seats.end(there, "done", now)
    seats.end(own, "moved", now)
    seat = seats.new(device, entry, None, now)
    audit.record(
        actor, "hall.move", seat, now, entry.unit.path, name=entry.person.full_name, before=before.device,
        after=device.label,
    )  # fmt: skip
    return seat


def release(hall: HallSession, entry: Entry, actor: Actor, now: int) -> None:
    """Free the device somebody sits at; the paper and its clock go on wherever they sign in next."""
    lock(hall)
    own = seats.seat_of(entry)
    if own is None:
        raise AlreadyDone(N_("%(name)s không còn ngồi máy nào."), name=entry.person.full_name)
    seats.end(own, "left", now)
    audit.record(
        actor, "hall.leave", own, now, entry.unit.path, name=entry.person.full_name, device=own.device.label
    )


def mark_absent(entry: Entry, reason: AbsenceReason, words: str, note: str, actor: Actor, now: int) -> None:
    """Take out somebody who has not come, and note why the cell sends nobody if nobody else of it is entered.

    `words` say the reason on the list of contestants. Raise what `entries.withdraw` and `record_absence` raise.
    """
    entries.withdraw(entry, f"{words}: {note}" if note else words, actor, now)
    own = seats.seat_of(entry)
    if own is not None:
        seats.end(own, "left", now)
    others = select(Entry.id).where(
        Entry.round_id == entry.round_id, Entry.unit_id == entry.unit_id, Entry.withdrawn_at.is_(None)
    )
    if entry.round.stage.ordinal == 1 and db.session.scalar(others.limit(1)) is None:
        entries.record_absence(entry.round, entry.unit, reason, note, actor, now)
    audit.record(
        actor, "hall.absent", entry, now, entry.unit.path, name=entry.person.full_name, reason=str(reason)
    )


def mark_present(entry: Entry, actor: Actor, now: int) -> None:
    """Let somebody sit after all who was marked absent and has come."""
    if entry.withdrawn_at is None:
        raise AlreadyDone(N_("%(name)s đã có trong danh sách dự thi."), name=entry.person.full_name)
    absence = entries.absence_of(entry.round, entry.unit)
    if absence is not None:
        entries.remove_absence(absence, actor, now)
    entries.register(entry.round, entry.person, actor, now, N_("Đến muộn tại hội trường"))
    audit.record(actor, "hall.present", entry, now, entry.unit.path, name=entry.person.full_name)


def working(hall: HallSession) -> int:
    """Return how many of those seated have a paper that is not handed in."""
    query = (
        select(db.func.count())
        .select_from(HallSeat)
        .join(Attempt, Attempt.entry_id == HallSeat.entry_id)
        .where(HallSeat.hall_id == hall.id, HallSeat.left_at.is_(None), Attempt.submitted_at.is_(None))
    )
    return db.session.scalar(query) or 0


def close(hall: HallSession, anyway: bool, actor: Actor, now: int) -> None:
    """Close a sitting: every device is signed out. While papers are worked on it closes only `anyway`."""
    lock(hall)
    if hall.closed_at is not None:
        raise AlreadyDone(N_("Buổi thi tại %(place)s đã đóng."), place=hall.place)
    if not anyway and (count := working(hall)):
        raise RuleBroken(N_("Còn %(count)d người đang làm bài. Hãy chờ họ nộp bài."), count=count)
    open_seats = seats.open_seats(HallSeat.hall_id == hall.id)
    for seat in open_seats:
        seats.end(seat, "closed", now)
    hall.closed_at = now
    db.session.flush()
    audit.record(actor, "hall.close", hall, now, hall.unit.path, place=hall.place, seats=len(open_seats))


# --- lists --------------------------------------------------------------------------------------------------------


def page_of(paths: Sequence[str], page: int) -> Any:
    """Return a page of the sittings at halls under `paths`: open ones first, then the newest."""
    query = (
        select(HallSession)
        .join(HallSession.unit)
        .where(under(paths))
        .order_by(HallSession.closed_at.is_not(None), HallSession.id.desc())
        .options(joinedload(HallSession.round), joinedload(HallSession.unit))
    )
    return db.paginate(query, page=max(page, 1), per_page=PAGE, error_out=False)


def rounds_to_open(paths: Sequence[str], now: int) -> list[Round]:
    """Return rounds with a paper that wait or run and have contestants under `paths`, the next first, at most PAGE."""
    above = [int(key) for path in paths for key in path.split("/") if key]
    query = (
        select(Round)
        .join(RoundUnit, RoundUnit.round_id == Round.id).join(Unit, Unit.id == RoundUnit.unit_id)
        .where(
            Round.opened_at.is_not(None), Round.closed_at.is_(None), Round.closes_at > now,
            or_(under(paths), Unit.id.in_(above)),
        )
        .group_by(Round.id)
        .order_by(Round.opens_at, Round.id)
        .options(joinedload(Round.stage))
        .limit(PAGE)
    )  # fmt: skip
    return [one for one in db.session.scalars(query) if rules_of(one).has_online]
