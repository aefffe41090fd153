"""The Thể lệ of a round as its contestants read it, with every amendment; the desk prints the same."""

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from quiz.core.items import Level
from quiz.services import amendments, clusters, contests, delegations, pools, progress
from quiz.web import access, belongings
from quiz.web.amended import changes_of
from quiz.web.labels import pairs
from quiz.web.regulations import clauses_of

blueprint = Blueprint("round_rules", __name__)


@blueprint.get("/rounds/<int:round_id>/rules")
@access.candidate_only
def show(round_id: int) -> Any:
    """The rules of a round this contestant is entered for."""
    return render_template("rounds/own_rules.html", **regulations_of(belongings.own_round(round_id)))


def regulations_of(contest_round: Any) -> dict[str, Any]:
    """Return what the page and the document of a round's Thể lệ show: its rules in words and how they were amended."""
    rules, stage = contests.rules_of(contest_round), contest_round.stage
    topics, units, is_last = dict(pools.topics()), delegations.titles_in(stage), progress.is_last(stage)
    return {
        "round": contest_round,
        "rules": rules,
        "clauses": clauses_of(rules, is_last, units),
        "titles": topics,
        "levels": dict(pairs(Level, _("Mọi mức độ"))),
        "clusters": clusters.of_round(contest_round),
        "amendments": [
            (one, changes_of(one, is_last, topics, units)) for one in amendments.of_round(contest_round)
        ],
    }
