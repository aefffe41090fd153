"""Forms of a question, one for each kind. Fields of the same name carry over when the kind is changed."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from quiz.core.items import (
    LETTERS,
    TRUE_FALSE_OPTIONS,
    Difficulty,
    ExpectedPoint,
    ItemDraft,
    Kind,
    Level,
    Part,
)
from quiz.web.forms.base import Form
from quiz.web.forms.fields import PointsField, Ticks, offered
from quiz.web.labels import choices

__all__ = ["FORMS", "LETTERS", "ItemForm"]

MOST_POINTS = 8  # lines of an oral question's guide
Pairs = list[tuple[str, str]]


class ItemForm(Form):
    """What every kind of question has; what is answered comes with the kind. `base` is the version being changed."""

    kind: Kind
    base = IntegerField(widget=HiddenInput(), validators=[Optional()])
    bank = SelectField(_("Ngân hàng"))
    code = StringField(_("Mã câu hỏi"), [Length(max=40)])
    document = SelectField(_("Văn bản làm căn cứ"))
    reference = StringField(_("Điều, khoản làm căn cứ"))
    topic = SelectField(_("Chuyên đề"))
    level = SelectField(_("Mức độ"))
    intended_difficulty = SelectField(_("Độ khó dự kiến"), default="")
    part = SelectField(_("Phần của ngân hàng"))
    stem = TextAreaField(_("Câu dẫn"))
    rationale = TextAreaField(_("Giải thích đáp án"), [Optional()])
    valid_from = DateField(_("Dùng từ ngày"), [Optional()])
    valid_to = DateField(_("Dùng đến hết ngày"), [Optional()])

    def offer(self, banks: Pairs, topics: Pairs, documents: Pairs) -> "ItemForm":
        """Fill the lists to choose from and return the form."""
        self.bank.choices = offered(banks)
        self.topic.choices = offered([("", gettext("Chọn chuyên đề")), *topics])
        self.document.choices = offered([("", gettext("Chọn văn bản")), *documents])
        self.level.choices = choices(Level)
        self.intended_difficulty.choices = choices(Difficulty, gettext("Chưa ước lượng"))
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
        self.intended_difficulty.data = draft.intended_difficulty or ""
        self.base.data = version_id

    def draft(self, code: str) -> ItemDraft:
        """Return what was filled in as a draft; whether it is right is for quiz.core.items.check to say."""
        estimate = self.intended_difficulty.data
        return ItemDraft(
            code=code, document=self.document.data, reference=self.reference.data, topic=self.topic.data,
            level=Level(self.level.data), kind=self.kind, stem=self.stem.data, rationale=self.rationale.data or "",
            part=Part(self.part.data), valid_from=self.valid_from.data, valid_to=self.valid_to.data,
            intended_difficulty=Difficulty(estimate) if estimate else None, **self.answers(),
        )  # fmt: skip

    def answers(self) -> dict[str, Any]:
        """Return options, key, feedback, points and how options may be shuffled, as far as the kind has them."""
        raise NotImplementedError

    def numbered(self, name: str) -> list[Field]:
        """Return the fields name_0, name_1 … in order; none where the kind has no such."""
        return [
            field
            for key, field in self._fields.items()
            if key.rpartition("_")[0] == name and key[-1].isdigit()
        ]


class TrueFalseForm(ItemForm):
    """A statement that is right or wrong."""

    kind = Kind.TRUE_FALSE
    key = RadioField(_("Câu khẳng định này"), coerce=int, validate_choice=False)

    def offer(self, banks: Pairs, topics: Pairs, documents: Pairs) -> "ItemForm":
        """Fill the lists to choose from and return the form."""
        self.key.choices = offered((place, gettext(text)) for place, text in enumerate(TRUE_FALSE_OPTIONS))
        return super().offer(banks, topics, documents)

    def fill(self, draft: ItemDraft, version_id: int) -> None:
        """Show the content of a version."""
        super().fill(draft, version_id)
        self.key.data = next(iter(draft.key), None)

    def answers(self) -> dict[str, Any]:
        """Return options and key; right and wrong stay in their order."""
        key = () if self.key.data is None else (self.key.data,)
        return {"options": TRUE_FALSE_OPTIONS, "key": key, "keep_order": True}


def _letters() -> list[SelectChoice]:
    return offered(enumerate(LETTERS))


class OptionsForm(ItemForm):
    """A question with options to choose from, each with why it is wrong."""

    option_0 = StringField(_("Phương án A"))
    feedback_0 = StringField(_("Vì sao A sai"))
    option_1 = StringField(_("Phương án B"))
    feedback_1 = StringField(_("Vì sao B sai"))
    option_2 = StringField(_("Phương án C"), [Optional()])
    feedback_2 = StringField(_("Vì sao C sai"))
    option_3 = StringField(_("Phương án D"), [Optional()])
    feedback_3 = StringField(_("Vì sao D sai"))
    option_4 = StringField(_("Phương án E"), [Optional()])
    feedback_4 = StringField(_("Vì sao E sai"))
    option_5 = StringField(_("Phương án F"), [Optional()])
    feedback_5 = StringField(_("Vì sao F sai"))
    keep_order = BooleanField(_("Giữ nguyên thứ tự phương án, không đảo"))
    keep_last = BooleanField(_("Khi đảo, phương án cuối vẫn ở cuối"))

    @property
    def option_pairs(self) -> list[tuple[Field, Field]]:
        """Return the fields of each option and its feedback in order."""
        return list(zip(self.numbered("option"), self.numbered("feedback"), strict=True))

    def fill(self, draft: ItemDraft, version_id: int) -> None:
        """Show the content of a version."""
        super().fill(draft, version_id)
        _show(self.numbered("option"), draft.options)
        _show(self.numbered("feedback"), draft.feedback)

    def answers(self) -> dict[str, Any]:
        """Return options, key and how options may be shuffled; empty fields after the last option do not count."""
        texts = [option.data or "" for option, _why in self.option_pairs]
        said = [why.data or "" for _option, why in self.option_pairs]
        while texts and not texts[-1] and not said[len(texts) - 1]:
            texts.pop()
        feedback = tuple(said[: len(texts)])
        return {
            "options": tuple(texts),
            "key": self.chosen(),
            "feedback": feedback if any(feedback) else (),
            "keep_order": self.keep_order.data,
            "keep_last": self.keep_last.data,
        }

    def chosen(self) -> tuple[int, ...]:
        """Return the places of the options ticked as right."""
        raise NotImplementedError


def _show(fields: Sequence[Field], texts: Sequence[Any]) -> None:
    for field, text in zip(fields, texts, strict=False):
        field.data = text


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


class MultipleForm(OptionsForm):
    """Any number of right options."""

    kind = Kind.MULTIPLE
    key = Ticks(_("Các đáp án"), coerce=int, choices=_letters(), validate_choice=False)

    def chosen(self) -> tuple[int, ...]:
        """Return the places of the options ticked as right."""
        return tuple(sorted(self.key.data or ()))


class OralForm(ItemForm):
    """A case to speak about, with the points a good answer makes and their marks."""

    kind = Kind.ORAL

    @property
    def point_pairs(self) -> list[tuple[Field, Field]]:
        """Return the fields of each point's words and marks in order."""
        return list(zip(self.numbered("point"), self.numbered("marks"), strict=True))

    def fill(self, draft: ItemDraft, version_id: int) -> None:
        """Show the content of a version."""
        super().fill(draft, version_id)
        _show(self.numbered("point"), [point.text for point in draft.points])
        _show(self.numbered("marks"), [point.marks for point in draft.points])

    def answers(self) -> dict[str, Any]:
        """Return the points; lines without words and marks do not count."""
        lines = [(point.data or "", marks.data or 0) for point, marks in self.point_pairs]
        return {
            "options": (),
            "key": (),
            "points": tuple(ExpectedPoint(text, marks) for text, marks in lines if text or marks),
        }


for _place in range(MOST_POINTS):
    setattr(OralForm, f"point_{_place}", TextAreaField(_("Ý %(number)d", number=_place + 1)))
    setattr(OralForm, f"marks_{_place}", PointsField(_("Điểm ý %(number)d", number=_place + 1)))

FORMS: dict[Kind, type[ItemForm]] = {
    form.kind: form for form in (SingleForm, MultipleForm, TrueFalseForm, OralForm)
}
