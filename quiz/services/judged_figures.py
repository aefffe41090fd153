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
    Account,
    AuditEvent,
    Entry,
    PanelSeat,
    Performance,
    Round,
    ScoreSheet,
    SheetCorrection,
    Unit,
)
from quiz.services import panels, performances, results, stage_points
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
        draw=desk.draw,
        lines=tuple(_joined(line) for line in lines),
        noted=tuple(_noted(found)),
        gone=_gone(found),
        unsigned=sum(one.paper is not OnPaper.SIGNED for own in earned.values() for one in own),
        agrees=None if last is None else last.sha256 == results.sha256_of(lines),
    )


def _performances(contest_round: Round) -> list[Performance]:
    entry = joinedload(Performance.entry)
    query = (
        select(Performance)
        .where(Performance.round_id == contest_round.id)
        .options(entry.joinedload(Entry.person), entry.joinedload(Entry.scope), joinedload(Performance.round))
        .options(entry.selectinload(Entry.unit).joinedload(Unit.parent))
        .options(selectinload(Performance.sheets))
        .order_by(Performance.drawn, Performance.id)
    )
    return list(db.session.scalars(query))


class _Desk:
    """What the performances of a round are told with: who judges, who is called what, what was changed."""

    def __init__(self, contest_round: Round, found: Sequence[Performance]) -> None:
        drawn = performances.draw_of(contest_round)
        self._seats: list[PanelSeat] = panels.seats_of(contest_round)
        self._amended = _amended([one.id for one in found])
        self._names = _names(
            {one.checked_by_id for one in found}
            | {one.signed_by_id for one in found}
            | {sheet.account_id for one in found for sheet in one.sheets}
            | ({drawn.drawn_by_id} if drawn else set())
        )
        self.draw = drawn and OrderDrawn(
            drawn.seed, drawn.sessions, drawn.drawn_at, self._names[drawn.drawn_by_id]
        )

    def performed(self, earned: Earned) -> Performed:
        """Return one performance as papers print it."""
        one, entry = earned.performance, earned.performance.entry
        parent = entry.unit.parent
        return Performed(
            entry=entry.id, name=entry.person.full_name, cell=entry.unit.title,
            unit=parent.title if parent is not None else entry.scope.title, group=entry.ranking_group,
            session=one.session, place=one.place, drawn=one.drawn,
            panel=tuple(
                Judge(seat.seat, seat.account.display_name, seat.is_head)
                for seat in panels.panel_for(one, self._seats)
            ),
            used=one.used if one.started_at is not None else None, absent=one.absent_reason,
            sheets=tuple(self._marked(sheet) for sheet in one.sheets if sheet.submitted_at is not None),
            points=earned.points, decided_reason=one.decided_reason,
            checked_by=self._names[one.checked_by_id], signed_by=self._names[one.signed_by_id],
            signed_at=one.signed_at,
        )  # fmt: skip

    def _marked(self, sheet: ScoreSheet) -> Marked:
        return Marked(
            sheet.seat, self._names[sheet.account_id], dict(sheet.marks), sheet.note, sheet.submitted_at or 0,
            sheet.keyed_by_id is not None, tuple(self._amended[sheet.id]),
        )  # fmt: skip


def _names(ids: Iterable[int | None]) -> Mapping[int | None, str]:
    query = select(Account.id, Account.display_name).where(Account.id.in_([one for one in ids if one]))
    return defaultdict(str, {key: name for key, name in db.session.execute(query)})


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
        by = one.corrected_by.display_name
        found[one.sheet_id].append(Amended(one.before, one.after, one.reason, one.corrected_at, by))
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
        said, by = act.detail, act.account.display_name if act.account else ""
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
        unit.parent.title if unit.parent else "", line.shares, line.points, line.explanation.equal_points,
        line.explanation.decided_by,
    )  # fmt: skip
