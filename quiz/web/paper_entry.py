"""Entering answer sheets: find one by its code, key it, look a third time where two people differ."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import RuleBroken
from quiz.core.paper_entry import Keyed, PaperState, letters
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import auth, paper_entry, printed_papers
from quiz.web import access, venues
from quiz.web.formatting import message_text
from quiz.web.forms.paper_entry import CodeForm, Line, SettleForm, SheetForm
from quiz.web.refusals import shown_on

blueprint = Blueprint("paper_entry", __name__, url_prefix="/desk/papers")
P = Permission


@blueprint.get("/find")
@access.requires(P.PAPER_ENTER)
def find() -> Any:
    """Where the code of a paper leads: typed here, or read from its QR code."""
    form = CodeForm(request.args, meta={"csrf": False})
    if "code" in request.args and form.validate():
        paper = venues.paper_with_code(P.PAPER_ENTER, auth.card_code(form.code.data))
        if paper is not None:
            return redirect(url_for("paper_entry.show", paper_id=paper.id))
        form.code.errors = [
            _("Không có bài giấy nào mang mã này trong đơn vị của bạn. Hãy xem lại mã ở đầu trang.")
        ]
    return render_template("paper_entry/find.html", form=form)


@blueprint.get("/<int:paper_id>")
@access.requires(P.PAPER_ENTER)
def show(paper_id: int) -> Any:
    """Where the entry of one paper stands; what was keyed is shown only once it is settled."""
    paper = venues.paper_for(P.PAPER_ENTER, paper_id)
    state, own = printed_papers.state(paper), access.signed_in().account_id
    keyed = [keying.account_id for keying in paper.keyings]
    return render_template(
        "paper_entry/show.html",
        paper=paper,
        state=state,
        sees_points=access.signed_in().may(P.RESULT_VIEW, paper.attempt.entry.round.unit),
        has_keyed=own in keyed,
        rows=_compared(paper) if state is PaperState.ENTERED else (),
        differing={difference.position for difference in paper_entry.differences_of(paper)},
    )


def _compared(paper: Any) -> list[tuple[str, ...]]:
    """Return, question by question, what each keyed and what counts, in letters."""
    first, second = paper_entry.keyings_of(paper)
    final = [paper.decided.get(str(place), answer) for place, answer in enumerate(first.choices)]
    return [tuple(map(letters, row)) for row in zip(first.choices, second.choices, final, strict=True)]


@blueprint.route("/<int:paper_id>/key", methods=["GET", "POST"])
@access.requires(P.PAPER_ENTER)
def key(paper_id: int) -> Any:
    """Key one answer sheet, without seeing what anybody else keyed."""
    paper, actor = venues.paper_for(P.PAPER_ENTER, paper_id), access.signed_in().actor
    try:
        paper_entry.check_may_key(paper, actor, clock.now())
    except RuleBroken as refusal:
        return _back(paper_id, refusal)
    form = SheetForm()
    form.fill(_lines(paper), request.form)
    if form.is_whole():
        keyed = Keyed(tuple(form.answers.values()), form.minutes.data)
        with shown_on(form):
            state = paper_entry.key(paper, keyed, actor, clock.now())
            db.session.commit()
            return _next(paper_id, state)
    return render_template("paper_entry/key.html", form=form, paper=paper, number=len(paper.keyings) + 1)


@blueprint.route("/<int:paper_id>/settle", methods=["GET", "POST"])
@access.requires(P.PAPER_ENTER)
def settle(paper_id: int) -> Any:
    """A third look at the sheet where two keyings differ."""
    paper, actor = venues.paper_for(P.PAPER_ENTER, paper_id), access.signed_in().actor
    try:
        paper_entry.check_may_settle(paper, actor)
    except RuleBroken as refusal:
        return _back(paper_id, refusal)
    differences = paper_entry.differences_of(paper)
    form, found = (
        SettleForm(),
        {one.position: (letters(one.first), letters(one.second)) for one in differences},
    )
    form.fill([line for line in _lines(paper) if line.position in found], request.form)
    minutes = [keying.minutes for keying in paper.keyings]
    form.minutes_differ = len(set(minutes)) > 1
    if form.is_whole(may_be_unclear=False):
        with shown_on(form):
            paper_entry.settle(paper, form.answers, form.minutes.data, form.reason.data, actor, clock.now())
            db.session.commit()
            return _next(paper_id, PaperState.ENTERED)
    return render_template("paper_entry/settle.html", form=form, paper=paper, found=found, minutes=minutes)


def _lines(paper: Any) -> list[Line]:
    return [Line(item.position, len(item.options), item.several) for item in paper_entry.items_of(paper)]


def _back(paper_id: int, refusal: RuleBroken) -> Any:
    db.session.rollback()
    flash(message_text(refusal.message, refusal.values), "warning")
    return redirect(url_for("paper_entry.show", paper_id=paper_id))


def _next(paper_id: int, state: PaperState) -> Any:
    """Go on to the next sheet after the first keying, else to what became of this one."""
    if state is PaperState.KEYED_ONCE:
        flash(_("Đã ghi lần nhập thứ nhất. Lần thứ hai do một người khác nhập từ phiếu gốc."), "success")
        return redirect(url_for("paper_entry.find"))
    if state is PaperState.DIFFERENT:
        flash(_("Hai lần nhập có chỗ khác nhau. Người thứ ba xem lại phiếu gốc và quyết định."), "warning")
    else:
        flash(_("Đã nhập xong. Bài được chấm như mọi bài khác."), "success")
    return redirect(url_for("paper_entry.show", paper_id=paper_id))
