"""How severe, how spread and how much in agreement the judges of a round were: for its board alone."""

from typing import Any

from flask import Blueprint, render_template

from quiz.core import agreement
from quiz.core.permissions import Permission
from quiz.services import judge_statistics
from quiz.web import access

blueprint = Blueprint("judge_statistics", __name__, url_prefix="/desk/rounds")
FIGURES = Permission.STAGE_FIGURES


@blueprint.get("/<int:round_id>/judges")
@access.requires(FIGURES)
def show(round_id: int) -> Any:
    """The figures of every panel whose points are all signed, with how to read them."""
    contest_round = access.round_for(FIGURES, round_id)
    return render_template(
        "stage/judge_statistics.html",
        round=contest_round,
        panels=judge_statistics.of_round(contest_round),
        fewest=agreement.FEWEST,
        reading=agreement.reading,
    )
