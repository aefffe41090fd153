"""What arrived after the end of a round, for the board to see."""

from typing import Any

from flask import Blueprint, render_template, url_for

from quiz import clock
from quiz.core.late import REFUSED
from quiz.core.permissions import Permission
from quiz.services import late
from quiz.web import access
from quiz.web.paging import page_number

blueprint = Blueprint("late", __name__, url_prefix="/desk")


@blueprint.get("/rounds/<int:round_id>/late")
@access.requires(Permission.RESULT_VIEW)
def index(round_id: int) -> Any:
    """Every late delivery of a round: who, when, how much of it counts and why the rest does not."""
    contest_round = access.round_for(Permission.RESULT_VIEW, round_id)
    page = late.arrivals(contest_round, page_number())
    return render_template(
        "late/index.html",
        round=contest_round,
        page=page,
        arrivals=[(arrival, late.fates_of(arrival)) for arrival in page.items],
        refused=REFUSED,
        until=late.last_chance(contest_round),
        now=clock.now(),
        page_url=lambda number: url_for("late.index", round_id=round_id, page=number),
    )
