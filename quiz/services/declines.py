"""What reserves say before they are called: that they cannot come. The call goes past them to the next (R8).

It holds for the person, also in a corrected ranking, and is taken back while nobody was called past them.
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from quiz.core.errors import N_, AlreadyDone, RuleBroken
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.models import Decline, Edition, Entry, Result, Round, Stage, Successor
from quiz.services import audit, contests, promotion, results, successors
from quiz.services.audit import Actor
from quiz.services.successors import Standing, Waiting

NO_RESERVE = N_("%(name)s không có trong danh sách dự bị của kết quả này.")
CALLED = N_("%(name)s đã vào vòng sau. Hãy rút tên người ấy ở danh sách vòng sau.")
GONE = N_("%(name)s đã rút tên.")
ALREADY = N_("%(name)s đã được ghi là xin rút khỏi danh sách dự bị.")
BEGUN = N_("Vòng sau đã bắt đầu nên không gọi dự bị nữa. Không cần ghi xin rút.")
PASSED = N_("Đã gọi %(called)s, người xếp sau, vào thay nên không bỏ ghi xin rút của %(name)s được nữa.")


def ready(edition: Edition) -> dict[str, list[Waiting]]:
    """Return the reserves behind an edition by scope, in order, with what has become of each in the next stage."""
    reserves = promotion.promotion_of(edition).reserves
    stage = edition.round.stage
    query = select(Round.id).join(Round.stage)
    later = query.where(Stage.contest_id == stage.contest_id, Stage.ordinal == stage.ordinal + 1)
    rounds = list(db.session.scalars(later))
    return {scope: successors.waiting(edition, keys, rounds) for scope, keys in reserves.items()}


def turn_of(edition: Edition, entry_id: int) -> list[Waiting]:
    """Return a reserve and those behind it in its list, in order; nobody when the entry is no reserve there."""
    for reserves in ready(edition).values():
        keys = [one.line.entry_id for one in reserves]
        if entry_id in keys:
            return reserves[keys.index(entry_id) :]
    return []


def next_behind(edition: Edition, entry_id: int) -> Waiting | None:
    """Return whose turn it is once a reserve has declined, None when nobody behind is free."""
    return next((one for one in turn_of(edition, entry_id)[1:] if one.standing is Standing.FREE), None)


def all_of(edition: Edition) -> list[Decline]:
    """Return what everybody ranked in the round has said, also what was taken back, in the order it was said."""
    query = select(Decline).join(Decline.entry).where(Entry.round_id == edition.round_id).order_by(Decline.id)
    return list(db.session.scalars(query))


def stop_of(edition: Edition, line: Result, now: int) -> str:
    """Return why somebody ranked in an edition cannot be noted to decline, "" when they can."""
    try:
        promotion.check_final(edition)
    except RuleBroken as refused:
        return refused.message
    turn = turn_of(edition, line.entry_id)
    return why_not(edition, turn[0], now) if turn else NO_RESERVE


def why_not(edition: Edition, reserve: Waiting, now: int) -> str:
    """Return why a reserve of an edition cannot be noted to decline, "" when that can be done."""
    target = promotion.next_round_of(edition, reserve.line.entry)
    if target is not None and target.phase_at(now) in (Phase.OPEN, Phase.CLOSED):
        return BEGUN
    whys = {Standing.CALLED: CALLED, Standing.GONE: GONE, Standing.DECLINED: ALREADY}
    return whys.get(reserve.standing, "")


def decline(edition: Edition, entry_id: int, reason: str, actor: Actor, now: int) -> Decline:
    """Note with the reason that a reserve cannot come and return the note.

    Raise RuleBroken when the edition does not count, the person is no reserve or was called, or the next round has
    begun; AlreadyDone when it was noted before.
    """
    line = results.line_of(edition, entry_id)
    if line is None:
        raise RuleBroken(N_("Có người không thuộc bảng kết quả này. Hãy tải lại trang rồi chọn lại."))
    _hold(edition, line.entry)
    if stop := stop_of(edition, line, now):
        raise (AlreadyDone if stop in (ALREADY, GONE) else RuleBroken)(stop, name=line.name_and_cell)
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do xin rút để lưu vào nhật ký."))
    row = Decline(
        entry=line.entry, reason=reason.strip()[:300], declined_at=now, declined_by_id=actor.account_id
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as clash:
        raise AlreadyDone(ALREADY, name=line.name_and_cell) from clash
    _record(row, "reserve.decline", row.reason, actor, now)
    return row


def take_back(row: Decline, reason: str, actor: Actor, now: int) -> None:
    """Take the note back, so that the reserve has the old turn; it stays on record.

    Raise RuleBroken without a reason or once a reserve behind was called, AlreadyDone when it was taken back before.
    """
    if (edition := results.final_of(row.entry.round_id)) is not None:
        _hold(edition, row.entry)
    db.session.refresh(row)
    if row.taken_back_at is not None:
        raise AlreadyDone(N_("Lần ghi xin rút này đã được bỏ."))
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do bỏ ghi xin rút."))
    if (called := called_past(row)) is not None:
        raise RuleBroken(PASSED, called=called.name_and_cell, name=row.entry.name_and_cell)
    row.taken_back_at, row.taken_back_by_id = now, actor.account_id
    row.taken_back_reason = reason.strip()[:300]
    db.session.flush()
    _record(row, "reserve.take_back", row.taken_back_reason, actor, now)


def called_past(row: Decline) -> Entry | None:
    """Return somebody behind who was called since a reserve declined, also when that one withdrew in turn."""
    edition = results.final_of(row.entry.round_id)
    if edition is None:
        return None
    query = (
        select(Entry)
        .join(Successor, Successor.entry_id == Entry.id).join(Result, Entry.result_id == Result.id)
        .where(Result.entry_id.in_([one.line.entry_id for one in turn_of(edition, row.entry_id)]))
        .where(Successor.called_at >= row.declined_at)
        .order_by(Successor.called_at, Entry.id)
    )  # fmt: skip
    return db.session.scalar(query.limit(1))


def _hold(edition: Edition, entry: Entry) -> None:
    """Let nobody decide a tie or call a reserve meanwhile; everybody takes the earlier stage first."""
    contests.lock(edition.round.stage)
    target = promotion.next_round_of(edition, entry)
    if target is not None:
        contests.lock(target.stage)


def _record(row: Decline, action: str, reason: str, actor: Actor, now: int) -> None:
    entry = row.entry
    names = {"name": entry.person.full_name, "cell": entry.unit.title, "round": entry.round.name}
    audit.record(actor, action, entry, now, path=entry.unit.path, **names, reason=reason)
