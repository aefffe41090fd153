"""Forms of review: a move, a remark."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from quiz.core.items import Outcome
from quiz.web.forms.base import Form
from quiz.web.labels import choices


class MoveForm(Form):
    """A move of review with the version that was seen and, where somebody will ask why, the reason."""

    version = IntegerField(widget=HiddenInput())
    reason = StringField(_("Lý do"), [Length(max=300)])


class CommentForm(Form):
    """A remark; `seen` is the newest one its author had before the eyes."""

    seen = IntegerField(widget=HiddenInput())
    text = TextAreaField(_("Ý kiến của bạn"))


class ReadingForm(Form):
    """What a second reading of the version that was seen led to."""

    version = IntegerField(widget=HiddenInput())
    outcome = SelectField(_("Kết quả đọc"))
    note = StringField(_("Ghi chú"), [Length(max=300)])

    def offer(self) -> "ReadingForm":
        """Fill the list of outcomes and return the form."""
        self.outcome.choices = choices(Outcome)
        return self
