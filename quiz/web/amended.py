"""What an amendment changed, in plain words: the sentences that no longer hold, and those that hold now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from quiz.core import rules as rulebook
from quiz.core.items import Level
from quiz.core.rules import Rules
from quiz.web.formatting import datetime_text
from quiz.web.labels import label
from quiz.web.regulations import clauses_of


@dataclass(frozen=True, slots=True)
class Change:
    """A clause that changed: what was struck out of it and what stands instead."""

    title: str
    old: list[str]
    new: list[str]


Titles = Mapping[str, str]  # by code


def changes_of(amendment: Any, is_last: bool, topics: Titles, units: Titles) -> list[Change]:
    """Return what an amendment changed, with the titles of topics and units; `is_last` when no stage follows."""
    if amendment.round_id is not None:
        return [Change(_("Giờ thi"), [_hours(amendment.before)], [_hours(amendment.after)])]
    before, after = (rulebook.from_dict(rules) for rules in (amendment.before, amendment.after))
    return _between(before, after, is_last, topics, units)


def _hours(hours: dict[str, int]) -> str:
    return _(
        "Mở lúc %(opens)s, đóng lúc %(closes)s.",
        opens=datetime_text(hours["opens_at"]),
        closes=datetime_text(hours["closes_at"]),
    )


def _between(before: Rules, after: Rules, is_last: bool, topics: Titles, units: Titles) -> list[Change]:
    old, new = _said(before, is_last, topics, units), _said(after, is_last, topics, units)
    found = []
    for title in dict.fromkeys([*old, *new]):
        struck = [sentence for sentence in old.get(title, []) if sentence not in new.get(title, [])]
        added = [sentence for sentence in new.get(title, []) if sentence not in old.get(title, [])]
        if struck or added:
            found.append(Change(title, struck, added))
    return found


def _said(rules: Rules, is_last: bool, topics: Titles, units: Titles) -> dict[str, list[str]]:
    """Return every sentence of the rules by clause, the lines of the paper among them."""
    said = {clause.title: list(clause.sentences) for clause in clauses_of(rules, is_last, units)}
    if rules.blueprint:
        said[_("Cấu trúc đề")] = [
            _(
                "%(topic)s, %(level)s: %(count)d câu.",
                topic=topics.get(cell.topic, cell.topic),
                level=label(Level(cell.level)).lower() if cell.level else _("mọi mức độ"),
                count=cell.count,
            )
            for cell in rules.blueprint
        ]
    return said
