"""People in reserve: named beside the contestants, confirmed, taken off the list; joins the pages of entries."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import entries, reserves
from quiz.web import access
from quiz.web.entries import blueprint
from quiz.web.forms.entries import ReasonForm
from quiz.web.refusals import shown_on

P = Permission


@blueprint.route("/reserves/<int:reserve_id>/confirm", methods=["GET", "POST"])
@access.requires(P.ENTRY_EDIT)
def confirm_reserve(reserve_id: int) -> Any:
    """Enter somebody of the reserve list as a contestant, with a reason where registering needs one."""
    note, form = access.reserve_for(P.ENTRY_EDIT, reserve_id), ReasonForm()
    contest_round, person = note.round, note.person
    if form.validate_on_submit():
        round_id, name = contest_round.id, person.name_and_cell
        with shown_on(form):
            actor = access.signed_in().actor
            entries.register(contest_round, person, actor, clock.now(), form.reason.data or "")
            db.session.commit()
            flash(_("Đã xác nhận %(name)s dự thi.", name=name), "success")
            return redirect(url_for("entries.index", round_id=round_id))
    return render_template("entries/confirm.html", form=form, note=note)


@blueprint.post("/reserves/<int:reserve_id>/remove")
@access.requires(P.ENTRY_EDIT)
def remove_reserve(reserve_id: int) -> Any:
    """Take somebody off the reserve list."""
    note = access.reserve_for(P.ENTRY_EDIT, reserve_id)
    round_id, name = note.round_id, note.person.name_and_cell
    reserves.remove(note, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã bỏ %(name)s khỏi danh sách dự bị.", name=name), "success")
    return redirect(url_for("entries.index", round_id=round_id, view="reserve"))
