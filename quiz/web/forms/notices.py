"""The words of a round's notices."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length

from quiz.web.forms.base import required
from quiz.web.forms.shared import SharedForm


class NoticeForm(SharedForm):
    """Where to come, and whom to ask."""

    place = StringField(_("Địa điểm thi"), [required(), Length(max=300)])
    contact = StringField(_("Người liên hệ, số điện thoại"), [required(), Length(max=200)])
