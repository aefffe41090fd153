"""The groups that are ranked apart: a name for every cell of a kind, given for a whole contest at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, func, select, update

from quiz.core.errors import N_, RuleBroken
from quiz.core.people import CellType
from quiz.core.states import State, check_seen
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Contest, Unit
from quiz.services import audit, entry_groups
from quiz.services.audit import Actor
from quiz.services.tree import standing, under
from quiz.services.units import lock_tree

LONGEST = 60


@dataclass(frozen=True, slots=True)
class OfKind:
    """The cells of one kind under a contest: how many, how many without a group, and the groups they are in."""

    kind: CellType | None
    cells: int
    ungrouped: int
    groups: tuple[str, ...]


def by_kind(contest: Contest, now: int) -> list[OfKind]:
    """Return the kinds of cells a contest has, in the order of the list of kinds; those of no kind last."""
    query = (
        select(Unit.cell_type, Unit.ranking_group, func.count())
        .where(Unit.is_cell, under([contest.unit.path]), standing(day_of(now)))
        .group_by(Unit.cell_type, Unit.ranking_group)
    )
    found: dict[CellType | None, dict[str, int]] = {}
    for kind, group, count in db.session.execute(query):
        found.setdefault(kind, {})[group] = count
    order: list[CellType | None] = [*CellType, None]
    return [
        OfKind(kind, sum(counts.values()), counts.get("", 0), tuple(sorted(filter(None, counts))))
        for kind in order
        if (counts := found.get(kind))
    ]


def state_of(lines: Iterable[OfKind]) -> State:
    """Return what the form of the groups shows of each kind of cells: the groups they are in."""
    return {str(line.kind or ""): list(line.groups) for line in lines}


def assign(
    contest: Contest, names: Mapping[CellType | None, str], actor: Actor, now: int, seen: str = ""
) -> int:
    """Put every cell of each kind named into that group and return how many cells moved, ended ones not counted.

    Contestants of rounds that have not opened move with their cells; those of opened rounds stay where they were
    entered. Raise RuleBroken when a name is too long, Overtaken when the groups are no longer as `seen`.
    """
    lock_tree()
    stored = state_of(by_kind(contest, now))
    check_seen(seen, stored, {**stored, **{str(kind or ""): [name] for kind, name in names.items()}})
    if any(len(name) > LONGEST for name in names.values()):
        raise RuleBroken(N_("Tên khối dài quá %(most)d ký tự. Hãy rút gọn."), most=LONGEST)
    moved = 0
    for kind, name in names.items():
        of_kind = Unit.cell_type == kind if kind is not None else Unit.cell_type.is_(None)
        here = (Unit.is_cell, under([contest.unit.path]), of_kind)
        elsewhere = (*here, Unit.ranking_group != name)
        counted = select(func.count()).select_from(Unit).where(*elsewhere, standing(day_of(now)))
        moved += db.session.scalar(counted) or 0
        changed = update(Unit).where(*elsewhere).values(ranking_group=name)
        db.session.execute(changed, execution_options={"synchronize_session": "fetch"})
        entry_groups.follow_cells(and_(*here))
    said = {str(kind or ""): name for kind, name in names.items()}
    audit.record(actor, "contest.groups", contest, now, path=contest.unit.path, groups=said, cells=moved)
    return moved
