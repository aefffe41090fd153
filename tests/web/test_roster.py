"""The roster's pages: upload, look, confirm; twice without effect, wrong without harm, never beyond the own subtree."""

import re
from dataclasses import replace
from io import BytesIO

import pytest

from quiz import clock
from quiz.core.people import CellType
from quiz.core.permissions import Role
from quiz.core.rosters import PersonDraft, RegistrationDraft, Roster, UnitDraft
from quiz.extensions import db
from quiz.files.workbook import read_roster, write_roster
from quiz.models import AuditEvent, Person, Unit, Upload
from tests.conftest import Browser
from tests.factories import (
    HOUR,
    make_account,
    make_cell,
    make_contest,
    make_person,
    make_round,
    make_stage,
    make_unit,
)


def cell(code, parent, name):
    return UnitDraft(0, code, name, "chi bộ", parent, is_cell=True, cell_type=CellType.RESIDENTIAL)


def person(code, unit, name="Lò Văn Thử"):
    return PersonDraft(0, code, name, unit_code=unit, phone="0912345678")


NEW_CELLS = Roster((cell("A2", "A", "Bản Hai"), cell("A3", "A", "Bản Ba")), (person("A2-1", "A2"),))


@pytest.fixture
def district(sqlite_app):
    """A district with two communes, somebody in each, and an organizer of each level; committed."""
    district = make_unit("Mai Sơn", type_label="huyện", code="MS")
    for code, name in (("A", "Cò Nòi"), ("B", "Nà Bó")):
        commune = make_unit(name, district, code=code)
        home = make_cell(commune, f"Bản {code}", code=f"{code}1", cell_type=CellType.RESIDENTIAL)
        make_person(home, f"Lò Văn {code}", code=f"{code}1-1")
        make_account((Role.ORGANIZER, commune), username=name[:2].lower().replace("ò", "o").replace("à", "a"))
    make_account((Role.SYSTEM_ADMIN, None), username="admin")
    make_account((Role.PROCTOR, district), username="giamthi")
    db.session.commit()
    return district


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def upload(browser, what, name="xã.xlsx"):
    """Send a workbook and return the address of its preview."""
    data = what if isinstance(what, bytes) else write_roster(what)
    answer = browser.post("/roster", {"file": (BytesIO(data), name)}, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.location


def confirm(browser, address):
    """Press the preview's button and return the answer."""
    found = re.search(r'name="fingerprint" value="(\w+)"', text_of(browser.get(address)))
    return browser.post(f"{address}/confirm", {"fingerprint": found[1]})


def number_of(model):
    db.session.rollback()
    return db.session.query(model).count()


def test_a_workbook_is_looked_at_and_then_taken_in_whole(browser, district):
    browser.sign_in("co")
    address = upload(browser, NEW_CELLS)
    page = text_of(browser.get(address))
    assert "chi bộ Bản Hai" in page and "Lò Văn Thử" in page and "Thêm mới" in page
    assert number_of(Unit) == 5
    answer = confirm(browser, address)
    assert answer.location == "/roster"
    report = text_of(browser.get("/roster"))
    assert "thêm 2 đơn vị và 1 người" in report and "xã.xlsx" in report
    assert (number_of(Unit), number_of(Person)) == (7, 3)
    assert db.session.query(Upload).one().data == b"", "nothing of the file is kept"


def test_whoever_goes_back_to_a_file_that_was_taken_in_is_told_so_and_led_on(browser, sqlite_app, district):
    browser.sign_in("co")
    address = upload(browser, NEW_CELLS, "tháng 11.xlsx")
    confirm(browser, address)
    browser.get("/roster")  # which says what was taken in
    for way, page in ((browser.get, address), (browser.post, f"{address}/discard")):
        answer = way(page)
        assert answer.location == "/roster"
        assert "Tệp “tháng 11.xlsx” đã được nhập rồi." in text_of(browser.get("/roster"))
    given_up = upload(browser, NEW_CELLS)
    browser.post(f"{given_up}/discard")
    assert browser.get(given_up).status_code == 404
    assert Browser(sqlite_app).sign_in("na").get(address).status_code == 404, "somebody else's"


def test_importing_twice_changes_nothing(browser, district):
    browser.sign_in("co")
    confirm(browser, upload(browser, NEW_CELLS))
    before = number_of(AuditEvent)
    page = text_of(browser.get(upload(browser, NEW_CELLS)))
    assert "không có gì để nhập" in page and "/confirm" not in page
    assert (number_of(Unit), number_of(AuditEvent)) == (7, before)


def test_the_preview_says_that_new_cells_begin_today_where_a_round_was_held(browser, district):
    opened = clock.now() - 3 * 24 * HOUR
    stage = make_stage(make_contest(district))
    make_round(stage, district, opens_at=opened, opened_at=opened)
    db.session.commit()
    browser.sign_in("co")
    address = upload(browser, NEW_CELLS)
    page = text_of(browser.get(address))
    assert "2 chi bộ mới để trống ô này" in page and "bắt đầu từ hôm nay" in page
    confirm(browser, address)
    again = text_of(browser.get(upload(browser, NEW_CELLS)))
    assert "không có gì để nhập" in again and "giữ ngày đang có" in again and "/confirm" not in again


def test_a_second_press_of_the_button_does_nothing_more(browser, district):
    browser.sign_in("co")
    address = upload(browser, NEW_CELLS)
    found = re.search(r'name="fingerprint" value="(\w+)"', text_of(browser.get(address)))[1]
    for _ in range(2):
        assert browser.post(f"{address}/confirm", {"fingerprint": found}).location == "/roster"
    page = text_of(browser.get("/roster"))
    assert "Lần bấm thứ hai không làm gì thêm" in page
    assert number_of(Unit) == 7


def test_a_change_shows_before_and_after(browser, district):
    browser.sign_in("co")
    changed = Roster(
        (replace(cell("A1", "A", "Bản A"), has_signal=False),), (person("A1-1", "A1", "Lò Văn Bê"),)
    )
    page = text_of(browser.get(upload(browser, changed)))
    assert "Có sóng điện thoại: có → <strong>không</strong>" in page
    assert "Họ và tên: Lò Văn A → <strong>Lò Văn Bê</strong>" in page


def test_a_file_with_problems_names_each_and_cannot_be_confirmed(browser, district):
    browser.sign_in("co")
    address = upload(browser, Roster(NEW_CELLS.units, (person("A9", "không-có"), person("A 8", "A2"))))
    page = text_of(browser.get(address))
    assert "Bảng Nhân sự, dòng 2" in page and "Không có chi bộ mã “không-có”" in page
    assert "Bảng Nhân sự, dòng 3" in page and "có ký tự lạ" in page
    assert "/confirm" not in page
    assert browser.post(f"{address}/confirm", {"fingerprint": "0" * 32}).status_code == 409
    assert (number_of(Unit), number_of(Person), number_of(Upload)) == (5, 2, 1)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", "Tệp rỗng"), (b"not a workbook", "không phải tệp .xlsx: "), (b"PK\x03\x04broken", "bị hỏng")],
)
def test_a_file_that_is_no_workbook_gets_a_sentence(browser, district, data, sentence):
    browser.sign_in("co")
    assert sentence in text_of(browser.get(upload(browser, data)))


def test_a_forgotten_file_field_gets_a_sentence(browser, district):
    browser.sign_in("co")
    assert "Chưa chọn tệp" in text_of(browser.post("/roster"))


def test_registrations_are_left_to_the_page_of_their_round(browser, district):
    browser.sign_in("co")
    address = upload(browser, replace(NEW_CELLS, registrations=(RegistrationDraft(0, "A1", "A1-1"),)))
    assert "Phần Đăng ký được nhập ở trang của vòng thi" in text_of(browser.get(address))
    assert confirm(browser, address).location == "/roster"


def test_rows_of_another_commune_are_problems(browser, district):
    browser.sign_in("co")
    address = upload(
        browser, Roster((cell("B1", "B", "Bản B"), cell("B9", "B", "Bản Chín")), (person("B1-1", "B1"),))
    )
    page = text_of(browser.get(address))
    assert page.count("Ngoài phạm vi của bạn") == 3 and "/confirm" not in page


def test_a_file_is_the_own_and_nobody_elses(browser, sqlite_app, district):
    address = upload(browser.sign_in("co"), NEW_CELLS)
    other = Browser(sqlite_app).sign_in("na")
    assert other.get(address).status_code == 404
    assert other.post(f"{address}/discard").status_code == 404
    assert other.post(f"{address}/confirm", {"fingerprint": "0" * 32}).location == "/roster"
    assert number_of(Unit) == 5 and number_of(Upload) == 1
    assert browser.post(f"{address}/discard").location == "/roster"
    assert number_of(Upload) == 0


def test_a_preview_that_no_longer_holds_is_not_taken_in(browser, district):
    browser.sign_in("co")
    address = upload(browser, NEW_CELLS)
    page = text_of(browser.get(address))
    make_cell(db.session.query(Unit).filter_by(code="A").one(), "Bản Hai", code="A2")
    db.session.commit()
    seen = re.search(r'name="fingerprint" value="(\w+)"', page)[1]
    assert browser.post(f"{address}/confirm", {"fingerprint": seen}).status_code == 409
    assert number_of(Unit) == 6


def exported(browser, **sent):
    answer = browser.post("/roster/export", sent)
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    roster, problems = read_roster(answer.data)
    assert problems == []
    return roster


def test_an_export_holds_the_own_subtree_and_is_noted(browser, district):
    browser.sign_in("co")
    roster = exported(browser)
    assert [unit.code for unit in roster.units] == ["A", "A1"]
    assert [person.code for person in roster.people] == ["A1-1"]
    other = db.session.query(Unit).filter_by(code="B").one().id
    assert browser.post("/roster/export", {"unit": other}).status_code == 404
    db.session.rollback()
    assert db.session.query(AuditEvent).filter_by(action="roster.export").one().detail == {
        "units": 2,
        "people": 1,
    }


def test_an_export_of_one_unit_comes_back_without_a_change(browser, district):
    browser.sign_in("admin")
    commune = db.session.query(Unit).filter_by(code="B").one().id
    roster = exported(browser, unit=commune)
    assert [unit.code for unit in roster.units] == ["B", "B1"]
    assert "không có gì để nhập" in text_of(browser.get(upload(browser, write_roster(roster))))


def test_the_template_is_an_empty_workbook_of_the_same_layout(browser, district):
    browser.sign_in("co")
    assert read_roster(browser.get("/roster/template").data)[0] == Roster()


def test_who_may_not_import_is_kept_out(browser, district):
    browser.sign_in("giamthi")
    for answer in (
        browser.get("/roster"), browser.get("/roster/template"), browser.get("/roster/1"), browser.post("/roster"),
        browser.post("/roster/1/confirm"), browser.post("/roster/export"),
    ):  # fmt: skip
        assert answer.status_code == 403
