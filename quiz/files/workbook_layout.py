"""The sheets and columns of the roster workbook: one table for reading, writing and the template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from quiz.core.people import CELL_TYPE_LABELS, POSITION_LABELS, REASON_LABELS, SEX_LABELS, Position
from quiz.core.roster_rules import REQUIRED
from quiz.core.rosters import (
    HEADINGS,
    PEOPLE,
    REGISTRATIONS,
    UNITS,
    PersonDraft,
    RegistrationDraft,
    UnitDraft,
)
from quiz.files.workbook_cells import LONGEST_TEXT

GUIDE = "Hướng dẫn"
YES, NO = "có", "không"


class Kind(Enum):
    """How a column is read and written."""

    TEXT = "text"
    PHONE = "phone"
    DAY = "day"
    FLAG = "flag"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column: `blank` is what an empty cell means, `also` maps customary short forms to a choice.

    `source` is a range of another sheet whose cells are offered for choice; `longest` is where a text is cut.
    """

    name: str
    hint: str
    width: int = 16
    kind: Kind = Kind.TEXT
    blank: Any = ""
    labels: Mapping[Any, str] = field(default_factory=dict)
    also: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    longest: int = LONGEST_TEXT


class AnySheet(Protocol):
    """What reading and writing ask of a sheet: its title, its columns in order, what a row becomes."""

    @property
    def title(self) -> str: ...

    @property
    def columns(self) -> tuple[Column, ...]: ...

    @property
    def optional(self) -> bool: ...

    @property
    def draft(self) -> Callable[..., Any]: ...

    def heading(self, column: Column) -> str:
        """Return the words above a column."""
        ...

    def is_required(self, column: Column) -> bool:
        """Return whether every row must fill the column."""
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its title, the draft a row becomes, its columns in order, whether it may be missing."""

    title: str
    attribute: str
    draft: type[UnitDraft | PersonDraft | RegistrationDraft]
    columns: tuple[Column, ...]
    optional: bool = False

    def heading(self, column: Column) -> str:
        """Return the words above a column."""
        return HEADINGS[self.title][column.name]

    def is_required(self, column: Column) -> bool:
        """Return whether every row must fill the column."""
        return column.name in REQUIRED[self.title]


_SHORT_POSITIONS = {
    "bt": Position.SECRETARY,
    "bi thu chi bo": Position.SECRETARY,
    "pbt": Position.DEPUTY_SECRETARY,
    "pho bi thu chi bo": Position.DEPUTY_SECRETARY,
    "khac": Position.OTHER,
}

SHEETS = (
    Sheet(
        UNITS,
        "units",
        UnitDraft,
        (
            Column(
                "code", "Mã ngắn, không dấu cách, mỗi đơn vị một mã và giữ nguyên qua các năm. Ví dụ MS01-05."
            ),
            Column("name", "Tên riêng, không kèm loại đơn vị. Ví dụ Hát Lót.", 34),
            Column("type_label", "Xã, thị trấn, huyện, chi bộ… ghi theo cách gọi ở địa phương.", 18),
            Column("parent_code", "Mã của đơn vị trên trực tiếp; chỉ đơn vị cao nhất để trống.", 20),
            Column("is_cell", "“có” nếu là chi bộ; để trống là không.", 12, Kind.FLAG, blank=False),
            Column(
                "cell_type",
                "Chỉ ghi cho chi bộ, chọn trong danh sách của ô.",
                20,
                Kind.CHOICE,
                None,
                CELL_TYPE_LABELS,
            ),
            Column("ranking_group", "Khối hoặc bảng xếp hạng riêng, nếu có.", 20),
            Column(
                "has_signal", "“không” nếu nơi đó không có sóng; để trống là có.", 20, Kind.FLAG, blank=True
            ),
            Column(
                "is_difficult",
                "“có” nếu là nơi đặc biệt khó khăn; để trống là không.",
                20,
                Kind.FLAG,
                blank=False,
            ),
            Column("valid_from", "Ngày thành lập, nếu cần; ngày/tháng/năm.", 14, Kind.DAY, None),
            Column("valid_to", "Ngày sáp nhập, giải thể hoặc đổi tên, nếu có.", 14, Kind.DAY, None),
            Column("successor_code", "Mã của đơn vị nhận về khi sáp nhập, đổi tên.", 18),
        ),
    ),
    Sheet(
        PEOPLE,
        "people",
        PersonDraft,
        (
            Column("code", "Mã ngắn, mỗi người một mã. Không ghi số căn cước."),
            Column("full_name", "Họ, chữ đệm và tên, gõ bằng bảng mã Unicode.", 34),
            Column("birth_date", "Ngày/tháng/năm; chỉ biết năm thì ghi năm.", 14, Kind.DAY, None),
            Column("sex", "Nam hoặc Nữ.", 12, Kind.CHOICE, None, SEX_LABELS),
            Column("ethnicity", "Kinh, Thái, Mông…", 14),
            Column(
                "position",
                "Chọn trong danh sách của ô; để trống là Bí thư.",
                16,
                Kind.CHOICE,
                Position.SECRETARY,
                POSITION_LABELS,
                _SHORT_POSITIONS,
            ),
            Column(
                "is_village_head",
                "“có” nếu kiêm trưởng thôn, bản, tiểu khu, tổ dân phố; để trống là không.",
                18,
                Kind.FLAG,
                blank=False,
            ),
            Column("phone", "Không bắt buộc.", 16, Kind.PHONE),
            Column("unit_code", "Mã chi bộ của người này ở bảng Đơn vị."),
        ),
    ),
    Sheet(
        REGISTRATIONS,
        "registrations",
        RegistrationDraft,
        (
            Column("unit_code", "Mỗi chi bộ một dòng."),
            Column("person_code", "Mã người dự thi ở bảng Nhân sự; để trống nếu không có thí sinh."),
            Column(
                "reason",
                "Chỉ ghi khi không có thí sinh, chọn trong danh sách của ô.",
                30,
                Kind.CHOICE,
                None,
                REASON_LABELS,
            ),
            Column("note", "Chỉ ghi kèm lý do; bắt buộc khi chọn Lý do khác.", 40),
        ),
        optional=True,
    ),
)
