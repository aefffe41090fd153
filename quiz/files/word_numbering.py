"""The numbers and letters Word shows before the paragraphs of a list, though nobody typed them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from quiz.files.word_package import WORD, Element, number, said

_LEVELS = 9
_MOST = 100_000
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how it counts, the text around the number, and where it starts."""

    form: str = "decimal"
    text: str = ""
    start: int = 1


def _letters(value: int) -> str:
    return chr(ord("a") + (value - 1) % 26) * min(1 + (value - 1) // 26, 20) if value > 0 else ""


def _roman(value: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        times, value = divmod(value, size)
        text += letters * min(times, 20)
    return text


_FORMS: dict[str, Callable[[int], str]] = {
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerLetter": _letters,
    "upperRoman": lambda value: _roman(value).upper(),
    "lowerRoman": _roman,
    "decimalZero": lambda value: f"{value:02d}",
    "none": lambda value: "",
}


def _level_of(element: Element) -> Level:
    return Level(
        said(element.find(WORD + "numFmt"), default="decimal"),
        said(element.find(WORD + "lvlText"))[:60],
        number(element.find(WORD + "start"), default=1),
    )


class Numbering:
    """The lists of a document; `label` counts as it is asked, paragraph after paragraph."""

    def __init__(self, root: Element | None) -> None:
        self._abstract: dict[str, dict[int, Level]] = {}
        self._links: dict[str, str] = {}
        self._lists: dict[str, Element] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        for element in () if root is None else root.iterfind(WORD + "abstractNum"):
            key = said(element, "abstractNumId")
            levels = element.iterfind(WORD + "lvl")
            self._abstract[key] = {number(level, "ilvl"): _level_of(level) for level in levels}
            if (link := element.find(WORD + "styleLink")) is not None:
                self._links[said(link)] = key
        for element in () if root is None else root.iterfind(WORD + "num"):
            self._lists[said(element, "numId")] = element
        self._follow_links(root)

    def _follow_links(self, root: Element | None) -> None:
        """Give a list that only names a style the levels of that style's list."""
        for element in () if root is None else root.iterfind(WORD + "abstractNum"):
            link = said(element.find(WORD + "numStyleLink"))
            if link in self._links:
                self._abstract[said(element, "abstractNumId")] = self._abstract[self._links[link]]

    def label(self, list_id: str, level: int) -> str:
        """Return what stands before the next paragraph of this list and level; "" for bullets and no list."""
        element = self._lists.get(list_id)
        if element is None or not 0 <= level < _LEVELS:
            return ""
        abstract = said(element.find(WORD + "abstractNumId"))
        levels = dict(self._abstract.get(abstract, {}))
        override = self._override(element, level, levels)
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        self._count(counts, level, levels, override if (list_id, level) not in self._begun else None)
        self._begun.add((list_id, level))
        return _shown(counts, level, levels)

    def _override(self, element: Element, level: int, levels: dict[int, Level]) -> int | None:
        """Put the levels that a list sets for itself into `levels`; return where it starts anew, if it does."""
        start = None
        for own in element.iterfind(WORD + "lvlOverride"):
            place = number(own, "ilvl")
            if (redefined := own.find(WORD + "lvl")) is not None:
                levels[place] = _level_of(redefined)
            if place == level and (begin := own.find(WORD + "startOverride")) is not None:
                start = number(begin, default=1)
        return start

    @staticmethod
    def _count(counts: list[int | None], level: int, levels: dict[int, Level], start: int | None) -> None:
        before = counts[level]
        if start is not None:
            counts[level] = min(start, _MOST)
        elif before is None:
            counts[level] = min(levels.get(level, Level()).start, _MOST)
        else:
            counts[level] = min(before + 1, _MOST)
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)


def _shown(counts: list[int | None], level: int, levels: dict[int, Level]) -> str:
    shape = levels.get(level, Level())
    if shape.form == "bullet":
        return ""

    def value(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        one = levels.get(place, Level())
        count = counts[place]
        return _FORMS.get(one.form, str)(one.start if count is None else count)

    return re.sub(r"%([1-9])", value, shape.text).strip()
