"""Forms of question packages: what each is made of, drawing one, showing a question in the hall."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from quiz.core.items import Level
from quiz.core.lots import MOST_LINES, MOST_PACKAGES, MOST_QUESTIONS, Line
from quiz.web.forms.base import Form
from quiz.web.forms.fields import WholeField, offered
from quiz.web.labels import choices


class LotsForm(Form):
    """How many packages are made, and the make-up of each; `of` makes one for the sources there are."""

    packages = IntegerField(
        _("Số gói"), [InputRequired(_("Hãy nhập một số.")), NumberRange(1, MOST_PACKAGES)]
    )

    @classmethod
    def of(cls, sources: Iterable[tuple[str, str]], prefix: str, packages: int) -> Any:
        """Return the form with so many packages proposed and a choice of `sources` on every line."""
        offer, fields = offered([("", _("(bỏ dòng này)")), *sources]), dict[str, Any]()
        levels = choices(Level, str(_("mọi mức độ")))
        for place in range(MOST_LINES):
            fields[f"source{place}"] = SelectField(_("Nguồn câu hỏi"), choices=offer, default="")
            fields[f"level{place}"] = SelectField(_("Mức độ"), choices=levels, default="")
            fields[f"count{place}"] = WholeField(_("Số câu"))
        return type("MakeUpForm", (cls,), fields)(prefix=prefix, packages=packages)

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a line of which only a half is filled in."""
        sound = bool(super().validate(extra_validators))
        for source, _level, count in self.rows:
            if source.data and not 1 <= (count.data or 0) <= MOST_QUESTIONS:
                count.errors = [_("Hãy ghi số câu từ 1 đến %(most)d.", most=MOST_QUESTIONS)]
                sound = False
            elif count.data and not source.data:
                source.errors = [_("Hãy chọn nguồn câu hỏi, hoặc xóa số câu.")]
                sound = False
        return sound

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Return the fields of each line: source, level, count."""
        return [(self[f"source{n}"], self[f"level{n}"], self[f"count{n}"]) for n in range(MOST_LINES)]

    @property
    def lines(self) -> list[Line]:
        """Return the lines that are filled in."""
        return [
            Line(source.data, level.data, count.data)
            for source, level, count in self.rows
            if source.data and count.data
        ]


class SpareForm(Form):
    """How many packages are added once somebody has drawn."""

    packages = IntegerField(
        _("Số gói thêm"), [InputRequired(_("Hãy nhập một số.")), NumberRange(1, MOST_PACKAGES)], default=1
    )


class PickForm(Form):
    """The number a contestant drew by hand."""

    number = SelectField(_("Số gói thí sinh bốc được"), coerce=int)

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Any:
        """Return the form with the packages that are left."""
        form = cls(prefix="lot-")
        form.number.choices = offered((number, str(number)) for number in numbers)
        return form
