"""Appeals: contestants look at their own papers and ask; the board sets the window and answers."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.appeals import DAY, WHOLE_PAPER, Finding, is_overdue
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import appeals, contests, own_papers, own_stage, results, voiding
from quiz.web import access, belongings, outcomes
from quiz.web.forms.appeals import AnswerForm, AppealForm, StageAppealForm, WindowForm
from quiz.web.paging import page_number
from quiz.web.refusals import shown_on
from quiz.web.results import criteria_of

blueprint = Blueprint("appeals", __name__)
P = Permission


@blueprint.get("/attempts/<int:attempt_id>/paper")
@access.candidate_only
def paper(attempt_id: int) -> Any:
    """The own paper as far as the board shows it, what was asked about it and answered, and the form to ask."""
    attempt = belongings.own_attempt(attempt_id)
    return _paper_page(attempt, AppealForm(len(attempt.marks or ())))


@blueprint.post("/attempts/<int:attempt_id>/appeals")
@access.candidate_only
def ask(attempt_id: int) -> Any:
    """Ask the board to look at the own paper again."""
    attempt = belongings.own_attempt(attempt_id)
    form = AppealForm(len(attempt.marks or ()))
    if form.validate():
        with shown_on(form):
            appeals.ask(attempt, form.position.data, form.text.data, clock.now())
            db.session.commit()
            flash(_("Ban Tổ chức đã nhận đơn. Câu trả lời sẽ hiện ở trang này."), "success")
            return redirect(url_for("appeals.paper", attempt_id=attempt_id))
    return _paper_page(belongings.own_attempt(attempt_id), form)


def _paper_page(attempt: Any, form: AppealForm) -> Any:
    if attempt.submitted_at is None:
        return redirect(url_for("attempts.show", attempt_id=attempt.id))
    now, window = clock.now(), appeals.window_of(attempt.round_id)
    may_see = window is not None and own_papers.may_see(window, attempt, now)
    return render_template(
        "appeals/paper.html",
        attempt=attempt,
        window=window,
        now=now,
        questions=own_papers.seen_paper(attempt, window, now) if may_see and window else [],
        asked=appeals.of_attempt(attempt),
        line=results.own_result(attempt.entry),
        criteria=criteria_of(attempt.entry.round),
        voided=voiding.voided(attempt),
        takes_appeals=window is not None and window.opens_at <= now < window.closes_at,
        form=form,
    )


@blueprint.route("/rounds/<int:round_id>/stage", methods=["GET", "POST"])
@access.candidate_only
def stage(round_id: int) -> Any:
    """The own result before the judges as far as the board shows it, what was asked about it, and the form to ask."""
    person_id = access.signed_in().person_id or 0
    entry = own_stage.entry_of(belongings.own_round(round_id), person_id) or access.not_found()
    found = own_stage.performances_of(entry)
    form = StageAppealForm(found)
    if form.validate_on_submit():
        with shown_on(form):
            about = next(one for one in found if one.id == form.performance.data)
            appeals.ask_about(about, form.text.data or "", clock.now())
            db.session.commit()
            flash(_("Ban Tổ chức đã nhận đơn. Câu trả lời sẽ hiện ở trang này."), "success")
            return redirect(url_for("appeals.stage", round_id=round_id))
    return _stage_page(entry, form)


def _stage_page(entry: Any, form: StageAppealForm) -> Any:
    now, window, asked = clock.now(), appeals.window_of(entry.round_id), appeals.of_performances(entry)
    left = form.offer_others({one.performance_id for one in asked})
    corrected = any(one.finding is Finding.CORRECTED for one in asked)
    return render_template(
        "appeals/stage.html",
        round=entry.round,
        window=window,
        now=now,
        line=results.own_result(entry),
        criteria=criteria_of(entry.round),
        shows_marks=own_papers.may_see_sheets(window, entry.round, now),
        asked=asked,
        waits=corrected and own_stage.waits_to_be_published(entry.round),
        takes_appeals=left and window is not None and window.opens_at <= now < window.closes_at,
        form=form,
    )


@blueprint.get("/desk/rounds/<int:round_id>/appeals")
@access.requires(P.RESULT_PUBLISH)
def index(round_id: int) -> Any:
    """The appeals of a round, those that press most first, and the window."""
    contest_round, now = access.round_for(P.RESULT_PUBLISH, round_id), clock.now()
    total, left, late = appeals.counts(contest_round.id, now)
    return render_template(
        "appeals/index.html",
        round=contest_round,
        window=appeals.window_of(contest_round.id),
        has_online=contests.rules_of(contest_round).has_online,
        page=appeals.page_of(contest_round, page_number()),
        total=total,
        left=left,
        late=late,
        waits=total > 0 and own_stage.waits_to_be_published(contest_round),
        now=now,
        is_late=lambda appeal: is_overdue(appeal.due_at, appeal.answered_at, now),
    )


@blueprint.route("/desk/rounds/<int:round_id>/appeals/window", methods=["GET", "POST"])
@access.requires(P.RESULT_PUBLISH)
def window(round_id: int) -> Any:
    """Say when appeals are taken and what contestants see of their papers."""
    contest_round = access.round_for(P.RESULT_PUBLISH, round_id)
    there = appeals.state_of(contest_round.id)
    form = WindowForm(data=there or _usual()).filled_from(there)
    if not contests.rules_of(contest_round).has_online:
        form.of_the_stage()
    if form.validate_on_submit():
        with shown_on(form):
            actor = access.signed_in().actor
            appeals.set_window(contest_round, form.settings, actor, clock.now(), form.seen.data)
            db.session.commit()
            flash(_("Đã đặt thời gian phúc khảo."), "success")
            return redirect(url_for("appeals.index", round_id=round_id))
    final = results.final_of(round_id)
    return render_template("appeals/window.html", round=contest_round, form=form, final=final)


def _usual() -> dict[str, Any]:
    now = clock.now()
    return {"opens_at": now, "closes_at": now + 3 * DAY, "answer_days": 2}


@blueprint.route("/desk/appeals/<int:appeal_id>", methods=["GET", "POST"])
@access.requires(P.RESULT_PUBLISH)
def show(appeal_id: int) -> Any:
    """One appeal with the question it is about, and the answer or the form to give it."""
    appeal = outcomes.appeal_for(P.RESULT_PUBLISH, appeal_id)
    form = AnswerForm(of_stage=appeal.performance_id is not None)
    if form.validate_on_submit():
        with shown_on(form):
            actor = access.signed_in().actor
            appeals.answer(appeal, form.finding.data, form.text.data, actor, clock.now())
            db.session.commit()
            flash(_("Đã trả lời. Thí sinh thấy câu trả lời ở trang bài làm của mình."), "success")
            return redirect(url_for("appeals.index", round_id=appeal.round_id))
    return render_template(
        "appeals/show.html", form=form, **_about(outcomes.appeal_for(P.RESULT_PUBLISH, appeal_id))
    )


def _about(appeal: Any) -> dict[str, Any]:
    now, who = clock.now(), access.signed_in()
    questions = own_papers.questions_of(appeal, now)
    return {
        "appeal": appeal,
        "round": appeal.round,
        "entry": appeal.entry,
        "line": results.own_result(appeal.entry) if appeal.performance_id else None,
        "questions": questions,
        "final": results.final_of(appeal.round_id),
        "is_whole": appeal.position == WHOLE_PAPER,
        "is_late": is_overdue(appeal.due_at, appeal.answered_at, now),
        "is_corrected": appeals.is_corrected(appeal),
        "may_correct": who.may(P.RESULT_PUBLISH, appeal.round.stage.contest.unit),
    }
