"""Forms for rounds: their hours, the units they cover, many at once, and their early end."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from quiz.core.people import CellType
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import InstantField, Ticks, offered, quoted
from quiz.web.forms.shared import SharedForm
from quiz.web.labels import LABELS

# What was typed but cannot be read as an hour keeps its own sentence, which DataRequired would replace by this one.
NOT_FILLED = _("Chưa điền mục này. Hãy điền rồi gửi lại.")
SPARE_LINES = 3
MOST_LINES = 200

Units = Sequence[tuple[int, str]]


class WindowForm(SharedForm):
    """When a round opens and closes; a reason when it has been opened already."""

    opens_at = InstantField(_("Giờ mở"), [InputRequired(NOT_FILLED)])
    closes_at = InstantField(_("Giờ đóng"), [InputRequired(NOT_FILLED)])
    reason = StringField(_("Lý do đổi giờ"), [Length(max=300)])


class ForEachForm(Form):
    """One round for each unit ticked, all with the same hours to begin with."""

    units = Ticks(_("Lập vòng thi cho"), coerce=int)
    opens_at = InstantField(_("Giờ mở"), [Optional()])
    closes_at = InstantField(_("Giờ đóng"), [Optional()])


class ScopeForm(Form):
    """One unit a round covers, perhaps in a cluster; without a unit it is a spare line."""

    class Meta(Form.Meta):
        """Part of another form, which carries the token."""

        csrf = False

    unit = SelectField(_("Đơn vị"), coerce=int)
    cluster = StringField(_("Cụm"), [Length(max=100)])


class ScopesForm(Form):
    """The name of a round and the units it covers."""

    name = StringField(_("Tên vòng thi"), [required(), Length(max=200)])
    lines = FieldList(FormField(ScopeForm), _("Đơn vị tham gia"), max_entries=MOST_LINES)

    def __init__(self, units: Units, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._units = offered([(0, _("(không dùng)")), *units])
        self.add_lines(0 if self.is_submitted() else SPARE_LINES)

    def add_lines(self, count: int) -> None:
        """Offer that many more empty lines."""
        for _number in range(min(count, MOST_LINES - len(self.lines))):
            self.lines.append_entry({"unit": 0, "cluster": ""})
        for line in self.lines:
            line.unit.choices = self._units

    def scopes(self) -> list[tuple[int, str]]:
        """Return (unit id, cluster) of the lines that name a unit."""
        return [(line.unit.data, line.cluster.data or "") for line in self.lines if line.unit.data]


class CoveredForm(ScopesForm, SharedForm):
    """The name of a round that is there, and the units it covers."""


class RoundForm(ScopesForm):
    """A new round: where it is held and when, besides its name and units."""

    unit = SelectField(_("Nơi tổ chức"), coerce=int)
    opens_at = InstantField(_("Giờ mở"), [Optional()])
    closes_at = InstantField(_("Giờ đóng"), [Optional()])

    def __init__(self, units: Units, **kwargs: Any) -> None:
        super().__init__(units, **kwargs)
        self.unit.choices = offered(units)


class CopySetupForm(SharedForm):
    """What of one round is copied, and to which others."""

    called: ClassVar[Mapping[str, Any]] = {"rounds": _("Giờ thi và người liên hệ của các vòng")}

    hours = BooleanField(_("Giờ mở và giờ đóng"))
    notice = BooleanField(_("Người liên hệ ghi trên giấy báo dự thi"))
    rounds = Ticks(_("Chép cho"), [required(_("Hãy chọn ít nhất một vòng thi."))], coerce=int)


class GroupsForm(SharedForm):
    """Which kinds of cells are in which groups; the page has a field of its own for each kind."""

    called: ClassVar[Mapping[str, Any]] = {
        **{kind: _(words) for kind, words in LABELS[CellType].items()}, "": _("Chưa ghi loại chi bộ"),
    }  # fmt: skip

    def _told(self, name: str, value: Any) -> str:
        groups = quoted(", ".join(value or [f"({gettext('để trống')})"]))
        return f"{self.called[name]} {groups}"


class ClusterForm(SharedForm):
    """Who hosts a cluster, which of its units leads it, and who the leader is."""

    host = SelectField(_("Đơn vị đăng cai"), coerce=int)
    head = SelectField(_("Đơn vị cụm trưởng"), coerce=int)
    leader = StringField(_("Người phụ trách cụm"), [Length(max=40)])

    def __init__(self, units: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in (self.host, self.head):
            field.choices = offered([(0, _("(chưa chọn)")), *((unit.id, unit.title) for unit in units)])


class ReasonForm(Form):
    """Why a round ends before its hour."""

    reason = StringField(_("Lý do"), [required(), Length(max=300)])


class ConfirmForm(Form):
    """One button."""
