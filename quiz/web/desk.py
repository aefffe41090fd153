"""The first page of everybody on the staff: what is theirs to do now."""

from typing import Any

from flask import Blueprint, render_template, request

from quiz import clock
from quiz.core.permissions import Permission
from quiz.services import approvals, contests, rounds
from quiz.web import access, tasks

blueprint = Blueprint("desk", __name__)


@blueprint.get("/desk")
@access.staff_only
def index() -> Any:
    """The rounds this person runs or watches, a page at a time."""
    who = access.signed_in()
    paths = who.paths_for(Permission.CONTEST_VIEW)
    page = contests.rounds_under(paths, request.args.get("page", 1, type=int))
    entries = rounds.entry_counts(page.items)
    return render_template(
        "desk/index.html",
        page=page,
        entries=entries,
        steps=tasks.next_steps(page.items, entries, who, clock.now()),
        to_decide=approvals.count_waiting(who.grants, who.account_id or 0),
        may_create=who.may_somewhere(Permission.CONTEST_EDIT),
    )
