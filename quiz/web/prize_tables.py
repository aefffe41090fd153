"""The prize table of a stage: begun from one that was really held, filled in, and amended once the rules are frozen."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core import prizes
from quiz.core import rules as rulebook
from quiz.core.permissions import Permission
from quiz.core.prize_templates import TEMPLATES, template
from quiz.extensions import db
from quiz.services import amendments, contests, pools
from quiz.web import access
from quiz.web.forms.awards import SPARE, TableForm, values_of
from quiz.web.refusals import shown_on

blueprint = Blueprint("prize_tables", __name__)
P = Permission


@blueprint.route("/stages/<int:stage_id>/prizes", methods=["GET", "POST"])
@access.requires(P.CONTEST_EDIT)
def edit(stage_id: int) -> Any:
    """Fill in the prize table of a stage; after the opening a change is an amendment with its reason."""
    stage = access.stage_for(P.CONTEST_EDIT, stage_id)
    rules, chosen = contests.rules_of(stage), template(request.args.get("from", ""))
    frozen = stage.frozen_at is not None
    begun = values_of(chosen.table if chosen else rules.prizes)
    form = TableForm(pools.topics(), frozen, [part.name for part in rules.parts], data=begun)
    form.filled_from(prizes.state_of(rules.prizes))
    if "more" in request.form:
        form.offer(SPARE)
    elif form.validate_on_submit() and _is_usable(form, replace(rules, prizes=form.table())):
        with shown_on(form):
            _save(stage, form)
            db.session.commit()
            flash(_("Đã lưu cơ cấu giải."), "success")
            return redirect(url_for("contests.stage", stage_id=stage_id))
    return render_template(
        "awards/table.html",
        form=form,
        stage=stage,
        rules=rules,
        templates=TEMPLATES,
        chosen=chosen,
        frozen=frozen,
    )


def _is_usable(form: TableForm, rules: rulebook.Rules) -> bool:
    """Show what is wrong: beside a field where one is named, above the form where it is one of many lines."""
    fields = {"prize_scope", "most_percent"}
    problems = [
        problem if problem.field in fields else replace(problem, field="")
        for problem in rulebook.check(rules)
    ]
    form.show(problems)
    return not problems


def _save(stage: Any, form: TableForm) -> None:
    actor, now = access.signed_in().actor, clock.now()
    if stage.frozen_at is None:
        contests.change_prizes(stage, form.table(), actor, now, form.seen.data)
    else:
        amendments.amend_prizes(stage, form.table(), form.reason.data, actor, now, form.seen.data)
