"""What prizes are given by, read from what is stored: the ranked contestants of an edition and its units' figures.

Birth dates are read here to find the oldest and the youngest, and go no further.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from quiz.core.merits import Contestant, UnitFigures
from quiz.core.names import titled
from quiz.core.people import Sex
from quiz.core.places import ids_of, place_under
from quiz.core.prizes import Merit, PrizeTable
from quiz.core.promotion import Scope
from quiz.extensions import db
from quiz.models import Attempt, Edition, Entry, Performance, Person, Result, Round, Stage, Unit
from quiz.services import papers, participation, places

_Over, _Cell = aliased(Unit), aliased(Unit)  # the node of the round an entry came under, and its cell


def contestants_of(edition: Edition, table: PrizeTable) -> list[Contestant]:
    """Return everybody an edition ranks, with what the prizes of `table` ask about them.

    Columns are read and not rows of models: ten thousand people are looked at each time the page is.
    """
    topics = _topic_points(edition) if _asks(table, Merit.BEST_TOPIC) else {}
    parts = _part_points(edition) if _asks(table, Merit.BEST_PART) else {}
    team_of = _teams(edition.round) if table.collective else lambda row: None
    query = (
        select(
            Result.entry_id, Result.position, Result.scope, Result.rank, Result.points, Entry.cluster,
            Entry.ranking_group, Entry.unit_id, Entry.scope_id, _Over.type_label, _Over.name,
            _Cell.path.label("cell_path"), Person.birth_date, Person.sex,
        )
        .join(Entry, Entry.id == Result.entry_id)
        .join(Person, Person.id == Entry.person_id)
        .join(_Over, _Over.id == Entry.scope_id)
        .join(_Cell, _Cell.id == Entry.unit_id)
        .where(Result.edition_id == edition.id)
        .order_by(Result.position)
    )  # fmt: skip
    scope_of = _SCOPES[table.scope]
    return [
        Contestant(
            row.entry_id, scope_of(row), row.scope, row.rank, row.points, team_of(row), row.birth_date,
            row.sex is Sex.FEMALE, topics.get(row.entry_id, {}), parts.get(row.entry_id, {}), row.position,
        )
        for row in db.session.execute(query)
    ]  # fmt: skip


# As quiz.services.standings.scope_name has it for an entry; a test holds the two together.
_SCOPES: dict[Scope, Callable[[Any], str]] = {
    Scope.ROUND: lambda row: "",
    Scope.UNIT: lambda row: titled(row.type_label, row.name),
    Scope.CLUSTER: lambda row: str(row.cluster),
    Scope.GROUP: lambda row: str(row.ranking_group),
}


def without_birth_date(edition: Edition) -> int:
    """Return how many people of an edition cannot be considered for the oldest and youngest."""
    query = (
        select(func.count())
        .select_from(Result)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Person, Person.id == Entry.person_id)
        .where(Result.edition_id == edition.id, Person.birth_date.is_(None))
    )
    return db.session.scalar(query) or 0


def _asks(table: PrizeTable, merit: Merit) -> bool:
    return any(prize.merit is merit for prize in table.special)


def _topic_points(edition: Edition) -> dict[int, dict[str, int]]:
    """Return the points of each entry by topic code, from the attempt its result stands for."""
    items = papers.pool_of(edition.round).items
    query = (
        select(Result.entry_id, Attempt.paper, Attempt.marks)
        .join(Attempt, Attempt.id == Result.attempt_id)
        .where(Result.edition_id == edition.id)
    )
    found: dict[int, dict[str, int]] = {}
    for entry_id, paper, marks in db.session.execute(query):
        points: dict[str, int] = defaultdict(int)
        for place, earned in zip(papers.places_of(paper), marks or (), strict=False):
            points[items[place.version].topic] += earned
        found[entry_id] = dict(points)
    return found


def _part_points(edition: Edition) -> dict[int, dict[str, int]]:
    """Return the points of each entry by part, as the edition keeps what each part added."""
    query = select(Result.entry_id, Result.explanation).where(Result.edition_id == edition.id)
    return {
        entry_id: {name: points for name, points, *_rest in explanation.get("parts", ())}
        for entry_id, explanation in db.session.execute(query)
    }


# --- units ----------------------------------------------------------------------------------------------------


def teams_of(contest_round: Round) -> list[Unit]:
    """Return the units that collective prizes compare: those the round covers, or those right below a single one."""
    covered = [scope.unit for scope in contest_round.scopes]
    if len(covered) != 1:
        return sorted(covered, key=lambda unit: (unit.sort_key, unit.id))
    query = select(Unit).where(Unit.parent_id == covered[0].id).order_by(Unit.sort_key, Unit.id)
    return list(db.session.scalars(query))


def _teams(contest_round: Round) -> Any:
    """Return what finds the id of the unit an entry is counted under, by the place of its cell when the round ended."""
    place_of, moves = _finder(teams_of(contest_round)), places.moves_of([contest_round.id])
    ended = places.end_of(contest_round)
    return lambda row: place_of(place_under(row.cell_path, moves.get(row.unit_id, ()), ended, row.scope_id))


def _finder(units: Iterable[Unit]) -> Any:
    """Return what finds the id of the unit under which a path lies, None outside them all."""
    known = {unit.id for unit in units}
    return lambda path: next((key for key in ids_of(path) if key in known), None)


def units_of(edition: Edition) -> list[UnitFigures]:
    """Return the units that collective prizes compare, with their figures in the first stage of the contest."""
    units = teams_of(edition.round)
    first = select(Round).join(Stage).where(
        Stage.contest_id == edition.round.stage.contest_id, Stage.ordinal == 1
    )  # fmt: skip
    rounds = list(db.session.scalars(first.order_by(Round.id)))
    place_of = _finder(units)
    handed_in = _handed_in([one.id for one in rounds])
    sums: dict[int, list[int]] = {unit.id: [0, 0, 0] for unit in units}
    for seat in participation.seats(rounds, edition.published_at):
        if (unit := place_of(seat.path)) is not None:
            people = handed_in.get(seat.cell_id, 0)
            for index, number in enumerate((1, int(people > 0), people)):
                sums[unit][index] += number
    return [UnitFigures(unit, *numbers) for unit, numbers in sums.items()]


def _handed_in(round_ids: list[int]) -> Mapping[int, int]:
    """Return how many people of each cell handed in a paper, or performed on the stage, in these rounds."""
    paper = exists().where(Attempt.entry_id == Entry.id, Attempt.submitted_at.is_not(None))
    on_stage = exists().where(Performance.entry_id == Entry.id, Performance.stopped_at.is_not(None))
    query = (
        select(Entry.unit_id, func.count(func.distinct(Entry.person_id)))
        .where(Entry.round_id.in_(round_ids), Entry.withdrawn_at.is_(None), paper | on_stage)
        .group_by(Entry.unit_id)
    )
    return {unit_id: count for unit_id, count in db.session.execute(query)}
