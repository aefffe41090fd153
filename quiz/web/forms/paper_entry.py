"""Forms for papers: choosing who gets one, finding one by its code, keying an answer sheet, settling differences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from quiz.core.errors import N_
from quiz.core.names import nfc
from quiz.core.paper_entry import LONGEST_MINUTES, UNCLEAR, read_answer
from quiz.web.forms.base import Form, required
from quiz.web.forms.fields import Ticks, WholeField, offered

MISSING = N_("Câu %(number)d: chưa nhập. Ô nào cũng trống thì gõ dấu -.")
WRONG = N_("Câu %(number)d: chỉ gõ các chữ từ A đến %(last)s, số thứ tự của ô, dấu - hoặc dấu ?.")
DECIDE = N_("Câu %(number)d: hãy quyết định, không để dấu ?.")


class ChooseForm(Form):
    """The people who get a paper."""

    entry = Ticks(_("Người làm bài trên giấy"), [required(_("Hãy chọn ít nhất một người."))], coerce=int)

    def __init__(self, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.entry.choices = offered(people)


class CodeForm(Form):
    """The code at the head of every page of a paper."""

    code = StringField(_("Mã bài"), [required(_("Hãy nhập mã bài.")), Length(max=20)])


@dataclass(slots=True)
class Line:
    """The field of one question: what was typed, and what is wrong with it."""

    position: int
    option_count: int
    several: bool
    typed: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        """Return the name of the field in the form."""
        return f"q{self.position + 1}"

    @property
    def last_letter(self) -> str:
        """Return the letter of the last box."""
        return chr(ord("A") + self.option_count - 1)


class SheetForm(Form):
    """An answer sheet: a short field for each question, and the minutes the proctor wrote down."""

    minutes = WholeField(
        _("Số phút làm bài"),
        [Optional(), NumberRange(1, LONGEST_MINUTES)],
        description=_(
            "Như giám thị ghi trên phiếu. Để trống nếu phiếu không ghi: tính đủ thời gian làm bài."
        ),
    )
    lines: Sequence[Line] = ()
    answers: dict[int, str]

    def fill(self, lines: Sequence[Line], typed: Any) -> None:
        """Set the questions asked, and what was typed for them."""
        self.lines = lines
        for line in lines:
            line.typed = nfc(typed.get(line.name, ""))[:20]

    def is_whole(self, may_be_unclear: bool = True) -> bool:
        """Tell whether a sheet was sent and nothing is wrong with it; what is wrong everywhere is said at once."""
        if not self.is_submitted():
            return False
        is_read, is_valid = self.read(may_be_unclear), self.validate()
        return is_read and is_valid

    def read(self, may_be_unclear: bool = True) -> bool:
        """Read every field into `answers` by position; False when one says nothing or something else."""
        self.answers = {}
        for line in self.lines:
            answer = read_answer(line.typed, line.option_count)
            line.error = _error(line, answer, may_be_unclear)
            self.answers[line.position] = answer or ""
        return not any(line.error for line in self.lines)


class SettleForm(SheetForm):
    """A third look: the questions that differ, the minutes where they do, and why it decided as it did."""

    minutes_differ = False

    without_minutes = BooleanField(_("Phiếu không ghi số phút: tính đủ thời gian làm bài"))
    reason = StringField(_("Lý do quyết định"), [required(_("Hãy ghi lý do quyết định.")), Length(max=300)])

    def validate_without_minutes(self, field: BooleanField) -> None:
        """Ask for a word on minutes that differ: the time used may tell equal points apart."""
        is_typed = self.minutes.data is not None or bool(self.minutes.errors)
        if self.minutes_differ and not field.data and not is_typed:
            raise ValidationError(gettext("Hãy ghi số phút trên phiếu, hoặc đánh dấu là phiếu không ghi."))
        if field.data and is_typed:
            raise ValidationError(gettext("Đã ghi số phút ở trên. Hãy xóa số phút, hoặc bỏ dấu ở ô này."))


def _error(line: Line, answer: str | None, may_be_unclear: bool) -> str:
    number = line.position + 1
    if answer is None and not line.typed:
        return str(gettext(MISSING, number=number))
    if answer is None:
        return str(gettext(WRONG, number=number, last=line.last_letter))
    if answer == UNCLEAR and not may_be_unclear:
        return str(gettext(DECIDE, number=number))
    return ""
