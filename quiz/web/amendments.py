"""Changing the rules after the opening, only as a numbered amendment with its reason; joins the pages of contests."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core import amendments as terms
from quiz.core import rules as rulebook
from quiz.core.errors import Problem
from quiz.core.items import Level
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import amendments, contests, delegations, pools, progress, tree
from quiz.web import access
from quiz.web.contests import blueprint
from quiz.web.forms.rules import AmendForm, values_of
from quiz.web.labels import pairs
from quiz.web.refusals import shown_on

P = Permission


@blueprint.route("/stages/<int:stage_id>/amend", methods=["GET", "POST"])
@access.requires(P.CONTEST_EDIT)
def amend(stage_id: int) -> Any:
    """The rules in force, what of them may still change, and the form that changes them."""
    found = access.stage_for(P.CONTEST_EDIT, stage_id)
    if found.frozen_at is None:
        return redirect(url_for("contests.edit_stage", stage_id=stage_id))
    old = contests.rules_of(found)
    types = tree.types_under(found.contest.unit)
    units = delegations.offered_in(found, old)
    form = AmendForm(pools.topics(), types, old.prizes.personal, units, data=values_of(found.name, old))
    del form.name
    form.filled_from(contests.state_of(found))
    problems: list[Problem] = []
    if "more" in request.form:
        form.more(request.form["more"])
    elif form.validate_on_submit():
        rules = form.rules(old)
        moment = amendments.moment_of(found)
        problems = rulebook.check(rules) or terms.refusals(old, rules, moment)
        form.show(problems)
        if not problems:
            with shown_on(form):
                actor, reason = access.signed_in().actor, form.reason.data
                made = amendments.amend_rules(found, rules, reason, actor, clock.now(), form.seen.data)
                number = made.number
                db.session.commit()
                flash(
                    _("Đã ghi bản sửa đổi số %(number)d. Thể lệ in ra có kèm bản này.", number=number),
                    "success",
                )
                return redirect(url_for("contests.stage", stage_id=stage_id))
    day = progress.day_to_fill(found.rounds, clock.now())
    still = set(terms.open_settings(amendments.moment_of(found)))
    return render_template(
        "contests/amend.html",
        form=form,
        stage=found,
        topics=pools.topics(),
        there=pools.availability(day),
        levels=pairs(Level),
        day=day,
        parts=old.parts,
        still=still,
        # What was changed and refused must be seen to be put back.
        shown=None if problems else still,
    )
