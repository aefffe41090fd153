"""What the beginning of a line says it is: a question, an option, an answer, a reference, a heading, …

Offices write "Câu 1.", "Câu 1:", "1.", "1)", "A.", "a)", "a/"; nobody follows one standard.
"""

import re
from dataclasses import dataclass
from enum import Enum

from quiz.core.names import search_key
from quiz.files.word_text import Mark, Rich

LETTERS = "ABCDEFGH"
_TICK = "*✓✔√☑"
# "Câu 1.", "CÂU HỎI 01:", "Câu 3 (1 điểm).", "Câu 4 Theo…"
_QUESTION = re.compile(
    r"[\s*•-]*(?:câu(?:\s*hỏi)?(?:\s*số)?|question)\s*:?\s*(\d{1,4})(?!\d)\s*"
    r"(?:\([^()]{0,30}\)\s*)?(?P<sign>[.:)/,\-–—]+\s*(?:\(\s*[\d.,]+\s*(?:điểm|đ)\s*\)\s*[.:]?\s*)?)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*(\d{1,4})\s*[.)/:](?!\d)\s*")
_OPTION = re.compile(
    rf"\s*(?P<before>[{_TICK}]\s*)?[(\[]?(?P<letter>[A-Ha-hĐđ])\s?(?P<inside>[{_TICK}]\s?)?"
    rf"(?:(?P<delimiter>[.):\]])|(?P<slash>/)(?!c\b)|\s?(?P<dash>[-–])(?=\s))\s*(?P<after>[{_TICK}]\s*)?"
)
_TRAILING = re.compile(rf"\s*\(?\s*[{_TICK}]+\s*\)?\s*$")
_LEADING = re.compile(rf"^\s*[{_TICK}]\s*")

_LABELS = {
    "answer": r"(?:bảng |phần )?(?:đáp án(?: đúng)?(?: là)?|đ/a|đáp số|trả lời|phương án đúng(?: là)?"
    r"|đáp án (?:chọn|trả lời)|câu trả lời đúng|đ\.?\s?án|đa|chọn(?: đáp án)?|answer|key)",
    "rationale": r"(?:lời )?giải thích(?: đáp án)?|lý giải|lời giải|hướng dẫn(?: chấm| trả lời)?|phân tích|ghi chú",
    "reference": r"căn cứ(?: pháp lý)?|cơ sở|trích dẫn|trích|nguồn|tài liệu tham khảo|tham khảo|dẫn chứng",
    "code": r"mã(?: câu(?: hỏi)?)?|mã số",
    "document": r"văn bản",
    "topic": r"chuyên đề|chủ đề|lĩnh vực",
    "level": r"mức độ(?: nhận thức)?|cấp độ",
    "difficulty": r"độ khó",
    "part": r"phần dùng",
    "kind": r"loại câu(?: hỏi)?",
    "keep_order": r"giữ thứ tự(?: phương án)?",
    "keep_last": r"giữ phương án cuối",
    "valid_from": r"hiệu lực từ",
    "valid_to": r"hiệu lực đến",
    "status": r"trạng thái",
    "feedback": r"nhận xét(?: phương án)? (?=[a-f]\s*:)",
}
_LABEL = re.compile(
    r"[\s*•\-–+→=>(\[]*(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _LABELS.items())
    + r")\s*(?:[:：]|(?<=\s)(?=[A-Fa-f]\s*:))\s*",
    re.IGNORECASE,
)
_ANSWER_WORD = re.compile(rf"[\s*•\-–+→=>(\[]*{_LABELS['answer']}\b[\s:.\-–]*", re.IGNORECASE)
_CHAPTER = re.compile(
    r"\s*(?:phần|chương|chuyên đề|chủ đề|mục|bài|nội dung|nhóm)\s+"
    r"(?:thứ\s+\w+|[IVXLC]+|\d{1,3}|[A-H])\s*(?:[.:)\-–]\s*|$|\s)",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"\s*[IVXLC]{1,6}\s*[.)\-–:]\s*(?=\S)")
_END = re.compile(r"[\W_]*(?:hết|the end|end)[\W_]*", re.IGNORECASE)
# What stands below the last question of an office's paper: who receives, who signs, when.
_SIGNATURE = re.compile(
    r"(?:nơi nhận|tm\.|t/m|kt\.|k/t|người (?:soạn|lập|ra đề|duyệt|biên soạn)|ban tổ chức$|ban giám khảo$|ban thường vụ$"
    r"|\(?(?:đã )?ký\b|\(?cán bộ coi thi|thí sinh không|giám thị|họ (?:và )?tên"
    r"|[^:?]{0,40}\bngày\s[^\w]?.{1,6}\stháng\s.{1,6}\snăm\s?.{0,6}$)",
    re.IGNORECASE,
)
_NOISE = re.compile(r"[\W_]*(?:hết|the end|end|trang \d+(?:\s*/\s*\d+)?)?[\W_]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OptionStart:
    """The letter an option begins with: where its words start and whether an asterisk marks it."""

    index: int
    letter: str
    delimiter: str
    start: int
    letter_at: int
    is_starred: bool

    @property
    def style(self) -> tuple[bool, str]:
        """Return what the options of one question share: capital or small, and the sign after the letter."""
        return self.letter.isupper(), self.delimiter


class Kind(Enum):
    """What a heading is by its form."""

    CHAPTER = "chapter"
    CAPITALS = "capitals"


def question_start(text: str) -> tuple[int, int] | None:
    """Return the number and the place after it of a line such as "Câu 1. …"."""
    match = _QUESTION.match(text)
    if not match:
        return None
    following = text[match.end() : match.end() + 1]
    is_set_off = match["sign"] or not following or following.isupper() or following in '“"(['
    return (int(match[1]), match.end()) if is_set_off else None


def number_start(text: str) -> tuple[int, int] | None:
    """Return the number and the place after it of a line such as "1. …"."""
    match = _NUMBER.match(text)
    return (int(match[1]), match.end()) if match else None


def option_index(letter: str) -> int:
    """Return 0 for A; Đ follows D in lists lettered the Vietnamese way."""
    return 4 if letter in "Đđ" else LETTERS.index(letter.upper())


def option_start(text: str) -> OptionStart | None:
    """Return the option a line begins with; whether it fits the question is for the reader to decide."""
    match = _OPTION.match(text)
    if not match or (match["letter"] in "Đđ" and match["delimiter"] not in (".", ")")):
        return None
    starred = bool(match["before"] or match["inside"] or match["after"])
    delimiter = match["delimiter"] or match["slash"] or match["dash"]
    letter = match["letter"]
    return OptionStart(option_index(letter), letter, delimiter, match.end(), match.start("letter"), starred)


def without_tick(body: Rich) -> tuple[Rich, bool]:
    """Return the words of an option without an asterisk before or after them, and whether there was one."""
    starred = False
    if found := _TRAILING.search(body.text):
        body, starred = body.part(0, found.start()), True
    if found := _LEADING.match(body.text):
        body, starred = body.part(found.end()), True
    return body, starred


def label_start(text: str) -> tuple[str, int] | None:
    """Return "answer", "rationale", "reference", "code", … and the place after a label with a colon."""
    match = _LABEL.match(text[:80])
    return (str(match.lastgroup), match.end()) if match else None


def labels_in(text: str) -> list[tuple[str, str]]:
    """Return the labels with their words of a line like "Mã câu: DL-001 | Mức độ: hiểu"; [] for any other line."""
    parts = [(label_start(part), part) for part in text.split(" | ")]
    found = [(label[0], part[label[1] :].strip()) for label, part in parts if label]
    return found if len(found) == len(parts) > 1 else []


def answer_start(text: str) -> int | None:
    """Return the place after "Đáp án" written without a colon: "Đáp án B", "ĐÁP ÁN"; None when it is not there."""
    match = _ANSWER_WORD.match(text[:80])
    return match.end() if match else None


def is_noise(text: str) -> bool:
    """Tell whether a line says nothing: a rule of dashes, "HẾT", a page number."""
    return bool(_NOISE.fullmatch(text[:80])) and len(text) <= 80


def is_end(text: str) -> bool:
    """Tell whether a line says that the questions are over: "HẾT", the place of a signature."""
    return len(text) <= 120 and bool(_END.fullmatch(text) or _SIGNATURE.match(text))


def heading_kind(line: Rich) -> Kind | None:
    """Return what kind of heading a line without heading style is by its words and letters."""
    text = line.text
    if len(text) > 200 or not any(char.isalpha() for char in text):
        return None
    bold = line.share(Mark.BOLD) > 0.9
    letters = [char for char in text if char.isalpha()]
    capitals = len(letters) > 2 and all(char.isupper() for char in letters)
    if _CHAPTER.match(text) and (bold or capitals or _CHAPTER.match(text).end() >= len(text)):  # type: ignore[union-attr]
        return Kind.CHAPTER
    if _ROMAN.match(text) and (bold or capitals):
        return Kind.CHAPTER
    return Kind.CAPITALS if capitals and bold else None


def heading_title(text: str) -> str:
    """Return the words of a heading without its number: "PHẦN I. ĐẢNG VIÊN" is "ĐẢNG VIÊN"; "" for "PHẦN I"."""
    for shape in (_CHAPTER, _ROMAN, _NUMBER):
        if match := shape.match(text):
            return text[match.end() :].strip(" .:-–")
    return text.strip()


def is_answer_heading(text: str) -> bool:
    """Tell whether a line opens the list of answers: "ĐÁP ÁN", "BẢNG ĐÁP ÁN PHẦN I"."""
    key = search_key(text)[:60].strip(" .:-*_")
    return len(text) <= 60 and bool(
        re.fullmatch(r"(phan |bang |goi y |ii?i?v?\. )?(huong dan )?(cham va )?dap an.{0,40}", key)
    )
