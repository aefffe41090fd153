"""What changed between two versions of an item."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.differences import Piece, differences, pieces_of
from quiz.core.items import Difficulty, ExpectedPoint, ItemDraft, Kind, Level, Part

ITEM = ItemDraft(
    code="T-1", document="DLD-2011", reference="Điều 4", topic="chi-bo", level=Level.REMEMBER, kind=Kind.SINGLE,
    stem="Ai chuẩn bị nội dung?", options=("Bí thư", "Chi ủy"), key=(0,), rationale="Vì thế.",
)  # fmt: skip

CHANGES = {
    "document": "HD12-2018",
    "topic": "dang-vien",
    "level": Level.APPLY,
    "kind": Kind.MULTIPLE,
    "part": Part.PRACTICE,
    "key": (1,),
    "intended_difficulty": Difficulty.HARD,
    "keep_order": True,
    "keep_last": True,
    "valid_from": date(2026, 1, 1),
    "valid_to": date(2026, 1, 1),
}


def test_equal_versions_differ_in_nothing():
    assert differences(ITEM, replace(ITEM)) == []


@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_value_is_shown_before_and_after(field):
    found = differences(ITEM, replace(ITEM, **{field: CHANGES[field]}))
    assert [(change.field, change.before, change.after, change.pieces) for change in found] == [
        (field, getattr(ITEM, field), CHANGES[field], ())
    ]


@pytest.mark.parametrize("field", ["stem", "rationale", "reference"])
def test_a_changed_text_is_shown_word_by_word(field):
    old = getattr(ITEM, field)
    (change,) = differences(ITEM, replace(ITEM, **{field: f"Thêm {old}"}))
    assert (change.field, change.pieces) == (field, (Piece("added", "Thêm"), Piece("", old)))


def test_each_changed_option_is_named_by_its_place():
    found = differences(ITEM, replace(ITEM, options=("Bí thư", "Cả chi ủy", "Chi bộ")))
    assert [(change.place, change.pieces) for change in found] == [
        (1, (Piece("removed", "Chi"), Piece("added", "Cả chi"), Piece("", "ủy"))),
        (2, (Piece("added", "Chi bộ"),)),
    ]


def test_a_point_of_an_oral_item_is_compared_by_words_and_by_marks():
    old = replace(
        ITEM, kind=Kind.ORAL, points=(ExpectedPoint("Nêu khoản", 400), ExpectedPoint("Kết luận", 600))
    )
    new = replace(old, points=(ExpectedPoint("Nêu đúng khoản", 400), ExpectedPoint("Kết luận", 500)))
    assert [
        (change.field, change.place, change.before, change.after) for change in differences(old, new)
    ] == [
        ("points", 0, "Nêu khoản", "Nêu đúng khoản"),
        ("marks", 1, 600, 500),
    ]


def test_the_same_feedback_set_where_there_was_none_is_shown_as_added():
    (change,) = differences(ITEM, replace(ITEM, feedback=("", "Chi ủy chỉ chuẩn bị.")))
    assert (change.field, change.place, [piece.change for piece in change.pieces]) == (
        "feedback",
        1,
        ["added"],
    )


def test_an_option_taken_away_is_shown_as_removed():
    (change,) = differences(ITEM, replace(ITEM, options=("Bí thư",)))
    assert (change.place, change.pieces) == (1, (Piece("removed", "Chi ủy"),))


WORDS = st.lists(st.sampled_from(["đảng", "viên", "chi", "bộ"]), max_size=12).map(" ".join)


@given(WORDS, WORDS)
def test_the_pieces_hold_both_texts(before, after):
    pieces = pieces_of(before, after)
    assert " ".join(piece.text for piece in pieces if piece.change != "added") == before
    assert " ".join(piece.text for piece in pieces if piece.change != "removed") == after
