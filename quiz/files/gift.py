"""GIFT, Moodle's text format: questions apart by blank lines, answers in braces.

Read as Moodle reads it: `=` and `~` begin the right and the wrong options, `%50%` weighs one, `#` begins feedback,
`####` the feedback on the whole question, a backslash takes a sign's meaning away. Questions whose answer is written,
matched or a number are named and left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from quiz.core.errors import N_, Problem
from quiz.core.items import TRUE_FALSE_OPTIONS, Kind
from quiz.core.questions import QuestionDraft
from quiz.files.choice_weights import weighed
from quiz.files.foreign_kinds import lost_picture, picture, unsupported
from quiz.files.html_text import has_formatting, has_picture, plain_text
from quiz.files.moodle_reader import MoodleReader, category_name
from quiz.files.text_input import Refused, clean, decoded, lines_of

_SIGNS = (
    ":#={}~\\"  # may be escaped; each gets a stand-in that no text holds while the question is taken apart
)
_STAND_INS = {sign: chr(place) for place, sign in enumerate(_SIGNS, start=1)}
_ORIGINALS = str.maketrans({stand_in: sign for sign, stand_in in _STAND_INS.items()})
_ESCAPE = re.compile(r"\\([:#={}~\\n])")
_WEIGHT = re.compile(r"%(-*\d{1,2}\.?\d{0,8})%")
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_PIECE = re.compile("[~=#]")
_ID = re.compile(r"\[id:((?:\\\]|(?!\[id:)[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|(?!\[tag:)[^\]])+)\]")
_CODE = re.compile(r"\w+([-.]\w+)+")  # a title like DL-001; “Q1” would be the name of questions in many files
_CATEGORY = "$CATEGORY:"
_MAX_OPTIONS = 26
MAX_BLOCK = 100_000  # characters between two blank lines

_BRACES = N_("Câu phải có đúng một cặp ngoặc nhọn { } ôm các phương án. Hãy sửa lại.")
_TOO_MANY = N_("Câu có quá nhiều phương án. Hãy giữ từ 2 đến 6 phương án.")
_TOO_LONG = N_(
    "Câu này quá dài, có thể do ảnh nằm trong câu hoặc thiếu dòng trống giữa hai câu. Hãy sửa lại."
)
_CATEGORY_ALONE = N_(
    "Sau dòng $CATEGORY phải có một dòng trống, nếu không câu tiếp theo sẽ bị mất. Hãy thêm vào."
)


@dataclass(slots=True)
class _Block:
    """The lines between two blank ones: the text, the comments above and in it, the line where the text begins."""

    line: int = 0
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, kept: list[str], line: str) -> None:
        """Take a line in while the block is no longer than any question."""
        self.size += len(line) + 1
        if self.size <= MAX_BLOCK:
            kept.append(line)


def read_gift(data: bytes) -> tuple[list[QuestionDraft], list[Problem]]:
    """Return the choice and true/false questions of a GIFT file and what is wrong or left out; never raise."""
    reader = _Reader()
    try:
        for block in _blocks(decoded(data)):
            reader.take(block)
    except Refused as refused:
        return [], [*reader.problems, refused.problem]
    return reader.questions, reader.said()


class _Reader(MoodleReader):
    """Takes the blocks of the file one after another."""

    def take(self, block: _Block) -> None:
        """Take the next block."""
        self.count()
        text = _escaped("\n".join(block.lines).strip())
        if block.size > MAX_BLOCK:
            self.problems.append(Problem(_TOO_LONG, row=block.line or None))
        elif text.startswith(_CATEGORY):
            self.topic = _topic_of(block, self.problems)
        elif text and (parts := _taken_apart(text, block.line, self.problems)):
            self._keep(parts, block)

    def _keep(self, parts: "_Parts", block: _Block) -> None:
        question = _answered(parts, self.problems)
        if question is None:
            return
        comments = "\n".join(block.comments)
        if found := _ID.search(comments):
            question = replace(question, code=clean(_unescaped(found[1])))
        self.keep(question, map(_unescaped, _TAG.findall(comments)))
        self.formatted += [block.line] if _is_formatted(parts) else []


def _unescaped(tag: str) -> str:
    return tag.replace("\\]", "]")


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block()
    for number, line in lines_of(text):
        bare = line.strip()
        if bare.startswith("//"):
            block.add(block.comments, bare)
        elif bare:
            block.line = block.line or number
            block.add(block.lines, line)
        elif block.size:
            yield block
            block = _Block()
    if block.size:
        yield block


def _escaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else _STAND_INS[found[1]], text)


def _text(part: str, kind: str) -> tuple[str, str]:
    """Return a part of a question in the clear, and how it was written: its own [html] or what holds around it."""
    part = part.strip()
    if found := _FORMAT.match(part):
        part, kind = part[found.end() :], found[1]
    return part.translate(_ORIGINALS), kind


def _plain(part: str, kind: str) -> str:
    return plain_text(*_text(part, kind))


def _topic_of(block: _Block, problems: list[Problem]) -> str:
    """Return the last name of a category path, in which no sign is escaped."""
    if len(block.lines) > 1:
        problems.append(Problem(_CATEGORY_ALONE, row=block.line))
    return category_name(block.lines[0].strip().removeprefix(_CATEGORY))


def _taken_apart(text: str, line: int, problems: list[Problem]) -> "_Parts | None":
    title, text = _titled(text)
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        problems.append(unsupported("description", line))
        return None
    if start < 0 or end < start or "{" in text[start + 1 :] or "}" in text[end + 1 :]:
        problems.append(Problem(_BRACES, row=line))
        return None
    rest = text[end + 1 :]
    stem = text[:start] + ("_____" + rest if rest.strip() else "")  # a gap where Moodle shows one
    answers, mark, general = text[start + 1 : end].rpartition("####")
    if not mark:
        answers, general = general, ""
    return _Parts(title, stem, answers.strip(), general, line)


def _is_formatted(parts: "_Parts") -> bool:
    """Tell whether any part of a question shows more than plain text does."""
    _, written = _text(parts.stem, "moodle")
    pieces = [parts.stem, parts.general, *_PIECE.split(parts.answers)]
    return any(has_formatting(*_text(piece, written)) for piece in pieces)


def _titled(text: str) -> tuple[str, str]:
    if text.startswith("::") and "::" in text[2:]:
        title, _, text = text[2:].partition("::")
        return clean(title.translate(_ORIGINALS)), text.strip()
    return "", text


@dataclass(frozen=True, slots=True)
class _Parts:
    """A question taken apart."""

    title: str
    stem: str
    answers: str
    general: str
    line: int


def _kind_of(answers: str) -> str:
    """Return what Moodle takes the answers for."""
    if not answers:
        return "essay"
    if answers.startswith("#"):
        return "numerical"
    if "~" in answers:
        return "multichoice"
    if "=" in answers and "->" in answers:
        return "match"
    return "truefalse" if answers.split("#")[0].strip() in ("T", "TRUE", "F", "FALSE") else "shortanswer"


def _answered(parts: _Parts, problems: list[Problem]) -> QuestionDraft | None:
    kind = _kind_of(parts.answers)
    if kind not in ("multichoice", "truefalse"):
        problems.append(unsupported(kind, parts.line))
        return None
    stem, written = _text(parts.stem, "moodle")
    question = QuestionDraft(
        plain_text(stem, written), Kind.TRUE_FALSE, TRUE_FALSE_OPTIONS, row=parts.line,
        code=parts.title if _CODE.fullmatch(parts.title) else "", rationale=_plain(parts.general, written),
    )  # fmt: skip
    if has_picture(stem, written):
        problems.append(picture(parts.line))
        return None
    if has_picture(*_text(parts.general, written)):
        problems.append(lost_picture(parts.line))
    if kind == "truefalse":
        return _true_false(question, parts.answers, written)
    return _choice(question, parts.answers, written, problems)


def _true_false(question: QuestionDraft, answers: str, written: str) -> QuestionDraft:
    """Return a true/false question; what is said after a wrong and after a right answer joins the rationale."""
    verdict, *said = answers.split("#", 2)
    texts = [question.rationale, *(_plain(text, written) for text in said)]
    rationale = " ".join(dict.fromkeys(text for text in texts if text))
    return replace(question, key=(0,) if verdict.strip().startswith("T") else (1,), rationale=rationale)


def _choice(
    question: QuestionDraft, answers: str, written: str, problems: list[Problem]
) -> QuestionDraft | None:
    options, feedback, weights = [], [], []
    parts = answers.replace("=", "~=").split("~")
    if len(parts) > _MAX_OPTIONS:
        problems.append(Problem(_TOO_MANY, row=question.row, field="options"))
        return None
    for part in parts if parts[0].strip() else parts[1:]:
        weight, rest = _weight_of(part.strip())
        option, _, said = rest.partition("#")
        if has_picture(*_text(option, written)):
            problems.append(picture(question.row))
            return None
        if has_picture(*_text(said, written)):
            problems.append(lost_picture(question.row))
        options.append(_plain(option, written))
        feedback.append(_plain(said, written))
        weights.append(weight)
    kind, key, faults = weighed(weights, "=" in answers, question.row)
    for fault in faults:
        problems.append(fault)
    if not key:
        return None
    return replace(
        question,
        kind=kind,
        options=tuple(options),
        key=key,
        feedback=tuple(feedback) if any(feedback) else (),
    )


def _weight_of(part: str) -> tuple[float, str]:
    """Return the percents an option earns and the rest of it."""
    if part.startswith("="):
        return 100.0, part[1:]
    if found := _WEIGHT.match(part):
        number = found[1].lstrip("-")
        return float(number) * (-1 if found[1].startswith("-") else 1), part[found.end() :]
    return 0.0, part
