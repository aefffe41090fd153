"""Who hosts and leads each cluster of a round; joins the pages of rounds."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import clusters
from quiz.web import access
from quiz.web.forms.rounds import ClusterForm
from quiz.web.refusals import shown_on
from quiz.web.rounds import blueprint

P = Permission


@blueprint.get("/<int:round_id>/clusters", endpoint="clusters")
@access.requires(P.CONTEST_VIEW)
def index(round_id: int) -> Any:
    """The clusters of a round with their units, hosts and leaders."""
    found = access.round_for(P.CONTEST_VIEW, round_id)
    return render_template(
        "rounds/clusters.html",
        round=found,
        clusters=clusters.of_round(found),
        may_edit=access.signed_in().may(P.CONTEST_EDIT, found.stage.contest.unit),
    )


@blueprint.route("/<int:round_id>/clusters/<int:number>", methods=["GET", "POST"], endpoint="cluster")
@access.requires(P.CONTEST_EDIT)
def edit(round_id: int, number: int) -> Any:
    """Say who hosts and leads one cluster, the one with this number in the order of their names."""
    found = access.round_of_board(P.CONTEST_EDIT, round_id)
    known = clusters.of_round(found)
    if not 1 <= number <= len(known):
        access.not_found()
    grouped = known[number - 1]
    there = clusters.state_of(grouped)
    form = ClusterForm(grouped.units, data=there).filled_from(there)
    if form.validate_on_submit():
        by_id = {unit.id: unit for unit in grouped.units}
        with shown_on(form):
            leader = clusters.person_meant(grouped, form.leader.data or "")
            host, head = by_id.get(form.host.data), by_id.get(form.head.data)
            actor, seen = access.signed_in().actor, form.seen.data
            clusters.set_cluster(found, grouped.name, host, head, leader, actor, clock.now(), seen)
            db.session.commit()
            flash(_("Đã lưu."), "success")
            return redirect(url_for("rounds.clusters", round_id=round_id))
    return render_template(
        "rounds/cluster.html", form=form, round=found, cluster=grouped, people=clusters.people_of(grouped)
    )
