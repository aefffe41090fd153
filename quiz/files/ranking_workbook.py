"""A published ranking as a spreadsheet: the public columns only, the same bytes for the same edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter


@dataclass(frozen=True, slots=True)
class RankingSheet:
    """What to write: a title and notes above the table, its headings, and rows of text and numbers."""

    title: str
    notes: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[str | int | float]]
    created: datetime


WIDTHS = (8, 32, 34, 26, 12, 14)


def write_ranking(sheet: RankingSheet) -> bytes:
    """Return the .xlsx bytes; text never becomes a formula or a link."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(
            {"title": sheet.title, "created": sheet.created.astimezone(UTC).replace(tzinfo=None)}
        )
        page = book.add_worksheet("Xep hang")
        bold = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#EEECE4"}
        )
        body = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
        points = book.add_format({"border": 1, "valign": "top", "num_format": "0.00"})
        page.write_string(0, 0, sheet.title, bold)
        for number, note in enumerate(sheet.notes, start=1):
            page.write_string(number, 0, note)
        top = len(sheet.notes) + 2
        for column, heading in enumerate(sheet.headings):
            page.write_string(top, column, heading, head)
            page.set_column(column, column, WIDTHS[min(column, len(WIDTHS) - 1)])
        for offset, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(top + offset, column, value, body)
                else:
                    page.write_number(
                        top + offset, column, value, points if isinstance(value, float) else body
                    )
        page.freeze_panes(top + 1, 0)
        page.repeat_rows(top)
        page.set_landscape()
        page.fit_to_pages(1, 0)
    return buffer.getvalue()
