"""The list to call by: who is missing, silent or still working, with phone numbers, for those who may see people."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from quiz import clock
from quiz.core.permissions import Permission
from quiz.core.presence import NOT_STARTED, SILENT_AFTER, Presence, last_start
from quiz.core.timing import Phase
from quiz.services import boards, contests, monitor, registrations
from quiz.web import access
from quiz.web.paging import page_number

blueprint = Blueprint("calls", __name__, url_prefix="/desk")
P = Permission
ON_A_PAGE = 200  # lines; a commune's list prints in one go
VIEWS = {
    "missing": NOT_STARTED,
    "silent": (Presence.SILENT,),
    "working": (Presence.ANSWERING, Presence.SILENT, Presence.ON_PAPER),
}


@blueprint.get("/rounds/<int:round_id>/calls", endpoint="round")
@access.requires(P.PEOPLE_VIEW)
def of_round(round_id: int) -> Any:
    """Whom to call in one round."""
    found = access.round_within(P.PEOPLE_VIEW, round_id)
    late = contests.rules_of(found).late_start
    return _listed(
        found.stage_id, [found], access.reach_in(P.PEOPLE_VIEW, found),
        title=found.name,
        last=last_start(found.window, late) if found.window else None,
        back=url_for("monitor.show", round_id=round_id),
    )  # fmt: skip


@blueprint.get("/stages/<int:stage_id>/calls", endpoint="stage")
@access.requires(P.PEOPLE_VIEW)
def of_stage(stage_id: int) -> Any:
    """Whom to call in the rounds of a stage held in the own subtrees, as far as calling still helps."""
    found, now = access.stage_for(P.CONTEST_VIEW, stage_id), clock.now()
    held = registrations.rounds_under(found, access.signed_in().paths_for(P.PEOPLE_VIEW))
    rounds = [one for one in held if one.phase_at(now) in (Phase.SCHEDULED, Phase.OPEN)]
    back = url_for("monitor.stage", stage_id=stage_id)
    return _listed(
        found.id, rounds, [""], title=f"{found.contest.title} – {found.name}", last=None, back=back
    )


def _listed(stage_id: int, rounds: list[Any], paths: list[str], **shown: Any) -> Any:
    board = boards.board_of(stage_id, clock.now())
    view = request.args.get("view", "missing")
    view = view if view in VIEWS else "missing"
    keys = [one.id for one in rounds]
    page = monitor.people(board, keys, VIEWS[view], SILENT_AFTER, paths, page_number(), ON_A_PAGE)
    return render_template(
        "monitor/calls.html",
        view=view,
        page=page,
        at=board.at,
        page_url=lambda number: url_for(
            request.endpoint or "", **(request.view_args or {}), view=view, page=number
        ),
        **shown,
    )
