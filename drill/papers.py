"""Papers for those who use no device: printed, answered by hand, keyed by two people, settled by a third.

Who sits on paper reads the questions in the printed file and nowhere else, so what they know tells whether the letters
on paper are those that are marked.
"""

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader

from drill import desk
from drill.browser import Browser, expect
from drill.contestant import Card
from drill.desk import number_in
from drill.forms import Form
from drill.history import OK, History
from drill.knowledge import Knowledge
from drill.pages import links_in

MINUTES = 1  # what the proctor notes on each sheet
KNOWN = 0.7  # share of questions somebody knows who does not know all


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper in somebody's hands: its number, whose it is, and the right letters read from the print."""

    number: int
    name: str
    cell: str
    right: tuple[str, ...]


def issue(board: Browser, round_id: int, cards: Sequence[Card], knowledge: Knowledge) -> list[Printed]:
    """Draw papers for these people, print them and return what is in their hands."""
    start = f"/desk/rounds/{round_id}/papers"
    form = expect(board.get(f"{start}/new")).form("entry")
    form.fill("entry", [f"{card.name}, {card.cell}" for card in cards])
    page = desk.send(board, form)
    rows = page.root.find("tbody")[0].find("tr")
    lines = [
        (number_in(links_in(row)[0][0]), *cells[:3]) for row, cells in zip(rows, page.rows(), strict=True)
    ]
    pages = _pages(expect(board.submit(page.form("/papers/print"), kind="print")).body)
    return [
        Printed(number, name, cell, _letters([text for text in pages if code in text], knowledge))
        for number, name, cell, code in lines
    ]


def _pages(content: bytes) -> list[str]:
    return [spelled(page.extract_text()) for page in PdfReader(BytesIO(content)).pages]


def spelled(text: str) -> str:
    """Return a text without any white space, as lines on paper break it anywhere."""
    return re.sub(r"[\s\u200b]", "", unicodedata.normalize("NFC", text))


def _letters(pages: Sequence[str], knowledge: Knowledge) -> tuple[str, ...]:
    """Return the right letters of every question on the pages of one paper, in order."""
    found: dict[int, str] = {}
    for page in pages:
        parts = re.split(r"Câu(\d+)\.", page)
        for number, words in zip(parts[1::2], parts[2::2], strict=True):
            found[int(number)] = right_letters(words, knowledge)
    return tuple(found[number] for number in range(1, len(found) + 1))


def right_letters(words: str, knowledge: Knowledge) -> str:
    """Return the letters of the right options of a question as printed, without white space; raise ValueError."""
    stem, right = knowledge.printed(words)
    rest = words.removeprefix(stem)
    letters = [letter for option in right if (letter := _letter_of(option, rest))]
    if len(letters) != len(right):
        raise ValueError(f"the right options are not printed: {words}")
    return "".join(sorted(letters))


def _letter_of(option: str, rest: str) -> str:
    """Return the letter before an option that ends where the next begins, or at the end of the question."""
    ends = r"(?=[B-J]\.|Trang\d|$)"
    found = re.search(rf"([A-J])\.{re.escape(option)}{ends}", rest) or re.search(
        rf"([A-J])\.{re.escape(option)}", rest
    )
    return found[1] if found else ""


# --- answering and entering -----------------------------------------------------------------------------------------


def enter(paper: Printed, keyers: Sequence[Browser], ability: float, history: History, seed: str) -> None:
    """Answer a paper, let two key the sheet and, where the second misread it, a third settle it."""
    chance = random.Random(seed)
    first, second, third = keyers
    sheet: list[str] = []
    is_misread = bool(paper.number % 2)  # an even one is keyed alike both times
    for number, keyer in enumerate((first, second)):
        form = expect(keyer.get(f"/desk/papers/{paper.number}/key")).form("q1")
        sheet = sheet or [_mark(right, ability, chance) for right in paper.right]
        typed = list(sheet)
        if number and is_misread:
            typed[3], typed[7] = "?", "-" if sheet[7] != "-" else "A"
        _type(form, typed)
        form.fill("minutes", str(MINUTES))
        page = expect(keyer.submit(form), saying=[_said(number, is_misread)])
    calls = history.begin_saves(paper.number, [(at, _places(text), None) for at, text in enumerate(sheet)])
    if is_misread:
        form = expect(third.get(f"/desk/papers/{paper.number}/settle")).form("reason")
        for at in (3, 7):
            form.fill(f"q{at + 1}", sheet[at])
        form.fill("reason", "Đối chiếu lại phiếu gốc")
        page = desk.send(third, form)
    expect(page, saying=["Đã nhập xong"])
    history.end(calls, OK, page.status)


def _said(number: int, is_misread: bool) -> str:
    if number == 0:
        return "Đã ghi lần nhập thứ nhất"
    return "Hai lần nhập có chỗ khác nhau" if is_misread else "Đã nhập xong"


def _mark(right: str, ability: float, chance: random.Random) -> str:
    """Return what somebody ticks who reads this question: the right letters, one of the first two, or nothing."""
    if ability == float("inf") or chance.random() < KNOWN:
        return right
    return chance.choice("AB-")


def _type(form: Form, sheet: Sequence[str]) -> None:
    for at, text in enumerate(sheet):
        form.fill(f"q{at + 1}", text)


def _places(letters: str) -> str:
    """Return ticked letters as the server writes a choice."""
    return ",".join(str("ABCDEFGHIJ".index(letter)) for letter in letters if letter != "-")
