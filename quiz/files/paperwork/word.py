"""An office paper as a Word file, to be edited: the layout of Party papers (Guideline 36-HD/VPTW of 2018).

The same paper gives the same bytes: nothing in the file tells when it was written but `made_at`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document as new_document
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
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
    Span,
    Table,
    Text,
    cell_text,
)

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Times New Roman"
NATION = "ĐẢNG CỘNG SẢN VIỆT NAM"
_ALIGN = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TALL = Cm(1.0)


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
            document.add_page_break()
        _write_into(document, paper)
    return saved(document)


def _write_into(document: Document, paper: Paper) -> None:
    _letterhead(document, paper.letterhead, paper.is_draft)
    _title(document, paper)
    for block in paper.blocks:
        _BLOCKS[type(block)](document, block)
    _foot(document, paper)
    if paper.annex:
        document.add_page_break()
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
        document.add_paragraph().add_run().font.size = Pt(1)  # Word wants a paragraph below the last table
    document.save(raw)
    with ZipFile(raw) as before, ZipFile(out, "w") as after:
        for name in before.namelist():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            after.writestr(entry, before.read(name))
    return out.getvalue()


# --- pieces -------------------------------------------------------------------------------------------------------


def line(
    holder: Any, text: str, align: Align = Align.CENTRE, size: float = 14, bold: bool = False,
    italic: bool = False, underline: bool = False, first: bool = False,
) -> Any:  # fmt: skip
    """Add a paragraph to a document or cell and return it; `first` fills the empty one every cell begins with."""
    paragraph = holder.paragraphs[0] if first else holder.add_paragraph()
    paragraph.alignment = _ALIGN[align]
    run = paragraph.add_run(text)
    run.bold, run.italic, run.underline, run.font.size = bold, italic, underline, Pt(size)
    return paragraph


def invisible_table(document: Document, widths: Sequence[float]) -> Any:
    """Add a table of one row without lines, as wide as the page, and return its cells; its row stays together."""
    table = document.add_table(rows=1, cols=len(widths))
    _set_widths(document, table, widths)
    _keep_together(table.rows[0])
    return table.rows[0].cells


def _room(document: Document) -> int:
    section = document.sections[0]
    return int(section.page_width - section.left_margin - section.right_margin)


def _set_widths(document: Document, table: Any, shares: Sequence[float]) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    room, whole = _room(document), sum(shares)
    widths = [int(room * share / whole) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        cells = row._tr.tc_lst
        for cell, width in zip(cells, widths if len(cells) > 1 else [room], strict=True):
            cell.width = width


def _keep_together(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _letterhead(document: Document, head: Letterhead, is_draft: bool) -> None:
    left, right = invisible_table(document, (47, 53))
    line(left, head.above.upper(), first=True)
    line(left, head.body.upper(), bold=True)
    if head.number:
        line(left, "*")
        line(left, head.number)
    if is_draft:
        line(left, "DỰ THẢO", bold=True).paragraph_format.space_before = Pt(6)
    line(right, NATION, size=15, bold=True, underline=True, first=True)
    line(right, "")
    line(right, head.place_and_date, italic=True)


def _title(document: Document, paper: Paper) -> None:
    line(document, paper.title.upper(), size=16, bold=True).paragraph_format.space_before = Pt(18)
    line(document, paper.subject, bold=True)
    line(document, "-----").paragraph_format.space_after = Pt(12)


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
            _room(document), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )


def _table(document: Document, block: Table) -> None:
    if block.caption:
        caption = line(document, block.caption, size=13, bold=True)
        caption.paragraph_format.space_before = caption.paragraph_format.space_after = Pt(6)
        caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=len(block.columns))
    table.style = "Table Grid"
    _row(table, block, [column.title for column in block.columns], bold=True, is_head=True)
    for row in block.rows:
        if isinstance(row, Span):
            _span(table, row.text)
        else:
            _row(table, block, [cell_text(cell) for cell in row])
    if block.total is not None:
        _row(table, block, [cell_text(cell) for cell in block.total], bold=True)
    _set_widths(document, table, [column.width for column in block.columns])
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _row(table: Any, block: Table, texts: list[str], bold: bool = False, is_head: bool = False) -> None:
    row = table.add_row()
    _keep_together(row)
    if is_head:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    elif block.tall:
        row.height = _TALL
    for cell, column, text in zip(row.cells, block.columns, texts, strict=True):
        line(cell, text, Align.CENTRE if is_head else column.align, 12, bold, first=True)


def _span(table: Any, text: str) -> None:
    cells = table.add_row().cells
    merged = cells[0].merge(cells[-1])
    line(merged, text, Align.LEFT, 12, bold=True, first=True).paragraph_format.keep_with_next = True


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
    """Keep what is last, two rows of a table, with who signs: nobody signs an empty page."""
    kept = list(document.paragraphs[-1:])
    if paper.blocks and isinstance(paper.blocks[-1], Table):
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
