"""Small builders of Word and Excel files of questions that nobody should open: each returns the bytes of one file."""

import random
import zipfile

from quiz.files.question_sheets import DOCUMENTS, POINTS, QUESTION_SHEET, QUESTIONS, TOPICS
from tests.files.hostile import (
    PACKAGE,
    PLAIN,
    book,
    cell,
    links,
    packed,
    row,
    sheet,
)

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
W = f'xmlns:w="{WORD}"'
OPTIONS = ("A. một", "B. hai", "C. ba")
GOOD = ("Câu 1. Đâu?", *OPTIONS, "Đáp án: B")
HEADINGS = [QUESTION_SHEET.heading(column) for column in QUESTION_SHEET.columns]
GOOD_ROW = ["C1", "", "", "", "", "", "", "", "Đâu?", "một", "hai", "ba", "", "", "", "B"]


# Word


def run(text: str, look: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{look}</w:rPr>" if look else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{run(text)}</w:p>"


def lines(*texts: str) -> str:
    return "".join(map(paragraph, texts))


SOUND = lines(*GOOD)


def body(content: str) -> str:
    return f"{PLAIN}<w:document {W}><w:body>{content}<w:sectPr/></w:body></w:document>"


def word_parts(content: str = SOUND, more: dict[str, str | bytes] | None = None) -> dict[str, str | bytes]:
    """Return the parts of a small sound document, with other content for some of them."""
    sound: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{PLAIN}<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": links(("d", "officeDocument", "word/document.xml")),
        "word/document.xml": body(content),
        "word/_rels/document.xml.rels": links(
            ("s", "styles", "styles.xml"), ("n", "numbering", "numbering.xml")
        ),
        "word/styles.xml": f"{PLAIN}<w:styles {W}/>",
        "word/numbering.xml": f"{PLAIN}<w:numbering {W}/>",
    }
    return sound | (more or {})


def word(content: str = SOUND, more: dict[str, str | bytes] | None = None) -> bytes:
    return packed(word_parts(content, more))


def stored(content: str) -> bytes:
    """Return a document whose parts are not packed, so that no ratio gives it away."""
    return packed(word_parts(content), zipfile.ZIP_STORED)


def document_part(part: str | bytes) -> bytes:
    return word(more={"word/document.xml": part})


def styled(styles: str, content: str = SOUND) -> bytes:
    return word(content, {"word/styles.xml": f"{PLAIN}<w:styles {W}>{styles}</w:styles>"})


def numbered(numbering: str, content: str) -> bytes:
    return word(content, {"word/numbering.xml": f"{PLAIN}<w:numbering {W}>{numbering}</w:numbering>"})


def listed(text: str, level: object = 0, list_id: object = 1) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def one_list(form: str, start: object = 1, text: str = "%1.") -> str:
    level = f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
    return (
        f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )


def circle_of_styles() -> bytes:
    return styled(
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="a"/><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="b"/><w:basedOn w:val="a"/></w:style>',
        paragraph(GOOD[0], '<w:pStyle w:val="a"/>') + lines(*GOOD[1:]),
    )


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{cells}</w:tr>' for cells in rows)}</w:tbl>"


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{content or '<w:p/>'}</w:tc>"


def tables_inside_each_other(depth: int) -> bytes:
    content = lines(*GOOD)
    for _ in range(depth):
        content = table(tc(content))
    return word(content)


def wrapped(depth: int) -> bytes:
    """Return a document whose question stands inside many content controls."""
    return word("<w:sdt><w:sdtContent>" * depth + SOUND + "</w:sdtContent></w:sdt>" * depth)


def noise(letters: int) -> str:
    """Return text that does not pack, so that no ratio gives it away."""
    return random.Random(1).randbytes(letters // 2).hex()


def text_box() -> bytes:
    box = (
        f"<w:r><w:pict><w:txbxContent>{lines('Câu 2. Trong khung?', *OPTIONS)}</w:txbxContent></w:pict></w:r>"
    )
    return word(f"<w:p>{run(GOOD[0])}{box}</w:p>" + lines(*GOOD[1:]))


def picture() -> bytes:
    size = '<wp:extent xmlns:wp="w" cx="99999999999" cy="99999999999"/>'
    return word(f"<w:p>{run(GOOD[0])}<w:r><w:drawing>{size}</w:drawing></w:r></w:p>" + lines(*GOOD[1:]))


def program_in_a_field() -> bytes:
    code = "<w:r><w:instrText>DDEAUTO c:\\\\windows\\\\cmd.exe /k calc</w:instrText></w:r>"
    begin, end = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )
    return word(f"<w:p>{begin}{code}{end}{run(GOOD[0])}</w:p>" + lines(*GOOD[1:]))


def field_that_never_ends() -> bytes:
    return word(f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{run(GOOD[0])}</w:p>' + lines(*GOOD[1:]))


def many_runs(count: int) -> bytes:
    return stored(f"<w:p>{run('Câu 1. Đâu?')}{run('x') * count}</w:p>" + lines(*GOOD[1:]))


def long_line(begin: str, piece: str, times: int, end: str = "") -> str:
    """Return a paragraph of many runs of the same words."""
    return f"<w:p>{run(begin)}{run(piece) * times}{run(end)}</w:p>"


def questions(count: int) -> str:
    return "".join(lines(f"Câu {n}. Đâu {n}?", *OPTIONS, "Đáp án: B") for n in range(1, count + 1))


# Excel


def excel_parts(
    rows: str = "", more: dict[str, str | bytes] | None = None, **options: str
) -> dict[str, str | bytes]:
    """Return the parts of a small sound workbook of questions, with other rows or other parts."""
    titles = (QUESTIONS, POINTS, TOPICS, DOCUMENTS)
    sound: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{PLAIN}<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": links(("w", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book(titles=titles[:1]),
        "xl/_rels/workbook.xml.rels": links(("s1", "worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": sheet(row(HEADINGS, 1) + (rows or row(GOOD_ROW, 2)), **options),
    }
    return sound | (more or {})


def excel(rows: str = "", more: dict[str, str | bytes] | None = None, **options: str) -> bytes:
    return packed(excel_parts(rows, more, **options))


def excel_stored(rows: str) -> bytes:
    return packed(excel_parts(rows), zipfile.ZIP_STORED)


def excel_cell(column: str, inner: str, kind: str = "n", style: int = 0) -> bytes:
    """Return a workbook whose second row has this raw cell beside a sound first one."""
    place = f'<c r="{column}3" t="{kind}" s="{style}">{inner}</c>'
    return excel(row(GOOD_ROW, 2) + f'<row r="3">{cell("Đâu nữa?", "I3")}{place}</row>')
