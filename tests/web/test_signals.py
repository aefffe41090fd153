"""The board looks for signs, reads one, decides; nobody else sees any of it."""

import re

import pytest
from sqlalchemy import func, select

from quiz.core.permissions import Role
from quiz.core.signals import Away, Sign
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt, Entry, ItemVersion, Round, Signal, SignalDecision
from quiz.services import attempts, away
from quiz.web.formatting import datetime_text
from tests.conftest import Browser
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_card,
    make_cell,
    make_entry,
    make_person,
    make_round,
    make_unit,
    open_for_test,
)
from tests.services.test_signals import AFTER, COPIED, FAST, Held, crowd, held, sign_in  # noqa: F401
from tests.web.test_attempts import at

VIEWERS = (Role.BOARD_SECRETARY, Role.HEAD_JUDGE, Role.JUDGE, Role.OBSERVER, Role.PROCTOR)


@pytest.fixture(params=["sqlite"])
def app(request, new_app):
    """The pages ask both databases alike: here one is enough."""
    app = new_app(request.param)
    with app.app_context():
        yield app


@pytest.fixture
def over(held):  # noqa: F811
    """A round that is over, with two copied papers, a hasty one, and two people on one phone."""
    crowd(held)
    held.sit(COPIED), held.sit(COPIED)
    held.sit(every=FAST)
    for entry in (held.entry(), held.entry()):
        sign_in(held, entry, "phone", "line")
        held.sit(entry=entry)
    unit = held.round.unit
    make_account((Role.ORGANIZER, unit), username="board")
    for role in VIEWERS:
        make_account((role, unit), username=role.value)
    make_account((Role.ORGANIZER, make_unit("Thuận Châu")), username="elsewhere")
    db.session.commit()
    return held.round.id


@pytest.fixture
def board(app, over):
    """The organizer's browser after the round."""
    with at(AFTER):
        yield Browser(app).sign_in("board")


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def found(kind: Sign) -> int:
    db.session.rollback()
    return db.session.scalars(select(Signal.id).where(Signal.kind == kind)).one()


def test_the_ranking_leads_to_the_signs_and_the_page_says_nobody_has_looked(board, over):
    assert f"/desk/rounds/{over}/signals" in text_of(board.get(f"/desk/rounds/{over}/ranking"))
    page = text_of(board.get(f"/desk/rounds/{over}/signals"))
    assert "Dấu hiệu không phải là kết luận" in page and "Chưa tìm lần nào" in page


def test_while_somebody_sits_the_page_says_when_the_last_paper_ends(board, over, held):  # noqa: F811
    other = open_for_test(make_round(held.round.stage, held.unit), held.versions)
    attempt = attempts.start(make_entry(other, make_person(make_cell(held.unit))), NOW, "seed")
    db.session.commit()
    page = text_of(board.get(f"/desk/rounds/{over}/signals"))
    ends = datetime_text(attempt.deadline)
    assert "Đang có người làm bài" in page and f"Bài cuối cùng hết giờ lúc {ends}" in page
    attempts.submit(attempt, AFTER)
    db.session.commit()
    assert "hết giờ lúc" not in text_of(board.get(f"/desk/rounds/{over}/signals"))


def test_looking_lists_every_kind_with_its_numbers_and_people(board, over):
    answer = board.post(f"/desk/rounds/{over}/signals", follow_redirects=True)
    page = text_of(answer)
    assert "có 3 dấu hiệu" in page
    for words in ("Giống nhau ở các câu sai", "Nhiều người chung một máy", "Trả lời nhanh hơn đọc",
                  "16 câu sai giống hệt nhau", "2 người đăng nhập trên cùng một máy", "Chờ\u00a0xét",
                  "Đôi bài so được câu sai", "Lò Văn Thử, chi bộ Bản"):  # fmt: skip
        assert words in page, words
    only = text_of(board.get(f"/desk/rounds/{over}/signals?kind=speed"))
    assert "Sau 3 giây đã trả lời 16 câu" in only and "giống hệt nhau" not in only


def test_the_pair_stands_side_by_side_without_the_key(board, over):
    board.post(f"/desk/rounds/{over}/signals")
    page = text_of(board.get(f"/desk/signals/{found(Sign.WRONG)}"))
    table = page.split("Các câu sai giống nhau</h2>")[1].split("</table>")[0]
    assert table.count("<tr>") == 17 and len(re.findall(r"Câu \d+: [A-D]</td>", table)) == 32
    assert "Hai" not in table.split("<tbody>")[1].replace("Cả hai", "")  # the key of every question is "Hai"
    for words in ("Σ c(c − 1)", "Holland (1996)", "Tarone (1990)", "Lý do bình thường"):
        assert words in page


def test_a_page_left_for_long_is_told_with_ordinary_reasons_and_who_says_so(board, over):
    attempt = db.session.scalars(select(Attempt).order_by(Attempt.id)).first()
    away.keep(attempt, Away(2, 4 * MINUTE))
    db.session.commit()
    board.post(f"/desk/rounds/{over}/signals")
    page = text_of(board.get(f"/desk/signals/{found(Sign.AWAY)}"))
    for words in ("Rời trang lâu", "Rời trang làm bài 2 lần, tổng cộng 4 phút 00 giây trong 9 phút 00 giây làm bài.",
                  "do chính máy của thí sinh gửi lên", "Lý do bình thường", "một phần tư"):  # fmt: skip
        assert words in page, words


def test_a_decision_is_recorded_with_who_when_and_why(board, over):
    board.post(f"/desk/rounds/{over}/signals")
    url = f"/desk/signals/{found(Sign.DEVICE)}"
    reason = "Mượn chung một điện thoại, làm lần lượt; không có vi phạm."
    answer = board.post(url, {"verdict": "no_finding", "reason": reason, "seen": "0"})
    assert answer.headers["Location"] == f"/desk/rounds/{over}/signals"
    page = text_of(board.get(url))
    assert "Đã quyết định" in page and reason in page and "(board, 11:00 ngày 05/02/2023)" in page


def test_a_double_click_records_one_decision_and_says_so(board, over):
    board.post(f"/desk/rounds/{over}/signals")
    url = f"/desk/signals/{found(Sign.SPEED)}"
    form = {"verdict": "talk", "reason": "Mời trao đổi.", "seen": "0"}
    board.post(url, form)
    again = board.post(url, form, follow_redirects=True, headers={"Referer": f"http://localhost{url}"})
    assert "vừa có quyết định" in text_of(again)
    assert db.session.scalar(select(func.count()).select_from(SignalDecision)) == 1


def test_what_was_typed_beside_somebody_elses_decision_is_kept_and_can_be_sent_again(app, board, over):
    board.post(f"/desk/rounds/{over}/signals")
    url = f"/desk/signals/{found(Sign.SPEED)}"
    make_account((Role.ORGANIZER, db.session.get(Round, over).unit), username="second")
    db.session.commit()
    second = Browser(app).sign_in("second")
    board.post(url, {"verdict": "no_finding", "reason": "Bấm bừa cho xong.", "seen": "0"})
    form = {"verdict": "talk", "reason": "Cần hỏi lại.", "seen": "0"}
    page = text_of(second.post(url, form, headers={"Referer": f"http://localhost{url}"}))
    assert "vừa có quyết định" in page and "Bấm bừa cho xong." in page and "Cần hỏi lại.</textarea>" in page
    form["seen"] = re.search(r'name="seen"[^>]*value="(\d+)"', page)[1]
    assert second.post(url, form).status_code == 302
    assert db.session.scalar(select(func.count()).select_from(SignalDecision)) == 2


@pytest.mark.parametrize(
    "form, sentence",
    [
        ({"reason": "Có lý do.", "seen": "0"}, "Hãy chọn một quyết định."),
        ({"verdict": "no_finding", "reason": "  ", "seen": "0"}, "Hãy ghi lý do của quyết định."),
        ({"verdict": "guilty", "reason": "Có lý do.", "seen": "0"}, "Hãy chọn một quyết định."),
        ({"verdict": "noted", "reason": "x" * 301, "seen": "0"}, "Dài quá 300 ký tự"),
    ],
)
def test_a_decision_needs_a_verdict_and_a_reason(board, over, form, sentence):
    board.post(f"/desk/rounds/{over}/signals")
    page = text_of(board.post(f"/desk/signals/{found(Sign.SPEED)}", form))
    assert sentence in page
    assert db.session.scalar(select(func.count()).select_from(SignalDecision)) == 0


def test_beside_a_running_round_nothing_is_looked_for(app, over):
    with at(NOW + HOUR):
        browser = Browser(app).sign_in("board")
        page = text_of(browser.get(f"/desk/rounds/{over}/signals"))
        assert "Vòng thi chưa kết thúc" in page and "Tìm dấu hiệu</button>" not in page
        answer = browser.post(f"/desk/rounds/{over}/signals")
    assert answer.status_code in (302, 409)
    assert db.session.scalar(select(func.count()).select_from(Signal)) == 0


@pytest.mark.parametrize("name", [role.value for role in VIEWERS])
def test_who_only_watches_sees_no_signs(app, board, over, name):
    board.post(f"/desk/rounds/{over}/signals")
    url = f"/desk/signals/{found(Sign.SPEED)}"
    viewer = Browser(app).sign_in(name)
    for page in (f"/desk/rounds/{over}/signals", url):
        assert viewer.get(page).status_code == 403
    assert viewer.post(url, {"verdict": "noted", "reason": "x", "seen": "0"}).status_code == 403
    if name in ("board_secretary", "head_judge", "observer"):
        assert "/signals" not in text_of(viewer.get(f"/desk/rounds/{over}/ranking"))


def test_an_organizer_elsewhere_finds_nothing(app, board, over):
    board.post(f"/desk/rounds/{over}/signals")
    url = f"/desk/signals/{found(Sign.SPEED)}"
    other = Browser(app).sign_in("elsewhere")
    for page in (f"/desk/rounds/{over}/signals", url):
        assert other.get(page).status_code == 404
    assert other.post(f"/desk/rounds/{over}/signals").status_code == 404


def test_contestants_and_the_public_never_see_a_sign(app, board, over):
    board.post(f"/desk/rounds/{over}/signals")
    url = f"/desk/signals/{found(Sign.DEVICE)}"
    assert Browser(app).get(url).status_code == 302  # to the sign-in of the staff
    entry = db.session.scalars(select(Entry).order_by(Entry.id)).first()
    make_card(entry.round.stage.contest, entry.person, token="qr-of-somebody")
    db.session.commit()
    contestant = Browser(app)
    assert contestant.post("/c/qr-of-somebody").status_code == 302
    for page in (url, f"/desk/rounds/{over}/signals"):
        assert contestant.get(page).status_code == 403
    assert "ấu hiệu" not in text_of(contestant.get("/rounds"))


def test_a_question_of_a_round_to_come_is_not_shown(board, held, over):  # noqa: F811
    board.post(f"/desk/rounds/{over}/signals")
    key = found(Sign.WRONG)
    db.session.rollback()
    contest_round = db.session.get_one(Round, over)
    versions = db.session.scalars(select(ItemVersion).order_by(ItemVersion.id).limit(3)).all()
    open_for_test(
        make_round(contest_round.stage, contest_round.unit, AFTER + HOUR, name="Vòng sau"), versions
    )
    db.session.commit()
    page = text_of(board.get(f"/desk/signals/{key}"))
    assert page.count("Chưa hiện nội dung") == 3 and "Câu hỏi còn có thể ra ở vòng thi khác" in page
