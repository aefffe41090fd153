"""Word files of questions read as organizers really have them: no key is ever guessed, no question silently lost."""

import random
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from docx import Document

from quiz.core.items import Difficulty, Kind, Level, Part
from quiz.core.questions import Notice
from quiz.files.bank_yaml import read_bank
from quiz.files.word_reading import read_word
from tests.files.office_word import (
    HABITS,
    add,
    blue,
    bold,
    highlighted,
    listed,
    offered,
    red,
    saved,
    underlined,
    with_list,
)
from tests.files.rough_word import roughened

BANKS = Path(__file__).parents[2] / "questions"


@cache
def bank_items():
    """Return the items of the shipped banks that have options."""
    items = []
    for path in sorted(BANKS.glob("*.yaml")):
        draft, _ = read_bank(path.read_bytes(), path.name)
        items += [item for item in draft.items if item.kind is not Kind.ORAL] if draft else []
    return items


def drawn(name):
    """Return a hundred items and the chance that goes with a name."""
    chance = random.Random(name)
    return chance.sample(bank_items(), 100), chance


def wrong(questions, items):
    """Return the questions whose words, kind, options or key are not those of the item they were made from."""
    by_stem = {item.stem: item for item in items}
    return [
        question
        for question in questions
        if question.stem not in by_stem
        or (question.kind, question.options, question.key)
        != (by_stem[question.stem].kind, offered(by_stem[question.stem]).options, by_stem[question.stem].key)
    ]


def stopping(problems):
    return [problem for problem in problems if not isinstance(problem, Notice)]


def sentences(problems):
    return [problem.message % problem.values for problem in problems]


@pytest.mark.long
@pytest.mark.parametrize("habit", HABITS)
def test_a_hundred_questions_made_the_way_an_office_makes_them_are_read_with_no_wrong_key(habit):
    items, chance = drawn(habit)

    questions, problems = read_word(HABITS[habit](items, chance))

    assert wrong(questions, items) == []
    assert len(questions) >= 98  # the odd question may be unclear on paper too, and then is reported
    assert len(questions) + len({problem.field for problem in stopping(problems)}) == 100


@pytest.mark.long
@pytest.mark.parametrize("habit", HABITS)
def test_what_word_leaves_in_the_xml_makes_no_key_wrong_and_loses_no_question_silently(habit):
    items, chance = drawn(f"rough {habit}")

    questions, problems = read_word(roughened(HABITS[habit](items, chance), chance))

    assert wrong(questions, items) == []
    assert len(questions) >= 85
    assert len(questions) + len({problem.field for problem in stopping(problems)}) == 100


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_a_file_half_of_whose_keys_were_spoilt_has_every_spoilt_question_reported(seed):
    items, chance = drawn(f"spoilt {seed}")
    singles = [item for item in items if item.kind is Kind.SINGLE]
    document, spoilt = Document(), set()
    for number, item in enumerate(singles, start=1):
        document.add_paragraph(f"Câu {number}. {item.stem}")
        how = chance.choice(["right", "right", "none", "two", "differ", "all"])
        other = (item.key[0] + 1) % 4
        marked = {
            "right": item.key,
            "differ": item.key,
            "two": (*item.key, other),
            "none": (),
            "all": range(4),
        }[how]
        for place, option in enumerate(item.options):
            paragraph = document.add_paragraph()
            add(paragraph, f"{'ABCD'[place]}. {option}", *([bold] if place in marked else []))
        if how == "differ":
            document.add_paragraph(f"Đáp án: {'ABCD'[other]}")
        spoilt |= {f"Câu {number}"} if how != "right" else set()

    questions, problems = read_word(saved(document))

    assert wrong(questions, singles) == []
    assert {problem.field for problem in stopping(problems)} == spoilt
    assert len(questions) == len(singles) - len(spoilt)


def word(*lines):
    """Return a document of these lines: a text, or pieces (text, looks…) of one paragraph."""
    document = Document()
    for line in lines:
        paragraph = document.add_paragraph()
        for piece in [(line,)] if isinstance(line, str) else line:
            add(paragraph, *piece)
    return saved(document)


def read_one(*lines):
    """Return the one question these lines hold, read without a problem."""
    questions, problems = read_word(word(*lines))
    assert stopping(problems) == []
    [question] = questions
    return question


OPTIONS = ("A. một", "B. hai", "C. ba", "D. bốn")
KEYED = (*OPTIONS, "Đáp án: B")

BEGINNINGS = {
    "a full stop": "Câu 1. Đâu là đúng?",
    "a colon": "Câu 1: Đâu là đúng?",
    "a bracket": "Câu 1) Đâu là đúng?",
    "a stroke": "Câu 1/ Đâu là đúng?",
    "a dash": "Câu 1 - Đâu là đúng?",
    "no sign": "Câu 1 Đâu là đúng?",
    "capitals": "CÂU 1. Đâu là đúng?",
    "a zero": "Câu 01: Đâu là đúng?",
    "two words": "Câu hỏi 1: Đâu là đúng?",
    "the word number": "Câu số 1. Đâu là đúng?",
    "points": "Câu 1 (0,25 điểm). Đâu là đúng?",
    "points after the sign": "Câu 1. (1 điểm) Đâu là đúng?",
    "a number": "1. Đâu là đúng?",
    "a number and a bracket": "1) Đâu là đúng?",
    "a number and a stroke": "1/ Đâu là đúng?",
    "a space too many": "  Câu  1 .  Đâu là đúng?",
    "no space": "Câu 1.Đâu là đúng?",
    "decomposed letters": unicodedata.normalize("NFD", "Câu 1. Đâu là đúng?"),
    "a no-break space": "Câu\u00a01.\u00a0Đâu là đúng?",
}


@pytest.mark.parametrize("line", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_a_question_may_begin_with(line):
    question = read_one(line, *KEYED)

    assert (question.stem, question.options, question.key) == (
        "Đâu là đúng?",
        ("một", "hai", "ba", "bốn"),
        (1,),
    )


LETTERED = {
    "full stops": ("A. một", "B. hai", "C. ba"),
    "no space": ("A.một", "B.hai", "C.ba"),
    "brackets": ("A) một", "B) hai", "C) ba"),
    "both brackets": ("(A) một", "(B) hai", "(C) ba"),
    "colons": ("A: một", "B: hai", "C: ba"),
    "dashes": ("A - một", "B - hai", "C - ba"),
    "small letters and strokes": ("a/ một", "b/ hai", "c/ ba"),
    "small letters and brackets": ("a) một", "b) hai", "c) ba"),
    "two on a line": ("A. một\tB. hai", "C. ba"),
    "two on a line, spaces": ("A. một      B. hai", "C. ba"),
    "two on a line, one space": ("A. một B. hai", "C. ba"),
    "all on a line": ("A. một\tB. hai\tC. ba",),
    "all on a line, one space": ("A. một B. hai C. ba",),
    "a letter and its words in two paragraphs": ("A.", "một", "B. hai", "C. ba"),
    "a second paragraph inside": ("A. một", "B.", "hai", "C. ba"),
}


@pytest.mark.parametrize("lines", LETTERED.values(), ids=LETTERED.keys())
def test_options_may_be_written_with(lines):
    assert read_one("Câu 1. Đâu?", *lines, "Đáp án: B").options == ("một", "hai", "ba")


INITIALS = {
    "a name with an initial": (
        ("A. C. Mác", "B. V.I. Lênin", "C. Ph. Ăngghen"), ("C. Mác", "V.I. Lênin", "Ph. Ăngghen")),
    "such a name on one line": (("A. Lênin\tB. C. Mác\tC. Hồ Chí Minh",), ("Lênin", "C. Mác", "Hồ Chí Minh")),
    "five, lettered the Vietnamese way": (
        ("a) một", "b) hai", "c) ba", "d) bốn", "đ) năm"), ("một", "hai", "ba", "bốn", "năm")),
    "a cited point": (
        ("A. Điểm a. khoản 1", "B. Điểm b. khoản 2", "C. Điểm c. khoản 3"),
        ("Điểm a. khoản 1", "Điểm b. khoản 2", "Điểm c. khoản 3"),
    ),
    "a number alone": (("A. 5", "B. 7", "C. 9"), ("5", "7", "9")),
    "a day that could stand over a signature": (
        ("A. Ngày 03 tháng 2 năm 1930", "B. Ngày 19 tháng 5 năm 1890", "C. Ngày 02 tháng 9 năm 1945"),
        ("Ngày 03 tháng 2 năm 1930", "Ngày 19 tháng 5 năm 1890", "Ngày 02 tháng 9 năm 1945")),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "options"), INITIALS.values(), ids=INITIALS.keys())
def test_letters_inside_an_option_are_not_taken_for_options(lines, options):
    assert read_one("Câu 1. Ai?", *lines, "Đáp án: B").options == options


def marked(*looks, on="whole"):
    """Return four options whose second carries these looks."""
    letter, words = ("B. ", looks), ("hai", looks)
    if on == "letter":
        words = ("hai", ())
    return ("A. một", [(letter[0], *letter[1]), (words[0], *words[1])], "C. ba", "D. bốn")


MARKS = {
    "bold": marked(bold),
    "underline": marked(underlined),
    "red": marked(red),
    "another colour": marked(blue),
    "highlight": marked(highlighted),
    "a bold letter": marked(bold, on="letter"),
    "an underlined letter": marked(underlined, on="letter"),
    "a red letter": marked(red, on="letter"),
    "several at once": marked(bold, red, underlined),
    "an asterisk before": ("A. một", "*B. hai", "C. ba"),
    "an asterisk and a space before": ("A. một", "* B. hai", "C. ba"),
    "an asterisk after the letter": ("A. một", "B*. hai", "C. ba"),
    "an asterisk before the words": ("A. một", "B. *hai", "C. ba"),
    "an asterisk after": ("A. một", "B. hai*", "C. ba"),
    "an asterisk in brackets": ("A. một", "B. hai (*)", "C. ba"),
    "a tick": ("A. một", "B. hai ✓", "C. ba"),
    "a line": ("A. một", "B. hai", "C. ba", "Đáp án: B"),
    "a line in small letters": ("A. một", "B. hai", "C. ba", "Đáp án: b"),
    "a line with a full stop": ("A. một", "B. hai", "C. ba", "ĐÁP ÁN: B."),
    "a line without a colon": ("A. một", "B. hai", "C. ba", "Đáp án B"),
    "a line in other words": ("A. một", "B. hai", "C. ba", "Đáp án đúng là: B"),
    "a line with the words of the option": ("A. một", "B. hai", "C. ba", "Đáp án: B. hai"),
    "a line with the words alone": ("A. một", "B. hai", "C. ba", "Đáp án: hai"),
    "a line over the letter": ("A. một", "B. hai", "C. ba", "Đáp án:", "B"),
    "a line that says choose": ("A. một", "B. hai", "C. ba", "=> Chọn B"),
    "a line with a short label": ("A. một", "B. hai", "C. ba", "ĐA: B"),
    "a list": ("A. một", "B. hai", "C. ba", "ĐÁP ÁN", "1. B"),
    "a list of two lines each": ("A. một", "B. hai", "C. ba", "ĐÁP ÁN", "Câu 1:", "Đáp án: B"),
    "a list in a line": ("A. một", "B. hai", "C. ba", "Đáp án: 1-B"),
    "a list with reasons": (
        "A. một",
        "B. hai",
        "C. ba",
        "HƯỚNG DẪN CHẤM VÀ ĐÁP ÁN",
        "Câu 1: B. Vì hai là hai.",
    ),
}


@pytest.mark.parametrize("lines", MARKS.values(), ids=MARKS.keys())
def test_the_key_may_be_told_by(lines):
    question = read_one("Câu 1. Đâu?", *lines)

    assert (question.kind, question.key, question.options[1]) == (Kind.SINGLE, (1,), "hai")


MULTIPLE = {
    "a line": ("Câu 1. Đâu?", *OPTIONS, "Đáp án: A, C"),
    "a line with a word": ("Câu 1. Đâu?", *OPTIONS, "Đáp án: A và C"),
    "a line without signs": ("Câu 1. Đâu?", *OPTIONS, "Đáp án: AC"),
    "asterisks": ("Câu 1. Đâu?", "*A. một", "B. hai", "*C. ba", "D. bốn"),
    "looks, where the question asks for several": (
        "Câu 1. Đâu? Chọn tất cả các phương án đúng.", [("A. một", bold)], "B. hai", [("C. ba", bold)], "D. bốn"),
    "a list": ("Câu 1. Đâu?", *OPTIONS, "Đáp án: 1-AC"),
}  # fmt: skip


@pytest.mark.parametrize("lines", MULTIPLE.values(), ids=MULTIPLE.keys())
def test_several_right_options_may_be_told_by(lines):
    question = read_one(*lines)

    assert (question.kind, question.key) == (Kind.MULTIPLE, (0, 2))


@pytest.mark.parametrize(("lines", "key"), [
    (("Câu 1. Đúng hay sai?", "A. Đúng", "B. Sai", "Đáp án: B"), (1,)),
    (("Câu 1. Đúng hay sai?", "A. Sai", "B. Đúng", "Đáp án: B"), (0,)),
    (("Câu 1. Chi bộ họp mỗi tháng.", "Đáp án: Đúng"), (0,)),
    (("Câu 1. Chi bộ họp mỗi tuần.", "Đáp án: Sai (Điều 22)"), (1,)),
])  # fmt: skip
def test_a_question_between_true_and_false_is_one(lines, key):
    question = read_one(*lines)

    assert (question.kind, question.options, question.key) == (Kind.TRUE_FALSE, ("Đúng", "Sai"), key)


NEVER_GUESSED = {
    "no mark": (("Câu 1. Đâu?", *OPTIONS), "Chưa thấy đáp án"),
    "everything bold": ([[(line, bold)] for line in ("Câu 1. Đâu?", *OPTIONS)], "Chưa thấy đáp án"),
    "one word stressed": (
        ("Câu 1. Đâu?", "A. một", [("B. hai ",), ("không", bold), (" phải là ba",)], "C. ba"), "Chưa thấy"),
    "a look and a line that differ": (
        ("Câu 1. Đâu?", *marked(bold), "Đáp án: C"), "chữ đậm: B; dòng đáp án: C"),
    "two looks that differ": (
        ("Câu 1. Đâu?", [("A. một", red)], [("B. hai", underlined)], "C. ba"), "gạch chân: B; chữ đỏ: A"),
    "a line and a list that differ": (
        ("Câu 1. Đâu?", *KEYED, "BẢNG ĐÁP ÁN", "1-C"), "dòng đáp án: B; bảng đáp án: C"),
    "a line whose words are another option's": (
        ("Câu 1. Đâu?", *OPTIONS, "Đáp án: B. ba"), "dòng đáp án: B; lời văn của đáp án: C"),
    "two bold options of a single question": (
        ("Câu 1. Đâu?", [("A. một", bold)], "B. hai", [("C. ba", bold)], "D. bốn"),
        "Có 2 phương án được đánh dấu (A, C)"),
    "an answer that is no option": (("Câu 1. Đâu?", *OPTIONS, "Đáp án: E"), "Đáp án E chỉ vào phương án không có"),
    "an answer that is no letter": (("Câu 1. Đâu?", *OPTIONS, "Đáp án: xem sách"), "Không hiểu đáp án “xem sách”"),
    "an answer with or": (("Câu 1. Đâu?", *OPTIONS, "Đáp án: A hoặc B"), "Không hiểu đáp án “A hoặc B”"),
    "an answer with brackets": (("Câu 1. Đâu?", *OPTIONS, "Đáp án: a) và c)"), "Không hiểu đáp án"),
    "an answer with full stops": (("Câu 1. Đâu?", *OPTIONS, "Đáp án: A.B"), "Không hiểu đáp án"),
    "an answer that means the last option": (
        ("Câu 1. Đâu?", *OPTIONS, "Đáp án: A, B, C đều đúng"), "Không hiểu đáp án"),
    "a missing letter": (("Câu 1. Đâu?", "A. một", "C. ba", "D. bốn", "Đáp án: C"), "Không tách được các phương án"),
    "no options": (("Câu 1. Nêu nhiệm vụ của chi bộ?", "Câu 2. Đâu?", *KEYED), "Không thấy phương án"),
    "options twice": (("Câu 1. Đâu?", *OPTIONS, *KEYED), "hai loạt phương án"),
    "a paragraph after the options": (
        ("Câu 1. Đâu?", *OPTIONS, "Ai biết đoạn này của câu nào", "Đáp án: A"), "Không rõ đoạn “Ai biết đoạn này"),
    "options that can be cut in two ways": (
        ("Câu 1. Ai?", "A. Lênin B. Ăngghen và C. Mác C. Hồ Chí Minh D. Lê Duẩn", "Đáp án: A"), "Không tách được"),
    "an option marked in part beside the marked one": (
        ("Câu 1. Đâu?", [("A. một hai ba ", bold), ("bốn năm", )], [("B. hai", bold)], "C. ba"), "đánh dấu một phần"),
    "text struck out": (("Câu 1. Đâu?", "A. một", [("B. hai", lambda run: setattr(run.font, "strike", True))], "C. ba",
                         "Đáp án: A"), "gạch ngang"),
    "options inside an explanation": (
        ("Câu 1. Đâu?", *KEYED, "Giải thích: vì thế", "A. x", "B. y", "C. z"), "Lời giải thích có các dòng A, B, C"),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "sentence"), NEVER_GUESSED.values(), ids=NEVER_GUESSED.keys())
def test_a_question_is_reported_and_not_guessed_where_there_is(lines, sentence):
    questions, problems = read_word(word(*lines))

    assert [question.stem for question in questions if question.stem != "Đâu?"] == []
    assert any(sentence in said for said in sentences(stopping(problems))), sentences(problems)
    assert {problem.field for problem in stopping(problems)} == {"Câu 1"}


def test_a_problem_names_the_paragraph_or_the_row_and_the_question():
    [problem] = stopping(read_word(word("ĐỀ THI", "", "Câu 7. Đâu?", *OPTIONS))[1])
    assert (problem.place, problem.row, problem.field) == ("Đoạn", 2, "Câu 7")

    document = Document()
    table = document.add_table(rows=2, cols=4)
    for cell, text in zip([c for row in table.rows for c in row.cells],
                          ["STT", "Câu hỏi", "A", "B", "3", "Đâu?", "một", "hai"], strict=True):  # fmt: skip
        cell.text = text
    [problem] = stopping(read_word(saved(document))[1])
    assert (problem.place, problem.row, problem.field) == ("Bảng 1", 2, "Câu 3")


def test_statements_inside_a_question_are_part_of_it():
    statements = ("1. ý đầu", "2. ý hai", "3. ý ba", "A. 1, 2", "B. 2, 3", "Đáp án: A")
    lines = ("1. Câu trước?", *KEYED, "2. Cho các ý: ", *statements, "3. Câu sau?", *KEYED)

    questions, problems = read_word(word(*lines))

    assert problems == []
    assert [question.stem for question in questions] == [
        "Câu trước?", "Cho các ý: 1. ý đầu 2. ý hai 3. ý ba", "Câu sau?"]  # fmt: skip


def test_small_letters_before_capitals_are_statements():
    question = read_one("Câu 1. Cho các ý:", "a) ý đầu", "b) ý hai", "A. Chỉ a", "B. Cả a và b", "Đáp án: A")

    assert (question.stem, question.options) == ("Cho các ý: a) ý đầu b) ý hai", ("Chỉ a", "Cả a và b"))


def test_a_question_without_number_between_numbered_ones_is_read():
    questions, problems = read_word(
        word("Câu 1. Đâu?", *OPTIONS, "Câu không số?", *OPTIONS, "Câu 2. Kia?", *KEYED)
    )

    assert [question.stem for question in questions] == ["Kia?"]
    assert {problem.field for problem in stopping(problems)} == {
        "Câu 1",
        "Câu 2",
    }  # the first two have no key


def test_what_is_said_below_a_question_is_carried():
    question = read_one(
        "Câu 1. Đâu?", *OPTIONS, "Đáp án: B", "Căn cứ: Điều 4, khoản 1", "Giải thích: Vì là hai.", "Không phải ba.",
        "Mã câu: DL-001", "Mức độ: thông hiểu", "Độ khó: khó", "Phần dùng: Để ôn tập", "Văn bản: DLD-2011",
    )  # fmt: skip

    assert (question.reference, question.rationale) == ("Điều 4, khoản 1", "Vì là hai. Không phải ba.")
    assert (question.code, question.document, question.part) == ("DL-001", "DLD-2011", Part.PRACTICE)
    assert (question.level, question.intended_difficulty) == (Level.UNDERSTAND, Difficulty.HARD)


def test_a_citation_after_the_letter_is_the_reference_and_a_sentence_the_rationale():
    assert read_one("Câu 1. Đâu?", *OPTIONS, "Đáp án: B (Điều 4, khoản 1)").reference == "Điều 4, khoản 1"
    assert read_one("Câu 1. Đâu?", *OPTIONS, "Đáp án: B. Vì là hai.").rationale == "Vì là hai."


def topics_of(*lines):
    questions, problems = read_word(word(*lines))
    assert stopping(problems) == []
    return [question.topic for question in questions]


def test_headings_are_topics():
    one, two = ("Câu 1. Đâu?", *KEYED), ("Câu 2. Kia?", *KEYED)

    assert topics_of([("PHẦN I. ĐẢNG VIÊN", bold)], *one, [("PHẦN II: CHI BỘ", bold)], *two) == [
        "ĐẢNG VIÊN",
        "CHI BỘ",
    ]
    assert topics_of([("Chuyên đề 1. Đảng viên", bold)], *one, *two) == ["Đảng viên", "Đảng viên"]
    assert topics_of([("I. ĐẢNG VIÊN", bold)], *one, [("II. CHI BỘ", bold)], *two) == ["ĐẢNG VIÊN", "CHI BỘ"]
    assert topics_of([("ĐẢNG VIÊN", bold)], *one, [("CHI BỘ", bold)], *two) == ["ĐẢNG VIÊN", "CHI BỘ"]
    assert topics_of([("ĐỀ THI HỘI THI", bold)], *one, *two) == ["", ""]
    assert topics_of("Chuyên đề: Đảng viên", *one, "Chuyên đề: Chi bộ", *two) == ["Đảng viên", "Chi bộ"]


def test_heading_styles_are_topics_and_numbered_headings_too():
    document = Document()
    for title, number in (("1. Đảng viên", 1), ("2. Chi bộ", 2)):
        document.add_heading(title, level=1)
        for line in (f"Câu {number}. Đâu {number}?", *KEYED):
            document.add_paragraph(line)

    questions, problems = read_word(saved(document))

    assert ([question.topic for question in questions], problems) == (["Đảng viên", "Chi bộ"], [])


def test_questions_that_are_headings_are_questions():
    document = Document()
    for number in (1, 2):
        document.add_heading(f"{number}. Đâu {number}?", level=3)
        for line in KEYED:
            document.add_paragraph(line)

    assert [question.stem for question in read_word(saved(document))[0]] == ["Đâu 1?", "Đâu 2?"]


def test_a_gap_in_the_numbers_is_told():
    _, problems = read_word(word("Câu 1. Đâu?", *KEYED, "Câu 3. Kia?", *KEYED))

    assert sentences(problems) == ["Sau câu 1 là câu 3: kiểm tra xem có thiếu câu không."]


def test_an_answer_for_a_question_that_is_not_there_is_told():
    _, problems = read_word(word("Câu 1. Đâu?", *OPTIONS, "Đáp án: 1-A, 2-B"))

    assert sentences(problems) == ["Đáp án ghi cho câu 2 nhưng không có câu này."]


def test_numbers_that_begin_anew_over_one_list_of_answers_are_not_shared_out_by_chance():
    part = [line for number in (1, 2) for line in (f"Câu {number}. Đâu?", *OPTIONS)]
    questions, problems = read_word(word(*part, *part, "Đáp án: 1-A, 2-B"))

    assert questions == []
    assert any("Có nhiều câu cùng số 1" in said for said in sentences(problems))


def test_a_restarted_list_of_word_counts_anew():
    document = Document()
    list_id = with_list(document, "%1)", "upperLetter", "%2)")
    for stem in ("Đâu?", "Kia?"):
        listed(document.add_paragraph(stem), list_id, 0)
        for place, option in enumerate(("một", "hai", "ba")):
            add(listed(document.add_paragraph(), list_id, 1), option, *([bold] if place == 2 else []))

    questions, problems = read_word(saved(document))

    assert ([(q.stem, q.options, q.key) for q in questions], problems) == (
        [("Đâu?", ("một", "hai", "ba"), (2,)), ("Kia?", ("một", "hai", "ba"), (2,))], [])  # fmt: skip


def test_a_merged_heading_over_the_letters_and_rows_of_topics_in_a_table():
    document = Document()
    table = document.add_table(rows=0, cols=6)
    rows = [["STT", "Nội dung câu hỏi", "Phương án trả lời", "", "", "Đáp án"], ["", "", "A", "B", "C", ""],
            ["I. ĐẢNG VIÊN"], ["1", "Đâu?", "một", "hai", "ba", "B"], ["2", "Kia?", "bốn", "năm", "", "A"]]  # fmt: skip
    for texts in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, texts, strict=False):
            cell.text = text
    table.cell(0, 2).merge(table.cell(0, 4))
    table.cell(2, 0).merge(table.cell(2, 5))

    questions, problems = read_word(saved(document))

    assert stopping(problems) == []
    assert [(q.topic, q.stem, q.options, q.key) for q in questions] == [
        ("ĐẢNG VIÊN", "Đâu?", ("một", "hai", "ba"), (1,)), ("ĐẢNG VIÊN", "Kia?", ("bốn", "năm"), (0,))]  # fmt: skip


def test_a_table_without_headings_is_read_by_what_its_columns_hold():
    document = Document()
    table = document.add_table(rows=0, cols=6)
    for texts in (["1", "Đâu?", "một", "hai", "ba", "B"], ["2", "Kia?", "bốn", "năm", "sáu", "C"]):
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text

    questions, _ = read_word(saved(document))

    assert [(q.stem, q.options, q.key) for q in questions] == [
        ("Đâu?", ("một", "hai", "ba"), (1,)), ("Kia?", ("bốn", "năm", "sáu"), (2,))]  # fmt: skip


OLD = {
    "TCVN3 in its font": ("Nguy\u00d4n v\u00a8n", ".VnTime", "phông cũ TCVN3 hoặc VNI"),
    "VNI in its font": ("Nguyeãn vaên", "VNI-Times", "phông cũ TCVN3 hoặc VNI"),
}


@pytest.mark.parametrize(("text", "font", "sentence"), OLD.values(), ids=OLD.keys())
def test_letters_of_old_fonts_are_refused_with_advice(text, font, sentence):
    document = Document()
    document.add_paragraph("Câu 1. ").add_run(text).font.name = font
    for line in KEYED:
        document.add_paragraph(line)

    questions, [problem] = read_word(saved(document))

    assert questions == [] and sentence in problem.message % problem.values


def test_unicode_and_plain_letters_in_an_old_font_are_read():
    document = Document()
    document.add_paragraph("Câu 1. ").add_run("Chi bộ có 3 ủy viên?").font.name = ".VnTime"
    for line in KEYED:
        document.add_paragraph(line)

    assert read_word(saved(document))[0][0].stem == "Chi bộ có 3 ủy viên?"


def test_a_look_that_always_falls_on_the_first_option_is_doubted_aloud():
    lines = [
        line for n in range(1, 7) for line in (f"Câu {n}. Đâu {n}?", [("A. một", bold)], "B. hai", "C. ba")
    ]

    questions, problems = read_word(word(*lines))

    assert len(questions) == 6 and "mọi câu đều là A" in sentences(problems)[0]


def test_a_thousand_answers_may_stand_in_one_line():
    lines = [line for n in range(1, 1_001) for line in (f"Câu {n}. Đâu {n}?", "\t".join(OPTIONS))]
    answers = "; ".join(f"{n} - {'ABCD'[n % 4]}" for n in range(1, 1_001))

    questions, problems = read_word(word(*lines, f"Đáp án: {answers}"))

    assert (len(questions), problems) == (1_000, [])
    assert all(question.key == (n % 4,) for n, question in enumerate(questions, start=1))


ENDINGS = {
    "the word end and a remark": ("--- HẾT ---", "(Cán bộ coi thi không giải thích gì thêm)"),
    "who receives and who signs": ("Nơi nhận: như trên", "T/M BAN THƯỜNG VỤ", "BÍ THƯ"),
    "a place and a day": ("Mai Sơn, ngày 05 tháng 9 năm 2026", "Người soạn", "Lò Văn An"),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS.keys())
def test_what_stands_below_the_last_question_is_told_and_spoils_nothing(ending):
    questions, problems = read_word(word("Câu 1. Đâu?", "A. một", "*B. hai", "C. ba", *ending))

    assert [question.key for question in questions] == [(1,)]
    assert problems and all(isinstance(problem, Notice) for problem in problems)


def test_a_table_of_signatures_below_the_last_option_spoils_nothing():
    document = Document()
    for line in ("Câu 1. Đâu?", "A. một", "*B. hai", "C. ba"):
        document.add_paragraph(line)
    for cell, text in zip(
        document.add_table(rows=1, cols=2).rows[0].cells, ("Lưu văn phòng", "BÍ THƯ"), strict=True
    ):
        cell.text = text

    questions, problems = read_word(saved(document))

    assert [question.options for question in questions] == [("một", "hai", "ba")]
    assert len(problems) == 2 and all(isinstance(problem, Notice) for problem in problems)


def test_a_table_of_answers_may_give_reasons():
    document = Document()
    for line in ("Câu 1. Đâu?", *OPTIONS):
        document.add_paragraph(line)
    rows = (("Câu", "Đáp án", "Căn cứ"), ("1", "B", "Điều 4, khoản 1"))
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(
        [c for row in table.rows for c in row.cells], [t for row in rows for t in row], strict=True
    ):
        cell.text = text

    [question], problems = read_word(saved(document))

    assert (question.key, question.reference, problems) == ((1,), "Điều 4, khoản 1", [])


def test_a_name_before_a_full_stop_is_not_the_first_option():
    question = read_one(
        "Câu 1. Chi bộ khiển trách đồng chí A. Cấp trên làm gì?   A. một   B. hai   C. ba", "Đáp án: B"
    )

    assert question.stem == "Chi bộ khiển trách đồng chí A. Cấp trên làm gì?"


TORN = {
    "an option of another question among the words": ("Câu 1. Đâu?", "D. lạc", *KEYED),
    "an option stuck to the one before": (
        "Câu 1. Đâu?",
        "A. một",
        "B. hai",
        "C. của cấp trênD. bốn",
        "Đáp án: A",
    ),
    "options that could begin in two places": (
        "Câu 1. Đồng chí A. B. và C. làm gì? A. một B. hai C. ba",
        "Đáp án: A",
    ),
}


@pytest.mark.parametrize("lines", TORN.values(), ids=TORN.keys())
def test_a_torn_question_is_reported(lines):
    questions, problems = read_word(word(*lines))

    assert questions == [] and "Không tách được các phương án" in sentences(stopping(problems))[0]


def test_a_question_with_fewer_options_than_all_others_is_pointed_out():
    lines = [line for n in range(1, 10) for line in (f"Câu {n}. Đâu {n}?", *KEYED)]

    questions, problems = read_word(word(*lines, "Câu 10. Đâu?", "A. một", "B. hai", "C. ba", "Đáp án: B"))

    assert len(questions) == 10
    assert [(problem.field, "thiếu phương án" in problem.message) for problem in problems] == [
        ("Câu 10", True)
    ]


def test_answers_that_may_be_shifted_against_numbers_of_word_are_not_taken():
    document = Document()
    list_id = with_list(document, "Câu %1.", "upperLetter", "%2.")
    for stem in ("Đâu?", "Kia?"):
        listed(document.add_paragraph(stem), list_id, 0)
        for option in ("một", "hai", "ba"):
            listed(document.add_paragraph(option), list_id, 1)
    document.add_paragraph("Đáp án: 1-A, 2-B, 3-C")  # a question was taken out, and Word numbered anew

    questions, problems = read_word(saved(document))

    assert questions == []
    assert sum("đáp án có thể lệch câu" in said for said in sentences(stopping(problems))) == 2
