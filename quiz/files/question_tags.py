"""What an item says beyond its text, as tags “name:value” that GIFT, Moodle XML and QTI files carry for us."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from quiz.core.errors import N_, Problem
from quiz.core.items import Difficulty, ItemDraft, Kind, Level, Part, Status
from quiz.core.questions import Notice, QuestionDraft
from quiz.files.text_input import clean

_VALUES: dict[str, Callable[[str], Any]] = {
    "code": str, "document": str, "reference": str, "topic": str, "level": Level, "intended_difficulty": Difficulty,
    "part": Part, "keep_order": lambda text: text == "true", "keep_last": lambda text: text == "true",
    "valid_from": date.fromisoformat, "valid_to": date.fromisoformat, "status": Status,
}  # fmt: skip


def tags_of(item: ItemDraft, with_code: bool = False) -> list[str]:
    """Return the tags of an item, its code among them for a format that has no place of its own for it."""
    said = {name: getattr(item, name) for name in _VALUES if with_code or name != "code"}
    if item.kind is Kind.TRUE_FALSE:
        said.pop("keep_order", None)  # it follows from the kind
    return [f"{name}:{'true' if value is True else value}" for name, value in said.items() if value]


def tagged(question: QuestionDraft, tags: Iterable[str]) -> tuple[QuestionDraft, list[str]]:
    """Return the question with what its tags say, and the tags that say nothing here."""
    said: dict[str, Any] = {}
    strange = []
    for tag in map(clean, tags):
        name, _, text = tag.partition(":")
        try:
            said[name] = _VALUES[name](text.strip())
        except (KeyError, ValueError):
            strange.append(tag[:60])
    return replace(question, **said), strange


def unused(strange: Iterable[str]) -> list[Problem]:
    """Return the one sentence about tags nobody here knows."""
    names = sorted({tag for tag in strange if tag})
    message = N_("Các nhãn này không được dùng khi nhập: %(tags)s.")
    return [Notice(message, {"tags": ", ".join(names[:20])}, field="tags")] if names else []
