"""The life of a version: which moves are open, to whom, and what stands afterwards."""

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.items import Status
from quiz.core.reviews import Move, possible_moves, status_after

AUTHOR, OTHER = 1, 2
D, R, A, X = Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.RETIRED

OPEN = [
    (Move.SUBMIT, D, R),
    (Move.APPROVE, R, A),
    (Move.SEND_BACK, R, D),
    (Move.RETIRE, D, X),
    (Move.RETIRE, R, X),
    (Move.RETIRE, A, X),
]


@pytest.mark.parametrize("move, before, after", OPEN)
def test_an_open_move_leads_to_its_status(move, before, after):
    assert status_after(move, before, AUTHOR, OTHER) is after


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("status", Status)
def test_every_other_move_is_refused(move, status):
    if (move, status) in [(move, before) for move, before, _ in OPEN]:
        assert move in possible_moves(status)
        return
    assert move not in possible_moves(status)
    with pytest.raises(RuleBroken):
        status_after(move, status, AUTHOR, OTHER)


@pytest.mark.parametrize("move, before, after", OPEN[1:4])
def test_a_move_made_before_says_so(move, before, after):
    with pytest.raises(AlreadyDone):
        status_after(move, after, AUTHOR, OTHER)


def test_an_author_does_not_approve_the_own_words():
    with pytest.raises(RuleBroken) as refusal:
        status_after(Move.APPROVE, R, AUTHOR, AUTHOR)
    assert "Hãy nhờ người duyệt khác" in refusal.value.message


@pytest.mark.parametrize("move", [Move.SUBMIT, Move.SEND_BACK, Move.RETIRE])
def test_an_author_may_do_the_rest_with_the_own_words(move):
    assert status_after(move, D if move is not Move.SEND_BACK else R, AUTHOR, AUTHOR)


def test_words_nobody_signed_may_be_approved_by_anybody():
    assert status_after(Move.APPROVE, R, None, OTHER) is A
