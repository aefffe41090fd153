"""Office papers: their figures in all three kinds of file, names as they are, the same bytes, nothing that runs."""

import re
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader

from quiz.core.awards import BoardAct
from quiz.core.errors import RuleBroken
from quiz.core.figures import KeyedPaper, Ruled, UnitTally
from quiz.core.offices import Needs
from quiz.core.paperwork import Percent, Points, Span, Table, Text, share_text
from quiz.core.participation import Tally
from quiz.core.people import AbsenceReason
from quiz.core.prizes import Kind
from quiz.core.ranking import Comparison, TieBreak
from quiz.files.paperwork import kinds, results
from quiz.files.paperwork.kinds import KINDS, Format
from tests.files import archival
from tests.files.judged_samples import judged_round
from tests.files.office_samples import AT, ISSUE, LONG, NAMES, figures

KEYED = (
    KeyedPaper("AAAAA00001", LONG, "chi bộ Bản số 0", ("A", "B,D", "A/C", "*", "–") * 6),
    KeyedPaper("BBBBB00002", "=cmd|' /C calc'!A0", "chi bộ Bản số 1", ("D",) * 30),
)
FILES = [(code, wanted) for code, kind in KINDS.items() for wanted in kind.formats]
NAMED = ["contestants", "attendance", "ranking", "participants", "order", "listed_sheets", "points"]
FORMS = {"attendance", "blank_sheets", "listed_sheets", "filled_sheets"}  # signed by others than the office
REST = {"ranking": 22, "participants": 22}


def made(code, found=None, issue=ISSUE):
    return kinds.made(code, found or (judged_round(8) if KINDS[code].of_judges else figures()), issue, KEYED)


def file(code, wanted, found=None):
    return kinds.written(made(code, found), wanted)


@cache
def sample(code, wanted):
    """A paper of the sample figures, written once for all that is asked about it."""
    return file(code, wanted)


def plain(text):
    """Words as they are read: composed, without what only helps long words to break, single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\u200b", "").split())


def squeezed(text):
    return plain(text).replace(" ", "")


def text_of(data, wanted):
    if wanted is Format.PDF:
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    if wanted is Format.SHEET:
        book = load_workbook(BytesIO(data))
        cells = (cell.value for page in book for row in page.iter_rows() for cell in row)
        return "\n".join(str(value) for value in cells if value is not None)
    document = Document(BytesIO(data))
    parts = [paragraph.text for paragraph in document.paragraphs]
    parts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(parts)


@pytest.mark.long
@pytest.mark.parametrize(("code", "wanted"), FILES)
def test_the_same_figures_give_the_same_bytes(code, wanted):
    first, again = sample(code, wanted), file(code, wanted)
    assert first == again
    later = kinds.written(made(code, issue=replace(ISSUE, made_at=AT + 60_000)), wanted)
    assert later != first, "the paper is dated by its issue alone"


@pytest.mark.parametrize("code", [
    pytest.param(code, marks=pytest.mark.long if code in FORMS else ())
    for code, wanted in FILES if wanted is Format.PDF
])  # fmt: skip
def test_a_paper_to_be_signed_is_fit_for_the_archive(code):
    assert archival.faults(sample(code, Format.PDF)) == []


@pytest.mark.parametrize(("code", "wanted"), [one for one in FILES if one[0] in NAMED])
def test_every_name_stands_on_the_paper_as_it_is(code, wanted):
    text = squeezed(text_of(sample(code, wanted), wanted))
    for name in NAMES:
        assert squeezed(name) in text


@pytest.mark.parametrize(("code", "wanted"), FILES)
def test_a_paper_says_who_issues_it_and_who_signs(code, wanted):
    text = plain(text_of(sample(code, wanted), wanted))
    if wanted is not Format.SHEET:
        for words in (
            "ĐẢNG BỘ HUYỆN MAI SƠN",
            "BAN TỔ CHỨC HỘI THI",
            "ĐẢNG CỘNG SẢN VIỆT NAM",
            "Mai Sơn, ngày 28",
        ):
            assert words in text
        if code not in FORMS:
            assert all(words in text for words in ("T/M BAN TỔ CHỨC", "TRƯỞNG BAN", "Hà Văn Mẫu"))
    assert "Hội thi Bí thư chi bộ giỏi huyện Mai Sơn năm 2023" in text


@pytest.mark.parametrize(
    ("code", "sign"), [("report", "BC"), ("minutes", "BB"), ("judging", "BB"), ("decision", "QĐ")]
)
@pytest.mark.parametrize("wanted", [Format.WORD, Format.PDF])
def test_numbered_papers_bear_their_number_and_sign(code, sign, wanted):
    assert f"Số 12-{sign}/BTC" in plain(text_of(sample(code, wanted), wanted))


def told(code, found):
    """The words of the paragraphs of a paper."""
    return " ".join(block.text for block in made(code, found).blocks if isinstance(block, Text))


EMPTY = replace(figures().rounds[0].published, lines=())


@pytest.mark.parametrize(
    ("came", "published", "words"),
    [
        (False, None, "Chưa có ai dự thi khi lập báo cáo này."),
        (True, None, "Kết quả chưa được công bố khi lập báo cáo này."),
        (True, EMPTY, "Không có ai được xếp hạng trong kết quả đã công bố."),
    ],
)
def test_a_report_without_results_says_why_there_are_none(came, published, words):
    found = figures()
    people = tuple(replace(one, took_part=came) for one in found.contestants)
    one = replace(found.rounds[0], contestants=people, published=published, won=(), sent=())
    assert words in told("report", replace(found, rounds=(one,)))


@pytest.mark.parametrize("has_prizes", [True, False])
def test_only_where_prizes_are_set_their_list_is_said_to_be_open(has_prizes):
    found = figures()
    bare = replace(found, rounds=(replace(found.rounds[0], won=(), has_prizes=has_prizes),))
    open_list = "Danh sách giải chưa được chốt"
    assert [open_list in told(code, bare) for code in ("report", "decision")] == [has_prizes] * 2
    assert ("Thể lệ không đặt giải thưởng." in told("report", bare)) is not has_prizes
    assert "Khen thưởng ...." in told("decision", bare), "the board may reward whom it likes"


def test_minutes_of_a_round_in_whose_ranking_nobody_is_left_are_made():
    found = figures()
    one = replace(found.rounds[0], published=EMPTY, won=(), sent=())
    assert "Không có ai được xếp hạng trong kết quả đã công bố." in told(
        "minutes", replace(found, rounds=(one,))
    )


def test_a_draft_decision_counts_no_prizes_before_their_list_is_closed():
    found = figures()
    words = told("decision", replace(found, rounds=(replace(found.rounds[0], won=()),)))
    assert "0 lượt" not in words and "kèm theo" not in words
    assert "Danh sách giải chưa được chốt khi lập dự thảo này." in words
    assert "6 lượt cá nhân và 1 tập thể đạt giải (có danh sách kèm theo)" in told("decision", found)


def tied():
    """Figures in which the first two have equal points, told apart by harder questions."""
    found = figures()
    published = found.rounds[0].published
    first, second, *rest = published.lines
    compared = (
        (Comparison(TieBreak.APPLY_POINTS, 1_200, 0, 1),),
        (Comparison(TieBreak.APPLY_POINTS, 900, 1, 0),),
    )
    pair = (
        replace(one, points=2_950, compared=why) for one, why in zip((first, second), compared, strict=True)
    )
    one = replace(found.rounds[0], published=replace(published, lines=(*pair, *rest)))
    return replace(found, rounds=(one,))


@pytest.mark.parametrize("wanted", list(Format))
def test_a_ranking_says_what_told_equal_points_apart(wanted):
    words = squeezed(text_of(file("ranking", wanted, tied()), wanted))
    assert all(squeezed(one) in words for one in ("điểm câu vận dụng 12,00", "điểm câu vận dụng 9,00"))


def test_a_ranking_without_equal_points_has_no_column_for_them():
    assert "Bằng điểm thì xét" not in [column.title for column in made("ranking").tables[0].columns]


def test_a_sheet_of_a_ranking_says_of_which_round_and_edition_it_is():
    found = figures()
    several = replace(found, rounds=(found.rounds[0], replace(found.rounds[0], name="Vòng thứ hai")))
    for one, names in ((found, ["Bảng xếp hạng"]), (several, ["Vòng chung khảo", "Vòng thứ hai"])):
        book = load_workbook(BytesIO(file("ranking", Format.SHEET, one)))
        assert book.sheetnames == names
        assert all("công bố lần 2" in text_of_sheet(page) for page in book)


def text_of_sheet(page):
    return " ".join(str(cell.value) for row in page.iter_rows() for cell in row)


def test_a_draft_is_marked_as_one():
    for wanted in KINDS["decision"].formats:
        assert "DỰ THẢO" in text_of(sample("decision", wanted), wanted)


@pytest.mark.parametrize("wanted", [Format.WORD, Format.PDF])
def test_the_report_has_every_figure_with_its_denominator(wanted):
    text = plain(text_of(sample("report", wanted), wanted))
    for words in (
        "Số vòng thi đã tổ chức: 22/22 (100,0 %)",
        "262/264 (99,2 %)",
        "Chi bộ có thí sinh: 48/56 (85,7 %)",
        "7/56 (12,5 %)",
        "1/56 (1,8 %)",
        "ốm đau 4",
        "từ 49 đến 73",
        "sinh ngày 01/01/1950, 73 tuổi",
        "Thí sinh làm bài trên giấy: 2/22 (9,1 %)",
        "Điểm cao nhất 29,75",
        "Kính gửi: Ban Tổ chức Tỉnh ủy Sơn La",
    ):
        assert words in text
    assert squeezed(LONG) in squeezed(text)


def test_the_minutes_say_how_many_papers_were_struck_out_where_any_was():
    found = figures()
    words = "Bài thi bị hủy, không được xếp hạng: "
    told = [block.text for block in KINDS["minutes"].build(found, ISSUE).blocks if isinstance(block, Text)]
    assert not any(words in text for text in told)
    struck = replace(found, rounds=(replace(found.rounds[0], voided=2),))
    told = [block.text for block in KINDS["minutes"].build(struck, ISSUE).blocks if isinstance(block, Text)]
    assert f"{words}2." in told


def test_the_minutes_say_of_how_many_entered_so_many_have_a_result():
    found = figures().rounds[0]
    told = " ".join(block.text for block in made("minutes").blocks if isinstance(block, Text))
    ranked, entered = len(found.published.lines), len(found.contestants)
    assert f"Số thí sinh có kết quả: {share_text(ranked, entered)} số đăng ký;" in told


def corrected():
    """The sample figures after a correction: the first of those sent on was third when that was decided."""
    found = figures()
    (one,) = found.rounds
    sent = (replace(one.sent[0], earned=(1, 3, 2_900)), *one.sent[1:])
    newer = replace(one.published, replaces=(1, "Điều 4 ghi khác đáp án đã in."))
    return replace(found, rounds=(replace(one, published=newer, sent=sent),))


@pytest.mark.parametrize("code", ["ranking", "minutes", "decision", "report"])
def test_a_paper_says_which_edition_its_figures_replace_and_why(code):
    words = "công bố lần 2{}, thay cho lần 1 (lý do: Điều 4 ghi khác đáp án đã in)"
    at = " lúc 18:00 ngày 05/02/2023" if code == "ranking" else ""
    assert words.format(at) in told(code, corrected())
    assert "thay cho lần" not in told(code, figures())


@pytest.mark.parametrize("code", ["minutes", "report"])
def test_who_went_on_by_figures_that_were_corrected_since_is_told_with_both(code):
    words = "được cử theo kết quả công bố lần 1 (hạng 3; 29,00 điểm), trước khi kết quả được sửa."
    assert f"{corrected().rounds[0].sent[0].name} {words}" in told(code, corrected())
    assert words not in told(code, figures())


def test_every_percentage_of_the_papers_has_its_numbers_beside_it():
    for code in ("report", "minutes", "participation", "summary", "contestants", "judging"):
        for block in made(code).blocks:
            if isinstance(block, Table):
                rows = [row for row in (*block.rows, block.total) if isinstance(row, tuple)]
                for row in rows:
                    shares = [cell for cell in row if isinstance(cell, Percent)]
                    assert all({share.part, share.whole} <= set(row) for share in shares)
            else:
                words = getattr(block, "text", "")
                assert len(re.findall(r"%", words)) == len(
                    re.findall(r"\d/\d[\d.]*\u00a0\([\d.,]+\u00a0%\)", words)
                )


def test_the_last_row_of_a_table_is_the_sum_of_those_above():
    for code in ("participation", "summary"):
        (table,) = made(code).tables
        for column, cells in enumerate(zip(*table.rows, strict=True)):
            if column and all(isinstance(cell, int) for cell in cells):
                assert table.total[column] == sum(cells)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("contestants", "Danh sách có 1.200 thí sinh;"),
        ("contestants", "Xã rất đông: 1.199 người"),
        ("attendance", "Có mặt: ........./1.200."),
        ("participation", "số thí sinh: 3.020. "),
        ("participation", "gồm: ốm đau 1.004."),
        ("report", "Các số dưới đây tính trên 1.080 thí sinh"),
    ],
)
def test_sentences_of_a_large_contest_write_thousands_as_its_tables_do(code, said):
    blocks = made(code, crowded()).blocks
    rows = (row for block in blocks if isinstance(block, Table) for row in block.rows)
    words = [part.text for part in (*blocks, *rows) if isinstance(part, Text | Span)]
    assert said in " ".join(words) + " "


def crowded():
    """Return figures of 1,200 contestants, all but one of one commune."""
    found = figures(1_200)
    first, *others = found.rounds[0].contestants
    people = (first, *(replace(one, unit="xã rất đông") for one in others))
    units = (UnitTally("xã rất đông", Tally(4_100, 3_020, 3_020, Counter({AbsenceReason.ILLNESS: 1_004}))),)
    return replace(found, rounds=(replace(found.rounds[0], contestants=people),), units=units)


@pytest.mark.parametrize("wanted", list(Format))
@pytest.mark.parametrize("code", ["participation", "report"])
def test_what_counts_the_cells_of_the_first_level_says_so_at_a_later_one(code, wanted):
    if wanted not in KINDS[code].formats:
        return
    first, later = (
        file(code, wanted, replace(figures(), entry_stage=name)) for name in ("Cấp huyện", "Cấp cơ sở")
    )
    assert "ở Cấp cơ sở" in plain(text_of(later, wanted))
    assert "ở Cấp huyện" not in plain(text_of(first, wanted)), "the title says it already"


def test_participation_counts_as_the_tallies_do():
    (table,) = made("participation").tables
    found = figures()
    assert table.total[2:6] == (56, 48, Percent(48, 56), 48)
    assert table.total[6:-1] == tuple(found.tally.reasons[reason] for reason in AbsenceReason)
    assert table.total[-1] == found.tally.missing == 1


def test_a_spreadsheet_holds_numbers_as_numbers_and_days_as_days():
    page = load_workbook(BytesIO(sample("ranking", Format.SHEET))).worksheets[0]
    points = [cell for row in page.iter_rows() for cell in row if cell.value == 29.75]
    assert [cell.number_format for cell in points] == ["#,##0.00"]
    page = load_workbook(BytesIO(sample("contestants", Format.SHEET))).worksheets[0]
    days = [cell.value for row in page.iter_rows() for cell in row if isinstance(cell.value, datetime)]
    assert len(days) == len(figures().contestants)


def test_a_sheet_is_named_after_its_table_or_the_paper():
    names = {
        code: load_workbook(BytesIO(sample(code, Format.SHEET))).sheetnames for code in ("ranking", "points")
    }
    assert names["ranking"] == ["Bảng xếp hạng"]
    assert names["points"][-2:] == ["Kết quả chung", "Các giám khảo ký tên"]
    assert not [name for name in names["points"] if "(" in name]


@pytest.mark.parametrize("code", [code for code, kind in KINDS.items() if Format.SHEET in kind.formats])
def test_nothing_in_a_spreadsheet_is_a_formula_or_a_link(code):
    data = sample(code, Format.SHEET)
    for page in load_workbook(BytesIO(data)):
        assert not [
            cell for row in page.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink
        ]
    with ZipFile(BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]


def test_parts_of_a_word_file_carry_no_time_and_stand_in_the_order_word_insists_on():
    for code in ("report", "participants"):
        data = sample(code, Format.WORD)
        with ZipFile(BytesIO(data)) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        section = Document(BytesIO(data)).sections[0]._sectPr
        order = [
            "headerReference",
            "footerReference",
            "type",
            "pgSz",
            "pgMar",
            "pgBorders",
            "cols",
            "titlePg",
            "docGrid",
        ]
        places = [order.index(child.tag.split("}")[1]) for child in section]
        assert places == sorted(places)


def test_certificates_are_one_a_page():
    for count in (1, 9, 40):
        pages = PdfReader(BytesIO(file("participants", Format.PDF, figures(count)))).pages
        assert len(pages) == len(figures(count).sat)
        assert all(float(page.mediabox.width) > float(page.mediabox.height) for page in pages)


@pytest.mark.parametrize("wanted", [Format.PDF, Format.WORD])
def test_who_waits_for_certificates_is_told_how_many_before_the_first_and_after_the_last(wanted):
    told = []
    kinds.written(made("participants", figures(9)), wanted, lambda done, count: told.append((done, count)))
    count = len(figures(9).sat)
    assert (told[0], told[-1]) == ((0, count), (count, count))


def test_a_certificate_names_holder_prize_and_decision():
    pages = PdfReader(BytesIO(sample("prizes", Format.PDF))).pages
    first = plain(pages[0].extract_text())
    for words in (
        "GIẤY CHỨNG NHẬN",
        "Chứng nhận đồng chí",
        "Đạt giải nhất",
        "Quyết định số 12-QĐ/BTC",
        "Vào sổ số: 1",
    ):
        assert words in first
    assert squeezed(LONG) in squeezed(first)
    last = plain(pages[-1].extract_text())
    assert "Chứng nhận tập thể" in last and "Xã Cò Nòi" in last


def test_keys_stand_under_the_code_of_each_paper():
    for wanted in Format:
        text = plain(text_of(sample("keys", wanted), wanted))
        assert "AAAAA-00001" in text and "BBBBB-00002" in text and "B,D" in text and "A/C" in text


@pytest.mark.parametrize("code", list(KINDS))
def test_a_paper_whose_matter_is_missing_is_refused_in_words(code):
    nothing = replace(figures(), rounds=tuple(replace(found, contestants=(), published=None, won=())
                                              for found in figures().rounds))  # fmt: skip
    if KINDS[code].needs is Needs.NOTHING:
        assert kinds.written(kinds.made(code, nothing, ISSUE), KINDS[code].formats[0])
        return
    with pytest.raises(RuleBroken):
        kinds.made(code, nothing, ISSUE)


@pytest.mark.parametrize(("points", "mean"), [([2_000], 2_000), ([1, 2], 2), ([1, 1, 2], 1), ([0, 0, 0], 0)])
def test_a_mean_is_rounded_half_up(points, mean):
    assert results.mean(points) == mean


def test_the_summary_has_highest_mean_and_first():
    (table,) = made("summary").tables
    row = table.rows[0]
    points = [line.points for line in figures().rounds[0].published.lines]
    assert row[5:7] == (Points(max(points)), Points(results.mean(points)))
    assert LONG in row[7]


def word_by_word(data):
    """The words of a Word file in the order in which they stand, in tables and out of them."""
    return " ".join(node.text or "" for node in Document(BytesIO(data)).element.body.iter(qn("w:t")))


def signed_pages(data):
    """The words of each page of a PDF, and which page bears the signature."""
    pages = [squeezed(page.extract_text()) for page in PdfReader(BytesIO(data)).pages]
    return pages, next(number for number, words in enumerate(pages) if "TRƯỞNGBAN" in words)


@pytest.mark.parametrize("count", range(15, 27))
def test_whoever_signs_below_a_table_has_two_of_its_rows_and_its_heading_on_the_page(count):
    found = figures(count)
    pages, signed = signed_pages(file("ranking", Format.PDF, found))
    last_two = [squeezed(line.name) for line in found.rounds[0].published.lines[-2:]]
    assert all(name in pages[signed] for name in last_two) and "Họvàtên" in pages[signed]


@pytest.mark.parametrize("count", range(10, 22))
def test_so_has_whoever_signs_below_a_sentence_behind_a_table(count):
    found = figures(count)
    pages = [
        squeezed(page.extract_text())
        for page in PdfReader(BytesIO(file("attendance", Format.PDF, found))).pages
    ]
    (signed,) = [words for words in pages if "GIÁMTHỊ1" in words]
    people = found.rounds[0].contestants
    last_two = [squeezed(one.name) for one in people if one.unit == people[1].unit][
        -2:
    ]  # the second unit's stand last
    assert all(name in signed for name in last_two) and "Họvàtên" in signed and "Cómặt:" in signed


@pytest.mark.parametrize("code", ["ranking", "attendance"])
def test_in_word_the_last_rows_of_a_table_stay_with_who_signs(code):
    table = Document(BytesIO(sample(code, Format.WORD))).tables[1]
    kept = [
        all(one.paragraph_format.keep_with_next for cell in row.cells for one in cell.paragraphs)
        for row in table.rows
    ]
    assert kept[-2:] == [True, True] and not any(kept[-6:-2])


@pytest.mark.parametrize("wanted", [Format.WORD, Format.PDF])
def test_the_list_of_a_decision_follows_its_signature(wanted):
    data = sample("decision", wanted)
    text = squeezed(word_by_word(data) if wanted is Format.WORD else text_of(data, wanted))
    signed, listed = text.index(squeezed("Hà Văn Mẫu")), text.index(squeezed("DANH SÁCH KHEN THƯỞNG"))
    assert signed < listed
    assert squeezed("Kèm theo Quyết định số 12-QĐ/BTC, ngày 28 tháng 02 năm 2023") in text[listed:]
    assert squeezed("Số giải đã trao: 7, gồm Nhất: 1; Nhì: 2; Ba: 2") in text[:signed]


@pytest.mark.parametrize("code", ["decision", "minutes", "report"])
def test_a_prize_of_a_group_is_named_with_it(code):
    found = figures()
    (own,) = found.rounds
    won = tuple(replace(one, scope="Khối cơ quan") if one.kind is Kind.MAIN else one for one in own.won)
    grouped = replace(found, rounds=(replace(own, won=won),))
    assert squeezed("Nhất, Khối cơ quan") in squeezed(text_of(file(code, Format.PDF, grouped), Format.PDF))
    assert made("prizes", grouped).holders[0].reason == "Đạt giải nhất, Khối cơ quan"


def test_minutes_keep_what_the_board_decided_about_prizes():
    found = figures()
    (own,) = found.rounds
    ruled = (
        Ruled(BoardAct.SETTLE, "Giải nhất", "Khối cơ quan", 0, ("Lò Văn A", "Lò Văn B"), "biên bản số 5"),
        Ruled(BoardAct.WITHHOLD, "Giải ba", "", 1, (), "chưa đạt"),
        Ruled(BoardAct.GIVE, "Giải phụ", "", 0, ("Lò Văn C",), "biên bản số 6"),
        Ruled(BoardAct.PASS_OVER, "", "", 0, ("Lò Văn D",), "xin rút"),
    )
    told = squeezed(
        text_of(file("minutes", Format.PDF, replace(found, rounds=(replace(own, ruled=ruled),))), Format.PDF)
    )
    for words in (
        "bằng nhau ở ranh giới Giải nhất, Khối cơ quan, trao cho Lò Văn A, Lò Văn B. Lý do: biên bản số 5",
        "không trao 1 giải (Giải ba). Lý do: chưa đạt.",
        "trao thêm Giải phụ cho Lò Văn C. Lý do: biên bản số 6",
        "không xét giải cho Lò Văn D. Lý do: xin rút",
    ):
        assert squeezed(words) in told


def test_minutes_list_every_grant_of_time_with_its_reason_whether_an_incident_is_its_cause_or_not():
    told = squeezed(text_of(sample("minutes", Format.PDF), Format.PDF))
    assert squeezed("Các lần cho thêm giờ làm bài") in told
    assert squeezed("Mất điện 14 phút (sự cố số 1)") in told
    assert squeezed("Giám thị đổi máy cho thí sinh") in told
    found = figures()
    none = replace(found, rounds=(replace(found.rounds[0], given=()),))
    assert squeezed("cho thêm giờ") not in squeezed(text_of(file("minutes", Format.PDF, none), Format.PDF))


def test_no_line_begins_with_the_stop_behind_a_code():
    lines = tuple(Text(f"{'i ' * count}{'Mã 7K4PW2MN. ' * 12}") for count in range(1, 40))
    pages = PdfReader(BytesIO(kinds.written(replace(made("minutes"), blocks=lines), Format.PDF))).pages
    words = [
        line.replace("\u200b", "").strip() for page in pages for line in page.extract_text().splitlines()
    ]
    assert not [line for line in words if line.startswith(".")]


@pytest.mark.parametrize("code", ["minutes", "report"])
def test_a_reserve_who_goes_on_is_told_with_whom_they_replace(code):
    found = figures()
    (own,) = found.rounds
    first, *others = (replace(one, scope="Khối cơ quan") for one in own.sent)
    sent = (
        replace(first, in_place_of=(("Lò Văn Rút", "ốm, có đơn."), ("Lò Văn Trước", "đi công tác"))),
        *others,
    )
    told = squeezed(
        text_of(file(code, Format.PDF, replace(found, rounds=(replace(own, sent=sent),))), Format.PDF)
    )
    listed = told[told.index(squeezed("Danh sách được cử dự vòng thi cấp trên")) :]
    assert squeezed("Khối cơ quan") in listed
    assert squeezed(f"{first.name} là dự bị, vào thay Lò Văn Rút đã rút tên. Lý do: ốm, có đơn.") in listed
    assert squeezed("Lò Văn Rút là dự bị, vào thay Lò Văn Trước đã rút tên. Lý do: đi công tác.") in listed
    assert "cóđơn.." not in listed


@pytest.mark.parametrize("code", ["minutes", "report"])
def test_who_of_the_reserves_declined_before_a_call_is_told_with_the_reason(code):
    found = figures()
    (own,) = found.rounds
    declined = (("Lò Văn Bận (chi bộ Bản Bỏ)", "đi học dài hạn"),)
    for sent in (own.sent, ()):
        told = text_of(
            file(code, Format.PDF, replace(found, rounds=(replace(own, sent=sent, declined=declined),))),
            Format.PDF,
        )
        said = "Lò Văn Bận (chi bộ Bản Bỏ) đã xin rút khỏi danh sách dự bị trước khi được gọi. Lý do: đi học dài hạn."
        assert squeezed(said) in squeezed(told)


@pytest.mark.parametrize("code", ["minutes", "report"])
def test_appeals_are_told_by_their_answers(code):
    found = figures()
    (own,) = found.rounds
    for counts, said in (
        ((3, 2, 1), "Phúc khảo: 3 đơn: giữ nguyên điểm 2, sửa điểm 1."),
        ((2, 1, 0), "Phúc khảo: 2 đơn: giữ nguyên điểm 1, chưa trả lời 1."),
        ((0, 0, 0), ""),
    ):
        told = text_of(
            file(code, Format.PDF, replace(found, rounds=(replace(own, appeals=counts),))), Format.PDF
        )
        assert squeezed(said) in squeezed(told) and ("Phúc khảo" in told) is bool(said)


def test_minutes_name_who_withdrew_and_who_came_instead():
    found = figures()
    (own,) = found.rounds
    gone = (
        ("Lò Văn Rút (chi bộ Bản Bỏ)", "ốm, có đơn", "Lò Văn Thay (chi bộ Bản Có)"),
        ("Lò Văn Đi (Tiểu khu 1)", "đi học.", ""),
    )
    changed = replace(found, rounds=(replace(own, withdrawn=gone),))
    told = squeezed(text_of(file("minutes", Format.PDF, changed), Format.PDF))
    said = (
        "Rút tên: Lò Văn Rút (chi bộ Bản Bỏ). Lý do: ốm, có đơn. Người vào thay: Lò Văn Thay (chi bộ Bản Có)."
    )
    assert squeezed(said) in told
    assert squeezed("Rút tên: Lò Văn Đi (Tiểu khu 1). Lý do: đi học.") in told and "đihọc.." not in told


def test_minutes_tell_a_tie_among_the_reserves_from_one_at_the_cut():
    found = figures()
    (own,) = found.rounds
    told = {}
    for behind in (False, True):
        ties = tuple(replace(one, for_reserves=behind) for one in own.ties)
        told[behind] = squeezed(
            text_of(
                file("minutes", Format.PDF, replace(found, rounds=(replace(own, ties=ties),))), Format.PDF
            )
        )
    assert [squeezed("xếp thứ tự dự bị") in told[behind] for behind in told] == [False, True]


def test_minutes_keep_a_decision_about_a_tie_that_was_taken_back_beside_the_one_that_counts():
    found = figures()
    (own,) = found.rounds
    (settled,) = own.ties
    ties = (replace(settled, seed="27", taken_back="ghi nhầm số bốc thăm"), replace(settled, seed="17"))
    after = replace(found, rounds=(replace(own, ties=ties),))
    told = squeezed(text_of(file("minutes", Format.PDF, after), Format.PDF))
    undone = squeezed("Quyết định này đã thu hồi: ghi nhầm số bốc thăm.")
    assert told.count(undone) == 1 and told.index("27") < told.index(undone) < told.rindex("(sốbốcthăm:17)")
