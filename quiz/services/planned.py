"""What the rounds that are planned but not yet opened could draw from the banks as they stand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.orm import joinedload

from quiz.core.papers import Cell, PoolEntry, shortfalls
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Contest, Round, Stage, Unit
from quiz.services import pools
from quiz.services.contests import rules_of
from quiz.services.tree import under

MOST = 12  # stages with their days; more than anybody prepares at a time
Counts = Mapping[tuple[str, str], int]  # by topic code and level


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a blueprint: `available` in all banks, `here` in the bank looked at, `missing` at the draw."""

    topic: str
    title: str
    level: str
    wanted: int
    available: int
    here: int
    missing: int


@dataclass(frozen=True, slots=True)
class Planned:
    """Rounds of one stage at the same hours: the first of them, how many they are, and the lines of their blueprint."""

    stage: Stage
    first: Round
    rounds: int
    lines: list[Line]

    @property
    def missing(self) -> int:
        """Return how many items are missing at the draw."""
        return sum(line.missing for line in self.lines)


def planned(paths: Iterable[str], now: int, bank_id: int | None = None) -> list[Planned]:
    """Return the rounds under any of `paths` that are still to be opened, the soonest first, at most MOST groups.

    With `bank_id`, only lines on topics that bank has, and rounds with such a line.
    """
    topics = pools.topics_of(bank_id) if bank_id is not None else None
    titles = dict(pools.topics())
    rounds, found = _first_rounds(paths, now), []
    for contest_round, count in rounds:
        lines = [
            line for line in _lines(contest_round, titles, bank_id) if topics is None or line.topic in topics
        ]
        if lines:
            found.append(Planned(contest_round.stage, contest_round, count, lines))
    return found


def _first_rounds(paths: Iterable[str], now: int) -> list[Row[tuple[Round, int]]]:
    """Return the first round of each stage and hours, with how many share them."""
    grouped = (
        select(db.func.min(Round.id).label("first"), db.func.count().label("rounds"))
        .join(Unit, Unit.id == Round.unit_id)
        .where(Round.opened_at.is_(None), Round.closes_at > now, under(paths))
        .group_by(Round.stage_id, Round.opens_at, Round.closes_at)
        .subquery()
    )
    query = (
        select(Round, grouped.c.rounds)
        .join(grouped, grouped.c.first == Round.id)
        .options(
            joinedload(Round.stage).joinedload(Stage.contest).joinedload(Contest.unit), joinedload(Round.unit)
        )
        .order_by(Round.opens_at, Round.id)
        .limit(MOST)
    )
    return list(db.session.execute(query))


def _lines(contest_round: Round, titles: Mapping[str, str], bank_id: int | None) -> Iterator[Line]:
    first, last = _days(contest_round)
    there = pools.availability(first, last)
    here = pools.availability(first, last, bank_id) if bank_id is not None else there
    blueprint = rules_of(contest_round).blueprint
    short = {(gap.topic, gap.level): gap for gap in shortfalls(blueprint, _entries(blueprint, there))}
    for cell in blueprint:
        gap = short.get((cell.topic, cell.level))
        yield Line(
            cell.topic, titles.get(cell.topic, cell.topic), cell.level, cell.count,
            gap.available if gap else _count(there, cell), _count(here, cell), gap.wanted - gap.available if gap else 0,
        )  # fmt: skip


def _days(contest_round: Round) -> tuple[date, date]:
    return day_of(contest_round.opens_at or 0), day_of(contest_round.closes_at or 0)


def _count(counts: Counts, cell: Cell) -> int:
    return sum(
        count for (topic, level), count in counts.items() if topic == cell.topic and cell.level in ("", level)
    )


def _entries(blueprint: Iterable[Cell], counts: Counts) -> list[PoolEntry]:
    """Return entries that stand for the items counted; of one kind never more than a whole paper takes."""
    most = sum(cell.count for cell in blueprint)
    kinds = [(topic, level) for (topic, level), count in counts.items() for _ in range(min(count, most))]
    return [PoolEntry(number, topic, level, option_count=2) for number, (topic, level) in enumerate(kinds)]
