"""Forms of the bank: one question at a time (a form per kind), a file, and the moves of review."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from quiz.core.items import TRUE_FALSE_OPTIONS, ItemDraft, Kind, Level, Part
from quiz.web.forms.base import Form
from quiz.web.labels import choices

LETTERS = "ABCDEF"
Pairs = list[tuple[str, str]]


def _pick(pairs: Pairs) -> list[SelectChoice]:
    return [SelectChoice(value, words) for value, words in pairs]


def _letters() -> list[SelectChoice]:
    return [SelectChoice(place, letter) for place, letter in enumerate(LETTERS)]


class BankFileForm(Form):
    """A question file."""

    file = FileField(
        _("Tệp câu hỏi (.yaml)"), [FileRequired(_("Chưa chọn tệp. Hãy chọn tệp câu hỏi rồi tải lên."))]
    )


class MoveForm(Form):
    """A move of review with the version that was seen and, where somebody will ask why, the reason."""

    version = IntegerField(widget=HiddenInput())
    reason = StringField(_("Lý do"), [Length(max=300)])


class ItemForm(Form):
    """What every kind of question has; `key` and options come with the kind. `base` is the version being changed."""

    kind: Kind
    base = IntegerField(widget=HiddenInput(), validators=[Optional()])
    bank = SelectField(_("Ngân hàng"))
    code = StringField(_("Mã câu hỏi"), [Length(max=40)])
    document = SelectField(_("Văn bản làm căn cứ"))
    reference = StringField(_("Điều, khoản làm căn cứ"))
    topic = SelectField(_("Chuyên đề"))
    level = SelectField(_("Mức độ"))
    part = SelectField(_("Phần của ngân hàng"))
    stem = TextAreaField(_("Câu dẫn"))
    rationale = TextAreaField(_("Giải thích đáp án"), [Optional()])
    valid_from = DateField(_("Dùng từ ngày"), [Optional()])
    valid_to = DateField(_("Dùng đến hết ngày"), [Optional()])

    def offer(self, banks: Pairs, topics: Pairs, documents: Pairs) -> "ItemForm":
        """Fill the lists to choose from and return the form."""
        self.bank.choices = banks
        self.topic.choices = [("", gettext("Chọn chuyên đề")), *topics]
        self.document.choices = [("", gettext("Chọn văn bản")), *documents]
        self.level.choices = choices(Level)
        self.part.choices = choices(Part)
        return self

    def keep_identity(self) -> "ItemForm":
        """Leave out what never changes over an item's life, and return the form."""
        del self.bank, self.code
        return self

    def fill(self, draft: ItemDraft, version_id: int) -> None:
        """Show the content of a version."""
        for name, field in self._fields.items():
            if hasattr(draft, name):
                field.data = getattr(draft, name)
        self.base.data = version_id

    def draft(self, code: str) -> ItemDraft:
        """Return what was filled in as a draft; whether it is right is for quiz.core.items.check to say."""
        return ItemDraft(
            code=code, document=self.document.data, reference=self.reference.data, topic=self.topic.data,
            level=Level(self.level.data), kind=self.kind, stem=self.stem.data, rationale=self.rationale.data or "",
            part=Part(self.part.data), valid_from=self.valid_from.data, valid_to=self.valid_to.data, **self.answers(),
        )  # fmt: skip

    def answers(self) -> dict[str, Any]:
        """Return options, key and how options may be shuffled."""
        raise NotImplementedError


class TrueFalseForm(ItemForm):
    """A statement that is right or wrong."""

    kind = Kind.TRUE_FALSE
    key = RadioField(_("Câu khẳng định này"), coerce=int, validate_choice=False)

    def offer(self, banks: Pairs, topics: Pairs, documents: Pairs) -> "ItemForm":
        """Fill the lists to choose from and return the form."""
        self.key.choices = [
            SelectChoice(place, gettext(text)) for place, text in enumerate(TRUE_FALSE_OPTIONS)
        ]
        return super().offer(banks, topics, documents)

    def fill(self, draft: ItemDraft, version_id: int) -> None:
        """Show the content of a version."""
        super().fill(draft, version_id)
        self.key.data = next(iter(draft.key), None)

    def answers(self) -> dict[str, Any]:
        """Return options, key and how options may be shuffled."""
        key = () if self.key.data is None else (self.key.data,)
        return {"options": TRUE_FALSE_OPTIONS, "key": key, "keep_order": True}


class OptionsForm(ItemForm):
    """A question with options to choose from."""

    option_0 = StringField(_("Phương án A"))
    option_1 = StringField(_("Phương án B"))
    option_2 = StringField(_("Phương án C"), [Optional()])
    option_3 = StringField(_("Phương án D"), [Optional()])
    option_4 = StringField(_("Phương án E"), [Optional()])
    option_5 = StringField(_("Phương án F"), [Optional()])
    keep_order = BooleanField(_("Giữ nguyên thứ tự phương án, không đảo"))
    keep_last = BooleanField(_("Khi đảo, phương án cuối vẫn ở cuối"))

    @property
    def option_fields(self) -> list[StringField]:
        """Return the fields of the options in order."""
        return [self[f"option_{place}"] for place in range(len(LETTERS))]

    def fill(self, draft: ItemDraft, version_id: int) -> None:
        """Show the content of a version."""
        super().fill(draft, version_id)
        for field, text in zip(self.option_fields, draft.options, strict=False):
            field.data = text

    def answers(self) -> dict[str, Any]:
        """Return options, key and how options may be shuffled; empty fields after the last option do not count."""
        texts = [field.data or "" for field in self.option_fields]
        while texts and not texts[-1]:
            texts.pop()
        return {
            "options": tuple(texts),
            "key": self.chosen(),
            "keep_order": self.keep_order.data,
            "keep_last": self.keep_last.data,
        }

    def chosen(self) -> tuple[int, ...]:
        """Return the places of the options ticked as right."""
        raise NotImplementedError


class SingleForm(OptionsForm):
    """One right option."""

    kind = Kind.SINGLE
    key = RadioField(_("Đáp án"), coerce=int, choices=_letters(), validate_choice=False)

    def fill(self, draft: ItemDraft, version_id: int) -> None:
        """Show the content of a version."""
        super().fill(draft, version_id)
        self.key.data = next(iter(draft.key), None)

    def chosen(self) -> tuple[int, ...]:
        """Return the place of the option marked as right."""
        return () if self.key.data is None else (self.key.data,)


class _Ticks(SelectMultipleField):
    """Options as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class MultipleForm(OptionsForm):
    """Any number of right options."""

    kind = Kind.MULTIPLE
    key = _Ticks(_("Các đáp án"), coerce=int, choices=_letters(), validate_choice=False)

    def chosen(self) -> tuple[int, ...]:
        """Return the places of the options ticked as right."""
        return tuple(sorted(self.key.data or ()))


FORMS: dict[Kind, type[ItemForm]] = {form.kind: form for form in (SingleForm, MultipleForm, TrueFalseForm)}
