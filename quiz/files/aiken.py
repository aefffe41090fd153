"""Aiken, the simplest text format: a question on a line, its options lettered, `ANSWER:` and a letter."""

import re
from dataclasses import dataclass, field

from quiz.core.errors import N_, Problem
from quiz.core.items import BankDraft, ItemDraft, Kind
from quiz.core.questions import QuestionDraft, with_true_false
from quiz.files.losses import named
from quiz.files.text_input import MAX_QUESTIONS, TOO_MANY, Findings, Refused, clean, decoded, lines_of

_MAX_LINES = 50
_KINDS = (Kind.SINGLE, Kind.TRUE_FALSE)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OPTION = re.compile(r"([A-Z])[.)](?:\s+|(?=\S))(.*)")
_ANSWER = re.compile(r"(?:ANSWER|ĐÁP ÁN|Đáp án)\s*:\s*(.*)")

_NO_ANSWER = N_(
    "Câu này không có dòng ANSWER. Hãy thêm dòng ANSWER: và chữ cái của đáp án sau các phương án."
)
_NO_QUESTION = N_("Dòng này không thuộc câu hỏi nào. Hãy viết câu hỏi lên dòng trước các phương án.")
_ORDER = N_("Các phương án phải xếp theo thứ tự A, B, C… Hãy sửa chữ cái đầu dòng này.")
_TOO_LONG = N_("Câu hỏi dài quá nhiều dòng. Hãy viết câu hỏi trên một dòng rồi đến các phương án.")
_BAD_ANSWER = N_("Sau ANSWER: phải là một chữ cái của một phương án ở trên. Hãy sửa lại.")
_OTHER_KINDS = N_("%(count)d câu nhiều đáp án hoặc vấn đáp không đưa vào tệp Aiken được: %(codes)s.")
_AMBIGUOUS = N_("%(count)d câu mở đầu như một phương án hoặc một dòng đáp án nên bị bỏ ra: %(codes)s.")
_ONLY = N_(
    "Tệp Aiken chỉ có câu hỏi, phương án và đáp án: mã câu, căn cứ, chuyên đề, mức độ, lời giải thích ở lại."
)


@dataclass(slots=True)
class _Open:
    """A question whose answer has not come yet."""

    line: int
    stem: list[str]
    options: list[str] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)


def read_aiken(data: bytes) -> tuple[list[QuestionDraft], list[Problem]]:
    """Return the questions of an Aiken file and what is wrong with it; never raise."""
    reader = _Reader()
    try:
        for number, line in lines_of(decoded(data)):
            reader.take(line.strip(), number)
        reader.give_up()
    except Refused as refused:
        return [], [*reader.problems, refused.problem]
    return reader.questions, reader.problems


class _Reader:
    """Puts lines together into questions."""

    def __init__(self) -> None:
        self.questions: list[QuestionDraft] = []
        self.problems = Findings()
        self.open: _Open | None = None

    def take(self, line: str, number: int) -> None:
        """Take the next line."""
        if found := _ANSWER.fullmatch(line):
            self._answer(found[1].strip(), number)
        elif found := _OPTION.fullmatch(line):
            self._option(found[1], found[2], number)
        elif line:
            self._stem(line, number)

    def _stem(self, line: str, number: int) -> None:
        if self.open and self.open.options:
            self.give_up()
        if self.open:
            self._longer(line, number)
        else:
            self.open = _Open(number, [line])

    def _longer(self, line: str, number: int) -> None:
        """Take one more line of a question that goes on over several."""
        if self.open and len(self.open.stem) < _MAX_LINES:
            self.open.stem.append(line)
        elif self.open and not self.open.faults:
            self.open.faults.append(Problem(_TOO_LONG, row=number))

    def _option(self, letter: str, text: str, number: int) -> None:
        if self.open is None:
            self.problems.append(Problem(_NO_QUESTION, row=number))
            return
        if LETTERS[len(self.open.options) :][:1] == letter:
            self.open.options.append(clean(text))
        elif not self.open.faults:
            self.open.faults.append(Problem(_ORDER, row=number))

    def _answer(self, letter: str, number: int) -> None:
        asked, self.open = self.open, None
        if asked is None:
            self.problems.append(Problem(_NO_QUESTION, row=number))
            return
        letter = letter.rstrip(".) ").upper()
        if not asked.faults and not (len(letter) == 1 and letter in LETTERS[: len(asked.options)]):
            asked.faults.append(Problem(_BAD_ANSWER, row=number, field="key"))
        for fault in asked.faults:
            self.problems.append(fault)
        if not asked.faults:
            self._keep(asked, LETTERS.index(letter))

    def _keep(self, asked: _Open, key: int) -> None:
        stem = clean("\n".join(asked.stem))
        question = QuestionDraft(stem, Kind.SINGLE, tuple(asked.options), (key,), row=asked.line)
        self.questions.append(with_true_false(question))
        if len(self.questions) > MAX_QUESTIONS:
            raise Refused(TOO_MANY, limit=MAX_QUESTIONS)

    def give_up(self) -> None:
        """Name the question whose answer never came."""
        if self.open:
            self.problems.append(Problem(_NO_ANSWER, row=self.open.line))
        self.open = None


def write_aiken(bank: BankDraft) -> tuple[bytes, list[Problem]]:
    """Return the items with one right option as a file, and all that is left behind."""
    fitting = [item for item in bank.items if item.kind in _KINDS]
    clear = [item for item in fitting if not _is_ambiguous(item.stem)]
    losses = [
        *named(_OTHER_KINDS, [item for item in bank.items if item.kind not in _KINDS]),
        *named(_AMBIGUOUS, [item for item in fitting if _is_ambiguous(item.stem)]),
        *([Problem(_ONLY)] if clear else []),
    ]
    return "\n".join(map(_lines_of, clear)).encode(), losses


def _is_ambiguous(stem: str) -> bool:
    """Tell whether a stem would be read as an option or an answer."""
    return bool(_OPTION.fullmatch(stem) or _ANSWER.fullmatch(stem)) or len(stem) < 2


def _lines_of(item: ItemDraft) -> str:
    options = [f"{LETTERS[place]}. {option}" for place, option in enumerate(item.options)]
    return "\n".join([item.stem, *options, f"ANSWER: {LETTERS[item.key[0]]}", ""])
