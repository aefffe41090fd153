"""Putting a wrong key right and striking out an attempt at the desk: seen first, asked, approved by another."""

import html
import re

import pytest

from quiz.core.approvals import Answer
from quiz.core.permissions import Role
from quiz.core.prizes import AtLine, Prize, PrizeTable
from quiz.extensions import db
from quiz.models import Attempt, Correction
from quiz.services import approved_acts, award_lists, promotion, results, statistics
from quiz.services.audit import Actor
from quiz.web.paging import PAGE
from tests.conftest import Browser
from tests.factories import make_account, make_round, make_stage, make_unit, open_for_test
from tests.sat_rounds import ENDED, KEY, RIGHT, Sat

PRINTED = ">đáp án đã in</strong>"  # beside the option that was the key


def text_of(answer):
    """The words of a page, tags and all."""
    return answer.get_data(as_text=True)


@pytest.fixture
def sat(sqlite_app):
    """A commune's round, published as final, its first sent on by a key that was wrong."""
    scene = Sat()
    make_round(make_stage(scene.contest, ordinal=2), scene.district, opens_at=ENDED + 99_000_000)
    scene.sit("An", KEY, right=2, minutes=10)
    scene.sit("Bình", RIGHT, right=2, minutes=11)
    promotion.promote(scene.publish(), scene.actor, ENDED)
    make_account((Role.ORGANIZER, scene.commune), username="xa")
    db.session.commit()
    return scene


@pytest.fixture
def page(sat):
    """The address of the question in the round's corrections."""
    return f"/desk/rounds/{sat.round.id}/corrections?version={sat.doubtful.id}"


def sign_in(app, name):
    return Browser(app).sign_in(name)


def test_from_the_doubt_to_the_new_edition(sat, page, sqlite_app):
    asker, second = sign_in(sqlite_app, "hoi"), sign_in(sqlite_app, "duyet")
    edition = sat.round.editions[-1].id
    assert "Sửa đáp án, chấm lại" in text_of(asker.get(f"/desk/rounds/{sat.round.id}/ranking"))
    code = sat.doubtful.item.code
    found = text_of(asker.get(f"/desk/rounds/{sat.round.id}/corrections?code={code}"))
    assert f"version={sat.doubtful.id}" in found
    chosen = f"{page}&policy=new_only&key={RIGHT}"
    assert "Câu này đã được sửa" not in text_of(asker.get(page))
    seen = text_of(asker.get(chosen))
    for words in ("không còn đi tiếp", "nay đi tiếp", "3,00 → 2,00", "1 → 2"):
        assert words in seen
    assert db.session.query(Correction).count() == 0
    asked = asker.post(chosen, {"reason": "Điều 4 ghi khác."})
    assert re.fullmatch(r"/desk/approvals/\d+", asked.location)
    assert "Duyệt</button>" not in text_of(asker.get(asked.location))

    assert "việc chờ bạn duyệt" in text_of(second.get("/desk"))
    shown = text_of(second.get(asked.location))
    assert "không còn đi tiếp" in shown and code in shown
    done = second.post(asked.location, {"answer": "approved", "note": ""})
    assert done.status_code == 302
    db.session.expire_all()
    new = results.final_of(sat.round.id)
    assert new.replaces_id == edition
    public = text_of(Browser(sqlite_app).get(f"/results/{new.id}"))
    for words in ("Thay cho lần công bố 2", "Điều 4 ghi khác", "Lò Văn An"):
        assert words in public
    assert "đã được thay bằng lần công bố 3" in text_of(Browser(sqlite_app).get(f"/results/{edition}"))
    assert f", {sat.commune.title}</" in public[public.index('id="changes"') : public.index("</table>")]
    told = text_of(second.get(f"/desk/editions/{new.id}/promotion"))
    assert "nay không còn trong danh sách đi tiếp" in told and "chưa có ở vòng sau" in told
    ranking = text_of(second.get(f"/desk/rounds/{sat.round.id}/ranking"))
    assert ranking.count("Đã thay bằng lần 3") == 1
    again = text_of(second.get(page))
    assert "Câu này đã được sửa" in again and "Lý do: Điều 4 ghi khác. Nếu sửa nữa" in again
    old = text_of(second.get(f"/desk/editions/{edition}/promotion"))
    assert "đã được thay" in old


def test_who_would_stand_level_at_the_line_is_not_said_to_lose_the_place(sqlite_app):
    sat = Sat(tie_breaks=())
    for name, option in (("An", KEY), ("Bình", RIGHT)):
        sat.sit(name, option, right=2)
    sat.publish()
    db.session.commit()
    address = f"/desk/rounds/{sat.round.id}/corrections?version={sat.doubtful.id}&policy=both&key={RIGHT}"
    seen = text_of(sign_in(sqlite_app, "hoi").get(address))
    assert seen.count("bằng nhau, chờ quyết định") == 2 and "không còn đi tiếp" not in seen


def test_everybody_who_changes_can_be_seen_before_the_ruling_and_by_who_approves_it(sqlite_app):
    sat = Sat()
    for number in range(PAGE + 1):
        sat.sit(f"{number:02}", RIGHT, right=2, minutes=10 + number)
    sat.publish()
    db.session.commit()
    address = f"/desk/rounds/{sat.round.id}/corrections?version={sat.doubtful.id}&policy=new_only&key={RIGHT}"
    asker, second, list_ = sign_in(sqlite_app, "hoi"), sign_in(sqlite_app, "duyet"), f"changes-{sat.round.id}"
    asked = asker.post(address, {"reason": "Điều 4 ghi khác."}).location
    for who, url in ((asker, f"{address}&"), (second, f"{asked}?")):
        shown = [text_of(who.get(f"{url}{list_}={number}")) for number in (1, 2, 3)]
        assert "Lò Văn 00" in shown[0] and f"Lò Văn {PAGE}" not in shown[0]
        assert f", {sat.commune.title}" in shown[0]  # a "Tiểu khu 1" is in many communes
        assert "Lò Văn 00" not in shown[1] and f"Lò Văn {PAGE}" in shown[1]
        assert f"Lò Văn {PAGE}" in shown[2]  # past the end: the last there is
        following = html.unescape(re.search(f'href="([^"]*{list_}=2[^"]*)"', shown[0])[1])
        assert following.endswith(f"#{list_}") and f"Lò Văn {PAGE}" in text_of(
            who.get(following.split("#")[0])
        )


@pytest.mark.parametrize(
    "policy, said",
    [
        ("void", "không tính: Hủy câu hỏi"),
        ("everyone", "không tính: Ai có câu này trong đề cũng được điểm"),
        (f"both&key={RIGHT}", "100,0 %"),
    ],
)
def test_the_page_of_a_question_says_where_no_key_marks_it_any_more(sat, page, sqlite_app, policy, said):
    asker, second = sign_in(sqlite_app, "hoi"), sign_in(sqlite_app, "duyet")
    asked = asker.post(f"{page}&policy={policy}", {"reason": "Điều 4 ghi khác."})
    second.post(asked.location, {"answer": "approved", "note": ""})
    statistics.count(sat.round, ENDED)
    make_account((Role.QUESTION_EDITOR, None), username="soan")
    db.session.commit()
    shown = text_of(sign_in(sqlite_app, "soan").get(f"/bank/items/{sat.doubtful.item_id}"))
    assert said in shown and ("100,0 %" in shown) is said.startswith("100")


def test_a_second_click_is_told_that_it_waits(sat, page, sqlite_app):
    asker = sign_in(sqlite_app, "hoi")
    chosen = f"{page}&policy=everyone"
    assert asker.post(chosen, {"reason": "Câu hỏi mơ hồ"}).status_code == 302
    again = asker.post(chosen, {"reason": "Câu hỏi mơ hồ"}, follow_redirects=True)
    assert "đang chờ người thứ hai" in text_of(again)


def test_who_asked_sees_whom_to_ask_and_may_take_it_back(sat, page, sqlite_app):
    asker = sign_in(sqlite_app, "hoi")
    url = asker.post(f"{page}&policy=everyone", {"reason": "Câu hỏi mơ hồ"}).location
    assert ">duyet<" in text_of(asker.get(url))
    refused = asker.post(url, {"answer": "approved"}, follow_redirects=True)
    assert "không tự duyệt" in text_of(refused)
    assert "Đã rút đề nghị" in text_of(asker.post(url, {"answer": "withdrawn"}, follow_redirects=True))
    assert [attempt.raw_score for attempt in db.session.query(Attempt)] == [300, 200]


@pytest.mark.parametrize(
    "choice, said",
    [
        ("new_only", "đáp án đúng mới"),
        (f"new_only&key={KEY}", "trùng với đáp án cũ"),
        ("nothing", "Hãy chọn"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_choice(sat, page, sqlite_app, choice, said):
    assert said in text_of(sign_in(sqlite_app, "hoi").get(f"{page}&policy={choice}"))


def test_the_key_is_not_shown_while_another_round_holds_the_question(sat, page, sqlite_app, monkeypatch):
    later = make_round(sat.stage, make_unit("Nà Bó", sat.district), opens_at=ENDED, hours=24 * 365 * 50)
    open_for_test(later, sat.pool)
    db.session.commit()
    shown = text_of(sign_in(sqlite_app, "hoi").get(page))
    assert "chưa sửa được" in shown and later.name in shown
    assert sat.doubtful.stem not in shown and PRINTED not in shown


def test_nor_on_the_request_when_a_round_has_been_opened_with_it_since(sat, page, sqlite_app):
    second = sign_in(sqlite_app, "duyet")
    url = sign_in(sqlite_app, "hoi").post(f"{page}&policy=everyone", {"reason": "Mơ hồ"}).location
    asked = text_of(second.get(url))
    assert sat.doubtful.stem in asked and PRINTED in asked
    later = make_round(sat.stage, make_unit("Nà Bó", sat.district), opens_at=ENDED, hours=24 * 365 * 50)
    open_for_test(later, sat.pool)
    db.session.commit()
    shown = text_of(second.get(url))
    assert sat.doubtful.stem not in shown and PRINTED not in shown
    refused = second.post(url, {"answer": "approved"}, follow_redirects=True)
    assert "chưa kết thúc" in text_of(refused)
    assert db.session.query(Correction).count() == 0


def test_a_commune_does_not_correct_the_key_of_the_district(sat, page, sqlite_app):
    commune = sign_in(sqlite_app, "xa")
    assert commune.get(page).status_code == 404
    assert commune.post(f"{page}&policy=everyone", {"reason": "x"}).status_code == 404
    assert "Sửa đáp án, chấm lại" not in text_of(commune.get(f"/desk/rounds/{sat.round.id}/ranking"))
    statistics.count(sat.round, ENDED)
    db.session.commit()
    assert "Sửa đáp án, chấm lại" not in text_of(commune.get(f"/desk/rounds/{sat.round.id}/items"))


def test_the_edition_leads_only_those_to_its_request_who_may_read_it(sat, page, sqlite_app):
    url = sign_in(sqlite_app, "hoi").post(f"{page}&policy=everyone", {"reason": "Câu hỏi mơ hồ"}).location
    sign_in(sqlite_app, "duyet").post(url, {"answer": "approved"})
    edition = f"/desk/editions/{results.final_of(sat.round.id).id}"
    assert url in text_of(sign_in(sqlite_app, "hoi").get(edition))
    commune = sign_in(sqlite_app, "xa")
    assert commune.get(url).status_code == 404 and url not in text_of(commune.get(edition))


def test_an_attempt_is_struck_out_by_two(sat, sqlite_app):
    asker, second = sign_in(sqlite_app, "xa"), sign_in(sqlite_app, "duyet")
    entry = sat.round.entries[0]
    url = f"/desk/entries/{entry.id}/void"
    assert url in text_of(asker.get(f"/desk/rounds/{sat.round.id}/ranking"))
    assert "không còn đi tiếp" in text_of(asker.get(url))
    attempt = entry.attempts[0].id
    asked = asker.post(url, {"attempt": attempt, "reason": "Người khác làm thay, biên bản số 3"})
    assert "đang chờ" in text_of(asker.get(url))
    assert second.post(asked.location, {"answer": "approved"}).status_code == 302
    assert "đã bị hủy" in text_of(asker.get(url))
    public = text_of(Browser(sqlite_app).get(f"/results/{results.final_of(sat.round.id).id}"))
    assert "Hủy một bài thi" in public and "làm thay" not in public
    assert "không xếp hạng" in public


def test_nobody_approves_without_the_right(sat, page, sqlite_app):
    url = sign_in(sqlite_app, "hoi").post(f"{page}&policy=everyone", {"reason": "Mơ hồ"}).location
    commune = sign_in(sqlite_app, "xa")  # the contest is the district's
    assert commune.get(url).status_code == 404
    assert commune.post(url, {"answer": "approved"}).status_code == 404


def test_the_page_of_a_question_leads_to_its_correction_where_one_may_ask_for_it(sat, sqlite_app):
    statistics.count(sat.round, ENDED)
    make_account((Role.SYSTEM_ADMIN, None), username="admin")
    make_account((Role.QUESTION_EDITOR, None), username="soan")
    db.session.commit()
    url = f"/bank/items/{sat.doubtful.item_id}"
    link = f"/desk/rounds/{sat.round.id}/corrections?version={sat.doubtful.id}"
    assert link in text_of(sign_in(sqlite_app, "admin").get(url))
    editor = text_of(sign_in(sqlite_app, "soan").get(url))
    assert link not in editor and "hãy báo Ban Tổ chức cuộc thi" in editor


def test_a_prize_that_a_tie_keeps_back_is_not_called_lost(sqlite_app):
    """Once both keys are right An and Bình are level at the only prize: the board has still to say whose it is."""
    table = PrizeTable((Prize("Giải nhất", 1),), at_line=AtLine.BOARD)
    scene = Sat(tie_breaks=(), prizes=table)
    scene.sit("An", KEY, right=2)
    scene.sit("Bình", RIGHT, right=2)
    scene.publish()
    db.session.commit()
    page = f"/desk/rounds/{scene.round.id}/corrections?version={scene.doubtful.id}&policy=both&key={RIGHT}"
    shown = " ".join(text_of(sign_in(sqlite_app, "hoi").get(page)).split())
    assert "Giải nhất → giải chờ quyết định" in shown and "không giải → giải chờ quyết định" in shown
    assert "→ không giải" not in shown


def test_the_look_ahead_and_the_new_list_say_what_is_out_and_stays(sqlite_app):
    """Nobody is drawn out of a round that was opened, and a closed list of prizes is not opened again."""
    scene = Sat(prizes=PrizeTable((Prize("Giải nhất", 1),)))
    final = make_round(
        make_stage(scene.contest, ordinal=2), scene.district, name="Chung khảo", opens_at=ENDED
    )
    scene.sit("An", KEY, right=2, minutes=10)
    scene.sit("Bình", RIGHT, right=2, minutes=11)
    edition = scene.publish()
    promotion.promote(edition, scene.actor, ENDED)
    db.session.commit()
    asker, second = sign_in(sqlite_app, "hoi"), sign_in(sqlite_app, "duyet")
    chosen = (
        f"/desk/rounds/{scene.round.id}/corrections?version={scene.doubtful.id}&policy=new_only&key={RIGHT}"
    )
    stays = ("“Chung khảo” đã mở với người đi tiếp theo kết quả cũ", "của lần công bố 2 đã chốt lúc")
    assert not any(words in text_of(asker.get(chosen)) for words in stays)
    final.opened_at = ENDED
    closing = award_lists.ask_to_close(edition, "", scene.actor, ENDED)
    approved_acts.decide(closing, Answer.APPROVED, "", Actor(scene.second.id), ENDED)
    db.session.commit()
    assert all(words in text_of(asker.get(chosen)) for words in stays)
    asked = asker.post(chosen, {"reason": "Điều 4 ghi khác."})
    assert all(words in text_of(second.get(asked.location)) for words in stays)
    second.post(asked.location, {"answer": "approved", "note": ""})
    db.session.expire_all()
    prizes = text_of(asker.get(f"/desk/editions/{results.final_of(scene.round.id).id}/prizes"))
    assert stays[1] in prizes and f"/desk/editions/{edition.id}/prizes" in prizes


@pytest.mark.parametrize("policy", ["void", "everyone"])
def test_a_ruling_without_a_new_key_takes_none_that_was_ticked(sat, page, sqlite_app, policy):
    chosen = f"{page}&policy={policy}&key={RIGHT}"
    asker = sign_in(sqlite_app, "hoi")
    assert "đáp án mới</" not in text_of(asker.get(chosen))
    asked = asker.post(chosen, {"reason": "Câu hỏi mơ hồ"})
    sign_in(sqlite_app, "duyet").post(asked.location, {"answer": "approved", "note": ""})
    assert db.session.query(Correction).one().key == []


def test_the_page_of_a_corrected_question_does_not_say_that_it_was_sent_back(sat, page, sqlite_app):
    asked = sign_in(sqlite_app, "hoi").post(
        f"{page}&policy=new_only&key={RIGHT}", {"reason": "Điều 4 ghi khác."}
    )
    sign_in(sqlite_app, "duyet").post(asked.location, {"answer": "approved", "note": ""})
    make_account((Role.QUESTION_EDITOR, None), username="soan")
    db.session.commit()
    shown = text_of(sign_in(sqlite_app, "soan").get(f"/bank/items/{sat.doubtful.item_id}"))
    assert "Đáp án đã được sửa vì:" in shown and "Điều 4 ghi khác." in shown
    assert "Người duyệt trả lại, cần sửa:" not in shown
