"""Opening rounds, which freezes rules and items and happens once, and ending them before their hour."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, select, update

from quiz.core.delegations import breaches
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.papers import PoolEntry, Shortfall, shortfalls
from quiz.core.readiness import Facts, Readiness, readiness_of
from quiz.core.timing import Phase, day_of
from quiz.extensions import db
from quiz.models import Entry, Round, Stage, Unit
from quiz.services import attempts, audit, delegations, panel_checks, pools, reserves
from quiz.services.audit import Actor
from quiz.services.contests import lock, rules_of


class NotReady(RuleBroken):
    """A round cannot be opened yet; `readiness` says everything that stops it."""

    def __init__(self, readiness: Readiness) -> None:
        first = readiness.blockers[0]
        super().__init__(first.message, **first.values)
        self.readiness = readiness


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening all rounds of a stage did: those opened now, and those not ready with what stops each."""

    opened: list[Round]
    waiting: list[tuple[Round, Readiness]]


def check_round(contest_round: Round, now: int) -> Readiness:
    """Return what stops a round from being opened, and what its board should know; nothing is changed."""
    return readiness_of(_facts(contest_round, _pool(contest_round), now), now)


def open_round(contest_round: Round, actor: Actor, now: int) -> None:
    """Open a round: freeze its stage's rules and the items it draws on, from when its window decides.

    Raise AlreadyDone if it is open, NotReady with everything that stops it otherwise.
    """
    stage = contest_round.stage
    lock(stage)  # nobody changes the rules while they are being checked and frozen
    db.session.refresh(contest_round, with_for_update={"of": Round})
    if contest_round.opened_at is not None:
        raise AlreadyDone(N_("Vòng thi đã được mở trước đó. Không cần làm gì thêm."))
    pool = _pool(contest_round)
    readiness = readiness_of(_facts(contest_round, pool, now), now)
    if not readiness.is_ready:
        raise NotReady(readiness)
    _open(contest_round, pool, actor, now)


def _open(contest_round: Round, pool: list[PoolEntry], actor: Actor, now: int) -> None:
    unopened = (Round.id == contest_round.id, Round.opened_at.is_(None))
    opening = update(Round).where(*unopened).values(opened_at=now, opened_by_id=actor.account_id)
    if db.session.execute(opening).rowcount == 0:  # type: ignore[attr-defined]
        raise AlreadyDone(N_("Vòng thi đã được mở trước đó. Không cần làm gì thêm."))
    stage = contest_round.stage
    stage.frozen_at = stage.frozen_at or now
    items = pools.freeze(contest_round.id, pool)
    db.session.flush()
    db.session.refresh(contest_round)
    detail = {"rules": stage.rules_fingerprint[:12], "items": items, "opens_at": contest_round.opens_at}
    audit.record(actor, "round.open", contest_round, now, path=contest_round.unit.path, **detail)


def open_all(stage: Stage, actor: Actor, now: int) -> Opened:
    """Open every ready round of a stage and return which were opened and what stops the others."""
    opened: list[Round] = []
    waiting: list[tuple[Round, Readiness]] = []
    for contest_round in unopened_rounds(stage):
        try:
            open_round(contest_round, actor, now)
            opened.append(contest_round)
        except NotReady as refusal:
            waiting.append((contest_round, refusal.readiness))
    return Opened(opened, waiting)


def unopened_rounds(stage: Stage) -> list[Round]:
    """Return the rounds of a stage that have not been opened, in the order of their units' names."""
    query = select(Round).join(Unit, Unit.id == Round.unit_id).order_by(Unit.sort_key, Round.id)
    return list(db.session.scalars(query.where(Round.stage_id == stage.id, Round.opened_at.is_(None))))


def close_round(contest_round: Round, reason: str, actor: Actor, now: int) -> None:
    """End an opened round before its hour with a reason; whoever still sits hands in what is stored now.

    Raise AlreadyDone when it has ended, RuleBroken when it was never opened or no reason is given.
    """
    db.session.refresh(contest_round, with_for_update={"of": Round})
    phase = contest_round.phase_at(now)
    if phase is Phase.DRAFT:
        raise RuleBroken(N_("Vòng thi chưa được mở nên không có gì để kết thúc."))
    if phase is Phase.CLOSED:
        raise AlreadyDone(N_("Vòng thi đã kết thúc trước đó. Không cần làm gì thêm."))
    if not reason:
        raise RuleBroken(N_("Hãy ghi lý do kết thúc sớm để lưu vào nhật ký."))
    contest_round.closed_at, contest_round.closed_reason = now, reason
    db.session.flush()
    attempts.shorten(contest_round, now)
    audit.record(actor, "round.close", contest_round, now, path=contest_round.unit.path, reason=reason)


# --- what is known of a round before it opens ---------------------------------------------------------------------


def _pool(contest_round: Round) -> list[PoolEntry]:
    window = contest_round.window
    if window is None:
        return []
    return pools.pool_of(rules_of(contest_round), day_of(window.opens_at), day_of(window.closes_at))


def _facts(contest_round: Round, pool: list[PoolEntry], now: int) -> Facts:
    rules, stage = rules_of(contest_round), contest_round.stage
    active = (Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
    return Facts(
        rules=rules,
        window=contest_round.window,
        # Which items count depends on the day, so nothing is said of them before there is one.
        shortfalls=_titled(shortfalls(rules.blueprint, pool)) if contest_round.window else (),
        entries=_count(Entry, *active),
        # Later stages are filled by results.
        silent_cells=delegations.silent_cells([contest_round], rules, now) if stage.ordinal == 1 else 0,
        clustered=sum(bool(scope.cluster) for scope in contest_round.scopes),
        unclustered=sum(not scope.cluster for scope in contest_round.scopes),
        ungrouped=_count(Entry, *active, Entry.ranking_group == ""),
        rivals=_rivals(contest_round),
        breaches=tuple(breaches(rules.delegations, reserves.sent_by_units(contest_round))),
        strangers=tuple(delegations.strangers(stage, rules).values()),
        stage=panel_checks.readiness_of(contest_round),
    )


def _titled(gaps: list[Shortfall]) -> tuple[Shortfall, ...]:
    titles = dict(pools.topics()) if gaps else {}
    return tuple(replace(gap, topic=titles.get(gap.topic, gap.topic)) for gap in gaps)


def _count(model: type[Any], *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(db.func.count()).select_from(model).where(*conditions)) or 0


def _rivals(contest_round: Round) -> tuple[str, ...]:
    """Return the names of rounds with overlapping hours that some of the same people sit."""
    window = contest_round.window
    if window is None:
        return ()
    people = select(Entry.person_id).where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
    meeting = (
        Round.opens_at < window.closes_at,
        Round.closes_at > window.opens_at,
        Round.closed_at.is_(None),
    )
    query = select(Round.name).join(Entry).where(
        Round.id != contest_round.id, *meeting, Entry.person_id.in_(people), Entry.withdrawn_at.is_(None)
    )  # fmt: skip
    return tuple(db.session.scalars(query.distinct().order_by(Round.name).limit(5)))
