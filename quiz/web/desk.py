"""The first page of everybody on the staff: what is theirs to do now."""

from typing import Any

from flask import Blueprint, render_template, request

from quiz.core.permissions import Permission
from quiz.services import contests
from quiz.web import access

blueprint = Blueprint("desk", __name__)


@blueprint.get("/desk")
@access.staff_only
def index() -> Any:
    """The rounds this person runs or watches, a page at a time."""
    who = access.signed_in()
    page = contests.rounds_under(
        who.paths_for(Permission.CONTEST_VIEW), request.args.get("page", 1, type=int)
    )
    return render_template("desk/index.html", page=page)
