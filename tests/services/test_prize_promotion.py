"""Going on by prize: the closed list decides, with the board's decisions in it; until it is closed nobody goes on."""

import pytest
from sqlalchemy import select

from quiz.core.errors import RuleBroken
from quiz.core.prizes import Prize, PrizeTable
from quiz.core.promotion import Method, Quota
from quiz.core.ranking import TieBreak
from quiz.extensions import db
from quiz.models import AuditEvent, Result
from quiz.services import (
    award_decisions,
    award_lists,
    awards,
    displaced,
    effects,
    promotion,
    results,
    successors,
)
from quiz.services.audit import Actor
from quiz.services.standings import Otherwise, standings_of
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
    second_opinion,
)

ENDED = NOW + 3 * HOUR
TABLE = PrizeTable((Prize("Giải nhất"), Prize("Giải nhì", 2), Prize("Giải ba", 1)))
BY_PRIZE = Quota(method=Method.PRIZE, prizes=("Giải nhất", "Giải nhì"), reserves=1)
POINTS = {"An": 500, "Bình": 400, "Chung": 300, "Dung": 200, "Én": 100}


class Board:
    """A region's round with its final edition, whose first and second prizes go on to a final."""

    def __init__(self, points=POINTS):
        self.region = make_unit("Tây Bắc", type_label="khu vực")
        contest = make_contest(self.region)
        rules = make_rules(tie_breaks=(TieBreak.TIME_USED,), prizes=TABLE, quota=BY_PRIZE)
        self.round = make_round(make_stage(contest, rules), self.region, opened_at=NOW - HOUR)
        later = ENDED + 90 * HOUR
        self.final_round = make_round(make_stage(contest, ordinal=2), self.region, opens_at=later)
        self.entries, self.attempts = {}, {}
        for name, earned in points.items():
            person = make_person(make_cell(self.region, f"Bản {name}"), f"Lò Văn {name}")
            self.entries[name] = make_entry(self.round, person)
            self.attempts[name] = make_attempt(self.entries[name], raw_score=earned, minutes=5)
        self.actor = Actor(make_account().id)
        results.publish(self.round, results.PROVISIONAL, "", self.actor, ENDED)
        self.edition = publish_final(self.round, self.actor, ENDED)

    def close(self):
        second_opinion(award_lists.ask_to_close(self.edition, "", self.actor, ENDED), ENDED)

    def promote(self):
        entered = promotion.promote(self.edition, self.actor, ENDED)
        return [entry.person.full_name.split()[-1] for entry in entered]

    def withdraw(self, entry):
        entry.withdrawn_at, entry.withdrawn_reason = ENDED, "ốm"
        db.session.flush()


def test_nobody_goes_on_until_the_list_is_closed_and_then_each_winner_by_the_own_prize(app):
    board = Board()
    assert promotion.waits_for_prizes(board.edition)
    outcome = promotion.promotion_of(board.edition)
    assert (outcome.chosen, outcome.reserves) == ((), {"": ()})
    with pytest.raises(RuleBroken, match="Hãy chốt danh sách giải trước"):
        board.promote()
    board.close()
    assert not promotion.waits_for_prizes(board.edition)
    assert board.promote() == ["An", "Bình", "Chung"]
    assert board.promote() == []
    first = board.final_round.entries[0]
    result = db.session.get(Result, first.result_id)
    assert (result.edition_id, result.rank, first.origin) == (board.edition.id, 1, "promoted")
    said = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "entry.promoted"))
    assert sorted(event.detail["reason"] for event in said) == ["Giải nhì", "Giải nhì", "Giải nhất"]


def test_the_decisions_of_the_board_stand_a_prize_withheld_sends_one_fewer_and_sharers_all_go(app):
    board = Board(POINTS | {"Bình": 300, "Dung": 300})  # three share two second prizes
    board.close()
    assert board.promote() == ["An", "Bình", "Chung", "Dung"]
    other = Board()
    key = awards.key_of("Giải nhì", "")
    award_decisions.withhold(other.edition, key, 1, "Không ai đạt", other.actor, ENDED)
    other.close()
    assert other.promote() == ["An", "Bình"]


def test_a_winner_who_withdrew_is_not_sent_and_after_the_promotion_the_reserve_is_called(app):
    board = Board()
    board.close()
    board.withdraw(board.entries["Bình"])
    assert board.promote() == ["An", "Chung"]
    assert promotion.prizes_counting(board.edition)[board.entries["Bình"].id] == ("Giải nhì",)
    gone = board.final_round.entries[0]
    board.withdraw(gone)
    called = successors.call(gone, "", board.actor, ENDED)
    assert (called.person.full_name, called.origin) == ("Lò Văn Dung", "reserve")


def test_a_corrected_ranking_waits_for_its_own_list_and_blames_nobody_meanwhile(app):
    board = Board()
    board.close()
    board.promote()
    board.withdraw(board.final_round.entries[0])
    board.attempts["Én"].raw_score = 600
    db.session.flush()
    last = results.latest(board.round.id)
    lines = standings_of(board.round)
    board.edition = results.add_edition(board.round, last.kind, "sửa", lines, board.actor, ENDED, None, last)
    assert displaced.displaced(board.edition) == displaced.Displaced([], [])
    assert "Hãy chốt danh sách giải" in successors.outlook_of(board.final_round.entries[0], ENDED).stop
    board.close()
    assert [line.name for line in displaced.displaced(board.edition).missing] == ["Lò Văn Én", "Lò Văn An"]


def test_before_a_correction_is_published_its_prizes_by_the_table_tell_who_would_cross(app):
    board = Board()
    struck = Otherwise(without=frozenset({board.attempts["An"].id}))
    crossing = {one.entry: one.crosses for one in effects.effect_of(board.round, 1, struck).changes}
    assert crossing[board.entries["Dung"].id] == 1 and crossing[board.entries["An"].id] == -1
