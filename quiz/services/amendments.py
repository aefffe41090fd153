"""Changes after the opening: numbered within their stage, with a reason, printed with the rules (R10)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, select, update
from sqlalchemy.orm import joinedload

from quiz.core import amendments as terms
from quiz.core import rules as rulebook
from quiz.core.amendments import Moment
from quiz.core.errors import N_, RuleBroken
from quiz.core.paper_entry import Medium
from quiz.core.papers import shortfalls
from quiz.core.parts import Part
from quiz.core.prizes import PrizeTable
from quiz.core.readiness import window_stops
from quiz.core.rules import Rules
from quiz.core.states import check_seen
from quiz.core.timing import MINUTE, Phase, Window, day_of
from quiz.extensions import db
from quiz.models import (
    Amendment,
    Attempt,
    Edition,
    Package,
    Performance,
    Round,
    RoundItem,
    ScoreSheet,
    Stage,
    TimeGiven,
    TimeGrant,
)
from quiz.services import audit, delegations, pools
from quiz.services.audit import Actor
from quiz.services.contests import (
    check_drawn_parts,
    check_rules,
    hours_of,
    lock,
    lock_round,
    rules_of,
    state_of,
    state_with,
    with_part,
    with_prizes,
)


def moment_of(stage: Stage) -> Moment:
    """Return how far a stage has come, which decides what may still change."""
    rounds = select(Round.id).where(Round.stage_id == stage.id)
    return Moment(
        started=_is_any(Attempt.round_id.in_(rounds)) or _is_judged(rounds),
        published=_is_any(Edition.round_id.in_(rounds)),
        final=_is_any(Edition.round_id.in_(rounds), Edition.kind == "final"),
        travelling=_is_any(Package.round_id.in_(rounds), ~Package.is_loaded),
    )


def _is_judged(rounds: Select[tuple[int]]) -> bool:
    """Tell whether anybody's clock was started on the stage, or anybody was given a mark."""
    here = Performance.round_id.in_(rounds)
    marked = ScoreSheet.performance_id.in_(select(Performance.id).where(here))
    return _is_any(here, Performance.started_at.is_not(None)) or _is_any(marked)


def _is_any(*conditions: ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(select(exists().where(*conditions))))


def amend_rules(stage: Stage, rules: Rules, reason: str, actor: Actor, now: int, seen: str = "") -> Amendment:
    """Put `rules` in force in every round of a stage that has opened and return the amendment.

    Raise RuleBroken when nothing was frozen yet or nothing changes, the reason is missing, the moment has passed for
    one of the changes, or an opened round could not be held by the new rules; Overtaken when the rules are no longer in
    the state `seen` (a fingerprint, "" when nobody looked).
    """
    rounds = _hold(stage)
    if stage.frozen_at is None:
        raise RuleBroken(N_("Quy định chưa chốt nên cứ sửa thẳng, không cần lập bản sửa đổi."))
    check_seen(seen, state_of(stage), state_with(rules, stage.name))
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do: lý do được in trong thể lệ sửa đổi và thí sinh đọc được."))
    old = rules_of(stage)
    if not terms.changed(old, rules):
        raise RuleBroken(N_("Chưa có gì thay đổi so với quy định đang dùng."))
    check_rules(rules)
    check_drawn_parts(stage, rules)
    delegations.check_named(stage, old, rules)
    for problem in terms.refusals(old, rules, moment_of(stage)):
        raise RuleBroken(problem.message, **problem.values)
    for contest_round in rounds:
        _fit(contest_round, old, rules, now)
    stage.rules, stage.rules_fingerprint = rulebook.to_dict(rules), rulebook.fingerprint(rules)
    return _write(stage, None, rulebook.to_dict(old), stage.rules, reason, actor, now)


def amend_prizes(
    stage: Stage, table: PrizeTable, reason: str, actor: Actor, now: int, seen: str = ""
) -> Amendment:
    """Put another prize table in force and return the amendment; raise as `amend_rules` does."""
    return amend_rules(stage, with_prizes(stage, table, seen), reason, actor, now)


def amend_part(stage: Stage, part: Part, reason: str, actor: Actor, now: int, seen: str = "") -> Amendment:
    """Put `part` in force for the judged part of its name and return the amendment; raise as `amend_rules` does."""
    return amend_rules(stage, with_part(stage, part, seen), reason, actor, now)


def _hold(stage: Stage) -> list[Round]:
    """Lock a stage and its opened rounds and return these: a start under way is seen or waits."""
    lock(stage)
    query = select(Round).where(Round.stage_id == stage.id, Round.opened_at.is_not(None)).order_by(Round.id)
    return list(db.session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def _fit(contest_round: Round, old: Rules, rules: Rules, now: int) -> None:
    """Let an opened round go by the new rules, with other items where its papers need them."""
    window = contest_round.window
    if window is not None and contest_round.phase_at(now) is not Phase.CLOSED:
        if rules.minutes != old.minutes:
            for stop in window_stops(window, rules, min(now, window.opens_at)):
                raise RuleBroken(stop.message, **stop.values)
        if rules.blueprint != old.blueprint:
            _freeze_again(contest_round, rules, window)
    contest_round.amended_at = now


def _freeze_again(contest_round: Round, rules: Rules, window: Window) -> None:
    pool = pools.pool_of(rules, day_of(window.opens_at), day_of(window.closes_at))
    if shortfalls(rules.blueprint, pool):
        raise RuleBroken(
            N_("Ngân hàng không đủ câu cho cấu trúc đề mới ở %(round)s. Hãy duyệt thêm câu trước."),
            round=contest_round.name,
        )
    db.session.execute(delete(RoundItem).where(RoundItem.round_id == contest_round.id))
    pools.freeze(contest_round.id, pool)


def _write(
    stage: Stage,
    contest_round: Round | None,
    before: dict[str, Any],
    after: dict[str, Any],
    reason: str,
    actor: Actor,
    now: int,
) -> Amendment:
    last = db.session.scalar(select(func.max(Amendment.number)).where(Amendment.stage_id == stage.id)) or 0
    amendment = Amendment(
        stage=stage, round=contest_round, number=last + 1, before=before, after=after, reason=reason.strip()[:300],
        made_at=now, made_by_id=actor.account_id,
    )  # fmt: skip
    db.session.add(amendment)
    db.session.flush()
    unit = contest_round.unit if contest_round else stage.contest.unit
    detail = {"number": amendment.number, "reason": amendment.reason, "changed": _names(before, after)}
    audit.record(actor, "stage.amend", contest_round or stage, now, path=unit.path, **detail)
    return amendment


def _names(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name in after if after[name] != before.get(name)]


# --- hours --------------------------------------------------------------------------------------------------------


def note_hours(
    contest_round: Round, before: Window, after: Window, reason: str, actor: Actor, now: int
) -> Amendment:
    """Write down that an opened round was given other hours."""
    lock(contest_round.stage)
    contest_round.amended_at = now
    old, new = ({"opens_at": one.opens_at, "closes_at": one.closes_at} for one in (before, after))
    return _write(contest_round.stage, contest_round, old, new, reason, actor, now)


def extend(
    contest_round: Round, closes_at: int, reason: str, actor: Actor, now: int, seen: str = ""
) -> Amendment:
    """Let a round that is being sat end later, for whoever sits now as for whoever still comes.

    A paper that the old end would have cut short gets the minutes up to its own full time, besides those given by
    the board. Raise RuleBroken when the round is not being sat, or would not end later; Overtaken when its hours are no
    longer in the state `seen`.
    """
    lock_round(contest_round)
    stored = hours_of(contest_round)
    check_seen(seen, stored, {**stored, "closes_at": closes_at})
    old = contest_round.window
    if old is None:
        raise RuleBroken(N_("Chưa có giờ mở và giờ đóng. Hãy đặt giờ cho vòng thi."))
    new = Window(old.opens_at, closes_at, old.closed_at)
    terms.check_extension(contest_round.phase_at(now), old, new, reason)
    stale = pools.expired(contest_round.id, day_of(new.opens_at), day_of(new.closes_at))
    if stale:
        message = N_("Có %(count)d câu hỏi đã chốt không còn hiệu lực vào ngày mới. Hãy chọn ngày khác.")
        raise RuleBroken(message, count=stale)
    contest_round.closes_at = closes_at
    db.session.flush()
    moved = _lengthen(contest_round, closes_at)
    amendment = note_hours(contest_round, old, new, reason, actor, now)
    audit.record(
        actor, "round.extend", contest_round, now, path=contest_round.unit.path, closes_at=closes_at, papers=moved
    )  # fmt: skip
    return amendment


def _lengthen(contest_round: Round, closes_at: int) -> int:
    """Move the deadlines the old end had cut short and return how many moved; none becomes earlier."""
    rules = rules_of(contest_round)
    if rules.full_time_for_late:
        return 0
    given = (
        select(func.coalesce(func.sum(TimeGiven.deadline_after - TimeGiven.deadline_before), 0))
        .join(TimeGrant, TimeGrant.id == TimeGiven.grant_id)
        .where(TimeGiven.attempt_id == Attempt.id, TimeGrant.withdrawn_at.is_(None))
        .correlate(Attempt)
        .scalar_subquery()
    )
    full = Attempt.started_at + rules.minutes * MINUTE
    ends = db.case((full > closes_at, closes_at), else_=full) + given
    running = (
        Attempt.round_id == contest_round.id,
        Attempt.submitted_at.is_(None),
        Attempt.medium == Medium.DEVICE,
        ends > Attempt.deadline,
    )
    statement = update(Attempt).where(*running).values(deadline=ends)
    moved = db.session.execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
    for known in [thing for thing in db.session.identity_map.values() if isinstance(thing, Attempt)]:
        db.session.expire(known)
    return int(moved)


# --- lists --------------------------------------------------------------------------------------------------------


def of_round(contest_round: Round) -> Sequence[Amendment]:
    """Return the amendments that hold in a round, in their order: those of its stage and those of its own hours."""
    here = Amendment.round_id.is_(None) | (Amendment.round_id == contest_round.id)
    return _listed(Amendment.stage_id == contest_round.stage_id, here)


def of_stage(stage: Stage) -> Sequence[Amendment]:
    """Return every amendment of a stage in order."""
    return _listed(Amendment.stage_id == stage.id)


def _listed(*conditions: ColumnElement[bool]) -> Sequence[Amendment]:
    query = select(Amendment).where(*conditions).order_by(Amendment.number)
    return list(db.session.scalars(query.options(joinedload(Amendment.made_by), joinedload(Amendment.round))))
