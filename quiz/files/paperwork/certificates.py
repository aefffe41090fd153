"""Certificates in bulk: for a prize, as a commendation, or for having taken part; as PDF, Word and a register."""

from collections.abc import Callable, Iterable

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

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
from quiz.files.paperwork.phrases import POSITIONS, about, prize_words

_NAME_SIZES = ((34, 28.0), (48, 22.0), (200, 16.0))  # letters of a name up to, size
_SAY = 25  # certificates between two words of progress


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
    return word.saved(document)


def _frame(document: Document) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(16)
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
        document.add_page_break()
    left, right = word.invisible_table(document, (1, 1))
    word.line(left, head.above.upper(), first=True)
    word.line(left, head.body.upper(), bold=True)
    word.line(right, word.NATION, size=15, bold=True, underline=True, first=True)
    word.line(document, certificates.title.upper(), size=32, bold=True).paragraph_format.space_before = Pt(20)
    word.line(document, holder.verb, size=16)
    word.line(document, holder.name, size=_size(holder.name), bold=True)
    word.line(document, holder.about, size=15)
    word.line(document, holder.reason, size=18, bold=True)
    word.line(document, certificates.contest, size=15).paragraph_format.space_after = Pt(14)
    left, right = word.invisible_table(document, (1, 1))
    word.line(left, certificates.decision, Align.LEFT, 12, first=True)
    word.line(left, f"Vào sổ số: {holder.number}", Align.LEFT, 12)
    word.line(right, head.place_and_date, italic=True, first=True)
    word.sign(right, certificates.signature, bool(certificates.signature.position), first=False)


def _size(name: str) -> float:
    return next(size for letters, size in _NAME_SIZES if len(name) <= letters)
