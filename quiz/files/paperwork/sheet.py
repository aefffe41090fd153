"""The tables of an office paper as a spreadsheet: numbers are numbers, days are days, and no text becomes a formula."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from textwrap import shorten
from typing import Any

import xlsxwriter

from quiz.core.paperwork import (
    Align,
    Bundle,
    Cell,
    Paper,
    Percent,
    Points,
    Row,
    Share,
    Span,
    Table,
    cell_text,
)
from quiz.files.paperwork.letters import lines as rows_of
from quiz.files.workbook_writing import A4, FORMULA_STARTS, LETTER

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_FIRST_DAY = date(1900, 3, 1)  # spreadsheets count the days before wrongly
_NAME = 27  # letters of a sheet's name; Excel takes 31, and a number may follow
_LETTERS, _ACROSS = 95, 140  # that a row of cells as wide as the page holds, upright and across
_SIZE, _PITCH, _TALL = 12, 15.75, 28  # points: of letters, of a line, of a row to write in by hand


def write(paper: Paper | Bundle) -> bytes:
    """Return the tables of a paper, or of several, as .xlsx, each on a sheet of its own below the paper's title."""
    papers = paper.papers if isinstance(paper, Bundle) else (paper,)
    tables = [(one, table) for one in papers for table in one.tables]
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        made = datetime.fromtimestamp(paper.made_at / 1000, UTC).replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": paper.title, "created": made})
        formats = _Formats(book)
        for name, (one, table) in zip(_names(tables), tables, strict=True):
            _write_table(book.add_worksheet(name), one, table, formats)
    return buffer.getvalue()


class _Formats:
    """The looks of cells, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def get(self, **look: Any) -> Any:
        """Return the format with this look on top of the common one."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            common = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
            self._made[key] = self._book.add_format(common | look)
        return self._made[key]


def _names(tables: list[tuple[Paper, Table]]) -> Iterator[str]:
    """Yield a name for each sheet, each once: its caption without what stands in brackets, or the paper's title, as far
    as a name may go, cut between words."""
    used: set[str] = set()
    for number, (paper, table) in enumerate(tables, start=1):
        words = _FORBIDDEN.sub(" ", table.caption.split(" (")[0] or table.subject or paper.title)
        name = shorten(words, _NAME, placeholder="") or words.strip()[:_NAME]
        if name.lower() in used:
            name = f"{name} {number}"
        used.add(name.lower())
        yield name


def _write_table(page: Any, paper: Paper, table: Table, formats: _Formats) -> None:
    last = len(table.columns) - 1
    top = _write_title(page, paper, table, formats)
    widths = _widths(paper, table)
    head = {"bold": True, "border": 1, "text_wrap": True, "align": "center", "bg_color": "#EEECE4"}
    for number, column in enumerate(table.columns):
        page.set_column(number, number, widths[number])
        _write_text(page, top, number, column.title, formats, head)
    page.set_row(top, _height([column.title for column in table.columns], widths, bold=True))
    end = _write_rows(page, table, top, widths, formats)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_paper(A4)
    if paper.landscape:
        page.set_landscape()
    page.set_margins(left=0.8, right=0.5, top=0.8, bottom=0.8)
    page.fit_to_pages(1, 0)
    page.print_area(0, 0, end, last)


def _write_title(page: Any, paper: Paper, table: Table, formats: _Formats) -> int:
    """Write what the paper and the table are about, a row each, and return the row of the headings."""
    lines = [(paper.title.upper(), 14.0, True), *((text, 12.0, True) for text in paper.subject.split("\n"))]
    own = (table.subject, table.caption)
    lines += [(text, 12.0, True) for text in own if text and text not in paper.subject.split("\n")]
    lines += [(table.note, 12.0, False)] if table.note else []
    wide = sum(_widths(paper, table)) * LETTER
    for number, (text, size, bold) in enumerate(lines):
        look = {"bold": bold, "italic": not bold, "font_size": size, "align": "center", "text_wrap": True}
        _across(page, number, len(table.columns) - 1, text, formats, look)
        page.set_row(number, 1.4 * size * rows_of(text, size, wide, bold=bold))
    return len(lines) + 1


def _widths(paper: Paper, table: Table) -> list[float]:
    """Return how many letters wide each column is."""
    whole = sum(column.width for column in table.columns)
    letters = _ACROSS if paper.landscape else _LETTERS
    return [max(5, letters * column.width / whole) for column in table.columns]


def _height(texts: Iterable[str], widths: Sequence[float], bold: bool = False) -> float:
    """Return how high a row is, in points: not every program works it out from what stands in the cells."""
    rooms = (width * LETTER for width in widths)
    found = (rows_of(text, _SIZE, room, bold) for text, room in zip(texts, rooms, strict=True))
    return _PITCH * max(found, default=1)


def _across(page: Any, row: int, last: int, text: str, formats: _Formats, look: dict[str, Any]) -> None:
    if last:
        page.merge_range(row, 0, row, last, "", formats.get(**look))
    _write_text(page, row, 0, text, formats, look)


def _write_text(page: Any, row: int, column: int, text: str, formats: _Formats, look: dict[str, Any]) -> None:
    """Write text as text; what would start a formula in a program that saves the file anew is quoted."""
    quoted = {"quote_prefix": True} if text.startswith(FORMULA_STARTS) else {}
    page.write_string(row, column, text, formats.get(**look, **quoted))


def _write_rows(page: Any, table: Table, top: int, widths: Sequence[float], formats: _Formats) -> int:
    last = len(table.columns) - 1
    at = top
    for row in table.rows:
        at += 1
        if isinstance(row, Span):
            _across(page, at, last, row.text, formats, {"bold": True, "border": 1})
            high = _height([row.text], [sum(widths)], bold=True)
        else:
            _write_row(page, at, table, row, formats)
            high = _height(map(cell_text, row), widths)
        page.set_row(at, max(high, _TALL) if table.tall else high)
    if table.total is not None:
        at += 1
        _write_row(page, at, table, table.total, formats, bold=True)
        page.set_row(at, _height(map(cell_text, table.total), widths, bold=True))
    return at


def _write_row(page: Any, at: int, table: Table, row: Row, formats: _Formats, **look: Any) -> None:
    for number, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
        look_here = look | {"border": 1, "text_wrap": True, "align": str(Align(column.align))}
        _write_cell(page, at, number, cell, formats, look_here)


def _write_cell(
    page: Any, row: int, column: int, cell: Cell, formats: _Formats, look: dict[str, Any]
) -> None:
    match cell:
        case int():
            page.write_number(row, column, cell, formats.get(**look, num_format="#,##0"))
        case Points(hundredths, left_out):
            shown = '"("#,##0.00")"' if left_out else "#,##0.00"
            page.write_number(row, column, hundredths / 100, formats.get(**look, num_format=shown))
        case Percent(part, whole) if whole:
            page.write_number(row, column, part / whole, formats.get(**look, num_format="0.0%"))
        case date() if cell >= _FIRST_DAY:
            page.write_datetime(row, column, cell, formats.get(**look, num_format="dd/mm/yyyy"))
        case None:
            page.write_blank(row, column, None, formats.get(**look))
        case str() | date() | Percent() | Share():
            _write_text(page, row, column, cell_text(cell), formats, look)
