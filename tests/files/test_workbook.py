"""The roster workbook as an organizer fills it in: what each kind of cell may hold, and what is said when it may not.

The cells are typed with openpyxl, so that two independent programs write what is read here.
"""

import io
from datetime import date, datetime, time
from string import ascii_letters

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.core.names import nfc
from quiz.core.people import AbsenceReason, CellType, Position, Sex
from quiz.core.roster_rules import Advice, blocking, check
from quiz.core.rosters import (
    HEADINGS,
    PEOPLE,
    REGISTRATIONS,
    UNITS,
    PersonDraft,
    RegistrationDraft,
    Roster,
    UnitDraft,
    changes,
)
from quiz.files.workbook import read_roster, template, write_roster
from quiz.files.workbook_cells import looks_legacy

UNIT = {"code": "A", "name": "Bản Co", "type_label": "Chi bộ"}
PERSON = {"code": "P", "full_name": "Lò Văn An", "unit_code": "A"}
REGISTRATION = {"unit_code": "A"}
ROWS = {UNITS: UNIT, PEOPLE: PERSON, REGISTRATIONS: REGISTRATION}


def workbook(*, sheets=None, epoch=None):
    """Return the bytes of a workbook with these sheets, each a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    if epoch:
        book.epoch = epoch
    for title, rows in (sheets or {UNITS: [[]], PEOPLE: [[]]}).items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def filled(sheet, *rows, **options):
    """Return a workbook whose `sheet` has these rows, each a dict of field → cell; the other sheets have headings."""
    sheets = {}
    for title, headings in HEADINGS.items():
        names = rows if title == sheet else ()
        sheets[title] = [list(headings.values()), *([row.get(name) for name in headings] for row in names)]
    return workbook(sheets=sheets, **options)


def read_one(sheet, **cells):
    """Return the draft made of one row with these cells, and the sentences about it."""
    roster, problems = read_roster(filled(sheet, ROWS[sheet] | cells))
    [draft] = roster.units + roster.people + roster.registrations
    return draft, [problem.message % problem.values for problem in problems]


TEXTS = {
    "text": ("Bản Co", "Bản Co"),
    "spaces around": ("  Bản   Co ", "Bản Co"),
    "a whole number": (12, "12"),
    "a number that a spreadsheet made of 1": (1.0, "1"),
    "a number with a part": (1.5, "1.5"),
    "true": (True, "True"),
    "decomposed letters, as a Mac types them": ("Ba\u0309n Cò", "Bản Cò"),
    "a zero-width space from a web page": ("Bản\u200b Co", "Bản Co"),
    "two lines": ("Bản\nCo", "Bản Co"),
    "a formula typed as text stays text": ("'=1+1", "'=1+1"),
    "an ethnic minority name": ("Y H'Ñiêm Niê Kđăm", "Y H'Ñiêm Niê Kđăm"),
}


@pytest.mark.parametrize(("typed", "text"), TEXTS.values(), ids=TEXTS.keys())
def test_a_text_cell_reads(typed, text):
    assert read_one(UNITS, name=typed) == (UnitDraft(2, "A", text, "Chi bộ"), [])


NOT_TEXT = {
    "a formula": ("=A1&B1", "Ô chứa công thức"),
    "a formula that calls a program": ("=cmd|' /C calc'!A0", "Ô chứa công thức"),
    "a date made of 1/2": (datetime.fromisoformat("2023-02-01"), "Excel đã đổi ô này thành ngày"),
    "a time made of 1:30": (time(1, 30), "Excel đã đổi ô này thành ngày"),
    "an error": ("#REF!", "Ô báo lỗi #REF!"),
    "an identity number cut by Excel": (1.2345678901234568e17, "Excel đã làm tròn"),
    "TCVN3": ("NguyÔn V¨n An", "phông chữ cũ"),
    "VNI": ("Nguyeãn Vaên An", "phông chữ cũ"),
    "lost letters": ("Nguy\ufffdn An", "phông chữ cũ"),
}


@pytest.mark.parametrize(("typed", "sentence"), NOT_TEXT.values(), ids=NOT_TEXT.keys())
def test_a_text_cell_refuses(typed, sentence):
    [said] = read_one(UNITS, name=typed)[1]

    assert sentence in said and ":" in said


DAYS = {
    "a date": date(1975, 3, 2),
    "a date with time": datetime.fromisoformat("1975-03-02T13:45"),
    "text, day first": "02/03/1975",
    "text without zeros": "2/3/1975",
    "text with dashes": "2-3-1975",
    "text with full stops and spaces": " 2. 3. 1975",
    "the way computers write": "1975-03-02",
}


@pytest.mark.parametrize("typed", DAYS.values(), ids=DAYS.keys())
def test_a_day_cell_reads(typed):
    draft, said = read_one(PEOPLE, birth_date=typed)

    assert (draft.birth_date, said) == (date(1975, 3, 2), [])


@pytest.mark.parametrize("typed", [1975, "1975", 1975.0])
def test_a_year_alone_is_its_first_day_and_the_user_is_told(typed):
    roster, problems = read_roster(filled(PEOPLE, PERSON | {"birth_date": typed}))

    assert roster.people[0].birth_date == date(1975, 1, 1)
    assert [type(problem) for problem in problems] == [Advice]
    assert "01/01/1975" in str(problems[0])


@pytest.mark.parametrize(
    "typed",
    [
        "31/02/1975",
        "1/13/1975",
        "02/03/75",
        "3/1975",
        "02/03/0975",
        "khoảng 1975",
        27456,
        2.5,
        True,
        "0000",
        time(1),
    ],
)
def test_a_day_cell_refuses(typed):
    draft, [said] = read_one(PEOPLE, birth_date=typed)

    assert draft.birth_date is None
    assert "không phải ngày: ghi dạng ngày/tháng/năm, ví dụ 25/02/1975" in said


@pytest.mark.parametrize("day", [date(1904, 1, 2), date(1960, 2, 29), date(2022, 12, 31)])
@pytest.mark.parametrize("epoch", [openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH])
def test_a_date_is_the_same_whether_the_workbook_counts_from_1900_or_1904(day, epoch):
    roster, problems = read_roster(filled(UNITS, UNIT | {"valid_from": day}, epoch=epoch))

    assert (roster.units[0].valid_from, problems) == (day, [])


@pytest.mark.parametrize(
    "typed", ["x", "X", "có", "Có", "CO", "Co\u0301", True, 1, 1.0, "1", "TRUE", "đúng", "✓"]
)
def test_a_flag_says_yes(typed):
    draft, said = read_one(UNITS, is_cell=typed, has_signal=typed)

    assert (draft.is_cell, draft.has_signal, said) == (True, True, [])


@pytest.mark.parametrize("typed", ["không", "Không", "khong", False, 0, "0", "FALSE", "-", "K"])
def test_a_flag_says_no(typed):
    draft, said = read_one(UNITS, is_cell=typed, has_signal=typed)

    assert (draft.is_cell, draft.has_signal, said) == (False, False, [])


def test_an_empty_flag_means_what_is_usual():
    draft, said = read_one(UNITS)

    assert (draft.is_cell, draft.is_difficult, draft.has_signal, said) == (False, False, True, [])


def test_a_flag_that_says_neither_is_asked_again():
    assert read_one(UNITS, is_cell="chưa biết")[1] == ["“chưa biết” chưa rõ: ghi “có” hoặc “không”."]


CHOICES = [
    (PEOPLE, "sex", "Nữ", Sex.FEMALE),
    (PEOPLE, "sex", " nam ", Sex.MALE),
    (PEOPLE, "sex", None, None),
    (PEOPLE, "position", "Phó bí thư", Position.DEPUTY_SECRETARY),
    (PEOPLE, "position", "PBT.", Position.DEPUTY_SECRETARY),
    (PEOPLE, "position", "Bí thư chi bộ", Position.SECRETARY),
    (PEOPLE, "position", None, Position.SECRETARY),
    (UNITS, "cell_type", "lực lượng vũ trang", CellType.ARMED_FORCES),
    (UNITS, "cell_type", "TRUONG HOC", CellType.SCHOOL),
    (REGISTRATIONS, "reason", "Khuyết bí thư", AbsenceReason.VACANT_POST),
    (REGISTRATIONS, "reason", "ốm đau", AbsenceReason.ILLNESS),
]


@pytest.mark.parametrize(("sheet", "field", "typed", "choice"), CHOICES)
def test_a_choice_is_read_by_its_words(sheet, field, typed, choice):
    draft, said = read_one(sheet, **{field: typed})

    assert (getattr(draft, field), said) == (choice, [])


def test_an_unknown_choice_is_answered_with_the_list():
    assert read_one(PEOPLE, sex="F")[1] == ["“F” không có trong danh sách: chọn một trong các mục Nữ, Nam."]


@pytest.mark.parametrize("typed", [912345678, 912345678.0, "0912.345.678", "+84 912 345 678"])
def test_a_phone_number_survives_the_spreadsheet(typed):
    draft, said = read_one(PEOPLE, phone=typed)

    assert (draft.phone, said) == ("0912345678", [])


def test_a_problem_names_sheet_row_and_column():
    roster, [problem] = read_roster(filled(PEOPLE, PERSON, PERSON | {"code": "Q", "birth_date": "hôm qua"}))

    assert (problem.place, problem.row, problem.field) == ("Nhân sự", 3, "Ngày sinh")
    assert [person.code for person in roster.people] == ["P", "Q"]


def test_headings_are_found_whatever_their_case_marks_spaces_and_stars():
    rows = [
        ["  TEN DON VI ", "Mã  đơn vị*", "loa\u0323i đơn vị (*)", "mã đơn vị\ncấp trên"],
        ["Bản Co", "A", "Bản", "B"],
    ]

    roster, problems = read_roster(
        workbook(sheets={"đơn  vị": rows, "NHAN SU": [list(HEADINGS[PEOPLE].values())]})
    )

    assert roster.units == (UnitDraft(2, "A", "Bản Co", "Bản", "B"),)
    assert problems == []


def test_titles_may_stand_above_the_headings():
    titles = [["ĐẢNG BỘ HUYỆN"], [None, "Danh sách đơn vị"], []]
    rows = [*titles, list(HEADINGS[UNITS].values()), ["A", "Bản Co", "Bản"]]

    roster, problems = read_roster(workbook(sheets={UNITS: rows, PEOPLE: [list(HEADINGS[PEOPLE].values())]}))

    assert [(unit.row, unit.code) for unit in roster.units] == [(5, "A")]
    assert problems == []


def test_empty_rows_between_rows_are_passed_over():
    roster, problems = read_roster(filled(UNITS, UNIT, {}, {"name": "  "}, UNIT | {"code": "B"}))

    assert [(unit.row, unit.code) for unit in roster.units] == [(2, "A"), (5, "B")]
    assert problems == []


def test_a_column_the_template_does_not_have_is_advice_and_the_rest_is_read():
    rows = [[*HEADINGS[UNITS].values(), "Ghi chú riêng"], ["A", "Bản Co", "Bản", *[None] * 9, "xyz"]]

    roster, problems = read_roster(workbook(sheets={UNITS: rows, PEOPLE: [list(HEADINGS[PEOPLE].values())]}))

    assert [unit.code for unit in roster.units] == ["A"]
    assert blocking(problems) == []
    assert [(type(problem), problem.row, problem.field) for problem in problems] == [
        (Advice, 1, "Ghi chú riêng")
    ]


def test_a_missing_sheet_is_named_with_its_columns():
    roster, problems = read_roster(workbook(sheets={"Sheet1": [["Mã đơn vị"]]}))

    assert roster == Roster()
    assert [problem.place for problem in problems] == [UNITS, PEOPLE]
    assert "thêm bảng có tên đó với các cột Mã đơn vị, Tên đơn vị, Loại đơn vị" in str(problems[0])


def test_the_registrations_may_be_missing():
    sheets = {
        UNITS: [list(HEADINGS[UNITS].values()), ["A", "Bản Co", "Bản"]],
        PEOPLE: [list(HEADINGS[PEOPLE].values())],
    }

    roster, problems = read_roster(workbook(sheets=sheets))

    assert (len(roster.units), roster.registrations, problems) == (1, (), [])


def test_a_missing_column_is_named_and_optional_ones_may_miss():
    roster, [problem] = read_roster(
        workbook(
            sheets={
                UNITS: [["Mã đơn vị", "Tên đơn vị"], ["A", "B"]],
                PEOPLE: [list(HEADINGS[PEOPLE].values())],
            }
        )
    )

    assert roster.units == ()
    assert (problem.place, problem.row, problem.field) == (UNITS, 1, "Loại đơn vị")
    assert "các cột của bảng là Mã đơn vị, Tên đơn vị, Loại đơn vị, Mã đơn vị cấp trên" in str(problem)


def test_two_columns_of_one_name_are_refused():
    rows = [["Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "tên đơn vị*"], ["A", "B", "C", "D"]]

    _, [problem] = read_roster(workbook(sheets={UNITS: rows, PEOPLE: [list(HEADINGS[PEOPLE].values())]}))

    assert (problem.row, problem.field) == (1, "tên đơn vị*")


def test_two_sheets_of_one_name_are_refused():
    _, problems = read_roster(
        workbook(sheets={UNITS: [[]], "don vi": [[]], PEOPLE: [list(HEADINGS[PEOPLE].values())]})
    )

    assert "Có 2 bảng tên “Đơn vị”: giữ một bảng." in [
        problem.message % problem.values for problem in problems
    ]


def merged(*areas):
    book = openpyxl.load_workbook(io.BytesIO(filled(UNITS, UNIT, UNIT | {"code": "B"})))
    for area in areas:
        book[UNITS].merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_merged_cells_among_the_data_are_to_be_unmerged():
    _, problems = read_roster(merged("C2:C3"))

    assert "Các ô C2:C3 đang gộp làm một: bỏ gộp và ghi đủ từng ô." in [
        p.message % p.values for p in problems
    ]


def test_a_merged_heading_does_no_harm():
    assert read_roster(merged("H1:I1"))[1] == []


LEGACY = (
    "NguyÔn V¨n An|TrÇn ThÞ B×nh|§Æng Quang Hïng|Lª Hång Phong|Ph¹m V¨n §ång|Hoµng ThÞ Mü|Bïi Xu©n|Lß V¨n ¸nh"
)
VNI = "Nguyeãn Vaên An|Traàn Thò Bình|Ñaëng Quang Huøng|Leâ Hoàng Phong|Phaïm Vaên Ñoàng|Hoaøng Thò Myõ|Buøi Xuaân"


@pytest.mark.parametrize("text", [*LEGACY.split("|"), *VNI.split("|")])
def test_old_fonts_are_recognised(text):
    assert looks_legacy(text)


def test_vietnamese_text_is_never_taken_for_an_old_font():
    letters = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
    rhymes = "oa|oà|oá|oã|uâ|uấ|uê|uế|uyễ|oă|oắ|ươ|ướ|iê|iế|yê|yế|ia|uý|ưa|ưở|uô|uỗ|oe|oẻ|ao|áo|ãi|ẽo"
    words = [
        f"{first}{rhyme}{last}"
        for rhyme in [*letters, *rhymes.split("|")]
        for first in ("", "Đ", "ngh", "Tr")
        for last in ("", "ng")
    ]

    assert [word for word in [*words, *(word.upper() for word in words)] if looks_legacy(word)] == []
    assert not looks_legacy("Đảng bộ xã Chiềng Lương, huyện Mai Sơn – “Bí thư chi bộ giỏi” năm 2023 (đợt 1)…")


# What we write we read back.

texts = (
    st.text(st.characters(categories=["L", "N", "P", "Zs", "S"]), min_size=1, max_size=30)
    .map(nfc)
    .filter(lambda text: text and not looks_legacy(text))
)
codes = st.text(ascii_letters + "0123456789-._/", min_size=1, max_size=12)
days = st.none() | st.dates(date(1900, 1, 1), date(2199, 12, 31))
maybe = st.just("") | texts
units = st.builds(
    UnitDraft,
    row=st.just(0),
    code=codes,
    name=texts,
    type_label=texts,
    parent_code=st.just("") | codes,
    is_cell=st.booleans(),
    cell_type=st.none() | st.sampled_from(CellType),
    ranking_group=maybe,
    has_signal=st.booleans(),
    is_difficult=st.booleans(),
    valid_from=days,
    valid_to=days,
    successor_code=st.just("") | codes,
)
people = st.builds(
    PersonDraft,
    row=st.just(0),
    code=codes,
    full_name=texts,
    birth_date=days,
    sex=st.none() | st.sampled_from(Sex),
    ethnicity=maybe,
    position=st.sampled_from(Position),
    is_village_head=st.booleans(),
    phone=st.just("") | st.from_regex(r"\A0[1-9][0-9]{8,9}\Z"),
    unit_code=codes,
)
registrations = st.builds(
    RegistrationDraft,
    row=st.just(0),
    unit_code=codes,
    person_code=st.just("") | codes,
    reason=st.none() | st.sampled_from(AbsenceReason),
    note=maybe
    | st.sampled_from(["=1+1", "+84", "-", "@SUM(A1)", "_x0041_", "'", "1.0", "TRUE", "05/06/1975"]),
)
rosters = st.builds(
    Roster,
    st.lists(units, min_size=1, max_size=3, unique_by=lambda draft: draft.key).map(tuple),
    st.lists(people, max_size=3, unique_by=lambda draft: draft.key).map(tuple),
    st.lists(registrations, max_size=3, unique_by=lambda draft: draft.key).map(tuple),
)


@given(rosters)
@settings(max_examples=50, deadline=None)
def test_what_is_written_is_read_back(roster):
    read, problems = read_roster(write_roster(roster))

    assert (read, problems) == (roster, [])
    assert changes(read, roster).is_empty
    assert [unit.row for unit in read.units] == list(range(2, len(roster.units) + 2))


SMALL = Roster(
    (UnitDraft(2, "XA", "=SUM(A1)", "Xã"), UnitDraft(3, "A", "Co", "Bản", "XA", True, CellType.RESIDENTIAL)),
    (PersonDraft(2, "P", "Lò Văn An", date(1975, 3, 2), unit_code="A"),),
    (RegistrationDraft(2, "A", reason=AbsenceReason.OTHER, note="+84 là số máy"),),
)


def test_the_same_roster_gives_the_same_bytes():
    assert write_roster(SMALL) == write_roster(SMALL)
    assert template() == template()


def test_nothing_written_is_a_formula_even_after_editing():
    book = openpyxl.load_workbook(io.BytesIO(write_roster(SMALL)))

    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    risky = [cell for cell in cells if str(cell.value).startswith(("=", "+"))]
    assert {cell.data_type for cell in cells} == {"s", "d"}
    assert [(cell.value, cell.quotePrefix) for cell in risky] == [("=SUM(A1)", True), ("+84 là số máy", True)]


def test_the_template_guides_the_hand():
    book = openpyxl.load_workbook(io.BytesIO(template()))

    assert book.sheetnames == [UNITS, PEOPLE, REGISTRATIONS, "Hướng dẫn"]
    for title, headings in HEADINGS.items():
        page = book[title]
        assert [cell.value.rstrip(" *") for cell in page[1]] == list(headings.values())
        assert page.freeze_panes == "A2"
        assert len(page.data_validations.dataValidation) == len(headings)
    starred = [cell.value for title in HEADINGS for cell in book[title][1] if cell.value.endswith("*")]
    assert starred == [
        *("Mã đơn vị *", "Tên đơn vị *", "Loại đơn vị *"),
        *("Mã người *", "Họ và tên *", "Mã chi bộ *"),
        "Mã chi bộ *",
    ]
    lists = {v.formula1 for page in book for v in page.data_validations.dataValidation if v.type == "list"}
    assert '"Nữ,Nam"' in lists and '"có,không"' in lists


def test_notes_stand_above_the_explanations():
    book = openpyxl.load_workbook(
        io.BytesIO(write_roster(SMALL, notes=["Dữ liệu giả định.", "Dòng thứ hai."]))
    )

    words = [cell.value for row in book["Hướng dẫn"].iter_rows(max_row=5) for cell in row if cell.value]
    assert words[1:3] == ["Dữ liệu giả định.", "Dòng thứ hai."]


def test_an_empty_template_asks_for_rows():
    roster, [problem] = read_roster(template())

    assert roster == Roster()
    assert "ghi dữ liệu từ dòng thứ hai" in str(problem)


def test_reading_and_checking_together_find_what_is_wrong_in_one_go():
    roster, problems = read_roster(filled(PEOPLE, PERSON | {"birth_date": "30/02/1975", "unit_code": "Z"}))

    assert [problem.field for problem in [*problems, *check(roster, Roster(), date(2023, 2, 25))]] == [
        "Ngày sinh",
        "Mã chi bộ",
    ]
