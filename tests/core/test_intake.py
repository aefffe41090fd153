"""Files on their way in: codes made from titles, what has still to be chosen, and the lines of a preview."""

from dataclasses import replace

import pytest

from quiz.core import intake
from quiz.core.errors import Problem
from quiz.core.intake import Choices, Outcome, code_for, lines_of, restored, spots_of
from quiz.core.items import Difficulty, ItemDraft, Kind, Level, Part, TopicDraft
from quiz.core.questions import Notice, QuestionDraft

ITEM = ItemDraft(
    code="A-1", document="D", reference="Điều 1", topic="t", level=Level.APPLY, kind=Kind.SINGLE, stem="Gì?",
    options=("Một", "Hai"), key=(0,), rationale="Vì thế.",
)  # fmt: skip


@pytest.mark.parametrize(
    "title, code",
    [
        ("Điều lệ Đảng", "dieu-le-dang"),
        ("  Hướng dẫn số 12-HD/BTCTW ", "huong-dan-so-12-hd-btctw"),
        ("Đề thi “thử” (lần 2)", "de-thi-thu-lan-2"),
        ("…!?", ""),
        ("", ""),
        ("a" * 60, "a" * 40),
    ],
)
def test_a_title_makes_a_code(title, code):
    assert code_for(title) == code


def test_choices_are_kept_as_plain_data_and_read_back():
    made = Choices(
        bank="b", topic_title="Chi bộ", level=Level.APPLY, intended_difficulty=Difficulty.HARD,
        part=Part.PRACTICE, prefix="X", skip=True,
    )  # fmt: skip
    assert restored(made.stored()) == made
    assert restored({}) is None


@pytest.mark.parametrize(
    "made, needed, fields",
    [
        (Choices(), set(), ["bank_title"]),
        (Choices(bank="b"), set(), []),
        (Choices(bank_title="Bộ mới"), {"topic", "document"}, ["document_title", "topic_title"]),
        (Choices(bank="b", topic="t", document_title="Luật"), {"topic", "document"}, []),
        (Choices(bank="b", topic_title="?"), {"topic"}, ["topic_title"]),
        (Choices(bank="b", prefix="…"), set(), ["prefix"]),
    ],
)
def test_what_has_still_to_be_chosen_is_asked_for_beside_its_field(made, needed, fields):
    assert [problem.field for problem in intake.check(made, needed)] == fields


def test_a_file_lacks_what_some_question_does_not_name():
    topics = (TopicDraft("t", "Chuyên đề"),)
    named = QuestionDraft("Gì?", Kind.SINGLE, topic="Chuyên đề")
    assert intake.lacking([named], topics, ()) == {"document"}
    assert intake.lacking([named, replace(named, topic="khác")], topics, ()) == {"document", "topic"}


def test_a_code_made_here_has_its_place_too():
    question = QuestionDraft("Gì?", Kind.SINGLE, ("Một", "Hai"), (0,), place="Đoạn", row=7)
    assert list(spots_of([question], "CH").values()) == [("Đoạn", 7)]
    assert spots_of([replace(question, code="A-1")], "CH") == {"A-1": ("Đoạn", 7)}


def test_lines_stand_in_the_order_of_the_file_and_say_what_each_comes_to():
    problems = [Problem("Thiếu.", row=9), Notice("Không dùng.", row=3), Notice("Nhãn lạ.", row=5)]
    lines = lines_of([ITEM], {"A-1": Outcome.NEW}, {"A-1": ("", 5)}, problems, {("", 9): "Câu hỏng?"})
    assert [(line.outcome, line.spot[1]) for line in lines] == [
        (Outcome.NOTED, 3), (Outcome.NEW, 5), (Outcome.REJECTED, 9),
    ]  # fmt: skip
    assert lines[1].cautions == (problems[2],)
    assert lines[2].problems == (problems[0],) and lines[2].stem == "Câu hỏng?"


@pytest.mark.parametrize(
    "changes, cautioned",
    [
        ({}, []),
        ({"rationale": ""}, ["rationale"]),
        ({"rationale": "", "feedback": ("", "Sai vì thế.")}, []),
        ({"options": ("Một", "Cả a và b")}, ["keep_order"]),
    ],
)
def test_what_should_be_looked_at_again_is_said_of_questions_that_come_in(changes, cautioned):
    item = replace(ITEM, **changes)
    (line,) = lines_of([item], {"A-1": Outcome.CHANGED}, {"A-1": ("", 1)}, [], {})
    assert [problem.field for problem in line.cautions] == cautioned
    (same,) = lines_of([item], {"A-1": Outcome.UNCHANGED}, {"A-1": ("", 1)}, [], {})
    assert same.cautions == ()
