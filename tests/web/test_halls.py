"""A hall over HTTP: proctors open it for their own, one after another sits at a device, nothing of them is left."""

import re

import pytest
from sqlalchemy import select

from quiz import clock
from quiz.core.permissions import Role
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt, HallCode, HallDevice, HallSession
from tests.conftest import Browser
from tests.factories import (
    HOUR,
    make_account,
    make_card,
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


class Hall:
    """A district's open round, a hall of one commune with two people, one person of another commune; two devices."""

    def __init__(self, app):
        self.app, now = app, clock.now()
        district = make_unit("Mai Sơn", type_label="huyện")
        self.communes = [make_unit(name, district) for name in ("Chiềng Nơi", "Hát Lót")]
        contest = make_contest(district)
        self.round = make_round(make_stage(contest, make_rules(time_limit=30)), district, opens_at=now - HOUR)
        open_for_test(self.round, [make_item() for _ in range(6)], at=now - HOUR)
        self.entries = []
        for name, unit in (("An", 0), ("Bình", 0), ("Xa", 1)):
            person = make_person(make_cell(self.communes[unit], f"Bản {name}"), f"Lò Văn {name}")
            make_card(contest, person)
            self.entries.append(make_entry(self.round, person))
        make_account((Role.PROCTOR, self.communes[0]), username="giamthi")
        make_account((Role.PROCTOR, self.communes[1]), username="khac")
        make_account((Role.ORGANIZER, district), username="huyen")
        db.session.commit()
        self.desk = Browser(app).sign_in("giamthi")
        self.desk.post(f"/desk/rounds/{self.round.id}/halls/new", self.form())
        self.id = db.session.scalar(select(HallSession.id))
        self.url = f"/desk/halls/{self.id}"

    def form(self, **changes):
        values = {"unit": self.communes[0].id, "place": "Hội trường xã", "opens_at": "2023-02-05T08:00"}
        return values | changes

    def device(self) -> Browser:
        browser = Browser(self.app)
        code = db.session.scalar(select(HallSession.code))
        assert browser.post("/hall/join", {"code": code.lower()}).status_code == 302
        return browser

    def code(self, place) -> str:
        return db.session.scalar(select(HallCode.code).where(HallCode.entry_id == self.entries[place].id))

    def sit(self, device, place) -> int:
        """Sit down, go on and start; return the attempt's id."""
        assert device.post("/hall", {"code": self.code(place)}).location == "/hall/seat"
        assert self.entries[place].person.full_name in text(device.get("/hall/seat"))
        return int(re.search(r"\d+", device.post(f"/rounds/{self.round.id}/start").location)[0])


@pytest.fixture
def hall(sqlite_app):
    return Hall(sqlite_app)


def text(answer):
    return answer.get_data(as_text=True)


def test_the_proctor_finds_the_hall_its_codes_and_how_devices_join(hall):
    assert "Hội trường xã" in text(hall.desk.get("/desk/halls"))
    page = text(hall.desk.get(f"{hall.url}/devices"))
    code = db.session.scalar(select(HallSession.code))
    assert f"{code[:3]} {code[3:]}" in page and "<svg" in page
    codes = text(hall.desk.get(f"{hall.url}/codes"))
    assert all(hall.code(place) in codes for place in (0, 1)) and "Lò Văn Xa" not in codes


def test_an_address_to_type_breaks_only_between_its_parts(hall):
    for page in ("devices", "poster"):
        shown = re.search(r'class="hall-address">(.*?)</', text(hall.desk.get(f"{hall.url}/{page}")))[1]
        assert shown.startswith("http://<wbr>") and shown.count("<wbr>") == shown.count("/") - 1, page


def test_the_list_says_where_each_hall_is(hall):
    assert ">Nơi thi</th>" in text(hall.desk.get("/desk/halls"))


def test_a_second_press_opens_no_second_hall(hall):
    answer = hall.desk.post(f"/desk/rounds/{hall.round.id}/halls/new", hall.form())
    assert answer.status_code in (302, 409)
    assert len(db.session.scalars(select(HallSession.id)).all()) == 1


def test_who_forgot_the_code_is_helped_from_the_pages_a_proctor_has_open(hall):
    for page in ("/desk/halls", hall.url):
        found = re.search(r'href="([^"]+)"[^>]*>Quên mã dự thi<', text(hall.desk.get(page)))
        assert found is not None, page
        assert "hỏi họ tên và năm sinh" in text(hall.desk.get(found[1]))


def test_a_proctor_opens_no_hall_for_another_commune_and_sees_none(hall):
    answer = hall.desk.post(f"/desk/rounds/{hall.round.id}/halls/new", hall.form(unit=hall.communes[1].id))
    assert "Hãy chọn một mục có trong danh sách" in text(answer)
    stranger = Browser(hall.app).sign_in("khac")
    assert "Hội trường xã" not in text(stranger.get("/desk/halls"))
    for page in ("", "/part", "/devices", "/codes", "/close", f"/entries/{hall.entries[0].id}"):
        assert stranger.get(hall.url + page).status_code == 404
    assert hall.desk.get(f"{hall.url}/entries/{hall.entries[2].id}").status_code == 404
    assert Browser(hall.app).sign_in("huyen").get(hall.url).status_code == 200


def test_the_link_of_the_qr_code_fills_the_form_and_joins_only_when_pressed(hall):
    code = db.session.scalar(select(HallSession.code))
    device = Browser(hall.app)
    page = text(device.get(f"/h/{code}"))
    assert f'value="{code}"' in page and "Hội trường xã" in page
    assert db.session.scalar(select(HallDevice.id)) is None
    assert "/hall/join" in device.get("/hall").location


def test_one_after_another_and_nothing_of_the_one_before_is_left(hall):
    device = hall.device()
    first = hall.sit(device, 0)
    assert device.get("/hall").location == "/hall/seat"  # going to the start page does not lose the seat
    device.post(f"/attempts/{first}/submit")
    receipt = text(device.get(f"/attempts/{first}/receipt"))
    assert "Xong, mời người tiếp theo" in receipt and 'content="20;url=/hall"' in receipt
    assert "Về bài thi của tôi" not in receipt  # the one way on is for the next person
    left = device.post("/hall/leave")
    assert left.location == "/hall"
    start = device.get("/hall")
    assert "Lò Văn An" not in text(start) and start.headers["Cache-Control"] == "no-store"
    for page in (f"/attempts/{first}", f"/attempts/{first}/receipt", "/rounds", "/hall/seat"):
        assert device.get(page).location == "/hall"
    second = hall.sit(device, 1)
    assert second != first
    assert device.get(f"/attempts/{first}").status_code == 404


def test_without_scripts_the_start_page_lets_go_of_whoever_has_handed_in(hall):
    device = hall.device()
    first = hall.sit(device, 0)
    device.post(f"/attempts/{first}/submit")
    page = text(device.get("/hall"))
    assert "Nhập mã ngắn" in page
    shown = page[page.index("<main") :]
    token = re.search('name="csrf_token" value="([^"]+)"', shown)[1]  # of the form as it was served
    answer = device.client.post("/hall", data={"csrf_token": token, "code": hall.code(1)})
    assert answer.location == "/hall/seat"
    assert "Lò Văn Bình" in text(device.get("/hall/seat"))


def test_a_shared_device_speaks_of_the_proctor_and_of_nothing_but_the_paper(hall):
    device = hall.device()
    device.post("/hall", {"code": hall.code(0)})
    page = text(device.get("/rounds"))
    assert "gọi giám thị" in page and "bằng phiếu dự thi này" not in page
    assert "Chuẩn bị cho ngày thi" not in page


def test_who_hears_the_page_hears_with_the_yes_whose_seat_it_is(hall):
    device = hall.device()
    device.post("/hall", {"code": hall.code(0)})
    page = text(device.get("/hall/seat"))
    told = re.search(r'aria-describedby="(\w+)">Đúng, vào thi<', page)
    assert told and hall.entries[0].person.full_name in re.search(rf'id="{told[1]}".*?</p>', page)[0]


def test_the_wrong_person_gets_up_at_once(hall):
    device = hall.device()
    device.post("/hall", {"code": hall.code(0)})
    device.post("/hall/leave")
    assert device.get("/rounds").location == "/hall"
    hall.sit(device, 1)


def test_signing_out_on_a_shared_device_leads_to_its_start_page(hall):
    device = hall.device()
    hall.sit(device, 0)
    answer = device.post("/sign-out")
    assert (answer.status_code, answer.location) == (307, "/hall/leave")


@pytest.mark.parametrize(("typed", "said"), [("", "Hãy nhập mã ngắn"), ("0", "Không có mã ngắn này")])
def test_what_is_wrong_with_a_code_is_said_beside_it(hall, typed, said):
    answer = hall.device().post("/hall", {"code": typed})
    assert answer.status_code == 200 and said in text(answer)


def test_guessing_at_a_device_is_slowed_down(hall):
    device = hall.device()
    wrong = next(f"{n:04d}" for n in range(9) if f"{n:04d}" not in (hall.code(0), hall.code(1)))
    for _try in range(5):
        assert "Không có mã ngắn này" in text(device.post("/hall", {"code": wrong}))
    assert "Đã nhập sai nhiều lần" in text(device.post("/hall", {"code": hall.code(0)}))


def test_a_move_keeps_paper_and_clock_and_signs_the_old_device_out(hall):
    old, new = hall.device(), hall.device()
    attempt_id = hall.sit(old, 0)
    deadline = db.session.scalar(select(Attempt.deadline))
    person = f"{hall.url}/entries/{hall.entries[0].id}"
    target = db.session.scalar(select(HallDevice.id).where(HallDevice.label == "Máy 2"))
    assert "Máy 2" in text(hall.desk.get(person))
    assert hall.desk.post(f"{person}/move", {"device": target}).status_code == 302
    assert old.get(f"/attempts/{attempt_id}").location == "/hall"
    assert "đang ngồi ở Máy 2" in text(old.post("/hall", {"code": hall.code(0)}))
    assert "Máy này đang dành cho Lò Văn An" in text(new.get("/hall"))
    assert "(chờ nhập mã)" in text(hall.desk.get(f"{hall.url}/part"))
    assert hall.sit(new, 0) == attempt_id
    assert db.session.scalar(select(Attempt.deadline)) == deadline


@pytest.mark.parametrize("handed_in", [False, True])
def test_before_a_move_the_proctor_is_told_to_look_whether_the_old_device_still_holds_answers(
    hall, handed_in
):
    hall.device()
    person = f"{hall.url}/entries/{hall.entries[0].id}"
    words = "những câu ấy chỉ nằm trên máy đó"
    assert words not in text(hall.desk.get(person)), "nobody sits there"
    old = hall.device()
    attempt_id = hall.sit(old, 0)
    if handed_in:
        old.post(f"/attempts/{attempt_id}/submit")
    shown = text(hall.desk.get(person))
    assert shown.count(words) == (0 if handed_in else 2), "beside Cho rời máy and beside Chuyển máy"
    assert ("Chuyển sang máy khác" in shown) is not handed_in


def test_a_move_is_offered_only_to_free_devices_also_when_it_is_asked_again(hall):
    hall.sit(hall.device(), 0)
    hall.sit(hall.device(), 1)
    hall.device()
    person = f"{hall.url}/entries/{hall.entries[0].id}"
    for answer in (hall.desk.get(person), hall.desk.post(f"{person}/move")):
        assert re.findall(r'name="device"[^>]*>\s*<span>([^<]+)<', text(answer)) == ["Máy 3"]
    assert "Hãy chọn một máy." in text(answer)


def test_the_question_page_of_a_shared_device_knows_where_to_go_when_its_contestant_is_moved(hall):
    device = hall.device()
    page = text(device.get(f"/attempts/{hall.sit(device, 0)}"))
    assert 'data-hall-start="/hall"' in page and "js/hall.js" in page
    assert "Giám thị đã cho bạn rời máy này" in page and "vào lại bằng phiếu dự thi" not in page


def test_who_has_sat_where_can_be_read_with_the_moves(hall):
    hall.sit(hall.device(), 0)
    hall.device()
    person = f"{hall.url}/entries/{hall.entries[0].id}"
    target = db.session.scalar(select(HallDevice.id).where(HallDevice.label == "Máy 2"))
    hall.desk.post(f"{person}/move", {"device": target})
    page = text(hall.desk.get(f"{hall.url}/seats"))
    assert page.count('scope="row">Lò Văn An') == 2
    assert "(chuyển sang máy khác)" in page and "đang ngồi" in page
    assert f"{hall.url}/seats" in text(hall.desk.get(hall.url))


def test_the_live_part_changes_only_with_what_happens(hall):
    first = hall.desk.get(f"{hall.url}/part")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert hall.desk.get(f"{hall.url}/part", headers=tag).status_code == 304
    hall.sit(hall.device(), 0)
    again = hall.desk.get(f"{hall.url}/part", headers=tag)
    assert again.status_code == 200 and "Máy 1" in text(again) and "30 phút" in text(again)


def test_minutes_for_the_whole_hall_reach_those_who_sit_there_and_lead_back_to_it(hall):
    hall.sit(hall.device(), 0)
    before = db.session.scalar(select(Attempt.deadline))
    url = f"/desk/rounds/{hall.round.id}/minutes/new?hall={hall.id}"
    page = text(hall.desk.get(url))
    assert "Đã ngồi vào máy, chưa bắt đầu" in page and "sau này mới ngồi vào hội trường" in page
    key = re.search(r'name="key"[^>]*value="(\w+)"', page)[1]
    answer = hall.desk.post(url, {"minutes": "15", "reason": "mất điện 14 phút", "key": key})
    assert answer.location == hall.url
    assert db.session.scalar(select(Attempt.deadline)) == before + 15 * MINUTE


def test_absence_and_coming_late_after_all(hall):
    person = f"{hall.url}/entries/{hall.entries[1].id}"
    refused = text(hall.desk.post(f"{person}/absent", {}))
    assert "Hãy chọn một lý do" in refused and "<title>Lỗi: " in refused  # one of two forms of the page
    assert "ghi rõ lý do" in text(hall.desk.post(f"{person}/absent", {"reason": "other"}))
    assert hall.desk.post(f"{person}/absent", {"reason": "illness"}).status_code == 302
    assert "Vắng: Ốm đau" in text(hall.desk.get(person))
    assert "Vắng" in text(hall.desk.get(hall.url))
    hall.desk.post(
        f"{person}/absent", {"reason": "illness"}, headers={"Referer": f"http://localhost{person}"}
    )
    assert hall.desk.post(f"{person}/present").status_code == 302
    hall.sit(hall.device(), 1)


def test_closing_asks_while_somebody_works_and_then_signs_everybody_out(hall):
    device = hall.device()
    hall.sit(device, 0)
    page = text(hall.desk.post(f"{hall.url}/close", {}))
    assert "Còn 1 người đang làm bài" in page
    assert hall.desk.post(f"{hall.url}/close", {"anyway": "y"}).location == "/desk/halls"
    assert device.get("/rounds").location == "/hall"
    assert device.get("/hall").location == "/hall/join"
    assert hall.desk.get(hall.url).status_code == 200


def test_a_late_name_gets_a_code_by_a_button(hall):
    make_entry(hall.round, make_person(hall.entries[0].unit, "Lò Văn Muộn"))
    db.session.commit()
    assert "1 người" in text(hall.desk.get(f"{hall.url}/codes"))
    hall.desk.post(f"{hall.url}/codes")
    assert "Lò Văn Muộn" in text(hall.desk.get(f"{hall.url}/codes"))


def test_who_has_no_card_is_counted_before_a_device_turns_them_away(hall):
    without = "1 người chưa có phiếu dự thi"
    assert without not in text(hall.desk.get(hall.url))
    late = make_person(hall.entries[0].unit, "Lò Văn Muộn")
    make_entry(hall.round, late)
    make_entry(hall.round, make_person(hall.entries[2].unit, "Lò Văn Nơi Khác"))
    db.session.commit()
    organizer = Browser(hall.app).sign_in("huyen")
    for page in (hall.url, f"{hall.url}/codes"):
        assert without in text(hall.desk.get(page))
        assert f"/desk/rounds/{hall.round.id}/cards" not in text(hall.desk.get(page))  # the district's round
        assert f"/desk/rounds/{hall.round.id}/cards" in text(organizer.get(page))
    make_card(hall.round.stage.contest, late)
    db.session.commit()
    assert without not in text(hall.desk.get(hall.url))


def test_the_device_cookie_is_kept_from_scripts_and_from_other_sites(hall):
    browser = Browser(hall.app)
    answer = browser.post("/hall/join", {"code": db.session.scalar(select(HallSession.code))})
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("hall="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Max-Age=86400" in cookie


def test_a_strange_device_is_taken_out_and_the_code_changed(hall):
    device, old = hall.device(), db.session.scalar(select(HallSession.code))
    key = db.session.scalar(select(HallDevice.id))
    assert hall.desk.post(f"{hall.url}/devices/{key}/remove").status_code == 302
    assert device.get("/hall").location == "/hall/join"
    hall.desk.post(f"{hall.url}/code")
    db.session.expire_all()
    assert "Không có hội trường nào" in text(device.post("/hall/join", {"code": old}))
    assert hall.device().get("/hall").status_code == 200


def test_after_the_end_nobody_is_offered_to_be_marked_absent_and_the_page_says_what_holds(hall):
    page = f"{hall.url}/entries/{hall.entries[0].id}"
    assert "/absent" in text(hall.desk.get(page))
    hall.desk.post(f"{page}/absent", {"reason": "illness", "note": ""})
    assert "/present" in text(hall.desk.get(page))
    hall.round.closes_at = clock.now() - MINUTE
    db.session.commit()
    assert "/present" not in text(hall.desk.get(page))
    shown = text(hall.desk.get(f"{hall.url}/entries/{hall.entries[1].id}"))
    assert "/absent" not in shown
    assert "Vòng thi đã kết thúc nên không ghi vắng được nữa." in shown
