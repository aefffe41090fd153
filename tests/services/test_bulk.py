"""One act on many items: what can be done is done, the rest is left and told why."""

from datetime import date, timedelta

import pytest

from quiz.core.errors import RuleBroken
from quiz.core.items import Part, Status
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import AuditEvent
from quiz.services import bulk, items
from quiz.services.audit import Actor
from quiz.services.bulk import Act, Order
from tests.factories import NOW, make_account, make_document, make_item, make_topic

TODAY = date(2026, 3, 1)


@pytest.fixture
def reviewer(app):
    return make_account((Role.REVIEWER, None))


def carry_out(act, account, versions, **more):
    order = Order(act, account, Actor(account.id), NOW, TODAY, **{"newest": bulk.newest_version()} | more)
    return bulk.carry_out(order, [version.item_id for version in versions])


def test_a_reviewer_approves_what_others_wrote_and_is_told_why_the_rest_was_left(reviewer):
    other = make_account()
    waiting, loaded = (
        make_item(status=Status.IN_REVIEW, author_id=other.id),
        make_item(status=Status.IN_REVIEW),
    )
    own = make_item(status=Status.IN_REVIEW, author_id=reviewer.id)
    draft, done = make_item(status=Status.DRAFT), make_item(status=Status.APPROVED)
    report = carry_out(Act.APPROVE, reviewer, [waiting, loaded, own, draft, done])
    assert report.done == [waiting.item.code, loaded.item.code]
    assert sorted(report.skipped.values()) == sorted([[own.item.code], [draft.item.code], [done.item.code]])
    assert report.left == 3
    states = [db.session.merge(v).status for v in (waiting, own, draft)]
    assert states == [Status.APPROVED, Status.IN_REVIEW, Status.DRAFT]


def test_each_item_has_its_own_row_in_the_record(reviewer):
    versions = [make_item(status=Status.IN_REVIEW) for _ in range(3)]
    carry_out(Act.APPROVE, reviewer, versions)
    targets = {row.target for row in db.session.query(AuditEvent).filter_by(action="item.approve")}
    assert targets == {f"item:{version.item_id}" for version in versions}


@pytest.mark.parametrize("act", [Act.SEND_BACK, Act.RETIRE])
def test_sending_back_and_retiring_need_a_reason(reviewer, act):
    version = make_item(status=Status.IN_REVIEW)
    with pytest.raises(RuleBroken):
        carry_out(act, reviewer, [version])
    report = carry_out(act, reviewer, [version], reason="Văn bản đã thay")
    assert report.done == [version.item.code]


def test_items_move_to_practice_as_new_versions_that_wait_for_approval(reviewer):
    approved, draft = make_item(), make_item(status=Status.DRAFT)
    there, retired = make_item(part=Part.PRACTICE), make_item(status=Status.RETIRED)
    report = carry_out(Act.TO_PRACTICE, reviewer, [approved, draft, there, retired])
    assert report.done == [approved.item.code, draft.item.code]
    assert report.skipped == {bulk.ALREADY_SO: [there.item.code], bulk.RETIRED: [retired.item.code]}
    now = [
        (v.number, v.part, v.status) for v in (db.session.merge(x.item).current for x in (approved, draft))
    ]
    assert now == [(2, Part.PRACTICE, Status.IN_REVIEW), (2, Part.PRACTICE, Status.DRAFT)]
    assert (db.session.merge(approved).part, db.session.merge(approved).status) == (
        Part.EXAM,
        Status.APPROVED,
    )


def test_a_topic_is_set_and_has_to_be_there(reviewer):
    version = make_item()
    with pytest.raises(RuleBroken):
        carry_out(Act.SET_TOPIC, reviewer, [version], topic="khong-co")
    make_topic("chi-bo")
    assert carry_out(Act.SET_TOPIC, reviewer, [version], topic="chi-bo").done == [version.item.code]
    assert db.session.merge(version.item).current.topic.code == "chi-bo"


def test_many_are_found_still_right_at_once(reviewer):
    make_document().followed_by = "HD-42"
    right, ended = make_item(), make_item(valid_to=TODAY - timedelta(days=1))
    report = carry_out(Act.CHECK, reviewer, [right, ended])
    assert (report.done, report.left) == ([right.item.code], 1)


def test_what_was_rewritten_since_it_was_seen_is_left(reviewer):
    version = make_item(status=Status.IN_REVIEW)
    report = carry_out(Act.APPROVE, reviewer, [version], newest=version.id - 1)
    assert report.skipped == {items.MOVED_ON: [version.item.code]}


def test_more_than_one_transaction_should_hold_is_refused(reviewer, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    versions = [make_item(status=Status.IN_REVIEW) for _ in range(3)]
    with pytest.raises(RuleBroken):
        carry_out(Act.APPROVE, reviewer, versions)
    assert {version.status for version in versions} == {Status.IN_REVIEW}


def test_portions_change_nothing_in_the_outcome(reviewer, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    versions = [make_item(status=Status.IN_REVIEW) for _ in range(5)]
    assert len(carry_out(Act.APPROVE, reviewer, versions).done) == 5
    assert {db.session.merge(version).status for version in versions} == {Status.APPROVED}
