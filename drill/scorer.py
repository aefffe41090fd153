"""The second opinion: points, ranks and promotions computed again from raw rows by the written rules.

Written apart from the product and importing nothing of it, so that the two would have to err alike. Where the
product sorts and groups, this counts: a rank is one more than the number of those who are stronger.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drill.stage_scorer import Worth, joined
from drill.stored import Attempt, Decision, Edition, Round, Stored

FEWER_IS_BETTER = {"time_used", "earlier_submission"}


@dataclass(frozen=True, slots=True)
class Mark:
    """What one attempt is worth: points by position (hundredths) and a number for each criterion of a tie."""

    attempt: Attempt
    points: tuple[int, ...]
    values: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return the points of the attempt."""
        return sum(self.points)


@dataclass(frozen=True, slots=True)
class Line:
    """Where an entry stands, and why."""

    entry: int
    scope: str
    rank: int
    mark: Worth
    explanation: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who goes on from a final edition, who waits in which order by scope, and the ties nobody has decided."""

    chosen: tuple[int, ...]
    reserves: Mapping[str, tuple[int, ...]]
    open_ties: tuple[tuple[str, int], ...]


# --- points ---------------------------------------------------------------------------------------------------


def points_of(right: frozenset[int], taken: frozenset[int], options: int, worth: int, partial: bool) -> int:
    """Return what one response earns: all for exactly the right options, else nothing or the partial share.

    With partial marks an item with several right options earns the share of them taken, less the share of the
    wrong ones taken, not below nothing, rounded down.
    """
    if taken == right and taken:
        return worth
    if not partial or len(right) == 1:
        return 0
    wrong = options - len(right)
    hits, misses = len(taken & right), len(taken - right)
    numerator, denominator = (
        (hits * wrong - misses * len(right), len(right) * wrong) if wrong else (hits, len(right))
    )
    return max(0, worth * numerator) // denominator


def mark_of(attempt: Attempt, choices: Mapping[int, frozenset[int]], stored: Stored) -> Mark:
    """Return the marks of a closed attempt from its stored choices."""
    scheme = _rules(stored, attempt.round)["scheme"]
    points: list[int] = []
    by_level: dict[str, int] = defaultdict(int)
    correct = 0
    for position, (version, order) in enumerate(attempt.paper):
        item = stored.versions[version]
        right = frozenset(place for place in range(len(order)) if order[place] in item.key)
        taken = choices.get(position, frozenset())
        earned = points_of(right, taken, len(order), scheme["points_per_item"], scheme["partial"])
        points.append(earned)
        by_level[item.level] += earned
        correct += earned == scheme["points_per_item"]
    ended = attempt.submitted_at or 0
    values = {
        "apply_points": by_level["apply"],
        "understand_points": by_level["understand"],
        "correct": correct,
        "time_used": max(0, min(ended, attempt.deadline) - attempt.started_at - lost_of(attempt, stored))
        // 1000,
        "earlier_submission": ended // 1000,
    }
    return Mark(attempt, tuple(points), values)


def lost_of(attempt: Attempt, stored: Stored) -> int:
    """Return the ms that do not count as used: minutes given back, of those up to any instant no more than had run."""
    given = [one for one in stored.given if one.attempt == attempt.id]
    whole = sum(one.after - one.before for one in given)
    by_then = [
        max(0, last.at - attempt.started_at)
        + sum(one.after - one.before for one in given if one.at > last.at)
        for last in given
    ]
    return min([whole, *by_then])


def marks_of(stored: Stored) -> dict[int, Mark]:
    """Return the marks of every closed attempt by its id."""
    choices: dict[int, dict[int, frozenset[int]]] = defaultdict(dict)
    for row in stored.responses:
        choices[row.attempt][row.position] = frozenset(int(place) for place in row.choice.split(",") if place)
    return {
        attempt.id: mark_of(attempt, choices[attempt.id], stored)
        for attempt in stored.attempts
        if attempt.submitted_at is not None
    }


def _rules(stored: Stored, round_id: int) -> dict[str, Any]:
    return stored.rules[stored.rounds[round_id].stage]


# --- ranks ----------------------------------------------------------------------------------------------------


def standings(contest_round: Round, marks: Mapping[int, Mark], stored: Stored) -> list[Line]:
    """Return the ranking of a round: every standing entry with a closed attempt and all parts signed, in its scope."""
    rules = stored.rules[contest_round.stage]
    criteria, kind = rules["tie_breaks"], rules["rank_within"]
    scopes: dict[str, dict[int, Worth]] = defaultdict(dict)
    for entry, worth in worths(contest_round, marks, stored).items():
        scopes[stored.entries[entry].scopes[kind]][entry] = worth
    return [
        Line(
            entry,
            scope,
            1 + _ahead(worth, fellows.values(), criteria),
            worth,
            _why(worth, fellows.values(), criteria),
        )
        for scope, fellows in scopes.items()
        for entry, worth in fellows.items()
    ]


def worths(contest_round: Round, marks: Mapping[int, Mark], stored: Stored) -> dict[int, Worth]:
    """Return what every standing entry of a round is worth: by its best attempt, joined with what judges gave."""
    rules = stored.rules[contest_round.stage]
    of_paper = [criterion for criterion in rules["tie_breaks"] if not criterion.startswith("part:")]
    best: dict[int, Mark] = {}
    for mark in marks.values():
        entry = stored.entries[mark.attempt.entry]
        if entry.round == contest_round.id and not entry.is_withdrawn:
            rival = best.get(entry.id)
            if rival is None or _keeps_better(mark, rival, of_paper):
                best[entry.id] = mark
    if rules.get("parts"):
        papers = {entry: (mark.attempt, mark.total, mark.values) for entry, mark in best.items()}
        return joined(contest_round.id, papers, stored)
    return {entry: Worth(mark.attempt, mark.total, mark.values) for entry, mark in best.items()}


def _keeps_better(mark: Mark, rival: Mark, criteria: Sequence[str]) -> bool:
    order = [*criteria, "earlier_submission"]
    return _is_stronger(mark, rival, order)


def _is_stronger(one: Mark | Worth, other: Mark | Worth, criteria: Sequence[str]) -> bool:
    """Tell whether `one` ranks above `other`: more points, else the first criterion in which they differ."""
    if one.total != other.total:
        return one.total > other.total
    for criterion in criteria:
        mine, theirs = one.values[criterion], other.values[criterion]
        if mine != theirs:
            return (mine < theirs) == (criterion in FEWER_IS_BETTER)
    return False


def _ahead(mark: Worth, fellows: Iterable[Worth], criteria: Sequence[str]) -> int:
    return sum(_is_stronger(other, mark, criteria) for other in fellows)


def _why(mark: Worth, fellows: Iterable[Worth], criteria: Sequence[str]) -> dict[str, Any]:
    """Return the numbers of the sentence that explains a rank; a criterion is named only while it is needed."""
    ahead = sum(other.total > mark.total for other in fellows)
    level = [other for other in fellows if other.total == mark.total]
    equal, steps = len(level) - 1, []
    for criterion in criteria:
        if len(level) == 1:
            break
        before = sum(_is_stronger(other, mark, [criterion]) for other in level)
        behind = sum(_is_stronger(mark, other, [criterion]) for other in level)
        steps.append([criterion, mark.values[criterion], before, behind])
        level = [other for other in level if other.values[criterion] == mark.values[criterion]]
    said: dict[str, Any] = {
        "ahead": ahead,
        "equal_points": equal,
        "decided_by": steps,
        "shared_with": len(level) - 1,
    }
    if mark.parts:
        said["parts"] = [list(part) for part in mark.parts]
    if mark.judged:
        said["judged"] = list(mark.judged)
    return said


# --- promotion ------------------------------------------------------------------------------------------------


def outcome_of(edition: Edition, lines: Sequence[Line], stored: Stored) -> Outcome:
    """Return who goes on from an edition under the quota and the board's decisions."""
    quota = _rules(stored, edition.round)["quota"]
    decisions = {(d.scope, d.rank): d for d in stored.decisions if d.edition == edition.id}
    scopes: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        entry = stored.entries[line.entry]
        if not entry.is_withdrawn:
            scopes[entry.scopes[quota["scope"]]].append(line)
    chosen: list[int] = []
    reserves: dict[str, tuple[int, ...]] = {}
    open_ties: list[tuple[str, int]] = []
    for scope in scopes:
        going, tie = _going(scope, scopes[scope], quota, decisions)
        chosen += going
        open_ties += tie
        left = [line for line in scopes[scope] if line.entry not in going]
        reserves[scope] = _waiting(scope, left, 0 if tie else quota["reserves"], decisions)
    return Outcome(tuple(chosen), reserves, tuple(open_ties))


def _going(
    scope: str, lines: Sequence[Line], quota: Mapping[str, Any], decisions: Mapping[tuple[str, int], Decision]
) -> tuple[list[int], list[tuple[str, int]]]:
    if quota["method"] == "manual":
        return [], []
    if quota["method"] == "threshold":
        return [line.entry for line in lines if line.mark.total >= quota["cut_score"]], []
    going: list[int] = []
    for rank in sorted({line.rank for line in lines}):
        level = [line.entry for line in lines if line.rank == rank]
        free = quota["top"] - len(going)
        if free <= 0:
            break
        if len(level) > free:
            decision = decisions.get((scope, rank))
            settled = settle(level, free, decision) if decision else None
            return (going, [(scope, rank)]) if settled is None else (going + settled, [])
        going += level
    return going, []


def _waiting(
    scope: str, lines: Sequence[Line], places: int, decisions: Mapping[tuple[str, int], Decision]
) -> tuple[int, ...]:
    """Return the reserves in order; equals wait for a decision, but a draw at the cut has ordered them already."""
    waiting: list[int] = []
    for rank in sorted({line.rank for line in lines}):
        level = [line.entry for line in lines if line.rank == rank]
        free = min(places - len(waiting), len(level))
        if free <= 0:
            break
        if len(level) > 1:
            decision = decisions.get((f"reserves:{scope}", rank))
            if decision is None and decisions.get((scope, rank), _NONE).way == "draw":
                decision = decisions[scope, rank]
            settled = settle(level, free, decision) if decision and decision.way != "all_go" else None
            if settled is None:
                break
            level = settled
        waiting += level
    return tuple(waiting)


_NONE = Decision(0, "", 0, "", (), "")


def settle(level: Sequence[int], places: int, decision: Decision) -> list[int] | None:
    """Return who gets the places among equals, None when the decision does not fit them.

    A draw orders the entries by the SHA-256 of "seed:entry", written in hexadecimal.
    """
    if decision.way == "all_go":
        return list(level)
    if decision.way == "draw":
        lots = {entry: hashlib.sha256(f"{decision.seed}:{entry}".encode()).hexdigest() for entry in level}
        return sorted(level, key=lambda entry: lots[entry])[:places]
    fits = len(decision.chosen) == places and set(decision.chosen) <= set(level)
    return list(decision.chosen) if fits and len(set(decision.chosen)) == places else None
