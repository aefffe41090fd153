"""Notices at the desk: write the words, print a sheet a cell, tick what was received."""

import re

import pytest

from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Round
from tests.factories import (
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

WORDS = {"place": "Hội trường xã", "contact": "Chị Hà, 0912 345 678"}


@pytest.fixture
def desk(browser):
    """The address of the notices of a round with two cells, for an organizer who is signed in."""
    commune = make_unit()
    contest_round = make_round(make_stage(make_contest(commune)), commune)
    for name in ("Bản Một", "Bản Hai"):
        make_entry(contest_round, make_person(make_cell(commune, name), f"Lò Văn {name}"))
    account = make_account((Role.ORGANIZER, commune))
    db.session.commit()
    browser.sign_in(account.username)
    return f"/desk/rounds/{contest_round.id}/notices"


def test_nothing_is_printed_before_place_and_contact_are_written(browser, desk):
    assert browser.get(f"{desk}/print").location == desk
    assert "Chưa điền mục này" in browser.post(desk, {"place": ""}).get_data(as_text=True)
    assert browser.post(desk, WORDS).location == desk
    page = browser.get(f"{desk}/print").get_data(as_text=True)
    assert page.count('<article class="sheet-of-paper">') == 2
    for text in (
        "Hội trường xã",
        "0912 345 678",
        "Lò Văn Bản Một",
        "08:00–10:00 ngày 05/02/2023",
        "chi bộ Bản Hai",
    ):
        assert text in page


def test_a_tick_is_shown_and_a_second_one_only_says_so(browser, desk):
    page = browser.get(desk).get_data(as_text=True)
    assert "Đã nhận: 0 trong 2 chi bộ" in page
    unit = page.split('name="unit" value="', 1)[1].split('"', 1)[0]
    browser.post(f"{desk}/receipts", {"unit": unit})
    assert "Đã nhận: 1 trong 2 chi bộ" in browser.get(desk).get_data(as_text=True)
    browser.post(f"{desk}/receipts", {"unit": unit}, headers={"Referer": f"http://localhost{desk}"})
    page = browser.get(desk).get_data(as_text=True)
    assert "Đã nhận: 1 trong 2 chi bộ" in page and "đã được ghi là đã nhận" in page


def test_a_tick_of_a_cell_that_is_not_in_the_round_says_so(browser, desk):
    browser.post(f"{desk}/receipts", {"unit": "9" * 25}, headers={"Referer": f"http://localhost{desk}"})
    assert "Chi bộ này không có thí sinh ở vòng thi." in browser.get(desk).get_data(as_text=True)


def test_many_cells_are_shown_a_page_at_a_time_and_counted_together(browser, desk):
    contest_round = db.session.scalars(db.select(Round)).one()
    for number in range(49):
        make_entry(contest_round, make_person(make_cell(contest_round.unit, f"Bản {number:02d}")))
    db.session.commit()
    first = browser.get(desk).get_data(as_text=True)
    assert first.count('name="unit"') == 50 and f'href="{desk}?page=2"' in first
    last = browser.get(f"{desk}?page=2").get_data(as_text=True)
    (unit,) = re.findall(r'name="unit" value="(\d+)"', last)
    assert browser.post(f"{desk}/receipts?page=2", {"unit": unit}).location == f"{desk}?page=2"
    assert "Đã nhận: 1 trong 51 chi bộ" in browser.get(desk).get_data(as_text=True)
