"""Question files: every refusal names its line and field, hostile files do no harm, and nothing is lost."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from time import process_time

import pytest
from hypothesis import assume, given, settings
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
    check,
)
from quiz.core.names import nfc
from quiz.files import yaml_nodes
from quiz.files.bank_yaml import read_bank, write_bank
from quiz.files.text_input import legacy_encoding
from tests import pace

FILE = """\
bank:
  code: thu
  title: Ngân hàng thử
topics:
  - code: chi-bo
    title: Chi bộ
documents:
  - code: DLD-2011
    title: Điều lệ Đảng
    issuer: Đại hội XI
    number: ""
    date: 2011-01-19
    valid_from: 2011-01-19
    valid_to: null
items:
  - code: T-1
    document: DLD-2011
    reference: Điều 4, khoản 3
    topic: chi-bo
    level: remember
    kind: single
    part: practice
    stem: >-
      Câu hỏi thứ nhất: có hai
      dòng?
    options:
      - No
      - "1:30"
      - 1:30:00
      - 'null'
    key: [B]
    rationale: Vì thế.
    keep_order: true
    keep_last: false
    valid_from: 2026-07-01
    valid_to: null
    status: approved
  - code: T-2
    document: DLD-2011
    reference: Điều 5
    topic: chi-bo
    level: apply
    kind: multiple
    stem: Chọn những gì?
    options: [Một, Hai, Ba]
    key: [C, A]
  - code: T-3
    document: DLD-2011
    reference: Điều 6
    topic: chi-bo
    level: understand
    kind: true_false
    stem: Đúng thế.
    key: false
"""


FULL = """\
bank:
  code: thu
  title: Ngân hàng thử
topics:
  - code: chi-bo
    title: Chi bộ
documents:
  - code: HD12-2018
    title: Hướng dẫn cũ
    followed_by: HD42-2025
    notice: "Có văn bản sau: hãy xem trước khi dùng."
  - code: HD42-2025
    title: Hướng dẫn mới
items:
  - code: T-1
    document: HD12-2018
    reference: Mục I
    topic: chi-bo
    level: remember
    intended_difficulty: hard
    kind: single
    stem: Ai chuẩn bị?
    options: [Bí thư, Chi ủy, Đảng viên]
    key: [B]
    rationale: Vì thế.
    feedback:
      A: Bí thư không làm một mình.
      C: Đảng viên góp ý sau.
    status: approved
    reviewed:
      date: 2026-11-21
      reader: Lò Thị Thử
      outcome: changed
      note: Đã rõ hơn.
  - code: T-2
    document: HD42-2025
    reference: Mục II
    topic: chi-bo
    level: apply
    kind: oral
    stem: Chi bộ có 30 đảng viên. Đồng chí xử lý thế nào?
    rationale: Chấm theo ý.
    points:
      - text: Nêu đúng khoản.
        marks: 2
      - {text: Nêu trình tự, marks: 7.75}
      - text: Kết luận.
        marks: 0,25
"""


def in_full(old: str, new: str) -> str:
    assert FULL.count(old) == 1, f"{old!r} should stand once in the sample"
    return FULL.replace(old, new)


def read(text: str | bytes):
    return read_bank(text.encode() if isinstance(text, str) else text, "thu.yaml")


def changed(old: str, new: str) -> str:
    assert FILE.count(old) == 1, f"{old!r} should stand once in the sample"
    return FILE.replace(old, new)


def places(problems) -> list[tuple[str, int | None, str]]:
    return [(problem.place, problem.row, problem.field) for problem in problems]


# --- a right file -------------------------------------------------------------------------------------------------


def test_a_right_file_becomes_a_bank_with_its_topics_and_documents():
    draft, problems = read(FILE)
    assert problems == []
    assert (draft.code, draft.title) == ("thu", "Ngân hàng thử")
    assert draft.topics == (TopicDraft("chi-bo", "Chi bộ", row=5),)
    day = date(2011, 1, 19)
    assert draft.documents == (
        DocumentDraft("DLD-2011", "Điều lệ Đảng", "Đại hội XI", "", day, day, None, row=8),
    )
    assert [item.code for item in draft.items] == ["T-1", "T-2", "T-3"]


def test_an_item_is_read_whole_and_its_texts_stay_texts():
    item = read(FILE)[0].items[0]
    assert item == ItemDraft(
        code="T-1", document="DLD-2011", reference="Điều 4, khoản 3", topic="chi-bo", level=Level.REMEMBER,
        kind=Kind.SINGLE, stem="Câu hỏi thứ nhất: có hai dòng?", options=("No", "1:30", "1:30:00", "null"), key=(1,),
        rationale="Vì thế.", part=Part.PRACTICE, keep_order=True, valid_from=date(2026, 7, 1), status=Status.APPROVED,
        row=16,
    )  # fmt: skip


def test_what_is_left_out_is_a_draft_for_exams_that_may_be_shuffled():
    item = read(FILE)[0].items[1]
    assert (item.status, item.part, item.keep_order, item.keep_last) == (
        Status.DRAFT,
        Part.EXAM,
        False,
        False,
    )
    assert (item.valid_from, item.valid_to, item.rationale) == (None, None, "")
    assert item.key == (0, 2)


def test_a_true_false_item_gets_its_two_options_in_order():
    item = read(FILE)[0].items[2]
    assert (item.options, item.key, item.keep_order) == (TRUE_FALSE_OPTIONS, (1,), True)
    assert read(changed("key: false", "key: true"))[0].items[2].key == (0,)


def test_the_estimate_the_feedback_and_the_second_reading_are_read():
    draft, problems = read(FULL)
    assert problems == []
    item = draft.items[0]
    assert item.intended_difficulty is Difficulty.HARD
    assert item.feedback == ("Bí thư không làm một mình.", "", "Đảng viên góp ý sau.")
    assert item.reviewed == Reading(date(2026, 11, 21), "Lò Thị Thử", Outcome.CHANGED, "Đã rõ hơn.")


def test_an_oral_item_has_points_with_marks_in_hundredths_and_nothing_to_choose():
    item = read(FULL)[0].items[1]
    assert (item.kind, item.options, item.key) == (Kind.ORAL, (), ())
    assert item.points == (
        ExpectedPoint("Nêu đúng khoản.", 200), ExpectedPoint("Nêu trình tự", 775), ExpectedPoint("Kết luận.", 25),
    )  # fmt: skip


def test_a_document_names_the_one_that_came_after_it():
    old, new = read(FULL)[0].documents
    assert (old.followed_by, old.notice) == ("HD42-2025", "Có văn bản sau: hãy xem trước khi dùng.")
    assert (new.followed_by, new.notice) == ("", "")


@pytest.mark.parametrize("field", ["intended_difficulty", "feedback", "points", "reviewed"])
def test_null_stands_for_a_field_that_is_not_there(field):
    draft, problems = read(changed("    key: [C, A]\n", f"    key: [C, A]\n    {field}: null\n"))
    assert problems == [] and not getattr(draft.items[1], field)


def test_decomposed_letters_and_odd_spaces_are_put_right():
    item = read(changed("stem: Đúng thế.", "stem: Đu\u0301ng\u00a0 thê\u0301."))[0].items[2]
    assert item.stem == "Đúng thế."


def test_a_file_saved_by_notepad_is_read():
    draft, problems = read(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())
    assert problems == [] and len(draft.items) == 3


FULL_REFUSALS = {
    "unknown estimate": ("difficulty: hard", "difficulty: 3", 20, "intended_difficulty", "easy, medium, hard"),
    "feedback as a text": ("    feedback:\n      A: Bí thư không làm một mình.\n      C: Đảng viên góp ý sau.\n",
                           "    feedback: Sai.\n", 26, "feedback", "từng phương án"),
    "feedback for no option": ("      C: Đảng", "      D: Đảng", 28, "feedback", "Không có phương án D"),
    "feedback as a list": ("C: Đảng viên góp ý sau.", "C: [Sai]", 28, "feedback", "phải là chữ"),
    "feedback too long": ("C: Đảng viên góp ý sau.", "C: " + "x" * 601, 26, "feedback", "Dài quá 600"),
    "second reading as a text": ("\n      date: 2026-11-21\n      reader: Lò Thị Thử\n      outcome: changed\n"
                                 "      note: Đã rõ hơn.\n", " rồi\n", 30, "reviewed", "gồm các mục"),
    "second reading on no day": ("date: 2026-11-21", "date: 2026-11-31", 31, "date", "năm-tháng-ngày"),
    "second reading without a day": ("date: 2026-11-21", "date: null", 31, "date", "Chưa có nội dung"),
    "second reading by nobody": ("      reader: Lò Thị Thử\n", "", 31, "reader", "Thiếu mục này"),
    "unknown outcome": ("outcome: changed", "outcome: ok", 33, "outcome", "agreed, changed"),
    "unknown name in a second reading": ("      note: Đã", "      notes: Đã", 34, "notes", "Không có mục tên này"),
    "note too long": ("note: Đã rõ hơn.", "note: " + "x" * 1001, 34, "note", "Dài quá 1000"),
    "oral with a key": ("    points:\n", "    key: [A]\n    points:\n", 43, "key", "không có đáp án để chọn"),
    "oral with options": ("    points:\n", "    options: [Có, Không]\n    points:\n", 43, "options",
                          "không có phương án"),
    "oral without points": (FULL[FULL.index("    points:\n"):], "", 35, "points", "Chưa có ý"),
    "points of a question with options": ("    status: approved\n", "    points: [{text: a, marks: 1}]\n", 29,
                                          "points", "Chỉ câu vấn đáp"),
    "points as a text": (FULL[FULL.index("    points:\n"):], "    points: hai\n", 43, "points", "phải là danh sách"),
    "a point as a text": ("      - text: Kết luận.\n        marks: 0,25\n", "      - Kết luận\n", 47, "points",
                          "gồm các mục"),
    "a point without marks": ("        marks: 2\n", "", 44, "marks", "Thiếu mục này"),
    "marks in words": ("marks: 2", "marks: hai", 45, "marks", "chữ số thập phân"),
    "marks in thousandths": ("marks: 7.75", "marks: 7.755", 46, "marks", "chữ số thập phân"),
    "marks below nothing": ("marks: 2", "marks: -2", 45, "marks", "chữ số thập phân"),
    "marks of nothing": ("marks: 2", "marks: 0", 43, "points", "lớn hơn 0"),
    "a point left empty": ("text: Kết luận.", 'text: ""', 43, "points", "bỏ trống"),
    "followed by an undeclared document": ("by: HD42-2025", "by: HD43", 10, "followed_by", "HD43 phải là"),
    "followed by itself": ("by: HD42-2025", "by: HD12-2018", 10, "followed_by", "văn bản khác"),
    "notice too long": ('notice: "Có văn bản sau: hãy xem trước khi dùng."', "notice: " + "x" * 1001, 11, "notice",
                        "Dài quá 1000"),
}  # fmt: skip


@pytest.mark.parametrize("case", FULL_REFUSALS)
def test_a_fault_in_a_later_field_is_refused_with_its_line_and_a_sentence(case):
    old, new, line, field, words = FULL_REFUSALS[case]
    draft, problems = read(in_full(old, new))
    assert places(problems) == [("thu.yaml", line, field)]
    assert words in str(problems[0])
    if line > 14:
        assert len(draft.items) == 1


# --- one thing wrong: (what is changed, line, field, a part of the sentence) -----------------------------------------

REFUSALS = {
    "no bank": ("bank:\n  code: thu\n  title: Ngân hàng thử\n", "", 1, "bank", "Thiếu mục này"),
    "no topics": ("topics:\n  - code: chi-bo\n    title: Chi bộ\n", "", 1, "topics", "Thiếu mục này"),
    "unknown part of the file": ("topics:\n", "ghi-chu: x\ntopics:\n", 4, "ghi-chu", "Không có mục tên này"),
    "bank without title": ("  title: Ngân hàng thử\n", "", 2, "title", "Thiếu mục này"),
    "bank code too long": ("code: thu", "code: " + "t" * 61, 2, "code", "Dài quá 60"),
    "bank as a text": ("bank:\n  code: thu\n  title: Ngân hàng thử\n", "bank: thu\n", 1, "bank", "gồm các mục"),
    "topics as one record": ("  - code: chi-bo\n    title: Chi bộ", "  code: chi-bo\n  title: Chi bộ", 4, "topics",
                             "phải là danh sách"),
    "topic as a text": ("documents:\n", "  - nữa\ndocuments:\n", 7, "topics", "gồm các mục"),
    "topic without a title": ("title: Chi bộ", 'title: ""', 6, "title", "Chưa có nội dung"),
    "same topic twice": ("documents:\n", "  - code: chi-bo\n    title: Lại\ndocuments:\n", 7, "code",
                         "đã dùng ở dòng 5"),
    "same document twice": ("items:\n", "  - code: DLD-2011\n    title: Lại\nitems:\n", 15, "code",
                            "đã dùng ở dòng 8"),
    "document that ends before it begins": ("    valid_to: null\nitems:", "    valid_to: 2010-01-01\nitems:", 14,
                                            "valid_to", "không được trước"),
    "document dated on no day": ("date: 2011-01-19", "date: 2011-02-30", 12, "date", "năm-tháng-ngày"),
    "date in local order": ("date: 2011-01-19", "date: 19/01/2011", 12, "date", "năm-tháng-ngày"),
    "date with a time": ("date: 2011-01-19", "date: 2011-01-19T00:00:00", 12, "date", "năm-tháng-ngày"),
    "items null": (FILE[FILE.index("  - code: T-1"):], "", 15, "items", "phải là danh sách"),
    "item as a text": ("  - code: T-2\n", "  - một câu\n  - code: T-2\n", 38, "items", "gồm các mục"),
    "unknown name": ("    part: practice\n", "    parts: practice\n", 22, "parts", "Không có mục tên này"),
    "the same name twice": ("    part: practice\n", "    level: apply\n", 22, "level", "đã ghi ở trên"),
    "no stem": ("    stem: Chọn những gì?\n", "", 38, "stem", "Thiếu mục này"),
    "empty stem": ("stem: Chọn những gì?", "stem:", 44, "stem", "Chưa có nội dung"),
    "stem null": ("stem: Chọn những gì?", "stem: null", 44, "stem", "Chưa có nội dung"),
    "stem as a list": ("stem: Chọn những gì?", "stem: [Chọn, gì]", 44, "stem", "phải là chữ"),
    "stem too long": ("stem: Chọn những gì?", "stem: " + "gì " * 700, 44, "stem", "Dài quá 2000"),
    "same code twice": ("code: T-2", "code: T-1", 38, "code", "đã dùng ở dòng 16"),
    "code too long": ("code: T-2", "code: " + "T" * 41, 38, "code", "Dài quá 40"),
    "undeclared document": ("DLD-2011\n    reference: Điều 5", "DLD-2026\n    reference: Điều 5", 39,
                            "document", "DLD-2026 chưa khai"),
    "undeclared topic": ("    topic: chi-bo\n    level: apply", "    topic: chi_bo\n    level: apply", 41, "topic",
                         "chi_bo chưa khai"),
    "unknown level": ("level: apply", "level: analyse", 42, "level", "remember, understand, apply"),
    "unknown kind": ("kind: multiple", "kind: multi", 43, "kind", "single, multiple, true_false"),
    "unknown part": ("part: practice", "part: thi", 22, "part", "exam, practice"),
    "unknown status": ("status: approved", "status: ok", 37, "status", "draft, in_review, approved, retired"),
    "flag in words": ("keep_order: true", "keep_order: yes", 33, "keep_order", "true hoặc false"),
    "options as a text": ("options: [Một, Hai, Ba]", "options: Một", 45, "options", "phải là danh sách"),
    "option as a list": ("options: [Một, Hai, Ba]", "options: [Một, Hai, [Ba, Bốn]]", 45, "options", "phải là chữ"),
    "option left empty": ('      - "1:30"\n', "      -\n", 26, "options", "bỏ trống"),
    "two options alike": ("[Một, Hai, Ba]", "[Một, Hai, một]", 45, "options", "giống nhau"),
    "one option": ("[Một, Hai, Ba]", "[Một]", 45, "options", "từ 2 đến 6"),
    "key outside the options": ("key: [C, A]", "key: [D]", 46, "key", "phương án không có"),
    "key without brackets": ("key: [C, A]", "key: C", 46, "key", "ngoặc vuông"),
    "key as a number": ("key: [C, A]", "key: [3]", 46, "key", "ngoặc vuông"),
    "key twice": ("key: [C, A]", "key: [A, A]", 46, "key", "ghi trùng"),
    "no key": ("key: [C, A]", "key: []", 46, "key", "Chưa có đáp án"),
    "two keys for one choice": ("key: [B]", "key: [A, B]", 31, "key", "đúng một đáp án"),
    "true or false with options": ("    key: false", "    options: [Đúng, Sai]\n    key: false", 54, "options",
                                   "không khai phương án"),
    "true or false by letter": ("key: false", "key: [A]", 54, "key", "true (Đúng) hoặc false (Sai)"),
    "item that ends before it begins": ("    valid_to: null\n    status", "    valid_to: 2026-06-30\n    status", 36,
                                        "valid_to", "không được trước"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_a_fault_is_named_with_file_line_field_and_what_to_do(case):
    old, new, line, field, words = REFUSALS[case]
    _, problems = read(changed(old, new))
    assert places(problems)[0] == ("thu.yaml", line, field)
    assert words in str(problems[0])
    assert str(problems[0]).startswith(f"thu.yaml, {line}, {field}: ")


# Items refer to topics, so without these there is more to say.
REFERRED_TO = {"no topics", "topics as one record"}


@pytest.mark.parametrize("case", [case for case in REFUSALS if case not in REFERRED_TO])
def test_one_fault_is_said_once(case):
    old, new, *_ = REFUSALS[case]
    assert len(read(changed(old, new))[1]) == 1


def test_all_faults_are_listed_in_the_order_of_lines_and_the_right_items_remain():
    text = changed("level: remember", "level: easy").replace("key: [C, A]", "key: [E]")
    draft, problems = read(text)
    assert places(problems) == [("thu.yaml", 20, "level"), ("thu.yaml", 46, "key")]
    assert [item.code for item in draft.items] == ["T-3"]


# --- files that are refused as a whole: (bytes, line, field, a part of the sentence) -----------------------------

BILLION = "a: &a [x, x]\n" + "".join(
    f"{n}: &{n} [*{m}, *{m}]\n" for m, n in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "nothing": (b"", None, "", "không có các phần"),
    "only a comment": (b"# x\n", None, "", "không có các phần"),
    "a list": (b"- a\n- b\n", None, "", "không có các phần"),
    "a text": (b"xin chao\n", None, "", "không có các phần"),
    "alias bomb": (BILLION.encode(), 1, "", "bí danh"),
    "anchor": (changed("title: Chi bộ", "title: &t Chi bộ").encode(), 6, "", "bí danh"),
    "alias": (changed("title: Chi bộ", "title: *t").encode(), 6, "", "bí danh"),
    "merge key": (changed("  - code: T-2", "  - <<: *x\n    code: T-2").encode(), 38, "", "bí danh"),
    "python object": (b"!!python/object/apply:os.system ['echo']\n", 1, "", "thẻ"),
    "python name": (changed("code: thu", "code: !!python/name:os.system x").encode(), 2, "", "thẻ"),
    "tag of our own": (changed("code: thu", "code: !ma thu").encode(), 2, "", "thẻ"),
    "tag by directive": (b"%TAG ! tag:x,2000:\n---\na: !b c\n", 3, "", "thẻ"),
    "deep lists": (b"a: " + b"[" * 1_000, 1, "", "lồng nhau"),
    "deep blocks": (b"a:\n" + b"".join(b" " * n + b"-\n" for n in range(1, 200)), 22, "", "lồng nhau"),
    "deep maps": (b"{a: " * 30 + b"1" + b"}" * 30, 1, "", "lồng nhau"),
    "six megabytes": (b"a: " + b"x" * 6 * 1024 * 1024, None, "", "lớn hơn 5 MB"),
    "one endless line": (b"a: [" + b"b," * 1_000_000 + b"]", 1, "", "quá dài"),
    "two files in one": ((FILE + "---\nbank: x\n").encode(), 55, "", "tệp thứ hai"),
    "duplicate name on top": ((FILE + "items: []\n").encode(), 55, "items", "đã ghi ở trên"),
    "duplicate name, decomposed": ("a\u0301: 1\ná: 2\n".encode(), 2, "á", "đã ghi ở trên"),
    "list as a name": (b"? [a, b]\n: c\n", 1, "", "Tên mục"),
    "NUL": (changed("Chi bộ", "Chi\0bộ").encode(), 6, "", "ký tự không nhìn thấy"),
    "escape character": (changed("Chi bộ", "Chi\x1bbộ").encode(), 6, "", "ký tự không nhìn thấy"),
    "latin-1": (b"bank:\n  title: caf\xe9\n", 2, "", "UTF-8"),
    "utf-16": (FILE.encode("utf-16"), 1, "", "UTF-8"),
    "utf-7 surrogates": (b"a: \xed\xa0\x80\n", 1, "", "UTF-8"),
    "tabs": (changed("  code: thu", "\tcode: thu").encode(), 2, "", "Tab"),
    "an open quote": (changed("code: thu", 'code: "thu').encode(), None, "", "không đọc được"),
    "wrong indent": (
        changed("  title: Ngân hàng thử", "   title: Ngân hàng thử").encode(),
        3,
        "",
        "không đọc được",
    ),
    "a colon too many": (changed("title: Chi bộ", "title: Chi bộ: xã").encode(), 6, "", "không đọc được"),
    "version of far away": (b"%YAML 9.0\n---\na: 1\n", 1, "", "không đọc được"),
    "version too long to count": (b"%YAML 1." + b"9" * 5000 + b"\n---\na: 1\n", None, "", "không đọc được"),
    "binary": (bytes(range(128, 256)), 1, "", "UTF-8"),
    "a zip": (b"PK\x03\x04" + bytes(100), 1, "", "ký tự không nhìn thấy"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_cannot_be_read_is_refused_with_one_sentence(case):
    data, line, field, words = HOSTILE[case]
    draft, problems = read(data)
    assert draft is None and len(problems) == 1
    if case != "an open quote":  # its end, where the reader gives up, is the end of the file
        assert places(problems) == [("thu.yaml", line, field)]
    assert words in str(problems[0])


LINE = 19_000  # characters, just under the longest line that is read
COSTLY = {
    "entries": b"- a\n" * 40_000,
    "folded lines": b"a: >-\n" + b"  b\n" * 100_000,
    "kept lines": b"a: |\n" + b"\n" * 500_000,
    "plain lines": b"a: " + b"\n\n  b" * 80_000,
    "words": b"a: " + (b"  " + b"x " * (LINE // 2) + b"\n") * 20,
    "quotes": b"a: '" + b"x\n\n" * 100_000 + b"'",
    "comments": (b"#" + b"x" * LINE + b"\n") * 25,
    "names that end late": b"a:\n" + b"  b\n" * 100_000 + b"  c: d\n",
    "flow over lines": b"a: {" + b"x\n " * 100_000 + b"}",
    "tag": b"a: !" + b"x" * LINE,
    "anchor": b"a: &" + b"x" * LINE,
}


@pytest.mark.long
@pytest.mark.parametrize("case", COSTLY)
def test_half_a_megabyte_of_anything_costs_seconds_at_most(case):
    """Growth with the square of the size would take minutes here."""
    begun = process_time()
    assert read(COSTLY[case])[1]
    assert pace.is_within(process_time() - begun, 10)


def test_more_values_than_any_bank_has_are_refused_where_the_limit_is_passed(monkeypatch):
    monkeypatch.setattr(yaml_nodes, "MAX_NODES", 100)
    draft, problems = read(b"- a\n" * 500)
    assert draft is None and "quá nhiều mục" in str(problems[0]) and 190 < problems[0].row < 210


TOKENS = st.sampled_from(
    ["bank:", "code:", "items:", "- ", "key: ", "[", "]", "{", "}", "A", ", ", ": ", "\n", "  ", "    ", '"', "'", "|",
     ">-", "#", "&a ", "*a", "!", "!!", "%", "---", "...", "? ", "null", "true", "2026-07-01", "Đ", "\t", "@", "`",
     "\\", "\u2028", "\ufeff", "\x85", "<<"]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=200), st.lists(TOKENS, max_size=40).map("".join).map(str.encode)))
@settings(max_examples=100, deadline=None)
def test_no_bytes_make_the_reader_raise(data):
    draft, problems = read(data)
    assert draft is not None or problems


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_file_damaged_anywhere_is_read_or_refused_but_never_raises(data):
    start = data.draw(st.integers(0, len(FILE)))
    length = data.draw(st.integers(0, 30))
    broken = FILE[:start] + "".join(data.draw(st.lists(TOKENS, max_size=4))) + FILE[start + length :]
    draft, problems = read(broken)
    assert draft is not None or problems
    for item in draft.items if draft else ():
        assert check(item) == []


# --- writing ------------------------------------------------------------------------------------------------------

AWKWARD = [
    "null", "~", "true", "No", "12", "1:30", "0x1F", "1e3", "2026-07-01", "- a", "a: b", "a #b", "#a", "'", '"', "[A]",
    "{a}", "&a", "*a", "!a", "%a", "@a", "`", "|", ">", "?", ": ", "\\", "=", "<<", "...", "---", "Đúng, sai; 50 %",
]  # fmt: skip


def texts(longest: int):
    """Any text as it stands in the bank: in NFC, not empty."""
    free = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=longest)
    words = st.lists(st.sampled_from([*AWKWARD, "chi bộ", "đảng viên"]), min_size=1, max_size=40).map(
        " ".join
    )
    return (
        st.one_of(free, words, st.sampled_from(AWKWARD))
        .map(nfc)
        .map(lambda text: text[:longest].strip())
        .filter(bool)
    )


DAYS = st.none() | st.dates(date(1000, 1, 1))


@st.composite
def banks(draw):
    """A bank as it could stand in the database."""
    codes = st.lists(texts(40), min_size=1, max_size=3, unique=True)
    topics = [TopicDraft(code, draw(texts(300))) for code in draw(codes)]
    documents = [
        DocumentDraft(code, draw(texts(300)), draw(st.just("") | texts(300)), draw(st.just("") | texts(100)),
                      draw(DAYS), *sorted_days(draw), notice=draw(st.just("") | texts(1000)))
        for code in draw(codes)
    ]  # fmt: skip
    documents[0] = replace(
        documents[0], followed_by=draw(st.sampled_from(["", *[d.code for d in documents[1:]]]))
    )
    items = [
        draw(items_of(code, documents, topics)) for code in draw(st.lists(texts(40), max_size=4, unique=True))
    ]
    return BankDraft(draw(texts(60)), draw(texts(300)), tuple(topics), tuple(documents), tuple(items))


def sorted_days(draw):
    """Two days, either of which may be open, the first not after the second."""
    first, last = draw(DAYS), draw(DAYS)
    return (last, first) if first and last and last < first else (first, last)


@st.composite
def items_of(draw, code, documents, topics):
    """An item that passes the check."""
    kind = draw(st.sampled_from(Kind))
    options = () if kind is Kind.ORAL else TRUE_FALSE_OPTIONS
    if kind in (Kind.SINGLE, Kind.MULTIPLE):
        options = tuple(
            draw(st.lists(texts(600), min_size=2, max_size=6, unique_by=lambda text: text.casefold()))
        )
    places = st.integers(0, max(len(options) - 1, 0))
    said = st.tuples(*(st.just("") | texts(600) for _ in options)).filter(any) if options else st.just(())
    points = st.builds(ExpectedPoint, texts(600), st.integers(1, 999_999))
    readings = st.builds(
        Reading, st.dates(date(1000, 1, 1)), texts(200), st.sampled_from(Outcome), texts(1000)
    )
    key = draw(st.sets(places, min_size=1)) if kind is Kind.MULTIPLE else {draw(places)} if options else ()
    first, last = sorted_days(draw)
    return ItemDraft(
        code=code, document=draw(st.sampled_from(documents)).code, reference=draw(texts(200)),
        topic=draw(st.sampled_from(topics)).code, level=draw(st.sampled_from(Level)), kind=kind,
        stem=draw(texts(2000)), options=options, key=tuple(sorted(key)), rationale=draw(st.just("") | texts(4000)),
        part=draw(st.sampled_from(Part)), keep_order=kind is Kind.TRUE_FALSE or draw(st.booleans()),
        keep_last=draw(st.booleans()), valid_from=first, valid_to=last, status=draw(st.sampled_from(Status)),
        intended_difficulty=draw(st.none() | st.sampled_from(Difficulty)), feedback=draw(st.just(()) | said),
        points=tuple(draw(st.lists(points, min_size=1, max_size=5))) if kind is Kind.ORAL else (),
        reviewed=draw(st.none() | readings),
    )  # fmt: skip


def without_lines(bank: BankDraft) -> BankDraft:
    return replace(
        bank,
        topics=tuple(replace(topic, row=0) for topic in bank.topics),
        documents=tuple(replace(document, row=0) for document in bank.documents),
        items=tuple(replace(item, row=0) for item in bank.items),
    )


@pytest.mark.long
@given(banks())
@settings(max_examples=30, deadline=None)
def test_what_is_written_is_read_back_the_same(bank):
    assume(
        not legacy_encoding(write_bank(bank).decode())
    )  # texts full of such letters are refused on purpose
    draft, problems = read(write_bank(bank))
    assert [str(problem) for problem in problems] == []
    assert without_lines(draft) == bank


@pytest.mark.long
@pytest.mark.parametrize("path", sorted(Path("questions").glob("*.yaml")), ids=lambda path: path.name)
def test_a_shipped_bank_survives_writing_and_reading(path):
    draft, _ = read(path.read_bytes())
    assert without_lines(read(write_bank(draft))[0]) == without_lines(draft)


def test_one_day_used_twice_is_written_twice():
    draft = read(FULL)[0]
    again = replace(draft.items[0], code="T-3")
    text = write_bank(replace(draft, items=(*draft.items, again)))
    assert text.count(b"date: 2026-11-21") == 2 and read(text)[1] == []


def test_a_written_file_is_one_that_people_can_edit():
    text = write_bank(read(FILE)[0]).decode()
    assert '      - "1:30"\n' in text and "    key: [B]\n" in text and "    valid_to: null\n" in text
    assert max(len(line) for line in text.splitlines()) <= 120
