"""Who goes on to the next round. A tie at the cut stops that scope until the board has decided in a declared way."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quiz.core.errors import N_, RuleBroken
from quiz.core.ranking import Standing


class Method(StrEnum):
    """How a round chooses."""

    TOP = "top"  # the first N of each scope
    THRESHOLD = "threshold"  # everyone from a number of points
    MANUAL = "manual"  # the committee picks


class Scope(StrEnum):
    """Within what the first N are counted."""

    ROUND = "round"
    UNIT = "unit"
    CLUSTER = "cluster"
    GROUP = "group"


class WayOut(StrEnum):
    """The declared ways out of a tie at the cut."""

    EXTRA_QUESTIONS = "extra_questions"
    DRAW = "draw"
    ALL_GO = "all_go"
    HEAD_DECIDES = "head_decides"


@dataclass(frozen=True, slots=True)
class Quota:
    """How many go on: `top` per `scope`, or all from `cut_score` (hundredths); `reserves` stand ready behind."""

    method: Method = Method.TOP
    scope: Scope = Scope.ROUND
    top: int = 1
    cut_score: int = 0
    reserves: int = 0


@dataclass(frozen=True, slots=True)
class Tie:
    """Equal standings across the cut: `entries` share `rank` and only `places` of them may go on."""

    scope: str
    rank: int
    places: int
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the board decided about one tie; `chosen` in order of precedence, `seed` for a draw."""

    way: WayOut
    chosen: tuple[int, ...] = ()
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Promotion:
    """The outcome: entries that go on, reserves in order of precedence by scope, and ties still to decide."""

    chosen: tuple[int, ...]
    reserves: Mapping[str, tuple[int, ...]]
    ties: tuple[Tie, ...]


def draw(entries: Iterable[int], seed: str) -> tuple[int, ...]:
    """Return `entries` in the order a public draw with this seed gives: by SHA-256 of "seed:entry"."""
    return tuple(sorted(entries, key=lambda entry: hashlib.sha256(f"{seed}:{entry}".encode()).hexdigest()))


def settle(tie: Tie, decision: Decision) -> tuple[int, ...]:
    """Return the entries of `tie` that go on under `decision`; raise RuleBroken if it does not fit the tie."""
    if decision.way is WayOut.ALL_GO:
        return tie.entries
    if decision.way is WayOut.DRAW:
        if not decision.seed:
            raise RuleBroken(N_("Bốc thăm cần một số công khai để ai cũng kiểm tra lại được. Hãy nhập số đó."))
        return draw(tie.entries, decision.seed)[: tie.places]
    if len(set(decision.chosen)) != tie.places or not set(decision.chosen) <= set(tie.entries):
        raise RuleBroken(
            N_("Hãy chọn đúng %(places)d người trong số những người bằng nhau ở ranh giới."), places=tie.places
        )
    return decision.chosen


def promoted(
    standings: Sequence[Standing],
    scope_of: Mapping[int, str],
    quota: Quota,
    decisions: Mapping[tuple[str, int], Decision] | None = None,
) -> Promotion:
    """Return who goes on; `scope_of` names each entry's scope, `decisions` are keyed by (scope, rank of the tie).

    Entries missing from `scope_of` (withdrawn, disqualified) are passed over.
    """
    scopes: dict[str, list[Standing]] = {}
    for standing in standings:
        if standing.entry in scope_of:
            scopes.setdefault(scope_of[standing.entry], []).append(standing)
    chosen: list[int] = []
    reserves: dict[str, tuple[int, ...]] = {}
    ties: list[Tie] = []
    for scope, members in scopes.items():
        going, waiting, tie = _choose(scope, members, quota, decisions or {})
        chosen += going
        reserves[scope] = waiting
        if tie:
            ties.append(tie)
    return Promotion(tuple(chosen), reserves, tuple(ties))


def _choose(
    scope: str, members: Sequence[Standing], quota: Quota, decisions: Mapping[tuple[str, int], Decision]
) -> tuple[list[int], tuple[int, ...], Tie | None]:
    if quota.method is Method.MANUAL:
        return [], (), None
    if quota.method is Method.THRESHOLD:
        return [s.entry for s in members if s.points >= quota.cut_score], (), None
    clear, tie = _cut(scope, members, quota.top)
    if tie is None:
        going = clear
    elif (decision := decisions.get((scope, tie.rank))) is not None:
        going = clear + list(settle(tie, decision))
    else:
        return clear, (), tie
    left = [s.entry for s in members if s.entry not in set(going)]
    return going, tuple(left[: quota.reserves]), None


def _cut(scope: str, members: Sequence[Standing], top: int) -> tuple[list[int], Tie | None]:
    """Return those clearly above the cut, and the tie across it if there is one."""
    if len(members) <= top or top < 1 or members[top - 1].rank != members[top].rank:
        return [s.entry for s in members[: max(top, 0)]], None
    at_cut = members[top - 1].rank
    clear = [s.entry for s in members if s.rank < at_cut]
    level = tuple(s.entry for s in members if s.rank == at_cut)
    return clear, Tie(scope, at_cut, top - len(clear), level)
