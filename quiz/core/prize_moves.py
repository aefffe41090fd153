"""What a decision about prizes would change: two outcomes compared, so that the board sees it before it decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quiz.core.awards import Outcome, PrizeTie
from quiz.core.prizes import Kind

Key = tuple[bool, int]  # whether it is a unit, and which


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody, or a unit where `is_unit`, whose prizes change: the names of those before and after."""

    is_unit: bool
    key: int
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two outcomes: whose prizes, which ties come up, and by (prize, scope) how many more of it
    nobody gets."""

    moved: tuple[Moved, ...]
    ties: tuple[PrizeTie, ...]
    unfilled: Mapping[tuple[str, str], int]


def change(before: Outcome, after: Outcome, out: int | None = None) -> Change:
    """Return what differs, in the order of the prize table.

    Nobody has lost a prize that waits for equals to be parted, but for the entry `out`, which wins nothing.
    """
    had, have = _won(before), _won(after)
    waiting = {(line.prize, line.scope) for line in after.lines if line.undecided}
    moved = []
    for is_unit, key in dict.fromkeys((*have, *had)):
        was, will = had.get((is_unit, key), ()), have.get((is_unit, key), ())
        lost = set(was) - set(will)
        if is_unit or key != out:
            lost -= waiting
        if lost or set(will) - set(was):
            moved.append(Moved(is_unit, key, _names(was), _names(will)))
    open_before = {(tie.prize, tie.scope, tie.among) for tie in before.ties}
    ties = tuple(tie for tie in after.ties if (tie.prize, tie.scope, tie.among) not in open_before)
    left = {(line.prize, line.scope): line.unfilled for line in before.lines}
    more = {(one.prize, one.scope): one.unfilled - left.get((one.prize, one.scope), 0) for one in after.lines}
    return Change(tuple(moved), ties, {key: count for key, count in more.items() if count > 0})


def _names(won: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(prize for prize, _scope in won)


def _won(outcome: Outcome) -> dict[Key, tuple[tuple[str, str], ...]]:
    """Return the (prize, scope) each winner has, winners in the order of the table."""
    won: dict[Key, tuple[tuple[str, str], ...]] = {}
    for line, winner in outcome.winners(*Kind):
        key = (line.kind is Kind.COLLECTIVE, winner.key)
        won[key] = (*won.get(key, ()), (line.prize, line.scope))
    return won
