"""One cell, whatever type the spreadsheet made of it, read by rule as text, day, flag or choice."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from quiz.core.errors import N_
from quiz.core.names import nfc, search_key

FIRST_YEAR, LAST_YEAR = 1900, 2199
LONGEST_TEXT = 1_000
_EXACT = 10**15  # spreadsheets keep 15 digits of a number

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: the value with openpyxl's letter for its type ("f" formula, "e" error, …)."""

    value: Any = None
    data_type: str = "n"


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """The value read, and what to tell the user about it; `stops` is False for advice."""

    value: Value
    message: str = ""
    values: Mapping[str, Any] | None = None
    stops: bool = True


_FORMULA = N_("Ô chứa công thức: sao chép ô rồi dán lại bằng Dán giá trị (Paste Values).")
_ERROR = N_("Ô báo lỗi %(error)s: ghi lại giá trị hoặc xóa ô.")
_BECAME_DATE = N_("Excel đã đổi ô này thành ngày: đặt định dạng ô là Văn bản (Text) rồi gõ lại.")
_ROUNDED = N_("Số quá dài, Excel đã làm tròn: đặt định dạng ô là Văn bản (Text) rồi gõ lại.")
_OLD_FONT = N_("“%(text)s” gõ bằng phông chữ cũ (TCVN3, VNI): chuyển sang Unicode bằng UniKey rồi chép lại.")
_NO_DAY = N_("“%(text)s” không phải ngày: ghi dạng ngày/tháng/năm, ví dụ 25/02/1975.")
_ONLY_YEAR = N_("Chỉ có năm sinh nên được hiểu là %(day)s: ghi đủ ngày, tháng nếu biết.")
_NO_FLAG = N_("“%(text)s” chưa rõ: ghi “có” hoặc “không”.")
_NO_CHOICE = N_("“%(text)s” không có trong danh sách: chọn một trong các mục %(labels)s.")

# Seen as Unicode, TCVN3 has signs and capitals inside words, VNI two vowels in place of one with a mark.
_LEGACY = re.compile(
    r"[^\W\d_][¡-ª¬®¯µ-¹¼-¿×Þ÷ðþ]|[¡-©¬®µ-¹¼-¿Þ÷ðþ][^\W\d_]|[^\W\d_][«»][^\W\d_]|[a-z][À-ß](?![A-ZÀ-ß])"
    r"|[äåæëïöøûüÿÄÅÆËÏÖØÛÜ]|a[àáâãêùõúéè]|e[àáâãùõ]|o[âäåùõ]|\ufffd"
)


def looks_legacy(text: str) -> bool:
    """Return whether `text` was typed in a pre-Unicode Vietnamese font (TCVN3, VNI) or has lost letters."""
    return bool(_LEGACY.search(text))


def _unreadable(cell: Cell) -> tuple[str, Mapping[str, Any]] | None:
    """Return what to say about a formula or an error value, which no kind of column takes."""
    if cell.data_type == "f":
        return _FORMULA, {}
    if cell.data_type == "e" or (isinstance(cell.value, float) and not math.isfinite(cell.value)):
        return _ERROR, {"error": str(cell.value)[:20]}
    return None


def _plain(value: Any, longest: int = LONGEST_TEXT) -> str:
    """Return text for a value as it stands; a whole number loses its ".0"."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return nfc(str(value)[:longest]) if value is not None else ""


def read_text(cell: Cell, longest: int = LONGEST_TEXT) -> Reading[str]:
    """Return the text of a cell in NFC, cut after `longest` letters; 1.0 reads "1"."""
    if said := _unreadable(cell):
        return Reading("", *said)
    if isinstance(cell.value, date | time | timedelta):
        return Reading("", _BECAME_DATE)
    if isinstance(cell.value, int | float) and abs(cell.value) >= _EXACT:
        return Reading("", _ROUNDED)
    text = _plain(cell.value, longest)
    if looks_legacy(text):
        return Reading(text, _OLD_FONT, {"text": text[:40]})
    return Reading(text)


_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]*)?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


def _day_in(text: str) -> date | None:
    """Return the day that `text` names, day before month, or None."""
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif _YEAR.fullmatch(text):
        day, month, year = 1, 1, int(text)
    else:
        return None
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def read_day(cell: Cell) -> Reading[date | None]:
    """Return the day in a date cell or a text as 25/02/1975; a year alone is its 1 January, with advice."""
    if said := _unreadable(cell):
        return Reading(None, *said)
    text = _plain(cell.value)
    if not text:
        return Reading(None)
    if isinstance(cell.value, datetime):
        text = cell.value.date().isoformat()
    day = _day_in(text)
    if day is None:
        return Reading(None, _NO_DAY, {"text": text[:40]})
    if _YEAR.fullmatch(text):
        return Reading(day, _ONLY_YEAR, {"day": f"{day:%d/%m/%Y}"}, stops=False)
    return Reading(day)


_YES = {"x", "co", "dung", "true", "1", "yes", "v", "✓", "✔"}
_NO = {"khong", "ko", "k", "sai", "false", "0", "no", "-"}


def read_flag(cell: Cell, blank: bool) -> Reading[bool]:
    """Return whether the cell says yes ("x", "có", TRUE, 1) or no; `blank` is what an empty cell means."""
    if said := _unreadable(cell):
        return Reading(blank, *said)
    text = _plain(cell.value)
    word = search_key(text)
    if not word or word in _YES | _NO:
        return Reading(word in _YES if word else blank)
    return Reading(blank, _NO_FLAG, {"text": text[:40]})


Choice = TypeVar("Choice", bound=StrEnum)


def read_choice(
    cell: Cell, labels: Mapping[Choice, str], also: Mapping[str, Choice], blank: Choice | None
) -> Reading[Choice | None]:
    """Return the member whose label stands in the cell, or that a customary short form in `also` means."""
    if said := _unreadable(cell):
        return Reading(blank, *said)
    text = _plain(cell.value)
    words = {**{search_key(label): member for member, label in labels.items()}, **also}
    if not text:
        return Reading(blank)
    if member := words.get(search_key(text).rstrip(".")):
        return Reading(member)
    return Reading(blank, _NO_CHOICE, {"text": text[:40], "labels": ", ".join(labels.values())})
