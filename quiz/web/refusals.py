"""Showing a rule's refusal on the form it answers, so that what was typed is not lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from quiz.core.errors import AlreadyDone, Overtaken, RuleBroken
from quiz.extensions import db
from quiz.services.drafts import DraftRefused
from quiz.web.formatting import message_text


@contextmanager
def shown_on(form: Any) -> Iterator[None]:
    """Put a refusal beside the fields of `form` it names, else among its errors, and undo the act.

    What was done already stays the app's to say; of what somebody else changed, the form says what is stored now.
    """
    try:
        yield
    except AlreadyDone:
        raise
    except Overtaken as refusal:
        db.session.rollback()
        form.show_overtaken(refusal)
    except RuleBroken as refusal:
        db.session.rollback()
        if isinstance(refusal, DraftRefused):
            form.show(refusal.problems)
        else:
            form.form_errors.append(message_text(refusal.message, refusal.values))
