"""The figures of a round, or of all rounds of a stage, read once for all papers: a fixed number of queries, whatever
the number of rounds."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core.figures import Figures, LevelFigures, UnitTally
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Entry, Round, Stage, Unit
from quiz.services import judged_figures, participation
from quiz.services.figure_rows import Lists, by_key, counts, newest_editions, round_figures, took_part_in


def of_round(contest_round: Round, now: int) -> Figures:
    """Return the figures of one round, with its judged parts."""
    found = _figures(contest_round.stage, [contest_round], contest_round.unit, contest_round.name, now)
    (own,) = found.rounds
    return replace(found, rounds=(replace(own, judged=judged_figures.of_round(contest_round)),))


def of_stage(stage: Stage, now: int) -> Figures:
    """Return the figures of all rounds of a stage."""
    query = (
        select(Round)
        .join(Unit, Unit.id == Round.unit_id)
        .where(Round.stage_id == stage.id)
        .order_by(Unit.sort_key, Round.id)
        .options(joinedload(Round.unit))
    )
    rounds = list(db.session.scalars(query))
    return _figures(stage, rounds, stage.contest.unit, stage.name, now)


def _figures(stage: Stage, rounds: Sequence[Round], unit: Unit, subject: str, now: int) -> Figures:
    keys = [found.id for found in rounds]
    editions = newest_editions(keys)
    lists = Lists(keys, [edition.id for edition in editions.values()])
    opened = [found.opens_at for found in rounds if found.opens_at is not None]
    units, covers_cells = _units(stage, unit, now)
    return Figures(
        contest=stage.contest.title,
        stage=stage.name,
        subject=subject,
        day=day_of(min(opened, default=now)),
        rounds=tuple(round_figures(found, editions.get(found.id), lists) for found in rounds),
        levels=tuple(_levels(stage, unit)),
        units=units,
        covers_cells=covers_cells,
        entry_stage=stage.contest.stages[0].name,
    )


# --- the levels below, and the cells ------------------------------------------------------------------------------


def _levels(stage: Stage, unit: Unit) -> Iterable[LevelFigures]:
    """Yield each level up to this one, counted within `unit`."""
    rounds = (
        select(Round.id, Round.stage_id)
        .join(Unit, Unit.id == Round.unit_id)
        .join(Stage, Stage.id == Round.stage_id)
        .where(Stage.contest_id == stage.contest_id, Stage.ordinal <= stage.ordinal)
        .where(db.or_(Unit.path.startswith(unit.path), unit.id == stage.contest.unit_id))
    )
    below = by_key(lambda row: row.stage_id, db.session.execute(rounds))
    keys = [row.id for rows in below.values() for row in rows]
    entered = counts(
        select(Entry.round_id, db.func.count())
        .where(Entry.round_id.in_(keys), Entry.withdrawn_at.is_(None))
        .group_by(Entry.round_id)
    )
    took_part = counts(
        select(Entry.round_id, db.func.count())
        .where(Entry.round_id.in_(keys), Entry.withdrawn_at.is_(None), db.or_(*took_part_in(keys)))
        .group_by(Entry.round_id)
    )
    for level in stage.contest.stages:
        own = [row.id for row in below.get(level.id, ())]
        if own:
            yield LevelFigures(
                name=level.name,
                rounds=len(own),
                held=sum(took_part[key] > 0 for key in own),
                entered=sum(entered[key] for key in own),
                took_part=sum(took_part[key] for key in own),
            )


def _units(stage: Stage, unit: Unit, now: int) -> tuple[tuple[UnitTally, ...], bool]:
    """Return the cells of each unit right below `unit` where cells enter, in the first stage; else the cells there."""
    above = [int(key) for key in unit.path.strip("/").split("/")]
    query = (
        select(Round)
        .join(Unit, Unit.id == Round.unit_id)
        .where(Round.stage_id == stage.contest.stages[0].id)
        .where(db.or_(Unit.path.startswith(unit.path), Unit.id.in_(above), unit.id == stage.contest.unit_id))
    )
    first = list(db.session.scalars(query))
    counted = participation.seats(first, now)
    rows = participation.table(first, participation.nodes_below(unit, counted), now, counted)
    cells = participation.cells_at(first, unit, now, counted)
    found = [UnitTally(row.unit.title, row.tally) for row in rows]
    found += [UnitTally(row.unit.title, row.tally, tuple(row.names)) for row in cells]
    return tuple(found), not rows
