"""Forms that send a round to a hall and take its sitting back."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import Length

from quiz.web.forms.base import Form, required

NO_FILE = _("Chưa chọn tệp. Hãy chọn tệp rồi tải lên.")


class MakeForm(Form):
    """Whose contestants travel: those of one unit of the round, or all."""

    unit = SelectField(_("Thí sinh mang đi"), coerce=int)

    def __init__(self, units: list[tuple[int, str]], everybody: str) -> None:
        super().__init__()
        self.unit.choices = [(0, everybody), *units]


class LoadForm(Form):
    """A package with the passphrase that came by word of mouth."""

    package = FileField(_("Gói đề (.htbt)"), [FileRequired(NO_FILE)])
    phrase = StringField(_("Mật khẩu của gói"), [required(), Length(max=60)])


class SittingForm(Form):
    """A sitting brought back from a hall."""

    sitting = FileField(_("Tệp kết quả (.htbt)"), [FileRequired(NO_FILE)])
