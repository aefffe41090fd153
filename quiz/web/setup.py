"""The guided path: what is set up, what is missing and where to mend it, from the first unit to the open round."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from quiz import clock
from quiz.core import setup as path
from quiz.core.permissions import Permission
from quiz.core.setup import Gap
from quiz.services import setup
from quiz.web import access

blueprint = Blueprint("setup", __name__)
P = Permission


@blueprint.get("/setup")
@access.requires(P.CONTEST_EDIT)
def begin() -> Any:
    """The path of an installation without a contest; else that of the newest contest still to be opened."""
    paths, now = access.signed_in().paths_for(P.CONTEST_EDIT), clock.now()
    contest = setup.unfinished(paths, now)
    if contest is not None:
        return redirect(url_for("setup.show", contest_id=contest.id))
    return render_template("setup/show.html", contest=None, **guide(None))


@blueprint.get("/contests/<int:contest_id>/setup")
@access.requires(P.CONTEST_EDIT)
def show(contest_id: int) -> Any:
    """The path of one contest."""
    contest = access.contest_for(P.CONTEST_EDIT, contest_id)
    return render_template("setup/show.html", contest=contest, **guide(contest))


def guide(contest: Any) -> dict[str, Any]:
    """Return the steps with the step that comes next, and the address that mends each gap."""
    paths = access.signed_in().paths_for(P.CONTEST_EDIT)
    stretches = path.path_of(setup.facts_of(contest, paths, clock.now()))
    addresses = {id(gap): _address(gap, contest) for one in stretches for gap in one.gaps}
    following = path.next_step(stretches)
    return {"path": stretches, "following": following, "address_of": lambda gap: addresses[id(gap)]}


# place of a gap → the page that mends it; those of a stage take its id
_PAGES = {
    "roster": "roster.index",
    "units": "units.index",
    "people": "people.index",
    "bank": "bank.index",
    "contest": "contests.new",
}
_STAGE_PAGES = {
    "pool": "contests.stage",
    "hours": "contests.stage",
    "rounds": "contests.for_each",
    "rules": "contests.edit_stage",
    "judging": "contests.stage",
    "check": "contests.stage",
    "entries": "registrations.index",
    "open": "contests.open_all",
}


def _address(gap: Gap, contest: Any) -> str:
    if gap.place == "accounts":
        return url_for("accounts.for_each", parent=contest.unit_id)
    if gap.place == "groups":
        return url_for("contests.groups", contest_id=contest.id)
    if gap.place == "stage":
        return url_for("contests.new_stage", contest_id=contest.id)
    if gap.place in _STAGE_PAGES:
        return url_for(_STAGE_PAGES[gap.place], stage_id=gap.stage)
    return url_for(_PAGES[gap.place]) if gap.place else ""
