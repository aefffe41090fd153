"""The hall's screen on a stage day: who is on and next, the clock, and no question before the secretary shows it."""

import re
from pathlib import Path

import pytest

from quiz import clock
from quiz.core import stage_screen
from quiz.core.items import Kind
from quiz.extensions import db
from quiz.models import Lot, Performance, Projection
from quiz.services.projections import of_round
from tests.conftest import Browser
from tests.factories import make_item
from tests.web.test_lots import POINTS, make
from tests.web.test_stage import There

STYLES = Path(__file__).parents[2] / "static" / "css"


@pytest.fixture
def there(sqlite_app):
    """Two contestants whose order is drawn, packages of questions, and a screen open on the projector."""
    there = There(sqlite_app)
    for _number in range(4):
        make_item()
        make_item(kind=Kind.ORAL, options=(), key=(), points=POINTS)
    db.session.add(Projection(round=there.round, code="HALL", made_at=clock.now()))
    db.session.commit()
    there.keys = there.draw()
    there.hall = Browser(sqlite_app)
    make(there)
    return there


def screen(there) -> str:
    return there.hall.get("/screen/HALL/part").get_data(as_text=True)


def act(there, key: int, name: str) -> None:
    there.post("secretary", f"/desk/performances/{key}/clock", act=name)


def test_the_screen_follows_the_stage_from_turn_to_turn(there):
    first, second = there.keys
    names = [db.session.get_one(Performance, key).entry.person.full_name for key in there.keys]
    assert "Tiếp theo" in screen(there) and names[0] in screen(there) and names[1] not in screen(there)
    act(there, first, "call")
    assert "Chuẩn bị" in screen(there) and "3:00" in screen(there)
    act(there, first, "start")
    running = there.hall.get("/screen/HALL/part")
    assert 'data-since="1' in running.get_data(as_text=True)
    again = there.hall.client.get("/screen/HALL/part", headers={"If-None-Match": running.headers["ETag"]})
    assert again.status_code == 304
    act(there, first, "stop")
    assert f"Vừa thi xong: {names[0]}" in screen(there) and names[1] in screen(there)
    for name in ("call", "start", "stop"):
        act(there, second, name)
    assert "Các lượt thi đã xong" in screen(there)


def test_a_question_is_in_the_hall_only_while_the_secretary_shows_it_and_never_with_its_key(there):
    first, _ = there.keys
    url = f"/desk/performances/{first}"
    there.post("secretary", f"{url}/lot", **{"lot-number": 1})
    act(there, first, "call")
    lot = db.session.query(Lot).filter_by(number=1).one()
    stems = [item.version.stem for item in lot.items]
    assert "Gói câu hỏi số 1" in screen(there) and not any(stem in screen(there) for stem in stems)
    there.post("secretary", f"{url}/lot/question", place=1)
    page = screen(there)
    assert (
        stems[0] in page
        and stems[1] not in page
        and "<li>Một</li>" in page
        and "Gói số 1, câu 1 trên 2" in page
    )
    assert not any(word in page for word in ("Đáp án", "Nêu đúng nguyên tắc", "right", "Vì thế"))
    there.post("secretary", f"{url}/lot/question", place=0)
    assert stems[0] not in screen(there)
    act(there, first, "start")
    there.post("secretary", f"{url}/lot/question", place=2)
    assert stems[1] in there.hall.get("/screen/HALL").get_data(as_text=True)
    act(there, first, "stop")
    assert stems[1] not in screen(there)


def test_the_secretary_finds_the_screen_and_the_ranking_goes_before_the_stage(there):
    assert "/screen/HALL" in there.get("secretary", f"{there.url}/stage")
    projection = of_round(there.round)
    projection.ranking = {
        "edition": None,
        "scopes": [{"name": "", "steps": [[[1, "Lò Văn Một", "Bản 1", "", 900]]]}],
    }
    projection.revealed = 1
    db.session.commit()
    assert "Kết quả xếp hạng" in screen(there) and "Tiếp theo" not in screen(there)


def test_the_type_of_a_question_is_named_as_nothing_else_is(there):
    """Named like a field of a form, a question of middling length stood in a column of that field's width."""
    first, _ = there.keys
    there.post("secretary", f"/desk/performances/{first}/lot", **{"lot-number": 1})
    act(there, first, "call")
    there.post("secretary", f"/desk/performances/{first}/lot/question", place=1)
    assert 'class="stage-question type-largest"' in screen(there)
    names = [*(name for _limit, name in stage_screen.SIZES), stage_screen.SMALLEST]
    sheets = {path.name: path.read_text() for path in STYLES.glob("*.css")}
    for name in names:
        assert [key for key, text in sheets.items() if re.search(rf"\.type-{name}\b", text)] == [
            "projector.css"
        ]
