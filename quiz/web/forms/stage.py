"""Forms of the stage: panels, the draw, the clock, a score sheet with a field for each criterion."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange

from quiz.core.errors import Problem
from quiz.core.judging import Judging
from quiz.web.formatting import points_text
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import PointsField, offered, quoted
from quiz.web.forms.shared import SharedForm

MINUTE = 60


class DrawForm(Form):
    """The draw of the running order."""

    seed = StringField(
        _("Số công khai để bốc thăm"),
        [required(_("Hãy ghi số để bốc thăm, ví dụ các số hội trường vừa đọc lên.")), Length(max=80)],
        description=_(
            "Chữ hoặc số bất kỳ, đọc to trước hội trường trước khi bốc. Từ đó ai cũng tính lại được thứ tự này."
        ),
    )
    sessions = IntegerField(_("Số buổi thi"), [NumberRange(1, 10)], default=1)


class ReasonForm(Form):
    """An act that needs a reason."""

    reason = StringField(_("Lý do"), [required(_("Hãy ghi lý do.")), Length(max=300)])


class AbsentForm(ReasonForm):
    """Why somebody did not come, and whether to any part."""

    everywhere = BooleanField(_("Vắng cả các phần thi khác chưa thi"))


class TimeForm(ReasonForm, SharedForm):
    """The time of a performance put right."""

    minutes = IntegerField(_("Phút"), [NumberRange(0, 240)])
    seconds = IntegerField(_("Giây"), [NumberRange(0, MINUTE - 1)], default=0)

    @property
    def used(self) -> int:
        """Return the time in ms."""
        return ((self.minutes.data or 0) * MINUTE + (self.seconds.data or 0)) * 1000


class DecideForm(ReasonForm):
    """The points the head judge gives."""

    points = PointsField(_("Điểm quyết định"), [required()])


def _seat_words(number: int, third: int) -> Any:
    if number == third:
        return _("Ghế số %(number)d, chấm lần ba", number=number)
    return _("Ghế số %(number)d", number=number)


class SeatForm(SharedForm):
    """Who sits on one panel, of a part and a group ("" for all): a choice for each seat, 0 for nobody."""

    part = HiddenField()
    group = HiddenField()

    @classmethod
    def of(
        cls,
        seats: int,
        judges: Iterable[tuple[int, str]],
        chosen: Mapping[int, int],
        head: int,
        third: int = 0,
        **kept: Any,
    ) -> Any:
        """Return the form of a panel of so many seats, filled with the accounts `chosen` and the head's seat.

        `third` is the seat of a third marking (0: none); `kept` is for the form itself: its prefix, part and group.
        """
        people, numbers = [(0, _("(chưa có)")), *judges], range(1, seats + 1)
        named = [(number, _seat_words(number, third)) for number in numbers]
        fields = {
            f"seat{number}": SelectField(
                words, choices=offered(people), coerce=int, default=chosen.get(number, 0)
            )
            for number, words in named
        }
        heads = offered([(0, _("(chưa chọn)")), *named])
        fields["head"] = SelectField(_("Trưởng ban chấm"), choices=heads, coerce=int, default=head)
        return type("PanelForm", (cls,), fields)(**kept)

    @property
    def shown(self) -> list[Any]:
        """Return the choices: the seats and the head."""
        return [*self._seated(), self.head]

    @property
    def seats(self) -> dict[int, int]:
        """Return the account chosen for each seat, 0 for nobody."""
        return {int(f.short_name.removeprefix("seat")): f.data for f in self._seated()}

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse one judge on two seats of this panel."""
        is_valid = super().validate(extra_validators)
        taken: set[int] = set()
        for f in self._seated():
            if f.data and f.data in taken:
                f.errors = [
                    *f.errors,
                    gettext("Người này đã có ghế trong ban chấm này. Hãy chọn người khác."),
                ]
                is_valid = False
            taken.add(f.data)
        return is_valid

    def _seated(self) -> list[Any]:
        return [f for f in self if f.short_name.startswith("seat")]


class MarksForm(Form):
    """A score sheet; `of` makes one with a field of points for each criterion."""

    stamp = HiddenField()

    @classmethod
    def of(cls, judging: Judging, marks: Mapping[str, int], note: str = "", with_note: bool = True) -> Any:
        """Return the form of a sheet, filled with `marks` (hundredths by criterion)."""
        fields: dict[str, Any] = {
            f"c{place}": PointsField(one.name, default=marks.get(one.name))
            for place, one in enumerate(judging.criteria)
        }
        if with_note:
            fields["note"] = TextAreaField(
                _("Ghi chú của giám khảo (không bắt buộc)"), [Length(max=1000)], default=note
            )
        made = type("SheetForm", (cls,), fields)()
        made.judging = judging
        return made

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """Return each criterion with its field."""
        return [(one, self[f"c{place}"]) for place, one in enumerate(self.judging.criteria)]

    @property
    def marks(self) -> dict[str, int]:
        """Return the points given so far, hundredths by criterion."""
        return {one.name: field.data for one, field in self.rows if field.data is not None}

    def show(self, problems: Iterable[Problem]) -> None:
        """Put a problem beside the criterion it names."""
        for problem in problems:
            for one, field in self.rows:
                if one.name == problem.field:
                    problem = replace(problem, field=field.name)
            super().show([problem])


class CorrectionForm(MarksForm, SharedForm):
    """A sheet that was handed in, to be corrected with a reason."""

    reason = StringField(_("Lý do sửa"), [required(_("Hãy ghi lý do sửa điểm.")), Length(max=300)])

    def _told(self, name: str, value: Any) -> str:
        return f"{name} {quoted(points_text(value))}"
