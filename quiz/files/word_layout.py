"""The look of a Word document as Vietnamese offices print it: A4, Times New Roman 13, page number at the top."""

import io
from collections.abc import Sequence
from datetime import datetime

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  the file does not tell when it was made
_STYLES = {"Normal": 13, "Title": 14, "Subtitle": 13, "Heading 1": 13}
_INDENT = Cm(1)


def new_document(title: str, subtitle: str) -> Document:
    """Return an empty document with this heading and numbered pages."""
    document = docx.Document()
    document.core_properties.author = ""
    document.core_properties.title = title
    document.core_properties.comments = ""
    document.core_properties.created = _MADE
    for name, size in _STYLES.items():
        _dress(document.styles[name], size, is_bold=name != "Normal")
    _page(document)
    for text, style in ((title, "Title"), (subtitle, "Subtitle")):
        if text:
            add(document, text, style).alignment = WD_ALIGN_PARAGRAPH.CENTER
    return document


def add(document: Document, text: str = "", style: str = "Normal") -> Paragraph:
    """Add a paragraph at the end; the library's own way looks through all that is there each time."""
    element = OxmlElement("w:p")
    document.element.body[-1].addprevious(element)  # the last one holds the page's settings
    paragraph = Paragraph(element, document)
    paragraph.style = document.styles[style]
    if text:
        paragraph.add_run(text)
    return paragraph


def _dress(style: ParagraphStyle, size: int, is_bold: bool) -> None:
    properties = style.element.get_or_add_rPr()
    for tag in ("w:rFonts", "w:spacing", "w:kern", "w:i"):
        for element in properties.findall(qn(tag)):
            properties.remove(element)
    style.font.name = FONT
    for script in ("w:eastAsia", "w:cs", "w:hAnsi"):
        properties.rFonts.set(qn(script), FONT)
    style.font.size = Pt(size)
    style.font.bold = is_bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    for border in style.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
    style.paragraph_format.space_before = Pt(6 if is_bold else 0)
    style.paragraph_format.space_after = Pt(3)
    style.paragraph_format.line_spacing = 1.1


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(2)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.different_first_page_header_footer = True  # the first page goes unnumbered
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        run._r.append(element)


def question(document: Document, label: str, stem: str) -> Paragraph:
    """Add a question that stays on one page with what follows; its label is bold."""
    paragraph = add(document)
    paragraph.add_run(f"{label} ").bold = True
    paragraph.add_run(stem)
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before = Pt(6)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    return paragraph


def columns(document: Document, texts: Sequence[str], across: int) -> None:
    """Add texts, `across` of them on a line."""
    for first in range(0, len(texts), across):
        paragraph = add(document, "\t".join(texts[first : first + across]))
        paragraph.paragraph_format.left_indent = _INDENT
        paragraph.paragraph_format.keep_with_next = first + across < len(texts)
        for place in range(1, across):
            paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(1 + place * 15.5 / across))


def small(document: Document, label: str, text: str) -> None:
    """Add a line in smaller letters below a question: "Căn cứ: Điều 4"."""
    paragraph = add(document)
    paragraph.paragraph_format.left_indent = _INDENT
    label_run, run = paragraph.add_run(f"{label}: "), paragraph.add_run(text)
    label_run.italic = True
    for one in (label_run, run):
        one.font.size = Pt(11)


def table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    """Add a ruled table; the first cell of each row is bold, the rest stand in the middle."""
    grid = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for texts in rows:
        for place, (cell, text) in enumerate(zip(grid.add_row().cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).bold = place == 0
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def saved(document: Document) -> bytes:
    """Return the bytes of a document."""
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
