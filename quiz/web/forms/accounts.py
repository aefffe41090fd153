"""Forms of staff accounts: a new one, and a role over a subtree."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from quiz.core.permissions import Role
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import Ticks
from quiz.web.forms.units import member_of
from quiz.web.labels import label


class GrantForm(Form):
    """A role, and over which unit; everywhere is offered to those who hold everything."""

    role = SelectField(_("Vai trò"), [required()], coerce=member_of(Role))
    unit_code = StringField(_("Ở đơn vị"))
    everywhere = BooleanField(_("Ở mọi đơn vị"))

    def __init__(self, roles: list[Role], everywhere: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.role.choices = [("", gettext("Chọn vai trò")), *((role.value, label(role)) for role in roles)]
        if not everywhere:
            del self.everywhere

    def is_everywhere(self) -> bool:
        """Tell whether the role is to reach every unit."""
        return "everywhere" in self and bool(self.everywhere.data)


class StaffingForm(Form):
    """An account for each unit ticked, all with one role; what their holders are called before the unit's name."""

    called = StringField(_("Tên gọi"), [Length(max=100)])
    role = SelectField(_("Vai trò"), [required()], coerce=member_of(Role))
    units = Ticks(_("Tạo tài khoản cho"), [required(_("Hãy chọn ít nhất một đơn vị."))], coerce=int)

    def __init__(self, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(**{"called": gettext("Ban Tổ chức"), "role": Role.ORGANIZER} | kwargs)
        self.role.choices = [(role.value, label(role)) for role in roles]


class AccountForm(GrantForm):
    """Who signs in, and the first role."""

    username = StringField(_("Tên đăng nhập"), [required()])
    display_name = StringField(_("Họ và tên người dùng"), [required(), Length(max=200)])
