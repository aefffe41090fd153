"""The judged parts of a round as their papers print them: plain values from one reading, and what is counted from them.

All points are hundredths, all spans and instants ms.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from quiz.core.joining import Share
from quiz.core.judging import Judging, PartPoints
from quiz.core.over_time import seconds_over
from quiz.core.parts import Part
from quiz.core.ranking import Comparison


@dataclass(frozen=True, slots=True)
class Judge:
    """A judge on a panel; seats count from 1, one past the last is that of a third marking."""

    seat: int
    name: str
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Amended:
    """A change of a sheet after it was handed in: both sets of marks, why, when and by whom."""

    before: Mapping[str, int]
    after: Mapping[str, int]
    reason: str
    at: int
    by: str

    @property
    def changes(self) -> list[tuple[str, int, int]]:
        """Return (criterion, points before, points after) of what changed."""
        names = [name for name in self.after if self.before.get(name, 0) != self.after[name]]
        return [(name, self.before.get(name, 0), self.after[name]) for name in names]


@dataclass(frozen=True, slots=True)
class Marked:
    """A score sheet that was handed in; `keyed`: from paper, by two people."""

    seat: int
    judge: str
    marks: Mapping[str, int]
    note: str
    handed_in_at: int
    keyed: bool = False
    amended: tuple[Amended, ...] = ()

    @property
    def total(self) -> int:
        """Return the points of all criteria together."""
        return sum(self.marks.values())


@dataclass(frozen=True, slots=True)
class Performed:
    """One contestant in one part: whose turn, who judges, what the clock said, the sheets and what they came to.

    `used` is None where no clock was started, `absent` the reason of who did not come.
    """

    entry: int
    name: str
    cell: str
    unit: str
    group: str
    session: int
    place: int
    drawn: int
    panel: tuple[Judge, ...]
    used: int | None
    absent: str
    sheets: tuple[Marked, ...]
    points: PartPoints
    decided_reason: str = ""
    checked_at: int | None = None
    checked_by: str = ""
    signed_at: int | None = None
    signed_by: str = ""

    @property
    def is_checked(self) -> bool:
        """Tell whether the secretary has compared the sheets: only then are they printed."""
        return self.checked_at is not None

    def sheet(self, seat: int) -> Marked | None:
        """Return the sheet of a seat."""
        return next((one for one in self.sheets if one.seat == seat), None)

    @property
    def has_performed(self) -> bool:
        """Tell whether they stood before the judges, by a clock or in a part that nobody times."""
        return not self.absent and (self.used is not None or bool(self.sheets))

    @property
    def mean(self) -> Fraction | None:
        """Return the exact mean of the sheets that count, None where no mean was taken."""
        points = self.points
        return Fraction(points.sum, len(points.counted)) if points.counted else None


@dataclass(frozen=True, slots=True)
class JudgedPart:
    """One judged part with everybody's performance in running order."""

    part: Part
    performed: tuple[Performed, ...]

    @property
    def judging(self) -> Judging:
        """Return how it is judged."""
        return self.part.judged_by

    @property
    def panels(self) -> dict[str, tuple[Judge, ...]]:
        """Return the panels of the part by group, "" where one judges all."""
        found = {one.group: one.panel for one in self.performed}
        return found if len(set(found.values())) > 1 else {"": next(iter(found.values()), ())}

    @property
    def seats(self) -> list[int]:
        """Return the numbers of the seats whose marks are listed: those of the rules, and a third marker's."""
        extra = {sheet.seat for one in self.performed for sheet in one.sheets}
        return sorted(set(range(1, self.judging.judges + 1)) | extra)

    def over(self, performed: Performed) -> int:
        """Return the whole seconds by which a performance went over the limit."""
        return seconds_over(performed.used, self.part.minutes)


@dataclass(frozen=True, slots=True)
class OrderDrawn:
    """The public draw of the running order; `numbers` are those it called the entries by, none where it was repeated
    on another machine that does not know them."""

    seed: str
    sessions: int
    at: int
    by: str
    numbers: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Noted:
    """Something put right on the day and recorded with its reason; `before` and `after` are ms on the clock."""

    action: str
    at: int
    name: str
    part: str
    reason: str
    by: str
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """One line of the joined ranking: what each part adds and, where points are equal, what was compared."""

    entry: int
    rank: int
    scope: str
    name: str
    cell: str
    unit: str
    shares: tuple[Share, ...]
    points: int
    equal_points: int = 0
    compared: tuple[Comparison, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who was drawn and withdrew."""

    drawn: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class JudgedFigures:
    """The judged parts of one round.

    `unsigned` performances have no signature yet, `agrees` tells whether the newest edition is this very ranking
    (None: nothing is published).
    """

    parts: tuple[JudgedPart, ...]
    draw: OrderDrawn | None
    lines: tuple[Joined, ...]
    noted: tuple[Noted, ...] = ()
    gone: tuple[Gone, ...] = ()
    unsigned: int = 0
    agrees: bool | None = None

    @property
    def order(self) -> tuple[Performed, ...]:
        """Return everybody once, in running order."""
        return self.parts[0].performed if self.parts and self.draw else ()

    @property
    def checked(self) -> list[tuple[JudgedPart, Performed]]:
        """Return the performances whose sheets were compared, part by part."""
        return [(part, one) for part in self.parts for one in part.performed if one.is_checked]

    @property
    def judges(self) -> list[str]:
        """Return the judges of all parts by name, each once, in the order of their seats."""
        panels = (panel for part in self.parts for panel in part.panels.values())
        return list(dict.fromkeys(judge.name for panel in panels for judge in panel))

    @property
    def head(self) -> str:
        """Return who signed the points, before that who sits at the head of the panels; "" where it is several."""
        signed = {one.signed_by for part in self.parts for one in part.performed if one.signed_by}
        panels = (panel for part in self.parts for panel in part.panels.values())
        heads = signed or {judge.name for panel in panels for judge in panel if judge.is_head}
        return heads.pop() if len(heads) == 1 else ""

    def seats_of(self, name: str) -> list[tuple[str, int]]:
        """Return (part, seat) of a judge in the order of the parts."""
        return [
            (part.part.name, seat)
            for part in self.parts
            for seat in sorted(
                {one.seat for panel in part.panels.values() for one in panel if one.name == name}
            )
        ]
