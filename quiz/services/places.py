"""Where the cells of a round stood when it ended: rankings, papers and prizes go by that, whatever merged since."""

from collections.abc import Iterable

from sqlalchemy import select

from quiz.core.names import titled
from quiz.core.places import Moves, node_above, place_under
from quiz.extensions import db
from quiz.models import Entry, FormerPlace, Round, Unit


def moves_of(round_ids: Iterable[int]) -> dict[int, Moves]:
    """Return by id of the cells entered in these rounds what they have left; those that never moved are not named."""
    entered = select(Entry.unit_id).where(Entry.round_id.in_(list(round_ids)))
    query = (
        select(FormerPlace.unit_id, FormerPlace.until, FormerPlace.path)
        .where(FormerPlace.unit_id.in_(entered))
        .order_by(FormerPlace.until, FormerPlace.id)
    )
    moves: dict[int, list[tuple[int, str]]] = {}
    for key, until, path in db.session.execute(query):
        moves.setdefault(key, []).append((until, path))
    return dict(moves)


def end_of(contest_round: Round) -> int | None:
    """Return when a round ends or ended (ms), None before its hours are set."""
    return contest_round.window.ends_at if contest_round.window else None


def paths(entries: Iterable[Entry]) -> dict[int, str]:
    """Return by entry the place its round counts its cell by (quiz.core.places.place_under); one query."""
    found = list(entries)
    ends = {entry.round_id: end_of(entry.round) for entry in found}
    moves = moves_of(ends)
    return {
        entry.id: place_under(
            entry.unit.path, moves.get(entry.unit_id, ()), ends[entry.round_id], entry.scope_id
        )
        for entry in found
    }


def above(entries: Iterable[Entry]) -> dict[int, str]:
    """Return by entry the unit above its cell, as results and papers print it, "" at the root; two queries."""
    nodes = {key: node_above(path) for key, path in paths(entries).items()}
    query = select(Unit.id, Unit.type_label, Unit.name).where(Unit.id.in_({*nodes.values()} - {None}))
    titles = {key: titled(label, name) for key, label, name in db.session.execute(query)}
    return {key: titles.get(node, "") for key, node in nodes.items()}
