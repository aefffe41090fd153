"""Halls a file brings back: the sittings there, their devices, who sat where, and sign-ins on devices of one's own."""

import hashlib
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from quiz.core.sittings import DeviceLine, HallLine, SeatLine, SignInLine, Sitting
from quiz.extensions import db
from quiz.keyring import new_code
from quiz.models import (
    AccessCard,
    AuthSession,
    Entry,
    HallDevice,
    HallSeat,
    HallSession,
    Package,
    Person,
    Unit,
)

CODE_LENGTH = 10  # of a sitting that is over: nobody joins it any more
NO_TOKEN = "carried:"  # noqa: S105 begins what stands in place of a hash of a cookie, which stays in the hall


def write(
    package: Package, sitting: Sitting, units: Mapping[str, Unit]
) -> tuple[dict[int, HallSession], dict[str, int]]:
    """Write what is not here yet; return the sittings by the file's names and how many were new of each kind."""
    before = set(db.session.scalars(select(HallSession.id).where(HallSession.round_id == package.round_id)))
    ended = sitting.head.collected_at
    halls = {
        line.ref: _hall(package, line, units[line.unit], ended)
        for line in sitting.halls
        if line.unit in units
    }
    devices = {
        line.ref: _device(package, line, halls[line.hall]) for line in sitting.devices if line.hall in halls
    }
    counts = {
        "halls": len({hall.id for hall in halls.values()} - before),
        "seats": _seats(package.round_id, sitting.seats, devices),
        "sign_ins": _sign_ins(package, sitting.sign_ins),
    }
    return halls, counts


def _hall(package: Package, line: HallLine, unit: Unit, ended: int) -> HallSession:
    same = select(HallSession).where(
        HallSession.round_id == package.round_id, HallSession.unit_id == unit.id, HallSession.place == line.place,
        HallSession.created_at == line.created_at,
    )  # fmt: skip
    hall = db.session.scalar(same) or HallSession(
        round_id=package.round_id, unit=unit, place=line.place, code=new_code(CODE_LENGTH), asks_pin=line.asks_pin,
        opens_at=line.opens_at, created_at=line.created_at, proctor_name=line.by, closed_at=line.closed_at or ended,
    )  # fmt: skip
    db.session.add(hall)
    db.session.flush()
    return hall


def _device(package: Package, line: DeviceLine, hall: HallSession) -> HallDevice:
    same = select(HallDevice).where(HallDevice.hall_id == hall.id, HallDevice.label == line.label)
    device = db.session.scalar(same) or HallDevice(
        hall_id=hall.id, label=line.label, joined_at=line.joined_at,
        token_hash=f"{NO_TOKEN}{package.id}:{line.ref}",
    )  # fmt: skip
    db.session.add(device)
    db.session.flush()
    return device


def _seats(round_id: int, lines: Iterable[SeatLine], devices: Mapping[int, HallDevice]) -> int:
    rows = select(Person.code, Entry.id).join(Entry.person).where(Entry.round_id == round_id)
    entries = {code: key for code, key in db.session.execute(rows)}
    there = select(HallSeat.device_id, HallSeat.entry_id, HallSeat.sat_at).where(
        HallSeat.device_id.in_([device.id for device in devices.values()])
    )
    known = {tuple(row) for row in db.session.execute(there)}
    count = 0
    for line in lines:
        device, entry_id = devices.get(line.device), entries.get(line.person)
        if device is None or entry_id is None or (device.id, entry_id, line.sat_at) in known:
            continue
        db.session.add(
            HallSeat(
                hall_id=device.hall_id, device_id=device.id, entry_id=entry_id, sat_at=line.sat_at,
                left_at=line.left_at, left_because=line.left_because,
            )
        )  # fmt: skip
        count += 1
    db.session.flush()
    return count


def _sign_ins(package: Package, lines: Iterable[SignInLine]) -> int:
    """Write sign-ins that are over, for the signs the board may look for; they open nothing."""
    found = list(lines)
    cards = _cards(package, {line.person for line in found})
    names = {_name(package, line): line for line in found if line.person in cards}
    there = select(AuthSession.token_hash).where(AuthSession.token_hash.in_(names))
    new = names.keys() - set(db.session.scalars(there))
    for name in sorted(new, key=lambda one: names[one].at):
        line, card = names[name], cards[names[name].person]
        db.session.add(
            AuthSession(
                token_hash=name, card_id=card.id, person_id=card.person_id, created_at=line.at, last_seen_at=line.at,
                expires_at=line.at, revoked_at=line.at, device=line.device,
            )
        )  # fmt: skip
    db.session.flush()
    return len(new)


def _cards(package: Package, people: Iterable[str]) -> dict[str, AccessCard]:
    """Return the newest card of each of these people for the package's contest."""
    query = (
        select(Person.code, AccessCard)
        .join(AccessCard.person)
        .where(AccessCard.contest_id == package.round.stage.contest_id, Person.code.in_(list(people)))
        .order_by(AccessCard.serial)
    )
    return {code: card for code, card in db.session.execute(query)}


def _name(package: Package, line: SignInLine) -> str:
    """Return what stands in place of a session's hash: no token has it, and the same sign-in always the same."""
    words = f"{package.uuid}|{line.person}|{line.at}|{line.device}"
    return NO_TOKEN + hashlib.sha256(words.encode()).hexdigest()[:48]
