"""The hall's screen: its address, and the freeze of the public figures; revealing.py shows the ranking on it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from quiz.core import reveal
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.reveal import MOST_MINUTES
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.keyring import new_code
from quiz.models import Attempt, Entry, Projection, Round, Unit
from quiz.services import audit
from quiz.services.audit import Actor

CODE = 10  # characters of an address: 50 bits, and still possible to type at the hall's computer


@dataclass(frozen=True, slots=True)
class Figures:
    """How many of a unit, or of all, are entered, have begun and have handed in."""

    name: str
    entered: int
    begun: int
    handed_in: int


def of_round(contest_round: Round) -> Projection | None:
    """Return the screen of a round, if there ever was one."""
    return db.session.scalar(select(Projection).where(Projection.round_id == contest_round.id))


def by_code(code: str) -> Projection | None:
    """Return the screen whose address has this code."""
    return db.session.scalar(select(Projection).where(Projection.code == code.strip().upper()))


def open_screen(contest_round: Round, actor: Actor, now: int) -> Projection:
    """Give the screen of a round an address, a new one when it has one already, and return the screen."""
    projection = of_round(contest_round)
    if projection is None:
        projection = Projection(round=contest_round, made_at=now)
        try:
            with db.session.begin_nested():
                db.session.add(projection)
        except IntegrityError as clash:
            raise AlreadyDone(N_("Màn hình của vòng thi này đã được mở.")) from clash
    projection.code = new_code(CODE)
    return acted(projection, "screen.open", actor, now)


def close_screen(projection: Projection, actor: Actor, now: int) -> None:
    """Take the address back: every screen that shows it goes dark."""
    lock(projection)
    if projection.code is None:
        raise AlreadyDone(N_("Màn hình đã được tắt."))
    projection.code = None
    acted(projection, "screen.close", actor, now)


def lock(projection: Projection) -> None:
    """Hold the screen, read anew, until the transaction ends."""
    db.session.refresh(projection, with_for_update={"key_share": True})


def acted(projection: Projection, action: str, actor: Actor, now: int, **detail: Any) -> Projection:
    """Record an act on the screen and return the screen."""
    db.session.flush()
    audit.record(actor, action, projection.round, now, projection.round.unit.path, **detail)
    return projection


# --- the freeze ---------------------------------------------------------------------------------------------------


def plan_freeze(projection: Projection, minutes: int | None, actor: Actor, now: int) -> None:
    """Let the public figures stand still so many minutes before the end, from now on if that is past; None: never."""
    lock(projection)
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        raise RuleBroken(N_("Số phút phải từ 0 đến %(most)d."), most=MOST_MINUTES)
    if is_frozen(projection, now):
        raise RuleBroken(N_("Số liệu công khai đang dừng. Hãy cho hiện tiếp trước."))
    projection.freeze_minutes = minutes
    projection.frozen_at = projection.frozen = projection.released_at = None
    if is_frozen(projection, now):
        _keep(projection, now)
    acted(projection, "screen.freeze", actor, now, minutes=minutes)


def freeze_now(projection: Projection, actor: Actor, now: int) -> None:
    """Let the public figures stand still from now on."""
    lock(projection)
    if is_frozen(projection, now):
        raise AlreadyDone(N_("Số liệu công khai đã dừng rồi."))
    projection.released_at = None
    _keep(projection, now)
    acted(projection, "screen.freeze", actor, now)


def release(projection: Projection, actor: Actor, now: int) -> None:
    """Let the public see the figures as they are now."""
    lock(projection)
    if not is_frozen(projection, now):
        raise AlreadyDone(N_("Số liệu công khai không dừng, nên không cần cho hiện tiếp."))
    projection.released_at, projection.freeze_minutes = now, None
    acted(projection, "screen.release", actor, now)


def freeze_instant(projection: Projection) -> int | None:
    """Return from when the public figures stand, or will stand, still; None for never."""
    window = projection.round.window
    return reveal.freeze_instant(window, projection.freeze_minutes, projection.frozen_at)


def is_frozen(projection: Projection, now: int) -> bool:
    """Tell whether the public figures stand still."""
    return reveal.is_frozen(now, freeze_instant(projection), projection.released_at)


def public_figures(projection: Projection, now: int) -> list[Figures]:
    """Return what the public sees at `now`, unit by unit: while frozen what was kept then, so that nothing moves."""
    if is_frozen(projection, now) and projection.frozen is not None:
        return [Figures(**unit) for unit in projection.frozen["units"]]
    instant = reveal.public_instant(now, freeze_instant(projection), projection.released_at)
    return figures_at(projection.round, instant)


def figures_at(contest_round: Round, instant: int) -> list[Figures]:
    """Return the figures of each unit of a round as they stood at `instant`, by name, in three queries."""
    standing = (
        Entry.round_id == contest_round.id, Entry.created_at <= instant,
        (Entry.withdrawn_at.is_(None)) | (Entry.withdrawn_at > instant),
    )  # fmt: skip
    people = func.count(func.distinct(Entry.id))
    entered = select(Entry.scope_id, people).where(*standing).group_by(Entry.scope_id)
    sat = entered.join(Attempt, Attempt.entry_id == Entry.id)
    counts = [
        {key: number for key, number in db.session.execute(query)}
        for query in (
            entered, sat.where(Attempt.started_at <= instant), sat.where(Attempt.submitted_at <= instant),
        )
    ]  # fmt: skip
    units = db.session.scalars(select(Unit).where(Unit.id.in_(counts[0])).order_by(Unit.sort_key, Unit.id))
    return [Figures(unit.title, *(found.get(unit.id, 0) for found in counts)) for unit in units]


def total(units: Sequence[Figures]) -> Figures:
    """Return the sum of the figures of all units."""
    return Figures(
        "", sum(one.entered for one in units), sum(one.begun for one in units), sum(one.handed_in for one in units)
    )  # fmt: skip


def _keep(projection: Projection, instant: int) -> None:
    kept = {"units": [asdict(one) for one in figures_at(projection.round, instant)]}
    projection.frozen_at, projection.frozen = instant, kept


def due_to_freeze(now: int) -> list[int]:
    """Return the screens whose planned freeze has come and whose figures are not kept yet; only reads."""
    ends = func.coalesce(Round.closed_at, Round.closes_at)
    planned = func.coalesce(Round.closes_at, 0) - Projection.freeze_minutes * MINUTE
    query = (
        select(Projection.id)
        .join(Round, Round.id == Projection.round_id)
        .where(
            Projection.freeze_minutes.is_not(None), Projection.frozen_at.is_(None),
            (planned <= now) | (ends <= now),
        )
    )  # fmt: skip
    return list(db.session.scalars(query))


def freeze_due(now: int) -> int:
    """Keep the figures of every screen whose planned freeze has come, and return how many those were."""
    frozen = 0
    for key in due_to_freeze(now):
        projection = db.session.get_one(Projection, key)
        lock(projection)
        instant = freeze_instant(projection)
        if projection.frozen_at is None and instant is not None and instant <= now:
            _keep(projection, instant)
            frozen += 1
    db.session.flush()
    return frozen
