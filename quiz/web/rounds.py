"""One round at the desk: its hours and units, checking and opening it, ending it early, its rules on paper."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import N_, RuleBroken
from quiz.core.permissions import Permission
from quiz.core.readiness import window_stops
from quiz.core.timing import MINUTE, Phase
from quiz.extensions import db
from quiz.files.paperwork import kinds
from quiz.files.paperwork.kinds import MIMETYPES, Format
from quiz.services import amendments, cards, clusters, contests, openings, packages, rounds, tree, windows
from quiz.web import access, tasks
from quiz.web.formatting import message_text
from quiz.web.forms.rounds import SPARE_LINES, ConfirmForm, CoveredForm, ReasonForm, WindowForm
from quiz.web.refusals import shown_on
from quiz.web.round_rules import regulations_of
from quiz.web.rules_paper import paper_of

blueprint = Blueprint("rounds", __name__, url_prefix="/desk/rounds")
P = Permission


@blueprint.get("/<int:round_id>")
@access.requires(P.CONTEST_VIEW)
def show(round_id: int) -> Any:
    """Where a round stands and what is left to do."""
    found = access.round_for(P.CONTEST_VIEW, round_id)
    who, now = access.signed_in(), clock.now()
    phase = found.phase_at(now)
    entries = rounds.entry_counts([found])[found.id]
    return render_template(
        "rounds/show.html",
        round=found,
        rules=contests.rules_of(found),
        entries=entries,
        phase=phase,
        tasks=tasks.round_tasks(
            found,
            entries,
            cards.count_waiting(found),
            now,
            lambda permission: who.may(permission, found.unit),
        ),
        may_run=who.may(P.ROUND_RUN, found.unit),
        may_enter=who.may(P.PAPER_ENTER, found.unit),
        may_give=who.may(P.HALL_RUN, found.unit) and who.may(P.PEOPLE_VIEW, found.unit),
        may_notify=who.may(P.ENTRY_EDIT, found.unit),
        may_edit=who.may(P.CONTEST_EDIT, found.stage.contest.unit),
        may_travel=phase is not Phase.DRAFT and who.may(P.ROUND_RUN, found.stage.contest.unit),
        may_move=phase is not Phase.CLOSED,
        clusters=clusters.of_round(found),
        brought=packages.loaded(found),
    )


@blueprint.route("/<int:round_id>/edit", methods=["GET", "POST"])
@access.requires(P.ROUND_RUN)
def edit(round_id: int) -> Any:
    """Set the hours of a round, or move them while it waits."""
    found = access.round_for(P.ROUND_RUN, round_id)
    there = contests.hours_of(found)
    form = WindowForm(data=there).filled_from(there)
    if found.opened_at is None:
        del form.reason
    if form.validate_on_submit():
        reason = form.reason.data if form.reason else ""
        with shown_on(form):
            actor, now = access.signed_in().actor, clock.now()
            if found.phase_at(now) is Phase.OPEN:
                return _extended(found, form, actor, now)
            if windows.opens_early(found, form.opens_at.data, now):
                return _ask_earlier(found, form, actor, now)
            hours, seen = (form.opens_at.data, form.closes_at.data), form.seen.data
            windows.set_window(found, *hours, actor, now, reason, seen=seen)
            db.session.commit()
            flash(_("Đã đặt giờ thi."), "success")
            tell_of_hours(found)
            return redirect(url_for("rounds.show", round_id=round_id))
    return render_template("rounds/edit.html", form=form, round=found, rules=contests.rules_of(found))


def tell_of_hours(contest_round: Any) -> None:
    """Say why nobody could sit a whole paper in the hours that a round was just given, if so."""
    for problem in window_stops(contest_round.window, contests.rules_of(contest_round), clock.now()):
        flash(message_text(problem.message, problem.values), "warning")


def _extended(found: Any, form: WindowForm, actor: Any, now: int) -> Any:
    """Let a round that is being sat end later; its hours may change in no other way."""
    if form.opens_at.data // MINUTE != found.opens_at // MINUTE:
        raise RuleBroken(N_("Vòng thi đã bắt đầu nên giờ mở không đổi được. Chỉ lùi được giờ đóng."))
    reason = form.reason.data if form.reason else ""
    made = amendments.extend(found, form.closes_at.data, reason or "", actor, now, form.seen.data)
    round_id, number = found.id, made.number
    db.session.commit()
    flash(_("Đã kéo dài giờ thi và ghi bản sửa đổi số %(number)d.", number=number), "success")
    return redirect(url_for("rounds.show", round_id=round_id))


def _ask_earlier(found: Any, form: WindowForm, actor: Any, now: int) -> Any:
    hours = form.opens_at.data, form.closes_at.data
    approval = windows.ask_earlier(found, *hours, form.reason.data, actor, now, form.seen.data)
    db.session.commit()
    flash(_("Mở sớm cần hai người: đã gửi đề nghị, giờ thi đổi khi người thứ hai duyệt."), "success")
    return redirect(url_for("approvals.show", approval_id=approval.id))


@blueprint.route("/<int:round_id>/units", methods=["GET", "POST"])
@access.requires(P.CONTEST_EDIT)
def units(round_id: int) -> Any:
    """The name of a round, the units it covers and their clusters; the contest's board decides these."""
    found = _to_set_up(round_id)
    offered = tree.branches([found.stage.contest.unit.path], clock.today())
    there = rounds.state_of(found)
    form = CoveredForm([(unit.id, unit.title) for unit in offered], data=there).filled_from(there)
    if "more" in request.form:
        form.add_lines(SPARE_LINES)
    elif form.validate_on_submit():
        scopes = [(access.unit_for(P.CONTEST_EDIT, key), cluster) for key, cluster in form.scopes()]
        with shown_on(form):
            actor, name = access.signed_in().actor, form.name.data
            rounds.set_scopes(found, scopes, actor, clock.now(), name, form.seen.data)
            db.session.commit()
            flash(_("Đã lưu đơn vị tham gia."), "success")
            return redirect(url_for("rounds.show", round_id=round_id))
    return render_template("rounds/units.html", form=form, round=found)


def _to_set_up(round_id: int) -> Any:
    found = access.round_for(P.CONTEST_EDIT, round_id)
    access.contest_for(P.CONTEST_EDIT, found.stage.contest_id)
    return found


@blueprint.get("/<int:round_id>/check")
@access.requires(P.ROUND_RUN)
def check(round_id: int) -> Any:
    """Everything that stops a round from being opened, or the button that opens it."""
    found = access.round_for(P.ROUND_RUN, round_id)
    return _check_page(found, openings.check_round(found, clock.now()))


def _check_page(found: Any, readiness: Any) -> Any:
    return render_template(
        "rounds/check.html",
        round=found,
        readiness=readiness,
        rules=contests.rules_of(found),
        entries=rounds.entry_counts([found])[found.id],
        places=_places(found),
        form=ConfirmForm(),
    )


def _places(found: Any) -> dict[str, str]:
    """Return where each kind of problem is mended, for those who may."""
    here = {"round_id": found.id}
    places = {"window": url_for("rounds.edit", **here), "entries": url_for("entries.index", **here)}
    if access.signed_in().may(P.CONTEST_EDIT, found.stage.contest.unit):
        rules = url_for("contests.edit_stage", stage_id=found.stage_id)
        places |= {"rules": rules, "pool": rules, "units": url_for("rounds.units", **here)}
    return places | _stage_places(found)


def _stage_places(found: Any) -> dict[str, str]:
    """Return where what the judged parts lack is mended, for those who may."""
    may = access.signed_in().may
    pages = (
        ("panels", P.ROUND_RUN, url_for("panels.show", round_id=found.id)),
        ("stage", P.STAGE_RUN, url_for("stage.index", round_id=found.id)),
        ("accounts", P.ACCOUNT_MANAGE, url_for("accounts.index")),
    )
    return {name: url for name, permission, url in pages if may(permission, found.unit)}


@blueprint.post("/<int:round_id>/open")
@access.requires(P.ROUND_RUN)
def open(round_id: int) -> Any:
    """Open a round: from now on its rules and items stand."""
    found = access.round_for(P.ROUND_RUN, round_id)
    try:
        openings.open_round(found, access.signed_in().actor, clock.now())
    except openings.NotReady as refusal:
        db.session.rollback()
        return _check_page(found, refusal.readiness), 409
    db.session.commit()
    flash(_("Đã mở vòng thi. Quy định và bộ câu hỏi đã chốt."), "success")
    return redirect(url_for("rounds.show", round_id=round_id))


@blueprint.route("/<int:round_id>/close", methods=["GET", "POST"])
@access.requires(P.ROUND_RUN)
def close(round_id: int) -> Any:
    """End a round before its hour, with a reason."""
    found, now = access.round_for(P.ROUND_RUN, round_id), clock.now()
    form, phase, has_online = ReasonForm(), found.phase_at(now), contests.rules_of(found).has_online
    if form.validate_on_submit():
        openings.close_round(found, form.reason.data, access.signed_in().actor, now)
        db.session.commit()
        flash(_ended(phase, has_online), "success")
        return redirect(url_for("rounds.show", round_id=round_id))
    return render_template("rounds/close.html", form=form, round=found, phase=phase, has_online=has_online)


def _ended(phase: Phase, has_online: bool) -> str:
    if phase is Phase.SCHEDULED:
        return str(_("Đã hủy vòng thi."))
    if has_online:
        return str(_("Đã kết thúc vòng thi. Bài đang làm được nộp với những gì đã lưu."))
    return str(_("Đã kết thúc vòng thi. Phiếu chấm chưa ký vẫn ký được."))


@blueprint.route("/<int:round_id>/remove", methods=["GET", "POST"])
@access.requires(P.CONTEST_EDIT)
def remove(round_id: int) -> Any:
    """Take away a round made by mistake."""
    found = _to_set_up(round_id)
    form, stage_id = ConfirmForm(), found.stage_id
    if form.validate_on_submit():
        rounds.remove_round(found, access.signed_in().actor, clock.now())
        db.session.commit()
        flash(_("Đã xóa vòng thi."), "success")
        return redirect(url_for("contests.stage", stage_id=stage_id))
    return render_template("rounds/remove.html", form=form, round=found)


@blueprint.get("/<int:round_id>/rules")
@access.requires(P.CONTEST_VIEW)
def rules(round_id: int) -> Any:
    """The rules of a round in plain words, to be printed and posted."""
    found = access.round_for(P.CONTEST_VIEW, round_id)
    return render_template("rounds/rules.html", **regulations_of(found))


@blueprint.get("/<int:round_id>/rules.<paper_format>")
@access.requires(P.CONTEST_VIEW)
def rules_file(round_id: int, paper_format: str) -> Any:
    """The same rules as an office paper to sign, as PDF or .docx."""
    found = access.round_for(P.CONTEST_VIEW, round_id)
    wanted = next((one for one in (Format.PDF, Format.WORD) if one == paper_format), None)
    if wanted is None:
        access.not_found()
    paper = paper_of(found)
    db.session.rollback()  # nobody's database waits while the file is made
    answer = Response(kinds.written(paper, wanted), mimetype=MIMETYPES[wanted])
    answer.headers["Content-Disposition"] = f'attachment; filename="{kinds.filename(paper, wanted)}"'
    return answer
