"""Sitting a round: the own rounds, the question page, saving, handing in and the receipt."""

import json
import secrets
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quiz import clock
from quiz.core import timing
from quiz.core.errors import N_, AlreadyDone, NotAllowed, RuleBroken
from quiz.core.presence import last_start
from quiz.core.timing import Phase
from quiz.database import reading
from quiz.extensions import db, keyring
from quiz.services import (
    attempts,
    away,
    essays,
    handing_in,
    late,
    own_rounds,
    packages,
    receipts,
    release,
    responses,
    results,
)
from quiz.services.responses import NoSuchAttempt, Saved, SignedOut, Unavailable
from quiz.web import access, belongings
from quiz.web.formatting import message_text
from quiz.web.forms.attempts import (
    away_from,
    batch_from,
    changed_choices,
    delivery_from,
    shown_text,
    signed_off_from,
)

blueprint = Blueprint("attempts", __name__)
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode

BUSY = N_("Máy chủ đang bận nên chưa lưu được. Hãy thử lại sau ít giây.")
UNREADABLE = N_("Không đọc được các lựa chọn gửi lên. Hãy tải lại trang rồi chọn lại.")


@blueprint.get("/rounds")
@access.candidate_only
def index() -> Any:
    """The candidate's own rounds: what is waiting, what goes on, what is done."""
    who, now = access.signed_in(), clock.now()
    rounds = own_rounds.rounds_for(who.person_id or 0, who.contest_id or 0, now)
    moments = release.moments(rounds, now)
    is_time = any(own.open_attempt or (own.may_still_start and own.phase is Phase.OPEN) for own in rounds)
    is_done = all(own.attempts for own in rounds)
    is_laptop = packages.is_laptop()  # what was handed in beforehand stayed on the server
    return render_template(
        "attempts/index.html",
        rounds=rounds,
        moments=moments,
        due={} if is_laptop else essays.due_of((own.entry, own.rules) for own in rounds),
        now=now,
        last_start=last_start,
        day_of=timing.day_of,
        may_prepare=not is_time and not is_done,
        is_laptop=is_laptop,
        save_token=_save_token(),
    )


@blueprint.post("/rounds/<int:round_id>/start")
@access.candidate_only
def start(round_id: int) -> Any:
    """Start an attempt, or go on with the one that is open."""
    seed = secrets.token_hex(16)
    with reading():  # the paper is drawn before anybody has to wait for this start
        seat = belongings.own_seat(round_id)
        paper = attempts.drawn_ahead(seat, seed)
    page = url_for("attempts.show", attempt_id=attempts.begin(seat, clock.now(), seed, paper))
    db.session.commit()
    return redirect(page)


@blueprint.get("/attempts/<int:attempt_id>")
@access.candidate_only
def show(attempt_id: int) -> Any:
    """The questions, with what is stored of them."""
    attempt, now = belongings.own_attempt(attempt_id), clock.now()
    if attempt.submitted_at is not None:
        return redirect(url_for("attempts.receipt", attempt_id=attempt.id))
    if timing.is_due(attempt.deadline, attempt.grace_seconds, now):
        return render_template("attempts/closing.html", attempt=attempt)
    return render_template("attempts/show.html", **_sitting(attempt, now))


@blueprint.post("/attempts/<int:attempt_id>/responses")
@access.in_statement
def save(attempt_id: int, token_hash: str) -> Response:
    """Store a batch of choices: {"responses": [[position, choice, stamp], …]}, answered with what is stored.

    200 stored · 400 unreadable or no such choice · 401 signed out · 404 not yours · 409 over · 503 try again.
    """
    now = clock.now()
    if attempt_id >= 2**31:
        return _refusal(404, NoSuchAttempt(responses.NO_ATTEMPT))
    try:
        try:
            batch = batch_from(request.get_data())
        except ValueError:  # whose attempt it is comes before what is wrong
            responses.save(attempt_id, token_hash, [], now)
            return _refusal(400, RuleBroken(UNREADABLE))
        return _stored(responses.save(attempt_id, token_hash, batch, now))
    except SignedOut as error:
        return _refusal(401, error)
    except NotAllowed as error:
        return _refusal(403, error)
    except NoSuchAttempt as error:
        return _refusal(404, error)
    except responses.NoSuchChoice as error:
        return _refusal(400, error)
    except RuleBroken as error:
        return _refusal(409, error)
    except Unavailable:
        return _refusal(503, RuleBroken(BUSY))


@blueprint.post("/attempts/<int:attempt_id>/late")
@access.in_statement
def deliver(attempt_id: int, token_hash: str) -> Any:
    """Take in what a device could not send in time: {"log": [[position, choice, stamp, link], …], "signed_off": ms,
    "away": "how often,ms"}.

    Answered with how many choices counted and how many did not, and where the receipt is; the statuses are those of
    `save`.
    """
    who = access.principal()
    if who is None:
        return _refusal(401, RuleBroken(responses.SIGNED_OUT))
    if not who.is_candidate:
        return _refusal(403, NotAllowed(responses.NO_CARD))
    attempt = belongings.own_attempt(attempt_id)
    try:
        log, signed_off_at, told = delivery_from(request.get_data())
    except ValueError:
        return _refusal(400, RuleBroken(late.UNREADABLE))
    done = late.deliver(attempt, log, signed_off_at, request.user_agent.string, clock.now())
    away.keep(attempt, told)
    page = "attempts.show" if attempt.submitted_at is None else "attempts.receipt"
    answer = {"counted": done.counted, "refused": done.refused, "page": url_for(page, attempt_id=attempt_id)}
    db.session.commit()
    return Response(_encode(answer), content_type="application/json")


def _stored(saved: Saved) -> Response:
    answer = {
        "stored": saved.stored,
        "deadline": saved.deadline,
        "now": saved.now,
        "elsewhere": saved.is_elsewhere,
    }
    return Response(_encode(answer), content_type="application/json")


def _refusal(status: int, error: RuleBroken) -> Response:
    answer = {"error": message_text(error.message, error.values)}
    return Response(_encode(answer), status, content_type="application/json")


@blueprint.post("/attempts/<int:attempt_id>/answer")
@access.candidate_only
def answer(attempt_id: int) -> Any:
    """Store the whole form, as browsers without scripts send it, and show it again or go on to the check.

    `then` is what comes next: "check", "save", or the number of the question to go on at.
    """
    attempt = belongings.own_attempt(attempt_id)
    choices = changed_choices(request.form, len(attempts.paper_of(attempt)))
    if choices:
        token_hash = keyring.hash_token(access.signed_in().token)
        responses.save_in_session(attempt, token_hash, choices, clock.now())
        db.session.commit()
    then = request.form.get("then", "")
    if then == "check":
        return redirect(url_for("attempts.check", attempt_id=attempt_id))
    text = ngettext("Đã lưu %(num)d câu vừa chọn.", "Đã lưu %(num)d câu vừa chọn.", len(choices))
    flash(text if choices else _("Không có câu nào thay đổi so với lần lưu trước."), "success")
    place = f"cau-{then}" if then.isdecimal() and len(then) < 4 else None
    return redirect(url_for("attempts.show", attempt_id=attempt_id, _anchor=place))


@blueprint.get("/attempts/<int:attempt_id>/check")
@access.candidate_only
def check(attempt_id: int) -> Any:
    """What would be handed in now: the stored choices, and what is still blank or marked."""
    attempt, now = belongings.own_attempt(attempt_id), clock.now()
    if attempt.submitted_at is not None or timing.is_due(attempt.deadline, attempt.grace_seconds, now):
        return redirect(url_for("attempts.show", attempt_id=attempt.id))
    page = _sitting(attempt, now)
    numbers = {item.position + 1 for item in page["paper"]}
    marked = [
        int(n) for n in request.args.get("marked", "").split(",") if n.isdecimal() and int(n) in numbers
    ]
    return render_template("attempts/check.html", marked=marked, **page)


@blueprint.post("/attempts/<int:attempt_id>/submit")
@access.candidate_only
def submit(attempt_id: int) -> Any:
    """Hand the attempt in; a second time only shows the receipt. What the device says of absences is kept once.

    409 where a hand-in that waited for the line comes to a paper that another device has gone on with.
    """
    attempt = belongings.own_attempt(attempt_id)
    try:
        handing_in.hand_in(attempt, signed_off_from(request.form.get("signed_off", "")), clock.now())
    except handing_in.WorkedOn as error:
        db.session.rollback()
        return _refusal(409, error)
    except AlreadyDone:
        db.session.rollback()
    away.keep(attempt, away_from(request.form.get("away", "")))
    db.session.commit()
    return redirect(url_for("attempts.receipt", attempt_id=attempt_id))


@blueprint.get("/attempts/<int:attempt_id>/receipt")
@access.candidate_only
def receipt(attempt_id: int) -> Any:
    """That it was handed in, when, with how many answers; never the points."""
    attempt = belongings.own_attempt(attempt_id)
    if attempt.submitted_at is None:
        return redirect(url_for("attempts.show", attempt_id=attempt.id))
    return render_template(
        "attempts/receipt.html",
        attempt=attempt,
        figures=receipts.figures_of(attempt),
        late=late.summary_of(attempt),
        edition=results.latest(attempt.round_id),
        save_token=_save_token(),
    )


def _save_token() -> str:
    return access.save_token(access.signed_in().token)


def _sitting(attempt: Any, now: int) -> dict[str, Any]:
    """Return what the question page and the check show."""
    paper = attempts.paper_of(attempt)
    stored = responses.stored_in(attempt)
    choices = {given.position: given.choice for given in stored}
    return {
        "attempt": attempt,
        "paper": paper,
        "chosen": {position: choice.split(",") for position, choice in choices.items() if choice},
        "shown": shown_text(choices, len(paper)),
        "newest": max((given.stamp for given in stored), default=0),
        "save_token": _save_token(),
        "now": now,
    }
