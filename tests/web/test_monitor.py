"""Watching pages: figures, who has not started, phone numbers only for those who may see them, a light refresh."""

import pytest

from quiz.core.permissions import Role
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)


class Watched:
    """A district with two communes; in the first one person has not started and one has handed in."""

    def __init__(self):
        district = make_unit("Mai Sơn", type_label="huyện")
        self.stage = make_stage(make_contest(district))
        self.communes = [make_unit(name, district) for name in ("Cò Nòi", "Hát Lót")]
        self.rounds = [make_round(self.stage, commune, opened_at=NOW) for commune in self.communes]
        self.idle = self._enter(0, "Lò Văn Chưa", "0912345678")
        self.done = self._enter(0, "Quàng Thị Xong", "0987654321")
        self.far = self._enter(1, "Vì Văn Xa", "0900000001")
        add(
            Attempt(
                entry=self.done,
                round_id=self.done.round_id,
                person_id=self.done.person_id,
                seed="1",
                paper="[]",
                started_at=NOW,
                deadline=NOW + HOUR,
                grace_seconds=5,
                receipt_code="R1",
                submitted_at=NOW + MINUTE,
            )
        )
        make_account((Role.ORGANIZER, district), username="huyen")
        make_account((Role.ORGANIZER, self.communes[0]), username="xa1")
        make_account((Role.OBSERVER, district), username="xem")
        make_account((Role.JUDGE, district), username="giamkhao")
        db.session.commit()

    def _enter(self, n, name, phone):
        cell = make_cell(self.communes[n], f"Bản {name}")
        return make_entry(self.rounds[n], make_person(cell, name, phone=phone))


@pytest.fixture
def there(sqlite_app):
    return Watched()


def text(answer):
    return answer.get_data(as_text=True)


def test_the_round_names_who_has_not_started_with_a_phone_number(browser, there):
    browser.sign_in("xa1")
    page = text(browser.get(f"/desk/rounds/{there.rounds[0].id}/monitor"))
    assert "Chưa vào làm bài (1)" in page and "Đã nộp (1)" in page
    assert "0912345678" in page and "0987654321" not in page
    assert "Lò Văn Chưa – chi bộ Bản Lò Văn Chưa" in page  # the text for the chat group
    everybody = text(browser.get(f"/desk/rounds/{there.rounds[0].id}/monitor?view=all"))
    assert "0987654321" in everybody


def test_who_may_not_see_people_sees_no_phone_numbers(browser, there):
    browser.sign_in("xem")
    page = text(browser.get(f"/desk/rounds/{there.rounds[0].id}/monitor?view=all"))
    assert "Lò Văn Chưa" in page and "0912345678" not in page
    person = text(browser.get(f"/desk/entries/{there.idle.id}/monitor"))
    assert "Lò Văn Chưa" in person and "0912345678" not in person


def test_the_part_that_changes_is_sent_only_when_it_changed(browser, there):
    browser.sign_in("xa1")
    url = f"/desk/rounds/{there.rounds[0].id}/monitor/part?view=all"
    first = browser.get(url)
    assert first.status_code == 200 and "<html" not in text(first)
    tag = {"If-None-Match": first.headers["ETag"]}
    second = browser.get(url, headers=tag)
    assert (second.status_code, second.data) == (304, b"")
    there.idle.withdrawn_at = NOW
    db.session.commit()
    assert browser.get(url, headers=tag).status_code == 200


def test_a_stage_sums_the_rounds_one_may_watch(browser, there):
    browser.sign_in("huyen")
    page = text(browser.get(f"/desk/stages/{there.stage.id}/monitor"))
    assert "xã Cò Nòi" in page and "xã Hát Lót" in page and "trên 3 người" in page
    assert browser.get(f"/desk/stages/{there.stage.id}/monitor/part").status_code == 200
    browser.post("/sign-out")
    browser.sign_in("xa1")
    own = text(browser.get(f"/desk/stages/{there.stage.id}/monitor"))
    assert "xã Hát Lót" not in own and "trên 2 người" in own


def test_one_person_is_shown_without_what_they_chose(browser, there):
    browser.sign_in("huyen")
    page = text(browser.get(f"/desk/entries/{there.done.id}/monitor"))
    assert "Đã nộp bài" in page and "0 trong 5 câu" in page


@pytest.mark.parametrize(
    "query", ["?minutes=0", "?minutes=x", "?minutes=99999999999", "?view=khac", "?page=99", f"?page={10**30}"]
)
def test_odd_addresses_still_show_the_page(browser, there, query):
    browser.sign_in("xa1")
    for name in ("monitor", "monitor/part"):
        assert browser.get(f"/desk/rounds/{there.rounds[0].id}/{name}{query}").status_code == 200


@pytest.mark.parametrize(
    "url",
    ["/desk/rounds/{round}/monitor", "/desk/rounds/{round}/monitor/part", "/desk/entries/{entry}/monitor"],
)
def test_another_commune_is_not_found_and_a_judge_may_not(browser, there, url):
    address = url.format(round=there.rounds[1].id, entry=there.far.id)
    browser.sign_in("xa1")
    assert browser.get(address).status_code == 404
    browser.post("/sign-out")
    browser.sign_in("giamkhao")
    assert browser.get(address).status_code == 403
