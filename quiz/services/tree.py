"""Looking at the organisation tree: who stands under whom, how many cells and people, and finding a unit by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from quiz.core.errors import N_
from quiz.core.names import nfc, search_key
from quiz.extensions import db
from quiz.models import FormerName, Person, Unit
from quiz.services.drafts import refuse

PAGE = 50


@dataclass(slots=True)
class Tally:
    """How many standing cells and how many people a subtree holds."""

    cells: int = 0
    people: int = 0


def under(paths: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a unit lies under any of `paths`; "" reaches every unit."""
    known = list(paths)
    return true() if "" in known else or_(false(), *(Unit.path.startswith(path) for path in known))


def standing(today: date) -> ColumnElement[bool]:
    """Return the condition that a unit exists on that day: begun, and not merged or dissolved."""
    begun = or_(Unit.valid_from.is_(None), Unit.valid_from <= today)
    return and_(begun, or_(Unit.valid_to.is_(None), Unit.valid_to > today))


def has_ended(unit: Unit, today: date) -> bool:
    """Tell whether a unit was merged or dissolved on that day or before."""
    return unit.valid_to is not None and unit.valid_to <= today


def tops(paths: list[str]) -> list[Unit]:
    """Return the highest units under `paths`: the roots for "", else the nodes of the paths themselves."""
    highest = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    where = Unit.parent_id.is_(None) if "" in paths else Unit.path.in_(highest)
    return list(db.session.scalars(select(Unit).where(where).order_by(Unit.sort_key, Unit.id)))


def children(unit: Unit, page: int) -> Pagination:
    """Return a page of the units right under `unit`, those that still stand first, in alphabetical order."""
    ended = Unit.valid_to.is_not(None)
    query = select(Unit).where(Unit.parent_id == unit.id).order_by(ended, Unit.sort_key, Unit.id)
    return _page(query, page)


def _page(query: Select[tuple[Unit]], page: int) -> Pagination:
    return db.paginate(query, page=max(page, 1), per_page=PAGE, error_out=False)


def _ids(path: str) -> list[int]:
    return [int(key) for key in path.split("/") if key]


def common_path(paths: Iterable[str]) -> str:
    """Return the longest path that all of `paths` lie under; "" when they share no root."""
    shared: list[str] = []
    for keys in zip(*(path.strip("/").split("/") for path in paths), strict=False):
        if len(set(keys)) > 1:
            break
        shared.append(keys[0])
    return f"/{'/'.join(shared)}/" if any(shared) else ""


def tallies(units: list[Unit], today: date) -> dict[int, Tally]:
    """Return by id what each of `units` holds in its whole subtree, itself included."""
    found = {unit.id: Tally() for unit in units}
    within = Unit.path.startswith(common_path(unit.path for unit in units))
    cells = select(Unit.path).where(within, Unit.is_cell, standing(today))
    for path in db.session.scalars(cells):
        for key in found.keys() & set(_ids(path)):
            found[key].cells += 1
    people = (
        select(Unit.path, func.count())
        .join(Person, Person.unit_id == Unit.id)
        .where(within)
        .group_by(Unit.path)
    )
    for path, number in db.session.execute(people):
        for key in found.keys() & set(_ids(path)):
            found[key].people += number
    return found


def lineage(units: Iterable[Unit]) -> dict[int, list[Unit]]:
    """Return by id the units above each of `units`, from the root down, without itself; one query."""
    wanted = {unit.id: _ids(unit.path)[:-1] for unit in units}
    keys = {key for above in wanted.values() for key in above}
    known = {unit.id: unit for unit in db.session.scalars(select(Unit).where(Unit.id.in_(keys)))}
    return {unit_id: [known[key] for key in above] for unit_id, above in wanted.items()}


def has_words(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Return the condition that for each word of `text` a word of a search key begins with it."""
    spaced = literal(" ").concat(column)
    return and_(true(), *(spaced.contains(f" {word}", autoescape=True) for word in search_key(text).split()))


def _named(text: str) -> ColumnElement[bool]:
    """Return the condition that a unit's code is `text`, or its name or a former one has the words of it."""
    if not search_key(text):
        return false()
    former = select(FormerName.unit_id).where(has_words(FormerName.search_key, text))
    named = has_words(Unit.search_key, text)
    return or_(func.lower(Unit.code) == text.lower(), named, Unit.id.in_(former))


def meant_by(text: str) -> Select[tuple[int]]:
    """Return the query for the ids of the units whose name, former name or code people mean by `text`."""
    return select(Unit.id).where(_named(nfc(text))).correlate(None)


def search(text: str, paths: list[str], page: int = 1, cells: bool | None = None) -> Pagination:
    """Return a page of the units under `paths` whose name, former name or code people mean by `text`.

    `cells` narrows them to cells (True) or to all other units (False).
    """
    query = select(Unit).where(under(paths), _named(nfc(text))).order_by(Unit.sort_key, Unit.id)
    return _page(query if cells is None else query.where(Unit.is_cell == cells), page)


def find_one(text: str, paths: list[str], field: str = "") -> Unit:
    """Return the unit under `paths` that `text` names: by its code, else by its whole name, without marks or with.

    Raise DraftRefused on `field` when there is none or several.
    """
    wanted, key = nfc(text), search_key(text)
    whole_name = or_(Unit.search_key == key, Unit.search_key.endswith(f" {key}", autoescape=True))
    for condition in (func.lower(Unit.code) == wanted.lower(), whole_name):
        found = list(db.session.scalars(select(Unit).where(under(paths), condition).limit(6)))
        if len(found) == 1:
            return found[0]
        if found:
            message = N_("Có nhiều đơn vị tên như vậy: %(names)s. Hãy ghi mã của một đơn vị.")
            raise refuse(field, message, names=_listed(found))
    message = N_(
        "Không thấy đơn vị “%(text)s” trong phạm vi của bạn. Hãy ghi mã, hoặc tên đầy đủ.%(similar)s"
    )
    similar = search(wanted, paths).items
    raise refuse(field, message, text=wanted[:60], similar=f" ({_listed(similar)})" if similar else "")


def _listed(units: list[Unit]) -> str:
    return "; ".join(f"{unit.code}: {unit.title}" for unit in units[:5])


def branches(paths: list[str], today: date, cells: bool = False, limit: int = 400) -> list[Unit]:
    """Return the standing cells, or the standing units that are none, to choose from under `paths`."""
    query = select(Unit).where(under(paths), standing(today), Unit.is_cell == cells)
    return list(db.session.scalars(query.order_by(Unit.sort_key, Unit.id).limit(limit)))


def types_under(node: Unit) -> list[str]:
    """Return the type labels of the units under a node that are no cells, and of cells, each once by the alphabet."""
    query = select(Unit.type_label).where(under([node.path])).distinct().order_by(Unit.type_label)
    return list(db.session.scalars(query))


def siblings(unit: Unit, today: date) -> list[Unit]:
    """Return the standing units of the same kind beside `unit`, to offer as its successor."""
    query = select(Unit).where(
        Unit.parent_id == unit.parent_id, Unit.is_cell == unit.is_cell, Unit.id != unit.id
    )
    return list(db.session.scalars(query.where(standing(today)).order_by(Unit.sort_key, Unit.id).limit(400)))


def words_used() -> tuple[list[str], list[str]]:
    """Return the type labels and the ranking groups in use, to offer them again."""
    labels = db.session.scalars(select(Unit.type_label).distinct().order_by(Unit.type_label).limit(50))
    groups = db.session.scalars(
        select(Unit.ranking_group)
        .where(Unit.ranking_group != "")
        .distinct()
        .order_by(Unit.ranking_group)
        .limit(50)
    )
    return list(labels), list(groups)


def merged_into(unit: Unit) -> list[Unit]:
    """Return the units that this one took over."""
    return list(
        db.session.scalars(select(Unit).where(Unit.successor_id == unit.id).order_by(Unit.valid_to, Unit.id))
    )
