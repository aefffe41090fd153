"""Pages of staff accounts: a first password shown once, roles within the own rights, no way to raise oneself."""

import re

import pytest

from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Account, Person
from quiz.services import accounts
from tests.conftest import Browser
from tests.factories import make_account, make_cell, make_person, make_unit


@pytest.fixture
def district(sqlite_app):
    """A district with two communes and staff on every level; committed."""
    district = make_unit("Mai Sơn", type_label="huyện", code="MS")
    commune = make_unit("Cò Nòi", district, code="A")
    other = make_unit("Nà Bó", district, code="B")
    make_person(make_cell(commune, "Bản Một", code="A1"), "Lò Thị Lan", code="A1-1")
    make_person(make_cell(other, "Bản Hai", code="B1"), "Lò Thị Lan Anh", code="B1-1")
    make_account((Role.SYSTEM_ADMIN, None), username="admin")
    make_account((Role.ORGANIZER, commune), username="conoi")
    make_account((Role.ORGANIZER, other), username="nabo")
    make_account((Role.PROCTOR, commune), username="giamthi")
    make_account((Role.PROCTOR, commune), (Role.PROCTOR, other), username="haixa")
    db.session.commit()
    return district


def account(username):
    db.session.rollback()  # what the page committed is read anew
    return db.session.query(Account).filter_by(username=username).one()


def roles(username):
    return [
        (grant.role, grant.unit.code if grant.unit else None)
        for grant in accounts.active_grants(account(username))
    ]


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def password_on(page):
    return re.search(r"<dd>([0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})</dd>", page)[1]


NEW = {"username": "Lan", "display_name": "Lò Thị Lan", "role": "proctor", "unit_code": "A"}


def test_the_list_holds_the_accounts_of_the_own_subtree(browser, district):
    page = text_of(browser.sign_in("conoi").get("/accounts"))
    assert all(f">{name}</a>" in page for name in ("conoi", "giamthi", "haixa"))
    assert ">nabo</a>" not in page and ">admin</a>" not in page
    assert "và vai trò ở nơi khác" in page and "Nà Bó" not in page
    assert ">conoi</a>" not in text_of(browser.get("/accounts?q=thi"))


def test_a_new_account_gets_a_password_shown_once_and_must_change_it(browser, sqlite_app, district):
    browser.sign_in("conoi")
    assert 'value="A"' in text_of(browser.get(f"/accounts/new?unit={account('conoi').grants[0].unit_id}"))
    answer = browser.post("/accounts/new", NEW)
    password = password_on(text_of(answer))
    assert answer.headers["Cache-Control"] == "no-store"
    assert roles("lan") == [(Role.PROCTOR, "A")]
    assert password not in text_of(browser.get(f"/accounts/{account('lan').id}"))
    assert "đã có người dùng" in text_of(browser.post("/accounts/new", NEW))  # the second click
    newcomer = Browser(sqlite_app).sign_in("lan", password)
    assert newcomer.get("/units").location == "/password"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "có dấu"}, "Tên đăng nhập gồm"),
        ({"display_name": ""}, "Chưa điền mục này"),
        ({"role": "system_admin"}, "Hãy chọn một mục có trong danh sách"),
        ({"role": "contestant"}, "Hãy chọn một mục có trong danh sách"),
        ({"unit_code": "B"}, "Không thấy đơn vị “B”"),
        ({"unit_code": ""}, "Hãy ghi mã hoặc tên của đơn vị"),
        ({"unit_code": "", "everywhere": "y"}, "Hãy ghi mã hoặc tên của đơn vị"),
        ({"role": ""}, "Chưa điền mục này"),
    ],
)
def test_an_organizer_makes_no_account_beyond_the_own_rights(browser, district, changes, sentence):
    page = text_of(browser.sign_in("conoi").post("/accounts/new", NEW | changes))
    assert sentence in page and db.session.query(Account).count() == 5


def test_an_administrator_gives_roles_everywhere(browser, district):
    browser.sign_in("admin")
    browser.post("/accounts/new", NEW | {"role": "question_editor", "unit_code": "", "everywhere": "y"})
    assert roles("lan") == [(Role.QUESTION_EDITOR, None)]


ACTS = ["grants", "password", "disable", "enable", "sign-out", "link", "unlink", "grants/1/revoke"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("username", ["admin", "nabo"])
def test_an_account_of_another_subtree_is_not_there(browser, district, username, act):
    browser.sign_in("conoi")
    address = f"/accounts/{account(username).id}"
    assert browser.get(address).status_code == 404
    assert browser.post(f"{address}/{act}", {"role": "proctor", "unit_code": "A"}).status_code == 404


@pytest.mark.parametrize("act", ["password", "disable", "enable", "sign-out", "unlink"])
def test_an_account_with_a_role_elsewhere_is_seen_and_not_touched(browser, district, act):
    browser.sign_in("conoi")
    shared = account("haixa")
    page = text_of(browser.get(f"/accounts/{shared.id}"))
    assert "bạn chỉ xem được" in page and f"/accounts/{shared.id}/{act}" not in page and "Nà Bó" not in page
    assert browser.post(f"/accounts/{shared.id}/{act}").status_code == 403


def test_a_role_is_given_and_taken(browser, district):
    browser.sign_in("conoi")
    clerk = account("giamthi")
    address = f"/accounts/{clerk.id}/grants"
    assert browser.post(address, {"role": "judge", "unit_code": "co noi"}).status_code == 302
    assert roles("giamthi") == [(Role.PROCTOR, "A"), (Role.JUDGE, "A")]
    assert "Không thấy đơn vị" in text_of(browser.post(address, {"role": "judge", "unit_code": "B"}))
    assert browser.post(f"{address}/{clerk.grants[0].id}/revoke").status_code == 302
    assert roles("giamthi") == [(Role.JUDGE, "A")]
    assert browser.post(f"{address}/{account('conoi').grants[0].id}/revoke").status_code == 404


def test_nobody_raises_the_own_account(browser, district):
    browser.sign_in("conoi")
    own = f"/accounts/{account('conoi').id}"
    for sent in ({"role": "organizer", "unit_code": "MS"}, {"role": "system_admin", "unit_code": "A"}):
        text_of(browser.post(f"{own}/grants", sent))
    assert browser.post(f"{own}/disable").status_code == 409
    assert browser.post(f"{own}/password").status_code == 409
    assert roles("conoi") == [(Role.ORGANIZER, "A")] and account("conoi").disabled_at is None


def test_a_lost_password_is_replaced_and_the_new_one_shown_once(browser, sqlite_app, district):
    browser.sign_in("conoi")
    page = text_of(browser.post(f"/accounts/{account('giamthi').id}/password"))
    assert account("giamthi").must_change_password
    Browser(sqlite_app).sign_in("giamthi", password_on(page))


def test_a_locked_account_is_thrown_out_and_let_in_again(browser, sqlite_app, district):
    elsewhere = Browser(sqlite_app).sign_in("giamthi")
    browser.sign_in("conoi")
    address = f"/accounts/{account('giamthi').id}"
    assert browser.post(f"{address}/disable").location == address
    assert "Tài khoản bị khóa từ" in text_of(browser.get(address))
    assert elsewhere.get("/desk").status_code == 302
    assert browser.post(f"{address}/disable").status_code == 409  # the second click
    assert browser.post(f"{address}/enable").status_code == 302
    Browser(sqlite_app).sign_in("giamthi")


def test_signing_out_everywhere_ends_other_browsers(browser, sqlite_app, district):
    elsewhere = Browser(sqlite_app).sign_in("giamthi")
    assert elsewhere.get("/desk").status_code == 200
    browser.sign_in("conoi")
    assert browser.post(f"/accounts/{account('giamthi').id}/sign-out").status_code == 302
    assert elsewhere.get("/desk").status_code == 302


def test_an_account_is_linked_to_somebody_of_the_own_subtree(browser, district):
    browser.sign_in("conoi")
    address = f"/accounts/{account('giamthi').id}"
    page = text_of(browser.get(f"{address}/link?q=lo+thi+lan"))
    assert "A1-1" in page and "B1-1" not in page
    mine, other = (db.session.query(Person).filter_by(code=code).one().id for code in ("A1-1", "B1-1"))
    assert browser.post(f"{address}/link", {"person_id": other}).status_code == 404
    assert browser.post(f"{address}/link", {"person_id": "x"}).status_code == 404
    assert browser.post(f"{address}/link", {"person_id": mine}).status_code == 302
    assert account("giamthi").person_id == mine
    assert browser.post(f"{address}/unlink").status_code == 302
    assert account("giamthi").person is None


def test_who_loses_the_last_role_here_is_found_again(browser, district):
    browser.sign_in("conoi")
    clerk = account("giamthi")
    assert (
        browser.post(f"/accounts/{clerk.id}/grants/{clerk.grants[0].id}/revoke").location
        == f"/accounts/{clerk.id}"
    )
    assert "Không có vai trò nào ở đây" in text_of(browser.get(f"/accounts/{clerk.id}"))
    assert (
        browser.post(f"/accounts/{clerk.id}/grants", {"role": "proctor", "unit_code": "A"}).status_code == 302
    )
    assert roles("giamthi") == [(Role.PROCTOR, "A")]


def test_nobody_is_called_missing_before_anybody_was_looked_for(browser, district):
    browser.sign_in("conoi")
    address = f"/accounts/{account('giamthi').id}/link"
    unasked, asked = text_of(browser.get(address)), text_of(browser.get(f"{address}?q=khong+ai"))
    assert "Không có ai tên như vậy" not in unasked and "rồi bấm Tìm" in unasked
    assert "Không có ai tên như vậy" in asked and "rồi bấm Tìm" not in asked
