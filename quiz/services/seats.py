"""Sitting down at a device of a hall by a short code, and getting up again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import joinedload

from quiz.core import halls as rules
from quiz.core.errors import N_, RuleBroken
from quiz.core.halls import Seated
from quiz.extensions import db, demo_gate, keyring
from quiz.keyring import matches
from quiz.models import (
    AccessCard,
    Attempt,
    AuthSession,
    Contest,
    Entry,
    HallCode,
    HallDevice,
    HallSeat,
    HallSession,
    LoginFailure,
    Round,
    Stage,
)
from quiz.services import audit, auth
from quiz.services.audit import Actor
from quiz.services.auth import Holder

WRONG_CODE = N_("Không có mã ngắn này trong hội trường. Hãy xem lại mã, hoặc hỏi giám thị.")
WRONG_PIN = N_("Mã PIN không đúng. Hãy xem lại phiếu dự thi, hoặc hỏi giám thị.")
PAGE = 50
DOUBLE_CLICK = 10_000  # ms within which a second sign-in at one seat leaves the first one alone


@dataclass(frozen=True, slots=True)
class Claim:
    """Whoever has typed a right short code (and PIN): the entry and the card that signs in."""

    entry_id: int
    holder: Holder


def claim(device: HallDevice, code: str, pin: str, now: int) -> Claim:
    """Return who a short code of this device's hall stands for; nothing is written.

    Raise RuleBroken when it is wrong or of the demo where that is refused, guessing is throttled, the hall is not open
    yet, or the person has no card.
    """
    hall = device.hall
    auth.check_throttle(throttle_name(device.id), now)
    if now < hall.opens_at:
        raise RuleBroken(N_("Chưa đến giờ vào thi ở hội trường này. Xin chờ giám thị."))
    entry = db.session.scalar(
        select(Entry)
        .join(HallCode, HallCode.entry_id == Entry.id)
        .join(Entry.round).join(Round.stage).join(Stage.contest)
        .where(
            HallCode.hall_id == hall.id, HallCode.code == rules.typed_code(code),
            db.or_(~Contest.is_demo, db.literal(demo_gate.is_open)),
        )
    )  # fmt: skip
    if entry is None:
        raise RuleBroken(WRONG_CODE)
    if entry.withdrawn_at is not None:
        raise RuleBroken(N_("%(name)s đang được ghi vắng. Hãy báo giám thị."), name=entry.person.full_name)
    card = _card_of(entry)
    if hall.asks_pin and not matches("".join(pin.split()), card.pin_hash):
        raise RuleBroken(WRONG_PIN)
    return Claim(entry.id, auth.holder_of(card))


def throttle_name(device_id: int) -> str:
    """Return the name under which wrong codes typed at a device are counted."""
    return f"hall-device:{device_id}"


def record_failure(device_id: int, now: int) -> None:
    """Remember a wrong code or PIN typed at a device."""
    auth.record_failure(throttle_name(device_id), now)


def _card_of(entry: Entry) -> AccessCard:
    query = select(AccessCard).where(
        AccessCard.person_id == entry.person_id, AccessCard.revoked_at.is_(None),
        AccessCard.contest_id == select(Stage.contest_id).where(Stage.id == entry.round.stage_id).scalar_subquery(),
    )  # fmt: skip
    card = db.session.scalar(query)
    if card is None:
        raise RuleBroken(
            N_("%(name)s chưa có phiếu dự thi. Giám thị hãy cấp phiếu trước."), name=entry.person.full_name
        )
    return card


def sit(device: HallDevice, claimed: Claim, hours: int, agent: str, now: int) -> str:
    """Sign somebody in at a device and return the session's token: the same paper and clock as anywhere else.

    Raise RuleBroken when they sit at another device or this one is somebody else's.
    """
    _lock(device, claimed.entry_id)
    entry = db.session.get_one(Entry, claimed.entry_id)
    own, there = seat_of(entry), seat_at(device)
    rules.check_may_sit(entry.id, device.id, own and seated(own), there and seated(there))
    token = auth.open_session(claimed.holder, hours, agent, now)
    session_id = _session_id(token)
    db.session.execute(delete(LoginFailure).where(LoginFailure.name == throttle_name(device.id)))
    for seat in {seat.id: seat for seat in (own, there) if seat is not None}.values():
        if (seat.entry_id, seat.device_id) == (entry.id, device.id):
            _revoke(seat, now - DOUBLE_CLICK, now)
            seat.session_id = session_id
        else:
            end(seat, "done", now)
    seat = seat_of(entry) or new(device, entry, session_id, now)
    db.session.flush()
    actor = Actor(person_id=entry.person_id)
    audit.record(actor, "hall.sit", seat, now, entry.unit.path, device=device.label, place=device.hall.place)
    return token


def _lock(device: HallDevice, entry_id: int) -> None:
    """Hold the hall and the entry; raise RuleBroken when the hall was closed meanwhile."""
    query = select(HallSession).where(HallSession.id == device.hall_id).with_for_update(key_share=True)
    hall = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if hall.closed_at is not None:
        raise RuleBroken(N_("Buổi thi tại %(place)s đã đóng."), place=hall.place)
    db.session.execute(select(Entry.id).where(Entry.id == entry_id).with_for_update())


def _session_id(token: str) -> int:
    query = select(AuthSession.id).where(AuthSession.token_hash == keyring.hash_token(token))
    return db.session.scalars(query).one()


# --- seats --------------------------------------------------------------------------------------------------------


def open_seats(*where: ColumnElement[bool]) -> Sequence[HallSeat]:
    """Return the open seats that fulfil the conditions, with device, entry and person."""
    query = (
        select(HallSeat)
        .where(HallSeat.left_at.is_(None), *where)
        .options(joinedload(HallSeat.device), joinedload(HallSeat.entry).joinedload(Entry.person))
    )
    return db.session.scalars(query).all()


def seat_of(entry: Entry) -> HallSeat | None:
    """Return where somebody sits now, or None."""
    return next(iter(open_seats(HallSeat.entry_id == entry.id)), None)


def seat_at(device: HallDevice) -> HallSeat | None:
    """Return the open seat at a device, or None."""
    return next(iter(open_seats(HallSeat.device_id == device.id)), None)


def seated(seat: HallSeat) -> Seated:
    """Return a seat as the rules know it."""
    name = seat.entry.person.full_name
    return Seated(seat.device_id, seat.device.label, seat.entry_id, name, is_done(seat.entry_id))


def is_done(entry_id: int) -> bool:
    """Tell whether somebody's latest paper has been handed in."""
    query = select(Attempt.submitted_at).where(Attempt.entry_id == entry_id).order_by(Attempt.number.desc())
    latest = db.session.execute(query.limit(1)).first()
    return latest is not None and latest.submitted_at is not None


def new(device: HallDevice, entry: Entry, session_id: int | None, now: int) -> HallSeat:
    """Write that somebody sits at a device from now on and return the seat."""
    seat = HallSeat(hall_id=device.hall_id, device=device, entry=entry, session_id=session_id, sat_at=now)
    db.session.add(seat)
    db.session.flush()
    return seat


def end(seat: HallSeat, because: str, now: int) -> None:
    """Write that somebody has left a device and sign them out there; `because`: done, left, moved or closed."""
    seat.left_at, seat.left_because = now, because
    db.session.flush()
    _revoke(seat, now, now)


def _revoke(seat: HallSeat, begun_by: int, now: int) -> None:
    """Sign out the sign-in of a seat if it began by then."""
    db.session.execute(
        update(AuthSession)
        .where(
            AuthSession.id == seat.session_id, AuthSession.revoked_at.is_(None), AuthSession.created_at <= begun_by
        )
        .values(revoked_at=now)
    )  # fmt: skip


def leave(device: HallDevice, session_id: int, now: int) -> None:
    """Let whoever is signed in at a device by this session get up; nothing when nobody sits there by it."""
    for seat in open_seats(HallSeat.device_id == device.id, HallSeat.session_id == session_id):
        end(seat, "done" if is_done(seat.entry_id) else "left", now)
        actor = Actor(person_id=seat.entry.person_id)
        audit.record(actor, "hall.leave", seat, now, seat.entry.unit.path, device=device.label)


def page_of(hall: HallSession, page: int) -> Any:
    """Return a page of everybody who has sat at a device of a hall, in the order they sat down."""
    query = (
        select(HallSeat)
        .where(HallSeat.hall_id == hall.id)
        .order_by(HallSeat.sat_at, HallSeat.id)
        .options(
            joinedload(HallSeat.device), joinedload(HallSeat.entry).joinedload(Entry.person),
            joinedload(HallSeat.entry).joinedload(Entry.unit),
        )
    )  # fmt: skip
    return db.paginate(query, page=max(page, 1), per_page=PAGE, error_out=False)


def seats_of(entry_ids: Sequence[int]) -> dict[int, Any]:
    """Return the open seat of each of these entries that has one."""
    return {seat.entry_id: seat for seat in open_seats(HallSeat.entry_id.in_(entry_ids))}
