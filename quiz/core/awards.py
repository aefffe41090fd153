"""Who wins what: the prize table laid over a ranking, with ties at a line named and every place accounted for.

Main prizes go down the ranks of each scope; nobody gets two of them. What the board decides (withheld, given by
hand, a tie settled, somebody passed over) is an argument, so the outcome can always be worked out again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from typing import Any

from quiz.core.errors import N_, RuleBroken
from quiz.core.merits import Contestant, UnitFigures, points_compared, special_strengths, unit_figures
from quiz.core.prizes import AtLine, CollectivePrize, Kind, Measure, Merit, Prize, PrizeTable, SpecialPrize


class How(StrEnum):
    """How somebody came by a prize."""

    RULE = "rule"  # by the table alone
    SHARED = "shared"  # equal with others across the line, all of whom got it
    DECIDED = "decided"  # the board settled a tie
    BY_HAND = "by_hand"  # the board gave it: beside the table's places, or where the table names nobody


class BoardAct(StrEnum):
    """What the board may decide about prizes."""

    WITHHOLD = "withhold"
    SETTLE = "settle"
    GIVE = "give"
    PASS_OVER = "pass_over"  # noqa: S105 an act, no secret


@dataclass(frozen=True, slots=True)
class BoardSays:
    """What the board has decided.

    By (prize, scope) how many are withheld and who of a tie gets it; by prize who gets it by hand; and the entries
    no prize goes to. Special and collective prizes have the scope "".
    """

    withheld: Mapping[tuple[str, str], int] = field(default_factory=dict)
    settled: Mapping[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    given: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    passed_over: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PrizeTie:
    """Equals across the line of a prize of which only `places` are left."""

    prize: str
    scope: str
    places: int
    among: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Winner:
    """An entry, or a unit for a collective prize, and how it won.

    `figure` is what was compared, as numerator and denominator (0: the numerator alone), where that is shown.
    """

    key: int
    how: How
    figure: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One prize in one scope with every place accounted for.

    `places` + `extra` = winners by the table + `absorbed` (given to sharers of a higher prize) + `withheld` by the
    board + `unfilled` (nobody fit for it) + `undecided` (a tie stands open here or above).
    """

    kind: Kind
    prize: str
    scope: str
    places: int
    winners: tuple[Winner, ...] = ()
    extra: int = 0
    absorbed: int = 0
    withheld: int = 0
    unfilled: int = 0
    undecided: int = 0
    tie: PrizeTie | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Every prize of a table in every scope, in the order of the table."""

    lines: tuple[Line, ...] = ()

    @property
    def ties(self) -> list[PrizeTie]:
        """Return the ties still to settle."""
        return [line.tie for line in self.lines if line.tie is not None]

    def winners(self, *kinds: Kind) -> list[tuple[Line, Winner]]:
        """Return who won something of these kinds, line by line."""
        return [(line, winner) for line in self.lines if line.kind in kinds for winner in line.winners]


Level = tuple[int, ...]  # keys that nothing tells apart


def awarded(
    table: PrizeTable,
    contestants: Iterable[Contestant],
    units: Iterable[UnitFigures] = (),
    board: BoardSays | None = None,
) -> Outcome:
    """Return who wins what; in which order contestants and units are given changes nothing.

    Those who are equal stand in the order of the ranking.
    """
    says = board or BoardSays()
    fit = (one for one in contestants if one.entry not in says.passed_over)
    people = sorted(fit, key=lambda one: (one.position, one.entry))
    scopes: dict[str, list[Contestant]] = defaultdict(list)
    for one in people:
        scopes[one.scope].append(one)
    by_scope = [_main(table, scope, scopes[scope], says) for scope in sorted(scopes)]
    main = [line for lines in zip(*by_scope, strict=True) for line in lines]
    special = [_special(prize, people, table, says) for prize in table.special]
    known = sorted(units, key=lambda one: one.unit)
    collective = [_collective(prize, known, people, main, table, says) for prize in table.collective]
    return Outcome((*main, *special, *collective))


def _main(table: PrizeTable, scope: str, people: list[Contestant], says: BoardSays) -> list[Line]:
    """Return the lines of one scope from the highest prize down; what sharers took comes off the next.

    A prize for everybody left has no number that could be less: they all get it.
    """
    by_hand = {key for prize in table.prizes for key in says.given.get(prize.name, ())}
    places = _places(people)
    left = [one for one in people if one.entry not in by_hand]
    lines: list[Line] = []
    debt, stopped = 0, False
    for prize in table.prizes:
        fit = {one.entry: -one.rank for one in left if _is_fit(prize, one, places)}
        line = Line(Kind.MAIN, prize.name, scope, len(fit) if prize.count is None else prize.count)
        line = _reduced(line, says, 0 if prize.count is None else debt)
        line = _filled(line, _levels(fit), table.at_line, says) if not stopped else _waiting(line)
        line = _with_given(line, people, says)
        debt = debt - line.absorbed + line.extra
        stopped = stopped or line.tie is not None
        won = {winner.key for winner in line.winners}
        left = [one for one in left if one.entry not in won]
        lines.append(line)
    return lines


def _places(people: Sequence[Contestant]) -> dict[int, int]:
    """Return each entry's place within these people: 1 + how many of them rank higher."""
    by_rank: dict[int, list[int]] = defaultdict(list)
    for one in people:
        by_rank[one.rank].append(one.entry)
    places: dict[int, int] = {}
    ahead = 0
    for rank in sorted(by_rank):
        places |= dict.fromkeys(by_rank[rank], ahead + 1)
        ahead += len(by_rank[rank])
    return places


def _is_fit(prize: Prize, one: Contestant, places: Mapping[int, int]) -> bool:
    low_enough = prize.last_rank is None or places[one.entry] <= prize.last_rank
    return low_enough and one.points >= prize.min_points


# --- one line -----------------------------------------------------------------------------------------------------


def _reduced(line: Line, says: BoardSays, debt: int = 0) -> Line:
    """Take off what sharers of a higher prize took and what the board withholds."""
    absorbed = min(debt, line.places)
    withheld = min(says.withheld.get((line.prize, line.scope), 0), line.places - absorbed)
    return replace(line, absorbed=absorbed, withheld=withheld)


def _free(line: Line) -> int:
    return line.places - line.absorbed - line.withheld


def _waiting(line: Line) -> Line:
    return replace(line, undecided=_free(line))


def _filled(line: Line, levels: Sequence[Level], at_line: AtLine, says: BoardSays) -> Line:
    """Give the free places of a line to the levels, best first; a tie the board must settle leaves places open."""
    won: list[Winner] = []
    for level in levels:
        free = _free(line) - len(won)
        if free < 1:
            break
        winners = _of_level(level, free, at_line, says.settled.get((line.prize, line.scope)))
        if winners is None:
            tie = PrizeTie(line.prize, line.scope, free, level)
            return replace(line, winners=tuple(won), undecided=free, tie=tie)
        won += winners
    over = len(won) - _free(line)
    return replace(line, winners=tuple(won), extra=max(0, over), unfilled=max(0, -over))


def _of_level(
    level: Level, free: int, at_line: AtLine, settled: tuple[int, ...] | None
) -> list[Winner] | None:
    """Return who of a level gets a prize of which `free` are left; None when the board must say."""
    if len(level) <= free:
        return [Winner(key, How.RULE) for key in level]
    if at_line is AtLine.SHARE:
        return [Winner(key, How.SHARED) for key in level]
    if settled is not None and _fits(level, free, settled):
        return [Winner(key, How.DECIDED) for key in level if key in settled]
    return None


def _fits(level: Level, places: int, chosen: tuple[int, ...]) -> bool:
    return len(chosen) >= places and len(set(chosen)) == len(chosen) and set(chosen) <= set(level)


def check_settled(tie: PrizeTie, chosen: tuple[int, ...]) -> None:
    """Raise RuleBroken unless `chosen` are among the equals and at least as many as there are places."""
    if not _fits(tie.among, tie.places, chosen):
        message = N_(
            "Hãy chọn ít nhất %(places)d trong số những người bằng nhau; chọn cả thì cùng nhận giải."
        )
        raise RuleBroken(message, places=tie.places)


def _given(line: Line, known: Iterable[int], says: BoardSays) -> tuple[Winner, ...]:
    keys = set(known)
    return tuple(Winner(key, How.BY_HAND) for key in says.given.get(line.prize, ()) if key in keys)


def _with_given(line: Line, people: Iterable[Contestant], says: BoardSays) -> Line:
    """Add those of `people` who get the prize by hand, beside its places."""
    return replace(line, winners=line.winners + _given(line, (one.entry for one in people), says))


def _named(line: Line, given: tuple[Winner, ...]) -> Line:
    """Return the line of a prize whose winners the board names: they fill its places."""
    over = len(given) - _free(line)
    return replace(line, winners=given, extra=max(0, over), unfilled=max(0, -over))


def _levels(strengths: Mapping[int, Any]) -> list[Level]:
    """Return the keys by strength, the greatest first, those of equal strength together and in the order given."""
    ordered = sorted(strengths, key=lambda key: strengths[key], reverse=True)
    return [tuple(level) for _, level in groupby(ordered, key=lambda key: strengths[key])]


# --- special and collective prizes --------------------------------------------------------------------------------


def _special(prize: SpecialPrize, people: Sequence[Contestant], table: PrizeTable, says: BoardSays) -> Line:
    by_hand = set(says.given.get(prize.name, ()))
    fit = {key: value for key, value in special_strengths(prize, people).items() if key not in by_hand}
    places = len(fit) if prize.merit is Merit.EVERYONE else prize.count
    line = _reduced(Line(Kind.SPECIAL, prize.name, "", places), says)
    if prize.merit is Merit.BY_HAND:
        return _named(line, _given(line, (one.entry for one in people), says))
    filled = _with_given(_filled(line, _levels(fit), table.at_line, says), people, says)
    shown = {entry: (points, 0) for entry, points in points_compared(prize, people).items()}
    return replace(filled, winners=tuple(replace(one, figure=shown.get(one.key)) for one in filled.winners))


def _collective(
    prize: CollectivePrize, units: Sequence[UnitFigures], people: Sequence[Contestant], main: Sequence[Line],
    table: PrizeTable, says: BoardSays,
) -> Line:  # fmt: skip
    line = _reduced(Line(Kind.COLLECTIVE, prize.name, "", prize.count), says)
    given = _given(line, (one.unit for one in units), says)
    if prize.measure is Measure.BY_HAND:
        return _named(line, given)
    figures = unit_figures(prize, units, people, _won(people, main, table))
    by_hand = {winner.key for winner in given}
    levels = _levels({key: figure.strength for key, figure in figures.items() if key not in by_hand})
    waits = prize.measure is Measure.WINNERS and any(one.undecided for one in main)
    line = _waiting(line) if waits else _filled(line, levels, table.at_line, says)
    shown = {key: (figure.over, figure.under) for key, figure in figures.items()}
    winners = (replace(winner, figure=shown.get(winner.key)) for winner in (*line.winners, *given))
    return replace(line, winners=tuple(winners))


def _won(people: Sequence[Contestant], main: Sequence[Line], table: PrizeTable) -> dict[int, list[int]]:
    """Return how many of each main prize the contestants of each unit won, the highest prize first."""
    unit_of = {one.entry: one.unit for one in people}
    order = {prize.name: index for index, prize in enumerate(table.prizes)}
    won: dict[int, list[int]] = defaultdict(lambda: [0] * len(order))
    for line in main:
        for winner in line.winners:
            unit = unit_of[winner.key]
            if unit is not None:
                won[unit][order[line.prize]] += 1
    return won


def exceeds(table: PrizeTable, contestants: int, won: int) -> bool:
    """Tell whether `won` prizes are more than the share of the contestants that the table allows."""
    return bool(table.most_percent) and won * 100 > contestants * table.most_percent
