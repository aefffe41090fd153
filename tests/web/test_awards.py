"""The pages of prizes: the table of a stage, the board's list with its decisions, and what everybody sees."""

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from quiz.core.approvals import Answer
from quiz.core.permissions import Role
from quiz.core.prizes import (
    AtLine,
    CollectivePrize,
    Measure,
    Merit,
    Prize,
    PrizeTable,
    SpecialPrize,
)
from quiz.core.rules import from_dict
from quiz.extensions import db
from quiz.models import Amendment, Approval, AwardDecision, Entry, Stage
from quiz.services import award_decisions, award_lists, awards, results
from quiz.services.audit import Actor
from quiz.services.standings import standings_of
from tests.conftest import Browser
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_attempt,
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
    publish_final,
    second_opinion,
)

ENDED = NOW + 3 * HOUR
TABLE = PrizeTable(
    (Prize("Giải nhất", 1), Prize("Giải nhì", 1)),
    special=(SpecialPrize("Cao tuổi nhất", Merit.OLDEST), SpecialPrize("Phong cách", Merit.BY_HAND)),
    collective=(
        CollectivePrize("Đông đủ nhất", Measure.PARTICIPATION),
        CollectivePrize("Tiêu biểu", Measure.BY_HAND),
    ),
)
BORN = date(1951, 2, 3)


def make_scene(app, table=TABLE, points=(500, 400, 300)):
    """A commune round with a final edition, and its organizer in a browser."""
    commune = make_unit("Cò Nòi")
    stage = make_stage(make_contest(commune), make_rules(prizes=table, tie_breaks=()))
    contest_round = make_round(stage, commune, opened_at=NOW - HOUR)
    entries = []
    for number, earned in enumerate(points):
        person = make_person(
            make_cell(commune, f"Bản {number}"),
            f"Lò Văn {'ABCDE'[number]}",
            birth_date=BORN.replace(year=1951 + number),
            phone="0912345678",
        )
        entries.append(make_entry(contest_round, person))
        make_attempt(entries[-1], raw_score=earned)
    account = make_account((Role.ORGANIZER, commune))
    actor = Actor(account.id)
    results.publish(contest_round, results.PROVISIONAL, "", actor, ENDED)
    edition = publish_final(contest_round, actor, ENDED)
    db.session.commit()
    return SimpleNamespace(
        commune=commune, stage=stage, round=contest_round, edition=edition, actor=actor, username=account.username,
        entries=[entry.id for entry in entries], browser=Browser(app).sign_in(account.username),
        home=f"/desk/editions/{edition.id}/prizes",
    )  # fmt: skip


@pytest.fixture
def scene(sqlite_app):
    return make_scene(sqlite_app)


def text_of(answer):
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def follow(scene, url, data):
    """Send a form and return the page it leads to."""
    answer = scene.browser.post(url, data)
    assert answer.status_code == 302
    db.session.expire_all()
    return text_of(scene.browser.get(answer.location))


def decisions():
    return list(db.session.scalars(select(AwardDecision)))


# --- the table of a stage ---------------------------------------------------------------------------------------

LINES = {
    "prizes-0-title": "Giải nhất", "prizes-0-count": "1", "prizes-0-min_points": "4,5", "prizes-0-last_rank": "2",
    "prizes-1-title": "Giải khuyến khích", "prizes-1-count": "", "prizes-2-title": "", "prizes-2-count": "9",
    "prize_scope": "group", "at_line": "board", "most_percent": "50",
    "special-0-title": "Trẻ nhất", "special-0-merit": "youngest", "special-0-topic": "", "special-0-count": "",
    "collective-0-title": "Cờ", "collective-0-measure": "best_mean", "collective-0-count": "1",
    "collective-0-best": "3", "collective-0-min_size": "5",
}  # fmt: skip


def table_stored(scene):
    db.session.expire_all()
    return from_dict(db.session.get_one(Stage, scene.stage.id).rules).prizes


def test_an_organizer_fills_in_the_table_and_the_stage_says_it_in_words(scene):
    page = follow(scene, f"/stages/{scene.stage.id}/prizes", LINES)
    stored = table_stored(scene)
    assert stored.prizes == (Prize("Giải nhất", 1, 450, 2), Prize("Giải khuyến khích", None))
    assert stored.special == (SpecialPrize("Trẻ nhất", Merit.YOUNGEST),)
    assert stored.collective == (CollectivePrize("Cờ", Measure.BEST_MEAN, 1, 3, 5),)
    assert (str(stored.scope), stored.at_line, stored.most_percent) == ("group", AtLine.BOARD, 50)
    for sentence in (
        "Giải chính của mỗi khối, theo thứ hạng: 1 Giải nhất; Giải khuyến khích cho mọi người còn lại.",
        "Giải nhất chỉ trao cho người đạt từ 4,50 điểm.",
        "Giải nhất chỉ trao đến hạng 2.",
        "Tổng số giải cá nhân không quá 50% số người dự thi.",
        "trung bình của 3 người cao điểm nhất cao nhất. Chỉ xét đơn vị có từ 5 người.",
    ):
        assert sentence in page


def test_the_table_reads_back_as_it_was_stored_and_can_begin_from_a_template(scene):
    page = text_of(scene.browser.get(f"/stages/{scene.stage.id}/prizes"))
    assert 'value="Cao tuổi nhất"' in page
    page = text_of(scene.browser.get(f"/stages/{scene.stage.id}/prizes?from=excellent"))
    assert 'value="Giải xuất sắc"' in page
    assert 'value="Cao tuổi nhất"' not in page
    assert table_stored(scene) == TABLE


WRONG = {
    "two prizes of one name": ({"prizes-1-title": "Giải nhất"}, "trùng tên"),
    "no count but on the last": (
        {"prizes-0-count": "", "prizes-1-count": "2"}, "Chỉ giải cuối cùng được để trống số giải",
    ),
    "none of a prize": ({"prizes-0-count": "0"}, "Số giải phải từ 1 đến 999."),
    "more points than the paper has": ({"prizes-0-min_points": "6"}, "Điểm tối thiểu của giải"),
    "a mean of nobody": ({"collective-0-best": ""}, "cần số người tính điểm"),
    "the best in no topic": ({"special-0-merit": "best_topic"}, "cần chọn chuyên đề"),
    "more than everybody": ({"most_percent": "101"}, "từ 0 đến 100 phần trăm"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_table_that_cannot_be_used_is_shown_with_what_to_mend(scene, case):
    change, sentence = WRONG[case]
    page = text_of(scene.browser.post(f"/stages/{scene.stage.id}/prizes", LINES | change))
    assert sentence in page
    assert table_stored(scene) == TABLE


def test_more_lines_keep_what_was_typed(scene):
    page = text_of(scene.browser.post(f"/stages/{scene.stage.id}/prizes", LINES | {"more": "1"}))
    assert 'name="prizes-4-title"' in page
    assert 'value="Giải khuyến khích"' in page
    assert table_stored(scene) == TABLE


def test_after_the_opening_a_change_is_an_amendment_with_its_reason(scene):
    scene.stage.frozen_at = NOW
    db.session.commit()
    page = text_of(scene.browser.post(f"/stages/{scene.stage.id}/prizes", LINES))
    assert "Chưa điền mục này" in page
    page = text_of(scene.browser.post(f"/stages/{scene.stage.id}/prizes", LINES | {"reason": "Thêm giải"}))
    assert "Kết quả đã công bố nên cơ cấu giải thưởng không sửa được nữa." in page
    assert db.session.scalars(select(Amendment)).all() == []


# --- the board's list -------------------------------------------------------------------------------------------


def test_the_board_sees_who_wins_what_and_why(scene):
    page = text_of(scene.browser.get(scene.home))
    for words in ("Lò Văn A", "Giải nhất", "1/1 chi bộ (100,0 %)", "Đông đủ nhất", "Chưa chốt"):
        assert words in page


def test_the_best_in_a_topic_is_shown_with_the_points_earned_in_it(sqlite_app):
    version = make_item(topic="dieu-le")
    best = SpecialPrize("Giỏi Điều lệ", Merit.BEST_TOPIC, topic="dieu-le")
    scene = make_scene(sqlite_app, PrizeTable(special=(best,)))
    open_for_test(scene.round, [version])
    attempt = db.session.get_one(Entry, scene.entries[1]).attempts[0]
    attempt.paper, attempt.marks = f"[[{version.id}, [0, 1, 2, 3]]]", [400]
    db.session.commit()
    page = text_of(scene.browser.get(scene.home))
    assert f"4,00 điểm chuyên đề “{version.topic.title}”" in page


def test_birth_dates_and_phones_stand_on_no_page_of_prizes(scene):
    second_opinion(award_lists.ask_to_close(scene.edition, "", scene.actor, ENDED), ENDED)
    db.session.commit()
    public = Browser(scene.browser.client.application)
    for page in (
        scene.browser.get(scene.home),
        scene.browser.get(f"{scene.home}/entries/{scene.entries[0]}"),
        public.get(f"/results/{scene.edition.id}/prizes"),
    ):
        text = text_of(page)
        assert "Lò Văn A" in text
        assert not [secret for secret in ("1951", "03/02", "0912345678") if secret in text]


def test_the_board_withholds_a_prize_and_takes_it_back(scene):
    data = {"prize": "|Giải nhất", "number": "1", "reason": "Biên bản số 5"}
    page = follow(scene, f"{scene.home}/withheld", data)
    assert "Ban Tổ chức không trao 1 giải" in page
    assert "Biên bản số 5" in page
    page = follow(scene, f"/desk/prize-decisions/{decisions()[0].id}/take-back", {})
    assert "Ban Tổ chức không trao" not in page
    assert decisions() == []


C = "Lò Văn C (chi bộ Bản 2)"
KEPT, LOST, WON = "Người nhận Giải nhì không thay đổi", "Không còn được giải: %s.", "Nay được giải: %s."


@pytest.mark.parametrize(
    ("points", "said", "unsaid"),
    [
        ((500, 400, 400, 400), [KEPT], ["Không còn được giải", "Nay được giải"]),
        ((500, 400, 300), [LOST % f"{C} – Giải nhì", WON % f"{C} – Giải ba"], [KEPT]),
        # Two more of the second prize were taken than are left: the third prize pays for it.
        ((500, 400, 400, 300), [KEPT, LOST % "Lò Văn D (chi bộ Bản 3) – Giải ba"], ["Nay được giải"]),
        ((500,), [], [KEPT, "Không còn được giải", "Nay được giải"]),
    ],
)
def test_withholding_a_prize_says_who_keeps_it_all_the_same_and_who_loses_or_wins_by_it(
    sqlite_app, points, said, unsaid
):
    table = PrizeTable((Prize("Giải nhất", 1), Prize("Giải nhì", 2), Prize("Giải ba", 1)))
    scene = make_scene(sqlite_app, table, points)
    data = {"prize": "|Giải nhì", "number": "1", "reason": "Quyết định số 7"}
    page = follow(scene, f"{scene.home}/withheld", data)
    assert "Đã ghi là không trao." in page
    assert all(sentence in page for sentence in said)
    assert not any(sentence in page for sentence in unsaid)


def test_nobody_is_said_to_lose_a_prize_that_waits_for_the_board(sqlite_app):
    prizes = (Prize("Giải nhất", 1), Prize("Giải nhì", 2), Prize("Giải ba", 1))
    scene = make_scene(sqlite_app, PrizeTable(prizes, at_line=AtLine.BOARD), (500, 400, 400, 300))
    data = {"prize": "|Giải nhì", "number": "1", "reason": "Quyết định số 7"}
    page = follow(scene, f"{scene.home}/withheld", data)
    assert "Bằng nhau ở ranh giới: Giải nhì" in page
    assert "Không còn được giải" not in page


@pytest.mark.parametrize(
    ("change", "sentence"), [({"reason": ""}, "Chưa điền mục này"), ({"number": "2"}, "phải từ 1 đến 1")]
)
def test_a_prize_is_not_withheld_without_reason_or_beyond_the_table(scene, change, sentence):
    data = {"prize": "|Giải nhất", "number": "1", "reason": "Biên bản số 5"} | change
    assert sentence in text_of(scene.browser.post(f"{scene.home}/withheld", data))
    assert decisions() == []


def test_the_board_finds_somebody_and_gives_a_prize_by_hand(scene):
    page = text_of(scene.browser.get(f"{scene.home}?q=lo van c"))
    assert f"{scene.home}/entries/{scene.entries[2]}" in page
    person = f"{scene.home}/entries/{scene.entries[2]}"
    page = follow(scene, person, {"prize": "Phong cách", "reason": "Biên bản số 6"})
    assert "Ban Tổ chức trao: Biên bản số 6" in page
    assert f"Đã ghi giải của {C}." in page
    assert "Phong cách" in text_of(scene.browser.get(person))
    assert "trao thêm 1 giải" not in page  # the board chooses who gets it: it is the one of the table
    page = follow(scene, person, {"prize": "Giải nhì", "reason": "Biên bản số 7"})
    assert page.count("Ban Tổ chức trao thêm 1 giải") == 1


def test_who_is_passed_over_wins_nothing(scene):
    person = f"{scene.home}/entries/{scene.entries[0]}"
    page = follow(scene, f"{person}/pass-over", {"over-reason": "Xin không nhận"})
    assert "Xin không nhận" in page
    assert "Lò Văn A (chi bộ Bản 0) không được xét giải." in page
    assert [line.name for line in awards.awards_of(scene.edition)][:2] == ["Lò Văn B", "Lò Văn C"]
    page = follow(scene, f"{person}/pass-over", {"over-reason": ""})
    assert len(decisions()) == 1


def test_a_unit_is_given_a_collective_prize_by_hand(scene):
    cell_id = scene.round.entries[0].unit_id
    page = follow(
        scene, f"{scene.home}/units", {"prize": "Tiêu biểu", "unit": cell_id, "reason": "Biên bản 7"}
    )
    assert "Biên bản 7" in page
    assert awards.awards_of(scene.edition)[-1].unit_id == cell_id


def test_the_board_settles_a_tie_on_the_page(sqlite_app):
    table = PrizeTable((Prize("Giải nhất", 1), Prize("Giải nhì", 1)), at_line=AtLine.BOARD)
    scene = make_scene(sqlite_app, table, (500, 500, 300))
    page = text_of(scene.browser.get(scene.home))
    assert "Bằng nhau ở ranh giới: Giải nhất" in page
    assert "Đề nghị chốt giải" not in page
    prefix = page.split('-chosen"', 1)[0].rsplit('"', 1)[-1]
    url = f"{scene.home}/tie?tie=|Giải nhất"
    page = text_of(scene.browser.post(url, {f"{prefix}-reason": "Câu hỏi phụ"}))
    assert "Hãy đánh dấu người được giải và ghi lý do." in page and 'value="Câu hỏi phụ"' in page
    follow(scene, url, {f"{prefix}-chosen": scene.entries[1], f"{prefix}-reason": "Câu hỏi phụ"})
    assert [line.name for line in awards.awards_of(scene.edition)] == ["Lò Văn B", "Lò Văn A"]


def test_more_prizes_than_the_share_and_missing_birth_dates_are_said(sqlite_app):
    table = PrizeTable(TABLE.prizes, special=TABLE.special[:1], most_percent=50)
    scene = make_scene(sqlite_app, table)
    scene.round.entries[0].person.birth_date = None
    db.session.commit()
    page = text_of(scene.browser.get(scene.home))
    assert "Có 3 giải cho 3 người dự thi, quá 50%" in page
    assert "1 người chưa có ngày sinh" in page


# --- closing, and what everybody sees ---------------------------------------------------------------------------


def test_two_people_close_the_list_and_everybody_may_read_it(scene):
    public = Browser(scene.browser.client.application)
    assert "chưa được chốt" in text_of(public.get(f"/results/{scene.edition.id}/prizes"))
    assert "/prizes" not in text_of(public.get(f"/results/{scene.edition.id}"))
    page = follow(scene, f"{scene.home}/close", {"note": "Đã đối chiếu biên bản"})
    assert "Chốt danh sách gồm 6 giải" in page
    assert "Chờ người thứ hai duyệt" in text_of(scene.browser.get(scene.home))
    second = make_account((Role.ORGANIZER, scene.commune))
    db.session.commit()
    asked = db.session.scalars(select(Approval).order_by(Approval.id.desc())).first()
    other = Browser(scene.browser.client.application).sign_in(second.username)
    assert other.post(f"/desk/approvals/{asked.id}", {"answer": Answer.APPROVED.value}).status_code == 302
    page = text_of(public.get(f"/results/{scene.edition.id}/prizes"))
    assert all(words in page for words in ("Lò Văn A", "Giải nhất", "Bản 0", "xã Cò Nòi"))
    assert "5,00" not in page
    assert f"/results/{scene.edition.id}/prizes" in text_of(public.get(f"/results/{scene.edition.id}"))
    assert "Đã chốt" in text_of(scene.browser.get(scene.home))


def test_who_may_only_look_sees_no_button(scene):
    account = make_account((Role.OBSERVER, scene.commune))
    db.session.commit()
    watcher = Browser(scene.browser.client.application).sign_in(account.username)
    page = text_of(watcher.get(scene.home))
    assert "Lò Văn A" in page
    assert "Đề nghị chốt giải" not in page
    assert "Không trao" not in page
    assert watcher.get(f"{scene.home}/withheld").status_code == 403
    award_lists.ask_to_close(scene.edition, "", scene.actor, ENDED)
    db.session.commit()
    assert "Xem đề nghị chốt giải" in text_of(scene.browser.get(scene.home))
    page = text_of(watcher.get(scene.home))
    assert "Chờ người thứ hai duyệt" in page and "Xem đề nghị chốt giải" not in page


def test_a_long_list_comes_in_pages(sqlite_app):
    table = PrizeTable((Prize("Khuyến khích", None),))
    commune = make_unit("Nà Bó")
    stage = make_stage(make_contest(commune), make_rules(prizes=table))
    contest_round = make_round(stage, commune, opened_at=NOW - HOUR)
    for number in range(60):
        person = make_person(make_cell(commune, f"Bản {number}"), f"Lò Văn Số {number:02}")
        make_attempt(make_entry(contest_round, person), raw_score=number)
    account = make_account((Role.ORGANIZER, commune))
    results.publish(contest_round, results.PROVISIONAL, "", Actor(account.id), ENDED)
    edition = publish_final(contest_round, Actor(account.id), ENDED)
    second_opinion(award_lists.ask_to_close(edition, "", Actor(account.id), ENDED), ENDED)
    db.session.commit()
    everybody = Browser(sqlite_app)
    first = text_of(everybody.get(f"/results/{edition.id}/prizes"))
    last = text_of(everybody.get(f"/results/{edition.id}/prizes?page=2"))
    assert (first.count("Lò Văn Số"), last.count("Lò Văn Số")) == (50, 10)


def test_the_page_of_a_round_leads_to_its_prizes_and_says_how_far_they_are(scene):
    home = f"/desk/rounds/{scene.round.id}"
    assert "Xét và chốt giải" in text_of(scene.browser.get(home))
    answer = scene.browser.get(f"{home}/prizes")
    assert answer.location == scene.home
    other = make_round(scene.stage, scene.commune, name="Vòng khác")
    db.session.commit()
    answer = scene.browser.get(f"/desk/rounds/{other.id}/prizes")
    assert answer.location == f"/desk/rounds/{other.id}/ranking"
    assert "Chờ kết quả chính thức" in text_of(scene.browser.get(f"/desk/rounds/{other.id}"))


def test_a_correction_offers_the_decisions_about_the_edition_it_corrects(scene):
    award_decisions.withhold(scene.edition, "|Giải nhì", 1, "Biên bản số 5", scene.actor, ENDED)
    lines = standings_of(scene.round)
    new = results.add_edition(
        scene.round, results.FINAL, "", lines, scene.actor, ENDED, replaces=scene.edition
    )
    db.session.commit()
    assert "đã có lần sửa thay thế" in text_of(scene.browser.get(scene.home))
    home = f"/desk/editions/{new.id}/prizes"
    assert "1 quyết định về giải" in text_of(scene.browser.get(home))
    page = follow(scene, f"{home}/carry-over", {})
    assert "Biên bản số 5" in page
    assert "Lấy lại các quyết định đó" not in page
