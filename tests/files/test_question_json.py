"""JSON lists of questions: the shape of the documentation is read, and every fault is named with its line."""

import json
from datetime import date

import pytest
from hypothesis import given, settings

from quiz.core.items import (
    TRUE_FALSE_OPTIONS,
    Difficulty,
    ExpectedPoint,
    Kind,
    Level,
    Outcome,
    Part,
    Reading,
    Status,
)
from quiz.core.questions import QuestionDraft
from quiz.files.question_json import read_json
from quiz.files.questions import write
from tests.files.question_samples import banks, json_file, returned

SHORT = {"stem": "Chi bộ họp mấy tháng một lần?", "options": ["Một", "Hai", "Ba"], "key": ["A"]}


def changed(**fields):
    return json_file({name: value for name, value in (SHORT | fields).items() if value is not ...})


def test_a_question_needs_no_more_than_stem_options_and_key():
    questions, problems = read_json(json_file(SHORT))
    assert problems == []
    assert questions == [
        QuestionDraft("Chi bộ họp mấy tháng một lần?", Kind.SINGLE, ("Một", "Hai", "Ba"), (0,),
                      keep_order=False, keep_last=False, row=1)
    ]  # fmt: skip


def test_everything_an_item_has_can_be_written():
    question = read_json(
        changed(
            code="T-1", document="DLD", reference="Điều 1", topic="chi-bo", level="apply", kind="multiple",
            intended_difficulty="hard", part="practice", key=["A", "C"], rationale="Vì thế.",
            feedback={"B": "Chưa đủ."}, keep_order=True, keep_last=True, valid_from="2026-01-01", valid_to=None,
            status="approved", reviewed={"date": "2026-11-21", "reader": "N. V. A", "outcome": "agreed"},
        )
    )[0][0]  # fmt: skip
    assert (question.kind, question.key, question.feedback) == (Kind.MULTIPLE, (0, 2), ("", "Chưa đủ.", ""))
    assert (question.level, question.intended_difficulty) == (Level.APPLY, Difficulty.HARD)
    assert (question.part, question.status) == (Part.PRACTICE, Status.APPROVED)
    assert (question.keep_order, question.keep_last, question.valid_from) == (True, True, date(2026, 1, 1))
    assert question.reviewed == Reading(date(2026, 11, 21), "N. V. A", Outcome.AGREED)


KINDS = {
    "one letter": ({}, Kind.SINGLE, (0,)),
    "a letter without brackets": ({"key": "b"}, Kind.SINGLE, (1,)),
    "two letters": ({"key": ["C", "A"]}, Kind.MULTIPLE, (0, 2)),
    "one letter of a question with several": ({"kind": "multiple"}, Kind.MULTIPLE, (0,)),
    "true": ({"options": ..., "key": True}, Kind.TRUE_FALSE, (0,)),
    "false": ({"options": ..., "key": False}, Kind.TRUE_FALSE, (1,)),
}


@pytest.mark.parametrize("case", KINDS)
def test_the_kind_follows_from_the_key(case):
    fields, kind, key = KINDS[case]
    questions, problems = read_json(changed(**fields))
    assert problems == []
    assert (questions[0].kind, questions[0].key) == (kind, key)


def test_an_oral_question_has_points_with_marks():
    data = json_file(
        {"stem": "Xử lý thế nào?", "points": [{"text": "Một", "marks": 2}, {"text": "Hai", "marks": 1.25}]}
    )
    question = read_json(data)[0][0]
    assert question.kind is Kind.ORAL
    assert question.points == (ExpectedPoint("Một", 200), ExpectedPoint("Hai", 125))


def test_a_true_false_question_has_its_two_options():
    assert read_json(changed(options=..., key=True))[0][0].options == TRUE_FALSE_OPTIONS


# (the changed fields, field named, a part of the sentence)
REFUSALS = {
    "unknown name": ({"answer": "A"}, "answer", "Không có mục tên này"),
    "no stem": ({"stem": ...}, "stem", "Thiếu mục này"),
    "stem as a list": ({"stem": ["x"]}, "stem", "phải là chữ"),
    "options as text": ({"options": "Một"}, "options", "danh sách chữ"),
    "option as an object": ({"options": ["Một", {}]}, "options", "danh sách chữ"),
    "key as a number": ({"key": 1}, "key", "chữ cái"),
    "key of two letters in one": ({"key": "AB"}, "key", "chữ cái"),
    "key as an object": ({"key": {"A": True}}, "key", "chữ cái"),
    "a letter for a true/false question": ({"kind": "true_false", "key": "A"}, "key", "chữ cái"),
    "unknown kind": ({"kind": "essay"}, "kind", "single, multiple"),
    "unknown level": ({"level": "analyse"}, "level", "remember"),
    "unknown difficulty": ({"intended_difficulty": "x"}, "intended_difficulty", "easy, medium, hard"),
    "a date in local order": ({"valid_to": "31/12/2026"}, "valid_to", "năm-tháng-ngày"),
    "a flag in words": ({"keep_order": "có"}, "keep_order", "true hoặc false"),
    "feedback as a list": ({"feedback": ["a", "b"]}, "feedback", "theo chữ cái"),
    "feedback for an option that is not there": ({"feedback": {"D": "x"}}, "feedback", "theo chữ cái"),
    "points as text": ({"kind": "oral", "points": "x"}, "points", "Các ý"),
    "no marks": ({"kind": "oral", "points": [{"text": "x"}]}, "marks", "Thiếu mục"),
    "marks of a thousandth": ({"kind": "oral", "points": [{"text": "x", "marks": 0.001}]}, "marks", "hai chữ số"),
    "marks that are no number": ({"points": [{"text": "x", "marks": float("nan")}]}, "marks", "hai chữ số"),
    "endless marks": ({"points": [{"text": "x", "marks": float("inf")}]}, "marks", "hai chữ số"),
    "a reading in words": ({"reviewed": "rồi"}, "reviewed", "Lần đọc lại"),
    "a reading without a day": ({"reviewed": {"reader": "A", "outcome": "agreed"}}, "date", "Thiếu mục"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_a_fault_names_the_line_and_the_field_and_its_question_is_left_out(case):
    fields, field, words = REFUSALS[case]
    data = b"[\n" + json_file(SHORT)[1:-1] + b",\n" + changed(**fields)[1:-1] + b"\n]\n"
    questions, problems = read_json(data)
    assert len(questions) == 1
    assert [(problem.row, problem.field) for problem in problems] == [(3, field)]
    assert words in str(problems[0])


def test_a_name_written_twice_is_told():
    data = b'[{"stem": "a", "stem": "b", "options": ["1", "2"], "key": "A"}]'
    assert [(problem.field, problem.row) for problem in read_json(data)[1]] == [("stem", 1)]


# (the file, line, a part of the sentence)
BROKEN = {
    "an object": (b'{"questions": []}', None, "một danh sách"),
    "a text": (b'"a"', None, "một danh sách"),
    "nothing but space": (b" \n ", None, "một danh sách"),
    "cut off": (json_file(SHORT, SHORT)[:-20], 1, "không đọc được"),
    "a comma too many": (b"[\n" + json_file(SHORT)[1:-1] + b",\n]", 3, "không đọc được"),
    "no comma": (b"[\n" + json_file(SHORT)[1:-1] * 2 + b"]", 2, "không đọc được"),
    "something after the list": (json_file(SHORT) + b"\n[]", 1, "không đọc được"),
    "a comment": (b"[ // x\n]", 1, "không đọc được"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_with_its_line(case):
    data, line, words = BROKEN[case]
    questions, problems = read_json(data)
    assert questions == []
    assert [(problem.row, words in problem.message) for problem in problems] == [(line, True)]


def test_an_empty_list_is_no_fault():
    assert read_json(b" [ ]\n") == ([], [])


@settings(max_examples=40, deadline=None)
@given(banks())
def test_what_is_written_is_read_back_equal(bank):
    written = write("json", bank)
    assert written.losses == ()
    assert returned("json", written.data) == bank


def test_the_file_is_made_for_people():
    text = write("json", returned("json", changed(document="DLD-2011", topic="chi-bo"))).data.decode()
    assert "Chi bộ họp mấy tháng một lần?" in text
    assert "null" not in text
    assert list(json.loads(text)[0])[:3] == ["code", "document", "reference"]
