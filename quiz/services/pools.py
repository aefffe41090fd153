"""The items a round may draw on: approved, current, of the exam part, valid on its days; frozen when it opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, select

from quiz.core.items import Kind, Part, Status
from quiz.core.papers import PoolEntry, shortfalls
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Document, Item, ItemVersion, RoundItem, Topic


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a blueprint beside the bank: `wanted` items, `available` there, `missing` at the draw."""

    title: str
    level: str
    wanted: int
    available: int
    missing: int


def pool_of(rules: Rules, first: date, last: date | None = None) -> list[PoolEntry]:
    """Return the items that may be drawn for `rules` in a round held from `first` to `last` (None: one day)."""
    topics = {cell.topic for cell in rules.blueprint}
    return _entries(_usable(first, last or first).where(Topic.code.in_(topics)))


def freeze(round_id: int, pool: Iterable[PoolEntry]) -> int:
    """Keep `pool` as the items of a round and return how many they are."""
    rows = [{"round_id": round_id, "version_id": entry.version} for entry in pool]
    if rows:
        db.session.execute(insert(RoundItem), rows)
    return len(rows)


def expired(round_id: int, first: date, last: date) -> int:
    """Return how many of a round's frozen items are not valid from `first` to `last`."""
    frozen = select(RoundItem.version_id).where(RoundItem.round_id == round_id)
    query = select(db.func.count()).select_from(ItemVersion).join(Document).where(ItemVersion.id.in_(frozen))
    return db.session.scalar(query.where(db.not_(valid_on(first, last)))) or 0


def availability(
    first: date, last: date | None = None, bank_id: int | None = None
) -> dict[tuple[str, str], int]:
    """Return how many items, of all banks or of one, may be drawn on those days, by (topic code, level)."""
    usable = _usable(first, last or first).with_only_columns(Topic.code, ItemVersion.level, db.func.count())
    if bank_id is not None:
        usable = usable.where(Item.bank_id == bank_id)
    rows = db.session.execute(usable.group_by(Topic.code, ItemVersion.level).order_by(None))
    return {(code, str(level)): count for code, level, count in rows}


def topics() -> list[tuple[str, str]]:
    """Return (code, title) of every topic."""
    return [
        (code, title)
        for code, title in db.session.execute(select(Topic.code, Topic.title).order_by(Topic.id))
    ]


def topics_of(bank_id: int) -> set[str]:
    """Return the codes of the topics a bank has items on."""
    query = select(Topic.code).join(ItemVersion, ItemVersion.topic_id == Topic.id)
    return set(
        db.session.scalars(query.join(Item, Item.current_id == ItemVersion.id).where(Item.bank_id == bank_id))
    )


def lines_of(rules: Rules, pool: Iterable[PoolEntry]) -> list[Line]:
    """Return the lines of a blueprint, each with what `pool` has for it."""
    entries, titles = list(pool), dict(topics())
    short = {(gap.topic, gap.level): gap for gap in shortfalls(rules.blueprint, entries)}
    lines = []
    for cell in rules.blueprint:
        gap = short.get((cell.topic, cell.level))
        there = sum(entry.topic == cell.topic and cell.level in ("", entry.level) for entry in entries)
        available, missing = (gap.available, gap.wanted - gap.available) if gap else (there, 0)
        lines.append(Line(titles.get(cell.topic, cell.topic), cell.level, cell.count, available, missing))
    return lines


def _columns() -> Select[Any]:
    return (
        select(
            ItemVersion.id, Topic.code, ItemVersion.level, ItemVersion.kind, ItemVersion.options,
            ItemVersion.keep_order, ItemVersion.keep_last,
        )
        .join(Topic, Topic.id == ItemVersion.topic_id)
        .order_by(ItemVersion.id)
    )  # fmt: skip


def _usable(first: date, last: date) -> Select[Any]:
    return (
        _columns()
        .join(Item, Item.current_id == ItemVersion.id)
        .join(Document, Document.id == ItemVersion.document_id)
        .where(
            ItemVersion.status == Status.APPROVED,
            ItemVersion.part == Part.EXAM,
            ItemVersion.kind != Kind.ORAL,  # answered aloud: drawn by lot on the stage, never onto a paper
            valid_on(first, last),
        )
    )


def valid_on(first: date, last: date) -> ColumnElement[bool]:
    """Return whether version and document, both joined, are valid on all days from `first` to `last`."""
    spans = ((ItemVersion.valid_from, ItemVersion.valid_to), (Document.valid_from, Document.valid_to))
    return db.and_(
        *(
            db.and_(db.or_(start.is_(None), start <= first), db.or_(end.is_(None), end >= last))
            for start, end in spans
        )
    )


def _entries(query: Select[Any]) -> list[PoolEntry]:
    return [
        PoolEntry(version, topic, str(level), len(options), keep_order or kind is Kind.TRUE_FALSE, keep_last)
        for version, topic, level, kind, options, keep_order, keep_last in db.session.execute(query)
    ]
