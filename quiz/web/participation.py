"""How many cells take part in a contest, unit by unit; it joins the blueprint of the entries."""

from typing import Any

from flask import render_template, request

from quiz import clock
from quiz.core.permissions import Permission
from quiz.core.places import ids_of
from quiz.services import participation
from quiz.web import access
from quiz.web.entries import blueprint

P = Permission


@blueprint.get("/contests/<int:contest_id>/participation", endpoint="participation")
@access.requires(P.CONTEST_VIEW)
def table(contest_id: int) -> Any:
    """The cells, contestants and absences of each unit with their sums, where cells enter: in the first stage."""
    contest = access.contest_for(P.CONTEST_VIEW, contest_id)
    now, rounds = clock.now(), contest.stages[0].rounds if contest.stages else []
    counted = participation.seats(rounds, now)
    top, nodes = _nodes(contest, counted)
    rows = participation.table(rounds, nodes, now, counted)
    cells = participation.cells_at(rounds, top, now, counted) if top else []
    return render_template(
        "entries/participation.html",
        contest=contest,
        top=top,
        rows=rows,
        cells=cells,
        sum=participation.total(rows),
        total=participation.total(rows) + participation.total(cells),
        now=now,
    )


def _nodes(contest: Any, counted: Any) -> tuple[Any, list[Any]]:
    """Return the node looked at and the nodes of the rows; from below, only what this person may see."""
    who = access.signed_in()
    if "unit" in request.args:
        top = access.unit_of_contest(contest, request.args.get("unit", 0, type=int), _stood_under(counted))
    elif who.may(P.CONTEST_VIEW, contest.unit):
        top = contest.unit
    else:
        held = participation.tops(contest.unit, who.paths_for(P.CONTEST_VIEW))
        if len(held) > 1:
            return None, held
        top = held[0]
    return top, participation.nodes_below(top, counted)


def _stood_under(counted: Any) -> set[int]:
    """The ids of the units that counted cells stood under when their rounds were held."""
    return {key for seat in counted for key in ids_of(seat.path)[:-1]}
