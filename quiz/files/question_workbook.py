"""The workbook of questions (.xlsx): bytes to questions with a problem for every cell that cannot be read, and back.

Topics and documents stand on sheets of their own; the instructions and the filled example are never read.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quiz.core.errors import N_, Problem
from quiz.core.items import TRUE_FALSE_OPTIONS, DocumentDraft, ExpectedPoint, Kind, Reading, TopicDraft
from quiz.core.questions import Notice, QuestionDraft
from quiz.core.roster_rules import Advice
from quiz.files.question_sheets import (
    DOCUMENT_SHEET,
    POINT_SHEET,
    POINTS,
    QUESTION_SHEET,
    QUESTIONS,
    SHEETS,
    TOPIC_SHEET,
    QuestionSheet,
    Row,
)
from quiz.files.question_words import LETTERS
from quiz.files.question_workbook_writing import question_template, write_question_workbook
from quiz.files.workbook_package import DAMAGE, NoWorkbook, Package
from quiz.files.workbook_sheets import read_sheet
from quiz.files.workbook_streams import TooMuch
from quiz.files.zip_check import check_zip

__all__ = [
    "Workbook",
    "question_template",
    "read_question_workbook",
    "read_workbook",
    "write_question_workbook",
]

_LONGEST_PART, _ALL_TEXT = 4_100, 16_000_000
_NO_WORKBOOK = N_("Tệp không phải bảng tính Excel: chọn tệp .xlsx làm theo mẫu.")
_TOO_MUCH = N_("Tệp có quá nhiều chữ: chia thành nhiều tệp rồi tải lên.")
_DAMAGED = N_("Không đọc được tệp: mở bằng Excel, chọn Lưu thành .xlsx rồi tải lên lần nữa.")
_MACROS = N_("Tệp có macro: mở bằng Excel, chọn Lưu thành .xlsx (không có macro) rồi tải lên.")
_NO_ROWS = N_("Bảng “Câu hỏi” chưa có dòng nào: ghi mỗi câu một dòng, từ dòng thứ hai.")

EMPTY = N_("Chưa có nội dung. Hãy điền mục này.")
NO_KEY = N_("Chưa có đáp án. Hãy ghi phương án đúng.")
BAD_KEY = N_(
    "“%(text)s” không phải đáp án: ghi chữ cái của phương án, ví dụ B hoặc A, C; câu đúng sai ghi Đúng hoặc Sai."
)
NO_OPTION = N_("Đáp án %(letters)s chỉ vào phương án bỏ trống. Hãy sửa đáp án hoặc điền phương án.")
GAP = N_("Phương án này bỏ trống nhưng sau nó còn phương án khác: ghi các phương án liền nhau từ cột A.")
NOT_FOR_ORAL = N_("Câu vấn đáp không có phương án và đáp án: xóa ô này, ghi các ý ở bảng Ý chấm điểm.")
NOT_FOR_TRUE_FALSE = N_("Câu Đúng hay sai không ghi phương án: xóa ô này.")
BAD_MARKS = N_(
    "“%(text)s” không phải số điểm: ghi số lớn hơn 0 với nhiều nhất hai chữ số lẻ, ví dụ 2 hoặc 1,5."
)
NO_SUCH_CODE = N_("Bảng Câu hỏi không có câu vấn đáp mã %(code)s. Hãy sửa mã.")
HALF_READING = N_("Lần đọc lại cần đủ ngày, người đọc và kết quả. Hãy điền đủ hoặc xóa cả ba ô.")
FEEDBACK_WITHOUT = N_("Nhận xét này không đi với phương án nào: xóa ô hoặc điền phương án.")

_LETTERS_ONLY = re.compile(r"[A-F](?:[\s,;/+&.]*[A-F])*\.?")
_MARKS = re.compile(r"(\d{1,4})(?:[.,](\d{1,2}))?")
_WORDS = {"đúng": 0, "true": 0, "đ": 0, "sai": 1, "false": 1, "s": 1}


@dataclass(frozen=True, slots=True)
class Workbook:
    """What stands in a workbook of questions."""

    questions: tuple[QuestionDraft, ...] = ()
    topics: tuple[TopicDraft, ...] = ()
    documents: tuple[DocumentDraft, ...] = ()


def read_question_workbook(data: bytes) -> tuple[list[QuestionDraft], list[Problem]]:
    """Return the questions of a workbook and what is wrong with it; raises nothing."""
    book, problems = read_workbook(data)
    return list(book.questions), problems


def read_workbook(data: bytes) -> tuple[Workbook, list[Problem]]:
    """Return questions, topics and documents of a workbook and what is wrong with it; raises nothing."""
    if problems := check_zip(data, wanted=".xlsx"):
        return Workbook(), problems
    try:
        return _read(Package(data, _LONGEST_PART, _ALL_TEXT))
    except NoWorkbook:
        return Workbook(), [Problem(_NO_WORKBOOK)]
    except TooMuch:
        return Workbook(), [Problem(_TOO_MUCH)]
    except DAMAGE:
        return Workbook(), [Problem(_DAMAGED)]


def _read(package: Package) -> tuple[Workbook, list[Problem]]:
    if any(name.lower().endswith("vbaproject.bin") for name in package.archive.namelist()):
        return Workbook(), [Problem(_MACROS)]
    rows: dict[str, list[Row]] = {}
    problems: list[Problem] = []
    for sheet in SHEETS:
        found, said = read_sheet(package, sheet)
        problems += [_notice(problem) for problem in said]
        faulty = {problem.row for problem in said if not isinstance(problem, Advice)}
        rows[sheet.title] = [row for row in found if row.number not in faulty and any(row.values.values())]
    book = _book(rows, problems)
    if not problems and not book.questions:
        problems = [Problem(_NO_ROWS, place=QUESTIONS)]
    return book, problems


def _notice(problem: Problem) -> Problem:
    if not isinstance(problem, Advice):
        return problem
    return Notice(problem.message, problem.values, problem.place, problem.row, problem.field)


class _Faults:
    """What is wrong with one row; `add` names the column."""

    def __init__(self, sheet: QuestionSheet, row: Row) -> None:
        self.sheet, self.row = sheet, row
        self.found: list[Problem] = []

    def add(self, column: str, message: str, **values: object) -> None:
        heading = self.sheet.headings[column]
        self.found.append(Problem(message, values, self.sheet.title, self.row.number, heading))


def _book(rows: Mapping[str, list[Row]], problems: list[Problem]) -> Workbook:
    points = _points(rows[POINTS], rows[QUESTIONS], problems)
    questions = []
    for row in rows[QUESTIONS]:
        faults = _Faults(QUESTION_SHEET, row)
        question = _question(row, points.get(row.values["code"], ()), faults)
        problems += faults.found
        if not faults.found:
            questions.append(question)
    topics = tuple(
        TopicDraft(row.values["code"], row.values["title"], row.number)
        for row in _filled(rows[TOPIC_SHEET.title], TOPIC_SHEET, problems)
    )
    documents = tuple(
        DocumentDraft(**row.values, row=row.number)
        for row in _filled(rows[DOCUMENT_SHEET.title], DOCUMENT_SHEET, problems)
    )
    return Workbook(tuple(questions), topics, documents)


def _filled(rows: Sequence[Row], sheet: QuestionSheet, problems: list[Problem]) -> list[Row]:
    """Return the rows with every required cell filled, each code once; add problems for the others."""
    found, seen = [], set()
    for row in rows:
        faults = _Faults(sheet, row)
        for name in sorted(sheet.required):
            if not row.values[name]:
                faults.add(name, EMPTY)
        if row.values["code"] in seen and sheet is not POINT_SHEET:
            faults.add("code", N_("Mã này đã có ở dòng trên. Hãy đặt mã khác."))
        seen.add(row.values["code"])
        problems += faults.found
        found += [] if faults.found else [row]
    return found


def _points(
    rows: Sequence[Row], questions: Sequence[Row], problems: list[Problem]
) -> dict[str, list[ExpectedPoint]]:
    oral = {row.values["code"] for row in questions if row.values["kind"] in (Kind.ORAL, None)}
    found: dict[str, list[ExpectedPoint]] = defaultdict(list)
    for row in _filled(rows, POINT_SHEET, problems):
        faults = _Faults(POINT_SHEET, row)
        text = row.values["marks"]
        match = _MARKS.fullmatch(text)
        marks = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else 0
        if not marks:
            faults.add("marks", BAD_MARKS, text=text[:40])
        if row.values["code"] not in oral:
            faults.add("code", NO_SUCH_CODE, code=row.values["code"])
        problems += faults.found
        found[row.values["code"]].append(ExpectedPoint(row.values["text"], marks))
    return found


def _question(row: Row, points: Sequence[ExpectedPoint], faults: _Faults) -> QuestionDraft:
    values = row.values
    if not values["stem"]:
        faults.add("stem", EMPTY)
    options = _options(values, faults)
    kind = values["kind"] or _kind(values["key"], options, points)
    options, key = _of_kind(kind, options, values["key"], faults)
    shared = ("code", "document", "reference", "topic", "level", "intended_difficulty", "part", "stem", "rationale",
              "keep_order", "keep_last", "valid_from", "valid_to", "status")  # fmt: skip
    return QuestionDraft(
        kind=kind, options=options, key=key, feedback=_feedback(values, options, faults),
        points=tuple(points) if kind is Kind.ORAL else (), reviewed=_reading(values, faults),
        place=QUESTIONS, row=row.number, **{name: values[name] for name in shared},
    )  # fmt: skip


def _options(values: Mapping[str, Any], faults: _Faults) -> tuple[str, ...]:
    texts = [values[f"option_{letter}"] for letter in LETTERS]
    last = max((place for place, text in enumerate(texts) if text), default=-1)
    for place, text in enumerate(texts[: max(last, 0)]):
        if not text:
            faults.add(f"option_{LETTERS[place]}", GAP)
    return tuple(texts[: last + 1])


def _kind(key: str, options: Sequence[str], points: Sequence[ExpectedPoint]) -> Kind:
    """Return the kind of a row that does not name one."""
    if not options and (points or key):
        return Kind.ORAL if points else Kind.TRUE_FALSE
    return Kind.MULTIPLE if len(re.findall(r"[A-F]", key.upper())) > 1 else Kind.SINGLE


def _of_kind(
    kind: Kind, options: tuple[str, ...], key: str, faults: _Faults
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return options and key as the kind has them, after a look at what it may not have."""
    if kind is Kind.ORAL:
        for name, text in (("option_A", options), ("key", key)):
            if text:
                faults.add(name, NOT_FOR_ORAL)
        return (), ()
    if kind is Kind.TRUE_FALSE and options not in ((), TRUE_FALSE_OPTIONS):
        faults.add("option_A", NOT_FOR_TRUE_FALSE)
    options = TRUE_FALSE_OPTIONS if kind is Kind.TRUE_FALSE else options
    return options, _key(key, options, faults)


def _key(text: str, options: Sequence[str], faults: _Faults) -> tuple[int, ...]:
    if not text:
        faults.add("key", NO_KEY)
        return ()
    if options == TRUE_FALSE_OPTIONS and text.lower().strip(".") in _WORDS:
        return (_WORDS[text.lower().strip(".")],)
    if not _LETTERS_ONLY.fullmatch(text.upper()):
        faults.add("key", BAD_KEY, text=text[:40])
        return ()
    places = sorted({LETTERS.index(letter) for letter in re.findall(r"[A-F]", text.upper())})
    missing = [LETTERS[place] for place in places if place >= len(options)]
    if missing:
        faults.add("key", NO_OPTION, letters=", ".join(missing))
    return tuple(places)


def _feedback(values: Mapping[str, Any], options: Sequence[str], faults: _Faults) -> tuple[str, ...]:
    texts = [values[f"feedback_{letter}"] for letter in LETTERS]
    for place, text in enumerate(texts):
        if text and place >= len(options):
            faults.add(f"feedback_{LETTERS[place]}", FEEDBACK_WITHOUT)
    return tuple(texts[: len(options)]) if any(texts) else ()


def _reading(values: Mapping[str, Any], faults: _Faults) -> Reading | None:
    on, reader, outcome = (values[f"reviewed_{name}"] for name in ("on", "reader", "outcome"))
    if not any((on, reader, outcome)):
        return None
    if not all((on, reader, outcome)):
        faults.add("reviewed_on", HALF_READING)
        return None
    return Reading(on, reader, outcome, values["reviewed_note"])
