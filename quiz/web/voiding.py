"""Striking out an attempt: see what it changes, ask a second person."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.approvals import Act
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import approvals, voiding
from quiz.web import access
from quiz.web.formatting import datetime_text, points_text
from quiz.web.forms.corrections import VoidForm
from quiz.web.refusals import shown_on

blueprint = Blueprint("voiding", __name__, url_prefix="/desk/entries")
P = Permission


@blueprint.route("/<int:entry_id>/void", methods=["GET", "POST"])
@access.requires(P.RESULT_PUBLISH)
def show(entry_id: int) -> Any:
    """The attempts of somebody, what striking one out would change, and the request to do so."""
    entry = access.entry_for(P.RESULT_PUBLISH, entry_id)
    access.round_for(P.RESULT_PUBLISH, entry.round_id)
    attempts = voiding.attempts_of(entry)
    form = VoidForm(attempt=request.args.get("attempt", type=int))
    form.attempt.choices = [(one.id, _name(one)) for one in attempts]
    if form.validate_on_submit():
        chosen = next(one for one in attempts if one.id == form.attempt.data)
        with shown_on(form):
            approval = voiding.ask(chosen, form.reason.data, access.signed_in().actor, clock.now())
            db.session.commit()
            flash(_("Đã gửi đề nghị. Người thứ hai duyệt thì việc này mới có hiệu lực."), "success")
            return redirect(url_for("approvals.show", approval_id=approval.id))
    standing = [one for one in attempts if voiding.voided(one) is None]
    return render_template(
        "corrections/void.html",
        entry=entry,
        form=form,
        voided=[found for one in attempts if (found := voiding.voided(one))],
        waiting=[
            asked for one in attempts if (asked := approvals.open_on(f"attempt:{one.id}", Act.VOID_ATTEMPT))
        ],
        seen=[(one, voiding.preview(one)) for one in standing],
    )


def _name(attempt: Any) -> str:
    return str(
        _(
            "Lần %(number)d, nộp %(time)s, %(points)s điểm",
            number=attempt.number,
            time=datetime_text(attempt.submitted_at),
            points=points_text(attempt.raw_score),
        )
    )
