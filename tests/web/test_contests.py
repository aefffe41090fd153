"""Setting a contest up through its pages: who may, what is shown, and what a refused form says."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from quiz.core.items import Level
from quiz.core.papers import Cell
from quiz.core.parts import Part, PartKind
from quiz.core.permissions import Role
from quiz.core.prizes import CollectivePrize, Measure, Prize, PrizeTable
from quiz.core.promotion import Method, Quota, Scope
from quiz.core.ranking import TieBreak
from quiz.extensions import db
from quiz.models import Contest, Round, Stage
from quiz.services import contests
from tests.conftest import Browser
from tests.factories import (
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

SOON = 4_000_000_000_000  # 2 October 2096, 14:06:40 in Vietnam


@pytest.fixture
def district(sqlite_app):
    return make_unit("Mai Sơn", type_label="huyện")


@pytest.fixture
def commune(district):
    return make_unit("Cò Nòi", district)


@pytest.fixture
def board(sqlite_app, district):
    """A browser of the district's board."""
    make_account((Role.ORGANIZER, district), username="huyen")
    db.session.commit()
    return Browser(sqlite_app).sign_in("huyen")


@pytest.fixture
def neighbour(sqlite_app, commune):
    """A browser of a commune's board below the district."""
    make_account((Role.ORGANIZER, commune), username="xa")
    db.session.commit()
    return Browser(sqlite_app).sign_in("xa")


class Fields(HTMLParser):
    """Collects what a browser would send of a form nobody has touched."""

    def __init__(self):
        super().__init__()
        self.sent, self.select = {}, ""

    def handle_starttag(self, tag, pairs):
        field = dict(pairs)
        if tag == "select":
            self.select = field["name"]
        elif tag == "option" and "selected" in field:
            self.sent[self.select] = field["value"]
        elif tag == "input" and (field.get("type") != "checkbox" or "checked" in field):
            self.sent[field["name"]] = field.get("value", "")


def page(answer):
    return answer.get_data(as_text=True)


def filled(**changes):
    """The rules form as a browser would send it: one line of five items."""
    form = {
        "name": "Cấp cơ sở", "lines-0-topic": "dang-vien", "lines-0-level": "", "lines-0-count": "5",
        "shuffle_items": "y", "time_limit": "", "late_start": "", "grace_seconds": "", "attempts_allowed": "1",
        "points_per_item": "1", "rank_within": "round", "criteria-0": "apply_points", "criteria-1": "",
        "method": "top", "scope": "round", "top": "1", "cut_score": "", "reserves": "",
    }  # fmt: skip
    return form | changes


# --- contests ---------------------------------------------------------------------------------------------------


def test_the_board_creates_a_contest_at_its_own_unit(board, district):
    answer = board.post("/contests/new", {"title": "Hội thi", "code": "MS-2026", "unit": district.id})
    contest = db.session.query(Contest).one()
    assert answer.location == f"/contests/{contest.id}"
    assert (contest.title, contest.unit_id) == ("Hội thi", district.id)


def test_a_contest_at_a_unit_of_others_is_not_offered_and_refused(neighbour, district):
    answer = neighbour.post("/contests/new", {"title": "Hội thi", "code": "MS-2026", "unit": district.id})
    assert "Hãy chọn một mục có trong danh sách." in page(answer)
    assert db.session.query(Contest).count() == 0


def test_a_taken_code_is_said_beside_the_form_and_nothing_typed_is_lost(board, district):
    make_contest(district, code="MS-2026")
    db.session.commit()
    answer = board.post("/contests/new", {"title": "Hội thi lần hai", "code": "MS-2026", "unit": district.id})
    assert "Mã cuộc thi “MS-2026” đã được dùng." in page(answer)
    assert 'value="Hội thi lần hai"' in page(answer)


def test_a_title_can_be_corrected_by_its_board_only(board, neighbour, district):
    contest = make_contest(district, code="MS-2026", title="Hôi thi")
    db.session.commit()
    url = f"/contests/{contest.id}/edit"
    assert board.post(url, {"title": "Hội thi", "code": "MS-2026"}).status_code == 302
    assert neighbour.post(url, {"title": "Khác", "code": "X-1"}).status_code == 404
    assert db.session.get(Contest, contest.id).title == "Hội thi"


def test_a_commune_sees_the_contest_it_takes_part_in_with_its_own_rounds_only(neighbour, district, commune):
    stage = make_stage(make_contest(district, title="Hội thi Mai Sơn"))
    make_round(stage, commune, SOON, name="Vòng của mình")
    make_round(stage, make_unit("Hát Lót", district), name="Vòng của xã khác")
    make_contest(make_unit("Yên Châu"), title="Hội thi nơi khác")
    db.session.commit()
    assert "Hội thi Mai Sơn" in page(neighbour.get("/contests"))
    assert "Hội thi nơi khác" not in page(neighbour.get("/contests"))
    for url in ("/contests/1", "/stages/1"):
        shown = page(neighbour.get(url))
        assert "Vòng của mình" in shown and "Vòng của xã khác" not in shown
        assert "/edit" not in shown


def test_a_contest_elsewhere_is_not_found(board):
    contest = make_contest(make_unit("Yên Châu"))
    stage = make_stage(contest)
    db.session.commit()
    for url in (f"/contests/{contest.id}", f"/stages/{stage.id}", f"/stages/{stage.id}/edit", "/contests/99"):
        assert board.get(url).status_code == 404


def test_the_contest_page_says_what_is_missing_next(board, district, commune):
    stage = make_stage(make_contest(district))
    make_round(stage, commune, opens_at=SOON)
    db.session.commit()
    shown = page(board.get("/contests/1"))
    assert "Thiếu 5 câu" in shown and "0 trên 1 vòng" in shown
    for _number in range(5):
        make_item()
    make_entry(stage.rounds[0], make_person(make_cell(commune)))
    db.session.commit()
    shown = page(board.get("/contests/1"))
    assert "Thiếu" not in shown and f"/stages/{stage.id}/open" in shown


# --- rules --------------------------------------------------------------------------------------------------------


@pytest.fixture
def stage(district):
    made = make_stage(make_contest(district), make_rules(blueprint=()))
    for level in Level:
        make_item(topic="dang-vien", level=level)
    db.session.commit()
    return made


def saved(stage):
    db.session.expire_all()
    return contests.rules_of(db.session.get(Stage, stage.id))


def test_a_new_stage_leads_to_its_rules(board, district):
    contest = make_contest(district)
    db.session.commit()
    answer = board.post(f"/contests/{contest.id}/stages/new", {"name": "Cấp cơ sở"})
    assert answer.location == f"/stages/{db.session.query(Stage).one().id}/edit"


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (
            Part("Trắc nghiệm", PartKind.ONLINE, weight=40),
            Part("Thuyết trình", PartKind.JUDGED, 10_000, weight=60),
        ),
    ],
)
def test_a_stage_without_a_paper_says_no_number_of_its_questions_minutes_and_points(board, district, parts):
    stage = make_stage(make_contest(district), make_rules(blueprint=(), time_limit=0, parts=parts))
    db.session.commit()
    shown = page(board.get(f"/stages/{stage.id}"))
    assert "Quy định chưa dùng được" in shown and "Mỗi người một đề riêng" in shown
    for nothing in (" 0 câu", " 0 phút", " 0,00 điểm", "là 0,00"):
        assert nothing not in shown, nothing
    assert not parts or "Phần 1: Trắc nghiệm, làm bài trên máy, chiếm 40% tổng điểm." in shown


def test_the_form_fills_in_the_usual_values(board, stage):
    assert board.post(f"/stages/{stage.id}/edit", filled()).status_code == 302
    rules = saved(stage)
    assert rules.blueprint == (Cell("dang-vien", "", 5),)
    assert (rules.minutes, rules.late_start, rules.grace_seconds, rules.max_score) == (10, None, 5, 500)
    assert (rules.shuffle_items, rules.shuffle_options) == (True, False)
    assert rules.tie_breaks == (TieBreak.APPLY_POINTS,)


def test_who_goes_on_by_prize_is_chosen_among_the_prizes_for_people(board, district):
    table = PrizeTable((Prize("Giải nhất"), Prize("Giải nhì")))
    flag = CollectivePrize("Cờ đơn vị", Measure.BY_HAND)
    stage = make_stage(make_contest(district), make_rules(prizes=replace(table, collective=(flag,))))
    db.session.commit()
    url = f"/stages/{stage.id}/edit"
    shown = page(board.get(url))
    assert 'value="Giải nhì"' in shown and 'value="Cờ đơn vị"' not in shown
    assert "Hãy đánh dấu ít nhất một giải được đi tiếp." in page(board.post(url, filled(method="prize")))
    board.post(url, filled(method="prize", going_prizes=["Giải nhất", "Giải nhì"]))
    assert saved(stage).quota.prizes == ("Giải nhất", "Giải nhì")
    rows = {"prizes-0-name": "Giải nhất", "prizes-0-count": "1", "prize_scope": "round", "at_line": "share"}
    assert "giữ tên giải ấy trong cơ cấu giải" in page(board.post(f"/stages/{stage.id}/prizes", rows))
    board.post(url, filled(going_prizes=["Giải nhất"]))
    assert saved(stage).quota.prizes == ()


def test_without_prizes_the_form_says_to_set_them_first(board, stage):
    assert "hãy đặt cơ cấu giải của cấp thi này trước" in page(board.get(f"/stages/{stage.id}/edit"))


def test_every_field_of_the_form_reaches_the_rules(board, stage):
    board.post(
        f"/stages/{stage.id}/edit",
        filled(
            **{"lines-1-topic": "dang-vien", "lines-1-level": "apply", "lines-1-count": "3", "criteria-1": "correct"},
            time_limit="45", late_start="10", full_time_for_late="y", grace_seconds="0", attempts_allowed="3",
            points_per_item="0,25", partial="y", shuffle_options="y", rank_within="cluster", method="top",
            scope="cluster", top="2", reserves="1",
        ),
    )  # fmt: skip
    rules = saved(stage)
    assert rules.blueprint == (Cell("dang-vien", "", 5), Cell("dang-vien", "apply", 3))
    assert (rules.time_limit, rules.late_start, rules.full_time_for_late) == (45, 10, True)
    assert (rules.grace_seconds, rules.attempts_allowed) == (0, 3)
    assert (rules.scheme.points_per_item, rules.scheme.partial, rules.shuffle_options) == (25, True, True)
    assert rules.tie_breaks == (TieBreak.APPLY_POINTS, TieBreak.CORRECT)
    assert (rules.rank_within, rules.quota.method, rules.quota.scope) == (
        Scope.CLUSTER,
        Method.TOP,
        Scope.CLUSTER,
    )
    assert (rules.quota.top, rules.quota.reserves) == (2, 1)


def test_main_prizes_go_with_what_ranks_count_within_and_the_page_says_so(board, district):
    table = PrizeTable((Prize("Giải nhất"),), scope=Scope.GROUP)
    rules = make_rules(rank_within=Scope.GROUP, prizes=table, quota=Quota(scope=Scope.GROUP))
    stage = make_stage(make_contest(district), rules)
    db.session.commit()
    url, told = f"/stages/{stage.id}/edit", "Số giải chính nay tính cho: Từng cụm"
    answer = board.post(url, filled(rank_within="cluster", scope="cluster"), follow_redirects=True)
    assert told in page(answer)
    assert saved(stage).prizes.scope is Scope.CLUSTER
    answer = board.post(url, filled(rank_within="round", scope="cluster"), follow_redirects=True)
    assert told not in page(answer)
    assert saved(stage).prizes.scope is Scope.CLUSTER


def test_what_the_form_shows_and_sends_back_changes_nothing(board, district):
    rules = make_rules(
        blueprint=(Cell("dang-vien", "apply", 2), Cell("dang-vien", "", 3)), time_limit=0, late_start=15,
        tie_breaks=(TieBreak.TIME_USED, TieBreak.CORRECT),
    )  # fmt: skip
    stage = make_stage(make_contest(district), rules)
    make_item()
    db.session.commit()
    fields = Fields()
    fields.feed(page(board.get(f"/stages/{stage.id}/edit")).split('<form method="post" novalidate')[1])
    assert board.client.post(f"/stages/{stage.id}/edit", data=fields.sent).status_code == 302
    assert saved(stage) == rules


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"lines-0-count": "0"}, "Cấu trúc đề chưa có dòng nào."),
        ({"lines-0-count": "-1"}, "Số câu của mỗi dòng phải từ 1 trở lên."),
        ({"lines-0-count": ""}, "Hãy điền số câu, hoặc ghi 0 để bỏ dòng."),
        ({"lines-0-count": "năm"}, "Hãy nhập một số nguyên."),
        ({"lines-0-topic": ""}, "Hãy chọn chuyên đề cho dòng này"),
        ({"lines-0-level": "hard"}, "Hãy chọn một mục có trong danh sách."),
        ({"points_per_item": "một"}, "Hãy nhập một số từ 0 trở lên"),
        ({"points_per_item": "0,333"}, "nhiều nhất hai chữ số sau dấu phẩy"),
        ({"points_per_item": "0"}, "Điểm mỗi câu phải từ 0,01 đến 100."),
        ({"late_start": "0"}, "Số phút được vào muộn phải từ 1 trở lên"),
        ({"criteria-1": "apply_points"}, "Một tiêu chí xếp hạng được chọn hai lần."),
        ({"method": "threshold", "cut_score": "6"}, "Điểm để đi tiếp phải từ 0 đến điểm tối đa của đề."),
        ({"name": ""}, "Chưa điền mục này."),
    ],
)  # fmt: skip
def test_a_form_that_makes_no_rules_says_why_and_changes_nothing(board, stage, changes, sentence):
    answer = board.post(f"/stages/{stage.id}/edit", filled(**changes))
    assert answer.status_code == 200 and sentence in page(answer)
    assert saved(stage).blueprint == ()


def test_more_lines_are_offered_without_saving_or_losing_anything(board, stage):
    shown = page(board.post(f"/stages/{stage.id}/edit", filled(more="1", **{"lines-0-count": "7"})))
    assert 'name="lines-3-count"' in shown and 'value="7"' in shown
    assert saved(stage).blueprint == ()


def test_frozen_rules_are_shown_and_not_changed(board, stage):
    stage.frozen_at = 1
    db.session.commit()
    assert 'name="time_limit"' not in page(board.get(f"/stages/{stage.id}/edit"))
    answer = board.post(f"/stages/{stage.id}/edit", filled())
    assert "chốt" in page(answer)
    assert saved(stage).blueprint == ()


def test_a_commune_may_read_the_rules_and_not_change_them(neighbour, stage):
    assert neighbour.get(f"/stages/{stage.id}").status_code == 200
    for url in ("edit", "for-each", "rounds/new", "open"):
        assert neighbour.get(f"/stages/{stage.id}/{url}").status_code == 404
    assert neighbour.post(f"/stages/{stage.id}/edit", filled()).status_code == 404


def test_the_stage_page_shows_what_the_bank_lacks_before_anything_is_opened(board, district):
    stage = make_stage(make_contest(district), make_rules(blueprint=(Cell("dang-vien", "apply", 5),)))
    make_item(level=Level.APPLY)
    db.session.commit()
    assert "Thiếu 4 câu" in page(board.get(f"/stages/{stage.id}"))


# --- rounds -------------------------------------------------------------------------------------------------------


def test_one_round_for_each_unit_in_one_go_and_again_without_harm(board, stage, district, commune):
    other = make_unit("Hát Lót", district, "thị trấn")
    db.session.commit()
    form = {"units": [commune.id, other.id], "opens_at": "2096-10-02T08:00", "closes_at": "2096-10-02T10:00"}
    assert board.post(f"/stages/{stage.id}/for-each", form).status_code == 302
    opens_at = {r.opens_at for r in db.session.query(Round)}
    assert db.session.query(Round).count() == 2 and opens_at == {3_999_978_000_000}
    board.post(f"/stages/{stage.id}/for-each", form)
    assert db.session.query(Round).count() == 2
    assert "2 đơn vị đã có vòng thi từ trước, giữ nguyên." in page(board.get(f"/stages/{stage.id}"))


def test_hours_gone_by_are_kept_and_told_when_rounds_are_made(board, stage, commune):
    other = make_unit("Hát Lót", commune.parent)
    db.session.commit()
    gone = {"opens_at": "2020-10-02T08:00", "closes_at": "2020-10-02T10:00"}
    told = "Giờ đóng đã qua. Hãy đặt lại giờ cho vòng thi."
    board.post(f"/stages/{stage.id}/for-each", {"units": [commune.id], **gone})
    assert told in page(board.get(f"/stages/{stage.id}"))
    board.post(f"/stages/{stage.id}/for-each", {"units": [commune.id, other.id]})
    assert told not in page(board.get(f"/stages/{stage.id}")), "no hours yet is no mistake"
    board.post(f"/stages/{stage.id}/rounds/new", {"unit": other.id, "name": "Vòng bù", **gone})
    assert told in page(board.get(f"/stages/{stage.id}"))


def test_units_can_be_chosen_by_type(board, stage, district, commune):
    make_unit("Hát Lót", district, "thị trấn")
    db.session.commit()
    shown = page(board.get(f"/stages/{stage.id}/for-each?type=xã"))
    assert "xã Cò Nòi" in shown and "thị trấn Hát Lót" not in shown.split("Lập vòng thi cho")[-1]


def test_a_unit_elsewhere_is_no_place_to_make_rounds_under(board, stage):
    elsewhere = make_unit("Yên Châu")
    db.session.commit()
    assert board.get(f"/stages/{stage.id}/for-each?parent={elsewhere.id}").status_code == 404


def test_hours_upside_down_are_refused_beside_the_form(board, stage, commune):
    db.session.commit()
    form = {"units": [commune.id], "opens_at": "2096-10-02T10:00", "closes_at": "2096-10-02T08:00"}
    assert "Giờ đóng phải sau giờ mở." in page(board.post(f"/stages/{stage.id}/for-each", form))
    assert db.session.query(Round).count() == 0


def test_one_round_for_several_units_in_clusters(board, stage, district, commune):
    db.session.commit()
    answer = board.post(
        f"/stages/{stage.id}/rounds/new",
        {
            "name": "Vòng cụm", "unit": district.id, "opens_at": "", "closes_at": "",
            "lines-0-unit": commune.id, "lines-0-cluster": "Cụm  1", "lines-1-unit": "0", "lines-1-cluster": "",
        },
    )  # fmt: skip
    made = db.session.query(Round).one()
    assert answer.location == f"/desk/rounds/{made.id}"
    assert [(scope.unit_id, scope.cluster) for scope in made.scopes] == [(commune.id, "Cụm 1")]


def test_all_ready_rounds_open_at_once_and_the_rest_are_listed_with_reasons(board, district, commune):
    stage = make_stage(make_contest(district))
    for _number in range(5):
        make_item()
    ready = make_round(stage, commune, opens_at=SOON)
    make_entry(ready, make_person(make_cell(commune)))
    empty = make_round(stage, make_unit("Hát Lót", district), opens_at=SOON)
    db.session.commit()
    shown = page(board.get(f"/stages/{stage.id}/open"))
    assert "1 vòng thi sẵn sàng" in shown and "Chưa có ai dự thi." in shown
    assert board.post(f"/stages/{stage.id}/open").status_code == 302
    db.session.expire_all()
    assert (ready.opened_at is None, empty.opened_at) == (False, None)


# --- the desk -----------------------------------------------------------------------------------------------------


def test_the_desk_shows_the_own_rounds_with_the_next_step(neighbour, district, commune):
    stage = make_stage(make_contest(district))
    ours = make_round(stage, commune, SOON, name="Vòng của mình")
    make_round(stage, make_unit("Hát Lót", district), name="Vòng của xã khác")
    db.session.commit()
    shown = page(neighbour.get("/desk"))
    assert "Vòng của xã khác" not in shown
    assert f'href="/desk/rounds/{ours.id}/entries"' in shown


def test_the_desk_of_somebody_without_contests_leads_to_the_own_work(sqlite_app):
    make_account((Role.QUESTION_EDITOR, None), username="soan")
    db.session.commit()
    shown = page(Browser(sqlite_app).sign_in("soan").get("/desk"))
    assert "Ngân hàng câu hỏi" in shown and "Tạo cuộc thi" not in shown


@pytest.mark.parametrize(
    "changes, sentence, field",
    [
        (
            {"parts-0-name": "Thuyết trình", "parts-0-kind": "judged", "parts-0-max_points": "10",
             "parts-0-weight": "100", "lines-0-count": "0"},
            "Vòng này không có bài trắc nghiệm. Hãy xếp hạng theo điểm của các phần thi.", "criteria-0",
        ),
        (
            {"criteria-0": "correct", "criteria-1": "time_used", "criteria-2": "correct"},
            "Một tiêu chí xếp hạng được chọn hai lần. Hãy chọn mỗi tiêu chí một lần.", "criteria-2",
        ),
    ],
)  # fmt: skip
def test_a_refused_order_of_ties_leads_to_its_field(board, stage, changes, sentence, field):
    shown = page(board.post(f"/stages/{stage.id}/edit", filled(**changes)))
    assert f'<a href="#{field}">{sentence}</a>' in shown
    control = re.search(rf'<select[^>]*id="{field}"[^>]*>', shown).group()
    assert f'aria-describedby="{field}-error"' in control and 'aria-invalid="true"' in control
    assert re.search(rf'<p class="error" id="{field}-error">.*{sentence}', shown)
