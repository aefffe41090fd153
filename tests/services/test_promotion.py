"""Who goes on: the final edition decides, a tie at the cut stops, and each entry points at its result."""

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.promotion import Decision, Method, Quota, Scope, WayOut
from quiz.core.ranking import TieBreak
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Result
from quiz.services import entries, promotion, results, successors, ties, units
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_attempt,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    publish_final,
)

ENDED = NOW + 3 * HOUR


class Board:
    """A commune round that has ended, a district round after it, and the account that runs both."""

    def __init__(self, points, quota=None, next_round=True):
        district = make_unit("Mai Sơn", type_label="huyện")
        self.commune = make_unit("Cò Nòi", district)
        contest = make_contest(district)
        rules = make_rules(tie_breaks=(TieBreak.TIME_USED,), quota=quota or Quota(top=1, reserves=1))
        self.round = make_round(make_stage(contest, rules), self.commune, opened_at=NOW - HOUR)
        self.final_round = make_round(make_stage(contest, ordinal=2), district) if next_round else None
        self.entries = {}
        for name, earned in points.items():
            entry = make_entry(
                self.round, make_person(make_cell(self.commune, f"Bản {name}"), f"Lò Văn {name}")
            )
            make_attempt(entry, raw_score=earned, minutes=5)
            self.entries[name] = entry
        self.actor = Actor(make_account().id)

    def publish(self, kind=results.FINAL):
        """Publish provisionally and then as `kind`, and return the edition."""
        edition = results.publish(self.round, results.PROVISIONAL, "", self.actor, ENDED)
        return edition if kind == results.PROVISIONAL else publish_final(self.round, self.actor, ENDED)

    def promote(self, edition):
        """Promote and return the names."""
        return names(promotion.promote(edition, self.actor, ENDED))


def names(entries):
    return [entry.person.full_name.split()[-1] for entry in entries]


def test_the_first_goes_on_and_the_entry_points_at_the_result_that_earned_it(app):
    board = Board({"An": 300, "Bình": 500, "Cường": 400})
    edition = board.publish()
    assert board.promote(edition) == ["Bình"]
    entry = board.final_round.entries[0]
    result = db.session.get(Result, entry.result_id)
    assert (result.rank, result.edition_id, entry.origin) == (1, edition.id, "promoted")


def test_promoting_again_adds_nobody(app):
    board = Board({"An": 300, "Bình": 500})
    edition = board.publish()
    assert board.promote(edition) == ["Bình"]
    assert board.promote(edition) == []
    assert len(board.final_round.entries) == 1


def test_a_provisional_edition_sends_nobody_on(app):
    board = Board({"An": 300, "Bình": 500})
    with pytest.raises(RuleBroken, match="kết quả chính thức"):
        board.promote(board.publish(results.PROVISIONAL))


def test_without_a_next_round_the_sentence_says_to_make_one(app):
    board = Board({"An": 300}, next_round=False)
    with pytest.raises(RuleBroken, match="Chưa có vòng sau"):
        board.promote(board.publish())


def test_a_next_round_that_has_opened_takes_nobody_more(app):
    board = Board({"An": 300})
    board.final_round.opened_at = NOW
    with pytest.raises(RuleBroken, match="đã mở"):
        board.promote(board.publish())


def test_a_tie_at_the_cut_stops_and_names_the_people(app):
    board = Board({"An": 500, "Bình": 500, "Cường": 400})
    edition = board.publish()
    with pytest.raises(RuleBroken, match="bằng nhau ở ranh giới"):
        board.promote(edition)
    (tie,) = ties.open_ties(edition).values()
    assert {board.entries["An"].id, board.entries["Bình"].id} == set(tie.entries)
    assert (tie.rank, tie.places) == (1, 1)


@pytest.mark.parametrize(
    "way, chosen, seed, going",
    [
        (WayOut.ALL_GO, [], "", ["An", "Bình"]),
        (WayOut.HEAD_DECIDES, ["Bình"], "", ["Bình"]),
        (WayOut.EXTRA_QUESTIONS, ["An"], "", ["An"]),
    ],
)
def test_each_declared_way_out_settles_the_tie(app, way, chosen, seed, going):
    board = Board({"An": 500, "Bình": 500, "Cường": 400})
    edition = board.publish()
    (key,) = ties.open_ties(edition)
    decision = Decision(way, tuple(board.entries[name].id for name in chosen), seed)
    ties.decide(edition, key, decision, "Biên bản số 1", board.actor, ENDED)
    assert board.promote(edition) == going


def test_a_draw_follows_its_public_seed(app):
    board = Board({"An": 500, "Bình": 500, "Cường": 400})
    edition = board.publish()
    (key,) = ties.open_ties(edition)
    with pytest.raises(RuleBroken, match="số công khai"):
        ties.decide(edition, key, Decision(WayOut.DRAW), "Bốc thăm", board.actor, ENDED)
    ties.decide(edition, key, Decision(WayOut.DRAW, seed="27"), "Bốc thăm", board.actor, ENDED)
    (going,) = board.promote(edition)
    assert going in ("An", "Bình")
    (kept,) = ties.decisions_of(edition)
    assert kept.chosen == [board.entries[going].id]


def test_extra_questions_at_the_cut_put_the_reserves_in_order_too(app):
    board = Board({"An": 500, "Bình": 500, "Cường": 500}, Quota(top=1, reserves=2))
    edition = board.publish()
    (key,) = ties.open_ties(edition)
    scores = {board.entries[name].id: earned for name, earned in (("An", 100), ("Bình", 300), ("Cường", 200))}
    decision = Decision(WayOut.EXTRA_QUESTIONS, scores=scores)
    ties.decide(edition, key, decision, "Biên bản số 4", board.actor, ENDED)
    assert ties.open_ties(edition) == {}
    waiting = promotion.promotion_of(edition).reserves[""]
    assert waiting == (board.entries["Cường"].id, board.entries["An"].id)


def test_a_decision_needs_a_reason_and_is_taken_once(app):
    board = Board({"An": 500, "Bình": 500})
    edition = board.publish()
    (key,) = ties.open_ties(edition)
    with pytest.raises(RuleBroken, match="lý do"):
        ties.decide(edition, key, Decision(WayOut.ALL_GO), " ", board.actor, ENDED)
    ties.decide(edition, key, Decision(WayOut.ALL_GO), "Biên bản", board.actor, ENDED)
    with pytest.raises(AlreadyDone):
        ties.decide(edition, key, Decision(WayOut.ALL_GO), "Biên bản", board.actor, ENDED)


def test_the_committee_picks_by_hand_only_where_the_rules_say_so(app):
    board = Board({"An": 300, "Bình": 500}, quota=Quota(method=Method.MANUAL))
    edition = board.publish()
    with pytest.raises(RuleBroken, match="cấp ủy lựa chọn"):
        board.promote(edition)
    with pytest.raises(RuleBroken, match="lý do"):
        promotion.pick(edition, [board.entries["An"].id], "", board.actor, ENDED)
    picked = promotion.pick(edition, [board.entries["An"].id], "Quyết định số 5", board.actor, ENDED)
    assert (names(picked), picked[0].origin) == (["An"], "picked")


def test_everybody_from_the_cut_score_goes_on_when_a_threshold_is_set(app):
    board = Board({"An": 300, "Bình": 500, "Cường": 400}, quota=Quota(method=Method.THRESHOLD, cut_score=400))
    assert sorted(board.promote(board.publish())) == ["Bình", "Cường"]


def test_the_first_of_each_cluster_goes_on_when_counted_by_cluster(app):
    board = Board({"An": 300, "Bình": 500, "Cường": 400}, quota=Quota(top=1, scope=Scope.CLUSTER))
    board.entries["Bình"].cluster = "Cụm 1"
    board.entries["Cường"].cluster = "Cụm 1"
    board.entries["An"].cluster = "Cụm 2"
    assert sorted(board.promote(board.publish())) == ["An", "Bình"]


# --- a merger between two rounds --------------------------------------------------------------------------------


def merged_away(board):
    """Merge the commune of a round that is over into one of another district, and return that."""
    elsewhere = make_unit("Chiềng Chung", make_unit("Yên Châu", type_label="huyện"))
    units.merge(board.commune, elsewhere, day_of(ENDED), day_of(ENDED), board.actor, ENDED)
    return elsewhere


def test_who_won_goes_on_to_the_round_that_covers_the_cell_where_it_stands_now(app):
    board = Board({"An": 300, "Bình": 500})
    edition = board.publish()
    elsewhere = merged_away(board)
    there = make_round(board.final_round.stage, elsewhere.parent)
    assert board.promote(edition) == ["Bình"]
    (entry,) = there.entries
    assert (entry.scope, board.final_round.entries) == (elsewhere.parent, [])


def test_where_no_round_covers_the_cell_any_more_the_winner_goes_to_the_one_that_covered_it(app):
    board = Board({"An": 300, "Bình": 500})
    edition = board.publish()
    merged_away(board)
    assert board.promote(edition) == ["Bình"]
    (entry,) = board.final_round.entries
    assert entry.scope is board.final_round.unit


def test_a_reserve_whose_commune_merged_away_is_called_into_the_round_of_the_place(app):
    board = Board({"An": 300, "Bình": 500})
    edition = board.publish()
    board.promote(edition)
    merged_away(board)
    board.final_round.opens_at, board.final_round.closes_at = ENDED + HOUR, ENDED + 2 * HOUR
    (winner,) = board.final_round.entries
    entries.withdraw(winner, "Ốm", board.actor, ENDED)
    assert names([successors.call(winner, "", board.actor, ENDED)]) == ["An"]


def test_a_reserve_of_another_cluster_is_not_called_and_the_sentence_says_what_to_do(app):
    board = Board({"An": 300, "Bình": 500}, next_round=False)
    other = make_unit("Nà Bó", board.commune.parent)
    board.entries["An"].unit, board.entries["An"].scope = make_cell(other), other
    edition, stage = board.publish(), make_stage(board.round.stage.contest, ordinal=2)
    cluster = make_round(stage, board.commune, opens_at=ENDED + HOUR)
    make_round(stage, other, opens_at=ENDED + HOUR)
    board.promote(edition)
    entries.withdraw(cluster.entries[0], "Ốm", board.actor, ENDED)
    with pytest.raises(RuleBroken, match="không thuộc phạm vi"):
        successors.call(cluster.entries[0], "", board.actor, ENDED)
