"""Giving minutes at the desk: to a person, a hall or a whole unit, with a reason, and taking them back (R22)."""

import textwrap
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quiz import clock
from quiz.core.grants import MOST_MINUTES
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import grant_reach, grant_targets, grants, incidents
from quiz.services.grants import Wish
from quiz.web import access, venues
from quiz.web.formatting import time_text
from quiz.web.forms.grants import MinutesForm
from quiz.web.labels import label
from quiz.web.paging import page_number
from quiz.web.refusals import shown_on

blueprint = Blueprint("grants", __name__, url_prefix="/desk")
P = Permission
LIKELY = 15  # minutes the count of papers that could be reopened supposes before anything was typed


@blueprint.get("/rounds/<int:round_id>/minutes")
@access.requires(P.HALL_RUN)
def index(round_id: int) -> Any:
    """What was given so far, and for whom more can be given."""
    found, now = access.round_within(P.HALL_RUN, round_id), clock.now()
    who, wanted = access.signed_in(), request.args.get("q", "").strip()
    paths = [""] if who.may(P.HALL_RUN, found.unit) else who.paths_for(P.HALL_RUN)
    page = grants.page_of(found, paths, page_number())
    return render_template(
        "grants/index.html",
        round=found,
        own_round=who.may(P.CONTEST_VIEW, found.unit),
        page=page,
        lines=[(grant, grants.is_used(grant, now)) for grant in page.items],
        may_log=who.may_somewhere(P.PEOPLE_VIEW),
        causes=incidents.causes_of(page.items),
        units=grant_targets.units_of(found, paths),
        halls=grant_targets.halls_of(found, paths),
        wanted=wanted,
        people=grant_targets.people_of(found, paths, wanted) if wanted else [],
    )


@blueprint.route("/rounds/<int:round_id>/minutes/new", methods=["GET", "POST"])
@access.requires(P.HALL_RUN)
def new(round_id: int) -> Any:
    """Give minutes to the person, hall or unit that the address names."""
    found, now = access.round_within(P.HALL_RUN, round_id), clock.now()
    target = _target(found)
    if target is None:
        return redirect(url_for("grants.index", round_id=round_id))
    is_one, known = (
        grant_reach.is_for_one(target),
        incidents.open_to(found, access.reach_in(P.HALL_RUN, found)),
    )
    form = MinutesForm(
        access.signed_in().may(P.ROUND_RUN, found.unit), is_one, [(one.id, _incident_words(one)) for one in known],
        data={"incident": request.args.get("incident", 0, type=int)},
    )  # fmt: skip
    likely = min(max(form.minutes.data or LIKELY, 1), MOST_MINUTES)  # also before what was typed is looked at
    reach = grant_reach.reach_of(found, target, likely, now)
    if form.validate_on_submit():
        reopen = bool(form.reopen and form.reopen.data)
        later = form.for_later.data if form.for_later else reach.waiting > 0
        wish = Wish(form.minutes.data, form.reason.data, form.key.data, later, reopen, form.known.data)
        with shown_on(form):
            grant = grants.give(found, target, wish, access.signed_in().actor, now)
            _note_cause(form, known, grant, now)
            papers = len(grant.reached)
            db.session.commit()
            flash(_done(wish.minutes, papers), "success")
            return redirect(_back(round_id))
    newest = grant_targets.newest_for(found, target)
    form.known.data, form.known.raw_data = newest.id if newest else 0, None
    return render_template(
        "grants/new.html",
        newest=newest,
        form=form,
        round=found,
        name=grant_reach.name_of(target),
        in_hall="hall" in request.args,
        is_one=is_one,
        reach=reach,
        most=MOST_MINUTES,
        back=_back(round_id),
    )


def _incident_words(incident: Any) -> str:
    return _(
        "%(time)s, %(kind)s, %(unit)s: %(what)s",
        time=time_text(incident.happened_at)[:5], kind=label(incident.kind), unit=incident.unit.title,
        what=textwrap.shorten(incident.what, 80, placeholder="…"),
    )  # fmt: skip


def _note_cause(form: MinutesForm, known: list[Any], grant: Any, now: int) -> None:
    """Note which of the known incidents the minutes were given for, where the form says one."""
    wanted = form.incident.data if form.incident else 0
    for incident in known:
        if incident.id == wanted:
            incidents.link(incident, [grant], access.signed_in().actor, now)


def _target(found: Any) -> grant_reach.Target | None:
    """Return whom the address names, None when nobody; somebody of another round is not found."""
    if key := request.args.get("entry", 0, type=int):
        entry = access.entry_for(P.HALL_RUN, key)
        return entry if entry.round_id == found.id else access.not_found()
    if key := request.args.get("hall", 0, type=int):
        hall = venues.hall_for(P.HALL_RUN, key)
        return hall if hall.round_id == found.id else access.not_found()
    if key := request.args.get("unit", 0, type=int):
        return access.unit_of_round(P.HALL_RUN, found, key)
    return None


def _back(round_id: int) -> str:
    """Return the page the minutes were given from: the hall's own, or the list of the round."""
    if hall_id := request.args.get("hall", 0, type=int) or request.args.get("at", 0, type=int):
        return url_for("halls.show", hall_id=hall_id)
    return url_for("grants.index", round_id=round_id)


def _done(minutes: int, papers: int) -> str:
    if not papers:
        return _("Đã ghi cho thêm %(minutes)d phút; hiện chưa có bài nào đang làm.", minutes=minutes)
    return ngettext(
        "Đã cho thêm %(minutes)d phút cho %(num)d bài đang làm. Đồng hồ của thí sinh tự đổi theo.",
        "Đã cho thêm %(minutes)d phút cho %(num)d bài đang làm. Đồng hồ của thí sinh tự đổi theo.",
        papers,
        minutes=minutes,
    )


@blueprint.post("/minutes/<int:time_grant_id>/withdraw")
@access.requires(P.HALL_RUN)
def withdraw(time_grant_id: int) -> Any:
    """Take minutes back that nobody has used."""
    grant = venues.time_grant_for(P.HALL_RUN, time_grant_id)
    round_id = grant.round_id
    grants.withdraw(grant, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã rút lại số phút cho thêm."), "success")
    return redirect(url_for("grants.index", round_id=round_id))
