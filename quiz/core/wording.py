"""Vietnamese text as tokens, so that questions can be compared: words, numbers, and quantities that can be ordered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from quiz.core.names import nfc, search_key

_TOKEN = re.compile(r"\d+(?:[./,-]\d+)*%?|[^\W\d_]+")
# Words that join others and say nothing by themselves.
STOP_WORDS = {
    "ai", "bao", "bị", "bởi", "các", "cái", "cho", "có", "còn", "cũng", "cùng", "của", "do", "dưới", "đã",
    "đang", "đây", "đó", "để", "đến", "được", "gì", "hay", "hoặc", "khi", "không", "là", "lại", "mà", "mấy",
    "mỗi", "nào", "này", "nên", "nếu", "nhiêu", "như", "nhưng", "những", "phải", "ra", "rằng", "rồi", "sau",
    "sẽ", "tại", "theo", "thế", "thì", "thuộc", "từ", "trên", "trong", "trước", "và", "vào", "về", "vì",
    "việc", "với", "ở", "ấy",
}  # fmt: skip
_NUMBERS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_DAYS = {"ngày": 1, "tuần": 7, "tháng": 30, "năm": 365}
# A number in words counts only before one of these: "năm" alone may be a year, "một" an article.
_COUNTED = _DAYS.keys() | {
    "lần", "phút", "giờ", "tuổi", "đảng", "đồng", "người", "nhiệm", "kỳ", "khóa", "cấp", "hình", "điểm",
    "buổi",
}  # fmt: skip


@lru_cache(maxsize=10_000)  # a report on a bank reads each option by half a dozen rules
def tokens(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a text in lower case, each number or date with its signs as one."""
    return tuple(_TOKEN.findall(nfc(text).lower()))


def content(text: str) -> list[str]:
    """Return the tokens of a text that are no stop words."""
    return [token for token in tokens(text) if token not in STOP_WORDS]


def bare(text: str) -> list[str]:
    """Return the content of a text without marks, as two people may have typed it."""
    return [_without_marks(token) for token in content(text)]


@lru_cache(maxsize=50_000)  # a language has fewer words than a bank has tokens
def _without_marks(token: str) -> str:
    return search_key(token)


def question_of(stem: str) -> str:
    """Return the part of a stem that asks: its last question, else its last sentence."""
    sentences = [part for part in re.split(r"(?<=[.?!:])\s+", stem.strip()) if part]
    asking = [part for part in sentences if part.endswith("?")]
    return (asking or sentences or [""])[-1]


def covers(whole: Sequence[str], part: Sequence[str]) -> bool:
    """Tell whether the tokens of `part` stand one after another in `whole`."""
    return any(whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A text that holds one quantity: `frame` is the text around it, `value` what can be ordered (spans in days)."""

    frame: tuple[str, ...]
    value: float


def quantity_of(text: str) -> Quantity | None:
    """Return the one quantity of a text, None when there is none or more than one."""
    words = tokens(text)
    found: list[tuple[int, int, float]] = []
    place = 0
    while place < len(words):
        size, value = _quantity_at(words, place)
        if size:
            found.append((place, size, value))
        place += max(size, 1)
    if len(found) != 1:
        return None
    start, size, value = found[0]
    return Quantity((*words[:start], "#", *words[start + size :]), value)


def _quantity_at(words: Sequence[str], place: int) -> tuple[int, float]:
    """Return how many tokens a quantity takes at this place, 0 when none stands there, and its value."""
    word, following = words[place], words[place + 1 : place + 3]
    if date := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", word):
        return 1, int(date[3]) * 372 + int(date[2]) * 31 + int(date[1])
    if len(following) == 2 and following[0] == "tháng" and word.isdecimal() and following[1].isdecimal():
        return 3, int(following[1]) * 31 + int(word)
    if fraction := re.fullmatch(r"(\d+)/([1-9]\d*)", word):
        return 1, int(fraction[1]) / int(fraction[2])
    if len(following) == 2 and following[0] == "phần" and {word, following[1]} <= _NUMBERS.keys():
        return 3, _NUMBERS[word] / _NUMBERS[following[1]]
    if re.fullmatch(r"\d+(,\d+)?%?", word):
        number = float(word.rstrip("%").replace(",", "."))
    elif word in _NUMBERS and following and following[0] in _COUNTED:
        number = float(_NUMBERS[word])
    else:
        return 0, 0.0
    days = _DAYS.get(following[0]) if following else None
    return (2, number * days) if days else (1, number)
