"""What every form shares: NFC text, a missing value said plainly, and the core's sentences beside the fields."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import DataRequired

from quiz.core.errors import N_, Problem
from quiz.core.names import nfc
from quiz.web.formatting import message_text

# WTForms' own sentences, in words that say what to do.
_OWN_WORDS = {
    "Not a valid choice.": N_("Hãy chọn một mục có trong danh sách."),
    "Not a valid choice": N_("Hãy chọn một mục có trong danh sách."),
    "'%(value)s' is not a valid choice for this field.": N_("Hãy chọn một mục có trong danh sách."),
    "'%(value)s' are not valid choices for this field.": N_("Hãy chọn một mục có trong danh sách."),
    "Invalid choice(s): one or more data inputs could not be coerced.": N_(
        "Hãy chọn một mục có trong danh sách."
    ),
    "Invalid Choice: could not coerce.": N_("Hãy chọn một mục có trong danh sách."),
    "This field is required.": N_("Chưa điền mục này. Hãy điền rồi gửi lại."),
    "Not a valid integer value.": N_("Hãy nhập một số nguyên."),
    "Not a valid decimal value.": N_("Hãy nhập một số."),
    "Not a valid date value.": N_("Hãy chọn một ngày đúng."),
    "Not a valid datetime value.": N_("Hãy chọn ngày giờ đúng."),
    "Invalid value.": N_("Giá trị chưa đúng. Hãy nhập lại."),
    "Invalid input.": N_("Giá trị chưa đúng. Hãy nhập lại."),
    "Number must be at least %(min)s.": N_("Số phải từ %(min)s trở lên."),
    "Number must be at most %(max)s.": N_("Số không được quá %(max)s."),
    "Number must be between %(min)s and %(max)s.": N_("Số phải từ %(min)s đến %(max)s."),
    "Field cannot be longer than %(max)d character.": N_("Dài quá %(max)d ký tự. Hãy rút gọn."),
    "Field cannot be longer than %(max)d characters.": N_("Dài quá %(max)d ký tự. Hãy rút gọn."),
    "Field must be at least %(min)d character long.": N_("Cần ít nhất %(min)d ký tự."),
    "Field must be at least %(min)d characters long.": N_("Cần ít nhất %(min)d ký tự."),
    "Field must be between %(min)d and %(max)d characters long.": N_("Cần từ %(min)d đến %(max)d ký tự."),
    "File was not uploaded.": N_("Chưa chọn tệp. Hãy chọn tệp rồi gửi lại."),
}


class _Words:
    """The catalogue WTForms asks for its own sentences."""

    def gettext(self, text: str) -> str:
        """Return the sentence in the reader's language."""
        return str(gettext(_OWN_WORDS.get(text, text)))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the sentence for that many."""
        return self.gettext(one if count == 1 else many)


def _clean(value: Any) -> Any:
    return nfc(value) if isinstance(value, str) else value


class Form(FlaskForm):
    """Base of all forms; text fields are normalised before they are validated."""

    class Meta(FlaskForm.Meta):
        """Bind the clean-up to every plain text field."""

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Return the bound field with NFC as its first filter."""
            if issubclass(unbound_field.field_class, StringField):
                filters = list(unbound_field.kwargs.get("filters", ()))
                if _clean not in filters and unbound_field.kwargs.get("clean", True):
                    unbound_field.kwargs["filters"] = [_clean, *filters]
            return unbound_field.bind(form=form, **options)

        def get_translations(self, form: Any) -> _Words:
            """Return our own words in place of WTForms' catalogues."""
            return _Words()

    def show(self, problems: Iterable[Problem]) -> None:
        """Put the core's problems beside the fields they name, or on the form when it has no such field."""
        for problem in problems:
            text = message_text(problem.message, problem.values)
            field: Field | None = self._fields.get(problem.field)
            if field is None:
                self.form_errors.append(text)
            else:
                field.errors = [*field.errors, text]


def required(message: str | None = None) -> DataRequired:
    """Return the validator of a field that must be filled in."""
    return DataRequired(message or lazy_gettext("Chưa điền mục này. Hãy điền rồi gửi lại."))
