"""One round through its pages: its hours, opening it once, ending it early, its rules on paper."""

import pytest

from quiz import clock
from quiz.core.delegations import Delegation
from quiz.core.judging import Criterion, Judging
from quiz.core.papers import Cell
from quiz.core.parts import Part
from quiz.core.permissions import Role
from quiz.core.prizes import Merit, PrizeTable, SpecialPrize
from quiz.core.promotion import Method, Quota, Scope
from quiz.core.ranking import TieBreak
from quiz.core.rules import Rules, to_dict
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Round, RoundItem
from quiz.web.regulations import clauses_of
from tests.conftest import Browser
from tests.factories import (
    HOUR,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)


@pytest.fixture
def district(sqlite_app):
    return make_unit("Mai Sơn", type_label="huyện")


@pytest.fixture
def commune(district):
    return make_unit("Cò Nòi", district)


def signed_in(app, role, unit):
    make_account((role, unit), username=f"{role}-{unit.id}")
    db.session.commit()
    return Browser(app).sign_in(f"{role}-{unit.id}")


@pytest.fixture
def organizer(sqlite_app, commune):
    """A browser of the commune's board."""
    return signed_in(sqlite_app, Role.ORGANIZER, commune)


@pytest.fixture
def board(sqlite_app, district):
    """A browser of the district's board, which runs the contest."""
    return signed_in(sqlite_app, Role.ORGANIZER, district)


@pytest.fixture
def ready(district, commune):
    """A round at the commune that nothing stops; it opens in an hour and lasts two."""
    contest_round = make_round(make_stage(make_contest(district)), commune, opens_at=clock.now() + HOUR)
    make_entry(contest_round, make_person(make_cell(commune)))
    for _number in range(5):
        make_item()
    db.session.commit()
    return contest_round


def page(answer):
    return answer.get_data(as_text=True)


def fresh(contest_round):
    db.session.expire_all()
    return db.session.get(Round, contest_round.id)


def url(contest_round, what=""):
    return f"/desk/rounds/{contest_round.id}{what}"


PAGES = ["", "/edit", "/check", "/close", "/rules"]


@pytest.mark.parametrize("what", PAGES)
def test_a_commune_opens_the_pages_of_its_own_round_and_not_of_another_commune(
    organizer, district, ready, what
):
    other = make_round(ready.stage, make_unit("Hát Lót", district))
    db.session.commit()
    assert organizer.get(url(ready, what)).status_code == 200
    assert organizer.get(url(other, what)).status_code == 404


def test_a_commune_cannot_move_open_or_end_the_round_of_another_commune(organizer, district, ready):
    other = make_round(ready.stage, make_unit("Hát Lót", district))
    db.session.commit()
    hours = {"opens_at": "2096-10-02T08:00", "closes_at": "2096-10-02T10:00"}
    for what, form in (("/edit", hours), ("/open", {}), ("/close", {"reason": "Không"})):
        assert organizer.post(url(other, what), form).status_code == 404
    assert (fresh(other).opened_at, fresh(other).opens_at) == (None, other.opens_at)


def test_which_units_take_part_is_for_the_board_of_the_contest(organizer, board, ready, commune):
    form = {"name": "Vòng xã", "lines-0-unit": commune.id, "lines-0-cluster": "Cụm 1"}
    assert organizer.post(url(ready, "/units"), form).status_code == 404
    assert board.post(url(ready, "/units"), form).status_code == 302
    assert (fresh(ready).name, fresh(ready).scopes[0].cluster) == ("Vòng xã", "Cụm 1")


def test_hours_are_read_and_shown_in_vietnamese_time(organizer, ready):
    form = {"opens_at": "2096-10-02T08:00", "closes_at": "2096-10-02T10:00"}
    assert organizer.post(url(ready, "/edit"), form).status_code == 302
    assert fresh(ready).opens_at == 3_999_978_000_000  # 01:00 UTC
    assert "08:00–10:00 ngày 02/10/2096" in page(organizer.get("/desk"))
    assert 'value="2096-10-02T08:00"' in page(organizer.get(url(ready, "/edit")))


def test_the_page_of_the_hours_says_when_late_comers_are_kept_out(organizer, ready):
    assert "trong khoảng từ giờ mở đến giờ đóng" in page(organizer.get(url(ready, "/edit")))
    ready.stage.rules = ready.stage.rules | {"late_start": 10}
    db.session.commit()
    said = page(organizer.get(url(ready, "/edit")))
    assert "muộn nhất 10 phút sau giờ mở" in said and "trong khoảng từ giờ mở đến giờ đóng" not in said


@pytest.mark.parametrize("year, told", [("2020", True), ("2096", False)])
def test_hours_that_have_passed_are_kept_and_the_page_says_so(organizer, ready, year, told):
    form = {"opens_at": f"{year}-10-02T08:00", "closes_at": f"{year}-10-02T10:00"}
    shown = page(organizer.post(url(ready, "/edit"), form, follow_redirects=True))
    assert "Đã đặt giờ thi." in shown and ("Giờ đóng đã qua." in shown) is told
    assert ("Cần đặt lại" in shown) is told and ("Đã đặt</" in shown) is not told
    assert ("Đặt lại giờ thi" in page(organizer.get("/desk"))) is told


@pytest.mark.parametrize("year, told", [("2020", True), ("2096", False)])
def test_a_stage_says_that_hours_have_passed_before_the_opening(organizer, board, ready, year, told):
    form = {"opens_at": f"{year}-10-02T08:00", "closes_at": f"{year}-10-02T10:00"}
    organizer.post(url(ready, "/edit"), form)
    shown = page(board.get(f"/contests/{ready.stage.contest_id}"))
    assert ("1 vòng đã qua giờ" in shown) is told


@pytest.mark.parametrize(
    "opens_at, closes_at, sentence",
    [
        ("2096-10-02T10:00", "2096-10-02T08:00", "Giờ đóng phải sau giờ mở."),
        ("", "2096-10-02T08:00", "Chưa điền mục này."),
        ("hôm nay", "2096-10-02T08:00", "Hãy chọn ngày giờ đúng."),
    ],
)
def test_hours_that_are_wrong_are_said_and_nothing_typed_is_lost(
    organizer, ready, opens_at, closes_at, sentence
):
    answer = organizer.post(url(ready, "/edit"), {"opens_at": opens_at, "closes_at": closes_at})
    assert sentence in page(answer) and 'value="2096-10-02T08:00"' in page(answer)


def test_hours_may_be_typed_as_people_write_them(organizer, ready):
    form = {"opens_at": "02/10/2096 08:00", "closes_at": "02/10/2096 10:00"}
    assert organizer.post(url(ready, "/edit"), form).status_code == 302
    assert fresh(ready).opens_at == 3_999_978_000_000


def test_a_ready_round_is_checked_and_opened_by_its_commune(organizer, ready):
    assert "Mở vòng thi</button>" in page(organizer.get(url(ready, "/check")))
    assert organizer.post(url(ready, "/open")).location == url(ready)
    assert fresh(ready).opened_at is not None
    assert db.session.query(RoundItem).count() == 5
    assert "Chờ đến giờ" in page(organizer.get(url(ready)))


def test_a_second_click_on_open_says_so_and_changes_nothing(organizer, ready):
    organizer.post(url(ready, "/open"))
    first = fresh(ready).opened_at
    answer = organizer.post(
        url(ready, "/open"), headers={"Referer": f"http://localhost{url(ready, '/check')}"}
    )
    assert answer.location == url(ready, "/check")
    assert "Vòng thi đã được mở trước đó." in page(organizer.get(url(ready, "/check")))
    assert (fresh(ready).opened_at, db.session.query(RoundItem).count()) == (first, 5)


def test_an_unready_round_stays_shut_and_everything_missing_is_named(organizer, board, ready):
    ready.entries[0].withdrawn_at = 1
    db.session.query(RoundItem).delete()
    ready.stage.rules = ready.stage.rules | {
        "blueprint": [{"topic": "dang-vien", "level": "apply", "count": 3}]
    }
    db.session.commit()
    answer = organizer.post(url(ready, "/open"))
    assert answer.status_code == 409
    assert "mức vận dụng: cần 3 câu, chỉ có 0." in page(answer) and "Chưa có ai dự thi." in page(answer)
    assert "Việc này do huyện Mai Sơn sửa" in page(answer)
    assert f"/stages/{ready.stage_id}/edit" in page(board.get(url(ready, "/check")))
    assert fresh(ready).opened_at is None


def test_an_opened_round_is_moved_with_a_reason_only(organizer, ready):
    organizer.post(url(ready, "/open"))
    form = {"opens_at": "2096-10-02T08:00", "closes_at": "2096-10-02T10:00", "reason": ""}
    assert "Hãy ghi lý do đổi giờ." in page(organizer.post(url(ready, "/edit"), form))
    assert organizer.post(url(ready, "/edit"), form | {"reason": "Mất điện"}).status_code == 302
    assert fresh(ready).opens_at == 3_999_978_000_000


def test_what_can_be_changed_is_offered_beside_the_hour_it_changes(organizer, ready):
    assert 'Đổi<span class="unseen"> Giờ mở<' in page(organizer.get(url(ready)))
    organizer.post(url(ready, "/open"))
    fresh(ready).opens_at = clock.now() - HOUR
    db.session.commit()
    running = page(organizer.get(url(ready)))
    assert 'Kéo dài<span class="unseen"> Giờ đóng<' in running and "Giờ mở</span></a>" not in running


def test_ending_early_asks_for_a_reason_and_happens_once(organizer, ready):
    organizer.post(url(ready, "/open"))
    assert "Chưa điền mục này." in page(organizer.post(url(ready, "/close"), {"reason": ""}))
    assert fresh(ready).closed_at is None
    assert organizer.post(url(ready, "/close"), {"reason": "Mưa lũ"}).status_code == 302
    ended = fresh(ready).closed_at
    organizer.post(url(ready, "/close"), {"reason": "Lần nữa"})
    assert (fresh(ready).closed_at, fresh(ready).closed_reason) == (ended, "Mưa lũ")
    assert "Mưa lũ" in page(organizer.get(url(ready)))


ENDINGS = {
    "while papers are sat": (
        0,
        False,
        "Mọi bài đang làm được nộp ngay",
        "Bài đang làm được nộp với những gì đã lưu.",
    ),
    "with a stage alone": (
        0,
        True,
        "Phiếu chấm chưa ký vẫn ký được",
        "Đã kết thúc vòng thi. Phiếu chấm chưa ký",
    ),
    "before it begins": (2 * HOUR, False, "Không ai vào thi vòng này được nữa", "Đã hủy vòng thi."),
}


@pytest.mark.parametrize("case", ENDINGS)
def test_ending_early_says_what_becomes_of_the_papers_or_the_sheets(organizer, ready, case):
    waits, is_on_stage, before, after = ENDINGS[case]
    ready.opened_at, ready.opens_at = clock.now() - HOUR, clock.now() + waits - MINUTE
    if is_on_stage:
        part = Part(
            "Giới thiệu", max_points=2000, judging=Judging((Criterion("Nội dung", 2000, 25),), judges=2)
        )
        ready.stage.rules = to_dict(Rules(parts=(part,), tie_breaks=()))
    db.session.commit()
    assert before in page(organizer.get(url(ready, "/close")))
    assert after in page(organizer.post(url(ready, "/close"), {"reason": "Mưa lũ"}, follow_redirects=True))


def test_a_round_made_by_mistake_is_taken_away_by_the_board_of_the_contest(organizer, board, ready, district):
    mistake = make_round(ready.stage, make_unit("Hát Lót", district))
    db.session.commit()
    assert organizer.post(url(mistake, "/remove")).status_code == 404
    assert board.post(url(mistake, "/remove")).location == f"/stages/{ready.stage_id}"
    assert fresh(mistake) is None
    board.post(url(ready, "/remove"))
    assert fresh(ready) is not None  # somebody is listed for it


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.PROCTOR, Role.BOARD_SECRETARY])
def test_who_only_watches_sees_the_round_and_cannot_run_it(sqlite_app, ready, commune, role):
    watcher = signed_in(sqlite_app, role, commune)
    assert watcher.get(url(ready)).status_code == 200
    assert url(ready, "/check") not in page(watcher.get(url(ready)))
    assert watcher.post(url(ready, "/open")).status_code == 403


# --- the rules on paper ---------------------------------------------------------------------------------------------


def test_the_printed_rules_carry_the_hours_the_blueprint_and_the_code_of_the_frozen_rules(organizer, ready):
    assert "Bản dự thảo" in page(organizer.get(url(ready, "/rules")))
    organizer.post(url(ready, "/open"))
    shown = page(organizer.get(url(ready, "/rules")))
    assert "Bản dự thảo" not in shown
    assert ready.stage.rules_fingerprint[:12] in shown and "Cấu trúc đề" in shown and "Cộng" in shown


SPECIAL = PrizeTable(
    special=(
        SpecialPrize("Giỏi chuyên đề", Merit.BEST_TOPIC, topic="tham-nhung"),
        SpecialPrize("Chào hỏi hay nhất", Merit.BEST_PART, part="Chào hỏi"),
        SpecialPrize("Nữ xuất sắc", Merit.BEST_WOMAN),
    )
)
SENTENCES = [
    ({}, "Mỗi đề có 5 câu, làm trong 10 phút."),
    ({"shuffle_items": False}, "Câu hỏi xếp theo thứ tự của cấu trúc đề."),
    ({"shuffle_options": False}, "Các phương án giữ nguyên thứ tự như trong ngân hàng câu hỏi."),
    ({}, "Được bắt đầu làm bài bất cứ lúc nào từ giờ mở đến giờ đóng."),
    ({"late_start": 10}, "Được bắt đầu làm bài muộn nhất 10 phút sau giờ mở; sau đó không vào thi được nữa."),
    ({}, "Đến giờ đóng mọi bài đều kết thúc; người vào muộn không được bù giờ."),
    ({"full_time_for_late": True}, "Người vào muộn vẫn được làm đủ thời gian, kể cả khi đã đến giờ đóng."),
    ({}, "Mỗi người được thi một lần."),
    ({"attempts_allowed": 7}, "nhiều nhất 7 lượt"),
    ({"grace_seconds": 9}, "trong vòng 9 giây sau khi hết giờ"),
    ({}, "Mỗi câu đúng được 1,00 điểm; câu sai hoặc bỏ trống không có điểm, không bị trừ điểm."),
    ({}, "Điểm tối đa của đề là 5,00."),
    ({}, "(1) Điểm các câu vận dụng cao hơn; (2) Thời gian làm bài ngắn hơn."),
    ({"quota": Quota(top=2, scope=Scope.CLUSTER)}, "2 người đứng đầu mỗi cụm được đi tiếp."),
    ({"quota": Quota()}, "Thi thêm câu hỏi phụ; Bốc thăm; Tất cả cùng đi tiếp; Trưởng ban quyết định."),
    ({"quota": Quota(reserves=3)}, "3 người kế tiếp là dự bị."),
    ({"quota": Quota(Method.THRESHOLD, cut_score=250)}, "Mọi người đạt từ 2,50 điểm được đi tiếp."),
    (
        {"quota": Quota(Method.PRIZE, prizes=("Giải nhất", "Giải nhì"))},
        "Mọi người đoạt một trong các giải sau được đi tiếp: Giải nhất; Giải nhì.",
    ),
    ({"quota": Quota(Method.MANUAL)}, "Cấp ủy lựa chọn, cử người dự cấp thi tiếp theo"),
    ({"tie_breaks": (TieBreak.TIME_USED,)}, "trừ số phút Ban Tổ chức cho bù khi đang làm bài"),
    ({"delegations": (Delegation("", 1, 12),)}, "Mỗi đơn vị cử từ 1 đến 12 người."),
    ({"delegations": (Delegation("xã", 0, 12), Delegation("", 9, 9))}, "Mỗi đơn vị khác cử 9 người."),
    (
        {"delegations": (Delegation(most=20, unit_code="CM"), Delegation("", 0, 12))},
        "Mỗi đơn vị cử nhiều nhất 12 người. Riêng xã Chiềng Mung cử nhiều nhất 20 người.",
    ),
    (
        {"delegations": (Delegation(least=2, reserves=1, unit_code="CM"),)},
        "Riêng xã Chiềng Mung cử ít nhất 2 người. Ghi tên thêm 1 người dự bị; ",
    ),
    ({"delegations": (Delegation(most=5, unit_code="BỎ"),)}, "Riêng BỎ cử nhiều nhất 5 người."),
    ({"delegations": (Delegation(reserves=2),)}, "Mỗi đơn vị ghi tên thêm 2 người dự bị; "),
    ({"rank_within": Scope.GROUP}, "Xếp hạng trong từng khối, theo tổng điểm từ cao xuống thấp."),
    ({"prizes": SPECIAL}, "chuyên đề “tham-nhung”; bằng nhau thì xét thứ hạng chung."),
    ({"prizes": SPECIAL}, "cho thí sinh nữ có thứ hạng cao nhất."),
    ({"prizes": SPECIAL, "rank_within": Scope.GROUP}, "chuyên đề “tham-nhung”; bằng nhau thì xét tổng điểm."),
    ({"prizes": SPECIAL, "rank_within": Scope.GROUP}, "phần thi “Chào hỏi”; bằng nhau thì xét tổng điểm."),
    ({"prizes": SPECIAL, "rank_within": Scope.CLUSTER}, "cho thí sinh nữ có tổng điểm cao nhất."),
]


def spoken(app, rules, is_last=False):
    with app.test_request_context():
        clauses = clauses_of(rules, is_last, {"CM": "xã Chiềng Mung"})
        return " ".join(sentence for clause in clauses for sentence in clause.sentences)


@pytest.mark.parametrize("changes, sentence", SENTENCES)
def test_every_rule_is_said_in_plain_words(sqlite_app, changes, sentence):
    assert sentence in spoken(sqlite_app, make_rules(**changes))


def test_two_sets_of_rules_never_read_alike(sqlite_app):
    variants = [make_rules(**changes) for changes, _sentence in SENTENCES]
    distinct = {repr(rule): spoken(sqlite_app, rule) for rule in variants}
    assert len(set(distinct.values())) == len(distinct)


def test_of_the_last_stage_nobody_goes_on(sqlite_app):
    words = spoken(sqlite_app, Rules(blueprint=(Cell("dang-vien", "", 5),)), is_last=True)
    assert "kết quả chung cuộc" in words and "được đi tiếp" not in words


def test_an_opened_round_leads_to_giving_time_and_to_the_log_of_incidents(organizer, ready):
    links = (f'href="{url(ready)}/minutes"', f'href="{url(ready)}/incidents"')
    assert not any(link in page(organizer.get(url(ready))) for link in links)
    ready.opened_at = clock.now()
    db.session.commit()
    assert all(link in page(organizer.get(url(ready))) for link in links)
