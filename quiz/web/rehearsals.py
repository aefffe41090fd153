"""The rehearsal: the very question page of a round, with five items of the practice part and nothing at stake.

Its pages are those of web/attempts.py with other addresses behind their forms, so that what is rehearsed is what comes.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import generate_csrf

from quiz import clock
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.services import rehearsals
from quiz.services.responses import Given
from quiz.web import access
from quiz.web.forms.attempts import batch_from, changed_choices, delivery_from, shown_text
from quiz.web.practice import not_beside_a_paper

blueprint = Blueprint("rehearsals", __name__, url_prefix="/rehearsal")

blueprint.before_request(not_beside_a_paper)

PLACES = {
    "attempts.show": "rehearsals.paper", "attempts.save": "rehearsals.save", "attempts.deliver": "rehearsals.deliver",
    "attempts.answer": "rehearsals.answer", "attempts.check": "rehearsals.check",
    "attempts.submit": "rehearsals.submit", "attempts.receipt": "rehearsals.receipt",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the question page asks of an attempt."""

    started_at: int
    deadline: int
    submitted_at: int | None
    id: str = "rehearsal"


def _address(endpoint: str, **values: Any) -> str:
    """Return url_for, with the places of an attempt's pages taken by those of the rehearsal."""
    if endpoint in PLACES:
        return url_for(PLACES[endpoint])
    return url_for(endpoint, **values)


def _session_id() -> int:
    return access.signed_in().session_id


@blueprint.get("")
@access.anyone_signed_in
def index() -> Any:
    """What a rehearsal is, the check of this device, the button that starts one and the way back to one begun."""
    now, begun = clock.now(), rehearsals.of(_session_id())
    goes_on = begun is not None and begun.finished_at is None and now < rehearsals.deadline_of(begun)
    return render_template("rehearsal/index.html", now=now, count=rehearsals.ITEMS, goes_on=goes_on)


@blueprint.post("/start")
@access.anyone_signed_in
def start() -> Any:
    """Draw a new one in place of the last."""
    now = clock.now()
    begun = rehearsals.start(_session_id(), now, day_of(now), secrets.token_hex(16))
    db.session.commit()
    if begun is None:
        flash(_("Ban Tổ chức chưa đưa câu nào vào phần ôn tập, nên chưa làm thử được."), "info")
        return redirect(url_for("rehearsals.index"))
    return redirect(url_for("rehearsals.paper"))


def _page(template: str) -> Any:
    """Return the question page or its check, or the way to where the rehearsal stands."""
    now, rehearsal = clock.now(), rehearsals.of(_session_id())
    paper = rehearsals.paper_of(rehearsal, now, day_of(now)) if rehearsal else []
    if rehearsal is None or not paper:
        return redirect(url_for("rehearsals.index"))
    if rehearsal.finished_at is not None:
        return redirect(url_for("rehearsals.receipt"))
    stored = rehearsals.stored_in(rehearsal)
    choices = {given.position: given.choice for given in stored}
    return render_template(
        template,
        attempt=_sitting(rehearsal),
        paper=paper,
        chosen={position: choice.split(",") for position, choice in choices.items() if choice},
        shown=shown_text(choices, len(paper)),
        newest=max((given.stamp for given in stored), default=0),
        save_token=generate_csrf(),
        now=now,
        url_for=_address,
    )


def _sitting(rehearsal: Any) -> Sitting:
    return Sitting(rehearsal.started_at, rehearsals.deadline_of(rehearsal), rehearsal.finished_at)


@blueprint.get("/paper")
@access.anyone_signed_in
def paper() -> Any:
    """The question page."""
    return _page("rehearsal/paper.html")


@blueprint.get("/check")
@access.anyone_signed_in
def check() -> Any:
    """What would be handed in, for browsers without scripts."""
    return _page("rehearsal/check.html")


@blueprint.post("/responses")
@access.anyone_signed_in
def save() -> Any:
    """Store a batch of choices as attempts.save does, and answer in its shape."""
    try:
        batch = batch_from(request.get_data())
    except ValueError:
        return jsonify(error=_("Không đọc được các lựa chọn gửi lên. Hãy tải lại trang rồi chọn lại.")), 400
    return _stored(batch)


def _stored(batch: list[Given]) -> Any:
    rehearsal = rehearsals.save(_session_id(), batch)
    if rehearsal is None:
        return jsonify(error=_("Lần làm thử này không còn. Hãy bắt đầu lần khác.")), 404
    stored, until = (
        [list(given) for given in rehearsals.stored_in(rehearsal)],
        rehearsals.deadline_of(rehearsal),
    )
    db.session.commit()
    return jsonify(stored=stored, deadline=until, now=clock.now(), elsewhere=False)


@blueprint.post("/late")
@access.anyone_signed_in
def deliver() -> Any:
    """Take in what a device could not send before the rehearsal was handed in."""
    try:
        log, _signed_off, _away = delivery_from(request.get_data())
    except ValueError:
        return jsonify(error=_("Không đọc được các lựa chọn gửi lên. Hãy tải lại trang rồi chọn lại.")), 400
    rehearsals.save(_session_id(), [Given(entry.position, entry.choice, entry.stamp) for entry in log])
    db.session.commit()
    return jsonify(counted=len(log), refused=0, page=url_for("rehearsals.receipt"))


@blueprint.post("/answer")
@access.anyone_signed_in
def answer() -> Any:
    """Store the whole form, as browsers without scripts send it."""
    choices = changed_choices(request.form, rehearsals.ITEMS)
    rehearsals.save_form(_session_id(), choices)
    db.session.commit()
    if request.form.get("then") == "check":
        return redirect(url_for("rehearsals.check"))
    flash(ngettext("Đã lưu %(num)d câu vừa chọn.", "Đã lưu %(num)d câu vừa chọn.", len(choices)), "success")
    return redirect(url_for("rehearsals.paper"))


@blueprint.post("/submit")
@access.anyone_signed_in
def submit() -> Any:
    """Hand it in; a second time only shows the result."""
    if rehearsal := rehearsals.of(_session_id()):
        rehearsals.finish(rehearsal, clock.now())
        db.session.commit()
    return redirect(url_for("rehearsals.receipt"))


@blueprint.get("/receipt")
@access.anyone_signed_in
def receipt() -> Any:
    """What was right, and why; a real round never shows this."""
    now, rehearsal = clock.now(), rehearsals.of(_session_id())
    looked = rehearsals.looked_over(rehearsal, now, day_of(now)) if rehearsal else []
    if rehearsal is None or rehearsal.finished_at is None or not looked:
        return redirect(url_for("rehearsals.paper" if looked else "rehearsals.index"))
    return render_template(
        "rehearsal/receipt.html", looked=looked, right=sum(one.taken == one.key for one in looked),
        attempt=_sitting(rehearsal), save_token=generate_csrf(), url_for=_address,
    )  # fmt: skip
