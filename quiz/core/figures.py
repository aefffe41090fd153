"""The figures of a contest as its papers print them: plain values from one reading, and what is counted from them.

Nothing here is stored: each count is made from the lists beside it, so a figure cannot differ from its list.
"""

from dataclasses import dataclass
from datetime import date

from quiz.core.awards import BoardAct
from quiz.core.judged_figures import JudgedFigures
from quiz.core.participation import Tally
from quiz.core.people import Position, Sex
from quiz.core.prizes import Kind
from quiz.core.promotion import WayOut
from quiz.core.ranking import Comparison


@dataclass(frozen=True, slots=True)
class Contestant:
    """Somebody entered for a round, where from, and whether they handed in a paper or performed.

    `waits`: got a paper to fill in by hand whose answers nobody has keyed yet, so who sat cannot be told.
    """

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
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a published ranking; `points` hundredths, `time_used` ms, `scope` within which the rank counts,
    `compared` what told it from those with equal points."""

    entry: int
    rank: int
    scope: str
    name: str
    cell: str
    unit: str
    points: int
    time_used: int | None
    compared: tuple[Comparison, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """The newest edition of a round; `replaces` is the number of the one before it and why, where it was corrected."""

    number: int
    is_final: bool
    check_code: str
    published_at: int
    max_points: int
    lines: tuple[Ranked, ...]
    replaces: tuple[int, str] | None = None


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
class MinutesGiven:
    """Minutes added to working time: when (ms UTC), for whom, why, how many papers; `incident` counts the incidents
    of the round from 1, None: no incident is their cause."""

    at: int
    to: str
    minutes: int
    reason: str
    papers: int
    incident: int | None = None


@dataclass(frozen=True, slots=True)
class TieSettled:
    """How the board settled a tie at the cut, or among those who stand ready behind it.

    `taken_back` is why it took the decision back, "" where it stands.
    """

    scope: str
    rank: int
    way: WayOut
    chosen: tuple[str, ...]
    seed: str
    reason: str
    for_reserves: bool = False
    taken_back: str = ""


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the board decided about a prize of the closed list: `number` withheld, or whom it names; and why."""

    act: BoardAct
    prize: str
    scope: str
    number: int
    names: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Somebody who goes on to the next round; `scope` is what the rank counts within.

    `in_place_of` names, where a reserve was called, who withdrew and why, and before that one whom each had replaced.

    `earned` are the edition, rank and points by which it was decided, where the newest edition has others.
    """

    name: str
    birth_date: date | None
    position: Position
    cell: str
    unit: str
    rank: int | None
    points: int | None
    to_round: str
    origin: str
    scope: str = ""
    in_place_of: tuple[tuple[str, str], ...] = ()
    earned: tuple[int, int, int] | None = None


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
    given: tuple[MinutesGiven, ...] = ()
    ties: tuple[TieSettled, ...] = ()
    ruled: tuple[Ruled, ...] = ()
    sent: tuple[Sent, ...] = ()
    withdrawn: tuple[
        tuple[str, str, str], ...
    ] = ()  # (name with cell, reason, who came in their place or "")
    appeals: tuple[int, int, int] = (
        0,
        0,
        0,
    )  # asked, of these answered: the marks stand, the marks were corrected
    declined: tuple[tuple[str, str], ...] = ()  # (name with cell, reason) of reserves, before any call
    on_paper: int = 0
    late: int = 0
    voided: int = 0  # papers two people struck out; they stand in no ranking
    performed: int = 0  # before judges
    has_prizes: bool = True  # whether the rules of its stage set any
    judged: JudgedFigures | None = None

    @property
    def took_part(self) -> int:
        """Return how many handed in a paper or performed."""
        return sum(one.took_part for one in self.contestants)

    @property
    def was_held(self) -> bool:
        """Tell whether anybody handed in a paper or performed."""
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
    """Everything the papers of one subject, a round or all rounds of a stage, are made of; ages count on `day`.

    `units` are counted at the level where cells enter, `entry_stage`, whichever level the subject is of.
    """

    contest: str
    stage: str
    subject: str
    day: date
    rounds: tuple[RoundFigures, ...]
    levels: tuple[LevelFigures, ...]
    units: tuple[UnitTally, ...]
    covers_cells: bool  # whether `units` are cells
    entry_stage: str = ""

    @property
    def contestants(self) -> list[Contestant]:
        """Return the contestants of every round."""
        return [one for found in self.rounds for one in found.contestants]

    @property
    def sat(self) -> list[Contestant]:
        """Return those who handed in a paper or performed."""
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
    def has_prizes(self) -> bool:
        """Tell whether the rules set prizes."""
        return any(found.has_prizes for found in self.rounds)

    @property
    def won(self) -> list[Won]:
        """Return the prizes of every round."""
        return [one for found in self.rounds for one in found.won]

    @property
    def sent(self) -> list[Sent]:
        """Return who goes on from every round."""
        return [one for found in self.rounds for one in found.sent]

    @property
    def declined(self) -> list[tuple[str, str]]:
        """Return the reserves of every round who declined before they were called, and why."""
        return [one for found in self.rounds for one in found.declined]

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
