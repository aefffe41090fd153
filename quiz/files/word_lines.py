"""A Word document as its reader sees it: lines of text with their marks, and tables of such lines, in order.

Deleted text of tracked changes, hidden text and tables of contents are left out; what a question cannot carry
(pictures, text boxes, notes, formulas) is noted with its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from quiz.core.errors import N_, Problem
from quiz.core.questions import Notice
from quiz.files.word_numbering import Numbering
from quiz.files.word_package import WORD, Document, Element, local, number, said
from quiz.files.word_styles import Styles, is_shaded, look_of
from quiz.files.word_text import Mark, Rich, joined

MAX_PARAGRAPHS, MAX_ROWS = 100_000, 20_000
MAX_TEXT = 8_000_000
PARAGRAPH = N_("Đoạn")
# A list of answers to thousands of questions; whatever else is longer is refused by its length.
_LONGEST_LINE = 40_000
_DEEPEST_TABLE = 4
_COLUMNS = 60
_WRAPPERS = {
    "ins",
    "moveTo",
    "smartTag",
    "hyperlink",
    "fldSimple",
    "sdt",
    "sdtContent",
    "customXml",
    "dir",
    "bdo",
}
_PICTURES = {"drawing", "pict", "object"}
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
# Ticks of the fonts Wingdings and Segoe UI Symbol; other signs have no letter to stand for them.
_TICKS = {"F0FC", "F0FE", "F050", "F052"}

_LINK_LOOK = Mark.UNDERLINE | Mark.COLOUR

PICTURE = N_("Có hình ảnh hoặc hình vẽ: ngân hàng câu hỏi không chứa hình nên phần này không được nhập.")
TEXT_BOX = N_("Có khung chữ (text box) không được đọc: cắt chữ trong khung rồi dán vào văn bản.")
FOOTNOTE = N_("Có chú thích cuối trang không được nhập: nếu cần, ghi vào lời giải thích.")
FORMULA = N_("Có công thức toán không được nhập: gõ lại thành chữ.")
HIDDEN = N_("Có chữ ẩn không được đọc: bỏ định dạng ẩn (Hidden) nếu cần dùng, hoặc xóa.")
SYMBOL = N_("Có ký hiệu của phông Symbol hoặc Wingdings không được đọc: gõ lại thành chữ.")
EMBEDDED = N_("Có tệp khác được nhúng vào và không được đọc: chép nội dung của tệp đó vào văn bản.")


class TooLong(ValueError):
    """The document holds more than any set of questions."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: "Đoạn" and its count, or "Bảng 2" and the row."""

    name: str
    row: int

    def problem(self, message: str, values: dict[str, object] | None = None, field: str = "") -> Problem:
        """Return a problem at this place."""
        return Problem(message, values or {}, self.name, self.row, field)

    def notice(self, message: str, values: dict[str, object] | None = None, field: str = "") -> Notice:
        """Return something to know about this place."""
        return Notice(message, values or {}, self.name, self.row, field)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a paragraph; `is_first` unless a soft break stands before it."""

    rich: Rich
    place: Place
    is_heading: bool = False
    is_first: bool = True
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `span` counts columns, `is_below` is True where it goes on from the row above."""

    blocks: list["Line | Table"]
    span: int = 1
    is_below: bool = False

    @property
    def text(self) -> str:
        """Return the words of the cell without those of tables in it."""
        return " ".join(block.rich.plain() for block in self.blocks if isinstance(block, Line))


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table with the place of each."""

    rows: list[tuple[Place, list[Cell]]]


@dataclass(slots=True)
class Walk:
    """Goes through a document once. `notes` are what was left behind, `old_fonts` letters of TCVN3 and VNI fonts."""

    document: Document
    notes: list[Problem] = field(default_factory=list)
    old_fonts: list[str] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0
    seen: int = 0
    letters: int = 0
    carried: list[tuple[str, int]] = field(default_factory=list)
    styles: Styles = field(init=False)
    numbering: Numbering = field(init=False)

    def blocks(self) -> list[Line | Table]:
        """Return the lines and tables of the body in order; raise TooLong."""
        self.styles = Styles(self.document.styles)
        self.numbering = Numbering(self.document.numbering)
        return list(self._blocks(self.document.body, None, False, 0))

    def _blocks(
        self, parent: Element, place: Place | None, shaded: bool, depth: int
    ) -> Iterator[Line | Table]:
        for element in parent:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element, place, shaded)
            elif name == "tbl":
                yield from self._table(element, place, depth)
            elif name in _WRAPPERS:
                yield from self._blocks(element, place, shaded, depth)
            elif name == "AlternateContent":
                yield from self._blocks(_chosen(element), place, shaded, depth)
            elif name == "altChunk":
                self._note(EMBEDDED, place or self._here())

    def _here(self) -> Place:
        return Place(PARAGRAPH, self.paragraphs)

    def _note(self, message: str, place: Place) -> None:
        note = place.notice(message)
        if note not in self.notes[-20:] and len(self.notes) < 500:
            self.notes.append(note)

    def _table(self, element: Element, outer: Place | None, depth: int) -> Iterator[Table]:
        if depth >= _DEEPEST_TABLE:
            raise TooLong
        if outer is None:
            self.tables += 1
        rows: list[tuple[Place, list[Cell]]] = []
        for count, row in enumerate(_rows(element), start=1):
            if count > MAX_ROWS:
                raise TooLong
            place = outer or Place(f"Bảng {self.tables}", count)
            rows.append((place, [self._cell(cell, place, depth) for cell in _cells(row)]))
        yield Table(rows)

    def _cell(self, element: Element, place: Place, depth: int) -> Cell:
        properties = element.find(WORD + "tcPr")
        span = below = None
        if properties is not None:
            span, below = properties.find(WORD + "gridSpan"), properties.find(WORD + "vMerge")
        blocks = list(self._blocks(element, place, is_shaded(properties), depth + 1))
        is_below = below is not None and said(below) != "restart"
        return Cell(blocks, min(max(number(span, default=1), 1), _COLUMNS), is_below)

    def _paragraph(self, element: Element, place: Place | None, shaded: bool) -> Iterator[Line]:
        self.seen += 1
        if self.seen > MAX_PARAGRAPHS:
            raise TooLong
        properties = element.find(WORD + "pPr")
        style = said(None if properties is None else properties.find(WORD + "pStyle"))
        if self.styles.name(style).startswith("toc "):
            return
        reading = _Runs(self, style, shaded or is_shaded(properties))
        pieces = [*self.carried, *reading.pieces(element)]
        self.carried = pieces if _goes_on(properties) else []
        is_empty = not any(text.strip() for text, _ in pieces)
        self.paragraphs += place is None and not is_empty
        where = place or self._here()
        for message in reading.found:
            self._note(message, where)
        if self.carried:
            return
        label = self._label(properties, style)  # an empty paragraph of a list counts too
        if not is_empty or place:
            yield from self._lines([(f"{label} ", Mark.AUTOMATIC)] * bool(label) + pieces, where, style)

    def _lines(self, pieces: list[tuple[str, int]], place: Place, style: str) -> Iterator[Line]:
        self.letters += sum(len(text) for text, _ in pieces)
        if self.letters > MAX_TEXT:
            raise TooLong
        for count, line in enumerate(joined(pieces).lines(_LONGEST_LINE)):
            is_title = self.styles.name(style) in ("title", "subtitle")
            yield Line(line, place, self.styles.is_heading(style), count == 0, is_title)

    def _label(self, properties: Element | None, style: str) -> str:
        own = None if properties is None else properties.find(WORD + "numPr")
        list_id, level = self.styles.numbering(style)
        if own is not None:
            list_id = said(own.find(WORD + "numId"), default=list_id)
            level = number(
                own.find(WORD + "ilvl"), default=level if not said(own.find(WORD + "numId")) else 0
            )
        return self.numbering.label(list_id, level) if list_id not in ("", "0") else ""


def _is_old(text: str) -> bool:
    """Tell whether text in an old font is in its encoding: it has letters of the upper half of a byte only."""
    return any("\xa0" < char <= "\xff" for char in text) and not any(
        "\u0102" <= char <= "\u1ef9" for char in text
    )


def _goes_on(properties: Element | None) -> bool:
    """Tell whether the end of a paragraph is deleted in tracked changes, so that the next one goes on from it."""
    return properties is not None and properties.find(f"{WORD}rPr/{WORD}del") is not None


def _chosen(alternatives: Element) -> Element:
    """Return the first of the alternatives of <mc:AlternateContent>, which is what newer programs show."""
    return next(iter(alternatives), alternatives)


def _rows(table: Element) -> Iterator[Element]:
    for element in table:
        name = local(element)
        if name == "tr" and element.find(f"{WORD}trPr/{WORD}del") is None:
            yield element
        elif name in _WRAPPERS:
            yield from _rows(element)


def _cells(row: Element) -> Iterator[Element]:
    count = 0
    for element in row:
        if local(element) == "tc":
            count += 1
            if count > _COLUMNS:
                raise TooLong
            yield element
        elif local(element) in _WRAPPERS:
            yield from _cells(element)


class _Runs:
    """Reads the runs of one paragraph; `found` are the sentences about what was left behind."""

    def __init__(self, walk: Walk, style: str, shaded: bool) -> None:
        self.walk, self.style, self.shaded = walk, style, shaded
        self.found: list[str] = []
        self.is_code = False  # inside the instructions of a field, before what it shows

    def pieces(self, element: Element, linked: bool = False) -> Iterator[tuple[str, int]]:
        """Yield the pieces of text below an element with their marks."""
        for child in element:
            name = local(child)
            if name == "r":
                yield from self._run(child, linked)
            elif name in _WRAPPERS:
                yield from self.pieces(child, linked or name == "hyperlink")
            elif name == "AlternateContent":
                yield from self.pieces(_chosen(child), linked)
            elif name in ("oMath", "oMathPara"):
                self._note(FORMULA)

    def _note(self, message: str) -> None:
        if message not in self.found:
            self.found.append(message)

    def _run(self, run: Element, linked: bool) -> Iterator[tuple[str, int]]:
        properties = run.find(WORD + "rPr")
        style = said(None if properties is None else properties.find(WORD + "rStyle"))
        look = look_of(properties).over(self.walk.styles.look(self.style, style))
        text = "".join(self._texts(run))
        if look.hidden:
            if text.strip():
                self._note(HIDDEN)
            return
        if look.is_old_font and _is_old(text):
            self.walk.old_fonts.append(text[:40])
        mark = look.marks | (Mark.HIGHLIGHT if self.shaded else 0)
        if linked and mark & _LINK_LOOK:
            mark = mark & ~_LINK_LOOK | Mark.LINKED
        yield text, mark

    def _texts(self, run: Element) -> Iterator[str]:
        for child in run:
            name = local(child)
            if name == "fldChar":
                self.is_code = said(child, "fldCharType") == "begin"
            elif name == "t" and not self.is_code:
                yield child.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "sym":
                yield self._symbol(child)
            elif name in _PICTURES or name == "AlternateContent":
                self._drawing(_chosen(child) if name == "AlternateContent" else child)
            elif name in ("footnoteReference", "endnoteReference"):
                self._note(FOOTNOTE)

    def _symbol(self, element: Element) -> str:
        if said(element, "char").upper() in _TICKS:
            return "✓"
        self._note(SYMBOL)
        return ""

    def _drawing(self, element: Element) -> None:
        boxes = element.iter(WORD + "txbxContent")
        has_words = any((text.text or "").strip() for box in boxes for text in box.iter(WORD + "t"))
        self._note(TEXT_BOX if has_words else PICTURE)
