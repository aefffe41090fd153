"""Contestants and the judged parts: their own result, the marks when the board shows them, appeals and the answers."""

import pytest

from quiz import clock
from quiz.core.appeals import Hours
from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.extensions import db
from quiz.models import Appeal, Performance
from quiz.services import appeals, cards, sheets, stage_points
from quiz.services.appeals import Finding, Settings
from quiz.services.audit import Actor
from tests.conftest import Browser
from tests.factories import HOUR, publish_final
from tests.web.test_explaining import held

WAITS = "Điểm đã sửa sẽ có trong lần công bố sau."
TO_PUBLISH = "Hãy công bố lại bảng xếp hạng."


@pytest.fixture
def there(sqlite_app):
    """A round that was judged and published as provisional, with the browser of one contestant."""
    there = held(sqlite_app)
    there.post("organizer", f"{there.url}/ranking", kind="provisional", note="")
    (card, *_others) = cards.issue_for(there.round, Actor(there.accounts["organizer"].id), clock.now())
    db.session.commit()
    there.own = Browser(sqlite_app)
    there.own.post("/card", {"code": card.code, "pin": card.pin})
    there.page = f"/rounds/{there.round.id}/stage"
    return there


def open_window(there, shows_paper=True):
    """Let the board take appeals from now on."""
    now = clock.now()
    settings = Settings(Hours(now - 1, now + HOUR), shows_paper=shows_paper)
    appeals.set_window(there.round, settings, Actor(there.accounts["organizer"].id), now)
    db.session.commit()


def own(there):
    return there.own.get(there.page).get_data(as_text=True)


def test_marks_are_shown_only_when_the_board_shows_papers(there):
    page = own(there)
    assert "Thứ hạng của bạn" in page and "/20,00" in page
    assert "Điểm từng giám khảo" not in page and "18,00" not in page
    open_window(there, shows_paper=False)
    assert "Điểm từng giám khảo" not in own(there)
    open_window(there)
    assert "Điểm từng giám khảo" in own(there) and "17,50" in own(there)
    assert "Điểm trong ngoặc" not in own(there)  # no mark was left out
    assert "Tài khoản" not in own(there), "judges stand without a name"


def test_the_window_of_a_round_without_papers_speaks_of_the_judges_marks_alone(there):
    form = there.get("organizer", f"{there.url}/appeals/window")
    assert "điểm từng giám khảo cho mình" in form and "bài của mình" not in form and "đáp án" not in form
    hours = {
        "opens_at": "2026-10-02T08:00",
        "closes_at": "2096-10-02T08:00",
        "answer_days": "2",
        "shows_paper": "y",
    }
    seen = there.post("organizer", f"{there.url}/appeals/window", **hours)
    assert "Đã đặt thời gian phúc khảo." in seen and "điểm từng giám khảo cho mình" in seen
    assert "điểm từng câu" not in seen and "Điểm từng giám khảo" in own(there)


def put_right(performance, there):
    secretary, head = (Actor(there.accounts[name].id) for name in ("secretary", "head"))
    now = clock.now() + 1
    stage_points.unsign(performance, "Phúc khảo", head, now)
    marks = {"Nội dung": 1000, "Phong cách": 800}
    sheets.correct(sheets.sheet_at(performance, 1), marks, "Phúc khảo", secretary, now)
    stage_points.check(performance, secretary, now)
    stage_points.sign(performance, head, now)


def test_an_appeal_about_a_part_is_asked_once_and_answered_with_what_was_done(there):
    assert "Gửi đơn phúc khảo" not in own(there)
    open_window(there)
    mine = db.session.query(Performance).filter_by(entry_id=there.entries[0].id).one()
    answer = there.own.post(
        there.page, {"performance": mine.id, "text": "Tôi nói đủ ba ý."}, follow_redirects=True
    ).get_data(as_text=True)
    assert "đã nhận đơn" in answer and "Tôi nói đủ ba ý." in answer
    appeal = db.session.query(Appeal).one()
    assert (appeal.performance_id, appeal.attempt_id, appeal.entry.id) == (mine.id, None, mine.entry_id)
    assert "Gửi đơn phúc khảo" not in answer, "nothing is left to be asked about"
    again = there.own.post(there.page, {"performance": mine.id, "text": "Lần nữa"}, follow_redirects=True)
    assert "Bạn đã gửi đơn về phần thi này rồi." in again.get_data(as_text=True)
    with pytest.raises(AlreadyDone):
        appeals.ask_about(mine, "Lần nữa", clock.now())
    url = f"/desk/appeals/{appeal.id}"
    assert "Lò Văn Một" in there.get("organizer", f"{there.url}/appeals")
    assert "Phần thi Giới thiệu" in there.get("organizer", url)
    board = Actor(there.accounts["organizer"].id)
    with pytest.raises(RuleBroken):
        appeals.answer(appeal, Finding.CORRECTED, "Đã cộng lại.", board, clock.now())
    put_right(mine, there)
    db.session.commit()
    shown = there.post("organizer", url, finding="corrected", text="Đã chấm lại phiếu 1.")
    assert "Đã trả lời" in shown and "Đã sửa điểm phần thi" in shown
    assert "Đã chấm lại phiếu 1." in own(there) and "Đã sửa điểm phần thi" in own(there)
    assert WAITS in own(there) and TO_PUBLISH in shown, "points put right stand in no table yet"
    there.post("organizer", f"{there.url}/ranking", kind="provisional", note="")
    assert WAITS not in own(there) and TO_PUBLISH not in there.get("organizer", f"{there.url}/appeals")


def test_nobody_else_finds_the_page_and_no_part_but_the_own_is_asked_about(there):
    open_window(there)
    other = db.session.query(Performance).filter_by(entry_id=there.entries[1].id).one()
    there.own.post(there.page, {"performance": other.id, "text": "Của người khác"})
    assert db.session.query(Appeal).count() == 0
    assert there.own.get(f"/rounds/{there.round.id + 1}/stage").status_code == 404
    assert there.browsers["judge1"].get(there.page).status_code in (302, 403, 404)


def test_after_the_final_result_nobody_is_sent_to_put_signed_points_right(there):
    actor, mine = Actor(there.accounts["organizer"].id), db.session.query(Performance).first()
    publish_final(there.round, actor, clock.now())
    open_window(there)
    appeal = appeals.ask_about(mine, "Tôi nói đủ ba ý.", clock.now())
    db.session.commit()
    page = there.get("organizer", f"/desk/appeals/{appeal.id}")
    assert "rút chữ ký" not in page and "nên điểm này không sửa được nữa" in page
