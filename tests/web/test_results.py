"""Publishing and checking results on the pages: two people for a final one, and nothing to be taken on trust."""

import hashlib
import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from quiz import clock
from quiz.core.approvals import Answer
from quiz.core.permissions import Role
from quiz.core.promotion import Scope
from quiz.extensions import db
from quiz.models import Attempt, Edition, Result
from quiz.services import approved_acts, late, results, voiding
from quiz.services.audit import Actor
from tests.conftest import Browser
from tests.factories import HOUR, make_account, make_cell, make_entry, make_person, make_round, publish_final
from tests.sat_rounds import ENDED, KEY, OTHER, Sat


def text_of(answer):
    """The words of a page, tags and all."""
    return answer.get_data(as_text=True)


@pytest.fixture
def sat(sqlite_app):
    """A commune's round, provisionally published; an observer and two organizers of the district."""
    scene = Sat()
    scene.sit("An", KEY, right=2)
    scene.sit("Bình", OTHER, right=2)
    scene.publish(final=False)
    make_account((Role.OBSERVER, scene.commune), username="xem")
    db.session.commit()
    return scene


@pytest.fixture
def edition(sat):
    """The provisional edition."""
    return results.latest(sat.round.id)


def verify(app, code):
    return text_of(Browser(app).get(f"/results?code={code}"))


def test_a_doubter_finds_by_the_code_that_the_results_are_as_published(edition, sqlite_app):
    code = edition.check_code.lower()
    for typed in (f" {code} ", f"{code[:4]} {code[4:]}", f"{code[:4]}-{code[4:]}"):
        page = verify(sqlite_app, typed)
        assert "Đúng: bảng kết quả đang lưu còn nguyên" in page, typed
    assert edition.sha256 in page and f"/results/{edition.id}.txt" in page
    assert "Đã có lần công bố sau" not in page
    assert edition.round.stage.contest.title in page


def test_the_first_page_names_the_contest_of_each_ranking(edition, sqlite_app):
    edition.round.stage.contest.title = "Hội thi xã Cò Nòi năm 2023"
    db.session.commit()
    listed = text_of(Browser(sqlite_app).get("/")).split("Kết quả đã công bố")[1]
    assert f'/results/{edition.id}"' in listed and "Hội thi xã Cò Nòi năm 2023" in listed


def test_the_text_has_the_number_that_is_printed_whoever_computes_it(edition, sqlite_app):
    answer = Browser(sqlite_app).get(f"/results/{edition.id}.txt")
    assert hashlib.sha256(answer.get_data()).hexdigest() == edition.sha256
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Lò Văn An" in text_of(answer) and "P1" not in text_of(answer)  # no code of a person


def test_one_changed_point_is_told_to_everybody(edition, sqlite_app):
    db.session.query(Result).filter_by(edition_id=edition.id, position=2).update({"points": 999})
    db.session.commit()
    assert "KHÔNG khớp" in verify(sqlite_app, edition.check_code)


def test_in_english_the_contest_of_a_result_is_one(edition, sqlite_app):
    browser = Browser(sqlite_app)
    browser.post("/language", {"language": "en"})
    page = text_of(browser.get(f"/results?code={edition.check_code}"))
    assert "Check a result" in page and "<dt>Contests</dt>" not in page


def test_a_code_that_nothing_carries_is_said(edition, sqlite_app):
    page = verify(sqlite_app, "NOSUCHCODE")
    assert "Không có lần công bố nào mang mã này" in page and "SHA-256" not in page


def test_whoever_has_not_typed_a_code_reads_where_it_stands(sqlite_app):
    page = text_of(Browser(sqlite_app).get("/results"))
    assert "mã kiểm tra in ở đầu bảng" in page and "Không có lần công bố" not in page


def test_the_spreadsheet_is_named_in_vietnamese(edition, sqlite_app):
    data = Browser(sqlite_app).get(f"/results/{edition.id}.xlsx").get_data()
    assert load_workbook(BytesIO(data)).sheetnames == ["Xếp hạng"]


def test_the_page_says_when_a_later_edition_is_out(sat, edition, sqlite_app):
    attempt = sat.round.entries[1].attempts[0]
    attempt.raw_score = 500
    db.session.flush()
    results.publish(sat.round, results.PROVISIONAL, "", sat.actor, clock.now())
    db.session.commit()
    assert "Đã có lần công bố sau: lần 2" in verify(sqlite_app, edition.check_code)


def test_a_final_result_takes_a_second_person(sat, sqlite_app):
    url = f"/desk/rounds/{sat.round.id}/ranking"
    asker, second = Browser(sqlite_app).sign_in("hoi"), Browser(sqlite_app).sign_in("duyet")
    asked = asker.post(url, {"kind": "final", "note": "Biên bản số 4"})
    assert re.fullmatch(r"/desk/approvals/\d+", asked.location)
    assert db.session.query(Edition).filter_by(kind="final").count() == 0
    assert "đang chờ người thứ hai duyệt" in text_of(asker.get(url))
    twice = asker.post(url, {"kind": "final", "note": "Biên bản số 4"}, follow_redirects=True)
    assert "đang chờ người thứ hai" in text_of(twice)
    assert "1 việc chờ bạn duyệt" in text_of(second.get("/desk"))
    assert "chờ bạn duyệt" not in text_of(asker.get("/desk"))
    second.post(asked.location, {"answer": "approved"})
    final = results.final_of(sat.round.id)
    assert (final.note, final.approval.asked_by.username, final.approval.decided_by.username) == (
        "Biên bản số 4",
        "hoi",
        "duyet",
    )
    again = second.post(asked.location, {"answer": "approved"}, follow_redirects=True)
    assert "đã có quyết định" in text_of(again)
    shown = text_of(asker.get(f"/desk/editions/{final.id}"))
    assert "hoi; duyet" in shown


def test_who_has_published_for_good_is_not_told_to_wait_for_late_papers(sat, sqlite_app, monkeypatch):
    before = late.last_chance(sat.round) - 1
    monkeypatch.setattr(clock, "now", lambda: before)
    browser, wait = Browser(sqlite_app).sign_in("hoi"), "Nên chờ đến lúc đó rồi mới công bố chính thức"
    assert wait in text_of(browser.get(f"/desk/rounds/{sat.round.id}/ranking"))
    publish_final(sat.round, sat.actor, ENDED)
    db.session.commit()
    assert wait not in text_of(browser.get(f"/desk/rounds/{sat.round.id}/ranking"))


def test_a_refusal_needs_a_reason_and_says_it(sat, sqlite_app):
    asker, second = Browser(sqlite_app).sign_in("hoi"), Browser(sqlite_app).sign_in("duyet")
    url = asker.post(f"/desk/rounds/{sat.round.id}/ranking", {"kind": "final", "note": ""}).location
    assert "vì sao không duyệt" in text_of(second.post(url, {"answer": "refused"}, follow_redirects=True))
    second.post(url, {"answer": "refused", "note": "Còn một kiến nghị miệng"})
    assert "Còn một kiến nghị miệng" in text_of(asker.get(url))
    assert results.final_of(sat.round.id) is None


@pytest.mark.parametrize("answer", ["", "maybe", "approved; drop"])
def test_an_answer_that_is_none_changes_nothing(sat, sqlite_app, answer):
    asker, second = Browser(sqlite_app).sign_in("hoi"), Browser(sqlite_app).sign_in("duyet")
    url = asker.post(f"/desk/rounds/{sat.round.id}/ranking", {"kind": "final", "note": ""}).location
    assert second.post(url, {"answer": answer}).status_code == 200
    assert results.final_of(sat.round.id) is None


def test_opening_before_the_hour_takes_a_second_person(sat, sqlite_app):
    now = clock.now()
    hour = now - now % HOUR
    waiting = make_round(sat.stage, sat.commune, opens_at=hour + 48 * HOUR, name="Vòng bù", opened_at=now)
    db.session.commit()
    asker, second = Browser(sqlite_app).sign_in("hoi"), Browser(sqlite_app).sign_in("duyet")
    told = [clock.local(at).strftime("%Y-%m-%dT%H:%M") for at in (hour + 24 * HOUR, hour + 26 * HOUR)]
    hours = {"opens_at": told[0], "closes_at": told[1], "reason": "Sắp có bão"}
    asked = asker.post(f"/desk/rounds/{waiting.id}/edit", hours)
    assert re.fullmatch(r"/desk/approvals/\d+", asked.location)
    db.session.expire_all()
    assert waiting.opens_at == hour + 48 * HOUR
    assert "Giờ đề nghị" in text_of(second.get(asked.location))
    assert second.post(asked.location, {"answer": "approved"}).status_code == 302
    db.session.expire_all()
    assert (waiting.opens_at, waiting.closes_at) == (hour + 24 * HOUR, hour + 26 * HOUR)


def test_the_ranking_says_in_what_order_it_was_made_and_stands_on_pages(sat, sqlite_app):
    page = text_of(Browser(sqlite_app).sign_in("xem").get(f"/desk/rounds/{sat.round.id}/ranking?page=99"))
    assert "Bằng điểm thì xét lần lượt: 1) thời gian làm bài ngắn hơn." in " ".join(page.split())
    assert "Lò Văn An" in page and "Hủy bài" not in page


def test_the_board_reads_who_is_not_in_the_ranking_and_why(sat, sqlite_app):
    browser, address = Browser(sqlite_app).sign_in("xem"), f"/desk/rounds/{sat.round.id}/ranking"
    page = text_of(browser.get(address))
    assert "Chưa có trong bảng" not in page
    late = make_entry(sat.round, make_person(make_cell(sat.round.unit, "Bản Chưa Thi"), "Vì Văn Vắng"))
    gone = make_entry(sat.round, make_person(make_cell(sat.round.unit, "Bản Đã Rút"), "Vì Thị Rút"))
    gone.withdrawn_at = clock.now()
    struck = db.session.get(Attempt, 1)
    approval = voiding.ask(struck, "Chép bài", sat.actor, ENDED)
    approved_acts.decide(approval, Answer.APPROVED, "", Actor(sat.second.id), ENDED)
    db.session.commit()
    page = text_of(browser.get(address))
    assert "Chưa có trong bảng: 2 người" in page
    assert f"{late.person.full_name}" in page and "chưa nộp bài thi" in page
    assert f"{struck.entry.person.full_name}" in page and "bài thi đã bị hủy" in page
    assert "Vì Thị Rút" not in page


def test_everybody_reads_within_which_group_a_rank_counts(sqlite_app):
    scene = Sat(rank_within=Scope.GROUP)
    for name, group in (("An", "Khu dân cư"), ("Bình", "Khối cơ quan")):
        scene.sit(name, KEY, right=2).ranking_group = group
    edition = scene.publish(final=False)
    db.session.commit()
    page = text_of(Browser(sqlite_app).get(f"/results/{edition.id}"))
    assert page.count('<td class="number" data-label="Hạng">1</td>') == 2
    for group in ("Khu dân cư", "Khối cơ quan"):
        assert f'<td data-label="Xếp trong">{group}</td>' in page
