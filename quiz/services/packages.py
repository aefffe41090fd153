"""Carrying a round to a hall without a line: making its package, and what the package holds."""

from collections.abc import Iterable
from secrets import token_hex

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload

from quiz.core.errors import N_, RuleBroken
from quiz.core.packages import (
    CardLine,
    EntryLine,
    ItemLine,
    NamedLine,
    PersonLine,
    RoundLine,
    RoundPackage,
)
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.keyring import new_code
from quiz.models import (
    AccessCard,
    Bank,
    Contest,
    Entry,
    ItemVersion,
    Package,
    Person,
    Round,
    RoundItem,
    Stage,
    Unit,
)
from quiz.services import audit, carried_lots, stage_packing, tree, unit_lines
from quiz.services.audit import Actor
from quiz.services.contests import rules_of

PHRASE = 16  # characters, 80 bits: nobody guesses it, one person can read it to another
MOST = 50  # packages of one round
WHOLE = N_("Phần thi trên sân khấu được mang đi cả vòng. Hãy chọn tất cả thí sinh của vòng.")


def make(contest_round: Round, unit: Unit | None, actor: Actor, now: int) -> Package:
    """Return a new package of a round, for everybody entered or for those of one unit and below it.

    A package for everybody takes the stage along, unless it was begun here. Raise RuleBroken before the round is
    opened, after its end, on the laptop of a hall, or when nobody or nothing would travel.
    """
    with_stage = unit is None and _has_stage_left(contest_round)
    check_may_travel(contest_round, now, with_stage)
    if not (with_stage or rules_of(contest_round).has_online):
        raise RuleBroken(WHOLE if unit is not None else stage_packing.BEGUN)
    if unit is not None and not any(_meets(scope.unit, unit) for scope in contest_round.scopes):
        raise RuleBroken(N_("%(unit)s không dự vòng thi này. Hãy chọn đơn vị khác."), unit=unit.title)
    package = Package(
        uuid=token_hex(16), round=contest_round, unit=unit, secret=token_hex(32), phrase=_phrase(),
        made_at=now, made_by_id=actor.account_id, with_stage=with_stage,
    )  # fmt: skip
    if not count_people(package):
        raise RuleBroken(N_("Chưa có thí sinh nào để mang đi. Hãy lập danh sách thí sinh trước."))
    if db.session.scalar(select(db.func.count()).where(Package.round_id == contest_round.id)) >= MOST:
        raise RuleBroken(N_("Vòng thi này đã có %(most)d gói. Hãy dùng lại một gói đã lập."), most=MOST)
    db.session.add(package)
    db.session.flush()
    path = (unit or contest_round.unit).path
    audit.record(actor, "package.make", package, now, path, round=contest_round.name, uuid=package.uuid[:8])
    return package


def _has_stage_left(contest_round: Round) -> bool:
    return bool(rules_of(contest_round).judged_parts) and not stage_packing.begun_in(contest_round)


def carries_keys(package: Package) -> bool:
    """Tell whether a package holds questions with their keys: a paper's, or those drawn on the stage."""
    return rules_of(package.round).has_online or (
        package.with_stage and bool(carried_lots.versions_in(package.round))
    )


def is_blank_machine() -> bool:
    """Tell whether this machine holds no round yet, as a laptop before its package is loaded."""
    return db.session.scalar(select(Round.id).limit(1)) is None


def check_may_travel(contest_round: Round, now: int, with_stage: bool = False) -> None:
    """Raise RuleBroken unless a package of a round may be made or handed out now; a stage may follow its paper."""
    phase = contest_round.phase_at(now)
    if phase is Phase.DRAFT:
        raise RuleBroken(N_("Vòng thi chưa được mở nên đề chưa chốt. Hãy mở vòng thi rồi mang đề đi."))
    if phase is Phase.CLOSED and not with_stage:
        raise RuleBroken(N_("Vòng thi đã kết thúc nên không mang đề đi được nữa."))
    if loaded(contest_round) is not None:
        raise RuleBroken(N_("Vòng thi này được mang từ máy chủ khác đến. Hãy lấy gói đề ở máy chủ ấy."))


def _meets(one: Unit, other: Unit) -> bool:
    return one.path.startswith(other.path) or other.path.startswith(one.path)


def _phrase() -> str:
    code = new_code(PHRASE)
    return "-".join(code[start : start + 4] for start in range(0, PHRASE, 4))


def loaded(contest_round: Round) -> Package | None:
    """Return the package by which a round came to this machine, None when it was made here."""
    return db.session.scalar(select(Package).where(Package.round_id == contest_round.id, Package.is_loaded))


def loaded_by_round(rounds: Iterable[Round]) -> dict[int, int]:
    """Return by round id the id of the package that brought it to this machine, of those that were brought."""
    keys = [one.id for one in rounds]
    query = select(Package.round_id, Package.id).where(Package.round_id.in_(keys), Package.is_loaded)
    return {round_id: package_id for round_id, package_id in db.session.execute(query)}


def is_laptop() -> bool:
    """Tell whether this machine serves a hall: a round was brought here by a package."""
    return db.session.scalar(select(Package.id).where(Package.is_loaded).limit(1)) is not None


def brought(paths: Iterable[str]) -> list[Package]:
    """Return the newest packages loaded on this machine, of contests of those subtrees."""
    query = select(Package).join(Package.round).join(Round.stage).join(Stage.contest).join(Contest.unit)
    query = query.where(Package.is_loaded, tree.under(paths)).order_by(Package.id.desc()).limit(MOST)
    return list(db.session.scalars(query.options(contains_eager(Package.round))))


def away(contest_round: Round) -> Package | None:
    """Return the newest package that took the stage of a round from here and has not come back, if there is one."""
    query = select(Package).where(
        Package.round_id == contest_round.id, Package.with_stage, ~Package.is_loaded
    )
    found = db.session.scalars(query.order_by(Package.id.desc())).all()
    return None if any(one.imports for one in found) else next(iter(found), None)


def find(uuid: str) -> Package | None:
    """Return the package of that name that this machine made or loaded."""
    return db.session.scalar(select(Package).where(Package.uuid == uuid))


def of_round(contest_round: Round) -> list[Package]:
    """Return the packages made of a round, the newest first."""
    query = select(Package).where(Package.round_id == contest_round.id).order_by(Package.id.desc())
    return list(db.session.scalars(query.options(joinedload(Package.unit), joinedload(Package.made_by))))


def count_people(package: Package) -> int:
    """Return how many contestants travel with a package."""
    with db.session.no_autoflush:
        return db.session.scalar(_entries(package).with_only_columns(db.func.count())) or 0


def hand_out(package: Package, actor: Actor, now: int) -> RoundPackage:
    """Return what a package holds as things stand now, and record who took it."""
    check_may_travel(package.round, now, package.with_stage)
    path = (package.unit or package.round.unit).path
    audit.record(actor, "package.take", package, now, path, round=package.round.name, uuid=package.uuid[:8])
    return contents(package, package.round.phase_at(now) is not Phase.CLOSED)


def contents(package: Package, with_paper: bool = True) -> RoundPackage:
    """Return what a package holds: nothing but what sitting, judging and marking need.

    Neither questions nor cards go along to a stage that follows a paper which is over (`with_paper` False).
    """
    found = db.session.scalars(_entries(package).order_by(Person.code).options(joinedload(Entry.person)))
    entries = list(found)
    pool = list(_versions(package.round_id)) if with_paper else []
    asked = carried_lots.versions_in(package.round) if package.with_stage else ()
    aloud = [version for version in asked if version not in pool]
    versions = [*pool, *aloud]
    return RoundPackage(
        uuid=package.uuid,
        secret=package.secret,
        made_at=package.made_at,
        round=_round_line(package),
        units=tuple(unit_lines.of(package.round, entries)),
        people=tuple(_person_line(entry.person) for entry in entries),
        entries=tuple(_entry_line(entry) for entry in entries),
        cards=tuple(_card_lines(package.round.stage.contest_id, entries)) if with_paper else (),
        banks=_named(version.item.bank for version in versions),
        documents=_named(version.document for version in versions),
        topics=_named(version.topic for version in versions),
        items=(
            *(_item_line(version) for version in pool),
            *(_item_line(version, False) for version in aloud),
        ),
        **stage_packing.parts_of(package),
    )


def _entries(package: Package) -> Select[tuple[Entry]]:
    conditions: list[ColumnElement[bool]] = [
        Entry.round_id == package.round.id,
        Entry.withdrawn_at.is_(None),
    ]
    query = select(Entry).join(Unit, Unit.id == Entry.unit_id).join(Person, Person.id == Entry.person_id)
    if package.unit is not None:
        conditions.append(Unit.path.startswith(package.unit.path))
    return query.where(*conditions)


def _versions(round_id: int) -> Iterable[ItemVersion]:
    query = (
        select(ItemVersion)
        .join(RoundItem, RoundItem.version_id == ItemVersion.id)
        .where(RoundItem.round_id == round_id)
        .order_by(ItemVersion.id)
        .options(
            joinedload(ItemVersion.item), joinedload(ItemVersion.document), joinedload(ItemVersion.topic)
        )
    )
    return db.session.scalars(query)


def _round_line(package: Package) -> RoundLine:
    contest_round = package.round
    stage, window = contest_round.stage, contest_round.window
    opened_at = contest_round.opened_at
    if window is None or opened_at is None:
        raise ValueError("a round that is not open does not travel")
    return RoundLine(
        contest=stage.contest.code, title=stage.contest.title, board=stage.contest.unit.code,
        ordinal=stage.ordinal, stage=stage.name, rules=stage.rules, rules_fingerprint=stage.rules_fingerprint,
        frozen_at=stage.frozen_at or opened_at, name=contest_round.name, unit=contest_round.unit.code,
        opens_at=window.opens_at, closes_at=max(window.ends_at, window.opens_at + 1), opened_at=opened_at,
        scopes=tuple(sorted((scope.unit.code, scope.cluster) for scope in contest_round.scopes)),
        with_stage=package.with_stage,
    )  # fmt: skip


def _person_line(person: Person) -> PersonLine:
    born = person.birth_date.isoformat() if person.birth_date else ""
    return PersonLine(person.code, person.full_name, born, person.position.value, person.unit.code)


def _entry_line(entry: Entry) -> EntryLine:
    return EntryLine(
        entry.person.code, entry.unit.code, entry.scope.code, entry.cluster, entry.ranking_group, entry.origin
    )


def _card_lines(contest_id: int, entries: Iterable[Entry]) -> Iterable[CardLine]:
    people = [entry.person_id for entry in entries]
    query = (
        select(AccessCard)
        .where(
            AccessCard.contest_id == contest_id,
            AccessCard.revoked_at.is_(None),
            AccessCard.person_id.in_(people),
        )
        .order_by(AccessCard.code)
        .options(joinedload(AccessCard.person))
    )
    for card in db.session.scalars(query):
        yield CardLine(card.person.code, card.serial, card.code, card.pin_hash, card.issued_at)


def _named(things: Iterable[Bank]) -> tuple[NamedLine, ...]:
    return tuple(NamedLine(code, title) for code, title in sorted({(one.code, one.title) for one in things}))


def _item_line(version: ItemVersion, in_pool: bool = True) -> ItemLine:
    return ItemLine(
        code=version.item.code, fingerprint=version.fingerprint, bank=version.item.bank.code,
        document=version.document.code, topic=version.topic.code, reference=version.reference,
        level=version.level.value, kind=version.kind.value, stem=version.stem, options=tuple(version.options),
        key=tuple(version.key), keep_order=version.keep_order, keep_last=version.keep_last,
        in_pool=in_pool, points=() if in_pool else tuple(version.points),
    )  # fmt: skip
