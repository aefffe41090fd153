"""Signing in and out, for staff by password and for contestants by card."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import RuleBroken
from quiz.core.names import nfc
from quiz.database import reading
from quiz.extensions import db
from quiz.services import auth, packages
from quiz.services.auth import Holder
from quiz.services.traces import NO_TRACE
from quiz.web import access, belongings, traces
from quiz.web.formatting import message_text
from quiz.web.forms.auth import CardForm, PasswordForm, SignInForm, TokenForm
from quiz.web.guards import HALL_COOKIE

blueprint = Blueprint("auth", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@access.public
def sign_in() -> Any:
    """Staff sign in with user name and password."""
    form = SignInForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        name = nfc(form.username.data).lower()
        try:
            with reading():  # the hashing takes long, and nobody's saving is to wait for it
                holder = auth.holder_of(auth.sign_in(name, form.password.data, clock.now()))
            return _begin(holder, form.next.data, "desk.index")
        except RuleBroken as error:
            _refuse(form, name, error)
    return render_template("auth/sign_in.html", form=form)


@blueprint.route("/card", methods=["GET", "POST"])
@access.public
def card() -> Any:
    """Contestants sign in with the code and PIN of their card."""
    form = CardForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        try:
            with reading():
                holder = auth.holder_of(auth.sign_in_with_pin(form.code.data, form.pin.data, clock.now()))
            return _begin(holder, form.next.data, "attempts.index")
        except RuleBroken as error:
            _refuse(form, auth.card_code(form.code.data), error)
    who = access.principal()
    return render_template(
        "auth/card.html",
        form=form,
        is_laptop=packages.is_laptop(),
        is_in=who is not None and who.is_candidate,
    )


@blueprint.route("/c/<token>", methods=["GET", "POST"])
@access.public
def scan(token: str) -> Any:
    """The link in a card's QR code: one button signs the contestant in."""
    form = TokenForm()
    if form.validate_on_submit():
        return _begin(auth.sign_in_with_token(token)[0], "", "attempts.index")
    _holder, name = auth.sign_in_with_token(token)
    return render_template("auth/scan.html", form=form, name=name)


@blueprint.post("/sign-out")
@access.anyone_signed_in
def sign_out() -> Any:
    """Revoke this browser's session."""
    who = access.signed_in()
    if who.is_candidate and HALL_COOKIE in request.cookies:
        return redirect(url_for("hall.leave"), 307)  # a shared device goes back to its start page
    auth.close_session(who, clock.now())
    db.session.commit()
    access.end()
    flash(_("Đã đăng xuất."), "success")
    return redirect(url_for("auth.card" if who.is_candidate else "auth.sign_in"))


@blueprint.route("/password", methods=["GET", "POST"])
@access.staff_only
def password() -> Any:
    """Staff change their own password."""
    form, who = PasswordForm(), access.signed_in()
    if form.validate_on_submit():
        account = belongings.own_account()
        try:
            auth.change_password(account, form.old.data, form.new.data, who.session_id, clock.now())
            db.session.commit()
            flash(_("Đã đổi mật khẩu. Các máy khác đã bị đăng xuất."), "success")
            return redirect(url_for("desk.index"))
        except RuleBroken as error:
            db.session.rollback()
            form.form_errors.append(message_text(error.message, error.values))
    return render_template("auth/password.html", form=form)


def _begin(holder: Holder, next_page: str | None, home: str) -> Any:
    hours = current_app.config["SETTINGS"].session_hours
    device = traces.device() if holder.card_id else ""  # of the staff nothing is kept
    trace = traces.trace(device) if holder.card_id else NO_TRACE
    token = auth.open_session_at_once(holder, hours, request.user_agent.string, clock.now(), trace)
    access.begin(token)
    answer = redirect(_local(next_page) or url_for(home))
    if device:
        traces.leave(answer, device)
    return answer


def _refuse(form: Any, name: str, error: RuleBroken) -> None:
    """Show the sentence and count the wrong try in a transaction of its own."""
    db.session.rollback()
    if error.message in (auth.WRONG, auth.WRONG_CARD):
        auth.record_failure(name, clock.now())
        db.session.commit()
    form.form_errors.append(message_text(error.message, error.values))


def _local(page: str | None) -> str | None:
    """Return `page` if it is a plain path of this site; anything else could lead elsewhere."""
    if not page or not page.startswith("/") or page.startswith(("//", "/\\")) or "\\" in page:
        return None
    parts = urlsplit(page)
    return page if not parts.scheme and not parts.netloc and page.isprintable() else None
