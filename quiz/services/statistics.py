"""How items did in the rounds they were drawn for, counted once a round is over, outside any page (R27).

Counts stand by round, so that a round can be counted again after a re-marking; what lists show is derived from them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from math import sqrt
from typing import Any

from sqlalchemy import delete, exists, func, insert, select

from quiz.core import item_analysis, statistics
from quiz.core.item_analysis import Taking
from quiz.core.marking import Choice
from quiz.core.paper_entry import Medium
from quiz.core.statistics import Tally
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import (
    Attempt,
    Entry,
    ItemStatistic,
    ItemUse,
    ItemVersion,
    Round,
    RoundStatistic,
    Topic,
    TopicUse,
)
from quiz.services import attempts, marking, papers
from quiz.services.papers import Pool

SETTLED = 60 * MINUTE  # ms after the end, when what a line held back has arrived
AT_ONCE = 500  # attempts counted from one statement
_SUMS = ("sat", "x", "xx", "y", "yy", "xy")


@dataclass(slots=True)
class _Count:
    """What the attempts of one round say of one version."""

    option_count: int
    pairs: list[tuple[float, float]] = field(default_factory=list)
    takings: list[Taking] = field(default_factory=list)


@dataclass(slots=True)
class Gathered:
    """What the attempts of one round say: by version, by (unit, topic code), and the points of each paper.

    `unkeyed` are the versions whose points no key decides since the board ruled on them; `keyed_points` are those of
    each paper without them.
    """

    items: dict[int, _Count] = field(default_factory=dict)
    topics: dict[tuple[int, str], list[int]] = field(default_factory=dict)  # people, items, earned, possible
    points: list[int] = field(default_factory=list)
    unkeyed: frozenset[int] = frozenset()
    keyed_points: list[int] = field(default_factory=list)
    papers: set[frozenset[int]] = field(default_factory=set)
    most: int = 0  # an item can earn
    max_score: int = 0


def next_uncounted(now: int) -> Round | None:
    """Return a round that is over, has papers handed in, none open, and has not been counted; only reads.

    None while anybody at all sits a paper: nothing heavy runs beside that (R27).
    """
    on_device = (Attempt.submitted_at.is_(None), Attempt.medium == Medium.DEVICE, Attempt.deadline >= now)
    handed_in = exists().where(Attempt.round_id == Round.id, Attempt.submitted_at.is_not(None))
    still_open = exists().where(Attempt.round_id == Round.id, Attempt.submitted_at.is_(None))
    ended = func.coalesce(Round.closed_at, Round.closes_at)
    query = select(Round).where(
        Round.opened_at.is_not(None),
        ended < now - SETTLED,
        ~exists().where(RoundStatistic.round_id == Round.id),
        handed_in,
        ~still_open,
        ~exists().where(*on_device),
    )
    return db.session.scalar(query.order_by(Round.id).limit(1))


def count(contest_round: Round, now: int) -> int:
    """Count how the items of a round did, anew if it was counted before, and return how many were on papers."""
    return store(contest_round, gather(contest_round), now)


def gather(contest_round: Round) -> Gathered:
    """Return what the attempts handed in say; only reads.

    Of several attempts at one entry the first counts: the others know the questions.
    """
    pool = papers.pool_of(contest_round)
    gathered = Gathered(most=pool.rules.scheme.points_per_item, unkeyed=marking.unkeyed_in(contest_round.id))
    for attempt, choices in _first_attempts(contest_round.id):
        _add(gathered, attempt, choices, pool)
    return gathered


def store(contest_round: Round, gathered: Gathered, now: int) -> int:
    """Keep what was gathered in place of what was kept before, and return how many items were on papers."""
    # Two workers count one after the other.
    db.session.execute(select(Round.id).where(Round.id == contest_round.id).with_for_update())
    for table in (ItemUse, TopicUse, RoundStatistic):
        db.session.execute(delete(table).where(table.round_id == contest_round.id))
    rows = [_row(contest_round.id, version, counted) for version, counted in sorted(gathered.items.items())]
    topics = _topic_rows(contest_round.id, gathered.topics)
    for table, new in ((ItemUse, rows), (TopicUse, topics)):
        if new:
            db.session.execute(insert(table), new)
    db.session.execute(insert(RoundStatistic), [_whole(contest_round.id, gathered, now)])
    _derive(gathered.items)
    return len(rows)


def _first_attempts(round_id: int) -> Iterable[tuple[Any, dict[int, Choice]]]:
    query = (
        select(Attempt.id, Attempt.paper, Attempt.marks, Attempt.ended_by, Entry.scope_id)
        .join(Entry, Entry.id == Attempt.entry_id)
        .where(Attempt.round_id == round_id, Attempt.submitted_at.is_not(None), Attempt.number == 1)
        .order_by(Attempt.id)
    )
    attempts = db.session.execute(query).all()
    for start in range(0, len(attempts), AT_ONCE):
        some = attempts[start : start + AT_ONCE]
        choices = marking.choices_of(attempt.id for attempt in some)
        yield from ((attempt, choices[attempt.id]) for attempt in some)


def _add(gathered: Gathered, attempt: Any, choices: dict[int, Choice], pool: Pool) -> None:
    places, marks = papers.places_of(attempt.paper), attempt.marks or ()
    answered = [position for position, choice in choices.items() if choice]
    came_to = item_analysis.reached(answered, len(places), attempt.ended_by != attempts.CANDIDATE)
    keyed = [place.version not in gathered.unkeyed for place in places]
    shares = statistics.shares(marks, gathered.most, keyed)
    topics: dict[str, list[int]] = {}
    for position, (place, pair) in enumerate(zip(places, shares, strict=False)):
        counted = gathered.items.setdefault(place.version, _Count(len(place.order)))
        counted.pairs.append(pair)
        taken = tuple(place.order[shown] for shown in choices.get(position, ()))
        counted.takings.append(Taking(pair[1], taken, position < came_to))
        sums = topics.setdefault(pool.items[place.version].topic, [0, 0])
        sums[0] += 1
        sums[1] += marks[position]
    for topic, (items, earned) in topics.items():
        of_unit = gathered.topics.setdefault((attempt.scope_id, topic), [0, 0, 0, 0])
        for column, number in enumerate((1, items, earned, items * gathered.most)):
            of_unit[column] += number
    gathered.points.append(sum(marks))
    gathered.keyed_points.append(sum(mark for mark, counts in zip(marks, keyed, strict=False) if counts))
    gathered.papers.add(frozenset(place.version for place in places))
    gathered.max_score = max(gathered.max_score, len(places) * gathered.most)


def _row(round_id: int, version_id: int, counted: _Count) -> dict[str, Any]:
    upper, lower = item_analysis.groups(counted.takings, counted.option_count)
    blank = [taking for taking in counted.takings if not taking.options]
    omitted = sum(taking.is_reached for taking in blank)
    chosen = [0] * counted.option_count
    for taking in counted.takings:
        for option in taking.options:
            chosen[option] += 1
    return {
        "round_id": round_id, "version_id": version_id, "omitted": omitted, "not_reached": len(blank) - omitted,
        "chosen": chosen, "upper": list(upper.chosen), "lower": list(lower.chosen), "upper_size": upper.size,
        "lower_size": lower.size,
    } | asdict(statistics.tally_of(counted.pairs))  # fmt: skip


def _topic_rows(round_id: int, topics: dict[tuple[int, str], list[int]]) -> list[dict[str, Any]]:
    codes = {topic for _, topic in topics}
    ids = {code: key for code, key in db.session.execute(select(Topic.code, Topic.id)) if code in codes}
    names = ("people", "items", "earned", "possible")
    return [
        {"round_id": round_id, "unit_id": unit, "topic_id": ids[topic]} | dict(zip(names, sums, strict=True))
        for (unit, topic), sums in sorted(topics.items())
    ]


def _whole(round_id: int, gathered: Gathered, now: int) -> dict[str, Any]:
    sat, total = len(gathered.points), sum(gathered.points)
    spread = _spread(gathered.points)
    same = len(gathered.papers) == 1
    return {
        "round_id": round_id, "counted_at": now, "sat": sat, "max_score": gathered.max_score,
        "mean": total / sat if sat else 0.0, "deviation": sqrt(spread), "same_items": same,
        "reliability": _reliability(gathered) if same else None,
    }  # fmt: skip


def _spread(points: Sequence[int]) -> float:
    return item_analysis.variance(len(points), sum(points), sum(one * one for one in points))


def _reliability(gathered: Gathered) -> float | None:
    """Return alpha of the items that a key marks: one struck out earns what the rest does, and would agree with it."""
    keyed = [counted.pairs for version, counted in gathered.items.items() if version not in gathered.unkeyed]
    tallies = [statistics.tally_of(pairs) for pairs in keyed]
    shares = [item_analysis.variance(tally.sat, tally.x, tally.xx) for tally in tallies]
    return item_analysis.alpha([share * gathered.most**2 for share in shares], _spread(gathered.keyed_points))


def _derive(version_ids: Iterable[int]) -> None:
    """Bring what is shown of these versions in line with the counts of all rounds in which a key marked them."""
    ids = list(version_ids)
    sums = [func.sum(getattr(ItemUse, name)) for name in _SUMS]
    query = (
        select(ItemUse.version_id, ItemVersion.item_id, *sums)
        .join(ItemVersion, ItemVersion.id == ItemUse.version_id)
        .where(ItemUse.version_id.in_(ids), ~marking.is_unkeyed(ItemUse.round_id, ItemUse.version_id))
        .group_by(ItemUse.version_id, ItemVersion.item_id)
    )
    rows = [_shown(version, item, Tally(*sums)) for version, item, *sums in db.session.execute(query)]
    db.session.execute(delete(ItemStatistic).where(ItemStatistic.version_id.in_(ids)))
    if rows:
        db.session.execute(insert(ItemStatistic), rows)


def _shown(version_id: int, item_id: int, tally: Tally) -> dict[str, Any]:
    return {
        "version_id": version_id,
        "item_id": item_id,
        "sat": tally.sat,
        "facility": statistics.facility(tally) or 0.0,
        "correlation": statistics.item_rest_correlation(tally),
        "flag": statistics.flag_of(tally) or "",
    }
