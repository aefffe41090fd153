"""Putting a wrong key right: find the question, see whose points and ranks would change, ask a second person."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.corrections import Ruling
from quiz.core.errors import RuleBroken
from quiz.core.permissions import Permission
from quiz.database import reading
from quiz.extensions import db
from quiz.services import corrections
from quiz.services.effects import Effect
from quiz.web import access
from quiz.web.formatting import message_text
from quiz.web.forms.corrections import AskForm, RulingForm
from quiz.web.refusals import shown_on

blueprint = Blueprint("corrections", __name__, url_prefix="/desk/rounds")
P = Permission


@blueprint.get("/<int:round_id>/corrections")
@access.requires(P.RESULT_PUBLISH)
def new(round_id: int) -> Any:
    """Without a question: what was put right and the search; with one: what a ruling about it would change."""
    contest_round = access.round_of_board(P.RESULT_PUBLISH, round_id)
    version = _version(contest_round)
    if version is not None:
        return _question_page(contest_round, version, AskForm())
    text, now = request.args.get("code", "").strip()[:60], clock.now()
    return render_template(
        "corrections/index.html",
        round=contest_round,
        corrections=corrections.of_contest(contest_round.stage.contest),
        text=text,
        found=corrections.find(contest_round, text, now) if text else [],
    )


@blueprint.post("/<int:round_id>/corrections")
@access.requires(P.RESULT_PUBLISH)
def ask(round_id: int) -> Any:
    """Ask a second person to let the ruling in the address take effect."""
    form, prepared = AskForm(), None
    with shown_on(form), reading():  # marking many papers takes long, and nobody's saving is to wait for it
        prepared = _prepared(round_id)
    contest_round = access.round_of_board(P.RESULT_PUBLISH, round_id)
    version = _version(contest_round)
    if version is None:
        return redirect(url_for("corrections.new", round_id=round_id))
    ruling = _ruling(version)
    if ruling is not None and prepared is not None and form.validate():
        contest, actor, now = contest_round.stage.contest, access.signed_in().actor, clock.now()
        approval = corrections.ask(contest, version, ruling, form.reason.data, actor, now, prepared)
        db.session.commit()
        flash(_("Đã gửi đề nghị. Người thứ hai duyệt thì việc này mới có hiệu lực."), "success")
        return redirect(url_for("approvals.show", approval_id=approval.id))
    return _question_page(contest_round, version, form)


def _prepared(round_id: int) -> corrections.Prepared | None:
    contest_round = access.round_of_board(P.RESULT_PUBLISH, round_id)
    version = _version(contest_round)
    ruling = _ruling(version) if version else None
    if version is None or ruling is None:
        return None
    return corrections.prepare(contest_round.stage.contest, version, ruling, clock.now())


def _version(contest_round: Any) -> Any:
    return corrections.version_in(contest_round, request.args.get("version", 0, type=int))


def _ruling(version: Any) -> Ruling | None:
    return _ruling_in(_ruling_form(version))


def _ruling_form(version: Any) -> RulingForm:
    return RulingForm(version.options, formdata=request.args if "policy" in request.args else None)


def _ruling_in(form: RulingForm) -> Ruling | None:
    return form.ruling if "policy" in request.args and form.validate() else None


def _question_page(contest_round: Any, version: Any, form: AskForm) -> Any:
    now, contest = clock.now(), contest_round.stage.contest
    waiting = corrections.waiting_for(version.id, now)
    ruling_form = _ruling_form(version)
    ruling = None if waiting else _ruling_in(ruling_form)
    seen, refusal = _seen(contest, version, ruling, now)
    return render_template(
        "corrections/question.html",
        round=contest_round,
        item_version=version,
        waiting=waiting,
        ruled=corrections.last_of(contest, version),
        asked=corrections.waiting(contest, version),
        ruling_form=ruling_form,
        ruling=ruling,
        seen=seen,
        refusal=refusal,
        form=form,
    )


def _seen(contest: Any, version: Any, ruling: Ruling | None, now: int) -> tuple[list[Effect] | None, str]:
    if ruling is None:
        return None, ""
    try:
        return corrections.preview(contest, version, ruling, now), ""
    except RuleBroken as refused:
        return None, message_text(refused.message, refused.values)
