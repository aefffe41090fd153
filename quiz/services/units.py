"""The acts that shape the organisation: create, edit, rename, move, merge. Paths are kept for the whole subtree.

`valid_to` is the day a merger or dissolution takes effect: from that day on the unit has ended. A unit that was
used once is never deleted, so that old contests keep their tree.
"""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, delete, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.names import nfc, search_key, sort_key
from quiz.core.rosters import Change, Roster, UnitDraft
from quiz.core.states import State, check_seen
from quiz.extensions import db
from quiz.models import Absence, Entry, FormerName, FormerPlace, Grant, Person, Round, Unit
from quiz.services import audit, entry_groups, tree
from quiz.services.audit import Actor
from quiz.services.drafts import change_of, refuse, require_sound

IN_USE = N_(
    "Đơn vị này đã có đơn vị, người, tài khoản hoặc vòng thi gắn với nó nên không xóa được. Hãy sáp nhập."
)


def draft_of(unit: Unit) -> UnitDraft:
    """Return what a stored unit says, as a row of the roster."""
    return UnitDraft(
        0, unit.code, unit.name, unit.type_label, unit.parent.code if unit.parent else "", unit.is_cell,
        unit.cell_type, unit.ranking_group, unit.has_signal, unit.is_difficult, unit.valid_from, unit.valid_to,
        unit.successor.code if unit.successor else "",
    )  # fmt: skip


def state_of(unit: Unit) -> State:
    """Return what the form of a unit shows."""
    return asdict(draft_of(unit))


def values_of(draft: UnitDraft) -> dict[str, Any]:
    """Return the columns a draft fills; its place in the tree and its successor are set apart."""
    return {
        "name": draft.name,
        "type_label": draft.type_label,
        "is_cell": draft.is_cell,
        "cell_type": draft.cell_type,
        "ranking_group": draft.ranking_group,
        "has_signal": draft.has_signal,
        "is_difficult": draft.is_difficult,
        "valid_from": draft.valid_from,
        "valid_to": draft.valid_to,
        "search_key": search_key(f"{draft.type_label} {draft.name}"),
        "sort_key": sort_key(draft.name),
    }


def former_name(draft: UnitDraft, until: date) -> dict[str, Any]:
    """Return the columns of the record of the name `draft` still has."""
    return {"name": draft.name, "until": until, "search_key": search_key(f"{draft.type_label} {draft.name}")}


def next_code(parent: Unit | None) -> str:
    """Return a free code to offer for a new unit below `parent`: the parent's with the next number."""
    if parent is None:
        return ""
    number = (db.session.scalar(select(func.count()).where(Unit.parent_id == parent.id)) or 0) + 1
    while db.session.scalar(select(Unit.id).where(Unit.code == f"{parent.code}-{number:02d}")):
        number += 1
    return f"{parent.code}-{number:02d}"


def lock_tree(*units: Unit) -> None:
    """Wait for other changes of the tree to end, then read `units` again; SQLite has one writer anyway."""
    db.session.execute(select(Unit.id).where(Unit.parent_id.is_(None)).with_for_update(key_share=True))
    for unit in units:
        db.session.refresh(unit)


def _surroundings(parent: Unit | None, *others: Unit | None) -> Roster:
    """Return the stored units that a draft under `parent` refers to."""
    above = [*tree.lineage([parent])[parent.id], parent] if parent else []
    return Roster(units=tuple(draft_of(unit) for unit in (*above, *others) if unit))


def create(draft: UnitDraft, parent: Unit | None, today: date, actor: Actor, now: int) -> Unit:
    """Add a unit below `parent` (None: a new root); raise DraftRefused when a field is wrong or the code is taken."""
    lock_tree(*([parent] if parent else []))
    draft = replace(draft, parent_code=parent.code if parent else "")
    taken = db.session.scalar(select(Unit).where(func.lower(Unit.code) == draft.code.lower()))
    if taken is not None:
        raise refuse("code", N_("Mã này đã dùng cho %(name)s. Hãy chọn mã khác."), name=taken.title)
    require_sound(Roster(units=(draft,)), _surroundings(parent), today)
    if parent is not None and tree.has_ended(parent, today):
        raise refuse("parent_code", N_("Đơn vị cấp trên đã hết hiệu lực. Hãy chọn đơn vị khác."))
    unit = Unit(code=draft.code, parent=parent, **values_of(draft))
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    audit.record(actor, "unit.create", unit, now, path=unit.path, code=unit.code, name=unit.title)
    return unit


def edit(
    unit: Unit,
    draft: UnitDraft,
    parent: Unit | None,
    renamed_on: date | None,
    today: date,
    actor: Actor,
    now: int,
    seen: str = "",
) -> tuple[str, ...]:
    """Make a unit say what `draft` says, under `parent`; return the names of the fields that changed.

    With `renamed_on` the old name is kept as a former name until that day; without it a slip is put right. Raise
    DraftRefused on a wrong field, Overtaken when the unit is no longer in the state `seen`.
    """
    lock_tree(unit, *([parent] if parent else []))
    before = draft_of(unit)
    parent_code = parent.code if parent else ""
    draft = replace(draft, code=unit.code, parent_code=parent_code, successor_code=before.successor_code)
    check_seen(seen, asdict(before), asdict(draft))
    changed = Change(before, draft).fields
    _check_edit(unit, draft, changed, parent, renamed_on, today)
    if "name" in changed and renamed_on:
        unit.former_names.append(FormerName(**former_name(before, renamed_on)))
    if "parent_code" in changed:
        _hang(unit, parent, now)
    for column, value in values_of(draft).items():
        setattr(unit, column, value)
    db.session.flush()
    if "ranking_group" in changed:
        entry_groups.follow_cells(Unit.id == unit.id)
    _record_edit(unit, before, draft, renamed_on, actor, now)
    return changed


def _check_edit(
    unit: Unit,
    draft: UnitDraft,
    changed: tuple[str, ...],
    parent: Unit | None,
    renamed_on: date | None,
    today: date,
) -> None:
    require_sound(Roster(units=(draft,)), _surroundings(parent, unit.successor), today)
    if "is_cell" in changed and db.session.scalar(
        select(Person.id).where(Person.unit_id == unit.id).limit(1)
    ):
        raise refuse("is_cell", N_("Chi bộ này đang có người. Hãy chuyển họ sang chi bộ khác trước."))
    if renamed_on and renamed_on > today:
        raise refuse(
            "renamed_on", N_("Ngày đổi tên còn ở tương lai. Hãy đổi tên khi quyết định có hiệu lực.")
        )


def _record_edit(
    unit: Unit, before: UnitDraft, after: UnitDraft, renamed_on: date | None, actor: Actor, now: int
) -> None:
    """Write an audit row for each kind of act an edit amounts to: a new name, a new place, other attributes."""
    rest = change_of(before, after)
    name, place = rest.pop("name", None), rest.pop("parent_code", None)
    if name and renamed_on:
        audit.record(actor, "unit.rename", unit, now, path=unit.path, name=name, day=renamed_on.isoformat())
    elif name:
        rest["name"] = name
    if place is not None:
        audit.record(actor, "unit.move", unit, now, path=unit.path, parent_code=place)
    if rest:
        audit.record(actor, "unit.edit", unit, now, path=unit.path, **rest)


def rename(unit: Unit, name: str, day: date, today: date, actor: Actor, now: int) -> None:
    """Give a unit another name from `day` on; the old one stays searchable."""
    edit(unit, replace(draft_of(unit), name=nfc(name)), unit.parent, day, today, actor, now)


def move(unit: Unit, parent: Unit | None, today: date, actor: Actor, now: int) -> None:
    """Put a unit with everything below it under `parent` (None: make it a root); raise DraftRefused on a circle."""
    edit(unit, draft_of(unit), parent, None, today, actor, now)


def _hang(unit: Unit, parent: Unit | None, now: int) -> None:
    """Set the parent and write the new path of `unit` and of its whole subtree; where its cells stood is kept."""
    before, after = unit.path, f"{parent.path if parent else '/'}{unit.id}/"
    unit.parent = parent
    db.session.flush()
    stood = select(Unit.id, Unit.path, literal(now)).where(Unit.is_cell, Unit.path.startswith(before))
    db.session.execute(insert(FormerPlace).from_select(["unit_id", "path", "until"], stood))
    rest = func.substr(Unit.path, len(before) + 1)
    query = update(Unit).where(Unit.path.startswith(before)).values(path=literal(after).concat(rest))
    db.session.execute(query, execution_options={"synchronize_session": False})
    db.session.expire_all()


def consequences(unit: Unit, today: date, now: int) -> dict[str, int]:
    """Return how much hangs on a unit that is to be merged: children and people move, roles and rounds do not."""
    running = and_(Round.closed_at.is_(None), or_(Round.closes_at.is_(None), Round.closes_at > now))
    queries = {
        "children": select(func.count()).where(Unit.parent_id == unit.id, tree.standing(today)),
        "people": select(func.count()).where(Person.unit_id == unit.id),
        "grants": select(func.count()).where(Grant.unit_id == unit.id, Grant.revoked_at.is_(None)),
        "rounds": select(func.count()).where(Round.unit_id == unit.id, running),
    }
    return {name: db.session.scalar(query) or 0 for name, query in queries.items()}


def check_merger(unit: Unit, successor: Unit, day: date, today: date) -> None:
    """Raise RuleBroken unless `unit` may be merged into `successor` on `day`."""
    if unit.successor_id is not None:
        raise AlreadyDone(N_("Đơn vị này đã sáp nhập vào %(name)s."), name=unit.successor.title)
    if successor.path.startswith(unit.path):
        raise refuse(
            "successor_code", N_("Không thể sáp nhập đơn vị vào chính nó hoặc vào đơn vị bên dưới nó.")
        )
    if successor.valid_to is not None:
        raise refuse("successor_code", N_("Đơn vị kế thừa đã có ngày hết hiệu lực. Hãy chọn đơn vị khác."))
    if unit.is_cell != successor.is_cell:
        raise refuse(
            "successor_code", N_("Chi bộ chỉ sáp nhập với chi bộ, đơn vị cấp trên với đơn vị cấp trên.")
        )
    if day > today:
        raise refuse("day", N_("Ngày sáp nhập còn ở tương lai. Hãy làm việc này khi quyết định có hiệu lực."))
    if unit.valid_from and day < unit.valid_from:
        raise refuse("day", N_("Ngày sáp nhập đứng trước ngày thành lập đơn vị. Hãy xem lại ngày."))


def merge(unit: Unit, successor: Unit, day: date, today: date, actor: Actor, now: int) -> None:
    """End a unit on `day` in favour of `successor`, which takes over its standing children and its people.

    Entries and results keep the old unit: what was contested stays as it was.
    """
    lock_tree(unit, successor)
    check_merger(unit, successor, day, today)
    moved = list(db.session.scalars(select(Unit).where(Unit.parent_id == unit.id, tree.standing(today))))
    for child in moved:
        _hang(child, successor, now)
    people = db.session.execute(update(Person).where(Person.unit_id == unit.id).values(unit_id=successor.id))
    unit.valid_to, unit.successor = day, successor
    audit.record(
        actor, "unit.merge", unit, now, path=unit.path, successor=successor.code, day=day.isoformat(),
        children=len(moved), people=people.rowcount,
    )  # fmt: skip
    db.session.flush()
    db.session.expire_all()  # everybody's unit was set behind the session's back


def remove(unit: Unit, actor: Actor, now: int) -> None:
    """Delete a unit entered by mistake; raise RuleBroken once anything refers to it, or a round goes on naming it."""
    if _is_named_by_a_round(unit):
        raise RuleBroken(IN_USE)
    audit.record(actor, "unit.remove", unit, now, path=unit.path, code=unit.code, name=unit.title)
    try:
        with db.session.begin_nested():
            for kept in (FormerName, FormerPlace):
                db.session.execute(delete(kept).where(kept.unit_id == unit.id))
            db.session.execute(delete(Unit).where(Unit.id == unit.id))
    except IntegrityError:
        raise RuleBroken(IN_USE) from None


def _is_named_by_a_round(unit: Unit) -> bool:
    """Tell whether a cell that rounds have heard of stood under `unit` before: they go on counting it there."""
    heard = (FormerPlace.unit_id.in_(select(model.unit_id)) for model in (Entry, Absence))
    stood = FormerPlace.path.contains(f"/{unit.id}/"), FormerPlace.unit_id != unit.id
    return db.session.scalar(select(FormerPlace.id).where(*stood, or_(*heard)).limit(1)) is not None
