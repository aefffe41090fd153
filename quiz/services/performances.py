"""Performances: made by the draw of the running order, called up, timed, and marked absent.

Whatever the clock says is kept in ms by the server's time; a correction of it needs a reason and stays in the record.
"""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from quiz.core import performances as rule
from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.performances import OnStage
from quiz.core.running_order import Turn, running_order
from quiz.core.states import check_seen
from quiz.extensions import db
from quiz.models import Entry, OrderDraw, Package, Performance, Person, Round, ScoreSheet
from quiz.services import audit
from quiz.services.audit import Actor
from quiz.services.contests import rules_of

LONGEST = 4 * 3_600_000  # ms a clock may be put to


def draw_order(contest_round: Round, seed: str, sessions: int, actor: Actor, now: int) -> list[Turn]:
    """Draw the running order of a round, make everybody's performances, and return the turns.

    Raise AlreadyDone when it was drawn, RuleBroken when nothing is judged on stage or nobody is entered.
    """
    parts = rules_of(contest_round).judged_parts
    if not parts:
        raise RuleBroken(N_("Vòng thi này không có phần thi trên sân khấu nên không bốc thăm thứ tự."))
    brought = select(Package.id).where(
        Package.round_id == contest_round.id, Package.is_loaded, ~Package.with_stage
    )
    if db.session.scalar(brought.limit(1)) is not None:
        raise RuleBroken(
            N_("Gói đề mang đến máy này không có phần thi trên sân khấu. Phần ấy thi ở máy chủ.")
        )
    if db.session.get(OrderDraw, contest_round.id, with_for_update=True) is not None:
        raise AlreadyDone(N_("Thứ tự thi của vòng này đã được bốc thăm."))
    groups: dict[str, list[int]] = defaultdict(list)
    for entry in _entries(contest_round):
        groups[entry.ranking_group].append(entry.id)
    if not groups:
        raise RuleBroken(N_("Vòng thi chưa có thí sinh nên chưa bốc thăm được."))
    turns = running_order(groups, seed, sessions)
    db.session.add(
        OrderDraw(
            round_id=contest_round.id, seed=seed, sessions=sessions, drawn_at=now,
            drawn_by_id=actor.account_id,
        )
    )  # fmt: skip
    for part in parts:
        db.session.add_all(_performance(contest_round, part.name, turn) for turn in turns)
    db.session.flush()
    audit.record(
        actor, "stage.draw", contest_round, now, contest_round.unit.path, seed=seed, count=len(turns)
    )
    return turns


def _performance(contest_round: Round, part: str, turn: Turn) -> Performance:
    return Performance(
        round_id=contest_round.id, part=part, entry_id=turn.entry, session=turn.session, place=turn.place,
        drawn=turn.drawn,
    )  # fmt: skip


def _entries(contest_round: Round) -> list[Entry]:
    query = select(Entry).where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
    return list(db.session.scalars(query.order_by(Entry.id)))


def add_late_entries(found: Iterable[Entry], actor: Actor, now: int) -> None:
    """Give each who was entered after the draw (a reserve who moved up) the last turn; nothing where nobody drew yet.

    Who has a turn, for instance from before a withdrawal that was taken back, keeps it.
    """
    late = list(found)
    keys = {entry.round_id for entry in late}
    draws = db.session.scalars(select(OrderDraw).where(OrderDraw.round_id.in_(keys))).all()
    for draw in draws:
        for entry in late:
            if entry.round_id == draw.round_id:
                _add_last(entry, draw, actor, now)


def _add_last(entry: Entry, draw: OrderDraw, actor: Actor, now: int) -> None:
    made = db.session.scalars(select(Performance).where(Performance.round_id == entry.round_id)).all()
    if any(one.entry_id == entry.id for one in made):
        return
    place = 1 + max((one.place for one in made if one.session == draw.sessions), default=0)
    turn = Turn(entry.id, draw.sessions, place, 1 + max((one.drawn for one in made), default=0))
    for part in rules_of(entry.round).judged_parts:
        db.session.add(_performance(entry.round, part.name, turn))
    db.session.flush()
    audit.record(actor, "stage.late", entry, now, entry.round.unit.path, drawn=turn.drawn)


def of_round(contest_round: Round, part: str = "") -> list[Performance]:
    """Return the performances of a round, or of one part, in running order; those withdrawn since are left out."""
    query = (
        select(Performance)
        .join(Entry, Entry.id == Performance.entry_id)
        .where(Performance.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
        .options(
            joinedload(Performance.entry).joinedload(Entry.person).load_only(Person.full_name, Person.code)
        )
        .options(joinedload(Performance.entry).joinedload(Entry.unit))
        .options(selectinload(Performance.sheets).load_only(ScoreSheet.seat, ScoreSheet.submitted_at))
        .order_by(Performance.session, Performance.place, Performance.part)
    )
    return list(db.session.scalars(query.where(Performance.part == part) if part else query))


def draw_of(contest_round: Round) -> OrderDraw | None:
    """Return the draw of a round's running order, None before it."""
    return db.session.get(OrderDraw, contest_round.id)


def after(performance: Performance) -> Performance | None:
    """Return whose turn it is next in the same part."""
    one = performance
    query = (
        select(Performance)
        .join(Entry, Entry.id == Performance.entry_id)
        .where(
            Performance.round_id == one.round_id, Performance.part == one.part, Performance.drawn > one.drawn,
            Entry.withdrawn_at.is_(None),
        )
        .order_by(Performance.drawn)
        .limit(1)
    )  # fmt: skip
    return db.session.scalar(query)


def stage_of(performance: Performance) -> OnStage:
    """Return where the contestant of a performance is."""
    one = performance
    return rule.on_stage(one.called_at, one.started_at, one.running_since, one.stopped_at, one.absent_reason)


def call(performance: Performance, actor: Actor, now: int) -> None:
    """Call a contestant up; raise AlreadyDone when that was done."""
    lock(performance)
    if stage_of(performance) is not OnStage.WAITING:
        raise AlreadyDone(N_("Thí sinh này đã được gọi."))
    performance.called_at = now
    record(performance, "performance.call", actor, now)


def start(performance: Performance, actor: Actor, now: int) -> None:
    """Start the clock, or let it go on after a pause.

    Raise AlreadyDone while it runs, RuleBroken once it was stopped for good, for an absent contestant, and while
    another contestant's clock of this part runs.
    """
    lock(performance)
    stage = stage_of(performance)
    if stage is OnStage.RUNNING:
        raise AlreadyDone(N_("Đồng hồ đang chạy."))
    if stage in (OnStage.DONE, OnStage.ABSENT):
        raise RuleBroken(N_("Lượt thi này đã kết thúc. Muốn thi lại, hãy mở lại lượt thi và ghi lý do."))
    if _runs_elsewhere(performance):
        raise RuleBroken(N_("Đồng hồ của thí sinh khác đang chạy. Hãy dừng đồng hồ ấy trước."))
    performance.called_at = performance.called_at or now
    performance.started_at = performance.started_at or now
    performance.running_since = now
    record(performance, "performance.start", actor, now)


def _runs_elsewhere(performance: Performance) -> bool:
    query = select(Performance.id).where(
        Performance.round_id == performance.round_id, Performance.part == performance.part,
        Performance.running_since.is_not(None), Performance.id != performance.id,
    )  # fmt: skip
    return db.session.scalar(query.limit(1)) is not None


def pause(performance: Performance, actor: Actor, now: int) -> None:
    """Hold the clock; raise AlreadyDone when it does not run."""
    lock(performance)
    if performance.running_since is None:
        raise AlreadyDone(N_("Đồng hồ không chạy."))
    _hold(performance, now)
    record(performance, "performance.pause", actor, now, used=performance.used)


def stop(performance: Performance, actor: Actor, now: int) -> None:
    """Stop the clock for good; raise AlreadyDone when it was stopped, RuleBroken when it was never started."""
    lock(performance)
    if performance.stopped_at is not None:
        raise AlreadyDone(N_("Đồng hồ đã dừng."))
    if performance.started_at is None:
        raise RuleBroken(N_("Đồng hồ chưa chạy nên chưa dừng được."))
    _hold(performance, now)
    performance.stopped_at = now
    record(performance, "performance.stop", actor, now, used=performance.used)


def finish(performance: Performance, actor: Actor, now: int) -> None:
    """End a performance that nobody timed, such as what all write at once or an essay read at a desk.

    Raise AlreadyDone when it has ended, RuleBroken once its clock was started and where time over costs points.
    """
    lock(performance)
    if stage_of(performance) in (OnStage.DONE, OnStage.ABSENT):
        raise AlreadyDone(N_("Lượt thi này đã kết thúc."))
    timed = {part.name for part in rules_of(performance.round).judged_parts if part.needs_clock}
    if performance.started_at is not None or performance.part in timed:
        raise RuleBroken(N_("Phần thi này tính giờ. Hãy bấm giờ rồi dừng đồng hồ."))
    performance.stopped_at = now
    record(performance, "performance.finish", actor, now)


def _hold(performance: Performance, now: int) -> None:
    performance.used = rule.used_at(performance.used, performance.running_since, now)
    performance.running_since = None


def correct_time(
    performance: Performance, used: int, reason: str, actor: Actor, now: int, seen: str = ""
) -> None:
    """Put the time of a performance right, in ms; both figures and the reason stay in the record.

    Raise RuleBroken while the clock runs, without a reason, out of bounds, and once the points were checked; Overtaken
    when the time is no longer in the state `seen`.
    """
    lock(performance)
    check_seen(seen, rule.time_shown(performance.used), rule.time_shown(used))
    if performance.running_since is not None:
        raise RuleBroken(N_("Hãy dừng đồng hồ rồi mới sửa thời gian."))
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do sửa thời gian."))
    if not 0 <= used <= LONGEST:
        raise RuleBroken(N_("Thời gian phải từ 0 đến 240 phút."))
    check_open(performance)
    before, performance.used = performance.used, used
    performance.started_at = performance.started_at or now
    performance.stopped_at = performance.stopped_at or now
    record(
        performance, "performance.time", actor, now, before=before, after=used, reason=reason.strip()[:300]
    )


def mark_absent(performance: Performance, reason: str, actor: Actor, now: int) -> None:
    """Note that a contestant did not come: the part then earns nothing.

    Raise RuleBroken without a reason and for somebody who has begun, AlreadyDone when it was noted.
    """
    lock(performance)
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do vắng."))
    if performance.absent_reason:
        raise AlreadyDone(N_("Thí sinh này đã được ghi vắng."))
    if performance.started_at is not None:
        raise RuleBroken(N_("Thí sinh đã thi nên không ghi vắng được."))
    performance.absent_reason = reason.strip()[:300]
    record(performance, "performance.absent", actor, now, reason=performance.absent_reason)


def mark_absent_everywhere(performance: Performance, reason: str, actor: Actor, now: int) -> None:
    """Note a contestant's absence from this part and from every other part not begun; raise as `mark_absent` does."""
    mark_absent(performance, reason, actor, now)
    others = select(Performance).where(
        Performance.entry_id == performance.entry_id,
        Performance.id != performance.id,
        Performance.started_at.is_(None),
        Performance.absent_reason == "",
    )
    for other in db.session.scalars(others.order_by(Performance.id)).all():
        mark_absent(other, reason, actor, now)


def reopen(performance: Performance, reason: str, actor: Actor, now: int) -> None:
    """Let an absent contestant perform after all, or a stopped clock go on; raise RuleBroken without a reason and
    once the points were checked."""
    lock(performance)
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do mở lại lượt thi."))
    if stage_of(performance) not in (OnStage.DONE, OnStage.ABSENT):
        raise AlreadyDone(N_("Lượt thi này chưa kết thúc."))
    check_open(performance)
    performance.absent_reason, performance.stopped_at = "", None
    record(performance, "performance.reopen", actor, now, reason=reason.strip()[:300])


def check_open(performance: Performance) -> None:
    """Raise RuleBroken once the points of a performance were checked."""
    if performance.checked_at is not None:
        raise RuleBroken(N_("Điểm của lượt thi này đã được kiểm nên không sửa được nữa."))


def lock(performance: Performance) -> None:
    """Read a performance afresh and let nobody else change it before the transaction ends."""
    db.session.refresh(performance, with_for_update={"of": Performance})


def record(performance: Performance, action: str, actor: Actor, now: int, **detail: object) -> None:
    """Write the audit row of an act on a performance, with whose it is and in which part."""
    db.session.flush()
    detail = {"name": performance.entry.person.full_name, "part": performance.part, **detail}
    audit.record(actor, action, performance, now, performance.round.unit.path, **detail)
