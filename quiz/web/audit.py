"""The audit record as a page: who did what, when, to which thing."""

from typing import Any

from flask import Blueprint, render_template, request

from quiz.core.permissions import Permission
from quiz.services import audit
from quiz.web import access

blueprint = Blueprint("audit", __name__)
PAGE = 50


@blueprint.get("/audit")
@access.requires(Permission.AUDIT_VIEW)
def index() -> Any:
    """The newest acts under the units this person answers for, a page at a time."""
    before = request.args.get("before", type=int)
    target = request.args.get("target", "")[:60]
    paths = access.signed_in().paths_for(Permission.AUDIT_VIEW)
    events = audit.events(paths, target, before, PAGE)
    older = events[-1].id if len(events) == PAGE else None
    return render_template("audit/index.html", events=events, target=target, older=older)
