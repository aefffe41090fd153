"""What a question must be before it may enter the bank, and what would read wrongly on a shuffled paper."""

from dataclasses import replace
from datetime import date

import pytest

from quiz.core.errors import Problem
from quiz.core.items import (
    Difficulty,
    ExpectedPoint,
    ItemDraft,
    Kind,
    Level,
    Outcome,
    Part,
    Reading,
    Status,
    check,
    fingerprint,
    is_valid_on,
    warnings,
)

SINGLE = ItemDraft(
    code="DL-001",
    document="dieu-le",
    reference="Điều 10, khoản 2",
    topic="to-chuc",
    level=Level.REMEMBER,
    kind=Kind.SINGLE,
    stem="Nhiệm kỳ của chi bộ là mấy năm?",
    options=("Một năm", "Hai năm", "Ba năm", "Năm năm"),
    key=(2,),
    row=14,
)
MULTIPLE = replace(SINGLE, kind=Kind.MULTIPLE, key=(0, 2))
TRUE_FALSE = replace(SINGLE, kind=Kind.TRUE_FALSE, options=("Đúng", "Sai"), key=(1,))
POINTS = (ExpectedPoint("Nêu đúng thẩm quyền.", 400), ExpectedPoint("Nêu đúng trình tự.", 600))
ORAL = replace(SINGLE, kind=Kind.ORAL, options=(), key=(), points=POINTS)
DAY = date(2023, 2, 25)


@pytest.mark.parametrize(
    ("what", "item"),
    [
        ("a single choice", SINGLE),
        ("a multiple choice", MULTIPLE),
        ("a multiple choice with one key", replace(MULTIPLE, key=(3,))),
        ("a multiple choice whose options are all keys", replace(MULTIPLE, key=(0, 1, 2, 3))),
        ("keys in any order", replace(MULTIPLE, key=(2, 0))),
        ("true or false", TRUE_FALSE),
        ("two options", replace(SINGLE, options=("Có", "Không"), key=(0,))),
        ("six options", replace(SINGLE, options=tuple("ABCDEF"), key=(5,))),
        ("a rationale", replace(SINGLE, rationale="Theo khoản 2 Điều 10.")),
        ("valid for one day", replace(SINGLE, valid_from=DAY, valid_to=DAY)),
        ("valid with open ends", replace(SINGLE, valid_from=DAY)),
        ("valid until a day", replace(SINGLE, valid_to=DAY)),
        ("the longest code", replace(SINGLE, code="x" * 40)),
        ("the longest topic", replace(SINGLE, topic="x" * 60)),
        ("the longest document", replace(SINGLE, document="x" * 200)),
        ("the longest reference", replace(SINGLE, reference="x" * 200)),
        ("the longest stem", replace(SINGLE, stem="x" * 2_000)),
        ("the longest option", replace(SINGLE, options=("x" * 600, "y", "z"))),
        ("the longest rationale", replace(SINGLE, rationale="x" * 4_000)),
        ("oral", ORAL),
        (
            "oral with one point and the smallest marks",
            replace(ORAL, points=(ExpectedPoint("Nêu đúng.", 1),)),
        ),
        ("feedback for every option", replace(SINGLE, feedback=("a", "b", "c", "d"))),
        ("feedback for some options", replace(SINGLE, feedback=("a", "", "", "d"))),
        ("feedback on true or false", replace(TRUE_FALSE, feedback=("a", ""))),
        ("the longest feedback", replace(SINGLE, feedback=("x" * 600, "", "", ""))),
        ("an estimate", replace(SINGLE, intended_difficulty=Difficulty.HARD)),
    ],
)
def test_an_item_without_fault_may_enter_the_bank(what, item):
    assert check(item) == [], what


EMPTY = "Chưa có nội dung. Hãy điền mục này."
TOO_LONG = "Dài quá %d ký tự. Hãy rút gọn."
NO_SUCH_OPTION = "Đáp án chỉ vào phương án không có. Hãy sửa lại."
ONE_KEY = "Loại câu này chỉ có đúng một đáp án. Hãy sửa đáp án hoặc đổi loại câu."
TWINS = "Có hai phương án giống nhau. Hãy sửa một phương án."
NOT_DECLARED = "Câu Đúng/Sai không khai phương án. Hãy bỏ mục này."
FEEDBACK = "Lời giải thích phải đi với từng phương án. Hãy xem lại mục này."
NO_POINTS = "Chỉ câu vấn đáp mới có các ý cần trả lời. Hãy bỏ mục này."
BLANK_POINT = "Có ý cần trả lời bỏ trống. Hãy điền hoặc xóa ý đó."
MARKS = "Điểm của mỗi ý phải lớn hơn 0. Hãy sửa lại."
NO_KEY = "Câu vấn đáp không có đáp án để chọn. Hãy bỏ mục này, ghi các ý cần trả lời."
LONG_OPTION = "Phương án dài quá 600 ký tự. Hãy rút gọn."
BLANK = "Có phương án bỏ trống. Hãy điền hoặc xóa phương án đó."
DATES = "Ngày hết hiệu lực không được trước ngày có hiệu lực. Hãy sửa lại."


@pytest.mark.parametrize(
    ("item", "field", "sentence"),
    [
        (replace(SINGLE, code=""), "code", EMPTY),
        (replace(SINGLE, document=""), "document", EMPTY),
        (replace(SINGLE, reference=" "), "reference", EMPTY),
        (replace(SINGLE, topic=""), "topic", EMPTY),
        (replace(SINGLE, stem="\n"), "stem", EMPTY),
        (replace(SINGLE, code="x" * 41), "code", TOO_LONG % 40),
        (replace(SINGLE, topic="x" * 61), "topic", TOO_LONG % 60),
        (replace(SINGLE, document="x" * 201), "document", TOO_LONG % 200),
        (replace(SINGLE, reference="x" * 201), "reference", TOO_LONG % 200),
        (replace(SINGLE, stem="x" * 2_001), "stem", TOO_LONG % 2_000),
        (replace(SINGLE, rationale="x" * 4_001), "rationale", TOO_LONG % 4_000),
        (replace(SINGLE, valid_from=DAY, valid_to=date(2023, 2, 24)), "valid_to", DATES),
        (replace(SINGLE, options=("Có",), key=(0,)), "options", "Cần từ 2 đến 6 phương án, hiện có 1."),
        (replace(SINGLE, options=tuple("ABCDEFG")), "options", "Cần từ 2 đến 6 phương án, hiện có 7."),
        (replace(SINGLE, options=("Có", " ", "Không")), "options", BLANK),
        (replace(SINGLE, options=("x" * 601, "y", "z")), "options", LONG_OPTION),
        (replace(SINGLE, options=("Có", "Không", "Có")), "options", TWINS),
        (replace(SINGLE, options=("Có", "Không", " có ")), "options", TWINS),
        (replace(TRUE_FALSE, options=("Có", "Không")), "options", NOT_DECLARED),
        (replace(TRUE_FALSE, options=("Sai", "Đúng")), "options", NOT_DECLARED),
        (replace(SINGLE, key=()), "key", "Chưa có đáp án. Hãy ghi phương án đúng."),
        (replace(SINGLE, key=(4,)), "key", NO_SUCH_OPTION),
        (replace(SINGLE, key=(-1,)), "key", NO_SUCH_OPTION),
        (replace(TRUE_FALSE, key=(2,)), "key", NO_SUCH_OPTION),
        (replace(MULTIPLE, key=(1, 1)), "key", "Đáp án ghi trùng. Hãy ghi mỗi phương án một lần."),
        (replace(SINGLE, key=(0, 1)), "key", ONE_KEY),
        (replace(TRUE_FALSE, key=(0, 1)), "key", ONE_KEY),
        (replace(SINGLE, feedback=("a", "b")), "feedback", FEEDBACK),
        (replace(ORAL, feedback=("a",)), "feedback", FEEDBACK),
        (replace(SINGLE, feedback=("x" * 601, "", "", "")), "feedback", TOO_LONG % 600),
        (replace(SINGLE, points=POINTS), "points", NO_POINTS),
        (replace(TRUE_FALSE, points=POINTS), "points", NO_POINTS),
        (replace(ORAL, points=()), "points", "Chưa có ý cần trả lời. Hãy ghi từng ý kèm số điểm."),
        (replace(ORAL, points=(ExpectedPoint(" ", 5),)), "points", BLANK_POINT),
        (replace(ORAL, points=(*POINTS, ExpectedPoint("x", 0))), "points", MARKS),
        (replace(ORAL, points=(*POINTS, ExpectedPoint("x", -1))), "points", MARKS),
        (replace(ORAL, points=(ExpectedPoint("x" * 601, 5),)), "points", TOO_LONG % 600),
        (
            replace(ORAL, options=("Có", "Không")),
            "options",
            "Câu vấn đáp không có phương án. Hãy bỏ mục này.",
        ),
        (replace(ORAL, key=(0,)), "key", NO_KEY),
    ],
)
def test_an_item_is_refused_with_its_row_its_field_and_a_sentence(item, field, sentence):
    assert [(p.row, p.field, p.message % p.values) for p in check(item)] == [(14, field, sentence)]


def test_every_fault_of_an_item_is_named_at_once():
    wrong = replace(SINGLE, code="", stem="", options=("", ""), key=(), rationale="x" * 4_001)
    fields = [problem.field for problem in check(wrong)]
    assert fields == ["code", "stem", "rationale", "options", "options", "key"]


def test_an_item_from_a_form_has_no_row():
    assert check(replace(SINGLE, key=(), row=0))[0].row is None


# Wording that breaks when options are shuffled

KEEP_ORDER = "Có phương án nhắc đến phương án khác. Hãy chọn giữ nguyên thứ tự phương án."
KEEP_LAST = "Phương án cuối nhắc đến các phương án trên. Hãy chọn giữ phương án cuối ở cuối."


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        ("Cả ba nguyên tắc trên", KEEP_LAST),
        ("Tất cả các phương án trên.", KEEP_LAST),
        ("Cả ba ý trên đều đúng", KEEP_LAST),
        ("Không có phương án nào nêu trên", KEEP_LAST),
        ("Các nội dung đã nêu", KEEP_LAST),
        ("Cả a, b, c đều đúng", KEEP_ORDER),
        ("Cả A và B", KEEP_ORDER),
        ("a hoặc c", KEEP_ORDER),
        ("A; B; C", KEEP_ORDER),
    ],
)
def test_options_that_speak_of_other_options_are_warned_about(last, sentence):
    item = replace(SINGLE, options=("Một", "Hai", "Ba", last))
    assert [(p.message, p.row) for p in warnings(item)] == [(sentence, 14)]
    assert check(item) == []


@pytest.mark.parametrize(
    ("what", "item"),
    [
        ("plain options", SINGLE),
        ("a cited point of a clause", replace(SINGLE, options=("Điểm a, b khoản 2", "Điểm c khoản 2"))),
        ("the word above in its usual sense", replace(SINGLE, options=("Cấp ủy cấp trên", "Chi ủy"))),
        ("the level above", replace(SINGLE, options=("Chi ủy", "Không được báo cáo lên cấp trên"), key=(0,))),
        ("the usual sense, after all", replace(SINGLE, options=("Các cấp ủy cấp trên trực tiếp", "Chi ủy"))),
        ("all members, not all options", replace(SINGLE, options=("Tất cả đảng viên", "Chi ủy"))),
        ("the order is kept", replace(SINGLE, options=("Một", "Hai", "Cả a và b"), keep_order=True)),
        ("the last is kept", replace(SINGLE, options=("Một", "Hai", "Cả hai ý trên"), keep_last=True)),
        ("true or false", replace(TRUE_FALSE, stem="Cả a và b đều đúng, theo các ý trên?")),
        ("oral", ORAL),
    ],
)
def test_ordinary_wording_and_kept_orders_need_no_warning(what, item):
    assert warnings(item) == [], what


@pytest.mark.parametrize("keep_last", [False, True])
def test_those_above_must_stand_last_or_the_whole_order_be_kept(keep_last):
    item = replace(SINGLE, options=("Một", "Hai", "Cả hai ý trên", "Ba"), keep_last=keep_last)
    assert [(p.field, p.message) for p in warnings(item)] == [("keep_order", KEEP_ORDER)]


def test_keeping_only_the_last_is_not_enough_for_letters():
    item = replace(SINGLE, options=("Một", "Hai", "Ba", "Cả a và c"), keep_last=True)
    assert [p.field for p in warnings(item)] == ["keep_order"]


# Whether an item changed


@pytest.mark.parametrize(
    "change",
    [
        {"document": "huong-dan"},
        {"reference": "Điều 11"},
        {"topic": "ky-luat"},
        {"level": Level.APPLY},
        {"kind": Kind.SINGLE},
        {"stem": "Nhiệm kỳ chi bộ?"},
        {"options": ("Hai năm", "Một năm", "Ba năm", "Năm năm")},
        {"key": (0, 1)},
        {"rationale": "Theo khoản 2."},
        {"part": Part.PRACTICE},
        {"keep_order": True},
        {"keep_last": True},
        {"valid_from": DAY},
        {"valid_to": DAY},
        {"intended_difficulty": Difficulty.EASY},
        {"feedback": ("", "Chưa đủ.", "", "")},
        {"points": POINTS},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_a_reader_could_see_changes_the_fingerprint(change):
    assert fingerprint(replace(MULTIPLE, **change)) != fingerprint(MULTIPLE)


@pytest.mark.parametrize(
    "change",
    [
        {"row": 99},
        {"key": (2, 0)},
        {"status": Status.APPROVED},
        {"code": "DL-002"},
        {"feedback": ("", "", "", "")},
        {"reviewed": Reading(DAY, "Lò Thị Thử", Outcome.AGREED)},
    ],
    ids=str,
)
def test_what_no_reader_sees_leaves_the_fingerprint_alone(change):
    assert fingerprint(replace(MULTIPLE, **change)) == fingerprint(MULTIPLE)


def test_what_is_stored_since_the_first_release_keeps_its_fingerprint():
    assert fingerprint(SINGLE) == "54aa38b0228214d844913fa68176b672a65548a45bda581271ac7716a48a7382"
    assert fingerprint(MULTIPLE) == "aeb0baaaa52ae28fba38f994a9a958d84941ddf01aa145deef4327f43d05d541"


@pytest.mark.parametrize(
    "points", [POINTS[::-1], POINTS[:1], (POINTS[0], ExpectedPoint(POINTS[1].text, 500))]
)
def test_other_points_or_marks_change_the_fingerprint(points):
    assert fingerprint(replace(ORAL, points=points)) != fingerprint(ORAL)


def test_the_two_ends_of_validity_are_not_mixed_up():
    assert fingerprint(replace(SINGLE, valid_from=DAY)) != fingerprint(replace(SINGLE, valid_to=DAY))


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "valid"),
    [
        (None, None, True),
        (DAY, None, True),
        (date(2023, 2, 26), None, False),
        (None, DAY, True),
        (None, date(2023, 2, 24), False),
        (DAY, DAY, True),
        (date(2022, 1, 1), date(2023, 2, 24), False),
        (date(2023, 2, 26), date(2024, 1, 1), False),
    ],
)
def test_validity_includes_both_its_ends(valid_from, valid_to, valid):
    assert is_valid_on(valid_from, valid_to, DAY) is valid


def test_a_problem_reads_as_place_row_field_and_sentence():
    problem = Problem(EMPTY, place="dieu-le.yaml", row=14, field="stem")
    assert str(problem) == "dieu-le.yaml, 14, stem: Chưa có nội dung. Hãy điền mục này."
