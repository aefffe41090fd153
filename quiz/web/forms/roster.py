"""The form that hands in a workbook."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired

from quiz.web.forms.base import Form


class RosterForm(Form):
    """A roster workbook."""

    file = FileField(_("Tệp Excel (.xlsx)"), [FileRequired(_("Chưa chọn tệp. Hãy chọn tệp rồi tải lên."))])
