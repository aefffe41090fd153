"""An office paper as a Word file, to be edited: the layout of Party papers (Guideline 36-HD/VPTW of 2018).

The same paper gives the same bytes: nothing in the file tells when it was written but `made_at`.
"""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document as new_document
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

from quiz.core.paperwork import (
    Align,
    Blank,
    Bundle,
    Heading,
    Letterhead,
    Paper,
    Signature,
    Table,
    Text,
)
from quiz.files.paperwork.word_pieces import invisible_table, line, new_page, room, ruled_table, thin

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Times New Roman"
NATION = "ĐẢNG CỘNG SẢN VIỆT NAM"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_BELOW_TABLE = Pt(6)


def write(paper: Paper) -> bytes:
    """Return the paper as .docx."""
    document = blank(paper.made_at, paper.title, paper.landscape)
    _write_into(document, paper)
    return saved(document)


def write_bundle(bundle: Bundle) -> bytes:
    """Return papers as one .docx, each from a page of its own on; pages bear no number, for they are handed out."""
    document = blank(
        bundle.made_at, bundle.title, any(paper.landscape for paper in bundle.papers), numbered=False
    )
    for place, paper in enumerate(bundle.papers):
        if place:
            new_page(document)
        _write_into(document, paper)
    return saved(document)


def _write_into(document: Document, paper: Paper) -> None:
    _letterhead(document, paper.letterhead, paper.is_draft)
    _title(document, paper)
    for block in paper.blocks:
        _BLOCKS[type(block)](document, block)
    _foot(document, paper)
    if paper.annex:
        new_page(document)
        for block in paper.annex:
            _BLOCKS[type(block)](document, block)


def blank(made_at: int, title: str, landscape: bool, numbered: bool = True) -> Document:
    """Return an empty document with the page and the letters of office papers."""
    document = new_document()
    made = datetime.fromtimestamp(made_at / 1000, UTC).replace(tzinfo=None, microsecond=0)
    core = document.core_properties
    core.created = core.modified = made
    core.title, core.author, core.language, core.last_modified_by, core.comments = title, "", "vi-VN", "", ""
    section = document.sections[0]
    width, height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    if numbered:
        _page_number(section)
    _letters(document)
    return document


def _letters(document: Document) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    fonts = style.element.rPr.rFonts
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.rPr.append(language)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.1


def _page_number(section: Any) -> None:
    """From the second page on, in the middle above."""
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def saved(document: Document) -> bytes:
    """Return the file, the same bytes for the same document: its parts carry no time of their own."""
    raw, out = BytesIO(), BytesIO()
    if document.tables and document.element.body[-2].tag == qn("w:tbl"):
        thin(document)  # Word wants a paragraph below the last table
    document.save(raw)
    with ZipFile(raw) as before, ZipFile(out, "w") as after:
        for name in before.namelist():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            after.writestr(entry, before.read(name))
    return out.getvalue()


def _letterhead(document: Document, head: Letterhead, is_draft: bool) -> None:
    left, right = invisible_table(document, (47, 53))
    line(left, head.above.upper(), first=True)
    line(left, head.body.upper(), bold=True)
    if head.number:
        line(left, "*")
        line(left, head.number)
    if is_draft:
        _boxed(line(left, "\u00a0DỰ THẢO\u00a0", bold=True))  # the box stands close to its words
    line(right, NATION, size=15, bold=True, underline=True, first=True)
    line(right, head.place_and_date, italic=True).paragraph_format.space_before = Pt(6)


def _boxed(paragraph: Any) -> None:
    """Draw a box around the words of a paragraph."""
    paragraph.paragraph_format.space_before = Pt(8)
    border = OxmlElement("w:bdr")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "auto")):
        border.set(qn(f"w:{key}"), value)
    paragraph.runs[0]._r.rPr.append(border)


def _title(document: Document, paper: Paper) -> None:
    line(document, paper.title.upper(), size=16, bold=True).paragraph_format.space_before = Pt(14)
    line(document, paper.subject, bold=True)
    line(document, "-----").paragraph_format.space_after = Pt(6)


def _heading(document: Document, block: Heading) -> None:
    paragraph = line(document, block.text, Align.LEFT, bold=True)
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(6)
    paragraph.paragraph_format.keep_with_next = True


def _text(document: Document, block: Text) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if block.centred else WD_ALIGN_PARAGRAPH.JUSTIFY
    if not block.centred:
        paragraph.paragraph_format.first_line_indent = Cm(1.27)
    paragraph.paragraph_format.space_after = Pt(6)
    if block.lead:
        paragraph.add_run(f"{block.lead} ").bold = True
    paragraph.add_run(block.text).italic = block.italic


def _blank(document: Document, block: Blank) -> None:
    for _ in range(block.lines):
        paragraph = document.add_paragraph("\t")
        paragraph.paragraph_format.space_after = Pt(4)
        paragraph.paragraph_format.tab_stops.add_tab_stop(
            room(document), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )


def _table(document: Document, block: Table) -> None:
    if block.caption:
        caption = line(document, block.caption, size=13, bold=True)
        caption.paragraph_format.space_before = caption.paragraph_format.space_after = Pt(6)
        caption.paragraph_format.keep_with_next = True
    ruled_table(document, block)
    document.add_paragraph().paragraph_format.line_spacing = _BELOW_TABLE


def _foot(document: Document, paper: Paper) -> None:
    if not paper.signatures and not paper.recipients:
        return
    _keep_last(document, paper)
    document.add_paragraph().paragraph_format.keep_with_next = True
    cells = list(invisible_table(document, (1,) * (len(paper.signatures) + bool(paper.recipients))))
    if paper.recipients:
        cell = cells.pop(0)
        line(cell, "Nơi nhận:", Align.LEFT, underline=True, first=True)
        for who in paper.recipients:
            line(cell, f"- {who}", Align.LEFT, 12)
    has_position = any(signature.position for signature in paper.signatures)
    for cell, signature in zip(cells, paper.signatures, strict=True):
        sign(cell, signature, has_position)


def _keep_last(document: Document, paper: Paper) -> None:
    """Keep what is last, two rows of a table and the sentence behind it, with who signs: nobody signs an empty page."""
    kept = list(document.paragraphs[-1:])
    ending = paper.blocks[-2:] if paper.blocks and isinstance(paper.blocks[-1], Text) else paper.blocks[-1:]
    if ending and isinstance(ending[0], Table):
        rows = document.tables[-1].rows[-2:]
        kept += [paragraph for row in rows for cell in row.cells for paragraph in cell.paragraphs]
    for paragraph in kept:
        paragraph.paragraph_format.keep_with_next = True


def sign(cell: Any, signature: Signature, has_position: bool = True, first: bool = True) -> None:
    """Write into a cell whose name is signed in, the office, room for the signature and the name."""
    line(cell, signature.on_behalf.upper(), bold=True, first=first)
    if has_position:
        line(cell, signature.position.upper())
    for _ in range(4):
        line(cell, "")
    line(cell, signature.name, bold=True)


_BLOCKS: dict[type, Any] = {Heading: _heading, Text: _text, Blank: _blank, Table: _table}
