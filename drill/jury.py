"""What judges give: marks by criterion for a performance of a certain worth, each judge a little otherwise."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Marks = dict[str, int]  # hundredths by criterion


@dataclass(frozen=True, slots=True)
class JudgedPart:
    """A judged part as it is typed in: hundredths, `weight` per cent, `judging` the fields of its own page by name."""

    name: str
    most: int
    weight: int
    minutes: int
    criteria: Sequence[tuple[str, int]]  # name and most points
    step: int = 50
    judges: int = 3
    judging: Mapping[str, str] = field(default_factory=dict)


def spread(part: JudgedPart, total: int) -> Marks:
    """Return marks that come to `total`, a whole number of steps: to each criterion its share, the rest in order."""
    marks = {name: total * most // part.most // part.step * part.step for name, most in part.criteria}
    for name, most in part.criteria:
        more = min(most - marks[name], total - sum(marks.values()))
        marks[name] += more // part.step * part.step
    return marks


def given(part: JudgedPart, worth: int, exact: bool, seed: str) -> dict[int, Marks]:
    """Return the marks of every seat for a performance; `exact`: their average, extremes or not, is its worth."""
    chance = random.Random(seed)
    seats = list(range(1, part.judges + 1))
    if exact:
        apart = [(2 * (seat - 1) - part.judges + 1) * part.step // 2 for seat in seats]
        chance.shuffle(apart)
    else:
        apart = [chance.randint(-4, 4) * part.step for _ in seats]
    totals = [min(part.most, max(0, worth // part.step * part.step + one)) for one in apart]
    return {seat: spread(part, total) for seat, total in zip(seats, totals, strict=True)}


def text_of(hundredths: int) -> str:
    """Return points as a judge types them: "12", "7,5"."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02d}".rstrip("0") if rest else str(whole)
