"""Which kind of cell is ranked in which group, set for a whole contest; joins the pages of contests."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quiz import clock
from quiz.core.names import nfc
from quiz.core.people import CellType
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import groups
from quiz.web import access
from quiz.web.contests import blueprint
from quiz.web.forms.rounds import GroupsForm
from quiz.web.refusals import shown_on

P = Permission


@blueprint.route("/contests/<int:contest_id>/groups", methods=["GET", "POST"], endpoint="groups")
@access.requires(P.CONTEST_EDIT)
def edit(contest_id: int) -> Any:
    """The kinds of cells with the groups they are ranked in, and the form that names a group for each kind."""
    contest = access.contest_for(P.CONTEST_EDIT, contest_id)
    lines = groups.by_kind(contest, clock.now())
    form = GroupsForm().filled_from(groups.state_of(lines))
    shown = {line.kind: nfc(request.form.get(_name(line), _usual(line))).strip() for line in lines}
    if form.validate_on_submit():
        with shown_on(form):
            moved = groups.assign(
                contest,
                {kind: name for kind, name in shown.items() if name},
                access.signed_in().actor,
                clock.now(),
                form.seen.data,
            )
            db.session.commit()
            flash(
                ngettext("Đã xếp khối cho %(num)d chi bộ.", "Đã xếp khối cho %(num)d chi bộ.", moved),
                "success",
            )
            return redirect(url_for("contests.groups", contest_id=contest_id))
    return render_template(
        "contests/groups.html",
        contest=contest,
        form=form,
        lines=[(_name(line), line, shown[line.kind]) for line in lines],
    )


def _name(line: groups.OfKind) -> str:
    return f"group-{line.kind or 'none'}"


def _usual(line: groups.OfKind) -> str:
    """Return what the field of a kind shows: its one group, or else the usual name."""
    if len(line.groups) == 1:
        return line.groups[0]
    if line.groups or line.kind is None:
        return ""
    return str(_("Khu dân cư") if line.kind is CellType.RESIDENTIAL else _("Cơ quan, đơn vị"))
