"""What makes a right item a good one: the rules of item writing that a program can look after, one item at a time.

`quiz.core.items.check` says what bars an item from the bank; this says what an examiner would send back. Each rule
is named for what it finds, and RULES tells where it comes from. A bank as a whole is judged in bank_quality.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quiz.core import coverage, items, option_rules
from quiz.core.errors import N_
from quiz.core.items import ItemDraft, Kind
from quiz.core.option_rules import Found
from quiz.core.wording import question_of

HALADYNA = "Haladyna, Downing & Rodriguez (2002)"
NBME = "NBME Item-Writing Guide"
HOUSE = "house rule"  # ours: the customer or the marking needs it

# rule → where it comes from
RULES = {
    "options": f"{HALADYNA}, guideline 18",
    "rationale": HOUSE,
    "feedback": HOUSE,
    "letters": HOUSE,
    "reference": HOUSE,
    "difficulty": HOUSE,
    "negation": f"{HALADYNA}, guideline 17; {NBME}",
    "others_named": f"{HALADYNA}, guidelines 25 and 26; {NBME}",
    "contained": f"{HALADYNA}, guideline 22",
    "order": f"{HALADYNA}, guideline 21; {NBME}",
    "long_key": f"{HALADYNA}, guidelines 24 and 28; {NBME}",
    "stem_words": f"{HALADYNA}, guideline 28; {NBME}",
    "absolute": f"{HALADYNA}, guideline 28; {NBME}",
    "grammar": f"{HALADYNA}, guidelines 23 and 28; {NBME}",
    "marks": HOUSE,
}

LEAST_RATIONALE = 20  # characters
LEAST_FEEDBACK = 10
FULL_MARKS = 1000  # hundredths: every oral question is worth the same


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an examiner would send back: the rule, where (file, line and code as far as known) and a sentence."""

    rule: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)
    place: str = ""
    row: int | None = None
    code: str = ""

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.place, str(self.row or ""), self.code) if part)
        text = self.message % self.values if self.values else self.message
        return f"{where}: {text}" if where else text


def findings(item: ItemDraft, place: str = "") -> list[Finding]:
    """Return what an examiner would send back about one item that has passed quiz.core.items.check."""
    return [
        Finding(rule, message, values, place, item.row or None, item.code)
        for rule, judge in _JUDGES.items()
        for message, values in judge(item)
    ]


def _rationale(item: ItemDraft) -> Found:
    if len(item.rationale) < LEAST_RATIONALE:
        yield N_("Chưa giải thích vì sao đáp án đúng. Hãy ghi phần giải thích."), {}


def _feedback(item: ItemDraft) -> Found:
    if not option_rules.has_options(item):
        return
    texts = item.feedback or ("",) * len(item.options)
    missing = [
        items.LETTERS[place]
        for place, text in enumerate(texts)
        if place not in item.key and len(text) < LEAST_FEEDBACK
    ]
    if missing:
        yield (
            N_("Chưa nói vì sao phương án %(letters)s sai. Hãy ghi ở mục feedback."),
            {"letters": ", ".join(missing)},
        )


_LETTER = re.compile(r"\b(?:phương án|đáp án|lựa chọn|câu|ý) [A-F]\b|\b[A-F] (?:và [A-F] )?(?:đúng|sai)\b")


def _letters(item: ItemDraft) -> Found:
    for text in (item.rationale, *item.feedback):
        if found := _LETTER.search(text):
            message = N_("Lời giải thích nhắc “%(words)s”, nhưng phương án được đảo chỗ. Hãy nhắc nội dung.")
            yield message, {"words": found[0]}
            return


def _reference(item: ItemDraft) -> Found:
    if item.document == coverage.STATUTE and not coverage.is_exact(item.reference):
        yield (
            N_("Căn cứ “%(reference)s” chưa đến khoản. Hãy ghi rõ điều, khoản."),
            {"reference": item.reference},
        )


def _difficulty(item: ItemDraft) -> Found:
    if item.intended_difficulty is None:
        yield N_("Chưa ghi độ khó dự kiến. Hãy chọn easy, medium hoặc hard."), {}


# A negation counts where it turns the question round, not where it tells of a case: "bỏ sinh hoạt không có lý do".
_JOINING = r"(?:khi|nếu|mà|do|vì|thì|để|của|cho|đối|về|bị|với|hay|hoặc|vẫn|nên|trong)"
_NEGATIONS = [
    re.compile(rf"\bnào(?: (?!{_JOINING}\b)\w+){{0,3}} (?:không|chưa|sai)\b(?! được làm)"),
    re.compile(rf"\bkhông (?:phải|thuộc|có|bao gồm|nằm|được)(?: (?!{_JOINING}\b)\w+){{0,4}} nào\b"),
    re.compile(
        r"(?<!hay )(?<!hoặc )\b(?:không đúng|chưa đúng|không phải|không thuộc|không bao gồm|sai)(?: là)?\s*[:?…]*$"
    ),
    re.compile(
        r"(?<!khai )(?<!loại )\btrừ(?: (?:điều|nội dung|phương án|trường hợp|ý|việc))?(?: (?:nào|gì))?\s*[:?…]*$"
    ),
]


_WHY = re.compile(
    r"\b(?:vì sao|tại sao)\b", re.IGNORECASE
)  # "vì sao ý kiến ấy không đúng?" asks for a reason


def _negation(item: ItemDraft) -> Found:
    if not option_rules.has_options(item):
        return
    question = question_of(item.stem)
    if _WHY.search(question):
        return
    if any(pattern.search(question) for pattern in _NEGATIONS):
        yield (
            N_("Câu hỏi ngược mà chữ phủ định viết thường. Hãy hỏi thuận, hoặc viết hoa: KHÔNG, TRỪ, SAI."),
            {},
        )


def _marks(item: ItemDraft) -> Found:
    total = sum(point.marks for point in item.points)
    if item.kind is Kind.ORAL and total != FULL_MARKS:
        yield N_("Các ý cộng lại được %(total)s điểm. Hãy sửa để đủ 10 điểm."), {"total": f"{total / 100:g}"}


_JUDGES: dict[str, Callable[[ItemDraft], Found]] = {
    "options": option_rules.number,
    "rationale": _rationale,
    "feedback": _feedback,
    "letters": _letters,
    "reference": _reference,
    "difficulty": _difficulty,
    "negation": _negation,
    "others_named": option_rules.others_named,
    "contained": option_rules.contained,
    "order": option_rules.order,
    "long_key": option_rules.long_key,
    "stem_words": option_rules.stem_words,
    "absolute": option_rules.absolute,
    "grammar": option_rules.grammar,
    "marks": _marks,
}
