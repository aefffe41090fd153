"""Tables of a Word document as the parts of questions they hold.

A table is a list of answers, a list of questions with a heading row ("STT | Câu hỏi | A | B | C | D | Đáp án"), or
mere layout: its cells are then read one after another like paragraphs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from quiz.core.names import search_key
from quiz.files.word_answers import Listed, answer_in, listed_in_table
from quiz.files.word_lines import Cell, Line, Place, Table
from quiz.files.word_shapes import LETTERS, number_start, option_start, question_start
from quiz.files.word_text import Rich, beside

_HEADER_WITHIN = 4
_NUMBER_ONLY = re.compile(r"(?:câu(?:\s*hỏi)?\s*)?(\d{1,4})\s*[.:)]?", re.IGNORECASE)
_LETTER_ONLY = re.compile(r"[A-Ha-h]")
_OPTION_HEADING = re.compile(r"(?:(?:phuong an|dap an|lua chon|tra loi|y)\s*)?\(?([a-f]|[1-6])\)?")
_HEADINGS = {
    "number": {"stt", "tt", "so tt", "cau", "cau so", "so", "so cau", "so thu tu"},
    "options": {"phuong an", "phuong an tra loi", "cac phuong an", "phuong an lua chon", "lua chon", "cac lua chon",
                "cac dap an", "phuong an chon", "cac phuong an tra loi", "noi dung phuong an"},
    "answer": {"dap an", "dap an dung", "da", "d/a", "phuong an dung", "tra loi dung", "cau tra loi dung", "key",
               "tra loi", "dung"},
    "reference": {"can cu", "nguon", "trich dan", "tai lieu", "can cu phap ly", "dieu khoan", "dan chung",
                  "can cu tra loi"},
    "rationale": {"giai thich", "huong dan", "loi giai", "loi giai thich", "giai thich dap an"},
    "topic": {"chuyen de", "chu de", "linh vuc", "phan", "noi dung chuyen de"},
    "level": {"muc do", "cap do"},
    "code": {"ma", "ma cau", "ma cau hoi"},
    "skip": {"ghi chu", "diem"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question whose role the table tells: "question", "option", "answer", "reference", "topic", …"""

    role: str
    rich: Rich
    place: Place
    number: int | None = None
    listed: list[Listed] = field(default_factory=list)


Token = Line | Part


def tokens_of(table: Table) -> Iterator[Token]:
    """Yield what a table holds, in the order a reader takes it."""
    if listed := _listed(table):
        yield Part("listed", Rich(), table.rows[0][0], listed=listed)
        return
    columns, first = _columns(table)
    if listed := _listed_with_words(table):
        yield Part("listed", Rich(), table.rows[0][0], listed=listed)
        return
    if columns:
        yield from _questions(table, columns, first)
        return
    cells = [tokens for place, row in table.rows for tokens in _layout(place, row)]
    yield from (token for tokens in _by_letter(cells) for token in tokens)


def _listed(table: Table) -> list[Listed]:
    if any(isinstance(block, Table) for _, cells in table.rows for cell in cells for block in cell.blocks):
        return []
    return listed_in_table([(place, [cell.text for cell in cells]) for place, cells in table.rows])


def _listed_with_words(table: Table) -> list[Listed]:
    """Return the answers of a table "Câu | Đáp án | Căn cứ"; [] for any other."""
    roles = [_role(cell.text) for cell in _spread(table.rows[0][1])] if table.rows else []
    is_list = {"number", "answer"} <= set(roles) <= {"number", "answer", "reference", "rationale", "skip"}
    found: list[Listed] = []
    for place, cells in table.rows[1:] if is_list else ():
        texts = dict(zip(roles, (cell.text.strip() for cell in _spread(cells)), strict=False))
        number = _NUMBER_ONLY.fullmatch(texts.get("number", ""))
        answer = answer_in(texts.get("answer", ""), place)
        if number and answer:
            words = answer.words or texts.get("reference") or texts.get("rationale", "")
            found.append(Listed(int(number[1]), replace(answer, words=words)))
    return found


def _role(text: str) -> str:
    """Return what a heading says of its column: "stem", "A", "answer", …; "" when it is no heading."""
    key = search_key(text[:60]).strip(" .:*")
    if match := _OPTION_HEADING.fullmatch(key):
        return match[1].upper() if match[1].isalpha() else LETTERS[int(match[1]) - 1] + "#"
    if re.search(r"\bcau hoi\b", key) and len(key) < 50 and not re.search(r"\d", key):
        return "code" if key.startswith("ma ") else "stem"
    if key in ("noi dung", "cau dan", "noi dung cau"):
        return "stem"
    return next((role for role, words in _HEADINGS.items() if key in words), "")


def _spread(cells: Sequence[Cell]) -> list[Cell]:
    """Return one cell per column: what spans several is repeated."""
    return [cell for cell in cells for _ in range(cell.span)][:60]


def _columns(table: Table) -> tuple[list[str], int]:
    """Return the role of each column and where the rows of questions begin; [] when it is no list of questions."""
    for place, (_, cells) in enumerate(table.rows[:_HEADER_WITHIN]):
        roles = [_role(cell.text) for cell in _spread(cells)]
        below = table.rows[place + 1 : place + 2]
        finer = [_role(cell.text) for cell in _spread(below[0][1])] if below else []
        if _is_finer(roles, finer):
            roles = [low or high for low, high in zip(finer, roles, strict=False)]
            place += 1
        if _is_header(roles):
            return roles, place + 1
    return _guessed(table), 0


def _is_finer(roles: list[str], finer: list[str]) -> bool:
    """Tell whether the row under the headings divides one of them: "Phương án" over "A | B | C | D"."""
    under = [
        low
        for low, high in zip(finer, roles, strict=False)
        if high in ("options", "") and len(low.rstrip("#")) == 1
    ]
    return "stem" in roles and len(set(under)) >= 2


def _is_header(roles: list[str]) -> bool:
    letters = sum(len(role.rstrip("#")) == 1 for role in roles)
    has_stem = "stem" in roles or ("options" in roles and "number" in roles)
    return (
        has_stem
        and len([role for role in roles if role]) >= 2
        and (letters >= 2 or len(set(roles) - {""}) >= 2)
    )


def _guessed(table: Table) -> list[str]:
    """Return the roles of the columns of a table without headings: number, question, options, letter."""
    rows = [[cell.text.strip() for cell in cells] for _, cells in table.rows]
    width = len(rows[0]) if rows else 0
    fits = [
        len(row) == width and bool(_NUMBER_ONLY.fullmatch(row[0])) and bool(_LETTER_ONLY.fullmatch(row[-1]))
        for row in rows
    ]
    if not 5 <= width <= 9 or len(rows) < 2 or not all(fits):
        return []
    return ["number", "stem", *LETTERS[: width - 3], "answer"]


def _lines(cell: Cell) -> list[Token]:
    """Return the lines of a cell and what tables in it hold."""
    found: list[Token] = []
    for block in cell.blocks:
        found += [block] if isinstance(block, Line) else tokens_of(block)
    return found


def _whole(cell: Cell) -> Rich:
    return beside(*(token.rich for token in _lines(cell)))


def _questions(table: Table, columns: list[str], first: int) -> Iterator[Token]:
    for place, cells in table.rows[first:]:
        by_role: dict[str, Cell] = {}
        for role, cell in zip(columns, _spread(cells), strict=False):
            by_role.setdefault(role, cell)
        filled = [
            cell for cell in cells if cell.text.strip() or any(isinstance(b, Table) for b in cell.blocks)
        ]
        if len(filled) == 1 and (len(cells) < len(columns) or filled[0].span > 1):
            yield Part("topic", _whole(filled[0]), place)
        elif filled:
            yield from _question(place, by_role)


def _question(place: Place, cells: dict[str, Cell]) -> Iterator[Token]:
    number_text = cells["number"].text.strip() if "number" in cells else ""
    number = _NUMBER_ONLY.fullmatch(number_text)
    stem = cells.get("stem", Cell([]))
    goes_on = stem.is_below or not (stem.text.strip() or number)
    if not goes_on:
        yield from _stem(place, stem, int(number[1]) if number else None)
    options = [
        (role, cell) for role, cell in cells.items() if len(role.rstrip("#")) == 1 and cell.text.strip()
    ]
    for role, cell in options:
        yield Part("option", _lettered(role[0], _whole(cell)), place)
    if "options" in cells:
        yield from _lines(cells["options"])
    yield from _others(place, cells, any(role.endswith("#") for role, _ in options))


def _stem(place: Place, cell: Cell, number: int | None) -> Iterator[Token]:
    """Yield the question that begins in a cell, with the options that may stand under it in the same cell."""
    lines = _lines(cell)
    head = lines[0].rich if lines else Rich()
    begin = question_start(head.text) or (number_start(head.text) if number is None else None)
    if begin and number in (None, begin[0]):
        number, head = begin[0], head.part(begin[1])
    yield Part("question", head, place, number)
    yield from lines[1:]


def _lettered(letter: str, words: Rich) -> Rich:
    """Return an option that begins with its letter, written in the cell or told by the column."""
    start = option_start(words.text)
    if start and start.letter.upper() == letter:
        return words
    mark = b"\x40"  # Mark.AUTOMATIC: nobody typed the letter
    return Rich(f"{letter}. {words.text}", mark * 3 + words.marks)


def _others(place: Place, cells: dict[str, Cell], by_count: bool) -> Iterator[Part]:
    for role in ("answer", "reference", "rationale", "topic", "level", "code"):
        words = _whole(cells[role]) if role in cells else Rich()
        if role == "answer" and by_count and words.text.strip() in list("123456"):
            letter = LETTERS[int(words.text.strip()) - 1]
            words = replace(words, text=letter, marks=words.marks[:1])
        if words.text:
            yield Part("own " + role if role == "topic" else role, words, place)


def _layout(place: Place, cells: Sequence[Cell]) -> list[list[Token]]:
    """Return what each cell of a row holds; a cell that is only "1" or "A." belongs to the next one."""
    columns = [_lines(cell) for cell in cells]
    lead: Rich | None = None
    ready: list[list[Token]] = []
    for tokens in columns:
        if not tokens:
            continue
        if lead is not None and isinstance(tokens[0], Line):
            tokens = _led(lead, tokens[0]) + tokens[1:]
            lead = None
        words = tokens[0].rich if len(tokens) == 1 and isinstance(tokens[0], Line) else None
        if words and (
            _NUMBER_ONLY.fullmatch(words.text) or _LETTER_ONLY.fullmatch(words.text.strip(" .):/"))
        ):
            lead = words
        else:
            ready.append(tokens)
    if lead is not None:
        ready.append([Line(lead, place)])
    return ready


def _led(lead: Rich, line: Line) -> list[Token]:
    if number := _NUMBER_ONLY.fullmatch(lead.text):
        return [Part("question", line.rich, line.place, int(number[1]))]
    if lead.text.isalpha():
        lead = Rich(lead.text + ".", lead.marks + lead.marks[-1:])
    return [replace(line, rich=beside(lead, line.rich))]


def _by_letter(columns: list[list[Token]]) -> list[list[Token]]:
    """Return cells that each hold one option of one question by their letters, other cells as they stand."""
    starts = [option_start(tokens[0].rich.text) for tokens in columns]
    letters = [start.index for start in starts if start]
    if len(set(letters)) < len(columns) or any(len(tokens) > 1 for tokens in columns):
        return columns
    return [columns[place] for place in sorted(range(len(columns)), key=lambda place: letters[place])]
