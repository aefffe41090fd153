"""The figures of a round, or of all rounds of a stage, read once for all papers: a fixed number of queries, whatever
the number of rounds."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only, selectinload

from quiz.core.figures import (
    Contestant,
    Figures,
    Happened,
    LevelFigures,
    Published,
    Ranked,
    RoundFigures,
    Sent,
    TieSettled,
    UnitTally,
    Won,
)
from quiz.core.paper_entry import Medium
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import (
    Attempt,
    Award,
    Edition,
    Entry,
    Incident,
    LateArrival,
    Person,
    Result,
    Round,
    Stage,
    TieDecision,
    Unit,
)
from quiz.services import participation
from quiz.services.results import FINAL

Thing = TypeVar("Thing")


def of_round(contest_round: Round, now: int) -> Figures:
    """Return the figures of one round."""
    return _figures(contest_round.stage, [contest_round], contest_round.unit, contest_round.name, now)


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
    editions = _editions(keys)
    lists = _Lists(keys, [edition.id for edition in editions.values()])
    opened = [found.opens_at for found in rounds if found.opens_at is not None]
    units, covers_cells = _units(stage, unit, now)
    return Figures(
        contest=stage.contest.title,
        stage=stage.name,
        subject=subject,
        day=day_of(min(opened, default=now)),
        rounds=tuple(_round(found, editions.get(found.id), lists) for found in rounds),
        levels=tuple(_levels(stage, unit)),
        units=units,
        covers_cells=covers_cells,
    )


def _round(found: Round, edition: Edition | None, lists: "_Lists") -> RoundFigures:
    published = _published(edition, lists) if edition is not None else None
    names = {line.entry: line.name for line in published.lines} if published else {}
    key = edition.id if edition is not None else 0
    return RoundFigures(
        round=found.id,
        name=found.name,
        unit=found.unit.title,
        opens_at=found.opens_at,
        ends_at=found.window.ends_at if found.window else None,
        contestants=tuple(_contestant(entry, lists.sat) for entry in lists.entries[found.id]),
        published=published,
        won=tuple(_won(award) for award in lists.awards[key]),
        happened=tuple(_happened(incident) for incident in lists.incidents[found.id]),
        ties=tuple(_tie(decision, names) for decision in lists.ties[key]),
        sent=tuple(_sent(entry, result) for entry, result in lists.sent[found.id]),
        on_paper=lists.on_paper[found.id],
        late=lists.late[found.id],
    )


def _editions(keys: list[int]) -> dict[int, Edition]:
    newest = select(db.func.max(Edition.id)).where(Edition.round_id.in_(keys)).group_by(Edition.round_id)
    return {
        found.round_id: found for found in db.session.scalars(select(Edition).where(Edition.id.in_(newest)))
    }


class _Lists:
    """Everything that belongs to these rounds and editions, a query for each kind."""

    def __init__(self, rounds: list[int], editions: list[int]) -> None:
        self.entries = _by(lambda entry: entry.round_id, _entries(rounds))
        self.sat, self.on_paper = _sat(rounds)
        self.results = _by(lambda result: result.edition_id, _results(editions))
        self.awards = _by(
            lambda award: award.edition_id, _of(Award, Award.edition_id, editions, Award.position)
        )
        self.ties = _by(lambda tie: tie.edition_id, _of(TieDecision, TieDecision.edition_id, editions))
        self.incidents = _by(lambda incident: incident.round_id, _incidents(rounds))
        self.sent = _by(lambda pair: pair[1].edition.round_id, _promoted(rounds))
        self.late = _counts(
            select(Attempt.round_id, db.func.count(db.func.distinct(Attempt.id)))
            .join(LateArrival, LateArrival.attempt_id == Attempt.id)
            .where(Attempt.round_id.in_(rounds))
            .group_by(Attempt.round_id)
        )


def _by(key: Callable[[Any], int], things: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for thing in things:
        found[key(thing)].append(thing)
    return found


def _counts(query: Any) -> dict[int, int]:
    return defaultdict(int, {key: count for key, count in db.session.execute(query)})


def _of(model: Any, column: Any, keys: list[int], order: Any = None) -> Iterable[Any]:
    query = select(model).where(column.in_(keys)).order_by(order if order is not None else model.id)
    return db.session.scalars(query)


def _entries(rounds: list[int]) -> Iterable[Entry]:
    scope = db.aliased(Unit)
    query = (
        select(Entry)
        .join(Unit, Unit.id == Entry.unit_id).join(scope, scope.id == Entry.scope_id)
        .join(Person, Person.id == Entry.person_id)
        .where(Entry.round_id.in_(rounds), Entry.withdrawn_at.is_(None))
        .order_by(scope.sort_key, scope.id, Unit.sort_key, Unit.id, Person.sort_key, Person.code)
        .options(joinedload(Entry.person), joinedload(Entry.unit).joinedload(Unit.parent), joinedload(Entry.scope))
    )  # fmt: skip
    return db.session.scalars(query)


def _sat(rounds: list[int]) -> tuple[set[int], dict[int, int]]:
    """Return the entries with a paper handed in, and how many papers of each round were on paper."""
    query = (
        select(Attempt.entry_id, Attempt.round_id, Attempt.medium)
        .where(Attempt.round_id.in_(rounds), Attempt.submitted_at.is_not(None))
        .distinct()
    )
    sat: set[int] = set()
    on_paper: dict[int, int] = defaultdict(int)
    for entry_id, round_id, medium in db.session.execute(query):
        sat.add(entry_id)
        on_paper[round_id] += medium == Medium.PAPER
    return sat, on_paper


def _results(editions: list[int]) -> Iterable[Result]:
    columns = (
        Result.edition_id, Result.entry_id, Result.rank, Result.scope, Result.name, Result.cell_name,
        Result.unit_name, Result.points, Result.time_used,
    )  # fmt: skip
    query = select(Result).where(Result.edition_id.in_(editions)).order_by(Result.position)
    return db.session.scalars(query.options(load_only(*columns)))


def _incidents(rounds: list[int]) -> Iterable[Incident]:
    query = (
        select(Incident)
        .where(Incident.round_id.in_(rounds), Incident.withdrawn_at.is_(None))
        .order_by(Incident.happened_at, Incident.id)
        .options(joinedload(Incident.unit), selectinload(Incident.steps), selectinload(Incident.grants))
    )
    return db.session.scalars(query)


def _promoted(rounds: list[int]) -> list[Any]:
    """Return (entry in the next round, the result that earned it) of those who go on and have not withdrawn."""
    query = (
        select(Entry, Result)
        .join(Result, Entry.result_id == Result.id).join(Edition, Edition.id == Result.edition_id)
        .where(Edition.round_id.in_(rounds), Entry.withdrawn_at.is_(None))
        .order_by(Result.edition_id, Result.position)
        .options(joinedload(Entry.person), joinedload(Entry.round), joinedload(Result.edition))
    )  # fmt: skip
    return [tuple(row) for row in db.session.execute(query)]


# --- rows to values -----------------------------------------------------------------------------------------------


def _contestant(entry: Entry, sat: set[int]) -> Contestant:
    person, cell = entry.person, entry.unit
    return Contestant(
        entry=entry.id, name=person.full_name, birth_date=person.birth_date, sex=person.sex,
        ethnicity=person.ethnicity, position=person.position, is_village_head=person.is_village_head,
        cell=cell.title, unit=_unit_of(entry), cluster=entry.cluster, group=entry.ranking_group,
        took_part=entry.id in sat,
    )  # fmt: skip


def _unit_of(entry: Entry) -> str:
    """Return the unit an entry stands for: the node of the round, or the parent of the cell when that is one."""
    parent = entry.unit.parent
    return parent.title if parent is not None else entry.scope.title


def _published(edition: Edition, lists: _Lists) -> Published:
    lines = tuple(
        Ranked(
            result.entry_id, result.rank, result.scope, result.name, result.cell_name, result.unit_name,
            result.points, result.time_used,
        )
        for result in lists.results[edition.id]
    )  # fmt: skip
    return Published(
        edition.number,
        edition.kind == FINAL,
        edition.check_code,
        edition.published_at,
        edition.max_score,
        lines,
    )


def _won(award: Award) -> Won:
    return Won(
        prize=award.prize, kind=award.kind, scope=award.scope, entry=award.entry_id, name=award.name,
        cell=award.cell_name, unit=award.unit_name, rank=award.rank, points=award.points,
    )  # fmt: skip


def _happened(incident: Incident) -> Happened:
    minutes = max((grant.minutes for grant in incident.grants if grant.withdrawn_at is None), default=0)
    place = ", ".join(part for part in (incident.place, incident.unit.title) if part)
    return Happened(
        incident.happened_at, place, incident.what, tuple(step.text for step in incident.steps), minutes
    )


def _tie(decision: TieDecision, names: dict[int, str]) -> TieSettled:
    chosen = tuple(names[key] for key in decision.chosen if key in names)
    return TieSettled(decision.scope, decision.rank, decision.way, chosen, decision.seed, decision.reason)


def _sent(entry: Entry, result: Result) -> Sent:
    return Sent(
        name=entry.person.full_name, birth_date=entry.person.birth_date, position=entry.person.position,
        cell=result.cell_name, unit=result.unit_name, rank=result.rank, points=result.points,
        to_round=entry.round.name, origin=entry.origin,
    )  # fmt: skip


# --- the levels below, and the cells ------------------------------------------------------------------------------


def _levels(stage: Stage, unit: Unit) -> Iterable[LevelFigures]:
    """Yield each level up to this one, counted within `unit`."""
    rounds = (
        select(Round.id, Round.stage_id)
        .join(Unit, Unit.id == Round.unit_id)
        .join(Stage, Stage.id == Round.stage_id)
        .where(Stage.contest_id == stage.contest_id, Stage.ordinal <= stage.ordinal)
        .where(Unit.path.startswith(unit.path))
    )
    below = _by(lambda row: row.stage_id, db.session.execute(rounds))
    keys = [row.id for rows in below.values() for row in rows]
    entered = _counts(
        select(Entry.round_id, db.func.count())
        .where(Entry.round_id.in_(keys), Entry.withdrawn_at.is_(None))
        .group_by(Entry.round_id)
    )
    took_part = _counts(
        select(Entry.round_id, db.func.count(db.func.distinct(Entry.id)))
        .join(Attempt, Attempt.entry_id == Entry.id)
        .where(Entry.round_id.in_(keys), Entry.withdrawn_at.is_(None), Attempt.submitted_at.is_not(None))
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
        .where(db.or_(Unit.path.startswith(unit.path), Unit.id.in_(above)))
    )
    first = list(db.session.scalars(query))
    nodes = [child for child in unit.children if not child.is_cell]
    rows = participation.table(first, nodes, now)
    cells = participation.cells_at(first, unit, now)
    found = [UnitTally(row.unit.title, row.tally) for row in rows]
    found += [UnitTally(row.unit.title, row.tally, tuple(row.names)) for row in cells]
    return tuple(found), not rows
