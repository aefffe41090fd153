"""The second opinion on the stage: what sheets earn, what speaking too long costs, how parts make one total.

Written apart from the product and importing nothing of it. Where the product keeps hundredths and rounds by steps,
this counts in points as exact fractions and rounds their decimal digits.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

from drill.staged import Performance, Sheet
from drill.stored import Attempt, Stored

JUDGED = "judged"
PLAIN_JUDGES = 3  # who judge a part that says nothing of it
Rules = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Earned:
    """What a part earns, hundredths, or None while something is missing, and why.

    What was taken off, the seats that count, and their sum or what the head judge or a third marking decided instead.
    """

    points: int | None
    deducted: int = 0
    counted: tuple[int, ...] = ()
    sum: int = 0
    by_head: bool = False
    by_third: bool = False


@dataclass(frozen=True, slots=True)
class Worth:
    """What an entry is worth: `total` hundredths of 100 points, a number for each criterion, and its parts in order."""

    attempt: Attempt | None
    total: int
    values: Mapping[str, int]
    parts: tuple[tuple[str, int, int, int], ...] = ()  # name, points, most points, weight
    judged: tuple[dict[str, Any], ...] = ()  # how each judged part came to its points, as an edition keeps it


# --- one part -------------------------------------------------------------------------------------------------


def earned(part: Rules, performance: Performance, sheets: Sequence[Sheet]) -> Earned:
    """Return what a performance earns in its part by the sheets handed in; somebody absent earns nothing."""
    if performance.absent:
        return Earned(0)
    judging: Rules = part.get("judging") or {}
    given = {one.seat: Fraction(one.points, 100) for one in sheets if one.submitted_at is not None}
    seats = judging.get("judges", PLAIN_JUDGES)
    panel = {seat: points for seat, points in given.items() if seat <= seats}
    if not panel or (len(panel) < seats and judging.get("missing", "wait") == "wait"):
        return Earned(None)
    less = taken_off(judging.get("over_time") or {}, part.get("minutes", 0), _seconds(performance))
    gap, limit = max(panel.values()) - min(panel.values()), Fraction(judging.get("gap", 0), 100)
    instead = judging.get("on_gap", "notice") if limit and gap >= limit else "notice"
    if instead == "head":
        return _by_head(judging, performance, less)
    if instead == "third":
        third = {seat: points for seat, points in given.items() if seat == seats + 1}
        return replace(_averaged(judging, third, less), by_third=True) if third else Earned(None)
    return _averaged(judging, panel, less)


def _by_head(judging: Rules, performance: Performance, less: Fraction) -> Earned:
    if performance.decided is None:
        return Earned(None)
    rest = max(Fraction(), Fraction(performance.decided, 100) - less)
    return Earned(
        half_up(rest, judging.get("decimals", 2)), int(less * 100), (), performance.decided, by_head=True
    )


def _averaged(judging: Rules, panel: Mapping[int, Fraction], less: Fraction) -> Earned:
    drops = judging.get("averaging", "mean") == "drop_extremes"
    counted = dict(panel)
    if drops and len(panel) >= max(3, judging.get("drop_from", 3)):
        # Of equal extremes the first seat's goes: no mean depends on it, only which seat is named.
        for sign in (1, -1):
            del counted[min(counted, key=lambda seat: (sign * counted[seat], seat))]
    whole = sum(counted.values(), Fraction())
    mean = whole / len(counted)
    rest = mean - less if mean > less else Fraction()
    points = half_up(rest, judging.get("decimals", 2))
    return Earned(points, int(less * 100), tuple(sorted(counted)), int(whole * 100))


def _seconds(performance: Performance) -> int | None:
    """Return the whole seconds on the clock, None when it never ran."""
    return None if performance.started_at is None else performance.used // 1000


def taken_off(rule: Rules, minutes: int, seconds: int | None) -> Fraction:
    """Return the points a rule takes off somebody who used so many seconds of so many minutes (0: no limit)."""
    over = seconds - 60 * minutes if minutes and seconds is not None else 0
    if over <= 0:
        return Fraction()
    if rule.get("rule") == "steps":
        cost = 0
        for after, points in sorted(map(tuple, rule["steps"])):
            cost = points if over >= after else cost
        return Fraction(cost, 100)
    if rule.get("rule") == "per_minute":
        return Fraction(rule["per_minute"] * (over // 60), 100)
    return Fraction()


def half_up(points: Fraction, decimals: int) -> int:
    """Return points rounded half up to so many decimals, in hundredths."""
    with localcontext() as context:
        context.prec = 60
        # Half up looks at one digit; a long tail of a fraction only matters where it is exact, and it is then short.
        exact = Decimal(points.numerator) / Decimal(points.denominator)
        return int(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) * 100)


# --- all parts together ---------------------------------------------------------------------------------------


def judged_parts(rules: Rules) -> list[Rules]:
    """Return the parts of a stage that judges mark."""
    return [part for part in rules.get("parts", ()) if part["kind"] == JUDGED]


def has_paper(rules: Rules) -> bool:
    """Tell whether contestants of a stage sit a paper."""
    return not rules.get("parts") or len(judged_parts(rules)) < len(rules["parts"])


def earned_in(round_id: int, stored: Stored) -> dict[tuple[int, str], Earned]:
    """Return what every performance of a round earns, by entry and part."""
    rules = {part["name"]: part for part in judged_parts(stored.rules[stored.rounds[round_id].stage])}
    sheets = _sheets(stored)
    return {
        (one.entry, one.part): earned(rules[one.part], one, sheets[one.id])
        for one in stored.staged.performances.values()
        if one.round == round_id and one.part in rules
    }


def _sheets(stored: Stored) -> dict[int, list[Sheet]]:
    """Return the sheets handed in for each performance, seat by seat."""
    found: dict[int, list[Sheet]] = defaultdict(list)
    for sheet in sorted(stored.staged.sheets, key=lambda one: one.seat):
        if sheet.submitted_at is not None:
            found[sheet.performance].append(sheet)
    return found


def evidence(performance: Performance, sheets: Sequence[Sheet], found: Earned) -> dict[str, Any]:
    """Return what an edition must keep of how a performance came to its points."""
    absent = bool(performance.absent)
    return {
        "part": performance.part,
        "marks": [] if absent else [[sheet.seat, sheet.points] for sheet in sheets],
        "counted": list(found.counted),
        "sum": found.sum,
        "deducted": found.deducted,
        "used": performance.used if performance.started_at is not None else None,
        "by_head": found.by_head,
        "absent": absent,
        "by_third": found.by_third,
    }


def joined(
    round_id: int, papers: Mapping[int, tuple[Attempt, int, Mapping[str, int]]], stored: Stored
) -> dict[int, Worth]:
    """Return the worth of every standing entry of a round that has points in each part.

    `papers` are attempt, points and values by entry where contestants sit a paper.
    """
    rules = stored.rules[stored.rounds[round_id].stage]
    by_judges = earned_in(round_id, stored)
    here = [one for one in stored.staged.performances.values() if one.round == round_id]
    signed = {(one.entry, one.part) for one in here if one.signed_at is not None}
    sheets, found, told = _sheets(stored), {}, defaultdict(list)
    for one in sorted(here, key=lambda one: (one.drawn, one.id)):
        told[one.entry].append(evidence(one, sheets[one.id], by_judges[one.entry, one.part]))
    for entry in stored.entries.values():
        if entry.round != round_id or entry.is_withdrawn:
            continue
        attempt, paper, values = papers.get(entry.id, (None, None, {}))
        points = [
            (by_judges[entry.id, part["name"]].points if (entry.id, part["name"]) in signed else None)
            if part["kind"] == JUDGED
            else paper
            for part in rules["parts"]
        ]
        if None not in points:
            worth = _worth(attempt, rules, [p for p in points if p is not None], values)
            found[entry.id] = replace(worth, judged=tuple(told[entry.id]))
    return found


def _worth(attempt: Attempt | None, rules: Rules, points: Iterable[int], values: Mapping[str, int]) -> Worth:
    of_paper = sum(line["count"] for line in rules["blueprint"]) * rules["scheme"]["points_per_item"]
    parts = tuple(
        (part["name"], got, part["max_points"] or of_paper, part["weight"])
        for part, got in zip(rules["parts"], points, strict=True)
    )
    total = sum((Fraction(got, most) * weight for _, got, most, weight in parts), Fraction())
    named = {f"part:{name}": got for name, got, _, _ in parts}
    return Worth(attempt, half_up(total, 2), {**values, **named}, parts)


# --- the running order ----------------------------------------------------------------------------------------


def order_faults(stored: Stored) -> Iterator[str]:
    """Yield rounds whose running order is not the one their seed gives, and turns that differ from part to part."""
    for draw in stored.staged.draws.values():
        late = {one.entry for one in stored.staged.successors if one.at > draw.at}
        turns: dict[int, set[tuple[int, int, int]]] = defaultdict(set)
        for one in stored.staged.performances.values():
            if one.round == draw.round and one.entry not in late:
                turns[one.entry].add((one.drawn, one.session, one.place))
        if any(len(each) > 1 for each in turns.values()):
            yield f"round {draw.round}: somebody has other turns from part to part"
        expected = _order(turns, draw.seed, stored)
        if sorted(turns, key=lambda entry: min(turns[entry])) != expected:
            yield f"round {draw.round}: the running order is not that of the seed “{draw.seed}”"
        places = sorted((session, place) for each in turns.values() for _, session, place in each)
        if places != _places(len(turns), draw.sessions):
            yield f"round {draw.round}: its sessions have {places}"


def _order(entries: Iterable[int], seed: str, stored: Stored) -> list[int]:
    def lot(entry: int) -> tuple[str, str]:
        group = stored.entries[entry].scopes["group"]
        return group, hashlib.sha256(f"{seed}:{group}:{entry}".encode()).hexdigest()

    return sorted(entries, key=lot)


def _places(people: int, sessions: int) -> list[tuple[int, int]]:
    found = []
    for session in range(sessions):
        size = len(range(session, people, sessions))
        found += [(session + 1, place + 1) for place in range(size)]
    return found
