"""Aiken: read as Moodle's documentation says, every fault with its line, and what it cannot carry is said."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings

from quiz.core.items import Kind
from quiz.files.aiken import read_aiken
from quiz.files.questions import write
from tests.files.question_samples import banks, json_file, returned

FILE = """\
Chi bộ họp thường lệ mấy tháng một lần?
A. Một tháng
B. Hai tháng
C. Ba tháng
ANSWER: A

Cơ quan nào là cao nhất?
A) Đại hội
B) Chi ủy
ANSWER: A
"""


def test_the_example_of_the_format_is_read():
    questions, problems = read_aiken(FILE.encode())
    assert problems == []
    assert [(got.row, got.options, got.key) for got in questions] == [
        (1, ("Một tháng", "Hai tháng", "Ba tháng"), (0,)),
        (7, ("Đại hội", "Chi ủy"), (0,)),
    ]


# (what is changed, by what) → the first question all the same
SAME = {
    "line ends of Windows": ("\n", "\r\n"),
    "line ends of old Macs": ("\n", "\r"),
    "blank lines": ("\n", "\n\n"),
    "an answer in Vietnamese": ("ANSWER: A", "ĐÁP ÁN: A"),
    "an answer in small letters": ("ANSWER: A", "Đáp án: A"),
    "an answer in decomposed letters": ("ANSWER: A", unicodedata.normalize("NFD", "ĐÁP ÁN: A")),
    "a full stop after the answer": ("ANSWER: A", "ANSWER: A."),
    "a small letter": ("ANSWER: A", "ANSWER: a"),
    "no space after the letter": ("B. Hai", "B.Hai"),
    "a question on two lines": ("lệ mấy", "lệ\nmấy"),
}


@pytest.mark.parametrize("case", SAME)
def test_small_differences_of_writing_do_not_matter(case):
    questions, problems = read_aiken(FILE.replace(*SAME[case]).encode())
    assert problems == []
    assert replace(questions[0], row=0) == replace(read_aiken(FILE.encode())[0][0], row=0)


def test_a_choice_between_right_and_wrong_is_a_true_false_question():
    question = read_aiken("X.\nA. Đúng\nB. Sai\nANSWER: B\n".encode())[0][0]
    assert (question.kind, question.key) == (Kind.TRUE_FALSE, (1,))


# (changed, by what, line, part of the sentence)
FAULTS = {
    "no answer": ("ANSWER: A\n\nCơ", "\nCơ", 1, "không có dòng ANSWER"),
    "no answer at the end": ("B) Chi ủy\nANSWER: A", "B) Chi ủy", 7, "không có dòng ANSWER"),
    "a letter that is not there": ("ANSWER: A\n\n", "ANSWER: D\n\n", 5, "một chữ cái"),
    "two letters": ("ANSWER: A\n\n", "ANSWER: A, B\n\n", 5, "một chữ cái"),
    "no letter": ("ANSWER: A\n\n", "ANSWER:\n\n", 5, "một chữ cái"),
    "options out of order": ("B. Hai", "C. Hai", 3, "thứ tự"),
    "options without a question": ("Chi bộ họp thường lệ mấy tháng một lần?\n", "", 1, "không thuộc"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_named_with_its_line(case):
    old, new, line, words = FAULTS[case]
    questions, problems = read_aiken(FILE.replace(old, new, 1).encode())
    assert problems[0].row == line
    assert words in problems[0].message
    assert len(questions) == 1


def fitting(bank):
    kept = [
        item
        for item in bank.items
        if not item.stem.startswith(("A. ", "B) ", "ANSWER")) and len(item.stem) > 1
    ]
    return replace(
        bank, items=tuple(item for item in kept if item.kind is not Kind.TRUE_FALSE or not item.feedback)
    )


@pytest.mark.long
@settings(max_examples=30, deadline=None)
@given(banks((Kind.SINGLE, Kind.TRUE_FALSE)).map(fitting))
def test_stem_options_and_key_come_back(bank):
    questions, problems = read_aiken(write("aiken", bank).data or b"\n")
    assert problems == []
    assert [(got.kind, got.stem, got.options, got.key) for got in questions] == [
        (item.kind, item.stem, item.options, item.key) for item in bank.items
    ]


def test_what_aiken_cannot_carry_is_said():
    bank = returned(
        "json",
        json_file(
            {"code": "T-1", "stem": "Một?", "options": ["a", "b"], "key": "A"},
            {"code": "T-2", "stem": "Hai?", "options": ["a", "b"], "key": ["A", "B"]},
            {"code": "T-3", "stem": "A. Ba?", "options": ["a", "b"], "key": "A"},
        ),
    )
    losses = [str(loss) for loss in write("aiken", bank).losses]
    assert len(losses) == 3
    assert "T-2" in losses[0] and "T-3" in losses[1] and "mã câu" in losses[2]
