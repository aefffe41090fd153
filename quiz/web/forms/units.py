"""Forms of units: what a unit is, where it hangs, and merging it. Fields are named as the roster's columns."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from quiz.core.people import CellType
from quiz.core.rosters import UnitDraft
from quiz.files.workbook_cells import Cell, read_day
from quiz.web.formatting import message_text
from quiz.web.forms.base import Form, required
from quiz.web.forms.shared import SharedForm
from quiz.web.labels import choices


class DayField(StringField):
    """A day typed as 25/02/1975, read by the rules of the workbook; its data is a date or None."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%d/%m/%Y}" if isinstance(self.data, date) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day typed; a blank field has none."""
        self.data = None
        reading = read_day(Cell(valuelist[0] if valuelist else ""))
        if reading.message and reading.stops:
            raise ValueError(message_text(reading.message, dict(reading.values or {})))
        self.data = reading.value


def member_of(enum: type[Any]) -> Any:
    """Return the coercion of a select over a fixed list: the empty choice is None."""
    return lambda value: enum(value) if value else None


class UnitForm(SharedForm):
    """A unit; a new one has a code to choose, a known one a day since when it bears another name."""

    code = StringField(_("Mã đơn vị"), [required()])
    name = StringField(_("Tên riêng"), [required()])
    renamed_on = DayField(_("Đổi tên từ ngày"), [Optional()])
    type_label = StringField(_("Loại đơn vị"), [required()])
    parent_code = StringField(_("Đơn vị cấp trên"), [Optional()])
    is_cell = BooleanField(_("Là chi bộ"))
    cell_type = SelectField(_("Loại hình chi bộ"), coerce=member_of(CellType))
    ranking_group = StringField(_("Khối thi"), [Optional()])
    has_signal = BooleanField(_("Có sóng điện thoại"), default=True)
    is_difficult = BooleanField(_("Đặc biệt khó khăn"))
    valid_from = DayField(_("Ngày thành lập"), [Optional()])
    valid_to = DayField(_("Ngày hết hiệu lực"), [Optional()])

    def __init__(self, is_new: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cell_type.choices = choices(CellType, "–")
        for name in ("renamed_on", "valid_to", "parent_code") if is_new else ("code",):
            del self[name]

    def draft(self, code: str = "") -> UnitDraft:
        """Return what was filled in; place in the tree and successor are set apart."""
        texts = ("name", "type_label", "ranking_group")
        others = ("is_cell", "cell_type", "has_signal", "is_difficult", "valid_from", "valid_to")
        values = {name: self[name].data or "" for name in texts}
        values |= {name: self[name].data for name in others if name in self}
        return UnitDraft(0, code or self.code.data, **values)


class MergeForm(Form):
    """Into which unit, and since when; asked for by GET, confirmed by POST."""

    successor_code = StringField(_("Sáp nhập vào đơn vị"), [required()])
    day = DayField(_("Từ ngày"), [InputRequired(_("Chưa điền mục này. Hãy điền rồi gửi lại."))])
