"""Publishing: only what has ended, editions that do not move, the same bytes whatever the order of rows."""

import hashlib

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.promotion import Quota, Scope
from quiz.core.ranking import TieBreak
from quiz.core.timing import day_of
from quiz.extensions import db
from quiz.models import Result
from quiz.services import figures, results, units
from quiz.services.audit import Actor
from quiz.services.standings import explanation_from_dict, standings_of
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


@pytest.fixture
def board(app):
    """The account that publishes."""
    return Actor(make_account().id)


def a_round(points, **rules):
    """Return a round whose contestants have handed in with these points (and minutes used)."""
    district = make_unit("Mai Sơn", type_label="huyện")
    commune = make_unit("Cò Nòi", district)
    stage = make_stage(make_contest(district), make_rules(tie_breaks=(TieBreak.TIME_USED,), **rules))
    contest_round = make_round(stage, commune, opened_at=NOW - HOUR)
    for name, (earned, minutes) in points.items():
        entry = make_entry(contest_round, make_person(make_cell(commune, f"Bản {name}"), f"Lò Văn {name}"))
        make_attempt(entry, raw_score=earned, minutes=minutes)
    return contest_round


def table(lines):
    return [(line.rank, line.entry.person.full_name.split()[-1], line.points) for line in lines]


def test_points_rank_first_then_the_declared_tie_break(app):
    contest_round = a_round({"An": (300, 9), "Bình": (400, 9), "Cường": (300, 5)})
    assert table(standings_of(contest_round)) == [(1, "Bình", 400), (2, "Cường", 300), (3, "An", 300)]


def test_equals_to_the_end_share_a_rank_and_are_listed_by_name(app):
    contest_round = a_round({"Xuân": (300, 5), "Ánh": (300, 5), "Dũng": (100, 5)})
    assert table(standings_of(contest_round)) == [(1, "Ánh", 300), (1, "Xuân", 300), (3, "Dũng", 100)]


def test_a_withdrawn_contestant_has_no_line_and_pushes_nobody_down(app):
    contest_round = a_round({"An": (400, 5), "Bình": (300, 5)})
    contest_round.entries[0].withdrawn_at = NOW
    assert table(standings_of(contest_round)) == [(1, "Bình", 300)]


def test_of_several_attempts_the_best_counts(app):
    contest_round = a_round({"An": (200, 5)})
    make_attempt(contest_round.entries[0], number=2, raw_score=500, minutes=8)
    make_attempt(contest_round.entries[0], number=3, raw_score=500, minutes=9)
    line = standings_of(contest_round)[0]
    assert (line.points, line.attempt.number) == (500, 2)


def test_groups_are_ranked_apart_when_the_rules_say_so(app):
    contest_round = a_round({"An": (400, 5), "Bình": (300, 5)}, rank_within=Scope.GROUP)
    for entry, group in zip(contest_round.entries, ("Khu dân cư", "Cơ quan"), strict=True):
        entry.ranking_group = group
    assert [(line.scope, line.rank) for line in standings_of(contest_round)] == [
        ("Cơ quan", 1),
        ("Khu dân cư", 1),
    ]


def test_nothing_is_published_while_the_round_runs(board):
    contest_round = a_round({"An": (400, 5)})
    with pytest.raises(RuleBroken, match="chưa kết thúc"):
        results.publish(contest_round, results.PROVISIONAL, "", board, NOW + HOUR)
    assert results.latest(contest_round.id) is None


def test_a_final_edition_needs_a_provisional_one_before(board):
    contest_round = a_round({"An": (400, 5)})
    with pytest.raises(RuleBroken, match="tạm thời trước"):
        results.ask_final(contest_round, "", board, ENDED)
    results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    assert publish_final(contest_round, board, ENDED).number == 2


def test_a_commune_merged_between_two_editions_stands_in_both_under_the_name_it_was_held_under(board):
    contest_round = a_round({"An": (400, 5), "Bình": (300, 5)})
    first = results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    commune, day = contest_round.unit, day_of(ENDED)
    successor = make_unit("Nà Bó", commune.parent)
    units.merge(commune, successor, day, day, board, ENDED)
    assert {entry.unit.parent for entry in contest_round.entries} == {successor}
    assert {one.unit for one in figures.of_round(contest_round, ENDED).contestants} == {commune.title}
    assert results.sha256_of(standings_of(contest_round)) == first.sha256
    final = publish_final(contest_round, board, ENDED)
    assert {line.unit_name for line in results.all_of(final)} == {commune.title}


def test_nobody_publishes_as_final_alone(board):
    contest_round = a_round({"An": (400, 5)})
    results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    approval = results.ask_final(contest_round, "", board, ENDED)
    for waiting in (None, approval):
        with pytest.raises(RuleBroken, match="hai người"):
            results.publish(contest_round, results.FINAL, "", board, ENDED, waiting)
    assert results.final_of(contest_round.id) is None


def test_what_the_second_person_approves_is_the_ranking_that_was_asked_for(board):
    contest_round = a_round({"An": (400, 5), "Bình": (300, 5)})
    results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    approval = results.ask_final(contest_round, "", board, ENDED)
    contest_round.entries[1].attempts[0].raw_score = 500
    db.session.flush()
    with pytest.raises(RuleBroken, match="thay đổi"):
        second_opinion(approval, ENDED)


def test_a_final_edition_knows_both_people(board):
    contest_round = a_round({"An": (400, 5)})
    results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    edition = publish_final(contest_round, board, ENDED)
    assert edition.published_by_id == board.account_id == edition.approval.asked_by_id
    assert edition.approval.decided_by_id not in (None, board.account_id)


def test_every_edition_computed_again_has_the_sha_256_it_was_published_with(board):
    contest_round = a_round({"An": (400, 5), "Bình\tTab": (300, 5)})
    first = results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    contest_round.entries[1].attempts[0].raw_score = 500
    db.session.flush()
    second = results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    third = publish_final(contest_round, board, ENDED)
    assert [results.is_intact(edition) for edition in (first, second, third)] == [True, True, True]
    assert [hashlib.sha256(results.text_of(edition)).hexdigest() for edition in (first, second, third)] == [
        first.sha256,
        second.sha256,
        third.sha256,
    ]


@pytest.mark.parametrize(
    "change", [{"points": 401}, {"name": "Lò Văn Ân"}, {"rank": 2}, {"cell_name": "Bản khác"}]
)
def test_one_changed_word_or_point_in_the_stored_results_is_seen(board, change):
    contest_round = a_round({"An": (400, 5)})
    edition = results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    for name, value in change.items():
        setattr(results.all_of(edition)[0], name, value)
    db.session.flush()
    assert not results.is_intact(edition)


def test_an_edition_does_not_move_when_marks_change_later(board):
    contest_round = a_round({"An": (400, 5), "Bình": (300, 5)})
    first = results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    contest_round.entries[1].attempts[0].raw_score = 500
    db.session.flush()
    second = results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    assert [line.name for line in results.all_of(first)] == ["Lò Văn An", "Lò Văn Bình"]
    assert [line.name for line in results.all_of(second)] == ["Lò Văn Bình", "Lò Văn An"]


def test_the_same_ranking_is_not_published_twice(board):
    contest_round = a_round({"An": (400, 5)})
    results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    with pytest.raises(AlreadyDone):
        results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)


def test_after_the_final_edition_nothing_more_is_published(board):
    contest_round = a_round({"An": (400, 5)})
    results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    publish_final(contest_round, board, ENDED)
    with pytest.raises(AlreadyDone):
        results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)


def test_the_hash_does_not_depend_on_the_order_of_rows(app):
    lines = standings_of(a_round({"An": (400, 5), "Bình": (300, 5)}))
    assert results.sha256_of(lines) != results.sha256_of(lines[::-1])  # a moved rank is another ranking
    assert results.sha256_of(lines) == results.sha256_of(standings_of(lines[0].entry.round))


def test_a_result_keeps_the_names_and_the_explanation_of_its_day(board):
    contest_round = a_round({"An": (400, 5), "Bình": (400, 6)})
    edition = results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    contest_round.entries[0].person.full_name = "Tên Khác"
    db.session.flush()
    line = results.all_of(edition)[1]
    why = explanation_from_dict(line.explanation)
    assert (line.name, line.unit_name) == ("Lò Văn Bình", "xã Cò Nòi")
    assert why.equal_points == 1 and why.decided_by[0].ahead == 1


@pytest.mark.parametrize("text, found", [("binh", ["Lò Văn Bình"]), ("bản an", ["Lò Văn An"]), ("100%", [])])
def test_a_line_is_found_by_name_or_cell_without_marks(board, text, found):
    contest_round = a_round({"An": (400, 5), "Bình": (300, 5)})
    edition = results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    assert [line.name for line in results.find(edition, text)] == found


def test_a_page_holds_fifty_lines_and_knows_the_total(board):
    contest_round = a_round({"An": (400, 5)})
    edition = results.publish(contest_round, results.PROVISIONAL, "", board, ENDED)
    first = results.all_of(edition)[0]
    for position in range(2, 62):
        entry = make_entry(contest_round, make_person(first.entry.unit, f"Người {position}"))
        db.session.add(
            Result(
                edition_id=edition.id, position=position, rank=position, entry_id=entry.id, scope="", name="x",
                cell_name="", unit_name="", points=1, explanation=first.explanation, search_key="x",
            )
        )  # fmt: skip
    edition.size = 61
    db.session.flush()
    page = results.page_of(edition, 2)
    assert (len(page.lines), page.pages, page.total) == (11, 2, 61)
    assert results.page_of(edition, 99).page == 2


def test_the_quota_of_the_rules_does_not_change_the_ranking(app):
    contest_round = a_round({"An": (400, 5), "Bình": (300, 5)}, quota=Quota(top=1))
    assert len(standings_of(contest_round)) == 2
