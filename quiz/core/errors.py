"""The sentences the rules speak: what was refused and what to do about it.

    QuizError
    └── RuleBroken            a rule of the contest says no; the page shows the sentence
        ├── AlreadyDone       the act took effect before: show its result, change nothing
        └── NotAllowed        this person may not do this (the page answers 403)

A sentence is a Vietnamese message id plus its values, so that the interface can say it in either language;
`N_` marks it for the catalogue without translating it here.
"""

from dataclasses import dataclass, field
from typing import Any


def N_(message: str) -> str:
    """Return `message` unchanged; marks it for the translation catalogue."""
    return message


class QuizError(Exception):
    """Base of every error this product raises on purpose."""


class RuleBroken(QuizError):
    """A rule said no. `message` is a catalogue id with %(name)s places, `values` fills them."""

    def __init__(self, message: str, **values: Any) -> None:
        self.message = message
        self.values = values
        super().__init__(message % values if values else message)


class AlreadyDone(RuleBroken):
    """The act has already taken effect; nothing was changed this time."""


class NotAllowed(RuleBroken):
    """The person is known but may not do this."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one place of an imported file, as a sentence that says what to do.

    `place` is the file or sheet, `row` the 1-based row or line (None: the whole place), `field` the column or key.
    """

    message: str
    values: dict[str, Any] = field(default_factory=dict)
    place: str = ""
    row: int | None = None
    field: str = ""

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.place, str(self.row or ""), self.field) if part)
        text = self.message % self.values if self.values else self.message
        return f"{where}: {text}" if where else text
