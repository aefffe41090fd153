"""Certificates in bulk: for a prize, as a commendation, or for having taken part; as PDF, Word and a register."""

from collections.abc import Callable, Iterable

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from quiz.core.figures import Figures, Won
from quiz.core.offices import Issue
from quiz.core.paperwork import (
    Align,
    Certificate,
    Certificates,
    Column,
    Paper,
    Table,
    long_date,
    opening,
)
from quiz.core.prizes import Kind
from quiz.files.paperwork import word
from quiz.files.paperwork.letters import lines
from quiz.files.paperwork.phrases import POSITIONS, about, prize_words
from quiz.files.paperwork.word_pieces import invisible_table, line, new_page

_NAME_SIZES = ((30, 32.0), (48, 26.0), (200, 22.0))  # letters of a name up to, size
_SAY = 25  # certificates between two words of progress
_RED = RGBColor(0x9B, 0x1C, 0x1C)
_SIDE, _TOP = Mm(25), Mm(16)
_ROOM, _HEIGHT = (Mm(297) - 2 * _SIDE) / Pt(1), (Mm(210) - 2 * _TOP) / Pt(1)
_PITCH = 1.28  # height of a line to the size of its letters
_APART = 4  # points between two lines of the middle


def prizes(figures: Figures, issue: Issue) -> Certificates:
    """Return a certificate for each prize, collective ones too."""
    holders = _winners(figures.won, "Chứng nhận")
    return _made("giay-chung-nhan-dat-giai", "Giấy chứng nhận", figures, issue, holders)


def commendations(figures: Figures, issue: Issue) -> Certificates:
    """Return a commendation for each main and each collective prize."""
    won = [one for one in figures.won if one.kind is not Kind.SPECIAL]
    return _made("giay-khen", "Giấy khen", figures, issue, _winners(won, "Tặng"))


def participants(figures: Figures, issue: Issue) -> Certificates:
    """Return a certificate for everybody who handed in a paper."""
    holders = (
        Certificate(
            number,
            "Chứng nhận đồng chí",
            one.name,
            opening(f"{POSITIONS[one.position]} {one.cell}, {one.unit}"),
            "Đã tham gia",
        )
        for number, one in enumerate(figures.sat, start=1)
    )
    return _made("giay-chung-nhan-tham-gia", "Giấy chứng nhận", figures, issue, holders)


def _winners(won: Iterable[Won], verb: str) -> Iterable[Certificate]:
    for number, one in enumerate(won, start=1):
        where = ", ".join(part for part in (one.cell, one.unit) if part and part != one.name)
        whom, name = ("đồng chí", one.name) if one.entry is not None else ("tập thể", opening(one.name))
        yield Certificate(
            number, f"{verb} {whom}", name, opening(where), f"Đạt {_as_prize(prize_words(one))}"
        )


def _as_prize(name: str) -> str:
    """Return a prize as it stands within a sentence: "giải nhất", "giải thí sinh cao tuổi nhất"."""
    name = f"{name[:1].lower()}{name[1:]}"
    return name if name.startswith("giải") else f"giải {name}"


def _made(
    name: str, title: str, figures: Figures, issue: Issue, holders: Iterable[Certificate]
) -> Certificates:
    return Certificates(
        name=name,
        title=title,
        contest=about(figures),
        letterhead=issue.letterhead(""),
        decision=f"Quyết định số {issue.number or '.' * 14}-QĐ/{issue.office.code}, {long_date(issue.day)}",
        signature=issue.signature,
        holders=tuple(holders),
        made_at=issue.made_at,
    )


def register(certificates: Certificates) -> Paper:
    """Return the register of the certificates given out: the list that becomes a spreadsheet."""
    return Paper(
        name=certificates.name,
        title=f"Sổ cấp {certificates.title.lower()}",
        subject=certificates.contest,
        letterhead=certificates.letterhead,
        blocks=(
            Table(
                (
                    Column("Số", 9, Align.CENTRE),
                    Column("Cấp cho", 50),
                    Column("Chi bộ, đơn vị", 55),
                    Column("Nội dung", 30),
                    Column("Người nhận ký", 26),
                ),
                tuple((one.number, one.name, one.about, one.reason, "") for one in certificates.holders),
            ),
        ),
        signatures=(certificates.signature,),
        recipients=(),
        made_at=certificates.made_at,
    )


def write_word(certificates: Certificates, report: Callable[[int, int], None] | None = None) -> bytes:
    """Return the certificates as .docx, one a page; `report` is told how many of how many are done."""
    document = word.blank(certificates.made_at, certificates.title, landscape=True)
    _frame(document)
    count = len(certificates.holders)
    for number, holder in enumerate(certificates.holders):
        _write(document, certificates, holder, is_first=number == 0)
        if report is not None and number % _SAY == 0:
            report(number, count)
    content = word.saved(document)
    if report is not None:
        report(count, count)
    return content


def _frame(document: Document) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.left_margin = section.right_margin = _SIDE
    section.top_margin = section.bottom_margin = _TOP
    section.different_first_page_header_footer = False
    for paragraph in section.header.paragraphs:
        paragraph.clear()
        for child in list(paragraph._p):
            paragraph._p.remove(child)
    borders = OxmlElement("w:pgBorders")
    borders.set(qn("w:offsetFrom"), "page")
    for side in ("top", "left", "bottom", "right"):
        edge = OxmlElement(f"w:{side}")
        for key, value in (("val", "thinThickSmallGap"), ("sz", "24"), ("space", "24"), ("color", "9B1C1C")):
            edge.set(qn(f"w:{key}"), value)
        borders.append(edge)
    section._sectPr.find(qn("w:pgMar")).addnext(borders)  # Word insists on the order of these


def _write(document: Document, certificates: Certificates, holder: Certificate, is_first: bool) -> None:
    head = certificates.letterhead
    if not is_first:
        new_page(document)
    left, right = invisible_table(document, (1, 1))
    line(left, head.above.upper(), first=True)
    line(left, head.body.upper(), bold=True)
    line(right, word.NATION, size=15, bold=True, underline=True, first=True)
    gap = _gap(certificates, holder)
    for number, (text, size, bold, red) in enumerate(_middle(certificates, holder)):
        paragraph = line(document, text, size=size, bold=bold)
        paragraph.paragraph_format.space_before = Pt(_APART if number else gap)
        if red:
            paragraph.runs[0].font.color.rgb = _RED
    paragraph.paragraph_format.space_after = Pt(gap)
    left, right = invisible_table(document, (1, 1))
    left.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    line(left, certificates.decision, Align.LEFT, 12, first=True)
    line(left, f"Vào sổ số: {holder.number}", Align.LEFT, 12)
    line(right, head.place_and_date, italic=True, first=True)
    word.sign(right, certificates.signature, bool(certificates.signature.position), first=False)


def _middle(certificates: Certificates, holder: Certificate) -> list[tuple[str, float, bool, bool]]:
    """Return the lines between head and signature with their size, and whether they are bold and red."""
    return [
        (certificates.title.upper(), 36, True, True),
        (holder.verb, 17, False, False),
        (holder.name, _size(holder.name), True, False),
        (holder.about, 15, False, False),
        (holder.reason, 18, True, True),
        (certificates.contest, 15, False, False),
    ]


def _gap(certificates: Certificates, holder: Certificate) -> float:
    """Return how far, in points, the middle stands from head and signature: it fills the page and no more."""
    half = _ROOM / 2
    head, sign = certificates.letterhead, certificates.signature
    above = sum(lines(text.upper(), 14, half, bold=True) for text in (head.above, head.body))
    below = 7 + sum(lines(text, 14, half, bold=True) for text in (sign.on_behalf.upper(), sign.name))
    middle = _middle(certificates, holder)
    filled = 14 * (above + below) + sum(
        lines(text, size, _ROOM, bold) * size for text, size, bold, _ in middle
    )
    left_over = _HEIGHT - filled * _PITCH - _APART * len(middle)
    return max(0.0, left_over / 2)


def _size(name: str) -> float:
    return next(size for letters, size in _NAME_SIZES if len(name) <= letters)
