"""GIFT: read as Moodle's documentation of the format says, and what we write comes back equal."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from quiz.core.items import Kind
from quiz.core.questions import Notice
from quiz.files.gift import read_gift
from quiz.files.questions import write
from tests.files.question_samples import EMPTY, banks, json_file, returned

CHOICE, SEVERAL, VERDICT = Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE
# name: (text, kind, stem, options, key)
QUESTIONS = {
    "wrong options first": ("Ai?{~Một ~Hai =Ba}", CHOICE, "Ai?", ("Một", "Hai", "Ba"), (2,)),
    "each option on its line": ("Ai? {\n  =Một\n  ~Hai\n}", CHOICE, "Ai?", ("Một", "Hai"), (0,)),
    "a question over several lines": ("Đảng viên\nlà ai?\n{=Một ~Hai}", CHOICE,
                                      "Đảng viên là ai?", ("Một", "Hai"), (0,)),
    "a gap in the sentence": ("Chi bộ họp {~hằng tuần =hằng tháng} một lần.", CHOICE,
                              "Chi bộ họp _____ một lần.", ("hằng tuần", "hằng tháng"), (1,)),
    "several right": ("Chọn {~%50%A1 ~%50%B1 ~C1}", SEVERAL, "Chọn", ("A1", "B1", "C1"), (0, 1)),
    "several right, wrong ones cost": ("Chọn {~%-50%A1 ~%50%B1 ~%50%C1 ~%-50%D1}", SEVERAL, "Chọn",
                                       ("A1", "B1", "C1", "D1"), (1, 2)),
    "three thirds": ("Chọn {~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-100%d}", SEVERAL, "Chọn",
                     ("a", "b", "c", "d"), (0, 1, 2)),
    "one right among several to choose": ("Chọn {~%100%a ~b}", SEVERAL, "Chọn", ("a", "b"), (0,)),
    "signs without their meaning": (r"1 \= 1 \: \{đúng\} \~ \# \\ {= \= 2 ~ \~3}", CHOICE,
                                    r"1 = 1 : {đúng} ~ # \\"[:-1],
                                    ("= 2", "~3"), (0,)),
    "a new line by its sign": (r"Một\nhai{=a ~b}", CHOICE, "Một hai", ("a", "b"), (0,)),
    "true": ("Đảng viên có nhiệm vụ.{T}", VERDICT, "Đảng viên có nhiệm vụ.", ("Đúng", "Sai"), (0,)),
    "true in full": ("X.{ TRUE }", VERDICT, "X.", ("Đúng", "Sai"), (0,)),
    "false": ("X.{F}", VERDICT, "X.", ("Đúng", "Sai"), (1,)),
    "false in full": ("X.{FALSE}", VERDICT, "X.", ("Đúng", "Sai"), (1,)),
    "html": ("[html]<p>Một &amp; <span>hai</span></p><p>ba</p>{=x<br/>y ~z}", CHOICE,
             "Một & hai ba", ("x y", "z"), (0,)),
    "markdown": ("[markdown]1 * 2 * 3_4_5{=a ~b}", CHOICE, "1 * 2 * 3_4_5", ("a", "b"), (0,)),
    "plain": ("[plain]1 < 2 &amp; <b>{=a ~b}", CHOICE, "1 < 2 &amp; <b>", ("a", "b"), (0,)),
    "moodle": ("[moodle]a &lt; b{=a ~b}", CHOICE, "a < b", ("a", "b"), (0,)),
    "brackets that are no format": ("[1] Ai?{=[a] ~b}", CHOICE, "[1] Ai?", ("[a]", "b"), (0,)),
    "an option in a format of its own": ("Ai?{=[html]<p>a</p> ~b}", CHOICE, "Ai?", ("a", "b"), (0,)),
    "less than without a tag": ("Bao nhiêu < 3?{=a ~b}", CHOICE, "Bao nhiêu < 3?", ("a", "b"), (0,)),
}  # fmt: skip


@pytest.mark.parametrize("case", QUESTIONS)
def test_a_question_is_read_as_moodle_reads_it(case):
    text, *expected = QUESTIONS[case]
    questions, problems = read_gift(text.encode())
    assert problems == []
    assert [[got.kind, got.stem, got.options, got.key] for got in questions] == [expected]


LEFT_OUT = {
    "essay": ("Viết bài. {}", "tự luận"),
    "short answer": ("Ai?{=một =hai}", "trả lời ngắn"),
    "short answer in a gap": ("Hai cộng hai là {=bốn =4}.", "trả lời ngắn"),
    "number": ("Năm nào?{#1930:1}", "trả lời bằng số"),
    "range": ("Số mấy?{#1..5}", "trả lời bằng số"),
    "several numbers": ("Năm nào?{#\n=1930:0\n=%50%1931:2}", "trả lời bằng số"),
    "matching": ("Ghép. {\n=a -> b\n=c -> d\n}", "ghép đôi"),
    "description": ("Đoạn này chỉ để đọc.", "đoạn giới thiệu"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_a_kind_we_do_not_have_is_named_with_its_line_and_the_others_are_read(case):
    text, name = LEFT_OUT[case]
    questions, problems = read_gift(f"Một?{{=a ~b}}\n\n// ghi chú\n{text}\n\nHai?{{=a ~b}}\n".encode())
    assert [question.stem for question in questions] == ["Một?", "Hai?"]
    assert [(type(problem), problem.row) for problem in problems] == [(Notice, 4)]
    assert name in str(problems[0])


def test_feedback_belongs_to_its_option_and_general_feedback_is_the_rationale():
    data = "Ai?{~Một #Chưa phải. =Hai\n~Ba#Không.\n####Điều 4, khoản 3.}".encode()
    question = read_gift(data)[0][0]
    assert question.feedback == ("Chưa phải.", "", "Không.")
    assert question.rationale == "Điều 4, khoản 3."


def test_feedback_on_a_true_false_question_joins_the_rationale():
    assert (
        read_gift("X.{F#Chưa đúng.#Đúng vậy.####Điều 5.}".encode())[0][0].rationale
        == "Điều 5. Chưa đúng. Đúng vậy."
    )


# a title → the code it gives
TITLES = {"DL-001": "DL-001", "dl.7": "dl.7", "Q1": "", "Câu 1": "", "Nguồn gốc": "", "a-b c": ""}


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_a_code_when_it_looks_like_one(title):
    assert read_gift(f"::{title}::Ai?{{=a ~b}}".encode())[0][0].code == TITLES[title]


def test_the_id_and_tags_of_the_comment_are_read_as_in_moodle():
    data = "// Ghi chú [id:A \\] 7] [tag:level:apply]\n// [tag:reference:Điều 4] [tag:lịch sử]\nAi?{=a ~b}".encode()
    questions, problems = read_gift(data)
    assert (questions[0].code, questions[0].level, questions[0].reference) == ("A ] 7", "apply", "Điều 4")
    assert [(type(problem), problem.values["tags"]) for problem in problems] == [(Notice, "lịch sử")]


# category → topic
CATEGORIES = {
    "$course$/top/Chi bộ": "Chi bộ", "tom/dick/harry": "harry", "Chi bộ": "Chi bộ", "top/Đảng//Đoàn": "Đảng/Đoàn",
    "$course$/top": "", "$course$": "",
}  # fmt: skip


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_category_is_the_topic_of_what_follows(category):
    questions, problems = read_gift(f"Một?{{=a ~b}}\n\n$CATEGORY: {category}\n\nHai?{{=a ~b}}".encode())
    assert problems == []
    assert [question.topic for question in questions] == ["", CATEGORIES[category]]


# name: (text, line, is a notice, part of the sentence)
TOLD = {
    "half the mark for another": ("Ai?{~%50%Một =Hai}", 1, True, "không giữ được"),
    "a wrong one costs": ("Ai?{~%-25%Một =Hai}", 1, True, "không giữ được"),
    "shares that differ": ("Chọn{~%70%a ~%30%b ~c}", 1, True, "không giữ được"),
    "shares that are no whole": ("Chọn{~%50%a ~%20%b ~c}", 1, True, "không giữ được"),
    "two whole marks": ("Ai?{=Một =Hai ~Ba}", 1, False, "2 phương án"),
    "no key": ("\nAi?{~Một ~Hai}", 2, False, "Chưa có đáp án"),
    "no closing brace": ("Ai?{=a ~b", 1, False, "ngoặc nhọn"),
    "no opening brace": ("Ai? =a ~b}", 1, False, "ngoặc nhọn"),
    "braces the wrong way": ("Ai? }=a ~b{", 1, False, "ngoặc nhọn"),
    "two answer parts": ("Ai?{=a ~b} Gì?{=c ~d}", 1, False, "ngoặc nhọn"),
    "a picture": ("[html]<img src='a.png'>Ai?{=a ~b}", 1, False, "hình ảnh"),
    "a picture in an option": ("Ai?{=a ~<img src\\=x>}", 1, False, "hình ảnh"),
    "a picture in the feedback": ("Ai?{=a ~b#<img src\\=x>Xem}", 1, True, "Hình ảnh"),
    "bold in html": ("[html]A<b>i</b>?{=a ~b}", 1, True, "chữ thường"),
    "bold in markdown": ("[markdown]A**i**?{=a ~b}", 1, True, "chữ thường"),
    "a question under its category": ("$CATEGORY: a\nAi?{=a ~b}", 1, False, "dòng trống"),
}


@pytest.mark.parametrize("case", TOLD)
def test_what_cannot_be_carried_is_told_with_its_line(case):
    text, line, is_notice, words = TOLD[case]
    questions, problems = read_gift(text.encode())
    assert [isinstance(problem, Notice) for problem in problems] == [is_notice]
    assert problems[0].row == line or str(line) in problems[0].values["places"]
    assert words in str(problems[0])
    assert len(questions) == int(is_notice)


@pytest.mark.long
@settings(max_examples=40, deadline=None)
@given(banks((CHOICE, SEVERAL, VERDICT)))
def test_what_is_written_is_read_back_equal(bank):
    written = write("gift", bank)
    unread = replace(bank, items=tuple(replace(item, reviewed=None) for item in bank.items))
    assert returned("gift", written.data) == unread
    assert bool(written.losses) == (bank != unread)


def test_what_gift_cannot_carry_is_said():
    oral = returned("json", json_file({"stem": "X", "points": [{"text": "a", "marks": 10}], "code": "V-1"}))
    written = write("gift", oral)
    assert [str(loss) for loss in written.losses] == [
        "1 câu không đưa vào tệp được vì định dạng này không có loại câu đó: V-1."
    ]
    assert read_gift(written.data) == ([], [])
    assert write("gift", EMPTY).losses == ()
