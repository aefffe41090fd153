"""Setting a contest up alone: the guided path, templates, copies, parts and quotas, clusters, reserves, accounts."""

import re

import pytest

from quiz.core.delegations import Delegation
from quiz.core.parts import PartKind
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Account, Cluster, Contest, Entry, Reserve, Round
from quiz.services import contests
from quiz.web import setup
from quiz.web.formatting import window_text
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
from tests.web.test_contests import SOON, Fields, filled, page


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
def its(commune):
    """A round of a commune that sends two people and names one in reserve."""
    stage = make_stage(make_contest(commune.parent), make_rules(delegations=(Delegation("xã", 2, 2, 1),)))
    contest_round = make_round(stage, commune, opens_at=SOON)
    db.session.commit()
    return contest_round


# --- the guided path ----------------------------------------------------------------------------------------------


def test_every_place_a_gap_leads_to_has_words_for_its_link(sqlite_app):
    with sqlite_app.test_request_context():
        go = sqlite_app.jinja_env.get_template("setup/parts.html").make_module().go
        places = {*setup._PAGES, *setup._STAGE_PAGES, "accounts", "groups", "stage"}
        assert [place for place in places if not go(place).strip()] == []


def test_a_new_installation_shows_the_way_on_the_desk_and_links_to_what_is_missing(board):
    for url in ("/desk", "/setup"):
        shown = page(board.get(url))
        assert "Chưa có chi bộ nào." in shown
        assert "Chưa có cuộc thi." in shown
        assert 'href="/contests/new"' in shown


def test_the_button_of_an_empty_desk_leads_to_the_first_step_that_is_missing(board, district, sqlite_app):
    button = re.compile(r'class="button" href="([^"]+)"')
    assert button.findall(page(board.get("/desk"))) == ["/units"]
    make_person(make_cell(make_unit("Cò Nòi", district)))
    make_item()
    db.session.commit()
    assert button.findall(page(board.get("/desk"))) == ["/contests/new"]


def test_the_path_of_a_contest_names_what_each_step_lacks(board, its, district):
    shown = page(board.get(f"/contests/{its.stage.contest_id}/setup"))
    assert "Còn 1 đơn vị có vòng thi mà chưa có tài khoản Ban Tổ chức." in shown
    assert f'href="/accounts/for-each?parent={district.id}"' in shown
    assert "Vòng 1: còn thiếu 5 câu so với cấu trúc đề." in shown
    assert "Vòng 1: còn 1 vòng thi chưa có thí sinh." in shown
    assert "Vòng 1: có 1 đơn vị chưa đúng chỉ tiêu" in shown
    assert board.get("/setup").location == f"/contests/{its.stage.contest_id}/setup"


def test_a_contest_in_preparation_is_named_on_the_desk(board, its):
    assert f'href="/contests/{its.stage.contest_id}/setup"' in page(board.get("/desk"))


# --- templates and copies -----------------------------------------------------------------------------------------


def test_a_contest_is_made_from_a_template_with_its_stages_and_rules_to_edit(board, district):
    for _ in range(30):
        make_item()
    db.session.commit()
    form = {"title": "Hội thi", "code": "TN-2027", "unit": district.id, "template": "thai-nguyen"}
    answer = board.post("/contests/new", form)
    contest = db.session.query(Contest).one()
    assert answer.location == f"/contests/{contest.id}/setup"
    assert [stage.name for stage in contest.stages] == ["Thi trắc nghiệm", "Cấp cơ sở", "Cấp thành phố"]
    rules = contests.rules_of(contest.stages[0])
    assert (rules.item_count, rules.minutes) == (30, 60)


def test_every_template_is_shown_in_full_with_its_sources(board):
    shown = page(board.get("/contests/templates"))
    assert "Phần 1: Chào hỏi, không quá 7 phút" in shown
    assert "Mỗi người được thi nhiều nhất 7 lượt" in shown
    assert shown.count("<b>Nguồn:</b>") == 5
    assert "không công bố" in shown


def test_last_years_contest_is_copied_on_one_page(board, its):
    its.stage.frozen_at = its.opened_at = 1
    db.session.commit()
    old = its.stage.contest
    form = {"title": "Hội thi năm nay", "code": "NAM-NAY", "first_day": "2097-03-01"}
    assert f'href="/contests/{old.id}/copy"' in page(board.get("/contests/new"))
    answer = board.post(f"/contests/{old.id}/copy", form)
    new = db.session.query(Contest).filter_by(code="NAM-NAY").one()
    assert answer.location == f"/contests/{new.id}/setup"
    (made,) = new.stages[0].rounds
    assert (made.name, made.opened_at) == (its.name, None)
    assert made.opens_at != its.opens_at


def test_a_stage_with_a_paper_and_judged_parts_is_told_with_both(board, district):
    for _ in range(20):
        make_item()
    db.session.commit()
    form = {"title": "Hội thi", "code": "QS-2027", "unit": district.id, "template": "quan-su"}
    board.post("/contests/new", form)
    contest = db.session.query(Contest).filter_by(code="QS-2027").one()
    shown = page(board.get(f"/contests/{contest.id}"))
    assert "Mỗi đề 20 câu" in shown
    assert "Thêm 3 phần thi do giám khảo chấm." in shown


@pytest.mark.parametrize("day, past", [("2097-03-01", False), ("2020-03-01", True), ("", False)])
def test_a_copy_to_a_day_that_has_passed_is_made_and_the_page_says_so(board, its, day, past):
    form = {"title": "Hội thi năm nay", "code": "NAM-NAY", "first_day": day}
    answer = board.post(f"/contests/{its.stage.contest_id}/copy", form, follow_redirects=True)
    assert ("1 vòng thi có giờ mở đã qua" in page(answer)) is past
    assert db.session.query(Contest).filter_by(code="NAM-NAY").count() == 1


def test_a_code_in_use_is_said_beside_the_copy(board, its):
    code = its.stage.contest.code
    shown = page(board.post(f"/contests/{its.stage.contest_id}/copy", {"title": "Hội thi", "code": code}))
    assert "đã được dùng" in shown


def test_one_rounds_hours_are_given_to_others(board, its):
    other = make_round(its.stage, make_unit("Chiềng Mai", its.unit.parent))
    other.opens_at = other.closes_at = None
    db.session.commit()
    answer = board.post(f"/desk/rounds/{its.id}/copy-setup", {"rounds": [other.id], "hours": "y"})
    assert answer.location == f"/stages/{its.stage_id}"
    assert db.session.get(Round, other.id).opens_at == its.opens_at


def seen_in(shown):
    return re.search(r'name="seen"[^>]*value="([^"]*)"', shown)[1]


@pytest.mark.parametrize("whose", ["the round copied from", "one of the others"])
def test_who_copies_hours_over_what_somebody_else_has_set_meanwhile_is_told_first(board, its, whose):
    other = make_round(its.stage, make_unit("Chiềng Mai", its.unit.parent))
    db.session.commit()
    url = f"/desk/rounds/{its.id}/copy-setup"
    shown = page(board.get(url))
    assert f"{other.name}: {window_text(other.window)}" in shown, "whose hours are written over is seen"
    form = {"rounds": [other.id], "hours": "y", "seen": seen_in(shown)}
    changed = db.session.get(Round, its.id if whose == "the round copied from" else other.id)
    changed.closes_at += HOUR
    db.session.commit()
    set_by_the_other = other.closes_at
    shown = page(board.post(url, form))
    assert "Giờ thi và người liên hệ của các vòng" in shown
    assert db.session.get(Round, other.id, populate_existing=True).closes_at == set_by_the_other
    again = board.post(url, form | {"seen": seen_in(shown)})
    assert again.location == f"/stages/{its.stage_id}"
    assert db.session.get(Round, other.id, populate_existing=True).closes_at == its.closes_at


@pytest.mark.parametrize("ago, told", [(0, False), (SOON, True)])
def test_hours_that_have_passed_are_given_to_others_and_the_page_says_so(board, its, ago, told):
    other = make_round(its.stage, make_unit("Chiềng Mai", its.unit.parent))
    its.opens_at, its.closes_at = its.opens_at - ago, its.closes_at - ago
    db.session.commit()
    form = {"rounds": [other.id], "hours": "y"}
    shown = page(board.post(f"/desk/rounds/{its.id}/copy-setup", form, follow_redirects=True))
    assert "Đã chép cho 1 vòng thi." in shown and ("Giờ đóng đã qua" in shown) is told


def test_the_page_to_copy_from_says_whom_the_rounds_notices_name(board, its):
    make_round(its.stage, make_unit("Chiềng Mai", its.unit.parent))
    db.session.commit()
    assert "Chưa ghi" in page(board.get(f"/desk/rounds/{its.id}/copy-setup"))
    board.post(f"/desk/rounds/{its.id}/notices", {"place": "Hội trường", "contact": "đồng chí Hà"})
    shown = page(board.get(f"/desk/rounds/{its.id}/copy-setup"))
    assert "đồng chí Hà" in shown and "Chưa ghi" not in shown


def test_what_the_round_has_not_is_named_beside_the_form(board, its):
    other = make_round(its.stage, make_unit("Chiềng Mai", its.unit.parent))
    db.session.commit()
    form = {"rounds": [other.id], "notice": "y"}
    shown = page(board.post(f"/desk/rounds/{its.id}/copy-setup", form))
    assert "Vòng này chưa ghi người liên hệ" in shown and "bỏ đánh dấu phần ấy" in shown


# --- parts and quotas ---------------------------------------------------------------------------------------------


def test_parts_and_quotas_are_set_on_the_page_of_the_rules_and_printed(board, its):
    form = filled(**{
        "parts-0-name": "Trắc nghiệm", "parts-0-kind": "online", "parts-0-weight": "40",
        "parts-1-name": "Chào hỏi", "parts-1-kind": "judged", "parts-1-max_points": "20", "parts-1-weight": "60",
        "parts-1-minutes": "7", "delegations-0-unit_type": "xã", "delegations-0-least": "1", "delegations-0-most": "3",
    })  # fmt: skip
    assert board.post(f"/stages/{its.stage_id}/edit", form).status_code == 302
    rules = contests.rules_of(its.stage)
    assert [(part.name, part.kind, part.weight) for part in rules.parts] == [
        ("Trắc nghiệm", PartKind.ONLINE, 40),
        ("Chào hỏi", PartKind.JUDGED, 60),
    ]
    assert rules.delegations == (Delegation("xã", 1, 3),)
    for url in (f"/stages/{its.stage_id}", f"/desk/rounds/{its.id}/rules"):
        shown = page(board.get(url))
        assert (
            "Phần 2: Chào hỏi, không quá 7 phút, giám khảo chấm, tối đa 20,00 điểm, chiếm 60% tổng điểm."
            in shown
        )
        assert "Mỗi xã cử từ 1 đến 3 người." in shown


def test_saving_the_page_untouched_keeps_parts_and_quotas(board, its):
    its.stage.rules = its.stage.rules | {
        "parts": [{"name": "Máy", "kind": "online", "max_points": 0, "weight": 100, "minutes": 0}]
    }
    db.session.commit()
    before = contests.rules_of(its.stage)
    untouched = Fields()
    untouched.feed(page(board.get(f"/stages/{its.stage_id}/edit")))
    form = {key: value for key, value in untouched.sent.items() if key != "csrf_token"}
    assert board.post(f"/stages/{its.stage_id}/edit", form).status_code == 302
    assert contests.rules_of(its.stage) == before


def test_shares_that_are_no_whole_are_said_and_nothing_is_lost(board, its):
    form = filled(**{"parts-0-name": "Máy", "parts-0-kind": "online", "parts-0-weight": "40"})
    shown = page(board.post(f"/stages/{its.stage_id}/edit", form))
    assert "cộng lại bằng 100%" in shown
    assert 'value="Máy"' in shown


def test_another_empty_part_can_be_asked_for(board, its):
    shown = page(board.post(f"/stages/{its.stage_id}/edit", filled(more="parts")))
    assert 'name="parts-0-name"' in shown
    assert '<option selected value="judged">' in shown, (
        "the paper is one part at most, those before judges are many"
    )
    assert contests.rules_of(its.stage).parts == ()


def test_a_round_before_judges_alone_has_no_paper_and_says_so_to_its_contestants(board, its):
    form = filled(**{
        "parts-0-name": "Chào hỏi", "parts-0-kind": "judged", "parts-0-max_points": "20", "parts-0-weight": "100",
        "lines-0-count": "0", "criteria-0": "", "method": "manual",
    })  # fmt: skip
    assert board.post(f"/stages/{its.stage_id}/edit", form).status_code == 302
    shown = page(board.get(f"/desk/rounds/{its.id}/rules"))
    assert "Đề thi" not in shown
    assert "Chào hỏi" in shown


# --- clusters -----------------------------------------------------------------------------------------------------


def test_a_cluster_gets_its_host_and_leader_and_they_stand_in_the_rules(board, its):
    its.scopes[0].cluster = "Cụm 1"
    leader = make_person(make_cell(its.unit), "Lò Thị Trưởng")
    db.session.commit()
    assert "Cụm 1" in page(board.get(f"/desk/rounds/{its.id}/clusters"))
    form = {"host": its.unit_id, "head": 0, "leader": leader.code}
    assert board.post(f"/desk/rounds/{its.id}/clusters/1", form).status_code == 302
    assert db.session.query(Cluster).one().leader.full_name == "Lò Thị Trưởng"
    shown = page(board.get(f"/desk/rounds/{its.id}/rules"))
    assert "Cụm 1: đăng cai xã Cò Nòi; người phụ trách Lò Thị Trưởng." in shown
    assert "Không có ai mã" in page(board.post(f"/desk/rounds/{its.id}/clusters/1", form | {"leader": "X"}))
    assert board.get(f"/desk/rounds/{its.id}/clusters/2").status_code == 404


# --- reserves -----------------------------------------------------------------------------------------------------


def test_somebody_is_named_in_reserve_confirmed_and_another_taken_off(board, its):
    cells = [make_cell(its.unit, name) for name in ("Bản Một", "Bản Hai")]
    first, second = (make_person(cell) for cell in cells)
    db.session.commit()
    for person in (first, second):
        url = f"/desk/rounds/{its.id}/entries/new?cell={person.unit_id}"
        board.post(url, {"person": person.id, "reserve": "1"})
    notes = {note.person_id: note.id for note in db.session.query(Reserve)}
    assert "Xác nhận dự thi" in page(board.get(f"/desk/rounds/{its.id}/entries?view=reserve"))
    assert "mới cử 0 người, chỉ tiêu ít nhất là 2" in page(board.get(f"/desk/rounds/{its.id}/entries"))
    board.post(f"/desk/reserves/{notes[first.id]}/confirm", {"reason": ""})
    board.post(f"/desk/reserves/{notes[second.id]}/remove")
    assert [entry.person_id for entry in db.session.query(Entry)] == [first.id]
    assert db.session.query(Reserve).count() == 0


def test_a_reserve_of_the_unit_is_offered_first_in_place_of_a_contestant(board, its):
    entry = make_entry(its, make_person(make_cell(its.unit, "Bản Một"), "Lò Văn Ốm"))
    waiting = make_person(make_cell(its.unit, "Bản Hai"), "Lò Thị Thay")
    db.session.add(Reserve(round_id=its.id, person=waiting, unit=waiting.unit, scope=its.unit, created_at=1))
    db.session.commit()
    url = f"/desk/entries/{entry.id}/replace"
    assert "Lò Thị Thay – dự bị, chi bộ Bản Hai" in page(board.get(url))
    assert board.post(url, {"person": waiting.id, "reason": "ốm"}).status_code == 302
    assert [one.person.full_name for one in db.session.query(Entry).filter_by(withdrawn_at=None)] == [
        "Lò Thị Thay"
    ]


# --- accounts for every unit --------------------------------------------------------------------------------------


def test_accounts_for_all_communes_are_made_in_one_action_and_told_on_a_sheet(board, district):
    communes = [make_unit(f"Xã số {number}", district) for number in range(1, 23)]
    db.session.commit()
    url = f"/accounts/for-each?parent={district.id}"
    form = {"role": "organizer", "called": "Ban Tổ chức", "units": [unit.id for unit in communes]}
    shown = page(board.post(url, form))
    passwords = re.findall(r'<b class="code">([a-z0-9-]{14})</b>', shown)
    assert len(set(passwords)) == 22
    account = Account.query.filter_by(display_name="Ban Tổ chức Xã số 7").one()
    fresh = Browser(board.client.application).sign_in(account.username, passwords[6])
    assert "/password" in fresh.get("/desk").location
    assert "22 đơn vị đã có tài khoản" in page(board.get(url))


def test_accounts_for_all_without_a_role_ask_for_one(board, district):
    commune = make_unit("Cò Nòi", district)
    db.session.commit()
    shown = page(
        board.post("/accounts/for-each", {"role": "", "called": "Ban Tổ chức", "units": [commune.id]})
    )
    assert "Chưa điền mục này." in shown and Account.query.count() == 1


def test_units_of_others_are_not_offered(board, district):
    elsewhere = make_unit("Thuận Châu", type_label="huyện")
    stranger = make_unit("Muổi Nọi", elsewhere)
    db.session.commit()
    assert board.get(f"/accounts/for-each?parent={elsewhere.id}").status_code == 404
    form = {"role": "organizer", "called": "", "units": [stranger.id]}
    board.post(f"/accounts/for-each?parent={district.id}", form)
    assert Account.query.count() == 1


# --- groups -------------------------------------------------------------------------------------------------------


def test_every_kind_of_cell_gets_its_group_on_one_page(board, its):
    cells = [make_cell(its.unit, cell_type=kind) for kind in ("residential", "school")]
    db.session.commit()
    url = f"/contests/{its.stage.contest_id}/groups"
    assert 'value="Khu dân cư"' in page(board.get(url))
    form = {"group-residential": "Khu dân cư", "group-school": "Cơ quan", "group-none": ""}
    assert board.post(url, form).location == url
    assert [cell.ranking_group for cell in cells] == ["Khu dân cư", "Cơ quan"]
