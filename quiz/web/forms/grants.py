"""The form that gives minutes."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from quiz.core.grants import MOST_MINUTES
from quiz.web.forms.base import Form, required


class MinutesForm(Form):
    """How many minutes and why; `key` tells a second press of the same form from another grant, `known` is the newest
    grant that its page has shown."""

    minutes = IntegerField(
        _("Số phút cho thêm"),
        [InputRequired(_("Hãy nhập số phút.")), NumberRange(1, MOST_MINUTES)],
    )
    reason = StringField(_("Lý do"), [required(_("Hãy ghi lý do.")), Length(max=300)])
    incident = SelectField(_("Vì sự cố nào"), coerce=int, default=0)
    for_later = BooleanField(_("Cả những người chưa bắt đầu làm bài"), default=True)
    reopen = BooleanField(_("Mở lại bài mà máy chủ đã thu khi hết giờ, nếu còn trong số phút này"))
    key = HiddenField(validators=[required(), Length(max=40)])
    known = IntegerField(validators=[Optional(), NumberRange(0, 2**31 - 1)], widget=HiddenInput())

    def __init__(
        self,
        may_reopen: bool,
        is_for_one: bool = False,
        incidents: Sequence[tuple[int, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.incident.choices = [(0, _("Chưa ghi sự cố nào cho lần này")), *incidents]
        if not incidents:
            del self.incident
        if (
            is_for_one
        ):  # nobody else to ask about: minutes for a paper not begun wait, for a running one they count
            del self.for_later
        if not self.key.data:
            self.key.data = secrets.token_hex(16)
        if not may_reopen:
            del self.reopen
