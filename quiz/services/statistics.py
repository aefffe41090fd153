"""How items did in the rounds they were drawn for, counted once a round is over, outside any page (R27).

Counts stand by round, so that a round can be counted again after a re-marking; what lists show is derived from them.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import delete, exists, func, insert, select

from quiz.core import statistics
from quiz.core.marking import Choice
from quiz.core.statistics import Tally
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt, Contest, Item, ItemStatistic, ItemUse, ItemVersion, Round, RoundItem, Stage
from quiz.services import marking, papers
from quiz.services.papers import Pool

SETTLED = 60 * MINUTE  # ms after the end, when what a line held back has arrived
AT_ONCE = 500  # attempts counted from one statement
_SUMS = ("sat", "x", "xx", "y", "yy", "xy")


@dataclass(slots=True)
class _Count:
    """What the attempts of one round say of one version."""

    pairs: list[tuple[float, float]] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)
    omitted: int = 0


def next_uncounted(now: int) -> Round | None:
    """Return a round that is over, has papers handed in, none open, and has not been counted; only reads."""
    handed_in = exists().where(Attempt.round_id == Round.id, Attempt.submitted_at.is_not(None))
    still_open = exists().where(Attempt.round_id == Round.id, Attempt.submitted_at.is_(None))
    ended = func.coalesce(Round.closed_at, Round.closes_at)
    query = select(Round).where(
        Round.opened_at.is_not(None),
        ended < now - SETTLED,
        ~exists().where(ItemUse.round_id == Round.id),
        handed_in,
        ~still_open,
    )
    return db.session.scalar(query.order_by(Round.id).limit(1))


def count(contest_round: Round) -> int:
    """Count how the items of a round did, anew if it was counted before, and return how many were on papers.

    Of several attempts at one entry the first counts: the others know the questions.
    """
    # Two workers count one after the other.
    db.session.execute(select(Round.id).where(Round.id == contest_round.id).with_for_update())
    pool = papers.pool_of(contest_round)
    counts: dict[int, _Count] = {}
    for attempt, choices in _first_attempts(contest_round.id):
        _add(counts, attempt, choices, pool)
    db.session.execute(delete(ItemUse).where(ItemUse.round_id == contest_round.id))
    rows = [_row(contest_round.id, version, counted) for version, counted in sorted(counts.items())]
    if rows:
        db.session.execute(insert(ItemUse), rows)
    _derive(counts)
    return len(rows)


def _first_attempts(round_id: int) -> Iterable[tuple[Attempt, dict[int, Choice]]]:
    query = select(Attempt).where(
        Attempt.round_id == round_id, Attempt.submitted_at.is_not(None), Attempt.number == 1
    )
    attempts = list(db.session.scalars(query.order_by(Attempt.id)))
    for start in range(0, len(attempts), AT_ONCE):
        some = attempts[start : start + AT_ONCE]
        choices = marking.choices_of(attempt.id for attempt in some)
        yield from ((attempt, choices[attempt.id]) for attempt in some)


def _add(counts: dict[int, _Count], attempt: Attempt, choices: dict[int, Choice], pool: Pool) -> None:
    shares = statistics.shares(attempt.marks or (), pool.rules.scheme.points_per_item)
    for position, (place, pair) in enumerate(zip(papers.places_of(attempt.paper), shares, strict=False)):
        counted = counts.setdefault(place.version, _Count(chosen=[0] * len(place.order)))
        counted.pairs.append(pair)
        taken = choices.get(position, frozenset())
        counted.omitted += not taken
        for shown in taken:
            counted.chosen[place.order[shown]] += 1


def _row(round_id: int, version_id: int, counted: _Count) -> dict[str, Any]:
    sums = asdict(statistics.tally_of(counted.pairs))
    return {
        "round_id": round_id,
        "version_id": version_id,
        "omitted": counted.omitted,
        "chosen": counted.chosen,
    } | sums


def _derive(version_ids: Iterable[int]) -> None:
    """Bring what is shown of these versions in line with the counts of all rounds."""
    ids = list(version_ids)
    sums = [func.sum(getattr(ItemUse, name)) for name in _SUMS]
    query = (
        select(ItemUse.version_id, ItemVersion.item_id, *sums)
        .join(ItemVersion, ItemVersion.id == ItemUse.version_id)
        .where(ItemUse.version_id.in_(ids))
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


# --- one item ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Use:
    """A round whose pool held a version of an item; `use` is None until the round has been counted."""

    version: int
    contest: str
    stage: str
    round: Round
    use: ItemUse | None


def uses_of(item: Item, limit: int = 50) -> list[Use]:
    """Return the rounds whose pools held the item, the latest first, at most `limit`."""
    query = (
        select(ItemVersion.number, Contest.title, Stage.name, Round, ItemUse)
        .join(RoundItem, RoundItem.version_id == ItemVersion.id)
        .join(Round, Round.id == RoundItem.round_id)
        .join(Stage, Stage.id == Round.stage_id)
        .join(Contest, Contest.id == Stage.contest_id)
        .outerjoin(ItemUse, db.and_(ItemUse.round_id == Round.id, ItemUse.version_id == ItemVersion.id))
        .where(ItemVersion.item_id == item.id)
        .order_by(ItemUse.sat.is_(None), Round.opens_at.desc(), Round.id.desc())
        .limit(limit)
    )
    return [Use(*row) for row in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class Figures:
    """How a version did over all rounds counted; `chosen` by authored option, `correlation` None where undefined."""

    sat: int
    facility: float
    correlation: float | None
    flag: str
    chosen: list[int]
    omitted: int


def figures_of(version: ItemVersion) -> Figures | None:
    """Return how a version did, or None when it was on no paper of a round counted."""
    found = db.session.get(ItemStatistic, version.id)
    if found is None:
        return None
    rows = db.session.execute(
        select(ItemUse.chosen, ItemUse.omitted).where(ItemUse.version_id == version.id)
    ).all()
    chosen = [sum(counts) for counts in zip(*(row.chosen for row in rows), strict=True)]
    omitted = sum(row.omitted for row in rows)
    return Figures(found.sat, found.facility, found.correlation, found.flag, chosen, omitted)
