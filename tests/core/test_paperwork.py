"""How papers write numbers: decimal comma, denominators, sums that are added up and never typed."""

from datetime import date

import pytest

from quiz.core.offices import Issue, Office, default_office
from quiz.core.paperwork import (
    Percent,
    Points,
    Share,
    cell_text,
    long_date,
    opening,
    total_of,
)

KEPT = "\u00a0"  # no line breaks there


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (None, ""),
        ("=cmd", "=cmd"),
        (0, "0"),
        (2_488, "2.488"),
        (1_234_567, "1.234.567"),
        (Points(2_750), "27,50"),
        (Points(5), "0,05"),
        (Points(-150), "-1,50"),
        (Points(123_450), "1.234,50"),
        (Percent(264, 293), f"90,1{KEPT}%"),
        (Percent(21, 44), f"47,7{KEPT}%"),
        (Percent(1, 2_000), f"0,1{KEPT}%"),
        (Percent(0, 0), "–"),
        (Share(264, 293), f"264/293{KEPT}(90,1{KEPT}%)"),
        (Share(0, 7), f"0/7{KEPT}(0,0{KEPT}%)"),
        (Share(0, 0), "0/0"),
        (date(2023, 2, 5), "05/02/2023"),
    ],
)
def test_a_cell_is_written_as_offices_write_it(cell, words):
    assert cell_text(cell) == words


def test_percentages_are_rounded_half_up_and_never_cut():
    for whole in range(1, 60):
        for part in range(whole + 1):
            tenths = int((part * 1000 / whole) + 0.5 + 1e-9)
            assert cell_text(Percent(part, whole)) == f"{tenths // 10},{tenths % 10}{KEPT}%"


def test_the_row_of_sums_adds_up_what_can_be_added():
    rows = [
        ("xã A", 24, 22, Percent(22, 24), Points(2_000)),
        ("xã B", 19, 15, Percent(15, 19), Points(1_000)),
    ]
    assert total_of(rows) == ("Tổng cộng", 43, 37, Percent(37, 43), None)


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2023, 2, 5), "ngày 05 tháng 02 năm 2023"), (None, "ngày      tháng      năm 20    ")],
)
def test_a_day_is_written_out_and_a_missing_one_leaves_room(day, words):
    assert long_date(day) == words


@pytest.mark.parametrize(
    ("number", "sign", "words"),
    [("12", "BC", "Số 12-BC/BTC"), ("", "QĐ", "Số         -QĐ/BTC"), ("12", "", "")],
)
def test_a_number_stands_before_its_sign_and_lists_have_none(number, sign, words):
    office = default_office("xã Cò Nòi", "Cò Nòi", "huyện Mai Sơn")
    head = Issue(office, number, None, 0).letterhead(sign)
    assert (head.above, head.number) == ("Đảng bộ xã Cò Nòi", words)
    assert head.place_and_date.startswith("Cò Nòi, ngày ")


@pytest.mark.parametrize(
    ("unit", "parent", "above", "superior"),
    [
        ("xã Cò Nòi", "huyện Mai Sơn", "Đảng bộ xã Cò Nòi", "Ban Tổ chức Hội thi huyện Mai Sơn"),
        ("đảng bộ xã Cò Nòi", "", "đảng bộ xã Cò Nòi", ""),
    ],
)
def test_an_office_nobody_has_set_follows_from_the_names_of_units(unit, parent, above, superior):
    found = default_office(unit, "Cò Nòi", parent)
    assert isinstance(found, Office)
    assert (found.above, found.superior) == (above, superior)


def test_a_line_begins_with_a_large_letter():
    assert [opening(words) for words in ("đảng bộ xã", "Xã", "")] == ["Đảng bộ xã", "Xã", ""]
