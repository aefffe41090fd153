"""Every format of question files in one list: which there are, how a file is recognised, reading and writing.

A reader takes bytes and returns questions and what is wrong, never raising. A writer takes a bank and returns bytes
and, sentence by sentence, what the format could not carry for these items.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath

from quiz.core.errors import N_, Problem
from quiz.core.items import BankDraft
from quiz.core.questions import QuestionDraft, question_of
from quiz.files.aiken import read_aiken, write_aiken
from quiz.files.bank_yaml import read_bank, write_bank
from quiz.files.gift import read_gift
from quiz.files.gift_writer import write_gift
from quiz.files.moodle_xml import read_moodle_xml
from quiz.files.moodle_xml_writer import write_moodle_xml
from quiz.files.qti import read_qti
from quiz.files.qti_writer import write_qti_2, write_qti_3
from quiz.files.question_json import read_json, write_json
from quiz.files.question_workbook import read_question_workbook, write_question_workbook
from quiz.files.text_input import MAX_BYTES
from quiz.files.word_reading import read_word
from quiz.files.word_writing import write_word, write_word_paper

Read = Callable[[bytes], tuple[list[QuestionDraft], list[Problem]]]
Write = Callable[[BankDraft], tuple[bytes, list[Problem]]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name for machines, its title and what it cannot carry for people, its first extension."""

    name: str
    title: str
    extensions: tuple[str, ...]
    mimetype: str
    lacks: str
    read: Read | None = None
    write: Write | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A file ready for download; `losses` are the sentences to show beside it."""

    data: bytes
    extension: str
    mimetype: str
    losses: tuple[Problem, ...] = ()


def _read_yaml(data: bytes) -> tuple[list[QuestionDraft], list[Problem]]:
    draft, problems = read_bank(data, "")
    return [question_of(item) for item in draft.items] if draft else [], problems


_NOTHING = N_("Không thiếu gì: đây là định dạng riêng của phần mềm.")
_SOURCES = N_("Thông tin của văn bản và chuyên đề; trong tệp chỉ có mã của chúng.")
_MOODLE = N_("Câu vấn đáp, lần đọc lại, thông tin của văn bản.")
_AIKEN = N_("Tất cả trừ câu dẫn, phương án và đáp án; không có câu nhiều đáp án và câu vấn đáp.")
_WORD = N_("Lần đọc lại, thông tin của văn bản; câu vấn đáp in được nhưng không nhập lại được.")
_PAPER = N_("Đáp án, căn cứ và mọi thông tin khác: chỉ có câu hỏi và phương án để in.")
_EXCEL = N_("Tên và mã của ngân hàng.")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = {
    entry.name: entry
    for entry in (
        Format("yaml", N_("Ngân hàng YAML"), (".yaml", ".yml"), "application/yaml", _NOTHING, _read_yaml,
               lambda bank: (write_bank(bank), [])),
        Format("xlsx", N_("Excel"), (".xlsx",), _XLSX, _EXCEL, read_question_workbook, write_question_workbook),
        Format("docx", N_("Word, có đáp án"), (".docx",), _DOCX, _WORD, read_word, write_word),
        Format("docx_paper", N_("Word để in, không có đáp án"), (".docx",), _DOCX, _PAPER, None, write_word_paper),
        Format("gift", N_("Moodle GIFT"), (".txt", ".gift"), "text/plain", _MOODLE, read_gift, write_gift),
        Format("aiken", N_("Moodle Aiken"), (".txt", ".aiken"), "text/plain", _AIKEN, read_aiken, write_aiken),
        Format("moodle_xml", N_("Moodle XML"), (".xml",), "application/xml", _MOODLE, read_moodle_xml,
               write_moodle_xml),
        Format("qti3", N_("Gói QTI 3.0"), (".zip", ".xml"), "application/zip", _MOODLE, read_qti, write_qti_3),
        Format("qti2", N_("Gói QTI 2.1"), (".zip", ".xml"), "application/zip", _MOODLE, read_qti, write_qti_2),
        Format("json", N_("Danh sách JSON"), (".json",), "application/json", _SOURCES, read_json, write_json),
    )
}  # fmt: skip

# How a file tells what it is where formats share an extension; the other one has no sign of its own.
_SIGNS = {
    "qti3": re.compile(rb"^PK|qti-assessment-item"),
    "qti2": re.compile(rb"assessmentItem"),
    "aiken": re.compile("(?m)^[ \t]{0,9}(ANSWER|ĐÁP ÁN|Đáp án)[ \t]{0,9}:".encode()),
}


def format_of(data: bytes, filename: str) -> str:
    """Return the name of the format a file seems to have, "" when no format fits."""
    extension = PurePath(filename.lower()).suffix
    head = data[:50_000].replace(b"\0", b"")  # in UTF-16 every other byte of these signs is zero
    fitting = [entry.name for entry in FORMATS.values() if entry.read and extension in entry.extensions]
    signed = [name for name in fitting if name in _SIGNS and _SIGNS[name].search(head)]
    return next(iter(signed + [name for name in fitting if name not in _SIGNS] + fitting), "")


def read(name: str | None, data: bytes, filename: str) -> tuple[list[QuestionDraft], list[Problem]]:
    """Return the questions of a file and what is wrong with it; without a name the format is found out."""
    entry = FORMATS.get(name or format_of(data, filename))
    if entry is None or entry.read is None:
        titles = ", ".join(sorted({suffix for known in FORMATS.values() for suffix in known.extensions}))
        message = N_(
            "Không rõ tệp này thuộc định dạng nào. Hãy chọn định dạng, hoặc dùng tệp có đuôi %(known)s."
        )
        return [], [Problem(message, {"known": titles}, place=filename)]
    questions, problems = entry.read(data)
    return questions, [replace(problem, place=problem.place or filename) for problem in problems]


def write(name: str, bank: BankDraft) -> Written:
    """Return the bank in a format that can be written; raise KeyError for a name that is none."""
    entry = FORMATS[name]
    if entry.write is None:
        raise KeyError(name)
    data, losses = entry.write(bank)
    if len(data) > MAX_BYTES:
        message = N_(
            "Tệp lớn hơn %(limit)d MB nên không nhập lại được nguyên tệp. Hãy xuất từng ngân hàng nhỏ hơn."
        )
        losses = [*losses, Problem(message, {"limit": MAX_BYTES // 1024**2})]
    return Written(data, entry.extensions[0], entry.mimetype, tuple(losses))
