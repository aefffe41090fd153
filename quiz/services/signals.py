"""Signs found in a round, as the board reads them, and what it decides; nothing here punishes anybody (R30)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.papers import Place
from quiz.core.signals import Sign, Verdict
from quiz.extensions import db
from quiz.models import (
    Attempt,
    Entry,
    Round,
    RoundItem,
    Signal,
    SignalDecision,
    SignalPaper,
    SignalReport,
    Unit,
)
from quiz.services import audit, papers
from quiz.services.audit import Actor
from quiz.services.marking import choice_of

PAGE = 50
LONGEST_REASON = 300  # characters
JUST_DECIDED = N_("Dấu hiệu này vừa có quyết định. Hãy xem quyết định đó rồi ghi thêm nếu cần.")


def report_of(contest_round: Round) -> SignalReport | None:
    """Return the last report of a round, None when nobody has looked."""
    return db.session.get(SignalReport, contest_round.id)


def counts(contest_round: Round) -> dict[Sign, tuple[int, int]]:
    """Return for each kind how many signs a round has and how many nobody has decided about."""
    is_decided = exists().where(SignalDecision.signal_id == Signal.id)
    undecided = func.sum(case((is_decided, 0), else_=1))
    query = select(Signal.kind, func.count(), undecided).where(Signal.round_id == contest_round.id)
    return {kind: (total, int(left)) for kind, total, left in db.session.execute(query.group_by(Signal.kind))}


def page_of(contest_round: Round, kind: Sign | None = None, page: int = 1) -> Any:
    """Return a page of signs, those nobody has decided about first, then by kind, the strongest first."""
    is_decided = exists().where(SignalDecision.signal_id == Signal.id)
    order = case({sign.value: place for place, sign in enumerate(Sign)}, value=Signal.kind)
    query = (
        select(Signal)
        .where(Signal.round_id == contest_round.id)
        .options(
            selectinload(Signal.papers).joinedload(SignalPaper.attempt).joinedload(Attempt.entry).options(
                joinedload(Entry.person), joinedload(Entry.unit)
            ),
            selectinload(Signal.decisions),
        )
        .order_by(is_decided, order, Signal.strength.desc(), Signal.id)
    )  # fmt: skip
    if kind is not None:
        query = query.where(Signal.kind == kind)
    return db.paginate(query, page=max(page, 1), per_page=PAGE, error_out=False)


def decide(
    signal: Signal, verdict: Verdict, reason: str, seen: int, actor: Actor, now: int
) -> SignalDecision:
    """Record what the board makes of a sign; earlier decisions stay beside it.

    `seen` is how many decisions stood when the form was shown: raise AlreadyDone when this very one stands by now, and
    RuleBroken when another does. Raise RuleBroken without a reason.
    """
    db.session.execute(select(Signal.id).where(Signal.id == signal.id).with_for_update())
    query = select(func.count()).where(SignalDecision.signal_id == signal.id)
    number = (db.session.scalar(query) or 0) + 1
    reason = reason.strip()[:LONGEST_REASON]
    if number != seen + 1:
        last = signal.decisions[-1]
        is_same = (last.verdict, last.reason, last.decided_by_id) == (verdict, reason, actor.account_id)
        raise (AlreadyDone if is_same else RuleBroken)(JUST_DECIDED)
    if not reason:
        raise RuleBroken(N_("Hãy ghi lý do của quyết định."))
    decision = SignalDecision(
        number=number, verdict=verdict, reason=reason, decided_at=now, decided_by_id=actor.account_id
    )
    signal.decisions.append(decision)
    db.session.flush()
    path = signal.round.unit.path
    audit.record(actor, "signal.decide", signal, now, path, verdict=verdict.value, reason=reason)
    return decision


# --- the same wrong answers, side by side ----------------------------------------------------------------------------


class Shown(NamedTuple):
    """Where a question stood on one paper, and where the options taken stood in it; counted from 0."""

    position: int
    options: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SameAnswer:
    """A question that papers have wrong in the same way: what it asks, what was taken, and where each paper showed it.

    `stem` is None, and there are no answers, while the question may still come in a round that is not over.
    """

    stem: str | None
    answers: tuple[str, ...]
    shown: tuple[Shown, ...]


def same_answers(signal: Signal, now: int) -> list[SameAnswer]:
    """Return the shared wrong answers of a sign of that kind, in the order of its first paper; never the key."""
    items = papers.pool_of(signal.round).items
    places = [_places(paper.attempt) for paper in signal.papers]
    taken = {version: choice_of(answer) for version, answer in signal.facts["same"]}
    still_to_come = _still_to_come(taken, signal.round_id, now)
    found = []
    for version in sorted(taken, key=lambda version: places[0][version][0]):
        options = sorted(taken[version])
        shown = tuple(_shown(*place[version], options) for place in places)
        if version in still_to_come:
            found.append(SameAnswer(None, (), shown))
        else:
            item = items[version]
            found.append(SameAnswer(item.stem, tuple(item.options[option] for option in options), shown))
    return found


def _places(attempt: Attempt) -> dict[int, tuple[int, Place]]:
    return {place.version: (at, place) for at, place in enumerate(papers.places_of(attempt.paper))}


def _shown(position: int, place: Place, options: list[int]) -> Shown:
    return Shown(position, tuple(sorted(place.order.index(option) for option in options)))


def _still_to_come(versions: Iterable[int], round_id: int, now: int) -> set[int]:
    """Return those that are in the pool of another round somebody may still sit."""
    query = (
        select(RoundItem.version_id)
        .join(Round, Round.id == RoundItem.round_id)
        .where(
            RoundItem.version_id.in_(list(versions)), Round.id != round_id, Round.closes_at > now,
            or_(Round.closed_at.is_(None), Round.closed_at > now),
        )
    )  # fmt: skip
    return set(db.session.scalars(query))


def left_out_units(report: SignalReport) -> list[Unit]:
    """Return the units whose papers were too many to compare."""
    return list(
        db.session.scalars(select(Unit).where(Unit.id.in_(report.left_out)).order_by(Unit.sort_key, Unit.id))
    )
