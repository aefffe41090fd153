"""Forms by which essays come in."""

from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField
from wtforms.validators import Length, ValidationError

from quiz.web.forms.base import Form

PAPER = "paper"
ACCEPTED = ".pdf,.docx,.odt,.txt,.jpg,.jpeg,.png"


class HandInForm(Form):
    """A contestant's own file for one part."""

    part = HiddenField()
    file = FileField(_("Tệp bài nộp"), [FileRequired(_("Chưa chọn tệp. Hãy chọn tệp rồi nộp."))])


class ReceiveForm(Form):
    """What an organizer took in for a contestant: a file, or by a button of its own word that it came on paper."""

    part = HiddenField()
    file = FileField(_("Tệp bài nộp"))
    reason = StringField(_("Lý do nhận muộn (khi đã quá hạn)"), [Length(max=300)])

    @property
    def is_on_paper(self) -> bool:
        """Tell whether the button for paper was pressed."""
        return request.form.get("act") == PAPER

    def validate_file(self, field: Any) -> None:
        """Take a file by one button and word of paper by the other, so that neither is lost to the wrong one."""
        if self.is_on_paper and field.data:
            raise ValidationError(
                gettext(
                    "Đã chọn tệp. Hãy bấm “Ghi nhận tệp”, hoặc bấm lại “Đã nhận bản giấy” mà không chọn tệp."
                )
            )
        if not self.is_on_paper and not field.data:
            raise ValidationError(gettext("Chưa chọn tệp. Chỉ nhận bản giấy thì bấm “Đã nhận bản giấy”."))
