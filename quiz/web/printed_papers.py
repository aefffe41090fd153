"""Papers at the desk: who gets one, printing them with their answer sheets, taking an unused one back."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.files import pdf
from quiz.services import contests, paper_entry, printed_papers
from quiz.services.printed_papers import AT_ONCE
from quiz.web import access, venues
from quiz.web.addresses import outside
from quiz.web.forms.paper_entry import ChooseForm, CodeForm
from quiz.web.paging import page_number
from quiz.web.slips import place_of

blueprint = Blueprint("printed_papers", __name__, url_prefix="/desk")
P = Permission


@blueprint.get("/rounds/<int:round_id>/papers")
@access.requires(P.PAPER_ENTER)
def index(round_id: int) -> Any:
    """The printed papers of a round, and where the entry of each stands."""
    found = access.round_for(P.PAPER_ENTER, round_id)
    page, listed = printed_papers.page_of(found, page_number())
    return render_template(
        "printed_papers/index.html",
        round=found,
        page=page,
        listed=listed,
        open=printed_papers.count_open(found),
        at_once=AT_ONCE,
        may_issue=access.signed_in().may(P.PAPER_ISSUE, found.unit),
        phase=found.phase_at(clock.now()),
        find=CodeForm(),
    )


@blueprint.route("/rounds/<int:round_id>/papers/new", methods=["GET", "POST"])
@access.requires(P.PAPER_ISSUE)
def new(round_id: int) -> Any:
    """Choose who sits on paper, and draw their papers."""
    found = access.round_for(P.PAPER_ISSUE, round_id)
    if found.opened_at is None:
        flash(_("Vòng thi chưa được mở nên chưa có đề để in. Hãy mở vòng thi trước."), "warning")
        return redirect(url_for("printed_papers.index", round_id=round_id))
    page = printed_papers.page_without(found, page_number())
    form = ChooseForm([(entry.id, f"{entry.person.full_name}, {entry.unit.title}") for entry in page.items])
    if form.validate_on_submit():
        chosen = [entry for entry in page.items if entry.id in form.entry.data][:AT_ONCE]
        for entry in chosen:
            printed_papers.issue(entry, access.signed_in().actor, clock.now(), secrets.token_hex(8))
        db.session.commit()
        words = ngettext("Đã ra đề cho %(num)d người.", "Đã ra đề cho %(num)d người.", len(chosen))
        flash(words, "success")
        return redirect(url_for("printed_papers.index", round_id=round_id))
    return render_template("printed_papers/new.html", round=found, page=page, form=form, at_once=AT_ONCE)


@blueprint.post("/rounds/<int:round_id>/papers/print")
@access.requires(P.PAPER_ISSUE)
def print_all(round_id: int) -> Any:
    """The papers that nobody has keyed yet, as one PDF."""
    found = access.round_for(P.PAPER_ISSUE, round_id)
    printed = printed_papers.unused(found)
    if not printed:
        flash(_("Không có bài giấy nào cần in."), "warning")
        return redirect(url_for("printed_papers.index", round_id=round_id))
    return _file(printed, found)


@blueprint.post("/papers/<int:paper_id>/print")
@access.requires(P.PAPER_ISSUE)
def print_one(paper_id: int) -> Any:
    """One paper with its answer sheet, as a PDF."""
    paper = venues.paper_for(P.PAPER_ISSUE, paper_id)
    return _file([paper], paper.attempt.entry.round)


@blueprint.post("/papers/<int:paper_id>/cancel")
@access.requires(P.PAPER_ISSUE)
def cancel(paper_id: int) -> Any:
    """Take back a paper nobody has used, so that its candidate may sit on a device."""
    paper = venues.paper_for(P.PAPER_ISSUE, paper_id)
    name, round_id = paper.attempt.entry.person.full_name, paper.attempt.round_id
    printed_papers.cancel(paper, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã hủy bài giấy của %(name)s. Hãy thu lại và hủy bản in.", name=name), "success")
    return redirect(url_for("printed_papers.index", round_id=round_id))


def _file(printed: Sequence[Any], contest_round: Any) -> Any:
    """Put the printing on record, and make the file once nobody waits for this transaction."""
    now = clock.now()
    content = _content(printed, contest_round)
    printed_papers.record_print(printed, access.signed_in().actor, now)
    db.session.commit()
    answer = make_response(pdf.render("papers", content, now))
    answer.mimetype = pdf.MIMETYPE
    name = _("de-thi-giay")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _content(printed: Sequence[Any], contest_round: Any) -> dict[str, Any]:
    return {
        "lang": str(get_locale()),
        "title": _("Đề thi trắc nghiệm"),
        "contest": contest_round.stage.contest.title,
        "round": contest_round.name,
        "words": _words(contests.rules_of(contest_round)),
        "papers": [_paper(paper) for paper in printed],
    }


def _paper(paper: Any) -> dict[str, Any]:
    entry, code = paper.attempt.entry, paper.attempt.receipt_code
    return {
        "name": entry.person.full_name,
        "unit": place_of(entry.unit),
        "code": code_text(code),
        "qr": pdf.qr(outside("paper_entry.find", code=code)),
        "items": [
            {"several": item.several, "stem": item.stem, "options": list(item.options)}
            for item in paper_entry.items_of(paper)
        ],
    }


def code_text(code: str) -> str:
    """Return the code of a paper as it is printed: "4K7PW-22MN8"."""
    return f"{code[:5]}-{code[5:]}"


def _words(rules: Any) -> dict[str, Any]:
    return {
        "code": _("Mã bài"),
        "page": _("Trang"),
        "question": _("Câu"),
        "several": _("(chọn nhiều phương án)"),
        "sheet": _("Phiếu trả lời"),
        "part-questions": _("Đề thi"),
        "part-answers": _("Phiếu trả lời"),
        "minutes": _("Số phút làm bài (giám thị ghi):"),
        "sign": _("(ký, ghi rõ họ tên)"),
        "signatures": [_("Thí sinh"), _("Giám thị 1"), _("Giám thị 2")],
        "rules": [
            _(
                "Đề có %(count)d câu, làm trong %(minutes)d phút.",
                count=rules.item_count,
                minutes=rules.minutes,
            ),
            _("Đánh dấu vào phiếu trả lời kèm theo; dấu ghi trong đề không được tính."),
            _("Chọn một phương án cho mỗi câu, trừ câu ghi là chọn nhiều phương án."),
        ],
        "marking": [
            _("Đánh dấu X vào ô được chọn. Muốn đổi: khoanh tròn ô đã đánh dấu rồi đánh dấu ô khác."),
            _("Câu có dấu * được đánh dấu nhiều ô. Câu khác đánh dấu từ hai ô trở lên là không trả lời."),
        ],
    }
