"""Moodle XML: read as Moodle reads it, and what we write comes back equal."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from quiz.core.items import Kind
from quiz.core.questions import Notice
from quiz.files.moodle_xml import read_moodle_xml
from quiz.files.questions import write
from tests.files.question_samples import banks, returned


def answer(fraction, text, feedback=""):
    said = f'<feedback format="html"><text>{feedback}</text></feedback>' if feedback else ""
    return f'<answer fraction="{fraction}"><text>{text}</text>{said}</answer>'


def question(*parts, stem="Ai?", kind="multichoice", form="html"):
    text = f'<questiontext format="{form}"><text>{stem}</text></questiontext>'
    return f'<question type="{kind}"><name><text>Tên</text></name>{text}{"".join(parts)}</question>'


def quiz(*questions):
    lines = "\n".join(questions)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{lines}\n</quiz>'.encode()


AB = answer(100, "a") + answer(0, "b")
CHOICE, SEVERAL, VERDICT = Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE
# name: (question, kind, stem, options, key)
QUESTIONS = {
    "one right": (question("<single>true</single>", AB), CHOICE, "Ai?", ("a", "b"), (0,)),
    "one right, in figures": (question("<single>1</single>", AB), CHOICE, "Ai?", ("a", "b"), (0,)),
    "nothing said of single": (question(AB), CHOICE, "Ai?", ("a", "b"), (0,)),
    "several right": (question("<single>false</single>", answer(50, "a"), answer(50, "b"), answer(-100, "c")),
                      SEVERAL, "Ai?", ("a", "b", "c"), (0, 1)),
    "three thirds": (question("<single>0</single>", *(answer(33.33333, n) for n in "abc"), answer(0, "d")),
                     SEVERAL, "Ai?", ("a", "b", "c", "d"), (0, 1, 2)),
    "html in CDATA": (question(AB, stem="<![CDATA[<p>Một &amp; <span>hai</span></p><p>ba &lt; bốn</p>]]>"), CHOICE,
                      "Một & hai ba < bốn", ("a", "b"), (0,)),
    "html with entities": (question(AB, stem="&lt;p&gt;Một&amp;nbsp;&amp;ocirc;&lt;/p&gt;"), CHOICE, "Một ô",
                           ("a", "b"), (0,)),
    "scripts and styles": (question(AB, stem="<![CDATA[<style>p{}</style>Ai?<script>alert(1)</script>]]>"), CHOICE,
                           "Ai?", ("a", "b"), (0,)),
    "plain text": (question(AB, stem="1 &lt; 2 &amp;amp; &lt;b&gt;", form="plain_text"), CHOICE, "1 < 2 &amp; <b>",
                   ("a", "b"), (0,)),
    "markdown": (question(AB, stem="2 * 3 là?", form="markdown"), CHOICE, "2 * 3 là?", ("a", "b"), (0,)),
    "moodle's own": (question(AB, stem="Ai\n\nthế?", form="moodle_auto_format"), CHOICE, "Ai thế?", ("a", "b"), (0,)),
    "an option in html": (question(answer(100, "<![CDATA[<p>a</p>]]>"), answer(0, "b")), CHOICE, "Ai?",
                          ("a", "b"), (0,)),
    "true": (question(answer(100, "true"), answer(0, "false"), kind="truefalse"), VERDICT, "Ai?",
             ("Đúng", "Sai"), (0,)),
    "false": (question(answer(100, "false"), answer(0, "true"), kind="truefalse"), VERDICT, "Ai?",
              ("Đúng", "Sai"), (1,)),
    "true or false of an old file": (question(answer(0, "Đúng"), answer(100, "Sai"), kind="truefalse"), VERDICT,
                                     "Ai?", ("Đúng", "Sai"), (1,)),
}  # fmt: skip


@pytest.mark.parametrize("case", QUESTIONS)
def test_a_question_is_read_as_moodle_reads_it(case):
    text, *expected = QUESTIONS[case]
    questions, problems = read_moodle_xml(quiz(text))
    assert problems == []
    assert [[got.kind, got.stem, got.options, got.key] for got in questions] == [expected]


def test_what_belongs_to_a_question_is_read():
    more = (
        "<idnumber>DL-7</idnumber><generalfeedback><text>Điều 4.</text></generalfeedback>"
        "<shuffleanswers>false</shuffleanswers>"
        "<tags><tag><text>level:apply</text></tag><tag><text>lịch sử</text></tag></tags>"
    )
    questions, problems = read_moodle_xml(quiz(question(more, answer(100, "a", "Đúng."), answer(0, "b"))))
    got = questions[0]
    assert (got.code, got.rationale, got.keep_order, got.level) == ("DL-7", "Điều 4.", True, "apply")
    assert (got.feedback, got.row) == (("Đúng.", ""), 3)
    assert [(type(problem), problem.values) for problem in problems] == [(Notice, {"tags": "lịch sử"})]


def test_a_category_is_the_topic_of_what_follows():
    category = '<question type="category"><category><text>$course$/top/Chi bộ</text></category></question>'
    questions, _ = read_moodle_xml(quiz(question(AB), category, question(AB)))
    assert [got.topic for got in questions] == ["", "Chi bộ"]


def test_feedback_on_a_true_false_question_joins_the_rationale():
    answers = answer(100, "true", "Đúng vậy.") + answer(0, "false", "Chưa đúng.")
    assert (
        read_moodle_xml(quiz(question(answers, kind="truefalse")))[0][0].rationale == "Đúng vậy. Chưa đúng."
    )


@pytest.mark.parametrize(
    "kind", ["essay", "shortanswer", "numerical", "matching", "cloze", "description", "calculated"]
)
def test_a_kind_we_do_not_have_is_named_with_its_line_and_the_others_are_read(kind):
    questions, problems = read_moodle_xml(quiz(question(AB), question(kind=kind), question(AB)))
    assert len(questions) == 2
    assert [(type(problem), problem.row) for problem in problems] == [(Notice, 4)]
    assert kind in str(problems[0])


FILE = '<file name="a.png" path="/" encoding="base64">iVBORw0KGgo=</file>'
# name: (question, line, is a notice, part of the sentence)
TOLD = {
    "bold": (question(AB, stem="&lt;b&gt;Ai&lt;/b&gt;"), None, True, "ở: 3."),
    "a raised figure in an option": (question(answer(100, "m&lt;sup&gt;2"), answer(0, "b")), None, True, "ở: 3."),
    "half the mark": (question(answer(100, "a"), answer(50, "b")), 3, True, "không giữ được"),
    "shares that differ": (question("<single>false</single>", answer(70, "a"), answer(30, "b")), 3, True, "không giữ"),
    "no key": (question(answer(0, "a"), answer(0, "b")), 3, False, "Chưa có đáp án"),
    "no answers": (question(), 3, False, "Chưa có đáp án"),
    "two whole marks": (question(answer(100, "a"), answer(100, "b")), 3, False, "2 phương án"),
    "a share in words": (question(answer("nhiều", "a"), answer(0, "b")), 3, False, "phải là số"),
    "a share that is no number": (question(answer("nan", "a"), answer(0, "b")), 3, False, "phải là số"),
    "true and false both right": (question(answer(100, "true"), answer(100, "false"), kind="truefalse"), 3, False,
                                  "Chưa có đáp án"),
    "a picture": (question(AB, stem="<![CDATA[<img src='@@PLUGINFILE@@/a.png'>]]>"), 3, False, "hình ảnh"),
    "a file beside the stem": (question(AB).replace("</questiontext>", FILE + "</questiontext>"), 3, False, "hình ảnh"),
    "a picture of the old kind": (question("<image>a.png</image>", AB), 3, False, "hình ảnh"),
    "a picture in an option": (question(answer(100, "a"), answer(0, "<![CDATA[<img src=b>]]>")), 3, False, "hình ảnh"),
    "a picture in the feedback": (question(answer(100, "a", "<![CDATA[<img src=b>]]>"), answer(0, "b")), 3, True,
                                  "không giữ được"),
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_what_cannot_be_carried_is_told_with_its_line(case):
    text, line, is_notice, words = TOLD[case]
    questions, problems = read_moodle_xml(quiz(text))
    assert [(problem.row, isinstance(problem, Notice)) for problem in problems] == [(line, is_notice)]
    assert words in str(problems[0])
    assert len(questions) == int(is_notice)


@pytest.mark.long
@settings(max_examples=40, deadline=None)
@given(banks((CHOICE, SEVERAL, VERDICT)))
def test_what_is_written_is_read_back_equal(bank):
    written = write("moodle_xml", bank)
    unread = replace(bank, items=tuple(replace(item, reviewed=None) for item in bank.items))
    if bank.items:
        assert returned("moodle_xml", written.data) == unread
    assert bool(written.losses) == (bank != unread)
