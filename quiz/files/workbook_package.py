"""An xlsx package opened for its cells alone, in time and memory that grow with the file.

A general reader also parses styles, names, shared formulas and the ends of sheets, and a hostile file can
make each of these take minutes. Here defusedxml streams the few parts that matter to the listeners of
`workbook_streams`; openpyxl is asked what a number format and a date mean. `zip_check` comes first.
"""

import io
import posixpath
import zipfile
import zlib
from typing import TypeVar

from defusedxml.ElementTree import XMLParser
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from quiz.files.workbook_cells import Cell
from quiz.files.workbook_streams import ALL_TEXT, LONGEST_PART, Cells, Enough, Listener, Rows, Starts, Strings

AnyListener = TypeVar("AnyListener", bound=Listener)

_LONGEST_FORMAT = 255
_LONGEST_NUMBER = 40


class NoWorkbook(ValueError):
    """The package is sound and holds no workbook."""


DAMAGE = (ValueError, LookupError, ArithmeticError, SyntaxError, EOFError, zipfile.BadZipFile, zlib.error)


class Package:
    """The sheets of an xlsx: `parts` are their titles with where each is stored, in order.

    A text is cut after `longest` letters. Raises NoWorkbook, TooMuch when a part has more than `most` letters, and
    one of DAMAGE for a damaged package.
    """

    def __init__(self, data: bytes, longest: int = LONGEST_PART, most: int = ALL_TEXT) -> None:
        self.bounds = longest, most
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.book = self._workbook()
        links = self._links(self.book)
        targets = {link["Id"]: link["Target"] for link in links}
        sheets = self._starts(self.book, "sheets", "sheet")
        self.parts = [(sheet["name"], targets[sheet["id"]]) for sheet in sheets]
        self.strings: list[str] = []
        self.date_styles: set[str] = set()
        for link in links:
            if link["Type"].endswith("/sharedStrings"):
                self.strings = self._listen(link["Target"], Strings(*self.bounds)).found
            elif link["Type"].endswith("/styles"):
                self.date_styles = self._styles_of_dates(link["Target"])
        settings = self._starts(self.book, "workbook", "workbookPr")
        is_1904 = any(setting.get("date1904") in ("1", "true") for setting in settings)
        self.epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900

    def rows(self, part: str) -> Rows:
        """Return the filled rows of the sheet stored at `part`."""
        return self._listen(part, Cells(self._cell, *self.bounds)).found

    def _listen(self, part: str, listener: AnyListener) -> AnyListener:
        """Return `listener` after it has heard the whole part or enough of it."""
        parser = XMLParser(target=listener, forbid_dtd=True)
        # In one piece: expat before 2.6 goes over a long tag again for every piece it is fed.
        try:
            parser.feed(self.archive.read(part))
            parser.close()
        except Enough:
            pass
        return listener

    def _starts(self, part: str, parent: str, name: str) -> list[dict[str, str]]:
        return self._listen(part, Starts(parent, name)).found

    def _links(self, part: str) -> list[dict[str, str]]:
        """Return the relations of `part` ("" is the package), each Target as the name of an entry."""
        folder, name = posixpath.split(part)
        links = self._starts(posixpath.join(folder, "_rels", f"{name}.rels"), "Relationships", "Relationship")
        for link in links:
            link["Target"] = posixpath.normpath(posixpath.join("/", folder, link["Target"])).lstrip("/")
        return links

    def _workbook(self) -> str:
        """Return the name of the entry that lists the sheets."""
        for link in self._links(""):
            if link["Type"].endswith("/officeDocument") and self._starts(link["Target"], "sheets", "sheet"):
                return link["Target"]
        raise NoWorkbook

    def _styles_of_dates(self, part: str) -> set[str]:
        """Return the numbers of the cell styles that show a number as a date."""
        formats = {str(number): text for number, text in BUILTIN_FORMATS.items()}
        for own in self._starts(part, "numFmts", "numFmt"):
            formats[own["numFmtId"]] = own["formatCode"][:_LONGEST_FORMAT]
        styles = self._starts(part, "cellXfs", "xf")
        shown = (formats.get(style.get("numFmtId", "0"), "") for style in styles)
        return {str(place) for place, text in enumerate(shown) if is_date_format(text)}

    def _cell(self, text: str, type_: str, style: str) -> Cell:
        """Return the cell that `text` means: a shared string, a number, a date, …"""
        if type_ == "s":
            return Cell(self.strings[int(text)], "s")
        if type_ in ("str", "inlineStr", "d"):
            return Cell(text, "s")
        if type_ == "b":
            return Cell(text.strip() == "1", "b")
        if type_ == "e" or len(text) > _LONGEST_NUMBER:
            return Cell(text, "e")
        number = float(text)
        if style in self.date_styles:
            return self._date(number)
        return Cell(int(number) if number.is_integer() else number)

    def _date(self, number: float) -> Cell:
        try:
            return Cell(from_excel(number, self.epoch), "d")
        except (ValueError, OverflowError):
            return Cell("#NUM!", "e")
