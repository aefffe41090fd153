"""Pages of written work marked by two judges, and by a third where the two lie too far apart."""

from dataclasses import replace

import pytest

from quiz import clock
from quiz.core.essays import EssayRule
from quiz.core.judging import Criterion, Judging, Missing, OnGap
from quiz.core.parts import Part
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Account, ScoreSheet
from quiz.services import panels, performances, projections, sheets, stage_screen
from quiz.services.audit import SYSTEM, Actor
from tests.conftest import Browser
from tests.factories import HOUR, make_account
from tests.web.test_essays import There

CONTENT = "Nội dung"
WRITTEN = Part(
    "Bài viết", max_points=10000, essay=EssayRule(),
    judging=Judging((Criterion(CONTENT, 10000, 50),), judges=2, gap=2000, on_gap=OnGap.THIRD),
)  # fmt: skip
NAMES = ("judge", "other", "third")


class Desk(There):
    """A round of written work with two markers, the seat of a third, and a head judge; nobody stands on a stage."""

    def __init__(self, app, seats: int = 3, part: Part = WRITTEN) -> None:
        super().__init__(app, part=part)
        unit, now = self.round.unit, clock.now()
        self.accounts["third"] = make_account((Role.JUDGE, unit), username="third")
        make_account((Role.HEAD_JUDGE, unit), username="head")
        make_account((Role.ORGANIZER, unit), username="board")
        for seat, name in enumerate(NAMES[:seats], start=1):
            panels.seat_judge(self.round, WRITTEN.name, "", seat, self.accounts[name], False, SYSTEM, now)
        performances.draw_order(self.round, "7 4 9", 1, SYSTEM, now)
        self.first = performances.of_round(self.round)[0]
        db.session.commit()
        self.staff |= {name: Browser(app).sign_in(name) for name in ("third", "head", "board")}
        self.page = f"/desk/performances/{self.first.id}"

    def mark(self, name: str, points: int) -> None:
        """Let somebody mark the first essay and hand the sheet in."""
        judge = Actor(db.session.query(Account).filter_by(username=name).one().id)
        sheets.save(self.first, {CONTENT: points}, "", 1, judge, clock.now())
        sheets.submit(self.first, judge, clock.now())
        db.session.commit()
        db.session.expire_all()

    def read(self, name: str, url: str) -> str:
        """Return a page as somebody reads it."""
        return self.staff[name].get(url).get_data(as_text=True)


@pytest.fixture
def desk(sqlite_app):
    return Desk(sqlite_app)


def test_the_board_is_told_which_seat_marks_only_a_third_time(desk):
    page = desk.read("board", f"/desk/rounds/{desk.round.id}/panels")
    assert page.count("Ghế số 3, chấm lần ba") == 2, "beside the choice and among the seats of a head"
    assert "Ghế số 3 chỉ chấm khi hai phiếu trước chênh nhau" in page
    assert "ghế 3, chấm lần ba".casefold() in desk.read("secretary", desk.page).casefold()


def test_a_third_marking_nobody_needs_cannot_be_begun(desk):
    assert "Chưa cần chấm lần ba" in desk.read("third", f"/judging/{desk.first.id}")
    body = {"c0": "70", "act": "submit"}
    desk.staff["third"].post(f"/judging/{desk.first.id}", body)
    desk.staff["secretary"].post(f"{desk.page}/sheets/3", {"c0": "70"})
    assert db.session.query(ScoreSheet).count() == 0
    desk.mark("judge", 8000)
    desk.mark("other", 6050)
    desk.staff["third"].post(f"/judging/{desk.first.id}", body)
    assert db.session.query(ScoreSheet).filter_by(seat=3).count() == 0, "19.5 apart is not enough"


def test_thirty_apart_alarms_everybody_and_the_third_decides(desk):
    desk.mark("judge", 8000)
    desk.mark("other", 5000)
    alarm = "Hai phiếu chênh nhau 30,00 điểm nên phải chấm lần ba (ghế 3)"
    assert alarm in desk.read("judge", f"/judging/{desk.first.id}") and alarm in desk.read(
        "secretary", desk.page
    )
    assert "chờ chấm lần ba" in desk.read("secretary", f"/desk/rounds/{desk.round.id}/stage")
    third = desk.read("third", f"/judging/{desk.first.id}")
    assert "Bạn chấm lần ba" in third and "50,00" not in third and "80,00" not in third
    desk.mark("third", 6850)
    told = "Điểm chấm lần ba: 68,50; hai phiếu trước chênh nhau 30,00 điểm nên không tính"
    for name, url in (("judge", f"/judging/{desk.first.id}"), ("secretary", desk.page)):
        page = desk.read(name, url)
        assert told in page and alarm not in page
    desk.staff["secretary"].post(f"{desk.page}/check", {})
    assert told in desk.read("head", f"/judging/rounds/{desk.round.id}/signing")


def test_the_ranking_says_that_a_third_marking_decided(desk):
    for name, points in (("judge", 8000), ("other", 5000), ("third", 6850)):
        desk.mark(name, points)
    desk.staff["secretary"].post(f"{desk.page}/check", {})
    desk.staff["head"].post(f"/judging/{desk.first.id}/sign", {})
    ranking = f"/desk/rounds/{desk.round.id}/ranking"
    page = desk.read("board", f"{ranking}/{desk.first.entry_id}").replace("\xa0", " ")
    assert "GK 1: (80,00); GK 2: (50,00); chấm lần ba: 68,50" in page


def test_without_anybody_on_the_third_seat_the_secretary_is_told_what_is_missing(sqlite_app):
    desk = Desk(sqlite_app, seats=2)
    assert "Chưa có người chấm lần ba" not in desk.read("secretary", desk.page)
    desk.mark("judge", 8000)
    desk.mark("other", 5000)
    assert "Chưa có người chấm lần ba" in desk.read("secretary", desk.page)


def test_nobody_presses_a_clock_for_what_is_read_at_a_desk(desk):
    page = desk.read("secretary", desk.page)
    assert "Bắt đầu tính giờ" not in page and "Gọi thí sinh" not in page and "Ghi vắng" in page
    desk.mark("judge", 8000)
    desk.mark("other", 7650)
    page = desk.read("secretary", desk.page)
    assert "78,25" in page and "Đã đối chiếu, xác nhận điểm" in page and "dừng hẳn đồng hồ" not in page
    desk.staff["secretary"].post(f"{desk.page}/check", {})
    db.session.expire_all()
    assert desk.first.checked_at and desk.first.stopped_at and desk.first.started_at is None


def test_the_hall_never_sees_essays_as_turns_on_the_stage(desk):
    projections.open_screen(desk.round, SYSTEM, clock.now())
    screen = stage_screen.of_round(desk.round)
    assert (screen.on, screen.done, screen.following) == (None, None, None)


def test_a_judge_is_told_when_nothing_was_handed_in(desk):
    assert "Thí sinh chưa nộp bài trước cho phần thi này" in desk.read("judge", f"/judging/{desk.first.id}")
    assert "chưa nộp bài" in desk.read("judge", "/judging")


def test_a_correction_says_whose_sheet_it_changed(desk):
    for name, points in (("judge", 8000), ("other", 7500)):
        desk.mark(name, points)
    desk.staff["secretary"].post(f"{desk.page}/sheets/2", {"c0": "70", "reason": "Ghi nhầm"})
    told = "ghế 2, Nội dung 75,00 → 70,00. Lý do: Ghi nhầm"
    assert told in desk.read("secretary", desk.page) and told in desk.read(
        "head", f"/judging/{desk.first.id}/points"
    )


def test_who_sat_no_paper_is_not_told_that_one_is_missing(desk):
    found, now = desk.round, clock.now()
    found.opened_at = found.opens_at = now - 2 * HOUR
    found.closes_at = now - HOUR
    db.session.commit()
    page = desk.own[0].get("/rounds").get_data(as_text=True)
    assert "Vòng thi đã kết thúc." in page and "không có bài thi" not in page


def test_the_secretary_is_warned_that_some_are_still_marking(sqlite_app):
    part = replace(
        WRITTEN, judging=Judging((Criterion(CONTENT, 10000, 50),), judges=2, missing=Missing.PRESENT)
    )
    desk = Desk(sqlite_app, seats=2, part=part)
    desk.mark("judge", 8000)
    warning = "Còn thiếu phiếu ghế 2. Chỉ xác nhận khi những giám khảo ấy vắng"
    assert warning in desk.read("secretary", desk.page)
    desk.staff["secretary"].post(f"{desk.page}/check", {})
    page = desk.read("other", f"/judging/{desk.first.id}")
    assert "không nhận thêm phiếu" in page and "data-sheet" not in page
