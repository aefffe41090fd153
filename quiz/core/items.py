"""What a question must be before it may enter the bank: the one check for web form and imported file."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from quiz.core.errors import N_, Problem

TRUE_FALSE_OPTIONS = ("Đúng", "Sai")
LIMITS = {"code": 40, "reference": 200, "topic": 60, "stem": 2000, "option": 600, "rationale": 4000}


class Level(StrEnum):
    """Cognitive level, the second axis of a blueprint."""

    REMEMBER = "remember"
    UNDERSTAND = "understand"
    APPLY = "apply"


class Kind(StrEnum):
    """How an item is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"


class Part(StrEnum):
    """Which part of the bank an item belongs to; the exam part is never shown in practice."""

    EXAM = "exam"
    PRACTICE = "practice"


class Status(StrEnum):
    """Where a version stands; only approved ones join the pool."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """A source document declared once: who issued it, its number and date (two may share a number)."""

    code: str
    title: str
    issuer: str = ""
    number: str = ""
    date: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class TopicDraft:
    """A topic of a bank: a code for files and blueprints, a title for people."""

    code: str
    title: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item as a file or form hands it in; `key` holds 0-based indices into `options`, `row` its line."""

    code: str
    document: str
    reference: str
    topic: str
    level: Level
    kind: Kind
    stem: str
    options: tuple[str, ...]
    key: tuple[int, ...]
    rationale: str = ""
    part: Part = Part.EXAM
    keep_order: bool = False
    keep_last: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    status: Status = Status.DRAFT
    row: int = 0


@dataclass(frozen=True, slots=True)
class BankDraft:
    """A whole bank file: its own code and title, its topics, documents and items."""

    code: str
    title: str
    topics: tuple[TopicDraft, ...] = ()
    documents: tuple[DocumentDraft, ...] = ()
    items: tuple[ItemDraft, ...] = ()


def fingerprint(item: ItemDraft) -> str:
    """Return a SHA-256 over everything a candidate or marker could see; equal means unchanged."""
    content = [
        item.document, item.reference, item.topic, item.level, item.kind, item.stem, item.options,
        sorted(item.key), item.rationale, item.part, item.keep_order, item.keep_last,
        str(item.valid_from), str(item.valid_to),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def is_valid_on(item_from: date | None, item_to: date | None, day: date) -> bool:
    """Tell whether a validity span (ends included, None: open) covers `day`."""
    return (item_from is None or item_from <= day) and (item_to is None or day <= item_to)


def check(item: ItemDraft) -> list[Problem]:
    """Return everything wrong with one item; empty when it may enter the bank."""
    return [
        Problem(message, values, field=field, row=item.row or None)
        for field, message, values in [*_text_faults(item), *_option_faults(item), *_key_faults(item)]
    ]


Fault = tuple[str, str, dict[str, object]]


def _text_faults(item: ItemDraft) -> list[Fault]:
    faults: list[Fault] = []
    required = {"code": item.code, "document": item.document, "reference": item.reference,
                "topic": item.topic, "stem": item.stem}  # fmt: skip
    for field, text in required.items():
        if not text.strip():
            faults.append((field, N_("Chưa có nội dung. Hãy điền mục này."), {}))
        elif len(text) > LIMITS.get(field, 200):
            faults.append((field, N_("Dài quá %(limit)d ký tự. Hãy rút gọn."), {"limit": LIMITS.get(field, 200)}))
    if len(item.rationale) > LIMITS["rationale"]:
        faults.append(("rationale", N_("Dài quá %(limit)d ký tự. Hãy rút gọn."), {"limit": LIMITS["rationale"]}))
    if item.valid_from and item.valid_to and item.valid_to < item.valid_from:
        faults.append(("valid_to", N_("Ngày hết hiệu lực phải sau ngày có hiệu lực. Hãy sửa lại."), {}))
    return faults


def _option_faults(item: ItemDraft) -> list[Fault]:
    faults: list[Fault] = []
    if item.kind is Kind.TRUE_FALSE:
        if item.options != TRUE_FALSE_OPTIONS:
            faults.append(("options", N_("Câu Đúng/Sai không khai phương án. Hãy bỏ mục này."), {}))
        return faults
    if not 2 <= len(item.options) <= 6:
        faults.append(("options", N_("Cần từ 2 đến 6 phương án, hiện có %(count)d."), {"count": len(item.options)}))
    if any(not option.strip() for option in item.options):
        faults.append(("options", N_("Có phương án bỏ trống. Hãy điền hoặc xóa phương án đó."), {}))
    if any(len(option) > LIMITS["option"] for option in item.options):
        faults.append(("options", N_("Phương án dài quá %(limit)d ký tự. Hãy rút gọn."), {"limit": LIMITS["option"]}))
    if len({option.strip().casefold() for option in item.options}) < len(item.options):
        faults.append(("options", N_("Có hai phương án giống nhau. Hãy sửa một phương án."), {}))
    return faults


def _key_faults(item: ItemDraft) -> list[Fault]:
    key: Sequence[int] = item.key
    if not key:
        return [("key", N_("Chưa có đáp án. Hãy ghi phương án đúng."), {})]
    if any(not 0 <= option < len(item.options) for option in key):
        return [("key", N_("Đáp án chỉ vào phương án không có. Hãy sửa lại."), {})]
    if len(set(key)) < len(key):
        return [("key", N_("Đáp án ghi trùng. Hãy ghi mỗi phương án một lần."), {})]
    if item.kind is not Kind.MULTIPLE and len(key) != 1:
        return [("key", N_("Loại câu này chỉ có đúng một đáp án. Hãy sửa đáp án hoặc đổi loại câu."), {})]
    if item.kind is Kind.MULTIPLE and len(key) == len(item.options):
        return [("key", N_("Mọi phương án đều đúng thì câu không phân biệt được ai. Hãy sửa lại."), {})]
    return []
