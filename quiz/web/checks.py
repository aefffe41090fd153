"""Questions to look over again: their document was followed by another, or their time runs out."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import checks
from quiz.services.bulk import Act
from quiz.web import access, belongings
from quiz.web.bank import rights
from quiz.web.forms.reviews import MoveForm
from quiz.web.paging import page_number

blueprint = Blueprint("checks", __name__)


@blueprint.get("/bank/checks")
@access.requires(Permission.BANK_VIEW)
def index() -> Any:
    """A page of questions to look over within the days chosen, the most pressing first."""
    days = request.args.get("within", checks.USUAL, type=int)
    days = days if days in checks.SPANS else checks.USUAL
    page, rows = checks.due(_today(), days, page_number())
    return render_template(
        "bank/checks.html",
        page=page,
        rows=rows,
        days=days,
        spans=[(span, _("%(days)d ngày tới", days=span)) for span in checks.SPANS],
        page_url=lambda number: url_for("checks.index", within=days, page=number),
        act=Act.CHECK.value,
        **rights(),
    )


@blueprint.post("/bank/items/<int:item_id>/check")
@access.requires(Permission.BANK_REVIEW)
def confirm(item_id: int) -> Any:
    """Put on record that a question was looked over and is still right."""
    found = access.item_for(Permission.BANK_REVIEW, item_id)
    form = MoveForm()
    form.validate()
    now = clock.now()
    seen = form.version.data or 0
    checks.confirm(found, seen, belongings.own_account(), access.signed_in().actor, now, _today())
    db.session.commit()
    flash(_("Đã ghi: câu %(code)s đã xem lại, vẫn đúng.", code=found.code), "success")
    return redirect(url_for("bank.item", item_id=item_id))


def _today() -> Any:
    return clock.local(clock.now()).date()
