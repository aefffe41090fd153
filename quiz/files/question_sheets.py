"""The sheets and columns of the workbook of questions: one table for reading, writing, template and instructions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quiz.core.items import LIMITS
from quiz.files.question_words import DIFFICULTIES, KINDS, LETTERS, LEVELS, OUTCOMES, PARTS, STATUSES, also
from quiz.files.workbook_layout import Column, Kind

QUESTIONS, POINTS, TOPICS, DOCUMENTS = "Câu hỏi", "Ý chấm điểm", "Chuyên đề", "Văn bản"
EXAMPLE, GUIDE = "Ví dụ", "Hướng dẫn"
_LAST = 2_000  # rows of a sheet that a drop-down looks at


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in one filled row: its 1-based number and the value of each column by name."""

    number: int
    values: dict[str, Any]


def _row(number: int, /, **values: Any) -> Row:
    return Row(number, values)


@dataclass(frozen=True, slots=True)
class QuestionSheet:
    """One sheet: its title, its columns in order with their headings, which of them each row must fill."""

    title: str
    columns: tuple[Column, ...]
    headings: dict[str, str]
    required: frozenset[str] = frozenset()
    optional: bool = True
    draft: Callable[..., Row] = field(default=_row)

    def heading(self, column: Column) -> str:
        """Return the words above a column."""
        return self.headings[column.name]

    def is_required(self, column: Column) -> bool:
        """Return whether every row must fill the column."""
        return column.name in self.required


def _sheet(
    title: str, required: str, columns: tuple[tuple[str, Column], ...], optional: bool = True
) -> QuestionSheet:
    headings = {column.name: heading for heading, column in columns}
    return QuestionSheet(
        title, tuple(column for _, column in columns), headings, frozenset(required.split()), optional
    )


def _text(name: str, hint: str, width: int = 16, limit: str = "reference", source: str = "") -> Column:
    # One letter more than the limit, so that the check of the item still says that it is too long.
    return Column(name, hint, width, source=source, longest=LIMITS[limit] + 1)


def _choice(name: str, hint: str, labels: dict[Any, str], width: int = 18) -> Column:
    return Column(name, hint, width, Kind.CHOICE, None, labels, also(labels))


def _flag(name: str, hint: str) -> Column:
    return Column(name, hint, 14, Kind.FLAG, blank=None)


def _day(name: str, hint: str) -> Column:
    return Column(name, hint, 14, Kind.DAY, None)


_FROM_TOPICS = f"='{TOPICS}'!$A$2:$A${_LAST}"
_FROM_DOCUMENTS = f"='{DOCUMENTS}'!$A$2:$A${_LAST}"

QUESTION_SHEET = _sheet(
    QUESTIONS,
    "stem",
    (
        ("Mã câu", _text("code", "Mỗi câu một mã và giữ mãi; để trống thì phần mềm tự đặt mã.", 14, "code")),
        ("Văn bản", _text("document", "Chọn mã ở bảng Văn bản.", source=_FROM_DOCUMENTS)),
        ("Căn cứ", _text("reference", "Điều, khoản, điểm làm căn cứ. Ví dụ: Điều 4, khoản 3.", 22)),
        ("Chuyên đề", _text("topic", "Chọn mã ở bảng Chuyên đề.", source=_FROM_TOPICS)),
        ("Mức độ", _choice("level", "Nhận biết, thông hiểu hoặc vận dụng.", LEVELS)),
        ("Độ khó", _choice("intended_difficulty", "Độ khó dự kiến với người đã học.", DIFFICULTIES, 14)),
        ("Loại câu", _choice("kind", "Để trống: theo số đáp án.", KINDS, 22)),
        ("Phần", _choice("part", "Để thi: không bao giờ hiện khi ôn tập.", PARTS, 14)),
        ("Câu hỏi", _text("stem", "Câu dẫn; với câu Đúng hay sai là một câu khẳng định.", 60, "stem")),
        *(
            (letter, _text(f"option_{letter}", "Một phương án; câu Đúng hay sai và vấn đáp để trống.", 28, "option"))
            for letter in LETTERS
        ),
        ("Đáp án", _text("key", "Chữ cái: B, hoặc A, C. Câu Đúng hay sai: ghi Đúng hoặc Sai.", 12)),
        ("Giải thích", _text("rationale", "Vì sao đáp án đúng; câu vấn đáp: gợi ý cho giám khảo.", 50, "rationale")),
        *(
            (f"Nhận xét {letter}", _text(f"feedback_{letter}", "Vì sao phương án này sai.", 28, "feedback"))
            for letter in LETTERS
        ),
        ("Giữ thứ tự", _flag("keep_order", "“có”: không đảo phương án, ví dụ khi là số xếp tăng dần.")),
        ("Giữ phương án cuối", _flag("keep_last", "“có”: phương án cuối luôn ở cuối.")),
        ("Hiệu lực từ", _day("valid_from", "Ngày/tháng/năm; để trống là không giới hạn.")),
        ("Hiệu lực đến", _day("valid_to", "Ngày/tháng/năm; để trống là không giới hạn.")),
        ("Trạng thái", _choice("status", "Để trống là bản nháp.", STATUSES)),
        ("Ngày đọc lại", _day("reviewed_on", "Ngày người thứ hai đọc lại, nếu có.")),
        ("Người đọc lại", _text("reviewed_reader", "Người thứ hai tự trả lời câu này.", 20)),
        ("Kết quả đọc lại", _choice("reviewed_outcome", "Đồng ý, hoặc đã sửa.", OUTCOMES)),
        ("Ghi chú đọc lại", _text("reviewed_note", "Đã sửa gì, vì sao.", 30, "feedback")),
    ),
    optional=False,
)  # fmt: skip
POINT_SHEET = _sheet(
    POINTS,
    "code text marks",
    (
        ("Mã câu", _text("code", "Mã của câu vấn đáp ở bảng Câu hỏi.", 14, "code")),
        ("Ý cần trả lời", _text("text", "Mỗi ý một dòng, theo thứ tự.", 90, "points")),
        ("Điểm", _text("marks", "Điểm của ý, ví dụ 2 hoặc 1,5.", 10)),
    ),
)
TOPIC_SHEET = _sheet(
    TOPICS,
    "code title",
    (
        ("Mã", Column("code", "Mã ngắn, ví dụ dang-vien.", 24)),
        ("Tên", Column("title", "Tên chuyên đề.", 60)),
    ),
)
DOCUMENT_SHEET = _sheet(
    DOCUMENTS,
    "code title",
    (
        (
            "Mã",
            Column("code", "Mã ngắn, ví dụ DLD-2011. Hai văn bản có thể trùng số nhưng không trùng mã.", 16),
        ),
        ("Tên", Column("title", "Tên văn bản.", 60)),
        ("Cơ quan ban hành", Column("issuer", "Nơi ban hành hoặc thông qua.", 30)),
        ("Số, ký hiệu", Column("number", "Ví dụ 12-HD/BTCTW.", 20)),
        ("Ngày ban hành", _day("dated", "Ngày/tháng/năm.")),
        ("Hiệu lực từ", _day("valid_from", "Ngày/tháng/năm.")),
        ("Hiệu lực đến", _day("valid_to", "Để trống là chưa hết hiệu lực.")),
        ("Văn bản tiếp theo", Column("followed_by", "Mã văn bản sau này nói về cùng việc, nếu có.", 18)),
        ("Lưu ý", Column("notice", "Câu nhắc ban tổ chức trước khi dùng.", 50)),
    ),
)
SHEETS = (QUESTION_SHEET, POINT_SHEET, TOPIC_SHEET, DOCUMENT_SHEET)
