"""Forms for a sitting at a hall, at the proctor's desk and on the shared devices."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from quiz.core.people import AbsenceReason
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import InstantField, offered
from quiz.web.labels import choices

Pairs = list[tuple[int, str]]


class HallForm(Form):
    """Where and from when a sitting is held."""

    unit = SelectField(_("Thí sinh của đơn vị"), coerce=int)
    place = StringField(_("Tên hội trường"), [required(), Length(max=120)])
    opens_at = InstantField(_("Vào thi từ lúc"), [InputRequired(_("Hãy chọn ngày giờ."))])
    asks_pin = BooleanField(_("Hỏi thêm mã PIN trên phiếu dự thi"))

    def __init__(self, units: Pairs, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit.choices = offered(units)


class MoveForm(Form):
    """The device somebody goes on at."""

    device = RadioField(_("Chuyển sang máy"), [InputRequired(_("Hãy chọn một máy."))], coerce=int)

    def __init__(self, devices: Pairs, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.device.choices = list(devices)


class AbsentForm(Form):
    """Why somebody has not come."""

    reason = RadioField(_("Lý do vắng"), [required(_("Hãy chọn một lý do."))], coerce=AbsenceReason)
    note = StringField(_("Ghi chú"), [Length(max=200)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = choices(AbsenceReason)


class CloseForm(Form):
    """Closing a hall; `anyway` although papers are still worked on."""

    anyway = BooleanField(_("Vẫn đóng dù còn người đang làm bài"))


class JoinForm(Form):
    """A device joins a hall."""

    code = StringField(_("Mã hội trường"), [required(_("Hãy nhập mã hội trường.")), Length(max=20)])
    label = StringField(_("Tên máy"), [Length(max=40)])


class SeatForm(Form):
    """A contestant sits down: the short code, and the PIN where the hall asks for it."""

    code = StringField(_("Mã ngắn"), [required(_("Hãy nhập mã ngắn của bạn.")), Length(max=20)])
    pin = StringField(_("Mã PIN"), [required(_("Hãy nhập mã PIN trên phiếu dự thi.")), Length(max=20)])

    def __init__(self, asks_pin: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not asks_pin:
            del self.pin
