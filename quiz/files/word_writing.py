"""A bank as a Word file: for print (questions only), and with answers, which read_word reads back.

What reading back would not give again is said; it is found out by reading the file that was just written.
"""

from collections.abc import Iterator, Sequence
from itertools import count, groupby

from docx.document import Document

from quiz.core.errors import N_, Problem
from quiz.core.items import BankDraft, ItemDraft, Kind, Status, fingerprint
from quiz.core.names import nfc
from quiz.core.questions import Defaults, completed
from quiz.files.losses import named, titles_of
from quiz.files.question_words import DIFFICULTIES, KINDS, LETTERS, LEVELS, PARTS, STATUSES
from quiz.files.word_layout import add, columns, new_document, question, saved, small, table
from quiz.files.word_reading import read_word

ANSWERS, PAPER = "Bộ câu hỏi kèm đáp án, căn cứ", "Bộ câu hỏi"
_ORAL = "CÂU HỎI VẤN ĐÁP"
_ACROSS = 10  # answers on a row of the table at the end
_ON_A_LINE = ((14, 4), (34, 2))  # options up to so many letters: so many on a line

_ORAL_LOST = N_("%(count)d câu vấn đáp có trong tệp để in nhưng tệp Word không nhập lại được: %(codes)s.")
_READING_LOST = N_("Lần đọc lại của %(count)d câu không có trong tệp: %(codes)s.")
_DIFFERENT = N_(
    "%(count)d câu có chữ dễ nhầm với phương án hoặc đáp án, nhập lại từ tệp Word sẽ khác hoặc bị từ chối: %(codes)s."
)
_SOURCES = N_("Thông tin của văn bản không có trong tệp Word, chỉ có mã văn bản.")
_PAPER_LOST = N_("Tệp để in chỉ có câu hỏi và phương án, không có đáp án nên không nhập lại được.")


def write_word(bank: BankDraft) -> tuple[bytes, list[Problem]]:
    """Return the bank with keys, references and rationales, and what reading the file back would lose."""
    data = saved(_document(bank, has_answers=True))
    return data, _losses(bank, data)


def write_word_paper(bank: BankDraft) -> tuple[bytes, list[Problem]]:
    """Return the bank for print without anything that tells a key."""
    return saved(_document(bank, has_answers=False)), [Problem(_PAPER_LOST)]


def _document(bank: BankDraft, has_answers: bool) -> Document:
    document = new_document(nfc(bank.title), ANSWERS if has_answers else PAPER)
    titles = titles_of(bank)
    written = [item for item in bank.items if item.kind is not Kind.ORAL]
    numbers = count(1)
    for topic, items in groupby(written, lambda item: item.topic):
        add(document, nfc(titles[topic]), "Heading 1")
        for item in items:
            _write(document, next(numbers), item, has_answers)
    _write_oral(document, [item for item in bank.items if item.kind is Kind.ORAL], has_answers)
    if has_answers and written:
        add(document, "BẢNG ĐÁP ÁN", "Heading 1")
        table(document, list(_answer_rows(written)))
    return document


def _write(document: Document, number: int, item: ItemDraft, has_answers: bool) -> None:
    question(document, f"Câu {number}.", nfc(item.stem))
    options = [f"{letter}. {nfc(option)}" for letter, option in zip(LETTERS, item.options, strict=False)]
    longest = max(map(len, options), default=0)
    across = next((count for limit, count in _ON_A_LINE if longest <= limit), 1)
    columns(document, options, 1 if has_answers else across)
    if has_answers:
        for label, text in _below(item):
            small(document, label, text)


def _below(item: ItemDraft) -> Iterator[tuple[str, str]]:
    """Yield what stands below a question, as label and words."""
    yield "Đáp án", ", ".join(LETTERS[place] for place in sorted(item.key))
    yield "Căn cứ", nfc(item.reference)
    if item.rationale:
        yield "Giải thích", nfc(item.rationale)
    for letter, text in zip(LETTERS, item.feedback, strict=False):
        if text:
            yield f"Nhận xét {letter}", nfc(text)
    facts = list(_facts(item))
    yield facts[0][0], " | ".join([facts[0][1], *(f"{label}: {text}" for label, text in facts[1:])])


def _facts(item: ItemDraft) -> Iterator[tuple[str, str]]:
    yield "Mã câu", item.code
    yield "Văn bản", item.document
    yield "Chuyên đề", item.topic
    yield "Mức độ", LEVELS[item.level]
    if item.intended_difficulty:
        yield "Độ khó", DIFFICULTIES[item.intended_difficulty]
    yield "Loại câu", KINDS[item.kind]
    yield "Phần dùng", PARTS[item.part]
    if item.keep_order and item.kind is not Kind.TRUE_FALSE:
        yield "Giữ thứ tự", "có"
    if item.keep_last:
        yield "Giữ phương án cuối", "có"
    for label, day in (("Hiệu lực từ", item.valid_from), ("Hiệu lực đến", item.valid_to)):
        if day:
            yield label, f"{day:%d/%m/%Y}"
    if item.status is not Status.DRAFT:
        yield "Trạng thái", STATUSES[item.status]


def _answer_rows(items: Sequence[ItemDraft]) -> Iterator[list[str]]:
    answers = ["".join(LETTERS[place] for place in sorted(item.key)) for item in items]
    for first in range(0, len(answers), _ACROSS):
        row = answers[first : first + _ACROSS]
        numbers = [str(number) for number in range(first + 1, first + len(row) + 1)]
        blank = [""] * (_ACROSS - len(row))
        yield ["Câu", *numbers, *blank]
        yield ["Đáp án", *row, *blank]


def _write_oral(document: Document, items: Sequence[ItemDraft], has_answers: bool) -> None:
    if items:
        add(document, _ORAL, "Heading 1")
    for number, item in enumerate(items, start=1):
        question(document, f"Tình huống {number}.", nfc(item.stem))
        for point in item.points if has_answers else ():
            marks = f"{point.marks / 100:g}".replace(".", ",")
            small(document, f"{marks} điểm", nfc(point.text))
        if has_answers:
            small(document, "Gợi ý chấm", nfc(f"{item.reference}. {item.rationale}"))


def _losses(bank: BankDraft, data: bytes) -> list[Problem]:
    written = [item for item in bank.items if item.kind is not Kind.ORAL]
    defaults = Defaults(document="", topic="")
    again = {question.code: completed(question, defaults, bank) for question in read_word(data)[0]}
    different = [
        item
        for item in written
        if item.code not in again or fingerprint(again[item.code]) != fingerprint(item)
    ]
    return [
        *named(_ORAL_LOST, [item for item in bank.items if item.kind is Kind.ORAL]),
        *named(_READING_LOST, [item for item in written if item.reviewed]),
        *named(_DIFFERENT, different),
        *([Problem(_SOURCES)] if bank.documents else []),
    ]
