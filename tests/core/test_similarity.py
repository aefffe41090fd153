"""Which questions are too much alike, found without comparing all with all."""

from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from quiz.core import similarity
from quiz.core.items import ItemDraft, Kind, Level
from quiz.core.similarity import near_duplicates

ITEM = ItemDraft(
    code="A", document="DLD-2011", reference="Điều 24, khoản 3", topic="chi-bo", level=Level.REMEMBER,
    kind=Kind.SINGLE, stem="Theo Điều lệ Đảng, chi bộ họp thường lệ theo nhịp nào?",
    options=("Mỗi tháng một lần", "Mỗi quý một lần", "Mỗi năm hai lần"), key=(0,),
)  # fmt: skip
OTHERS = [
    replace(ITEM, code=f"N{number}", reference=f"Điều {number}", stem=stem, options=(key, "Không", "Có"))
    for number, (stem, key) in enumerate(
        [
            ("Người vào Đảng phải có mấy đảng viên giới thiệu?", "Hai đảng viên chính thức"),
            ("Thời gian dự bị của đảng viên kéo dài bao lâu?", "Mười hai tháng"),
            ("Ai quyết định giảm, miễn sinh hoạt cho người tuổi cao?", "Chi bộ"),
            ("Ủy ban kiểm tra do ai bầu?", "Cấp ủy cùng cấp"),
        ]
    )
]


def pairs(*items: ItemDraft) -> list[tuple[str, str, bool]]:
    return [(pair.first, pair.second, pair.same_fact) for pair in near_duplicates([*OTHERS, *items])]


def test_the_same_question_in_slightly_other_words_is_found():
    again = replace(ITEM, code="B", stem="Theo Điều lệ Đảng thì chi bộ họp thường lệ theo nhịp như thế nào?")
    assert pairs(ITEM, again) == [("A", "B", False)]


def test_marks_and_order_of_words_make_no_other_question():
    assert pairs(ITEM, replace(ITEM, code="B", stem="Chi bo hop thuong le theo nhip nao, theo Dieu le Dang?"))


def test_another_key_to_nearly_the_same_stem_is_another_question():
    other = replace(ITEM, code="B", stem="Theo Điều lệ Đảng, chi ủy họp bất thường khi nào?", key=(2,))
    assert pairs(ITEM, other) == []


def test_alike_distractors_make_no_duplicate():
    other = replace(
        ITEM, code="B", stem="Ban thường vụ cấp tỉnh làm việc ra sao?", key=(1,), reference="Điều 20"
    )
    assert pairs(ITEM, other) == []


def test_the_same_fact_asked_in_other_words_is_found_by_reference_and_key():
    other = replace(ITEM, code="B", stem="Chi bộ trực thuộc đảng ủy cơ sở họp thường lệ thế nào?")
    assert pairs(ITEM, other) == [("A", "B", True)]
    assert pairs(ITEM, replace(other, reference="Điều 22, khoản 6")) == []
    assert pairs(ITEM, replace(other, key=(1,))) == []
    assert pairs(ITEM, replace(other, document="HD12-2018")) == []


def test_a_case_that_applies_the_fact_is_no_duplicate():
    case = "Bí thư bận làm rẫy nên ba tháng liền không triệu tập ai. Đảng viên yêu cầu gì là đúng Điều lệ?"
    assert pairs(ITEM, replace(ITEM, code="B", stem=case)) == []


def test_two_statements_are_compared_by_what_they_state():
    statement = replace(
        ITEM, kind=Kind.TRUE_FALSE, options=("Đúng", "Sai"), stem="Chi bộ họp mỗi tháng một lần."
    )
    other = replace(statement, code="B", stem="Thẻ đảng viên do Ban Chấp hành Trung ương quy định.")
    assert pairs(statement, other) == []
    assert pairs(statement, replace(statement, code="B", key=(1,))) == [("A", "B", False)]


def test_what_comes_in_is_compared_with_what_is_there_and_not_that_with_itself():
    there = [ITEM, replace(ITEM, code="B")]
    coming = [replace(ITEM, code="C"), *OTHERS]
    found = near_duplicates([*there, *coming], since=2)
    assert [(pair.first, pair.second) for pair in found] == [("A", "C"), ("B", "C")]
    assert len(near_duplicates([*there, *coming], since=2, most=1)) == 1


def test_nothing_is_like_nothing():
    assert near_duplicates([]) == near_duplicates([ITEM]) == []
    assert near_duplicates([replace(ITEM, stem="?", options=("…", "!", "-")), replace(ITEM, code="B")]) == []


WORDS = st.sampled_from(
    ["đảng", "viên", "chi", "bộ", "họp", "bầu", "kết", "nạp", "tháng", "quý", "ba", "tư", "mười"]
)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=8), max_size=12))
def test_no_pair_is_lost_by_comparing_only_a_few(stems):
    items = [
        replace(ITEM, code=str(number), kind=Kind.TRUE_FALSE, options=("Đúng", "Sai"), stem=" ".join(stem))
        for number, stem in enumerate(stems)
    ]
    words = [frozenset(similarity.bare(item.stem)) for item in items]
    weights = similarity._weights(words)
    likeness = {
        (items[a].code, items[b].code): similarity._likeness(words[a], words[b], weights)
        for a, b in combinations(range(len(items)), 2)
    }
    found = {(pair.first, pair.second): pair.likeness for pair in near_duplicates(items)}
    assert found == {pair: value for pair, value in likeness.items() if value >= similarity.TOO_SIMILAR}
