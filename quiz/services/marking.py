"""Marking a stored attempt: the key on its paper against its stored responses, and the numbers that rank it.

Hand-in, the sweep at the deadline and a re-marking all come through here, so they cannot differ. What the board ruled
about wrong keys is one of the arguments.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, ScalarSelect, false, func, select

from quiz.core import marking, timing
from quiz.core.corrections import WITH_KEY, Policy, Ruling, Rulings, ruled
from quiz.core.items import Level
from quiz.core.marking import Choice, MarkedItem, Marks
from quiz.core.papers import Place
from quiz.core.ranking import TieBreak
from quiz.extensions import db
from quiz.models import Attempt, Correction, Response, RoundCorrection, TimeGiven, TimeGrant
from quiz.services import papers
from quiz.services.papers import Pool, PoolItem

Choices = Mapping[int, Choice]
NO_RULINGS: Rulings = {}
AT_ONCE = 500  # attempts whose responses are read by one statement


def choice_of(text: str) -> Choice:
    """Return the places a stored choice names; none for one that was taken back."""
    return frozenset(int(place) for place in text.split(",")) if text else frozenset()


def choices_of(attempt_ids: Iterable[int]) -> dict[int, dict[int, Choice]]:
    """Return the stored choices of each attempt by position."""
    found: dict[int, dict[int, Choice]] = {attempt_id: {} for attempt_id in attempt_ids}
    ids = list(found)
    for start in range(0, len(ids), AT_ONCE):
        query = select(Response.attempt_id, Response.position, Response.choice).where(
            Response.attempt_id.in_(ids[start : start + AT_ONCE])
        )
        for attempt_id, position, text in db.session.execute(query):
            found[attempt_id][position] = choice_of(text)
    return found


def rulings_of(round_id: int) -> dict[int, Ruling]:
    """Return how the board ruled on items of a round whose keys proved wrong, by version; the last ruling counts."""
    query = (
        select(Correction.version_id, Correction.policy, Correction.key)
        .join(RoundCorrection, RoundCorrection.correction_id == Correction.id)
        .where(RoundCorrection.round_id == round_id)
        .order_by(Correction.id)
    )
    return {version: Ruling(policy, tuple(key)) for version, policy, key in db.session.execute(query)}


def unkeyed_in(round_id: int) -> frozenset[int]:
    """Return the versions of a round's items whose points no key decides since the board ruled on them."""
    rulings = rulings_of(round_id).items()
    return frozenset(version for version, ruling in rulings if ruling.policy not in WITH_KEY)


def is_unkeyed(round_id: ColumnElement[int], version_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that no key decides the points of a version in a round, of columns of a query's table."""
    return func.coalesce(last_policy(round_id, version_id).not_in(WITH_KEY), false())


def last_policy(round_id: ColumnElement[int], version_id: ColumnElement[int]) -> ScalarSelect[Policy]:
    """Return the last ruling on a version in a round, NULL where there is none, of columns of a query's table."""
    return (
        select(Correction.policy)
        .join(RoundCorrection, RoundCorrection.correction_id == Correction.id)
        .where(RoundCorrection.round_id == round_id, Correction.version_id == version_id)
        .order_by(Correction.id.desc())
        .limit(1)
        .correlate_except(Correction, RoundCorrection)
        .scalar_subquery()
    )


def marks_of(attempt: Attempt, pool: Pool, choices: Choices, rulings: Rulings = NO_RULINGS) -> Marks:
    """Return the marks of an attempt with these choices; nothing is stored."""
    items = [
        ruled(_item(pool.items[place.version], place), rulings.get(place.version), place.order)
        for place in papers.places_of(attempt.paper)
    ]
    return marking.mark(items, choices, pool.rules.scheme)


def _item(item: PoolItem, place: Place) -> MarkedItem:
    key = marking.key_on_paper(item.key, place.order)
    return MarkedItem(key, len(place.order), item.topic, item.level)


def values_of(marks: Marks) -> dict[str, int]:
    """Return the numbers for tie-breaks that follow from marks."""
    return {
        TieBreak.APPLY_POINTS.value: marks.by_level.get(Level.APPLY.value, 0),
        TieBreak.UNDERSTAND_POINTS.value: marks.by_level.get(Level.UNDERSTAND.value, 0),
        TieBreak.CORRECT.value: marks.correct,
    }


def put(attempt: Attempt, marks: Marks) -> None:
    """Keep marks on an attempt whose time is known already."""
    attempt.raw_score, attempt.max_score = marks.raw_score, marks.max_score
    attempt.marks = list(marks.points)
    attempt.values = (attempt.values or {}) | values_of(marks)


def store_marks(attempt: Attempt, choices: Choices) -> Marks:
    """Mark a submitted attempt and keep points, maximum, marks by position, time and tie-break numbers on it."""
    submitted_at = attempt.submitted_at
    if submitted_at is None:
        raise ValueError(f"attempt {attempt.id} is not submitted")
    rulings = rulings_of(attempt.round_id)
    marks = marks_of(attempt, papers.pool_of(attempt.entry.round), choices, rulings)
    put(attempt, marks)
    attempt.time_used = timing.time_used(
        attempt.started_at, submitted_at, attempt.deadline, time_lost(attempt)
    )
    attempt.values = values_of(marks) | {
        TieBreak.TIME_USED.value: attempt.time_used // timing.SECOND,
        TieBreak.EARLIER_SUBMISSION.value: submitted_at // timing.SECOND,
    }
    return marks


def time_lost(attempt: Attempt) -> int:
    """Return the milliseconds of an attempt that were given back for stoppages and do not count as used."""
    query = (
        select(TimeGiven.given_at, TimeGiven.deadline_after - TimeGiven.deadline_before)
        .join(TimeGrant, TimeGrant.id == TimeGiven.grant_id)
        .where(TimeGiven.attempt_id == attempt.id, TimeGrant.withdrawn_at.is_(None))
    )
    return timing.time_lost(attempt.started_at, [(at, lost) for at, lost in db.session.execute(query)])
