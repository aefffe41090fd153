"""The frozen pool of a round in memory, and the papers drawn from it.

Once its round has opened a pool and its rules change only by an amendment, whose instant the round tells, and an item
version never changes, so every process keeps what it has read. What is kept belongs to one database and goes with it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from quiz.core import papers, rules
from quiz.core.items import Kind
from quiz.core.papers import Place, PoolEntry, Strata
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Attempt, ItemVersion, Round, RoundItem, Stage, Topic

KEPT = 500  # pools; a district contest needs a few dozen


@dataclass(frozen=True, slots=True)
class PoolItem:
    """One item version as sitting and marking need it; `key` holds authored option indices and stays here."""

    version: int
    kind: Kind
    stem: str
    options: tuple[str, ...]
    key: tuple[int, ...]
    topic: str
    level: str
    keep_order: bool
    keep_last: bool


@dataclass(frozen=True, slots=True)
class Pool:
    """What a round draws from and by which rules, frozen when it opened."""

    rules: Rules
    entries: tuple[PoolEntry, ...]
    strata: Strata
    items: Mapping[int, PoolItem]


@dataclass(frozen=True, slots=True)
class PaperItem:
    """One question as its candidate sees it: options in the order of the paper, and nothing about the key."""

    position: int
    several: bool
    stem: str
    options: tuple[str, ...]


@dataclass(slots=True)
class _Kept:
    pools: dict[tuple[int, int, int | None], Pool] = field(default_factory=dict)
    items: dict[int, PoolItem] = field(default_factory=dict)


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def pool_of(contest_round: Round) -> Pool:
    """Return the pool and rules of a round that has opened."""
    if contest_round.opened_at is None:
        raise ValueError("the pool of a round that has not opened may still change")
    return pool_opened_at(contest_round.id, contest_round.opened_at, contest_round.amended_at)


def pool_opened_at(round_id: int, opened_at: int, amended_at: int | None = None) -> Pool:
    """Return the pool and rules of the round opened at that instant, as they stand since the last amendment."""
    kept = _kept.setdefault(db.engine, _Kept())
    found = kept.pools.get((round_id, opened_at, amended_at))
    if found is None:
        if len(kept.pools) >= KEPT:
            kept.pools.clear()
        kept.pools[round_id, opened_at, amended_at] = found = _read_pool(round_id, kept.items)
    return found


def _read_pool(round_id: int, known: dict[int, PoolItem]) -> Pool:
    rows = db.session.execute(
        select(
            ItemVersion.id, ItemVersion.kind, ItemVersion.stem, ItemVersion.options, ItemVersion.key, Topic.code,
            ItemVersion.level, ItemVersion.keep_order, ItemVersion.keep_last,
        )
        .join(RoundItem, RoundItem.version_id == ItemVersion.id)
        .join(Topic, Topic.id == ItemVersion.topic_id)
        .where(RoundItem.round_id == round_id)
    )  # fmt: skip
    items = {}
    for version, kind, stem, options, key, topic, level, *keeps in rows:
        item = PoolItem(version, kind, stem, tuple(options), tuple(key), topic, str(level), *keeps)
        items[version] = known.setdefault(version, item)  # rounds of one contest share their items
    entries = tuple(
        PoolEntry(
            item.version, item.topic, item.level, len(item.options),
            item.keep_order or item.kind is Kind.TRUE_FALSE, item.keep_last,
        )
        for item in items.values()
    )  # fmt: skip
    frozen = select(Stage.rules).join(Round, Round.stage_id == Stage.id).where(Round.id == round_id)
    its = rules.from_dict(db.session.scalars(frozen).one())
    return Pool(its, entries, papers.strata_of(its.blueprint, entries), items)


def draw(pool: Pool, seed: str) -> str:
    """Return the paper drawn for `seed` as it is stored; raise RuleBroken when the pool cannot fill it."""
    its = pool.rules
    places = papers.drawn_from(pool.strata, its.blueprint, seed, its.shuffle_items, its.shuffle_options)
    return json.dumps([[place.version, place.order] for place in places], separators=(",", ":"))


def places_of(paper: str) -> list[Place]:
    """Return the places of a stored paper."""
    return [Place(version, tuple(order)) for version, order in json.loads(paper)]


def paper_of(attempt: Attempt) -> list[PaperItem]:
    """Return the questions of an attempt in order, with the options as its paper shows them, never the key."""
    items = pool_of(attempt.entry.round).items
    return [
        PaperItem(position, item.kind is Kind.MULTIPLE, item.stem, _in_order(item.options, place.order))
        for position, place in enumerate(places_of(attempt.paper))
        for item in (items[place.version],)
    ]


def _in_order(options: Sequence[str], order: Sequence[int]) -> tuple[str, ...]:
    return tuple(options[index] for index in order)
