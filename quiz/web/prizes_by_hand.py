"""Giving somebody or a unit a prize by hand, and passing somebody over; joins the pages of prizes."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.services import award_decisions, award_figures, award_outlook, awards
from quiz.web import access, outcomes
from quiz.web.awards import blueprint, done
from quiz.web.forms.awards import GiveForm, GiveUnitForm, ReasonForm
from quiz.web.forms.fields import offered
from quiz.web.prize_changes import change_lines
from quiz.web.refusals import shown_on

P = Permission
OVER = "over"  # keeps the second reason on a page apart


@blueprint.route("/desk/editions/<int:edition_id>/prizes/entries/<int:entry_id>", methods=["GET", "POST"])
@access.requires(P.RESULT_PUBLISH)
def give(edition_id: int, entry_id: int) -> Any:
    """Give somebody a prize by hand."""
    edition, line = outcomes.ranked_entry(P.RESULT_PUBLISH, edition_id, entry_id)
    table, form = awards.table_of(edition), GiveForm()
    form.prize.choices = offered((row.name, row.name) for row in (*table.prizes, *table.special))
    if form.validate_on_submit():
        with shown_on(form):
            prize, actor = form.prize.data, access.signed_in().actor
            award_decisions.give(edition, prize, entry_id, form.reason.data, actor, clock.now())
            return done(edition_id, _("Đã ghi giải của %(name)s.", name=line.name_and_cell))
    outlook = award_outlook.outlook_of(edition, entry_id, [one.value for one in form.prize.choices])
    won = [one.prize for one in awards.awards_of(edition) if one.entry_id == entry_id]
    return render_template(
        "awards/person.html",
        edition=edition,
        line=line,
        form=form,
        won=won,
        outlook=outlook,
        lines_of=lambda change: change_lines(edition, change),
        over_form=ReasonForm(formdata=None, prefix=OVER),
    )


@blueprint.post("/desk/editions/<int:edition_id>/prizes/entries/<int:entry_id>/pass-over")
@access.requires(P.RESULT_PUBLISH)
def pass_over(edition_id: int, entry_id: int) -> Any:
    """Let somebody win nothing."""
    edition, line = outcomes.ranked_entry(P.RESULT_PUBLISH, edition_id, entry_id)
    form = ReasonForm(prefix=OVER)
    if not form.validate():
        flash(_("Hãy ghi lý do hoặc số biên bản của quyết định này."), "error")
        return redirect(url_for("awards.give", edition_id=edition_id, entry_id=entry_id))
    award_decisions.pass_over(edition, entry_id, form.reason.data, access.signed_in().actor, clock.now())
    return done(edition_id, _("%(name)s không được xét giải.", name=line.name_and_cell))


@blueprint.route("/desk/editions/<int:edition_id>/prizes/units", methods=["GET", "POST"])
@access.requires(P.RESULT_PUBLISH)
def give_unit(edition_id: int) -> Any:
    """Give a unit a collective prize by hand."""
    edition = outcomes.edition_for(P.RESULT_PUBLISH, edition_id)
    form = GiveUnitForm()
    form.prize.choices = offered((row.name, row.name) for row in awards.table_of(edition).collective)
    form.unit.choices = offered((unit.id, unit.title) for unit in award_figures.teams_of(edition.round))
    if form.validate_on_submit():
        with shown_on(form):
            what, actor = (form.prize.data, form.unit.data), access.signed_in().actor
            award_decisions.give(edition, *what, form.reason.data, actor, clock.now())
            return done(edition_id, _("Đã ghi giải tập thể."))
    return render_template("awards/unit.html", edition=edition, form=form)
