"""One door for what units and people may look like: a form's draft passes the same check as a workbook's row."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from quiz.core.errors import Problem, RuleBroken
from quiz.core.roster_rules import blocking, check
from quiz.core.rosters import HEADINGS, AnyDraft, Change, Roster

_FIELDS = {sheet: {heading: name for name, heading in columns.items()} for sheet, columns in HEADINGS.items()}


class DraftRefused(RuleBroken):
    """A draft has faults; `problems` name its fields, the sentence is the first problem's."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems[0].message, **self.problems[0].values)


def require_sound(roster: Roster, current: Roster, today: date) -> None:
    """Raise DraftRefused when a rule of the roster forbids what `roster` says; `current` is what it refers to."""
    problems = blocking(check(roster, current, today))
    if problems:
        raise DraftRefused(replace(p, place="", row=None, field=_FIELDS[p.place][p.field]) for p in problems)


def refuse(field: str, message: str, **values: object) -> DraftRefused:
    """Return the refusal of one field, ready to raise."""
    return DraftRefused([Problem(message, values, field=field)])


def change_of(before: AnyDraft, after: AnyDraft) -> dict[str, str]:
    """Return for the audit record what each field that differs was and is."""
    names = Change(before, after).fields
    return {name: f"{getattr(before, name)} → {getattr(after, name)}" for name in names}
