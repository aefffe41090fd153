"""How many people one named unit sends: set with the rules, printed, amended, and kept to where people are entered."""

import re

import pytest

from quiz import clock
from quiz.core.delegations import Delegation
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Person, RoundUnit
from quiz.services import contests
from tests.conftest import Browser
from tests.factories import (
    make_account,
    make_cell,
    make_contest,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)
from tests.web.test_contests import SOON, Fields, filled, page

EACH = Delegation("xã", 1, 12)


@pytest.fixture
def district(sqlite_app):
    return make_unit("Mai Sơn", type_label="huyện")


@pytest.fixture
def communes(district):
    return [make_unit(name, district) for name in ("Cò Nòi", "Chiềng Mung")]


@pytest.fixture
def its(district, communes):
    """A round of the district with both communes."""
    make_item()
    contest_round = make_round(
        make_stage(make_contest(district), make_rules(delegations=(EACH,))), district, opens_at=SOON
    )
    contest_round.scopes = [RoundUnit(unit=commune) for commune in communes]
    db.session.commit()
    return contest_round


@pytest.fixture
def board(sqlite_app, district):
    """A browser of the district's board."""
    make_account((Role.ORGANIZER, district), username="huyen")
    db.session.commit()
    return Browser(sqlite_app).sign_in("huyen")


def line(number, code, most="20", least="", reserves=""):
    """One unit with its numbers, as a browser sends it."""
    fields = {"unit_code": code, "least": least, "most": most, "reserves": reserves}
    return {f"unit_quotas-{number}-{name}": value for name, value in fields.items()}


def each():
    """The line of every commune, as a browser sends it."""
    return {"delegations-0-unit_type": "xã", "delegations-0-least": "1", "delegations-0-most": "12"}


def save(board, its, *lines, **changes):
    form = filled(**each(), **changes)
    for one in lines:
        form |= one
    return board.post(f"/stages/{its.stage_id}/edit", form)


def quotas(its):
    db.session.expire_all()
    return contests.rules_of(its.stage).delegations


def untouched(board, url):
    fields = Fields()
    fields.feed(page(board.get(url)))
    return {key: value for key, value in fields.sent.items() if key != "csrf_token"}


def test_units_are_chosen_among_those_of_the_rounds_and_printed_by_name(board, its, communes):
    usual, large = communes
    offered = page(save(board, its, more="unit_quotas"))
    names = re.findall(
        r'<option[^>]* value="([^"]*)">([^<]*)<', offered.split('name="unit_quotas-0-unit_code"')[1]
    )
    assert names[:3] == [("", "(chưa chọn)"), (large.code, "xã Chiềng Mung"), (usual.code, "xã Cò Nòi")]
    assert save(board, its, line(0, large.code, "20", "15", "2"), line(1, usual.code, "9")).status_code == 302
    own = (Delegation("", 15, 20, 2, large.code), Delegation("", 0, 9, 0, usual.code))
    assert quotas(its) == (EACH, *own)
    for url in (f"/stages/{its.stage_id}", f"/desk/rounds/{its.id}/rules"):
        shown = page(board.get(url))
        assert "Mỗi xã cử từ 1 đến 12 người." in shown
        assert "Riêng xã Chiềng Mung cử từ 15 đến 20 người. Ghi tên thêm 2 người dự bị" in shown
        assert "Riêng xã Cò Nòi cử nhiều nhất 9 người." in shown


def test_the_page_saved_untouched_keeps_them_and_noughts_take_one_away(board, its, communes):
    save(board, its, line(0, communes[1].code), line(1, communes[0].code, "9"))
    before, form = quotas(its), untouched(board, f"/stages/{its.stage_id}/edit")
    assert board.post(f"/stages/{its.stage_id}/edit", form).status_code == 302
    assert quotas(its) == before
    board.post(f"/stages/{its.stage_id}/edit", form | line(0, communes[1].code, "0"))
    assert quotas(its) == (EACH, Delegation(most=9, unit_code=communes[0].code))


def test_a_line_without_its_unit_or_its_number_is_asked_about(board, its, communes):
    shown = page(save(board, its, line(0, "", "20"), line(1, communes[0].code, "")))
    assert "Hãy chọn đơn vị cho dòng này, hoặc ghi các số là 0 để bỏ dòng." in shown
    assert "Hãy điền số người của đơn vị này, hoặc ghi 0 để bỏ dòng." in shown
    assert 'value="20"' in shown
    assert quotas(its) == (EACH,)


def test_a_unit_named_twice_is_said_beside_the_second_time(board, its, communes):
    shown = page(save(board, its, line(0, communes[0].code, "9"), line(1, communes[0].code, "7")))
    said = "Có hai dòng chỉ tiêu riêng cho cùng một đơn vị. Hãy gộp lại thành một."
    assert shown.index(said, shown.index('id="unit_quotas-1-unit_code-error"')) > 0
    assert 'href="#unit_quotas-1-unit_code"' in shown
    assert quotas(its) == (EACH,)


def test_a_unit_of_no_round_is_said_by_name_and_nothing_typed_is_lost(board, its, district):
    other = make_unit("Hát Lót", district)
    db.session.commit()
    shown = page(save(board, its, line(0, other.code, "77")))
    assert "xã Hát Lót không dự vòng thi nào của cấp thi này nên không ghi chỉ tiêu riêng được." in shown
    assert 'value="77"' in shown and f'<option selected value="{other.code}">' in shown
    assert quotas(its) == (EACH,)


def test_before_there_is_a_round_the_page_says_why_no_unit_can_be_chosen(board, district):
    stage = make_stage(make_contest(district))
    db.session.commit()
    shown = page(board.get(f"/stages/{stage.id}/edit"))
    assert "lập vòng thi của cấp này rồi trở lại đây" in shown
    assert 'value="unit_quotas"' not in shown


def test_an_amendment_says_the_difference_and_which_unit_lost_its_own(board, its, communes):
    usual, large = communes
    save(board, its, line(0, usual.code, "9"))
    its.opened_at = its.stage.frozen_at = clock.now()
    db.session.commit()
    url = f"/stages/{its.stage_id}/amend"
    form = untouched(board, url) | {"reason": "kế hoạch số 12"}
    assert board.post(url, form | line(0, large.code, "20")).status_code == 302
    assert quotas(its) == (EACH, Delegation(most=20, unit_code=large.code))
    for shown in (
        page(board.get(f"/stages/{its.stage_id}")),
        page(board.get(f"/desk/rounds/{its.id}/rules")),
    ):
        assert "Riêng xã Cò Nòi cử nhiều nhất 9 người." in shown
        assert "Riêng xã Chiềng Mung cử nhiều nhất 20 người." in shown


def test_readiness_and_the_path_lead_to_a_quota_of_a_unit_that_left_the_rounds(board, its, communes):
    save(board, its, line(0, communes[1].code))
    its.scopes = its.scopes[:1]
    db.session.commit()
    left = "xã Chiềng Mung có chỉ tiêu riêng nhưng không dự vòng thi nào của cấp thi này. Hãy sửa chỉ tiêu."
    assert left in page(board.get(f"/desk/rounds/{its.id}/check"))
    path = page(board.get(f"/contests/{its.stage.contest_id}/setup"))
    assert "có 1 đơn vị có chỉ tiêu riêng nhưng không dự vòng thi nào của cấp này." in path
    form = untouched(board, f"/stages/{its.stage_id}/edit")
    assert form["unit_quotas-0-unit_code"] == communes[1].code  # still shown, to be taken away
    assert board.post(f"/stages/{its.stage_id}/edit", form | {"time_limit": "20"}).status_code == 302


# --- where people are entered -----------------------------------------------------------------------------------------


@pytest.fixture
def own_round(its, communes):
    """The round of Chiềng Mung alone in a stage where each commune sends one and Chiềng Mung two, with a deputy."""
    large = communes[1]
    rules = make_rules(
        delegations=(Delegation("xã", 0, 1), Delegation(most=2, reserves=1, unit_code=large.code))
    )
    contest_round = make_round(make_stage(make_contest(large.parent), rules), large, opens_at=SOON)
    for _ in range(3):
        make_person(make_cell(large))
    db.session.commit()
    return contest_round


@pytest.fixture
def commune_board(sqlite_app, communes):
    """A browser of the board of Chiềng Mung."""
    make_account((Role.ORGANIZER, communes[1]), username="chieng-mung")
    db.session.commit()
    return Browser(sqlite_app).sign_in("chieng-mung")


def test_who_enters_people_reads_how_many_places_are_left(commune_board, own_round):
    says = "xã Chiềng Mung cử nhiều nhất 2 người. Ghi tên thêm 1 người dự bị;"
    cells = list(own_round.unit.children)
    index = f"/desk/rounds/{own_round.id}/entries"
    for sent, taken in enumerate(
        ("Đã cử 0 người, còn 2 chỗ.", "Đã cử 1 người, còn 1 chỗ.", "Đã cử 2 người, không còn chỗ.")
    ):
        form = f"{index}/new?cell={cells[sent].id}"
        for shown in (page(commune_board.get(index)), page(commune_board.get(form))):
            assert says in shown and taken in shown
        person = db.session.query(Person).filter_by(unit_id=cells[sent].id).one().id
        answer = commune_board.post(form, {"person": person})
        assert (answer.status_code == 302) is (sent < 2)
    assert "xã Chiềng Mung đã cử đủ 2 người theo chỉ tiêu." in page(answer)
    assert "Hãy ghi tên người này vào danh sách dự bị" in page(commune_board.get(form))


def test_of_several_units_a_table_says_how_many_places_each_has(board, its, communes):
    save(board, its, line(0, communes[1].code, "20", "15", "2"), line(1, communes[0].code, "", "1"))
    rows = re.findall(r"<tr>(.*?)</tr>", page(board.get(f"/desk/rounds/{its.id}/entries")), re.DOTALL)
    words = [
        [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]
    assert ["xã Chiềng Mung", "15", "20", "0", "20", "0/2"] in words
    assert ["xã Cò Nòi", "1", "không giới hạn", "0", "không giới hạn", "0/0"] in words


def test_where_no_quota_holds_nothing_is_said_of_places(board, its):
    assert board.post(f"/stages/{its.stage_id}/edit", filled()).status_code == 302
    assert "chỗ" not in page(board.get(f"/desk/rounds/{its.id}/entries"))
