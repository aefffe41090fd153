"""The form of a person's record. Fields are named as the roster's columns."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Optional

from quiz.core.people import Position, Sex
from quiz.core.rosters import PersonDraft
from quiz.web.forms.base import required
from quiz.web.forms.shared import SharedForm
from quiz.web.forms.units import DayField, member_of
from quiz.web.labels import choices


class PersonForm(SharedForm):
    """A record; a new one has a code to choose, a known one may change its cell."""

    code = StringField(_("Mã người"), [required()])
    full_name = StringField(_("Họ và tên"), [required()])
    birth_date = DayField(_("Ngày sinh"), [Optional()])
    sex = SelectField(_("Giới tính"), coerce=member_of(Sex))
    ethnicity = StringField(_("Dân tộc"), [Optional()])
    position = SelectField(_("Chức vụ trong chi bộ"), coerce=Position, default=Position.SECRETARY)
    is_village_head = BooleanField(_("Kiêm trưởng thôn, bản, tiểu khu"))
    phone = StringField(_("Điện thoại"), [Optional()])
    unit_code = StringField(_("Chi bộ"), [required()])

    def __init__(self, is_new: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sex.choices = choices(Sex, "–")
        self.position.choices = choices(Position)
        del self["unit_code" if is_new else "code"]

    def draft(self, code: str = "") -> PersonDraft:
        """Return what was filled in; the cell is set apart."""
        texts, others = (
            ("full_name", "ethnicity", "phone"),
            ("birth_date", "sex", "position", "is_village_head"),
        )
        values = {name: self[name].data or "" for name in texts} | {name: self[name].data for name in others}
        return PersonDraft(0, code or self.code.data, **values)
