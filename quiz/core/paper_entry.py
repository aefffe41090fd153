"""Answer sheets on paper: what a keyed answer means, and how two independent keyings become one.

A keyed answer is the text a response has: the places of the ticked boxes, as "0" or "0,2"; "" when none is ticked.
UNCLEAR says that the sheet cannot be read there; a third look decides.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quiz.core.errors import N_, RuleBroken
from quiz.core.timing import MINUTE

UNCLEAR = "?"
LONGEST_MINUTES = 600
_BLANK = {"-", "–", "0"}
_BETWEEN = re.compile(r"[\s,;.]+")


class Medium(StrEnum):
    """On what an attempt is made."""

    DEVICE = "device"
    PAPER = "paper"


class PaperState(StrEnum):
    """Where the entry of a printed paper stands."""

    WAITING = "waiting"  # nobody has keyed it
    KEYED_ONCE = "keyed_once"
    DIFFERENT = "different"  # two keyings that do not agree: a third look is needed
    ENTERED = "entered"


@dataclass(frozen=True, slots=True)
class Keyed:
    """What one person keyed: the answer at each position, and the minutes the proctor wrote down (None: none)."""

    choices: tuple[str, ...]
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A 0-based position at which two keyings differ or could not be read, with what each says."""

    position: int
    first: str
    second: str


def read_answer(text: str, option_count: int) -> str | None:
    """Return what was typed for one question as a keyed answer: "b", "2" → "1"; "ac", "1 3" → "0,2"; "-", "0" → "".

    None when it is empty or names a box the question does not have: whoever keys must say that nothing is ticked.
    """
    typed = _BETWEEN.sub("", text).lower()
    if typed in _BLANK:
        return ""
    if typed == UNCLEAR:
        return UNCLEAR
    places = [_place_of(char) for char in typed]
    if not places or not all(0 <= place < option_count for place in places):
        return None
    return ",".join(str(place) for place in sorted(set(places)))


def _place_of(char: str) -> int:
    if char in "123456789":
        return int(char) - 1
    return ord(char) - ord("a")


def letters(answer: str) -> str:
    """Return a keyed answer as people write it: "AC", "–" for no tick, "?" for unclear."""
    if answer in ("", UNCLEAR):
        return answer or "–"
    return "".join(chr(ord("A") + int(place)) for place in answer.split(","))


def differences(first: Sequence[str], second: Sequence[str]) -> list[Difference]:
    """Return where two keyings of one sheet need a third look; raise ValueError when they are of different lengths."""
    return [
        Difference(position, one, other)
        for position, (one, other) in enumerate(zip(first, second, strict=True))
        if one != other or one == UNCLEAR
    ]


def agree(first: Keyed, second: Keyed) -> bool:
    """Tell whether two keyings say the same everywhere, the minutes included, and nothing is unclear."""
    return first.minutes == second.minutes and not differences(first.choices, second.choices)


def settled(first: Keyed, second: Keyed, decided: Mapping[int, str], minutes: int | None) -> Keyed:
    """Return the sheet after a third look decided each difference; raise RuleBroken when one is left open.

    Where the two agree nothing can be decided. `minutes` counts only where they differ.
    """
    open_at = {difference.position for difference in differences(first.choices, second.choices)}
    if {position for position, answer in decided.items() if answer != UNCLEAR} != open_at:
        raise RuleBroken(N_("Hãy quyết định đủ các câu khác nhau, không để câu nào chưa rõ."))
    choices = tuple(decided.get(position, answer) for position, answer in enumerate(first.choices))
    return Keyed(choices, first.minutes if first.minutes == second.minutes else minutes)


def counted(answer: str, several: bool) -> str:
    """Return the response a keyed answer stands for: two ticks where one is asked are no answer, as the sheet says."""
    return "" if "," in answer and not several else answer


def time_taken(minutes: int | None, time_limit: int) -> int:
    """Return the milliseconds an attempt on paper took: the minutes written down, else the full time (in minutes)."""
    return (time_limit if minutes is None else minutes) * MINUTE


def began_at(issued_at: int, opens_at: int | None, taken: int, now: int) -> int:
    """Return when an attempt on paper began that took `taken` ms and is entered at `now`: when it was drawn or, drawn
    ahead, when the round began; earlier where so much time has not passed since, as the sheet says how long it took.
    """
    return min(max(issued_at, opens_at or 0), now - taken)


def state_of(keyings: int, is_settled: bool) -> PaperState:
    """Return where the entry of a paper stands after so many keyings."""
    if is_settled:
        return PaperState.ENTERED
    return (PaperState.WAITING, PaperState.KEYED_ONCE, PaperState.DIFFERENT)[keyings]
