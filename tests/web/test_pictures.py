"""Pictures of rounds that are over: drawn without scripts, with their tables, for those who may see results."""

import json

import pytest

from quiz import clock
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import Attempt
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
    make_stage,
    make_unit,
    open_for_test,
)


@pytest.fixture
def there(sqlite_app):
    district = make_unit("Mai Sơn", type_label="huyện")
    stage = make_stage(make_contest(district))
    versions = [make_item() for _ in range(6)]
    rounds = []
    for name in ("Cò Nòi", "Hát Lót"):
        rounds.append(open_for_test(make_round(stage, make_unit(name, district)), versions))
        for n in range(4):
            person = make_person(make_cell(rounds[-1].unit, f"Bản {n}"), f"Lò Văn Kín {n}")
            attempt = make_attempt(make_entry(rounds[-1], person), 100 * n, 20 + n)
            attempt.paper = json.dumps([[version.id, [0, 1, 2, 3]] for version in versions[:5]])
            attempt.marks = [100 if place < n else 0 for place in range(5)]
    for name, role, unit in (
        ("huyen", Role.ORGANIZER, district), ("xa", Role.ORGANIZER, rounds[0].unit),
        ("giamthi", Role.PROCTOR, district),
    ):  # fmt: skip
        make_account((role, unit), username=name)
    db.session.commit()
    return stage, rounds


def text(answer):
    return answer.get_data(as_text=True)


def test_a_stage_shows_seven_pictures_each_with_its_table(browser, there):
    browser.sign_in("huyen")
    page = text(browser.get(f"/desk/stages/{there[0].id}/pictures"))
    assert page.count('<svg class="chart"') == page.count('class="picture"') == 7
    assert page.count("<caption>Số liệu: ") == 7
    assert "8/8 (100,0 %)" in page and "8 bài; điểm trung bình 1,50 trên 5,00" in page
    assert "Mọi người làm cùng một bộ câu." in page
    assert "Lò Văn Kín" not in page  # no picture names anybody


def test_questions_that_all_got_right_are_no_hard_ones_and_no_unit_is_behind_where_none_is(browser, there):
    for paper in db.session.query(Attempt):
        paper.marks, paper.raw_score = [100] * 5, 500
    db.session.commit()
    browser.sign_in("huyen")
    page = text(browser.get(f"/desk/stages/{there[0].id}/pictures"))
    assert "Khó nhất là câu" not in page and "Kém nhất so với mức chung" not in page
    assert "Chuyên đề mạnh, yếu" in page


def test_a_round_shows_its_own_and_another_commune_is_not_found(browser, there):
    _stage, rounds = there
    browser.sign_in("xa")
    page = text(browser.get(f"/desk/rounds/{rounds[0].id}/pictures"))
    assert page.count('<svg class="chart"') == 5 and "4 bài; điểm trung bình" in page
    assert browser.get(f"/desk/rounds/{rounds[1].id}/pictures").status_code == 404
    stage = text(browser.get(f"/desk/stages/{there[0].id}/pictures"))
    assert "xã Hát Lót" not in stage


def test_nothing_is_drawn_while_the_round_runs_or_a_paper_is_open(browser, there):
    _stage, rounds = there
    browser.sign_in("huyen")
    url = f"/desk/rounds/{rounds[0].id}/pictures"
    rounds[0].opens_at, rounds[0].closes_at = clock.now() - HOUR, clock.now() + HOUR
    db.session.commit()
    page = text(browser.get(url))
    assert "<svg class" not in page and "Biểu đồ có khi vòng thi đã kết thúc" in page
    rounds[0].opens_at, rounds[0].closes_at = NOW, NOW + HOUR
    rounds[0].entries[0].attempts[0].submitted_at = None
    db.session.commit()
    assert "<svg class" not in text(browser.get(url))


def test_who_may_not_see_results_sees_no_pictures(browser, there):
    browser.sign_in("giamthi")
    assert browser.get(f"/desk/rounds/{there[1][0].id}/pictures").status_code == 403
