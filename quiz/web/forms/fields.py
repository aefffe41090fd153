"""Fields whose values are the core's own: instants in ms UTC, points in hundredths, several things ticked."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    FieldList,
    IntegerField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields import SelectChoice
from wtforms.fields.choices import SelectFieldBase
from wtforms.widgets import CheckboxInput, ListWidget

from quiz import clock
from quiz.web.formatting import datetime_text

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"]
_POINTS = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?")


def offered(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Return the choices of a select from (value, words)."""
    return [SelectChoice(value, words) for value, words in pairs]


class InstantField(DateTimeLocalField):
    """A date and time in Vietnam; its data is an instant (ms UTC). Typed as "05/02/2023 08:00" it is read too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"format": FORMATS} | kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return clock.local(self.data).strftime(FORMATS[0]) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the local time typed and keep the instant."""
        if not valuelist:
            return
        super().process_formdata(valuelist)
        if self.data is not None:
            self.data = clock.instant_of(self.data)


def words_of(field: Field, value: Any) -> str:
    """Return a stored value as its field shows it, quoted; "" where few words do not say it."""
    if isinstance(field, FieldList):
        return ""
    if isinstance(field, BooleanField):
        return quoted(gettext("có") if value else gettext("không"))
    if isinstance(value, date):
        return quoted(f"{value:%d/%m/%Y}")
    if isinstance(field, InstantField) and value:
        return quoted(datetime_text(value))
    shown = object.__new__(type(field))  # to be asked by itself, a field of WTForms knows its form
    vars(shown).update(vars(field), raw_data=None)
    shown.process_data(value)
    if isinstance(shown, SelectFieldBase):
        return quoted(", ".join(str(choice.label) for choice in shown.iter_choices() if choice.selected))
    return quoted(", ".join(shown._value().splitlines()) or f"({gettext('để trống')})")


def quoted(words: str) -> str:
    """Return words in quotation marks, but not those that say in brackets that nothing was chosen or filled in."""
    return f"“{words}”" if words and not words.startswith("(") else words


class WholeField(IntegerField):
    """A whole number that may be left blank: then its data is None. The hint says what that stands for."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number typed, if any."""
        if valuelist and valuelist[0].strip():
            super().process_formdata(valuelist)
        else:
            self.data = None


class PointsField(StringField):
    """Points with up to two decimals after a comma; its data is a number of hundredths."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        whole, rest = divmod(self.data, 100)
        return f"{whole},{rest:02d}" if rest else str(whole)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read "0,25", "0.25" or "1"; a blank one has no value."""
        text = valuelist[0].strip() if valuelist else ""
        found = _POINTS.fullmatch(text)
        self.data = None
        if found:
            self.data = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
        elif text:
            raise ValueError(gettext("Hãy nhập một số từ 0 trở lên, nhiều nhất hai chữ số sau dấu phẩy."))


class Ticks(SelectMultipleField):
    """Several things of a list, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
