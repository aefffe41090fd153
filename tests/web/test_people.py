"""Pages of the people: lists and records, kept within the own subtree."""

from datetime import date

import pytest

from quiz.core.people import CellType, Position, Sex
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Person, Unit
from quiz.services import people
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


@pytest.fixture
def district(sqlite_app):
    """A district with two communes of one cell each, and people in both; committed."""
    district = make_unit("Mai Sơn", type_label="huyện", code="MS")
    for code, commune_name, people_names in [
        ("A", "Cò Nòi", ("Hà Văn Ước", "Lò Thị Ân", "Cầm Văn An")),
        ("B", "Nà Bó", ("Vì Thị Bé",)),
    ]:
        commune = make_unit(commune_name, district, code=code)
        cell = make_cell(commune, f"Bản {code}", code=f"{code}1", cell_type=CellType.RESIDENTIAL)
        for number, name in enumerate(people_names):
            make_person(cell, name, code=f"{code}1-{number}", phone=f"091234567{number}")
    commune = db.session.query(Unit).filter_by(code="A").one()
    make_account((Role.SYSTEM_ADMIN, None), username="admin")
    make_account((Role.ORGANIZER, commune), username="conoi")
    make_account((Role.PROCTOR, commune), username="giamthi")
    make_account((Role.OBSERVER, commune), username="khach")
    db.session.commit()
    return district


def person(code):
    db.session.rollback()  # what the page committed is read anew
    return db.session.query(Person).filter_by(code=code).one()


def unit_id(code):
    return db.session.query(Unit.id).filter_by(code=code).scalar()


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def record(**changes):
    values = {"full_name": "Lò Thị Xuân", "code": "A1-9", "position": "secretary", "sex": "female"}
    return values | {"birth_date": "19/05/1975", "phone": "0912 345 678"} | changes


def test_the_list_stands_by_given_name_within_the_own_subtree(browser, district):
    page = text_of(browser.sign_in("conoi").get("/people"))
    places = [page.index(name) for name in ("Cầm Văn An", "Lò Thị Ân", "Hà Văn Ước")]
    assert places == sorted(places)
    assert "Vì Thị Bé" not in page and "0912345670" in page


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("q=uoc", "Hà Văn Ước", "Lò Thị Ân"),
        ("q=A1-1", "Lò Thị Ân", "Hà Văn Ước"),
        ("q=b%C3%A9", "Vì Thị Bé", "Hà Văn Ước"),
        ("unit={B}", "Vì Thị Bé", "Hà Văn Ước"),
        ("position=deputy_secretary", "Không có ai như vậy", "Hà Văn Ước"),
        ("position=nonsense", "Hà Văn Ước", "Không có ai như vậy"),
    ],
)
def test_the_list_narrows(browser, district, query, found, missing):
    page = text_of(browser.sign_in("admin").get("/people?" + query.replace("{B}", str(unit_id("B")))))
    assert found in page and missing not in page


def test_what_belongs_to_another_commune_is_not_there(browser, district):
    browser.sign_in("conoi")
    other, unit = person("B1-0").id, unit_id("B")
    for address in (
        f"/people/{other}", f"/people/{other}/edit", f"/people?unit={unit}", f"/people/new?unit={unit}",
        "/people/999999",
    ):  # fmt: skip
        assert browser.get(address).status_code == 404, address
    for address in (f"/people/{other}/edit", f"/people/{other}/remove", f"/people/new?unit={unit}"):
        assert browser.post(address, record()).status_code == 404, address
    assert person("B1-0").full_name == "Vì Thị Bé"


def test_a_proctor_sees_the_people_and_changes_none_an_observer_sees_none(browser, district):
    browser.sign_in("giamthi")
    own = person("A1-0").id
    assert "0912345670" in text_of(browser.get(f"/people/{own}"))
    assert browser.get(f"/people/{own}/edit").status_code == 403
    assert browser.get(f"/people/new?unit={unit_id('A1')}").status_code == 403
    browser.post("/sign-out")
    browser.sign_in("khach")
    assert browser.get("/people").status_code == 403


def test_a_record_tells_the_rounds_the_accounts_and_whether_its_holder_may_compete(browser, district):
    somebody = person("A1-0")
    make_entry(make_round(make_stage(make_contest(district, title="Hội thi 2023")), district), somebody)
    make_account((Role.JUDGE, somebody.unit), username="giam.khao", person=somebody)
    db.session.commit()
    page = text_of(browser.sign_in("admin").get(f"/people/{somebody.id}"))
    assert "Vòng thi Mai Sơn" in page and "Hội thi 2023" in page
    assert "giam.khao" in page and "không được dự thi" in page
    assert "không được dự thi" not in text_of(browser.get(f"/people/{person('A1-1').id}"))


def test_somebody_is_added_to_a_cell_found_by_name(browser, district):
    browser.sign_in("conoi")
    assert "Thêm người vào chi bộ nào?" in text_of(browser.get("/people/new"))
    assert "Không có chi bộ nào" in text_of(browser.get("/people/new?cell=b1"))
    address = f"/people/new?unit={unit_id('A1')}"
    assert f'href="{address}"' in text_of(browser.get("/people/new?cell=ban+a"))
    assert 'value="A1-3"' in text_of(browser.get(address))
    answer = browser.post(address, record())
    made = person("A1-9")
    assert answer.location == f"/people/{made.id}"
    assert (made.full_name, made.phone, made.sex) == ("Lò Thị Xuân", "0912345678", Sex.FEMALE)
    assert made.birth_date == date(1975, 5, 19) and made.unit.code == "A1"
    assert "Mã này đã dùng cho Lò Thị Xuân" in text_of(browser.post(address, record()))  # the second click


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"full_name": ""}, "Chưa điền mục này"),
        ({"code": "A 9"}, "có ký tự lạ"),
        ({"birth_date": "19/13/1975"}, "không phải ngày"),
        ({"birth_date": "2020"}, "xem lại ngày sinh"),
        ({"phone": "không có"}, "Số điện thoại"),
        ({"position": "king"}, "Hãy chọn một mục có trong danh sách"),
    ],
)
def test_a_wrong_field_is_told_beside_it_and_nothing_is_lost(browser, district, changes, sentence):
    browser.sign_in("conoi")
    page = text_of(browser.post(f"/people/new?unit={unit_id('A1')}", record(ethnicity="Xinh Mun") | changes))
    assert sentence in page and 'value="Xinh Mun"' in page and "<title>Lỗi: " in page
    assert db.session.query(Person).count() == 4


def test_who_is_entered_a_second_time_is_pointed_out(browser, district):
    browser.sign_in("conoi")
    address = f"/people/new?unit={unit_id('A1')}"
    advice = "có cùng họ tên và ngày sinh"
    pages = [
        text_of(browser.post(address, record() | {"code": code}, follow_redirects=True))
        for code in ("A1-8", "A1-9")
    ]
    assert advice not in pages[0] and "(mã A1-8)" in pages[1] and advice in pages[1]


def test_a_record_changes_and_moves_to_a_cell_typed_by_name(browser, district):
    browser.sign_in("admin")
    address = f"/people/{person('A1-0').id}/edit"
    assert 'value="Hà Văn Ước"' in text_of(browser.get(address))
    sent = record(full_name="Hà Văn Ước Mới", position="other", unit_code="ban b", is_village_head="y")
    assert "không phải chi bộ" in text_of(browser.post(address, sent | {"unit_code": "MS"}))
    assert browser.post(address, sent).status_code == 302
    changed = person("A1-0")
    assert (changed.full_name, changed.unit.code) == ("Hà Văn Ước Mới", "B1")
    assert changed.position is Position.OTHER and changed.is_village_head


def test_nobody_is_sent_out_of_the_own_subtree(browser, district):
    browser.sign_in("conoi")
    page = text_of(browser.post(f"/people/{person('A1-0').id}/edit", record(unit_code="B1")))
    assert "Không thấy đơn vị “B1”" in page
    assert person("A1-0").unit.code == "A1"


def test_only_a_record_that_was_never_used_is_removed(browser, district):
    used = person("A1-0")
    make_entry(make_round(make_stage(make_contest(district)), district), used)
    db.session.commit()
    browser.sign_in("conoi")
    assert browser.post(f"/people/{used.id}/remove").status_code == 409
    assert browser.post(f"/people/{person('A1-1').id}/remove").status_code == 302
    assert [row.code for row in people.search([""]).items] == ["A1-2", "B1-0", "A1-0"]
