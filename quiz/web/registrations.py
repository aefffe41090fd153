"""Registering for a whole stage at the desk: the sheet of a workbook, or every secretary at once."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import Problem
from quiz.core.permissions import Permission
from quiz.core.roster_rules import blocking
from quiz.core.rosters import REGISTRATIONS
from quiz.extensions import db
from quiz.files.workbook import read_roster
from quiz.services import registrations, uploads
from quiz.services.secretaries import register_secretaries
from quiz.web import access, belongings
from quiz.web.entries import flash_plan
from quiz.web.forms.entries import WorkbookForm

blueprint = Blueprint("registrations", __name__, url_prefix="/desk/stages/<int:stage_id>/registrations")
P = Permission
PURPOSE = "registrations"
SHOWN = 200  # problems named on the preview


def _stage_and_rounds(stage_id: int) -> tuple[Any, list[Any]]:
    """Return a stage and those of its rounds whose lists this person keeps, or answer 404."""
    stage = access.stage_for(P.CONTEST_VIEW, stage_id)
    rounds = registrations.rounds_under(stage, access.signed_in().paths_for(P.ENTRY_EDIT))
    return (stage, rounds) if rounds else access.not_found()


@blueprint.route("", methods=["GET", "POST"])
@access.requires(P.ENTRY_EDIT)
def index(stage_id: int) -> Any:
    """Take a workbook in for a look, or enter every secretary."""
    stage, rounds = _stage_and_rounds(stage_id)
    form = WorkbookForm()
    if form.validate_on_submit():
        sent, account = form.file.data, belongings.own_account()
        kept = uploads.keep(account.id, PURPOSE, sent.filename or "", sent.read(), clock.now())
        db.session.commit()
        return redirect(url_for("registrations.preview", stage_id=stage_id, upload_id=kept.id))
    return render_template("registrations/index.html", form=form, stage=stage, rounds=rounds)


@blueprint.post("/secretaries")
@access.requires(P.ENTRY_EDIT)
def secretaries(stage_id: int) -> Any:
    """Enter the secretary of every cell that has said nothing yet, in all the own rounds."""
    stage, rounds = _stage_and_rounds(stage_id)
    plan = register_secretaries(stage, access.signed_in().actor, clock.now(), rounds)
    db.session.commit()
    flash_plan(plan)
    return redirect(url_for("registrations.index", stage_id=stage_id))


@blueprint.get("/<int:upload_id>")
@access.requires(P.ENTRY_EDIT)
def preview(stage_id: int, upload_id: int) -> Any:
    """What the sheet would do, round by round, and every row that is left out with its reason."""
    stage, rounds = _stage_and_rounds(stage_id)
    upload = _own_upload(stage_id, upload_id)
    drafts, unreadable = _drafts(upload)
    plan = registrations.plan_of(stage, drafts, clock.now(), rounds)
    problems = sorted([*unreadable, *plan.problems], key=lambda problem: problem.row or 0)
    return render_template(
        "registrations/preview.html",
        stage=stage,
        upload=upload,
        plan=plan,
        problems=problems,
        by_round=registrations.by_round(plan),
        shown=SHOWN,
    )


@blueprint.post("/<int:upload_id>/confirm")
@access.requires(P.ENTRY_EDIT)
def confirm(stage_id: int, upload_id: int) -> Any:
    """Take in the rows without a problem, in one go."""
    stage, rounds = _stage_and_rounds(stage_id)
    upload = _own_upload(stage_id, upload_id)
    drafts, _unreadable = _drafts(upload)
    plan = registrations.register_all(stage, drafts, access.signed_in().actor, clock.now(), rounds)
    uploads.finish(upload)
    db.session.commit()
    sent, absent = plan.contestants, plan.absences
    flash(_("Đã ghi %(sent)d thí sinh và %(absent)d chi bộ vắng.", sent=sent, absent=absent), "success")
    return redirect(url_for("registrations.index", stage_id=stage_id))


@blueprint.post("/<int:upload_id>/discard")
@access.requires(P.ENTRY_EDIT)
def discard(stage_id: int, upload_id: int) -> Any:
    """Forget a file that was only looked at."""
    _stage_and_rounds(stage_id)
    uploads.drop(_own_upload(stage_id, upload_id))
    db.session.commit()
    return redirect(url_for("registrations.index", stage_id=stage_id))


def _own_upload(stage_id: int, upload_id: int) -> Any:
    return belongings.own_upload(PURPOSE, upload_id, url_for("registrations.index", stage_id=stage_id))


def _drafts(upload: Any) -> tuple[list[Any], list[Problem]]:
    """Return the readable rows of the sheet of registrations, and what stands against the others."""
    roster, problems = read_roster(upload.data)
    unreadable = [problem for problem in blocking(problems) if problem.place in ("", REGISTRATIONS)]
    rows = {problem.row for problem in unreadable}
    if None in rows:  # the file or its columns: no row can be trusted
        return [], unreadable
    return [draft for draft in roster.registrations if draft.row not in rows], unreadable
