"""The workbook of questions written: drop-downs, a filled example, instructions; nothing in it is a formula."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from quiz.core.errors import N_, Problem
from quiz.core.items import BankDraft, DocumentDraft, ExpectedPoint, ItemDraft, Kind, Level, Part, TopicDraft
from quiz.files.losses import named
from quiz.files.question_sheets import (
    DOCUMENT_SHEET,
    EXAMPLE,
    GUIDE,
    POINT_SHEET,
    QUESTION_SHEET,
    SHEETS,
    TOPIC_SHEET,
    QuestionSheet,
)
from quiz.files.question_words import LETTERS
from quiz.files.workbook_cells import FIRST_YEAR, LAST_YEAR, looks_legacy
from quiz.files.workbook_writing import MADE, SETTINGS, Formats, write_cell, write_guide, write_head

_ODD = N_(
    "%(count)d câu có chữ giống phông cũ hoặc ngày ngoài các năm 1900–2199, nhập lại từ Excel sẽ bị hỏi: %(codes)s."
)
_TITLE = N_("Tên và mã của ngân hàng không có trong tệp Excel; khi nhập lại, hãy chọn ngân hàng.")

_STEPS = (
    ("Bước 1", "Ghi các chuyên đề vào bảng Chuyên đề và các văn bản làm căn cứ vào bảng Văn bản, mỗi mục một mã ngắn."),
    ("Bước 2", "Ghi câu hỏi vào bảng Câu hỏi, mỗi câu một dòng. Những ô có danh sách: bấm mũi tên rồi chọn."),
    ("Bước 3", "Lưu tệp, tải lên trang ngân hàng câu hỏi. Phần mềm cho xem trước, bấm xác nhận mới nhập."),
    ("Đáp án", "Ghi chữ cái: B. Nhiều đáp án: A, C. Câu Đúng hay sai không ghi phương án, ô Đáp án ghi Đúng hoặc Sai."),
    ("Câu vấn đáp", "Ghi tình huống vào cột Câu hỏi, không ghi phương án; ghi từng ý và điểm ở bảng Ý chấm điểm."),
    ("Mã câu", "Giữ nguyên mã khi sửa câu: phần mềm hiểu là sửa câu cũ. Để trống là câu mới."),
    ("Không làm", "Không đổi tên bảng, tên cột; không gộp ô; không dùng công thức; gõ bằng bảng mã Unicode."),
    ("Bảng Ví dụ", "Chỉ để xem cách ghi, phần mềm không đọc bảng này."),
)  # fmt: skip

_EXAMPLES = (
    ItemDraft("VD-01", "DLD-2011", "Điều 1, khoản 2", "dang-vien", Level.REMEMBER, Kind.SINGLE,
              "Theo Điều lệ Đảng, công dân Việt Nam từ bao nhiêu tuổi trở lên có thể được xét kết nạp vào Đảng?",
              ("16 tuổi", "17 tuổi", "18 tuổi", "20 tuổi"), (2,),
              "Điều 1, khoản 2 lấy mốc 18 tuổi trở lên; các mốc khác không có trong Điều lệ.", keep_order=True),
    ItemDraft("VD-02", "DLD-2011", "Điều 35, khoản 2", "dang-vien", Level.REMEMBER, Kind.MULTIPLE,
              "Theo Điều lệ Đảng, những hình thức kỷ luật nào áp dụng với đảng viên dự bị? Chọn tất cả phương án đúng.",
              ("Cảnh cáo", "Cách chức", "Khai trừ", "Khiển trách"), (0, 3),
              "Điều 35, khoản 2: đảng viên dự bị chỉ có khiển trách và cảnh cáo.", Part.PRACTICE,
              feedback=("", "Cách chức chỉ dùng với đảng viên chính thức.",
                        "Khai trừ chỉ dùng với đảng viên chính thức.", "")),
    ItemDraft("VD-03", "DLD-2011", "Điều 21, khoản 3 và khoản 4", "dang-vien", Level.UNDERSTAND, Kind.TRUE_FALSE,
              "Theo Điều lệ Đảng, tổ chức cơ sở đảng có đúng 30 đảng viên thì lập chi bộ cơ sở.", ("Đúng", "Sai"), (1,),
              "Từ 30 đảng viên trở lên thì lập đảng bộ cơ sở."),
)  # fmt: skip


def question_template() -> bytes:
    """Return the empty workbook that an author fills in."""
    return _written(BankDraft("", ""))


def write_question_workbook(bank: BankDraft) -> tuple[bytes, list[Problem]]:
    """Return a bank as a workbook, with every field of its items, and what the format cannot give back."""
    odd = [item for item in bank.items if _is_odd(item)]
    return _written(bank), [Problem(_TITLE), *named(_ODD, odd)]


def _is_odd(item: ItemDraft) -> bool:
    """Tell whether an item has what the reader of cells questions: letters like an old font's, far-off days."""
    texts = (
        item.stem,
        *item.options,
        item.reference,
        item.rationale,
        *item.feedback,
        *(p.text for p in item.points),
    )
    reading = [item.reviewed.on] if item.reviewed else []
    days = [day for day in (item.valid_from, item.valid_to, *reading) if day]
    return any(map(looks_legacy, texts)) or any(not FIRST_YEAR < day.year <= LAST_YEAR for day in days)


def _written(bank: BankDraft) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, SETTINGS) as book:
        book.set_properties({"created": MADE})
        formats = _wrapping(Formats(book))
        contents: dict[str, Iterable[Mapping[str, Any]]] = {
            QUESTION_SHEET.title: map(_item_values, bank.items),
            POINT_SHEET.title: _point_values(bank.items),
            TOPIC_SHEET.title: map(_topic_values, bank.topics),
            DOCUMENT_SHEET.title: map(_document_values, bank.documents),
        }
        for sheet in SHEETS:
            _fill(book, sheet.title, sheet, contents[sheet.title], formats)
        _fill(book, EXAMPLE, QUESTION_SHEET, map(_item_values, _EXAMPLES), formats)
        _guide(book, formats)
    return target.getvalue()


def _wrapping(formats: Formats) -> Formats:
    """Return the looks with long texts on several lines."""
    for look in (formats.text, formats.quoted, formats.day):
        look.set_text_wrap()
        look.set_align("top")
    return formats


def _fill(
    book: xlsxwriter.Workbook,
    title: str,
    sheet: QuestionSheet,
    rows: Iterable[Mapping[str, Any]],
    formats: Formats,
) -> None:
    page = book.add_worksheet(title)
    write_head(page, sheet, formats)
    for row, values in enumerate(rows, start=1):
        for place, column in enumerate(sheet.columns):
            write_cell(page, row, place, values.get(column.name), column, formats)


def _item_values(item: ItemDraft) -> dict[str, Any]:
    """Return the cells of an item by column; what is the rule anyway stays empty."""
    shared = ("code", "document", "reference", "topic", "level", "intended_difficulty", "kind", "part", "stem",
              "rationale", "valid_from", "valid_to", "status")  # fmt: skip
    values: dict[str, Any] = {name: getattr(item, name) for name in shared}
    if item.kind is not Kind.TRUE_FALSE:
        values |= {f"option_{letter}": text for letter, text in zip(LETTERS, item.options, strict=False)}
    values |= {f"feedback_{letter}": text for letter, text in zip(LETTERS, item.feedback, strict=False)}
    values["key"] = _key_text(item)
    values["keep_order"] = True if item.keep_order and item.kind is not Kind.TRUE_FALSE else None
    values["keep_last"] = item.keep_last or None
    if item.reviewed:
        values |= {
            f"reviewed_{name}": getattr(item.reviewed, name) for name in ("on", "reader", "outcome", "note")
        }
    return values


def _key_text(item: ItemDraft) -> str:
    if item.kind is Kind.TRUE_FALSE:
        return item.options[item.key[0]] if item.key else ""
    return ", ".join(LETTERS[place] for place in sorted(item.key))


def _point_values(items: Sequence[ItemDraft]) -> Iterable[dict[str, Any]]:
    for item in items:
        for point in item.points:
            yield {"code": item.code, "text": point.text, "marks": _marks(point)}


def _marks(point: ExpectedPoint) -> str:
    return f"{point.marks / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _topic_values(topic: TopicDraft) -> dict[str, Any]:
    return {"code": topic.code, "title": topic.title}


def _document_values(document: DocumentDraft) -> dict[str, Any]:
    names = (column.name for column in DOCUMENT_SHEET.columns)
    return {name: getattr(document, name) for name in names}


def _guide(book: xlsxwriter.Workbook, formats: Formats) -> None:
    """Write the instructions: the steps, then each column of each sheet."""
    page = book.add_worksheet(GUIDE)
    lines: list[tuple[str, str]] = list(_STEPS)
    for sheet in SHEETS:
        lines.append((f"Bảng {sheet.title}", ""))
        lines += [
            (sheet.heading(column) + " *" * sheet.is_required(column), column.hint)
            for column in sheet.columns
        ]
    write_guide(page, "Cách ghi câu hỏi", lines, formats)
