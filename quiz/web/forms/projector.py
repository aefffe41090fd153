"""Forms that steer the hall's screen."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from quiz.core.reveal import MOST_MINUTES, MOST_PLACES
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import WholeField


class FreezeForm(Form):
    """How long before the end the public figures stand still; blank: they do not."""

    minutes = WholeField(_("Dừng số liệu công khai trước giờ đóng (phút)"))

    def validate_minutes(self, field: WholeField) -> None:
        """Refuse a number out of range."""
        if field.data is not None:
            NumberRange(0, MOST_MINUTES)(self, field)


class RankingForm(Form):
    """How many ranks are shown one after the other, and whether with points."""

    top = IntegerField(
        _("Số hạng hiện lần lượt"),
        [InputRequired(_("Hãy nhập một số.")), NumberRange(1, MOST_PLACES)],
        default=10,
    )
    with_points = BooleanField(_("Hiện cả điểm"), default=True)


class StepForm(Form):
    """What the presser of a button saw, as "scope.revealed", so that a double click shows one rank."""

    seen = HiddenField(validators=[required()])

    @property
    def place(self) -> tuple[int, int]:
        """Return (scope, revealed)."""
        scope, _dot, revealed = (self.seen.data or "").partition(".")
        return (int(scope), int(revealed)) if scope.isdecimal() and revealed.isdecimal() else (-1, -1)
