"""What one judge has to do: the rounds with a seat of theirs, and the own sheets in running order."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from quiz.core.judging import Waits
from quiz.core.parts import Part
from quiz.core.performances import OnStage
from quiz.extensions import db
from quiz.models import Entry, PanelSeat, Performance, Person, Round, ScoreSheet, Unit
from quiz.services import panels
from quiz.services.contests import rules_of
from quiz.services.performances import stage_of
from quiz.services.stage_points import points_of

NEARNESS = {
    OnStage.RUNNING: 0, OnStage.PAUSED: 0, OnStage.CALLED: 1, OnStage.DONE: 2, OnStage.WAITING: 3, OnStage.ABSENT: 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A performance one judge marks, from which seat: where the contestant is, if the sheet is begun and in.

    `is_due`: it can be marked now, because the contestant was called, the part is read at a desk, or a third is needed.
    """

    performance: Performance
    seat: int
    stage: OnStage
    is_begun: bool
    is_in: bool
    is_due: bool


def rounds_of(account_id: int) -> list[Round]:
    """Return the rounds in which an account has a seat, the newest first."""
    seats = select(PanelSeat.round_id).where(PanelSeat.account_id == account_id)
    return list(db.session.scalars(select(Round).where(Round.id.in_(seats)).order_by(Round.id.desc())))


def rounds_to_sign(paths: list[str]) -> list[Round]:
    """Return the rounds under any of `paths` ("" reaches all) that have performances, the newest first."""
    held = select(Performance.round_id)
    query = select(Round).join(Unit, Unit.id == Round.unit_id).where(Round.id.in_(held))
    if "" not in paths:
        query = query.where(db.or_(db.false(), *(Unit.path.startswith(path) for path in paths)))
    return list(db.session.scalars(query.order_by(Round.id.desc()).limit(50)))


def waiting_to_sign(round_ids: Sequence[int]) -> dict[int, int]:
    """Return by round, where there are any, how many performances are checked and not yet signed."""
    query = (
        select(Performance.round_id, db.func.count())
        .join(Entry, Entry.id == Performance.entry_id)
        .where(
            Performance.round_id.in_(round_ids),
            Performance.checked_at.is_not(None),
            Performance.signed_at.is_(None),
            Entry.withdrawn_at.is_(None),
        )
        .group_by(Performance.round_id)
    )
    return {key: count for key, count in db.session.execute(query)}


def sheets_of(contest_round: Round, account_id: int) -> list[OwnSheet]:
    """Return the performances an account marks: not handed in before handed in, on the stage first, then who has
    performed, then who has yet to; each part by part in running order.

    A third marker has those on which the first two lie too far apart.
    """
    seats = panels.seats_of(contest_round)
    parts = {part.name: part for part in rules_of(contest_round).judged_parts}
    query = (
        select(Performance)
        .join(Entry, Entry.id == Performance.entry_id)
        .where(Performance.round_id == contest_round.id, Entry.withdrawn_at.is_(None))
        .options(joinedload(Performance.entry).joinedload(Entry.person).load_only(Person.full_name))
        .options(joinedload(Performance.entry).joinedload(Entry.unit))
        .options(selectinload(Performance.sheets))
        .order_by(Performance.session, Performance.place, Performance.part)
    )
    found = [_own(one, parts[one.part], seats, account_id) for one in db.session.scalars(query)]
    own = [one for one in found if one is not None]
    order = list(parts)
    return sorted(
        own,
        key=lambda one: (one.is_in, not one.is_due, NEARNESS[one.stage], order.index(one.performance.part)),
    )


def _own(performance: Performance, part: Part, seats: list[PanelSeat], account_id: int) -> OwnSheet | None:
    held = [one for one in panels.panel_for(performance, seats) if one.account_id == account_id]
    if not held:
        return None
    sheet: ScoreSheet | None = next((one for one in performance.sheets if one.seat == held[0].seat), None)
    is_third = held[0].seat > part.judged_by.judges
    if is_third and sheet is None and points_of(performance, part).waits is not Waits.THIRD:
        return None
    is_in = sheet is not None and sheet.submitted_at is not None
    stage, is_begun = stage_of(performance), bool(sheet and sheet.marks)
    is_due = is_begun or is_third or part.essay is not None or stage not in (OnStage.WAITING, OnStage.ABSENT)
    return OwnSheet(performance, held[0].seat, stage, is_begun, is_in, is_due)
