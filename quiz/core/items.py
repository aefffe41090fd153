"""What a question must be before it may enter the bank: the one check for web form and imported file."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from quiz.core.errors import N_, Problem

TRUE_FALSE_OPTIONS = ("Đúng", "Sai")
LETTERS = "ABCDEF"
# "Cả a, b và c", "A và B đều đúng"; but not "điểm a, b khoản 2", which cites a document.
_LETTERS = re.compile(r"(?<!điểm )\b[a-f]\s*(,|;|/|và|hoặc)\s*[a-f]\b", re.IGNORECASE)
# "Tất cả các phương án trên", "Cả ba nguyên tắc trên", "Không có ý nào nêu trên đúng"; but not "lên cấp trên".
_ABOVE = re.compile(
    r"\b(cả|các|mọi|không)\b.*\b(?<!cấp )(trên|đã nêu)(\s+(đều )?(đúng|sai))?\W*$", re.IGNORECASE
)
LIMITS = {
    "code": 40, "reference": 200, "topic": 60, "stem": 2000, "option": 600, "rationale": 4000, "feedback": 600,
    "points": 600,
}  # fmt: skip


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
    ORAL = "oral"


class Difficulty(StrEnum):
    """The author's estimate for somebody who has studied; what is observed later is the facility."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Outcome(StrEnum):
    """What a second reading left behind: the item as it was, or a changed one."""

    AGREED = "agreed"
    CHANGED = "changed"


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
    """A source document declared once: who issued it, its number and date (two may share a number).

    `followed_by` is the code of a later document on the same matter, `notice` a sentence for organizers about it.
    """

    code: str
    title: str
    issuer: str = ""
    number: str = ""
    dated: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    row: int = 0
    followed_by: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class TopicDraft:
    """A topic of a bank: a code for files and blueprints, a title for people."""

    code: str
    title: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class ExpectedPoint:
    """Something a good oral answer says, and the marks it earns in hundredths of a point."""

    text: str
    marks: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A second reading of a version by somebody who did not write it."""

    on: date
    reader: str
    outcome: Outcome
    note: str = ""


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item as a file or form hands it in; `key` holds 0-based indices into `options`, `row` its line.

    `feedback` is empty or has a text per option, "" where there is nothing to say. Only an oral item has `points`,
    and it has neither options nor key.
    """

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
    intended_difficulty: Difficulty | None = None
    feedback: tuple[str, ...] = ()
    points: tuple[ExpectedPoint, ...] = ()
    reviewed: Reading | None = None


@dataclass(frozen=True, slots=True)
class BankDraft:
    """A whole bank file: its own code and title, its topics, documents and items."""

    code: str
    title: str
    topics: tuple[TopicDraft, ...] = ()
    documents: tuple[DocumentDraft, ...] = ()
    items: tuple[ItemDraft, ...] = ()


def fingerprint(item: ItemDraft) -> str:
    """Return a SHA-256 over everything a candidate or marker could see; equal means unchanged.

    Fields that joined later count only where they are set: what is stored without them stays the same.
    """
    content = [
        item.document, item.reference, item.topic, item.level, item.kind, item.stem, item.options,
        sorted(item.key), item.rationale, item.part, item.keep_order, item.keep_last,
        str(item.valid_from), str(item.valid_to),
    ]  # fmt: skip
    joined_later = {
        "intended_difficulty": item.intended_difficulty,
        "feedback": any(item.feedback) and item.feedback,
        "points": [(point.text, point.marks) for point in item.points],
    }
    content += [[name, value] for name, value in joined_later.items() if value]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def is_valid_on(item_from: date | None, item_to: date | None, day: date) -> bool:
    """Tell whether a validity span (ends included, None: open) covers `day`."""
    return (item_from is None or item_from <= day) and (item_to is None or day <= item_to)


def check(item: ItemDraft) -> list[Problem]:
    """Return everything wrong with one item; empty when it may enter the bank."""
    faults = [*_text_faults(item), *_option_faults(item), *_key_faults(item), *_feedback_faults(item)]
    return _problems(item, faults + _point_faults(item))


def warnings(item: ItemDraft) -> list[Problem]:
    """Return what does not bar an item but would read wrongly on a shuffled paper (R15).

    An option that names others by letter needs the authored order kept; one that speaks of "those above" must
    at least stay last.
    """
    if item.keep_order or item.kind in (Kind.TRUE_FALSE, Kind.ORAL):
        return []
    by_letter = any(_LETTERS.search(option) for option in item.options)
    above = [place for place, option in enumerate(item.options) if _ABOVE.search(option)]
    if by_letter or above not in ([], [len(item.options) - 1]):
        message = N_("Có phương án nhắc đến phương án khác. Hãy chọn giữ nguyên thứ tự phương án.")
        return _problems(item, [("keep_order", message, {})])
    if above and not item.keep_last:
        message = N_("Phương án cuối nhắc đến các phương án trên. Hãy chọn giữ phương án cuối ở cuối.")
        return _problems(item, [("keep_last", message, {})])
    return []


def _problems(item: ItemDraft, faults: list["Fault"]) -> list[Problem]:
    return [Problem(text, values, field=field, row=item.row or None) for field, text, values in faults]


Fault = tuple[str, str, dict[str, object]]


def _too_long(field: str, text: str) -> list[Fault]:
    limit = LIMITS.get(field, 200)
    message = N_("Dài quá %(limit)d ký tự. Hãy rút gọn.")
    return [(field, message, {"limit": limit})] if len(text) > limit else []


def _text_faults(item: ItemDraft) -> list[Fault]:
    faults: list[Fault] = []
    required = {"code": item.code, "document": item.document, "reference": item.reference,
                "topic": item.topic, "stem": item.stem}  # fmt: skip
    for field, text in required.items():
        if not text.strip():
            faults.append((field, N_("Chưa có nội dung. Hãy điền mục này."), {}))
        faults += _too_long(field, text)
    faults += _too_long("rationale", item.rationale)
    if item.valid_from and item.valid_to and item.valid_to < item.valid_from:
        message = N_("Ngày hết hiệu lực không được trước ngày có hiệu lực. Hãy sửa lại.")
        faults.append(("valid_to", message, {}))
    return faults


def _option_faults(item: ItemDraft) -> list[Fault]:
    options, count = item.options, len(item.options)
    if item.kind is Kind.ORAL:
        message = N_("Câu vấn đáp không có phương án. Hãy bỏ mục này.")
        return [("options", message, {})] if options else []
    if item.kind is Kind.TRUE_FALSE:
        message = N_("Câu Đúng/Sai không khai phương án. Hãy bỏ mục này.")
        return [] if options == TRUE_FALSE_OPTIONS else [("options", message, {})]
    faults: list[Fault] = []
    if not 2 <= count <= 6:
        faults.append(("options", N_("Cần từ 2 đến 6 phương án, hiện có %(count)d."), {"count": count}))
    if any(not option.strip() for option in options):
        faults.append(("options", N_("Có phương án bỏ trống. Hãy điền hoặc xóa phương án đó."), {}))
    if any(len(option) > LIMITS["option"] for option in options):
        message = N_("Phương án dài quá %(limit)d ký tự. Hãy rút gọn.")
        faults.append(("options", message, {"limit": LIMITS["option"]}))
    if len({option.strip().casefold() for option in options}) < count:
        faults.append(("options", N_("Có hai phương án giống nhau. Hãy sửa một phương án."), {}))
    return faults


def _key_faults(item: ItemDraft) -> list[Fault]:
    key: Sequence[int] = item.key
    if item.kind is Kind.ORAL:
        message = N_("Câu vấn đáp không có đáp án để chọn. Hãy bỏ mục này, ghi các ý cần trả lời.")
        return [("key", message, {})] if key else []
    if not key:
        return [("key", N_("Chưa có đáp án. Hãy ghi phương án đúng."), {})]
    if any(not 0 <= option < len(item.options) for option in key):
        return [("key", N_("Đáp án chỉ vào phương án không có. Hãy sửa lại."), {})]
    if len(set(key)) < len(key):
        return [("key", N_("Đáp án ghi trùng. Hãy ghi mỗi phương án một lần."), {})]
    if item.kind is not Kind.MULTIPLE and len(key) != 1:
        message = N_("Loại câu này chỉ có đúng một đáp án. Hãy sửa đáp án hoặc đổi loại câu.")
        return [("key", message, {})]
    return []


def _feedback_faults(item: ItemDraft) -> list[Fault]:
    if item.feedback and len(item.feedback) != len(item.options):
        return [("feedback", N_("Lời giải thích phải đi với từng phương án. Hãy xem lại mục này."), {})]
    return _longest_too_long("feedback", item.feedback)


def _point_faults(item: ItemDraft) -> list[Fault]:
    points = item.points
    if item.kind is not Kind.ORAL:
        message = N_("Chỉ câu vấn đáp mới có các ý cần trả lời. Hãy bỏ mục này.")
        return [("points", message, {})] if points else []
    if not points:
        return [("points", N_("Chưa có ý cần trả lời. Hãy ghi từng ý kèm số điểm."), {})]
    if any(not point.text.strip() for point in points):
        return [("points", N_("Có ý cần trả lời bỏ trống. Hãy điền hoặc xóa ý đó."), {})]
    if any(point.marks <= 0 for point in points):
        return [("points", N_("Điểm của mỗi ý phải lớn hơn 0. Hãy sửa lại."), {})]
    return _longest_too_long("points", [point.text for point in points])


def _longest_too_long(field: str, texts: Sequence[str]) -> list[Fault]:
    return _too_long(field, max(texts, key=len, default=""))
