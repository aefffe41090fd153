"""How the questions of a round did, and the topics in which units are weak: counted once nobody sits it any more."""

from typing import Any

from flask import Blueprint, render_template, url_for

from quiz import clock
from quiz.core.item_analysis import GROUP, IDLE, error_of_measurement
from quiz.core.permissions import Permission
from quiz.core.statistics import EASY, HARD, LEAST_SAT, WEAK
from quiz.services import item_analysis
from quiz.web import access
from quiz.web.paging import page_number, slice_of

blueprint = Blueprint("item_analysis", __name__, url_prefix="/desk")
P = Permission
LIMITS = {"group": GROUP, "idle": IDLE, "easy": EASY, "hard": HARD, "least": LEAST_SAT, "weak": WEAK}


@blueprint.get("/rounds/<int:round_id>/items")
@access.requires(P.RESULT_PUBLISH)
def index(round_id: int) -> Any:
    """The items of a round, those to look into first, with every figure's formula and source."""
    contest_round = access.round_for(P.RESULT_PUBLISH, round_id)
    whole = item_analysis.of_round(contest_round)
    in_use = item_analysis.still_in_use(contest_round, clock.now()) if whole else None
    held_back = item_analysis.versions_in_use(contest_round, clock.now()) if in_use else set()
    every = item_analysis.items_of(contest_round) if whole else []
    shown = [one for one in every if one.use.version_id not in held_back]
    page = slice_of(shown, page_number())
    return render_template(
        "item_analysis/index.html",
        round=contest_round,
        whole=whole,
        in_use=in_use,
        hidden=len(every) - len(shown),
        error=_error(whole),
        found=sum(bool(one.findings) for one in shown),
        items=item_analysis.with_texts(list(page.items)),
        page=page,
        page_url=lambda number: url_for("item_analysis.index", round_id=round_id, page=number),
        limits=LIMITS,
        correct=access.signed_in().may(P.RESULT_PUBLISH, contest_round.stage.contest.unit),
    )


def _error(whole: Any) -> float | None:
    """Return the standard error of measurement in points, None where reliability is not defined."""
    if whole is None or whole.reliability is None:
        return None
    return error_of_measurement(whole.deviation, whole.reliability) / 100


@blueprint.get("/rounds/<int:round_id>/topics")
@access.requires(P.RESULT_VIEW)
def topics(round_id: int) -> Any:
    """How the units of a round did on each topic."""
    contest_round = access.round_for(P.RESULT_VIEW, round_id)
    back = (contest_round.name, url_for("rounds.show", round_id=round_id))
    return _topics_page([contest_round.id], contest_round.name, back)


@blueprint.get("/stages/<int:stage_id>/topics")
@access.requires(P.RESULT_VIEW)
def stage_topics(stage_id: int) -> Any:
    """How the units of all rounds of a stage did on each topic."""
    stage = access.stage_for(P.RESULT_VIEW, stage_id)
    back = (stage.name, url_for("contests.stage", stage_id=stage_id))
    return _topics_page([one.id for one in stage.rounds], f"{stage.contest.title} – {stage.name}", back)


def _topics_page(round_ids: list[int], caption: str, back: tuple[str, str]) -> Any:
    table = item_analysis.table_of(item_analysis.topics_of(round_ids))
    return render_template("item_analysis/topics.html", caption=caption, back=back, found=table)
