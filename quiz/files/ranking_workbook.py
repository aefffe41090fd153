"""A published ranking as a spreadsheet: the public columns only, the same bytes for the same edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from quiz.files.paperwork.letters import lines
from quiz.files.workbook_writing import A4, FORMULA_STARTS, LETTER


@dataclass(frozen=True, slots=True)
class RankingSheet:
    """What to write: a title and notes above the table, its headings, and rows of text and numbers."""

    title: str
    notes: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[str | int | float]]
    created: datetime


FONT = {"font_name": "Times New Roman", "font_size": 12}
HEAD = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#EEECE4"}
WIDTHS = (8, 32, 34, 26, 12, 18)
_PITCH = 16.5  # points of a line: not every program works the height of a row out from its cells


def write_ranking(sheet: RankingSheet) -> bytes:
    """Return the .xlsx bytes; text never becomes a formula or a link, not even in a program that saves anew."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(
            {"title": sheet.title, "created": sheet.created.astimezone(UTC).replace(tzinfo=None)}
        )
        page, looks = book.add_worksheet("Xếp hạng"), _Looks(book)
        body = {"border": 1, "valign": "top", "text_wrap": True}
        whole, points = looks.get(body), looks.get(body | {"num_format": "0.00"})
        _write_text(looks, page, 0, 0, sheet.title, {"bold": True, "font_size": 14})
        for number, note in enumerate(sheet.notes, start=1):
            _write_text(looks, page, number, 0, note, {})
        top = len(sheet.notes) + 2
        for column, heading in enumerate(sheet.headings):
            _write_text(looks, page, top, column, heading, HEAD)
            page.set_column(column, column, _wide(column))
        page.set_row(0, 1.4 * 14)
        page.set_row(top, _height(sheet.headings))
        for offset, row in enumerate(sheet.rows, start=1):
            page.set_row(top + offset, _height(row))
            for column, value in enumerate(row):
                if isinstance(value, str):
                    _write_text(looks, page, top + offset, column, value, body)
                else:
                    look = points if isinstance(value, float) else whole
                    page.write_number(top + offset, column, value, look)
        page.freeze_panes(top + 1, 0)
        page.repeat_rows(top)
        page.set_paper(A4)
        page.set_landscape()
        page.fit_to_pages(1, 0)
    return buffer.getvalue()


def _wide(column: int) -> int:
    return WIDTHS[min(column, len(WIDTHS) - 1)]


def _height(row: Sequence[str | int | float]) -> float:
    """Return how high a row is, in points, for all of its texts to be seen."""
    return _PITCH * max(lines(str(value), 12, _wide(at) * LETTER) for at, value in enumerate(row))


class _Looks:
    """The formats of a book, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def get(self, look: dict[str, Any]) -> Any:
        """Return the format with this look."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(FONT | look)
        return self._made[key]


def _write_text(looks: _Looks, page: Any, row: int, column: int, text: str, look: dict[str, Any]) -> None:
    quoted = {"quote_prefix": True} if text.startswith(FORMULA_STARTS) else {}
    page.write_string(row, column, text, looks.get(look | quoted))
