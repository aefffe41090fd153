"""Writing a roster in bulk: a handful of statements for ten thousand rows, paths of the whole tree included."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from quiz.core.errors import N_, RuleBroken
from quiz.core.rosters import Change, PersonDraft, RosterDiff, UnitDraft
from quiz.extensions import db
from quiz.models import AuditEvent, FormerName, FormerPlace, Person, Unit
from quiz.services import entry_groups, people, units
from quiz.services.audit import Actor
from quiz.services.drafts import change_of
from quiz.services.roster_reading import Stored


def write(diff: RosterDiff, stored: Stored, today: date, actor: Actor, now: int) -> None:
    """Write the new and changed units and people; raise RuleBroken if somebody else took a code meanwhile.

    The caller holds the lock of the tree.
    """
    try:
        with db.session.begin_nested():
            _insert(
                Unit, [{"code": draft.code, "path": "", **units.values_of(draft)} for draft in diff.units.new]
            )
            places = _write_tree(diff, stored, today, now)
            _write_people(diff, stored, places)
    except IntegrityError:
        raise RuleBroken(
            N_("Người khác vừa nhập dữ liệu cùng lúc. Hãy xem lại rồi xác nhận lần nữa.")
        ) from None
    _record(diff, places, stored, actor, now)


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(model), rows)


def _update(model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(update(model), rows)


def _write_tree(diff: RosterDiff, stored: Stored, today: date, now: int) -> dict[str, tuple[int, str]]:
    """Set attributes, parents, successors and paths; return by code the id and path every unit then has."""
    ids = {code: unit_id for code, unit_id in db.session.execute(select(Unit.code, Unit.id))}
    written = {
        draft.code: draft for draft in (*diff.units.new, *(change.after for change in diff.units.changed))
    }
    everything = {draft.code: draft for draft in stored.roster.units} | written
    paths = _paths(everything, ids)
    rows = [
        {
            "id": ids[code],
            "path": paths[code],
            "parent_id": ids.get(draft.parent_code),
            "successor_id": ids.get(draft.successor_code),
            **units.values_of(draft),
        }
        for code, draft in written.items()
    ]
    _update(Unit, rows)
    moved = [code for code, (_, path) in stored.units.items() if code not in written and paths[code] != path]
    _update(Unit, [{"id": ids[code], "path": paths[code]} for code in moved])
    left = [
        {"unit_id": unit_id, "path": path, "until": now}
        for code, (unit_id, path) in stored.units.items()
        if everything[code].is_cell and paths[code] != path
    ]
    _insert(FormerPlace, left)
    renamed = [change.before for change in diff.units.changed if "name" in change.fields]
    regrouped = [ids[change.after.code] for change in diff.units.changed if "ranking_group" in change.fields]
    if regrouped:
        entry_groups.follow_cells(Unit.id.in_(regrouped))
    _insert(
        FormerName, [{"unit_id": ids[draft.code], **units.former_name(draft, today)} for draft in renamed]
    )
    return {code: (ids[code], paths[code]) for code in everything}


def _paths(everything: Mapping[str, UnitDraft], ids: Mapping[str, int]) -> dict[str, str]:
    """Return the path of every unit; the check has made sure that parents exist and form no circle."""
    paths: dict[str, str] = {"": "/"}

    def path_of(code: str) -> str:
        if code not in paths:
            paths[code] = f"{path_of(everything[code].parent_code)}{ids[code]}/"
        return paths[code]

    for code in everything:
        path_of(code)
    return paths


def _write_people(diff: RosterDiff, stored: Stored, places: Mapping[str, tuple[int, str]]) -> None:
    def row(draft: PersonDraft) -> dict[str, Any]:
        return {"unit_id": places[draft.unit_code][0], **people.values_of(draft)}

    _insert(Person, [{"code": draft.code, **row(draft)} for draft in diff.people.new])
    changed = [change.after for change in diff.people.changed]
    _update(Person, [{"id": stored.people[draft.code][0], **row(draft)} for draft in changed])


def _record(
    diff: RosterDiff, places: Mapping[str, tuple[int, str]], stored: Stored, actor: Actor, now: int
) -> None:
    """Write an audit row for each changed unit and person, as if edited by hand; new ones are only counted."""
    events = [
        _event("unit.edit", "unit", *places[change.after.code], change) for change in diff.units.changed
    ]
    for change in diff.people.changed:
        person_id, path = stored.people[change.after.code][0], places[change.after.unit_code][1]
        events.append(_event("person.edit", "person", person_id, path, change))
    who = {"at": now, "account_id": actor.account_id, "person_id": actor.person_id}
    _insert(AuditEvent, [{**event, **who} for event in events])


def _event(action: str, noun: str, thing_id: int, path: str, change: Change[Any]) -> dict[str, Any]:
    detail = change_of(change.before, change.after)
    return {"action": action, "target": f"{noun}:{thing_id}", "path": path, "detail": detail}
