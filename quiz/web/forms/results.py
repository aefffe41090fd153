"""Forms for publishing a ranking and settling a tie."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import PointsField


class PublishForm(Form):
    """Which kind of edition, and a note printed with it."""

    kind = RadioField(
        _("Công bố là"),
        choices=[
            SelectChoice("provisional", _("Kết quả tạm thời")),
            SelectChoice("final", _("Kết quả chính thức")),
        ],
    )
    note = StringField(_("Ghi chú in kèm"), [Optional(), Length(max=300)])


class Picks(SelectMultipleField):
    """Several people as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DecisionForm(Form):
    """How the board settles one tie at the cut; choices are set by the view."""

    way = RadioField(_("Cách quyết định"))
    chosen = Picks(_("Người được chọn"), coerce=int)
    seed = StringField(_("Số công khai để bốc thăm"), [Optional(), Length(max=80)])
    reason = StringField(_("Lý do hoặc số biên bản"), [required(), Length(max=300)])

    @property
    def scores(self) -> dict[int, int]:
        """Return the points typed for extra questions by entry, in hundredths."""
        fields = [field for field in self if field.short_name.startswith(EXTRA)]
        return {
            int(field.short_name.removeprefix(EXTRA)): field.data
            for field in fields
            if field.data is not None
        }


EXTRA = "extra_"


def decision_form(names: Iterable[tuple[int, str]], **kwargs: Any) -> DecisionForm:
    """Return the form for one tie, with a field for the points of each of (entry, name) on extra questions."""
    fields = {f"{EXTRA}{entry}": PointsField(name, [Optional()]) for entry, name in names}
    form: DecisionForm = type("DecisionForm", (DecisionForm,), fields)(**kwargs)
    return form


class TakeBackForm(Form):
    """Why a decision about a tie is taken back."""

    reason = StringField(_("Lý do thu hồi"), [required(), Length(max=300)])


class DeclineForm(Form):
    """Why a reserve cannot come."""

    reason = StringField(_("Lý do xin rút"), [required(), Length(max=300)])


class TakeDeclineBackForm(Form):
    """Why that is taken back."""

    reason = StringField(_("Lý do bỏ ghi xin rút"), [required(), Length(max=300)])


class PickForm(Form):
    """Those the committee sends on by hand."""

    chosen = Picks(_("Người đi tiếp"), coerce=int)
    reason = StringField(_("Lý do hoặc số văn bản"), [required(), Length(max=300)])
