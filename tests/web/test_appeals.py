"""Appeals on the pages: a contestant sees the own paper and asks, the board answers; nobody else reads any of it."""

import pytest

from quiz import clock
from quiz.core.appeals import DAY, Hours
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Appeal
from quiz.services import appeals
from quiz.services.appeals import Settings
from tests.conftest import Browser
from tests.factories import make_account, make_card, publish_final
from tests.sat_rounds import KEY, OTHER, Sat


def text_of(answer):
    """The words of a page, tags and all."""
    return answer.get_data(as_text=True)


@pytest.fixture
def sat(sqlite_app):
    """A commune's round, provisionally published; two contestants with cards."""
    scene = Sat()
    for name, option in (("An", OTHER), ("Bình", KEY)):
        entry = scene.sit(name, option, right=2)
        make_card(scene.contest, entry.person, token=f"token of {name}")
    scene.publish(final=False)
    make_account((Role.ORGANIZER, scene.commune), username="xa")
    make_account((Role.OBSERVER, scene.commune), username="xem")
    db.session.commit()
    return scene


def allow(sat, shows_paper=True, shows_key=False):
    now = clock.now()
    hours = Hours(now - 1000, now + DAY)
    appeals.set_window(sat.round, Settings(hours, shows_paper, shows_key), sat.actor, now)
    db.session.commit()


def contestant(app, name):
    browser = Browser(app)
    assert browser.post(f"/c/token of {name}").status_code == 302
    db.session.rollback()  # the session was opened beside this test's transaction
    return browser


def paper_of(sat, number=0):
    return f"/attempts/{sat.round.entries[number].attempts[0].id}/paper"


def test_before_the_board_allows_there_is_no_paper_and_no_form(sat, sqlite_app):
    an = contestant(sqlite_app, "An")
    assert paper_of(sat) in text_of(an.get("/rounds"))
    page = text_of(an.get(paper_of(sat)))
    assert "chưa mở phúc khảo" in page
    assert sat.doubtful.stem not in page and "Gửi đơn" not in page
    sent = an.post(paper_of(sat).replace("paper", "appeals"), {"position": "-1", "text": "Xin xem lại"})
    assert "Chưa đến thời gian" in text_of(sent)
    assert db.session.query(Appeal).count() == 0


def test_before_anything_is_published_the_own_paper_says_who_will_publish(sqlite_app):
    scene = Sat()
    entry = scene.sit("An", OTHER, right=2)
    make_card(scene.contest, entry.person, token="token of An")
    db.session.commit()
    page = text_of(contestant(sqlite_app, "An").get(f"/attempts/{entry.attempts[0].id}/paper"))
    assert "Điểm và kết quả do Ban Tổ chức công bố sau." in page and "Thứ hạng của bạn" not in page


def test_a_contestant_asks_and_reads_the_answer(sat, sqlite_app):
    allow(sat)
    an, board = contestant(sqlite_app, "An"), Browser(sqlite_app).sign_in("xa")
    page = text_of(an.get(paper_of(sat)))
    assert sat.doubtful.stem in page and "đã chọn" in page and ">đáp án<" not in page
    url = paper_of(sat).replace("paper", "appeals")
    assert an.post(url, {"position": "0", "text": "Theo Điều 4 thì khác"}).status_code == 302
    again = an.post(url, {"position": "0", "text": "Theo Điều 4 thì khác"}, follow_redirects=True)
    assert "đã gửi đơn về câu này rồi" in text_of(again)

    waits = "Trả lời 1 đơn phúc khảo"
    assert waits in text_of(board.get("/desk"))
    assert waits not in text_of(Browser(sqlite_app).sign_in("xem").get("/desk"))
    listed = text_of(board.get(f"/desk/rounds/{sat.round.id}/appeals"))
    assert "Lò Văn An" in listed and "Chờ trả lời" in listed
    appeal = db.session.query(Appeal).one()
    shown = text_of(board.get(f"/desk/appeals/{appeal.id}"))
    assert "Theo Điều 4 thì khác" in shown and ">đáp án<" in shown
    claimed = board.post(f"/desk/appeals/{appeal.id}", {"finding": "corrected", "text": "Đã sửa"})
    assert "chưa được sửa" in text_of(claimed)
    given = board.post(
        f"/desk/appeals/{appeal.id}", {"finding": "kept", "text": "Điều 4 khoản 2 đúng như đáp án"}
    )
    assert given.status_code == 302
    assert "khoản 2 đúng như đáp án" in text_of(an.get(paper_of(sat)))
    assert waits not in text_of(board.get("/desk"))
    assert "Trả lời</button>" not in text_of(board.get(f"/desk/appeals/{appeal.id}"))


def test_who_answers_about_a_whole_paper_sees_every_question_of_it(sat, sqlite_app):
    allow(sat)
    an, board = contestant(sqlite_app, "An"), Browser(sqlite_app).sign_in("xa")
    url = paper_of(sat).replace("paper", "appeals")
    assert an.post(url, {"position": "-1", "text": "Xin chấm lại cả bài"}).status_code == 302
    appeal = db.session.query(Appeal).one()
    shown = text_of(board.get(f"/desk/appeals/{appeal.id}"))
    count = len(sat.round.entries[0].attempts[0].marks)
    assert sat.doubtful.stem in shown and shown.count(">đáp án<") == count
    assert "Bài của thí sinh" in shown and "hãy báo Ban Tổ chức cấp trên" in shown


def test_an_appeal_window_after_the_final_result_says_what_can_still_come_of_it(sat, sqlite_app):
    board, url = Browser(sqlite_app).sign_in("xa"), f"/desk/rounds/{sat.round.id}/appeals/window"
    said = "Kết quả chính thức đã công bố"
    assert said not in text_of(board.get(url))
    publish_final(sat.round, sat.actor, clock.now())
    db.session.commit()
    assert said in text_of(board.get(url))


def test_the_key_is_there_once_the_board_releases_it(sat, sqlite_app):
    allow(sat, shows_key=True)
    assert ">đáp án<" in text_of(contestant(sqlite_app, "An").get(paper_of(sat)))


def test_nobody_reads_another_ones_paper_or_appeal(sat, sqlite_app):
    allow(sat)
    an, binh = contestant(sqlite_app, "An"), contestant(sqlite_app, "Bình")
    an.post(paper_of(sat).replace("paper", "appeals"), {"position": "-1", "text": "Việc riêng của tôi"})
    assert binh.get(paper_of(sat)).status_code == 404
    assert (
        binh.post(paper_of(sat).replace("paper", "appeals"), {"position": "-1", "text": "x"}).status_code
        == 404
    )
    assert "Việc riêng" not in text_of(binh.get(paper_of(sat, 1)))
    observer = Browser(sqlite_app).sign_in("xem")
    assert observer.get(f"/desk/rounds/{sat.round.id}/appeals").status_code == 403
    assert observer.get(f"/desk/appeals/{db.session.query(Appeal).one().id}").status_code == 403


def test_the_board_sets_the_window_and_the_final_result_waits(sat, sqlite_app):
    board, url = Browser(sqlite_app).sign_in("xa"), f"/desk/rounds/{sat.round.id}/appeals/window"
    assert "2" in text_of(board.get(url))
    hours = {"opens_at": "2030-01-01T08:00", "closes_at": "2030-01-04T08:00", "answer_days": "2"}
    wrong = board.post(url, hours | {"shows_key": "y"})
    assert "phải cho xem bài" in text_of(wrong)
    assert board.post(url, hours | {"shows_paper": "y", "shows_key": "y"}).status_code == 302
    refused = board.post(
        f"/desk/rounds/{sat.round.id}/ranking", {"kind": "final", "note": ""}, follow_redirects=True
    )
    assert "phúc khảo chưa hết" in text_of(refused)
