"""Forms for publishing a ranking and settling a tie."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from quiz.web.forms.base import Form, required


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


class PickForm(Form):
    """Those the committee sends on by hand."""

    chosen = Picks(_("Người đi tiếp"), coerce=int)
    reason = StringField(_("Lý do hoặc số văn bản"), [required(), Length(max=300)])
