"""Who is signed in, and the one rule that every view carries: public, by permission, staff, candidate.

`missing_rules` lists the views without one; the application refuses to start while there are any.
"""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, g, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, generate_csrf

from quiz import clock, database
from quiz.core.permissions import Permission
from quiz.database import patience, reading
from quiz.extensions import csrf, keyring, login_manager
from quiz.services import auth
from quiz.services.auth import Principal

View = TypeVar("View", bound=Callable[..., Any])
HALL_COOKIE = "hall"  # by which a shared device of a hall is known


def principal() -> Principal | None:
    """Return who is signed in on this request, or None."""
    if "principal" not in g:
        g.principal = current_user._get_current_object() if current_user.is_authenticated else None
    return g.principal  # type: ignore[no-any-return]


def signed_in() -> Principal:
    """Return who is signed in; the view's rule has made sure that somebody is."""
    who = principal()
    if who is None:
        raise RuntimeError("a view that needs a sign-in lacks its rule")
    return who


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Principal | None:
    return auth.principal_of(token, clock.now())


def begin(token: str) -> None:
    """Sign this browser in under `token`; the old cookie session is dropped first (fixation)."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    login_user(Principal(token, 0, ""))  # only the token is kept; who it stands for is looked up when asked
    for unused in ("_id", "_fresh"):  # they would travel with every choice that is saved
        session.pop(unused, None)
    g.pop("principal", None)
    g.pop("csrf_token", None)
    generate_csrf()  # in this answer's cookie, so that the next page needs none


def end() -> None:
    """Forget the sign-in of this browser."""
    logout_user()
    session.clear()
    g.pop("principal", None)
    g.pop("csrf_token", None)  # a form that this same answer still shows needs one of the session to come


# --- rules of views -------------------------------------------------------------------------------------------


def public(view: View) -> View:
    """Mark a page that anybody may open."""
    view.access_rule = "public"  # type: ignore[attr-defined]
    return view


def _guarded(rule: str, allowed: Callable[[Principal], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            with reading():
                who = principal()
            if who is None:
                return _ask_to_sign_in(rule)
            if not allowed(who):
                abort(403)
            if who.must_change_password and request.endpoint not in ("auth.password", "auth.sign_out"):
                return redirect(url_for("auth.password"))
            if not who.is_candidate:
                patience.set(database.UNHURRIED)
            return view(*args, **kwargs)

        guarded.access_rule = rule  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def _ask_to_sign_in(rule: str) -> Any:
    page = "auth.card" if rule == "candidate" else "auth.sign_in"
    if request.method not in ("GET", "HEAD"):
        g.way_in = page
        abort(401)
    if rule == "candidate" and HALL_COOKIE in request.cookies:  # the next one begins where everybody begins
        return redirect(url_for("hall.start"))
    return redirect(url_for(page, next=request.full_path.rstrip("?")))


def requires(permission: Permission) -> Callable[[View], View]:
    """Mark a page for those who hold `permission` somewhere; the objects on it still come through this module."""
    return _guarded(str(permission), lambda who: who.may_somewhere(permission))


staff_only = _guarded("staff", lambda who: not who.is_candidate)
candidate_only = _guarded("candidate", lambda who: who.is_candidate)
anyone_signed_in = _guarded("signed_in", lambda who: True)


def in_statement(view: View) -> View:
    """Mark a request for contestants where the statement that acts is what checks the sign-in: nobody is looked up.

    The view gets the hash of the session's token. The header X-CSRF-Token must carry `save_token` of that session.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        token = session.get("_user_id")
        if token is None:
            abort(401)
        given = request.headers.get("X-CSRF-Token", "")
        if not hmac.compare_digest(given.encode(), save_token(token).encode()):
            raise CSRFError
        return view(*args, token_hash=keyring.hash_token(token), **kwargs)

    guarded.access_rule = "candidate"  # type: ignore[attr-defined]
    return csrf.exempt(guarded)  # type: ignore[no-any-return]  # its own check stands above


def save_token(session_token: str) -> str:
    """Return what proves that a request without a form comes from a page of this session; it dies with it."""
    return keyring.hash_token(f"save:{session_token}")


def missing_rules(app: Flask) -> list[str]:
    """Return the endpoints whose view has no access rule."""
    return sorted(
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not hasattr(view, "access_rule")
    )
