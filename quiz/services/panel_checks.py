"""Counting what a round before judges still lacks."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from quiz.core.judging import OnGap
from quiz.core.panel_checks import PanelFacts, StageReadiness
from quiz.core.parts import Part
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import PanelSeat, Round
from quiz.services import accounts, panels, performances
from quiz.services.contests import rules_of


def readiness_of(contest_round: Round) -> StageReadiness | None:
    """Return what is known of the judged parts of a round, None when it has none."""
    judged = rules_of(contest_round).judged_parts
    if not judged:
        return None
    seats, groups = panels.seats_of(contest_round), panels.groups_of(contest_round)
    return StageReadiness(
        panels=tuple(_panel(part, group, seats) for part in judged for group in groups),
        conflicts=len(panels.conflicts_of(contest_round)),
        signers=len(accounts.holding((Role.HEAD_JUDGE,), contest_round.unit)),
        is_drawn=performances.draw_of(contest_round) is not None,
        plain=tuple(part.name for part in judged if not part.judging.criteria),
    )


def _panel(part: Part, group: str, seats: Sequence[PanelSeat]) -> PanelFacts:
    here = [one for one in seats if one.part == part.name and one.ranking_group == group]
    return PanelFacts(part.name, group, len(here), wanted(part), any(one.is_head for one in here))


def wanted(part: Part) -> int:
    """Return how many seats a full panel of a part has: a third marking needs one more."""
    return part.judged_by.judges + (part.judged_by.on_gap is OnGap.THIRD)


def short_rounds(rounds: Iterable[Round], judged: Sequence[Part]) -> int:
    """Return how many of these rounds have fewer judges than one panel of each part needs, by one query for all."""
    ids = [one.id for one in rounds] if judged else []
    query = select(PanelSeat.round_id, PanelSeat.part, func.count()).where(PanelSeat.round_id.in_(ids))
    seated = {(key, part): count for key, part, count in db.session.execute(
        query.group_by(PanelSeat.round_id, PanelSeat.part)
    )}  # fmt: skip
    return sum(any(seated.get((key, part.name), 0) < wanted(part) for part in judged) for key in ids)
