"""What an act says of a stage's settings, kept as "before → after" of plain values, in the words of the rules."""

from ast import literal_eval
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from quiz.core.promotion import Scope
from quiz.web.labels import criterion_text, label

ARROW = " → "
MINUTES = {"time_limit", "late_start", "late_minutes"}
# Without words of one line; the printed rules and the amendments say these in sentences.
LONG = {"blueprint", "delegations", "parts", "prizes", "quota", "scheme"}
SETTINGS = MINUTES | LONG | {
    "attempts_allowed", "full_time_for_late", "grace_seconds", "rank_within", "shuffle_items", "shuffle_options",
    "tie_breaks",
}  # fmt: skip


def change_words(name: str, change: str) -> str:
    """Return what a setting was and is, or only that it was changed where no few words say it."""
    before, arrow, after = change.partition(ARROW)
    if name in LONG or not arrow:
        return _("đã thay đổi")
    try:
        return f"{_words(name, before)}{ARROW}{_words(name, after)}"
    except (ValueError, SyntaxError, TypeError):
        return _("đã thay đổi")


def _words(name: str, text: str) -> str:
    """Return one value in words; raise ValueError, SyntaxError or TypeError on what is none of the setting."""
    if name == "rank_within":
        return label(Scope(text))
    value: Any = literal_eval(text)
    if name == "tie_breaks":
        return ", ".join(map(criterion_text, value)) or _("không")
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if name == "late_start" and value is None:
        return _("đến giờ đóng")
    if name == "time_limit" and value == 0:
        return _("2 phút mỗi câu")
    return _counted(name, int(value))


def _counted(name: str, value: int) -> str:
    if name in MINUTES:
        return str(ngettext("%(num)d phút", "%(num)d phút", value))
    if name == "grace_seconds":
        return str(ngettext("%(num)d giây", "%(num)d giây", value))
    return str(value)
