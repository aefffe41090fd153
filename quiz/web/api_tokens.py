"""Tokens of other systems: made, listed and revoked by whoever manages the subtree they read."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from quiz import clock
from quiz.core.api_scopes import LONGEST_DAYS, ApiScope
from quiz.core.errors import N_
from quiz.core.permissions import Permission
from quiz.extensions import db
from quiz.services import api_tokens, tree
from quiz.services.drafts import refuse
from quiz.web import access, sightings
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import Ticks
from quiz.web.labels import label
from quiz.web.paging import page_number
from quiz.web.refusals import shown_on

blueprint = Blueprint("api_tokens", __name__, url_prefix="/desk/tokens")
MANAGE = Permission.ACCOUNT_MANAGE
USUAL_DAYS = 180


class TokenForm(Form):
    """Which system reads, what, of which unit and below, and for how long."""

    name = StringField(_l("Hệ thống nào sẽ đọc"), [required(), Length(max=200)])
    unit_code = StringField(_l("Của đơn vị"))
    scopes = Ticks(_l("Được đọc"), [required(_l("Hãy chọn ít nhất một loại dữ liệu."))])
    days = IntegerField(
        _l("Số ngày dùng được"),
        [InputRequired(_l("Chưa điền mục này. Hãy điền rồi gửi lại.")), NumberRange(1, LONGEST_DAYS)],
        default=USUAL_DAYS,
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scopes.choices = [(scope.value, label(scope)) for scope in ApiScope]


def _paths() -> list[str]:
    return access.signed_in().paths_for(MANAGE)


@blueprint.route("", methods=["GET", "POST"])
@access.requires(MANAGE)
def index() -> Any:
    """The tokens over the own subtrees, and making another, whose text is shown once."""
    form = TokenForm()
    if form.validate_on_submit():
        with shown_on(form):
            who, unit = access.signed_in(), _unit_meant(form)
            scopes = [ApiScope(scope) for scope in form.scopes.data or []]
            token, text = api_tokens.make(
                form.name.data or "", unit, scopes, form.days.data or 0, who.actor, clock.now()
            )
            db.session.commit()
            return render_template("api_tokens/made.html", token=token, text=text)
    return render_template(
        "api_tokens/index.html",
        form=form,
        page=api_tokens.page_of(_paths(), page_number()),
        page_url=lambda number: url_for("api_tokens.index", page=number),
        branches=tree.branches(_paths(), clock.today()),
        is_good=lambda token: api_tokens.is_good(token, clock.now()),
        last_used=lambda token: max(token.last_used_at or 0, sightings.used_lately(token.id)),
        everywhere="" in _paths(),
        scope_words=lambda scope: label(ApiScope(scope)),
    )


def _unit_meant(form: TokenForm) -> Any:
    """Return the unit typed, or None for every unit where this person manages them all."""
    if form.unit_code.data:
        return access.unit_meant(MANAGE, form.unit_code.data, "unit_code")
    if "" in _paths():
        return None
    raise refuse("unit_code", N_("Hãy ghi mã hoặc tên của đơn vị mà mã truy cập được đọc."))


@blueprint.post("/<int:token_id>/revoke")
@access.requires(MANAGE)
def revoke(token_id: int) -> Any:
    """Let a token read nothing from now on."""
    token = access.api_token_for(MANAGE, token_id)
    api_tokens.revoke(token, access.signed_in().actor, clock.now())
    db.session.commit()
    flash(_("Đã thu hồi mã truy cập của %(name)s.", name=token.name), "success")
    return redirect(url_for("api_tokens.index"))
