"""An office paper as one plain value: what stands on it and in which order, not how a file of some kind holds it.

Papers of a Party organisation are written in Vietnamese whatever language the reader's pages are in, so the words a
cell becomes are Vietnamese too: decimal comma, "05/02/2023", numerator and denominator beside every percentage.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Align(StrEnum):
    """How the cells of a column stand."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Points:
    """Hundredths of a point, written "27,50"; those that do not count stand in brackets, "(27,50)"."""

    hundredths: int
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Percent:
    """Part of a whole, written "90,1 %"; only where part and whole stand in the same row."""

    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class Share:
    """Part of a whole, written "264/293 (90,1 %)"."""

    part: int
    whole: int


_KEPT = "\u00a0"  # a space no line breaks at

Cell = str | int | date | Points | Percent | Share | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its share of the width, how its cells stand."""

    title: str
    width: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Span:
    """A row of one cell over all columns: what the rows below it have in common."""

    text: str


Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; `total` is the last row, in bold; `tall` leaves room to write in the rows by hand.

    `subject` is what the table is about where it stands without the text around it, as on a sheet of a workbook, and
    `note` a line to go below that.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row | Span, ...]
    total: Row | None = None
    caption: str = ""
    tall: bool = False
    subject: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line in bold that begins a part: "I. Tình hình tổ chức"."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `lead` stands before it in bold."""

    text: str
    lead: str = ""
    italic: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """Dotted lines for somebody to write on."""

    lines: int


Block = Heading | Text | Table | Blank


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: in whose name, office, name; an empty name leaves the place for it."""

    on_behalf: str
    position: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands above: the body above, the body that issues, number with its sign, place and date."""

    above: str
    body: str
    number: str
    place_and_date: str


@dataclass(frozen=True, slots=True)
class Paper:
    """An office paper; `subject` may have several lines. `annex` goes with it, on a page of its own after who signs.

    `made_at` (ms UTC) dates its files, so that the same paper is the same bytes every time.
    """

    name: str
    title: str
    subject: str
    letterhead: Letterhead
    blocks: tuple[Block, ...]
    signatures: tuple[Signature, ...]
    recipients: tuple[str, ...]
    made_at: int
    landscape: bool = False
    is_draft: bool = False
    annex: tuple[Block, ...] = ()

    @property
    def tables(self) -> list[Table]:
        """Return the tables of the paper in order, those of its annex too."""
        return [block for block in (*self.blocks, *self.annex) if isinstance(block, Table)]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Papers of one kind in one file, each from a page of its own on, all upright or all across."""

    name: str
    title: str
    papers: tuple[Paper, ...]
    made_at: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate: the words before the name, who gets it, who that is, what for."""

    number: int
    verb: str
    name: str
    about: str
    reason: str


@dataclass(frozen=True, slots=True)
class Certificates:
    """Certificates alike but for their holders, one a page; `decision` says what they rest on."""

    name: str
    title: str
    contest: str
    letterhead: Letterhead
    decision: str
    signature: Signature
    holders: tuple[Certificate, ...]
    made_at: int


# --- words of a cell ----------------------------------------------------------------------------------------------


def number_text(number: int) -> str:
    """Return a whole number with its thousands grouped: "2.488"."""
    return f"{number:,}".replace(",", ".")


def points_text(hundredths: int) -> str:
    """Return hundredths of a point as "27,50"."""
    sign, size = ("-" if hundredths < 0 else ""), abs(hundredths)
    return f"{sign}{number_text(size // 100)},{size % 100:02d}"


def percent_text(part: int, whole: int) -> str:
    """Return part ÷ whole as "90,1 %", rounded half up to one decimal; a dash when there is no whole."""
    if not whole:
        return "–"
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{number_text(tenths // 10)},{tenths % 10}{_KEPT}%"


def share_text(part: int, whole: int) -> str:
    """Return "264/293 (90,1 %)"; "0/0" has no percentage."""
    counted = f"{number_text(part)}/{number_text(whole)}"
    return f"{counted}{_KEPT}({percent_text(part, whole)})" if whole else counted


def date_text(day: date) -> str:
    """Return "05/02/2023"."""
    return f"{day:%d/%m/%Y}"


def long_date(day: date | None) -> str:
    """Return "ngày 05 tháng 02 năm 2023", with places to write where there is no day."""
    if day is None:
        return "ngày      tháng      năm 20    "
    return f"ngày {day:%d} tháng {day:%m} năm {day:%Y}"


def opening(words: str) -> str:
    """Return words as they begin a line: the first letter large."""
    return words[:1].upper() + words[1:]


def cell_text(cell: Cell) -> str:
    """Return a cell as people read it."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case int():
            return number_text(cell)
        case Points(hundredths, left_out):
            return f"({points_text(hundredths)})" if left_out else points_text(hundredths)
        case Percent(part, whole):
            return percent_text(part, whole)
        case Share(part, whole):
            return share_text(part, whole)
        case date():
            return date_text(cell)


def total_of(rows: Iterable[Row], first: str = "Tổng cộng") -> tuple[Cell, ...]:
    """Return the row of sums: whole numbers, and parts and wholes of percentages, are added up, the rest is empty.

    `first` stands in the first column that is not summed up and holds text.
    """
    sums = [_sum(column) for column in zip(*rows, strict=True)]
    place = next((index for index, cell in enumerate(sums) if cell is None), None)
    return tuple(first if index == place else cell for index, cell in enumerate(sums))


def _sum(cells: Sequence[Cell]) -> Cell:
    if all(isinstance(cell, int) for cell in cells):
        return sum(cell for cell in cells if isinstance(cell, int))
    for kind in (Percent, Share):
        if all(isinstance(cell, kind) for cell in cells):
            parts = [cell for cell in cells if isinstance(cell, kind)]
            return kind(sum(one.part for one in parts), sum(one.whole for one in parts))
    return None
