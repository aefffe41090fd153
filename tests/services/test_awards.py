"""Prizes of an edition: worked out, decided on by the board with reasons, closed by two people, and then fixed."""

from datetime import date

import pytest
from sqlalchemy import select

from quiz.core.approvals import Answer
from quiz.core.awards import How
from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.people import Sex
from quiz.core.prizes import (
    AtLine,
    CollectivePrize,
    Kind,
    Measure,
    Merit,
    Prize,
    PrizeTable,
    SpecialPrize,
)
from quiz.core.promotion import Scope
from quiz.core.ranking import TieBreak
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import AuditEvent, Award
from quiz.services import award_decisions, award_figures, award_lists, awards, results, units
from quiz.services.audit import Actor
from quiz.services.standings import scope_name, standings_of
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_attempt,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
    open_for_test,
    publish_final,
    second_opinion,
)

ENDED = NOW + 3 * HOUR
TABLE = PrizeTable((Prize("Giải nhất", 1), Prize("Giải nhì", 2)))


class Board:
    """A district round that has ended, with one contestant for each (name, points) from two communes by turns."""

    def __init__(self, points, table=TABLE, people=None, **rules):
        self.district = make_unit("Mai Sơn", type_label="huyện")
        self.communes = [make_unit(name, self.district) for name in ("Cò Nòi", "Nà Bó")]
        values = {"tie_breaks": (TieBreak.TIME_USED,), "prizes": table} | rules
        self.stage = make_stage(make_contest(self.district), make_rules(**values))
        self.round = make_round(self.stage, self.district, opened_at=NOW - HOUR)
        self.entries = {}
        for turn, (name, earned) in enumerate(points.items()):
            cell = make_cell(self.communes[turn % 2], f"Bản {name}")
            person = make_person(cell, f"Lò Văn {name}", **(people or {}).get(name, {}))
            self.entries[name] = make_entry(self.round, person)
            make_attempt(self.entries[name], raw_score=earned, minutes=5)
        self.actor = Actor(make_account().id)

    def publish(self):
        """Publish provisionally and finally, and return the final edition."""
        results.publish(self.round, results.PROVISIONAL, "", self.actor, ENDED)
        self.edition = publish_final(self.round, self.actor, ENDED)
        return self.edition

    def close(self):
        """Close the list of prizes by two people."""
        return second_opinion(award_lists.ask_to_close(self.edition, "", self.actor, ENDED), ENDED)

    def won(self):
        """Return the given names by prize."""
        found = {}
        for line in awards.awards_of(self.edition):
            found.setdefault(line.prize, []).append(line.name.removeprefix("Lò Văn "))
        return found

    def id_of(self, name):
        return self.entries[name].id


POINTS = {"An": 500, "Bình": 400, "Chung": 300, "Dung": 200}


def test_prizes_go_down_the_ranks_with_the_names_of_the_edition(app):
    board = Board(POINTS)
    board.publish()
    assert board.won() == {"Giải nhất": ["An"], "Giải nhì": ["Bình", "Chung"]}
    first = awards.awards_of(board.edition)[0]
    assert (first.kind, first.cell_name, first.unit_name, first.rank, first.points, first.how) == (
        Kind.MAIN, "chi bộ Bản An", "xã Cò Nòi", 1, 500, How.RULE,
    )  # fmt: skip


def test_equals_stand_in_the_list_of_prizes_as_in_the_ranking_whoever_was_entered_first(app):
    table = PrizeTable(
        (Prize("Giải nhất", 1), Prize("Giải nhì", 3)), special=(SpecialPrize("Đến đủ", Merit.EVERYONE),)
    )
    board = Board({"Xuân": 400, "Ánh": 400, "Dung": 500, "Ân": 400}, table)
    edition = board.publish()
    listed = [line.name.removeprefix("Lò Văn ") for line in results.all_of(edition)]
    assert listed == ["Dung", "Ánh", "Ân", "Xuân"]
    assert board.won() == {"Giải nhất": listed[:1], "Giải nhì": listed[1:], "Đến đủ": listed}


def test_a_stage_without_prizes_gives_none_and_has_nothing_to_close(app):
    board = Board(POINTS, PrizeTable())
    board.publish()
    assert awards.awards_of(board.edition) == []
    with pytest.raises(RuleBroken, match="chưa có cơ cấu giải"):
        board.close()


def test_prizes_are_counted_in_each_group_under_its_name(app):
    board = Board({}, PrizeTable((Prize("Giải nhất", 1),), Scope.GROUP))
    for group, earned in (("Cơ quan", 500), ("Cơ quan", 400), ("Khu dân cư", 300)):
        cell = make_cell(board.communes[0], f"Bản {earned}")
        entry = make_entry(board.round, make_person(cell, f"Lò Văn {earned}"), ranking_group=group)
        make_attempt(entry, raw_score=earned)
    board.publish()
    given = [(line.scope, line.name) for line in awards.awards_of(board.edition)]
    assert given == [("Cơ quan", "Lò Văn 500"), ("Khu dân cư", "Lò Văn 300")]


@pytest.mark.parametrize("scope", Scope, ids=str)
def test_the_scope_of_a_prize_is_named_as_that_of_a_rank(app, scope):
    board = Board(POINTS)
    for entry in board.entries.values():
        entry.cluster, entry.ranking_group, entry.scope = "Cụm 1", "Cơ quan", board.communes[0]
    board.publish()
    named = {
        one.entry: one.scope for one in award_figures.contestants_of(board.edition, PrizeTable(scope=scope))
    }
    assert named == {entry.id: scope_name(entry, scope) for entry in board.entries.values()}


# --- special and collective prizes ------------------------------------------------------------------------------


def test_the_oldest_the_youngest_and_the_best_woman_are_found(app):
    table = PrizeTable(
        special=tuple(SpecialPrize(m.value, m) for m in (Merit.OLDEST, Merit.YOUNGEST, Merit.BEST_WOMAN))
    )
    people = {
        "An": {"birth_date": date(1990, 1, 1)}, "Bình": {"birth_date": date(1957, 1, 1)},
        "Chung": {"birth_date": date(1996, 1, 1), "sex": Sex.FEMALE}, "Dung": {"birth_date": None},
    }  # fmt: skip
    board = Board(POINTS, table, people)
    board.publish()
    assert board.won() == {"oldest": ["Bình"], "youngest": ["Chung"], "best_woman": ["Chung"]}
    assert award_figures.without_birth_date(board.edition) == 1


def test_the_best_in_a_topic_is_found_from_the_papers(app):
    versions = [make_item(topic="dieu-le"), make_item(topic="chi-bo")]
    board = Board({}, PrizeTable(special=(SpecialPrize("Phần Điều lệ", Merit.BEST_TOPIC, topic="dieu-le"),)))
    open_for_test(board.round, versions)
    paper = f"[[{versions[0].id}, [0, 1, 2, 3]], [{versions[1].id}, [0, 1, 2, 3]]]"
    for name, marks in {"An": [0, 100], "Bình": [100, 0]}.items():
        entry = make_entry(board.round, make_person(make_cell(board.communes[0], name), f"Lò Văn {name}"))
        make_attempt(entry, raw_score=100)
        db.session.refresh(entry)
        entry.attempts[0].paper, entry.attempts[0].marks = paper, marks
    db.session.flush()
    board.publish()
    assert board.won() == {"Phần Điều lệ": ["Bình"]}
    assert [one.figure for one in awards.view_of(board.edition).lines] == [(100, 0)]


COLLECTIVE = {
    Measure.PARTICIPATION: ("xã Nà Bó", (2, 2)),
    Measure.CONTESTANTS: ("xã Cò Nòi", (3, 0)),
    Measure.WINNERS: ("xã Cò Nòi", (2, 0)),
    Measure.BEST_MEAN: ("xã Cò Nòi", (800, 2)),
}


@pytest.mark.parametrize("measure", COLLECTIVE, ids=str)
def test_units_are_compared_by_the_stated_measure_with_its_figures(app, measure):
    row = CollectivePrize("Tập thể", measure, best=2)
    board = Board(POINTS | {"Em": 100}, PrizeTable(TABLE.prizes, collective=(row,)))
    make_cell(board.communes[0], "Bản vắng")
    board.publish()
    line = awards.awards_of(board.edition)[-1]
    assert ((line.name, line.figure), line.kind, line.cell_name) == (COLLECTIVE[measure], Kind.COLLECTIVE, "")


@pytest.mark.parametrize("measure", COLLECTIVE, ids=str)
def test_units_that_merged_since_are_compared_as_they_were_when_the_round_was_held(app, measure):
    board = Board(
        POINTS | {"Em": 100},
        PrizeTable(TABLE.prizes, collective=(CollectivePrize("Tập thể", measure, best=2),)),
    )
    make_cell(board.communes[0], "Bản vắng")
    board.publish()
    won = awards.awards_of(board.edition)[-1]
    gone, into = board.communes
    units.merge(gone, into, day_of(ENDED), day_of(ENDED), board.actor, ENDED)
    assert awards.awards_of(board.edition)[-1] == won and (won.name, won.figure) == COLLECTIVE[measure]


# --- what the board decides -------------------------------------------------------------------------------------


def test_a_withheld_prize_is_given_to_nobody_and_the_reason_is_kept(app):
    board = Board(POINTS)
    board.publish()
    award_decisions.withhold(board.edition, "|Giải nhất", 1, "BB 5: chưa đạt", board.actor, ENDED)
    assert board.won() == {"Giải nhì": ["An", "Bình"]}
    assert awards.decisions_of(board.edition)[0].reason == "BB 5: chưa đạt"
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.detail["prize"], event.detail["reason"]) == (
        "awards.withhold", "Giải nhất", "BB 5: chưa đạt",
    )  # fmt: skip


def test_a_tie_the_board_settles(app):
    board = Board({"An": 500, "Bình": 500, "Chung": 300}, PrizeTable(TABLE.prizes, at_line=AtLine.BOARD))
    board.publish()
    assert board.won() == {}
    with pytest.raises(RuleBroken, match="bằng nhau"):
        board.close()
    chosen = (board.id_of("Bình"),)
    award_decisions.settle(board.edition, "|Giải nhất", chosen, "Câu hỏi phụ", board.actor, ENDED)
    assert board.won() == {"Giải nhất": ["Bình"], "Giải nhì": ["An", "Chung"]}
    with pytest.raises(AlreadyDone):
        award_decisions.settle(board.edition, "|Giải nhất", chosen, "Lần nữa", board.actor, ENDED)


def test_a_settled_tie_made_unfit_later_is_settled_anew(app):
    board = Board(
        {"An": 500, "Bình": 500, "Chung": 500}, PrizeTable((Prize("Giải nhất", 1),), at_line=AtLine.BOARD)
    )
    board.publish()
    key = "|Giải nhất"
    award_decisions.settle(board.edition, key, (board.id_of("An"),), "Bốc thăm", board.actor, ENDED)
    award_decisions.pass_over(board.edition, board.id_of("An"), "Xin không nhận", board.actor, ENDED)
    assert board.won() == {}
    award_decisions.settle(board.edition, key, (board.id_of("Bình"),), "Bốc thăm lại", board.actor, ENDED)
    assert board.won() == {"Giải nhất": ["Bình"]}


def test_prizes_given_by_hand_stand_with_their_reason(app):
    table = PrizeTable(TABLE.prizes, special=(SpecialPrize("Giải phong cách", Merit.BY_HAND),))
    board = Board(POINTS, table)
    board.publish()
    award_decisions.give(board.edition, "Giải phong cách", board.id_of("Dung"), "BB 6", board.actor, ENDED)
    award_decisions.give(board.edition, "Giải nhì", board.id_of("Dung"), "Thêm một giải", board.actor, ENDED)
    assert board.won() == {
        "Giải nhất": ["An"], "Giải nhì": ["Bình", "Chung", "Dung"], "Giải phong cách": ["Dung"],
    }  # fmt: skip
    assert [line.reason for line in awards.awards_of(board.edition)] == ["", "", "", "Thêm một giải", "BB 6"]


REFUSED = {
    "somebody who has that prize": ("Giải nhất", "An", AlreadyDone),
    "a second main prize by hand": ("Giải nhất", "Dung", RuleBroken),
    "a prize that is not on the table": ("Giải tư", "Dung", RuleBroken),
    "a special prize that is given already": ("Giải phong cách", "An", RuleBroken),
    "somebody the board passes over": ("Giải nhì", "Bình", RuleBroken),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_given_by_hand(app, case):
    prize, name, error = REFUSED[case]
    table = PrizeTable(TABLE.prizes, special=(SpecialPrize("Giải phong cách", Merit.BY_HAND),))
    board = Board(POINTS, table)
    board.publish()
    award_decisions.give(board.edition, "Giải nhì", board.id_of("Dung"), "BB 6", board.actor, ENDED)
    award_decisions.give(board.edition, "Giải phong cách", board.id_of("Chung"), "BB 6", board.actor, ENDED)
    award_decisions.pass_over(board.edition, board.id_of("Bình"), "Vi phạm", board.actor, ENDED)
    with pytest.raises(error):
        award_decisions.give(board.edition, prize, board.id_of(name), "BB 7", board.actor, ENDED)


def test_nobody_outside_the_edition_is_given_anything(app):
    board = Board(POINTS)
    board.publish()
    for act in (
        lambda: award_decisions.give(board.edition, "Giải nhì", 999_999, "BB", board.actor, ENDED),
        lambda: award_decisions.pass_over(board.edition, 999_999, "BB", board.actor, ENDED),
    ):
        with pytest.raises(RuleBroken, match="có trong bảng kết quả"):
            act()


def test_a_decision_needs_its_reason(app):
    board = Board(POINTS)
    board.publish()
    with pytest.raises(RuleBroken, match="lý do"):
        award_decisions.withhold(board.edition, "|Giải nhất", 1, "  ", board.actor, ENDED)


def test_the_same_decision_twice_is_already_done(app):
    board = Board(POINTS)
    board.publish()
    award_decisions.withhold(board.edition, "|Giải nhì", 1, "BB 5", board.actor, ENDED)
    with pytest.raises(AlreadyDone):
        award_decisions.withhold(board.edition, "|Giải nhì", 1, "BB 5", board.actor, ENDED)


@pytest.mark.parametrize("number", [0, 3])
def test_no_more_is_withheld_than_the_table_has(app, number):
    board = Board(POINTS)
    board.publish()
    with pytest.raises(RuleBroken, match="từ 1 đến 2"):
        award_decisions.withhold(board.edition, "|Giải nhì", number, "BB 5", board.actor, ENDED)


def test_nothing_is_withheld_of_a_prize_whose_places_sharers_of_a_higher_one_took(app):
    board = Board({"An": 500, "Bình": 500, "Chung": 500, "Dung": 200})
    board.publish()
    with pytest.raises(RuleBroken, match="không có suất nào"):
        award_decisions.withhold(board.edition, "|Giải nhì", 1, "BB 5", board.actor, ENDED)


def test_taking_every_decision_back_restores_exactly(app):
    board = Board(POINTS)
    board.publish()
    before = awards.awards_of(board.edition)
    award_decisions.withhold(board.edition, "|Giải nhất", 1, "BB 5", board.actor, ENDED)
    award_decisions.give(board.edition, "Giải nhất", board.id_of("Dung"), "BB 5", board.actor, ENDED)
    award_decisions.pass_over(board.edition, board.id_of("Bình"), "BB 5", board.actor, ENDED)
    assert awards.awards_of(board.edition) != before
    for decision in awards.decisions_of(board.edition):
        award_decisions.take_back(decision, board.actor, ENDED)
    assert awards.awards_of(board.edition) == before


# --- closing ----------------------------------------------------------------------------------------------------


def test_a_closed_list_reads_the_same_and_moves_no_more(app):
    board = Board(POINTS)
    board.publish()
    before = awards.awards_of(board.edition)
    closed = board.close()
    board.entries["An"].person.full_name = "Tên mới"
    board.stage.rules = board.stage.rules | {"prizes": {}}
    db.session.flush()
    assert awards.awards_of(board.edition) == before
    assert closed.size == 3
    assert [(row["prize"], row["places"], row["given"]) for row in closed.lines] == [
        ("Giải nhất", 1, 1), ("Giải nhì", 2, 2),
    ]  # fmt: skip
    with pytest.raises(AlreadyDone):
        award_decisions.withhold(board.edition, "|Giải nhất", 1, "BB", board.actor, ENDED)


def test_a_list_that_changed_after_it_was_asked_for_is_not_closed(app):
    board = Board(POINTS)
    board.publish()
    asked = award_lists.ask_to_close(board.edition, "", board.actor, ENDED)
    award_decisions.withhold(board.edition, "|Giải nhất", 1, "BB 5", board.actor, ENDED)
    with pytest.raises(RuleBroken, match="đã thay đổi"):
        second_opinion(asked, ENDED)
    assert awards.list_of(board.edition) is None


def test_one_person_does_not_close_a_list(app):
    board = Board(POINTS)
    board.publish()
    asked = award_lists.ask_to_close(board.edition, "", board.actor, ENDED)
    with pytest.raises(AlreadyDone):
        award_lists.ask_to_close(board.edition, "", board.actor, ENDED)
    second_opinion(asked, ENDED, Answer.REFUSED, "Xem lại giải nhì")
    assert awards.list_of(board.edition) is None
    assert db.session.scalars(select(Award)).all() == []
    board.close()
    assert awards.list_of(board.edition) is not None


def test_prizes_of_a_provisional_edition_are_only_shown(app):
    board = Board(POINTS)
    edition = results.publish(board.round, results.PROVISIONAL, "", board.actor, ENDED)
    assert [line.name for line in awards.awards_of(edition)] == ["Lò Văn An", "Lò Văn Bình", "Lò Văn Chung"]
    with pytest.raises(RuleBroken, match="tạm thời"):
        award_decisions.withhold(edition, "|Giải nhất", 1, "BB", board.actor, ENDED)


# --- a corrected edition ----------------------------------------------------------------------------------------


def corrected(board, name, earned):
    """Give somebody other points and return the edition that stands beside the old one from then on."""
    board.entries[name].attempts[0].raw_score = earned
    db.session.flush()
    lines = standings_of(board.round)
    return results.add_edition(
        board.round, results.FINAL, "", lines, board.actor, ENDED, replaces=board.edition
    )


def test_a_correction_has_prizes_of_its_own_and_the_old_list_stays(app):
    board = Board(POINTS)
    old = board.publish()
    board.close()
    before = awards.awards_of(old)
    board.edition = corrected(board, "Dung", 600)
    db.session.refresh(old)
    assert awards.awards_of(old) == before
    assert board.won() == {"Giải nhất": ["Dung"], "Giải nhì": ["An", "Bình"]}
    with pytest.raises(RuleBroken, match="lần sửa thay thế"):
        award_decisions.withhold(old, "|Giải nhất", 1, "BB", board.actor, ENDED)
    assert board.close().edition is board.edition


def test_decisions_are_taken_over_to_a_correction_as_far_as_they_fit(app):
    board = Board(POINTS | {"Em": 100})
    old = board.publish()
    award_decisions.withhold(old, "|Giải nhì", 1, "BB 5", board.actor, ENDED)
    award_decisions.give(old, "Giải nhất", board.id_of("Em"), "BB 6", board.actor, ENDED)
    award_decisions.pass_over(old, board.id_of("Bình"), "BB 7", board.actor, ENDED)
    assert award_decisions.left_behind(old) == 0
    board.edition = corrected(board, "Em", 600)
    assert award_decisions.left_behind(board.edition) == 3
    kept = award_decisions.carry_over(board.edition, board.actor, ENDED)
    assert [one.reason for one in kept] == ["BB 5", "BB 7"]  # who was given the first prize has won it now
    assert board.won() == {"Giải nhất": ["Em"], "Giải nhì": ["An"]}
    with pytest.raises(AlreadyDone):
        award_decisions.carry_over(board.edition, board.actor, ENDED)
