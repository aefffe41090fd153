"""Forms for the list of contestants: whom a cell sends, why it sends nobody, and taking names out."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, StringField
from wtforms.validators import Length

from quiz.core.people import AbsenceReason
from quiz.web.forms.base import Form, required
from quiz.web.labels import choices

People = Sequence[tuple[int, str]]


class RegisterForm(Form):
    """One person of a cell; the reason only where an entry is out of the ordinary."""

    person = RadioField(_("Chọn người dự thi"), [required(_("Hãy chọn một người."))], coerce=int)
    reason = StringField(_("Lý do"), [Length(max=300)])

    def __init__(self, people: People, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person.choices = list(people)


class ReplaceForm(RegisterForm):
    """Another person of the same cell, and why."""

    reason = StringField(_("Lý do thay người"), [required(), Length(max=300)])


class ReasonForm(Form):
    """Why an entry is out of the ordinary, where it is."""

    reason = StringField(_("Lý do"), [Length(max=300)])


class WithdrawForm(Form):
    """Why somebody is taken out."""

    reason = StringField(_("Lý do rút tên"), [required(), Length(max=300)])


class AbsenceForm(Form):
    """Why a cell sends nobody."""

    reason = RadioField(
        _("Lý do chi bộ không có thí sinh"), [required(_("Hãy chọn một lý do."))], coerce=AbsenceReason
    )
    note = StringField(_("Ghi chú"), [Length(max=300)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = choices(AbsenceReason)


class WorkbookForm(Form):
    """The workbook with the sheet of registrations."""

    file = FileField(_("Tệp Excel (.xlsx)"), [FileRequired(_("Chưa chọn tệp. Hãy chọn tệp rồi tải lên."))])
