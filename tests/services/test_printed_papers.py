"""Attempts on paper: drawn like any other, never due before their sheet is entered, and one at a time for a person."""

import json

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.presence import Presence
from quiz.extensions import db
from quiz.models import Attempt, AuditEvent, PrintedPaper
from quiz.services import attempts, boards, own_rounds, papers, printed_papers, results
from quiz.services.audit import Actor
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
)

SEED = "seed"


def make_round_with(people=1, **rules):
    """Return an open round with so many people entered, drawing five items of eight."""
    commune = make_unit()
    contest_round = make_round(make_stage(make_contest(commune), make_rules(**rules)), commune)
    open_for_test(contest_round, [make_item() for _ in range(8)])
    for n in range(people):
        make_entry(contest_round, make_person(make_cell(commune, f"Bản {n}"), f"Lò Văn {n}"))
    return contest_round


def issue(entry, now=NOW, seed=SEED):
    return printed_papers.issue(entry, Actor(make_account().id), now, seed)


def test_the_paper_is_the_one_its_seed_draws_for_anybody(app):
    contest_round = make_round_with(2)
    on_paper, on_device = contest_round.entries
    attempt = issue(on_paper).attempt
    assert attempt.paper == attempts.start(on_device, NOW, SEED).paper
    assert attempt.paper == papers.draw(papers.pool_of(contest_round), SEED)
    assert (attempt.medium, len(json.loads(attempt.paper)), len(attempt.receipt_code)) == ("paper", 5, 10)


def test_a_paper_is_on_record(app):
    paper = issue(make_round_with().entries[0])
    event = db.session.query(AuditEvent).filter_by(action="paper.issue").one()
    assert event.target == f"printed_paper:{paper.id}" and event.detail["code"] == paper.attempt.receipt_code


def test_no_sweep_and_no_early_end_closes_a_paper_that_is_not_entered(app):
    contest_round = make_round_with(2)
    paper = issue(contest_round.entries[0])
    attempts.start(contest_round.entries[1], NOW, "other")
    attempts.shorten(contest_round, NOW + 60_000)
    later = NOW + 30 * HOUR
    assert attempts.close_due(later) == 1 and not attempts.is_any_due(later)
    assert paper.attempt.submitted_at is None


def test_nothing_is_published_while_a_paper_is_not_entered(app):
    contest_round = make_round_with(2)
    issue(contest_round.entries[0])
    make_attempt(contest_round.entries[1])
    with pytest.raises(RuleBroken, match="Còn bài giấy chưa nhập xong"):
        results.publish(contest_round, results.PROVISIONAL, "", Actor(make_account().id), NOW + 3 * HOUR)


def test_who_sits_on_paper_starts_on_no_device(app):
    entry = make_round_with(attempts_allowed=3).entries[0]
    issue(entry)
    with pytest.raises(RuleBroken, match="trên giấy"):
        attempts.start(entry, NOW + 1, "other")
    (own,) = own_rounds.rounds_for(entry.person_id, entry.round.stage.contest_id, NOW + 1)
    assert (own.is_on_paper, own.open_attempt, own.may_still_start) == (True, None, False)


@pytest.mark.parametrize(
    ("what", "before", "said"),
    [
        ("a paper", lambda entry: issue(entry), "đã có bài giấy"),
        (
            "an attempt on a device",
            lambda entry: attempts.start(entry, NOW, "other"),
            "đang làm bài trên máy",
        ),
        ("an attempt handed in", lambda entry: make_attempt(entry), "đã nộp bài"),
    ],
)
def test_a_person_has_one_attempt_at_a_time(app, what, before, said):
    entry = make_round_with().entries[0]
    before(entry)
    with pytest.raises(AlreadyDone, match=said):
        issue(entry)
    assert db.session.query(Attempt).count() == 1, what


def test_a_further_attempt_that_the_rules_allow_may_be_on_paper(app):
    entry = make_round_with(attempts_allowed=2).entries[0]
    make_attempt(entry)
    assert issue(entry).attempt.number == 2


@pytest.mark.parametrize(
    ("opened", "at", "said"),
    [(False, NOW, "chưa được mở"), (True, NOW + 2 * HOUR, "đã kết thúc"), (True, NOW - 1, None)],
)
def test_papers_are_printed_from_the_opening_by_the_board_until_the_end(app, opened, at, said):
    contest_round = make_round_with()
    if not opened:
        contest_round.opened_at = None
    if said is None:
        assert issue(contest_round.entries[0], at).attempt.deadline == at
        return
    with pytest.raises(RuleBroken, match=said):
        issue(contest_round.entries[0], at)


def test_no_paper_for_who_left_the_list(app):
    entry = make_round_with().entries[0]
    entry.withdrawn_at = NOW
    db.session.flush()
    with pytest.raises(RuleBroken, match="rút tên"):
        issue(entry)


def test_an_unused_paper_is_taken_back_and_the_device_is_free_again(app):
    entry = make_round_with().entries[0]
    paper = issue(entry)
    printed_papers.cancel(paper, Actor(make_account().id), NOW + 1)
    assert db.session.query(PrintedPaper).count() == db.session.query(Attempt).count() == 0
    assert db.session.query(AuditEvent).filter_by(action="paper.cancel").one().detail["seed"] == SEED
    assert attempts.start(entry, NOW + 2, SEED).number == 1


def test_the_lists_say_who_has_a_paper_and_who_may_get_one(app):
    contest_round = make_round_with(4)
    first, second, third, fourth = contest_round.entries
    paper = issue(first)
    attempts.start(second, NOW, "other")
    third.withdrawn_at = NOW
    db.session.flush()
    page, listed = printed_papers.page_of(contest_round, 1)
    assert (page.total, [(line.paper, str(line.state)) for line in listed]) == (1, [(paper, "waiting")])
    assert printed_papers.page_without(contest_round, 1).items == [fourth]
    assert printed_papers.unused(contest_round) == [paper]
    assert printed_papers.count_open(contest_round) == 1
    assert printed_papers.by_code(paper.attempt.receipt_code) is paper
    assert printed_papers.by_code("NONE") is None


def test_the_board_sees_who_sits_on_paper(app):
    contest_round = make_round_with(2)
    issue(contest_round.entries[0])
    board = boards.read(contest_round.stage_id, NOW + HOUR)
    counts = boards.counts(board, 5, [contest_round.id])[contest_round.id]
    assert (counts[Presence.ON_PAPER], counts[Presence.HANDED_IN], counts.not_started) == (1, 0, 1)
