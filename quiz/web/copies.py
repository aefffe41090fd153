"""Starting from a template or from last year, and giving one round's set-up to others; joins contests and rounds."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quiz import clock
from quiz.core.permissions import Permission
from quiz.core.templates import TEMPLATES
from quiz.extensions import db
from quiz.services import copies, notices
from quiz.web import access
from quiz.web.contests import blueprint
from quiz.web.formatting import window_text
from quiz.web.forms.contests import CopyForm
from quiz.web.forms.fields import offered
from quiz.web.forms.rounds import CopySetupForm
from quiz.web.refusals import shown_on
from quiz.web.regulations import clauses_of
from quiz.web.rounds import tell_of_hours

P = Permission


@blueprint.get("/contests/templates")
@access.requires(P.CONTEST_EDIT)
def templates() -> Any:
    """Every ready-made contest in full: its stages, their rules, where it was held and what of it is ours."""
    clauses = {
        (template.key, number): clauses_of(plan.rules, number == len(template.stages), {})
        for template in TEMPLATES.values()
        for number, plan in enumerate(template.stages, start=1)
    }
    return render_template("contests/templates.html", templates=TEMPLATES.values(), clauses=clauses)


@blueprint.route("/contests/<int:contest_id>/copy", methods=["GET", "POST"])
@access.requires(P.CONTEST_EDIT)
def copy(contest_id: int) -> Any:
    """Make a new contest with the stages, rules, rounds and clusters of this one."""
    source = access.contest_for(P.CONTEST_EDIT, contest_id)
    form = CopyForm(title=source.title)
    if form.validate_on_submit():
        actor = access.signed_in().actor
        with shown_on(form):
            done = copies.copy_contest(
                source, form.code.data, form.title.data, form.first_day.data, actor, clock.now()
            )
            key, left, past = done.contest.id, [unit.title for unit in done.left_out], done.past
            db.session.commit()
            flash(_("Đã chép cuộc thi. Người dự thi và kết quả của cuộc thi cũ không chép theo."), "success")
            if left:
                flash(_("Không còn hoạt động nên không chép: %(units)s.", units="; ".join(left)), "warning")
            if past:
                flash(_passed(past), "warning")
            return redirect(url_for("setup.show", contest_id=key))
    return render_template("contests/copy.html", form=form, contest=source)


def _passed(count: int) -> str:
    return ngettext(
        "%(num)d vòng thi có giờ mở đã qua theo ngày bạn vừa ghi. Hãy đặt lại giờ trước khi mở vòng thi.",
        "%(num)d vòng thi có giờ mở đã qua theo ngày bạn vừa ghi. Hãy đặt lại giờ trước khi mở vòng thi.",
        count,
    )


@blueprint.route("/desk/rounds/<int:round_id>/copy-setup", methods=["GET", "POST"])
@access.requires(P.CONTEST_EDIT)
def copy_setup(round_id: int) -> Any:
    """Give the hours or the words of the notices of this round to others of its stage."""
    model = access.round_of_board(P.CONTEST_EDIT, round_id)
    others = copies.drafts_beside(model)
    form = CopySetupForm(rounds=[one.id for one in others], hours=model.window is not None)
    form.rounds.choices = offered((one.id, f"{one.name}: {window_text(one.window)}") for one in others)
    form.filled_from(copies.state_of_setup(model))
    if form.validate_on_submit():
        chosen = [one for one in others if one.id in form.rounds.data]
        with shown_on(form):
            what, actor = (form.hours.data, form.notice.data), access.signed_in().actor
            done, _kept = copies.copy_setup(model, chosen, *what, actor, clock.now(), form.seen.data)
            stage_id, count = model.stage_id, len(done)
            db.session.commit()
            flash(
                ngettext("Đã chép cho %(num)d vòng thi.", "Đã chép cho %(num)d vòng thi.", count), "success"
            )
            if form.hours.data:
                tell_of_hours(model)
            return redirect(url_for("contests.stage", stage_id=stage_id))
    return render_template(
        "rounds/copy_setup.html", form=form, round=model, others=others, said=notices.of(model)
    )
