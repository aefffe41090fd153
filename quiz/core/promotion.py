"""Who goes on to the next round.

A tie at the cut stops its scope until the board has decided it in a declared way. A tie among the reserves
stops only their list: nobody stands before another by a row id.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby, pairwise
from typing import TypeVar

from quiz.core.errors import N_, RuleBroken
from quiz.core.ranking import Standing

Said = TypeVar("Said")
RESERVES = "reserves:"  # begins what a decision about a tie among the reserves is kept under


class Method(StrEnum):
    """How a round chooses."""

    TOP = "top"  # the first N of each scope
    THRESHOLD = "threshold"  # everyone from a number of points
    MANUAL = "manual"  # the committee picks
    PRIZE = "prize"  # the winners of the prizes named


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
    """How many go on: `top` per `scope`, all from `cut_score` (hundredths), or all who won one of `prizes`.

    The next `reserves` of each scope stand ready behind them; where the committee picks, it names them too.
    """

    method: Method = Method.TOP
    scope: Scope = Scope.ROUND
    top: int = 1
    cut_score: int = 0
    reserves: int = 0
    prizes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """Equal standings across a line: `entries` share `rank` and only `places` of them are to be had.

    The places go on to the next round, or are reserves, where even as many places as entries need an order.
    """

    scope: str
    rank: int
    places: int
    entries: tuple[int, ...]
    for_reserves: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """Return what the decision about this tie is kept under; apart for the cut and for the reserves."""
        return (f"{RESERVES}{self.scope}" if self.for_reserves else self.scope, self.rank)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the board decided about one tie; `chosen` in order of precedence, `seed` for a draw.

    `scores` are what each earned on extra questions (hundredths), from which `chosen` followed.
    """

    way: WayOut
    chosen: tuple[int, ...] = ()
    seed: str = ""
    scores: Mapping[int, int] = field(default_factory=dict)


Decisions = Mapping[tuple[str, int], Decision]
Won = Mapping[int, Collection[str]]  # the names of the prizes each entry has been awarded


@dataclass(frozen=True, slots=True)
class Promotion:
    """The outcome: entries that go on, reserves in order of precedence by scope, and ties still to decide.

    `ties` stop the promotion of their scope; `reserve_ties` stop only the list of reserves behind it.
    """

    chosen: tuple[int, ...]
    reserves: Mapping[str, tuple[int, ...]]
    ties: tuple[Tie, ...]
    reserve_ties: tuple[Tie, ...] = ()


def draw(entries: Iterable[int], seed: str) -> tuple[int, ...]:
    """Return `entries` in the order a public draw with this seed gives: by SHA-256 of "seed:entry"."""
    return tuple(sorted(entries, key=lambda entry: hashlib.sha256(f"{seed}:{entry}".encode()).hexdigest()))


def by_extra_questions(tie: Tie, scores: Mapping[int, int]) -> tuple[int, ...]:
    """Return who gets the places of a tie by points on extra questions, best first.

    Raise RuleBroken when somebody's points are missing, or equals stand across the line again or need an order.
    """
    if set(scores) != set(tie.entries):
        raise RuleBroken(N_("Hãy nhập điểm câu hỏi phụ của từng người bằng nhau."))
    ordered = sorted(tie.entries, key=lambda entry: (-scores[entry], entry))
    compared = ordered[0 if tie.for_reserves else tie.places - 1 : tie.places + 1]
    if any(scores[one] == scores[two] for one, two in pairwise(compared)):
        raise RuleBroken(N_("Điểm câu hỏi phụ vẫn bằng nhau. Hãy thi thêm một lượt, hoặc chọn cách khác."))
    return tuple(ordered[: tie.places])


def settle(tie: Tie, decision: Decision) -> tuple[int, ...]:
    """Return the entries that get the places of `tie`; raise RuleBroken if `decision` does not fit it."""
    if decision.way is WayOut.ALL_GO:
        if tie.for_reserves:
            raise RuleBroken(N_("Dự bị phải có thứ tự trước sau. Hãy chọn cách khác để xếp thứ tự."))
        return tie.entries
    if decision.way is WayOut.DRAW:
        if not decision.seed.strip():
            raise RuleBroken(N_("Bốc thăm cần một số công khai để ai cũng kiểm tra được. Hãy nhập số đó."))
        return draw(tie.entries, decision.seed)[: tie.places]
    if len(decision.chosen) != tie.places or len(set(decision.chosen) & set(tie.entries)) != tie.places:
        message = N_("Hãy chọn đúng %(places)d người trong số những người bằng nhau ở ranh giới.")
        raise RuleBroken(message, places=tie.places)
    return decision.chosen


def kept(
    said: Mapping[tuple[str, int], Said],
    was: Mapping[int, int],
    now: Mapping[int, int],
    scope_of: Mapping[int, str],
) -> dict[tuple[str, int], Said]:
    """Return what was said about ties of one ranking under the keys these have in another, by rank of each entry.

    Only where the very same people stand equal, by themselves: more or fewer of them are another tie.
    """
    before = _levels(was, scope_of)
    after = {level: rank for (_scope, rank), level in _levels(now, scope_of).items()}
    levels = {key: before.get((key[0].removeprefix(RESERVES), key[1])) for key in said}
    return {(key[0], after[level]): said[key] for key, level in levels.items() if level in after}


def _levels(ranks: Mapping[int, int], scope_of: Mapping[int, str]) -> dict[tuple[str, int], frozenset[int]]:
    levels: dict[tuple[str, int], set[int]] = {}
    for entry, rank in ranks.items():
        if entry in scope_of:
            levels.setdefault((scope_of[entry], rank), set()).add(entry)
    return {key: frozenset(level) for key, level in levels.items()}


def by_prize(quota: Quota, won: Won) -> dict[int, tuple[str, ...]]:
    """Return the prizes by which each entry goes on, in the order the quota names them."""
    counting = {key: tuple(name for name in quota.prizes if name in names) for key, names in won.items()}
    return {key: names for key, names in counting.items() if names}


def promoted(
    standings: Sequence[Standing],
    scope_of: Mapping[int, str],
    quota: Quota,
    decisions: Decisions | None = None,
    won: Won | None = None,
) -> Promotion:
    """Return who goes on; `scope_of` names each entry's scope, a decision is kept under the key of its tie.

    Entries missing from `scope_of` (withdrawn, disqualified) are passed over. A decision that no longer fits
    its tie, because somebody has withdrawn since, leaves the tie open again. `won` is None while prizes may still
    change: then a choice by prize names nobody, not even reserves.
    """
    counting = by_prize(quota, won or {})
    chosen: list[int] = []
    reserves: dict[str, tuple[int, ...]] = {}
    ties: list[Tie] = []
    reserve_ties: list[Tie] = []
    for scope, members in _by_scope(standings, scope_of).items():
        going, tie = _going(scope, members, quota, decisions or {}, counting)
        chosen += going
        ties += [tie] if tie else []
        gone = set(going)
        left = [s for s in members if s.entry not in gone]
        waiting, unordered = _waiting(scope, left, 0 if tie else _reserves(quota, won), decisions or {})
        reserves[scope] = tuple(waiting)
        reserve_ties += [unordered] if unordered else []
    return Promotion(tuple(chosen), reserves, tuple(ties), tuple(reserve_ties))


def _by_scope(standings: Sequence[Standing], scope_of: Mapping[int, str]) -> dict[str, list[Standing]]:
    scopes: dict[str, list[Standing]] = {}
    for standing in sorted(standings, key=lambda s: s.rank):
        if standing.entry in scope_of:
            scopes.setdefault(scope_of[standing.entry], []).append(standing)
    return scopes


def _reserves(quota: Quota, won: Won | None) -> int:
    unknown = quota.method is Method.PRIZE and won is None
    return 0 if unknown or quota.method is Method.MANUAL else quota.reserves


def _going(
    scope: str, members: Sequence[Standing], quota: Quota, decisions: Decisions, counting: Won
) -> tuple[list[int], Tie | None]:
    """Return those of a scope who go on, and the tie across the cut that is still to decide."""
    if quota.method is Method.MANUAL:
        return [], None
    if quota.method is Method.THRESHOLD:
        return [s.entry for s in members if s.points >= quota.cut_score], None
    if quota.method is Method.PRIZE:
        return [s.entry for s in members if s.entry in counting], None
    clear, tie = _cut(scope, members, quota.top)
    if tie is None:
        return clear, None
    winners = _settled(tie, decisions)
    return (clear, tie) if winners is None else (clear + list(winners), None)


def _cut(scope: str, members: Sequence[Standing], top: int) -> tuple[list[int], Tie | None]:
    """Return those clearly above the cut, and the tie across it if there is one."""
    if len(members) <= top or top < 1 or members[top - 1].rank != members[top].rank:
        return [s.entry for s in members[: max(top, 0)]], None
    at_cut = members[top - 1].rank
    clear = [s.entry for s in members if s.rank < at_cut]
    level = tuple(s.entry for s in members if s.rank == at_cut)
    return clear, Tie(scope, at_cut, top - len(clear), level)


def _waiting(
    scope: str, left: Sequence[Standing], places: int, decisions: Decisions
) -> tuple[list[int], Tie | None]:
    """Return the reserves in order of precedence down to the first undecided tie, and that tie."""
    waiting: list[int] = []
    for at, group in groupby(left, key=lambda s: s.rank):
        level = tuple(s.entry for s in group)
        free = min(places - len(waiting), len(level))
        if free < 1:
            break
        tie = Tie(scope, at, free, level, for_reserves=True)
        ordered = level if len(level) == 1 else _settled(tie, decisions)
        if ordered is None:
            return waiting, tie
        waiting += ordered
    return waiting, None


def _settled(tie: Tie, decisions: Decisions) -> tuple[int, ...] | None:
    """Return who gets the places of a tie, None while that is open; a draw or points at the cut order reserves too."""
    decision = decisions.get(tie.key) or decisions.get((tie.scope, tie.rank))
    if decision is None:
        return None
    try:
        if tie.key not in decisions and decision.scores:
            here = {key: points for key, points in decision.scores.items() if key in tie.entries}
            return by_extra_questions(tie, here)
        return settle(tie, decision)
    except RuleBroken:  # those chosen at the cut are gone from among the reserves, so their names fit no more
        return None
