"""The page for the place of somebody who withdrew: reserves in order, calling one, and undoing a mistake."""

from types import SimpleNamespace

import pytest

from quiz import clock
from quiz.core.permissions import Role
from quiz.core.promotion import Quota
from quiz.core.rules import to_dict
from quiz.extensions import db
from quiz.models import Edition, Entry
from quiz.services import promotion, results
from quiz.services.audit import Actor
from tests.conftest import Browser
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_attempt,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    publish_final,
)


@pytest.fixture
def scene(sqlite_app):
    """A finalist from a commune with one reserve behind; the final is tomorrow."""
    district = make_unit("Mai Sơn", type_label="huyện")
    commune, contest = make_unit("Phiêng Pằn", district), make_contest(district)
    part = make_round(make_stage(contest, make_rules(quota=Quota(reserves=1))), commune, opened_at=NOW - HOUR)
    final = make_round(make_stage(contest, ordinal=2), district, clock.now() + 24 * HOUR)
    for name, earned in {"Pằn": 500, "Dự": 400, "Ba": 300}.items():
        person = make_person(make_cell(commune, f"Bản {name}"), f"Lò Văn {name}")
        make_attempt(make_entry(part, person), raw_score=earned)
    account = make_account((Role.ORGANIZER, district))
    results.publish(part, results.PROVISIONAL, "", Actor(account.id), NOW + 3 * HOUR)
    edition = publish_final(part, Actor(account.id), NOW + 3 * HOUR)
    (winner,) = promotion.promote(edition, Actor(account.id), NOW + 4 * HOUR)
    local = make_account((Role.ORGANIZER, commune))
    db.session.commit()
    return SimpleNamespace(
        browser=Browser(sqlite_app).sign_in(account.username), winner=winner.id, final=final, edition=edition.id,
        commune=Browser(sqlite_app).sign_in(local.username), page=f"/desk/entries/{winner.id}/successor",
    )  # fmt: skip


def text_of(answer):
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def withdraw(scene):
    return scene.browser.post(
        f"/desk/entries/{scene.winner}/withdraw", {"reason": "Ốm, có giấy của trạm y tế"}
    )


def standing(scene):
    db.session.expire_all()
    query = db.select(Entry).filter_by(round_id=scene.final.id, withdrawn_at=None)
    return [entry.person.full_name for entry in db.session.scalars(query)]


def test_withdrawing_a_finalist_leads_to_the_reserves_and_one_button_calls_the_first(scene):
    answer = withdraw(scene)
    assert answer.location == scene.page
    page = text_of(scene.browser.get(scene.page))
    assert "Ốm, có giấy của trạm y tế" in page
    assert "Gọi Lò Văn Dự (chi bộ Bản Dự) vào thay" in page
    assert "Lò Văn Ba" not in page
    assert scene.browser.post(scene.page, {"reason": "Biên bản số 9"}).status_code == 302
    assert standing(scene) == ["Lò Văn Dự"]
    page = text_of(scene.browser.get(scene.page))
    assert "Chỗ này đã có người" in page
    assert "vào thay</button>" not in page
    assert scene.page in text_of(scene.browser.get(f"/desk/rounds/{scene.final.id}/entries"))
    assert scene.page in text_of(scene.browser.get(f"/desk/editions/{scene.edition}/promotion"))


def test_a_second_click_calls_nobody_else(scene):
    withdraw(scene)
    scene.browser.post(scene.page, {"reason": ""})
    answer = scene.browser.post(scene.page, {"reason": ""}, follow_redirects=True)
    assert "Lò Văn Dự (chi bộ Bản Dự) đã vào thay." in answer.get_data(as_text=True)
    assert standing(scene) == ["Lò Văn Dự"]


def test_the_page_says_when_nobody_is_left(scene):
    withdraw(scene)
    scene.browser.post(scene.page, {"reason": ""})
    (reserve,) = db.session.scalars(db.select(Entry).filter_by(origin="reserve"))
    scene.browser.post(f"/desk/entries/{reserve.id}/withdraw", {"reason": "Đi xa"})
    page = text_of(scene.browser.get(scene.page))
    assert "Không còn người dự bị nào" in page
    assert f"/desk/rounds/{scene.final.id}/entries/new" in page
    assert "vào thay</button>" not in page


def test_a_mistake_is_undone_from_the_same_page_and_the_reserve_goes_back(scene):
    withdraw(scene)
    scene.browser.post(scene.page, {"reason": ""})
    answer = scene.browser.post(f"/desk/entries/{scene.winner}/restore", follow_redirects=True)
    text = answer.get_data(as_text=True)
    assert "Lò Văn Pằn (chi bộ Bản Pằn) lại có trong danh sách." in text
    assert "Lò Văn Dự (chi bộ Bản Dự) trở lại danh sách dự bị." in text
    assert standing(scene) == ["Lò Văn Pằn"]
    assert "Rút tên trước, rồi mới gọi dự bị" in text_of(scene.browser.get(scene.page))


def test_after_the_beginning_the_page_says_that_the_place_stays_empty(scene):
    withdraw(scene)
    scene.final.opens_at, scene.final.opened_at = clock.now() - HOUR, clock.now() - 2 * HOUR
    db.session.commit()
    page = text_of(scene.browser.get(scene.page))
    assert "Chỗ của người rút tên để trống" in page
    assert "vào thay</button>" not in page
    assert "Khôi phục Lò Văn Pằn" not in page


def test_the_commune_may_call_its_own_reserve_but_not_restore(scene):
    withdraw(scene)
    page = text_of(scene.commune.get(scene.page))
    assert "Gọi Lò Văn Dự (chi bộ Bản Dự) vào thay" in page
    assert "Khôi phục" not in page
    assert scene.commune.post(scene.page, {"reason": ""}).status_code == 302
    assert standing(scene) == ["Lò Văn Dự"]


def test_somebody_who_entered_directly_has_no_reserves(scene):
    entry = db.session.get_one(Entry, scene.winner)
    entry.result_id, entry.origin = None, "registered"
    db.session.commit()
    assert "đăng ký thẳng vào vòng thi" in text_of(scene.browser.get(scene.page))


# --- the list of contestants, and what the pages offer --------------------------------------------------------------


def listed(scene, view="sent"):
    return text_of(scene.browser.get(f"/desk/rounds/{scene.final.id}/entries?view={view}"))


def row_of(page, name):
    """Return the row of a table that begins with that name."""
    return next(row for row in page.split("<tr>") if f">{name}<" in row).split("</tr>")[0]


@pytest.fixture
def undone(scene):
    """The scene after the winner withdrew, the reserve was called, and the withdrawal was taken back."""
    withdraw(scene)
    scene.browser.post(scene.page, {"reason": ""})
    scene.browser.post(f"/desk/entries/{scene.winner}/restore")
    scene.reserve = db.session.scalar(db.select(Entry.id).filter_by(origin="reserve"))
    return scene


def test_a_reserve_sent_back_is_no_withdrawal_and_no_button_that_is_refused_stands_there(undone):
    row = row_of(listed(undone), "Lò Văn Dự")
    assert "Đã trở lại dự bị" in row
    assert "Đã rút tên" not in row and "Ốm" not in row, "the other one was ill"
    assert "/restore" not in row and "/successor" not in row
    entered = text_of(undone.browser.get(f"/desk/editions/{undone.edition}/promotion"))
    entered = entered.split("Đã có trong vòng sau")[1]
    assert "đã trở lại dự bị" in entered and "đã rút" not in entered


def test_the_page_of_a_reserve_sent_back_says_so_and_offers_nothing(undone):
    page = text_of(undone.browser.get(f"/desk/entries/{undone.reserve}/successor"))
    assert "Lò Văn Dự đã trở lại dự bị" in page
    assert "Khôi phục" not in page and "Rút tên nhầm" not in page and "Đến lượt" not in page


def test_who_withdrew_from_a_place_that_is_taken_again_is_not_offered_to_be_restored(scene):
    withdraw(scene)
    scene.browser.post(scene.page, {"reason": ""})
    reserve = db.session.scalar(db.select(Entry.id).filter_by(origin="reserve"))
    scene.browser.post(f"/desk/entries/{reserve}/withdraw", {"reason": "Đi xa"})
    assert f"/desk/entries/{reserve}/restore" in row_of(listed(scene), "Lò Văn Dự")
    scene.browser.post(f"/desk/entries/{scene.winner}/restore")
    row = row_of(listed(scene), "Lò Văn Dự")
    assert "Đã rút tên" in row and "Đi xa" in row
    assert f"/desk/entries/{reserve}/restore" not in row
    page = text_of(scene.browser.get(f"/desk/entries/{reserve}/successor"))
    assert "Chỗ này đã có người" in page and "Khôi phục" not in page


def test_the_list_of_a_final_names_the_reserves_of_the_rounds_below(scene):
    assert "view=reserve" in listed(scene)
    row = row_of(listed(scene, "reserve"), "Lò Văn Dự")
    assert "Phiêng Pằn" in row and "Đang chờ" in row
    assert "Lò Văn Ba" not in listed(scene, "reserve")
    assert "hãy gọi dự bị ở mục Người vào thay" in listed(scene, "reserve")
    withdraw(scene)
    scene.browser.post(scene.page, {"reason": ""})
    assert "Đã vào vòng này" in row_of(listed(scene, "reserve"), "Lò Văn Dự")


def test_a_final_whose_rounds_below_keep_no_reserves_says_so(scene):
    edition = db.session.get_one(Edition, scene.edition)
    edition.round.stage.rules = edition.round.stage.rules | {
        "quota": to_dict(make_rules(quota=Quota(top=1)))["quota"]
    }
    db.session.commit()
    page = listed(scene, "reserve")
    assert "Các vòng trước không có ai dự bị" in page
    assert "Ghi là dự bị" not in page


def begin(scene, ended):
    now = clock.now()
    scene.final.opened_at = now - 5 * HOUR
    scene.final.opens_at, scene.final.closes_at = now - 4 * HOUR, now + (-HOUR if ended else HOUR)
    db.session.commit()


def test_after_the_end_no_withdrawal_is_offered_and_the_pages_say_what_to_do(scene):
    begin(scene, ended=True)
    assert "hãy gọi dự bị" not in listed(scene, "reserve")
    page = listed(scene)
    assert "/withdraw" not in page
    assert "bấm Hủy bài" in page
    page = text_of(scene.browser.get(f"/desk/entries/{scene.winner}/withdraw"))
    assert "Vòng thi đã kết thúc" in page and "bấm Hủy bài" in page
    assert 'name="reason"' not in page
    assert "Vòng thi đã kết thúc" in text_of(withdraw(scene)), (
        "a page left open is refused with the same words"
    )


@pytest.mark.parametrize("ended", [True, False])
def test_once_the_round_has_begun_nobody_is_told_to_withdraw_so_that_a_reserve_can_be_called(scene, ended):
    begin(scene, ended)
    page = text_of(scene.browser.get(scene.page))
    assert "Rút tên trước, rồi mới gọi dự bị" not in page
    assert "Vòng thi đã bắt đầu nên không gọi dự bị được nữa." in page


def test_once_the_round_has_begun_a_place_that_is_taken_says_nothing_of_calling_another(scene):
    withdraw(scene)
    scene.browser.post(scene.page, {"reason": ""})
    begin(scene, False)
    page = text_of(scene.browser.get(scene.page))
    assert "Chỗ này đã có người" in page
    assert "gọi dự bị tiếp theo" not in page
