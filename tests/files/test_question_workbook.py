"""The workbook of questions: what an author types in each cell, what is said about it, and the way there and back."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.core.items import (
    TRUE_FALSE_OPTIONS,
    BankDraft,
    Difficulty,
    DocumentDraft,
    ExpectedPoint,
    ItemDraft,
    Kind,
    Level,
    Outcome,
    Part,
    Reading,
    Status,
    TopicDraft,
)
from quiz.core.names import nfc
from quiz.core.questions import Defaults, Notice, completed
from quiz.files.bank_yaml import read_bank
from quiz.files.question_sheets import DOCUMENTS, POINTS, QUESTION_SHEET, QUESTIONS, SHEETS, TOPICS
from quiz.files.question_workbook import (
    question_template,
    read_question_workbook,
    read_workbook,
    write_question_workbook,
)
from quiz.files.workbook_cells import looks_legacy

BANKS = Path(__file__).parents[2] / "questions"
HEADINGS = [QUESTION_SHEET.heading(column) for column in QUESTION_SHEET.columns]
ROW = {"Mã câu": "C1", "Câu hỏi": "Đâu?", "A": "một", "B": "hai", "C": "ba", "Đáp án": "B"}
SINGLE = ItemDraft(
    "C1", "DLD-2011", "Điều 4", "chi-bo", Level.APPLY, Kind.SINGLE, "Đâu?", ("một", "hai", "ba"), (1,)
)


def saved(sheets):
    """Return the bytes of a workbook typed with another program: sheet → rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def filled(*rows, **sheets):
    """Return a workbook whose questions have these cells by heading."""
    listed = [HEADINGS, *([row.get(heading) for heading in HEADINGS] for row in rows)]
    return saved({QUESTIONS: listed, **sheets})


def read_one(**cells):
    """Return the question of one row with these cells changed."""
    [question], problems = read_question_workbook(
        filled(ROW | {key.replace("_", " "): v for key, v in cells.items()})
    )
    assert problems == []
    return question


def bank_of(*items, **fields):
    return BankDraft("thu", "Ngân hàng thử", items=items, **fields)


def read_back(bank):
    """Return the items that the workbook of a bank is read back as, their rows aside."""
    book, problems = read_workbook(write_question_workbook(bank)[0])
    items = [completed(question, Defaults(document="", topic=""), bank) for question in book.questions]
    return tuple(replace(item, row=0) for item in items), problems


@pytest.mark.long
@pytest.mark.parametrize("path", sorted(BANKS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_bank_is_read_back_whole(path):
    bank, _ = read_bank(path.read_bytes(), path.name)

    items, problems = read_back(bank)
    book, _ = read_workbook(write_question_workbook(bank)[0])

    assert (items, problems) == (tuple(replace(item, row=0) for item in bank.items), [])
    assert [replace(topic, row=0) for topic in book.topics] == [
        replace(topic, row=0) for topic in bank.topics
    ]
    assert [replace(one, row=0) for one in book.documents] == [replace(one, row=0) for one in bank.documents]


letters = "abcdeghiklmnopqrstuvxyăâđêôơưáàảãạấầẩẫậABCDĐÊĂ0123456789 ,;:()“”%-/.?=+@*'\"&<>_"
words = (
    st.text(letters, min_size=1, max_size=40).map(nfc).filter(lambda text: text and not looks_legacy(text))
)
short = st.text("abcDEF012-.=+@", min_size=1, max_size=20).filter(lambda text: not looks_legacy(text))
days = st.none() | st.dates(date(1901, 1, 1), date(2199, 12, 31))
readings = st.none() | st.builds(
    Reading,
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    words,
    st.sampled_from(Outcome),
    st.just("") | words,
)
points = st.lists(st.builds(ExpectedPoint, words, st.integers(1, 1000)), min_size=1, max_size=4).map(tuple)


@st.composite
def items(draw):
    kind = draw(st.sampled_from(Kind))
    options = tuple(draw(st.lists(words, min_size=2, max_size=6, unique_by=str.casefold)))
    options = {Kind.ORAL: (), Kind.TRUE_FALSE: TRUE_FALSE_OPTIONS}.get(kind, options)
    most = len(options) if kind is Kind.MULTIPLE else 1
    key = draw(st.sets(st.integers(0, len(options) - 1), min_size=1, max_size=most)) if options else ()
    feedback = tuple(draw(st.just("") | words) for _ in options)
    return ItemDraft(
        code=draw(short), document=draw(short), reference=draw(words), topic=draw(short),
        level=draw(st.sampled_from(Level)), kind=kind, stem=draw(words), options=options, key=tuple(sorted(key)),
        rationale=draw(st.just("") | words), part=draw(st.sampled_from(Part)),
        keep_order=kind is Kind.TRUE_FALSE or draw(st.booleans()), keep_last=draw(st.booleans()),
        valid_from=draw(days), valid_to=draw(days), status=draw(st.sampled_from(Status)),
        intended_difficulty=draw(st.none() | st.sampled_from(Difficulty)),
        feedback=feedback if any(feedback) else (), points=draw(points) if kind is Kind.ORAL else (),
        reviewed=draw(readings),
    )  # fmt: skip


@pytest.mark.long
@settings(deadline=None, max_examples=25)
@given(st.lists(items(), max_size=4, unique_by=lambda item: item.code))
def test_every_field_of_every_item_is_read_back_equal(drawn):
    topics = tuple(TopicDraft(code, f"Tên {code}") for code in dict.fromkeys(item.topic for item in drawn))
    documents = tuple(
        DocumentDraft(code, f"Văn bản {code}") for code in dict.fromkeys(item.document for item in drawn)
    )
    bank = bank_of(*drawn, topics=topics, documents=documents)

    again, problems = read_back(bank)

    assert again == bank.items
    assert problems == [] or not drawn


def test_equal_banks_make_equal_files():
    assert write_question_workbook(bank_of(SINGLE))[0] == write_question_workbook(bank_of(SINGLE))[0]


def test_what_would_be_questioned_when_read_again_is_said():
    odd = replace(SINGLE, code="C2", stem="NguyÔn V¨n An là ai?")

    sentences = [str(loss) for loss in write_question_workbook(bank_of(SINGLE, odd))[1]]

    assert any("C2" in said and "C1" not in said for said in sentences)


def test_the_template_offers_choices_examples_and_instructions():
    book = openpyxl.load_workbook(io.BytesIO(question_template()))

    assert book.sheetnames == [QUESTIONS, POINTS, TOPICS, DOCUMENTS, "Ví dụ", "Hướng dẫn"]
    page = book[QUESTIONS]
    offered = {
        page.cell(1, next(iter(rule.sqref.ranges)).min_col).value.rstrip(" *"): rule.formula1
        for rule in page.data_validations.dataValidation
        if rule.type == "list"
    }
    assert set(offered) == {"Văn bản", "Chuyên đề", "Mức độ", "Độ khó", "Loại câu", "Phần", "Giữ thứ tự",
                            "Giữ phương án cuối", "Trạng thái", "Kết quả đọc lại"}  # fmt: skip
    assert offered["Chuyên đề"] == "'Chuyên đề'!$A$2:$A$2000" and "Nhận biết" in offered["Mức độ"]
    assert book["Ví dụ"].max_row == 4 and page.max_row == 1
    guide = " ".join(str(cell.value) for row in book["Hướng dẫn"].rows for cell in row)
    assert all(sheet.heading(column) in guide for sheet in SHEETS for column in sheet.columns)


def test_the_examples_of_the_template_are_right_when_copied_to_the_questions():
    book = openpyxl.load_workbook(io.BytesIO(question_template()))
    rows = [[cell.value for cell in row] for row in book["Ví dụ"].rows]

    questions, problems = read_question_workbook(saved({QUESTIONS: rows}))

    assert problems == []
    assert [question.kind for question in questions] == [Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE]


KEYS = {
    "a letter": ("B", (1,), Kind.SINGLE),
    "a small letter": ("b", (1,), Kind.SINGLE),
    "a letter with a full stop": ("B.", (1,), Kind.SINGLE),
    "letters with a comma": ("A, C", (0, 2), Kind.MULTIPLE),
    "letters run together": ("AC", (0, 2), Kind.MULTIPLE),
    "letters with a semicolon": ("c;a", (0, 2), Kind.MULTIPLE),
}


@pytest.mark.parametrize(("typed", "key", "kind"), KEYS.values(), ids=KEYS.keys())
def test_a_key_may_be_typed_as(typed, key, kind):
    question = read_one(Đáp_án=typed)

    assert (question.key, question.kind) == (key, kind)


@pytest.mark.parametrize(
    ("typed", "key"), [("Đúng", (0,)), ("sai", (1,)), (True, (0,)), (False, (1,)), ("Đ", (0,))]
)
def test_a_statement_may_be_true_or_false(typed, key):
    question = read_one(A=None, B=None, C=None, Đáp_án=typed)

    assert (question.kind, question.options, question.key) == (Kind.TRUE_FALSE, ("Đúng", "Sai"), key)


def test_what_the_cells_do_not_say_is_left_open():
    question = read_one()

    assert (question.level, question.part, question.status, question.keep_order) == (None, None, None, None)
    assert (question.place, question.row) == (QUESTIONS, 2)


def test_points_stand_on_their_own_sheet():
    listed = [["Mã câu", "Ý cần trả lời", "Điểm"], ["C1", "Nắm tình hình", 2.5], ["C1", "Họp chi ủy", "7,5"]]
    row = {"Mã câu": "C1", "Câu hỏi": "Đồng chí xử lý thế nào?"}

    [question], problems = read_question_workbook(filled(row, **{POINTS: listed}))

    assert (question.kind, problems) == (Kind.ORAL, [])
    assert question.points == (ExpectedPoint("Nắm tình hình", 250), ExpectedPoint("Họp chi ủy", 750))


FAULTS = {
    "no question": ({"Câu hỏi": None}, "Câu hỏi", "Chưa có nội dung"),
    "no key": ({"Đáp án": None}, "Đáp án", "Chưa có đáp án"),
    "a key that is a number": ({"Đáp án": 2}, "Đáp án", "“2” không phải đáp án"),
    "a key in words": ({"Đáp án": "hai"}, "Đáp án", "“hai” không phải đáp án"),
    "a key without option": ({"Đáp án": "E"}, "Đáp án", "Đáp án E chỉ vào phương án bỏ trống"),
    "a gap between options": ({"B": None, "Đáp án": "A"}, "B", "ghi các phương án liền nhau"),
    "a level that is none": ({"Mức độ": "rất khó"}, "Mức độ", "chọn một trong các mục Nhận biết"),
    "a flag that is none": ({"Giữ thứ tự": "chắc thế"}, "Giữ thứ tự", "ghi “có” hoặc “không”"),
    "a day that is none": ({"Hiệu lực từ": "31/02/2026"}, "Hiệu lực từ", "không phải ngày"),
    "a formula": ({"A": "=1+1"}, "A", "Ô chứa công thức"),
    "a formula that starts a program": ({"Câu hỏi": "=cmd|' /C calc'!A0"}, "Câu hỏi", "Ô chứa công thức"),
    "an option that became a date": ({"A": date(2026, 2, 1)}, "A", "Excel đã đổi ô này thành ngày"),
    "letters of an old font": ({"Câu hỏi": "NguyÔn V¨n An"}, "Câu hỏi", "phông chữ cũ"),
    "options of a statement": ({"Loại câu": "Đúng hay sai", "Đáp án": "Đúng"}, "A", "không ghi phương án"),
    "options of an oral question": (
        {"Loại câu": "Vấn đáp", "Đáp án": None},
        "A",
        "Câu vấn đáp không có phương án",
    ),
    "half a second reading": ({"Người đọc lại": "Lò Văn An"}, "Ngày đọc lại", "Lần đọc lại cần đủ"),
    "feedback of no option": ({"Nhận xét E": "Sai."}, "Nhận xét E", "không đi với phương án nào"),
}


@pytest.mark.parametrize(("cells", "field", "sentence"), FAULTS.values(), ids=FAULTS.keys())
def test_a_problem_names_sheet_row_and_column(cells, field, sentence):
    questions, [problem, *_] = read_question_workbook(filled(ROW, ROW | {"Mã câu": "C2"} | cells))

    assert [question.code for question in questions] == ["C1"]  # the good row is still shown
    assert (problem.place, problem.row, problem.field) == (QUESTIONS, 3, field)
    assert sentence in problem.message % problem.values


def test_problems_of_the_other_sheets_name_them_too():
    data = filled(ROW, **{
        POINTS: [["Mã câu", "Ý cần trả lời", "Điểm"], ["C9", "Ý", "hai"]],
        TOPICS: [["Mã", "Tên"], ["a", "Một"], ["a", "Hai"], ["b", None]],
        DOCUMENTS: [["Mã", "Tên", "Ngày ban hành"], ["v", "Điều lệ", "ngày nào"]],
    })  # fmt: skip

    _, problems = read_question_workbook(data)

    assert {(p.place, p.row, p.field) for p in problems} == {
        (POINTS, 2, "Điểm"), (POINTS, 2, "Mã câu"), (TOPICS, 3, "Mã"), (TOPICS, 4, "Tên"),
        (DOCUMENTS, 2, "Ngày ban hành"),
    }  # fmt: skip


def test_a_column_nobody_knows_is_told_and_does_not_stop():
    data = saved(
        {QUESTIONS: [["Câu hỏi", "A", "B", "Đáp án", "Người soạn"], ["Đâu?", "một", "hai", "A", "An"]]}
    )

    [question], [problem] = read_question_workbook(data)

    assert (
        question.options == ("một", "hai") and isinstance(problem, Notice) and problem.field == "Người soạn"
    )


def test_without_the_sheet_of_questions_there_is_nothing_to_read():
    questions, [problem] = read_question_workbook(saved({"Sheet1": [["Câu hỏi"], ["Đâu?"]]}))

    assert questions == [] and "Thiếu bảng “Câu hỏi”" in problem.message % problem.values
