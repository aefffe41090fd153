"""Packages of questions on their way to a hall and back: down while nobody has drawn them, home with who drew which."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from quiz.core.stage_lines import LotLine, PerformanceLine
from quiz.extensions import db
from quiz.models import Entry, Item, ItemVersion, Lot, LotItem, Performance, Person, Round

Place = tuple[str, str, int]  # part, group, number
Name = tuple[str, str]  # code and fingerprint of a question


def lines_of(contest_round: Round) -> list[LotLine]:
    """Return the packages of a round with their questions, by part, group and number."""
    return [_line(lot) for lot in _lots(contest_round)]


def _lots(contest_round: Round) -> Sequence[Lot]:
    items = selectinload(Lot.items).joinedload(LotItem.version).joinedload(ItemVersion.item)
    drawn = joinedload(Lot.void_entry).joinedload(Entry.person)
    query = select(Lot).where(Lot.round_id == contest_round.id).options(items, drawn)
    return db.session.scalars(query.order_by(Lot.part, Lot.ranking_group, Lot.number)).all()


def _line(lot: Lot) -> LotLine:
    return LotLine(
        part=lot.part, group=lot.ranking_group, number=lot.number, questions=tuple(map(_name, lot.items)),
        void_at=lot.void_at, void_reason=lot.void_reason,
        void_person=lot.void_entry.person.code if lot.void_entry else "",
    )  # fmt: skip


def _name(one: LotItem) -> Name:
    return one.version.item.code, one.version.fingerprint


def versions_in(contest_round: Round) -> Iterable[ItemVersion]:
    """Return the questions in the packages of a round, each once."""
    wanted = select(LotItem.version_id).join(LotItem.lot).where(Lot.round_id == contest_round.id)
    query = select(ItemVersion).where(ItemVersion.id.in_(wanted)).order_by(ItemVersion.id)
    options = (
        joinedload(ItemVersion.item), joinedload(ItemVersion.document), joinedload(ItemVersion.topic)
    )  # fmt: skip
    return db.session.scalars(query.options(*options)).all()


def write(contest_round: Round, lines: Iterable[LotLine]) -> dict[Place, Lot]:
    """Return the packages of a round that `lines` mean, made where the round has none of that number.

    Left out is one of which another stands here, or whose questions are not known here.
    """
    wanted = list(lines)
    there = {(lot.part, lot.ranking_group, lot.number): lot for lot in _lots(contest_round)}
    versions = _versions({name for line in wanted for name in line.questions})
    found: dict[Place, Lot] = {}
    for line in wanted:
        lot = there.get(line.place)
        if lot is None and all(name in versions for name in line.questions):
            lot = _new(contest_round, line, versions)
        if lot is not None and tuple(map(_name, lot.items)) == line.questions:
            found[line.place] = lot
    db.session.flush()
    return found


def _versions(names: set[Name]) -> dict[Name, ItemVersion]:
    query = (
        select(Item.code, ItemVersion)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.code.in_({code for code, _print in names}))
        .options(joinedload(ItemVersion.item))
    )
    return {(code, version.fingerprint): version for code, version in db.session.execute(query)}


def _new(contest_round: Round, line: LotLine, versions: Mapping[Name, ItemVersion]) -> Lot:
    lot = Lot(round_id=contest_round.id, part=line.part, ranking_group=line.group, number=line.number)
    lot.items = [
        LotItem(place=place, version=versions[name]) for place, name in enumerate(line.questions, start=1)
    ]
    db.session.add(lot)
    db.session.flush()
    return lot


def note_used(
    contest_round: Round,
    lines: Iterable[LotLine],
    new: Mapping[tuple[str, str], tuple[Performance, PerformanceLine]],
) -> None:
    """Note which package each of the `new` performances drew in the hall, and whose draws were taken back."""
    wanted = list(lines)
    lots = write(contest_round, wanted)
    drawn = select(Performance.lot_id).where(
        Performance.round_id == contest_round.id, Performance.lot_id.is_not(None)
    )
    taken = set(db.session.scalars(drawn))
    for performance, line in new.values():
        lot = lots.get((line.part, line.lot_group, line.lot or 0))
        if lot is not None and lot.id not in taken and lot.void_at is None:
            taken.add(lot.id)
            performance.lot_id, performance.lot_drawn_at = lot.id, line.lot_drawn_at
    query = select(Person.code, Entry.id).join(Entry.person).where(Entry.round_id == contest_round.id)
    entries = {code: key for code, key in db.session.execute(query)}
    for void in wanted:
        lot = lots.get(void.place)
        if void.void_at is not None and lot is not None and lot.id not in taken and lot.void_at is None:
            lot.void_at, lot.void_reason = void.void_at, void.void_reason
            lot.void_entry_id = entries.get(void.void_person)
    db.session.flush()
