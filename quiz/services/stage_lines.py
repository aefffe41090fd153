"""What a stage in a hall brings back, read on its laptop: panels, running order and signed performances with sheets."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypedDict

from sqlalchemy import select

from quiz.core.errors import N_, RuleBroken
from quiz.core.performances import OnPaper
from quiz.core.stage_lines import (
    ChangeLine,
    LotLine,
    OrderLine,
    PanelLine,
    PerformanceLine,
    SheetLine,
    StaffLine,
    TurnLine,
    TypingLine,
)
from quiz.extensions import db
from quiz.models import (
    Account,
    Entry,
    PanelSeat,
    Performance,
    Person,
    Round,
    ScoreSheet,
    SheetCorrection,
    SheetKeying,
)
from quiz.services import carried_lots, stage_packing, stage_points
from quiz.services.stage_points import Earned


class StageParts(TypedDict):
    """The parts of a sitting that are of the stage."""

    staff: tuple[StaffLine, ...]
    panel: tuple[PanelLine, ...]
    order: tuple[OrderLine, ...]
    turns: tuple[TurnLine, ...]
    performances: tuple[PerformanceLine, ...]
    lots: tuple[LotLine, ...]


def check_still(contest_round: Round) -> None:
    """Raise RuleBroken while a clock of the round runs."""
    query = select(Performance).where(
        Performance.round_id == contest_round.id, Performance.running_since.is_not(None)
    )
    running = db.session.scalar(query.limit(1))
    if running is not None:
        raise RuleBroken(
            N_("Đồng hồ của %(name)s đang chạy. Hãy chờ thi xong rồi lấy tệp kết quả."),
            name=running.entry.person.full_name,
        )


def count_unsigned(contest_round: Round) -> int:
    """Return how many performances nobody has signed yet: those do not come along."""
    return len(stage_points.unsigned(stage_points.earned_in(contest_round)))


def parts_of(contest_round: Round) -> StageParts:
    """Return everything a stage brings back; of performances only those the head judge signed."""
    panel = [
        PanelLine(one.part, one.ranking_group, one.seat, one.account_id, one.is_head)
        for one in _seats(contest_round)
        if one.account_id is not None
    ]
    done = tuple(_performances(contest_round))
    refs = {one.staff for one in panel} | {ref for line in done for ref in line.people}
    return {
        "staff": tuple(_staff(refs)),
        "panel": tuple(panel),
        "order": tuple(stage_packing.order_lines(contest_round)),
        "turns": tuple(stage_packing.turn_lines(contest_round)),
        "performances": done,
        "lots": tuple(carried_lots.lines_of(contest_round)),
    }


def _seats(contest_round: Round) -> Iterable[PanelSeat]:
    query = select(PanelSeat).where(PanelSeat.round_id == contest_round.id)
    return db.session.scalars(query.order_by(PanelSeat.part, PanelSeat.ranking_group, PanelSeat.seat))


def _staff(refs: Iterable[int]) -> Iterable[StaffLine]:
    found = db.session.scalars(select(Account).where(Account.id.in_(list(refs))).order_by(Account.id))
    return [StaffLine(one.id, one.username, one.display_name, ()) for one in found]


def _performances(contest_round: Round) -> Iterable[PerformanceLine]:
    signed = [one for one in stage_points.earned_in(contest_round) if one.paper is OnPaper.SIGNED]
    keys = [one.performance.id for one in signed]
    people = _codes(contest_round)
    typed, changed = _typed(keys), _changed(keys)
    for one in signed:
        sheets = tuple(
            _sheet(sheet, typed[sheet.performance_id, sheet.seat], changed[sheet.id])
            for sheet in one.performance.sheets
            if sheet.submitted_at is not None
        )
        yield _line(one, people[one.performance.entry_id], sheets)


def _codes(contest_round: Round) -> dict[int, str]:
    query = select(Entry.id, Person.code).join(Entry.person).where(Entry.round_id == contest_round.id)
    return {key: code for key, code in db.session.execute(query)}


def _typed(keys: Sequence[int]) -> dict[tuple[int, int], list[SheetKeying]]:
    found: dict[tuple[int, int], list[SheetKeying]] = defaultdict(list)
    query = select(SheetKeying).where(SheetKeying.performance_id.in_(keys)).order_by(SheetKeying.number)
    for one in db.session.scalars(query):
        found[one.performance_id, one.seat].append(one)
    return found


def _changed(keys: Sequence[int]) -> dict[int, list[SheetCorrection]]:
    found: dict[int, list[SheetCorrection]] = defaultdict(list)
    query = (
        select(SheetCorrection)
        .join(ScoreSheet, ScoreSheet.id == SheetCorrection.sheet_id)
        .where(ScoreSheet.performance_id.in_(keys))
        .order_by(SheetCorrection.id)
    )
    for one in db.session.scalars(query):
        found[one.sheet_id].append(one)
    return found


def _sheet(sheet: ScoreSheet, typed: Iterable[SheetKeying], changed: Iterable[SheetCorrection]) -> SheetLine:
    return SheetLine(
        seat=sheet.seat, judge=sheet.account_id, marks=dict(sheet.marks), note=sheet.note, stamp=sheet.stamp,
        saved_at=sheet.saved_at, submitted_at=sheet.submitted_at or sheet.saved_at, keyed_by=sheet.keyed_by_id,
        typed=tuple(TypingLine(one.number, one.keyed_by_id or 0, one.keyed_at, dict(one.marks)) for one in typed),
        changes=tuple(
            ChangeLine(dict(one.before), dict(one.after), one.reason, one.corrected_at, one.corrected_by_id or 0)
            for one in changed
        ),
    )  # fmt: skip


def _line(earned: Earned, person: str, sheets: tuple[SheetLine, ...]) -> PerformanceLine:
    one = earned.performance
    return PerformanceLine(
        person=person, part=one.part, called_at=one.called_at, started_at=one.started_at, used=one.used,
        stopped_at=one.stopped_at, absent_reason=one.absent_reason, decided=one.decided,
        decided_reason=one.decided_reason, decided_by=one.decided_by_id, checked_at=one.checked_at or 0,
        checked_by=one.checked_by_id or 0, signed_at=one.signed_at or 0, signed_by=one.signed_by_id or 0,
        points=earned.points.points or 0, deducted=earned.points.deducted, sheets=sheets,
        lot_group=one.lot.ranking_group if one.lot else "", lot=one.lot.number if one.lot else None,
        lot_drawn_at=one.lot_drawn_at,
    )  # fmt: skip
