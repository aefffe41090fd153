"""Setting up contests: who runs them, their stages in order, and the one set of rules of each stage."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from quiz.core import judging, prizes
from quiz.core import parts as programme
from quiz.core import rules as rulebook
from quiz.core.errors import N_, Problem, RuleBroken
from quiz.core.parts import Part
from quiz.core.prizes import PrizeTable
from quiz.core.rules import Rules
from quiz.core.states import State, check_seen
from quiz.extensions import db
from quiz.models import Contest, Entry, OrderDraw, Round, RoundUnit, Stage, Unit
from quiz.services import audit, delegations
from quiz.services.audit import Actor
from quiz.services.tree import under

PAGE = 50
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}")
_TAKEN = N_("Mã cuộc thi “%(code)s” đã được dùng. Hãy chọn mã khác.")


def create_contest(unit: Unit, code: str, title: str, actor: Actor, now: int) -> Contest:
    """Return a new contest run by the board of `unit`; raise RuleBroken if the code is taken or unusable."""
    contest = Contest(unit=unit, created_at=now)
    _name(contest, code, title)
    audit.record(actor, "contest.create", contest, now, path=unit.path, code=code, title=title)
    return contest


def state_of_contest(contest: Contest) -> State:
    """Return what the form of a contest shows."""
    return {"title": contest.title, "code": contest.code}


def change_contest(contest: Contest, code: str, title: str, actor: Actor, now: int, seen: str = "") -> None:
    """Give a contest another code or title; raise RuleBroken if the code is taken or unusable.

    `seen` here and below is the fingerprint of the state that was seen, "" when nobody looked: raise Overtaken when
    somebody else has changed it since.
    """
    db.session.refresh(contest, with_for_update={"of": Contest})
    check_seen(seen, state_of_contest(contest), {"title": title, "code": code})
    before = f"{contest.code} – {contest.title}"
    _name(contest, code, title)
    audit.record(
        actor,
        "contest.change",
        contest,
        now,
        path=contest.unit.path,
        before=before,
        after=f"{code} – {title}",
    )


def _name(contest: Contest, code: str, title: str) -> None:
    if not _CODE.fullmatch(code):
        raise RuleBroken(
            N_("Mã cuộc thi gồm 2 đến 40 chữ cái không dấu, chữ số, dấu chấm hoặc gạch nối. Hãy sửa lại.")
        )
    same = select(Contest.id).where(func.lower(Contest.code) == code.lower(), Contest.id != contest.id)
    if db.session.scalar(same) is not None:
        raise RuleBroken(_TAKEN, code=code)
    try:
        with db.session.begin_nested():
            contest.code, contest.title = code, title
            db.session.add(contest)
    except IntegrityError as clash:
        raise RuleBroken(_TAKEN, code=code) from clash


def add_stage(contest: Contest, name: str, actor: Actor, now: int, rules: Rules | None = None) -> Stage:
    """Return a new last stage of a contest; without `rules` it has the usual ones and no blueprint yet."""
    if rules is not None:
        check_rules(rules)
    return place_stage(contest, name, rules or Rules(), actor, now)


def place_stage(contest: Contest, name: str, chosen: Rules, actor: Actor, now: int) -> Stage:
    """Return a new last stage with these rules, which may still lack something."""
    # Two organizers adding at once get two ordinals.
    db.session.refresh(contest, with_for_update={"of": Contest})
    ordinal = max((stage.ordinal for stage in contest.stages), default=0) + 1
    stage = Stage(
        contest=contest, ordinal=ordinal, name=name, rules=rulebook.to_dict(chosen),
        rules_fingerprint=rulebook.fingerprint(chosen),
    )  # fmt: skip
    db.session.add(stage)
    db.session.flush()
    audit.record(actor, "stage.add", stage, now, path=contest.unit.path, name=name, ordinal=ordinal)
    return stage


def change_rules(stage: Stage, rules: Rules, actor: Actor, now: int, name: str = "", seen: str = "") -> None:
    """Give a stage other rules (and name).

    Raise RuleBroken once frozen, if these are unusable, or if the running order was drawn by other parts.
    """
    _hold_unfrozen(stage)
    check_seen(seen, state_of(stage), state_with(rules, name or stage.name))
    check_rules(rules)
    check_drawn_parts(stage, rules)
    delegations.check_named(stage, rules_of(stage), rules)
    stage.name = name or stage.name
    _put(stage, rules, actor, now)


def state_of(stage: Stage) -> State:
    """Return what the form of a stage's rules shows."""
    return state_with(rules_of(stage), stage.name)


def state_with(rules: Rules, name: str) -> State:
    """Return the state of a stage of that name with these rules."""
    return {"name": name, **rulebook.to_dict(rules)}


def _hold_unfrozen(stage: Stage) -> None:
    lock(stage)
    if stage.frozen_at is not None:
        raise RuleBroken(
            N_("Quy định của cấp thi này đã chốt từ khi vòng thi đầu tiên được mở nên không sửa được nữa.")
        )


def _put(stage: Stage, rules: Rules, actor: Actor, now: int) -> None:
    changed = _differences(rulebook.to_dict(rules_of(stage)), rulebook.to_dict(rules))
    stage.rules = rulebook.to_dict(rules)
    stage.rules_fingerprint = rulebook.fingerprint(rules)
    db.session.flush()
    audit.record(actor, "stage.rules", stage, now, path=stage.contest.unit.path, **changed)


def change_prizes(stage: Stage, table: PrizeTable, actor: Actor, now: int, seen: str = "") -> None:
    """Give a stage another prize table; raise as `change_rules` does."""
    change_rules(stage, with_prizes(stage, table, seen), actor, now)


def with_prizes(stage: Stage, table: PrizeTable, seen: str) -> Rules:
    """Return the rules of a stage, held until the transaction ends, with that prize table in place of its own."""
    lock(stage)
    rules = rules_of(stage)
    check_seen(seen, prizes.state_of(rules.prizes), prizes.state_of(table))
    return replace(rules, prizes=table)


def change_part(stage: Stage, part: Part, actor: Actor, now: int, seen: str = "") -> None:
    """Put `part` in place of the judged part of its name, whatever else the rules still lack.

    Raise RuleBroken once frozen, when there is no such part, or this could not be judged so.
    """
    _hold_unfrozen(stage)
    changed = with_part(stage, part, seen)
    for problem in judging_problems(part):
        raise RuleBroken(problem.message, **problem.values)
    _put(stage, changed, actor, now)


def with_part(stage: Stage, part: Part, seen: str) -> Rules:
    """Return the rules of a stage, held until the transaction ends, with `part` for the judged part of its name."""
    lock(stage)
    rules = rules_of(stage)
    there = next((one for one in rules.judged_parts if one.name == part.name), None)
    if there is None:
        raise RuleBroken(N_("Cấp thi này không còn phần thi tên như vậy. Hãy xem lại quy định của cấp thi."))
    check_seen(seen, programme.state_of(there), programme.state_of(part))
    return replace(rules, parts=tuple(part if one.name == part.name else one for one in rules.parts))


def judging_problems(part: Part) -> list[Problem]:
    """Return why a part cannot be judged as it says, beside the settings at fault; empty when it can."""
    found = judging.faults(part.judged_by, part.max_points)
    return [Problem(message, field=place) for place, message in found]


def check_drawn_parts(stage: Stage, rules: Rules) -> None:
    """Raise RuleBroken when these rules name other judged parts than those the running order was drawn by."""
    if {one.name for one in rules.judged_parts} == {one.name for one in rules_of(stage).judged_parts}:
        return
    drawn = exists().where(OrderDraw.round_id == Round.id, Round.stage_id == stage.id)
    if db.session.scalar(select(drawn)):
        raise RuleBroken(
            N_(
                "Thứ tự thi đã bốc thăm theo các phần thi này nên không thêm, bỏ hay đổi tên phần thi được nữa."
            )
        )


def check_rules(rules: Rules) -> None:
    """Raise RuleBroken with the first thing that makes these rules unusable."""
    for problem in rulebook.check(rules):
        raise RuleBroken(problem.message, **problem.values)


def _differences(old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    return {key: f"{old.get(key)} → {value}" for key, value in new.items() if old.get(key) != value}


def lock(stage: Stage) -> None:
    """Read a stage afresh and hold it until the transaction ends, so that its rules stand still meanwhile."""
    db.session.refresh(stage, with_for_update={"of": Stage})


def lock_round(contest_round: Round) -> None:
    """Read a round and its stage afresh and hold both until the transaction ends; everybody takes the stage first."""
    lock(contest_round.stage)
    db.session.refresh(contest_round, with_for_update={"of": Round})


def hours_of(contest_round: Round) -> State:
    """Return what the form of a round's hours shows."""
    return {"opens_at": contest_round.opens_at, "closes_at": contest_round.closes_at}


def rules_of(holder: Stage | Round) -> Rules:
    """Return the rules of a stage, or of the stage a round belongs to."""
    stage = holder.stage if isinstance(holder, Round) else holder
    return rulebook.from_dict(stage.rules)


def run_under(paths: Sequence[str], limit: int = 20) -> list[Contest]:
    """Return the newest contests whose board lies under `paths`, to start another from."""
    query = select(Contest).join(Unit).where(under(paths)).order_by(Contest.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def seen_from(paths: list[str], page: int = 1) -> Any:
    """Return a page of the contests on the way to or under any of `paths` ("" reaches all), newest first."""
    query = select(Contest).join(Unit).options(joinedload(Contest.unit)).order_by(Contest.id.desc())
    if "" not in paths:
        query = query.where(db.or_(db.false(), *(_on_the_way(path) for path in paths)))
    return db.paginate(query, page=page, per_page=PAGE, error_out=False)


def _on_the_way(path: str) -> ColumnElement[bool]:
    above = accumulate(path.strip("/").split("/"), "{}{}/".format, initial="/")
    return db.or_(Unit.path.startswith(path), Unit.path.in_(list(above)))


def rounds_under(paths: list[str], page: int = 1) -> Any:
    """Return a page of the rounds held under any of the unit `paths` ("" reaches all), newest contest first."""
    query = (
        select(Round)
        .join(Stage).join(Contest).join(Unit, Unit.id == Round.unit_id)
        .options(joinedload(Round.unit), joinedload(Round.stage).joinedload(Stage.contest))
        .order_by(Contest.id.desc(), Stage.ordinal, Unit.sort_key, Round.id)
    )  # fmt: skip
    if "" not in paths:
        query = query.where(db.or_(db.false(), *(Unit.path.startswith(path) for path in paths)))
    return db.paginate(query, page=page, per_page=PAGE, error_out=False)


def held_elsewhere(paths: Sequence[str], limit: int = 20) -> list[Round]:
    """Return the newest opened rounds with a paper that are held outside `paths` and have people from inside."""
    own = db.or_(db.false(), *(Unit.path.startswith(path) for path in paths))
    near = db.or_(db.false(), *(_on_the_way(path) for path in paths))
    covering = select(RoundUnit.round_id).join(Unit, Unit.id == RoundUnit.unit_id).where(near)
    entered = (
        select(Entry.id)
        .join(Unit, Unit.id == Entry.unit_id)
        .where(Entry.round_id == Round.id, Entry.withdrawn_at.is_(None), own)
        .correlate(Round)
    )
    query = (
        select(Round)
        .join(Round.unit)
        .where(Round.opened_at.is_not(None), ~own, Round.id.in_(covering.correlate(None)), entered.exists())
        .options(joinedload(Round.unit), joinedload(Round.stage).joinedload(Stage.contest))
        .order_by(Round.id.desc())
        .limit(limit)
    )
    return [one for one in db.session.scalars(query) if rules_of(one).has_online]
