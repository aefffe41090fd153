"""Who issues and signs papers, and their numbers and days."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from quiz.core.names import nfc
from quiz.core.offices import Office
from quiz.files.paperwork.kinds import ISSUED_AS, NUMBERED
from quiz.services.paperwork import Numbered
from quiz.web.forms.base import required
from quiz.web.forms.shared import SharedForm

MOST_LINES, LONGEST = 12, 120


class LinesField(TextAreaField):
    """Several lines; its data is a tuple of them, without the dashes people put before each."""

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the lines typed."""
        if valuelist:
            lines = (nfc(line).lstrip("-–• ")[:LONGEST] for line in valuelist[0].splitlines())
            self.data = tuple(line for line in lines if line)[:MOST_LINES]


class OfficeForm(SharedForm):
    """The letterhead, the signer, whom papers go to, and under which number and day each is issued."""

    above = StringField(_("Cơ quan cấp trên trực tiếp"), [required(), Length(max=120)])
    body = StringField(_("Cơ quan ban hành"), [required(), Length(max=120)])
    place = StringField(_("Địa danh"), [required(), Length(max=60)])
    code = StringField(_("Chữ viết tắt sau số văn bản"), [required(), Length(max=20)])
    on_behalf = StringField(_("Quyền hạn ký"), [Optional(), Length(max=80)])
    position = StringField(_("Chức vụ người ký"), [Optional(), Length(max=80)])
    signer = StringField(_("Họ và tên người ký"), [Optional(), Length(max=80)])
    secretary = StringField(_("Thư ký ghi biên bản"), [Optional(), Length(max=80)])
    superior = StringField(_("Báo cáo kính gửi"), [Optional(), Length(max=120)])
    recipients = LinesField(_("Nơi nhận"), [Optional()], render_kw={"rows": 4})
    minutes_number = StringField(_("Số biên bản"), [Optional(), Length(max=20)])
    minutes_day = DateField(_("Ngày biên bản"), [Optional()])
    decision_number = StringField(_("Số quyết định"), [Optional(), Length(max=20)])
    decision_day = DateField(_("Ngày quyết định và giấy chứng nhận"), [Optional()])
    report_number = StringField(_("Số báo cáo"), [Optional(), Length(max=20)])
    report_day = DateField(_("Ngày báo cáo"), [Optional()])
    list_day = DateField(_("Ngày ghi trên các danh sách"), [Optional()])

    @property
    def office(self) -> Office:
        """Return who issues and signs as typed."""
        names = (
            "above", "body", "place", "code", "superior", "on_behalf", "position", "signer", "secretary",
        )  # fmt: skip
        values: dict[str, Any] = {name: self[name].data or "" for name in names}
        return Office(**values, recipients=tuple(self.recipients.data or ()))

    @property
    def numbers(self) -> dict[str, Numbered]:
        """Return the numbers and days as typed."""
        return {
            kind: Numbered(
                (self[f"{kind}_number"].data or "") if kind in NUMBERED else "", self[f"{kind}_day"].data
            )
            for kind in ISSUED_AS
        }
