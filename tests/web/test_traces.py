"""What a sign-in leaves: something to compare for contestants, nothing for the staff, never an address."""

import pytest
from sqlalchemy import inspect, select

from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import AuthSession
from tests.conftest import Browser
from tests.factories import PASSWORD, make_account, make_card, make_cell, make_contest, make_person, make_unit

HOME, HALL, LOCAL = "14.161.20.9", "2402:800:61ae:7d2::5", "192.168.1.7"


@pytest.fixture
def cards(sqlite_app):
    """The codes of two contestants' cards; their PIN is PASSWORD without its spaces' meaning."""
    commune = make_unit()
    contest = make_contest(commune)
    cell = make_cell(commune)
    codes = [make_card(contest, make_person(cell), token=f"token-{n}").code for n in range(2)]
    db.session.commit()
    return codes


@pytest.fixture(autouse=True)
def _plain_pins(monkeypatch):
    monkeypatch.setattr("quiz.services.auth.matches", lambda secret, stored: stored is not None)


def sign_in(browser: Browser, code: str, address: str = HOME) -> AuthSession:
    """Sign in by code and PIN and return the session made."""
    data = {"code": code, "pin": "123456"}
    answer = browser.post("/card", data, environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return newest()


def newest() -> AuthSession:
    db.session.rollback()
    return db.session.scalars(select(AuthSession).order_by(AuthSession.id.desc())).first()


def test_two_people_on_one_device_leave_the_same_trace(browser, cards):
    first, second = (sign_in(browser, code) for code in cards)
    assert first.device == second.device != ""
    assert first.network == second.network != ""


def test_another_device_at_the_same_line_shares_the_network_only(sqlite_app, cards):
    first, second = (sign_in(Browser(sqlite_app), code) for code in cards)
    assert first.device != second.device
    assert first.network == second.network


def test_code_and_qr_link_know_the_device_alike(browser, cards):
    device = sign_in(browser, cards[0]).device
    browser.post("/sign-out")
    assert browser.post("/c/token-1").status_code == 302
    assert newest().device == device


@pytest.mark.parametrize("address, kept", [(HALL, True), (LOCAL, False), ("", False)])
def test_a_network_is_kept_only_where_it_says_something(browser, cards, address, kept):
    assert (sign_in(browser, cards[0], address).network != "") is kept


def test_neither_address_nor_device_can_be_read_from_what_is_stored(browser, cards):
    session = sign_in(browser, cards[0])
    name = next(cookie.value for cookie in browser.client._cookies.values() if cookie.key == "device")
    stored = " ".join(str(getattr(session, column.key)) for column in inspect(AuthSession).column_attrs)
    assert HOME not in stored and name not in stored
    assert len(session.device) == len(session.network) == 16


def test_only_the_sign_in_pages_are_sent_the_name_of_the_device(browser, cards):
    sign_in(browser, cards[0])
    paths = sorted(cookie.path for cookie in browser.client._cookies.values() if cookie.key == "device")
    assert paths == ["/c", "/card"]


def test_a_cookie_that_is_no_name_is_replaced(browser, cards):
    browser.client.set_cookie("device", "x" * 500, path="/card")
    assert sign_in(browser, cards[0]).device == sign_in(browser, cards[1]).device != ""


def test_of_the_staff_nothing_is_kept(browser, sqlite_app):
    make_account((Role.ORGANIZER, make_unit()), username="board")
    db.session.commit()
    browser.sign_in("board", PASSWORD)
    assert (newest().device, newest().network) == ("", "")
    assert not [cookie for cookie in browser.client._cookies.values() if cookie.key == "device"]
