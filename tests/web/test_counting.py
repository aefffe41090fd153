"""The quiet thread counts how items did, a round at a time, once."""

from quiz import clock
from quiz.core.papers import Cell
from quiz.extensions import db
from quiz.models import ItemUse
from quiz.services import attempts
from quiz.web import sweeper
from tests.factories import (
    HOUR,
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
)


def test_a_round_that_is_over_is_counted_once(sqlite_app):
    start = clock.now() - 10 * HOUR
    unit = make_unit()
    stage = make_stage(make_contest(unit), make_rules(blueprint=(Cell("dang-vien", "", 1),)))
    contest_round = open_for_test(make_round(stage, unit, opens_at=start), [make_item()], start - HOUR)
    attempt = attempts.start(make_entry(contest_round, make_person(make_cell(unit))), start, "seed")
    attempts.submit(attempt, start + HOUR // 6)
    db.session.commit()
    assert sweeper.count_round(sqlite_app) == 1
    assert db.session.query(ItemUse).count() == 1
    assert sweeper.count_round(sqlite_app) == 0
