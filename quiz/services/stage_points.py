"""From the sheets and the clock of a performance to its points, and who stands for them: checked, then signed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from quiz.core import performances as rule
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.joining import Evidence, Share, shares, total
from quiz.core.judging import OnGap, PartPoints, Sheet, part_points
from quiz.core.parts import Part, PartKind
from quiz.core.performances import OnPaper, OnStage
from quiz.core.ranking import PART, Score
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Account, Edition, Entry, Performance, Round, ScoreSheet
from quiz.services.audit import Actor
from quiz.services.contests import rules_of
from quiz.services.panels import judged_part
from quiz.services.performances import finish, lock, record, stage_of

ABSENT = PartPoints(None, 0)


@dataclass(frozen=True, slots=True)
class Earned:
    """One performance with what it earns; its points count in the ranking once they are signed."""

    performance: Performance
    part: Part
    points: PartPoints
    paper: OnPaper


def points_of(performance: Performance, part: Part) -> PartPoints:
    """Return what a performance earns by the sheets handed in so far; an absent contestant earns nothing."""
    stage = stage_of(performance)
    if stage is OnStage.ABSENT:
        return ABSENT
    sheets = [_sheet(one) for one in performance.sheets if one.submitted_at is not None]
    used = performance.used if performance.started_at is not None else None
    return part_points(part.judged_by, sheets, used, part.minutes, performance.decided)


def _sheet(sheet: ScoreSheet) -> Sheet:
    return Sheet(sheet.seat, sum(sheet.marks.values()))


def earned(performance: Performance, part: Part | None = None) -> Earned:
    """Return a performance with its points and where they stand."""
    part = part or judged_part(performance.round, performance.part)
    points = points_of(performance, part)
    paper = rule.on_paper(points.points is not None, performance.checked_at, performance.signed_at)
    return Earned(performance, part, points, paper)


def earned_in(contest_round: Round) -> list[Earned]:
    """Return every performance of a round with its points, two queries for all."""
    parts = {part.name: part for part in rules_of(contest_round).judged_parts}
    query = (
        select(Performance)
        .where(Performance.round_id == contest_round.id)
        .options(selectinload(Performance.sheets))
        .order_by(Performance.drawn, Performance.id)
    )
    return [earned(one, parts[one.part]) for one in db.session.scalars(query) if one.part in parts]


def signed_points(found: Iterable[Earned]) -> dict[int, dict[str, int]]:
    """Return the signed points by entry and part."""
    points: dict[int, dict[str, int]] = {}
    for one in found:
        if one.paper is OnPaper.SIGNED and one.points.points is not None:
            points.setdefault(one.performance.entry_id, {})[one.part.name] = one.points.points
    return points


@dataclass(frozen=True, slots=True)
class Joined:
    """The result of all parts of one entry: what ranking compares, what each part adds, how judged ones came about."""

    score: Score
    shares: tuple[Share, ...]
    evidence: tuple[Evidence, ...] = ()


def joined(
    contest_round: Round, rules: Rules, online: Mapping[int, Score], entries: Iterable[int]
) -> dict[int, Joined]:
    """Return the joined result of each of `entries` that has points in every part; `online` are those of the paper."""
    found: dict[int, Joined] = {}
    earned_here = earned_in(contest_round)
    signed, told = signed_points(earned_here), _told(earned_here)
    paper = next((part.name for part in rules.parts if part.kind is PartKind.ONLINE), "")
    for entry in entries:
        earned_by = signed.get(entry, {}) | ({paper: online[entry].points} if entry in online else {})
        added = shares(rules.parts, earned_by, rules.max_score)
        if added is not None:
            found[entry] = Joined(_score(entry, added, online.get(entry)), added, tuple(told.get(entry, ())))
    return found


def _told(found: Iterable[Earned]) -> dict[int, list[Evidence]]:
    told: dict[int, list[Evidence]] = {}
    for one in found:
        told.setdefault(one.performance.entry_id, []).append(evidence_of(one))
    return told


def evidence_of(one: Earned) -> Evidence:
    """Return how a performance came to its points."""
    performance, points = one.performance, one.points
    marks = tuple(
        (sheet.seat, sum(sheet.marks.values()))
        for sheet in performance.sheets
        if sheet.submitted_at is not None
    )
    used = performance.used if performance.started_at is not None else None
    absent = bool(performance.absent_reason)
    return Evidence(
        one.part.name,
        () if absent else marks,
        points.counted,
        points.sum,
        points.deducted,
        used,
        points.by_head,
        absent,
        points.by_third,
    )


def _score(entry: int, added: Sequence[Share], online: Score | None) -> Score:
    values = dict(online.values) if online else {}
    return Score(entry, total(added), values | {f"{PART}{one.part}": one.points for one in added})


def check_all_signed(contest_round: Round) -> None:
    """Raise RuleBroken while a contestant of a round with judged parts has points that nobody has signed."""
    if not rules_of(contest_round).judged_parts:
        return
    found = earned_in(contest_round)
    if not found:
        raise RuleBroken(
            N_(
                "Vòng thi có phần thi do giám khảo chấm nhưng chưa bốc thăm thứ tự. Hãy tổ chức phần thi ấy trước."
            )
        )
    left = len(unsigned(found))
    if left:
        raise RuleBroken(
            N_("Còn %(count)d lượt thi chưa có điểm được ký. Hãy chấm, kiểm và ký hết rồi công bố."),
            count=left,
        )


def signed_since(round_id: int, instant: int) -> bool:
    """Tell whether points of a contestant still in the round were signed, and so signed again, after an instant."""
    query = (
        select(Performance.id)
        .join(Entry, Entry.id == Performance.entry_id)
        .where(
            Performance.round_id == round_id, Performance.signed_at > instant, Entry.withdrawn_at.is_(None)
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def unsigned(found: Sequence[Earned]) -> list[Earned]:
    """Return the performances of contestants still in the round whose points nobody has signed."""
    return [
        one for one in found if one.paper is not OnPaper.SIGNED and one.performance.entry.withdrawn_at is None
    ]


def count_unsigned(contest_round: Round) -> int:
    """Return how many performances of contestants still in the round nobody has signed."""
    query = (
        select(db.func.count())
        .select_from(Performance)
        .join(Entry, Entry.id == Performance.entry_id)
        .where(
            Performance.round_id == contest_round.id,
            Performance.signed_at.is_(None),
            Entry.withdrawn_at.is_(None),
        )
    )
    return db.session.scalar(query) or 0


def decide(performance: Performance, points: int, reason: str, actor: Actor, now: int) -> None:
    """Keep the points the head judge gives where marks lie too far apart and the rules leave it to the head.

    Raise RuleBroken where they do not, without a reason or out of range, AlreadyDone once checked.
    """
    lock(performance)
    part = judged_part(performance.round, performance.part)
    now_earned = points_of(performance, part)
    if part.judged_by.on_gap is not OnGap.HEAD or now_earned.gap < part.judged_by.gap:
        raise RuleBroken(N_("Thể lệ không để Trưởng ban Giám khảo quyết định điểm này."))
    if performance.checked_at is not None:
        raise AlreadyDone(N_("Điểm của lượt thi này đã được kiểm."))
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do quyết định điểm."))
    if not 0 <= points <= part.max_points:
        raise RuleBroken(N_("Điểm phải từ 0 đến điểm tối đa của phần thi."))
    performance.decided, performance.decided_reason = points, reason.strip()[:300]
    performance.decided_by_id = actor.account_id
    record(performance, "performance.decide", actor, now, points=points, reason=performance.decided_reason)


def check(performance: Performance, actor: Actor, now: int) -> None:
    """Note that the secretary has compared the sheets with what stands here; raise what stands against it.

    What is read at a desk has ended with that: nobody pressed a clock.
    """
    lock(performance)
    if _is_marked_at_desk(performance):
        finish(performance, actor, now)
    rule.check_may_check(stage_of(performance), earned(performance).paper)
    performance.checked_at, performance.checked_by_id = now, actor.account_id
    record(performance, "performance.check", actor, now)


def _is_marked_at_desk(performance: Performance) -> bool:
    found = earned(performance)
    is_waiting = stage_of(performance) in (OnStage.WAITING, OnStage.CALLED)
    return is_waiting and found.part.is_read_at_desk and found.paper is OnPaper.HANDED_IN


def sign(performance: Performance, actor: Actor, now: int) -> None:
    """Note the head judge's signature, by another person than the one who checked; raise what stands against it."""
    lock(performance)
    rule.check_may_sign(earned(performance).paper, _is_checker(performance, actor))
    performance.signed_at, performance.signed_by_id = now, actor.account_id
    record(performance, "performance.sign", actor, now, points=earned(performance).points.points)


def unsign(performance: Performance, reason: str, actor: Actor, now: int) -> None:
    """Take the head judge's signature and the check before it back, so that a sheet can be put right by another.

    Raise RuleBroken without a reason and once the final result stands, AlreadyDone when it is not signed.
    """
    lock(performance)
    if performance.signed_at is None:
        raise AlreadyDone(N_("Điểm của lượt thi này chưa ký."))
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do rút chữ ký."))
    final = select(Edition.id).where(Edition.round_id == performance.round_id, Edition.kind == "final")
    if db.session.scalar(final.limit(1)) is not None:
        raise RuleBroken(N_("Kết quả chính thức đã công bố nên điểm này không sửa được nữa."))
    performance.checked_at = performance.checked_by_id = None
    performance.signed_at = performance.signed_by_id = None
    record(performance, "performance.unsign", actor, now, reason=reason.strip()[:300])


def _is_checker(performance: Performance, actor: Actor) -> bool:
    if performance.checked_by_id == actor.account_id:
        return True
    ids = [performance.checked_by_id, actor.account_id]
    people = list(db.session.scalars(select(Account.person_id).where(Account.id.in_(ids))))
    return len(people) == 2 and people[0] is not None and people[0] == people[1]
