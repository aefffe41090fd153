"""Text as people search and sort it.

`order_of_texts.txt` and `order_of_people.txt` hold the answers of ICU 78 (Node 20), so that the tests need no
ICU: every line sorts after the one before it by `Intl.Collator("vi", {numeric: true})`; people by given name,
then the rest.
"""

import random
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.names import nfc, person_sort_key, search_key, sort_key, titled, with_cell
from tests import pace

HERE = Path(__file__).parent
TEXTS = (HERE / "order_of_texts.txt").read_text(encoding="utf-8").splitlines()
PEOPLE = (HERE / "order_of_people.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("key", "lines"), [(sort_key, TEXTS), (person_sort_key, PEOPLE)], ids=["texts", "people"]
)
def test_the_order_is_that_of_the_unicode_collation(key, lines):
    shuffled = random.Random(3).sample(lines, len(lines))

    keys = {line: key(line) for line in shuffled}
    assert sorted(shuffled, key=keys.get) == lines
    assert [pair for pair in pairwise(lines) if not keys[pair[0]] < keys[pair[1]]] == []


@pytest.mark.parametrize(
    ("first", "second", "because"),
    [
        ("Bản 2", "Bản 10", "numbers by value"),
        ("Bản 10", "Bản Co", "numbers before letters"),
        ("Bản", "Bản Co", "the shorter text first"),
        ("Cò", "Co Mạ", "the letters of the whole text before any tone"),
        ("Da", "Đa", "đ is a letter after d"),
        ("Đăng", "Đông", "ă before ô"),
        ("an", "ăn", "ă after a"),
        ("ăn", "ân", "â after ă"),
        ("on", "ôn", "ô after o"),
        ("ôn", "ơn", "ơ after ô"),
        ("ung", "ưng", "ư after u"),
        ("ma", "mà", "no tone, then huyền"),
        ("mà", "mả", "huyền, then hỏi"),
        ("mả", "mã", "hỏi, then ngã"),
        ("mã", "má", "ngã, then sắc"),
        ("má", "mạ", "sắc, then nặng"),
    ],
)
def test_texts_stand_in_this_order(first, second, because):
    assert sort_key(first) < sort_key(second), because


@pytest.mark.parametrize(
    ("first", "second", "because"),
    [
        ("Quàng Thị Anh", "Cà Văn Bình", "given name first"),
        ("Vàng Văn Anh", "Cà Văn Ánh", "a given name with its tone, before the family name"),
        ("Cà Văn Ánh", "Lò Văn Ánh", "then the family name"),
        ("Lò Thị Ánh", "Lò Văn Ánh", "then the middle name"),
        ("Páo", "Giàng A Páo", "one name alone before the same with a family name"),
    ],
)
def test_people_stand_in_this_order(first, second, because):
    assert person_sort_key(first) < person_sort_key(second), because


@pytest.mark.parametrize("text", ["Bản 02", "bản 2", "  BẢN   2 ", "Ba\u0309n 2"])
def test_case_spaces_leading_zeros_and_the_form_of_marks_do_not_move_a_text(text):
    assert sort_key(text) == sort_key("Bản 2")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Lò  Văn\tAn\n", "Lò Văn An"),
        ("Lò\u00a0Văn An", "Lò Văn An"),
        ("Tiê\u0301n", "Tiến"),
        ("Lo\u0300 Va\u0306n An", "Lò Văn An"),
        ("Lò\u200b Văn\ufeff An\u00ad", "Lò Văn An"),
        ("Lò\x00 Văn\x07 An", "Lò Văn An"),
        ("\u202eLò Văn An", "Lò Văn An"),
        ("Lò \ud800Văn An\uffff", "Lò Văn An"),
        ("", ""),
    ],
)
def test_text_is_stored_composed_and_without_what_cannot_be_seen(typed, kept):
    assert nfc(typed) == kept


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Chiềng Lương", "chieng luong"),
        ("  ĐẶNG   Thị Ước", "dang thi uoc"),
        ("Hát Lót", "hat lot"),
        ("Ha\u0301t Lo\u0301t", "hat lot"),
        ("Phiêng Pằn 2", "phieng pan 2"),
    ],
)
def test_a_search_key_is_what_is_typed_without_marks(typed, key):
    assert search_key(typed) == key


# Any sign, and often those that names are written with; Hypothesis' own "any text" first sorts all of Unicode.
SIGNS = st.sampled_from("aăÂđĐ2 \t\u0301\u0323…\u200b\ufeff") | st.integers(0, 0x10F7FF).map(
    lambda place: chr(place if place < 0xD800 else place + 0x800)
)


@given(st.text(SIGNS, max_size=60))
def test_any_text_has_a_key_of_digits_that_its_column_can_hold(text):
    assert sort_key(text).isascii() and sort_key(text).isdigit()
    assert len(person_sort_key(text)) <= 6 * len(text) + 8
    assert nfc(nfc(text)) == nfc(text)
    assert nfc(text).encode("utf-8").decode("utf-8") == nfc(text)


@pytest.mark.parametrize("key", [nfc, search_key, sort_key])
def test_twenty_thousand_marks_on_one_letter_cost_nothing(key):
    text = "a" + "\u0301" * 10_000 + "\u0323" * 10_000 + " và …" + "…" * 99
    started = process_time()
    assert len(key(text)) < 1_000
    assert pace.is_within(process_time() - started, 0.1)  # where all are sorted, eight times as much
    assert nfc(text).endswith(" và …" + "…" * 99)


@pytest.mark.parametrize(
    "type_label, name, title",
    [
        ("xã", "Hát Lót", "xã Hát Lót"),
        ("chi bộ", "Chi bộ bản Lù 1", "Chi bộ bản Lù 1"),
        ("Thị trấn", "thị trấn Hát Lót", "thị trấn Hát Lót"),
        ("tổ", "Tổng hợp", "tổ Tổng hợp"),
        ("chi bộ", "Chi bộ", "Chi bộ"),
        ("", "Mai Sơn", "Mai Sơn"),
    ],
)
def test_a_unit_is_called_by_its_type_once(type_label, name, title):
    assert titled(type_label, name) == title


def test_namesakes_are_told_apart_by_their_cells_and_a_unit_stands_by_itself():
    one, other = (with_cell("Lò Văn Thử", cell) for cell in ("chi bộ bản Lù", "chi bộ bản Củ"))
    assert (one, other) == ("Lò Văn Thử (chi bộ bản Lù)", "Lò Văn Thử (chi bộ bản Củ)")
    assert with_cell("xã Hát Lót", "") == "xã Hát Lót"


def test_rows_of_signs_that_are_no_marks_stay_as_they_are():
    for sign in ("…", "─", "😀", "、", "★"):
        assert nfc(sign * 200) == sign * 200
