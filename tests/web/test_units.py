"""Pages of the units: what is seen, found, changed, and what is another subtree's."""

from datetime import date

import pytest

from quiz import clock
from quiz.core.people import CellType
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Unit
from quiz.services import units
from quiz.services.audit import SYSTEM
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_cell,
    make_contest,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

RESIDENTIAL = {"cell_type": CellType.RESIDENTIAL}


@pytest.fixture
def district(sqlite_app):
    """A district with two communes, one account for each of three readers; committed."""
    district = make_unit("Mai Sơn", type_label="huyện", code="MS")
    commune = make_unit("Cò Nòi", district, code="MS-01")
    town = make_unit("Hát Lót", district, "thị trấn", code="MS-02")
    make_person(
        make_cell(commune, "Bản Một", code="MS-01-1", **RESIDENTIAL), "Lò Văn Thử", phone="0912345678"
    )
    make_cell(town, "Tiểu khu 1", code="MS-02-1", **RESIDENTIAL)
    make_account((Role.SYSTEM_ADMIN, None), username="admin")
    make_account((Role.ORGANIZER, commune), username="conoi")
    make_account((Role.OBSERVER, commune), username="khach")
    make_account((Role.JUDGE, commune), username="giamkhao")
    db.session.commit()
    return district


def unit(code):
    db.session.rollback()  # what the page committed is read anew
    return db.session.query(Unit).filter_by(code=code).one()


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def fields(code="MS-01-2", **changes):
    values = {"code": code, "name": "Bản Hai", "type_label": "chi bộ", "is_cell": "y", "has_signal": "y"}
    return values | {"cell_type": "residential"} | changes


# --- looking --------------------------------------------------------------------------------------------------------


def test_the_tree_opens_at_the_own_unit_with_the_level_below_and_its_counts(browser, district):
    page = text_of(browser.sign_in("admin").get("/units"))
    assert "xã Cò Nòi" in page and "thị trấn Hát Lót" in page and "Bản Một" not in page
    assert "Cả huyện Mai Sơn có 2 chi bộ và 1 người" in page


def test_an_organizer_of_a_commune_sees_the_own_commune_only(browser, district):
    browser.sign_in("conoi")
    page = text_of(browser.get("/units"))
    assert "Bản Một" in page and "Hát Lót" not in page
    assert browser.get(f"/units/{unit('MS-01').id}").status_code == 200
    for hidden in (unit("MS").id, unit("MS-02").id, unit("MS-02-1").id, 999_999, 2**40):
        assert browser.get(f"/units/{hidden}").status_code == 404


def test_breadcrumbs_lead_up_as_far_as_the_reader_sees(browser, district):
    cell = unit("MS-01-1").id
    page = text_of(browser.sign_in("admin").get(f"/units/{cell}"))
    assert f'href="/units/{unit("MS").id}"' in page and f'href="/units/{unit("MS-01").id}"' in page
    browser.post("/sign-out")
    page = text_of(browser.sign_in("conoi").get(f"/units/{cell}"))
    assert f'href="/units/{unit("MS").id}"' not in page and f'href="/units/{unit("MS-01").id}"' in page


@pytest.mark.parametrize(
    ("typed", "found", "missing"),
    [
        ("co noi", "xã Cò Nòi", "Hát Lót"),
        ("hat lot", "thị trấn Hát Lót", "Cò Nòi"),
        ("ms-02", "thị trấn Hát Lót", "Cò Nòi"),
        ("khong co", "Không có đơn vị nào tên như vậy", "Cò Nòi"),
    ],
)
def test_a_search_needs_no_marks(browser, district, typed, found, missing):
    page = text_of(browser.sign_in("admin").get("/units", query_string={"q": typed}))
    assert found in page and missing not in page


def test_a_former_name_is_shown_beside_the_unit_it_finds(browser, district):
    units.rename(unit("MS-01"), "Cò Nòi Mới", date(2023, 1, 1), date(2023, 2, 1), SYSTEM, NOW)
    db.session.commit()
    page = text_of(browser.sign_in("admin").get("/units?q=co+noi"))
    assert "xã Cò Nòi Mới" in page and ">Cò Nòi<" in page
    assert "Cò Nòi, đến ngày 01/01/2023" in text_of(browser.get(f"/units/{unit('MS-01').id}"))


def test_phone_numbers_are_shown_to_those_who_see_the_people(browser, district):
    address = f"/units/{unit('MS-01-1').id}"
    page = text_of(browser.sign_in("khach").get(address))
    assert "Lò Văn Thử" in page and "0912345678" not in page and "/people/" not in page
    browser.post("/sign-out")
    assert "0912345678" in text_of(browser.sign_in("conoi").get(address))


def test_who_holds_no_right_on_units_is_kept_out(browser, district):
    assert browser.get("/units").status_code == 302
    assert browser.sign_in("giamkhao").get("/units").status_code == 403


# --- changing -------------------------------------------------------------------------------------------------------


def test_a_cell_is_added_below_the_own_commune_with_the_offered_code(browser, district):
    browser.sign_in("conoi")
    address = f"/units/new?parent={unit('MS-01').id}"
    assert 'value="MS-01-02"' in text_of(browser.get(address))
    answer = browser.post(address, fields())
    assert answer.status_code == 302
    made = unit("MS-01-2")
    assert answer.location == f"/units/{made.id}" and made.parent.code == "MS-01" and made.is_cell
    again = text_of(browser.post(address, fields()))
    assert "Mã này đã dùng cho chi bộ Bản Hai" in again and 'value="Bản Hai"' in again


def test_a_cell_added_after_a_round_was_held_begins_today_unless_another_day_is_said(browser, district):
    browser.sign_in("conoi")
    commune = unit("MS-01")
    address, offered = f"/units/new?parent={commune.id}", f'value="{clock.today():%d/%m/%Y}"'
    assert offered not in text_of(browser.get(address))
    stage = make_stage(make_contest(unit("MS")))
    make_round(stage, unit("MS"), opens_at=clock.now() - 3 * HOUR, opened_at=clock.now() - 3 * HOUR)
    db.session.commit()
    assert offered in text_of(browser.get(address))
    browser.post(address, fields(valid_from=""))
    assert unit("MS-01-2").valid_from is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Chưa điền mục này"),
        ({"code": "a b"}, "có ký tự lạ"),
        ({"cell_type": ""}, "Chi bộ phải có loại hình"),
        ({"cell_type": "kolkhoz"}, "Hãy chọn một mục có trong danh sách"),
        ({"valid_from": "hôm qua"}, "không phải ngày"),
    ],
)
def test_a_wrong_field_is_told_beside_it_and_nothing_is_lost(browser, district, changes, sentence):
    browser.sign_in("conoi")
    page = text_of(browser.post(f"/units/new?parent={unit('MS-01').id}", fields(type_label="tổ", **changes)))
    assert sentence in page and 'value="tổ"' in page
    assert db.session.query(Unit).count() == 5


@pytest.mark.parametrize(
    "address", ["/units/new?parent={MS}", "/units/new?parent={MS-02}", "/units/new", "/units/new?parent=0"]
)
def test_nothing_is_added_outside_the_own_subtree(browser, district, address):
    browser.sign_in("conoi")
    known = {code: unit(code).id for code in ("MS", "MS-02")}
    for code, unit_id in known.items():
        address = address.replace(f"{{{code}}}", str(unit_id))
    assert browser.get(address).status_code == 404
    assert browser.post(address, fields()).status_code == 404
    assert db.session.query(Unit).count() == 5


def test_who_holds_everything_may_add_a_root(browser, district):
    browser.sign_in("admin")
    assert (
        browser.post("/units/new", {"code": "SL", "name": "Sơn La", "type_label": "tỉnh"}).status_code == 302
    )
    assert unit("SL").parent is None


def test_an_edit_shows_what_is_and_keeps_what_was_sent(browser, district):
    browser.sign_in("conoi")
    address = f"/units/{unit('MS-01-1').id}/edit"
    assert 'value="Bản Một"' in text_of(browser.get(address))
    sent = fields(name="Bản Một Mới", parent_code="MS-01", renamed_on="01/02/2023", is_difficult="y")
    assert browser.post(address, sent).status_code == 302
    cell = unit("MS-01-1")
    assert (cell.name, cell.is_difficult) == ("Bản Một Mới", True)
    assert [former.until for former in cell.former_names] == [date(2023, 2, 1)]


def test_a_unit_moves_to_a_place_typed_by_name(browser, district):
    browser.sign_in("admin")
    address = f"/units/{unit('MS-01-1').id}/edit"
    assert "Không thấy đơn vị" in text_of(browser.post(address, fields(parent_code="Không đâu")))
    assert "thành vòng" in text_of(browser.post(f"/units/{unit('MS-01').id}/edit", {
        "name": "Cò Nòi", "type_label": "xã", "parent_code": "MS-01-1", "has_signal": "y",
    }))  # fmt: skip
    assert browser.post(address, fields(name="Bản Một", parent_code="hat lot")).status_code == 302
    assert unit("MS-01-1").parent.code == "MS-02"


def test_a_unit_does_not_leave_the_own_subtree(browser, district):
    browser.sign_in("conoi")
    address = f"/units/{unit('MS-01-1').id}/edit"
    for elsewhere in ("MS-02", "MS", ""):
        text_of(browser.post(address, fields(parent_code=elsewhere)))
        assert unit("MS-01-1").parent.code == "MS-01"
    own = f"/units/{unit('MS-01').id}/edit"
    kept = {"name": "Cò Nòi", "type_label": "phường", "parent_code": "MS", "has_signal": "y"}
    assert browser.post(own, kept).status_code == 302
    assert (unit("MS-01").type_label, unit("MS-01").parent.code) == ("phường", "MS")


# --- merging and removing -------------------------------------------------------------------------------------------


def test_a_merger_is_shown_before_it_is_confirmed(browser, district):
    browser.sign_in("admin")
    old, new = unit("MS-01").id, unit("MS-02").id
    address = f"/units/{old}/merge"
    assert "MS-02" in text_of(browser.get(address))
    seen = text_of(browser.get(address, query_string={"successor_code": "hat lot", "day": "05/02/2023"}))
    assert "sáp nhập vào thị trấn Hát Lót" in seen and "1 đơn vị trực thuộc chuyển sang" in seen
    assert unit("MS-01").successor is None
    sent = {"successor_code": "MS-02", "day": "05/02/2023"}
    assert browser.post(address, sent).location == f"/units/{new}"
    assert unit("MS-01").successor_id == new and unit("MS-01-1").parent_id == new
    assert "Đơn vị này đã sáp nhập" in text_of(browser.get(f"/units/{old}"))
    assert "Đã nhận sáp nhập" in text_of(browser.get(f"/units/{new}"))
    assert browser.post(address, sent).status_code == 409  # the second click


@pytest.mark.parametrize(
    ("successor", "day", "sentence"),
    [
        ("", "05/02/2023", "Chưa điền mục này"),
        ("MS-02", "", "Chưa điền mục này"),
        ("MS-02", "32/02/2023", "không phải ngày"),
        ("MS-01-1", "05/02/2023", "vào đơn vị bên dưới nó"),
        ("đâu đó", "05/02/2023", "Không thấy đơn vị"),
        ("MS-02", "01/01/2199", "còn ở tương lai"),
    ],
)
def test_a_merger_that_cannot_be_is_refused_with_a_sentence(browser, district, successor, day, sentence):
    browser.sign_in("admin")
    address, sent = f"/units/{unit('MS-01').id}/merge", {"successor_code": successor, "day": day}
    assert sentence in text_of(browser.get(address, query_string=sent))
    assert sentence in text_of(browser.post(address, sent))
    assert unit("MS-01").successor is None


def test_a_commune_is_not_merged_by_its_neighbour(browser, district):
    browser.sign_in("conoi")
    assert browser.post(f"/units/{unit('MS-02').id}/merge").status_code == 404
    into = {"successor_code": "MS-02", "day": "05/02/2023"}
    assert "Không thấy đơn vị" in text_of(browser.post(f"/units/{unit('MS-01').id}/merge", into))


def test_only_a_unit_that_was_never_used_is_removed(browser, district):
    browser.sign_in("conoi")
    assert browser.post(f"/units/{unit('MS-02-1').id}/remove").status_code == 404
    assert browser.post(f"/units/{unit('MS-01-1').id}/remove").status_code == 409
    browser.post(f"/units/new?parent={unit('MS-01').id}", fields())
    assert browser.post(f"/units/{unit('MS-01-2').id}/remove").location == f"/units/{unit('MS-01').id}"
    assert db.session.query(Unit).filter_by(code="MS-01-2").count() == 0
