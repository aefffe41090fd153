"""Judging: a judge's own sheets on a phone, saved at once; the head judge's decisions and signatures."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import AlreadyDone, NotAllowed, RuleBroken
from quiz.core.performances import OnPaper
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import essays, judges, lots, packages, performances, sheets, stage_points
from quiz.web import access, outcomes
from quiz.web.formatting import message_text
from quiz.web.forms.stage import DecideForm, MarksForm, ReasonForm
from quiz.web.refusals import shown_on

blueprint = Blueprint("judging", __name__, url_prefix="/judging")
JUDGE, SIGN = Permission.STAGE_JUDGE, Permission.STAGE_SIGN
MOST = 50  # criteria a sheet sent by a script may name


@blueprint.get("")
@access.requires(JUDGE)
def index() -> Any:
    """The performances this judge marks, those on the stage and those not handed in first."""
    who = access.signed_in()
    rounds = [
        (one, who.may(SIGN, one.unit), judges.sheets_of(one, who.account_id or 0), _essays_of(one))
        for one in judges.rounds_of(who.account_id or 0)
    ]
    signing = [one for one in judges.rounds_to_sign(who.paths_for(SIGN)) if one not in [r[0] for r in rounds]]
    signed_here = [one for one, may_sign, *_rest in rounds if may_sign]
    waiting = judges.waiting_to_sign([one.id for one in (*signed_here, *signing)])
    return render_template("judging/index.html", rounds=rounds, signing=signing, waiting=waiting)


def _essays_of(contest_round: Any) -> dict[tuple[int, str], bool]:
    """Whose essay is there; of a round a package brought nobody is called missing, for essays do not travel."""
    there = essays.handed_in(contest_round)
    return dict.fromkeys(there, True) if there and packages.loaded(contest_round) else there


@blueprint.route("/<int:performance_id>", methods=["GET", "POST"])
@access.requires(JUDGE)
def show(performance_id: int) -> Any:
    """The own sheet of one performance. Without scripts the form saves whole; with them each mark is saved at once."""
    performance = outcomes.performance_judged(performance_id)
    who = access.signed_in()
    seat = sheets.seat_of(performance, who.account_id or 0)
    kept, judging = sheets.sheet_at(performance, seat.seat), sheets.judging_of(performance)
    form = MarksForm.of(judging, kept.marks if kept else {}, kept.note if kept else "")
    if form.validate_on_submit():
        with shown_on(form):
            return _kept(performance, form)
    visible = sheets.visible_to(performance, who.account_id or 0)
    return render_template(
        "judging/sheet.html",
        performance=performance,
        seat=seat,
        kept=kept,
        form=form,
        judging=judging,
        is_in=kept is not None and kept.submitted_at is not None,
        others=visible if len(visible) > 1 else [],
        earned=stage_points.earned(performance),
        is_needed=sheets.is_needed(performance, seat.seat),
        stage=performances.stage_of(performance),
        essay=essays.of_performance(performance),
        brought=packages.loaded(performance.round),
        lot=lots.with_questions([performance.lot])[0] if performance.lot else None,
    )


def _kept(performance: Any, form: Any) -> Any:
    actor, now = access.signed_in().actor, clock.now()
    stamp = max(now, sheets.newest_stamp(performance, actor) + 1)
    sheets.save(performance, form.marks, form.note.data or "", stamp, actor, now)
    if request.form.get("act") != "submit":
        db.session.commit()
        flash(_("Đã ghi phiếu chấm. Phiếu chỉ được tính sau khi nộp."), "success")
        return redirect(url_for("judging.show", performance_id=performance.id))
    sheets.submit(performance, actor, now)
    db.session.commit()
    flash(_("Đã nộp phiếu chấm."), "success")
    return redirect(url_for("judging.index"))


@blueprint.post("/<int:performance_id>/marks")
@access.requires(JUDGE)
def save(performance_id: int) -> Any:
    """Keep the sheet as it stands on the judge's device: {"marks": {criterion: hundredths}, "note", "stamp"}.

    200 with what is stored · 400 no such sheet · 403 no seat · 409 handed in.
    """
    performance = outcomes.performance_judged(performance_id)
    sent = _sent(request.get_json(silent=True))
    if sent is None:
        return {"error": str(_("Phiếu chấm gửi lên không đọc được. Hãy tải lại trang."))}, 400
    try:
        sheet = sheets.save(performance, *sent, access.signed_in().actor, clock.now())
        db.session.commit()
    except AlreadyDone as error:
        return _refused(error, 409)
    except NotAllowed as error:
        return _refused(error, 403)
    except RuleBroken as error:
        return _refused(error, 400)
    return {"stamp": sheet.stamp, "marks": sheet.marks, "total": sum(sheet.marks.values())}


def _sent(body: Any) -> tuple[dict[str, int], str, int] | None:
    """Return the marks, the note and the stamp of a body, None when it is something else."""
    if not isinstance(body, dict) or not isinstance(body.get("marks"), dict):
        return None
    marks, note, stamp = body["marks"], body.get("note", ""), body.get("stamp")
    sound = len(marks) <= MOST and all(isinstance(k, str) and type(v) is int for k, v in marks.items())
    if not sound or not isinstance(note, str) or type(stamp) is not int or not 0 <= stamp < 2**53:
        return None
    return marks, note, stamp


def _refused(error: RuleBroken, status: int) -> Any:
    db.session.rollback()
    return {"error": message_text(error.message, error.values)}, status


# --- the head judge -----------------------------------------------------------------------------------------------


@blueprint.get("/rounds/<int:round_id>/signing")
@access.requires(SIGN)
def signing(round_id: int) -> Any:
    """What waits for the head judge: decisions first, then signatures; below, what is signed."""
    contest_round = access.round_for(SIGN, round_id)
    found = [
        one for one in stage_points.earned_in(contest_round) if one.performance.entry.withdrawn_at is None
    ]
    return render_template(
        "judging/signing.html",
        round=contest_round,
        deciding=[one for one in found if one.points.waits is not None and one.points.waits.value == "head"],
        waiting=[one for one in found if one.paper is OnPaper.CHECKED],
        signed=[one for one in found if one.paper is OnPaper.SIGNED],
        others=sum(one.paper in (OnPaper.MARKING, OnPaper.HANDED_IN) for one in found),
    )


@blueprint.route("/<int:performance_id>/points", methods=["GET", "POST"])
@access.requires(SIGN)
def points(performance_id: int) -> Any:
    """All sheets of one performance with what they earn; the head decides where the rules leave it to the head."""
    performance = outcomes.performance_for(SIGN, performance_id)
    form = DecideForm(points=performance.decided)
    if form.validate_on_submit():
        with shown_on(form):
            reason, actor = form.reason.data or "", access.signed_in().actor
            stage_points.decide(performance, form.points.data, reason, actor, clock.now())
            db.session.commit()
            flash(_("Đã ghi quyết định của Trưởng ban Giám khảo."), "success")
            return redirect(url_for("judging.signing", round_id=performance.round_id))
    return _points(performance, form, ReasonForm(prefix="unsign-"))


def _points(performance: Any, form: Any, unsign_form: Any) -> Any:
    return render_template(
        "judging/points.html",
        performance=performance,
        earned=stage_points.earned(performance),
        judging=sheets.judging_of(performance),
        sheets=[one for one in performance.sheets if one.submitted_at is not None],
        is_blind=sheets.is_blind(performance, access.signed_in().account_id or 0),
        corrections=sheets.corrections_of(performance),
        form=form,
        unsign=unsign_form,
    )


@blueprint.post("/<int:performance_id>/sign")
@access.requires(SIGN)
def sign(performance_id: int) -> Any:
    """The head judge's signature."""
    performance = outcomes.performance_for(SIGN, performance_id)
    stage_points.sign(performance, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã ký điểm của %(name)s.", name=performance.entry.person.full_name), "success")
    return redirect(url_for("judging.signing", round_id=performance.round_id))


@blueprint.post("/<int:performance_id>/unsign")
@access.requires(SIGN)
def unsign(performance_id: int) -> Any:
    """Take the signature back with a reason, so that the secretary can put a sheet right."""
    performance, form = outcomes.performance_for(SIGN, performance_id), ReasonForm(prefix="unsign-")
    if form.validate_on_submit():
        with shown_on(form):
            stage_points.unsign(performance, form.reason.data or "", access.signed_in().actor, clock.now())
            db.session.commit()
            flash(_("Đã rút chữ ký. Thư ký sửa phiếu chấm, kiểm lại, rồi bạn ký lại."), "success")
            return redirect(url_for("judging.points", performance_id=performance_id))
    return _points(performance, DecideForm(points=performance.decided), form)
