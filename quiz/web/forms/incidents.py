"""Forms of the log of incidents."""

import secrets
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from quiz.core.incidents import LONGEST, IncidentKind
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import InstantField, Ticks, offered
from quiz.web.labels import choices


class KeyedForm(Form):
    """A form whose `key` tells a second press of it from another one."""

    key = HiddenField(validators=[required(), Length(max=38)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not self.key.data:
            self.key.data = secrets.token_hex(16)


class IncidentForm(KeyedForm):
    """What happened, where and when; the unit is not asked for when the incident concerns one contestant."""

    kind = SelectField(_("Loại sự cố"), [required(_("Hãy chọn một loại."))], coerce=IncidentKind)
    unit = SelectField(_("Xảy ra ở"), coerce=int)
    place = StringField(_("Nơi cụ thể"), [Length(max=120)], render_kw={"maxlength": 120})
    happened_at = InstantField(_("Xảy ra lúc"), [InputRequired(_("Hãy chọn ngày giờ."))])
    what = TextAreaField(
        _("Việc gì đã xảy ra"), [required(_("Hãy ghi việc gì đã xảy ra.")), Length(max=LONGEST)]
    )
    done = TextAreaField(_("Đã xử lý thế nào"), [Length(max=LONGEST)])

    def __init__(self, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = choices(IncidentKind)
        self.unit.choices = offered(units)
        if not units:
            del self.unit


class StepForm(KeyedForm):
    """What was done about an incident."""

    text = TextAreaField(_("Việc đã làm"), [required(_("Hãy ghi việc đã làm.")), Length(max=LONGEST)])


class LinkForm(Form):
    """The grants of minutes that were given because of an incident."""

    grants = Ticks(_("Các lần cho thêm giờ chưa gắn với sự cố nào"), coerce=int)

    def __init__(self, grants: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.grants.choices = offered(grants)


class WithdrawForm(Form):
    """Why an incident is taken out of the log."""

    reason = StringField(
        _("Vì sao rút khỏi sổ"), [required(_("Hãy ghi vì sao rút khỏi sổ.")), Length(max=300)]
    )
