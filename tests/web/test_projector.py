"""The hall's screen: anybody with its address sees numbers, then names as far as the board has shown them, no more."""

import pytest

from quiz import clock
from quiz.core.paper_entry import Medium
from quiz.core.permissions import Role
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt
from quiz.services import projections
from quiz.web import sweeper
from quiz.web.formatting import time_text
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
    make_stage,
    make_unit,
)


class Hall:
    """A round of a commune that runs since an hour; two have handed in."""

    def __init__(self, app):
        self.app = app
        commune = make_unit()
        now = clock.now()
        self.round = make_round(make_stage(make_contest(commune)), commune, now - HOUR, opened_at=now - HOUR)
        for name, points in (("Lò Văn Nhất", 500), ("Quàng Thị Nhì", 400)):
            person = make_person(make_cell(commune, f"Bản {name}"), name, phone="0912345678")
            make_attempt(make_entry(self.round, person), points)
        make_account((Role.ORGANIZER, commune), username="xa")
        make_account((Role.PROCTOR, commune), username="giamthi")
        db.session.commit()
        self.desk = f"/desk/rounds/{self.round.id}/screen"

    def open(self, browser):
        browser.sign_in("xa").post(f"{self.desk}/open")
        db.session.expire_all()
        return f"/screen/{projections.of_round(self.round).code}"

    def end(self):
        self.round.closes_at = clock.now() - 1000
        db.session.commit()


@pytest.fixture
def hall(sqlite_app):
    return Hall(sqlite_app)


def text(answer):
    return answer.get_data(as_text=True)


def test_the_screen_shows_numbers_without_a_sign_in(browser, hall):
    address = hall.open(browser)
    anybody = Browser(hall.app)
    page = text(anybody.get(address))
    assert "Đã nộp bài</dt><dd>2" in page and "Thời gian còn lại" in page
    for secret in ("Lò Văn Nhất", "0912345678", "1975"):
        assert secret not in page
    part = anybody.get(f"{address}/part")
    assert abs(int(part.headers["X-Now"]) - clock.now()) < 60_000
    again = anybody.get(f"{address}/part", headers={"If-None-Match": part.headers["ETag"]})
    assert again.status_code == 304 and "X-Now" in again.headers


def test_an_address_taken_back_shows_nothing_more(browser, hall):
    address = hall.open(browser)
    assert Browser(hall.app).get(address.lower().replace("/screen", "/screen")).status_code == 200
    browser.post(f"{hall.desk}/close")
    assert Browser(hall.app).get(address).status_code == 404
    assert browser.get("/screen/0000000000").status_code == 404


def test_every_screen_shows_the_ranks_the_board_has_shown_and_no_more(browser, hall):
    address = hall.open(browser)
    hall.end()
    screens = [Browser(hall.app), Browser(hall.app)]
    browser.post(f"{hall.desk}/ranking", {"top": 10, "with_points": "y"})
    assert all("Lò Văn" not in text(one.get(f"{address}/part")) for one in screens)
    assert "Quàng Thị Nhì" in text(browser.get(hall.desk))  # the board sees who is next
    for _ in range(2):  # a double click
        browser.post(f"{hall.desk}/next", {"seen": "0.0"})
    for one in screens:
        shown = text(one.get(f"{address}/part"))
        assert "Quàng Thị Nhì" in shown and "4,00" in shown and "Lò Văn Nhất" not in shown
    browser.post(f"{hall.desk}/next", {"seen": "0.1"})
    assert "Lò Văn Nhất" in text(screens[0].get(address))  # a reload shows the same
    browser.post(f"{hall.desk}/back", {"seen": "0.2"})
    assert "Lò Văn Nhất" not in text(screens[1].get(address))
    browser.post(f"{hall.desk}/hide")
    assert "Quàng Thị Nhì" not in text(screens[0].get(address))


def test_the_second_click_is_told_that_it_was_done(browser, hall):
    hall.open(browser)
    hall.end()
    browser.post(f"{hall.desk}/ranking", {"top": 10})
    browser.post(f"{hall.desk}/next", {"seen": "0.0"})
    answer = browser.post(f"{hall.desk}/next", {"seen": "0.0"}, follow_redirects=True)
    assert "không cần bấm lại" in text(answer)
    for odd in ("", "x", "0.-1", "9.9"):
        assert browser.post(f"{hall.desk}/next", {"seen": odd}).status_code in (302, 409)


def test_the_public_sees_the_figures_of_the_freeze_until_the_release(browser, hall):
    address = hall.open(browser)
    browser.post(f"{hall.desk}/stop")
    person = make_person(make_cell(hall.round.unit, "Bản Mới"), "Vì Văn Mới")
    make_attempt(make_entry(hall.round, person), 100)
    db.session.commit()
    assert "Đã nộp bài</dt><dd>2" in text(browser.get(address))
    browser.post(f"{hall.desk}/release")
    assert "Đã nộp bài</dt><dd>3" in text(browser.get(address))


def test_the_figures_of_a_planned_freeze_are_kept_by_the_server_itself(browser, hall, monkeypatch):
    hall.open(browser)
    browser.post(f"{hall.desk}/freeze", {"minutes": "15"})
    assert sweeper.freeze_screens(hall.app) == 0
    later = clock.now() + HOUR
    monkeypatch.setattr(clock, "now", lambda: later)
    assert (sweeper.freeze_screens(hall.app), sweeper.freeze_screens(hall.app)) == (1, 0)
    db.session.expire_all()
    assert projections.of_round(hall.round).frozen["units"][0]["handed_in"] == 2


def test_what_cannot_be_is_refused_with_a_sentence(browser, hall):
    hall.open(browser)
    assert "Số phải từ 0 đến 600" in text(browser.post(f"{hall.desk}/freeze", {"minutes": "9999"}))
    running = text(browser.post(f"{hall.desk}/ranking", {"top": 10}))
    assert "Vòng thi chưa kết thúc" in running
    assert "Số phải từ 1 đến 30" in text(browser.post(f"{hall.desk}/ranking", {"top": 99}))


def test_only_who_runs_the_round_steers_its_screen(browser, hall):
    browser.sign_in("giamthi")
    assert browser.get(hall.desk).status_code == 403
    assert browser.post(f"{hall.desk}/open").status_code == 403
    browser.post("/sign-out")
    browser.sign_in("xa")
    assert browser.post(f"{hall.desk}/next", {"seen": "0.0"}).status_code == 404  # never opened


def words(answer):
    return " ".join(text(answer).split())


def give_minutes(hall, minutes):
    """Let somebody still work, with minutes beyond the end of the round; return the deadline."""
    person = make_person(make_cell(hall.round.unit, "Bản Chậm"), "Lò Văn Chậm")
    attempt = make_attempt(make_entry(hall.round, person))
    attempt.submitted_at, attempt.ended_by = None, ""
    attempt.deadline = hall.round.closes_at + minutes * MINUTE
    db.session.commit()
    return attempt.deadline


def test_who_was_given_minutes_is_said_beside_the_clock_and_counted_down_after_the_end(hall, browser):
    screen = hall.open(browser)
    assert "Có người làm bài đến" not in words(browser.get(screen))
    deadline = give_minutes(hall, 5)
    shown = words(browser.get(screen))
    hour = time_text(deadline)[:5]
    assert f"Có người làm bài đến {hour}." in shown
    assert f'data-left="{hall.round.closes_at}"' in shown, "the round's own end is for all the others"
    duty = f"/desk/rounds/{hall.round.id}/monitor"
    assert f"Có người làm bài đến {hour}." in words(browser.get(duty))
    hall.end()
    deadline = db.session.query(Attempt).filter_by(submitted_at=None).one().deadline = (
        hall.round.closes_at + 5 * MINUTE
    )
    db.session.commit()
    shown = words(browser.get(screen))
    assert (
        "Hết giờ chung; thời gian còn lại của người làm bài sau cùng" in shown
        and f'data-left="{deadline}"' in shown
    )
    assert "Vòng thi đã kết thúc" not in shown
    assert f"Có người làm bài đến {time_text(deadline)[:5]}." in words(browser.get(duty))


@pytest.mark.parametrize("change", [{"submitted_at": 1}, {"medium": Medium.PAPER}, {"deadline": NOW + 1}])
def test_who_has_handed_in_sits_on_paper_or_has_no_minutes_left_holds_nobody(hall, browser, change):
    screen = hall.open(browser)
    hall.end()
    give_minutes(hall, 5)
    attempt = db.session.query(Attempt).filter_by(submitted_at=None).one()
    for name, value in change.items():
        setattr(attempt, name, value)
    db.session.commit()
    assert "Vòng thi đã kết thúc" in words(browser.get(screen))
