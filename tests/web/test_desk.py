"""The desk and the duty board tell rounds of one name apart, and say when a round really ended."""

from types import SimpleNamespace

import pytest

from quiz.core.permissions import Role
from quiz.core.timing import Window
from quiz.extensions import db
from quiz.web.formatting import window_text
from tests.conftest import Browser
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)

LAST, THIS = "Hội thi năm 2022", "Hội thi năm 2023"


@pytest.fixture
def there(sqlite_app):
    """A district whose commune sits a round of the same name in two contests."""
    district = make_unit("Mai Sơn", type_label="huyện")
    commune = make_unit("Cò Nòi", district)
    secretary = make_person(make_cell(commune))
    contests = [make_contest(district, title=title) for title in (LAST, THIS)]
    rounds = [make_round(make_stage(one), commune, opened_at=NOW - HOUR) for one in contests]
    for one in rounds:
        make_entry(one, secretary)
    for username, unit in (("xa", commune), ("ban", secretary.unit)):
        make_account((Role.ORGANIZER, unit), username=username)
    db.session.commit()
    return SimpleNamespace(app=sqlite_app, rounds=rounds, contests=contests)


def shown(there, url, username="xa"):
    answer = Browser(there.app).sign_in(username).get(url)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("username", ["xa", "ban"])
def test_the_desk_names_the_contest_of_rounds_where_there_is_more_than_one(there, username):
    desk = shown(there, "/desk", username)
    assert LAST in desk and THIS in desk


def test_where_all_rounds_are_of_one_contest_it_is_not_said_again_in_every_row(there):
    for entry in there.rounds[0].entries:
        db.session.delete(entry)
    db.session.delete(there.rounds[0])
    db.session.commit()
    desk = shown(there, "/desk")
    assert there.rounds[1].name in desk and THIS not in desk


def test_the_duty_board_says_of_which_contest_it_is(there):
    for one, title in zip(there.rounds, (LAST, THIS), strict=True):
        for url in (f"/desk/rounds/{one.id}/monitor", f"/desk/stages/{one.stage_id}/monitor"):
            assert f'<p class="caption">{title} · ' in shown(there, url)


def test_a_round_that_was_ended_early_is_shown_with_the_hour_it_really_ended(there):
    ended = there.rounds[1]
    ended.closed_at, ended.closed_reason = NOW + HOUR // 2, "Mọi người đã nộp"
    db.session.commit()
    desk, board = shown(there, "/desk"), shown(there, f"/desk/rounds/{ended.id}/monitor")
    assert "08:00–08:30 ngày" in desk and "08:00–10:00 ngày" in desk, "the other one had its whole time"
    assert "kết thúc sớm lúc 08:30 ngày" in board and "10:00" not in board.split("data-part")[0]
    assert "đóng 10:00 ngày" in shown(there, f"/desk/rounds/{there.rounds[0].id}/monitor")


def test_a_round_that_was_ended_before_it_began_keeps_the_hours_it_was_meant_for(sqlite_app):
    with sqlite_app.test_request_context():
        assert window_text(Window(NOW, NOW + HOUR, NOW - HOUR)) == window_text(Window(NOW, NOW + HOUR))
