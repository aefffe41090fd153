"""The roster workbook written: the same roster gives the same bytes, and nothing in it is ever a formula."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from quiz.core.rosters import Roster
from quiz.files.paperwork.letters import lines
from quiz.files.workbook_cells import FIRST_YEAR
from quiz.files.workbook_layout import GUIDE, NO, SHEETS, YES, AnySheet, Column, Kind, Sheet
from quiz.files.workbook_streams import MAX_ROWS

SETTINGS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# A workbook carries the moment it was made; a fixed one keeps equal rosters equal to the byte.
MADE = datetime(2000, 1, 1)  # noqa: DTZ001
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
A4 = 9
LETTER = 5.25  # points that one letter of a column's width takes
_PITCH, _HEADLINE = 17.0, 24.0  # points of a row: not every program works them out from its cells
_GUIDE = (30, 100)  # widths of the sheet of explanations
_FONT = {"font_name": "Times New Roman", "font_size": 13}


class Formats:
    """The looks of cells: heading, required heading, text, text that would start a formula, day."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        heading = {**_FONT, "bold": True, "text_wrap": True, "valign": "top", "border": 1}
        self.heading = book.add_format({**heading, "bg_color": "#F2F2F2"})
        self.required = book.add_format({**heading, "bg_color": "#FFF2CC"})
        self.text = book.add_format({**_FONT, "num_format": "@"})
        self.quoted = book.add_format({**_FONT, "num_format": "@", "quote_prefix": True})
        self.day = book.add_format({**_FONT, "num_format": "dd/mm/yyyy"})
        self.prose = book.add_format({**_FONT, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({**_FONT, "bold": True, "font_size": 15})

    def of(self, column: Column) -> Format:
        """Return the look of a whole column, so that what is typed later stays text."""
        return self.day if column.kind is Kind.DAY else self.text


def write_roster(roster: Roster, notes: Sequence[str] = ()) -> bytes:
    """Return the workbook of a roster; `notes` are lines for the top of the sheet of explanations."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, SETTINGS) as book:
        book.set_properties({"created": MADE})
        formats = Formats(book)
        for sheet in SHEETS:
            page = book.add_worksheet(sheet.title)
            page.set_default_row(_PITCH)
            write_head(page, sheet, formats)
            for place, draft in enumerate(getattr(roster, sheet.attribute), start=1):
                for column_place, column in enumerate(sheet.columns):
                    write_cell(page, place, column_place, getattr(draft, column.name), column, formats)
        _guide(book.add_worksheet(GUIDE), notes, formats)
    return target.getvalue()


def template() -> bytes:
    """Return the empty workbook that an organizer fills in."""
    return write_roster(Roster())


def write_head(page: Worksheet, sheet: AnySheet, formats: Formats) -> None:
    """Write the headings of a sheet and give its columns their width, look, hint and choices."""
    page.freeze_panes(1, 0)
    page.set_paper(A4)
    page.set_landscape()
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    heads = ((f"{sheet.heading(column)} *", column.width) for column in sheet.columns)
    page.set_row(0, _PITCH * max(lines(text, 13, width * LETTER, bold=True) for text, width in heads))
    for place, column in enumerate(sheet.columns):
        is_required = sheet.is_required(column)
        page.set_column(place, place, column.width, formats.of(column))
        page.data_validation(1, place, MAX_ROWS, place, _validation(column, sheet.heading(column)))
        text = sheet.heading(column) + (" *" if is_required else "")
        page.write_string(0, place, text, formats.required if is_required else formats.heading)


def _validation(column: Column, heading: str) -> dict[str, Any]:
    """Return the drop-down of a column, with its hint shown when a cell is chosen."""
    hint = {"input_title": heading[:32], "input_message": column.hint}
    choices: list[str] | str = [YES, NO] if column.kind is Kind.FLAG else list(column.labels.values())
    choices = column.source or choices
    if not choices:
        return {"validate": "any", **hint}
    refusal = {"error_title": heading[:32], "error_message": "Chọn một mục trong danh sách của ô."}
    return {"validate": "list", "source": choices, **hint, **refusal}


def write_cell(page: Worksheet, row: int, place: int, value: Any, column: Column, formats: Formats) -> None:
    """Write one value as text, day or label; text that would start a formula is quoted."""
    if value is None or value == "":
        return
    if isinstance(value, date) and value.year > FIRST_YEAR:
        page.write_datetime(row, place, value, formats.day)
        return
    text = _text(value, column)
    page.write_string(row, place, text, formats.quoted if text.startswith(FORMULA_STARTS) else formats.text)


def _text(value: Any, column: Column) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if column.kind is Kind.FLAG:
        return YES if value else NO
    return column.labels[value] if column.kind is Kind.CHOICE else str(value)


def _guide(page: Worksheet, notes: Sequence[str], formats: Formats) -> None:
    """Write the explanations: the notes, how the file is read, then each column of each sheet."""
    told: list[tuple[str, str]] = [("", note) for note in notes]
    told += [
        ("Cách ghi", "Mỗi dòng một đơn vị, một người, một chi bộ. Các dòng xếp theo thứ tự nào cũng được."),
        (
            "",
            "Không đổi tên bảng và tên cột. Cột có dấu * phải ghi ở mọi dòng. Không gộp ô, không dùng công thức.",
        ),
        (
            "",
            "Nhập lại tệp nhiều lần không sinh dòng trùng: dòng có mã đã biết được cập nhật, không dòng nào bị xóa.",
        ),
    ]
    for sheet in SHEETS:
        told.append((f"Bảng {sheet.title}", "Có thể bỏ trống cả bảng." if sheet.optional else ""))
        told += [(_starred(sheet, column), column.hint) for column in sheet.columns]
    write_guide(page, "Hướng dẫn ghi danh sách dự thi", told, formats)


def write_guide(page: Worksheet, title: str, told: Sequence[tuple[str, str]], formats: Formats) -> None:
    """Write a sheet of explanations, to be printed on paper as it is read: what is explained, and how."""
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    for place, width in enumerate(_GUIDE):
        page.set_column(place, place, width)
    page.set_row(0, _HEADLINE)
    page.write_string(0, 0, title, formats.title)
    for row, (left, right) in enumerate(told, start=2):
        is_headline = (bool(left) and not right) or left in {f"Bảng {sheet.title}" for sheet in SHEETS}
        needed = lines(right, 13, _GUIDE[1] * LETTER)
        page.set_row(row, _HEADLINE if is_headline else _PITCH * needed)
        page.write_string(row, 0, left, formats.title if is_headline else formats.prose)
        page.write_string(row, 1, right, formats.prose)


def _starred(sheet: Sheet, column: Column) -> str:
    return sheet.heading(column) + (" *" if sheet.is_required(column) else "")
