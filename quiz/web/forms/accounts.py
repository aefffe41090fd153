"""Forms of staff accounts: a new one, and a role over a subtree."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional

from quiz.core.permissions import Role
from quiz.web.forms.base import Form, required
from quiz.web.labels import label


class GrantForm(Form):
    """A role, and over which unit; blank means everywhere."""

    role = SelectField(_("Vai trò"), coerce=Role)
    unit_code = StringField(_("Ở đơn vị"), [Optional()])

    def __init__(self, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.role.choices = [(role.value, label(role)) for role in roles]


class AccountForm(GrantForm):
    """Who signs in, and the first role."""

    username = StringField(_("Tên đăng nhập"), [required()])
    display_name = StringField(_("Họ và tên người dùng"), [required(), Length(max=200)])
