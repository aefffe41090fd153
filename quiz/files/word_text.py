"""Text that remembers how each letter was set: bold, underlined, coloured, highlighted.

The right answer of a question in Word is often told by nothing else.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag

_UNSEEN = {"Cc", "Cf", "Cn", "Cs"}  # control, zero-width, unassigned, half of a pair
_MARKABLE = ("L", "N")
_LOOKED_AT = 4_000
# A Vietnamese letter carries two marks at most; to sort thousands takes the square of the time.
_STACKED = 5


class Mark(IntFlag):
    """How a letter was set. AUTOMATIC: a number Word shows without anybody having typed it.

    LINKED: underlined or blue inside a hyperlink, which is the look of links and not taken for a mark.
    """

    BOLD = 1
    UNDERLINE = 2
    RED = 4
    COLOUR = 8
    HIGHLIGHT = 16
    STRUCK = 32
    AUTOMATIC = 64
    LINKED = 128


@dataclass(frozen=True, slots=True)
class Rich:
    """A text with one byte of Mark for each of its characters."""

    text: str = ""
    marks: bytes = b""

    def part(self, start: int, end: int | None = None) -> "Rich":
        """Return the characters from `start` to before `end` without the white space around them."""
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        return Rich(text.strip(), self.marks[start : start + len(text.strip())])

    def lines(self, longest: int) -> list["Rich"]:
        """Return the parts between line breaks, empty ones left out, each cut after `longest` characters."""
        found, start = [], 0
        for text in self.text.split("\n"):
            found.append(self.part(start, start + min(len(text), longest)))
            start += len(text) + 1
        return [line for line in found if line.text]

    def share(self, mark: Mark) -> float:
        """Return which part of the letters and digits carries `mark`, 0 to 1."""
        text = self.text[:_LOOKED_AT]
        markable = [self.marks[place] for place, char in enumerate(text) if _is_markable(char)]
        return sum(bool(one & mark) for one in markable) / len(markable) if markable else 0.0

    def plain(self) -> str:
        """Return the text alone, each run of white space as one space."""
        return " ".join(self.text.split())


def _is_markable(char: str) -> bool:
    return unicodedata.category(char)[0] in _MARKABLE


def joined(pieces: Iterable[tuple[str, int]]) -> Rich:
    """Return the text made of pieces with their marks, in NFC and without unseen characters.

    White space becomes one space; where a tab or several spaces stood, one tab, for they set columns apart.
    """
    chars: list[str] = []
    marks = bytearray()
    for text, mark in pieces:
        for char in text:
            if unicodedata.combining(char) and chars:
                chars[-1] += char if len(chars[-1]) < _STACKED else ""
            elif char != "\n" and char.isspace():
                if chars and chars[-1] in (" ", "\t"):
                    chars[-1] = "\t"
                else:
                    chars.append("\t" if char == "\t" else " ")
                    marks.append(mark)
            elif char == "\n" or unicodedata.category(char) not in _UNSEEN:
                chars.append(char)
                marks.append(mark)
    composed = [unicodedata.normalize("NFC", char) for char in chars]
    if any(len(char) > 1 for char in composed):
        marks = bytearray(mark for char, mark in zip(composed, marks, strict=True) for _ in char)
    return Rich("".join(composed), bytes(marks))


def beside(*parts: Rich) -> Rich:
    """Return the parts one after another with a space between."""
    filled = [part for part in parts if part.text]
    return Rich(" ".join(part.text for part in filled), b"\0".join(part.marks for part in filled))
