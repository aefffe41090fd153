"""Which items a round may draw on, and what the bank lacks for a blueprint."""

from datetime import date

import pytest
from sqlalchemy import select

from quiz.core.items import Kind, Level, Part, Status
from quiz.core.papers import Cell
from quiz.extensions import db
from quiz.models import ItemVersion, RoundItem
from quiz.services import pools
from tests.factories import (
    make_contest,
    make_document,
    make_item,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)

DAY = date(2023, 2, 5)


def versions(pool):
    return [entry.version for entry in pool]


def test_an_approved_valid_exam_item_of_a_topic_of_the_blueprint_is_in_the_pool(app):
    item = make_item(topic="dang-vien")
    make_item(topic="dan-van")
    assert versions(pools.pool_of(make_rules(), DAY)) == [item.id]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.DRAFT},
        {"status": Status.IN_REVIEW},
        {"status": Status.RETIRED},
        {"part": Part.PRACTICE},
        {"valid_from": date(2023, 2, 6)},
        {"valid_to": date(2023, 2, 4)},
    ],
    ids=str,
)
def test_an_item_that_may_not_be_used_that_day_is_not_in_the_pool(app, fields):
    make_item(**fields)
    assert pools.pool_of(make_rules(), DAY) == []
    assert pools.availability(DAY) == {}


@pytest.mark.parametrize("fields", [{"valid_from": DAY}, {"valid_to": DAY}], ids=str)
def test_the_first_and_last_day_of_validity_count(app, fields):
    item = make_item(**fields)
    assert versions(pools.pool_of(make_rules(), DAY)) == [item.id]


def test_an_item_that_expires_while_the_round_lasts_is_not_in_the_pool(app):
    make_item(valid_to=DAY)
    assert pools.pool_of(make_rules(), DAY, date(2023, 2, 6)) == []


def test_an_item_of_a_document_no_longer_in_force_is_not_in_the_pool(app):
    make_item()
    make_document().valid_to = date(2023, 2, 4)
    db.session.flush()
    assert pools.pool_of(make_rules(), DAY) == []


def test_only_the_current_version_of_an_item_is_in_the_pool(app):
    old = make_item()
    columns = {column.key: getattr(old, column.key) for column in ItemVersion.__mapper__.column_attrs}
    new = ItemVersion(**{key: value for key, value in columns.items() if key != "id"} | {"number": 2})
    db.session.add(new)
    old.item.current = new
    db.session.flush()
    assert versions(pools.pool_of(make_rules(), DAY)) == [new.id]


def test_true_false_and_flagged_items_keep_their_order(app):
    plain = make_item()
    judged = make_item(kind=Kind.TRUE_FALSE)
    kept = make_item(keep_order=True)
    last = make_item(keep_last=True)
    order = {entry.version: (entry.keep_order, entry.keep_last) for entry in pools.pool_of(make_rules(), DAY)}
    assert order == {
        plain.id: (False, False), judged.id: (True, False), kept.id: (True, False), last.id: (False, True),
    }  # fmt: skip


def test_availability_counts_by_topic_and_level(app):
    for level in (Level.REMEMBER, Level.REMEMBER, Level.APPLY):
        make_item(level=level)
    make_item(topic="dan-van")
    assert pools.availability(DAY) == {
        ("dang-vien", "remember"): 2, ("dang-vien", "apply"): 1, ("dan-van", "remember"): 1,
    }  # fmt: skip


def test_an_oral_item_is_never_drawn_onto_a_paper_nor_counted_for_one(app):
    points = [{"text": "Nêu đúng khoản.", "marks": 1000}]
    make_item(kind=Kind.ORAL, options=(), key=(), points=points)
    assert pools.pool_of(make_rules(), DAY) == []
    assert pools.availability(DAY) == {}


def test_lines_show_what_the_bank_has_and_what_is_missing(app):
    for level in (Level.REMEMBER, Level.REMEMBER, Level.APPLY):
        make_item(level=level)
    rules = make_rules(
        blueprint=(Cell("dang-vien", "remember", 1), Cell("dang-vien", "", 3), Cell("khac", "", 1))
    )
    lines = pools.lines_of(rules, pools.pool_of(rules, DAY))
    assert [(line.wanted, line.available, line.missing) for line in lines] == [
        (1, 2, 0),
        (3, 2, 1),
        (1, 0, 1),
    ]


def test_a_frozen_pool_does_not_follow_the_bank(app):
    unit = make_unit()
    contest_round = make_round(make_stage(make_contest(unit)), unit)
    item = make_item()
    assert pools.freeze(contest_round.id, pools.pool_of(make_rules(), DAY)) == 1
    item.status = Status.RETIRED
    make_item()
    db.session.flush()
    assert list(db.session.scalars(select(RoundItem.version_id))) == [item.id]


def test_frozen_items_that_are_no_longer_valid_are_counted(app):
    unit = make_unit()
    contest_round = make_round(make_stage(make_contest(unit)), unit)
    make_item(valid_to=DAY)
    make_item()
    pools.freeze(contest_round.id, pools.pool_of(make_rules(), DAY))
    assert pools.expired(contest_round.id, DAY, DAY) == 0
    assert pools.expired(contest_round.id, DAY, date(2023, 2, 6)) == 1
