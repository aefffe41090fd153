"""How a judged part is judged, on a page of its own; joins the pages of contests."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core import amendments as terms
from quiz.core import parts as programme
from quiz.core.parts import PartKind
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import amendments, contests
from quiz.web import access
from quiz.web.contests import blueprint
from quiz.web.forms.part_judging import JudgingForm
from quiz.web.refusals import shown_on

EDIT = Permission.CONTEST_EDIT


@blueprint.route("/stages/<int:stage_id>/parts/<int:place>/judging", methods=["GET", "POST"])
@access.requires(EDIT)
def part_judging(stage_id: int, place: int) -> Any:
    """How the part at `place` (from 1) of a stage is judged; after the opening a change is an amendment."""
    stage = access.stage_for(EDIT, stage_id)
    rules = contests.rules_of(stage)
    if not 1 <= place <= len(rules.parts) or rules.parts[place - 1].kind is not PartKind.JUDGED:
        abort(404)
    part, frozen = rules.parts[place - 1], stage.frozen_at is not None
    form = JudgingForm(part, frozen)
    form.filled_from(programme.state_of(part))
    if request.form.get("more"):
        form.more(request.form["more"])
    elif form.validate_on_submit() and _is_usable(form):
        with shown_on(form):
            _save(stage, form)
            db.session.commit()
            flash(_("Đã lưu cách chấm phần “%(name)s”.", name=part.name), "success")
            return redirect(url_for("contests.stage", stage_id=stage_id))
    return render_template(
        "contests/part_judging.html",
        form=form,
        stage=stage,
        part=part,
        place=place,
        frozen=frozen,
        said=_why_not(stage) if frozen else "",
    )


def _is_usable(form: JudgingForm) -> bool:
    problems = contests.judging_problems(form.part())
    form.show(problems)
    return not problems


def _why_not(stage: Any) -> str:
    """Return why the parts of a stage stand, "" while an amendment may still change them."""
    if "parts" in terms.open_settings(amendments.moment_of(stage)):
        return ""
    said = terms.TERMS["parts"].said
    return _(said)


def _save(stage: Any, form: JudgingForm) -> None:
    actor, now = access.signed_in().actor, clock.now()
    if stage.frozen_at is None:
        contests.change_part(stage, form.part(), actor, now, form.seen.data)
    else:
        amendments.amend_part(stage, form.part(), form.reason.data, actor, now, form.seen.data)
