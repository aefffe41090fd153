"""Loading a package on the laptop of a hall: the round with its rules, items and people, whole or not at all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from quiz.core.errors import N_, AlreadyDone, Problem, RuleBroken
from quiz.core.items import Kind, Level, Status
from quiz.core.names import person_sort_key, search_key, sort_key
from quiz.core.packages import (
    CardLine,
    ItemLine,
    NamedLine,
    PersonLine,
    RoundPackage,
    UnitLine,
    check_package,
)
from quiz.core.people import CellType, Position
from quiz.extensions import db, keyring
from quiz.keyring import new_token
from quiz.models import (
    AccessCard,
    Bank,
    Contest,
    Document,
    Entry,
    Item,
    ItemVersion,
    Package,
    Person,
    Round,
    RoundItem,
    RoundUnit,
    Stage,
    Topic,
    Unit,
)
from quiz.services import audit, packages, stage_packing
from quiz.services.audit import Actor

Coded = TypeVar("Coded", Unit, Person, Bank, Topic, Document, Item)
Named = TypeVar("Named", Bank, Topic, Document)
Line = UnitLine | PersonLine | NamedLine | ItemLine
OTHER_UNIT = N_(
    "Trên máy này mã đơn vị %(code)s là “%(name)s”. Hãy nạp gói vào một máy chưa có dữ liệu khác."
)
OTHER_PERSON = N_("Trên máy này mã %(code)s là “%(name)s”. Hãy nạp gói vào một máy chưa có dữ liệu khác.")
OTHER_CARD = N_("Mã phiếu dự thi của %(name)s đã thuộc về người khác trên máy này. Hãy nạp gói vào máy khác.")
OTHER_RULES = N_(
    "Cuộc thi này đã có trên máy với quy định khác. Hãy nạp gói vào một máy chưa có dữ liệu khác."
)
SAME_ROUND = N_(
    "Vòng thi này đã có trên máy này. Mỗi máy chỉ nạp một gói của một vòng thi: hãy nạp gói này vào máy khác. Nếu "
    "đang mở bản minh họa, hãy dừng lại, chạy lệnh make hall để có một máy trống rồi nạp ở đó."
)


@dataclass(frozen=True, slots=True)
class Loading:
    """What loading a package would do: counts of what it brings, and what stands against it."""

    package: RoundPackage
    problems: tuple[Problem, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many lines of each kind it brings."""
        parts = ("units", "people", "entries", "cards", "items", "staff")
        return {part: len(getattr(self.package, part)) for part in parts}


def plan(package: RoundPackage) -> Loading:
    """Return what loading would do; nothing is changed. Raise AlreadyDone when it has been loaded."""
    known = packages.find(package.uuid)
    if known is not None and known.is_loaded:
        raise AlreadyDone(N_("Gói này đã được nạp vào máy này. Lần nạp thứ hai không làm gì thêm."))
    if known is not None:
        raise RuleBroken(N_("Gói này do chính máy này lập. Hãy nạp vào máy sẽ dùng ở hội trường."))
    return Loading(package, tuple(check_package(package) or _conflicts(package)))


def load(package: RoundPackage, actor: Actor, now: int) -> Package:
    """Take a package in and return it; raise RuleBroken with the first thing that stands against it."""
    problems = plan(package).problems
    if problems:
        raise RuleBroken(problems[0].message, **problems[0].values)
    units = _load_units(package.units)
    people = _load_people(package.people, units)
    contest_round = _load_round(package, units)
    _load_items(package, contest_round.id, now)
    for line in package.entries:
        db.session.add(
            Entry(
                round=contest_round, person=people[line.person], unit=units[line.unit], scope=units[line.scope],
                cluster=line.cluster, ranking_group=line.ranking_group, origin=line.origin, created_at=now,
            )
        )  # fmt: skip
    _load_cards(contest_round.stage.contest_id, package.cards, people, now)
    stage_packing.load(package, contest_round, people, actor, now)
    loaded = Package(
        uuid=package.uuid, round=contest_round, is_loaded=True, secret=package.secret, made_at=package.made_at,
        made_by_id=actor.account_id, with_stage=package.round.with_stage,
    )  # fmt: skip
    db.session.add(loaded)
    db.session.flush()
    detail = {"round": contest_round.name, "people": len(people), "items": len(package.items)}
    audit.record(actor, "package.load", loaded, now, contest_round.unit.path, **detail)
    return loaded


# --- what stands against it ---------------------------------------------------------------------------------------


def _conflicts(package: RoundPackage) -> Iterator[Problem]:
    units, people = _by_code(Unit, package.units), _by_code(Person, package.people)
    for line in package.units:
        there = units.get(line.code)
        if there is not None and not _is_same_unit(there, line):
            yield Problem(OTHER_UNIT, {"code": line.code, "name": there.title}, "units")
    for one in package.people:
        someone = people.get(one.code)
        if someone is not None and someone.full_name != one.full_name:
            yield Problem(OTHER_PERSON, {"code": one.code, "name": someone.full_name}, "people")
    yield from _round_conflicts(package)
    yield from _card_conflicts(package)


def _is_same_unit(unit: Unit, line: UnitLine) -> bool:
    parent = unit.parent.code if unit.parent else ""
    return (unit.name, parent, unit.is_cell) == (line.name, line.parent, line.is_cell)


def _round_conflicts(package: RoundPackage) -> Iterator[Problem]:
    head = package.round
    stage = db.session.scalar(
        select(Stage).join(Stage.contest).where(Contest.code == head.contest, Stage.ordinal == head.ordinal)
    )
    if stage is None:
        return
    if stage.rules_fingerprint != head.rules_fingerprint:
        yield Problem(OTHER_RULES, {}, "round")
    same = select(Round.id).join(Round.unit).where(
        Round.stage_id == stage.id, Unit.code == head.unit, Round.name == head.name
    )  # fmt: skip
    if db.session.scalar(same) is not None:
        yield Problem(SAME_ROUND, {}, "round")


def _card_conflicts(package: RoundPackage) -> Iterator[Problem]:
    names = {person.code: person.full_name for person in package.people}
    owners = {card.code: card.person for card in package.cards}
    query = select(AccessCard.code, Person.code).join(AccessCard.person).where(AccessCard.code.in_(owners))
    for code, person in db.session.execute(query):
        if owners[code] != person:
            yield Problem(OTHER_CARD, {"name": names[owners[code]]}, "cards")


def _by_code(model: type[Coded], lines: Iterable[Line]) -> dict[str, Coded]:
    codes = [line.code for line in lines]
    return {one.code: one for one in db.session.scalars(select(model).where(model.code.in_(codes)))}


# --- writing it ---------------------------------------------------------------------------------------------------


def _load_units(lines: Iterable[UnitLine]) -> dict[str, Unit]:
    units = _by_code(Unit, lines)
    for line in lines:
        if line.code in units:
            continue
        parent = units[line.parent] if line.parent else None
        unit = Unit(
            code=line.code, name=line.name, type_label=line.type_label, parent=parent, is_cell=line.is_cell,
            cell_type=CellType(line.cell_type) if line.cell_type else None, ranking_group=line.ranking_group,
            has_signal=line.has_signal, is_difficult=line.is_difficult,
            search_key=search_key(f"{line.type_label} {line.name}"), sort_key=sort_key(line.name),
        )  # fmt: skip
        db.session.add(unit)
        db.session.flush()
        unit.path = f"{parent.path if parent else '/'}{unit.id}/"
        units[line.code] = unit
    db.session.flush()
    return units


def _load_people(lines: Iterable[PersonLine], units: dict[str, Unit]) -> dict[str, Person]:
    people = _by_code(Person, lines)
    for line in lines:
        if line.code not in people:
            people[line.code] = Person(
                code=line.code, full_name=line.full_name, unit=units[line.unit], position=Position(line.position),
                birth_date=date.fromisoformat(line.birth_date) if line.birth_date else None,
                search_key=search_key(line.full_name), sort_key=person_sort_key(line.full_name),
            )  # fmt: skip
    db.session.add_all(people.values())
    db.session.flush()
    return people


def _load_round(package: RoundPackage, units: dict[str, Unit]) -> Round:
    head = package.round
    contest = db.session.scalar(select(Contest).where(Contest.code == head.contest)) or Contest(
        code=head.contest, title=head.title, unit=units[head.board], created_at=package.made_at
    )
    db.session.add(contest)
    db.session.flush()
    stage = next((one for one in contest.stages if one.ordinal == head.ordinal), None) or Stage(
        contest=contest, ordinal=head.ordinal, name=head.stage, rules=head.rules,
        rules_fingerprint=head.rules_fingerprint,
    )  # fmt: skip
    stage.frozen_at = stage.frozen_at or head.frozen_at
    contest_round = Round(
        stage=stage, unit=units[head.unit], name=head.name, opens_at=head.opens_at, closes_at=head.closes_at,
        opened_at=head.opened_at,
    )  # fmt: skip
    contest_round.scopes = [RoundUnit(unit=units[code], cluster=cluster) for code, cluster in head.scopes]
    db.session.add(contest_round)
    db.session.flush()
    return contest_round


def _load_items(package: RoundPackage, round_id: int, now: int) -> None:
    banks, topics = _load_named(Bank, package.banks), _load_named(Topic, package.topics)
    documents = _load_named(Document, package.documents)
    items = _by_code(Item, package.items)
    known = _known_versions(items.values())
    for line in package.items:
        item = items.get(line.code)
        if item is None:
            items[line.code] = item = Item(code=line.code, bank=banks[line.bank], created_at=now)
            db.session.add(item)
            db.session.flush()
        version = known.get((line.code, line.fingerprint))
        if version is None:
            version = _new_version(item, line, documents[line.document], topics[line.topic], now)
        if line.in_pool:
            db.session.add(RoundItem(round_id=round_id, version_id=version.id))
    db.session.flush()


def _load_named(model: type[Named], lines: Iterable[NamedLine]) -> dict[str, Named]:
    found = _by_code(model, lines)
    for line in lines:
        if line.code not in found:
            found[line.code] = model(code=line.code, title=line.title)
    db.session.add_all(found.values())
    db.session.flush()
    return found


def _known_versions(items: Iterable[Item]) -> dict[tuple[str, str], ItemVersion]:
    query = select(ItemVersion).where(ItemVersion.item_id.in_([item.id for item in items]))
    return {(one.item.code, one.fingerprint): one for one in db.session.scalars(query)}


def _new_version(item: Item, line: ItemLine, document: Document, topic: Topic, now: int) -> ItemVersion:
    """Return a version that came with a package; it never becomes the current one of an item that was here."""
    number = max((version.number for version in item.versions), default=0) + 1
    version = ItemVersion(
        item=item, number=number, document=document, topic=topic, reference=line.reference,
        level=Level(line.level), kind=Kind(line.kind), stem=line.stem, options=list(line.options),
        key=list(line.key), keep_order=line.keep_order, keep_last=line.keep_last,
        fingerprint=line.fingerprint, search_key=search_key(line.stem), created_at=now, status=Status.APPROVED,
        points=list(line.points),
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    return version


def _load_cards(contest_id: int, lines: Iterable[CardLine], people: dict[str, Person], now: int) -> None:
    """Take over codes and PINs. The token of a QR code stays on the server, so here it opens nothing."""
    keys = [person.id for person in people.values()]
    there = select(AccessCard).where(AccessCard.contest_id == contest_id, AccessCard.person_id.in_(keys))
    live = {card.person_id: card for card in db.session.scalars(there.where(AccessCard.revoked_at.is_(None)))}
    ever = list(db.session.scalars(there.order_by(AccessCard.serial)))
    last, codes = {card.person_id: card.serial for card in ever}, {card.code for card in ever}
    for line in lines:
        person = people[line.person]
        if line.code in codes:
            continue
        if person.id in live:
            live[person.id].revoked_at = now
            db.session.flush()
        serial = max(line.serial, last.get(person.id, 0) + 1)
        db.session.add(
            AccessCard(
                contest_id=contest_id, person=person, serial=serial, code=line.code, pin_hash=line.pin_hash,
                token_hash=keyring.hash_token(new_token()), issued_at=line.issued_at,
            )
        )  # fmt: skip
    db.session.flush()
