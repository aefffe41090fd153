"""Signs that two papers, or a paper and a clock, ask for a second look. A sign accuses nobody: the board judges.

Every limit below is this product's own rule, chosen so that ordinary sittings stay under it; the page that shows a
sign says so. Identical wrong answers have a chance behind them and stand in quiz.core.shared_answers.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from quiz.core.timing import MINUTE, SECOND


class Sign(StrEnum):
    """What can be seen, in the order the board reads it."""

    WRONG = "wrong"  # two papers with the same wrong answers more often than chance gives
    DEVICE = "device"  # several people signed in on one device
    SPEED = "speed"  # answered sooner than the questions can be read
    TURNS = "turns"  # two pages of one paper used in turn
    SILENCE = "silence"  # a long time without a choice, then many
    AWAY = "away"  # the page was away for much of the time, as the device says
    NETWORK = "network"  # several people of one unit signed in from one network


class Verdict(StrEnum):
    """What the board makes of a sign."""

    NO_FINDING = "no_finding"
    NOTED = "noted"
    TALK = "talk"


# --- device and network ----------------------------------------------------------------------------------------------

LEAST_PEOPLE = {Sign.DEVICE: 2, Sign.NETWORK: 3}


def network_of(address: str) -> str:
    """Return what two devices behind one line have in common: an IPv4 address whole, of IPv6 the first 64 bits.

    "" where the address says nothing of a line: inside a local network, or unreadable.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if not found.is_global:
        return ""
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))


def shared(traces: Iterable[tuple[str, int]], least: int) -> dict[str, list[int]]:
    """Return the traces that at least so many people left, with those people; "" is no trace."""
    people: dict[str, set[int]] = {}
    for trace, person in traces:
        if trace:
            people.setdefault(trace, set()).add(person)
    return {trace: sorted(found) for trace, found in people.items() if len(found) >= least}


def apart(spans: Iterable[tuple[int, int]]) -> int:
    """Return the shortest time (ms) from the end of a paper to the start of a later one, below 0 where two overlap.

    `spans` are the starts and ends of two papers or more.
    """
    in_order = sorted(spans)
    latest, shortest = in_order[0][1], None
    for start, end in in_order[1:]:
        gap = start - latest
        shortest = gap if shortest is None else min(shortest, gap)
        latest = max(latest, end)
    return shortest or 0


# --- the clock of one paper ------------------------------------------------------------------------------------------

# Most adults read 175 to 300 words of English a minute silently (Brysbaert, "How many words do we read per minute?",
# Journal of Memory and Language 109, 2019); texts in 17 languages had two syllables a word (Trauzettel-Klosinski and
# Dietz, Investigative Ophthalmology & Visual Science 53, 2012: 184 words, 370 syllables). Vietnamese writes each
# syllable apart, so 600 a minute is the upper end of that range. The step to Vietnamese is our own.
SYLLABLES_A_MINUTE = 600
LEAST_FAST = 5  # answers
SILENT_SHARE = 3  # a silence is long from a third of the time allowed …
SILENT_LEAST = 5 * MINUTE  # … and from so many ms
LEAST_AFTER = 5  # answers after it
LEAST_RETURNS = 2


class Chosen(NamedTuple):
    """The last choice kept at one place of a paper: ms since the start, the page's number, syllables of the stem."""

    since: int
    page: int
    syllables: int


class Haste(NamedTuple):
    """So many answers stood after `since` ms although reading their stems takes at least `needed` ms."""

    answers: int
    since: int
    syllables: int
    needed: int


class Silence(NamedTuple):
    """No choice was made from `since` for `length` ms; `after` answers were given later."""

    since: int
    length: int
    after: int


def syllables_of(text: str) -> int:
    """Return how many syllables a text has, as Vietnamese writes them."""
    return len(text.split())


def haste(choices: Iterable[Chosen]) -> Haste | None:
    """Return where a paper was furthest ahead of reading, None when it never was.

    Whatever the order of reading, a stem answered by an instant was read before it; so only the sum counts. A choice
    changed later counts later: the sign can be missed and is not made.
    """
    syllables, furthest = 0, None
    for count, chosen in enumerate(sorted(choices), start=1):
        syllables += chosen.syllables
        needed = syllables * MINUTE // SYLLABLES_A_MINUTE
        ahead = needed - chosen.since
        if count >= LEAST_FAST and ahead >= SECOND and (furthest is None or ahead > _ahead(furthest)):
            furthest = Haste(count, chosen.since, syllables, needed)
    return furthest


def _ahead(found: Haste) -> int:
    return found.needed - found.since


def silence(choices: Iterable[Chosen], allowed: int) -> Silence | None:
    """Return the longest time between two choices if it is long; `allowed` is the paper's time in ms."""
    times = sorted(chosen.since for chosen in choices)
    gaps = [
        Silence(before, after - before, len(times) - place)
        for place, (before, after) in enumerate(pairwise(times), start=1)
    ]
    least = max(SILENT_LEAST, allowed // SILENT_SHARE)
    long = [gap for gap in gaps if gap.length >= least and gap.after >= LEAST_AFTER]
    return max(long, key=lambda gap: gap.length, default=None)


def returns(choices: Sequence[Chosen]) -> int:
    """Return how often a page was used again after another: loading a page anew never brings an old number back."""
    pages = [chosen.page for chosen in sorted(choices)]
    seen: set[int] = set()
    count = 0
    for before, page in pairwise([*pages[:1], *pages]):
        count += page != before and page in seen
        seen.add(page)
    return count


# --- away from the page ----------------------------------------------------------------------------------------------

AWAY_AT_LEAST = 10 * SECOND  # one absence; the page does not count a shorter one
AWAY_SHARE = 4  # away for long from more than a quarter of the time used …
AWAY_LEAST = 3 * MINUTE  # … and from so many ms in all
MOST_AWAY = 999  # absences


class Away(NamedTuple):
    """How often the page of a paper was away, and for how many ms in all, as the contestant's device says."""

    times: int
    ms: int


def away_within(times: int | None, ms: int | None, most: int) -> Away | None:
    """Return what a device told, held to `most` ms and MOST_AWAY; None where it told nothing or cannot be true."""
    if times is None or ms is None or times < 0 or ms < times * AWAY_AT_LEAST or (ms > 0 and times == 0):
        return None
    return Away(min(times, MOST_AWAY), min(ms, most))


def is_long_away(away: Away, used: int) -> bool:
    """Tell whether a page was away for so long, of the `used` ms a paper took, that the board should hear of it."""
    return away.ms >= AWAY_LEAST and away.ms * AWAY_SHARE > used
