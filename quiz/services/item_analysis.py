"""How the items of one round did, for the board: read from what quiz.services.statistics has counted."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload

from quiz.core import item_analysis, statistics
from quiz.core.corrections import WITH_KEY, Policy, Ruling
from quiz.core.item_analysis import Finding, Group
from quiz.core.statistics import Tally
from quiz.extensions import db
from quiz.models import ItemUse, ItemVersion, Round, RoundItem, RoundStatistic, Topic, TopicUse, Unit
from quiz.services import marking, papers


@dataclass(frozen=True, slots=True)
class Analysed:
    """One item of a round with its figures; `key` are authored options, `difference` is D or None.

    `policy` is how the board ruled on it where its key proved wrong; `key` is then the one that counts. Without a key
    to be marked by it has no figures but who chose what.
    """

    use: ItemUse
    key: tuple[int, ...]
    facility: float | None
    correlation: float | None
    difference: float | None
    findings: tuple[Finding, ...]
    policy: Policy | None = None
    version: ItemVersion | None = None

    @property
    def groups(self) -> tuple[Group, Group]:
        """Return the upper and the lower group."""
        return _groups(self.use)


def of_round(contest_round: Round) -> RoundStatistic | None:
    """Return what the points of a round say as a whole, None until it has been counted."""
    return db.session.get(RoundStatistic, contest_round.id)


def still_in_use(contest_round: Round, now: int) -> Round | None:
    """Return the last round to end that draws on an item of this one, so that not every key may be shown yet."""
    query = _sharing(select(Round), contest_round, now).order_by(Round.closes_at.desc(), Round.id)
    return db.session.scalar(query.limit(1))


def versions_in_use(contest_round: Round, now: int) -> set[int]:
    """Return the versions of this round's pool that a round which has not ended draws on too."""
    return set(db.session.scalars(_sharing(select(_MINE.version_id), contest_round, now).distinct()))


_MINE, _THEIRS = aliased(RoundItem), aliased(RoundItem)


def _sharing(query: Select[Any], contest_round: Round, now: int) -> Select[Any]:
    """Return `query` over the rounds that have not ended and the versions they share with this one."""
    return (
        query.select_from(Round)
        .join(_THEIRS, _THEIRS.round_id == Round.id)
        .join(_MINE, _MINE.version_id == _THEIRS.version_id)
        .where(
            _MINE.round_id == contest_round.id,
            Round.id != contest_round.id,
            Round.opened_at.is_not(None),
            func.coalesce(Round.closed_at, Round.closes_at) > now,
        )
    )


def items_of(contest_round: Round) -> list[Analysed]:
    """Return the items that were on papers of a round, those to look into first, without their texts."""
    pool, rulings = papers.pool_of(contest_round).items, marking.rulings_of(contest_round.id)
    uses = db.session.scalars(select(ItemUse).where(ItemUse.round_id == contest_round.id))
    found = [_analysed(use, pool[use.version_id].key, rulings.get(use.version_id)) for use in uses]
    return sorted(
        found,
        key=lambda one: (item_analysis.most_pressing(one.findings), one.facility or 0.0, one.use.version_id),
    )


def with_texts(analysed: list[Analysed]) -> list[Analysed]:
    """Return the same items with their versions, read by one statement."""
    ids = [one.use.version_id for one in analysed]
    query = select(ItemVersion).where(ItemVersion.id.in_(ids))
    versions = {
        version.id: version for version in db.session.scalars(query.options(joinedload(ItemVersion.item)))
    }
    return [replace(one, version=versions[one.use.version_id]) for one in analysed]


def _groups(use: ItemUse) -> tuple[Group, Group]:
    return Group(use.upper_size, tuple(use.upper)), Group(use.lower_size, tuple(use.lower))


def _analysed(use: ItemUse, key: tuple[int, ...], ruling: Ruling | None) -> Analysed:
    tally = Tally(use.sat, use.x, use.xx, use.y, use.yy, use.xy)
    upper, lower = _groups(use)
    policy = ruling.policy if ruling else None
    if policy is not None and policy not in WITH_KEY:  # everybody got the points, or the share of the rest
        return Analysed(use, (), None, None, None, (), policy)
    if ruling is not None and ruling.key:
        key = ruling.key if policy is Policy.NEW_ONLY else tuple(sorted({*key, *ruling.key}))
    found = item_analysis.findings(tally, key, use.chosen, upper, lower)
    return Analysed(
        use, key, statistics.facility(tally) or 0.0, statistics.item_rest_correlation(tally),
        item_analysis.difference(key, upper, lower), tuple(found), policy,
    )  # fmt: skip


# --- topics --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Points:
    """Points earned of points possible, in hundredths, by so many people."""

    people: int = 0
    earned: int = 0
    possible: int = 0

    def add(self, use: TopicUse) -> None:
        """Take another unit or round in."""
        self.people += use.people
        self.earned += use.earned
        self.possible += use.possible

    @property
    def share(self) -> float:
        """Return earned ÷ possible."""
        return self.earned / self.possible if self.possible else 0.0


@dataclass(frozen=True, slots=True)
class TopicTable:
    """Units by topics: `cells` by (unit id, topic id), `totals` by topic id; the topics are listed weakest first."""

    units: list[Unit]
    topics: list[Topic]
    cells: dict[tuple[int, int], Points]
    totals: dict[int, Points]

    def weakest(self, unit: Unit, count: int = 3) -> list[Topic]:
        """Return the topics on which a unit earned the smallest share of the points, the weakest first."""
        had = [topic for topic in self.topics if (unit.id, topic.id) in self.cells]
        return sorted(had, key=lambda topic: (self.cells[unit.id, topic.id].share, topic.code))[:count]


def topics_of(round_ids: list[int]) -> list[TopicUse]:
    """Return how the units of these rounds did on each topic, with unit and topic loaded."""
    query = select(TopicUse).where(TopicUse.round_id.in_(round_ids))
    loaded = query.options(joinedload(TopicUse.unit), joinedload(TopicUse.topic))
    return list(db.session.scalars(loaded.order_by(TopicUse.round_id, TopicUse.unit_id, TopicUse.topic_id)))


def table_of(uses: list[TopicUse]) -> TopicTable:
    """Return the sums by unit and topic over the rounds they come from."""
    cells: dict[tuple[int, int], Points] = {}
    totals: dict[int, Points] = {}
    for use in uses:
        cells.setdefault((use.unit_id, use.topic_id), Points()).add(use)
        totals.setdefault(use.topic_id, Points()).add(use)
    units = {use.unit_id: use.unit for use in uses}
    topics = {use.topic_id: use.topic for use in uses}
    return TopicTable(
        sorted(units.values(), key=lambda unit: (unit.sort_key, unit.id)),
        sorted(topics.values(), key=lambda topic: (totals[topic.id].share, topic.code)),
        cells,
        totals,
    )
