"""A reserve says before being called that they cannot come: noted on the promotion page, passed over, taken back."""

import pytest

from quiz import clock
from quiz.extensions import db
from quiz.models import Decline, Edition, Entry
from quiz.services import results
from tests.factories import HOUR
from tests.web.test_successors import scene, standing, text_of, withdraw

__all__ = ["scene"]  # the fixture of the other file

SAID = "Đi học dài hạn ở Hà Nội"
MARK = "Ghi xin rút"


@pytest.fixture
def two(scene):
    """The scene with two in reserve behind the winner: Dự and then Ba; `decline` is the page of Dự."""
    edition = db.session.get_one(Edition, scene.edition)
    rules = edition.round.stage.rules
    edition.round.stage.rules = rules | {"quota": rules["quota"] | {"reserves": 2}}
    scene.keys = {line.name: line.entry_id for line in results.all_of(edition)}
    db.session.commit()
    scene.going_on = f"/desk/editions/{scene.edition}/promotion"
    scene.decline = page_of(scene, scene.keys["Lò Văn Dự"])
    return scene


def page_of(scene, key):
    """Return the page for the entry `key` as one that declines."""
    return f"/desk/editions/{scene.edition}/reserves/{key}/decline"


def said(scene, page=None, reason=SAID):
    """Send the form and return the page that follows."""
    answer = scene.browser.post(page or scene.decline, {"reason": reason}, follow_redirects=True)
    return " ".join(answer.get_data(as_text=True).split())


def reserves(page):
    """Return the part of the promotion page that has the reserves."""
    return page.split("Dự bị, theo thứ tự")[1].split("Đã có trong vòng sau")[0]


def test_each_reserve_has_a_link_to_a_page_that_says_whose_turn_it_will_be(two):
    shown = reserves(text_of(two.browser.get(two.going_on)))
    assert shown.count(MARK) == 2 and two.decline in shown
    asked = text_of(two.browser.get(two.decline))
    assert "Lò Văn Dự" in asked and 'name="reason"' in asked
    assert "Sau đó đến lượt Lò Văn Ba (chi bộ Bản Ba)." in asked
    last = text_of(two.browser.get(page_of(two, two.keys["Lò Văn Ba"])))
    assert "Sau người này không còn ai dự bị." in last


def test_once_noted_the_page_has_the_reason_and_the_call_goes_past_with_an_explanation(two):
    shown = said(two)
    assert "Đã ghi Lò Văn Dự (chi bộ Bản Dự) xin rút khỏi danh sách dự bị." in shown
    assert f"đã xin rút: {SAID}" in reserves(shown) and reserves(shown).count(MARK) == 1
    withdraw(two)
    page = " ".join(text_of(two.browser.get(two.page)).split())
    assert f"Lò Văn Dự (chi bộ Bản Dự): bỏ qua vì đã xin rút trước khi được gọi. Lý do: {SAID}" in page
    assert "Gọi Lò Văn Ba (chi bộ Bản Ba) vào thay" in page
    two.browser.post(two.page, {"reason": ""})
    assert standing(two) == ["Lò Văn Ba"]
    assert f"Đã xin rút trước khi được gọi: {SAID}" in " ".join(text_of(two.browser.get(two.page)).split())


def test_the_page_of_an_empty_place_leads_to_the_note_for_the_one_whose_turn_it_is(two):
    withdraw(two)
    assert two.decline in text_of(two.browser.get(two.page))


def test_the_final_s_list_of_reserves_says_so_too(two):
    said(two)
    listed = text_of(two.browser.get(f"/desk/rounds/{two.final.id}/entries?view=reserve"))
    assert f"Đã xin rút trước khi được gọi: {SAID}" in " ".join(listed.split())


def test_it_is_taken_back_with_a_reason_and_both_stay_on_the_page(two):
    said(two)
    row = db.session.scalars(db.select(Decline)).one()
    back = f"/desk/declines/{row.id}/take-back"
    assert back in text_of(two.browser.get(two.going_on))
    assert SAID in text_of(two.browser.get(back))
    assert "Lò Văn Dự" in said(two, back, "") and db.session.get_one(Decline, row.id).taken_back_at is None
    shown = said(two, back, "Ghi nhầm người")
    assert "Đã bỏ ghi xin rút của Lò Văn Dự (chi bộ Bản Dự)." in shown
    assert reserves(shown).count(MARK) == 2 and SAID in shown and "Ghi nhầm người" in shown
    assert back not in shown
    assert 'name="reason"' not in text_of(two.browser.get(back))


def test_a_form_is_refused_where_it_stands_and_what_was_typed_is_kept(two):
    assert "Lò Văn Dự" in said(two, reason="")
    said(two)
    row = db.session.scalars(db.select(Decline)).one().id
    withdraw(two)
    two.browser.post(two.page, {"reason": ""})
    page = f"/desk/declines/{row}/take-back"
    assert "người xếp sau" in text_of(two.browser.get(page))
    assert 'name="reason"' not in text_of(two.browser.get(page))
    assert "người xếp sau" in said(two, page, "Ghi nhầm")
    assert page not in text_of(two.browser.get(two.going_on))


def test_a_second_click_says_that_it_is_noted(two):
    said(two)
    assert "đã được ghi là xin rút" in said(two, reason="Lần nữa")
    assert db.session.query(Decline).count() == 1


def test_a_page_of_somebody_who_is_no_reserve_says_so_and_has_no_form(two):
    page = text_of(two.browser.get(page_of(two, two.keys["Lò Văn Pằn"])))
    assert "không có trong danh sách dự bị" in page and 'name="reason"' not in page
    stranger = db.session.get_one(Entry, two.winner)  # an entry of the final is not ranked in this edition
    assert two.browser.get(page_of(two, stranger.id)).status_code == 404
    assert two.browser.get(page_of(two, 2**40)).status_code == 404


def test_once_the_next_round_has_begun_nothing_is_offered(two):
    two.final.opens_at, two.final.opened_at = clock.now() - HOUR, clock.now() - 2 * HOUR
    db.session.commit()
    assert MARK not in text_of(two.browser.get(two.going_on))
    page = text_of(two.browser.get(two.decline))
    assert "Vòng sau đã bắt đầu" in page and 'name="reason"' not in page


def test_the_commune_notes_it_for_its_own_reserves(two):
    assert two.commune.post(two.decline, {"reason": SAID}).status_code == 302
    assert db.session.query(Decline).count() == 1


def test_who_goes_on_by_a_corrected_ranking_after_declining_is_named(two):
    said(two)
    edition = db.session.get_one(Edition, two.edition)
    rules = edition.round.stage.rules
    edition.round.stage.rules = rules | {"quota": rules["quota"] | {"top": 2}}
    db.session.commit()
    shown = " ".join(text_of(two.browser.get(two.going_on)).split())
    assert f"Lò Văn Dự (chi bộ Bản Dự) đã xin rút khi còn là dự bị ({SAID})" in shown
