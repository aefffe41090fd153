"""A shared device of a hall: it joins by a code, one contestant after another sits down by a short code and gets up.

The device is known by a cookie of its own, which outlives every sign-in on it. Nothing of whoever sat here before is
left: no page is kept by the browser, and getting up ends the sign-in.
"""

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import RuleBroken
from quiz.database import reading
from quiz.extensions import db
from quiz.services import hall_devices, seats
from quiz.web import access, comfort
from quiz.web.formatting import message_text
from quiz.web.forms.halls import JoinForm, SeatForm
from quiz.web.guards import HALL_COOKIE
from quiz.web.refusals import shown_on

blueprint = Blueprint("hall", __name__)

DAY = 24 * 3600  # seconds a device stays in its hall without joining again
RECEIPT_SECONDS = 20  # how long a receipt stands on a shared device


def device() -> Any:
    """Return this browser's place in an open hall, or None."""
    token = request.cookies.get(HALL_COOKIE)
    return hall_devices.device_of(token) if token else None


@blueprint.app_context_processor
def _on_every_page() -> dict[str, Any]:
    return {"hall_device": device, "hall_seconds": RECEIPT_SECONDS}


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/h/<code>")
@access.public
def link(code: str) -> Any:
    """The link in the hall's QR code: one button lets this device join."""
    return render_template(
        "hall/join.html", form=JoinForm(data={"code": code}), hall=hall_devices.hall_of_code(code)
    )


@blueprint.route("/hall/join", methods=["GET", "POST"])
@access.public
def join() -> Any:
    """Let this device join the hall whose code is typed."""
    form = JoinForm()
    if form.validate_on_submit():
        with shown_on(form):
            found, token = hall_devices.join(form.code.data, form.label.data or "", clock.now())
            flash(_("Máy này là %(device)s.", device=found.label), "success")
            db.session.commit()
            answer = redirect(url_for("hall.start"))
            secure = current_app.config["SETTINGS"].https
            answer.set_cookie(HALL_COOKIE, token, max_age=DAY, httponly=True, samesite="Lax", secure=secure)
            return answer
    return render_template("hall/join.html", form=form, hall=None)


@blueprint.route("/hall", methods=["GET", "POST"])
@access.public
def start() -> Any:
    """The start page of a device: a short code. Whoever sits here goes on; whoever has handed in is let go."""
    here = device()
    if here is None:
        return redirect(url_for("hall.join"))
    form = SeatForm(here.hall.asks_pin)
    if request.method == "GET":
        if (who := access.principal()) is not None and who.is_candidate:
            seat = seats.seat_at(here)
            if seat is not None and seat.session_id == who.session_id and not seats.is_done(seat.entry_id):
                return redirect(url_for("hall.seat"))
            access.end()
    elif form.validate_on_submit() and (answer := _sit(here, form)):
        return answer
    seat = seats.seat_at(here)
    waits_for = seat if seat is not None and not seats.is_done(seat.entry_id) else None
    page = {"form": form, "device": here, "hall": here.hall, "waits_for": waits_for}
    if waits_for is not None:
        return render_template("hall/start.html", **page)
    return comfort.as_new(
        make_response(render_template("hall/start.html", comfort=comfort.Comfort(), **page))
    )


def _sit(here: Any, form: SeatForm) -> Any:
    """Sign the contestant in and return the way on; None when the form has to be shown again."""
    key, now = here.id, clock.now()
    db.session.rollback()  # what was looked up so far holds the turn to write
    try:
        with reading():  # the hashing of a PIN takes long, and nobody's saving is to wait for it
            here = device()
            pin = form.pin.data if form.pin else ""
            claimed = seats.claim(here, form.code.data, pin, now)
        here = hall_devices.device_by_id(key)
        hours = current_app.config["SETTINGS"].session_hours
        token = seats.sit(here, claimed, hours, request.user_agent.string, now)
        db.session.commit()
    except RuleBroken as refusal:
        db.session.rollback()
        if refusal.message in (seats.WRONG_CODE, seats.WRONG_PIN):
            seats.record_failure(key, now)
            db.session.commit()
        form.form_errors.append(message_text(refusal.message, refusal.values))
        return None
    access.begin(token)
    return redirect(url_for("hall.seat"))


@blueprint.get("/hall/seat")
@access.candidate_only
def seat() -> Any:
    """Who sits here, to make sure it is the right one; the way on to the paper."""
    here = device()
    found = seats.seat_at(here) if here is not None else None
    if found is None or found.session_id != access.signed_in().session_id:
        return redirect(url_for("attempts.index"))
    return render_template("hall/seat.html", seat=found, device=here, hall=here.hall)


@blueprint.post("/hall/leave")
@access.public
def leave() -> Any:
    """Get up: the sign-in ends, and the device is ready for the next one."""
    here, who = device(), access.principal()
    if here is not None and who is not None:
        seats.leave(here, who.session_id, clock.now())
        db.session.commit()
    access.end()
    return comfort.as_new(redirect(url_for("hall.start")))
