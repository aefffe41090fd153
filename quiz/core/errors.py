"""The sentences the rules speak: what was refused and what to do about it.

    QuizError
    └── RuleBroken            a rule of the contest says no; the page shows the sentence
        ├── AlreadyDone       the act took effect before: show its result, change nothing
        ├── Overtaken         somebody else changed the thing since it was seen: show what it says now
        └── NotAllowed        this person may not do this (the page answers 403)

A sentence is a Vietnamese message id plus its values, so that the interface can say it in either language;
`N_` marks it for the catalogue without translating it here.
"""

from collections.abc import Mapping
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


class Overtaken(RuleBroken):
    """What was seen of a thing holds no longer; nothing was changed.

    `seen` is the fingerprint of the state it is in now, `stored` what that says where it is not what was wanted.
    """

    def __init__(self, seen: str, stored: Mapping[str, Any]) -> None:
        self.seen = seen
        self.stored = stored
        super().__init__(N_("Người khác đã sửa trang này từ khi bạn mở ra, nên chưa lưu gì."))


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
