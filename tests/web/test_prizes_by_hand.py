"""The page on which somebody is given a prize or passed over says beforehand who gains and who loses by it."""

import re

import pytest

from quiz.core.awards import BoardAct
from quiz.core.prizes import AtLine, CollectivePrize, Measure, Merit, Prize, PrizeTable, SpecialPrize
from quiz.extensions import db
from quiz.models import AwardDecision
from quiz.services import award_lists
from tests.factories import NOW, second_opinion
from tests.web.test_awards import ENDED, follow, make_scene, text_of

A, B, C, D = (f"Lò Văn {letter} (chi bộ Bản {number})" for number, letter in enumerate("ABCD"))
TABLE = PrizeTable(
    (Prize("Giải nhất", 1), Prize("Giải nhì", 1)), special=(SpecialPrize("Phong cách", Merit.BY_HAND),)
)
POINTS = (500, 400, 300, 200)


@pytest.fixture
def scene(sqlite_app):
    return make_scene(sqlite_app, TABLE, POINTS)


def said(scene, number):
    """Return what the page of the contestant `number` says beforehand: of each prize by its name, and of passing over
    under ""."""
    page = text_of(scene.browser.get(f"{scene.home}/entries/{scene.entries[number]}"))
    giving, over = page.split("<h2>Không xét giải</h2>")
    listed = {
        name: lines(part) for name, part in re.findall(r"<h3>(.*?)</h3>\s*<ul>(.*?)</ul>", giving, re.S)
    }
    return listed | {"": lines(over.split("<form")[0])}


def lines(part):
    return [" ".join(one.split()) for one in re.findall(r"<li>(.*?)</li>", part, re.S)]


def test_passing_over_the_first_says_who_moves_up_and_who_gets_nothing_more(scene):
    assert said(scene, 0)[""] == [
        f"{B}: Giải nhì → Giải nhất",
        f"{C}: không có giải → Giải nhì",
        f"{A}: Giải nhất → không có giải",
    ]


def test_what_was_said_is_what_happens(scene):
    told = said(scene, 0)[""]
    follow(scene, f"{scene.home}/entries/{scene.entries[0]}/pass-over", {"over-reason": "Xin không nhận"})
    page = text_of(scene.browser.get(f"{scene.home}/entries/{scene.entries[1]}"))
    assert "Giải nhất" in page.split("Giải hiện có")[1].split("</dd>")[0] and len(told) == 3


def test_giving_another_main_prize_says_who_gets_the_one_left_and_one_beside_the_table_touches_nobody(scene):
    found = said(scene, 1)
    assert found["Giải nhất"] == [f"{B}: Giải nhì → Giải nhất", f"{C}: không có giải → Giải nhì"]
    assert found["Phong cách"] == [f"{B}: Giải nhì → Giải nhì; Phong cách"]
    assert said(scene, 3)["Giải nhất"] == [f"{D}: không có giải → Giải nhất"]


def test_a_prize_that_would_be_refused_is_not_reckoned(scene):
    assert set(said(scene, 1)) == {"Giải nhất", "Phong cách", ""}, "the second prize is hers already"
    row = {"reason": "biên bản", "decided_at": NOW, "decided_by_id": scene.actor.account_id}
    db.session.add(
        AwardDecision(
            edition_id=scene.edition.id, act=BoardAct.GIVE, prize="Giải nhì", key=scene.entries[3], **row
        )
    )
    db.session.commit()
    assert set(said(scene, 3)) == {"Phong cách", ""}, "one main prize each"
    assert said(scene, 3)[""] == [], "first the prize given by hand is taken back"


def test_passing_over_somebody_without_a_prize_says_that_nothing_changes(scene):
    assert said(scene, 3)[""] == []
    page = text_of(scene.browser.get(f"{scene.home}/entries/{scene.entries[3]}"))
    assert "Không ai được thêm hay mất giải vì quyết định này." in page


def test_equals_who_would_have_to_be_parted_and_a_prize_nobody_would_get_are_said(sqlite_app):
    table = PrizeTable((Prize("Giải nhất", 1), Prize("Giải nhì", 2)), at_line=AtLine.BOARD)
    scene = make_scene(sqlite_app, table, (500, 400, 400))
    assert said(scene, 0)[""] == [
        f"{A}: Giải nhất → không có giải",
        f"Giải nhất: bằng nhau, Ban Tổ chức phải quyết định giữa {B}; {C}",
    ]
    scene = make_scene(sqlite_app, table, (500, 400, 300))
    assert "Giải nhì: thêm 1 giải không có người nhận" in said(scene, 0)[""]


def test_units_who_would_be_equal_by_it_are_named_as_units(sqlite_app):
    prize = CollectivePrize("Nhiều giải nhất", Measure.WINNERS)
    table = PrizeTable((Prize("Giải nhất", 1),), collective=(prize,), at_line=AtLine.BOARD)
    scene = make_scene(sqlite_app, table, (500, 400))
    assert said(scene, 1)["Giải nhất"] == [
        f"{B}: không có giải → Giải nhất",
        "Nhiều giải nhất: bằng nhau, Ban Tổ chức phải quyết định giữa chi bộ Bản 0; chi bộ Bản 1",
    ]


def test_many_who_move_are_counted(sqlite_app, monkeypatch):
    monkeypatch.setattr("quiz.web.prize_changes.NAMED", 2)
    scene = make_scene(sqlite_app, TABLE, POINTS)
    assert said(scene, 0)[""][2:] == ["và 1 người hoặc tập thể nữa"]


def test_once_the_list_is_closed_nothing_is_reckoned_any_more(scene):
    second_opinion(award_lists.ask_to_close(scene.edition, "", scene.actor, ENDED), ENDED)
    db.session.commit()
    assert said(scene, 0) == {"": []}
    assert "vì quyết định này" not in text_of(scene.browser.get(f"{scene.home}/entries/{scene.entries[3]}"))
