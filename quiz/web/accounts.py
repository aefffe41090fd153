"""Pages of staff accounts: who signs in, with which roles where, and letting somebody in, out or in again."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quiz import clock
from quiz.core.errors import N_, RuleBroken
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import accounts, people, tree
from quiz.services.drafts import refuse
from quiz.web import access
from quiz.web.forms.accounts import AccountForm, GrantForm
from quiz.web.paging import page_number
from quiz.web.refusals import shown_on

blueprint = Blueprint("accounts", __name__)
P = Permission


def _paths() -> list[str]:
    return access.signed_in().paths_for(P.ACCOUNT_MANAGE)


@blueprint.get("/accounts")
@access.requires(P.ACCOUNT_MANAGE)
def index() -> Any:
    """The accounts with a role in the own subtrees."""
    text = request.args.get("q", "").strip()[:100]
    page = accounts.search(_paths(), text, page_number())
    return render_template(
        "accounts/index.html",
        text=text,
        page=page,
        page_url=lambda number: url_for("accounts.index", q=text, page=number),
        roles=_roles_shown,
    )


def _roles_shown(account: Any) -> tuple[list[Any], bool]:
    """Return the roles an account holds within the own subtrees, and whether it holds others."""
    who = access.signed_in()
    held = accounts.active_grants(account)
    mine = [
        grant for grant in held if "" in _paths() or (grant.unit and who.may(P.ACCOUNT_MANAGE, grant.unit))
    ]
    return mine, len(mine) < len(held)


@blueprint.get("/accounts/<int:account_id>")
@access.requires(P.ACCOUNT_MANAGE)
def show(account_id: int) -> Any:
    """One account with its roles, and what may be done with it."""
    account = access.account_for(account_id)
    return _page_of(account, _form(GrantForm))


def _page_of(account: Any, form: GrantForm) -> Any:
    who, (grants, holds_more) = access.signed_in(), _roles_shown(account)
    return render_template(
        "accounts/show.html",
        account=account,
        form=form,
        grants=grants,
        holds_more=holds_more,
        is_own=account.id == who.account_id,
        may_touch=accounts.may_touch(account, who),
        branches=tree.branches(_paths(), clock.today()),
    )


@blueprint.route("/accounts/new", methods=["GET", "POST"])
@access.requires(P.ACCOUNT_MANAGE)
def new() -> Any:
    """Add an account with its first role, perhaps at `?unit=…`, and show the first password once."""
    who, form = access.signed_in(), _form(AccountForm)
    if form.validate_on_submit():
        with shown_on(form):
            account, password = accounts.create(
                form.username.data,
                form.display_name.data,
                form.role.data,
                _unit_meant(form),
                who,
                clock.now(),
            )
            db.session.commit()
            return _show_password(account, password)
    elif not form.is_submitted() and "unit" in request.args:
        unit = access.unit_for(P.ACCOUNT_MANAGE, request.args.get("unit", 0, type=int))
        form.unit_code.data = unit.code
    branches = tree.branches(_paths(), clock.today())
    return render_template("accounts/new.html", form=form, branches=branches)


def _form(kind: type[GrantForm]) -> Any:
    return kind(accounts.offered_roles(access.signed_in()), everywhere="" in _paths())


def _unit_meant(form: GrantForm) -> Any:
    """Return the unit typed, or None for everywhere; whether that may be given is for the service to say."""
    if form.is_everywhere():
        return None
    if not form.unit_code.data:
        raise refuse("unit_code", N_("Hãy ghi mã hoặc tên của đơn vị nơi giao vai trò này."))
    return access.unit_meant(P.ACCOUNT_MANAGE, form.unit_code.data, "unit_code")


def _show_password(account: Any, password: str) -> Any:
    """Answer with the password itself: it is stored nowhere, so no other page could show it."""
    return render_template("accounts/password.html", account=account, password=password)


@blueprint.post("/accounts/<int:account_id>/grants")
@access.requires(P.ACCOUNT_MANAGE)
def grant(account_id: int) -> Any:
    """Give a role."""
    account, who = access.account_for(account_id), access.signed_in()
    form = _form(GrantForm)
    if form.validate_on_submit():
        with shown_on(form):
            accounts.grant_role(account, form.role.data, _unit_meant(form), who, clock.now())
            return _done(account_id, _("Đã giao vai trò."))
    return _page_of(account, form)


@blueprint.post("/accounts/<int:account_id>/grants/<int:grant_id>/revoke")
@access.requires(P.ACCOUNT_MANAGE)
def revoke(account_id: int, grant_id: int) -> Any:
    """Take a role away."""
    accounts.revoke_role(access.grant_for(account_id, grant_id), access.signed_in(), clock.now())
    return _done(account_id, _("Đã thu hồi vai trò."))


def _done(account_id: int, said: str) -> Any:
    """Commit, say so, and go back to the account; or to the list when its last role here is gone."""
    db.session.commit()
    flash(said, "success")
    visible = accounts.find(account_id, _paths()) is not None
    return redirect(url_for("accounts.show", account_id=account_id) if visible else url_for("accounts.index"))


def _act(account_id: int, act: Callable[..., Any], said: str) -> Any:
    act(access.account_for(account_id), access.signed_in(), clock.now())
    return _done(account_id, said)


@blueprint.post("/accounts/<int:account_id>/password")
@access.requires(P.ACCOUNT_MANAGE)
def reset_password(account_id: int) -> Any:
    """Give a new first password and show it once."""
    account = access.account_for(account_id)
    password = accounts.reset_password(account, access.signed_in(), clock.now())
    db.session.commit()
    return _show_password(account, password)


@blueprint.post("/accounts/<int:account_id>/disable")
@access.requires(P.ACCOUNT_MANAGE)
def disable(account_id: int) -> Any:
    """Lock an account."""
    return _act(account_id, accounts.disable, _("Đã khóa tài khoản. Mọi máy đang đăng nhập đã bị đăng xuất."))


@blueprint.post("/accounts/<int:account_id>/enable")
@access.requires(P.ACCOUNT_MANAGE)
def enable(account_id: int) -> Any:
    """Unlock an account."""
    return _act(account_id, accounts.enable, _("Đã mở khóa tài khoản."))


@blueprint.post("/accounts/<int:account_id>/sign-out")
@access.requires(P.ACCOUNT_MANAGE)
def sign_out(account_id: int) -> Any:
    """End every session of an account."""
    return _act(account_id, accounts.sign_out_everywhere, _("Đã đăng xuất tài khoản khỏi mọi máy."))


@blueprint.route("/accounts/<int:account_id>/link", methods=["GET", "POST"])
@access.requires(P.ACCOUNT_MANAGE)
def link(account_id: int) -> Any:
    """Look for somebody on the roster (GET) and note that the account is theirs (POST)."""
    account, who = access.account_for(account_id), access.signed_in()
    if request.method == "POST":
        if "person_id" not in request.form:
            raise RuleBroken(N_("Hãy chọn một người trong danh sách."))
        person = access.person_for(P.PEOPLE_VIEW, request.form.get("person_id", 0, type=int))
        accounts.link(account, person, who, clock.now())
        return _done(account_id, _("Đã gắn tài khoản với %(name)s.", name=person.full_name))
    text = request.args.get("q", account.display_name).strip()[:100]
    page = people.search(who.paths_for(P.PEOPLE_VIEW), text, page=page_number())
    return render_template(
        "accounts/link.html",
        account=account,
        text=text,
        is_search="q" in request.args,
        page=page,
        page_url=lambda number: url_for("accounts.link", account_id=account_id, q=text, page=number),
        above=tree.lineage([person.unit for person in page.items]),
    )


@blueprint.post("/accounts/<int:account_id>/unlink")
@access.requires(P.ACCOUNT_MANAGE)
def unlink(account_id: int) -> Any:
    """Undo the link to somebody on the roster."""
    return _act(account_id, accounts.unlink, _("Đã gỡ tài khoản khỏi người trong danh sách."))
