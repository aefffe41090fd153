"""Practising. What may be shown comes from one query that every practice page asks, and the exam part never does (R19).

An item may have been in the exam part before it was given to practice. Until every round that froze any version of it
is over, its words are an exam's and stay out of practice too.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, joinedload

from quiz.core import practice
from quiz.core.items import Kind, Part, Status
from quiz.core.papers import PoolEntry
from quiz.core.practice import NEVER, Answered, Practised, Standing
from quiz.extensions import db
from quiz.models import Attempt, Document, Item, ItemVersion, PracticeAnswer, Round, RoundItem, Topic
from quiz.services.pools import valid_on


@dataclass(frozen=True, slots=True)
class TopicProgress:
    """A topic to practise: its items, how many were answered, how many of them right last time, how many come again."""

    topic: Topic
    count: int
    answered: int
    known: int
    due: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A missed item that is not known yet, and when it comes again (ms UTC)."""

    version: ItemVersion
    standing: Standing


def items(now: int, today: date, topic: str = "") -> list[ItemVersion]:
    """Return the versions that may be practised today (of one topic), with topic and document, in their order."""
    query = _open_to_all(now, today).order_by(Item.bank_id, Item.code)
    if topic:
        query = query.join(Topic, Topic.id == ItemVersion.topic_id).where(Topic.code == topic)
    return list(db.session.scalars(query))


def item(version_id: int, now: int, today: date) -> ItemVersion | None:
    """Return a version by its id if it may be practised today, else None."""
    found: ItemVersion | None = db.session.scalar(
        _open_to_all(now, today).where(ItemVersion.id == version_id)
    )
    return found


def topics(now: int, today: date) -> list[tuple[Topic, int]]:
    """Return the topics with something to practise today and how many items each has."""
    versions = _open_to_all(now, today).with_only_columns(ItemVersion.topic_id).options().subquery()
    query = select(Topic, func.count()).join(versions, versions.c.topic_id == Topic.id).group_by(Topic.id)
    return [(topic, count) for topic, count in db.session.execute(query.order_by(Topic.id))]


def with_ids(version_ids: Collection[int], now: int, today: date) -> dict[int, ItemVersion]:
    """Return those of the versions that may be practised today, by id."""
    found = db.session.scalars(_open_to_all(now, today).where(ItemVersion.id.in_(version_ids)))
    return {version.id: version for version in found}


def askable(now: int, today: date, topic: str = "") -> list[Practised]:
    """Return what can be asked today (of one topic), without the texts; oral items are not asked on a page."""
    columns = ItemVersion.id, ItemVersion.item_id, Topic.code
    query = (
        _open_to_all(now, today).options().join(Topic, Topic.id == ItemVersion.topic_id)
        .with_only_columns(*columns)
        .where(ItemVersion.kind != Kind.ORAL)
        .order_by(Item.bank_id, Item.code)
    )  # fmt: skip
    if topic:
        query = query.where(Topic.code == topic)
    return [Practised(*row) for row in db.session.execute(query)]


def standings(person_id: int | None) -> dict[int, Standing]:
    """Return how a person stands with every item answered so far, by item, whatever version was asked."""
    query = (
        select(ItemVersion.item_id, PracticeAnswer.is_correct, PracticeAnswer.at)
        .join(ItemVersion, ItemVersion.id == PracticeAnswer.version_id)
        .where(PracticeAnswer.person_id == person_id)
        .order_by(PracticeAnswer.at, PracticeAnswer.id)
    )
    answers: dict[int, list[Answered]] = {}
    for item_id, is_correct, at in db.session.execute(query) if person_id else ():
        answers.setdefault(item_id, []).append(Answered(is_correct, at))
    return {item_id: practice.standing_of(given) for item_id, given in answers.items()}


def progress(
    places: Sequence[Practised], known: Mapping[int, Standing], now: int, today: date
) -> list[TopicProgress]:
    """Return each topic with something to ask, and how far a person with these standings has come."""
    return [
        _progress_in(topic, [place for place in places if place.topic == topic.code], known, now)
        for topic, _ in topics(now, today)
        if any(place.topic == topic.code for place in places)
    ]


def _progress_in(
    topic: Topic, places: Sequence[Practised], known: Mapping[int, Standing], now: int
) -> TopicProgress:
    its = [known.get(place.item, NEVER) for place in places]
    answered, right = sum(one.count > 0 for one in its), sum(one.was_correct for one in its)
    return TopicProgress(topic, len(its), answered, right, len(practice.due(places, known, now)))


def missed(person_id: int | None, now: int, today: date) -> list[Missed]:
    """Return what a person missed and does not know yet, by document and item, for the study sheet."""
    known = standings(person_id)
    waiting = {
        place.version: known[place.item]
        for place in askable(now, today)
        if place.item in known and known[place.item].due_at is not None
    }
    found = with_ids(waiting, now, today).values()
    in_order = sorted(found, key=lambda version: (version.document.code, version.item_id))
    return [Missed(version, waiting[version.id]) for version in in_order]


def is_sitting(person_id: int) -> bool:
    """Tell whether a person has a paper open: nobody practises beside it."""
    query = select(Attempt.id).where(Attempt.person_id == person_id, Attempt.submitted_at.is_(None)).limit(1)
    return db.session.scalar(query) is not None


def entry_of(version: ItemVersion) -> PoolEntry:
    """Return a version as a draw sees it."""
    keeps_order = version.keep_order or version.kind is Kind.TRUE_FALSE
    level, count = str(version.level), len(version.options)
    return PoolEntry(version.id, version.topic.code, level, count, keeps_order, version.keep_last)


def is_right(version: ItemVersion, choice: Collection[int]) -> bool:
    """Tell whether these authored options, and no other, are the key."""
    return set(choice) == set(version.key)


def remember(
    person_id: int, version: ItemVersion, choice: Collection[int], asked_at: int, now: int
) -> PracticeAnswer | None:
    """Keep an answer to an item shown at `asked_at`; a second one to the same showing is None and changes nothing."""
    answer = PracticeAnswer(
        person_id=person_id, version_id=version.id, asked_at=asked_at, at=now, is_correct=is_right(version, choice)
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(answer)
    except IntegrityError:
        return None
    return answer


def _open_to_all(now: int, today: date) -> Select[Any]:
    return (
        select(ItemVersion)
        .join(Item, Item.current_id == ItemVersion.id)
        .join(Document, Document.id == ItemVersion.document_id)
        .where(
            ItemVersion.part == Part.PRACTICE,
            ItemVersion.status == Status.APPROVED,
            valid_on(today, today),
            ~_is_in_an_exam(now),
        )
        .options(joinedload(ItemVersion.topic), joinedload(ItemVersion.document))
    )


def _is_in_an_exam(now: int) -> Any:
    """Whether any version of the item is frozen in a round that is not over."""
    any_version = aliased(ItemVersion)
    ended = func.coalesce(Round.closed_at, Round.closes_at)
    return (
        exists()
        .where(
            any_version.item_id == Item.id, RoundItem.version_id == any_version.id, Round.id == RoundItem.round_id,
            db.or_(ended.is_(None), ended > now),
        )
        .correlate(Item)
    )  # fmt: skip
