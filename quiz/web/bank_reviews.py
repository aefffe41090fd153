"""Moving a question through review, and remarks on it. These acts join the bank's blueprint; see bank.py."""

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import N_
from quiz.core.items import Outcome
from quiz.core.permissions import Permission
from quiz.core.reviews import Move
from quiz.extensions import db
from quiz.services import comments, reviews
from quiz.web import access, belongings, filters
from quiz.web.bank import blueprint
from quiz.web.formatting import message_text
from quiz.web.forms.reviews import CommentForm, MoveForm, ReadingForm

NEEDED = {
    Move.SUBMIT: Permission.BANK_EDIT,
    Move.APPROVE: Permission.BANK_REVIEW,
    Move.SEND_BACK: Permission.BANK_REVIEW,
    Move.RETIRE: Permission.BANK_REVIEW,
}
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
        return redirect(url_for("bank.item", item_id=item_id, **filters.given()))
    who, now = access.signed_in(), clock.now()
    seen = form.version.data or 0
    reviews.make(move, found, seen, belongings.own_account(), who.actor, now, form.reason.data or "")
    db.session.commit()
    flash(message_text(_DONE[move], {"code": found.code}), "success")
    following = (
        reviews.next_waiting(item_id, who.account_id) if move in (Move.APPROVE, Move.SEND_BACK) else None
    )
    if following:
        return redirect(url_for("bank.item", item_id=following.id, **filters.given()))
    return redirect(url_for("bank.item", item_id=item_id, **filters.given()))


@blueprint.post("/bank/items/<int:item_id>/comments")
@access.requires(Permission.BANK_VIEW)
def comment(item_id: int) -> Any:
    """Add a remark for whoever writes or reviews the question."""
    found = access.item_for(Permission.BANK_VIEW, item_id)
    form = CommentForm()
    form.validate()
    said, seen = form.text.data or "", min(form.seen.data or 0, 2**31 - 1)
    comments.add(found, said, seen, belongings.own_account(), access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã ghi ý kiến."), "success")
    return redirect(url_for("bank.item", item_id=item_id, **filters.given(), _anchor="comments"))


@blueprint.post("/bank/items/<int:item_id>/reading")
@access.requires(Permission.BANK_REVIEW)
def reading(item_id: int) -> Any:
    """Put down a second reading: somebody else answered the question from the document alone."""
    found = access.item_for(Permission.BANK_REVIEW, item_id)
    form = ReadingForm().offer()
    if not form.validate():
        flash(_("Hãy chọn kết quả đọc; ghi chú không quá 300 ký tự."), "error")
        return redirect(url_for("bank.item", item_id=item_id, **filters.given()))
    now = clock.now()
    seen, outcome, note = form.version.data or 0, Outcome(form.outcome.data), form.note.data or ""
    account, actor = belongings.own_account(), access.signed_in().actor
    reviews.record_reading(found, seen, outcome, note, account, actor, now, clock.local(now).date())
    db.session.commit()
    flash(_("Đã ghi lần đọc thứ hai của câu %(code)s.", code=found.code), "success")
    return redirect(url_for("bank.item", item_id=item_id, **filters.given()))
