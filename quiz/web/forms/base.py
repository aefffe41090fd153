"""What every form shares: NFC text, a missing value said plainly, and the core's sentences beside the fields."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import DataRequired

from quiz.core.errors import Problem
from quiz.core.names import nfc
from quiz.web.formatting import message_text


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
