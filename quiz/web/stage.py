"""The stage as the secretary runs it: the running order, the clock, the sheets from paper, the check."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.over_time import deduction
from quiz.core.performances import time_shown, used_at
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import (
    contests,
    essays,
    lots,
    packages,
    panels,
    performances,
    projections,
    sheets,
    stage_points,
)
from quiz.web import access, outcomes
from quiz.web.forms.lots import PickForm
from quiz.web.forms.stage import AbsentForm, CorrectionForm, DrawForm, MarksForm, ReasonForm, TimeForm
from quiz.web.refusals import shown_on

blueprint = Blueprint("stage", __name__, url_prefix="/desk")
RUN = Permission.STAGE_RUN
CLOCK = {
    "call": performances.call,
    "start": performances.start,
    "pause": performances.pause,
    "stop": performances.stop,
    "finish": performances.finish,
}


@blueprint.get("/rounds/<int:round_id>/stage")
@access.requires(RUN)
def index(round_id: int) -> Any:
    """Everybody's turn in running order, part by part, with where each stands; before the draw, the draw."""
    return _index(access.round_for(RUN, round_id), DrawForm())


def _index(contest_round: Any, form: Any) -> Any:
    parts = contests.rules_of(contest_round).judged_parts
    chosen = request.args.get("part", parts[0].name if parts else "")
    found = stage_points.earned_in(contest_round)
    return render_template(
        "stage/index.html",
        round=contest_round,
        parts=parts,
        chosen=chosen,
        draw=performances.draw_of(contest_round),
        lines=[one for one in found if one.part.name == chosen],
        left=len(stage_points.unsigned(found)),
        stages={one.performance.id: performances.stage_of(one.performance) for one in found},
        panel_sizes={
            part.name: (panels.count_seats(contest_round, part.name), part.judged_by.judges) for part in parts
        },
        conflicts=len(panels.conflicts_of(contest_round)),
        away=packages.away(contest_round),
        screen=projections.of_round(contest_round),
        form=form,
    )


@blueprint.post("/rounds/<int:round_id>/stage")
@access.requires(RUN)
def draw(round_id: int) -> Any:
    """Draw the running order from the seed read out in the hall."""
    contest_round, form = access.round_for(RUN, round_id), DrawForm()
    if form.validate_on_submit():
        with shown_on(form):
            actor, now = access.signed_in().actor, clock.now()
            performances.draw_order(contest_round, form.seed.data, form.sessions.data, actor, now)
            db.session.commit()
            flash(_("Đã bốc thăm thứ tự thi."), "success")
            return redirect(url_for("stage.index", round_id=round_id))
    return _index(contest_round, form)


@blueprint.get("/performances/<int:performance_id>")
@access.requires(RUN)
def show(performance_id: int) -> Any:
    """One contestant in one part: the clock, the sheets, the points."""
    return _show(outcomes.performance_for(RUN, performance_id))


def _show(performance: Any, reason: Any = None, time: Any = None) -> Any:
    found, now = stage_points.earned(performance), clock.now()
    free = [one.number for one in lots.offered_to(performance) if not lots.is_used(one)]
    seconds = used_at(performance.used, performance.running_since, now) // 1000
    shown = time_shown(performance.used)
    return render_template(
        "stage/show.html",
        performance=performance,
        earned=found,
        stage=performances.stage_of(performance),
        now=now,
        seconds=seconds,
        deducted=deduction(found.part.judged_by.over_time, seconds * 1000, found.part.minutes),
        has_more_parts=len(contests.rules_of(performance.round).judged_parts) > 1,
        panel=panels.panel_for(performance, panels.seats_of(performance.round)),
        sheets={sheet.seat: sheet for sheet in performance.sheets},
        typed={
            seat: (len(typed), sheets.differences(typed))
            for seat, typed in sheets.keyed_in(performance).items()
        },
        corrections=sheets.corrections_of(performance),
        lot=lots.with_questions([performance.lot])[0] if performance.lot else None,
        free=free,
        screen=projections.of_round(performance.round),
        essay=essays.of_performance(performance),
        brought=packages.loaded(performance.round),
        pick=PickForm.of(free),
        lot_back=ReasonForm(prefix="lot-"),
        following=performances.after(performance),
        reason=reason or AbsentForm(prefix="act-"),
        time=time or TimeForm(data=shown).filled_from(shown),
    )


@blueprint.post("/performances/<int:performance_id>/clock")
@access.requires(RUN)
def turn_clock(performance_id: int) -> Any:
    """Call, start, hold or stop."""
    performance, act = outcomes.performance_for(RUN, performance_id), CLOCK.get(request.form.get("act", ""))
    if act is None:
        flash(_("Hãy dùng các nút của trang này."), "error")
    else:
        act(performance, access.signed_in().actor, clock.now())
        db.session.commit()
    return redirect(url_for("stage.show", performance_id=performance_id))


@blueprint.post("/performances/<int:performance_id>/time")
@access.requires(RUN)
def correct_time(performance_id: int) -> Any:
    """Put the time right, with a reason."""
    performance = outcomes.performance_for(RUN, performance_id)
    form = TimeForm().filled_from(time_shown(performance.used))
    if form.validate_on_submit():
        with shown_on(form):
            reason, actor = form.reason.data or "", access.signed_in().actor
            performances.correct_time(performance, form.used, reason, actor, clock.now(), form.seen.data)
            db.session.commit()
            flash(_("Đã sửa thời gian."), "success")
            return redirect(url_for("stage.show", performance_id=performance_id))
    return _show(performance, time=form)


@blueprint.post("/performances/<int:performance_id>/absent")
@access.requires(RUN)
def absent(performance_id: int) -> Any:
    """Note that the contestant did not come, to this part or to any."""
    everywhere = AbsentForm(prefix="act-").everywhere.data
    act = performances.mark_absent_everywhere if everywhere else performances.mark_absent
    return _with_reason(performance_id, act, _("Đã ghi vắng."))


@blueprint.post("/performances/<int:performance_id>/reopen")
@access.requires(RUN)
def reopen(performance_id: int) -> Any:
    """Let an ended performance go on."""
    return _with_reason(performance_id, performances.reopen, _("Đã mở lại lượt thi."))


def _with_reason(performance_id: int, act: Any, words: str) -> Any:
    performance, form = outcomes.performance_for(RUN, performance_id), AbsentForm(prefix="act-")
    if form.validate_on_submit():
        with shown_on(form):
            act(performance, form.reason.data or "", access.signed_in().actor, clock.now())
            db.session.commit()
            flash(words, "success")
            return redirect(url_for("stage.show", performance_id=performance_id))
    return _show(performance, reason=form)


@blueprint.post("/performances/<int:performance_id>/check")
@access.requires(RUN)
def check(performance_id: int) -> Any:
    """Note that the sheets were compared with what stands here."""
    performance = outcomes.performance_for(RUN, performance_id)
    stage_points.check(performance, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã kiểm điểm. Trưởng ban Giám khảo ký tiếp."), "success")
    return redirect(url_for("stage.show", performance_id=performance_id))


@blueprint.route("/performances/<int:performance_id>/sheets/<int:seat>", methods=["GET", "POST"])
@access.requires(RUN)
def sheet(performance_id: int, seat: int) -> Any:
    """Key a paper sheet, the first or the second time; once it is handed in, correct it with a reason."""
    performance = outcomes.performance_for(RUN, performance_id)
    held = panels.seat_numbered(performance, seat) or access.not_found()
    kept, judging = sheets.sheet_at(performance, seat), sheets.judging_of(performance)
    is_in = kept is not None and kept.submitted_at is not None
    form = (
        CorrectionForm.of(judging, kept.marks, with_note=False).filled_from(kept.marks)
        if is_in
        else MarksForm.of(judging, {}, with_note=False)
    )
    if form.validate_on_submit():
        with shown_on(form):
            words = _correct(kept, form) if is_in else _key(performance, seat, form)
            db.session.commit()
            flash(words, "success")
            return redirect(url_for("stage.show", performance_id=performance_id))
    typed = [] if is_in else sheets.keyings_of(performance, seat)
    return render_template(
        "stage/sheet.html",
        performance=performance,
        seat=held,
        form=form,
        is_in=is_in,
        typed=typed,
        is_own_first=len(typed) == 1 and typed[0].keyed_by_id == access.signed_in().account_id,
        differing=sheets.differences(typed),
    )


def _key(performance: Any, seat: int, form: Any) -> str:
    counted = sheets.key(performance, seat, form.marks, access.signed_in().actor, clock.now())
    if counted is not None:
        return _("Hai lần nhập khớp nhau. Phiếu chấm đã được tính.")
    if sheets.differences(sheets.keyings_of(performance, seat)):
        return _("Hai lần nhập khác nhau. Một trong hai người hãy xem lại phiếu giấy và nhập lại.")
    return _("Đã ghi lần nhập thứ nhất. Lần thứ hai do một người khác nhập từ phiếu giấy.")


def _correct(kept: Any, form: Any) -> str:
    reason, actor = form.reason.data or "", access.signed_in().actor
    sheets.correct(kept, form.marks, reason, actor, clock.now(), form.seen.data)
    return _("Đã sửa phiếu chấm. Điểm cũ, điểm mới và lý do vẫn hiện ở lượt thi này.")
