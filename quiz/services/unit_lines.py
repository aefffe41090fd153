"""The units that travel with a round to a hall without a line."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select

from quiz.core.delegations import units_in
from quiz.core.packages import UnitLine
from quiz.extensions import db
from quiz.models import Entry, Round, Unit


def of(contest_round: Round, entries: Iterable[Entry]) -> list[UnitLine]:
    """Return the units a round needs at a hall, each after what it hangs on.

    They are where it is held, whom it covers, where its contestants come from, and whom its rules name.
    """
    paths = {contest_round.unit.path, contest_round.stage.contest.unit.path}
    paths |= {scope.unit.path for scope in contest_round.scopes}
    keys = {int(key) for path in paths for key in path.split("/") if key}
    listed = list(entries)
    keys |= {key for one in listed for key in (one.unit_id, one.scope_id, one.person.unit_id)}
    named = Unit.code.in_(units_in(contest_round.stage.rules))
    units = {unit.id: unit for unit in _units(Unit.id.in_(keys) | named)}
    above = {int(key) for unit in units.values() for key in unit.path.split("/") if key} - units.keys()
    units |= {unit.id: unit for unit in _units(Unit.id.in_(above))}
    ordered = sorted(units.values(), key=lambda unit: (unit.path.count("/"), unit.code))
    return [_line(unit, units) for unit in ordered]


def _units(condition: ColumnElement[bool]) -> Iterable[Unit]:
    return db.session.scalars(select(Unit).where(condition))


def _line(unit: Unit, units: dict[int, Unit]) -> UnitLine:
    return UnitLine(
        code=unit.code, name=unit.name, type_label=unit.type_label,
        parent=units[unit.parent_id].code if unit.parent_id else "", is_cell=unit.is_cell,
        cell_type=unit.cell_type.value if unit.cell_type else "", ranking_group=unit.ranking_group,
        has_signal=unit.has_signal, is_difficult=unit.is_difficult,
    )  # fmt: skip
