"""Incident 4: an equal total for the first place of Cò Nòi: decided by the situation part, as declared (R45).

Online the situation part is the questions of level "apply": the board declared them as the first tie-break.
"""

import pytest

from quiz.core.items import Level
from quiz.core.papers import Cell
from quiz.core.promotion import Quota
from quiz.core.ranking import TieBreak
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.files.paperwork import kinds
from quiz.models import Response
from quiz.services import attempts, figures, papers, promotion, results
from quiz.services.audit import Actor
from quiz.services.standings import standings_of
from quiz.web.explaining import sentence
from tests.factories import (
    HOUR,
    NOW,
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
    open_for_test,
    publish_final,
)
from tests.files.office_samples import ISSUE

ENDED = NOW + 3 * HOUR


def sit(held, name, right, minutes):
    """Let somebody answer so many questions of each level rightly and hand in after so many minutes."""
    entry = make_entry(held, make_person(make_cell(held.unit, f"Bản {name}"), f"Lò Văn {name}"))
    attempt = attempts.start(entry, NOW, name)
    left, pool = dict(right), papers.pool_of(held)
    for position, place in enumerate(papers.places_of(attempt.paper)):
        level = Level(pool.items[place.version].level)
        option = 1 if left[level] > 0 else 3
        left[level] -= 1
        values = {"choice": str(place.order.index(option)), "stamp": 1, "saved_at": NOW}
        db.session.add(Response(attempt_id=attempt.id, position=position, **values))
    attempts.submit(attempt, NOW + minutes * MINUTE)
    return entry


@pytest.fixture
def co_noi(app):
    """Two secretaries with 5 of 6: one lost a question of knowledge, the other, who was quicker, one of situations."""
    district = make_unit("Mai Sơn", type_label="huyện")
    rules = make_rules(
        blueprint=(Cell("dang-vien", "remember", 3), Cell("dang-vien", "apply", 3)), time_limit=60,
        tie_breaks=(TieBreak.APPLY_POINTS, TieBreak.TIME_USED), quota=Quota(top=1),
    )  # fmt: skip
    contest = make_contest(district)
    pool = [make_item(level=level) for level in (Level.REMEMBER, Level.APPLY) for _ in range(3)]
    held = open_for_test(make_round(make_stage(contest, rules), make_unit("Cò Nòi", district)), pool)
    make_round(make_stage(contest, ordinal=2), district, opens_at=NOW + 500 * HOUR)
    sit(held, "Nhanh", {Level.REMEMBER: 3, Level.APPLY: 2}, minutes=15)
    sit(held, "Vững", {Level.REMEMBER: 2, Level.APPLY: 3}, minutes=40)
    return held


def test_incident_4_an_equal_total_for_the_first_place_is_decided_by_the_situation_part(co_noi):
    first, second = standings_of(co_noi)
    assert (first.points, second.points) == (500, 500)
    assert (first.entry.person.full_name, first.rank) == ("Lò Văn Vững", 1)
    assert (second.entry.person.full_name, second.rank) == ("Lò Văn Nhanh", 2)
    assert [step.criterion for step in first.explanation.decided_by] == [
        "apply_points"
    ]  # time was not looked at

    board = Actor(make_account().id)
    results.publish(co_noi, results.PROVISIONAL, "", board, ENDED)
    final = publish_final(co_noi, board, ENDED)
    assert promotion.promotion_of(final).ties == ()  # no draw, no decision of the head
    assert [entry.person.full_name for entry in promotion.promote(final, board, ENDED)] == ["Lò Văn Vững"]


def test_the_ranking_that_is_signed_says_why(co_noi):
    results.publish(co_noi, results.PROVISIONAL, "", Actor(make_account().id), ENDED)
    (table,) = kinds.made("ranking", figures.of_round(co_noi, ENDED), ISSUE).tables
    assert [column.title for column in table.columns][-2] == "Bằng điểm thì xét"
    assert [row[-2] for row in table.rows] == ["điểm câu vận dụng 3,00", "điểm câu vận dụng 2,00"]


def test_anybody_can_read_why(app, co_noi):
    with app.test_request_context():
        first, second = [sentence(line.rank, line.points, line.explanation) for line in standings_of(co_noi)]
    assert "bằng điểm với 1 người khác" in first
    assert "vận dụng" in first and "trước 1 người" in first
    assert "sau 1 người" in second
