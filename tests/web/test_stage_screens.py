"""What the screens of the stage say beside the plain way: the clock's cost, who typed what, who may not look yet."""

import re

import pytest

from quiz import clock
from quiz.core.judging import OnGap
from quiz.extensions import db
from quiz.models import PanelSeat, Performance
from tests.web.test_stage import There, key_sheet

MINUTE = 60_000


@pytest.fixture
def there(sqlite_app):
    """A round before two judges, seated and drawn."""
    found = There(sqlite_app)
    found.seat()
    found.first, found.second = found.draw()
    return found


def page_of(there, who="secretary") -> str:
    return there.get(who, f"/desk/performances/{there.first}")


def test_the_cost_of_time_over_is_shown_while_the_clock_runs_and_the_points_once_it_has_stopped(
    there, monkeypatch
):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)  # the clock of the stage stands where the test puts it
    there.post("secretary", f"/desk/performances/{there.first}/clock", act="start")
    for judge in ("judge1", "judge2"):
        there.mark(judge, there.first, "11")
    one = db.session.get_one(Performance, there.first)
    one.running_since = now - 4 * MINUTE - 20_000  # of three minutes
    db.session.commit()
    running = page_of(there)
    assert "trừ 0,50 điểm" in running and "sau khi dừng hẳn đồng hồ" in running and "17,50" not in running
    there.post("secretary", f"/desk/performances/{there.first}/clock", act="stop")
    assert "17,50" in page_of(there)  # 18 less 0.5


def test_a_sheet_typed_once_and_one_typed_two_ways_are_told_apart(there):
    key_sheet(there, "secretary", there.first, "10")
    assert "đã nhập một lần" in page_of(there)
    key_sheet(there, "other", there.first, "11")
    assert "hai lần nhập khác nhau" in page_of(there)


def test_who_typed_a_sheet_first_is_told_to_leave_the_second_time_to_somebody_else(there):
    key_sheet(there, "secretary", there.first, "10")
    url = f"/desk/performances/{there.first}/sheets/2"
    mine, others = there.get("secretary", url), there.get("other", url)
    assert "Bạn đã nhập lần thứ nhất" in mine and 'name="c0"' not in mine
    assert "Bạn đã nhập lần thứ nhất" not in others and 'name="c0"' in others


def test_no_criterion_of_a_sheet_from_paper_is_called_optional(there):
    form = there.get("secretary", f"/desk/performances/{there.first}/sheets/1")
    assert "Nội dung" in form and "không bắt buộc" not in form


def test_a_sheet_from_paper_with_an_open_criterion_says_which(there):
    page = there.post("secretary", f"/desk/performances/{there.first}/sheets/1", c0="10", c1="")
    assert 'href="#c1"' in page and 'value="10"' in page and "chưa có điểm" in page


def test_nobody_marks_who_did_not_come(there):
    assert "chưa thi" in there.get("judge1", f"/judging/{there.first}")
    there.post("secretary", f"/desk/performances/{there.first}/absent", **{"act-reason": "Ốm"})
    page = there.get("judge1", f"/judging/{there.first}")
    assert "vắng nên không chấm" in page and "<form" not in page.split("<main", 1)[1]


def test_an_absent_contestant_is_confirmed_without_a_word_of_sheets(there):
    there.post("secretary", f"/desk/performances/{there.first}/absent", **{"act-reason": "Ốm"})
    page = page_of(there)
    assert "Xác nhận thí sinh vắng" in page and "Nhập phiếu giấy" not in page and "Đối chiếu từng" not in page


def test_a_judge_finds_the_own_marks_again_before_the_others_are_in(there):
    there.mark("judge1", there.first, "11,25", "6,5")
    page = there.get("judge1", f"/judging/{there.first}")
    assert "11,25" in page and "6,50" in page and "17,75" in page
    there.mark("judge2", there.second, "3")
    assert "Ghế 2" not in there.get("judge1", f"/judging/{there.first}")


def test_the_secretary_compares_criterion_by_criterion_and_is_told_what_a_gap_asks_for(there):
    there.perform(there.first)
    there.mark("judge1", there.first, "11,25", "6,5")
    there.mark("judge2", there.first, "5", "6,5")
    page = page_of(there)
    assert "Điểm từng tiêu chí" in page and "11,25" in page and "báo thư ký, kèm lý do" in page
    there.post("secretary", f"/desk/performances/{there.first}/check")
    there.post("head", f"/judging/{there.first}/sign")
    signed = page_of(there)
    assert "rút chữ ký ở trang Ký điểm" in signed and "báo thư ký, kèm lý do" not in signed


def test_the_head_judges_list_says_how_many_wait_for_a_signature(there):
    there.perform(there.first)
    for judge in ("judge1", "judge2"):
        there.mark(judge, there.first, "11")
    assert "chờ ký" not in there.get("head", "/judging")
    there.post("secretary", f"/desk/performances/{there.first}/check")
    assert "1 lượt chờ ký" in there.get("head", "/judging") and "chờ ký" not in there.get(
        "judge1", "/judging"
    )
    there.post("head", f"/judging/{there.first}/sign")
    assert "chờ ký" not in there.get("head", "/judging")


def test_the_first_page_and_the_rounds_page_lead_to_the_stage(there):
    stage = f'href="{there.url}/stage"'
    assert 'href="/judging"' in there.get("judge1", "/desk").split("<main", 1)[1]
    assert stage in there.get("secretary", "/desk") and stage not in there.get("judge1", "/desk")
    board = there.get("organizer", there.url)
    assert "Phân công ban chấm" in board and "Còn 2 lượt chưa ký" in board and stage in board
    assert "Theo dõi làm bài" not in board and "Phát phiếu dự thi" not in board  # nobody sits a paper


def test_a_head_judge_on_the_panel_sees_the_others_after_the_own_sheet(there):
    seat = db.session.query(PanelSeat).filter_by(seat=1).one()
    seat.account = there.accounts["head"]
    db.session.commit()
    there.mark("judge2", there.first, "11")
    url = f"/judging/{there.first}/points"
    assert "18,00" not in there.get("head", url) and "Hãy nộp phiếu của bạn trước" in there.get("head", url)
    there.mark("head", there.first, "10")
    assert "18,00" in there.get("head", url)


def test_the_seat_of_a_third_marker_is_said_to_wait(there):
    rules = dict(there.round.stage.rules)
    rules["parts"][0]["judging"] |= {"on_gap": OnGap.THIRD.value, "gap": 300}
    there.round.stage.rules = {**rules}
    db.session.add(
        PanelSeat(
            round_id=there.round.id,
            part=rules["parts"][0]["name"],
            seat=3,
            account=there.accounts["stranger"],
        )
    )
    db.session.commit()
    assert "chỉ chấm khi hai phiếu chênh nhau" in page_of(there)


def test_a_judges_list_says_what_waits_and_what_is_in(there):
    assert re.search(r"1\. .*Chưa thi", there.get("judge1", "/judging"), re.DOTALL)
    there.mark("judge1", there.first, "11")
    assert "Đã nộp 1 phiếu" in there.get("judge1", "/judging")
    there.mark("judge1", there.second, "11")
    assert "đã nộp mọi phiếu chấm" in there.get("judge1", "/judging")


def test_who_does_not_come_at_all_is_noted_once_and_only_where_nothing_was_begun(sqlite_app):
    there = There(sqlite_app)
    rules = dict(there.round.stage.rules)
    names = ("Giới thiệu", "Tình huống", "Thuyết trình")
    rules["parts"] = [
        {**rules["parts"][0], "name": name, "weight": 34 - bool(n)} for n, name in enumerate(names)
    ]
    there.round.stage.rules = rules
    db.session.commit()
    there.draw()
    mine = {one.part: one for one in db.session.query(Performance).filter_by(entry_id=there.entries[0].id)}
    begun, here, other = (mine[name] for name in names)
    there.perform(begun.id)
    assert "Vắng cả các phần thi khác" in there.get("secretary", f"/desk/performances/{here.id}")
    url = f"/desk/performances/{here.id}/absent"
    there.post("secretary", url, **{"act-reason": "Ốm", "act-everywhere": "y"})
    db.session.expire_all()
    assert [one.absent_reason for one in (begun, here, other)] == ["", "Ốm", "Ốm"]
    theirs = db.session.query(Performance).filter_by(entry_id=there.entries[1].id)
    assert not any(one.absent_reason for one in theirs)


def test_an_absent_contestant_keeps_no_judge_waiting(there):
    there.post("secretary", f"/desk/performances/{there.second}/absent", **{"act-reason": "Ốm"})
    there.mark("judge1", there.first, "11")
    page = there.get("judge1", "/judging")
    assert "1 lượt vắng, không chấm" in page and "lượt chưa thi" not in page
    assert "đã nộp mọi phiếu chấm" in page


def test_a_signature_taken_back_without_a_reason_asks_for_one_at_its_field(there):
    there.perform(there.first)
    for judge in ("judge1", "judge2"):
        there.mark(judge, there.first, "11")
    there.post("secretary", f"/desk/performances/{there.first}/check")
    there.post("head", f"/judging/{there.first}/sign")
    page = there.post("head", f"/judging/{there.first}/unsign", **{"unsign-reason": " "})
    assert 'href="#unsign-reason"' in page and '<details class="details" open' in page
    assert db.session.get_one(Performance, there.first).signed_at is not None


def test_a_time_put_right_without_a_reason_opens_where_it_was_typed(there):
    there.perform(there.first)
    page = there.post("secretary", f"/desk/performances/{there.first}/time", minutes=4, seconds=0, reason="")
    assert '<details class="details" open' in page and 'value="4"' in page
