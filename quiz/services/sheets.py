"""Score sheets: marked by a judge on a device and saved at once, or keyed twice from paper by two people.

A save carries the stamp of the judge's device, so that one repeated or overtaken on a bad line never covers a newer.
Nobody sees another judge's sheet before every sheet of the performance is handed in.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from quiz.core import judging as rule
from quiz.core.errors import N_, AlreadyDone, NotAllowed, Problem, RuleBroken
from quiz.core.judging import Judging, Waits
from quiz.core.states import check_seen
from quiz.extensions import db
from quiz.models import PanelSeat, Performance, ScoreSheet, SheetCorrection, SheetKeying
from quiz.services import panels, stage_points
from quiz.services.audit import Actor
from quiz.services.drafts import DraftRefused
from quiz.services.performances import lock, record

Marks = Mapping[str, int]
NOTE = 1000  # characters


def judging_of(performance: Performance) -> Judging:
    """Return how the part of a performance is judged."""
    return panels.judged_part(performance.round, performance.part).judged_by


def seat_of(performance: Performance, account_id: int) -> PanelSeat:
    """Return the seat from which an account judges a performance; raise NotAllowed when it has none."""
    for seat in panels.panel_for(performance, panels.seats_of(performance.round)):
        if seat.account_id == account_id:
            return seat
    raise NotAllowed(N_("Bạn không có ghế trong ban chấm của phần thi này."))


def sheet_at(performance: Performance, seat: int) -> ScoreSheet | None:
    """Return the sheet of a seat, if it was begun."""
    query = select(ScoreSheet).where(ScoreSheet.performance_id == performance.id, ScoreSheet.seat == seat)
    return db.session.scalar(query)


def newest_stamp(performance: Performance, actor: Actor) -> int:
    """Return the stamp of the own sheet as kept, 0 before the first mark."""
    sheet = sheet_at(performance, seat_of(performance, actor.account_id or 0).seat)
    return sheet.stamp if sheet else 0


def save(performance: Performance, marks: Marks, note: str, stamp: int, actor: Actor, now: int) -> ScoreSheet:
    """Keep what a judge gave so far, when it is newer than what is kept, and return the sheet as it stands.

    Raise NotAllowed without a seat, AlreadyDone once the sheet was handed in, RuleBroken for the own performance and
    for marks that no such sheet can have.
    """
    seat = seat_of(performance, actor.account_id or 0)
    _check_not_own(performance, seat)
    lock(performance)
    check_needed(performance, seat.seat)
    _check_open(performance)
    _check_partial(judging_of(performance), marks)
    sheet = _begun(performance, seat, now)
    if sheet.submitted_at is not None:
        raise AlreadyDone(N_("Phiếu chấm này đã nộp. Muốn sửa, hãy báo thư ký và ghi lý do."))
    if stamp >= sheet.stamp:
        sheet.marks, sheet.note = dict(marks), note.strip()[:NOTE]
        sheet.stamp, sheet.saved_at = stamp, now
    db.session.flush()
    return sheet


def check_needed(performance: Performance, seat: int) -> None:
    """Raise RuleBroken for a third marking that nobody needs: the first two are not there, or lie near each other."""
    if not is_needed(performance, seat):
        raise RuleBroken(
            N_("Chưa cần chấm lần ba: chỉ chấm khi hai phiếu trước chênh nhau tới mức ghi trong thể lệ.")
        )


def is_needed(performance: Performance, seat: int) -> bool:
    """Tell whether the sheet of a seat counts: any of the panel, that of a third only where the rules call for it."""
    part = panels.judged_part(performance.round, performance.part)
    points = stage_points.points_of(performance, part)
    return seat <= part.judged_by.judges or points.waits is Waits.THIRD or points.by_third


def _check_open(performance: Performance) -> None:
    """Raise RuleBroken once the points were checked: a sheet that came after would change what was signed."""
    if performance.checked_at is not None:
        raise RuleBroken(
            N_(
                "Điểm của lượt thi này đã được kiểm nên không nhận thêm phiếu. Nếu thiếu phiếu của bạn, hãy báo thư"
                " ký và Trưởng ban Giám khảo."
            )
        )


def _begun(performance: Performance, seat: PanelSeat, now: int) -> ScoreSheet:
    """Return the sheet of a seat, locked; made when there is none, however many devices begin it at once.

    The performance is locked before: a new sheet refers to it, and two judges who each hold it by a sheet of theirs
    would wait for each other when they hand in.
    """
    place = {"performance_id": performance.id, "seat": seat.seat}
    query = select(ScoreSheet).filter_by(**place).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            new = ScoreSheet(seat=seat.seat, account_id=seat.account_id, marks={}, stamp=0, saved_at=now)
            performance.sheets.append(new)
            db.session.flush()
            return new
    except IntegrityError:
        return db.session.scalars(query).one()


def _check_not_own(performance: Performance, seat: PanelSeat) -> None:
    judge = seat.account
    if judge and judge.person_id is not None and judge.person_id == performance.entry.person_id:
        raise RuleBroken(N_("Không ai chấm phần thi của chính mình."))


def _check_partial(judging: Judging, marks: Marks) -> None:
    """Raise RuleBroken for marks no sheet can have; a criterion without points yet is well."""
    faults = rule.sheet_faults(judging, marks)
    unfit = [Problem(text, field=name) for name, text in faults if name in marks]
    if unfit:
        raise DraftRefused(unfit)


def submit(performance: Performance, actor: Actor, now: int) -> ScoreSheet:
    """Hand in the own sheet: it counts from now on. Raise RuleBroken while a criterion has no points, AlreadyDone."""
    seat = seat_of(performance, actor.account_id or 0)
    lock(performance)
    sheet = _begun(performance, seat, now)
    if sheet.submitted_at is not None:
        raise AlreadyDone(N_("Phiếu chấm này đã nộp."))
    _check_open(performance)
    _check_whole(judging_of(performance), sheet.marks)
    sheet.submitted_at = now
    record(performance, "sheet.submit", actor, now, seat=seat.seat, points=sum(sheet.marks.values()))
    return sheet


def _check_whole(judging: Judging, marks: Marks) -> None:
    problems = [Problem(text, field=name) for name, text in rule.sheet_faults(judging, marks)]
    if problems:
        raise DraftRefused(problems)


# --- from paper ---------------------------------------------------------------------------------------------------


def keyings_of(performance: Performance, seat: int) -> list[SheetKeying]:
    """Return what was typed from the paper sheet of a seat, in order."""
    query = select(SheetKeying).where(SheetKeying.performance_id == performance.id, SheetKeying.seat == seat)
    return list(db.session.scalars(query.order_by(SheetKeying.number)))


def keyed_in(performance: Performance) -> dict[int, list[SheetKeying]]:
    """Return what was typed from paper so far, by seat."""
    query = (
        select(SheetKeying).where(SheetKeying.performance_id == performance.id).order_by(SheetKeying.number)
    )
    found: dict[int, list[SheetKeying]] = defaultdict(list)
    for one in db.session.scalars(query):
        found[one.seat].append(one)
    return found


def differences(keyings: Sequence[SheetKeying]) -> list[str]:
    """Return the criteria in which two keyings of one sheet differ."""
    if len(keyings) < 2:
        return []
    first, second = keyings[0].marks, keyings[1].marks
    return [name for name in first.keys() | second.keys() if first.get(name) != second.get(name)]


def key(performance: Performance, seat: int, marks: Marks, actor: Actor, now: int) -> ScoreSheet | None:
    """Keep what one person typed from a paper sheet; when two agree, return the sheet that now counts.

    Where they differ, whoever types it again replaces the own keying. Raise RuleBroken for marks no sheet can have,
    AlreadyDone once the sheet counts, and NotAllowed when one person would type both.
    """
    held = panels.seat_numbered(performance, seat)
    if held is None:
        raise RuleBroken(N_("Ghế này chưa có giám khảo. Hãy phân công giám khảo trước khi nhập phiếu."))
    lock(performance)
    check_needed(performance, seat)
    sheet = _begun(performance, held, now)
    if sheet.submitted_at is not None:
        raise AlreadyDone(N_("Phiếu chấm của ghế này đã có. Muốn sửa, hãy ghi lý do ở trang kiểm điểm."))
    _check_open(performance)
    _check_whole(judging_of(performance), marks)
    typed = keyings_of(performance, seat)
    own = next((one for one in typed if one.keyed_by_id == actor.account_id), None)
    if own is None and len(typed) == 2:
        raise AlreadyDone(N_("Phiếu này đã có hai người nhập. Một trong hai người hãy xem lại phiếu giấy."))
    if own is not None and len(typed) == 1:
        raise NotAllowed(N_("Bạn đã nhập phiếu này. Lần nhập thứ hai phải do người khác làm."))
    _keep_keying(performance, seat, own, len(typed) + 1, marks, actor, now)
    typed = keyings_of(performance, seat)
    if len(typed) < 2 or differences(typed):
        return None
    sheet.marks, sheet.stamp, sheet.saved_at, sheet.submitted_at = dict(marks), now, now, now
    sheet.keyed_by_id = actor.account_id
    record(performance, "sheet.enter", actor, now, seat=seat, points=sum(sheet.marks.values()))
    return sheet


def _keep_keying(
    performance: Performance,
    seat: int,
    own: SheetKeying | None,
    number: int,
    marks: Marks,
    actor: Actor,
    now: int,
) -> None:
    if own is not None:
        own.marks, own.keyed_at = dict(marks), now
    else:
        db.session.add(
            SheetKeying(
                performance_id=performance.id, seat=seat, number=number, marks=dict(marks), keyed_at=now,
                keyed_by_id=actor.account_id,
            )
        )  # fmt: skip
    record(performance, "sheet.key", actor, now, seat=seat)


# --- after handing in ---------------------------------------------------------------------------------------------


def correct(sheet: ScoreSheet, marks: Marks, reason: str, actor: Actor, now: int, seen: str = "") -> None:
    """Change a sheet that was handed in; both sets of marks and the reason stay beside it.

    The secretary's check falls and must be done again. Raise RuleBroken without a reason, for a sheet not handed in,
    and once the points are signed: the head judge must first take the signature back (`stage_points.unsign`). Raise
    Overtaken when the marks are no longer in the state `seen`.
    """
    performance = sheet.performance
    lock(performance)
    db.session.refresh(sheet, with_for_update={"of": ScoreSheet})
    check_seen(seen, sheet.marks, marks)
    if sheet.submitted_at is None:
        raise RuleBroken(N_("Phiếu chấm này chưa nộp nên giám khảo còn tự sửa được."))
    if not reason.strip():
        raise RuleBroken(N_("Hãy ghi lý do sửa điểm."))
    if performance.signed_at is not None:
        raise RuleBroken(N_("Điểm đã ký. Trưởng ban Giám khảo rút chữ ký, ghi lý do, rồi mới sửa được."))
    _check_whole(judging_of(performance), marks)
    if dict(marks) == sheet.marks:
        raise AlreadyDone(N_("Phiếu chấm đã đúng như vậy."))
    db.session.add(
        SheetCorrection(
            sheet_id=sheet.id, before=dict(sheet.marks), after=dict(marks), reason=reason.strip()[:300],
            corrected_at=now, corrected_by_id=actor.account_id,
        )
    )  # fmt: skip
    before, sheet.marks = sheet.marks, dict(marks)
    performance.checked_at = performance.checked_by_id = None
    record(
        performance, "sheet.correct", actor, now, seat=sheet.seat, before=before, after=dict(marks),
        reason=reason.strip()[:300],
    )  # fmt: skip


def corrections_of(performance: Performance) -> list[SheetCorrection]:
    """Return every correction of the sheets of a performance, the oldest first."""
    query = (
        select(SheetCorrection)
        .join(ScoreSheet, ScoreSheet.id == SheetCorrection.sheet_id)
        .where(ScoreSheet.performance_id == performance.id)
        .order_by(SheetCorrection.id)
    )
    return list(db.session.scalars(query))


def visible_to(performance: Performance, account_id: int) -> list[ScoreSheet]:
    """Return the sheets an account on the panel may see: its own, and all handed in once every seat's is.

    The third marker sees nobody else's before the own one is in.
    """
    panel = panels.panel_for(performance, panels.seats_of(performance.round))
    due = {
        seat.seat
        for seat in panel
        if seat.seat <= judging_of(performance).judges or seat.account_id == account_id
    }
    handed_in = [sheet for sheet in performance.sheets if sheet.submitted_at is not None]
    if due and due <= {sheet.seat for sheet in handed_in}:
        return handed_in
    return [sheet for sheet in performance.sheets if sheet.account_id == account_id]


def is_blind(performance: Performance, account_id: int) -> bool:
    """Return whether an account has an own sheet to hand in, so that no other's mark may be seen before the check."""
    if performance.checked_at is not None:
        return False
    panel = panels.panel_for(performance, panels.seats_of(performance.round))
    own = {seat.seat for seat in panel if seat.account_id == account_id}
    handed_in = {sheet.seat for sheet in performance.sheets if sheet.submitted_at is not None}
    return bool(own - handed_in)
