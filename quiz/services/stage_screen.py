"""What the hall's screen shows of a round on the stage; of questions only the one the secretary shows."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quiz.core import stage_screen as rule
from quiz.core.parts import Part
from quiz.core.performances import OnStage, used_at
from quiz.core.stage_screen import Turn
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Entry, ItemVersion, LotItem, OrderDraw, Performance, Round, Unit
from quiz.services.contests import rules_of
from quiz.services.performances import stage_of


@dataclass(frozen=True, slots=True)
class StageScreen:
    """Who is on (`on`), else who was on last (`done`); who is next; the question shown and how large it is set."""

    on: Performance | None
    done: Performance | None
    following: Performance | None
    part: Part | None
    stage: OnStage | None = None
    lot: int = 0
    place: int = 0
    count: int = 0
    question: ItemVersion | None = None
    size: str = ""

    @property
    def limit(self) -> int:
        """Return the time limit of the part in seconds, 0 for none."""
        return self.part.minutes * 60 if self.part else 0


def is_before_the_hall(contest_round: Round, phase: Phase) -> bool:
    """Tell whether the hall sees the stage: the order is drawn, and nobody is sitting or about to sit the paper."""
    if db.session.get(OrderDraw, contest_round.id) is None:
        return False
    return not rules_of(contest_round).has_online or phase not in (Phase.SCHEDULED, Phase.OPEN)


def of_round(contest_round: Round) -> StageScreen:
    """Return what the screen shows of the stage now."""
    parts = [part for part in rules_of(contest_round).judged_parts if not part.is_read_at_desk]
    turns = _turns(contest_round, [part.name for part in parts])
    last = rule.last_called(turns)
    on, following = rule.is_on(last), rule.next_up(turns, last)
    last_one, next_one = _named(last), _named(following)
    shown = last_one or next_one
    part = next((one for one in parts if shown and one.name == shown.part), None)
    if not on or last_one is None:
        return StageScreen(None, last_one, next_one, part)
    item = _shown(last_one)
    texts = [item.version.stem, *item.version.options] if item else []
    return StageScreen(
        last_one,
        None,
        next_one,
        part,
        stage_of(last_one),
        lot=last_one.lot.number if last_one.lot else 0,
        place=item.place if item else 0,
        count=len(last_one.lot.items) if item and last_one.lot else 0,
        question=item.version if item else None,
        size=rule.size_of(texts),
    )


def seconds_on(performance: Performance, now: int | None = None) -> int:
    """Return the whole seconds on a clock at `now`; without it those before it was last started."""
    since = performance.running_since if now is not None else None
    return used_at(performance.used, since, now or 0) // 1000


def _turns(contest_round: Round, parts: list[str]) -> list[Turn]:
    one = Performance
    columns = (
        one.id,
        one.part,
        one.drawn,
        one.called_at,
        one.running_since,
        one.stopped_at,
        one.absent_reason,
    )
    query = select(*columns).join(Entry, Entry.id == one.entry_id)
    query = query.where(one.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
    return [
        Turn(key, parts.index(part), drawn, called, running, stopped, bool(absent))
        for key, part, drawn, called, running, stopped, absent in db.session.execute(query)
        if part in parts
    ]


def _named(turn: Turn | None) -> Performance | None:
    if turn is None:
        return None
    entry = joinedload(Performance.entry)
    query = select(Performance).where(Performance.id == turn.key)
    unit = entry.joinedload(Entry.unit).joinedload(Unit.parent)
    return db.session.scalar(query.options(entry.joinedload(Entry.person), unit, joinedload(Performance.lot)))


def _shown(performance: Performance) -> LotItem | None:
    if not performance.lot_id or not performance.lot_shown:
        return None
    query = select(LotItem).where(
        LotItem.lot_id == performance.lot_id, LotItem.place == performance.lot_shown
    )
    return db.session.scalar(query.options(joinedload(LotItem.version)))
