"""The Word files we write: what is not said to be lost is read back equal, and the paper for print tells no key."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Pt
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
    Part,
    Status,
    TopicDraft,
    check,
)
from quiz.core.names import nfc
from quiz.core.questions import Defaults, Notice, completed
from quiz.files.bank_yaml import read_bank
from quiz.files.word_reading import read_word
from quiz.files.word_writing import write_word, write_word_paper

BANKS = Path(__file__).parents[2] / "questions"
TOPICS = (TopicDraft("dang-vien", "Đảng viên"), TopicDraft("chi-bo", "Chương II. Chi bộ"))
DOCUMENTS = (DocumentDraft("DLD-2011", "Điều lệ Đảng"),)
SINGLE = ItemDraft(
    "DL-1", "DLD-2011", "Điều 4", "chi-bo", Level.APPLY, Kind.SINGLE, "Đâu là đúng?", ("một", "hai", "ba"), (1,),
    "Vì là hai.", intended_difficulty=Difficulty.HARD, feedback=("Thiếu.", "", "Thừa."),
)  # fmt: skip
ORAL = replace(SINGLE, code="VD-1", kind=Kind.ORAL, options=(), key=(), feedback=(), stem="Đồng chí xử lý thế nào?",
               points=(ExpectedPoint("Nắm tình hình", 250), ExpectedPoint("Họp chi ủy", 750)))  # fmt: skip


def bank_of(*items):
    return BankDraft("thu", "Ngân hàng thử", TOPICS, DOCUMENTS, items)


def read_back(bank):
    """Return the items of the file written for a bank, their rows aside, and what was said when reading."""
    data, _ = write_word(bank)
    questions, problems = read_word(data)
    items = [completed(question, Defaults(document="", topic=""), bank) for question in questions]
    return [replace(item, row=0) for item in items], problems


def lost(bank):
    """Return the sentences about what the file does not hold, without the one that every file has."""
    return [str(loss) for loss in write_word(bank)[1] if "Thông tin của văn bản" not in loss.message]


@pytest.mark.long
@pytest.mark.parametrize("path", sorted(BANKS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_bank_is_read_back_equal_but_for_what_is_said(path):
    bank, _ = read_bank(path.read_bytes(), path.name)
    expected = [replace(item, row=0, reviewed=None) for item in bank.items if item.kind is not Kind.ORAL]

    items, problems = read_back(bank)

    assert sorted(items, key=lambda item: item.code) == sorted(expected, key=lambda item: item.code)
    assert [problem for problem in problems if not isinstance(problem, Notice)] == [] or not expected
    assert not any("nhập lại từ tệp Word sẽ khác" in sentence for sentence in lost(bank))


SIGNS = " ,;:()“”%-/.?"
LETTERS = "abcdeghiklmnopqrstuvxyăâđêôơưáàảãạấầẩẫậABCDĐÊĂ0123456789" + SIGNS
words = st.text(LETTERS, min_size=1, max_size=60).map(nfc).filter(lambda text: any(c.isalnum() for c in text))
days = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))


@st.composite
def items(draw):
    """Draw an item that may enter a bank, in the words people use and any order of them."""
    kind = draw(st.sampled_from([Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE]))
    options = tuple(draw(st.lists(words, min_size=2, max_size=6, unique_by=str.casefold)))
    options = TRUE_FALSE_OPTIONS if kind is Kind.TRUE_FALSE else options
    most = len(options) if kind is Kind.MULTIPLE else 1
    places = st.sets(st.integers(0, len(options) - 1), min_size=1, max_size=most)
    feedback = tuple("" if kind is Kind.TRUE_FALSE else draw(st.just("") | words) for _ in options)
    return ItemDraft(
        code="", document="DLD-2011", reference=draw(words), topic=draw(st.sampled_from(TOPICS)).code,
        level=draw(st.sampled_from(Level)), kind=kind, stem=draw(words), options=options,
        key=tuple(sorted(draw(places))), rationale=draw(st.just("") | words), part=draw(st.sampled_from(Part)),
        keep_order=kind is Kind.TRUE_FALSE or draw(st.booleans()), keep_last=draw(st.booleans()),
        valid_from=draw(days), valid_to=None, status=draw(st.sampled_from(Status)),
        intended_difficulty=draw(st.none() | st.sampled_from(Difficulty)),
        feedback=feedback if any(feedback) else (),
    )  # fmt: skip


@pytest.mark.long
@settings(deadline=None, max_examples=20)
@given(st.lists(items(), min_size=1, max_size=4))
def test_whatever_is_not_said_to_be_lost_is_read_back_equal(drawn):
    coded = [replace(item, code=f"M-{place}") for place, item in enumerate(drawn)]
    bank = bank_of(*(item for item in coded if not check(item)))

    again = {item.code: item for item in read_back(bank)[0]}

    said = " ".join(lost(bank))
    different = [item.code for item in bank.items if again.get(item.code) != item]
    assert all(code in said for code in different), (different, said)


COMMON = ("chi", "bộ", "đảng", "viên", "họp", "hằng", "tháng", "nghị", "quyết", "5", "năm")
plain = st.lists(st.sampled_from(COMMON), min_size=1, max_size=9).map(" ".join)


@pytest.mark.long
@settings(deadline=None, max_examples=20)
@given(plain, st.lists(plain, min_size=2, max_size=6, unique=True), plain)
def test_plain_sentences_lose_nothing(stem, options, rationale):
    item = replace(SINGLE, stem=stem, options=tuple(options), rationale=rationale, feedback=())

    assert lost(bank_of(item)) == []
    assert read_back(bank_of(item))[0] == [item]


def test_an_item_that_would_be_read_otherwise_is_named():
    starred = replace(SINGLE, code="DL-2", options=("một *", "hai", "ba"))

    [sentence] = lost(bank_of(SINGLE, starred))

    assert "DL-2" in sentence and "DL-1" not in sentence


def test_oral_items_are_printed_and_said_to_stay_behind():
    data, losses = write_word(bank_of(SINGLE, ORAL))

    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)
    assert "Tình huống 1. Đồng chí xử lý thế nào?" in text and "2,5 điểm: Nắm tình hình" in text
    assert any("1 câu vấn đáp" in str(loss) and "VD-1" in str(loss) for loss in losses)
    assert [question.code for question in read_word(data)[0]] == ["DL-1"]


def test_the_paper_for_print_tells_no_key():
    data, losses = write_word_paper(bank_of(SINGLE, ORAL))

    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)
    assert "Câu 1. Đâu là đúng?" in text and "A. một\tB. hai\tC. ba" in text
    assert not any(word in text for word in ("Đáp án:", "Vì là hai", "Điều 4", "Nhận xét", "Nắm tình hình"))
    assert [problem.field for problem in read_word(data)[1] if not isinstance(problem, Notice)] == ["Câu 1"]
    assert "không có đáp án" in str(losses[0])


def test_the_page_is_as_offices_print_it():
    document = Document(io.BytesIO(write_word(bank_of(SINGLE))[0]))
    [section] = document.sections

    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.cm, 1) for margin in margins] == [2, 2, 3, 1.5]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21, 29.7)
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert document.styles["Normal"].font.size == Pt(13)
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["Đáp án", "B", *[""] * 9]


def test_an_empty_bank_is_a_heading_and_no_more():
    questions, problems = read_word(write_word(bank_of())[0])

    assert questions == [] and "Không thấy câu hỏi nào" in str(problems[0])
