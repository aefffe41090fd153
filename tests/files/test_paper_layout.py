"""How office papers stand on the page in an office suite, which measures for itself: nothing cut or left over."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import load_workbook
from pypdf import PdfReader

from quiz.core.items import BankDraft
from quiz.core.paperwork import Text
from quiz.files.paperwork import certificates, kinds, letters, sheet
from quiz.files.paperwork.kinds import KINDS, Format
from quiz.files.question_workbook import write_question_workbook
from quiz.files.workbook import template
from tests.files.office_samples import ISSUE, LONG, UNBROKEN, figures
from tests.files.test_no_formulas import ranking
from tests.files.test_paperwork import made, sample

WORD = [code for code, kind in KINDS.items() if Format.WORD in kind.formats]
SHEET = [code for code, kind in KINDS.items() if Format.SHEET in kind.formats]
LINE = 15  # points
WHOLE = re.compile(r"\d[\d/.,:]*")  # a day, a number, a time of day: never broken
OF_WORD = 5.4  # points beside the words of a cell where a file says nothing
BORDER = 0.5


def document(code):
    return Document(BytesIO(sample(code, Format.WORD)))


def edge_of(table):
    found = table._tbl.tblPr.find(f"{qn('w:tblCellMar')}/{qn('w:left')}")
    return OF_WORD if found is None else int(found.get(qn("w:w"))) / 20


@pytest.mark.parametrize("code", WORD)
def test_no_heading_and_no_figure_of_a_word_table_is_broken_within(code):
    broken = []
    for table in (one for one in document(code).tables if one.style.name == "Table Grid"):
        for number, row in enumerate(table.rows):
            for cell in row.cells:
                room = cell.width.pt - 2 * edge_of(table) - BORDER
                whole = cell.text.split() if number == 0 else [cell.text] * bool(WHOLE.fullmatch(cell.text))
                broken += [word for word in whole if letters.width(word, 12, bold=number == 0) > room]
    assert broken == []


@pytest.mark.parametrize("code", WORD)
def test_place_and_date_of_a_word_file_stand_on_one_line(code):
    head = document(code).tables[0]
    cell = head.rows[0].cells[1]
    words = "Chiềng Dong, ngày 19 tháng 11 năm 2026"
    assert letters.width(words, 14) < cell.width.pt - 2 * edge_of(head)


@pytest.mark.parametrize("code", WORD)
def test_what_only_word_asks_for_takes_no_room_and_makes_no_page(code):
    found = document(code)
    breaks = [one for one in found.element.iter(qn("w:br")) if one.get(qn("w:type")) == "page"]
    assert breaks == [], "a break within a line leaves a line on the page before"
    last = found.paragraphs[-1]
    idle = [one for one in found.paragraphs if one.paragraph_format.page_break_before]
    if last._p.getprevious().tag == qn("w:tbl"):
        idle.append(last)
    assert [one.text for one in idle if one.paragraph_format.line_spacing not in (Pt(1), Pt(6))] == []


def gap_of(**changes):
    paper = made("participants")
    return certificates._gap(paper, replace(paper.holders[2], **changes))


def test_the_middle_of_a_certificate_fills_its_page_and_no_more():
    assert gap_of() > gap_of(name=LONG * 2) > gap_of(name=LONG * 2, about=LONG * 3) > 0
    assert gap_of(name=LONG * 3, about=LONG * 9) == 0


def test_no_day_in_a_paragraph_of_a_pdf_is_broken_in_two():
    words = tuple(Text(f"{'i ' * count}{'đóng lúc 19:00 ngày 29/11/2026. ' * 6}") for count in range(40))
    data = kinds.written(replace(made("minutes"), blocks=words), Format.PDF)
    told = "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).replace("\u200b", "")
    days = [word for word in told.split() if "/20" in word]
    assert len(days) == 240 and set(days) == {"29/11/2026."}


def test_a_word_longer_than_a_line_of_a_pdf_is_broken_all_the_same():
    data = kinds.written(replace(made("minutes"), blocks=(Text(UNBROKEN * 4),)), Format.PDF)
    told = PdfReader(BytesIO(data)).pages[0].extract_text().replace("\u200b", "").splitlines()
    lines = [line for line in told if "ẠẠ" in line]
    assert len(lines) > 4 and sum(line.count("Ạ") for line in lines) == 240


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 100, 1),
        ("Nam, nữ", 60, 1),
        ("Nam, nữ", 30, 2),
        ("một\nhai", 100, 2),
        ("A" * 20, 8.7, 20),
        (LONG, 180, 2),
    ],
)
def test_lines_are_counted_as_words_stand(text, room, lines):
    assert letters.lines(text, 12, room) == lines


def pages_of(data):
    return load_workbook(BytesIO(data)).worksheets


@pytest.mark.parametrize("code", SHEET)
def test_every_row_of_a_spreadsheet_is_as_high_as_its_longest_cell_needs(code):
    low = []
    for page in pages_of(sample(code, Format.SHEET)):
        across = {merged.min_row for merged in page.merged_cells.ranges}
        for row in (row for row in page.iter_rows() if row[0].row not in across):
            longest = max(
                (cell for cell in row if isinstance(cell.value, str)),
                key=lambda cell: len(cell.value),
                default=None,
            )
            if longest is not None and any(cell.value for cell in row):
                wide = page.column_dimensions[longest.column_letter].width
                needed = LINE * (
                    len(longest.value) / (1.6 * wide)
                )  # no program sets more letters into that width
                high = page.row_dimensions[longest.row].height
                low += [longest.coordinate] if high is None or high < max(LINE, needed) else []
    assert low == []


def test_a_workbook_that_people_print_is_set_on_the_paper_they_have():
    written = [sample(code, Format.SHEET) for code in SHEET]
    written += [template(), ranking(), write_question_workbook(BankDraft("b", "B"))[0]]
    for page in (page for data in written for page in pages_of(data)):
        assert int(page.page_setup.paperSize) == 9, "A4"
        assert page.sheet_properties.pageSetUpPr.fitToPage and not page.page_setup.fitToHeight, page.title


def attendance_of_communes(count=40):
    found = figures(count)
    rounds = tuple(replace(found.rounds[0], name=name, opens_at=None) for name in ("Xã Cò Nòi", "Xã Nà Ớt"))
    return KINDS["attendance"].build(replace(found, rounds=rounds), ISSUE)


def test_each_sheet_of_an_attendance_list_of_several_rounds_says_whose_it_is():
    pages = pages_of(sheet.write(attendance_of_communes()))
    assert [page.title for page in pages] == ["Xã Cò Nòi", "Xã Nà Ớt"]
    assert [[row[0].value for row in page.iter_rows(max_row=5)].count(page.title) for page in pages] == [1, 1]


def test_each_round_of_an_attendance_list_begins_on_its_own_page_and_is_signed_by_its_own_proctors():
    data = kinds.written(attendance_of_communes(), Format.PDF)
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    begun = [number for number, text in enumerate(pages) if "Địa điểm" in text]
    assert begun[0] == 0 < begun[1] and [
        number for number, text in enumerate(pages) if "GIÁM THỊ 1" in text
    ] == [
        begun[1] - 1,
        len(pages) - 1,
    ]
    assert all(name in pages[at] for name, at in zip(("Xã Cò Nòi", "Xã Nà Ớt"), begun, strict=True))
    assert all("Họ và tên" in pages[at] for at in begun), "the table begins below its place"


def test_each_round_of_an_attendance_list_in_word_begins_a_page():
    found = Document(BytesIO(kinds.written(attendance_of_communes(), Format.WORD)))
    assert sum(bool(one.paragraph_format.page_break_before) for one in found.paragraphs) == 1
    signed = [table for table in found.tables if "GIÁM THỊ 1" in table.rows[0].cells[0].text]
    assert len(signed) == 2
