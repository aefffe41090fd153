"""Rules for the options of a question: how many, apart from each other, in order, and the key not given away.

Each returns what is wrong as a sentence with its values; the words for "right" and "wrong" options are key and
distractors.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from quiz.core import items
from quiz.core.errors import N_
from quiz.core.items import ItemDraft, Kind
from quiz.core.wording import content, covers, quantity_of, question_of, tokens

OPTION_COUNTS = (3, 4)
LONG_KEY = 1.6  # times the mean length of the distractors
LONG_KEY_BY = 15  # and so many characters more, for very short options differ by a syllable

Found = Iterator[tuple[str, dict[str, Any]]]


def has_options(item: ItemDraft) -> bool:
    """Tell whether an item has options of its own."""
    return item.kind in (Kind.SINGLE, Kind.MULTIPLE)


def distractors(item: ItemDraft) -> list[str]:
    """Return the options that are not the key."""
    return [text for place, text in enumerate(item.options) if place not in item.key]


def number(item: ItemDraft) -> Found:
    """Say when there are too few or too many options."""
    if has_options(item) and len(item.options) not in OPTION_COUNTS:
        message = N_("Có %(count)d phương án. Hãy để 3 hoặc 4 phương án.")
        yield message, {"count": len(item.options)}


_ALL = re.compile(
    r"^(?:tất cả|cả|mọi|không)\b.{0,20}\b(?:phương án|đáp án|ý|lựa chọn|câu)\b.{0,20}(?:đúng|sai|trên|nào)?\W*$",
    re.I,
)


def others_named(item: ItemDraft) -> Found:
    """Say when an option speaks of other options."""
    for warning in items.warnings(item):
        yield warning.message, warning.values
        return
    if has_options(item) and not (item.keep_order or item.keep_last):
        for option in item.options:
            if _ALL.search(option):
                message = N_("Phương án “%(option)s” nói về các phương án khác. Hãy viết phương án khác.")
                yield message, {"option": option}
                return


# What stands around one thing in a list of things.
_BEFORE = r"(?:^|[,;]\s*|\b(?:và|hoặc|hay|cùng|với)\s+)"
_AFTER = r"(?=\s*[,;.]|\s+(?:và|hoặc|hay|cùng|với)\b|$)"


def contained(item: ItemDraft) -> Found:
    """Say when an option is listed in another one: whoever ticks the longer one says the shorter one, too."""
    if not has_options(item):
        return
    for short in item.options:
        for long in item.options:
            if short is not long and _lists(long, short):
                message = N_("Phương án “%(short)s” nằm trong phương án “%(long)s”. Hãy viết cho tách bạch.")
                yield message, {"short": short, "long": long}
                return


def _lists(long: str, short: str) -> bool:
    whole, part = tokens(long), tokens(short)
    if not part or len(part) >= len(whole) or not covers(whole, part):
        return False
    one = rf"{_BEFORE}{re.escape(short.strip(' .').lower())}{_AFTER}"
    return bool(re.search(one, long.strip(" .").lower()))


def order(item: ItemDraft) -> Found:
    """Say when numbers or dates do not stand in order, or may be shuffled out of it."""
    quantities = [quantity_of(option) for option in item.options]
    values = [found.value for found in quantities if found]
    frames = {found.frame for found in quantities if found}
    if not has_options(item) or len(values) < len(item.options) or len(frames) > 1:
        return
    if values not in (sorted(values), sorted(values, reverse=True)):
        yield N_("Số hoặc ngày trong các phương án chưa theo thứ tự. Hãy xếp lại và sửa đáp án."), {}
    if not item.keep_order:
        yield N_("Các phương án là số hoặc ngày. Hãy đặt keep_order: true."), {}


def long_key(item: ItemDraft) -> Found:
    """Say when the key is much longer than the distractors."""
    others = [len(text) for text in distractors(item)]
    if item.kind is not Kind.SINGLE or not others:
        return
    length, mean = len(item.options[item.key[0]]), sum(others) / len(others)
    if length > LONG_KEY * mean and length - mean > LONG_KEY_BY:
        message = N_("Đáp án dài %(length)d ký tự, các phương án kia trung bình %(mean)d. Hãy viết cho đều.")
        yield message, {"length": length, "mean": round(mean)}


def _phrases(text: str, size: int) -> set[tuple[str, ...]]:
    words = content(text)
    return set(zip(*(words[start:] for start in range(size)), strict=False))


def stem_words(item: ItemDraft) -> Found:
    """Say when the key has three words of the question side by side, and no distractor has even two."""
    if item.kind is not Kind.SINGLE:
        return
    question = question_of(item.stem)
    echoed = _phrases(question, 3) & _phrases(item.options[item.key[0]], 3)
    if echoed and not any(_phrases(question, 2) & _phrases(text, 2) for text in distractors(item)):
        words = " ".join(min(echoed))
        yield (
            N_("Chỉ đáp án nhắc lại “%(words)s” của câu dẫn. Hãy đổi từ hoặc thêm vào phương án kia."),
            {"words": words},
        )


_ABSOLUTE = re.compile(
    r"\b(luôn luôn|không bao giờ|tuyệt đối|hoàn toàn|mọi trường hợp|bất cứ|bất kỳ|bất kể|trong mọi)\b", re.I
)


def absolute(item: ItemDraft) -> Found:
    """Say when only distractors claim something of all cases."""
    if item.kind is not Kind.SINGLE or _ABSOLUTE.search(item.options[item.key[0]]):
        return
    found = [match for text in distractors(item) if (match := _ABSOLUTE.search(text))]
    if found:
        yield (
            N_("Chữ “%(word)s” chỉ có ở phương án sai, lộ là sai. Hãy bớt hoặc dùng cả ở đáp án."),
            {"word": found[0][0]},
        )


def grammar(item: ItemDraft) -> Found:
    """Say when the key alone begins or ends in another way than all the rest."""
    if item.kind is not Kind.SINGLE or len(item.options) < 3:
        return
    key, others = item.options[item.key[0]].strip(), [text.strip() for text in distractors(item)]
    looks: tuple[Callable[[str], Any], ...] = (
        lambda text: text[-1:] in ".;,:",
        lambda text: text[:1].islower(),
    )
    for look in looks:
        if len({look(text) for text in others}) == 1 and look(key) != look(others[0]):
            yield (
                N_("Đáp án viết khác kiểu các phương án kia (chữ đầu hoặc dấu cuối). Hãy viết cho giống."),
                {},
            )
            return
