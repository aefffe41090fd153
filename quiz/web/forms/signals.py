"""The form in which the board says what it makes of a sign."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from quiz.core.signals import Verdict
from quiz.web.forms.base import Form, required
from quiz.web.labels import choices


class DecideForm(Form):
    """A verdict and why; `seen` is how many decisions stood when the form was shown."""

    verdict = RadioField(_("Quyết định"), [required(_("Hãy chọn một quyết định."))], coerce=Verdict)
    reason = TextAreaField(_("Lý do"), [required(_("Hãy ghi lý do của quyết định.")), Length(max=300)])
    seen = IntegerField(validators=[InputRequired()], widget=HiddenInput())

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.verdict.choices = choices(Verdict)
