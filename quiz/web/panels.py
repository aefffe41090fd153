"""Who judges: the panels of a round, with judges and contestants of one unit pointed out."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.judging import OnGap
from quiz.core.permissions import Permission, Role
from quiz.extensions import db
from quiz.services import accounts, contests, panels
from quiz.web import access
from quiz.web.forms.stage import SeatForm
from quiz.web.refusals import shown_on

blueprint = Blueprint("panels", __name__, url_prefix="/desk/rounds")
RUN = Permission.ROUND_RUN


class Panel(NamedTuple):
    """One panel to fill: its part, its group ("" for all) and its form."""

    part: Any
    group: str
    form: Any


@blueprint.get("/<int:round_id>/panels")
@access.requires(RUN)
def show(round_id: int) -> Any:
    """The panels, a form each, and whose judge should rather not."""
    contest_round = access.round_for(RUN, round_id)
    return _page(contest_round, list(_panels(contest_round)))


@blueprint.post("/<int:round_id>/panels")
@access.requires(RUN)
def save(round_id: int) -> Any:
    """Seat the judges of one panel as chosen."""
    contest_round = access.round_for(RUN, round_id)
    wanted = (request.form.get("part", ""), request.form.get("group", ""))
    found = list(_panels(contest_round))
    panel = next((one for one in found if (one.part.name, one.group) == wanted), None)
    if panel is None:
        flash(_("Không có ban chấm nào cho phần thi ấy. Hãy chọn lại ở trang này."), "error")
        return redirect(url_for("panels.show", round_id=round_id))
    if panel.form.validate_on_submit():
        with shown_on(panel.form):
            actor, now = access.signed_in().actor, clock.now()
            panels.fill(
                contest_round,
                panel.part.name,
                panel.group,
                panel.form.seats,
                panel.form.head.data,
                actor,
                now,
            )
            db.session.commit()
            flash(_("Đã ghi ban chấm."), "success")
            return redirect(url_for("panels.show", round_id=round_id))
    return _page(contest_round, found)


def _page(contest_round: Any, found: list[Panel]) -> Any:
    return render_template(
        "stage/panels.html", round=contest_round, panels=found, conflicts=panels.conflicts_of(contest_round)
    )


def _panels(contest_round: Any) -> Iterator[Panel]:
    judges = [
        (one.id, one.display_name)
        for one in accounts.holding((Role.JUDGE, Role.HEAD_JUDGE), contest_round.unit)
    ]
    seats = panels.seats_of(contest_round)
    for part in contests.rules_of(contest_round).judged_parts:
        judging = part.judged_by
        count = judging.judges + (judging.on_gap is OnGap.THIRD)
        for group in panels.groups_of(contest_round):
            own = [one for one in seats if (one.part, one.ranking_group) == (part.name, group)]
            chosen = {one.seat: one.account_id or 0 for one in own}
            head = next((one.seat for one in own if one.is_head), 0)
            yield Panel(part, group, SeatForm.of(count, judges, chosen, head))
