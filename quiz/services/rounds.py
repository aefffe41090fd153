"""Making rounds: one at a node, or one for each of many nodes, and which units with which clusters each covers."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from quiz.core.errors import N_, RuleBroken
from quiz.core.states import State, check_seen
from quiz.extensions import db
from quiz.models import Absence, Entry, Reserve, Round, RoundUnit, Stage, Unit
from quiz.services import audit, clusters
from quiz.services.audit import Actor
from quiz.services.contests import PAGE, lock, lock_round
from quiz.services.tree import standing, under
from quiz.services.windows import check_order

Scopes = Sequence[tuple[Unit, str]]  # each unit covered with its whole subtree, and its cluster ("" for none)


def add_round(
    stage: Stage,
    unit: Unit,
    name: str,
    opens_at: int | None,
    closes_at: int | None,
    actor: Actor,
    now: int,
    scopes: Scopes = (),
) -> Round:
    """Return a new round of a stage held at `unit`, covering `scopes` (by default that unit).

    Raise RuleBroken if the window is upside down, a unit lies outside the contest, or the unit has a round of
    that name already.
    """
    lock(stage)  # a second click waits here and then finds the first one's round
    check_order(opens_at, closes_at)
    _check_units(stage, [unit, *(covered for covered, _ in scopes)])
    _check_apart([covered for covered, _ in scopes])
    _check_name(stage, unit, name)
    return _make(stage, unit, name, opens_at, closes_at, scopes or [(unit, "")], actor, now)


def rounds_for_each(
    stage: Stage, units: Sequence[Unit], opens_at: int | None, closes_at: int | None, actor: Actor, now: int
) -> tuple[list[Round], list[Round]]:
    """Return the rounds made, one at each of `units`, and those left alone because their unit had one already."""
    lock(stage)
    check_order(opens_at, closes_at)
    _check_units(stage, units)
    there = {contest_round.unit_id: contest_round for contest_round in stage.rounds}
    made = [
        _make(stage, unit, name_at(stage, unit), opens_at, closes_at, [(unit, "")], actor, now)
        for unit in units
        if unit.id not in there
    ]
    return made, [there[unit.id] for unit in units if unit.id in there]


def name_at(stage: Stage, unit: Unit) -> str:
    """Return the usual name of a stage's round at a unit."""
    return f"{stage.name} – {unit.title}"[:200]


def _make(
    stage: Stage,
    unit: Unit,
    name: str,
    opens_at: int | None,
    closes_at: int | None,
    scopes: Scopes,
    actor: Actor,
    now: int,
) -> Round:
    contest_round = Round(stage=stage, unit=unit, name=name, opens_at=opens_at, closes_at=closes_at)
    contest_round.scopes = [RoundUnit(unit=covered, cluster=cluster) for covered, cluster in scopes]
    db.session.add(contest_round)
    db.session.flush()
    detail = {"name": name, "opens_at": opens_at, "closes_at": closes_at, "units": _titles(scopes)}
    audit.record(actor, "round.add", contest_round, now, path=unit.path, **detail)
    return contest_round


def _titles(scopes: Scopes) -> list[str]:
    return [f"{unit.title} ({cluster})" if cluster else unit.title for unit, cluster in scopes]


def units_below(parent: Unit, type_label: str, day: date) -> list[Unit]:
    """Return the nodes directly below `parent` that stand on `day` and are no cells; "" takes every type."""
    query = (
        select(Unit)
        .where(Unit.parent_id == parent.id, ~Unit.is_cell, standing(day))
        .order_by(Unit.sort_key, Unit.id)
    )
    return list(db.session.scalars(query.where(Unit.type_label == type_label) if type_label else query))


def rounds_of(stage: Stage, paths: Sequence[str], page: int = 1) -> Any:
    """Return a page of a stage's rounds held under any of `paths`, in the order of their units' names."""
    query = (
        select(Round)
        .join(Unit, Unit.id == Round.unit_id)
        .options(joinedload(Round.unit))
        .where(Round.stage_id == stage.id, under(paths))
        .order_by(Unit.sort_key, Round.id)
    )
    return db.paginate(query, page=page, per_page=PAGE, error_out=False)


def entry_counts(rounds: Iterable[Round]) -> dict[int, int]:
    """Return by round id how many entries that are not withdrawn each of `rounds` has."""
    ids = [contest_round.id for contest_round in rounds]
    standing_entries = (Entry.round_id.in_(ids), Entry.withdrawn_at.is_(None))
    query = select(Entry.round_id, db.func.count()).where(*standing_entries).group_by(Entry.round_id)
    counts = {round_id: count for round_id, count in db.session.execute(query)}
    return {key: counts.get(key, 0) for key in ids}


def state_of(contest_round: Round) -> State:
    """Return what the form of a round's name and units shows."""
    return _state(contest_round.name, [(scope.unit_id, scope.cluster) for scope in contest_round.scopes])


def _state(name: str, covered: Iterable[tuple[int, str]]) -> State:
    return {"name": name, "lines": [{"unit": unit, "cluster": cluster} for unit, cluster in sorted(covered)]}


def set_scopes(
    contest_round: Round, scopes: Scopes, actor: Actor, now: int, name: str = "", seen: str = ""
) -> None:
    """Say anew which units a round covers and in which clusters (and how the round is called).

    Raise RuleBroken once it is opened, or when a unit with contestants would drop out; Overtaken when what it covers is
    no longer as `seen`.
    """
    stage = contest_round.stage
    _lock_draft(contest_round)
    wanted = _state(name or contest_round.name, [(unit.id, cluster) for unit, cluster in scopes])
    check_seen(seen, state_of(contest_round), wanted)
    units = [unit for unit, _ in scopes]
    if not units:
        raise RuleBroken(N_("Vòng thi phải có ít nhất một đơn vị tham gia. Hãy chọn đơn vị."))
    _check_units(stage, units)
    _check_apart(units)
    _check_nobody_drops_out(contest_round, units)
    if name and name != contest_round.name:
        _check_name(stage, contest_round.unit, name)
        contest_round.name = name
    _replace_scopes(contest_round, scopes)
    detail = {"name": contest_round.name, "units": _titles(scopes)}
    audit.record(actor, "round.scopes", contest_round, now, path=contest_round.unit.path, **detail)


def _replace_scopes(contest_round: Round, scopes: Scopes) -> None:
    there = {scope.unit_id: scope for scope in contest_round.scopes}
    contest_round.scopes = [there.get(unit.id) or RoundUnit(unit=unit) for unit, _ in scopes]
    for scope, (unit, cluster) in zip(contest_round.scopes, scopes, strict=True):
        scope.cluster = cluster
        listed = (Entry.round_id == contest_round.id, Entry.scope_id == unit.id)
        db.session.execute(update(Entry).where(*listed).values(cluster=cluster))
    db.session.flush()


def remove_round(contest_round: Round, actor: Actor, now: int) -> None:
    """Take away a round made by mistake; raise RuleBroken once it is opened or somebody is listed for it."""
    _lock_draft(contest_round)
    for listed in (Entry, Absence, Reserve):
        if (
            db.session.scalar(select(listed.id).where(listed.round_id == contest_round.id).limit(1))
            is not None
        ):
            raise RuleBroken(N_("Vòng thi đã có danh sách thí sinh nên không xóa được."))
    audit.record(
        actor, "round.remove", contest_round, now, path=contest_round.unit.path, name=contest_round.name
    )
    clusters.drop_all(contest_round)
    db.session.delete(contest_round)
    db.session.flush()


def _lock_draft(contest_round: Round) -> None:
    lock_round(contest_round)
    if contest_round.opened_at is not None:
        raise RuleBroken(N_("Vòng thi đã được mở nên phần này không sửa được nữa."))


def _check_units(stage: Stage, units: Iterable[Unit]) -> None:
    board = stage.contest.unit
    for unit in units:
        if not unit.path.startswith(board.path):
            message = N_(
                "%(unit)s không thuộc %(board)s nên không dự được cuộc thi này. Hãy chọn đơn vị khác."
            )
            raise RuleBroken(message, unit=unit.title, board=board.title)


def _check_apart(units: Sequence[Unit]) -> None:
    for place, unit in enumerate(units):
        for other in [*units[:place], *units[place + 1 :]]:
            if unit.path.startswith(other.path):
                message = N_("%(unit)s đã nằm trong %(other)s. Hãy bỏ bớt một dòng.")
                raise RuleBroken(message, unit=unit.title, other=other.title)


def _check_name(stage: Stage, unit: Unit, name: str) -> None:
    same = select(Round.id).where(Round.stage_id == stage.id, Round.unit_id == unit.id, Round.name == name)
    if db.session.scalar(same) is not None:
        raise RuleBroken(N_("%(unit)s đã có vòng thi tên này. Hãy đặt tên khác."), unit=unit.title)


def _check_nobody_drops_out(contest_round: Round, units: Sequence[Unit]) -> None:
    kept = [unit.id for unit in units]
    entered = select(Entry.scope_id).where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
    waiting = select(Reserve.scope_id).where(Reserve.round_id == contest_round.id)
    named = db.or_(Unit.id.in_(entered), Unit.id.in_(waiting))
    lost = db.session.scalar(select(Unit).where(named, Unit.id.not_in(kept)).order_by(Unit.id).limit(1))
    if lost is not None:
        raise RuleBroken(
            N_("%(unit)s đã có thí sinh trong danh sách. Hãy rút các thí sinh ấy trước."), unit=lost.title
        )
