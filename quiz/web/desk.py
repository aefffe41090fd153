"""The first page of everybody on the staff: what is theirs to do now."""

from typing import Any

from flask import Blueprint, render_template

from quiz import clock
from quiz.core.permissions import Permission
from quiz.services import approvals, contests, rounds, setup
from quiz.web import access, tasks
from quiz.web.paging import page_number
from quiz.web.setup import guide

blueprint = Blueprint("desk", __name__)
P = Permission


@blueprint.get("/desk")
@access.staff_only
def index() -> Any:
    """The rounds this person runs or watches, a page at a time."""
    who = access.signed_in()
    paths = who.paths_for(P.CONTEST_VIEW)
    page = contests.rounds_under(paths, page_number())
    entries, elsewhere = (
        rounds.entry_counts(page.items),
        contests.held_elsewhere(who.paths_for(P.ROUND_MONITOR)),
    )
    may_create = who.may_somewhere(P.CONTEST_EDIT)
    begun = setup.unfinished(who.paths_for(P.CONTEST_EDIT), clock.now()) if may_create else None
    return render_template(
        "desk/index.html",
        page=page,
        entries=entries,
        steps=tasks.next_steps(page.items, entries, who, clock.now()),
        elsewhere=elsewhere,
        names_contest=page.pages > 1 or len({one.stage.contest_id for one in (*page.items, *elsewhere)}) > 1,
        to_decide=approvals.count_waiting(who.grants, who.account_id or 0),
        begun=begun,
        guide=guide(begun) if may_create and not page.items else None,
        may_judge=who.may_somewhere(P.STAGE_JUDGE) and not who.may_somewhere(P.ROUND_RUN),
        may_load="" in who.paths_for(P.ROUND_RUN),
    )
