"""Items to look over again, on both databases."""

from datetime import date, timedelta

import pytest

from quiz.core.checks import Cause
from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.items import Status
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.services import checks
from quiz.services.audit import Actor
from tests.factories import NOW, make_account, make_document, make_item

TODAY = date(2026, 3, 1)
SOON = TODAY + timedelta(days=60)


@pytest.fixture
def reviewer(app):
    return make_account((Role.REVIEWER, None))


def due(days: int = 90) -> dict[str, list[Cause]]:
    page, rows = checks.due(TODAY, days)
    assert page.total == checks.count(TODAY, days) == len(rows)
    return {row.item.code: row.causes for row in rows}


def confirm(version, reviewer):
    return checks.confirm(version.item, version.id, reviewer, Actor(reviewer.id), NOW, TODAY)


@pytest.fixture
def version(app):
    return make_item()


def test_nothing_is_due_while_nothing_moves(version):
    assert due() == {}


def test_items_of_a_document_that_was_followed_are_due_until_found_right(version, reviewer):
    make_document("HD-42")
    make_document().followed_by = "HD-42"
    db.session.flush()
    assert due() == {version.item.code: [Cause.FOLLOWED]}
    (row,) = checks.due(TODAY, 90)[1]
    assert row.later.code == "HD-42"
    confirm(version, reviewer)
    assert due() == {} and checks.causes_of(version, TODAY) == []


def test_a_still_later_document_asks_again(version, reviewer):
    make_document().followed_by = "HD-42"
    confirm(version, reviewer)
    make_document().followed_by = "HD-99"
    db.session.flush()
    assert due() == {version.item.code: [Cause.FOLLOWED]}


def test_what_ends_within_the_span_is_due(app, reviewer):
    item = make_item(valid_to=SOON)
    assert (due(30), due(90)) == ({}, {item.item.code: [Cause.ENDING]})
    confirm(item, reviewer)
    assert due(90) == {}
    make_document().valid_to = SOON + timedelta(days=1)
    db.session.flush()
    assert due(90) == {item.item.code: [Cause.ENDING]}


def test_what_is_past_its_end_cannot_be_waved_through(app, reviewer):
    ended = make_item(valid_to=TODAY - timedelta(days=1))
    with pytest.raises(RuleBroken):
        confirm(ended, reviewer)
    assert due(30) == {ended.item.code: [Cause.ENDED]}


def test_retired_items_are_nobodys_worry(app):
    version = make_item(status=Status.RETIRED, valid_to=TODAY - timedelta(days=1))
    assert due() == {} and checks.causes_of(version, TODAY) == []


def test_the_nearest_end_comes_first(app):
    later, ended, soon = (make_item(valid_to=TODAY + timedelta(days=days)) for days in (80, -3, 10))
    assert list(due()) == [version.item.code for version in (ended, soon, later)]


def test_saying_so_twice_is_told_so_and_both_who_and_when_are_kept(version, reviewer):
    make_document().followed_by = "HD-42"
    confirm(version, reviewer)
    with pytest.raises(AlreadyDone):
        confirm(version, reviewer)
    latest = checks.latest(version)
    assert (latest.account_id, latest.at) == (reviewer.id, NOW)
