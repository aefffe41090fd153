"""The form of the desk where receipts are checked."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length

from quiz.web.forms.base import Form, required


class CodeForm(Form):
    """The code of a receipt, as it is read out."""

    code = StringField(_("Mã biên nhận"), [required(_("Hãy nhập mã biên nhận.")), Length(max=20)])
