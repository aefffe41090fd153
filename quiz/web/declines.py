"""A reserve who says before being called that they cannot come: noting it with a reason, and taking that back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import declines, results
from quiz.web import access, outcomes
from quiz.web.formatting import message_text
from quiz.web.forms.results import DeclineForm, TakeDeclineBackForm
from quiz.web.refusals import shown_on

blueprint = Blueprint("declines", __name__)
P = Permission


@blueprint.route("/desk/editions/<int:edition_id>/reserves/<int:entry_id>/decline", methods=["GET", "POST"])
@access.requires(P.RESULT_PROMOTE)
def decline(edition_id: int, entry_id: int) -> Any:
    """Note that a reserve cannot come; the page says whose turn it will be."""
    edition, line = outcomes.ranked_entry(P.RESULT_PROMOTE, edition_id, entry_id)
    form, name = DeclineForm(), line.name_and_cell
    if form.validate_on_submit():
        with shown_on(form):
            declines.decline(edition, entry_id, form.reason.data, access.signed_in().actor, clock.now())
            db.session.commit()
            flash(_("Đã ghi %(name)s xin rút khỏi danh sách dự bị.", name=name), "success")
            return redirect(_where_from(edition_id))
    stop = declines.stop_of(edition, line, clock.now())
    return render_template(
        "successors/decline.html",
        form=form,
        edition=edition,
        line=line,
        behind=declines.next_behind(edition, entry_id),
        stop=message_text(stop, {"name": name}) if stop else "",
    )


def _where_from(edition_id: int) -> str:
    """Return the address of the empty place somebody came from, else that of the list of reserves."""
    place = request.args.get("place", type=int)
    if place is not None:
        return url_for("successors.show", entry_id=place)
    return url_for("promotion.show", edition_id=edition_id)


@blueprint.route("/desk/declines/<int:decline_id>/take-back", methods=["GET", "POST"])
@access.requires(P.RESULT_PROMOTE)
def take_back(decline_id: int) -> Any:
    """Take back that a reserve cannot come, with a reason; it stays on record."""
    row, form = outcomes.decline_for(P.RESULT_PROMOTE, decline_id), TakeDeclineBackForm()
    edition = results.final_of(row.entry.round_id) or access.not_found()
    name, page = row.entry.name_and_cell, url_for("promotion.show", edition_id=edition.id)
    if form.validate_on_submit():
        with shown_on(form):
            declines.take_back(row, form.reason.data, access.signed_in().actor, clock.now())
            db.session.commit()
            flash(_("Đã bỏ ghi xin rút của %(name)s.", name=name), "success")
            return redirect(page)
    return render_template(
        "successors/take_decline_back.html",
        form=form,
        row=row,
        edition=edition,
        called=declines.called_past(row),
    )
