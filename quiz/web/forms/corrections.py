"""Forms for putting a wrong key right and for striking out an attempt."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Length

from quiz.core.corrections import WITH_KEY, Policy, Ruling
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import Ticks
from quiz.web.labels import choices

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WHY = [required(_("Hãy ghi lý do; lý do được in kèm kết quả.")), Length(max=300)]


class RulingForm(Form):
    """What the board would rule about an item; shown in the address, so that a preview can be gone back to."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    policy = RadioField(_("Cách xử lý"), [required(_("Hãy chọn một cách xử lý."))], coerce=Policy)
    key = Ticks(_("Đáp án đúng mới"), coerce=int)

    def __init__(self, options: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy.choices = choices(Policy)
        self.key.choices = [(place, f"{LETTERS[place]}. {text}") for place, text in enumerate(options)]

    @property
    def ruling(self) -> Ruling:
        """Return the ruling chosen; a new key that was ticked belongs to those that need one."""
        key = self.key.data if self.policy.data in WITH_KEY else ()
        return Ruling(self.policy.data, tuple(sorted(key or ())))


class AskForm(Form):
    """Why; what is printed with the results."""

    reason = TextAreaField(_("Lý do"), WHY)


class VoidForm(Form):
    """Which attempt is struck out, and why."""

    attempt = SelectField(_("Bài thi"), coerce=int)
    reason = TextAreaField(_("Lý do"), [required(_("Hãy ghi lý do hủy bài.")), Length(max=300)])
