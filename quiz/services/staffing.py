"""An account for each of many units at once, as for the boards of all communes of a district."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import select

from quiz.core.names import search_key
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.keyring import hash_secret
from quiz.models import Account, Grant, Unit
from quiz.services import accounts
from quiz.services.auth import Principal

LONGEST = 36  # leaves room for a number behind a user name


@dataclass(frozen=True, slots=True)
class Place:
    """A unit with the user name its new account would have, and how many accounts hold the role there already."""

    unit: Unit
    username: str
    holders: int


@dataclass(frozen=True, slots=True)
class Secret:
    """A first password with its costly hash ready."""

    password: str
    hash: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """What is handed over, this once: the password is stored nowhere."""

    unit: str
    name: str
    username: str
    password: str


def places(units: Sequence[Unit], role: Role) -> list[Place]:
    """Return each unit with the user name an account for it would get, no two alike and none taken."""
    holders = _holders([unit.id for unit in units], role)
    wanted = [_stem(unit) for unit in units]
    taken = _taken(wanted)
    found = []
    for unit, stem in zip(units, wanted, strict=True):
        name = _free(stem, taken)
        taken.add(name)
        found.append(Place(unit, name, holders.get(unit.id, 0)))
    return found


def _stem(unit: Unit) -> str:
    words = search_key(unit.title).replace(" ", "-")
    kept = "".join(sign for sign in words if sign.isascii() and (sign.isalnum() or sign in ".-"))
    return kept.strip(".-")[:LONGEST].ljust(3, "0")


def _free(stem: str, taken: set[str]) -> str:
    names = [stem, *(f"{stem}-{number}" for number in range(2, 1_000))]
    return next(name for name in names if name not in taken)


def _taken(stems: Iterable[str]) -> set[str]:
    alike = (Account.username.startswith(stem, autoescape=True) for stem in set(stems))
    return set(db.session.scalars(select(Account.username).where(db.or_(db.false(), *alike))))


def _holders(unit_ids: list[int], role: Role) -> dict[int, int]:
    query = (
        select(Grant.unit_id, db.func.count())
        .join(Account, Account.id == Grant.account_id)
        .where(
            Grant.unit_id.in_(unit_ids), Grant.role == role, Grant.revoked_at.is_(None), Account.disabled_at.is_(None)
        )
        .group_by(Grant.unit_id)
    )  # fmt: skip
    return {unit_id: count for unit_id, count in db.session.execute(query) if unit_id is not None}


def draw(count: int) -> list[Secret]:
    """Return so many first passwords. Hashing takes about 27 ms each: draw before a transaction holds the database."""
    passwords = [accounts.new_password() for _ in range(count)]
    with ThreadPoolExecutor(max_workers=4) as pool:  # argon2 lets other threads run
        hashes = list(pool.map(hash_secret, passwords))
    return [Secret(*pair) for pair in zip(passwords, hashes, strict=True)]


def create_for(
    units: Sequence[Unit], role: Role, name: str, secrets: Sequence[Secret], who: Principal, now: int
) -> list[SignIn]:
    """Make an account with `role` for each unit and return how each signs in.

    `name` is what the holder is called before the unit's title. Raise DraftRefused when the role may not be given.
    """
    made = []
    for place, secret in zip(places(units, role), secrets, strict=True):
        called = f"{name} {place.unit.title}".strip()[:200]
        account = accounts.create_with(place.username, called, role, place.unit, secret.hash, who, now)
        made.append(SignIn(place.unit.title, called, account.username, secret.password))
    return made
