"""Starting from what is there: a ready-made contest, last year's, or one round's set-up for others (R11)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from quiz.core.delegations import handed_on, units_in
from quiz.core.errors import N_, RuleBroken
from quiz.core.participation import is_valid
from quiz.core.rules import Rules
from quiz.core.states import State, check_seen
from quiz.core.templates import Template, spread
from quiz.core.timing import MINUTE, day_of
from quiz.extensions import db
from quiz.models import Cluster, Contest, Notice, Round, Stage, Unit
from quiz.services import audit, contests, notices, pools, rounds, windows
from quiz.services.audit import Actor
from quiz.services.contests import rules_of

DAY = 24 * 60 * MINUTE


@dataclass(slots=True)
class Copied:
    """A contest made like another, the units that have ended since with nobody in their place, and how many of its
    rounds would have begun already."""

    contest: Contest
    left_out: list[Unit] = field(default_factory=list)
    past: int = 0


def from_template(template: Template, unit: Unit, code: str, title: str, actor: Actor, now: int) -> Contest:
    """Return a new contest with the stages and rules of a template, its papers spread over what the bank has."""
    contest = contests.create_contest(unit, code, title, actor, now)
    there: dict[str, int] = dict.fromkeys((topic for topic, _title in pools.topics()), 0)
    for (topic, _level), count in pools.availability(day_of(now)).items():
        there[topic] += count
    for plan in template.stages:
        rules = replace(plan.rules, blueprint=spread(plan.items, there))
        contests.place_stage(contest, plan.name, rules, actor, now)
    audit.record(actor, "contest.template", contest, now, path=unit.path, template=template.key)
    return contest


def copy_contest(
    source: Contest, code: str, title: str, first_day: date | None, actor: Actor, now: int
) -> Copied:
    """Return a new contest with the stages, rules, rounds and clusters of `source`; no people, no results.

    Hours are left to be set, or all moved by whole days so that the first round opens on `first_day`. A unit that
    has ended is replaced by its successor, also where the rules name it; without one it is left out. Prizes are among
    the rules.
    """
    board = _heir(source.unit, day_of(now))
    if board is None:
        raise RuleBroken(N_("Đơn vị tổ chức cuộc thi cũ đã kết thúc. Hãy tạo cuộc thi mới."))
    done = Copied(contests.create_contest(board, code, title, actor, now))
    query = select(Stage).where(Stage.contest_id == source.id).order_by(Stage.ordinal)
    old = list(db.session.scalars(query.options(selectinload(Stage.rounds).selectinload(Round.scopes))))
    shift = _shift([one for stage in old for one in stage.rounds], first_day)
    for stage in old:
        new = contests.place_stage(done.contest, stage.name, _rules(stage, board, now, done), actor, now)
        for contest_round in stage.rounds:
            _copy_round(contest_round, new, shift, done, actor, now)
    detail = {"source": source.code, "left_out": [unit.title for unit in done.left_out]}
    audit.record(actor, "contest.copy", done.contest, now, path=board.path, **detail)
    return done


def _shift(old: Iterable[Round], first_day: date | None) -> int | None:
    """Return the milliseconds by which all hours move, None when they are left to be set."""
    hours = [one.opens_at for one in old if one.opens_at is not None]
    if first_day is None or not hours:
        return None
    return (first_day - day_of(min(hours))).days * DAY


def _heir(unit: Unit, day: date) -> Unit | None:
    """Return the unit, or who has come into its place since, if anybody stands on `day`."""
    seen: set[int] = set()
    found: Unit | None = unit
    while found is not None and found.id not in seen and not is_valid(found.valid_from, found.valid_to, day):
        seen.add(found.id)
        found = found.successor
    return None if found is None or found.id in seen else found


def _heir_under(unit: Unit, board: Unit, day: date, done: Copied) -> Unit | None:
    """Return who stands for a unit on `day` under the board; without anybody note that the unit is left out."""
    found = _heir(unit, day)
    if found is not None and found.path.startswith(board.path):
        return found
    _leave_out(done, unit)
    return None


def _rules(old: Stage, board: Unit, now: int, done: Copied) -> Rules:
    """Return the rules of a stage with the quotas of single units at who stands for these now."""
    rules, heirs = rules_of(old), {}
    for unit in db.session.scalars(select(Unit).where(Unit.code.in_(units_in(old.rules))).order_by(Unit.id)):
        if heir := _heir_under(unit, board, day_of(now), done):
            heirs[unit.code] = heir.code
    return replace(rules, delegations=handed_on(rules.delegations, heirs))


def _copy_round(old: Round, stage: Stage, shift: int | None, done: Copied, actor: Actor, now: int) -> None:
    board, day = stage.contest.unit, day_of(now)
    place = _heir_under(old.unit, board, day, done)
    if place is None:
        return
    if any(made.unit_id == place.id and made.name == old.name for made in stage.rounds):
        return  # two units became one, and each had its round
    scopes = _scopes(old, board, day, done)
    hours = (None, None)
    if shift is not None and old.opens_at is not None and old.closes_at is not None:
        hours = (old.opens_at + shift, old.closes_at + shift)
    made = rounds.add_round(stage, place, old.name, *hours, actor, now, scopes or [(place, "")])
    done.past += made.opens_at is not None and made.opens_at <= now
    _copy_clusters(old, made, day)


def _scopes(old: Round, board: Unit, day: date, done: Copied) -> list[tuple[Unit, str]]:
    found: dict[int, tuple[Unit, str]] = {}
    for scope in old.scopes:
        unit = _heir_under(scope.unit, board, day, done)
        if unit and not any(unit.path.startswith(other.path) for other, _cluster in found.values()):
            found[unit.id] = (unit, scope.cluster)
    return list(found.values())


def _leave_out(done: Copied, unit: Unit) -> None:
    if unit not in done.left_out:
        done.left_out.append(unit)


def _copy_clusters(old: Round, made: Round, day: date) -> None:
    for cluster in db.session.scalars(select(Cluster).where(Cluster.round_id == old.id)):
        host, head = (_heir(unit, day) if unit else None for unit in (cluster.host, cluster.head))
        db.session.add(Cluster(round_id=made.id, name=cluster.name, host=host, head=head))
    db.session.flush()


# --- one round's set-up for others --------------------------------------------------------------------------------

NOTHING_CHOSEN = N_("Chưa chọn phần nào để chép: hãy đánh dấu giờ thi hoặc người liên hệ.")
NO_HOURS = N_("Vòng này chưa đặt giờ mở, giờ đóng: hãy đặt giờ, hoặc bỏ đánh dấu phần ấy.")
NO_CONTACT = N_(
    "Vòng này chưa ghi người liên hệ trên giấy báo dự thi: hãy ghi ở trang Giấy báo dự thi, hoặc bỏ đánh dấu phần ấy."
)
NEITHER = N_(
    "Vòng này chưa đặt giờ mở, giờ đóng và chưa ghi người liên hệ trên giấy báo dự thi: hãy đặt rồi chép."
)


def state_of_setup(model: Round) -> State:
    """Return what the form shows: the hours and the contact of `model`, and of the rounds these may be copied to."""
    beside = [model, *drafts_beside(model)]
    query = select(Notice).where(Notice.round_id.in_([one.id for one in beside]))
    found = db.session.scalars(query.execution_options(populate_existing=True))
    said = {notice.round_id: notice.contact for notice in found}
    own, *others = ([str(one.id), one.opens_at, one.closes_at, said.get(one.id, "")] for one in beside)
    return {"model": own, "rounds": others}


def copy_setup(
    model: Round, others: Sequence[Round], hours: bool, notice: bool, actor: Actor, now: int, seen: str = ""
) -> tuple[list[Round], list[Round]]:
    """Give other rounds of the stage the hours or the words of the notices of `model`.

    Return those changed and those left alone because they have opened. Raise RuleBroken naming what there is not,
    Overtaken when the rounds are no longer as `seen`.
    """
    contests.lock_round(model)
    check_seen(seen, state_of_setup(model), {})
    words = notices.of(model) if notice else None
    if why := _nothing_to_copy(model, words, hours, notice):
        raise RuleBroken(why)
    waiting = [one for one in others if one.opened_at is None and one.id != model.id]
    for one in waiting:
        if hours and model.opens_at is not None and model.closes_at is not None:
            windows.set_window(one, model.opens_at, model.closes_at, actor, now)
        if words is not None:
            there = notices.of(one)
            notices.write(one, there.place if there else "", words.contact, actor, now)
    unit = model.stage.contest.unit
    audit.record(actor, "round.copy_setup", model, now, path=unit.path, rounds=[one.name for one in waiting])
    return waiting, [one for one in others if one not in waiting]


def _nothing_to_copy(model: Round, words: Notice | None, hours: bool, notice: bool) -> str:
    """Return which chosen part the round has not; "" when it has all of them."""
    no_hours, no_contact = hours and model.window is None, notice and not (words and words.contact)
    if not (hours or notice):
        return NOTHING_CHOSEN
    if no_hours and no_contact:
        return NEITHER
    return NO_HOURS if no_hours else NO_CONTACT if no_contact else ""


def drafts_beside(model: Round) -> list[Round]:
    """Return the other rounds of the stage that have not opened, in the order of their units' names."""
    query = (
        select(Round)
        .join(Round.unit)
        .where(Round.stage_id == model.stage_id, Round.id != model.id, Round.opened_at.is_(None))
        .order_by(Unit.sort_key, Round.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))
