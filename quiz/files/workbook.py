"""The roster workbook (.xlsx): bytes to a Roster with a problem for every cell that cannot be read, and back.

A file with any problem that is not Advice is not to be imported; what could be read is returned for the preview.
"""

from quiz.core.errors import N_, Problem
from quiz.core.roster_rules import one_per_cell
from quiz.core.rosters import Draft, Roster
from quiz.files.workbook_layout import SHEETS
from quiz.files.workbook_package import DAMAGE, NoWorkbook, Package
from quiz.files.workbook_sheets import read_sheet
from quiz.files.workbook_streams import TooMuch
from quiz.files.workbook_writing import template, write_roster
from quiz.files.zip_check import check_zip

__all__ = ["read_roster", "template", "write_roster"]

_NO_WORKBOOK = N_("Tệp không phải bảng tính Excel: chọn tệp .xlsx làm theo mẫu.")
_TOO_MUCH = N_("Tệp có quá nhiều chữ: chép riêng các bảng cần dùng sang tệp mới rồi tải lên.")
_DAMAGED = N_("Không đọc được tệp: mở bằng Excel, chọn Lưu thành .xlsx rồi tải lên lần nữa.")
_MACROS = N_("Tệp có macro: mở bằng Excel, chọn Lưu thành .xlsx (không có macro) rồi tải lên.")
_NO_ROWS = N_("Tệp chưa có dòng dữ liệu nào: ghi dữ liệu từ dòng thứ hai của mỗi bảng.")


def read_roster(data: bytes) -> tuple[Roster, list[Problem]]:
    """Return the roster that stands in an uploaded workbook and what is wrong with it; raises nothing."""
    if problems := check_zip(data, wanted=".xlsx"):
        return Roster(), problems
    try:
        return _roster_in(Package(data))
    except NoWorkbook:
        return Roster(), [Problem(_NO_WORKBOOK)]
    except TooMuch:
        return Roster(), [Problem(_TOO_MUCH)]
    except DAMAGE:
        return Roster(), [Problem(_DAMAGED)]


def _roster_in(package: Package) -> tuple[Roster, list[Problem]]:
    if any(name.lower().endswith("vbaproject.bin") for name in package.archive.namelist()):
        return Roster(), [Problem(_MACROS)]
    drafts: dict[str, tuple[Draft, ...]] = {}
    problems: list[Problem] = []
    for sheet in SHEETS:
        read, found = read_sheet(package, sheet)
        drafts[sheet.attribute] = tuple(read)
        problems += found
    if not problems and not any(drafts.values()):
        problems = [Problem(_NO_ROWS)]
    return Roster(**drafts), one_per_cell(problems)  # type: ignore[arg-type]
