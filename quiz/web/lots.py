"""Packages of questions: made and printed before the day by whoever runs the stage, drawn and shown on it.

Questions of a package nobody has drawn stand on the page to print alone, and every look at it is noted.
"""

import secrets
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import contests, lots, panels, spare_lots
from quiz.web import access, outcomes
from quiz.web.forms.lots import LotsForm, PickForm, SpareForm
from quiz.web.forms.stage import ReasonForm
from quiz.web.refusals import shown_on

blueprint = Blueprint("lots", __name__, url_prefix="/desk")
RUN = Permission.STAGE_RUN
SPARE = 2  # packages more than contestants: the last to draw still has a choice


class Pile(NamedTuple):
    """The packages of one part for one group ("" for all), and the forms that make them and add to them."""

    part: Any
    group: str
    lots: list[Any]
    people: int
    form: Any
    spare: Any

    @property
    def is_begun(self) -> bool:
        """Tell whether somebody has drawn."""
        return any(lots.is_used(lot) for lot in self.lots)


@blueprint.get("/rounds/<int:round_id>/lots")
@access.requires(RUN)
def index(round_id: int) -> Any:
    """The packages of every part, each with who drew it, and the make-up of those to be made."""
    contest_round = access.round_for(RUN, round_id)
    return _index(contest_round, list(_piles(contest_round)))


@blueprint.post("/rounds/<int:round_id>/lots")
@access.requires(RUN)
def make(round_id: int) -> Any:
    """Make the packages of one part and group, or make them anew."""
    contest_round = access.round_for(RUN, round_id)
    found = list(_piles(contest_round))
    pile = _wanted(found)
    if pile is None:
        return _no_part(round_id)
    if pile.form.validate_on_submit():
        with shown_on(pile.form):
            form, actor, now = pile.form, access.signed_in().actor, clock.now()
            seed = secrets.token_hex(16)
            wanted = (pile.part.name, pile.group)
            made = lots.make(contest_round, *wanted, form.lines, form.packages.data, seed, actor, now)
            db.session.commit()
            flash(_("Đã lập %(count)d gói câu hỏi.", count=len(made)), "success")
            return redirect(url_for("lots.index", round_id=round_id))
    return _index(contest_round, found)


@blueprint.post("/rounds/<int:round_id>/lots/spare")
@access.requires(RUN)
def add(round_id: int) -> Any:
    """Add spare packages to those of a part and group, once somebody has drawn."""
    contest_round = access.round_for(RUN, round_id)
    found = list(_piles(contest_round))
    pile = _wanted(found)
    if pile is None:
        return _no_part(round_id)
    if pile.spare.validate_on_submit():
        with shown_on(pile.spare):
            count, actor, seed = pile.spare.packages.data, access.signed_in().actor, secrets.token_hex(16)
            made = spare_lots.add(contest_round, pile.part.name, pile.group, count, seed, actor, clock.now())
            told = {"count": len(made), "first": made[0].number}
            db.session.commit()
            flash(_("Đã thêm %(count)d gói dự phòng, từ số %(first)d.", **told), "success")
            return redirect(url_for("lots.index", round_id=round_id))
    return _index(contest_round, found)


def _wanted(found: list[Pile]) -> Pile | None:
    """Return the packages that the form sent is about."""
    wanted = (request.form.get("part", ""), request.form.get("group", ""))
    return next((one for one in found if (one.part.name, one.group) == wanted), None)


def _no_part(round_id: int) -> Any:
    flash(_("Không có phần thi ấy. Hãy chọn lại ở trang này."), "error")
    return redirect(url_for("lots.index", round_id=round_id))


def _index(contest_round: Any, found: list[Pile]) -> Any:
    return render_template("stage/lots.html", round=contest_round, piles=found)


def _piles(contest_round: Any) -> Iterator[Pile]:
    made = lots.of_round(contest_round)
    entered = [one.ranking_group for one in contest_round.entries if one.withdrawn_at is None]
    sources = [(one.key, _source_words(one)) for one in lots.sources_of(contest_round, clock.now())]
    groups = panels.groups_of(contest_round)
    places = product(contests.rules_of(contest_round).judged_parts, groups)
    for place, (part, group) in enumerate(places):
        own = [lot for lot in made if (lot.part, lot.ranking_group) == (part.name, group)]
        people = sum(group in ("", one) for one in entered)
        form = LotsForm.of(sources, f"lots{place}-", len(own) or people + SPARE)
        yield Pile(part, group, own, people, form, SpareForm(prefix=f"spare{place}-"))


def _source_words(source: Any) -> str:
    values = {"title": source.title, "count": source.count}
    if source.is_aloud:
        return str(_("%(title)s – trả lời miệng (%(count)d câu)", **values))
    return str(_("%(title)s – chọn phương án (%(count)d câu)", **values))


@blueprint.get("/rounds/<int:round_id>/lots/printed")
@access.requires(RUN)
def printed(round_id: int) -> Any:
    """The questions of the packages of a part, each package on its own sheet, with answers."""
    contest_round = access.round_for(RUN, round_id)
    part, group = request.args.get("part", ""), request.args.get("group", "")
    found = lots.with_questions(lots.of_round(contest_round, part, group)) if part else []
    return render_template("stage/lots_printed.html", round=contest_round, part=part, group=group, lots=found)


# --- on the stage -------------------------------------------------------------------------------------------------


def _back(performance_id: int) -> Any:
    return redirect(url_for("stage.show", performance_id=performance_id, _anchor="goi-cau-hoi"))


@blueprint.post("/performances/<int:performance_id>/lot")
@access.requires(RUN)
def draw(performance_id: int) -> Any:
    """Give the contestant the package drawn by hand, or let the server draw."""
    performance = outcomes.performance_for(RUN, performance_id)
    number = None
    if request.form.get("act") != "machine":
        form = PickForm.of(lot.number for lot in lots.offered_to(performance) if not lots.is_used(lot))
        if not form.validate_on_submit():
            flash(_("Số này không còn trong các gói chưa bốc. Hãy chọn lại."), "error")
            return _back(performance_id)
        number = form.number.data
    seed, actor = secrets.token_hex(8), access.signed_in().actor
    lot = lots.draw(performance, number, seed, actor, clock.now())
    db.session.commit()
    flash(_("Đã bốc gói số %(number)d.", number=lot.number), "success")
    return _back(performance_id)


@blueprint.post("/performances/<int:performance_id>/lot/back")
@access.requires(RUN)
def take_back(performance_id: int) -> Any:
    """Take the draw back, with a reason."""
    performance, form = outcomes.performance_for(RUN, performance_id), ReasonForm(prefix="lot-")
    lots.take_back(performance, form.reason.data or "", access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã hủy lần bốc. Gói ấy không dùng nữa."), "success")
    return _back(performance_id)


@blueprint.post("/performances/<int:performance_id>/lot/question")
@access.requires(RUN)
def show(performance_id: int) -> Any:
    """Show a question of the package on the hall's screen, or take it off."""
    performance = outcomes.performance_for(RUN, performance_id)
    place = request.form.get("place", 0, type=int)
    lots.show(performance, place, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã chiếu câu %(number)d.", number=place) if place else _("Đã thôi chiếu câu hỏi."), "success")
    return _back(performance_id)
