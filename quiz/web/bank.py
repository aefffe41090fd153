"""The overview of the question bank: what it holds, and sending one's own drafts to review.

Questions one by one are in bank_items.py, their review in bank_reviews.py, files in and out in bank_files.py. Nobody
sees a question without a right on the bank: organizers have none.
"""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.items import Level, Status
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import holdings, reviews
from quiz.web import access

blueprint = Blueprint("bank", __name__)


def rights() -> dict[str, bool]:
    """Return what the person may do with the bank, for the templates."""
    who = access.signed_in()
    return {
        "may_edit": who.may_somewhere(Permission.BANK_EDIT),
        "may_review": who.may_somewhere(Permission.BANK_REVIEW),
    }


@blueprint.get("/bank")
@access.requires(Permission.BANK_VIEW)
def index() -> Any:
    """Every bank with its items by topic, level and status."""
    return render_template(
        "bank/index.html",
        holdings=holdings.overview(),
        waiting=holdings.waiting_for_review(),
        levels=list(Level),
        others=[Status.IN_REVIEW, Status.DRAFT, Status.RETIRED],
        own_drafts=holdings.banks_with_drafts_of(access.signed_in().account_id),
        **rights(),
    )


@blueprint.post("/bank/<int:bank_id>/submit")
@access.requires(Permission.BANK_EDIT)
def submit_drafts(bank_id: int) -> Any:
    """Hand all of one's own drafts of a bank to the reviewers."""
    bank = access.bank_for(Permission.BANK_EDIT, bank_id)
    who = access.signed_in()
    count = reviews.submit_own_drafts(bank, access.own_account(), who.actor, clock.now())
    db.session.commit()
    text = (
        _("Đã gửi duyệt %(count)d câu.", count=count)
        if count
        else _("Bạn không có bản nháp nào ở ngân hàng này.")
    )
    flash(text, "success" if count else "info")
    return redirect(url_for("bank.index"))
