"""Giving minutes at the desk: who may, to whom, once a form, with a list and a way back."""

import re

import pytest
from sqlalchemy import func, select

from quiz import clock
from quiz.core.permissions import Role
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt, Incident, IncidentGrant, TimeGrant
from quiz.services import attempts
from tests.factories import (
    HOUR,
    add,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    open_for_test,
)


class Running:
    """A district's round under way; one person of each of two communes is sitting it."""

    def __init__(self):
        now = clock.now()
        district = make_unit("Mai Sơn", type_label="huyện")
        self.communes = [make_unit(name, district) for name in ("Chiềng Nơi", "Hát Lót")]
        stage = make_stage(make_contest(district), make_rules(time_limit=30))
        self.round = make_round(stage, district, opens_at=now - HOUR)
        open_for_test(self.round, [make_item() for _ in range(6)], at=now - HOUR)
        self.entries = [
            make_entry(self.round, make_person(make_cell(unit, f"Bản {n}"), f"Lò Văn {n}"))
            for n, unit in zip(("Nơi", "Lót"), self.communes, strict=True)
        ]
        self.papers = [attempts.start(entry, now - 25 * MINUTE, "seed") for entry in self.entries]
        make_account((Role.ORGANIZER, district), username="huyen")
        make_account((Role.PROCTOR, self.communes[0]), username="giamthi")
        make_account((Role.OBSERVER, district), username="xem")
        db.session.commit()

    def deadlines(self):
        return [
            db.session.scalar(select(Attempt.deadline).where(Attempt.id == paper.id)) for paper in self.papers
        ]


@pytest.fixture
def there(sqlite_app):
    return Running()


def text(answer):
    return answer.get_data(as_text=True)


def form_of(browser, url):
    """Return what the form of a page holds before anything is typed: its key."""
    return {"key": re.search(r'name="key"[^>]*value="(\w+)"', text(browser.get(url)))[1], "for_later": "y"}


def test_a_proctor_gives_the_own_commune_minutes_once_and_the_list_names_them(browser, there):
    browser.sign_in("giamthi")
    before = there.deadlines()
    url = f"/desk/rounds/{there.round.id}/minutes/new?unit={there.communes[0].id}"
    values = form_of(browser, url) | {"minutes": "12", "reason": "mất điện 12 phút"}
    assert browser.post(url, values).status_code == 302
    browser.post(url, values, headers={"Referer": f"http://localhost{url}"})  # a double click
    assert there.deadlines() == [before[0] + 12 * MINUTE, before[1]]
    assert db.session.scalar(select(func.count(TimeGrant.id))) == 1
    page = text(browser.get(f"/desk/rounds/{there.round.id}/minutes"))
    assert "mất điện 12 phút" in page and "xã Chiềng Nơi" in page and "Rút lại" in page


def test_a_second_proctor_is_asked_whether_more_is_meant(browser, there):
    url = f"/desk/rounds/{there.round.id}/minutes/new?unit={there.communes[0].id}"
    before, outage = there.deadlines()[0], {"minutes": "12", "reason": "mất điện 12 phút"}
    known = r'name="known"[^>]*value="(\d+)"'

    def opened():
        page = text(browser.get(url))
        key = re.search(r'name="key"[^>]*value="(\w+)"', page)[1]
        return {"key": key, "known": re.search(known, page)[1], "for_later": "y"} | outage

    browser.sign_in("giamthi")
    first, second = opened(), opened()  # both open the page when the lights go out
    assert browser.post(url, first).status_code == 302
    asked = text(browser.post(url, second))
    assert "đã có người cho thêm giờ" in asked and "Lần gần nhất: xã Chiềng Nơi được thêm 12 phút" in asked
    assert there.deadlines()[0] == before + 12 * MINUTE
    again = browser.post(url, second | {"known": re.search(known, asked)[1]})
    assert again.status_code == 302 and there.deadlines()[0] == before + 24 * MINUTE


def test_an_incident_of_the_log_may_be_chosen_as_the_cause_of_minutes(browser, there):
    where = {"round_id": there.round.id, "kind": "power", "happened_at": clock.now() - 20 * MINUTE}
    for key, unit in enumerate(there.communes):
        add(
            Incident(
                unit_id=unit.id, path=unit.path, what=f"Mất điện ở {unit.name}", key=str(key),
                written_at=clock.now(), **where,
            )
        )  # fmt: skip
    db.session.commit()
    browser.sign_in("giamthi")
    url = f"/desk/rounds/{there.round.id}/minutes/new?unit={there.communes[0].id}"
    page = text(browser.get(url))
    assert "Mất điện ở Chiềng Nơi" in page and "Mất điện ở Hát Lót" not in page
    own = db.session.scalar(select(Incident.id).where(Incident.key == "0"))
    wish = {"minutes": "12", "reason": "mất điện", "incident": str(own)}
    assert browser.post(url, form_of(browser, url) | wish).status_code == 302
    (line,) = db.session.scalars(select(IncidentGrant))
    assert line.incident_id == own
    assert f"/desk/incidents/{own}" in text(browser.get(f"/desk/rounds/{there.round.id}/minutes"))
    assert f"incident={own}" in text(browser.get(f"/desk/incidents/{own}"))


def test_without_an_incident_in_the_log_none_is_asked_for(browser, there):
    browser.sign_in("giamthi")
    base = f"/desk/rounds/{there.round.id}/minutes"
    assert 'name="incident"' not in text(browser.get(f"{base}/new?unit={there.communes[0].id}"))
    assert "Sổ sự cố" in text(browser.get(base))


def test_a_proctor_reaches_neither_another_commune_nor_the_whole_district(browser, there):
    browser.sign_in("giamthi")
    base = f"/desk/rounds/{there.round.id}/minutes"
    index = text(browser.get(f"{base}?q=lo van"))
    assert "xã Chiềng Nơi" in index and "xã Hát Lót" not in index and "huyện Mai Sơn</a>" not in index
    assert "Lò Văn Nơi" in index and "Lò Văn Lót" not in index
    for query in (
        f"unit={there.communes[1].id}",
        f"unit={there.round.unit_id}",
        f"entry={there.entries[1].id}",
    ):
        assert browser.get(f"{base}/new?{query}").status_code == 404
        assert (
            browser.post(f"{base}/new?{query}", {"minutes": 5, "reason": "x", "key": "k"}).status_code == 404
        )


def test_only_the_board_may_let_closed_papers_go_on(browser, there):
    closed = there.papers[0]
    closed.deadline = clock.now() - MINUTE
    attempts.close_due(clock.now())
    db.session.commit()
    url = f"/desk/rounds/{there.round.id}/minutes/new?entry={there.entries[0].id}"
    wish = {"minutes": "12", "reason": "mất điện", "reopen": "y"}
    browser.sign_in("giamthi")
    assert "Mở lại bài" not in text(browser.get(url))
    browser.post(url, form_of(browser, url) | wish)
    assert db.session.scalar(select(Attempt.submitted_at).where(Attempt.id == closed.id)) is not None
    browser.post("/sign-out")
    browser.sign_in("huyen")
    assert "hiện có 1 bài như vậy" in text(browser.get(url))
    browser.post(url, form_of(browser, url) | wish)
    assert db.session.scalar(select(Attempt.submitted_at).where(Attempt.id == closed.id)) is None
    assert "(mở lại 1)" in text(browser.get(f"/desk/rounds/{there.round.id}/minutes"))


def test_for_one_person_nothing_is_asked_about_others(browser, there):
    browser.sign_in("giamthi")
    base = f"/desk/rounds/{there.round.id}/minutes/new"
    page = text(browser.get(f"{base}?entry={there.entries[0].id}"))
    assert "Cả những người chưa bắt đầu" not in page and "Đang làm bài: giờ kết thúc lùi lại ngay" in page
    assert "Cả những người chưa bắt đầu" in text(browser.get(f"{base}?unit={there.communes[0].id}"))


@pytest.mark.parametrize(("has_begun", "said"), [(True, "Đang làm bài"), (False, "Chưa bắt đầu")])
def test_minutes_for_one_person_wait_only_for_a_paper_not_begun(browser, there, has_begun, said):
    entry = there.entries[0]
    if not has_begun:
        entry = make_entry(there.round, make_person(make_cell(there.communes[0])))
        db.session.commit()
    browser.sign_in("giamthi")
    url = f"/desk/rounds/{there.round.id}/minutes/new?entry={entry.id}"
    assert said in text(browser.get(url))
    browser.post(url, form_of(browser, url) | {"minutes": "5", "reason": "máy treo"})
    assert db.session.scalar(select(TimeGrant.for_later)) is not has_begun


def test_the_list_says_of_each_grant_whether_it_is_used_or_taken_back(browser, there):
    browser.sign_in("giamthi")
    url, index = (
        f"/desk/rounds/{there.round.id}/minutes{rest}" for rest in (f"/new?entry={there.entries[0].id}", "")
    )
    browser.post(url, form_of(browser, url) | {"minutes": "5", "reason": "máy treo"})
    page = text(browser.get(index))
    assert ">Tình trạng</th>" in page and ">Chưa dùng đến<" in page and "Rút lại" in page
    there.papers[0].deadline = clock.now() + MINUTE
    db.session.commit()
    page = text(browser.get(index))
    assert ">Đã có người dùng<" in page and "Chưa dùng đến" not in page


def test_a_grant_is_taken_back_by_a_button(browser, there):
    browser.sign_in("giamthi")
    before = there.deadlines()
    url = f"/desk/rounds/{there.round.id}/minutes/new?entry={there.entries[0].id}"
    browser.post(url, form_of(browser, url) | {"minutes": "5", "reason": "máy treo"})
    grant_id = db.session.scalar(select(TimeGrant.id))
    for _press in range(2):
        assert browser.post(f"/desk/minutes/{grant_id}/withdraw").status_code in (302, 409)
    assert there.deadlines() == before
    assert "Đã rút lại" in text(browser.get(f"/desk/rounds/{there.round.id}/minutes"))


@pytest.mark.parametrize(
    ("minutes", "reason", "said"),
    [
        ("", "x", "Hãy nhập số phút."),
        ("0", "x", "từ 1 đến 120"),
        ("121", "x", "từ 1 đến 120"),
        ("9" * 25, "x", "từ 1 đến 120"),
        ("5", "", "lý do"),
    ],
)
def test_what_is_missing_is_said_on_the_form(browser, there, minutes, reason, said):
    browser.sign_in("giamthi")
    url = f"/desk/rounds/{there.round.id}/minutes/new?entry={there.entries[0].id}"
    answer = browser.post(url, form_of(browser, url) | {"minutes": minutes, "reason": reason})
    assert answer.status_code == 200 and said in text(answer)


def test_who_only_watches_gives_no_minutes(browser, there):
    browser.sign_in("xem")
    assert browser.get(f"/desk/rounds/{there.round.id}/minutes").status_code == 403
    assert "Cho thêm giờ" not in text(browser.get(f"/desk/rounds/{there.round.id}/monitor"))


@pytest.mark.parametrize("query", ["", "?entry=0", "?unit=x", f"?unit={10**30}", "?hall=99"])
def test_odd_addresses_lead_back_or_are_not_found(browser, there, query):
    browser.sign_in("giamthi")
    assert browser.get(f"/desk/rounds/{there.round.id}/minutes/new{query}").status_code in (302, 404)
