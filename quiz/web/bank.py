"""Pages of the question bank: what it holds, its questions one by one, and their review.

Files in and out are in bank_files.py. Nobody sees a question without a right on the bank: organizers have none.
"""

from dataclasses import asdict, replace
from itertools import pairwise
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.differences import differences
from quiz.core.errors import N_, RuleBroken
from quiz.core.items import Kind, Level, Part, Status, warnings
from quiz.core.permissions import Permission
from quiz.core.reviews import Move, possible_moves
from quiz.extensions import db
from quiz.services import holdings, reviews
from quiz.services import items as bank_items
from quiz.services.drafts import DraftRefused
from quiz.services.items import Wanted
from quiz.web import access
from quiz.web.formatting import message_text
from quiz.web.forms.bank import FORMS, LETTERS, ItemForm, MoveForm
from quiz.web.labels import label, pairs

blueprint = Blueprint("bank", __name__)
NEEDED = {
    Move.SUBMIT: Permission.BANK_EDIT,
    Move.APPROVE: Permission.BANK_REVIEW,
    Move.SEND_BACK: Permission.BANK_REVIEW,
    Move.RETIRE: Permission.BANK_REVIEW,
}


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


@blueprint.get("/bank/items")
@access.requires(Permission.BANK_VIEW)
def items() -> Any:
    """A page of questions, narrowed by words and lists."""
    wanted = Wanted(**{name: request.args.get(name, "")[:200] for name in asdict(Wanted())})
    given = {name: value for name, value in asdict(wanted).items() if value}
    known, every = bank_items.lists(), ("", _("Tất cả"))
    lists = {
        "bank": [every, *known.banks],
        "topic": [every, *known.topics],
        "level": pairs(Level, every[1]),
        "kind": pairs(Kind, every[1]),
        "part": pairs(Part, every[1]),
        "status": pairs(Status, every[1]),
    }
    page = bank_items.search(wanted, request.args.get("page", 1, type=int))
    return render_template(
        "bank/items.html",
        page=page,
        page_url=lambda number: url_for("bank.items", **given, page=number),
        wanted=wanted,
        given=given,
        lists=lists,
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


# --- review ------------------------------------------------------------------------------------------------------

_WITH_REASON = {Move.SEND_BACK, Move.RETIRE}
_DONE = {
    Move.SUBMIT: N_("Đã gửi câu %(code)s đi duyệt."),
    Move.APPROVE: N_("Đã duyệt câu %(code)s."),
    Move.SEND_BACK: N_("Đã trả câu %(code)s cho người soạn."),
    Move.RETIRE: N_("Câu %(code)s không dùng cho đề thi mới nữa. Đề đã phát vẫn giữ nguyên."),
}


@blueprint.post("/bank/items/<int:item_id>/submit")
@access.requires(Permission.BANK_EDIT)
def submit(item_id: int) -> Any:
    """Hand a draft to the reviewers."""
    return _move(Move.SUBMIT, item_id)


@blueprint.post("/bank/items/<int:item_id>/approve")
@access.requires(Permission.BANK_REVIEW)
def approve(item_id: int) -> Any:
    """Let a version join the pool."""
    return _move(Move.APPROVE, item_id)


@blueprint.post("/bank/items/<int:item_id>/send-back")
@access.requires(Permission.BANK_REVIEW)
def send_back(item_id: int) -> Any:
    """Return a version to its author with the reason."""
    return _move(Move.SEND_BACK, item_id)


@blueprint.post("/bank/items/<int:item_id>/retire")
@access.requires(Permission.BANK_REVIEW)
def retire(item_id: int) -> Any:
    """Keep a question out of papers still to be drawn."""
    return _move(Move.RETIRE, item_id)


def _move(move: Move, item_id: int) -> Any:
    """Make a move with the version that was on the page; after a decision the next question waiting is shown."""
    found = access.item_for(NEEDED[move], item_id)
    form = MoveForm()
    if not form.validate() or (move in _WITH_REASON and not form.reason.data):
        flash(_("Hãy ghi lý do để người soạn biết, không quá 300 ký tự."), "error")
        return redirect(url_for("bank.item", item_id=item_id))
    who, now = access.signed_in(), clock.now()
    seen = form.version.data or 0
    reviews.make(move, found, seen, access.own_account(), who.actor, now, form.reason.data or "")
    db.session.commit()
    flash(message_text(_DONE[move], {"code": found.code}), "success")
    following = (
        reviews.next_waiting(item_id, who.account_id) if move in (Move.APPROVE, Move.SEND_BACK) else None
    )
    return redirect(url_for("bank.item", item_id=following.id if following else item_id))


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
