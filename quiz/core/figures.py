"""The figures of a contest as its papers print them: plain values from one reading, and what is counted from them.

Nothing here is stored: each count is made from the lists beside it, so a figure cannot differ from its list.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from quiz.core.names import nfc, search_key
from quiz.core.participation import Tally
from quiz.core.people import Position, Sex
from quiz.core.prizes import Kind
from quiz.core.promotion import WayOut

MAJORITY = "kinh"  # whoever belongs to another people is counted as ethnic minority


@dataclass(frozen=True, slots=True)
class Contestant:
    """Somebody entered for a round, where from, and whether a paper of theirs was handed in."""

    entry: int
    name: str
    birth_date: date | None
    sex: Sex | None
    ethnicity: str
    position: Position
    is_village_head: bool
    cell: str
    unit: str
    cluster: str
    group: str
    took_part: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a published ranking; `points` hundredths, `time_used` ms, `scope` within which the rank counts."""

    entry: int
    rank: int
    scope: str
    name: str
    cell: str
    unit: str
    points: int
    time_used: int | None


@dataclass(frozen=True, slots=True)
class Published:
    """The newest edition of a round."""

    number: int
    is_final: bool
    check_code: str
    published_at: int
    max_points: int
    lines: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class Won:
    """A prize somebody won, or a unit (`cell` empty); `rank` and `points` where they have one."""

    prize: str
    kind: Kind
    scope: str
    entry: int | None
    name: str
    cell: str
    unit: str
    rank: int | None
    points: int | None


@dataclass(frozen=True, slots=True)
class Happened:
    """An incident of the day: when (ms UTC), where, what, what was done, minutes given for it."""

    at: int
    place: str
    what: str
    done: tuple[str, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class TieSettled:
    """How the board settled a tie at the cut."""

    scope: str
    rank: int
    way: WayOut
    chosen: tuple[str, ...]
    seed: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Somebody who goes on to the next round."""

    name: str
    birth_date: date | None
    position: Position
    cell: str
    unit: str
    rank: int | None
    points: int | None
    to_round: str
    origin: str


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """One round: when, who, what came of it."""

    round: int
    name: str
    unit: str
    opens_at: int | None
    ends_at: int | None
    contestants: tuple[Contestant, ...]
    published: Published | None = None
    won: tuple[Won, ...] = ()
    happened: tuple[Happened, ...] = ()
    ties: tuple[TieSettled, ...] = ()
    sent: tuple[Sent, ...] = ()
    on_paper: int = 0
    late: int = 0

    @property
    def took_part(self) -> int:
        """Return how many handed in a paper."""
        return sum(one.took_part for one in self.contestants)

    @property
    def was_held(self) -> bool:
        """Tell whether anybody handed in a paper."""
        return self.took_part > 0


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """One level of the contest within the subject: how many rounds of it were held, who was entered and sat."""

    name: str
    rounds: int
    held: int
    entered: int
    took_part: int


@dataclass(frozen=True, slots=True)
class UnitTally:
    """The cells of one unit, or one cell: how many send somebody, and why the others do not."""

    name: str
    tally: Tally
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the papers of one subject, a round or all rounds of a stage, are made of; ages count on `day`."""

    contest: str
    stage: str
    subject: str
    day: date
    rounds: tuple[RoundFigures, ...]
    levels: tuple[LevelFigures, ...]
    units: tuple[UnitTally, ...]
    covers_cells: bool  # whether `units` are cells

    @property
    def contestants(self) -> list[Contestant]:
        """Return the contestants of every round."""
        return [one for found in self.rounds for one in found.contestants]

    @property
    def sat(self) -> list[Contestant]:
        """Return those who handed in a paper."""
        return [one for one in self.contestants if one.took_part]

    @property
    def held(self) -> int:
        """Return how many of the rounds were held."""
        return sum(found.was_held for found in self.rounds)

    @property
    def tally(self) -> Tally:
        """Return the cells of the whole subject."""
        return sum((unit.tally for unit in self.units), Tally())

    @property
    def won(self) -> list[Won]:
        """Return the prizes of every round."""
        return [one for found in self.rounds for one in found.won]

    @property
    def sent(self) -> list[Sent]:
        """Return who goes on from every round."""
        return [one for found in self.rounds for one in found.sent]

    @property
    def published(self) -> list[Published]:
        """Return the newest edition of each round that has one."""
        return [found.published for found in self.rounds if found.published is not None]


@dataclass(frozen=True, slots=True)
class KeyedPaper:
    """A printed paper and the letters that are right on it, question by question.

    "A,C": both must be ticked; "A/B": either is right; "*": right for everybody; "–": struck out.
    """

    code: str
    name: str
    cell: str
    answers: tuple[str, ...]


# --- counting people ----------------------------------------------------------------------------------------------


def is_minority(one: Contestant) -> bool:
    """Tell whether somebody's people is written down and is not the majority."""
    return bool(one.ethnicity.strip()) and search_key(one.ethnicity) != MAJORITY


@dataclass(frozen=True, slots=True)
class People:
    """Counts over some contestants; `unknown_…` have nothing written down, so that nobody is guessed."""

    total: int
    women: int
    unknown_sex: int
    minority: int
    unknown_ethnicity: int
    secretaries: int
    deputies: int
    village_heads: int

    @property
    def others(self) -> int:
        """Return how many are neither secretary nor deputy."""
        return self.total - self.secretaries - self.deputies


def people_of(contestants: Iterable[Contestant]) -> People:
    """Return the counts over these contestants."""
    people = list(contestants)

    def count(fits: Callable[[Contestant], bool]) -> int:
        return sum(map(fits, people))

    return People(
        total=len(people),
        women=count(lambda one: one.sex is Sex.FEMALE),
        unknown_sex=count(lambda one: one.sex is None),
        minority=count(is_minority),
        unknown_ethnicity=count(lambda one: not one.ethnicity.strip()),
        secretaries=count(lambda one: one.position is Position.SECRETARY),
        deputies=count(lambda one: one.position is Position.DEPUTY_SECRETARY),
        village_heads=count(lambda one: one.is_village_head),
    )


def peoples(contestants: Iterable[Contestant]) -> list[tuple[str, int]]:
    """Return how many belong to each people, the most numerous first; who has none written down is left out."""
    counts = Counter(nfc(one.ethnicity) for one in contestants if one.ethnicity.strip())
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def age_on(born: date, day: date) -> int:
    """Return somebody's age in whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def oldest(contestants: Iterable[Contestant]) -> list[Contestant]:
    """Return the oldest, several when born on the same day; nobody without a date of birth."""
    return _born(contestants, min)


def youngest(contestants: Iterable[Contestant]) -> list[Contestant]:
    """Return the youngest, several when born on the same day."""
    return _born(contestants, max)


def _born(contestants: Iterable[Contestant], pick: Callable[[list[date]], date]) -> list[Contestant]:
    known = [one for one in contestants if one.birth_date is not None]
    days = [one.birth_date for one in known if one.birth_date is not None]
    return [one for one in known if one.birth_date == pick(days)] if days else []


AGE_BANDS = ((0, 30), (31, 40), (41, 50), (51, 60), (61, 200))


def age_bands(contestants: Iterable[Contestant], day: date) -> list[tuple[int, int, int]]:
    """Return (from, to, how many) of each band of ages in whole years; who has no date of birth is in none."""
    ages = [age_on(one.birth_date, day) for one in contestants if one.birth_date is not None]
    return [(low, high, sum(low <= age <= high for age in ages)) for low, high in AGE_BANDS]


def prizes_by_name(won: Iterable[Won]) -> list[tuple[Kind, str, int]]:
    """Return (kind, prize, how many) in the order in which the prizes come."""
    counts: dict[tuple[Kind, str], int] = {}
    for one in won:
        counts[one.kind, one.prize] = counts.get((one.kind, one.prize), 0) + 1
    return [(kind, prize, count) for (kind, prize), count in counts.items()]
