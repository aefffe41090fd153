"""Questions one by one: the list, the page of one, writing. These pages join the bank's blueprint."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.differences import differences
from quiz.core.errors import RuleBroken
from quiz.core.items import Kind, warnings
from quiz.core.permissions import Permission
from quiz.core.reviews import Move, possible_moves
from quiz.extensions import db
from quiz.services import items as bank_items
from quiz.services import listing
from quiz.services.drafts import DraftRefused
from quiz.web import access, filters
from quiz.web.bank import blueprint, rights
from quiz.web.bank_reviews import NEEDED
from quiz.web.formatting import message_text
from quiz.web.forms.bank import FORMS, LETTERS, ItemForm
from quiz.web.labels import label


@blueprint.get("/bank/items")
@access.requires(Permission.BANK_VIEW)
def items() -> Any:
    """A page of questions, narrowed by words and lists."""
    wanted, given = filters.wanted(), filters.given()
    page = listing.search(wanted, request.args.get("page", 1, type=int), access.signed_in().account_id)
    return render_template(
        "bank/items.html",
        page=page,
        page_url=lambda number: url_for("bank.items", **given, page=number),
        sort_url=lambda sort: url_for("bank.items", **given | {"sort": sort}),
        figures=listing.statistics_of(page.items),
        wanted=wanted,
        given=given,
        lists=filters.lists(),
        folded=filters.FOLDED,
        **rights(),
    )


@blueprint.get("/bank/items/<int:item_id>")
@access.requires(Permission.BANK_VIEW)
def item(item_id: int) -> Any:
    """One question as the candidate sees it, its key and source, its versions, and what may be done with it."""
    found = access.item_for(Permission.BANK_VIEW, item_id)
    versions = bank_items.versions_of(found)
    drafts = [bank_items.draft_of(version) for version in versions]
    changes = [differences(old, new) for new, old in pairwise(drafts)]
    return render_template(
        "bank/item.html",
        item=found,
        shown=versions[0],
        versions=versions,
        changes=changes,
        warnings=warnings(drafts[0]),
        names=bank_items.names_of(
            {row.author_id for row in versions} | {row.reviewer_id for row in versions}
        ),
        reason=bank_items.last_reason(found, versions[0]),
        moves=_moves(versions[0]),
        letters=LETTERS,
        **rights(),
    )


def _moves(version: Any) -> set[str]:
    """Return the moves this person may make with a version; authors do not approve their own."""
    who = access.signed_in()
    return {
        move.value
        for move in possible_moves(version.status)
        if who.may_somewhere(NEEDED[move])
        and not (move is Move.APPROVE and version.author_id == who.account_id)
    }


@blueprint.route("/bank/items/new", methods=["GET", "POST"])
@access.requires(Permission.BANK_EDIT)
def new() -> Any:
    """Write a new question; its kind decides the form."""
    form = _form(request.args.get("kind", ""))
    if form.validate_on_submit():
        who, author = access.signed_in(), access.own_account()
        try:
            made = bank_items.create(
                form.bank.data, form.draft(form.code.data), author, who.actor, clock.now()
            )
            db.session.commit()
            flash(_("Đã lưu câu hỏi mới thành bản nháp. Hãy xem lại rồi gửi duyệt."), "success")
            return redirect(url_for("bank.item", item_id=made.id))
        except RuleBroken as error:
            _refuse(form, error)
    return render_template("bank/edit.html", form=form, item=None, tabs=_tabs(form))


@blueprint.route("/bank/items/<int:item_id>/edit", methods=["GET", "POST"])
@access.requires(Permission.BANK_EDIT)
def edit(item_id: int) -> Any:
    """Write the next version of a question; the versions before it stay as they are."""
    found = access.item_for(Permission.BANK_EDIT, item_id)
    form = _form(request.args.get("kind") or found.current.kind).keep_identity()
    if not form.is_submitted():
        form.fill(bank_items.draft_of(found.current), found.current_id)
    elif form.validate():
        who, author = access.signed_in(), access.own_account()
        try:
            bank_items.revise(
                found, form.base.data or 0, form.draft(found.code), author, who.actor, clock.now()
            )
            db.session.commit()
            flash(_("Đã lưu thành phiên bản mới, ở dạng bản nháp. Hãy xem lại rồi gửi duyệt."), "success")
            return redirect(url_for("bank.item", item_id=item_id))
        except RuleBroken as error:
            _refuse(form, error)
    return render_template("bank/edit.html", form=form, item=found, tabs=_tabs(form))


def _form(kind: str) -> ItemForm:
    form = FORMS[Kind(kind) if kind in FORMS else Kind.SINGLE]()
    lists = bank_items.lists()
    return form.offer(lists.banks, lists.topics, lists.documents)


def _tabs(form: ItemForm) -> list[dict[str, Any]]:
    """Return one link per kind of question; another kind is another form."""
    place = request.view_args or {}
    return [
        {
            "label": label(kind),
            "url": url_for(request.endpoint or "", kind=kind, **place),
            "current": kind is form.kind,
        }
        for kind in FORMS
    ]


def _refuse(form: ItemForm, error: RuleBroken) -> None:
    """Show a refusal beside the fields it names; what is said of the options stands at the first of them."""
    db.session.rollback()
    if isinstance(error, DraftRefused):
        form.show(replace(p, field="option_0") if p.field == "options" else p for p in error.problems)
    else:
        form.form_errors.append(message_text(error.message, error.values))
