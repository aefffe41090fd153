"""The units whose people a stage counts: which have a quota of their own, what they are called, who is silent (R8)."""

from collections.abc import Iterable, Sequence, Set

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from quiz.core.delegations import quota_for, units_in
from quiz.core.errors import N_, RuleBroken
from quiz.core.rules import Rules, to_dict
from quiz.extensions import db
from quiz.models import Amendment, Round, RoundUnit, Stage, Unit
from quiz.services import participation


def nodes_of(rounds: Iterable[Round]) -> list[Unit]:
    """Return the units that rounds cover, each once, by name; those of its stage may have a quota of their own."""
    covered = select(RoundUnit.unit_id).where(RoundUnit.round_id.in_([one.id for one in rounds]))
    return _units(Unit.id.in_(covered))


def _units(condition: ColumnElement[bool]) -> list[Unit]:
    query = select(Unit).where(condition).order_by(Unit.sort_key, Unit.id)
    return list(db.session.scalars(query.options(joinedload(Unit.parent))))


def offered_in(stage: Stage, rules: Rules) -> list[tuple[str, str]]:
    """Return (code, name) of the units to choose from, and of those that `rules` name though no round covers them."""
    return [*((unit.code, _title(unit)) for unit in nodes_of(stage.rounds)), *strangers(stage, rules).items()]


def titles_in(stage: Stage) -> dict[str, str]:
    """Return by code what the units are called that the rules of a stage name, now or before an amendment."""
    amended = select(Amendment.before, Amendment.after).where(Amendment.stage_id == stage.id)
    kept = [stage.rules, *(rules for row in db.session.execute(amended) for rules in row)]
    return _titles(set[str]().union(*map(units_in, kept)))


def strangers(stage: Stage, rules: Rules) -> dict[str, str]:
    """Return by code what the units are called that rules name and no round of the stage covers.

    Their quotas hold for nobody.
    """
    named = units_in(to_dict(rules))
    covered = {unit.code for unit in nodes_of(stage.rounds)} if named else set()
    return _titles(named - covered)


def _titles(codes: Set[str]) -> dict[str, str]:
    """Return by code what units are called; one that is no more, by its code."""
    known = {unit.code: _title(unit) for unit in _units(Unit.code.in_(codes))} if codes else {}
    return known | {code: code for code in sorted(codes - known.keys())}


def _title(unit: Unit) -> str:
    """Return what a unit is called among all of a contest: a cell with the unit above it."""
    return f"{unit.title} ({unit.parent.title})" if unit.is_cell and unit.parent else unit.title


def check_named(stage: Stage, old: Rules, rules: Rules) -> None:
    """Raise RuleBroken when `rules` give a quota of its own to a unit that no round of the stage covers.

    One that stood in `old` already may stay: the rounds were changed since, and readiness tells of it.
    """
    before = units_in(to_dict(old))
    for code, title in strangers(stage, rules).items():
        if code not in before:
            raise RuleBroken(
                N_("%(unit)s không dự vòng thi nào của cấp thi này nên không ghi chỉ tiêu riêng được."),
                unit=title,
            )


def silent_cells(rounds: Sequence[Round], rules: Rules, now: int) -> int:
    """Return how many cells neither send somebody nor say why, where no quota counts the people of a whole unit."""
    nodes = nodes_of(rounds) if rules.delegations else []
    counted = [unit for unit in nodes if quota_for(rules.delegations, unit.code, unit.type_label)]
    if nodes and len(counted) == len(nodes):
        return 0
    paths = tuple(unit.path for unit in counted)
    return sum(
        seat.is_missing and not seat.path.startswith(paths) for seat in participation.seats(rounds, now)
    )
