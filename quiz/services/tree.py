"""Looking at the organisation tree: who stands under whom, how many cells and people, and finding a unit by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from quiz.core.errors import N_, RuleBroken
from quiz.core.names import nfc, search_key
from quiz.extensions import db
from quiz.models import FormerName, Person, Unit

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


def _named(text: str) -> ColumnElement[bool]:
    """Return the condition that a unit's code is `text`, or its name or a former one holds each word of it."""
    words = search_key(text).split()
    if not words:
        return false()
    now = and_(*(Unit.search_key.contains(word, autoescape=True) for word in words))
    once = and_(*(FormerName.search_key.contains(word, autoescape=True) for word in words))
    former = select(FormerName.unit_id).where(once)
    return or_(func.lower(Unit.code) == text.lower(), now, Unit.id.in_(former))


def search(text: str, paths: list[str], page: int = 1) -> Pagination:
    """Return a page of the units under `paths` whose name, former name or code people mean by `text`."""
    return _page(select(Unit).where(under(paths), _named(nfc(text))).order_by(Unit.sort_key, Unit.path), page)


def find_one(text: str, paths: list[str]) -> Unit:
    """Return the unit under `paths` that `text` means: its code, else its name; raise RuleBroken if none or several."""
    wanted = nfc(text)
    query = select(Unit).where(under(paths), func.lower(Unit.code) == wanted.lower())
    found = list(db.session.scalars(query)) or search(wanted, paths).items
    if not found:
        raise RuleBroken(
            N_("Không thấy đơn vị nào là “%(text)s”. Hãy ghi mã hoặc tên đơn vị."), text=wanted[:60]
        )
    if len(found) > 1:
        names = "; ".join(f"{unit.code} ({unit.title})" for unit in found[:5])
        raise RuleBroken(
            N_("Có nhiều đơn vị tên như vậy: %(names)s. Hãy ghi mã của một đơn vị."), names=names
        )
    return found[0]


def branches(paths: list[str], today: date, cells: bool = False, limit: int = 400) -> list[Unit]:
    """Return the standing units under `paths` to choose from, without cells unless asked; at most `limit`."""
    query = select(Unit).where(under(paths), standing(today)).order_by(Unit.is_cell, Unit.sort_key, Unit.id)
    if not cells:
        query = query.where(~Unit.is_cell)
    return list(db.session.scalars(query.limit(limit)))


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
