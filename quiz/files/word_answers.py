"""The right answers where a document lists them: "Đáp án: B", "1-A, 2-B", "1A 2B", or a table at its end."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quiz.core.names import search_key
from quiz.files.word_lines import Place
from quiz.files.word_text import Rich

_LETTERS = r"[A-Ha-hĐđ](?:\s?(?:[,;/&+]|và)?\s?[A-Ha-hĐđ]){0,7}(?![^\W\d_])"
_WORDS = r"đúng|sai"
_ONE = rf"(?:{_LETTERS}|{_WORDS})"
# "1-A", "2.B", "Câu 3: C", "4 D", "5B"; the sign between may be missing
_PAIR = re.compile(rf"(?:câu\s*(?:hỏi\s*)?)?(\d{{1,4}})\s*[-–.:)/=]*\s*\(?({_ONE})\)?", re.IGNORECASE)
_PAIRS = re.compile(rf"[\s(]*{_PAIR.pattern}(?:[\s,;.|/)-]+{_PAIR.pattern})*[\s,;.|)]*", re.IGNORECASE)
_RUN = re.compile(r"\s*(\d{1,4})\s*[-–]\s*(\d{1,4})\s*[:.)]?\s*([A-Ha-h][A-Ha-h\s]*)")
_ALONE = re.compile(rf"[\s(\[]*({_ONE})[\s)\].;]*", re.IGNORECASE)
_WITH_WORDS = re.compile(rf"[\s(\[]*({_ONE})(?:[.):,;–-]\s*|\s*(?=\()|\s+)(.+)", re.IGNORECASE | re.DOTALL)
# "A hoặc B", "A. và C.", "A, B đều đúng": more than the letters before it is meant, and not said clearly.
_UNSURE = re.compile(
    r"(?:và|hoặc|hay|đều|cùng|cả|với|lẫn)\b|[,;/&+–-]|[A-Ha-h](?:\s*[.,;:)/&+–-]|\s*$|\s+(?:và|hoặc|hay|đều)\b)",
    re.IGNORECASE,
)
_LONGEST = 40_000
_MOST_IN_TABLE = 20_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to be right: letters "B", "AC", or "Đ"/"S" for Đúng and Sai where there are no options."""

    letters: str
    place: Place
    words: str = ""  # what follows the letters: the option again, a reference, a reason


@dataclass(frozen=True, slots=True)
class Listed:
    """An answer that stands in a list, with the number of its question."""

    number: int
    answer: Answer


def letters_in(text: str) -> str:
    """Return the letters of "A, C", "AC", "a và c" as "AC"; "Đ" and "S" for the words Đúng and Sai."""
    word = text.strip().lower()
    if word in ("đúng", "sai"):
        return "Đ" if word == "đúng" else "S"
    return "".join(re.findall(r"[A-HĐ]", word.replace("và", " ").upper()))


def answer_in(text: str, place: Place) -> Answer | None:
    """Return the answer that stands after "Đáp án:"; None when the words name none."""
    if match := _ALONE.fullmatch(text):
        return Answer(letters_in(match[1]), place)
    match = _WITH_WORDS.fullmatch(text)
    if match and not _UNSURE.match(match[2]):
        return Answer(letters_in(match[1]), place, match[2].strip())
    return None


def listed_in(text: str, place: Place) -> list[Listed]:
    """Return the answers of a line that holds nothing else, as "1-A, 2-B" or "1A 2B"; [] for any other line."""
    text = " ".join(text[: _LONGEST + 1].split())
    if len(text) > _LONGEST:
        return []
    if run := _RUN.fullmatch(text):
        first, last = int(run[1]), int(run[2])
        letters = "".join(run[3].split()).upper()
        if last - first + 1 == len(letters):
            return [Listed(first + step, Answer(letter, place)) for step, letter in enumerate(letters)]
    if not _PAIRS.fullmatch(text):
        return []
    return [Listed(int(number), Answer(letters_in(one), place)) for number, one in _PAIR.findall(text)]


_HEADINGS = {
    "cau",
    "cau hoi",
    "cau so",
    "so cau",
    "stt",
    "tt",
    "dap an",
    "da",
    "d/a",
    "dap an dung",
    "so",
    "diem",
    "",
}
_NUMBER = re.compile(r"(?:câu\s*)?(\d{1,4})[.:)]?", re.IGNORECASE)
_POINTS = re.compile(r"\d+[.,]\d+(?:\s*(?:đ|điểm))?")


def _is_heading(text: str) -> bool:
    return search_key(text).strip(" .:") in _HEADINGS


def _is_answer(text: str) -> bool:
    return bool(re.fullmatch(_ONE, text.strip(" .()"), re.IGNORECASE)) and not text.strip().isdigit()


def listed_in_table(rows: Sequence[tuple[Place, Sequence[str]]]) -> list[Listed]:
    """Return the answers of a table that holds nothing else: "Câu | Đáp án", numbers over letters, cells "1A"."""
    if len(rows) > _MOST_IN_TABLE:
        return []
    found: list[Listed] = []
    above: Sequence[str] = ()
    for place, texts in rows:
        cells = [text.strip() for text in texts]
        filled = [cell for cell in cells if not _is_heading(cell)]
        if filled and all(_is_answer(cell) for cell in filled) and above:
            found += _under(above, cells, place)
            above = ()
        elif not filled or all(_NUMBER.fullmatch(cell) for cell in filled):
            if any(_NUMBER.fullmatch(cell) for cell in above):
                return []
            above = cells
        else:
            beside = _beside(cells, place)
            if not beside:
                return []
            found += beside
    return found if not any(_NUMBER.fullmatch(cell) for cell in above) else []


def _under(numbers: Sequence[str], cells: Sequence[str], place: Place) -> list[Listed]:
    pairs = [(_NUMBER.fullmatch(number), cell) for number, cell in zip(numbers, cells, strict=False)]
    return [
        Listed(int(number[1]), Answer(letters_in(cell.strip(" .()")), place))
        for number, cell in pairs
        if number and _is_answer(cell)
    ]


def _beside(cells: Iterable[str], place: Place) -> list[Listed]:
    """Return the answers of a row of cells "1 | A | 2 | B" or "1A | 2B"; [] when a cell is something else."""
    found: list[Listed] = []
    number: int | None = None
    for cell in cells:
        if pairs := listed_in(cell, place):
            found += pairs
        elif match := _NUMBER.fullmatch(cell):
            number = int(match[1])
        elif number is not None and _is_answer(cell):
            found.append(Listed(number, Answer(letters_in(cell.strip(" .()")), place)))
            number = None
        elif not _is_heading(cell) and not _POINTS.fullmatch(cell):
            return []
    return found


def is_said_alone(stem: Rich) -> bool:
    """Tell whether the words of a question are only letters of an answer: a line "1. A" of an answer list."""
    return bool(_ALONE.fullmatch(stem.text))
