"""The only door to an object: who is signed in, what a page requires, and loading what this person may see.

Every view carries exactly one of the rules below; `missing_rules` lists those without. An object that is missing
and one that is not yours get the same 404.
"""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

from flask import Flask, abort, g, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from quiz import clock
from quiz.core.permissions import Permission
from quiz.database import reading
from quiz.extensions import csrf, db, keyring, login_manager
from quiz.models import (
    Absence,
    Account,
    Attempt,
    Bank,
    Contest,
    Edition,
    Entry,
    Grant,
    Item,
    Person,
    Round,
    Stage,
    Unit,
    Upload,
)
from quiz.services import accounts, auth, tree, uploads
from quiz.services.auth import Principal

View = TypeVar("View", bound=Callable[..., Any])
Model = TypeVar("Model")


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


def begin(token: str, who: Principal) -> None:
    """Sign this browser in under `token`; the old cookie session is dropped first (fixation)."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    login_user(who)
    g.principal = who


def end() -> None:
    """Forget the sign-in of this browser."""
    logout_user()
    session.clear()
    g.pop("principal", None)


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
            return view(*args, **kwargs)

        guarded.access_rule = rule  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def _ask_to_sign_in(rule: str) -> Any:
    if request.method not in ("GET", "HEAD"):
        abort(401)
    page = "auth.card" if rule == "candidate" else "auth.sign_in"
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


# --- loading what this person may see ---------------------------------------------------------------------------


def not_found() -> NoReturn:
    """Answer alike for "missing" and "not yours"."""
    abort(404)


def _get(model: type[Model], key: int) -> Model:
    if not 0 < key < 2**31:
        not_found()
    found = db.session.get(model, key)
    if found is None:
        not_found()
    return found


def _on(permission: Permission, unit: Unit) -> None:
    if not signed_in().may(permission, unit):
        not_found()


def own_account() -> Account:
    """Return the account of the signed-in member of the staff."""
    return _get(Account, signed_in().account_id or 0)


def unit_for(permission: Permission, unit_id: int) -> Unit:
    """Return a unit on which the person holds `permission`, or answer 404."""
    unit = _get(Unit, unit_id)
    _on(permission, unit)
    return unit


def unit_meant(permission: Permission, text: str, field: str) -> Unit:
    """Return the unit in the own subtrees that a typed code or name means; raise DraftRefused on `field` if none."""
    return tree.find_one(text, signed_in().paths_for(permission), field)


def person_for(permission: Permission, person_id: int) -> Person:
    """Return somebody of a unit on which `permission` is held, or answer 404."""
    person = _get(Person, person_id)
    _on(permission, person.unit)
    return person


def contest_for(permission: Permission, contest_id: int) -> Contest:
    """Return a contest whose node the person may act on; to view one, holding a node below it is enough."""
    contest = _get(Contest, contest_id)
    if permission is Permission.CONTEST_VIEW and _sees_from_below(contest):
        return contest
    _on(permission, contest.unit)
    return contest


def _sees_from_below(contest: Contest) -> bool:
    return any(path.startswith(contest.unit.path) for path in signed_in().paths_for(Permission.CONTEST_VIEW))


def stage_for(permission: Permission, stage_id: int) -> Stage:
    """Return a stage of a contest the person may act on, or answer 404."""
    stage = _get(Stage, stage_id)
    contest_for(permission, stage.contest_id)
    return stage


def round_for(permission: Permission, round_id: int) -> Round:
    """Return a round held at a node on which `permission` is held, or answer 404."""
    contest_round = _get(Round, round_id)
    _on(permission, contest_round.unit)
    return contest_round


def entry_for(permission: Permission, entry_id: int) -> Entry:
    """Return an entry to a round the person may act on, or whose cell lies in the own subtree; or answer 404."""
    entry = _get(Entry, entry_id)
    if not signed_in().may(permission, entry.unit):
        _on(permission, entry.round.unit)
    return entry


def absence_for(permission: Permission, absence_id: int) -> Absence:
    """Return the absence of a cell from a round the person may act on, or answer 404."""
    absence = _get(Absence, absence_id)
    round_for(permission, absence.round_id)
    return absence


def cell_of_round(contest_round: Round, unit_id: int) -> Unit:
    """Return a cell below a node that the round covers, or answer 404."""
    unit = _get(Unit, unit_id)
    covered = any(unit.path.startswith(scope.unit.path) for scope in contest_round.scopes)
    return unit if unit.is_cell and covered else not_found()


def edition_for(permission: Permission, edition_id: int) -> Edition:
    """Return an edition of a round the person may act on, or answer 404."""
    edition = _get(Edition, edition_id)
    _on(permission, edition.round.unit)
    return edition


def published_edition(edition_id: int) -> Edition:
    """Return an edition for everybody, or answer 404; whatever is an edition is published."""
    return _get(Edition, edition_id)


def own_entry(round_id: int) -> Entry:
    """Return the contestant's own entry to a round of the card's contest, or answer 404."""
    who = signed_in()
    query = (
        select(Entry)
        .join(Entry.round).join(Round.stage)
        .where(Entry.round_id == round_id, Entry.person_id == who.person_id, Stage.contest_id == who.contest_id)
        .options(contains_eager(Entry.round))
    )  # fmt: skip
    entry = db.session.scalar(query) if 0 < round_id < 2**31 else None
    return entry if entry is not None else not_found()


def own_attempt(attempt_id: int) -> Attempt:
    """Return the contestant's own attempt in the card's contest, or answer 404."""
    who = signed_in()
    query = (
        select(Attempt)
        .join(Attempt.entry).join(Entry.round).join(Round.stage)
        .where(Attempt.id == attempt_id, Attempt.person_id == who.person_id, Stage.contest_id == who.contest_id)
        .options(contains_eager(Attempt.entry).contains_eager(Entry.round))
    )  # fmt: skip
    attempt = db.session.scalar(query) if 0 < attempt_id < 2**31 else None
    return attempt if attempt is not None else not_found()


def bank_for(permission: Permission, bank_id: int) -> Bank:
    """Return a bank for those who hold `permission`, or answer 404; banks belong to no unit."""
    if not signed_in().may_somewhere(permission):
        not_found()
    return _get(Bank, bank_id)


def item_for(permission: Permission, item_id: int) -> Item:
    """Return an item of a bank for those who hold `permission`, or answer 404."""
    if not signed_in().may_somewhere(permission):
        not_found()
    return _get(Item, item_id)


def account_for(account_id: int) -> Account:
    """Return an account with a role in the subtrees this person manages, or answer 404."""
    paths = signed_in().paths_for(Permission.ACCOUNT_MANAGE)
    found = accounts.find(account_id, paths) if 0 < account_id < 2**31 else None
    return found if found is not None else not_found()


def grant_for(account_id: int, grant_id: int) -> Grant:
    """Return a role of an account in the managed subtrees, or answer 404."""
    account = account_for(account_id)
    found = next((grant for grant in account.grants if grant.id == grant_id), None)
    return found if found is not None else not_found()


def own_upload(purpose: str, upload_id: int) -> Upload:
    """Return the account's own file, kept for that purpose, or answer 404."""
    found = uploads.find(upload_id, signed_in().account_id or 0, purpose) if 0 < upload_id < 2**31 else None
    return found if found is not None else not_found()


def within(query: Select[Any], permission: Permission) -> Select[Any]:
    """Narrow a query that selects from or joins Unit to the subtrees on which `permission` is held."""
    paths = signed_in().paths_for(permission)
    if "" in paths:
        return query
    return query.where(db.or_(db.false(), *(Unit.path.startswith(path) for path in paths)))
