"""What an examiner sends back about one question: each rule with a question that keeps it and one that does not."""

from dataclasses import replace

import pytest

from quiz.core.items import Difficulty, ExpectedPoint, ItemDraft, Kind, Level, check
from quiz.core.quality import RULES, Finding, findings

GOOD = ItemDraft(
    code="DL-001", document="DLD-2011", reference="Điều 24, khoản 1", topic="chi-bo", level=Level.REMEMBER,
    kind=Kind.SINGLE, stem="Theo Điều lệ Đảng, ai bầu tổ trưởng tổ đảng?",
    options=("Chi bộ", "Tổ đảng", "Chi ủy", "Đảng ủy cơ sở"), key=(1,),
    rationale="Điều 24, khoản 1: tổ đảng bầu tổ trưởng.", intended_difficulty=Difficulty.EASY,
    feedback=("Chi bộ chia tổ, không bầu.", "", "Chi ủy chỉ đạo hoạt động.", "Cấp này quản lý chi bộ."), row=7,
)  # fmt: skip
MULTIPLE = replace(
    GOOD, kind=Kind.MULTIPLE, key=(0, 1), feedback=("", "", "Chi ủy chỉ đạo.", "Cấp này quản lý.")
)
TRUE_FALSE = replace(GOOD, kind=Kind.TRUE_FALSE, options=("Đúng", "Sai"), key=(0,), feedback=())
ORAL = replace(
    GOOD, kind=Kind.ORAL, options=(), key=(), feedback=(),
    points=(ExpectedPoint("Nêu đúng điều, khoản.", 375), ExpectedPoint("Nêu đúng cách làm.", 625)),
)  # fmt: skip


def rules_of(item: ItemDraft) -> list[str]:
    return [found.rule for found in findings(item)]


def asking(stem: str, **changes) -> ItemDraft:
    return replace(GOOD, stem=f"Theo Điều lệ Đảng, {stem}", **changes)


def offering(*options: str, key: int = 0, **changes) -> ItemDraft:
    """A question with these options, of which only the options matter."""
    said = tuple("" if place == key else "Điều lệ không nói vậy." for place in range(len(options)))
    stem = "Điều nào nêu đúng quy định của Điều lệ?"
    return replace(GOOD, stem=stem, options=options, key=(key,), feedback=said, **changes)


def with_reference(reference: str, document: str = "DLD-2011") -> ItemDraft:
    return replace(GOOD, reference=reference, document=document)


KEPT = {
    "one key": GOOD,
    "several keys": MULTIPLE,
    "true or false": TRUE_FALSE,
    "oral": ORAL,
    "three options": offering("Chi bộ họp", "Chi ủy họp", "Đảng ủy họp"),
    "a reference to two clauses": with_reference("Điều 24, khoản 1 và khoản 2"),
    "a reference to two articles": with_reference("Điều 22, khoản 1; Điều 24, khoản 3"),
    "a last paragraph": with_reference("Điều 3, đoạn cuối"),
    "an article of one paragraph": with_reference("Điều 7"),
    "the preamble": with_reference("Phần mở đầu"),
    "sections of another document": with_reference("Mục II.3.1", "HD12-2018"),
    "an emphasised negation": asking("nội dung nào sau đây KHÔNG phải là nhiệm vụ của chi bộ?"),
    "an emphasised exception": asking("chi bộ được làm mọi việc sau đây, TRỪ việc nào?"),
    "a case with a negation": asking("đảng viên bỏ sinh hoạt không có lý do chính đáng thì bị xử lý thế nào?"),
    "a negation before the question": replace(GOOD, stem="Có ý kiến không đúng quy định. Ai nhắc nhở?"),
    "a negation in the name of a rule": asking("ai quy định những điều đảng viên không được làm?"),
    "that name after who": asking("quy định của cơ quan nào về những điều đảng viên không được làm?"),
    "yes or no": asking("chi bộ có được làm như vậy không?"),
    "right or not": asking("ý kiến này đúng hay không đúng?"),
    "why something is wrong": asking("vì sao ý kiến ấy không đúng?"),
    "a negation far from which": asking("cơ quan nào giải quyết khi đảng viên không đồng ý với quyết định?"),
    "without which": asking("buổi không có nghị quyết thì chuẩn bị nội dung nào?"),
    "expulsion": asking("đảng viên bị hình phạt từ mức nào trở lên thì phải khai trừ?"),
    "a negation in true or false": replace(TRUE_FALSE, stem="Chi bộ không phải họp vào tháng nào?"),
    "all of these, kept last": offering("Chi bộ", "Chi ủy", "Cả hai tổ chức trên", keep_last=True),
    "a word inside a longer name": offering("Cấp ủy", "Cấp ủy cấp trên trực tiếp", "Chi bộ", "Đại hội"),
    "a number inside a larger one": offering("3 năm", "13 năm", "23 năm", keep_order=True),
    "numbers going up": offering("1 năm", "18 tháng", "2 năm", keep_order=True),
    "numbers going down": offering("Ba tháng", "Hai tháng", "Một tháng", keep_order=True),
    "numbers in different sentences": offering("Họp mỗi tháng 2 lần", "Bầu 3 người", "Báo trước 1 tháng"),
    "days of a year": offering("Ngày 30 tháng 11", "Ngày 01 tháng 12", "Ngày 02 tháng 12", keep_order=True),
    "numbers of documents": offering(
        "Chỉ thị 10-CT/TW ngày 30/3/2007", "Kết luận 18-KL/TW ngày 22/9/2017", "Quy định 5-QĐ/TW ngày 1/1/2010"
    ),
    "a key hardly longer": offering("Chi bộ trực thuộc", "Chi bộ", "Chi ủy", "Đại hội"),
    "words of the stem in a distractor, too": replace(
        GOOD, stem="Ai giới thiệu người vào Đảng?",
        options=("Đảng viên chính thức giới thiệu người vào Đảng", "Trưởng bản giới thiệu người vào Đảng",
                 "Công đoàn cơ sở viết giấy mời họp", "Già làng xác nhận lai lịch gia đình"),
        key=(0,), feedback=("", "Không phải trưởng bản.", "Không phải công đoàn.", "Không phải già làng."),
    ),
    "an absolute word in the key, too": offering("Tuyệt đối, trực tiếp", "Tuyệt đối, gián tiếp", "Toàn diện"),
    "all options end with a full stop": offering("Chi bộ họp.", "Chi ủy họp.", "Đảng ủy họp."),
    "marks that sum to ten": replace(ORAL, points=(ExpectedPoint("Nêu đúng.", 1000),)),
    "a rationale that names what is said": replace(GOOD, rationale="Ý thứ hai đúng: Điều 24, khoản 1 nêu rõ."),
}  # fmt: skip


@pytest.mark.parametrize("case", KEPT)
def test_a_good_question_has_nothing_to_send_back(case):
    assert check(KEPT[case]) == []
    assert [str(found) for found in findings(KEPT[case])] == []


BROKEN = {
    "two options": ("options", offering("Chi bộ họp", "Chi ủy họp")),
    "five options": ("options", offering("Chi bộ", "Chi ủy", "Tổ đảng", "Đại hội", "Đảng ủy")),
    "no rationale": ("rationale", replace(GOOD, rationale="")),
    "hardly a rationale": ("rationale", replace(GOOD, rationale="Điều 24.")),
    "no feedback": ("feedback", replace(GOOD, feedback=())),
    "a distractor without feedback": ("feedback", replace(GOOD, feedback=(*GOOD.feedback[:3], ""))),
    "hardly any feedback": ("feedback", replace(GOOD, feedback=("Sai.", *GOOD.feedback[1:]))),
    "a distractor of several keys": ("feedback", replace(MULTIPLE, feedback=("", "", "Chi ủy chỉ đạo.", ""))),
    "letters in the rationale": ("letters", replace(GOOD, rationale="Phương án B đúng theo Điều 24, khoản 1.")),
    "letters in feedback": ("letters", replace(GOOD, feedback=("Xem đáp án B ở trên.", *GOOD.feedback[1:]))),
    "an article without its clause": ("reference", with_reference("Điều 24")),
    "one article of two": ("reference", with_reference("Điều 22, khoản 1; Điều 24")),
    "no article": ("reference", with_reference("Toàn văn")),
    "no estimate": ("difficulty", replace(GOOD, intended_difficulty=None)),
    "which is not right": ("negation", asking("nội dung nào sau đây không đúng?")),
    "which is not one": ("negation", asking("việc nào dưới đây không phải là nhiệm vụ của chi bộ?")),
    "which somebody may not": ("negation", asking("việc nào chi bộ không được tự quyết định?")),
    "has no which": ("negation", asking("đảng viên dự bị không có quyền nào?")),
    "which is wrong": ("negation", asking("phát biểu nào sau đây là sai?")),
    "except": ("negation", asking("chi bộ được làm mọi việc sau đây, trừ:")),
    "except which": ("negation", asking("chi bộ được làm mọi việc sau đây, ngoại trừ việc nào?")),
    "a negation in several keys": ("negation", replace(MULTIPLE, stem="Những việc nào không phải là quyền?")),
    "all of the above": ("others_named", offering("Chi bộ", "Chi ủy", "Cả hai tổ chức trên")),
    "letters as an option": ("others_named", offering("Chi bộ", "Chi ủy", "Cả A và B")),
    "all answers right": ("others_named", offering("Chi bộ", "Chi ủy", "Cả hai phương án đều đúng")),
    "no answer right": ("others_named", offering("Chi bộ", "Chi ủy", "Không phương án nào đúng")),
    "one listed in another": ("contained", offering("Khiển trách", "Khiển trách, cảnh cáo", "Khai trừ")),
    "joined to another": ("contained", offering("Chi ủy", "Bí thư và chi ủy", "Chi bộ", "Đại hội")),
    "numbers mixed up": ("order", offering("3 năm", "1 năm", "2 năm", keep_order=True)),
    "months and years mixed up": ("order", offering("1 năm", "6 tháng", "2 năm", keep_order=True)),
    "shares mixed up": ("order", offering("Hơn 2/3", "Hơn 1/2", "Hơn 3/4", keep_order=True)),
    "days mixed up": ("order", offering("19/01/2011", "02/9/1945", "03/02/1930", "30/4/1975", keep_order=True)),
    "numbers to be shuffled": ("order", offering("Từ 3 đảng viên", "Từ 5 đảng viên", "Từ 9 đảng viên")),
    "words for numbers to be shuffled": ("order", offering("Hai năm", "Ba năm", "Năm năm")),
    "a key that says far more": (
        "long_key", offering("Chi bộ họp, bàn và biểu quyết công khai", "Chi ủy họp", "Đảng ủy họp", "Tổ đảng họp")),
    "words of the stem in the key alone": (
        "stem_words",
        replace(GOOD, stem="Ai quyết định thành lập tổ đảng?", key=(0,), feedback=("", *GOOD.feedback[:1] * 3),
                options=("Nơi ra quyết định thành lập", "Đoàn thể ở cơ sở", "Trưởng bản", "Già làng uy tín"))),
    "absolute words in distractors": ("absolute", offering("Chi bộ họp", "Luôn luôn họp", "Không bao giờ họp")),
    "a full stop after the key alone": ("grammar", offering("Chi bộ họp.", "Chi ủy họp", "Đảng ủy họp")),
    "a small letter for the key alone": ("grammar", offering("chi bộ họp", "Chi ủy họp", "Đảng ủy họp")),
    "marks short of ten": ("marks", replace(ORAL, points=ORAL.points[:1])),
    "marks over ten": ("marks", replace(ORAL, points=(*ORAL.points, ExpectedPoint("Thêm.", 25)))),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_flaw_is_found_by_its_rule_and_no_other(case):
    rule, item = BROKEN[case]
    assert check(item) == []
    assert rules_of(item) == [rule]


def test_each_rule_is_tried_and_has_a_source():
    assert {rule for rule, _ in BROKEN.values()} == set(RULES)
    assert all(RULES.values())


def test_a_finding_says_where_it_is_and_what_to_do():
    (found,) = findings(replace(GOOD, feedback=("Sai.", "", "Sai.", "Cấp này quản lý.")), "dieu-le-dang.yaml")
    assert isinstance(found, Finding)
    assert str(found) == (
        "dieu-le-dang.yaml, 7, DL-001: Chưa nói vì sao phương án A, C sai. Hãy ghi ở mục feedback."
    )
