"""The devices of a hall: joining by its code, being known by a cookie, being taken out."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.extensions import db, keyring
from quiz.keyring import new_code, new_token
from quiz.models import HallDevice, HallSeat, HallSession
from quiz.services import audit, auth, seats
from quiz.services.audit import Actor
from quiz.services.halls import DEVICE_CODE, check_open, lock

REMOVED = "removed:"  # begins what stands in place of the hash of a device that was taken out
DEVICE = N_("Máy")  # a device without a name is called by the next number: "Máy 3"
WRONG_HALL = N_("Không có hội trường nào đang mở với mã này. Hãy xem lại mã trên màn hình của giám thị.")


def hall_of_code(text: str) -> HallSession | None:
    """Return the open hall that devices join by this code, or None."""
    code = auth.card_code(text)
    query = select(HallSession).where(HallSession.code == code, HallSession.closed_at.is_(None))
    return db.session.scalar(query)


def join(text: str, label: str, now: int) -> tuple[HallDevice, str]:
    """Let a device join the hall of a code and return it with the token its cookie keeps.

    Without a name it is called by the next number. Raise RuleBroken when no hall is open under that code or another
    device has the name.
    """
    hall = hall_of_code(text)
    if hall is None:
        raise RuleBroken(WRONG_HALL)
    lock(hall)
    check_open(hall)
    names = set(db.session.scalars(select(HallDevice.label).where(HallDevice.hall_id == hall.id)))
    label = label.strip() or next(
        name for n in range(1, len(names) + 2) if (name := f"{DEVICE} {n}") not in names
    )
    if label in names:
        raise RuleBroken(N_("Đã có máy tên %(label)s trong hội trường này. Hãy đặt tên khác."), label=label)
    token = new_token()
    device = HallDevice(hall=hall, label=label, token_hash=keyring.hash_token(token), joined_at=now)
    db.session.add(device)
    db.session.flush()
    audit.record(
        audit.SYSTEM, "hall.join", device, now, hall.unit.path, place=hall.place, device=device.label
    )
    return device, token


def device_of(token: str) -> HallDevice | None:
    """Return the device whose cookie holds this token while its hall is open, or None."""
    query = (
        select(HallDevice)
        .join(HallDevice.hall)
        .where(HallDevice.token_hash == keyring.hash_token(token), HallSession.closed_at.is_(None))
        .options(joinedload(HallDevice.hall))
    )
    return db.session.scalar(query)


def device_by_id(device_id: int) -> HallDevice:
    """Return the device with this id, which exists."""
    return db.session.get_one(HallDevice, device_id)


def devices_of(hall: HallSession) -> list[tuple[HallDevice, HallSeat | None]]:
    """Return the devices of a hall in the order they joined, each with its open seat."""
    taken = {seat.device_id: seat for seat in seats.open_seats(HallSeat.hall_id == hall.id)}
    stays = ~HallDevice.token_hash.startswith(REMOVED)
    query = select(HallDevice).where(HallDevice.hall_id == hall.id, stays).order_by(HallDevice.id)
    return [(device, taken.get(device.id)) for device in db.session.scalars(query)]


def remove_device(hall: HallSession, device: HallDevice, actor: Actor, now: int) -> None:
    """Take a device out of a hall: whoever sits there is signed out, and it cannot be used until it joins again."""
    lock(hall)
    if device.token_hash.startswith(REMOVED):
        raise AlreadyDone(N_("%(device)s đã được đưa ra khỏi hội trường."), device=device.label)
    seat = seats.seat_at(device)
    if seat is not None:
        seats.end(seat, "left", now)
    device.token_hash = f"{REMOVED}{device.id}"
    db.session.flush()
    audit.record(actor, "hall.remove", device, now, hall.unit.path, place=hall.place, device=device.label)


def renew_code(hall: HallSession, actor: Actor, now: int) -> None:
    """Give a hall another code for devices to join by; those that have joined stay."""
    lock(hall)
    check_open(hall)
    hall.code = new_code(DEVICE_CODE)
    db.session.flush()
    audit.record(actor, "hall.code", hall, now, hall.unit.path, place=hall.place)
