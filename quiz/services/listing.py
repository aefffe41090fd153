"""Finding items: what a list is narrowed to and sorted by. Its cost follows the page, not the texts of the bank."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import defer, joinedload

from quiz.core.items import Difficulty, Kind, Level, Part, Status
from quiz.core.statistics import Flag
from quiz.extensions import db
from quiz.models import Bank, Document, Item, ItemStatistic, ItemVersion, Topic
from quiz.services import words

PAGE = 50


class Use(StrEnum):
    """Whether any version of an item has been on a paper of a round counted."""

    NEVER = "never"
    USED = "used"


class Reading(StrEnum):
    """Whether the version has had a second reading."""

    MISSING = "missing"
    DONE = "done"


class Doubt(StrEnum):
    """Whether the figures of the version ask for a look: any flag, or one of them."""

    ANY = "any"
    WRONG_WAY = Flag.WRONG_WAY.value
    WEAK = Flag.WEAK.value
    HARD = Flag.HARD.value
    EASY = Flag.EASY.value


class Author(StrEnum):
    """Whose words a version has, seen from the person who looks."""

    ME = "me"
    OTHERS = "others"


class Sort(StrEnum):
    """The order of a list; items without figures come last where it goes by figures."""

    CODE = "code"
    NEWEST = "newest"
    HARDEST = "hardest"
    EASIEST = "easiest"
    WEAKEST = "weakest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of items is narrowed to and sorted by; "" leaves that side open."""

    text: str = ""
    bank: str = ""
    topic: str = ""
    document: str = ""
    reference: str = ""
    level: str = ""
    kind: str = ""
    difficulty: str = ""
    part: str = ""
    status: str = ""
    author: str = ""
    use: str = ""
    doubt: str = ""
    reading: str = ""
    sort: str = ""


_OF_VERSIONS = {field.name for field in fields(Wanted)} - {"bank", "sort"}


def search(wanted: Wanted, page: int = 1, account_id: int | None = None) -> Pagination:
    """Return a page of items with their current versions, topics and figures; `account_id` is who looks."""
    narrowed = ids(wanted, account_id)
    found = db.paginate(
        narrowed.order_by(*_order(wanted)), page=max(page, 1), per_page=PAGE, error_out=False, count=False
    )
    found.total = total(wanted, account_id)
    by_id = {item.id: item for item in db.session.scalars(_whole().where(Item.id.in_(found.items)))}
    found.items = [by_id[item_id] for item_id in found.items]
    return found


def total(wanted: Wanted, account_id: int | None = None) -> int:
    """Return how many items there are."""
    return db.session.scalar(counted(wanted, account_id)) or 0


def counted(wanted: Wanted, account_id: int | None = None) -> Select[tuple[int]]:
    """Return the query of how many items there are."""
    query = select(db.func.count())
    if any(getattr(wanted, name) for name in _OF_VERSIONS):
        return _from(query, wanted, account_id)
    query = query.select_from(Item)  # every item has a current version: nothing to look up
    return query.where(_coded(wanted)["bank"]) if wanted.bank else query


def ids(wanted: Wanted, account_id: int | None = None) -> Select[Any]:
    """Return the query of the ids of the items, in no order."""
    return _from(select(Item.id), wanted, account_id)


def _whole() -> Select[tuple[Item]]:
    """Return the query of items with what a line of a list shows."""
    current = joinedload(Item.current)
    return select(Item).options(
        current.joinedload(ItemVersion.topic),
        current.options(defer(ItemVersion.search_key)),
        joinedload(Item.bank),
    )


def statistics_of(items: list[Item]) -> dict[int, ItemStatistic]:
    """Return the figures of the items' current versions by item id."""
    query = select(ItemStatistic).where(ItemStatistic.version_id.in_([item.current_id for item in items]))
    return {row.item_id: row for row in db.session.scalars(query)}


def _from(query: Select[Any], wanted: Wanted, account_id: int | None) -> Select[Any]:
    query = query.select_from(Item).join(ItemVersion, ItemVersion.id == Item.current_id)
    if wanted.sort in _BY_FIGURES:
        query = query.outerjoin(ItemStatistic, ItemStatistic.version_id == Item.current_id)
    conditions = words.conditions(wanted.text, wanted.reference)
    conditions += [condition for name, condition in _coded(wanted).items() if getattr(wanted, name)]
    for name, values in _LISTED.items():
        if value := getattr(wanted, name):
            known = value in list(values)
            conditions.append(_condition(name, values(value), account_id) if known else db.false())
    return query.where(*conditions)


def _coded(wanted: Wanted) -> dict[str, ColumnElement[bool]]:
    """Return the conditions on what goes by a code."""

    def coded(column: Any, model: Any, code: str) -> ColumnElement[bool]:
        return column == select(model.id).where(model.code == code).scalar_subquery()  # type: ignore[no-any-return]

    return {
        "bank": coded(Item.bank_id, Bank, wanted.bank),
        "topic": coded(ItemVersion.topic_id, Topic, wanted.topic),
        "document": coded(ItemVersion.document_id, Document, wanted.document),
    }


_LISTED: dict[str, type[StrEnum]] = {
    "level": Level, "kind": Kind, "difficulty": Difficulty, "part": Part, "status": Status, "author": Author,
    "use": Use, "doubt": Doubt, "reading": Reading,
}  # fmt: skip


def _condition(name: str, value: StrEnum, account_id: int | None) -> ColumnElement[bool]:
    made: dict[str, Callable[[], ColumnElement[bool]]] = {
        "difficulty": lambda: ItemVersion.intended_difficulty == value,
        "author": lambda: _by(account_id) if value is Author.ME else ~_by(account_id),
        "use": lambda: _used() if value is Use.USED else ~_used(),
        "doubt": lambda: _doubted(value),
        "reading": lambda: (
            ItemVersion.reviewed.is_(None) if value is Reading.MISSING else ItemVersion.reviewed.is_not(None)
        ),
    }
    return made[name]() if name in made else getattr(ItemVersion, name) == value


def _by(account_id: int | None) -> ColumnElement[bool]:
    return db.func.coalesce(ItemVersion.author_id, 0) == (account_id or -1)


def _used() -> ColumnElement[bool]:
    return Item.id.in_(select(ItemStatistic.item_id))


def _doubted(value: StrEnum) -> ColumnElement[bool]:
    flags = ItemStatistic.flag != "" if value is Doubt.ANY else ItemStatistic.flag == str(value)
    return ItemVersion.id.in_(select(ItemStatistic.version_id).where(flags))


_BY_FIGURES = {
    Sort.HARDEST: (ItemStatistic.facility.is_(None), ItemStatistic.facility),
    Sort.EASIEST: (ItemStatistic.facility.is_(None), ItemStatistic.facility.desc()),
    Sort.WEAKEST: (ItemStatistic.correlation.is_(None), ItemStatistic.correlation),
}


def _order(wanted: Wanted) -> tuple[Any, ...]:
    if wanted.sort == Sort.NEWEST:
        return (Item.current_id.desc(),)
    first: tuple[Any, ...] = _BY_FIGURES[Sort(wanted.sort)] if wanted.sort in _BY_FIGURES else ()
    return (*first, Item.bank_id, Item.code)
