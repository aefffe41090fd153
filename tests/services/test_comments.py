"""Remarks on items: kept in order, said once, with the reasons of moves among them."""

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.items import Status
from quiz.core.permissions import Role
from quiz.core.reviews import Move
from quiz.services import comments, reviews
from quiz.services.audit import Actor
from tests.factories import NOW, make_account, make_item


@pytest.fixture
def item(app):
    return make_item(status=Status.IN_REVIEW).item


@pytest.fixture
def reviewer(app):
    return make_account((Role.REVIEWER, None))


def say(item, account, text, seen=0):
    return comments.add(item, text, seen, account, Actor(account.id), NOW)


def test_remarks_stand_in_the_order_they_were_made_with_author_and_version(item, reviewer):
    first = say(item, reviewer, "Nên nêu  rõ khoản.")
    say(item, reviewer, "Đã xem.", first.id)
    assert [(c.text, c.account.username, c.version.number, c.at) for c in comments.thread(item)] == [
        ("Nên nêu rõ khoản.", reviewer.username, 1, NOW), ("Đã xem.", reviewer.username, 1, NOW),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_a_remark_says_something_and_not_too_much(item, reviewer, text):
    with pytest.raises(RuleBroken):
        say(item, reviewer, text)
    assert comments.thread(item) == []


def test_a_second_tap_adds_nothing_but_the_same_words_may_be_said_again_later(item, reviewer):
    first = say(item, reviewer, "Xem lại.")
    with pytest.raises(AlreadyDone):
        say(item, reviewer, "Xem lại.")
    say(item, reviewer, "Xem lại.", first.id)
    assert len(comments.thread(item)) == 2


def test_the_reason_of_a_move_is_among_the_remarks(item, reviewer):
    reviews.make(Move.SEND_BACK, item, item.current_id, reviewer, Actor(reviewer.id), NOW, "Hai đáp án")
    assert [(c.move, c.text) for c in comments.thread(item)] == [("send_back", "Hai đáp án")]
