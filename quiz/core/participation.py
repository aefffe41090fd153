"""Which cells a contest counts, and the figures a table of participation shows; every total is added up."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from quiz.core.people import AbsenceReason


def is_valid(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Tell whether a unit exists on `day`: begun, and not yet merged or dissolved; an empty end is open."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day < valid_to)


def is_expected(
    valid_from: date | None, valid_to: date | None, succeeds: bool, created: date, held: date
) -> bool:
    """Tell whether a cell that has said nothing yet is counted in a contest created on `created`.

    The list of cells is that of the day the contest was created: a later merger takes none out. A cell formed
    since is counted too, unless it succeeds others, which are counted for it. `held`: the last day of the round, or
    today while it is not over; whatever is formed afterwards changes no figure of it.
    """
    if is_valid(valid_from, valid_to, created):
        return True
    return is_valid(valid_from, valid_to, held) and not succeeds


@dataclass(frozen=True, slots=True)
class Tally:
    """The cells of a node: how many there are, how many send somebody, and why the others do not."""

    cells: int = 0
    sending: int = 0
    contestants: int = 0
    reasons: Counter[AbsenceReason] = field(default_factory=Counter)

    @property
    def absent(self) -> int:
        """Return the number of cells that gave a reason."""
        return self.reasons.total()

    @property
    def missing(self) -> int:
        """Return the number of cells that neither send somebody nor gave a reason."""
        return self.cells - self.sending - self.absent

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.cells + other.cells,
            self.sending + other.sending,
            self.contestants + other.contestants,
            self.reasons + other.reasons,
        )


def tally_of_cell(contestants: int, reason: AbsenceReason | None) -> Tally:
    """Return the figures of one cell; a reason beside a contestant says nothing, the contestant counts."""
    if contestants:
        return Tally(1, 1, contestants)
    return Tally(1, 0, 0, Counter([reason] if reason else []))
