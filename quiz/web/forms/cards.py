"""Forms for cards."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from quiz.web.forms.base import Form, required


class IssueForm(Form):
    """Print cards: for those without one, or also in place of those issued before an instant (ms UTC)."""

    before = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(0, 2**53)])


class FindForm(Form):
    """Somebody who has forgotten the code: the full name, and the year of birth that only they and the roster know."""

    name = StringField(_("Họ và tên"), [required(), Length(max=200)])
    birth_year = IntegerField(_("Năm sinh"), [required(), NumberRange(1900, 2100)])
