"""Forms for question files: handing one in, and what is taken where it is silent."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from quiz.core.intake import Choices
from quiz.core.items import Difficulty, Level, Part
from quiz.web.forms.base import Form
from quiz.web.labels import choices

Pairs = list[tuple[str, str]]


class QuestionFileForm(Form):
    """A question file and, where it cannot be told from the file, its format."""

    file = FileField(_("Tệp câu hỏi"), [FileRequired(_("Chưa chọn tệp. Hãy chọn tệp câu hỏi rồi tải lên."))])
    format = SelectField(_("Định dạng"), [Optional()])

    def offer(self, formats: Pairs) -> "QuestionFileForm":
        """Fill the list of formats and return the form."""
        first = ("", gettext("Tự nhận biết theo tệp"))
        self.format.choices = [SelectChoice(name, title) for name, title in [first, *formats]]
        return self


class ChoicesForm(Form):
    """Where the questions of a file go, and what is taken for those that do not say it."""

    bank = SelectField(_("Nhập vào ngân hàng"))
    bank_title = StringField(_("Tên ngân hàng mới"), [Optional(), Length(max=200)])
    document = SelectField(_("Văn bản làm căn cứ"))
    document_title = StringField(_("Tên văn bản mới"), [Optional(), Length(max=300)])
    topic = SelectField(_("Chuyên đề"))
    topic_title = StringField(_("Tên chuyên đề mới"), [Optional(), Length(max=200)])
    level = SelectField(_("Mức độ"))
    intended_difficulty = SelectField(_("Độ khó dự kiến"))
    part = SelectField(_("Phần của ngân hàng"))
    prefix = StringField(_("Chữ đầu của mã câu hỏi"), [Length(max=20)])
    skip = BooleanField(_("Bỏ qua các câu bị từ chối, chỉ nhập các câu còn lại"))

    def offer(self, banks: Pairs, topics: Pairs, documents: Pairs) -> "ChoicesForm":
        """Fill the lists to choose from and return the form."""
        self.bank.choices = _or_new(banks, gettext("Ngân hàng mới, ghi tên ở dưới"))
        self.topic.choices = _or_new(topics, gettext("Chuyên đề mới, ghi tên ở dưới"))
        self.document.choices = _or_new(documents, gettext("Văn bản mới, ghi tên ở dưới"))
        self.level.choices = choices(Level)
        self.intended_difficulty.choices = choices(Difficulty, gettext("Chưa ghi"))
        self.part.choices = choices(Part)
        return self

    def show_only(self, needed: set[str]) -> "ChoicesForm":
        """Leave out the document or topic where every question of the file names its own, and return the form."""
        for name in {"document", "topic"} - needed:
            del self[name], self[f"{name}_title"]
        return self

    def fill(self, made: Choices) -> "ChoicesForm":
        """Show choices and return the form."""
        for name, field in self._fields.items():
            if hasattr(made, name):
                field.data = getattr(made, name)
        return self

    def choices(self) -> Choices:
        """Return what was chosen."""
        given: dict[str, Any] = {
            name: "" if field.data is None else field.data  # a text that was not even sent
            for name, field in self._fields.items()
            if name in Choices.__dataclass_fields__
        }
        difficulty = given.pop("intended_difficulty")
        return replace(
            Choices(**given), level=Level(given["level"]), part=Part(given["part"]),
            intended_difficulty=Difficulty(difficulty) if difficulty else None,
        )  # fmt: skip


def _or_new(pairs: Pairs, new: str) -> list[SelectChoice]:
    return [SelectChoice(value, words) for value, words in [*pairs, ("", new)]]
