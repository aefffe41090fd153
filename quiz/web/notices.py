"""Notices of a round to its cells: the words, the sheets to print, and which cells say they have theirs (R36)."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import contests, notices
from quiz.web import access
from quiz.web.addresses import outside
from quiz.web.forms.notices import NoticeForm
from quiz.web.paging import page_number
from quiz.web.refusals import shown_on

blueprint = Blueprint("notices", __name__, url_prefix="/desk/rounds/<int:round_id>/notices")
P = Permission


@blueprint.route("", methods=["GET", "POST"])
@access.requires(P.ENTRY_EDIT)
def index(round_id: int) -> Any:
    """The place and whom to ask, and the cells with their people and ticks, a page at a time."""
    found = access.round_for(P.ENTRY_EDIT, round_id)
    there = notices.state_of(found)
    form = NoticeForm(data=there).filled_from(there)
    if form.validate_on_submit():
        said, actor = (form.place.data, form.contact.data), access.signed_in().actor
        with shown_on(form):
            notices.write(found, *said, actor, clock.now(), form.seen.data)
            db.session.commit()
            flash(_("Đã lưu. Có thể in giấy báo."), "success")
            return redirect(url_for("notices.index", round_id=round_id))
    page = notices.page_of(found, page_number())
    return render_template(
        "notices/index.html", round=found, form=form, page=page, is_ready=notices.of(found) is not None
    )


@blueprint.get("/print")
@access.requires(P.ENTRY_EDIT)
def sheets(round_id: int) -> Any:
    """One notice a cell, two on a page, each with a slip that comes back signed."""
    found = access.round_for(P.ENTRY_EDIT, round_id)
    notice = notices.of(found)
    if notice is None:
        return redirect(url_for("notices.index", round_id=round_id))
    return render_template(
        "notices/sheets.html",
        round=found,
        words=notice,
        cells=notices.cells(found),
        rules=contests.rules_of(found),
        address=outside("auth.card"),
    )


@blueprint.post("/receipts")
@access.requires(P.ENTRY_EDIT)
def receive(round_id: int) -> Any:
    """Tick that a cell has its notice."""
    found = access.round_for(P.ENTRY_EDIT, round_id)
    unit_id = min(request.form.get("unit", 0, type=int), 2**31 - 1)
    notices.receive(found, unit_id, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã ghi: chi bộ đã nhận giấy báo."), "success")
    return redirect(url_for("notices.index", round_id=round_id, page=page_number()))
