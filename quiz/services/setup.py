"""How far an installation and a contest are set up, in a handful of counts."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from quiz.core.delegations import breaches
from quiz.core.items import Status
from quiz.core.permissions import Role
from quiz.core.promotion import Scope
from quiz.core.setup import Facts, StageFacts
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Absence, Contest, Grant, Item, ItemVersion, Person, Round, Stage, Unit
from quiz.services import delegations, panel_checks, pools, progress, reserves
from quiz.services.contests import rules_of
from quiz.services.progress import Progress
from quiz.services.tree import standing, under

MOST_NAMED = 3


def facts_of(contest: Contest | None, paths: Sequence[str], now: int) -> Facts:
    """Return what is there for a contest, or without one under `paths` ("" reaches all)."""
    reach = [contest.unit.path] if contest else list(paths)
    day = day_of(now)
    here = (under(reach), standing(day))
    counts = dict(
        db.session.execute(select(Unit.is_cell, func.count()).where(*here).group_by(Unit.is_cell)).all()
    )
    vacant = (*here, Unit.is_cell, ~select(Person.id).where(Person.unit_id == Unit.id).exists())
    if contest is not None:
        vacant = (*vacant, ~_gave_reason(contest).exists())
    return Facts(
        units=counts.get(False, 0),
        cells=counts.get(True, 0),
        people=db.session.scalar(select(func.count(Person.id)).join(Person.unit).where(*here)) or 0,
        vacant=db.session.scalar(select(func.count(Unit.id)).where(*vacant)) or 0,
        vacant_names=_named(select(Unit).where(*vacant)),
        ungrouped=db.session.scalar(
            select(func.count(Unit.id)).where(*here, Unit.is_cell, Unit.ranking_group == "")
        )
        or 0,
        unstaffed=_unstaffed(contest) if contest else 0,
        items=sum(pools.availability(day).values()),
        waiting=_waiting(),
        stages=_stages(contest, now) if contest else None,
    )


def _gave_reason(contest: Contest) -> Select[tuple[int]]:
    """Return what finds that a cell has said to the contest why it sends nobody."""
    rounds = select(Round.id).join(Stage).where(Stage.contest_id == contest.id)
    return select(Absence.id).where(Absence.unit_id == Unit.id, Absence.round_id.in_(rounds))


def _named(cells: Select[tuple[Unit]]) -> tuple[str, ...]:
    """Return what the first of these cells are called, each with the unit above it."""
    first = db.session.scalars(cells.options(joinedload(Unit.parent)).order_by(Unit.path).limit(MOST_NAMED))
    return tuple(f"{cell.title} ({cell.parent.title})" if cell.parent else cell.title for cell in first)


def _waiting() -> int:
    query = select(func.count(Item.id)).join(ItemVersion, Item.current_id == ItemVersion.id)
    return db.session.scalar(query.where(ItemVersion.status.in_([Status.DRAFT, Status.IN_REVIEW]))) or 0


def _unstaffed(contest: Contest) -> int:
    holds = select(Grant.id).where(
        Grant.unit_id == Unit.id, Grant.role == Role.ORGANIZER, Grant.revoked_at.is_(None)
    )
    query = (
        select(func.count(func.distinct(Unit.id)))
        .join(Round, Round.unit_id == Unit.id)
        .join(Stage)
        .where(Stage.contest_id == contest.id, Unit.id != contest.unit_id, ~holds.exists())
    )
    return db.session.scalar(query) or 0


def _stages(contest: Contest, now: int) -> tuple[StageFacts, ...]:
    return tuple(_stage(line, now) for line in progress.progress_of(contest, now))


def _stage(line: Progress, now: int) -> StageFacts:
    stage, rules = line.stage, rules_of(line.stage)
    is_first = stage.ordinal == 1
    off = breaches(rules.delegations, reserves.sent_in_stage(stage)) if rules.delegations else []
    return StageFacts(
        id=stage.id,
        name=stage.name,
        is_first=is_first,
        rules_are_usable=line.rules_are_usable,
        has_online=rules.has_online,
        items_missing=line.items_missing,
        rounds=line.rounds,
        timed=line.timed,
        overdue=line.overdue,
        filled=line.filled,
        opened=line.opened,
        silent_cells=delegations.silent_cells(stage.rounds, rules, now) if is_first else 0,
        breaches=len(off),
        strangers=len(delegations.strangers(stage, rules)),
        by_group=Scope.GROUP in (rules.rank_within, rules.quota.scope),
        plain=sum(not part.judging.criteria for part in rules.judged_parts),
        unseated=panel_checks.short_rounds(stage.rounds, rules.judged_parts),
    )


def unfinished(paths: Sequence[str], now: int) -> Contest | None:
    """Return the newest contest run under `paths` of which no round has opened yet, or that has no round, or None."""
    opened = select(Stage.contest_id).join(Round).where(Round.opened_at.is_not(None))
    query = select(Contest).join(Contest.unit).where(under(paths), Contest.id.not_in(opened))
    return db.session.scalar(query.order_by(Contest.id.desc()).limit(1))
