"""The judged parts of a round, read once for all papers about them: a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from quiz.core.judged_figures import (
    Amended,
    Gone,
    Joined,
    Judge,
    JudgedFigures,
    JudgedPart,
    Marked,
    Noted,
    OrderDrawn,
    Performed,
)
from quiz.core.performances import OnPaper
from quiz.extensions import db
from quiz.models import (
    AuditEvent,
    Entry,
    Package,
    PanelSeat,
    Performance,
    Person,
    Round,
    ScoreSheet,
    SheetCorrection,
    SittingImport,
)
from quiz.services import panels, performances, places, results, stage_points
from quiz.services.contests import rules_of
from quiz.services.stage_points import Earned
from quiz.services.standings import Line, standings_of

NOTED = ("performance.time", "performance.reopen", "performance.unsign")


def of_round(contest_round: Round) -> JudgedFigures | None:
    """Return the judged parts of a round, None where its rules have none."""
    rules = rules_of(contest_round)
    if not rules.judged_parts:
        return None
    found = _performances(contest_round)
    there = [one for one in found if one.entry.withdrawn_at is None]
    desk = _Desk(contest_round, found)
    earned = {
        part: [stage_points.earned(one, part) for one in there if one.part == part.name]
        for part in rules.judged_parts
    }
    lines, last = standings_of(contest_round), results.latest(contest_round.id)
    return JudgedFigures(
        parts=tuple(JudgedPart(part, tuple(map(desk.performed, own))) for part, own in earned.items()),
        draw=_drawn(contest_round),
        lines=tuple(_joined(line) for line in lines),
        noted=tuple(_noted(found)),
        gone=_gone(found),
        unsigned=sum(one.paper is not OnPaper.SIGNED for own in earned.values() for one in own),
        agrees=None if last is None else last.sha256 == results.sha256_of(lines),
    )


def _performances(contest_round: Round) -> list[Performance]:
    entry, sheets = joinedload(Performance.entry), selectinload(Performance.sheets)
    query = (
        select(Performance)
        .where(Performance.round_id == contest_round.id)
        .options(entry.joinedload(Entry.person), entry.joinedload(Entry.scope), joinedload(Performance.round))
        .options(entry.selectinload(Entry.unit))
        .options(sheets.joinedload(ScoreSheet.account), sheets.joinedload(ScoreSheet.keyed_by))
        .options(joinedload(Performance.checked_by), joinedload(Performance.signed_by))
        .order_by(Performance.drawn, Performance.id)
    )
    return list(db.session.scalars(query))


class _Desk:
    """What the performances of a round are told with: who judges, what was changed in the sheets."""

    def __init__(self, contest_round: Round, found: Sequence[Performance]) -> None:
        self._seats: list[PanelSeat] = panels.seats_of(contest_round)
        self._amended = _amended([one.id for one in found])
        self._above = places.above(one.entry for one in found)

    def performed(self, earned: Earned) -> Performed:
        """Return one performance as papers print it."""
        one, entry = earned.performance, earned.performance.entry
        return Performed(
            entry=entry.id, name=entry.person.full_name, cell=entry.unit.title,
            unit=self._above[entry.id] or entry.scope.title, group=entry.ranking_group,
            session=one.session, place=one.place, drawn=one.drawn,
            panel=tuple(
                Judge(seat.seat, seat.judge, seat.is_head) for seat in panels.panel_for(one, self._seats)
            ),
            used=one.used if one.started_at is not None else None, absent=one.absent_reason,
            sheets=tuple(self._marked(sheet) for sheet in one.sheets if sheet.submitted_at is not None),
            points=earned.points, decided_reason=one.decided_reason, checked_at=one.checked_at,
            checked_by=one.checker, signed_at=one.signed_at, signed_by=one.signer,
        )  # fmt: skip

    def _marked(self, sheet: ScoreSheet) -> Marked:
        return Marked(
            sheet.seat, sheet.judge, dict(sheet.marks), sheet.note, sheet.submitted_at or 0, bool(sheet.keyer),
            tuple(self._amended[sheet.id]),
        )  # fmt: skip


def _drawn(contest_round: Round) -> OrderDrawn | None:
    found = performances.draw_of(contest_round)
    if found is None:
        return None
    numbers = _numbers(contest_round, found.drawn_by_id is None)
    return OrderDrawn(found.seed, found.sessions, found.drawn_at, found.drawer, numbers)


def _numbers(contest_round: Round, was_elsewhere: bool) -> Mapping[int, int]:
    """Return what the draw called each entry: its number here, or in the hall it came home from."""
    query = select(Entry.id, Person.code).join(Entry.person).where(Entry.round_id == contest_round.id)
    codes = {key: code for key, code in db.session.execute(query)}
    if not was_elsewhere:
        return {key: key for key in codes}
    brought = select(SittingImport.report).join(Package, Package.id == SittingImport.package_id)
    called = {
        person: number
        for report in db.session.scalars(brought.where(Package.round_id == contest_round.id))
        for number, person in report.get("stage", {}).get("turns", ())
    }
    return {key: called[code] for key, code in codes.items() if code in called}


def _amended(keys: Sequence[int]) -> Mapping[int, list[Amended]]:
    query = (
        select(SheetCorrection)
        .join(ScoreSheet, ScoreSheet.id == SheetCorrection.sheet_id)
        .where(ScoreSheet.performance_id.in_(keys))
        .options(joinedload(SheetCorrection.corrected_by))
        .order_by(SheetCorrection.id)
    )
    found: dict[int, list[Amended]] = defaultdict(list)
    for one in db.session.scalars(query):
        change = Amended(one.before, one.after, one.reason, one.corrected_at, one.corrector)
        found[one.sheet_id].append(change)
    return found


def _noted(found: Sequence[Performance]) -> Iterable[Noted]:
    """Yield what the record says was put right on the stage, the oldest first."""
    targets = [f"performance:{one.id}" for one in found]
    query = (
        select(AuditEvent)
        .where(AuditEvent.target.in_(targets), AuditEvent.action.in_(NOTED))
        .options(joinedload(AuditEvent.account))
        .order_by(AuditEvent.at, AuditEvent.id)
    )
    for act in db.session.scalars(query):
        said = act.detail
        by = (
            act.account.display_name if act.account else said.get("by", "")
        )  # in a hall they are known by name
        yield Noted(
            act.action, act.at, said.get("name", ""), said.get("part", ""), said.get("reason", ""), by,
            said.get("before"), said.get("after"),
        )  # fmt: skip


def _gone(found: Iterable[Performance]) -> tuple[Gone, ...]:
    withdrawn = {one.drawn: one.entry for one in found if one.entry.withdrawn_at is not None}
    return tuple(
        Gone(drawn, entry.person.full_name, entry.withdrawn_reason) for drawn, entry in withdrawn.items()
    )


def _joined(line: Line) -> Joined:
    unit = line.entry.unit
    return Joined(
        line.entry.id, line.rank, line.scope, line.entry.person.full_name, unit.title,
        line.above, line.shares, line.points, line.explanation.equal_points,
        line.explanation.decided_by,
    )  # fmt: skip
