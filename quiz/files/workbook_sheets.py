"""One sheet of a workbook read by its headings, with a problem for every cell that cannot be read.

A column is found by its heading wherever it stands; titles may stand above the headings, further columns beside them.
"""

from collections.abc import Callable, Iterator
from typing import Any

from quiz.core.errors import N_, Problem
from quiz.core.names import nfc, search_key
from quiz.core.people import phone_digits
from quiz.core.roster_rules import Advice
from quiz.files.workbook_cells import Cell, Reading, read_choice, read_day, read_flag, read_text
from quiz.files.workbook_layout import AnySheet, Column, Kind
from quiz.files.workbook_package import Package
from quiz.files.workbook_streams import MAX_ROWS, Row, Rows

_HEADER_WITHIN = 10
_MOST_MERGED = 20


def _key(text: str) -> str:
    """Return a title or heading without marks, case, spaces and signs: "Mã đơn vị *" is "madonvi"."""
    return "".join(char for char in search_key(text) if char.isalnum())


def read_sheet(package: Package, sheet: AnySheet) -> tuple[list[Any], list[Problem]]:
    """Return what `sheet.draft` makes of each filled row, and what is wrong with the sheet and its cells."""
    parts = [part for title, part in package.parts if _key(title) == _key(sheet.title)]
    expected = ", ".join(sheet.heading(column) for column in sheet.columns)
    if not parts and sheet.optional:
        return [], []
    if not parts:
        message = N_("Thiếu bảng “%(sheet)s”: thêm bảng có tên đó với các cột %(columns)s.")
        return [], [Problem(message, {"sheet": sheet.title, "columns": expected}, sheet.title)]
    if len(parts) > 1:
        message = N_("Có %(count)s bảng tên “%(sheet)s”: giữ một bảng.")
        return [], [Problem(message, {"sheet": sheet.title, "count": len(parts)}, sheet.title)]
    return _read_rows(package.rows(parts[0]), sheet)


def _read_rows(found: Rows, sheet: AnySheet) -> tuple[list[Any], list[Problem]]:
    header = _header_row(found.rows, sheet)
    places, problems = _columns_of(header, sheet)
    problems += _area_problems(found, header.number, sheet)
    if any(sheet.is_required(column) and column not in places for column in sheet.columns):
        return [], problems
    drafts = []
    for row in found.rows:
        if row.number > header.number:
            drafts.append(_read_row(row, sheet, places, problems))
    return drafts, problems


def _header_row(rows: list[Row], sheet: AnySheet) -> Row:
    """Return the row among the first filled ones that has the most known headings; titles may stand above it."""
    known = {_key(sheet.heading(column)) for column in sheet.columns}

    def known_headings(row: Row) -> int:
        return sum(_key(str(cell.value)[:100]) in known for cell in row.cells.values())

    return max(rows[:_HEADER_WITHIN], key=known_headings, default=Row(1, {}))


def _columns_of(header: Row, sheet: AnySheet) -> tuple[dict[Column, int], list[Problem]]:
    """Return where each column stands, and a problem for each heading that is missing, double or unknown."""
    headings = {_key(sheet.heading(column)): column for column in sheet.columns}
    places: dict[Column, int] = {}
    problems: list[Problem] = []
    for place, cell in sorted(header.cells.items()):
        text = nfc(str(cell.value)[:60])
        column = headings.get(_key(text))
        if column is None:
            message = N_("Cột này không có trong mẫu nên không được đọc: sửa tên cột nếu gõ nhầm.")
            problems.append(Advice(message, {}, sheet.title, header.number, text))
        elif column in places:
            message = N_("Có hai cột cùng tên này: giữ một cột.")
            problems.append(Problem(message, {}, sheet.title, header.number, text))
        else:
            places[column] = place
    return places, problems + list(_missing(places, header, sheet))


def _missing(places: dict[Column, int], header: Row, sheet: AnySheet) -> Iterator[Problem]:
    names = ", ".join(sheet.heading(column) for column in sheet.columns)
    for column in sheet.columns:
        if sheet.is_required(column) and column not in places:
            message = N_("Thiếu cột này: các cột của bảng là %(columns)s.")
            yield Problem(message, {"columns": names}, sheet.title, header.number, sheet.heading(column))


def _area_problems(found: Rows, header: int, sheet: AnySheet) -> list[Problem]:
    """Return a problem for each merged area that reaches into the data, and one for a sheet that is too long."""
    problems = []
    if found.is_cut:
        message = N_("Bảng có hơn %(limit)s dòng: chia thành nhiều tệp.")
        problems.append(Problem(message, {"limit": MAX_ROWS}, sheet.title))
    for area in found.merged[:_MOST_MERGED]:
        last = "".join(char for char in area.rpartition(":")[2] if char in "0123456789")[:7]
        if last and int(last) > header:
            message = N_("Các ô %(area)s đang gộp làm một: bỏ gộp và ghi đủ từng ô.")
            problems.append(Problem(message, {"area": area[:20]}, sheet.title, field=area[:20]))
    return problems


def _phone(cell: Cell) -> Reading[str]:
    reading = read_text(cell)
    return Reading(phone_digits(reading.value), reading.message, reading.values, reading.stops)


def _reading(cell: Cell, column: Column) -> Reading[Any]:
    readers: dict[Kind, Callable[[], Reading[Any]]] = {
        Kind.TEXT: lambda: read_text(cell, column.longest),
        Kind.PHONE: lambda: _phone(cell),
        Kind.DAY: lambda: read_day(cell),
        Kind.FLAG: lambda: read_flag(cell, column.blank),
        Kind.CHOICE: lambda: read_choice(cell, column.labels, column.also, column.blank),
    }
    return readers[column.kind]()


def _read_row(row: Row, sheet: AnySheet, places: dict[Column, int], problems: list[Problem]) -> Any:
    """Return the draft of a row; add to `problems` what could not be read."""
    values: dict[str, Any] = {}
    for column in sheet.columns:
        reading = _reading(row.cells.get(places.get(column, 0), Cell()), column)
        values[column.name] = reading.value
        if reading.message:
            kind = Problem if reading.stops else Advice
            problems.append(
                kind(
                    reading.message,
                    dict(reading.values or {}),
                    sheet.title,
                    row.number,
                    sheet.heading(column),
                )
            )
    return sheet.draft(row.number, **values)
