"""The documents questions rest on: what they are, how long they hold, what followed them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import checks, documents, items, sources
from quiz.web import access
from quiz.web.bank import rights
from quiz.web.forms.documents import DocumentForm
from quiz.web.refusals import shown_on

blueprint = Blueprint("documents", __name__)


@blueprint.get("/bank/documents")
@access.requires(Permission.BANK_VIEW)
def index() -> Any:
    """Every document with how many questions rest on it."""
    return render_template("bank/documents.html", rows=documents.every(), **rights())


@blueprint.route("/bank/documents/new", methods=["GET", "POST"])
@access.requires(Permission.BANK_EDIT)
def new() -> Any:
    """Add a document, so that questions can rest on it."""
    form = DocumentForm().offer(_others())
    if form.validate_on_submit():
        with shown_on(form):
            made = documents.create(form.draft(form.code.data or ""), access.signed_in().actor, clock.now())
            db.session.commit()
            flash(_("Đã thêm văn bản %(title)s.", title=made.title), "success")
            return redirect(url_for("documents.index"))
    return render_template("bank/document.html", form=form, document=None)


@blueprint.route("/bank/documents/<int:document_id>/edit", methods=["GET", "POST"])
@access.requires(Permission.BANK_EDIT)
def edit(document_id: int) -> Any:
    """Change what is known of a document; questions that must be looked over again are counted at once."""
    document = access.document_for(Permission.BANK_EDIT, document_id)
    form = DocumentForm().offer(_others(document.code), document.followed_by)
    del form.code
    there = sources.draft_of_document(document)
    form.filled_from(documents.state_of(there))
    if not form.is_submitted():
        form.fill(there)
    elif form.validate():
        with shown_on(form):
            now, actor = clock.now(), access.signed_in().actor
            documents.change(document, form.draft(document.code), actor, now, form.seen.data)
            due = checks.count(clock.local(now).date())
            db.session.commit()
            flash(_("Đã lưu văn bản.") + (" " + _due_text(due) if due else ""), "success")
            return redirect(url_for("documents.index"))
    return render_template("bank/document.html", form=form, document=document)


def _due_text(count: int) -> str:
    text = ngettext("Có %(num)d câu cần xem lại.", "Có %(num)d câu cần xem lại.", count)
    return str(text)


def _others(code: str = "") -> list[tuple[str, str]]:
    """Return the documents that may have followed the one of that code."""
    return [(known, words) for known, words in items.lists().documents if known != code]
