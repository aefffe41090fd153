"""Forms of appeals: the board's window, a contestant's question, the board's answer."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from quiz.core.appeals import LONGEST, LONGEST_WAIT, Finding, Hours
from quiz.services.appeals import Settings
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import InstantField
from quiz.web.forms.shared import SharedForm
from quiz.web.labels import choices

NOT_FILLED = _("Chưa điền mục này. Hãy điền rồi gửi lại.")


class WindowForm(SharedForm):
    """When appeals are taken, how soon they are answered, and what contestants see of their papers."""

    opens_at = InstantField(_("Nhận từ"), [InputRequired(NOT_FILLED)])
    closes_at = InstantField(_("Đến trước"), [InputRequired(NOT_FILLED)])
    answer_days = IntegerField(
        _("Trả lời trong vòng (ngày)"), [InputRequired(NOT_FILLED), NumberRange(1, LONGEST_WAIT)]
    )
    shows_paper = BooleanField(_("Thí sinh được xem lại bài của mình và điểm từng câu"))
    shows_key = BooleanField(_("Cho xem cả đáp án"))
    note = StringField(_("Lời nhắn cho thí sinh"), [Length(max=300)])

    def of_the_stage(self) -> None:
        """Ask of a round without papers what is shown of the judges' marks alone."""
        self.shows_paper.label.text = gettext("Thí sinh được xem điểm từng giám khảo cho mình")
        del self.shows_key

    @property
    def settings(self) -> Settings:
        """Return what was decided."""
        hours = Hours(self.opens_at.data, self.closes_at.data, self.answer_days.data)
        shows_key = bool(self.shows_key and self.shows_key.data)
        return Settings(hours, self.shows_paper.data, shows_key, self.note.data or "")


class AppealForm(Form):
    """Which question, and what is to be looked at again."""

    position = SelectField(_("Về câu nào"), coerce=int)
    text = TextAreaField(_("Điều cần xem lại"), [required(), Length(max=LONGEST)])

    def __init__(self, count: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        numbered = [(position, _("Câu %(number)d", number=position + 1)) for position in range(count)]
        self.position.choices = [(-1, _("Cả bài, không riêng câu nào")), *numbered]


class StageAppealForm(Form):
    """Which judged part, and what is to be looked at again."""

    performance = SelectField(_("Về phần thi nào"), coerce=int)
    text = TextAreaField(_("Điều cần xem lại"), [required(), Length(max=LONGEST)])

    def __init__(self, performances: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.performance.choices = [(one.id, one.part) for one in performances]

    def offer_others(self, asked: Collection[int | None]) -> bool:
        """Offer no part that was asked about, and tell whether any is left."""
        self.performance.choices = [choice for choice in self.performance.choices if choice[0] not in asked]
        return bool(self.performance.choices)


class AnswerForm(Form):
    """What came of an appeal, and the answer its contestant reads."""

    finding = RadioField(_("Kết luận"), [required(_("Hãy chọn kết luận."))], coerce=Finding)
    text = TextAreaField(_("Trả lời"), [required(), Length(max=LONGEST)])

    def __init__(self, of_stage: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.finding.choices = choices(Finding)
        if of_stage:
            self.finding.choices[-1] = (Finding.CORRECTED.value, _("Đã sửa điểm phần thi"))
