"""Who may still win a main prize that an open tie keeps back: until the board has settled it, nobody has lost it."""

from collections.abc import Iterable

from quiz.core.awards import Line, Outcome
from quiz.core.merits import Contestant
from quiz.core.prizes import Kind, PrizeTable


def awaiting(table: PrizeTable, outcome: Outcome, contestants: Iterable[Contestant]) -> frozenset[int]:
    """Return the entries that stand next in line for the places an open tie leaves undecided, equals together."""
    won = {winner.key for _line, winner in outcome.winners(Kind.MAIN)}
    left = sorted((one for one in contestants if one.entry not in won), key=lambda one: one.rank)
    found: set[int] = set()
    for line in outcome.lines:
        if line.tie is not None:
            below = [
                one for one in outcome.lines if one.scope == line.scope and one.undecided and one is not line
            ]
            places = line.tie.places + sum(one.undecided for one in below)
            found |= set(line.tie.among) | _next(left, line.scope, places, _least(table, below))
    return frozenset(found)


def _least(table: PrizeTable, lines: Iterable[Line]) -> int | None:
    """Return the fewest points with which one of these prizes may be won, None where there are none."""
    names = {line.prize for line in lines}
    return min((prize.min_points for prize in table.prizes if prize.name in names), default=None)


def _next(left: Iterable[Contestant], scope: str, places: int, least: int | None) -> set[int]:
    own = [one for one in left if one.scope == scope]
    if least is None or not own:
        return set()
    last = own[min(places, len(own)) - 1].rank
    return {one.entry for one in own if one.rank <= last and one.points >= least}
