"""One question as it stands in a Word document, line by line, before its key is decided."""

import re
from dataclasses import dataclass, field

from quiz.core.errors import N_, Problem
from quiz.files.word_answers import Answer
from quiz.files.word_lines import Line, Place
from quiz.files.word_options import Option, Unclear, options_of, with_options
from quiz.files.word_shapes import option_start
from quiz.files.word_text import Rich

_CITED = re.compile(
    r"(?:theo |trích |căn cứ |xem )?(?:điều|khoản|điểm|mục|chương)\s+[\w.]+.{0,180}", re.IGNORECASE
)

STRAY = N_(
    "Không rõ đoạn “%(text)s” thuộc câu nào: nối vào câu hoặc phương án, hay ghi “Giải thích:” trước đoạn."
)
UNCLEAR = N_(
    "Không tách được các phương án: viết mỗi phương án thành một đoạn riêng, theo thứ tự A, B, C, D."
)


@dataclass(slots=True)
class Found:
    """One question as it stands in the document, before its key is decided."""

    place: Place
    number: int | None = None
    count: int = 0
    is_automatic: bool = False  # Word counts, so a question taken out moves the numbers of all that follow
    topic: str = ""
    stem: list[Rich] = field(default_factory=list)
    lines: list[Rich] = field(default_factory=list)  # each begins with an option
    columns: list[Rich] = field(default_factory=list)  # options told by the columns of a table
    answers: list[Answer] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    pending: list[Line] = field(default_factory=list)
    mode: str = "stem"
    statements: int = 0
    lettered: int = 0
    is_torn: bool = False  # an option stands among the words of the question
    lines_from: str = ""  # the name of the place of the last option
    options: list[Option] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return how the organizer finds the question: "Câu 12"."""
        return f"Câu {self.number if self.number is not None else self.count}"

    @property
    def has_options(self) -> bool:
        return bool(self.lines or self.columns)

    @property
    def is_complete(self) -> bool:
        """Tell whether a next question may begin."""
        return self.has_options or self.mode != "stem"

    def fault(
        self, message: str, values: dict[str, object] | None = None, place: Place | None = None
    ) -> None:
        """Add a problem, which bars the question."""
        self.problems.append((place or self.place).problem(message, values, self.name))

    def text(self, name: str) -> str:
        """Return what stands under a label such as "Giải thích:"."""
        return " ".join(" ".join(self.texts.get(name, ())).split())

    def explain(self, words: str) -> None:
        """Keep what was written after an answer: a citation is its reference, other words its rationale."""
        words = words[1:-1].strip() if words.startswith("(") and words.endswith(")") else words.strip()
        is_citation = bool(_CITED.fullmatch(words))
        if words:
            role = "reference" if is_citation else "rationale"
            self.texts.setdefault(role, []).insert(0, words.rstrip(".") if is_citation else words)

    def close(self) -> None:
        """Take the options apart once all lines are there."""
        for line in self.pending:
            self._late(line)
        self.pending = []
        try:
            self.options = (
                options_of(self.lines) or options_of(self.columns) if self.has_options else self._inline()
            )
        except Unclear:
            self.fault(UNCLEAR)
        if self.is_torn:
            self.fault(UNCLEAR)
        letters = [option.letter.upper() for option in self.options]
        if [letter for letter in letters if letter != "Đ"] != list("ABCDEFGH")[
            : len(letters) - ("Đ" in letters)
        ]:
            self.fault(UNCLEAR)

    def _inline(self) -> list[Option]:
        if not self.stem:
            return []
        self.stem[-1], options = with_options(self.stem[-1])
        return options

    def _late(self, line: Line) -> None:
        """Take a paragraph that came after the last option."""
        last = option_start(self.lines[-1].text) if self.lines else None
        if last and not self.lines[-1].text[last.start :].strip():
            self.extend_option(line.rich)
        elif line.rich.text.startswith("(") and _CITED.fullmatch(line.rich.text.strip("(). ")):
            self.explain(line.rich.plain())
        else:
            self.fault(STRAY, {"text": line.rich.plain()[:60]}, line.place)

    def extend_option(self, rich: Rich) -> None:
        """Let the last option go on."""
        last = self.lines[-1]
        self.lines[-1] = Rich(f"{last.text} {rich.text}", last.marks + b"\0" + rich.marks)
