"""Two machines in one test: the district's server and the laptop of a hall, with a package going there and back."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from quiz.core.rules import Rules
from quiz.core.sittings import Sitting
from quiz.extensions import db, keyring
from quiz.files import packages as files
from quiz.models import AccessCard, Attempt, Entry, Package, Person, SittingImport, Unit
from quiz.services import (
    attempts,
    auth,
    halls,
    package_loading,
    packages,
    responses,
    sitting_imports,
    sittings,
)
from quiz.services.audit import SYSTEM
from tests.conftest import engine_on
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_card,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_stage,
    make_unit,
    open_for_test,
)

MINUTE = 60_000
BACK = NOW + 3 * HOUR  # when the file is brought back


def hall_at(unit: Unit) -> halls.Plan:
    return halls.Plan(unit, "Nhà văn hóa", NOW - HOUR, False)


@dataclass
class Machines:
    """The district's server, on which a test begins, and the laptop of the hall."""

    app: Flask
    laptop: str

    @contextmanager
    def at_the_hall(self) -> Iterator[None]:
        """Work on the laptop's database; each machine keeps what was done on it."""
        db.session.commit()
        db.session.remove()
        server = db.engine
        db._app_engines[self.app][None] = engine_on(self.laptop)
        try:
            yield
            db.session.commit()
        finally:
            db.session.remove()
            db.engine.dispose()
            db._app_engines[self.app][None] = server


def make_district(people: int = 3, rules: Rules | None = None) -> Package:
    """Make a round with people, cards and items, open it and return a package of it."""
    make_account()  # numbers differ between the two machines
    district = make_unit("Mai Sơn", type_label="huyện", code="MS")
    commune = make_unit("Cò Nòi", district, code="MS.CN")
    stage = make_stage(make_contest(district, code="HT"), rules)
    contest_round = make_round(stage, commune)
    for number in range(people):
        cell = make_cell(commune, f"Bản {number}", code=f"MS.CN.{number}")
        person = make_person(cell, f"Lò Văn {number}", code=f"N{number}")
        make_entry(contest_round, person)
        make_card(stage.contest, person)
    open_for_test(contest_round, [make_item(key=(number % 4,)) for number in range(9)])
    return packages.make(contest_round, None, SYSTEM, NOW - HOUR)


def carry(machines: Machines, package: Package) -> None:
    """Load a package on the laptop, through its file."""
    data, phrase = files.write_package(packages.contents(package), package.phrase), package.phrase
    with machines.at_the_hall():
        make_item()  # the laptop has items and numbers of its own
        package_loading.load(files.read_package(data, phrase), SYSTEM, NOW)


def here() -> Package:
    """Return the one package on this machine."""
    return db.session.scalars(select(Package)).one()


def sit(code: str, right: int, at: int = NOW, minutes: int = 5) -> Attempt:
    """Let somebody sit the round: `right` answers taken from the key, the others wrong, then handed in."""
    entry = db.session.scalars(select(Entry).join(Entry.person).where(Person.code == code)).one()
    card = db.session.scalars(select(AccessCard).where(AccessCard.person_id == entry.person_id)).one()
    token = keyring.hash_token(auth.open_session(auth.holder_of(card), 12, "", at))
    attempt = attempts.start(entry, at, f"seed of {code}")
    items = attempts.papers.pool_of(entry.round).items
    for position, place in enumerate(attempts.papers.places_of(attempt.paper)):
        key = place.order.index(items[place.version].key[0])
        choice = key if position < right else (key + 1) % len(place.order)
        responses.save_in_session(attempt, token, {position: str(choice)}, at + (position + 1) * 1000)
    return attempts.submit(attempt, at + minutes * MINUTE)


def brought_back(machines: Machines) -> tuple[Sitting, bytes]:
    """Collect on the laptop and return the sitting with its file."""
    with machines.at_the_hall():
        package = here()
        sitting = sittings.collect(package, SYSTEM, BACK)
        return sitting, files.write_sitting(sitting, package.secret)


def take_in(data: bytes, now: int = BACK) -> SittingImport:
    """Import a returned file on this machine as its pages do."""
    package = sitting_imports.package_of(files.package_named(data))
    sitting = files.read_sitting(data, package.secret)
    digest = hashlib.sha256(data).hexdigest()
    return sitting_imports.take_in(package, sitting, digest, "ket-qua.htbt", SYSTEM, now)
