"""Pictures of rounds that are over: who came, how points spread, hard items, weak topics, papers compared.

Nothing is counted while anybody still sits (R27). The pictures themselves stand in drawings.py.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, url_for

from quiz import clock
from quiz.core.permissions import Permission
from quiz.services import pictures, registrations
from quiz.web import access, drawings

blueprint = Blueprint("pictures", __name__, url_prefix="/desk")
P = Permission


@blueprint.get("/rounds/<int:round_id>/pictures", endpoint="round")
@access.requires(P.RESULT_VIEW)
def of_round(round_id: int) -> Any:
    """The pictures of one round."""
    found = access.round_for(P.RESULT_VIEW, round_id)
    back = (found.name, url_for("rounds.show", round_id=round_id))
    return _page([found], found.stage, found.name, back)


@blueprint.get("/stages/<int:stage_id>/pictures", endpoint="stage")
@access.requires(P.RESULT_VIEW)
def of_stage(stage_id: int) -> Any:
    """The pictures of the rounds of a stage that one may see, together."""
    found = access.stage_for(P.CONTEST_VIEW, stage_id)
    rounds = registrations.rounds_under(found, access.signed_in().paths_for(P.RESULT_VIEW))
    back = (found.name, url_for("contests.stage", stage_id=stage_id))
    return _page(rounds, found, f"{found.contest.title} – {found.name}", back)


def _page(rounds: Sequence[Any], stage: Any, caption: str, back: tuple[str, str]) -> Any:
    now = clock.now()
    over = pictures.finished(rounds, now)
    drawn = pictures.of_rounds(over, pictures.finished(stage.rounds, now), now) if over else None
    return render_template(
        "pictures/show.html",
        caption=caption,
        back=back,
        rounds=len(rounds),
        over=len(over),
        drawn=drawn,
        pictures=drawings.pictures_of(over, stage, drawn, now) if drawn else [],
        topics_url=_topics_url(rounds, stage),
    )


def _topics_url(rounds: Sequence[Any], stage: Any) -> str:
    if len(rounds) == 1:
        return url_for("item_analysis.topics", round_id=rounds[0].id)
    return url_for("item_analysis.stage_topics", stage_id=stage.id)
