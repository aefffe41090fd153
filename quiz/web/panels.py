"""Who judges: the panels of a round, with judges and contestants of one unit pointed out."""

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, url_for
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
    """One panel to fill: its part, its group ("" for all), its form, and the seat of a third marking (0: none)."""

    part: Any
    group: str
    form: Any
    third: int


@blueprint.get("/<int:round_id>/panels")
@access.requires(RUN)
def show(round_id: int) -> Any:
    """The panels in one form, so that nothing chosen is lost, and whose judge should rather not."""
    contest_round = access.round_for(RUN, round_id)
    return _page(contest_round, list(_panels(contest_round)))


@blueprint.post("/<int:round_id>/panels")
@access.requires(RUN)
def save(round_id: int) -> Any:
    """Seat the judges of every panel as chosen, all of them or none."""
    contest_round = access.round_for(RUN, round_id)
    found = list(_panels(contest_round))
    if any((one.form.part.data, one.form.group.data) != (one.part.name, one.group) for one in found):
        flash(_("Các phần thi hoặc khối của vòng này vừa thay đổi. Hãy xem lại từng ban chấm."), "error")
        return redirect(url_for("panels.show", round_id=round_id))
    if all([one.form.validate_on_submit() for one in found]) and _seated(contest_round, found):
        db.session.commit()
        flash(_("Đã ghi ban chấm."), "success")
        return redirect(url_for("panels.show", round_id=round_id))
    return _page(contest_round, found)


def _seated(contest_round: Any, found: list[Panel]) -> bool:
    """Fill the panels; tell whether nothing was refused. A refusal stands on its panel and undoes all."""
    actor, now = access.signed_in().actor, clock.now()
    for one in found:
        with shown_on(one.form):
            seats, head, seen = one.form.seats, one.form.head.data, one.form.seen.data
            panels.fill(contest_round, one.part.name, one.group, seats, head, actor, now, seen)
        if one.form.form_errors:
            return False
    return True


def _page(contest_round: Any, found: list[Panel]) -> Any:
    return render_template(
        "stage/panels.html",
        round=contest_round,
        panels=found,
        conflicts=panels.conflicts_of(contest_round),
        unknown=panels.unknown_homes(contest_round),
    )


def _panels(contest_round: Any) -> Iterator[Panel]:
    judges = [
        (one.id, one.display_name)
        for one in accounts.holding((Role.JUDGE, Role.HEAD_JUDGE), contest_round.unit)
    ]
    seats, groups = panels.seats_of(contest_round), panels.groups_of(contest_round)
    parts = contests.rules_of(contest_round).judged_parts
    for place, (part, group) in enumerate(product(parts, groups)):
        judging = part.judged_by
        third = judging.judges + 1 if judging.on_gap is OnGap.THIRD else 0
        own = [one for one in seats if (one.part, one.ranking_group) == (part.name, group)]
        chosen = {one.seat: one.account_id or 0 for one in own}
        head = next((one.seat for one in own if one.is_head), 0)
        kept = {"prefix": f"panel{place}", "part": part.name, "group": group}
        form = SeatForm.of(third or judging.judges, judges, chosen, head, third, **kept)
        form.filled_from(panels.state_of(chosen, head))
        yield Panel(part, group, form, third)
