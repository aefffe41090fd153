"""The board reads how questions and topics did; nobody sees a key that another round still uses."""

import pytest

from quiz.core.corrections import Policy, Ruling
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.services import item_analysis, statistics
from tests.conftest import Browser
from tests.factories import HOUR, NOW, make_account, make_round, make_unit, open_for_test
from tests.services.test_item_analysis import AFTER, PEOPLE, held  # noqa: F401
from tests.web.test_attempts import at


@pytest.fixture(params=["sqlite"])
def app(request, new_app):
    """The pages ask both databases alike: here one is enough."""
    app = new_app(request.param)
    with app.app_context():
        yield app


@pytest.fixture
def board(app, held):  # noqa: F811
    """The organizer's browser after the round, and its round."""
    unit = held[0].unit
    make_account((Role.ORGANIZER, unit), username="board")
    make_account((Role.OBSERVER, unit), username="observer")
    make_account((Role.ORGANIZER, make_unit("Thuận Châu")), username="elsewhere")
    db.session.commit()
    with at(AFTER):
        yield Browser(app).sign_in("board")


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def test_the_ranking_leads_to_the_items_with_the_doubted_key_first(board, held):  # noqa: F811
    ranking = text_of(board.get(f"/desk/rounds/{held[0].id}/ranking"))
    assert f"/desk/rounds/{held[0].id}/items" in ranking
    page = text_of(board.get(f"/desk/rounds/{held[0].id}/items"))
    assert "nhóm giỏi chọn C" in page
    assert page.index("nhóm giỏi chọn C") < page.index(held[1][0].stem)
    assert "Kelley" in page and "Độ tin cậy (alpha)" in page
    assert f"/{PEOPLE} = " in page


def test_a_round_not_counted_yet_says_when_it_will_be(board, held):  # noqa: F811
    other = open_for_test(make_round(held[0].stage, held[0].unit, AFTER - HOUR, name="Vòng khác"), [])
    db.session.commit()
    for page in ("items", "topics"):
        assert "Chưa có số liệu" in text_of(board.get(f"/desk/rounds/{other.id}/{page}"))


def test_only_questions_that_no_running_round_uses_are_shown(board, held):  # noqa: F811
    open_for_test(make_round(held[0].stage, held[0].unit, AFTER - HOUR, name="Vòng khác"), held[1][:1], NOW)
    db.session.commit()
    page = text_of(board.get(f"/desk/rounds/{held[0].id}/items"))
    assert "còn được dùng ở “Vòng khác”" in page
    assert "1 câu của vòng này" in page
    assert held[1][0].stem not in page and held[1][1].stem in page


def test_no_key_is_shown_while_another_round_uses_all_the_questions(board, held):  # noqa: F811
    open_for_test(make_round(held[0].stage, held[0].unit, AFTER - HOUR, name="Vòng khác"), held[1], NOW)
    db.session.commit()
    page = text_of(board.get(f"/desk/rounds/{held[0].id}/items"))
    assert "còn được dùng ở “Vòng khác”" in page
    assert not any(version.stem in page for version in held[1]) and "nhóm giỏi chọn" not in page


def test_topics_stand_with_points_earned_of_points_possible(board, held):  # noqa: F811
    stage = text_of(board.get(f"/desk/stages/{held[0].stage_id}/topics"))
    alone = text_of(board.get(f"/desk/rounds/{held[0].id}/topics"))
    for page in (stage, alone):
        assert "dang-vien" in page and f"/{PEOPLE * 6} = " in page


def test_only_those_who_publish_see_keys_and_nobody_elsewhere_sees_anything(board, held, app):  # noqa: F811
    with at(AFTER):
        observer, elsewhere = Browser(app).sign_in("observer"), Browser(app).sign_in("elsewhere")
        assert observer.get(f"/desk/rounds/{held[0].id}/items").status_code == 403
        assert observer.get(f"/desk/rounds/{held[0].id}/topics").status_code == 200
        assert elsewhere.get(f"/desk/rounds/{held[0].id}/items").status_code == 404
        assert elsewhere.get(f"/desk/stages/{held[0].stage_id}/topics").status_code == 404


def test_counting_again_after_a_change_of_marks_shows_the_new_figures(board, held):  # noqa: F811
    assert statistics.count(held[0], AFTER + 1) == 6


@pytest.mark.parametrize("policy", [Policy.EVERYONE, Policy.VOID])
def test_an_item_no_key_marks_shows_none_and_says_why(board, held, monkeypatch, policy):  # noqa: F811
    keys = text_of(board.get(f"/desk/rounds/{held[0].id}/items")).count("(đáp án)")
    ruled = {held[1][0].id: Ruling(policy)}
    monkeypatch.setattr(item_analysis.marking, "rulings_of", lambda _round: ruled)
    page = text_of(board.get(f"/desk/rounds/{held[0].id}/items"))
    assert (
        "nên chỉ còn cho biết ai chọn phương án nào" in page and "Số liệu tính theo quyết định ấy" not in page
    )
    assert page.count("(đáp án)") == keys - 1
