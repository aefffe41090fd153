"""The lines of a Word document gathered into questions as they follow one another.

Nothing is decided here about what is right; a line that fits nowhere becomes a problem of its question.
"""

from collections.abc import Iterable, Sequence

from quiz.core.errors import N_
from quiz.files.word_answer_lists import AnswerLists
from quiz.files.word_answers import Answer, answer_in
from quiz.files.word_found import STRAY, Found
from quiz.files.word_lines import Line, Place, Table
from quiz.files.word_options import Option, Unclear, with_options
from quiz.files.word_shapes import (
    Kind,
    answer_start,
    heading_kind,
    heading_title,
    is_end,
    is_noise,
    label_start,
    labels_in,
    number_start,
    option_start,
    question_start,
)
from quiz.files.word_tables import Part, Token, tokens_of
from quiz.files.word_text import Mark, Rich

MAX_QUESTIONS = 5_000
_AHEAD = 8
_MOST_LINES = 200  # of one question; its texts are refused by length long before

TWICE = N_("Có hai loạt phương án A, B, C…: nếu là câu mới, ghi số câu trước câu dẫn.")
IN_RATIONALE = N_("Lời giải thích có các dòng A, B, C: nếu đó là câu mới, ghi số câu trước câu dẫn.")


class TooMany(ValueError):
    """The document holds more questions than one file may."""


class Gathering:
    """Reads the tokens of a document one by one; `found`, `answers.listed` and `unread` are what it held."""

    def __init__(self, blocks: Iterable[Line | Table]) -> None:
        self.tokens: list[Token] = []
        for block in blocks:
            self.tokens += [block] if isinstance(block, Line) else tokens_of(block)
        self.found: list[Found] = []
        self.answers = AnswerLists()
        self.unread: list[Line] = []
        self.capitals: list[tuple[int, str]] = []
        self.topic = ""
        self.is_topic_above = False  # "Chuyên đề: …" stands over its questions, not below each
        self.current: Found | None = None
        named = [
            token for token in self.tokens if isinstance(token, Line) and question_start(token.rich.text)
        ]
        self.is_named = len(named) > 1  # this office writes "Câu 1", so a bare "1." is no question
        for place, token in enumerate(self.tokens):
            self._take_part(token) if isinstance(token, Part) else self._take(token, place)
        self._close()
        self._name_topics()

    def _close(self) -> None:
        if self.current:
            self.current.close()
        self.current = None

    def _open(self, rich: Rich, place: Place, number: int | None) -> Found:
        self._close()
        if len(self.found) >= MAX_QUESTIONS:
            raise TooMany
        self.answers.is_open = False
        self.current = Found(place, number, len(self.found) + 1, topic=self.topic)
        self.current.stem += [rich] if rich.text else []
        self.found.append(self.current)
        return self.current

    # Parts whose role a table tells

    def _take_part(self, part: Part) -> None:
        if part.role == "listed":
            self.answers.listed += part.listed
            self._close()
        elif part.role == "question":
            self._open(part.rich, part.place, part.number)
        elif part.role == "topic":
            self._close()
            self.topic = heading_title(part.rich.plain()) or part.rich.plain()
        elif self.current is None:
            return
        elif part.role == "option":
            self.current.columns.append(part.rich)
            self.current.mode = "options"
        elif part.role == "answer":
            self._answer(self.current, part.rich, part.place)
        elif part.role == "own topic":
            self.current.topic = part.rich.plain()
        else:
            self.current.texts.setdefault(part.role, []).append(part.rich.plain())

    # Lines, whose role their beginning tells

    def _take(self, line: Line, place: int) -> None:
        text = line.rich.text
        current = self.current
        if current and len(current.stem) + len(current.lines) + len(current.pending) > _MOST_LINES:
            current.fault(STRAY, {"text": line.rich.plain()[:60]}, line.place)
            self._close()
        if self._is_over(line) or is_noise(text):
            return
        if (
            not line.is_first and self.current and not self._is_labelled(text, self.current)
        ) or not self._is_known(line, place):
            self._continue(line, place)

    def _is_over(self, line: Line) -> bool:
        """Take a line that ends the questions, and whatever a table of layout has below the options."""
        text, current = line.rich.text, self.current
        if current is None or not current.is_complete or self._is_labelled(text, current):
            return False
        is_beside = current.mode == "options" and current.lines_from == current.place.name != line.place.name
        if not is_beside and not is_end(text):
            return False
        self._close()
        self.unread += [] if is_noise(text) else [line]
        return True

    def _is_known(self, line: Line, place: int) -> bool:
        """Take a line by its beginning; False when it begins like nothing known."""
        return (
            self._is_answer_list(line, place)
            or self._is_question(line, place)
            or self._is_label(line)
            or self._is_numbered(line, place)
            or self._is_option(line)
            or self._is_heading(line)
        )

    @staticmethod
    def _is_labelled(text: str, current: Found) -> bool:
        """Tell whether a line after a soft break begins something new."""
        begins = option_start(text) or label_start(text) or question_start(text)
        return bool(begins or (current.is_complete and (number_start(text) or answer_start(text))))

    def _is_answer_list(self, line: Line, place: int) -> bool:
        following = self.tokens[place + 1 : place + 2]
        below = following[0] if following and isinstance(following[0], Line) else None
        is_taken = self.answers.take(line, below, self.current)
        if is_taken:
            self._close()
        return is_taken

    def _is_question(self, line: Line, place: int) -> bool:
        begin = question_start(line.rich.text)
        if begin:
            self._open(line.rich.part(begin[1]), line.place, begin[0]).is_automatic = _is_automatic(line)
        return bool(begin)

    def _is_label(self, line: Line) -> bool:
        text, current = line.rich.text, self.current
        label = label_start(text)
        if label is None and current and current.has_options and (at := answer_start(text)) is not None:
            label = ("answer", at) if answer_in(text[at:], line.place) else None
        if label is None:
            return False
        role, rest = label[0], line.rich.part(label[1])
        if role == "topic" and (current is None or (self.is_topic_above and current.is_complete)):
            self._close()
            self.topic, self.is_topic_above = rest.plain(), True
            return True
        if current is not None:
            self._labelled(current, role, rest, line)
        return current is not None

    def _labelled(self, current: Found, role: str, rest: Rich, line: Line) -> None:
        if role == "answer" and not rest.text:
            current.mode = "awaited"
        elif role == "answer":
            self._answer(current, rest, line.place)
        else:
            for name, words in labels_in(line.rich.text) or [(role, rest.plain())]:
                current.texts.setdefault(name, []).append(words)
            current.mode = role

    def _answer(self, current: Found, rest: Rich, place: Place) -> None:
        current.answers.append(answer_in(rest.plain(), place) or Answer("", place, rest.plain()))
        current.mode = "answer"

    def _is_numbered(self, line: Line, place: int) -> bool:
        """Take a line "1. …" as a question where one may begin, as a statement inside a question where not."""
        begin = number_start(line.rich.text)
        if begin is None:
            return False
        value, rest = begin[0], line.rich.part(begin[1])
        if self.current and not self.current.is_complete and self._is_statement(self.current, value):
            self.current.statements = value
            return False
        if not self._may_open(value, rest, line, place):
            return False
        self._open(rest, line.place, value).is_automatic = _is_automatic(line)
        return True

    def _is_statement(self, current: Found, value: int) -> bool:
        """Tell whether a number counts statements inside a question: it begins at 1 or goes on from there."""
        return self.is_named or value == current.statements + 1

    def _may_open(self, value: int, rest: Rich, line: Line, place: int) -> bool:
        leads = self._leads_to_options(place) or len(_safely_inline(rest)) > 1
        current = self.current
        if current is None or (line.is_heading and not leads):
            return leads
        follows = value == (current.number or 0) + 1
        if self.is_named:
            return leads and follows
        if not leads and current.mode != "options" and value == current.statements + 1:
            current.statements = value  # a list inside an explanation
            return False
        return leads or follows

    def _leads_to_options(self, place: int) -> bool:
        """Tell whether the first line after this one that is labelled begins an option A or names the answer."""
        for token in self.tokens[place + 1 : place + 1 + _AHEAD]:
            if isinstance(token, Part):
                return token.role == "option"
            text = token.rich.text
            start = option_start(text)
            if start and start.index == 0:
                return True
            if question_start(text) or number_start(text) or (start and start.index):
                return False
            if label := label_start(text):
                return label[0] == "answer"
        return False

    def _is_option(self, line: Line) -> bool:
        start, current = option_start(line.rich.text), self.current
        if start is None or current is None:
            return False
        if current.mode not in ("stem", "options"):
            self._count_letters(current, start.index)
            return False
        before = option_start(current.lines[0].text) if current.lines else None
        if before is None:
            if start.index != 0 or current.columns:
                current.is_torn = current.is_torn or not current.columns  # B, C … without an A
                return False
        elif start.style[0] != before.style[0]:
            if start.letter != "A":
                return False
            current.stem += current.lines  # statements a), b), c) before the options A, B, C
            current.lines = []
        elif start.index <= option_start(current.lines[-1].text).index:  # type: ignore[union-attr]
            return self._is_second_run(line, current, start.index)
        for late in current.pending:
            current.extend_option(late.rich)
        current.pending = []
        current.lines.append(line.rich)
        current.lines_from = line.place.name
        current.mode = "options"
        return True

    def _is_second_run(self, line: Line, current: Found, index: int) -> bool:
        """Take an option A after the options of a question: the paragraph between is a question without number."""
        if index == 0 and len(current.pending) == 1 and len(current.lines) > 1:
            [stem] = current.pending
            current.pending = []
            bare = self._open(stem.rich, stem.place, None)
            bare.lines.append(line.rich)
            bare.mode = "options"
        else:
            current.fault(TWICE, place=line.place)
        return True

    @staticmethod
    def _count_letters(current: Found, index: int) -> None:
        current.lettered = current.lettered + 1 if index == current.lettered else int(index == 0)
        if current.lettered == 3:
            current.fault(IN_RATIONALE)

    def _is_heading(self, line: Line) -> bool:
        kind = heading_kind(line.rich)
        if self.current and not self.current.is_complete:
            return False
        if not line.is_heading and kind is None:
            return False
        words = line.rich.plain()
        if not line.is_heading and kind is Kind.CAPITALS:
            self.capitals.append((len(self.found), words))
        else:
            self.topic = heading_title(words) or words
        self._close()
        return True

    def _name_topics(self) -> None:
        """Take lines of bold capitals as topics where some stand between questions; one alone is the title."""
        if not any(place for place, _ in self.capitals):
            return
        for found in self.found:
            words = [words for place, words in self.capitals if place < found.count]
            found.topic = found.topic or (words[-1] if words else "")

    def _continue(self, line: Line, place: int) -> None:
        current = self.current
        if current is None:
            self.unread += [] if line.is_title else [line]
        elif current.mode == "awaited":
            self._answer(current, line.rich, line.place)
        elif current.mode == "stem":
            current.stem.append(line.rich)
        elif current.mode == "options":
            if line.is_first or not current.lines:
                current.pending.append(line)
            else:
                current.extend_option(line.rich)
        elif line.is_first and self._is_bare_question(place):
            self._open(line.rich, line.place, None)
        else:
            current.texts.setdefault("rationale" if current.mode == "answer" else current.mode, []).append(
                line.rich.plain()
            )

    def _is_bare_question(self, place: int) -> bool:
        """Tell whether a paragraph after an answer is a question nobody numbered: an option A comes next."""
        following = self.tokens[place + 1 : place + 2]
        start = option_start(following[0].rich.text) if following and isinstance(following[0], Line) else None
        return bool(start and start.index == 0)


def _is_automatic(line: Line) -> bool:
    return bool(line.rich.marks[0] & Mark.AUTOMATIC)


def _safely_inline(rich: Rich) -> Sequence[Option]:
    try:
        return with_options(rich)[1]
    except Unclear:
        return ()
