"""Who goes on: the final edition decides, a tie at the cut stops, and each entry points at its result."""

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.promotion import Decision, Method, Quota, Scope, WayOut
from quiz.core.ranking import TieBreak
from quiz.extensions import db
from quiz.models import Result
from quiz.services import promotion, results
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
    (tie,) = promotion.open_ties(edition).values()
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
    (key,) = promotion.open_ties(edition)
    decision = Decision(way, tuple(board.entries[name].id for name in chosen), seed)
    promotion.decide(edition, key, decision, "Biên bản số 1", board.actor, ENDED)
    assert board.promote(edition) == going


def test_a_draw_follows_its_public_seed(app):
    board = Board({"An": 500, "Bình": 500, "Cường": 400})
    edition = board.publish()
    (key,) = promotion.open_ties(edition)
    with pytest.raises(RuleBroken, match="số công khai"):
        promotion.decide(edition, key, Decision(WayOut.DRAW), "Bốc thăm", board.actor, ENDED)
    promotion.decide(edition, key, Decision(WayOut.DRAW, seed="27"), "Bốc thăm", board.actor, ENDED)
    (going,) = board.promote(edition)
    assert going in ("An", "Bình")
    (kept,) = promotion.decisions_of(edition)
    assert kept.chosen == [board.entries[going].id]


def test_extra_questions_at_the_cut_put_the_reserves_in_order_too(app):
    board = Board({"An": 500, "Bình": 500, "Cường": 500}, Quota(top=1, reserves=2))
    edition = board.publish()
    (key,) = promotion.open_ties(edition)
    scores = {board.entries[name].id: earned for name, earned in (("An", 100), ("Bình", 300), ("Cường", 200))}
    decision = Decision(WayOut.EXTRA_QUESTIONS, scores=scores)
    promotion.decide(edition, key, decision, "Biên bản số 4", board.actor, ENDED)
    assert promotion.open_ties(edition) == {}
    waiting = promotion.promotion_of(edition).reserves[""]
    assert waiting == (board.entries["Cường"].id, board.entries["An"].id)


def test_a_decision_needs_a_reason_and_is_taken_once(app):
    board = Board({"An": 500, "Bình": 500})
    edition = board.publish()
    (key,) = promotion.open_ties(edition)
    with pytest.raises(RuleBroken, match="lý do"):
        promotion.decide(edition, key, Decision(WayOut.ALL_GO), " ", board.actor, ENDED)
    promotion.decide(edition, key, Decision(WayOut.ALL_GO), "Biên bản", board.actor, ENDED)
    with pytest.raises(AlreadyDone):
        promotion.decide(edition, key, Decision(WayOut.ALL_GO), "Biên bản", board.actor, ENDED)


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
