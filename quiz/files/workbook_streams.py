"""What is listened for in the XML parts of an xlsx: one small listener per part, fed tag by tag.

Nothing of a part is kept but the cells of a roster, so memory stays small whatever the part holds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from quiz.files.workbook_cells import Cell

MAX_ROWS, MAX_COLUMNS = 20_000, 60
LONGEST_PART = 2_000
ALL_TEXT = 8_000_000
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")

Attributes = Mapping[str, str]


class TooMuch(ValueError):
    """The package holds more text than any roster."""


class Enough(Exception):
    """Ends the reading of a part before its end."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with at least one filled cell: its 1-based number and its cells by 1-based column."""

    number: int
    cells: dict[int, Cell]


@dataclass(slots=True)
class Rows:
    """The filled rows of a sheet, merged ranges as "A2:A5", and whether there were more rows than allowed."""

    rows: list[Row] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    is_cut: bool = False


def local(name: str) -> str:
    """Return an XML name without its namespace, which differs between the two editions of the standard."""
    return name.rpartition("}")[2]


class Listener:
    """Hears a part tag by tag: <row> calls `open_row` and `close_row` where a listener has them."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Callable[..., None]] = {}

    def _handler(self, act: str, tag: str) -> Callable[..., None] | None:
        # Only handlers are remembered: a hostile part may use a million names.
        handler = getattr(self, act + local(tag), None)
        if handler is not None:
            self._known[act, tag] = handler
        return handler

    def start(self, tag: str, attributes: Attributes) -> None:
        """Hear a start tag."""
        if handler := self._known.get(("open_", tag)) or self._handler("open_", tag):
            handler(attributes)

    def end(self, tag: str) -> None:
        """Hear an end tag."""
        if handler := self._known.get(("close_", tag)) or self._handler("close_", tag):
            handler()

    def data(self, text: str) -> None:
        """Hear a piece of text."""


class Starts(Listener):
    """Keeps the attributes of every tag called `name` that stands inside a `parent`."""

    def __init__(self, parent: str, name: str) -> None:
        super().__init__()
        self.parent, self.name = parent, name
        self.found: list[dict[str, str]] = []
        self.is_inside = False

    def start(self, tag: str, attributes: Attributes) -> None:
        name = local(tag)
        if name == self.parent:
            self.is_inside = True
        elif name == self.name and self.is_inside:
            self.found.append({local(key): value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        self.is_inside = self.is_inside and local(tag) != self.parent


class Texts(Listener):
    """Gathers the text of <t> and <v>, without how it is pronounced (<rPh>).

    A text is cut after `longest` letters; more than `most` letters in all are too much.
    """

    def __init__(self, longest: int = LONGEST_PART, most: int = ALL_TEXT) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.length = 0
        self.longest, self.left = longest, most
        self.is_text = self.is_spoken = False

    def open_t(self, attributes: Attributes) -> None:
        self.is_text = not self.is_spoken

    def close_t(self) -> None:
        self.is_text = False

    open_v, close_v = open_t, close_t

    def open_rPh(self, attributes: Attributes) -> None:
        self.is_spoken = True

    def close_rPh(self) -> None:
        self.is_spoken = False

    def data(self, text: str) -> None:
        if self.is_text and self.length < self.longest:
            self.pieces.append(text[: self.longest])
            self.length += len(text)

    def take(self) -> str:
        """Return the text since the last take; raise TooMuch when the part has more than any roster."""
        text = "".join(self.pieces)
        self.pieces, self.length = [], 0
        self.left -= len(text)
        if self.left < 0:
            raise TooMuch
        return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class Strings(Texts):
    """Keeps the shared strings: the text of each <si>."""

    def __init__(self, longest: int = LONGEST_PART, most: int = ALL_TEXT) -> None:
        super().__init__(longest, most)
        self.found: list[str] = []

    def close_si(self) -> None:
        self.found.append(self.take())


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


class Cells(Texts):
    """Keeps the filled rows of a sheet and its merged areas; `cell_of(text, type, style)` makes a cell."""

    def __init__(
        self, cell_of: Callable[[str, str, str], Cell], longest: int = LONGEST_PART, most: int = ALL_TEXT
    ) -> None:
        super().__init__(longest, most)
        self.found = Rows()
        self.cell_of = cell_of
        self.number = self.column = 0
        self.cells: dict[int, Cell] = {}
        self.type = self.style = ""
        self.is_formula = False

    def open_row(self, attributes: Attributes) -> None:
        self.number = int(attributes.get("r", self.number + 1))
        self.column, self.cells = 0, {}

    def close_row(self) -> None:
        if not self.cells:
            return
        if len(self.found.rows) == MAX_ROWS:
            self.found.is_cut = True
            raise Enough
        self.found.rows.append(Row(self.number, self.cells))

    def open_c(self, attributes: Attributes) -> None:
        place = _PLACE.fullmatch(attributes.get("r", ""))
        self.column = _column(place[1]) if place else self.column + 1
        self.type, self.style = attributes.get("t", "n"), attributes.get("s", "0")
        self.is_formula = False

    def close_c(self) -> None:
        text = self.take()
        if self.column > MAX_COLUMNS:
            return
        if self.is_formula:
            self.cells[self.column] = Cell("=", "f")
        elif text.strip():
            self.cells[self.column] = self.cell_of(text, self.type, self.style)

    def open_f(self, attributes: Attributes) -> None:
        self.is_formula = True

    def open_mergeCell(self, attributes: Attributes) -> None:
        self.found.merged.append(attributes.get("ref", ""))

    def close_mergeCells(self) -> None:
        raise Enough
