"""What the board may ask of its judges once every performance is signed; shown to the board alone, never ranked."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Select, select

from quiz.core.agreement import JudgeFigures, figures, kendall_w
from quiz.core.parts import Part
from quiz.core.performances import OnPaper, OnStage
from quiz.extensions import db
from quiz.models import Entry, PanelSeat, Round
from quiz.services import panels, stage_points
from quiz.services.performances import stage_of
from quiz.services.stage_points import Earned


@dataclass(frozen=True, slots=True)
class PanelStatistics:
    """The figures of one panel: of `performed` contestants who came, `compared` were marked by every judge.

    `unsigned` performances are still open: then there are no figures. `w` is None where it is not defined.
    """

    part: Part
    group: str
    seats: tuple[PanelSeat, ...]
    unsigned: int
    performed: int = 0
    compared: int = 0
    judges: tuple[JudgeFigures, ...] = ()
    w: Fraction | None = None


def of_round(contest_round: Round) -> list[PanelStatistics]:
    """Return the figures of every panel of a round, part by part and group by group; a fixed number of queries."""
    active = {entry.id: entry for entry in db.session.scalars(_active(contest_round))}
    found = [one for one in stage_points.earned_in(contest_round) if one.performance.entry_id in active]
    seats = panels.seats_of(contest_round)
    groups = panels.groups_of(contest_round)
    parts = {one.part.name: one.part for one in found}
    return [
        _panel(part, group, [one for one in found if one.part == part and _is_of(group, one)], seats)
        for part in parts.values()
        for group in groups
    ]


def _active(contest_round: Round) -> Select[tuple[Entry]]:
    return select(Entry).where(Entry.round_id == contest_round.id, Entry.withdrawn_at.is_(None))


def _is_of(group: str, one: Earned) -> bool:
    return group in ("", one.performance.entry.ranking_group)


def _panel(part: Part, group: str, found: Sequence[Earned], seats: Sequence[PanelSeat]) -> PanelStatistics:
    here = tuple(one for one in seats if (one.part, one.ranking_group) == (part.name, group))
    unsigned = sum(one.paper is not OnPaper.SIGNED for one in found)
    if unsigned:
        return PanelStatistics(part, group, here, unsigned)
    there = [one for one in found if stage_of(one.performance) is not OnStage.ABSENT]
    rows = [row for one in there if len(row := _sheets(one)) == part.judged_by.judges]
    marks = {seat: [row[seat] for row in rows] for seat in range(1, part.judged_by.judges + 1)}
    return PanelStatistics(
        part, group, here, 0, len(there), len(rows), tuple(figures(marks)), kendall_w(marks) if rows else None
    )


def _sheets(one: Earned) -> dict[int, int]:
    """Return the points of each sheet handed in by a judge of the panel; a third marking is none of them."""
    return {
        sheet.seat: sum(sheet.marks.values())
        for sheet in one.performance.sheets
        if sheet.submitted_at is not None and sheet.seat <= one.part.judged_by.judges
    }
