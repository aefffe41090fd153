"""Setting up contests: who runs them, their stages in order, and the one set of rules of each stage."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from quiz.core import judging
from quiz.core import parts as programme
from quiz.core import rules as rulebook
from quiz.core.errors import N_, Problem, RuleBroken
from quiz.core.parts import Part
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Contest, OrderDraw, Round, Stage, Unit
from quiz.services import audit, delegations
from quiz.services.audit import Actor
from quiz.services.tree import under

PAGE = 50
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}")


def create_contest(unit: Unit, code: str, title: str, actor: Actor, now: int) -> Contest:
    """Return a new contest run by the board of `unit`; raise RuleBroken if the code is taken or unusable."""
    contest = Contest(unit=unit, created_at=now)
    _name(contest, code, title)
    audit.record(actor, "contest.create", contest, now, path=unit.path, code=code, title=title)
    return contest


def change_contest(contest: Contest, code: str, title: str, actor: Actor, now: int) -> None:
    """Give a contest another code or title; raise RuleBroken if the code is taken or unusable."""
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
    try:
        with db.session.begin_nested():
            contest.code, contest.title = code, title
            db.session.add(contest)
    except IntegrityError as clash:
        raise RuleBroken(N_("Mã cuộc thi “%(code)s” đã được dùng. Hãy chọn mã khác."), code=code) from clash


def add_stage(contest: Contest, name: str, actor: Actor, now: int, rules: Rules | None = None) -> Stage:
    """Return a new last stage of a contest; without `rules` it has the usual ones and no blueprint yet."""
    if rules is not None:
        check_rules(rules)
    return place_stage(contest, name, rules or Rules(), actor, now)


def place_stage(contest: Contest, name: str, chosen: Rules, actor: Actor, now: int) -> Stage:
    """Return a new last stage with these rules, which may still lack something."""
    db.session.refresh(contest, with_for_update=True)  # two organizers adding at once get two ordinals
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
    """Give a stage other rules (and name); `seen` is the fingerprint of those they were made from.

    Raise RuleBroken once frozen, if those were changed meanwhile, if these are unusable, or if the running order was
    drawn by other parts.
    """
    _hold_unfrozen(stage)
    check_seen(stage, rules, seen)
    check_rules(rules)
    check_drawn_parts(stage, rules)
    delegations.check_named(stage, rules_of(stage), rules)
    stage.name = name or stage.name
    _put(stage, rules, actor, now)


def check_seen(stage: Stage, rules: Rules, seen: str) -> None:
    """Raise RuleBroken when the rules of a stage are neither those somebody saw any more nor `rules` already."""
    if seen and stage.rules_fingerprint not in (seen, rulebook.fingerprint(rules)):
        raise RuleBroken(
            N_(
                "Quy định của cấp thi này đã được sửa ở nơi khác từ khi bạn mở trang, nên chưa lưu gì. Hãy xem bản đang"
                " dùng ở trang của cấp thi (mở ở một thẻ khác), rồi lưu lần nữa nếu vẫn muốn thay bằng bản này."
            )
        )


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


def change_part(stage: Stage, part: Part, actor: Actor, now: int, seen: str = "") -> None:
    """Put `part` in place of the judged part of its name, whatever else the rules still lack.

    `seen` is the fingerprint of the part it was made from. Raise RuleBroken once frozen, when there is no such part,
    that one was changed meanwhile, or this could not be judged so.
    """
    _hold_unfrozen(stage)
    rules = rules_of(stage)
    check_seen_part(rules, part, seen)
    for problem in judging_problems(part):
        raise RuleBroken(problem.message, **problem.values)
    parts = tuple(part if one.name == part.name else one for one in rules.parts)
    _put(stage, replace(rules, parts=parts), actor, now)


def check_seen_part(rules: Rules, part: Part, seen: str) -> None:
    """Raise RuleBroken when no judged part has that name, or it is neither as seen any more nor as `part` already."""
    there = {one.name: programme.fingerprint(one) for one in rules.judged_parts}
    if part.name not in there:
        raise RuleBroken(N_("Cấp thi này không còn phần thi tên như vậy. Hãy xem lại quy định của cấp thi."))
    if seen and there[part.name] not in (seen, programme.fingerprint(part)):
        raise RuleBroken(
            N_(
                "Cách chấm phần thi này đã được sửa ở nơi khác từ khi bạn mở trang, nên chưa lưu gì. Hãy xem bản đang"
                " dùng ở trang của cấp thi (mở ở một thẻ khác), rồi lưu lần nữa nếu vẫn muốn thay bằng bản này."
            )
        )


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
    db.session.refresh(stage, with_for_update=True)


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
