"""What takes two people: the list of what waits for my decision, and one request with its buttons."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.approvals import Act, Answer
from quiz.core.errors import RuleBroken
from quiz.core.permissions import Permission
from quiz.database import reading
from quiz.extensions import db
from quiz.services import approvals, approved_acts, corrections, voiding
from quiz.services.effects import Effect
from quiz.web import access, outcomes
from quiz.web.formatting import message_text
from quiz.web.forms.approvals import AnswerForm
from quiz.web.paging import page_number

blueprint = Blueprint("approvals", __name__, url_prefix="/desk/approvals")
P = Permission


@blueprint.get("")
@access.requires(P.RESULT_PUBLISH)
def index() -> Any:
    """What waits for my decision, and below it what I asked for and what was decided."""
    who = access.signed_in()
    grants, account_id = who.grants, who.account_id or 0
    return render_template(
        "approvals/index.html",
        waiting=approvals.waiting(grants, account_id, page_number("waiting")),
        others=approvals.others(grants, account_id, page_number()),
    )


@blueprint.route("/<int:approval_id>", methods=["GET", "POST"])
@access.requires(P.RESULT_PUBLISH)
def show(approval_id: int) -> Any:
    """One request: what would happen, who asks and why, and the buttons of whoever may decide."""
    form, prepared = AnswerForm(), None
    answer = request.form.get("answer", "")
    if answer == Answer.APPROVED:
        with reading():  # marking many papers takes long, and nobody's saving is to wait for it
            prepared = approved_acts.prepare(outcomes.approval_for(approval_id), clock.now())
    approval = outcomes.approval_for(approval_id)
    if form.validate_on_submit() and answer in set(Answer):
        actor, note = access.signed_in().actor, form.note.data or ""
        approved_acts.decide(approval, Answer(answer), note, actor, clock.now(), prepared)
        db.session.commit()
        flash(_SAID[Answer(answer)](), "success")
        return redirect(url_for("approvals.show", approval_id=approval_id))
    return _page(approval, form)


_SAID = {
    Answer.APPROVED: lambda: _("Đã duyệt và đã thực hiện."),
    Answer.REFUSED: lambda: _("Đã ghi là không duyệt. Người đề nghị thấy lý do ở trang này."),
    Answer.WITHDRAWN: lambda: _("Đã rút đề nghị."),
}


def _page(approval: Any, form: AnswerForm) -> Any:
    deciders = approvals.deciders(approval)
    account_id = access.signed_in().account_id
    return render_template(
        "approvals/show.html",
        approval=approval,
        form=form,
        deciders=deciders,
        may_decide=account_id in {account.id for account in deciders},
        is_asker=account_id == approval.asked_by_id,
        made=approvals.editions_by(approval),
        what=f"approvals/{approval.kind.value}.html",
        **_FACTS.get(approval.kind, lambda approval: {})(approval),
    )


def _of_correction(approval: Any) -> dict[str, Any]:
    contest, version, ruling = corrections.asked_for(approval)
    hidden = bool(corrections.waiting_for(version.id, clock.now()))
    if approval.answer is None:
        seen, refusal = _previewed(lambda: corrections.preview(contest, version, ruling, clock.now()))
    else:
        seen, refusal = None, ""
    return {"item_version": version, "hidden": hidden, "ruling": ruling, "seen": seen, "refusal": refusal}


def _of_void(approval: Any) -> dict[str, Any]:
    attempt = voiding.asked_for(approval)
    return {
        "attempt": attempt,
        "seen": [voiding.preview(attempt)] if attempt and approval.answer is None else None,
    }


def _previewed(look: Callable[[], list[Effect]]) -> tuple[list[Effect] | None, str]:
    try:
        return look(), ""
    except RuleBroken as refused:
        return None, message_text(refused.message, refused.values)


# What the page of a kind shows beside the request itself.
_FACTS: dict[Act, Callable[[Any], dict[str, Any]]] = {
    Act.CORRECT_KEY: _of_correction,
    Act.VOID_ATTEMPT: _of_void,
}
