"""The proctor's desk: opening a hall, its short codes, a live page of who sits where, and what is done for each."""

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quiz import clock
from quiz.core.halls import Leaving
from quiz.core.people import AbsenceReason
from quiz.core.permissions import Permission
from quiz.core.presence import SILENT_AFTER, Presence
from quiz.core.timing import MINUTE, Phase
from quiz.extensions import db
from quiz.services import cards, contests, grant_targets, hall_devices, halls, monitor, packages, seats
from quiz.services.halls import Plan
from quiz.web import access, venues
from quiz.web.forms.halls import AbsentForm, CloseForm, HallForm, MoveForm
from quiz.web.labels import LABELS
from quiz.web.monitor import part_of
from quiz.web.paging import page_number
from quiz.web.refusals import shown_on

blueprint = Blueprint("halls", __name__, url_prefix="/desk")
P = Permission
PRINTED = 400  # contestants on a printed list of short codes


@blueprint.get("/halls")
@access.requires(P.HALL_RUN)
def index() -> Any:
    """The sittings of the own subtrees, and the rounds for which one can be opened."""
    paths = access.signed_in().paths_for(P.HALL_RUN)
    page = halls.page_of(paths, page_number())
    return render_template(
        "halls/index.html", page=page, rounds=halls.rounds_to_open(paths, clock.now()),
        may_carry=access.signed_in().may_somewhere(P.ROUND_RUN),
        brought=packages.brought(access.signed_in().paths_for(P.ROUND_RUN)),
    )  # fmt: skip


@blueprint.route("/rounds/<int:round_id>/halls/new", methods=["GET", "POST"])
@access.requires(P.HALL_RUN)
def new(round_id: int) -> Any:
    """Open a sitting of a round at a place."""
    found, now = access.round_within(P.HALL_RUN, round_id), clock.now()
    units = grant_targets.units_of(found, access.signed_in().paths_for(P.HALL_RUN))
    form = HallForm([(unit.id, unit.title) for unit in units], data={"opens_at": now})
    if form.validate_on_submit():
        with shown_on(form):
            unit = access.unit_of_round(P.HALL_RUN, found, form.unit.data)
            plan = Plan(unit, form.place.data.strip(), form.opens_at.data, form.asks_pin.data)
            hall = halls.open_hall(found, plan, secrets.token_hex(16), access.signed_in().actor, now)
            page = url_for("halls.devices", hall_id=hall.id)
            db.session.commit()
            flash(_("Đã mở hội trường. Bây giờ hãy cho các máy vào."), "success")
            return redirect(page)
    return render_template("halls/new.html", form=form, round=found)


@blueprint.get("/halls/<int:hall_id>")
@access.requires(P.HALL_RUN)
def show(hall_id: int) -> Any:
    """Who sits where, live."""
    return render_template("halls/show.html", **_hall(hall_id))


@blueprint.get("/halls/<int:hall_id>/part")
@access.requires(P.HALL_RUN)
def part(hall_id: int) -> Any:
    """The part of the page that changes."""
    return part_of("halls/part.html", **_hall(hall_id))


def _hall(hall_id: int) -> dict[str, Any]:
    hall, now = venues.hall_for(P.HALL_RUN, hall_id), clock.now()
    page = halls.codes_of(hall, page_number())
    keys = [code.entry_id for code in page.items]
    watched = monitor.watched_of(keys, SILENT_AFTER, now)
    sitting = seats.seats_of(keys)
    return {
        "hall": hall,
        "round": hall.round,
        "page": page,
        "people": _seated_first(
            [(code, watched.get(code.entry_id), sitting.get(code.entry_id)) for code in page.items]
        ),
        "left": {key: _minutes_left(one, now) for key, one in watched.items()},
        "devices": hall_devices.devices_of(hall),
        "items": contests.rules_of(hall.round).item_count,
        "waiting_codes": 0 if hall.closed_at else len(halls.without_code(hall)),
        **_without_card(hall),
        "part_url": url_for("halls.part", hall_id=hall_id, page=page.page),
        "now": now,
    }


def _without_card(hall: Any) -> dict[str, Any]:
    """Return how many of the hall cannot sit down for want of a card, and where whoever may issues them."""
    may_issue = access.signed_in().may(P.CARD_ISSUE, hall.round.unit)
    return {
        "waiting_cards": 0 if hall.closed_at else cards.count_waiting(hall.round, path=hall.unit.path),
        "cards_url": url_for("cards.index", round_id=hall.round_id) if may_issue else "",
    }


def _seated_first(people: list[Any]) -> list[Any]:
    """Return (code, watched, seat) in the order a proctor looks: who works, who is still to come, the others."""
    ranks = {Presence.SILENT: 0, Presence.ANSWERING: 0, Presence.SIGNED_IN: 1, Presence.NOT_SIGNED_IN: 2}
    return sorted(people, key=lambda one: ranks.get(one[1].presence, 3) if one[1] is not None else 4)


def _minutes_left(one: monitor.Watched, now: int) -> int | None:
    """Return the minutes until the paper's deadline, begun ones counted; None when no paper is worked on."""
    if one.attempt is None or one.presence is Presence.HANDED_IN:
        return None
    return max(0, -(-(one.attempt.deadline - now) // MINUTE))


@blueprint.get("/halls/<int:hall_id>/seats")
@access.requires(P.HALL_RUN)
def history(hall_id: int) -> Any:
    """Everybody who has sat at a device, from when to when, and why they left it."""
    hall = venues.hall_for(P.HALL_RUN, hall_id)
    page = seats.page_of(hall, page_number())
    rows = [(seat, Leaving(seat.left_because) if seat.left_because else None) for seat in page.items]
    return render_template("halls/history.html", hall=hall, round=hall.round, page=page, rows=rows)


@blueprint.route("/halls/<int:hall_id>/codes", methods=["GET", "POST"])
@access.requires(P.HALL_RUN)
def codes(hall_id: int) -> Any:
    """The list of short codes to print; sent as a form, codes for those who have none."""
    hall = venues.hall_for(P.HALL_RUN, hall_id)
    if request.method == "POST":
        count = halls.issue_codes(hall, secrets.token_hex(16), access.signed_in().actor, clock.now())
        db.session.commit()
        flash(
            ngettext("Đã cấp mã ngắn cho %(num)d người.", "Đã cấp mã ngắn cho %(num)d người.", count),
            "success",
        )
        return redirect(url_for("halls.codes", hall_id=hall_id))
    waiting = 0 if hall.closed_at else len(halls.without_code(hall))
    page = halls.codes_of(hall, page_number(), PRINTED)
    return render_template(
        "halls/codes.html", hall=hall, round=hall.round, page=page, waiting=waiting, **_without_card(hall)
    )


@blueprint.get("/halls/<int:hall_id>/entries/<int:entry_id>")
@access.requires(P.HALL_RUN)
def person(hall_id: int, entry_id: int) -> Any:
    """One contestant of the hall and everything that can be done for them."""
    hall, entry = venues.hall_entry(P.HALL_RUN, hall_id, entry_id)
    return _person_page(hall, entry)


def _person_page(hall: Any, entry: Any, move: Any = None, absent: Any = None) -> Any:
    now, sitting = clock.now(), seats.seat_of(entry)
    watched = monitor.watched_of([entry.id], SILENT_AFTER, now).get(entry.id)
    return render_template(
        "halls/person.html",
        hall=hall,
        entry=entry,
        seat=sitting,
        watched=watched,
        left=_minutes_left(watched, now) if watched else None,
        items=contests.rules_of(hall.round).item_count,
        code=halls.code_of(hall, entry),
        move=move or MoveForm(_free(hall, entry)),
        absent=absent or AbsentForm(),
        over=hall.round.phase_at(now) is Phase.CLOSED,
    )


def _free(hall: Any, entry: Any) -> list[tuple[int, str]]:
    """Return the devices somebody can be moved to: nobody sits there, or somebody who has handed in."""
    return [
        (device.id, device.label)
        for device, seat in hall_devices.devices_of(hall)
        if seat is None or (seat.entry_id != entry.id and seats.is_done(seat.entry_id))
    ]


def _back(hall_id: int) -> Any:
    return redirect(url_for("halls.show", hall_id=hall_id))


@blueprint.post("/halls/<int:hall_id>/entries/<int:entry_id>/move")
@access.requires(P.HALL_RUN)
def move(hall_id: int, entry_id: int) -> Any:
    """Take somebody to another device."""
    hall, entry = venues.hall_entry(P.HALL_RUN, hall_id, entry_id)
    every = hall_devices.devices_of(hall)
    form = MoveForm([(device.id, device.label) for device, _seat in every])
    if form.validate():
        device = next(device for device, _seat in every if device.id == form.device.data)
        halls.move(hall, entry, device, access.signed_in().actor, clock.now())
        text = _(
            "%(name)s làm tiếp ở %(device)s: nhập lại mã ngắn ở máy đó.",
            name=entry.person.full_name,
            device=device.label,
        )
        db.session.commit()
        flash(text, "success")
        return _back(hall_id)
    form.device.choices = _free(hall, entry)  # asked again as at first: only where somebody can go
    return _person_page(hall, entry, move=form)


@blueprint.post("/halls/<int:hall_id>/entries/<int:entry_id>/release")
@access.requires(P.HALL_RUN)
def release(hall_id: int, entry_id: int) -> Any:
    """Free the device somebody sits at."""
    hall, entry = venues.hall_entry(P.HALL_RUN, hall_id, entry_id)
    halls.release(hall, entry, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Máy đã trống. Bài và giờ của thí sinh vẫn giữ nguyên."), "success")
    return _back(hall_id)


@blueprint.post("/halls/<int:hall_id>/entries/<int:entry_id>/absent")
@access.requires(P.HALL_RUN)
def absent(hall_id: int, entry_id: int) -> Any:
    """Mark somebody absent, with a reason of the list."""
    hall, entry = venues.hall_entry(P.HALL_RUN, hall_id, entry_id)
    form = AbsentForm()
    if form.validate():
        reason = AbsenceReason(form.reason.data)
        with shown_on(form):
            words, actor = LABELS[AbsenceReason][reason], access.signed_in().actor
            halls.mark_absent(entry, reason, words, form.note.data or "", actor, clock.now())
            text = _("Đã ghi vắng %(name)s.", name=entry.person.full_name)
            db.session.commit()
            flash(text, "success")
            return _back(hall_id)
    return _person_page(hall, entry, absent=form)


@blueprint.post("/halls/<int:hall_id>/entries/<int:entry_id>/present")
@access.requires(P.HALL_RUN)
def present(hall_id: int, entry_id: int) -> Any:
    """Let somebody who was marked absent sit after all."""
    _hall_of, entry = venues.hall_entry(P.HALL_RUN, hall_id, entry_id)
    halls.mark_present(entry, access.signed_in().actor, clock.now())
    text = _("%(name)s được vào thi.", name=entry.person.full_name)
    db.session.commit()
    flash(text, "success")
    return _back(hall_id)


@blueprint.route("/halls/<int:hall_id>/close", methods=["GET", "POST"])
@access.requires(P.HALL_RUN)
def close(hall_id: int) -> Any:
    """Say what closing a hall does, and do it."""
    hall, form = venues.hall_for(P.HALL_RUN, hall_id), CloseForm()
    working = halls.working(hall)
    if form.validate_on_submit():
        with shown_on(form):
            halls.close(hall, form.anyway.data, access.signed_in().actor, clock.now())
            db.session.commit()
            flash(_("Đã đóng hội trường. Các máy đã được đăng xuất."), "success")
            return redirect(url_for("halls.index"))
    return render_template("halls/close.html", form=form, hall=hall, working=working)
