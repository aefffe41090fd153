"""What the pictures of rounds that are over are drawn from: one pass over their papers, kept until those change."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from quiz.core import pictures
from quiz.core.paper_entry import Medium
from quiz.core.pictures import Answered, Expected, Facilities, Sheet, TopicCell
from quiz.core.statistics import shares
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Attempt, Entry, Item, ItemVersion, Round, Topic, Unit, VoidedAttempt
from quiz.services import papers

KEPT = 50
FEW = 1_000  # papers that are counted even while some round runs: it takes less than saving their answers did
HARDEST = 15
LEAST_OTHERS = 5  # who had an item, before it says how hard a paper was


@dataclass(frozen=True, slots=True)
class HardItem:
    """An item that few got right: its code and topic, how many had it and their share of its points."""

    code: str
    topic: str
    sat: int
    facility: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """The numbers behind all pictures; points in hundredths, offsets in ms from the opening of the own round.

    How hard items are is counted on all `base` papers of the stage, which may be more than those shown.
    """

    points: list[int]
    most: int
    begun: list[int]
    ended: list[int]
    hardest: list[HardItem]
    items: int
    cells: Mapping[tuple[int, str], TopicCell]
    topics: Mapping[str, str]
    expected: list[Expected]  # of each paper
    same_items: bool
    base: int


@dataclass(slots=True)
class _Kept:
    drawn: dict[tuple[int, ...], tuple[object, Drawn]] = field(default_factory=dict)
    facilities: dict[tuple[int, ...], tuple[object, Facilities]] = field(default_factory=dict)


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def finished(rounds: Iterable[Round], now: int) -> list[Round]:
    """Return the rounds that are over and have no paper open: the others are not counted yet (R27)."""
    closed = [one for one in rounds if one.phase_at(now) is Phase.CLOSED and one.opened_at is not None]
    still = select(Attempt.round_id).where(
        Attempt.round_id.in_([one.id for one in closed]), Attempt.submitted_at.is_(None)
    )
    running = set(db.session.scalars(still.distinct()))
    return [one for one in closed if one.id not in running]


def of_rounds(rounds: Sequence[Round], stage: Sequence[Round], now: int) -> Drawn | None:
    """Return the numbers of some finished rounds, None while a running round must not be disturbed.

    `stage` are all finished rounds of their stage, which drew on the same items.
    """
    key, whole = _key(rounds), _key(stage)
    kept = _kept.setdefault(db.engine, _Kept())
    state, base = _state(whole)
    known = kept.drawn.get(key)
    if known is not None and known[0] == state:
        return known[1]
    if base > FEW and _is_any_running(now):
        return None
    facilities = kept.facilities.get(whole)
    if facilities is None or facilities[0] != state:
        sheets = (sheet for one in stage for sheet, _row in _sheets(one))
        facilities = (state, pictures.facilities_of(sheets, LEAST_OTHERS))
    if len(kept.drawn) >= KEPT:
        kept.drawn.clear()
        kept.facilities.clear()
    kept.facilities[whole] = facilities
    kept.drawn[key] = (state, _drawn(rounds, facilities[1], base))
    return kept.drawn[key][1]


def _key(rounds: Iterable[Round]) -> tuple[int, ...]:
    return tuple(sorted(one.id for one in rounds))


def _counting(keys: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that an attempt counts: the first of its entry, handed in, not struck out."""
    entered = aliased(Entry)
    return and_(
        Attempt.round_id.in_(keys), Attempt.submitted_at.is_not(None), Attempt.number == 1,
        ~exists().where(VoidedAttempt.attempt_id == Attempt.id),
        exists().where(entered.id == Attempt.entry_id, entered.withdrawn_at.is_(None)),
    )  # fmt: skip


def _state(keys: Sequence[int]) -> tuple[object, int]:
    """Return what differs after any re-marking, late arrival or striking out, and how many papers there are."""
    query = select(
        func.count(), func.sum(Attempt.raw_score), func.max(Attempt.submitted_at), func.sum(Attempt.time_used)
    ).where(_counting(keys))
    row = db.session.execute(query).one()
    return tuple(row), int(row[0])


def _is_any_running(now: int) -> bool:
    running = select(Round.id).where(
        Round.opened_at.is_not(None),
        Round.opens_at <= now,
        func.coalesce(Round.closed_at, Round.closes_at) > now,
    )
    return db.session.scalar(running.limit(1)) is not None


def _drawn(rounds: Sequence[Round], facilities: Facilities, base: int) -> Drawn:
    sheets, begun, ended, most = [], [], [], 0
    for contest_round in rounds:
        for sheet, row in _sheets(contest_round):
            sheets.append(sheet)
            most = max(most, row.max_score or 0)
            if row.medium == Medium.DEVICE:
                opens = contest_round.opens_at or 0
                begun.append(row.started_at - opens)
                ended.append(row.submitted_at - opens)
    cells = pictures.topic_cells(sheets, facilities)
    expected = [facilities.expected(sheet) for sheet in sheets]
    items = {item.version for sheet in sheets for item in sheet.items}
    return Drawn(
        points=[sheet.points for sheet in sheets], most=most, begun=begun, ended=ended,
        hardest=_hardest(items, facilities), items=len(items), cells=cells,
        topics=_topics({topic for _unit, topic in cells}), expected=[one for one in expected if one is not None],
        same_items=len({frozenset(item.version for item in sheet.items) for sheet in sheets}) <= 1, base=base,
    )  # fmt: skip


def _sheets(contest_round: Round) -> Iterator[tuple[Sheet, Any]]:
    """Yield the papers of a round that count, each with its row."""
    for row in db.session.execute(_papers(contest_round.id)):
        yield _sheet(contest_round, row.paper, row.marks or (), row.scope_id, row.raw_score or 0), row


def _papers(round_id: int) -> Select[tuple[object, ...]]:
    query: Select[tuple[object, ...]] = (
        select(
            Attempt.paper, Attempt.marks, Attempt.raw_score, Attempt.max_score, Attempt.started_at,
            Attempt.submitted_at, Attempt.medium, Entry.scope_id,
        )
        .join(Entry, Entry.id == Attempt.entry_id)
        .where(_counting([round_id]))
    )  # fmt: skip
    return query


def _sheet(contest_round: Round, paper: str, marks: Sequence[int], unit: int, points: int) -> Sheet:
    pool = papers.pool_of(contest_round)
    earned = shares(marks, pool.rules.scheme.points_per_item)
    items = tuple(
        Answered(place.version, pool.items[place.version].topic, share)
        for place, (share, _rest) in zip(papers.places_of(paper), earned, strict=False)
    )
    return Sheet(unit, points, items)


def _hardest(items: set[int], facilities: Facilities) -> list[HardItem]:
    """Return the hardest of these items that enough people had; where none was had by so many, of all."""
    often = [version for version in items if facilities.sums[version][0] >= pictures.LEAST_ITEMS]
    chosen = sorted(often or items, key=lambda version: (facilities.of(version), version))[:HARDEST]
    query = (
        select(ItemVersion.id, Item.code, Topic.title)
        .join(Item, Item.id == ItemVersion.item_id).join(Topic, Topic.id == ItemVersion.topic_id)
        .where(ItemVersion.id.in_(chosen))
    )  # fmt: skip
    names = {key: (code, topic) for key, code, topic in db.session.execute(query)}
    return [HardItem(*names[key], facilities.sums[key][0], facilities.of(key)) for key in chosen]


def _topics(codes: set[str]) -> dict[str, str]:
    query = select(Topic.code, Topic.title).where(Topic.code.in_(codes)).order_by(Topic.title)
    return {code: title for code, title in db.session.execute(query)}


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many of a unit's people were entered and how many sat."""

    unit: Unit
    entered: int
    sat: int


def turnout(rounds: Sequence[Round]) -> list[Turnout]:
    """Return who came, unit by unit under which people were entered, by name."""
    keys = [one.id for one in rounds]
    standing = select(Entry.scope_id, func.count(func.distinct(Entry.id))).where(
        Entry.round_id.in_(keys), Entry.withdrawn_at.is_(None)
    )
    sat = standing.join(Attempt, Attempt.entry_id == Entry.id).where(Attempt.submitted_at.is_not(None))
    entered, came = (
        Counter({unit: number for unit, number in db.session.execute(query.group_by(Entry.scope_id))})
        for query in (standing, sat)
    )
    units = db.session.scalars(select(Unit).where(Unit.id.in_(entered)).order_by(Unit.sort_key, Unit.id))
    return [Turnout(unit, entered[unit.id], came[unit.id]) for unit in units]
