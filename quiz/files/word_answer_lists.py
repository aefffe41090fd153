"""The lines of a Word document that list answers: "1-A, 2-B", "1A 2B", or what stands under the heading "ĐÁP ÁN"."""

from dataclasses import dataclass, field

from quiz.files.word_answers import Listed, answer_in, is_said_alone, listed_in
from quiz.files.word_found import Found
from quiz.files.word_lines import Line
from quiz.files.word_shapes import answer_start, is_answer_heading, label_start, number_start, question_start
from quiz.files.word_text import Rich

_MOST_LETTERS = 4  # of an answer followed by words


@dataclass(slots=True)
class AnswerLists:
    """Takes the lines that are answers; `listed` are those found, `is_open` is True below such a heading or list."""

    listed: list[Listed] = field(default_factory=list)
    is_open: bool = False
    awaiting: int = 0  # the number of a line "Câu 1:" whose answer comes next

    def take(self, line: Line, below: Line | None, current: Found | None) -> bool:
        """Take a line if it lists answers or opens a list; `below` is the next line, `current` the open question."""
        text = line.rich.text
        label = answer_start(text)
        listed = listed_in(text[label or 0 :], line.place)
        if len(listed) > 1 or (listed and (self.is_open or label or _is_alone(text))):
            self.listed += listed
            self.is_open = True
            return True
        if self.is_open and self._take_with_words(line):
            return True
        if not _opens_list(line, label) or (current and not _may_end(current, below)):
            return False
        self.is_open = True
        return True

    def _take_with_words(self, line: Line) -> bool:
        """Take "Câu 1: B. Vì …", or "Câu 1:" with "Đáp án: B" on the next line."""
        text = line.rich.text
        begin = question_start(text) or number_start(text)
        label = label_start(text)
        if begin is None and self.awaiting and label and label[0] == "answer":
            begin = (self.awaiting, label[1])
        if begin is None:
            return False
        rest = text[begin[1] :]
        self.awaiting = 0 if rest.strip() else begin[0]
        answer = answer_in(rest[answer_start(rest) or 0 :], line.place)
        if answer and len(answer.letters) < _MOST_LETTERS:
            self.listed.append(Listed(begin[0], answer))
            return True
        return bool(self.awaiting)


def _is_alone(text: str) -> bool:
    """Tell whether a lone "Câu 1: A" is an answer: a question has more words."""
    begin = question_start(text) or number_start(text)
    return begin is not None and is_said_alone(Rich(text[begin[1] :], b""))


def _opens_list(line: Line, label: int | None) -> bool:
    """Tell whether a line is the heading of answers, not the answer of one question."""
    text = line.rich.text
    named = label_start(text)
    is_answer = label is not None and answer_in(text[label:], line.place) is not None
    has_words = bool(named and text[named[1] :].strip()) and not text.isupper()
    return is_answer_heading(text) and not is_answer and not has_words


def _may_end(current: Found, below: Line | None) -> bool:
    """Tell whether the questions may be over here: "Đáp án:" may also stand over the letter of this question."""
    return current.is_complete and not (below and is_said_alone(below.rich))
