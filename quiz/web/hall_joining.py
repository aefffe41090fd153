"""How devices come into a hall: its code, link and poster, and which have come; these pages join those of the halls."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import hall_devices, packages
from quiz.web import access, venues
from quiz.web.addresses import is_local, leads_nowhere, outside, qr_of
from quiz.web.halls import blueprint

P = Permission


@blueprint.get("/halls/<int:hall_id>/devices")
@access.requires(P.HALL_RUN)
def devices(hall_id: int) -> Any:
    """How devices join: code, link and QR, large enough for a projector; and which have."""
    hall = venues.hall_for(P.HALL_RUN, hall_id)
    address = outside("hall.link", code=hall.code)
    return render_template(
        "halls/devices.html",
        hall=hall,
        address=address,
        is_cut_off=leads_nowhere(address),
        start=outside("hall.start"),
        qr=qr_of(address),
        devices=hall_devices.devices_of(hall),
    )


@blueprint.get("/halls/<int:hall_id>/poster")
@access.requires(P.HALL_RUN)
def poster(hall_id: int) -> Any:
    """A sheet for the wall: how contestants come in with telephones of their own, by code and PIN."""
    hall = venues.hall_for(P.HALL_RUN, hall_id)
    address = outside("auth.card")
    return render_template(
        "halls/poster.html",
        hall=hall,
        round=hall.round,
        address=address,
        is_cut_off=leads_nowhere(address),
        is_local=is_local(address),
        qr=qr_of(address),
        is_laptop=packages.loaded(hall.round) is not None,
    )


@blueprint.post("/halls/<int:hall_id>/code")
@access.requires(P.HALL_RUN)
def renew_code(hall_id: int) -> Any:
    """Give the hall another code, so that nobody joins by the old one any more."""
    hall_devices.renew_code(venues.hall_for(P.HALL_RUN, hall_id), access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã đổi mã hội trường. Máy đã vào vẫn dùng được."), "success")
    return redirect(url_for("halls.devices", hall_id=hall_id))


@blueprint.post("/halls/<int:hall_id>/devices/<int:device_id>/remove")
@access.requires(P.HALL_RUN)
def remove_device(hall_id: int, device_id: int) -> Any:
    """Take a device out of the hall."""
    hall, device = venues.hall_device(P.HALL_RUN, hall_id, device_id)
    label = device.label
    hall_devices.remove_device(hall, device, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã đưa %(device)s ra khỏi hội trường.", device=label), "success")
    return redirect(url_for("halls.devices", hall_id=hall_id))
