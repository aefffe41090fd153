"""A reserve who says beforehand that they cannot come: the next call goes past them, and that can be taken back."""

import random
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.permissions import Role
from quiz.core.promotion import Quota
from quiz.extensions import db
from quiz.models import AuditEvent, Decline, Edition, Entry
from quiz.services import declines, entries, figures, promotion, results, successors
from quiz.services.standings import standings_of
from quiz.services.successors import Standing
from tests.factories import HOUR, make_account
from tests.services.test_promotion import ENDED, Board, names
from tests.services.test_successors import OPENS, POINTS, Finals

SAID = "Đi học dài hạn ở Hà Nội"


class Waiting(Finals):
    """The final of An, with the reserves Bình and Cường behind: what Bình says before anybody is called."""

    def decline(self, name="Bình", reason=SAID, at=ENDED):
        return declines.decline(self.edition, self.board.entries[name].id, reason, self.actor, at)

    def take_back(self, row, reason="Ghi nhầm người", at=ENDED + 9):
        declines.take_back(row, reason, self.actor, at)

    def states(self):
        """Return what has become of each reserve, in order."""
        return [one.standing for one in declines.ready(self.edition)[""]]


def test_the_call_goes_past_who_has_declined_and_the_reserve_behind_comes(app):
    final = Waiting()
    row = final.decline()
    assert (row.reason, row.declined_at, row.declined_by_id) == (SAID, ENDED, final.actor.account_id)
    assert final.states() == [Standing.DECLINED, Standing.FREE]
    final.withdraw()
    outlook = successors.outlook_of(final.winner, ENDED)
    assert [(one.line.name, one.declined.reason) for one in outlook.passed_over] == [("Lò Văn Bình", SAID)]
    assert names([final.call()]) == ["Cường"]
    assert final.standing() == ["Cường"]
    assert final.states() == [Standing.DECLINED, Standing.CALLED]


def test_who_declined_behind_the_one_whose_turn_it_is_is_not_said_to_be_passed_over(app):
    final = Waiting()
    final.decline("Cường")
    final.withdraw()
    assert successors.outlook_of(final.winner, ENDED).passed_over == []
    assert names([final.call()]) == ["Bình"]


def test_no_more_people_stand_in_reserve_because_one_declines_and_with_the_last_nobody_is_left(app):
    final = Waiting()
    final.decline()
    final.decline("Cường")
    final.withdraw()
    outlook = successors.outlook_of(final.winner, ENDED)
    assert (outlook.stop, len(outlook.reserves)) == (successors.NOBODY_LEFT, 2)
    with pytest.raises(RuleBroken, match="Không còn người dự bị"):
        final.call()


def test_it_needs_no_later_round_for_a_reserve_to_decline(app):
    board = Board(POINTS, Quota(top=1, reserves=2), next_round=False)
    edition = board.publish()
    declines.decline(edition, board.entries["Bình"].id, SAID, board.actor, ENDED)
    assert [one.standing for one in declines.ready(edition)[""]] == [Standing.DECLINED, Standing.FREE]


def test_a_reserve_who_was_sent_back_may_decline(app):
    final = Waiting()
    final.withdraw()
    final.call()
    final.restore()
    final.decline()
    final.withdraw()
    assert names([final.call()]) == ["Cường"]


def test_who_is_in_the_round_or_withdrew_from_it_is_sent_to_its_list(app):
    final = Waiting()
    final.withdraw()
    reserve = final.call()
    with pytest.raises(RuleBroken, match=r"Bình \(.+\) đã vào vòng sau"):
        final.decline()
    final.withdraw(reserve)
    with pytest.raises(AlreadyDone, match=r"Bình \(.+\) đã rút tên"):
        final.decline()
    assert db.session.query(Decline).count() == 0


@pytest.mark.parametrize("name", ["An", "Dung"], ids=["who goes on", "who is no reserve"])
def test_only_somebody_in_the_order_of_reserves_declines(app, name):
    with pytest.raises(RuleBroken, match="không có trong danh sách dự bị"):
        Waiting().decline(name)


def test_a_provisional_or_a_replaced_ranking_has_nobody_who_could_decline(app):
    board = Board(POINTS, Quota(top=1, reserves=2))
    edition = board.publish(results.PROVISIONAL)
    with pytest.raises(RuleBroken, match="kết quả chính thức"):
        declines.decline(edition, board.entries["Bình"].id, SAID, board.actor, ENDED)


def test_it_takes_a_reason_and_a_second_click_changes_nothing(app):
    final = Waiting()
    with pytest.raises(RuleBroken, match="lý do"):
        final.decline(reason="  ")
    final.decline()
    with pytest.raises(AlreadyDone, match=r"Bình \(.+\) đã được ghi là xin rút"):
        final.decline(reason="Lý do khác")
    assert [row.reason for row in db.session.query(Decline)] == [SAID]


def test_once_the_next_round_has_begun_nobody_is_called_so_nobody_declines(app):
    final = Waiting()
    final.final.opened_at = ENDED
    with pytest.raises(RuleBroken, match="Vòng sau đã bắt đầu"):
        final.decline(at=OPENS)
    assert final.decline(at=OPENS - 1).id


def test_who_may_not_compete_now_may_decline_all_the_same(app):
    final = Waiting()
    make_account((Role.ORGANIZER, final.board.commune), person=final.board.entries["Bình"].person)
    final.decline()
    assert final.states() == [Standing.DECLINED, Standing.FREE]


# --- taking it back ---------------------------------------------------------------------------------------------


def test_taken_back_the_turn_is_as_before_and_both_stay_on_record(app):
    final = Waiting()
    row = final.decline()
    final.take_back(row)
    assert final.states() == [Standing.FREE, Standing.FREE]
    assert (row.taken_back_at, row.taken_back_by_id, row.taken_back_reason) == (
        ENDED + 9, final.actor.account_id, "Ghi nhầm người",
    )  # fmt: skip
    final.decline(reason="Lần này thật", at=ENDED + 10)
    assert [one.reason for one in declines.all_of(final.edition)] == [SAID, "Lần này thật"]
    said = db.session.query(AuditEvent).filter(AuditEvent.action.like("reserve.%")).order_by(AuditEvent.id)
    entry = final.board.entries["Bình"]
    assert [(one.action, one.target, one.detail["reason"]) for one in said] == [
        ("reserve.decline", f"entry:{entry.id}", SAID),
        ("reserve.take_back", f"entry:{entry.id}", "Ghi nhầm người"),
        ("reserve.decline", f"entry:{entry.id}", "Lần này thật"),
    ]


def test_taking_back_needs_a_reason_and_happens_once(app):
    final = Waiting()
    row = final.decline()
    with pytest.raises(RuleBroken, match="lý do"):
        final.take_back(row, " ")
    final.take_back(row)
    with pytest.raises(AlreadyDone, match="đã được bỏ"):
        final.take_back(row)


def test_not_once_somebody_behind_was_called_past_them_not_even_when_that_one_withdraws_too(app):
    final = Waiting()
    row = final.decline()
    final.withdraw()
    called = final.call()
    with pytest.raises(RuleBroken, match=r"Cường \(.+\), người xếp sau"):
        final.take_back(row)
    final.withdraw(called, "Ốm")
    with pytest.raises(RuleBroken, match="người xếp sau"):
        final.take_back(row)
    assert row.taken_back_at is None


def test_a_call_that_was_undone_has_passed_nobody(app):
    final = Waiting()
    row = final.decline()
    final.withdraw()
    final.call()
    final.restore()
    final.take_back(row)
    assert final.states() == [Standing.FREE, Standing.FREE]


def test_who_was_called_before_or_stands_before_them_has_passed_nobody(app):
    final = Waiting(reserves=3)
    final.withdraw()
    final.call()
    row = final.decline("Cường", at=ENDED + 1)
    final.take_back(row)
    assert final.states() == [Standing.CALLED, Standing.FREE, Standing.FREE]


def test_who_was_called_to_another_place_before_they_declined_has_passed_nobody(app):
    board = Board(POINTS, Quota(top=2, reserves=2))
    board.final_round.opens_at, board.final_round.closes_at = OPENS, OPENS + HOUR
    edition, actor = board.publish(), board.actor
    first, second = promotion.promote(edition, actor, ENDED)
    for winner in (first, second):
        entries.withdraw(winner, "Ốm", actor, ENDED)
        successors.call(winner, "", actor, ENDED)
    successors.restore(first, actor, ENDED)
    row = declines.decline(edition, board.entries["Cường"].id, SAID, actor, ENDED + 1)
    assert declines.called_past(row) is None
    declines.take_back(row, "Ghi nhầm", actor, ENDED + 2)


# --- two at once ------------------------------------------------------------------------------------------------


def at_once(app, *acts):
    """Let each act run in a thread with a session of its own, and return what each said, sorted."""
    together, said = Barrier(len(acts)), []

    def run(act):
        with app.app_context():
            together.wait(timeout=300)
            try:
                act()
                db.session.commit()
                said.append("done")
            except RuleBroken as refused:
                db.session.rollback()
                said.append(type(refused).__name__)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    return sorted(said)


def test_two_organizers_who_write_it_at_once_write_it_once(app):
    final = Waiting()
    edition, second, actor = final.edition.id, final.board.entries["Bình"].id, final.actor
    db.session.commit()

    def decline():
        declines.decline(db.session.get_one(Edition, edition), second, SAID, actor, ENDED)

    assert at_once(app, decline, decline) == ["AlreadyDone", "done"]
    assert db.session.query(Decline).count() == 1


def test_whoever_is_called_in_the_same_instant_is_in_the_round_or_has_declined_never_both(app):
    final = Waiting()
    final.withdraw()
    edition, second, actor = final.edition.id, final.board.entries["Bình"].id, final.actor
    winner, final_id = final.winner.id, final.final.id
    db.session.commit()

    def decline():
        declines.decline(db.session.get_one(Edition, edition), second, SAID, actor, ENDED)

    def call():
        successors.call(db.session.get_one(Entry, winner), "", actor, ENDED)

    said = at_once(app, decline, call)
    there = db.session.query(Entry).filter_by(round_id=final_id, withdrawn_at=None)
    found = names(there), db.session.query(Decline).count()
    assert (said, found) in (
        (["done", "done"], (["Cường"], 1)),  # said first
        (["RuleBroken", "done"], (["Bình"], 0)),  # called first
    )


# --- a corrected ranking, papers ----------------------------------------------------------------------------------


def test_what_was_said_holds_for_the_person_also_in_a_corrected_ranking(app):
    final = Waiting()
    final.decline()
    first, lines = final.edition, standings_of(final.board.round)
    newer = results.add_edition(
        final.board.round, first.kind, "sửa", lines, final.actor, ENDED + HOUR, replaces=first
    )
    assert [one.standing for one in declines.ready(newer)[""]] == [Standing.DECLINED, Standing.FREE]
    with pytest.raises(RuleBroken, match="thay bằng lần công bố"):
        final.decline("Cường")
    declines.decline(newer, final.board.entries["Cường"].id, SAID, final.actor, ENDED + HOUR)


def test_papers_name_who_declined_and_not_who_took_it_back(app):
    final = Waiting()
    final.decline()
    final.take_back(final.decline("Cường"))
    (found,) = figures.of_round(final.board.round, ENDED).rounds
    cell = final.board.entries["Bình"].unit.title
    assert found.declined == ((f"Lò Văn Bình ({cell})", SAID),)


# --- whatever the board does, in whatever order -----------------------------------------------------------------


def do(final, act, entry, name, now):
    """Do one act in the final of Waiting: to an entry of it, or to the reserve of that name."""
    if act == "decline":
        final.decline(name, at=now)
    elif act == "take_back":
        said = [row for row in declines.all_of(final.edition) if row.taken_back_at is None]
        for row in said[:1]:
            final.take_back(row, at=now)
    else:
        getattr(final, act)(entry, at=now)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_nobody_is_called_who_has_declined_and_the_first_who_has_not_always_is(sqlite_app, seed):
    chance = random.Random(seed)
    with sqlite_app.app_context():
        final = Waiting(POINTS | {"Em": 100}, reserves=4)
        for now in range(ENDED, ENDED + 60):
            there = list(db.session.scalars(select(Entry).where(Entry.round_id == final.final.id)))
            entry, name = chance.choice(there), chance.choice(["Bình", "Cường", "Dung", "Em"])
            act = chance.choice(["decline", "take_back", "withdraw", "call", "restore"])
            before = final.states()
            try:
                do(final, act, entry, name, now)
            except RuleBroken:
                assert final.states() == before
                continue
            after = final.states()
            changed = [(one, two) for one, two in zip(before, after, strict=True) if one is not two]
            if act == "call":
                assert after[before.index(Standing.FREE)] is Standing.CALLED and len(changed) == 1
            if act == "take_back":
                assert changed in ([], [(Standing.DECLINED, Standing.FREE)])
            assert len(final.standing()) <= 1 and after.count(Standing.CALLED) <= 1
