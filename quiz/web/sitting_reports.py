"""What a report of a returned file says, with names and reasons in words."""

from typing import Any

from quiz.core.merging import REASONS
from quiz.core.stage_merging import STAGE_REASONS
from quiz.services.sitting_imports import names_of
from quiz.web.formatting import message_text

WHY = {reason.value: words for reason, words in (*REASONS.items(), *STAGE_REASONS.items())}


def named(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return lines of a report with names and reasons in words."""
    names = names_of(lines)
    return [
        line | {"name": names.get(line["person"], line["person"]), "words": _words(line)} for line in lines
    ]


def stage_of(report: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a report says of the stage with names and reasons in words, None where there was none."""
    found = report.get("stage")
    if not found or not any(found[name] for name in ("new", "known", "unsigned", "refused")):
        return None
    return found | {"refused": named(found["refused"]), "differences": named(found["differences"])}


def _words(line: dict[str, Any]) -> str:
    """Return why a line was refused, whether it is an attempt or a performance."""
    reason = line.get("reason", "")
    return message_text(WHY[reason]) if reason else ""
