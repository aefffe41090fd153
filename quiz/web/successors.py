"""The place of somebody who was sent on and withdrew: who stands ready, and calling the first of them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.core.timing import Phase
from quiz.extensions import db
from quiz.services import promotion, successors
from quiz.web import access
from quiz.web.forms.entries import ReasonForm

blueprint = Blueprint("successors", __name__)
P = Permission


@blueprint.route("/desk/entries/<int:entry_id>/successor", methods=["GET", "POST"])
@access.requires(P.RESULT_PROMOTE)
def show(entry_id: int) -> Any:
    """Who withdrew and why, the reserves in order with what became of each, and the button that calls the next."""
    entry = access.entry_for(P.RESULT_PROMOTE, entry_id)
    form = ReasonForm(reason=entry.withdrawn_reason)
    if form.validate_on_submit():
        new = successors.call(entry, form.reason.data or "", access.signed_in().actor, clock.now())
        db.session.commit()
        flash(_("%(name)s đã vào thay.", name=new.name_and_cell), "success")
        return redirect(url_for("successors.show", entry_id=entry_id))
    now = clock.now()
    begun = entry.round.phase_at(now) in (Phase.OPEN, Phase.CLOSED)
    may_edit = access.signed_in().may(P.ENTRY_EDIT, entry.round.unit)
    return render_template(
        "successors/show.html",
        entry=entry,
        form=form,
        outlook=successors.outlook_of(entry, now),
        begun=begun,
        sent_back=promotion.was_sent_back(entry),
        may_restore=entry.withdrawn_at and may_edit and not begun and successors.has_place(entry),
    )
