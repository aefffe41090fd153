"""Questions of foreign files: what they lack is filled in, their codes stay the same, and doubles are seen."""

import unicodedata
from dataclasses import replace

import pytest

from quiz.core.items import BankDraft, Difficulty, DocumentDraft, Kind, Level, Part, Status, TopicDraft, check
from quiz.core.questions import (
    UNCITED,
    Defaults,
    Notice,
    QuestionDraft,
    as_bank,
    code_named,
    completed,
    generated_code,
    question_of,
    with_true_false,
)

BANK = BankDraft(
    "thu", "Ngân hàng thử", (TopicDraft("chi-bo", "Chi bộ"), TopicDraft("dv", "Đảng viên")),
    (DocumentDraft("DLD", "Điều lệ Đảng"),),
)  # fmt: skip
DEFAULTS = Defaults("DLD", "dv", Level.APPLY, prefix="TL", intended_difficulty=Difficulty.EASY)
BARE = QuestionDraft("Chi bộ họp khi nào?", Kind.SINGLE, ("Hằng tháng", "Hằng quý"), (0,), row=4)


def test_what_the_file_lacks_comes_from_the_import_page():
    item = completed(BARE, DEFAULTS, BANK)
    assert (item.document, item.topic, item.level, item.part) == ("DLD", "dv", Level.APPLY, Part.EXAM)
    assert (item.reference, item.status, item.intended_difficulty) == (UNCITED, Status.DRAFT, Difficulty.EASY)
    assert (item.stem, item.options, item.key, item.row) == (BARE.stem, BARE.options, BARE.key, 4)
    assert check(item) == []


def test_what_the_file_says_is_kept():
    said = replace(
        BARE, code="A-1", document="DLD", reference="Điều 24", topic="chi-bo", level=Level.REMEMBER,
        part=Part.PRACTICE, intended_difficulty=Difficulty.HARD, status=Status.APPROVED, keep_last=True,
    )  # fmt: skip
    item = completed(said, DEFAULTS, BANK)
    assert (item.code, item.reference, item.topic) == ("A-1", "Điều 24", "chi-bo")
    assert (item.level, item.part, item.intended_difficulty) == (
        Level.REMEMBER,
        Part.PRACTICE,
        Difficulty.HARD,
    )
    assert (item.status, item.keep_last) == (Status.APPROVED, True)
    assert question_of(item) == replace(said, keep_order=False)


# (what the file says, the code it means)
NAMES = {"chi-bo": "chi-bo", "Chi bộ": "chi-bo", "CHI BỘ": "chi-bo", "dang vien": "dv", "Kỷ luật": "", "": ""}


@pytest.mark.parametrize("name", NAMES)
def test_a_topic_is_known_by_its_code_or_its_title(name):
    assert code_named(name, BANK.topics) == NAMES[name]


def test_a_code_made_here_follows_from_kind_stem_and_options_only():
    code = generated_code("TL", BARE)
    assert code.startswith("TL-") and len(code) == 13
    decomposed = replace(
        BARE, stem=unicodedata.normalize("NFD", BARE.stem), row=9, key=(1,), rationale="Vì thế."
    )
    assert generated_code("TL", decomposed) == code
    others = [
        replace(BARE, stem="Khác"),
        replace(BARE, kind=Kind.MULTIPLE),
        replace(BARE, options=("a", "b")),
    ]
    assert len({code, *(generated_code("TL", other) for other in others)}) == 4


# (options, key) → key of the true/false question, None: it stays as it is
PAIRS = {
    "right is true": (("Đúng", "Sai"), (0,), (0,)),
    "right is false": (("Đúng", "Sai"), (1,), (1,)),
    "the other way round": (("Sai", "Đúng"), (0,), (1,)),
    "in English": (("True.", "False."), (0,), (0,)),
    "three options": (("Đúng", "Sai", "Không rõ"), (0,), None),
    "other words": (("Có", "Không"), (0,), None),
    "twice the same": (("Đúng", "Đúng"), (0,), None),
    "no key": (("Đúng", "Sai"), (), None),
}


@pytest.mark.parametrize("case", PAIRS)
def test_a_choice_between_right_and_wrong_is_a_true_false_question(case):
    options, key, expected = PAIRS[case]
    question = with_true_false(replace(BARE, options=options, key=key))
    assert (question.kind is Kind.TRUE_FALSE) == (expected is not None)
    assert question.key == (expected or key)


def test_the_words_on_a_right_or_wrong_option_become_the_rationale():
    said = replace(BARE, options=("Đúng", "Sai"), feedback=("", "Vì Điều 24."))
    assert with_true_false(said).rationale == "Vì Điều 24."
    assert with_true_false(replace(said, rationale="Điều 5.")).rationale == "Điều 5. Vì Điều 24."


def test_questions_become_the_items_of_the_bank_and_its_topics_stay():
    bank, problems = as_bank([BARE, replace(BARE, stem="Câu khác?", row=9)], DEFAULTS, BANK)
    assert problems == []
    assert (bank.code, bank.topics, [item.row for item in bank.items]) == ("thu", BANK.topics, [4, 9])


def test_a_question_that_is_wrong_is_left_out_and_named_with_its_place():
    bank, problems = as_bank(
        [BARE, replace(BARE, stem="Khác?", key=(), place="Trang 1", row=9)], DEFAULTS, BANK
    )
    assert len(bank.items) == 1
    assert [(problem.place, problem.row, problem.field) for problem in problems] == [("Trang 1", 9, "key")]


def test_a_name_the_bank_does_not_know_is_said_once_and_bars_nothing():
    strange = [replace(BARE, stem=f"Câu {n}?", topic="Kỷ luật", document="QĐ 9") for n in range(3)]
    bank, problems = as_bank(strange, DEFAULTS, BANK)
    assert {item.topic for item in bank.items} == {"dv"}
    assert [(type(problem), problem.values) for problem in problems] == [
        (Notice, {"name": "Kỷ luật", "count": 3}),
        (Notice, {"name": "QĐ 9", "count": 3}),
    ]


def test_the_same_question_twice_is_taken_once():
    bank, problems = as_bank([BARE, replace(BARE, row=8)], DEFAULTS, BANK)
    assert len(bank.items) == 1
    assert [(type(problem), problem.row, problem.values) for problem in problems] == [
        (Notice, 8, {"first": 4})
    ]


@pytest.mark.parametrize(
    ("again", "words"),
    [
        (replace(BARE, key=(1,)), "khác đáp án"),
        (replace(BARE, stem="Khác?", code=generated_code("TL", BARE)), "đã dùng cho câu"),
    ],
)
def test_the_same_code_for_something_else_is_a_fault(again, words):
    bank, problems = as_bank([BARE, again], DEFAULTS, BANK)
    assert len(bank.items) == 1
    assert type(problems[0]) is not Notice and words in problems[0].message
