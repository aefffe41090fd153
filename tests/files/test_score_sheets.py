"""Papers of the judged parts: sheets blank and filled, the summary table, the minutes, as the people who sign them read
them."""

from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from quiz.core.judged_figures import Judge, JudgedPart, Marked
from quiz.core.judging import Judging, OnGap, Sheet, part_points
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.paperwork import Points, Span, Text, cell_text
from quiz.core.parts import Part
from quiz.files.paperwork import judging_words, kinds, score_sheets
from quiz.files.paperwork.kinds import Format
from tests.files.judged_samples import DECIDED, PANEL, PARTS, judged_round
from tests.files.office_samples import AT, ISSUE, LONG, NAMES
from tests.files.test_paperwork import plain, text_of

COUNT = 8


def made(code, found=None):
    return kinds.made(code, found or judged_round(COUNT), ISSUE)


def judged():
    return judged_round(COUNT).rounds[0].judged


def rows_of(table):
    """The rows of a table as text, without the lines between sessions."""
    return [[cell_text(cell) for cell in row] for row in table.rows if not isinstance(row, Span)]


def test_every_judge_has_a_sheet_for_every_contestant_and_part():
    papers = made("blank_sheets").papers
    assert len(papers) == len(PARTS) * len(PANEL) * COUNT
    first = text_of(kinds.written(replace(made("blank_sheets"), papers=papers[:2]), Format.PDF), Format.PDF)
    for words in (
        "Vòng chung khảo",
        "Chào hỏi, giới thiệu",
        "Số thăm: 1.",
        "12,00",
        "0,25",
        "Cộng",
        "GIÁM KHẢO",
    ):
        assert words in plain(first)
    assert [row[4] for row in rows_of(papers[0].tables[0])] == ["", ""], "nothing is given yet"


def test_a_seat_nobody_has_yet_gets_a_sheet_without_a_name():
    found = judged_round(3)
    (own,) = found.rounds
    parts = tuple(
        replace(part, performed=tuple(replace(one, panel=PANEL[:2]) for one in part.performed))
        for part in own.judged.parts
    )
    empty = replace(found, rounds=(replace(own, judged=replace(own.judged, parts=parts)),))
    signed = [paper.signatures[1] for paper in made("listed_sheets", empty).papers[:5]]
    assert [one.name for one in signed] == [PANEL[0].name, LONG, "", "", ""]


def test_a_filled_sheet_bears_its_marks_and_what_was_corrected():
    sheet = made("filled_sheets").papers[2 * len(PANEL) + 1]
    marked = judged().parts[0].performed[2].sheets[1]
    table, amended = sheet.tables
    assert [row[4] for row in table.rows] == [Points(points) for points in marked.marks.values()]
    assert table.total[4] == Points(marked.total)
    assert rows_of(amended) == [
        ["Nội dung", "2,00", cell_text(Points(marked.marks["Nội dung"])), "Ghi nhầm 2 thành 12",
         "Cầm Thị Thư, 08:05 ngày 05/02/2023"]
    ]  # fmt: skip


def test_who_was_absent_has_no_sheet_and_no_points():
    assert len(made("filled_sheets").papers) == len(PARTS) * len(PANEL) * (COUNT - 1)
    row = rows_of(made("points").tables[0])[6]
    assert row[1:] == [NAMES[6], "", "", "", "", "", "", "", "vắng", "", "0,00"]


def test_pages_of_sheets_to_hand_out_bear_no_number():
    papers = made("blank_sheets").papers[:3]
    pages = PdfReader(BytesIO(kinds.written(replace(made("blank_sheets"), papers=papers), Format.PDF))).pages
    assert len(pages) == 3 and not [page for page in pages if page.extract_text().lstrip()[:1].isdigit()]


def test_the_summary_shows_every_mark_what_was_dropped_and_how_the_points_came():
    (part, *_), rows = judged().parts, rows_of(made("points").tables[0])
    for one, row in zip(part.performed, rows, strict=True):
        if not one.absent:
            marks = [cell_text(Points(sheet.total, sheet.seat in one.points.dropped)) for sheet in one.sheets]
            counted = sum(sheet.total for sheet in one.sheets if sheet.seat in one.points.counted)
            assert row[2:7] == marks and row[7] == f"{cell_text(Points(counted))} : 3"
            assert row[-1] == cell_text(Points(one.points.points))
    assert rows[3][9:] == ["7:10", "0,25", "17,50"]


def test_the_head_judges_decision_stands_with_its_reason():
    words = [block.text for block in made("points").blocks if DECIDED in getattr(block, "text", "")]
    assert words and "31,50" in words[0]


def test_dropped_marks_stay_numbers_in_the_spreadsheet():
    page = load_workbook(BytesIO(kinds.written(made("points"), Format.SHEET))).worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row if "(" in cell.number_format]
    assert len(cells) == 2 * (COUNT - 1) and all(isinstance(cell.value, int | float) for cell in cells)


def test_the_ranking_adds_up_from_its_parts():
    table = made("points").tables[3]
    for line, row in zip(judged().lines, table.rows, strict=True):
        assert row[0] == line.rank and row[4:8] == (
            *(Points(one.points) for one in line.shares),
            Points(line.points),
        )
        assert sum(one.points for one in line.shares) == line.points
    ties = [row[-1] for row in table.rows if row[-1]]
    assert ties and all("Xử lý tình huống" in words for words in ties)


def test_weights_that_change_points_have_a_column_of_their_own():
    found = judged_round(COUNT)
    (own,) = found.rounds
    lines = tuple(
        replace(
            line, shares=tuple(one._replace(weight=one.weight // 2, adds=one.adds / 3) for one in line.shares)
        )
        for line in own.judged.lines
    )
    other = replace(found, rounds=(replace(own, judged=replace(own.judged, lines=lines)),))
    paper = made("points", other)
    assert [column.title for column in paper.tables[3].columns][5] == "Cộng 10\u00a0%"
    assert any("làm tròn khi in" in getattr(block, "text", "") for block in paper.blocks)


@pytest.mark.parametrize("wanted", [Format.WORD, Format.PDF])
def test_the_minutes_tell_the_draw_absences_corrections_and_the_result(wanted):
    text = plain(text_of(kinds.written(made("judging"), wanted), wanted))
    for words in (
        "“7 4 9”", "2 buổi", "Vì Văn Rút (số thăm 9): Đi công tác", "Hà Văn Mẫu (trưởng ban)",
        "(số thăm 7): Ốm, có giấy của trạm y tế", "7/8 (87,5 %) thí sinh đã thi; 35 phiếu chấm", "Ghi nhầm 2 thành 12",
        "9 phút 00 giây → 7 phút 00 giây", "Bấm dừng muộn", "Rút chữ ký để sửa điểm", DECIDED, "mã kiểm tra 7K4PW2MN",
    ):  # fmt: skip
        assert words in text
    assert "BAN GIÁM KHẢO" in text and "THƯ KÝ" in text


@pytest.mark.parametrize(
    ("agrees", "unsigned", "said"),
    [
        (True, 0, "trùng với bảng xếp hạng công bố lần 2"),
        (False, 0, "KHÁC với"),
        (False, 3, "Còn 3 lượt thi"),
    ],
)
def test_the_summary_says_whether_it_is_what_was_published(agrees, unsigned, said):
    found = judged_round(3)
    (own,) = found.rounds
    other = replace(
        found, rounds=(replace(own, judged=replace(own.judged, agrees=agrees, unsigned=unsigned)),)
    )
    assert said in " ".join(getattr(block, "text", "") for block in made("points", other).blocks)


def test_a_word_file_of_lists_begins_each_on_a_page_of_its_own():
    document = Document(BytesIO(kinds.written(made("listed_sheets"), Format.WORD)))
    breaks = [one for one in document.paragraphs if one.paragraph_format.page_break_before]
    assert len(breaks) == len(PARTS) * len(PANEL) - 1


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (OverTime(), "Quá giờ không trừ điểm."),
        (OverTime(OverTimeRule.STEPS), "Quá giờ từ 1 giây trừ 0,25 điểm; từ 1 phút trừ 0,50 điểm."),
        (OverTime(OverTimeRule.STEPS, ((90, 50),)), "Quá giờ từ 1 phút 30 giây trừ 0,50 điểm."),
        (OverTime(OverTimeRule.PER_MINUTE), "Mỗi phút quá giờ trừ 1,00 điểm."),
        (OverTime(OverTimeRule.CUT_OFF), "Hết giờ thì dừng; phần nói sau đó không chấm."),
    ],
)
def test_what_going_over_time_costs_is_said_on_the_sheet(rule, words):
    assert judging_words.over_time_text(rule) == words


def test_a_round_without_judges_has_no_such_papers():
    offered = kinds.kinds_for(is_stage=False)
    assert not [code for code, kind in offered.items() if kind.of_judges]
    assert {"order", "blank_sheets", "points", "judging"} <= kinds.kinds_for(False, has_judges=True).keys()
    assert "bỏ một điểm cao nhất" in judging_words.averaging_text(PARTS[0].judging)
    assert "trung bình cộng các phiếu," in judging_words.averaging_text(Judging())
    assert score_sheets.order(judged_round(3), ISSUE).tables[0].tall


def test_the_running_order_tells_how_anybody_repeats_the_draw():
    order = score_sheets.order(judged_round(3), ISSUE)
    told = " ".join(block.text for block in order.blocks if isinstance(block, Text))
    first = judged_round(3).rounds[0].judged.order[0]
    assert f"“7 4 9:{first.group}:{first.entry}”" in told and f"{first.drawn} – {first.entry};" in told


@pytest.mark.parametrize(("performed", "paper"), [(8, False), (3, True), (0, True)])
def test_the_report_says_how_many_stood_before_judges(performed, paper):
    found = judged_round(COUNT)
    (own,) = found.rounds
    other = replace(found, rounds=(replace(own, performed=performed, on_paper=0, late=0),))
    said = " ".join(getattr(block, "text", "") for block in made("report", other).blocks)
    assert (f"trước Ban Giám khảo: {performed}/8" in said) == bool(performed)
    assert ("làm bài trên giấy" in said) == paper


def written_work():
    """Two markers thirty points apart, a third who decides, and somebody on whom the two agree."""
    judging = Judging(judges=2, gap=2000, on_gap=OnGap.THIRD)
    part = Part("Bài viết", max_points=10000, judging=judging)
    panel = tuple(
        Judge(seat, name) for seat, name in enumerate(("Hà Văn Một", "Lò Thị Hai", "Vì Văn Ba"), start=1)
    )

    def one(entry, *given):
        sheets = tuple(
            Marked(seat, panel[seat - 1].name, {part.name: points}, "", AT) for seat, points in given
        )
        points = part_points(judging, [Sheet(*mark) for mark in given], None, 0)
        return replace(
            judged().parts[0].performed[entry],
            panel=panel,
            used=None,
            sheets=sheets,
            points=points,
            absent="",
        )

    apart, agreed = one(0, (1, 8000), (2, 5000), (3, 6850)), one(1, (1, 8000), (2, 7650))
    found = judged_round(COUNT)
    (own,) = found.rounds
    figures = replace(own.judged, parts=(JudgedPart(part, (apart, agreed)),), lines=())
    return replace(found, rounds=(replace(own, judged=figures),))


def test_papers_say_whose_marking_the_points_of_written_work_are():
    table = made("points", written_work())
    rows = rows_of(table.tables[0])
    assert rows[0][2:7] == ["(80,00)", "(50,00)", "68,50", "68,50 : 1", "68,50"]
    assert rows[1][2:7] == ["80,00", "76,50", "", "156,50 : 2", "78,25"]
    words = " ".join(block.text for block in table.blocks if isinstance(block, Text))
    assert "3. Vì Văn Ba (chấm lần ba)" in words
    assert "hai phiếu chênh nhau từ 20,00 điểm thì chấm lần ba và lấy điểm của lần chấm ấy" in words
    assert "trừ điểm quá giờ" not in words, "nobody times what is written"
    told = "hai phiếu chênh nhau 30,00 điểm; lấy điểm chấm lần ba, 68,50 điểm."
    minutes = made("judging", written_work())
    course = [block for block in minutes.blocks if isinstance(block, Text)]
    assert not [block for block in course if "quá giờ" in block.text], "nobody times what is written"
    assert [block.lead for block in course if told in block.text] == ["Bài viết."]
    assert [told in " ".join(b.text for b in paper.blocks if isinstance(b, Text)) for paper in (table, minutes)] == [
        True, True,
    ]  # fmt: skip


def test_the_sheet_of_a_third_marking_says_so():
    papers = made("filled_sheets", written_work()).papers
    said = [
        next(b.text for b in paper.blocks if isinstance(b, Text) and b.lead == "Giám khảo:")
        for paper in papers
    ]
    assert [("chấm lần ba" in words) for words in said] == [False, False, True, False, False]
    assert papers[2].signatures[1].position == "Ghế số 3, chấm lần ba"
