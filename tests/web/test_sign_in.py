"""What the pages to come in by say to whoever mistyped, and to whoever is in already."""

import pytest
from sqlalchemy import update

from quiz.extensions import db
from quiz.models import AuthSession
from tests.factories import NOW
from tests.web.test_attempts import at, make_candidate
from tests.web.test_halls import text


@pytest.mark.parametrize(
    "page, labels", [("/sign-in", ("Tên đăng nhập", "Mật khẩu")), ("/card", ("Mã dự thi", "Mã PIN"))]
)
def test_the_list_above_the_form_names_each_field_left_empty(browser, page, labels):
    said = text(browser.post(page, {}))

    for label in labels:
        assert f"{label}: Chưa điền mục này." in said


def test_a_device_on_which_somebody_sits_leads_on_without_the_card_and_without_a_name(browser, sqlite_app):
    way_on = "Về bài thi của tôi"
    assert way_on not in text(browser.get("/card"))
    candidate = make_candidate(sqlite_app)
    with at(NOW):
        page = candidate.page("/card")
        assert way_on in page and 'href="/rounds"' in page and 'name="pin"' in page
        candidate.post("/sign-out")
        assert way_on not in candidate.page("/card")


def test_whoever_was_signed_out_meanwhile_reads_why_the_page_did_not_open(browser):
    why = "Hãy đăng nhập để mở trang bạn vừa chọn."

    assert why in text(browser.get("/units?page=2", follow_redirects=True))
    assert why not in text(browser.get("/sign-in"))


@pytest.mark.parametrize("page", ["/sign-in", "/card"])
def test_a_browser_that_keeps_no_cookie_is_told_so_and_not_that_its_page_is_old(browser, sqlite_app, page):
    told, old = "không giữ cookie", "Trang này mở đã lâu"
    refusing = sqlite_app.test_client(use_cookies=False)
    token = refusing.get(page).get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    answer = refusing.post(page, data={"csrf_token": token})
    assert answer.status_code == 400 and told in text(answer) and old not in text(answer)
    browser.get(page)
    left_open = browser.client.post(page, data={"csrf_token": "of another session"})
    assert left_open.status_code == 400 and old in text(left_open) and told not in text(left_open)


def test_whose_page_was_left_open_too_long_opens_it_anew_with_one_tap(browser):
    """Loading the refusal again, as it used to advise, only sends the old form once more."""
    browser.get("/card")
    left_open = browser.client.post(
        "/card",
        data={"csrf_token": "of another session"},
        headers={"Referer": "http://localhost/card?next=/rounds"},
    )
    page = left_open.get_data(as_text=True)
    assert '<a class="button" href="/card?next=/rounds">Mở lại trang</a>' in page
    assert "tải lại trang" not in text(left_open)


def test_a_form_sent_after_the_sign_in_ended_says_so_and_leads_back_through_the_own_way_in(sqlite_app):
    """A contestant came to the sign-in of the board, without a word of why."""
    candidate = make_candidate(sqlite_app)
    db.session.execute(update(AuthSession).values(revoked_at=NOW))
    db.session.commit()
    answer = candidate.browser.post(
        f"/rounds/{candidate.round_id}/start",
        headers={"Referer": "http://localhost/rounds"},
        follow_redirects=True,
    )
    assert answer.request.full_path == "/card?next=/rounds"
    assert "Máy này không còn đăng nhập nên chưa gửi được gì." in text(answer)
