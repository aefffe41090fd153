"""Forms for cards."""

from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import HiddenInput

from quiz.web.forms.base import Form


class IssueForm(Form):
    """Print cards: for those without one, or also in place of those issued before an instant (ms UTC)."""

    before = IntegerField(widget=HiddenInput(), validators=[Optional(), NumberRange(0, 2**53)])
