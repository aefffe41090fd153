"""The log of incidents at the desk: writing one, what was done about it, and the minutes given because of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.services import boards, incidents, tree
from quiz.services.incidents import Wish
from quiz.web import access, venues
from quiz.web.formatting import time_text
from quiz.web.forms.incidents import IncidentForm, LinkForm, StepForm, WithdrawForm
from quiz.web.paging import page_number
from quiz.web.refusals import shown_on

blueprint = Blueprint("incidents", __name__, url_prefix="/desk")
P = Permission


@blueprint.get("/rounds/<int:round_id>/incidents")
@access.requires(P.PEOPLE_VIEW)
def index(round_id: int) -> Any:
    """What went wrong in a round so far, the latest first."""
    found = access.round_within(P.PEOPLE_VIEW, round_id)
    page = incidents.page_of(found, access.reach_in(P.PEOPLE_VIEW, found), page_number())
    who = access.signed_in()
    return render_template(
        "incidents/index.html",
        round=found,
        page=page,
        own_round=who.may(P.CONTEST_VIEW, found.unit),
        may_write=bool(access.reach_in(P.HALL_RUN, found)),
    )


@blueprint.route("/rounds/<int:round_id>/incidents/new", methods=["GET", "POST"])
@access.requires(P.HALL_RUN)
def new(round_id: int) -> Any:
    """Write an incident down, perhaps of the contestant the address names."""
    found, now = access.round_within(P.HALL_RUN, round_id), clock.now()
    entry = _entry(found)
    units = [] if entry else _units(found)
    form = IncidentForm([(unit.id, unit.title) for unit in units], data={"happened_at": now - now % MINUTE})
    if form.validate_on_submit():
        unit = entry.unit if entry else access.unit_in_round(P.HALL_RUN, found, form.unit.data)
        wish = Wish(
            form.kind.data, unit, form.happened_at.data, form.what.data, form.key.data, form.place.data or "", entry,
            form.done.data or "",
        )  # fmt: skip
        with shown_on(form):
            incident = incidents.write(found, wish, access.signed_in().actor, now)
            page = url_for("incidents.show", incident_id=incident.id)
            db.session.commit()
            flash(_("Đã ghi sự cố vào sổ."), "success")
            return redirect(page)
    return render_template("incidents/new.html", form=form, round=found, entry=entry)


def _units(found: Any) -> list[Any]:
    """Return the units an incident of the round can be written for, the highest first; cells are named by the place."""
    tops = boards.tops(found, access.reach_in(P.HALL_RUN, found))
    below = tree.branches([unit.path for unit in tops], clock.today())
    return tops + [unit for unit in below if unit not in tops]


def _entry(found: Any) -> Any:
    """Return the contestant the address names, if it does; somebody of another round is not found."""
    key = request.args.get("entry", 0, type=int)
    entry = access.entry_for(P.HALL_RUN, key) if key else None
    return entry if entry is None or entry.round_id == found.id else access.not_found()


@blueprint.get("/incidents/<int:incident_id>")
@access.requires(P.PEOPLE_VIEW)
def show(incident_id: int) -> Any:
    """One incident: what happened, what was done, the minutes given; and the forms that add to it."""
    return _page(venues.incident_for(P.PEOPLE_VIEW, incident_id))


def _page(incident: Any, step: Any = None, withdrawing: Any = None) -> Any:
    found = incident.round
    reach = access.reach_in(P.HALL_RUN, found)
    free = incidents.grants_to_link(found, reach) if reach else []
    return render_template(
        "incidents/show.html",
        incident=incident,
        round=found,
        may_write=incident.withdrawn_at is None and incident.path.startswith(tuple(reach)),
        step=step or StepForm(),
        linking=LinkForm([(grant.id, _grant_words(grant)) for grant in free]),
        withdrawing=withdrawing or WithdrawForm(),
    )


def _grant_words(grant: Any) -> str:
    return _(
        "%(minutes)d phút cho %(name)s lúc %(time)s: %(reason)s",
        minutes=grant.minutes, name=grant.target_name, time=time_text(grant.given_at)[:5], reason=grant.reason,
    )  # fmt: skip


@blueprint.post("/incidents/<int:incident_id>/steps")
@access.requires(P.HALL_RUN)
def add_step(incident_id: int) -> Any:
    """Add what was done."""
    incident, form = venues.incident_for(P.HALL_RUN, incident_id), StepForm()
    if form.validate():
        with shown_on(form):
            incidents.add_step(incident, form.text.data, form.key.data, access.signed_in().actor, clock.now())
            db.session.commit()
            flash(_("Đã ghi việc đã làm."), "success")
            return redirect(url_for("incidents.show", incident_id=incident_id))
    return _page(incident, step=form)


@blueprint.post("/incidents/<int:incident_id>/grants")
@access.requires(P.HALL_RUN)
def link(incident_id: int) -> Any:
    """Say which minutes were given because of it."""
    incident = venues.incident_for(P.HALL_RUN, incident_id)
    keys = request.form.getlist("grants", type=int)
    grants = [venues.time_grant_for(P.HALL_RUN, key) for key in keys]
    added = incidents.link(incident, grants, access.signed_in().actor, clock.now())
    db.session.commit()
    if added:
        flash(_("Đã gắn số phút cho thêm với sự cố."), "success")
    else:
        flash(_("Chưa chọn lần cho thêm giờ nào."), "error")
    return redirect(url_for("incidents.show", incident_id=incident_id))


@blueprint.post("/incidents/<int:incident_id>/withdraw")
@access.requires(P.HALL_RUN)
def withdraw(incident_id: int) -> Any:
    """Take an incident written by mistake out of the log."""
    incident, form = venues.incident_for(P.HALL_RUN, incident_id), WithdrawForm()
    if form.validate():
        with shown_on(form):
            incidents.withdraw(incident, form.reason.data, access.signed_in().actor, clock.now())
            db.session.commit()
            flash(_("Đã rút sự cố khỏi sổ. Nội dung và lý do vẫn đọc được ở đây."), "success")
            return redirect(url_for("incidents.show", incident_id=incident_id))
    return _page(incident, withdrawing=form)
