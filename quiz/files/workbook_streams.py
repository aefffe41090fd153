"""What is listened for in the XML parts of an xlsx: one small listener per part, fed tag by tag.

Nothing of a part is kept but the cells of a roster, so memory stays small whatever the part holds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from quiz.files.workbook_cells import Cell

MAX_ROWS, MAX_COLUMNS = 20_000, 60
_LONGEST_TEXT = 2_000
_ALL_TEXT = 8_000_000
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
    """Hears the tags and texts of a part, names without namespace."""

    def start(self, tag: str, attributes: Attributes) -> None:
        self.opened(local(tag), attributes)

    def end(self, tag: str) -> None:
        self.closed(local(tag))

    def data(self, text: str) -> None:
        self.heard(text)

    def opened(self, name: str, attributes: Attributes) -> None:
        """Hear a start tag."""

    def closed(self, name: str) -> None:
        """Hear an end tag."""

    def heard(self, text: str) -> None:
        """Hear a piece of text."""


class Starts(Listener):
    """Keeps the attributes of every tag called `name` that stands inside a `parent`."""

    def __init__(self, parent: str, name: str) -> None:
        self.parent, self.name = parent, name
        self.found: list[dict[str, str]] = []
        self.is_inside = False

    def opened(self, name: str, attributes: Attributes) -> None:
        if name == self.parent:
            self.is_inside = True
        elif name == self.name and self.is_inside:
            self.found.append({local(key): value for key, value in attributes.items()})

    def closed(self, name: str) -> None:
        self.is_inside = self.is_inside and name != self.parent


class Texts(Listener):
    """Gathers the text of <t> and <v>, without how it is pronounced (<rPh>)."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.left = _ALL_TEXT
        self.is_text = self.is_spoken = False

    def opened(self, name: str, attributes: Attributes) -> None:
        self.is_text = name in ("t", "v")
        self.is_spoken = self.is_spoken or name == "rPh"

    def closed(self, name: str) -> None:
        self.is_text = False
        self.is_spoken = self.is_spoken and name != "rPh"

    def heard(self, text: str) -> None:
        if self.is_text and not self.is_spoken and self.length < _LONGEST_TEXT:
            self.pieces.append(text[:_LONGEST_TEXT])
            self.length += len(text)

    def take(self) -> str:
        """Return the text since the last take; raise TooMuch when the part has more than any roster."""
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), "".join(self.pieces))
        self.pieces, self.length = [], 0
        self.left -= len(text)
        if self.left < 0:
            raise TooMuch
        return text


class Strings(Texts):
    """Keeps the shared strings: the text of each <si>."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def closed(self, name: str) -> None:
        super().closed(name)
        if name == "si":
            self.found.append(self.take())


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


class Cells(Texts):
    """Keeps the filled rows of a sheet and its merged areas; `cell_of(text, type, style)` makes a cell."""

    def __init__(self, cell_of: Callable[[str, str, str], Cell]) -> None:
        super().__init__()
        self.found = Rows()
        self.cell_of = cell_of
        self.number = self.column = 0
        self.cells: dict[int, Cell] = {}
        self.type = self.style = ""
        self.is_formula = False

    def opened(self, name: str, attributes: Attributes) -> None:
        super().opened(name, attributes)
        if name == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self.column = _column(place[1]) if place else self.column + 1
            self.type, self.style = attributes.get("t", "n"), attributes.get("s", "0")
            self.is_formula = False
        elif name == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.column, self.cells = 0, {}
        elif name == "f":
            self.is_formula = True
        elif name == "mergeCell":
            self.found.merged.append(attributes.get("ref", ""))

    def closed(self, name: str) -> None:
        super().closed(name)
        if name == "c":
            self._close_cell(self.take())
        elif name == "row" and self.cells:
            self._close_row()
        elif name == "mergeCells":
            raise Enough

    def _close_cell(self, text: str) -> None:
        if self.column <= MAX_COLUMNS and self.is_formula:
            self.cells[self.column] = Cell("=", "f")
        elif self.column <= MAX_COLUMNS and text.strip():
            self.cells[self.column] = self.cell_of(text, self.type, self.style)

    def _close_row(self) -> None:
        if len(self.found.rows) == MAX_ROWS:
            self.found.is_cut = True
            raise Enough
        self.found.rows.append(Row(self.number, self.cells))
