"""Who issues and signs papers is kept for a contest at a unit, numbers for a round or stage; keys wait for the end."""

from datetime import date

import pytest

from quiz.core.corrections import Policy, Ruling, ruled
from quiz.core.errors import RuleBroken
from quiz.core.marking import MarkedItem
from quiz.core.offices import Needs, Office
from quiz.extensions import db
from quiz.files.paperwork import kinds
from quiz.models import AuditEvent, PrintedPaper
from quiz.services import figures, paper_keys, papers, paperwork, results
from quiz.services.audit import Actor
from quiz.services.paperwork import Numbered
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
    make_attempt,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_stage,
    make_unit,
    open_for_test,
)

OFFICE = Office(
    "Đảng bộ huyện", "Ban Tổ chức Hội thi", "Mai Sơn", "BTC", "Ban Tổ chức Tỉnh ủy", "T/M Ban Tổ chức", "Trưởng ban",
    "Hà Văn Mẫu", "Cầm Thị Thư", ("Như trên", "Lưu"),
)  # fmt: skip
NUMBERS = {"report": Numbered("12", date(2023, 2, 28)), "list": Numbered("", date(2023, 2, 5))}


@pytest.fixture
def rounds(app):
    """Two rounds of a stage at different communes."""
    district = make_unit("Mai Sơn", type_label="huyện")
    stage = make_stage(make_contest(district))
    return [make_round(stage, make_unit(name, district)) for name in ("Cò Nòi", "Nà Bó")]


def write(subject, office=OFFICE, numbers=NUMBERS):
    account = make_account()
    paperwork.write(subject, office, numbers, Actor(account.id), NOW)
    return account


def test_what_nobody_set_follows_from_the_unit(rounds):
    found = paperwork.office_of(rounds[0])
    assert (found.above, found.place) == ("Đảng bộ xã Cò Nòi", "Cò Nòi")
    assert paperwork.office_of(rounds[0].stage).above == "Đảng bộ huyện Mai Sơn"
    assert paperwork.numbers_of(rounds[0]) == {}


def test_what_is_set_is_kept_with_a_record_for_that_unit_alone(rounds):
    account = write(rounds[0])
    db.session.expire_all()
    assert paperwork.office_of(rounds[0]) == OFFICE
    assert paperwork.numbers_of(rounds[0]) == NUMBERS
    assert paperwork.office_of(rounds[1]).body == "Ban Tổ chức Hội thi" != OFFICE.above
    assert paperwork.numbers_of(rounds[1]) == paperwork.numbers_of(rounds[0].stage) == {}
    event = db.session.query(AuditEvent).filter_by(action="office.write").one()
    assert (event.account_id, event.path) == (account.id, rounds[0].unit.path)
    assert event.detail["issued_report"] == "12 2023-02-28"


def test_writing_again_changes_the_one_row(rounds):
    write(rounds[0])
    write(rounds[0], numbers={"report": Numbered("13", None)})
    assert paperwork.numbers_of(rounds[0]) == NUMBERS | {"report": Numbered("13", None)}


def test_a_round_and_a_stage_of_one_unit_share_who_signs_and_not_their_numbers(rounds):
    stage = rounds[0].stage
    final = make_round(stage, stage.contest.unit, name="Chung")
    write(stage)
    assert paperwork.office_of(final) == OFFICE
    assert paperwork.numbers_of(final) == {}


def test_papers_without_a_day_are_dated_by_the_newest_publication_else_by_the_opening(rounds):
    assert paperwork.dated_at(rounds[0], [NOW + 5, NOW + 7]) == NOW + 7
    assert paperwork.dated_at(rounds[0], []) == NOW
    assert paperwork.dated_at(rounds[0].stage, []) == NOW


def test_keys_are_those_of_each_paper_and_wait_for_the_end_of_the_round(rounds):
    contest_round = open_for_test(rounds[0], [make_item(key=(1,)) for _ in range(6)])
    person = make_person(make_cell(contest_round.unit))
    drawn = papers.draw(papers.pool_of(contest_round), "hạt")
    attempt = make_attempt(make_entry(contest_round, person), medium="paper")
    attempt.paper = drawn
    add(PrintedPaper(attempt=attempt, issued_at=NOW, decided={}))
    with pytest.raises(RuleBroken, match="sau khi vòng thi kết thúc"):
        paper_keys.keys_of(contest_round, NOW)
    (keyed,) = paper_keys.keys_of(contest_round, NOW + 3 * HOUR)
    wanted = ["ABCD"[place.order.index(1)] for place in papers.places_of(drawn)]
    assert list(keyed.answers) == wanted and keyed.code == attempt.receipt_code


@pytest.mark.parametrize(
    ("ruling", "words"),
    [
        (None, "B"),
        (Ruling(Policy.NEW_ONLY, (2,)), "C"),
        (Ruling(Policy.BOTH, (2,)), "B/C"),
        (Ruling(Policy.EVERYONE), "*"),
        (Ruling(Policy.VOID), "–"),
    ],
)
def test_keys_follow_what_the_board_ruled(ruling, words):
    item = MarkedItem(frozenset({1}), 4, "t", "l")
    assert paper_keys.answer_text(ruled(item, ruling, (0, 1, 2, 3))) == words


def test_several_keys_stand_together():
    assert paper_keys.answer_text(MarkedItem(frozenset({0, 2}), 4, "t", "l")) == "A,C"


def test_what_papers_need_is_looked_for_and_agrees_with_the_figures(rounds):
    stage, contest_round = rounds[0].stage, rounds[0]
    assert paperwork.there(contest_round, NOW) == paperwork.there(stage, NOW) == set()
    contest_round.opened_at = NOW - HOUR
    entry = make_entry(contest_round, make_person(make_cell(contest_round.unit)))
    assert paperwork.there(stage, NOW) == {Needs.CONTESTANTS}
    attempt = make_attempt(entry, medium="paper")
    add(PrintedPaper(attempt=attempt, issued_at=NOW, settled_at=NOW, decided={}))
    assert paperwork.there(contest_round, NOW) == {Needs.CONTESTANTS, Needs.ATTEMPTS}
    later = NOW + 3 * HOUR
    results.publish(contest_round, results.PROVISIONAL, "", Actor(make_account().id), later)
    wanted = {Needs.CONTESTANTS, Needs.ATTEMPTS, Needs.RANKING}
    assert paperwork.there(contest_round, later) == wanted | {Needs.PRINTED}
    assert paperwork.there(stage, later) == wanted == kinds.there_in(figures.of_stage(stage, later))
    assert paperwork.there(rounds[1], later) == set()
    assert (paperwork.size_of(stage), paperwork.size_of(rounds[1])) == (1, 0)
    entry.withdrawn_at = later
    db.session.flush()
    assert paperwork.there(stage, later) == {Needs.RANKING} == kinds.there_in(figures.of_stage(stage, later))
