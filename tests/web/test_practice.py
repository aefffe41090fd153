"""Practising, rehearsing and the comfort of pages in a browser without scripts, and that no exam item ever appears."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from quiz.core.items import Kind, Part
from quiz.core.permissions import Role
from quiz.core.practice import RESTS
from quiz.extensions import db
from quiz.models import PracticeAnswer, Rehearsal
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_cell,
    make_entry,
    make_item,
    make_person,
    make_unit,
)
from tests.web.test_attempts import make_candidate, make_open_round

SECRET = "Câu hỏi của đề thi"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime.fromtimestamp(NOW / 1000, UTC), tick=False) as moment:
        yield moment


@pytest.fixture
def candidate(sqlite_app):
    for _ in range(6):
        version = make_item(
            part=Part.PRACTICE, feedback=["Sai vì một.", "Phải.", "Sai vì ba.", "Sai vì bốn."]
        )
    make_item("chi-bo", part=Part.PRACTICE, kind=Kind.MULTIPLE, key=(0, 2))
    contest_round = make_open_round()
    for item in db.session.query(type(version)).filter_by(part=Part.EXAM):
        db.session.execute(
            db.update(type(version)).where(type(version).id == item.id).values(stem=f"{SECRET} {item.id}")
        )
    return make_candidate(sqlite_app, contest_round)


def fields(page):
    """The hidden fields and the options of the question on a page, each as its text says."""
    hidden = dict(
        re.findall(r'<input type="hidden" name="(topic|item|asked_at|position)" value="([^"]*)"', page)
    )
    name = re.search(r'name="(q\d+)"', page).group(1)
    places = dict(re.findall(r'value="(\d)"[^>]*><span>\w\. ([^<]+)<', page))
    return hidden, name, {text: place for place, text in places.items()}


def answer(candidate, topic, *texts):
    """Answer the next question of a topic with these options and return the page that explains it."""
    page = candidate.page(f"/practice/question?topic={topic}")
    hidden, name, places = fields(page)
    sent = candidate.post("/practice/answer", hidden | {name: [places[text] for text in texts]})
    return candidate.page(sent.location)


def test_an_answer_is_explained_with_feedback_reason_and_clause(candidate):
    page = answer(candidate, "dang-vien", "Ba")
    for text in (
        "Chưa đúng",
        "Sai vì ba.",
        "Phải.",
        "Vì thế.",
        "Điều 1, DLD-2011",
        "Bạn chọn câu này, chưa đúng",
    ):
        assert text in page
    assert "Bạn trả lời đúng." in answer(candidate, "dang-vien", "Hai")
    assert "Bạn trả lời đúng." in answer(candidate, "chi-bo", "Một", "Ba")
    assert "Chưa đúng" in answer(candidate, "chi-bo", "Một")


def test_an_answer_sent_twice_is_remembered_once(candidate):
    hidden, name, places = fields(candidate.page("/practice/question?topic=dang-vien"))
    for text in ("Hai", "Ba"):
        candidate.post("/practice/answer", hidden | {name: places[text]})
    assert [row.is_correct for row in db.session.query(PracticeAnswer)] == [True]


def test_without_a_choice_the_same_question_is_asked_again(candidate):
    page = candidate.page("/practice/question?topic=dang-vien")
    hidden, _, places = fields(page)
    sent = candidate.post("/practice/answer", hidden)
    again = candidate.page(sent.location)
    assert "Hãy chọn rồi bấm Trả lời" in again
    assert fields(again)[0] == hidden and fields(again)[2] == places
    assert db.session.query(PracticeAnswer).count() == 0


def test_what_was_missed_comes_back_after_a_rest_and_stands_on_the_sheet(candidate, clock):
    answer(candidate, "dang-vien", "Ba")
    page = candidate.page("/practice")
    assert "1 câu đã sai đang chờ" in page and "Ôn lại các câu đã sai" not in page
    assert candidate.get("/practice/question?topic=missed").status_code == 302
    sheet = candidate.page("/practice/sheet")
    assert "Đã sai 1 trong 1 lần" in sheet and "Hai" in sheet and "Điều 1" in sheet
    clock.shift(RESTS[0] / 1000)
    assert "Ôn lại các câu đã sai" in candidate.page("/practice")
    assert "Bạn trả lời đúng." in answer(candidate, "missed", "Hai")
    assert candidate.get("/practice/question?topic=missed").status_code == 302


@pytest.mark.parametrize("choice", ["", "9", "1,x", "1,1"])
def test_a_mended_address_of_an_explanation_does_no_harm(candidate, choice):
    item = fields(candidate.page("/practice/question?topic=dang-vien"))[0]["item"]
    assert candidate.get(f"/practice/explanation?item={item}&choice={choice}").status_code == 200


def test_the_exam_part_is_not_reached_by_its_number(candidate):
    exam = [v.id for v in db.session.query(db.metadata.tables["item_version"]) if v.part == Part.EXAM]
    assert exam
    for version in exam:
        assert candidate.get(f"/practice/explanation?item={version}&choice=1").status_code == 302
        assert SECRET not in candidate.page(f"/practice/question?item={version}")
        sent = candidate.post("/practice/answer", {"item": version, "q0": "1", "position": "0"})
        assert sent.location == "/practice"
    assert db.session.query(PracticeAnswer).count() == 0


def save(candidate, *responses):
    """Send choices as the page's script does."""
    token = re.search(r'data-token="([^"]+)"', candidate.page("/rehearsal/paper")).group(1)
    db.session.rollback()
    return candidate.browser.client.post(
        "/rehearsal/responses", json={"responses": responses}, headers={"X-CSRF-Token": token}
    )


def test_a_rehearsal_is_the_question_page_and_says_that_it_is_none(candidate):
    assert candidate.post("/rehearsal/start").location == "/rehearsal/paper"
    page = candidate.page("/rehearsal/paper")
    assert "LÀM THỬ, không tính điểm" in page and "attempt.js" in page
    assert page.count('<article class="question"') == 5
    assert "/attempts/" not in re.sub(r'src="[^"]+"', "", page)
    stored = save(candidate, [0, "1", 7 << 20], [3, "0", 8 << 20]).get_json()
    assert stored["stored"] == [[0, "1", 7 << 20], [3, "0", 8 << 20]]
    assert (stored["now"], stored["deadline"]) == (NOW, NOW + 600_000)
    assert "Đã lưu trên máy chủ 2/5 câu" in candidate.page("/rehearsal/paper")
    assert candidate.post("/rehearsal/submit").location == "/rehearsal/receipt"
    result = candidate.page("/rehearsal/receipt")
    assert re.search(r"Bạn đúng \d trong 5 câu", result) and SECRET not in result
    assert candidate.get("/rehearsal/paper").location == "/rehearsal/receipt"
    assert candidate.post("/rehearsal/start").location == "/rehearsal/paper"
    assert "0/5 câu" in candidate.page("/rehearsal/paper")


def right_choices(page):
    """Return what to tick on a rehearsal's page: "Hai" where one option is asked, "Một" and "Ba" where several are."""
    options = re.findall(r'type="(radio|checkbox)" name="(q\d)" value="(\d)"[^>]*><span>\w\. ([^<]+)<', page)
    right: dict[str, list[str]] = {}
    for kind, name, place, text in options:
        if text in (("Hai",) if kind == "radio" else ("Một", "Ba")):
            right.setdefault(name, []).append(place)
    return right


@pytest.mark.parametrize(("is_right", "tone"), [(False, "tone-info"), (True, "tone-success")])
def test_the_end_of_a_rehearsal_is_green_only_when_everything_was_right(candidate, is_right, tone):
    candidate.post("/rehearsal/start")
    if is_right:
        candidate.post(
            "/rehearsal/answer", right_choices(candidate.page("/rehearsal/paper")) | {"shown": ";;;;"}
        )
    candidate.post("/rehearsal/submit")
    result = candidate.page("/rehearsal/receipt")
    assert f"Bạn đúng {5 if is_right else 0} trong 5 câu" in result
    assert re.search(r'class="notice (tone-\w+)"', result).group(1) == tone


def test_a_rehearsal_works_as_a_form(candidate):
    candidate.post("/rehearsal/start")
    candidate.post("/rehearsal/answer", {"q0": "1", "q2": "0", "shown": ";;;;", "then": "save"})
    page = candidate.page("/rehearsal/paper")
    assert "Đã lưu 2 câu vừa chọn." in page and page.count(" checked>") == 2
    assert candidate.post("/rehearsal/answer", {"then": "check"}).location == "/rehearsal/check"
    assert "/rehearsal/submit" in candidate.page("/rehearsal/check")


def test_a_rehearsal_begun_is_gone_on_with_until_it_is_handed_in_or_its_time_is_over(candidate, clock):
    goes_on = "Làm tiếp lần đang dở"
    assert goes_on not in candidate.page("/rehearsal")
    candidate.post("/rehearsal/start")
    assert goes_on in candidate.page("/rehearsal") and "Bắt đầu lần khác" in candidate.page("/rehearsal")
    candidate.post("/rehearsal/submit")
    assert goes_on not in candidate.page("/rehearsal")
    candidate.post("/rehearsal/start")
    clock.shift(10 * 60)
    assert goes_on not in candidate.page("/rehearsal")


def test_choices_that_come_after_the_end_of_a_rehearsal_are_taken(candidate):
    candidate.post("/rehearsal/start")
    token = re.search(r'data-token="([^"]+)"', candidate.page("/rehearsal/paper")).group(1)
    candidate.post("/rehearsal/submit")
    db.session.rollback()
    told = candidate.browser.client.post(
        "/rehearsal/late",
        json={"log": [[1, "2", 5 << 20, "0" * 32]], "signed_off": NOW},
        headers={"X-CSRF-Token": token},
    )
    assert told.get_json() == {"counted": 1, "refused": 0, "page": "/rehearsal/receipt"}
    assert db.session.query(Rehearsal).one().choices == {"1": ["2", 5 << 20]}


@pytest.mark.parametrize("address", ["/rehearsal/paper", "/rehearsal/check", "/rehearsal/receipt"])
def test_without_a_rehearsal_its_pages_lead_to_the_beginning(candidate, address):
    assert candidate.get(address).location == "/rehearsal"
    assert candidate.post("/rehearsal/submit").location == "/rehearsal/receipt"
    token = candidate.browser.token()
    db.session.rollback()
    sent = candidate.browser.client.post(
        "/rehearsal/responses", json={"responses": []}, headers={"X-CSRF-Token": token}
    )
    assert sent.status_code == 404
    assert candidate.browser.client.post(
        "/rehearsal/responses", data="what", headers={"X-CSRF-Token": token}, content_type="application/json"
    ).status_code == 400  # fmt: skip


def test_nothing_of_the_exam_part_is_on_any_page_before_the_round_is_sat(candidate, clock):
    for n in range(12):
        page = answer(candidate, ("dang-vien", "chi-bo")[n % 2], "Ba")
        assert SECRET not in page
        clock.shift(60)
    clock.shift(RESTS[0] / 1000)
    for _ in range(5):
        assert SECRET not in answer(candidate, "missed", "Ba")
        candidate.post("/rehearsal/start")
        assert SECRET not in candidate.page("/rehearsal/paper")
        candidate.post("/rehearsal/submit")
        assert SECRET not in candidate.page("/rehearsal/receipt")
    for page in ("/practice", "/practice/sheet", "/rehearsal", "/rounds"):
        assert SECRET not in candidate.page(page)


@pytest.mark.parametrize(
    "address", ["/practice", "/practice/question", "/practice/sheet", "/rehearsal", "/rehearsal/receipt"]
)
def test_nobody_practises_beside_an_open_paper(candidate, address):
    attempt_id = candidate.start()
    own = candidate.page("/rounds")
    assert "Ôn tập và làm thử mở lại sau khi bạn nộp bài" in own and "Làm thử năm câu" not in own
    assert candidate.get(address).location == "/rounds"
    assert "Ôn tập và làm thử mở lại sau khi bạn nộp bài" in candidate.page("/rounds")
    assert candidate.post("/rehearsal/start").location == "/rounds"
    candidate.post(f"/attempts/{attempt_id}/submit")
    assert candidate.get("/practice").status_code == 200
    assert "Chuẩn bị cho ngày thi" not in candidate.page("/rounds"), "the day is over"


def test_a_crowd_is_told_its_moment_and_sees_no_button_before_it(sqlite_app, clock):
    contest_round = make_open_round()
    cell = make_cell(contest_round.unit)
    for _ in range(200):
        make_entry(contest_round, make_person(cell))
    contest_round.opens_at, contest_round.closes_at = NOW + HOUR, NOW + 4 * HOUR
    candidate = make_candidate(sqlite_app, contest_round)
    page = candidate.page("/rounds")
    moment = int(re.search(r'data-clock="(\d+)" data-now="(\d+)"', page).group(1))
    assert NOW + HOUR < moment <= NOW + HOUR + 9_000
    assert "mỗi người vào cách nhau vài giây" in page and "Chưa đến giờ thi" in page
    clock.move_to(datetime.fromtimestamp((moment - 1) / 1000, UTC))
    assert "mọi người đang vào lần lượt" in candidate.page("/rounds")
    clock.move_to(datetime.fromtimestamp(moment / 1000, UTC))
    assert "data-clock" not in candidate.page("/rounds")
    assert candidate.start()


def test_days_before_the_waiting_room_counts_days(sqlite_app):
    contest_round = make_open_round()
    contest_round.opens_at, contest_round.closes_at = NOW + 75 * HOUR, NOW + 80 * HOUR
    page = make_candidate(sqlite_app, contest_round).page("/rounds")
    assert "Bắt đầu làm bài" not in page
    assert "Còn 3 ngày." in page and "Làm thử năm câu" in page and "Kiểm tra máy này" in page


def test_the_staff_see_the_same_pages_and_nothing_of_theirs_is_kept(candidate, browser):
    account = make_account((Role.ORGANIZER, make_unit()))
    db.session.commit()
    browser.sign_in(account.username)
    assert "câu trả lời không được ghi lại" in browser.get("/practice").get_data(as_text=True)
    page = browser.get("/practice/question?topic=dang-vien").get_data(as_text=True)
    hidden, name, places = fields(page)
    sent = browser.post("/practice/answer", hidden | {name: places["Hai"]})
    assert "Bạn trả lời đúng." in browser.get(sent.location).get_data(as_text=True)
    assert db.session.query(PracticeAnswer).count() == 0
    browser.post("/rehearsal/start")
    assert "LÀM THỬ" in browser.get("/rehearsal/paper").get_data(as_text=True)


def test_an_empty_practice_part_says_so(sqlite_app):
    make_cell(make_unit())
    candidate = make_candidate(sqlite_app)
    assert "chưa đưa câu nào vào phần ôn tập" in candidate.page("/practice")
    assert candidate.post("/rehearsal/start").location == "/rehearsal"
    assert "chưa làm thử được" in candidate.page("/rehearsal")
    assert "Chưa có câu nào phải ôn lại" in candidate.page("/practice/sheet")


@pytest.mark.parametrize(
    "pressed, classes",
    [
        ([{"text": "large"}], "text-large"),
        ([{"text": "largest"}, {"ground": "dark"}], "text-largest ground-dark"),
        ([{"ground": "high"}, {"text": "normal"}], "ground-high"),
        ([{"ground": '"><script>'}], None),
        ([{"ground": "dark"}, {"ground": "device"}], None),
    ],
)
def test_size_and_ground_chosen_stay_on_every_page(browser, pressed, classes):
    for form in pressed:
        assert browser.post("/comfort", form).status_code == 302
    page = browser.get("/").get_data(as_text=True)
    assert ("comfort.css" in page) is (classes is not None)
    assert re.search(r'<html lang="vi"([^>]*)>', page).group(1) == (f' class="{classes}"' if classes else "")


def test_a_cookie_somebody_wrote_puts_nothing_on_the_page(browser):
    browser.client.set_cookie("comfort", '"><b>.x')
    assert '<html lang="vi">' in browser.get("/").get_data(as_text=True)


def test_the_question_page_offers_size_ground_and_reading_aloud(candidate):
    page = candidate.page(f"/attempts/{candidate.start()}")
    for part in ("data-comfort", "Nghe đọc câu này", "Rất lớn", "Trắng đen"):
        assert part in page
