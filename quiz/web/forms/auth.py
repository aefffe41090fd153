"""Forms for signing in and changing a password."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo

from quiz.web.forms.base import Form, required


class SignInForm(Form):
    """Staff: user name and password."""

    username = StringField(_("Tên đăng nhập"), [required()])
    password = PasswordField(_("Mật khẩu"), [required()])
    next = HiddenField()


class CardForm(Form):
    """Contestants: the code and PIN of the printed card."""

    code = StringField(_("Mã dự thi"), [required()])
    pin = StringField(_("Mã PIN"), [required()])
    next = HiddenField()


class TokenForm(Form):
    """The one button of the page a QR code opens."""


class PasswordForm(Form):
    """A new password, twice."""

    old = PasswordField(_("Mật khẩu hiện tại"), [required()])
    new = PasswordField(_("Mật khẩu mới"), [required()])
    again = PasswordField(
        _("Nhập lại mật khẩu mới"),
        [required(), EqualTo("new", _("Hai lần nhập chưa giống nhau. Hãy nhập lại."))],
    )
