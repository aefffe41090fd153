"""What reports count from lists of contestants and prizes: nobody is guessed, equals are named together."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from quiz.core.figures import Contestant, Won
from quiz.core.names import nfc, search_key
from quiz.core.people import Position, Sex
from quiz.core.prizes import Kind

MAJORITY = "kinh"  # whoever belongs to another people is counted as ethnic minority


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
