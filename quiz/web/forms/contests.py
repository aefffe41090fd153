"""Forms for contests and their stages."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.validators import Length, Optional

from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import offered
from quiz.web.forms.shared import SharedForm


class ContestForm(SharedForm):
    """A contest: its name, a short code, and the node whose board runs it (fixed once it exists)."""

    title = StringField(_("Tên cuộc thi"), [required(), Length(max=200)])
    code = StringField(_("Mã cuộc thi"), [required(), Length(max=40)])
    unit = SelectField(_("Đơn vị tổ chức"), coerce=int)


class NewContestForm(ContestForm):
    """A contest and what it starts from: a template, or nothing."""

    template = RadioField(_("Bắt đầu từ"), default="")

    def __init__(self, templates: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.template.choices = offered([*templates, ("", _("Tự đặt từ đầu"))])


class CopyForm(Form):
    """A contest made like another: its name and code, and whether its hours come along."""

    title = StringField(_("Tên cuộc thi mới"), [required(), Length(max=200)])
    code = StringField(_("Mã cuộc thi mới"), [required(), Length(max=40)])
    first_day = DateField(_("Ngày mở vòng thi đầu tiên"), [Optional()])


class StageForm(Form):
    """The name of a new stage."""

    name = StringField(_("Tên cấp thi"), [required(), Length(max=100)])
