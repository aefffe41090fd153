"""A published ranking as a spreadsheet: the public columns only, the same bytes for the same edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from quiz.files.workbook_writing import FORMULA_STARTS


@dataclass(frozen=True, slots=True)
class RankingSheet:
    """What to write: a title and notes above the table, its headings, and rows of text and numbers."""

    title: str
    notes: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[str | int | float]]
    created: datetime


HEAD = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#EEECE4"}
WIDTHS = (8, 32, 34, 26, 12, 14)


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
            page.set_column(column, column, WIDTHS[min(column, len(WIDTHS) - 1)])
        for offset, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    _write_text(looks, page, top + offset, column, value, body)
                else:
                    look = points if isinstance(value, float) else whole
                    page.write_number(top + offset, column, value, look)
        page.freeze_panes(top + 1, 0)
        page.repeat_rows(top)
        page.set_landscape()
        page.fit_to_pages(1, 0)
    return buffer.getvalue()


class _Looks:
    """The formats of a book, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def get(self, look: dict[str, Any]) -> Any:
        """Return the format with this look."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(look)
        return self._made[key]


def _write_text(looks: _Looks, page: Any, row: int, column: int, text: str, look: dict[str, Any]) -> None:
    quoted = {"quote_prefix": True} if text.startswith(FORMULA_STARTS) else {}
    page.write_string(row, column, text, looks.get(look | quoted))
