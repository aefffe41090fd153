"""What a list of questions is narrowed to, as it stands in addresses, and the lists to choose from."""

from dataclasses import asdict
from typing import Any

from flask import request
from flask_babel import gettext as _

from quiz.core.items import Difficulty, Kind, Level, Part, Status
from quiz.services import items
from quiz.services.listing import Author, Doubt, Reading, Sort, Use, Wanted
from quiz.web.labels import pairs

NAMES = tuple(asdict(Wanted()))
# Shown only when asked for, or when one of them narrows the list.
FOLDED = ("document", "reference", "kind", "difficulty", "part", "author", "use", "doubt", "reading")


def wanted(source: Any = None) -> Wanted:
    """Return what the address (or a form) asks for."""
    values = request.args if source is None else source
    return Wanted(**{name: values.get(name, "")[:200] for name in NAMES})


def given(source: Any = None) -> dict[str, str]:
    """Return what narrows or sorts the list, to be carried on in links."""
    return {name: value for name, value in asdict(wanted(source)).items() if value}


def lists() -> dict[str, list[tuple[str, str]]]:
    """Return the choices of each list above the questions, the open one first."""
    known, every = items.lists(), ("", _("Tất cả"))
    return {
        "bank": [every, *known.banks],
        "topic": [every, *known.topics],
        "document": [every, *known.documents],
        "level": pairs(Level, every[1]),
        "kind": pairs(Kind, every[1]),
        "difficulty": pairs(Difficulty, every[1]),
        "part": pairs(Part, every[1]),
        "status": pairs(Status, every[1]),
        "author": pairs(Author, every[1]),
        "use": pairs(Use, every[1]),
        "doubt": pairs(Doubt, every[1]),
        "reading": pairs(Reading, every[1]),
        "sort": pairs(Sort),
    }
