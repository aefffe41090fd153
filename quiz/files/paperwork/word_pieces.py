"""What Word papers are made of: lines, tables with and without ruling, and the way to a new page.

Office suites keep a wide empty edge in every cell and give an empty line its full height; both are said here instead,
so that a heading of two letters stays whole and a line that only Word asks for never makes a page of its own.
"""

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Mm, Pt

from quiz.core.paperwork import Align, Span, Table, cell_text

ALIGN = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
EDGE = Mm(0.9)  # beside the words of a ruled cell
_ABOVE, _ABOVE_TALL = Mm(0.35), Mm(1.6)  # above and below them
_TALL = Cm(1.0)
_THIN = Pt(1)


def line(
    holder: Any, text: str, align: Align = Align.CENTRE, size: float = 14, bold: bool = False,
    italic: bool = False, underline: bool = False, first: bool = False,
) -> Any:  # fmt: skip
    """Add a paragraph to a document or cell and return it; `first` fills the empty one every cell begins with."""
    paragraph = holder.paragraphs[0] if first else holder.add_paragraph()
    paragraph.alignment = ALIGN[align]
    run = paragraph.add_run(text)
    run.bold, run.italic, run.underline, run.font.size = bold, italic, underline, Pt(size)
    return paragraph


def thin(document: Document) -> Any:
    """Add an empty paragraph that takes no room, and return it."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = _THIN
    return paragraph


def new_page(document: Document) -> None:
    """Begin a page, with nothing left on the one before."""
    thin(document).paragraph_format.page_break_before = True


def room(document: Document) -> int:
    """Return how wide the page is between its margins."""
    section = document.sections[0]
    return int(section.page_width - section.left_margin - section.right_margin)


def invisible_table(document: Document, widths: Sequence[float]) -> Any:
    """Add a table of one row without lines, as wide as the page, and return its cells; its row stays together."""
    table = document.add_table(rows=1, cols=len(widths))
    _set_edges(table, Length(0), Length(0))
    _set_widths(document, table, widths)
    _keep_together(table.rows[0])
    return table.rows[0].cells


def ruled_table(document: Document, block: Table) -> Any:
    """Add a table of a paper with its heading, which every page repeats, and return it."""
    table = document.add_table(rows=0, cols=len(block.columns))
    table.style = "Table Grid"
    _set_edges(table, EDGE, _ABOVE_TALL if block.tall else _ABOVE)
    _row(table, block, [column.title for column in block.columns], bold=True, is_head=True)
    for row in block.rows:
        if isinstance(row, Span):
            _span(table, row.text)
        else:
            _row(table, block, [cell_text(cell) for cell in row])
    if block.total is not None:
        _row(table, block, [cell_text(cell) for cell in block.total], bold=True)
    _set_widths(document, table, [column.width for column in block.columns])
    return table


def _set_edges(table: Any, beside: Length, above: Length) -> None:
    edges = OxmlElement("w:tblCellMar")
    for side, wide in (("top", above), ("left", beside), ("bottom", above), ("right", beside)):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(round(wide.pt * 20)))
        edge.set(qn("w:type"), "dxa")
        edges.append(edge)
    properties = table._tbl.tblPr
    before = properties.find(qn("w:tblLook"))  # Word insists on the order of these
    properties.append(edges) if before is None else before.addprevious(edges)


def _set_widths(document: Document, table: Any, shares: Sequence[float]) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    wide, whole = room(document), sum(shares)
    widths = [int(wide * share / whole) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        cells = row._tr.tc_lst
        for cell, width in zip(cells, widths if len(cells) > 1 else [wide], strict=True):
            cell.width = width


def _keep_together(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _row(table: Any, block: Table, texts: list[str], bold: bool = False, is_head: bool = False) -> None:
    row = table.add_row()
    _keep_together(row)
    if is_head:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    elif block.tall:
        row.height = _TALL
    for cell, column, text in zip(row.cells, block.columns, texts, strict=True):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        line(cell, text, Align.CENTRE if is_head else column.align, 12, bold, first=True)


def _span(table: Any, text: str) -> None:
    cells = table.add_row().cells
    merged = cells[0].merge(cells[-1])
    line(merged, text, Align.LEFT, 12, bold=True, first=True).paragraph_format.keep_with_next = True
