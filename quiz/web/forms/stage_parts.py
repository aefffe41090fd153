"""Lines of the rules form for the parts of a stage and for how many people each unit sends."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import Length, ValidationError

from quiz.core.delegations import Delegation
from quiz.core.parts import Part, PartKind
from quiz.web.forms.base import Form
from quiz.web.forms.fields import PointsField, WholeField, offered


class PartForm(Form):
    """One part; without a name it is a spare line."""

    class Meta(Form.Meta):
        """Part of another form, which carries the token."""

        csrf = False

    name = StringField(_("Tên phần thi"), [Length(max=100)])
    kind = SelectField(_("Hình thức"))
    max_points = PointsField(_("Điểm tối đa"))
    weight = WholeField(_("Tỷ trọng (phần trăm)"))
    minutes = WholeField(_("Thời gian (phút)"))

    def part(self) -> Part | None:
        """Return the part of this line, None for a spare one."""
        if not self.name.data:
            return None
        kind = PartKind(self.kind.data)
        points = 0 if kind is PartKind.ONLINE else self.max_points.data or 0
        minutes = 0 if kind is PartKind.ONLINE else self.minutes.data or 0
        return Part(self.name.data, kind, points, self.weight.data or 0, minutes)


class NumbersForm(Form):
    """How many people somebody sends."""

    class Meta(Form.Meta):
        """Part of another form, which carries the token."""

        csrf = False

    least = WholeField(_("Ít nhất"))
    most = WholeField(_("Nhiều nhất"))
    reserves = WholeField(_("Dự bị"))

    def numbers(self) -> list[int | None]:
        """Return the least, the most and the reserves as typed."""
        return [field.data for field in (self.least, self.most, self.reserves)]


class DelegationForm(NumbersForm):
    """How many people units of a type send; without a number it is a spare line."""

    unit_type = SelectField(_("Loại đơn vị"))

    def offer(self, types: Sequence[str]) -> None:
        """Offer these types of unit, and every other; one that has left the tree is still shown."""
        known = [*types, self.unit_type.data] if self.unit_type.data else list(types)
        everyone = ("", str(_("Mọi loại đơn vị")))
        self.unit_type.choices = offered([everyone, *((name, name) for name in dict.fromkeys(known))])

    def delegation(self) -> Delegation | None:
        """Return the quota of this line, None for a spare one."""
        numbers = [number or 0 for number in self.numbers()]
        return Delegation(self.unit_type.data or "", *numbers) if any(numbers) else None


class UnitQuotaForm(NumbersForm):
    """How many people one unit sends; without a unit, or with nothing but noughts, it is a spare line."""

    # Whether the unit may have a quota is the service's to say: of one that left the rounds it has a sentence.
    unit_code = SelectField(_("Đơn vị"), validate_choice=False)

    def offer(self, units: Sequence[tuple[str, str]]) -> None:
        """Offer these units, by code and name; one that is no longer among them is still shown."""
        named, chosen = {"": str(_("(chưa chọn)")), **dict(units)}, self.unit_code.data or ""
        named.setdefault(chosen, chosen)
        self.unit_code.choices = offered(named.items())

    def validate_unit_code(self, field: Any) -> None:
        """Ask for the unit of a line that has a number."""
        if not field.data and any(self.numbers()):
            raise ValidationError(str(_("Hãy chọn đơn vị cho dòng này, hoặc ghi các số là 0 để bỏ dòng.")))

    def validate_most(self, field: Any) -> None:
        """Ask for a number of a line that has a unit."""
        if self.unit_code.data and all(number is None for number in self.numbers()) and not field.errors:
            raise ValidationError(str(_("Hãy điền số người của đơn vị này, hoặc ghi 0 để bỏ dòng.")))

    def delegation(self) -> Delegation | None:
        """Return the quota of this line, None for a spare one."""
        numbers = [number or 0 for number in self.numbers()]
        return Delegation("", *numbers, self.unit_code.data) if self.unit_code.data and any(numbers) else None


def values_of_part(part: Part) -> dict[str, Any]:
    """Return what the line of a part shows."""
    shown = {
        "name": part.name,
        "kind": part.kind.value,
        "weight": part.weight,
        "minutes": part.minutes or None,
    }
    return shown | {"max_points": part.max_points or None}


def values_of_delegation(line: Delegation) -> dict[str, Any]:
    """Return what the line of a quota shows."""
    numbers = {"least": line.least or None, "most": line.most or None, "reserves": line.reserves or None}
    return {"unit_type": line.unit_type, "unit_code": line.unit_code} | numbers
