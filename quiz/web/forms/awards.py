"""Forms for the prize table of a stage, and for what the board decides about prizes."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, SelectField, StringField
from wtforms.validators import Length, Optional

from quiz.core.prizes import (
    AtLine,
    CollectivePrize,
    Measure,
    Merit,
    Prize,
    PrizeTable,
    SpecialPrize,
)
from quiz.core.promotion import Scope
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import PointsField, Ticks, WholeField, offered
from quiz.web.forms.shared import SharedForm
from quiz.web.labels import choices

SPARE = {"prizes": 2, "special": 2, "collective": 1}
MOST_LINES = 20


class _Line(Form):
    """One line of a table; without a name it is a spare one."""

    class Meta(Form.Meta):
        """Part of another form, which carries the token."""

        csrf = False

    title = StringField(_("Tên giải"), [Length(max=80)])
    count = WholeField(_("Số giải"))


class PrizeLine(_Line):
    """A main prize."""

    min_points = PointsField(_("Từ điểm"))
    last_rank = WholeField(_("Đến hạng"))


class SpecialLine(_Line):
    """A special prize."""

    merit = SelectField(_("Trao cho"))
    topic = SelectField(_("Chuyên đề"), default="")
    part = SelectField(_("Phần thi"), default="")
    min_points = PointsField(_("Từ điểm"))


class CollectiveLine(_Line):
    """A prize for units."""

    measure = SelectField(_("Xét theo"))
    best = WholeField(_("Số người tính"))
    min_size = WholeField(_("Quy mô từ"))


class TableForm(SharedForm):
    """The whole prize table; a line without a name is left out. `reason` is asked for once the rules are frozen."""

    called: ClassVar[Mapping[str, Any]] = {
        "prizes": _("Giải chính"), "special": _("Giải riêng"), "collective": _("Giải tập thể"),
    }  # fmt: skip

    prizes = FieldList(FormField(PrizeLine), max_entries=MOST_LINES)
    prize_scope = SelectField(_("Số giải chính tính cho"))
    at_line = SelectField(_("Khi có người bằng nhau ở ranh giới giải"))
    special = FieldList(FormField(SpecialLine), max_entries=MOST_LINES)
    collective = FieldList(FormField(CollectiveLine), max_entries=MOST_LINES)
    most_percent = WholeField(_("Tổng số giải cá nhân không quá bao nhiêu phần trăm số người dự thi"))
    reason = StringField(_("Lý do sửa đổi"), [required(), Length(max=300)])

    def __init__(
        self, topics: Sequence[tuple[str, str]], frozen: bool, parts: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if not frozen:
            del self.reason
        self._topics = [("", _("(không)")), *topics]
        self._parts = [("", _("(không)")), *((name, name) for name in parts)]
        self.prize_scope.choices = choices(Scope)
        self.at_line.choices = choices(AtLine)
        self.offer({} if self.is_submitted() else SPARE)

    def offer(self, spare: dict[str, int]) -> None:
        """Offer that many more empty lines in each list."""
        for name, count in spare.items():
            lines = self[name]
            for _number in range(min(count, MOST_LINES - len(lines))):
                lines.append_entry({})
        for line in self.special:
            line.merit.choices = choices(Merit)
            known = {code for code, _title in self._topics}
            own = line.topic.data
            line.topic.choices = offered(self._topics + ([] if not own or own in known else [(own, own)]))
            line.part.choices = offered(self._parts)
            if line.part.data not in dict(self._parts):
                line.part.data = ""  # the part has gone, or another stage's table was begun from
        for line in self.collective:
            line.measure.choices = choices(Measure)

    def table(self) -> PrizeTable:
        """Return the prize table filled in."""
        return PrizeTable(
            prizes=tuple(
                Prize(line.title.data, line["count"].data, line.min_points.data or 0, line.last_rank.data)
                for line in self.prizes
                if line.title.data
            ),
            scope=Scope(self.prize_scope.data),
            at_line=AtLine(self.at_line.data),
            special=tuple(_special(line) for line in self.special if line.title.data),
            collective=tuple(_collective(line) for line in self.collective if line.title.data),
            most_percent=self.most_percent.data or 0,
        )


def _or(value: int | None, usual: int) -> int:
    return usual if value is None else value


def _special(line: Any) -> SpecialPrize:
    merit = Merit(line.merit.data)
    topic = line.topic.data if merit is Merit.BEST_TOPIC else ""
    part = line.part.data if merit is Merit.BEST_PART else ""
    count = 1 if merit is Merit.EVERYONE else _or(line["count"].data, 1)
    return SpecialPrize(line.title.data, merit, count, topic, line.min_points.data or 0, part)


def _collective(line: Any) -> CollectivePrize:
    measure = Measure(line.measure.data)
    best = line.best.data or 0 if measure is Measure.BEST_MEAN else 0
    size = 0 if measure is Measure.BY_HAND else line.min_size.data or 0
    return CollectivePrize(line.title.data, measure, _or(line["count"].data, 1), best, size)


def values_of(table: PrizeTable) -> dict[str, Any]:
    """Return what the form shows for a prize table."""
    return {
        "prizes": [
            {
                "title": row.name,
                "count": row.count,
                "min_points": row.min_points or None,
                "last_rank": row.last_rank,
            }
            for row in table.prizes
        ],
        "prize_scope": table.scope.value,
        "at_line": table.at_line.value,
        "special": [
            {
                "title": row.name,
                "count": row.count,
                "merit": row.merit.value,
                "topic": row.topic,
                "part": row.part,
                "min_points": row.min_points or None,
            }
            for row in table.special
        ],
        "collective": [
            {
                "title": row.name,
                "count": row.count,
                "measure": row.measure.value,
                "best": row.best or None,
                "min_size": row.min_size or None,
            }
            for row in table.collective
        ],
        "most_percent": table.most_percent or None,
    }


REASON = _("Lý do hoặc số biên bản")


class WithholdForm(Form):
    """How many of which prize are not given, and why; choices are set by the view."""

    prize = SelectField(_("Giải"))
    number = WholeField(_("Số giải không trao"), [required()])
    reason = StringField(REASON, [required(), Length(max=300)])


class SettleForm(Form):
    """Who of the equals gets the prize; choices are set by the view."""

    chosen = Ticks(_("Người được giải"), coerce=int)
    reason = StringField(REASON, [required(), Length(max=300)])


class GiveForm(Form):
    """Which prize somebody gets by hand, and why; choices are set by the view."""

    prize = SelectField(_("Giải"))
    reason = StringField(REASON, [required(), Length(max=300)])


class GiveUnitForm(Form):
    """Which unit gets which collective prize by hand, and why; choices are set by the view."""

    prize = SelectField(_("Giải"))
    unit = SelectField(_("Đơn vị"), coerce=int)
    reason = StringField(REASON, [required(), Length(max=300)])


class ReasonForm(Form):
    """A reason alone."""

    reason = StringField(REASON, [required(), Length(max=300)])


class CloseForm(Form):
    """A note to whoever decides."""

    note = StringField(_("Lời nhắn cho người duyệt"), [Optional(), Length(max=300)])
