"""A question as a file of another program has it, and how it becomes an item of a bank.

Such files rarely know our codes, documents, references, topics or levels. What a file lacks is filled in from what
was chosen on the import page; a question without a code gets one made from its content, so that importing the same
file twice changes nothing.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache

from quiz.core.errors import N_, Problem
from quiz.core.items import (
    TRUE_FALSE_OPTIONS,
    BankDraft,
    Difficulty,
    DocumentDraft,
    ExpectedPoint,
    ItemDraft,
    Kind,
    Level,
    Part,
    Reading,
    Status,
    TopicDraft,
    check,
)
from quiz.core.names import nfc, search_key

UNCITED = "Chưa ghi điều, khoản"
Named = tuple[TopicDraft, ...] | tuple[DocumentDraft, ...]
_TRUE_WORDS = {"đúng", "true", "dung"}
_FALSE_WORDS = {"sai", "false"}


class Notice(Problem):
    """Something the organizer is told that need not be put right: what was left behind and why."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question as its file has it; "" and None stand for what the file does not say.

    `topic` is a code or a title. `place` names the sheet or part of the file, `row` the line, row or paragraph.
    """

    stem: str
    kind: Kind
    options: tuple[str, ...] = ()
    key: tuple[int, ...] = ()
    code: str = ""
    document: str = ""
    reference: str = ""
    topic: str = ""
    level: Level | None = None
    intended_difficulty: Difficulty | None = None
    part: Part | None = None
    rationale: str = ""
    feedback: tuple[str, ...] = ()
    points: tuple[ExpectedPoint, ...] = ()
    keep_order: bool | None = None
    keep_last: bool | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    status: Status | None = None
    reviewed: Reading | None = None
    place: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is taken where a file is silent; `document` and `topic` are codes, `prefix` begins the codes made here."""

    document: str
    topic: str
    level: Level = Level.REMEMBER
    part: Part = Part.EXAM
    prefix: str = "CH"
    reference: str = UNCITED
    intended_difficulty: Difficulty | None = None


def generated_code(prefix: str, question: QuestionDraft) -> str:
    """Return the code of a question whose file has none: the same for the same kind, stem and options."""
    content = [question.kind, nfc(question.stem), [nfc(option) for option in question.options]]
    return f"{prefix}-{hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:10]}"


@lru_cache(maxsize=8)
def _codes(entries: Named) -> dict[str, str]:
    """Return the code for each name: codes go before titles, the first of two alike before the second."""
    names: dict[str, str] = {}
    for name, code in [(entry.code, entry.code) for entry in entries] + [
        (entry.title, entry.code) for entry in entries
    ]:
        names.setdefault(search_key(name), code)
    return names


def code_named(wanted: str, entries: Named) -> str:
    """Return the code of the topic or document a file calls by its code or its title, "" when there is none."""
    if any(entry.code == wanted for entry in entries):
        return wanted
    return _codes(entries).get(search_key(wanted), "") if wanted else ""


def with_true_false(question: QuestionDraft) -> QuestionDraft:
    """Return a question between Đúng and Sai as the true/false question it is; any other as it came."""
    words = [option.strip(" .").casefold() for option in question.options]
    if question.kind is not Kind.SINGLE or len(words) != 2 or len(question.key) != 1:
        return question
    if not (_TRUE_WORDS & set(words) and _FALSE_WORDS & set(words)):
        return question
    is_true = words[question.key[0]] in _TRUE_WORDS
    return replace(
        question, kind=Kind.TRUE_FALSE, options=TRUE_FALSE_OPTIONS, key=(0,) if is_true else (1,), feedback=(),
        rationale=" ".join(dict.fromkeys(text for text in (question.rationale, *question.feedback) if text)),
    )  # fmt: skip


def completed(question: QuestionDraft, defaults: Defaults, bank: BankDraft) -> ItemDraft:
    """Return the item a question becomes in `bank`, whose topics and documents its names are looked up in."""
    return ItemDraft(
        code=question.code or generated_code(defaults.prefix, question),
        document=code_named(question.document, bank.documents) or defaults.document,
        reference=question.reference or defaults.reference,
        topic=code_named(question.topic, bank.topics) or defaults.topic,
        level=question.level or defaults.level,
        kind=question.kind,
        stem=question.stem,
        options=question.options,
        key=question.key,
        rationale=question.rationale,
        part=question.part or defaults.part,
        keep_order=bool(question.keep_order) or question.kind is Kind.TRUE_FALSE,
        keep_last=bool(question.keep_last),
        valid_from=question.valid_from,
        valid_to=question.valid_to,
        status=question.status or Status.DRAFT,
        row=question.row,
        intended_difficulty=question.intended_difficulty or defaults.intended_difficulty,
        feedback=question.feedback if any(question.feedback) else (),
        points=question.points,
        reviewed=question.reviewed,
    )


def question_of(item: ItemDraft) -> QuestionDraft:
    """Return the question an item is, for what reads items from a file of our own."""
    shared = {part.name for part in fields(QuestionDraft)} - {"place"}
    return QuestionDraft(**{name: getattr(item, name) for name in shared})


def as_bank(
    questions: Iterable[QuestionDraft], defaults: Defaults, bank: BankDraft
) -> tuple[BankDraft, list[Problem]]:
    """Return `bank` with these questions as its items, and what is wrong with those left out.

    A question that stands in the file twice is taken once; names the bank does not know are said once each.
    """
    questions = list(questions)
    problems = _unknown_names(questions, bank)
    taken: dict[str, ItemDraft] = {}
    for question in questions:
        item = completed(question, defaults, bank)
        faults = _repetition(taken[item.code], item) if item.code in taken else check(item)
        problems += [replace(fault, place=question.place, row=question.row or None) for fault in faults]
        if not faults:
            taken[item.code] = item
    return replace(bank, items=tuple(taken.values())), problems


def _repetition(first: ItemDraft, again: ItemDraft) -> list[Problem]:
    values = {"first": first.row}
    if replace(again, row=first.row) == first:
        return [Notice(N_("Câu này giống hệt câu ở vị trí %(first)d nên chỉ nhập một lần."), values)]
    if (again.stem, again.options) == (first.stem, first.options):
        message = N_(
            "Câu này giống câu ở vị trí %(first)d nhưng khác đáp án hoặc lời giải. Hãy giữ lại một câu."
        )
        return [Problem(message, values, field="stem")]
    message = N_("Mã %(code)s đã dùng cho câu ở vị trí %(first)d. Hãy đặt mã khác.")
    return [Problem(message, values | {"code": again.code}, field="code")]


def _unknown_names(questions: list[QuestionDraft], bank: BankDraft) -> list[Problem]:
    topic = N_("Ngân hàng chưa có chuyên đề “%(name)s” (%(count)d câu): các câu này vào chuyên đề đã chọn.")
    document = N_("Ngân hàng chưa có văn bản “%(name)s” (%(count)d câu): các câu này lấy văn bản đã chọn.")
    topics = Counter(question.topic for question in questions if not code_named(question.topic, bank.topics))
    documents = Counter(
        question.document for question in questions if not code_named(question.document, bank.documents)
    )
    return [
        Notice(message, {"name": name[:80], "count": count}, field=field)
        for field, message, names in (("topic", topic, topics), ("document", document, documents))
        for name, count in names.items()
        if name
    ]
