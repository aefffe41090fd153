"""The tables of an office paper as a spreadsheet: numbers are numbers, days are days, and no text becomes a formula."""

import re
from collections.abc import Iterator
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
from quiz.files.workbook_writing import FORMULA_STARTS

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_FIRST_DAY = date(1900, 3, 1)  # spreadsheets count the days before wrongly
_NAME = 27  # letters of a sheet's name; Excel takes 31, and a number may follow
_LETTERS = 95  # that a row of cells as wide as the page holds


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
        words = _FORBIDDEN.sub(" ", table.caption.split(" (")[0] or paper.title)
        name = shorten(words, _NAME, placeholder="") or words.strip()[:_NAME]
        if name.lower() in used:
            name = f"{name} {number}"
        used.add(name.lower())
        yield name


def _write_table(page: Any, paper: Paper, table: Table, formats: _Formats) -> None:
    last = len(table.columns) - 1
    title = " ".join(f"{paper.title.upper()} {paper.subject}".split())
    lines = [(title, {"bold": True, "font_size": 14})]
    if table.caption:
        lines.append((table.caption, {"bold": True}))
    for number, (text, look) in enumerate(lines):
        _across(page, number, last, text, formats, {"align": "center", "text_wrap": True} | look)
        page.set_row(number, 20 * (1 + len(text) // 80))
    top = len(lines) + 1
    head = {"bold": True, "border": 1, "text_wrap": True, "align": "center", "bg_color": "#EEECE4"}
    whole = sum(column.width for column in table.columns)
    for number, column in enumerate(table.columns):
        page.set_column(number, number, max(5, _LETTERS * column.width / whole))
        _write_text(page, top, number, column.title, formats, head)
    end = _write_rows(page, table, top, formats)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_paper(9)
    if paper.landscape:
        page.set_landscape()
    page.set_margins(left=0.8, right=0.5, top=0.8, bottom=0.8)
    page.fit_to_pages(1, 0)
    page.print_area(0, 0, end, last)


def _across(page: Any, row: int, last: int, text: str, formats: _Formats, look: dict[str, Any]) -> None:
    if last:
        page.merge_range(row, 0, row, last, "", formats.get(**look))
    _write_text(page, row, 0, text, formats, look)


def _write_text(page: Any, row: int, column: int, text: str, formats: _Formats, look: dict[str, Any]) -> None:
    """Write text as text; what would start a formula in a program that saves the file anew is quoted."""
    quoted = {"quote_prefix": True} if text.startswith(FORMULA_STARTS) else {}
    page.write_string(row, column, text, formats.get(**look, **quoted))


def _write_rows(page: Any, table: Table, top: int, formats: _Formats) -> int:
    last = len(table.columns) - 1
    at = top
    for row in table.rows:
        at += 1
        if isinstance(row, Span):
            _across(page, at, last, row.text, formats, {"bold": True, "border": 1})
        else:
            _write_row(page, at, table, row, formats)
        if table.tall:
            page.set_row(at, 28)
    if table.total is not None:
        at += 1
        _write_row(page, at, table, table.total, formats, bold=True)
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
