"""The form in which a second person decides about what another asked for."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import Length

from quiz.web.forms.base import Form


class AnswerForm(Form):
    """A note; which of the buttons was pressed says the answer."""

    note = TextAreaField(_("Ghi chú hoặc lý do không duyệt"), [Length(max=300)])
