"""The prizes of an edition, worked out from the table and the board's decisions, or as its closed list has them.

Until the list is closed every reader gets what would be given now; afterwards everybody gets the closed list.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from quiz.core import awards as rule
from quiz.core.awards import BoardAct, BoardSays, How, Line, Outcome, PrizeTie, Winner
from quiz.core.prizes import Kind, PrizeTable
from quiz.extensions import db
from quiz.models import Award, AwardDecision, AwardList, Edition, Result, Unit
from quiz.services.award_figures import contestants_of, units_of
from quiz.services.contests import rules_of


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One prize somebody won, as documents and pages show it: a person with cell and unit, or a unit alone.

    `points` are hundredths; `figure` is what a unit was compared by: (numerator, denominator or 0).
    """

    kind: Kind
    prize: str
    scope: str
    name: str
    cell_name: str
    unit_name: str
    rank: int | None
    points: int | None
    how: How
    figure: tuple[int, int] | None
    entry_id: int | None
    unit_id: int | None
    reason: str = ""


PAGE = 50
AT_ONCE = 500  # results asked for by one statement


@dataclass(frozen=True, slots=True)
class View:
    """The prizes of an edition as a page shows them: `lines` of page `page`, and the whole of the rest.

    `places` say what became of every place of the table; `ties` stand under the text that names prize and scope.
    """

    closed: AwardList | None
    lines: list[AwardLine]
    page: int
    total: int
    places: list[dict[str, Any]]
    ties: dict[str, PrizeTie]

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.total // PAGE))


def view_of(edition: Edition, number: int = 1) -> View:
    """Return one page of the prizes of an edition, as closed or as they would be given now."""
    closed = list_of(edition)
    if closed is None:
        outcome = outcome_of(edition)
        winners = outcome.winners(*Kind)
        page = _within(number, len(winners))
        ties = {key_of(tie.prize, tie.scope): tie for tie in outcome.ties}
        shown = named(edition, winners[(page - 1) * PAGE : page * PAGE])
        return View(None, shown, page, len(winners), places_of(outcome), ties)
    page = _within(number, closed.size)
    first = (page - 1) * PAGE
    query = (
        select(Award)
        .where(Award.edition_id == edition.id, Award.position > first, Award.position <= first + PAGE)
        .order_by(Award.position)
    )
    return View(
        closed, [_closed(row) for row in db.session.scalars(query)], page, closed.size, closed.lines, {}
    )


def _within(number: int, total: int) -> int:
    return min(max(1, number), max(1, -(-total // PAGE)))


def key_of(prize: str, scope: str) -> str:
    """Return the text by which a form names a prize within a scope."""
    return f"{scope}|{prize}"


def awards_of(edition: Edition) -> list[AwardLine]:
    """Return who wins what in an edition, in the order of the prize table: as closed, or as it would be now."""
    if list_of(edition) is None:
        return lines_of(edition, outcome_of(edition))
    query = select(Award).where(Award.edition_id == edition.id).order_by(Award.position)
    return [_closed(row) for row in db.session.scalars(query)]


def main_prizes_of(edition: Edition) -> dict[int, str]:
    """Return the main prize of each entry of an edition that won one."""
    lines = awards_of(edition)
    return {
        line.entry_id: line.prize for line in lines if line.kind is Kind.MAIN and line.entry_id is not None
    }


def closed_prizes_of(edition: Edition) -> dict[int, list[str]] | None:
    """Return what each entry has been awarded by the closed list of an edition, None while the list is open."""
    if list_of(edition) is None:
        return None
    won: dict[int, list[str]] = {}
    for line in awards_of(edition):
        if line.entry_id is not None:
            won.setdefault(line.entry_id, []).append(line.prize)
    return won


def list_of(edition: Edition) -> AwardList | None:
    """Return the closed list of prizes of an edition, None while it is open."""
    return db.session.get(AwardList, edition.id)


def list_before(edition: Edition) -> AwardList | None:
    """Return the list closed last on an edition that this one replaces, None where none was."""
    earlier = edition.replaces
    return earlier and (list_of(earlier) or list_before(earlier))


def table_of(edition: Edition) -> PrizeTable:
    """Return the prize table of the stage an edition belongs to."""
    return rules_of(edition.round).prizes


def outcome_of(edition: Edition) -> Outcome:
    """Return what the prize table gives for an edition under the board's decisions so far."""
    return laid_over(edition)(says_of(edition))


def laid_over(edition: Edition) -> Callable[[BoardSays], Outcome]:
    """Return what the prize table gives for an edition as a function of the board's decisions; people are read once."""
    table = table_of(edition)
    if table.is_empty:
        return lambda _says: Outcome()
    units = units_of(edition) if table.collective else []
    people = contestants_of(edition, table)
    return lambda says: rule.awarded(table, people, units, says)


def decisions_of(edition: Edition) -> list[AwardDecision]:
    """Return what the board has decided about the prizes of an edition, in the order it was decided."""
    query = select(AwardDecision).where(AwardDecision.edition_id == edition.id).order_by(AwardDecision.id)
    return list(db.session.scalars(query))


def says_of(edition: Edition) -> BoardSays:
    """Return the board's decisions as the rule takes them."""
    rows = decisions_of(edition)
    given: dict[str, tuple[int, ...]] = {}
    for row in rows:
        if row.act is BoardAct.GIVE:
            given[row.prize] = (*given.get(row.prize, ()), row.key)
    return BoardSays(
        withheld={(row.prize, row.scope): row.number for row in rows if row.act is BoardAct.WITHHOLD},
        settled={(row.prize, row.scope): tuple(row.chosen) for row in rows if row.act is BoardAct.SETTLE},
        given=given,
        passed_over=frozenset(row.key for row in rows if row.act is BoardAct.PASS_OVER),
    )


def lines_of(edition: Edition, outcome: Outcome) -> list[AwardLine]:
    """Return the winners of an outcome with their names."""
    return named(edition, outcome.winners(*Kind))


def named(edition: Edition, pairs: Sequence[tuple[Line, Winner]]) -> list[AwardLine]:
    """Return these winners of an edition with their names."""
    entries = sorted({winner.key for line, winner in pairs if line.kind is not Kind.COLLECTIVE})
    results = {result.entry_id: result for result in _results(edition, entries)}
    keys = [winner.key for line, winner in pairs if line.kind is Kind.COLLECTIVE]
    units = {unit.id: unit for unit in db.session.scalars(select(Unit).where(Unit.id.in_(keys)))}
    reasons = {(row.prize, row.key): row.reason for row in decisions_of(edition) if row.act is BoardAct.GIVE}
    return [
        _line(line, winner, results, units, reasons.get((line.prize, winner.key), ""))
        for line, winner in pairs
    ]


def names_of(edition: Edition, keys: Collection[tuple[bool, int]]) -> dict[tuple[bool, int], str]:
    """Return what units (True, id) and people ranked in an edition (False, entry) are called."""
    entries = sorted({key for is_unit, key in keys if not is_unit})
    people = {(False, one.entry_id): one.name_and_cell for one in _results(edition, entries)}
    units = select(Unit).where(Unit.id.in_([key for is_unit, key in keys if is_unit]))
    return people | {(True, unit.id): unit.title for unit in db.session.scalars(units)}


def _results(edition: Edition, entries: Sequence[int]) -> Iterator[Result]:
    query = select(Result).where(Result.edition_id == edition.id)
    for start in range(0, len(entries), AT_ONCE):
        yield from db.session.scalars(query.where(Result.entry_id.in_(entries[start : start + AT_ONCE])))


def _line(
    line: Line, winner: Winner, results: Mapping[int, Result], units: Mapping[int, Unit], reason: str
) -> AwardLine:
    if line.kind is Kind.COLLECTIVE:
        name = units[winner.key].title
        return AwardLine(
            line.kind, line.prize, line.scope, name, "", "", None, None, winner.how, winner.figure, None, winner.key,
            reason,
        )  # fmt: skip
    one = results[winner.key]
    return AwardLine(
        line.kind, line.prize, line.scope, one.name, one.cell_name, one.unit_name, one.rank, one.points, winner.how,
        winner.figure, one.entry_id, None, reason,
    )  # fmt: skip


def _closed(row: Award) -> AwardLine:
    figure = None if row.figure_over is None else (row.figure_over, row.figure_under or 0)
    return AwardLine(
        row.kind, row.prize, row.scope, row.name, row.cell_name, row.unit_name, row.rank, row.points, row.how, figure,
        row.entry_id, row.unit_id, row.reason,
    )  # fmt: skip


KEPT = ("kind", "prize", "scope", "places", "extra", "absorbed", "withheld", "unfilled", "undecided")


def places_of(outcome: Outcome) -> list[dict[str, Any]]:
    """Return what became of every place of the table, as plain values that a closed list keeps."""
    return [
        {name: getattr(line, name) for name in KEPT} | {"given": len(line.winners)} for line in outcome.lines
    ]
