"""Writing questions: a new one, or the next version of one. These pages join the bank's blueprint; see bank.py."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from quiz import clock
from quiz.core.errors import RuleBroken
from quiz.core.items import Kind, check
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import items as bank_items
from quiz.services.drafts import DraftRefused
from quiz.web import access, belongings
from quiz.web.advice import advice
from quiz.web.bank import blueprint
from quiz.web.formatting import message_text
from quiz.web.forms.bank import FORMS, ItemForm
from quiz.web.labels import label

# What the button pressed asks for beside saving: to look first, or for the form of another kind ("kind:oral").
LOOK, OTHER_KIND = "look", "kind:"
# What the core says of parts of the form stands at the first of their fields.
_FIRST = {"options": "option_0", "feedback": "feedback_0", "points": "point_0"}


@blueprint.route("/bank/items/new", methods=["GET", "POST"])
@access.requires(Permission.BANK_EDIT)
def new() -> Any:
    """Write a new question; its kind decides the form."""
    form = _form(request.args.get("kind", ""))
    if not form.is_submitted():
        form.process(
            MultiDict({name: request.args[name] for name in ("bank", "topic") if name in request.args})
        )
    elif _is_to_be_saved() and form.validate():
        who, author = access.signed_in(), belongings.own_account()
        try:
            made = bank_items.create(
                form.bank.data, form.draft(form.code.data), author, who.actor, clock.now()
            )
            db.session.commit()
            flash(_("Đã lưu câu hỏi mới thành bản nháp. Hãy xem lại rồi gửi duyệt."), "success")
            return redirect(url_for("bank.item", item_id=made.id))
        except RuleBroken as error:
            _refuse(form, error)
    return _shown(form, None, form.code.data or "")


@blueprint.route("/bank/items/<int:item_id>/edit", methods=["GET", "POST"])
@access.requires(Permission.BANK_EDIT)
def edit(item_id: int) -> Any:
    """Write the next version of a question; the versions before it stay as they are."""
    found = access.item_for(Permission.BANK_EDIT, item_id)
    form = _form(request.args.get("kind") or found.current.kind).keep_identity()
    if not form.is_submitted():
        form.fill(bank_items.draft_of(found.current), found.current_id)
    elif _is_to_be_saved() and form.validate():
        who, author = access.signed_in(), belongings.own_account()
        try:
            bank_items.revise(
                found, form.base.data or 0, form.draft(found.code), author, who.actor, clock.now()
            )
            db.session.commit()
            flash(_("Đã lưu thành phiên bản mới, ở dạng bản nháp. Hãy xem lại rồi gửi duyệt."), "success")
            return redirect(url_for("bank.item", item_id=item_id))
        except RuleBroken as error:
            _refuse(form, error)
    return _shown(form, found, found.code)


def _form(kind: str) -> ItemForm:
    """Return the form of a kind; a button may ask for the form of another, with what was typed so far."""
    then = request.form.get("then", "")
    kind = then.removeprefix(OTHER_KIND) if then.startswith(OTHER_KIND) else request.form.get("kind", kind)
    form = FORMS[Kind(kind) if kind in FORMS else Kind.SINGLE]()
    lists = bank_items.lists()
    return form.offer(lists.banks, lists.topics, lists.documents)


def _is_to_be_saved() -> bool:
    return not request.form.get("then")


def _shown(form: ItemForm, found: Any, code: str) -> str:
    """Show the form; whoever asked to look first sees the question and what could be better, and saves nothing."""
    draft = None
    if form.is_submitted() and request.form.get("then") == LOOK and form.validate():
        draft = form.draft(code or "?")
        form.show(_placed(check(draft)))
    return render_template(
        "bank/edit.html",
        form=form,
        item=found,
        kinds=[(kind.value, label(kind), kind is form.kind) for kind in FORMS],
        draft=draft,
        as_seen=bank_items.in_order(draft) if draft else None,
        advice=advice(draft) if draft and not form.errors else [],
    )


def _placed(problems: Any) -> Any:
    return (replace(problem, field=_FIRST.get(problem.field, problem.field)) for problem in problems)


def _refuse(form: ItemForm, error: RuleBroken) -> None:
    """Show a refusal beside the fields it names, or on the form."""
    db.session.rollback()
    if isinstance(error, DraftRefused):
        form.show(_placed(error.problems))
    else:
        form.form_errors.append(message_text(error.message, error.values))
