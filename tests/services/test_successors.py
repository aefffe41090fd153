"""A finalist withdraws: the first reserve moves up with a reason, and a mistake can be undone before the round."""

import random

import pytest
from sqlalchemy import select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.judging import Judging
from quiz.core.parts import Part
from quiz.core.permissions import Role
from quiz.core.promotion import Decision, Quota, WayOut
from quiz.core.rules import Rules, to_dict
from quiz.extensions import db
from quiz.models import AuditEvent, Entry, Result, Successor
from quiz.services import displaced, entries, performances, promotion, successors, ties
from quiz.services.successors import Standing
from tests.factories import HOUR, NOW, make_account, make_attempt, make_cell, make_entry, make_person
from tests.services.test_promotion import ENDED, Board, names

OPENS = NOW + 20 * 24 * HOUR  # the final
POINTS = {"An": 500, "Bình": 400, "Cường": 300, "Dung": 200}


class Finals:
    """A commune whose winner An has gone on to the final, with two reserves behind."""

    def __init__(self, points=POINTS, reserves=2):
        self.board = Board(points, Quota(top=1, reserves=reserves))
        self.final = self.board.final_round
        self.final.opens_at, self.final.closes_at = OPENS, OPENS + 3 * HOUR
        self.edition = self.board.publish()
        (self.winner,) = promotion.promote(self.edition, self.board.actor, ENDED)
        self.actor = self.board.actor

    def withdraw(self, entry=None, reason="Ốm", at=ENDED):
        entries.withdraw(entry or self.winner, reason, self.actor, at)

    def call(self, entry=None, reason="", at=ENDED):
        return successors.call(entry or self.winner, reason, self.actor, at)

    def restore(self, entry=None, at=ENDED):
        return successors.restore(entry or self.winner, self.actor, at)

    def standing(self):
        """Return the names of those who stand in the final."""
        query = select(Entry).where(Entry.round_id == self.final.id, Entry.withdrawn_at.is_(None))
        return sorted(names(db.session.scalars(query)))


def test_the_first_reserve_takes_the_place_with_the_reason_and_points_at_the_own_result(app):
    finals = Finals()
    finals.withdraw()
    new = finals.call()
    assert finals.standing() == ["Bình"]
    result = db.session.get_one(Result, new.result_id)
    assert (new.origin, result.name, result.rank) == ("reserve", "Lò Văn Bình", 2)
    row = db.session.get_one(Successor, new.id)
    assert (row.replaces_id, row.reason, row.called_by_id) == (
        finals.winner.id,
        "Ốm",
        finals.actor.account_id,
    )
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.detail["reason"]) == ("entry.reserve", "Ốm")


def test_a_reserve_called_after_the_draw_comes_last_and_keeps_the_turn_when_called_again(app):
    finals = Finals()
    stage_part = Part("Giới thiệu", max_points=1000, minutes=3, judging=Judging(judges=1))
    finals.final.stage.rules = to_dict(Rules(parts=(stage_part,), tie_breaks=()))
    other = make_entry(finals.final, make_person(make_cell(finals.final.unit, "Bản Xa"), "Quàng Văn Xa"))
    performances.draw_order(finals.final, "1 2 3", 1, finals.actor, ENDED)
    finals.withdraw()
    new = finals.call()
    assert [one.entry_id for one in performances.of_round(finals.final)] == [other.id, new.id]
    finals.restore()
    finals.withdraw()
    again = finals.call()
    assert again.id == new.id
    assert [one.entry_id for one in performances.of_round(finals.final)] == [other.id, new.id]


def test_a_finalist_who_withdrew_is_not_said_to_be_missing_from_the_next_round(app):
    finals = Finals()
    finals.withdraw()
    assert displaced.displaced(finals.edition) == displaced.Displaced([], [])
    finals.call()
    assert displaced.displaced(finals.edition) == displaced.Displaced([], [])


def test_the_call_can_have_a_reason_of_its_own(app):
    finals = Finals()
    finals.withdraw()
    assert db.session.get_one(Successor, finals.call(reason="Biên bản số 9").id).reason == "Biên bản số 9"


def test_one_place_is_taken_once(app):
    finals = Finals()
    finals.withdraw()
    finals.call()
    with pytest.raises(AlreadyDone, match=r"Bình \(.+\) đã vào thay"):
        finals.call()
    assert finals.standing() == ["Bình"]


def test_nobody_is_called_for_somebody_who_stands_or_was_never_sent_on(app):
    finals = Finals()
    with pytest.raises(RuleBroken, match="đã rút tên"):
        finals.call()
    grassroots = finals.board.entries["Dung"]
    with pytest.raises(RuleBroken, match="đã rút tên"):
        finals.call(grassroots)


def test_when_the_reserve_withdraws_too_the_next_one_is_called_and_then_nobody_is_left(app):
    finals = Finals()
    finals.withdraw()
    finals.withdraw(finals.call(), "Bận việc nhà")
    assert names([finals.call()]) == ["Cường"]
    assert finals.standing() == ["Cường"]
    finals.withdraw(successors.standing_in(successors.place_of(finals.winner)), "Đi xa")
    outlook = successors.outlook_of(finals.winner, ENDED)
    assert (outlook.stop, outlook.next) == (successors.NOBODY_LEFT, None)
    with pytest.raises(RuleBroken, match="Không còn người dự bị"):
        finals.call()


def test_a_call_for_the_reserve_who_withdrew_is_one_for_the_same_place(app):
    finals = Finals()
    finals.withdraw()
    second = finals.call()
    finals.withdraw(second, "Bận việc nhà")
    finals.call(second)
    with pytest.raises(AlreadyDone, match=r"Cường \(.+\) đã vào thay"):
        finals.call()


def test_a_reserve_who_has_become_an_organizer_is_passed_over(app):
    finals = Finals()
    make_account((Role.ORGANIZER, finals.board.commune), person=finals.board.entries["Bình"].person)
    finals.withdraw()
    outlook = successors.outlook_of(finals.winner, ENDED)
    assert [one.standing for one in outlook.reserves] == [Standing.BARRED, Standing.FREE]
    assert names([finals.call()]) == ["Cường"]


def test_equal_reserves_are_called_once_the_board_has_ordered_them(app):
    finals = Finals({"An": 500, "Bình": 400, "Cường": 400}, reserves=1)
    finals.withdraw()
    outlook = successors.outlook_of(finals.winner, ENDED)
    assert (outlook.has_tie, outlook.reserves) == (True, [])
    with pytest.raises(RuleBroken):
        finals.call()
    (key,) = ties.open_ties(finals.edition)
    chosen = (finals.board.entries["Cường"].id,)
    decision = Decision(WayOut.HEAD_DECIDES, chosen)
    ties.decide(finals.edition, key, decision, "Biên bản", finals.actor, ENDED)
    assert names([finals.call()]) == ["Cường"]


@pytest.mark.parametrize("at", [OPENS, OPENS + HOUR], ids=["at the first minute", "during the round"])
def test_once_the_round_has_begun_the_place_stays_empty(app, at):
    finals = Finals()
    finals.withdraw()
    finals.final.opened_at = ENDED
    with pytest.raises(RuleBroken, match="Chỗ của người rút tên để trống"):
        finals.call(at=at)
    assert finals.standing() == []
    assert finals.call(at=OPENS - 1).origin == "reserve"


# --- undoing ----------------------------------------------------------------------------------------------------


def picture(finals):
    """Return what stands in the final, column by column, and who stands for whom."""
    query = select(Entry).where(Entry.round_id == finals.final.id, Entry.withdrawn_at.is_(None))
    columns = [column.name for column in Entry.__table__.columns]
    rows = [
        [getattr(entry, name) for name in columns] for entry in db.session.scalars(query.order_by(Entry.id))
    ]
    return rows, [(row.entry_id, row.replaces_id) for row in db.session.scalars(select(Successor))]


def test_a_withdrawal_undone_restores_exactly(app):
    finals = Finals()
    before = picture(finals)
    finals.withdraw()
    assert finals.restore() is None
    assert picture(finals) == before


def test_undoing_sends_the_reserve_back_who_can_be_called_again(app):
    finals = Finals()
    before = picture(finals)
    finals.withdraw()
    finals.call()
    assert names([finals.restore()]) == ["Bình"]
    assert picture(finals) == before
    finals.withdraw(reason="Ốm thật")
    assert [one.standing for one in successors.outlook_of(finals.winner, ENDED).reserves] == [
        Standing.FREE
    ] * 2
    assert names([finals.call()]) == ["Bình"]
    assert finals.standing() == ["Bình"]


def test_undoing_reaches_the_last_of_those_called_one_after_another(app):
    finals = Finals()
    finals.withdraw()
    finals.withdraw(finals.call(), "Bận việc nhà")
    finals.call()
    assert names([finals.restore()]) == ["Cường"]
    assert finals.standing() == ["An"]
    finals.withdraw(reason="Ốm lại")
    assert names([finals.call()]) == ["Cường"]


def test_a_reserve_whose_place_is_taken_again_does_not_come_back(app):
    finals = Finals()
    finals.withdraw()
    reserve = finals.call()
    finals.restore()
    with pytest.raises(RuleBroken, match="không còn chỗ trống"):
        finals.restore(reserve)
    assert finals.standing() == ["An"]


def test_a_reserve_who_withdrew_by_mistake_comes_back_while_the_place_is_free(app):
    finals = Finals()
    finals.withdraw()
    reserve = finals.call()
    finals.withdraw(reserve, "Nhầm")
    finals.restore(reserve)
    assert finals.standing() == ["Bình"]
    assert successors.standing_in(successors.place_of(finals.winner)) == reserve


def test_nothing_is_undone_once_the_round_has_begun(app):
    finals = Finals()
    finals.withdraw()
    finals.final.opened_at = ENDED
    with pytest.raises(RuleBroken, match="Vòng thi đã bắt đầu"):
        finals.restore(at=OPENS)
    assert finals.standing() == []


def test_nothing_is_undone_once_the_reserve_has_started(app):
    finals = Finals()
    finals.withdraw()
    make_attempt(finals.call())
    with pytest.raises(RuleBroken, match="đã bắt đầu làm bài"):
        finals.restore()
    assert finals.standing() == ["Bình"]


# --- whatever the board does, in whatever order -----------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_there_is_never_more_than_one_person_for_one_place(sqlite_app, seed):
    chance = random.Random(seed)
    with sqlite_app.app_context():
        finals = Finals(POINTS | {"Em": 100}, reserves=3)
        for _step in range(40):
            there = list(db.session.scalars(select(Entry).where(Entry.round_id == finals.final.id)))
            before, entry = picture(finals), chance.choice(there)
            act = chance.choice([finals.withdraw, finals.call, finals.restore])
            try:
                act(entry)
            except RuleBroken:
                assert picture(finals) == before
            assert len(finals.standing()) <= 1
            for row in db.session.scalars(select(Successor)):
                assert row.replaces.withdrawn_at is not None or row.entry.withdrawn_at is not None
            outlook = successors.outlook_of(finals.winner, ENDED)
            assert (outlook.successor is not None) == (finals.standing() not in ([], ["An"]))
            assert (outlook.next is not None and not outlook.stop and not outlook.successor) <= (
                not finals.standing()
            )
