"""A correction after people were sent on: what was decided about equals, and whose place in the next round is lost."""

import pytest

from quiz.core.errors import RuleBroken
from quiz.core.promotion import Decision, Quota, WayOut
from quiz.extensions import db
from quiz.models import Result
from quiz.services import displaced, entries, promotion, results, successors, ties
from quiz.services.standings import standings_of
from tests.factories import HOUR, NOW
from tests.services.test_promotion import ENDED, Board, names

POINTS = {"An": 500, "Bình": 300, "Cường": 300, "Dung": 200, "Én": 100}
CUT = "|2"


@pytest.fixture
def board(app):
    """The second place of two was drawn between Bình and Cường; both who go on are in the final, weeks from now."""
    board = Board(POINTS, Quota(top=2, reserves=2))
    final = board.final_round
    final.opens_at, final.closes_at = NOW + 20 * 24 * HOUR, NOW + 21 * 24 * HOUR
    board.edition = board.publish()
    draw = Decision(WayOut.DRAW, seed="2027")
    ties.decide(board.edition, CUT, draw, "biên bản 3", board.actor, ENDED)
    board.promote(board.edition)
    return board


def corrected(board, **points):
    """Publish anew with other points for some."""
    for name, earned in points.items():
        board.entries[name].attempts[0].raw_score = earned
    db.session.flush()
    last, lines = results.latest(board.round.id), standings_of(board.round)
    return results.add_edition(board.round, last.kind, "sửa", lines, board.actor, ENDED, None, last)


def in_final(board, name):
    """Return the entry of somebody in the final."""
    return next(one for one in board.final_round.entries if one.person.full_name == f"Lò Văn {name}")


@pytest.mark.parametrize(
    ("points", "again"),
    [
        ({"An": 400}, [CUT]),  # the same two stand equal at the same place
        ({"Dung": 300}, []),  # three do: nothing was decided about these
        ({"Én": 600}, []),  # both are behind the cut now
    ],
)
def test_what_was_decided_about_the_very_same_equals_is_kept_ready_and_counts_when_said_again(
    board, points, again
):
    edition = corrected(board, **points)
    before = ties.decided_before(edition)
    assert [key for key in before if not key.startswith("reserves:")] == again
    for key, row in before.items():
        assert (row.seed, row.reason) == ("2027", "biên bản 3")
        ties.decide(edition, key, Decision(row.way, seed=row.seed), row.reason, board.actor, ENDED)
        assert promotion.promote(edition, board.actor, ENDED) == []
        assert displaced.displaced(edition) == displaced.Displaced([], [])


def test_a_look_ahead_counts_no_decision_about_other_equals(board):
    def ties():
        return len(promotion.outlook(board.round, standings_of(board.round), {}).ties)

    assert ties() == 0
    board.entries["Dung"].attempts[0].raw_score = 300
    db.session.flush()
    assert ties() == 1


def test_no_reserve_is_called_into_a_place_that_a_corrected_ranking_gives_to_somebody_else(board):
    edition = corrected(board, Dung=400)
    (leaving,) = displaced.displaced(edition).leaving
    assert names(promotion.promote(edition, board.actor, ENDED)) == ["Dung"]
    entries.withdraw(leaving, "lần công bố 3", board.actor, ENDED)
    outlook = successors.outlook_of(leaving, ENDED)
    assert outlook.is_lost and not outlook.successor
    with pytest.raises(RuleBroken, match="chỗ này không còn"):
        successors.call(leaving, "", board.actor, ENDED)
    entries.withdraw(in_final(board, "An"), "ốm", board.actor, ENDED)
    assert not successors.outlook_of(in_final(board, "An"), ENDED).is_lost


@pytest.mark.parametrize(("ill", "called"), [(False, "Bình"), (True, "Én")])
def test_who_was_taken_out_because_a_corrected_ranking_sent_somebody_else_still_stands_in_reserve(
    app, ill, called
):
    """Bình is behind Dung after a correction, first in reserve: not passed over unless Bình withdrew of own accord."""
    board = Board({"An": 500, "Bình": 300, "Dung": 200, "Én": 100}, Quota(top=2, reserves=2))
    board.final_round.opens_at, board.final_round.closes_at = NOW + 20 * 24 * HOUR, NOW + 21 * 24 * HOUR
    board.promote(board.publish())
    if ill:
        entries.withdraw(in_final(board, "Bình"), "ốm", board.actor, ENDED - 1)
    edition = corrected(board, Dung=400)
    promotion.promote(edition, board.actor, ENDED)
    for leaving in displaced.displaced(edition).leaving:
        entries.withdraw(leaving, "lần công bố 3", board.actor, ENDED)
    place = in_final(board, "An")
    entries.withdraw(place, "ốm", board.actor, ENDED)
    assert names([successors.call(place, "", board.actor, ENDED)]) == [called]
    assert names([successors.standing_in(successors.place_of(place))]) == [called]
    assert displaced.displaced(edition) == displaced.Displaced([], [])
    successors.restore(place, board.actor, ENDED)
    waiting = successors.outlook_of(place, ENDED).reserves
    assert [one.standing for one in waiting if one.line.name.endswith(called)] == [successors.Standing.FREE]


def test_who_withdrew_before_a_correction_is_missing_only_while_nobody_stands_in_the_place(board):
    ill = in_final(board, "An")
    entries.withdraw(ill, "ốm", board.actor, ENDED)
    edition = corrected(board, Én=150)
    seen = displaced.displaced(edition)
    assert [line.name for line in seen.missing] == ["Lò Văn An"]
    assert seen.withdrawn == {board.entries["An"].id: ill}
    successors.restore(ill, board.actor, ENDED)
    assert displaced.displaced(edition).missing == []


@pytest.mark.parametrize(
    "points",
    [
        {"Cường": 300},  # the reserve is level with another
        {"An": 500},  # two before the reserve are level, and one of them will stand in reserve
    ],
)
def test_a_reserve_who_was_called_is_not_blamed_while_the_order_of_the_reserves_is_open(app, points):
    board = Board({"Bình": 500, "Cường": 400, "An": 300, "Dung": 200}, Quota(top=1, reserves=2))
    board.final_round.opens_at, board.final_round.closes_at = NOW + 20 * 24 * HOUR, NOW + 21 * 24 * HOUR
    board.promote(board.publish())
    entries.withdraw(in_final(board, "Bình"), "ốm", board.actor, ENDED)
    called = successors.call(in_final(board, "Bình"), "", board.actor, ENDED)
    edition = corrected(board, **points)
    assert names([called]) == ["Cường"] and ties.open_ties(edition)
    assert displaced.displaced(edition).leaving == []


def test_a_reserve_sent_back_goes_on_when_a_corrected_ranking_says_so(board):
    """Dung was called for An, and sent back when An came after all; then the key is corrected in Dung's favour."""
    entries.withdraw(in_final(board, "An"), "ốm", board.actor, ENDED)
    called = successors.call(in_final(board, "An"), "", board.actor, ENDED)
    successors.restore(in_final(board, "An"), board.actor, ENDED)
    assert promotion.was_sent_back(called)
    edition = corrected(board, **{called.person.full_name.removeprefix("Lò Văn "): 600})
    seen = displaced.displaced(edition)
    assert [line.name for line in seen.missing] == [called.person.full_name] and seen.withdrawn == {}
    assert promotion.promote(edition, board.actor, ENDED) == [called]
    assert (called.origin, called.withdrawn_at, called.withdrawn_reason) == ("promoted", None, "")
    assert db.session.get_one(Result, called.result_id).edition_id == edition.id
    assert displaced.displaced(edition).missing == [] and promotion.promote(edition, board.actor, ENDED) == []
