"""Registering a whole stage on its page: upload, preview, confirm; what is not one's own is left out or not found."""

from io import BytesIO

import pytest

from quiz.core.people import AbsenceReason
from quiz.core.permissions import Role
from quiz.core.rosters import RegistrationDraft, Roster
from quiz.extensions import db
from quiz.files.workbook import write_roster
from quiz.models import Absence, Entry, Upload
from tests.factories import (
    make_account,
    make_cell,
    make_contest,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

FUTURE = 4_000_000_000_000


class District:
    """Two communes with two cells each and a round in each; an organizer of the district and one of each commune."""

    def __init__(self):
        self.district = make_unit("Mai Sơn", type_label="huyện")
        self.stage = make_stage(make_contest(self.district))
        self.communes = [make_unit(name, self.district) for name in ("Cò Nòi", "Hát Lót")]
        self.cells = [make_cell(commune, f"Bản {n}") for commune in self.communes for n in (1, 2)]
        self.people = [make_person(cell, f"Lò Văn {n}") for n, cell in enumerate(self.cells)]
        for commune in self.communes:
            make_round(self.stage, commune, opens_at=FUTURE)
        for name, unit in zip(("huyen", "xa1", "xa2"), (self.district, *self.communes), strict=True):
            make_account((Role.ORGANIZER, unit), username=name)
        make_account((Role.ORGANIZER, make_unit("Nơi khác")), username="khac")
        db.session.commit()
        self.url = f"/desk/stages/{self.stage.id}/registrations"

    def workbook(self, *more):
        rows = [
            RegistrationDraft(2, self.cells[0].code, self.people[0].code),
            RegistrationDraft(3, self.cells[1].code, "", AbsenceReason.ILLNESS),
            RegistrationDraft(4, self.cells[2].code, self.people[2].code),
            *more,
        ]
        return write_roster(Roster(registrations=tuple(rows)))


@pytest.fixture
def there(sqlite_app):
    return District()


def text(answer):
    return answer.get_data(as_text=True)


def upload(browser, there, data):
    answer = browser.post(
        there.url, {"file": (BytesIO(data), "dang-ky.xlsx")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 302, text(answer)
    return answer.location


def figures():
    return db.session.query(Entry).count(), db.session.query(Absence).count()


def test_a_workbook_is_previewed_confirmed_and_changes_nothing_the_second_time(browser, there):
    browser.sign_in("huyen")
    preview = upload(browser, there, there.workbook())
    page = text(browser.get(preview))
    assert "Đăng ký 3 dòng" in page and figures() == (0, 0)
    done = browser.post(f"{preview}/confirm", follow_redirects=True)
    assert "Đã ghi 2 thí sinh và 1 chi bộ vắng" in text(done)
    assert figures() == (2, 1) and db.session.query(Upload).one().data == b""
    again = upload(browser, there, there.workbook())
    assert "Không có gì để ghi thêm" in text(browser.get(again))
    browser.post(f"{again}/confirm")
    assert figures() == (2, 1)


def test_a_confirmation_clicked_twice_is_told_that_the_file_was_taken_in(browser, there):
    browser.sign_in("huyen")
    preview = upload(browser, there, there.workbook())
    assert browser.post(f"{preview}/confirm").status_code == 302
    assert "đã được nhập rồi" in text(browser.post(f"{preview}/confirm", follow_redirects=True))
    assert figures() == (2, 1)


def test_rows_with_a_problem_are_named_and_left_out(browser, there):
    browser.sign_in("huyen")
    preview = upload(browser, there, there.workbook(RegistrationDraft(5, "KHONG-CO", there.people[3].code)))
    page = text(browser.get(preview))
    assert "Dòng 5" in page and "KHONG-CO" in page and "Đăng ký 3 dòng" in page
    browser.post(f"{preview}/confirm")
    assert figures() == (2, 1)


def test_a_commune_registers_only_its_own_rows(browser, there):
    browser.sign_in("xa1")
    preview = upload(browser, there, there.workbook())
    assert "Dòng 4" in text(browser.get(preview))
    browser.post(f"{preview}/confirm")
    assert figures() == (1, 1)


def test_all_secretaries_of_the_own_rounds(browser, there):
    browser.sign_in("xa2")
    done = browser.post(f"{there.url}/secretaries", follow_redirects=True)
    assert "Đã đăng ký 2 người" in text(done)
    assert {entry.person_id for entry in db.session.query(Entry)} == {p.id for p in there.people[2:]}


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"<html>"])
def test_a_file_that_is_no_workbook_says_so_and_registers_nobody(browser, there, data):
    browser.sign_in("huyen")
    preview = upload(browser, there, data)
    page = text(browser.get(preview))
    assert "Cả tệp" in page and f"{preview}/confirm" not in page
    browser.post(f"{preview}/confirm")
    assert figures() == (0, 0)


def test_without_a_file_the_form_asks_for_one(browser, there):
    browser.sign_in("huyen")
    assert "Chưa chọn tệp" in text(browser.post(there.url, {}))


def test_a_file_can_be_given_up(browser, there):
    browser.sign_in("huyen")
    preview = upload(browser, there, there.workbook())
    assert browser.post(f"{preview}/discard").status_code == 302
    assert db.session.query(Upload).count() == 0


def test_somebody_elses_file_and_a_stage_without_own_rounds_are_not_found(browser, there):
    browser.sign_in("huyen")
    preview = upload(browser, there, there.workbook())
    browser.post("/sign-out")
    browser.sign_in("xa1")
    assert browser.get(preview).status_code == browser.post(f"{preview}/confirm").status_code == 404
    browser.post("/sign-out")
    browser.sign_in("khac")
    assert browser.get(there.url).status_code == 404
    assert browser.post(f"{there.url}/secretaries").status_code == 404
    assert figures() == (0, 0)
