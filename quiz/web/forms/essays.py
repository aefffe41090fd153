"""Forms by which essays come in."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from quiz.web.forms.base import Form

ACCEPTED = ".pdf,.docx,.odt,.txt,.jpg,.jpeg,.png"


class HandInForm(Form):
    """A contestant's own file for one part."""

    part = HiddenField()
    file = FileField(_("Tệp bài nộp"), [FileRequired(_("Chưa chọn tệp. Hãy chọn tệp rồi nộp."))])


class ReceiveForm(Form):
    """What an organizer took in for a contestant: a file, or without one word that it came on paper."""

    part = HiddenField()
    file = FileField(_("Tệp bài nộp (để trống nếu nhận bản giấy)"))
    reason = StringField(_("Lý do nhận muộn (khi đã quá hạn)"), [Length(max=300)])
