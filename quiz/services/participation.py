"""How many cells take part: each cell once, with a contestant, a reason, or nothing said yet (R5, R47)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from quiz.core.participation import Tally, is_expected, tally_of_cell
from quiz.core.people import AbsenceReason
from quiz.core.places import Moves, ids_of, place_at
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Absence, Entry, FormerPlace, Person, Round, RoundUnit, Unit

_Node = aliased(Unit)  # a covered node, beside the cell itself


@dataclass(frozen=True, slots=True)
class Seat:
    """A cell that is counted: where it stood, how many people it sends, or why none."""

    cell_id: int
    path: str
    contestants: int
    reason: AbsenceReason | None

    @property
    def is_missing(self) -> bool:
        """Tell whether the cell neither sends somebody nor gave a reason."""
        return not self.contestants and self.reason is None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    unit: Unit
    tally: Tally


@dataclass(frozen=True, slots=True)
class CellRow:
    """One cell of the table: whom it sends, or why nobody."""

    unit: Unit
    names: list[str]
    reason: AbsenceReason | None

    @property
    def tally(self) -> Tally:
        """Return the figures of this cell."""
        return tally_of_cell(len(self.names), self.reason)


def seats(rounds: Sequence[Round], now: int) -> list[Seat]:
    """Return every cell counted in these rounds of one contest.

    A cell is counted when it has an entry or an absence there, or is expected (quiz.core.participation). One that
    was moved since its entry is counted under the node it was entered for, and in that round only.
    """
    keys = [contest_round.id for contest_round in rounds]
    if not keys:
        return []
    sent, reasons, elsewhere = _sent(keys), _reasons(keys), _moved_here(rounds)
    return [
        Seat(cell_id, _place(path, cell_id, sent), len(sent.get(cell_id, ())), reasons.get(cell_id))
        for cell_id, path, expected in _cells(rounds, now)
        if (expected and cell_id not in elsewhere) or cell_id in sent or cell_id in reasons
    ]


def heard_of_elsewhere(rounds: Sequence[Round], now: int) -> int:
    """Return how many cells below these rounds are not counted in them, having entered or answered in another round."""
    there = _moved_here(rounds)
    own = {seat.cell_id for seat in seats(rounds, now)} if there else set()
    return (
        sum(expected and key in there - own for key, _path, expected in _cells(rounds, now)) if there else 0
    )


def table(
    rounds: Sequence[Round], nodes: Iterable[Unit], now: int, counted: Iterable[Seat] | None = None
) -> list[Row]:
    """Return the figures of each of `nodes` that has cells in these rounds, in the order given.

    `counted` are their seats where these are known already.
    """
    tallies = {node.id: (node, Tally()) for node in nodes}
    for seat in seats(rounds, now) if counted is None else counted:
        for key in ids_of(seat.path):
            if key in tallies:
                node, tally = tallies[key]
                tallies[key] = (node, tally + tally_of_cell(seat.contestants, seat.reason))
    return [Row(node, tally) for node, tally in tallies.values() if tally.cells]


def cells_at(
    rounds: Sequence[Round], node: Unit, now: int, counted: Iterable[Seat] | None = None
) -> list[CellRow]:
    """Return the counted cells right under `node`, by name, with the people they send; `counted` as for `table`."""
    known = seats(rounds, now) if counted is None else counted
    here = {s.cell_id: s for s in known if s.path.endswith(f"/{node.id}/{s.cell_id}/")}
    keys = [contest_round.id for contest_round in rounds]
    people = (
        select(Entry.unit_id, Person.full_name)
        .join(Person, Person.id == Entry.person_id)
        .where(Entry.round_id.in_(keys), Entry.withdrawn_at.is_(None), Entry.unit_id.in_(here))
        .order_by(Person.sort_key, Person.id)
    )
    names: dict[int, list[str]] = {key: [] for key in here}
    for cell_id, name in db.session.execute(people):
        names[cell_id].append(name)
    cells = db.session.scalars(select(Unit).where(Unit.id.in_(here)).order_by(Unit.sort_key, Unit.id))
    return [CellRow(cell, names[cell.id], here[cell.id].reason) for cell in cells]


def counts_in(contest_round: Round, cell: Unit, now: int) -> bool:
    """Tell whether a round covers `cell` where this stands now, or where it stood when the round ended."""
    _paths, ends = _covered([contest_round], now)
    left = select(FormerPlace.until, FormerPlace.path).where(FormerPlace.unit_id == cell.id)
    moves = [
        (until, path) for until, path in db.session.execute(left.order_by(FormerPlace.until, FormerPlace.id))
    ]
    covered = any(f"/{key}/" in cell.path for key in ends)
    return cell.is_cell and (covered or any(_covering(cell.path, moves, ends)))


def nodes_below(node: Unit, counted: Iterable[Seat]) -> list[Unit]:
    """Return the units right below `node`, cells aside, under which cells are counted, by name: by the tree of then."""
    below = set()
    for keys in (ids_of(seat.path) for seat in counted):
        if node.id in keys[:-2]:
            below.add(keys[keys.index(node.id) + 1])
    query = select(Unit).where(Unit.id.in_(below)).order_by(Unit.sort_key, Unit.id)
    return list(db.session.scalars(query))


def tops(node: Unit, paths: Sequence[str]) -> list[Unit]:
    """Return the highest units below `node` among those with these paths."""
    inside = [path for path in paths if path.startswith(node.path)]
    highest = [p for p in inside if not any(p != other and p.startswith(other) for other in inside)]
    return list(
        db.session.scalars(select(Unit).where(Unit.path.in_(highest)).order_by(Unit.sort_key, Unit.id))
    )


def was_held_at(unit: Unit, now: int) -> bool:
    """Tell whether a round is over that covers `unit`, something above it or something below it."""
    above = ids_of(unit.path)
    query = (
        select(Round.id)
        .join(RoundUnit, RoundUnit.round_id == Round.id).join(Unit, Unit.id == RoundUnit.unit_id)
        .where(Round.opened_at.is_not(None), Round.closes_at <= now)
        .where(db.or_(Unit.id.in_(above), Unit.path.startswith(unit.path)))
        .limit(1)
    )  # fmt: skip
    return db.session.scalar(query) is not None


def total(rows: Iterable[Row | CellRow]) -> Tally:
    """Return the sum of rows whose nodes do not contain one another."""
    return sum((row.tally for row in rows), Tally())


def _sent(keys: list[int]) -> dict[int, list[str]]:
    """Return, for each cell that sends somebody, the path of the covered node of each entry."""
    query = (
        select(Entry.unit_id, Unit.path)
        .join(Unit, Unit.id == Entry.scope_id)
        .where(Entry.round_id.in_(keys), Entry.withdrawn_at.is_(None))
    )
    found: dict[int, list[str]] = {}
    for cell_id, path in db.session.execute(query):
        found.setdefault(cell_id, []).append(path)
    return found


def _reasons(keys: list[int]) -> dict[int, AbsenceReason]:
    rows = db.session.execute(select(Absence.unit_id, Absence.reason).where(Absence.round_id.in_(keys)))
    return {cell_id: reason for cell_id, reason in rows}


def _moved_here(rounds: Sequence[Round]) -> set[int]:
    """Return the cells heard of in another round of the same stages that no longer covers them: they count there."""
    covered = (
        select(RoundUnit.unit_id)
        .join(_Node, _Node.id == RoundUnit.unit_id)
        .where(RoundUnit.round_id == Round.id, Unit.path.startswith(_Node.path))
    )
    others = (
        Round.stage_id.in_({one.stage_id for one in rounds}),
        Round.id.not_in([one.id for one in rounds]),
        ~covered.exists(),
    )
    found: set[int] = set()
    for heard in (Entry, Absence):
        query = (
            select(heard.unit_id).join(Round, Round.id == heard.round_id).join(Unit, Unit.id == heard.unit_id)
        )
        stands = (Entry.withdrawn_at.is_(None),) if heard is Entry else ()
        found.update(db.session.scalars(query.where(*others, *stands)))
    return found


def _cells(rounds: Sequence[Round], now: int) -> Iterator[tuple[int, str, bool]]:
    """Yield (id, path, expected) of the cells below the covered nodes when each round ended, and of those heard of.

    The path is that under which a round covers the cell.
    """
    created = day_of(rounds[0].stage.contest.created_at)
    keys = [one.id for one in rounds]
    paths, ends = _covered(rounds, now)
    moves = _moves(paths, ends)
    successors = set(db.session.scalars(select(Unit.successor_id).where(Unit.successor_id.is_not(None))))
    below = (Unit.path.startswith(path) for path in paths)
    heard = (
        Unit.id.in_(select(Entry.unit_id).where(Entry.round_id.in_(keys), Entry.withdrawn_at.is_(None))),
        Unit.id.in_(select(Absence.unit_id).where(Absence.round_id.in_(keys))),
    )
    query = select(Unit.id, Unit.path, Unit.valid_from, Unit.valid_to).where(
        Unit.is_cell, db.or_(*below, *heard, Unit.id.in_(_left(ends)))
    )
    for key, path, start, end in db.session.execute(query.order_by(Unit.sort_key, Unit.id)):
        there = list(_covering(path, moves.get(key, ()), ends))
        days = {day_of(ended) for _where, ended in there}
        expected = any(is_expected(start, end, key in successors, created, day) for day in days)
        yield key, there[0][0] if there else path, expected


Ends = Mapping[int, Sequence[int]]


def _covered(rounds: Sequence[Round], now: int) -> tuple[list[str], Ends]:
    """Return the paths of the nodes the rounds cover, and by node when (ms) these end: now while one is not over."""
    held = {one.id: min(now, one.window.ends_at) if one.window else now for one in rounds}
    query = select(Unit.id, Unit.path, RoundUnit.round_id).join(RoundUnit, RoundUnit.unit_id == Unit.id)
    rows = db.session.execute(query.where(RoundUnit.round_id.in_(list(held)))).all()
    ends: dict[int, list[int]] = {}
    for key, _path, round_id in rows:
        ends.setdefault(key, []).append(held[round_id])
    return [path for _key, path, _round in rows], ends


def _moves(paths: Sequence[str], ends: Ends) -> dict[int, Moves]:
    """Return when each cell moved into or out of these nodes since the first of the rounds ended, and from where."""
    inside = select(Unit.id).where(db.or_(db.false(), *(Unit.path.startswith(path) for path in paths)))
    query = (
        select(FormerPlace.unit_id, FormerPlace.until, FormerPlace.path)
        .where(FormerPlace.until > _first(ends))
        .where(db.or_(FormerPlace.unit_id.in_(inside), FormerPlace.unit_id.in_(_left(ends))))
        .order_by(FormerPlace.until, FormerPlace.id)
    )
    moves: dict[int, list[tuple[int, str]]] = {}
    for key, until, path in db.session.execute(query):
        moves.setdefault(key, []).append((until, path))
    return dict(moves)


def _left(ends: Ends) -> Select[tuple[int]]:
    """Return what finds the cells that stood below these nodes once, and left since the first of the rounds ended."""
    once = (FormerPlace.path.contains(f"/{key}/") for key in ends)
    stood = db.or_(db.false(), *once)
    return select(FormerPlace.unit_id).where(FormerPlace.until > _first(ends), stood)


def _first(ends: Ends) -> int:
    return min((ended for each in ends.values() for ended in each), default=0)


def _covering(path: str, moves: Moves, ends: Ends) -> Iterator[tuple[str, int]]:
    """Yield the path of a cell and the end of each round that covered it there, by where it stands and what it left."""
    for where in dict.fromkeys([*(before for _until, before in moves), path]):
        for key in ids_of(where):
            for ended in ends.get(key, ()):
                if where == place_at(path, moves, ended):
                    yield where, ended


def _place(path: str, cell_id: int, sent: dict[int, list[str]]) -> str:
    scopes = sent.get(cell_id, [])
    if not scopes or f"/{ids_of(scopes[0])[-1]}/" in path:
        return path
    return f"{scopes[0]}{cell_id}/"
