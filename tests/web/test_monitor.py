"""The duty board: figures by unit, who has not started, phone numbers only for those who need them, a light refresh."""

import re

import pytest
from sqlalchemy import select

from quiz import clock
from quiz.core.paper_entry import Medium
from quiz.core.permissions import Role
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt
from quiz.services import boards, monitor
from tests.conftest import Browser
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
    made = Watched()
    made.app = sqlite_app
    return made


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


def test_the_part_that_changes_is_sent_only_when_it_changed(browser, there, monkeypatch):
    browser.sign_in("xa1")
    url = f"/desk/rounds/{there.rounds[0].id}/monitor/part?view=all"
    later(monkeypatch, 0)
    first = browser.get(url)
    assert first.status_code == 200 and "<html" not in text(first)
    tag = {"If-None-Match": first.headers["ETag"]}
    second = browser.get(url, headers=tag)
    assert (second.status_code, second.data) == (304, b"")
    there.idle.withdrawn_at = NOW
    db.session.commit()
    later(monkeypatch)
    assert browser.get(url, headers=tag).status_code == 200


def later(monkeypatch, passed=HOUR):
    """Let an hour pass, and no moment more: figures are counted anew after a few seconds."""
    moment = clock.now() + passed
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_viewers_of_one_page_share_the_count_and_the_drawing(browser, there, monkeypatch):
    later(monkeypatch, 0)
    browser.sign_in("xa1")
    url = f"/desk/rounds/{there.rounds[0].id}/monitor/part"
    first = text(browser.get(url))
    drawn = []
    monkeypatch.setattr(boards, "read", lambda *args: drawn.append("counted"))
    monkeypatch.setattr("quiz.web.monitor.render_template", lambda *args, **kwargs: drawn.append("drawn"))
    other = Browser(there.app).sign_in("xa1")
    assert [text(one.get(url)) for one in (browser, other)] == [first, first]
    assert drawn == []
    browser.post("/sign-out")


def test_somebody_who_may_see_less_gets_no_drawing_of_somebody_who_may_see_more(browser, there):
    url = f"/desk/rounds/{there.rounds[0].id}/monitor/part"
    assert "0912345678" in text(browser.sign_in("xa1").get(url))
    other = Browser(there.app).sign_in("xem")
    assert "0912345678" not in text(other.get(url))


def test_a_round_is_looked_into_unit_by_unit_down_to_the_person(browser, there):
    browser.sign_in("huyen")
    url = f"/desk/rounds/{there.rounds[0].id}/monitor"
    cell = there.idle.unit
    assert f"unit={cell.id}&amp;" in text(browser.get(url)) or f"unit={cell.id}" in text(browser.get(url))
    page = text(browser.get(f"{url}?unit={cell.id}&view=all"))
    assert "Lò Văn Chưa" in page and "Quàng Thị Xong" not in page
    assert f"/desk/entries/{there.idle.id}/monitor" in page
    assert browser.get(f"{url}?unit={there.far.unit_id}").status_code == 404


def test_a_node_of_many_cells_is_shown_a_page_of_units_at_a_time_and_the_whole_is_summed(
    browser, there, monkeypatch
):
    monkeypatch.setattr(monitor, "UNITS", 1)
    browser.sign_in("huyen")
    url = f"/desk/rounds/{there.rounds[0].id}/monitor"
    cells = ["chi bộ Bản Lò Văn Chưa</a></th>", "chi bộ Bản Quàng Thị Xong</a></th>"]
    first, second = text(browser.get(url)), text(browser.get(f"{url}?units=2"))
    assert [[cell in page for cell in cells] for page in (first, second)] == [[True, False], [False, True]]
    assert "units=2" in first and "2 dòng" in first
    for page in (first, second):
        assert re.search(r"<tfoot>.*?Cộng</th>\s*<td[^>]*>2</td>", page, re.DOTALL), "of all, not of the page"
    part = text(browser.get(f"/desk/rounds/{there.rounds[0].id}/monitor/part?units=2"))
    assert cells[1] in part and "monitor/part?units=2" in second, "refreshed, the page stays where it is"


def test_a_commune_watches_its_own_people_in_a_round_of_the_district(browser, there):
    district_round = make_round(there.stage, there.stage.contest.unit, opened_at=NOW, name="Vòng huyện")
    own, other = (make_entry(district_round, one.person) for one in (there.idle, there.far))
    db.session.commit()
    browser.sign_in("xa1")
    url = f"/desk/rounds/{district_round.id}/monitor"
    page = text(browser.get(f"{url}?view=all"))
    assert "Lò Văn Chưa" in page and "Vì Văn Xa" not in page and "0900000001" not in page
    assert browser.get(f"{url}?unit={other.unit_id}").status_code == 404
    assert browser.get(f"/desk/entries/{own.id}/monitor").status_code == 200


def test_who_sits_on_paper_is_counted_in_a_tab_of_their_own_as_on_the_board(browser, there):
    def tab(view):
        page = text(browser.get(f"/desk/rounds/{there.done.round_id}/monitor?view={view}"))
        return re.findall(r"view=(\w+)[^>]*>[^<]*\((\d+)\)</a>", page), page

    browser.sign_in("xa1")
    assert "on_paper" not in dict(tab("all")[0])
    sitting = db.session.scalars(select(Attempt)).one()
    sitting.submitted_at, sitting.medium, sitting.deadline = None, Medium.PAPER, clock.now() + HOUR
    db.session.commit()
    boards._kept.clear()
    counts, page = tab("on_paper")
    assert (dict(counts)["on_paper"], dict(counts)["answering"]) == ("1", "0")
    assert ">Quàng Thị Xong<" in page
    assert ">Quàng Thị Xong<" not in tab("answering")[1]


def test_without_scripts_the_page_comes_anew_until_that_is_stopped(browser, there):
    browser.sign_in("xa1")
    for url in (f"/desk/rounds/{there.rounds[0].id}/monitor", f"/desk/stages/{there.stage.id}/monitor"):
        assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in text(browser.get(url))
        assert 'http-equiv="refresh"' not in text(browser.get(f"{url}?still=1"))


def test_the_text_for_the_group_has_numerators_denominators_and_a_decimal_comma(browser, there):
    browser.sign_in("huyen")
    page = text(browser.get(f"/desk/stages/{there.stage.id}/monitor"))
    assert "- Đã nộp bài: 1/3 (33,3 %)" in page and "- Chưa vào làm bài: 2/3 (66,7 %)" in page
    assert "  xã Cò Nòi: 1/2" in page and "  xã Hát Lót: 0/1" in page


@pytest.mark.parametrize("kind", ["rounds", "stages"])
def test_the_text_for_the_group_begins_with_the_contest(browser, there, kind):
    browser.sign_in("huyen")
    held = {"rounds": there.rounds[0], "stages": there.stage}[kind]
    page = text(browser.get(f"/desk/{kind}/{held.id}/monitor"))
    assert f"readonly>{there.stage.contest.title} – {held.name}, lúc " in page


def test_the_list_to_call_has_numbers_to_press_for_the_own_people(browser, there):
    browser.sign_in("xa1")
    page = text(browser.get(f"/desk/rounds/{there.rounds[0].id}/calls"))
    assert 'href="tel:0912345678"' in page and "0987654321" not in page
    stage_url = f"/desk/stages/{there.stage.id}/calls"
    assert "0912345678" not in text(browser.get(stage_url))  # its round is over: no call helps
    for one in there.rounds:
        one.closes_at = clock.now() + HOUR
    db.session.commit()
    stage = text(browser.get(stage_url))
    assert "0912345678" in stage and "0900000001" not in stage
    browser.post("/sign-out")
    browser.sign_in("xem")
    assert browser.get(f"/desk/rounds/{there.rounds[0].id}/calls").status_code == 403


def test_ten_minutes_before_nobody_may_begin_the_board_says_whom_to_call(browser, there, monkeypatch):
    browser.sign_in("xa1")
    url = f"/desk/rounds/{there.rounds[0].id}/monitor"
    ends = there.rounds[0].closes_at
    later(monkeypatch, 0)
    for before, due in ((11, False), (9, True), (-1, False)):
        there.rounds[0].closes_at = clock.now() + before * MINUTE
        db.session.commit()
        assert ("Sắp hết giờ vào thi" in text(browser.get(f"{url}?minutes={before + 20}"))) is due
    assert ends


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


def test_the_list_to_call_says_the_day_after_which_nobody_may_begin(browser, there):
    browser.sign_in("xa1")
    there.rounds[0].closes_at = clock.now() + 60 * HOUR
    db.session.commit()
    day = clock.local(there.rounds[0].closes_at)
    page = text(browser.get(f"/desk/rounds/{there.rounds[0].id}/calls"))
    assert f"Sau {day:%H:%M} ngày {day:%d/%m/%Y} không ai vào làm bài được nữa." in page
