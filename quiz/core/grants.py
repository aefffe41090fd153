"""Minutes given back after a power cut and the like (R22): whom a grant reaches, and how far it may move a deadline.

A grant only ever moves a deadline to a later instant. Taking one back before anybody has lived on it is the one
way back.
"""

from collections.abc import Iterable
from typing import NamedTuple

from quiz.core.errors import N_, RuleBroken
from quiz.core.permissions import covers
from quiz.core.timing import MINUTE

MOST_MINUTES = 120  # what all grants together may add to one attempt
BY_DEADLINE = "deadline"  # how an attempt ended that nobody handed in


class Minutes(NamedTuple):
    """So many minutes for one person, for whoever sits in one hall, or for everybody of the units under `path`."""

    minutes: int
    person_id: int | None = None
    hall_id: int | None = None
    path: str = ""


class Sitter(NamedTuple):
    """Somebody who sits a paper: the person, the path of the cell, and the hall they sit in, if in one."""

    person_id: int
    path: str
    hall_id: int | None = None


def check_minutes(minutes: int) -> None:
    """Raise RuleBroken unless a grant may be of so many minutes."""
    if not 1 <= minutes <= MOST_MINUTES:
        raise RuleBroken(N_("Số phút cho thêm phải từ 1 đến %(most)d."), most=MOST_MINUTES)


def reaches(given: Minutes, sitter: Sitter) -> bool:
    """Tell whether a grant is for this sitter; it names exactly one of person, hall and path."""
    if given.person_id is not None:
        return given.person_id == sitter.person_id
    if given.hall_id is not None:
        return given.hall_id == sitter.hall_id
    return covers(given.path, sitter.path)


def minutes_at_start(grants: Iterable[Minutes], sitter: Sitter) -> int:
    """Return the minutes that an attempt starting now begins with: all that reach it, at most MOST_MINUTES."""
    return min(MOST_MINUTES, sum(given.minutes for given in grants if reaches(given, sitter)))


def moved(deadline: int, minutes: int) -> int:
    """Return the deadline so many minutes later; never an earlier one."""
    return deadline + max(0, minutes) * MINUTE


def may_reopen(ended_by: str, deadline: int, minutes: int, now: int) -> bool:
    """Tell whether an attempt that has ended may go on with these minutes.

    Only one that the clock closed, and only while its new deadline is still ahead: then it ended within the
    minutes that are given back. What a candidate handed in stays handed in.
    """
    return ended_by == BY_DEADLINE and moved(deadline, minutes) > now


def is_used(deadline: int, minutes: int, submitted_at: int | None, now: int) -> bool:
    """Tell whether somebody has lived on these minutes: worked, or handed in, after the deadline without them."""
    lived_until = now if submitted_at is None else submitted_at
    return lived_until > deadline - minutes * MINUTE
