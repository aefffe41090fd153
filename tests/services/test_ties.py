"""A decision about a tie that was typed wrongly is taken back: the tie is open again, and the record keeps both."""

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.promotion import Decision, Quota, WayOut
from quiz.extensions import db
from quiz.models import AuditEvent
from quiz.services import entries, promotion, results, successors, ties
from quiz.services.standings import standings_of
from quiz.services.successors import Standing
from tests.services.test_promotion import ENDED, Board, names

DRAW, HEAD = WayOut.DRAW, WayOut.HEAD_DECIDES


@pytest.fixture
def tied(app):
    """An and Bình are equal at the cut; a draw with the number 27, typed wrongly, has decided."""
    board = Board({"An": 500, "Bình": 500, "Cường": 400}, Quota(top=1, reserves=2))
    board.edition = board.publish()
    (board.key,) = ties.open_ties(board.edition)
    board.wrong = ties.decide(
        board.edition, board.key, Decision(DRAW, seed="27"), "Biên bản 1", board.actor, ENDED
    )
    return board


def take_back(board, reason="Ghi nhầm số bốc thăm"):
    ties.take_back(board.wrong, reason, board.actor, ENDED + 1)


def test_the_tie_is_open_again_and_the_new_decision_is_the_one_that_counts(tied):
    take_back(tied)
    assert list(ties.open_ties(tied.edition)) == [tied.key]
    assert ties.decisions_of(tied.edition) == []
    with pytest.raises(RuleBroken, match="bằng nhau ở ranh giới"):
        tied.promote(tied.edition)
    for name in ("An", "Bình"):
        chosen = Decision(HEAD, (tied.entries[name].id,))
        row = ties.decide(tied.edition, tied.key, chosen, "Biên bản 2", tied.actor, ENDED + 2)
        assert promotion.promotion_of(tied.edition).chosen == (tied.entries[name].id,)
        ties.take_back(row, "thử", tied.actor, ENDED + 3)


def test_both_stay_on_record_with_their_seeds_and_reasons(tied):
    take_back(tied)
    ties.decide(tied.edition, tied.key, Decision(DRAW, seed="17"), "Biên bản 1", tied.actor, ENDED + 2)
    first, second = ties.all_decisions_of(tied.edition)
    assert (first.seed, first.taken_back_at, first.taken_back_by_id, first.taken_back_reason) == (
        "27", ENDED + 1, tied.actor.account_id, "Ghi nhầm số bốc thăm",
    )  # fmt: skip
    assert (second.seed, second.taken_back_at, second.taken_back_reason) == ("17", None, "")
    said = db.session.query(AuditEvent).filter(AuditEvent.action.like("tie.%")).order_by(AuditEvent.id)
    assert [(one.action, one.detail["seed"]) for one in said] == [
        ("tie.decide", "27"), ("tie.take_back", "27"), ("tie.decide", "17"),
    ]  # fmt: skip


def test_it_takes_a_reason_and_happens_once(tied):
    with pytest.raises(RuleBroken, match="lý do thu hồi"):
        take_back(tied, "  ")
    take_back(tied)
    with pytest.raises(AlreadyDone, match="đã được thu hồi"):
        take_back(tied)


def test_not_while_one_of_the_equals_stands_in_the_next_round(tied):
    (sent,) = promotion.promote(tied.edition, tied.actor, ENDED)
    with pytest.raises(RuleBroken, match="đã vào vòng sau"):
        take_back(tied)
    entries.withdraw(sent, "Quyết định ghi nhầm", tied.actor, ENDED)
    take_back(tied)
    assert tied.key in ties.open_ties(tied.edition)


def test_others_who_stand_in_the_next_round_do_not_bar_it(app):
    board = Board({"An": 600, "Bình": 500, "Cường": 500}, Quota(top=2))
    edition = board.publish()
    (key,) = ties.open_ties(edition)
    board.wrong = ties.decide(edition, key, Decision(DRAW, seed="27"), "Biên bản 1", board.actor, ENDED)
    sent = promotion.promote(edition, board.actor, ENDED)
    assert names(sent)[0] == "An"
    entries.withdraw(sent[1], "Quyết định ghi nhầm", board.actor, ENDED)
    take_back(board)
    assert list(ties.open_ties(edition)) == [key]


def test_not_of_an_edition_that_was_replaced(tied):
    standings = standings_of(tied.round)
    results.add_edition(tied.round, "final", "sửa", standings, tied.actor, ENDED, None, tied.edition)
    db.session.expire_all()
    with pytest.raises(RuleBroken, match="thay bằng lần công bố sau"):
        take_back(tied)


def test_what_was_taken_back_is_not_offered_again_after_a_correction(tied):
    take_back(tied)
    standings = standings_of(tied.round)
    edition = results.add_edition(
        tied.round, "final", "sửa", standings, tied.actor, ENDED, None, tied.edition
    )
    db.session.expire_all()
    assert ties.open_ties(edition) and ties.decided_before(edition) == {}


def test_who_was_taken_out_again_because_a_decision_was_taken_back_may_be_called_as_a_reserve(app):
    board = Board({"An": 500, "Bình": 500, "Cường": 400}, Quota(top=1, reserves=1))
    edition = board.publish()
    (key,) = ties.open_ties(edition)
    board.wrong = ties.decide(edition, key, Decision(WayOut.ALL_GO), "Biên bản 1", board.actor, ENDED)
    sent = {one.person.full_name: one for one in promotion.promote(edition, board.actor, ENDED)}
    for one in sent.values():
        entries.withdraw(one, "Quyết định ghi nhầm", board.actor, ENDED)
    take_back(board)
    ties.decide(edition, key, Decision(HEAD, (board.entries["An"].id,)), "Biên bản 1", board.actor, ENDED + 2)
    outlook = successors.outlook_of(sent["Lò Văn An"], ENDED + 3)
    assert [(one.line.name, one.standing) for one in outlook.reserves] == [("Lò Văn Bình", Standing.FREE)]
    assert names([successors.call(sent["Lò Văn An"], "ốm", board.actor, ENDED + 3)]) == ["Bình"]


def test_a_decision_that_a_withdrawal_made_unfit_stays_on_record_beside_the_next(app):
    board = Board({"An": 500, "Bình": 500, "Cường": 500}, Quota(top=1))
    edition = board.publish()
    (key,) = ties.open_ties(edition)
    an = board.entries["An"]
    ties.decide(edition, key, Decision(HEAD, (an.id,)), "Biên bản 1", board.actor, ENDED)
    an.withdrawn_at = ENDED
    db.session.flush()
    ties.decide(edition, key, Decision(DRAW, seed="17"), "Biên bản 2", board.actor, ENDED + 1)
    first, second = ties.all_decisions_of(edition)
    assert (first.way, first.taken_back_reason) == (HEAD, ties.OUTDATED)
    assert (second.way, second.taken_back_at) == (DRAW, None)
    assert an.id not in promotion.promotion_of(edition).chosen
