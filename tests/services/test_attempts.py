"""Sitting: who may start and when, papers that stay, and hand-ins that take effect once."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from sqlalchemy import func, select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.items import Kind, Level
from quiz.core.papers import Cell
from quiz.core.timing import MINUTE, SECOND, Phase
from quiz.extensions import db
from quiz.models import Attempt, AuditEvent, Edition, Entry, Response
from quiz.services import attempts, handing_in, marking, own_rounds, papers
from tests.factories import (
    HOUR,
    NOW,
    add,
    make_account,
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
_stamps = count(1)


def make_open_entry(**rules) -> Entry:
    """Return somebody's entry to an open round drawing five items of a pool of eight."""
    commune = make_unit()
    contest_round = make_round(make_stage(make_contest(commune), make_rules(**rules)), commune)
    open_for_test(contest_round, [make_item(key=(1,)) for _ in range(8)])
    return make_entry(contest_round, make_person(make_cell(commune)))


def give(attempt: Attempt, *choices: str) -> None:
    """Store choices at the first positions as they would arrive."""
    for position, choice in enumerate(choices):
        add(
            Response(
                attempt_id=attempt.id, position=position, choice=choice, stamp=next(_stamps), saved_at=NOW
            )
        )


def right_choice(attempt: Attempt, position: int, authored_key: int = 1) -> str:
    """Return the place at which the authored key stands on this paper."""
    order = json.loads(attempt.paper)[position][1]
    return str(order.index(authored_key))


# --- starting -------------------------------------------------------------------------------------------------


def test_a_start_draws_a_paper_and_sets_the_deadline(app):
    entry = make_open_entry(time_limit=10, grace_seconds=7)
    attempt = attempts.start(entry, NOW + MINUTE, SEED)
    paper = json.loads(attempt.paper)
    assert (attempt.started_at, attempt.deadline) == (NOW + MINUTE, NOW + 11 * MINUTE)
    assert (attempt.number, attempt.grace_seconds, attempt.submitted_at) == (1, 7, None)
    assert len({version for version, _ in paper}) == 5
    assert all(sorted(order) == [0, 1, 2, 3] for _, order in paper)
    assert len(attempt.receipt_code) == 10


def test_a_second_tap_on_start_returns_the_same_attempt(app):
    entry = make_open_entry()
    first = attempts.start(entry, NOW, SEED)
    assert attempts.start(entry, NOW + 1, "another seed") is first
    assert (
        db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.action == "attempt.start")) == 1
    )


def test_the_same_seed_draws_the_same_paper_on_both_databases(app):
    entry = make_open_entry()
    first = json.loads(attempts.start(entry, NOW, SEED).paper)
    known = {item.version: number for number, item in enumerate(papers.pool_of(entry.round).items.values())}
    drawn = papers.draw(papers.pool_of(entry.round), SEED)
    assert json.loads(drawn) == first and len(known) == 8


@pytest.mark.parametrize(
    "moment, late_start, starts",
    [
        (-1, None, False),
        (0, None, True),
        (2 * HOUR - 1, None, True),
        (2 * HOUR, None, False),
        (10 * MINUTE, 10, True),
        (10 * MINUTE + 1, 10, False),
    ],
)
def test_a_round_can_be_started_only_inside_its_window(app, moment, late_start, starts):
    entry = make_open_entry(late_start=late_start)
    if starts:
        assert attempts.start(entry, NOW + moment, SEED).started_at == NOW + moment
    else:
        with pytest.raises(RuleBroken):
            attempts.start(entry, NOW + moment, SEED)
        assert db.session.scalar(select(func.count(Attempt.id))) == 0


@pytest.mark.parametrize("full_time, minutes", [(False, 4), (True, 10)])
def test_a_late_start_ends_with_the_window_unless_the_rules_give_full_time(app, full_time, minutes):
    entry = make_open_entry(time_limit=10, full_time_for_late=full_time)
    late = NOW + 2 * HOUR - 4 * MINUTE
    assert attempts.start(entry, late, SEED).deadline == late + minutes * MINUTE


def test_a_round_that_was_not_opened_cannot_be_started(app):
    commune = make_unit()
    contest_round = make_round(make_stage(make_contest(commune)), commune)
    entry = make_entry(contest_round, make_person(make_cell(commune)))
    with pytest.raises(RuleBroken) as refusal:
        attempts.start(entry, NOW, SEED)
    assert "chưa được mở" in str(refusal.value)


def test_who_was_withdrawn_cannot_start(app):
    entry = make_open_entry()
    entry.withdrawn_at = NOW - 1
    db.session.flush()
    with pytest.raises(RuleBroken) as refusal:
        attempts.start(entry, NOW, SEED)
    assert "không dự thi" in str(refusal.value)


def test_a_round_ended_early_cannot_be_started(app):
    entry = make_open_entry()
    entry.round.closed_at = NOW + MINUTE
    db.session.flush()
    with pytest.raises(RuleBroken):
        attempts.start(entry, NOW + MINUTE, SEED)


def test_only_as_many_attempts_as_the_rules_allow(app):
    entry = make_open_entry(attempts_allowed=2)
    for number in (1, 2):
        attempt = attempts.start(entry, NOW + number, f"seed {number}")
        assert attempt.number == number
        attempts.submit(attempt, NOW + number)
    with pytest.raises(AlreadyDone):
        attempts.start(entry, NOW + 3, SEED)


def test_a_paper_shows_options_in_its_own_order_and_knows_no_key(app):
    entry = make_open_entry()
    attempt = attempts.start(entry, NOW, SEED)
    shown = papers.paper_of(attempt)
    assert [item.position for item in shown] == [0, 1, 2, 3, 4]
    for item, (version, order) in zip(shown, json.loads(attempt.paper), strict=True):
        authored = papers.pool_of(entry.round).items[version]
        assert item.stem == authored.stem
        assert item.options == tuple(authored.options[index] for index in order)
        assert not hasattr(item, "key") and not item.several


def test_true_or_false_keeps_its_order(app):
    commune = make_unit()
    rules = make_rules(blueprint=(Cell("dang-vien", "", 6),))
    contest_round = make_round(make_stage(make_contest(commune), rules), commune)
    open_for_test(contest_round, [make_item(kind=Kind.TRUE_FALSE, key=(0,)) for _ in range(6)])
    entry = make_entry(contest_round, make_person(make_cell(commune)))
    orders = [order for _, order in json.loads(attempts.start(entry, NOW, SEED).paper)]
    assert orders == [[0, 1, 2, 3]] * 6


# --- handing in -----------------------------------------------------------------------------------------------


def test_a_hand_in_is_marked_from_what_is_stored(app):
    entry = make_open_entry()
    attempt = attempts.start(entry, NOW, SEED)
    right = [right_choice(attempt, position) for position in range(5)]
    wrong = str((int(right[2]) + 1) % 4)
    give(attempt, right[0], right[1], wrong, "")
    attempts.submit(attempt, NOW + 90_500)
    assert attempt.marks == [100, 100, 0, 0, 0]
    assert (attempt.raw_score, attempt.max_score) == (200, 500)
    assert (attempt.submitted_at, attempt.ended_by, attempt.time_used) == (NOW + 90_500, "candidate", 90_500)
    assert attempt.values == {
        "apply_points": 0,
        "understand_points": 0,
        "correct": 2,
        "time_used": 90,
        "earlier_submission": (NOW + 90_500) // 1000,
    }


def test_the_tie_break_numbers_count_points_by_level(app):
    commune = make_unit()
    levels = [Level.APPLY, Level.APPLY, Level.UNDERSTAND, Level.REMEMBER]
    rules = make_rules(blueprint=(Cell("dang-vien", "", 4),))
    contest_round = make_round(make_stage(make_contest(commune), rules), commune)
    open_for_test(contest_round, [make_item(level=level, key=(1,)) for level in levels])
    attempt = attempts.start(make_entry(contest_round, make_person(make_cell(commune))), NOW, SEED)
    give(attempt, *(right_choice(attempt, position) for position in range(4)))
    attempts.submit(attempt, NOW + MINUTE)
    assert (attempt.values["apply_points"], attempt.values["understand_points"]) == (200, 100)


def test_several_keys_are_marked_wherever_the_paper_put_them(app):
    commune = make_unit()
    rules = make_rules(blueprint=(Cell("dang-vien", "", 1),))
    contest_round = make_round(make_stage(make_contest(commune), rules), commune)
    open_for_test(contest_round, [make_item(kind=Kind.MULTIPLE, key=(0, 2))])
    attempt = attempts.start(make_entry(contest_round, make_person(make_cell(commune))), NOW, SEED)
    order = json.loads(attempt.paper)[0][1]
    give(attempt, ",".join(str(place) for place in sorted((order.index(0), order.index(2)))))
    assert papers.paper_of(attempt)[0].several
    assert attempts.submit(attempt, NOW + MINUTE).raw_score == 100


def test_a_second_hand_in_changes_nothing(app):
    attempt = attempts.start(make_open_entry(), NOW, SEED)
    attempts.submit(attempt, NOW + MINUTE)
    give(attempt, right_choice(attempt, 0))
    with pytest.raises(AlreadyDone):
        attempts.submit(attempt, NOW + 2 * MINUTE)
    assert (attempt.submitted_at, attempt.raw_score) == (NOW + MINUTE, 0)
    assert (
        db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.action == "attempt.submit")) == 1
    )


@pytest.mark.parametrize(
    ("pressed", "ends"),
    [
        (None, True),  # just now
        (5 * MINUTE, False),
        (6 * MINUTE - 1, False),
        (6 * MINUTE, True),  # pressed with or after the last choice
        (7 * MINUTE, True),
    ],
)
def test_a_hand_in_that_was_kept_without_a_line_ends_no_paper_that_was_gone_on_with(app, pressed, ends):
    attempt = attempts.start(make_open_entry(), NOW, SEED)
    last = Response(attempt_id=attempt.id, position=0, choice="1", stamp=6 * MINUTE << 20 | 7, saved_at=NOW)
    add(last)
    told = None if pressed is None else attempt.started_at + pressed
    if ends:
        handing_in.hand_in(attempt, told, NOW + 10 * MINUTE)
        assert attempt.ended_by == "candidate"
    else:
        with pytest.raises(handing_in.WorkedOn):
            handing_in.hand_in(attempt, told, NOW + 10 * MINUTE)


def test_after_the_deadline_a_hand_in_ends_the_paper_whenever_it_was_pressed(app):
    attempt = attempts.start(make_open_entry(), NOW, SEED)
    add(Response(attempt_id=attempt.id, position=0, choice="1", stamp=6 * MINUTE << 20, saved_at=NOW))
    handing_in.hand_in(attempt, NOW + MINUTE, attempt.deadline + 1)
    assert attempt.ended_by == "deadline"


def test_no_hand_in_counts_later_than_the_deadline(app):
    for late, ended_by in [(-1, "candidate"), (0, "candidate"), (1, "deadline"), (60_000, "deadline")]:
        attempt = attempts.start(make_open_entry(), NOW, SEED)
        attempts.submit(attempt, attempt.deadline + late)
        assert attempt.submitted_at == attempt.deadline + min(late, 0)
        assert attempt.ended_by == ended_by
        assert attempt.time_used == attempt.submitted_at - NOW


def test_the_hand_in_is_recorded_with_who_ended_it_and_how_much_was_answered(app):
    entry = make_open_entry()
    attempt = attempts.start(entry, NOW, SEED)
    give(attempt, "0", "", "2")
    attempts.submit(attempt, NOW + MINUTE)
    event = db.session.scalar(select(AuditEvent).where(AuditEvent.action == "attempt.submit"))
    assert event.detail == {"ended_by": "candidate", "answered": 2}
    assert (event.person_id, event.path) == (entry.person_id, entry.round.unit.path)


# --- the deadline, browser or no browser ----------------------------------------------------------------------


def test_due_attempts_are_closed_and_marked_with_everything_saved(app):
    attempt = attempts.start(make_open_entry(grace_seconds=5), NOW, SEED)
    give(attempt, right_choice(attempt, 0))
    last_moment = attempt.deadline + 5 * SECOND
    assert not attempts.is_any_due(last_moment)
    assert attempts.close_due(last_moment) == 0
    assert attempts.is_any_due(last_moment + 1)
    assert attempts.close_due(last_moment + 1) == 1
    assert attempts.close_due(last_moment + 2) == 0
    assert (attempt.submitted_at, attempt.ended_by, attempt.raw_score) == (attempt.deadline, "deadline", 100)
    event = db.session.scalar(select(AuditEvent).where(AuditEvent.action == "attempt.submit"))
    assert (event.person_id, event.account_id) == (None, None)


def test_closing_reaches_one_round_or_a_few_attempts_when_asked(app):
    first, second = (attempts.start(make_open_entry(), NOW, SEED) for _ in range(2))
    late = NOW + HOUR
    assert attempts.close_due(late, round_id=second.round_id) == 1
    assert (first.submitted_at, second.submitted_at) == (None, second.deadline)
    assert attempts.close_due(late, limit=0) == 0
    assert attempts.close_due(late, limit=5) == 1


def test_a_round_ended_by_the_board_cuts_open_attempts_short(app):
    entry = make_open_entry(time_limit=60)
    attempt = attempts.start(entry, NOW, SEED)
    end = NOW + 5 * MINUTE
    entry.round.closed_at = end
    assert attempts.shorten(entry.round, end) == 1
    assert attempts.shorten(entry.round, end + 1) == 0
    assert attempts.close_due(end + 6 * SECOND) == 1
    assert (attempt.deadline, attempt.submitted_at, attempt.ended_by) == (end, end, "board")


def test_a_paper_handed_in_after_the_board_ended_the_round_was_ended_by_the_board(app):
    entry = make_open_entry(time_limit=60)
    attempt = attempts.start(entry, NOW, SEED)
    entry.round.closed_at = NOW + 5 * MINUTE
    attempts.shorten(entry.round, entry.round.closed_at)
    attempts.submit(attempt, NOW + 6 * MINUTE)
    assert (attempt.submitted_at, attempt.ended_by) == (NOW + 5 * MINUTE, "board")


def test_cutting_short_never_ends_an_attempt_before_it_began(app):
    entry = make_open_entry()
    attempt = attempts.start(entry, NOW + MINUTE, SEED)
    attempts.shorten(entry.round, NOW)
    db.session.refresh(attempt)
    assert attempt.deadline == attempt.started_at


# --- marking again --------------------------------------------------------------------------------------------


def test_marking_again_gives_the_same_marks(app):
    attempt = attempts.start(make_open_entry(), NOW, SEED)
    give(attempt, right_choice(attempt, 0))
    attempts.submit(attempt, NOW + MINUTE)
    stored = (attempt.raw_score, attempt.marks, attempt.values, attempt.time_used)
    assert attempts.mark_again([attempt]) == []
    assert (attempt.raw_score, attempt.marks, attempt.values, attempt.time_used) == stored


def test_marking_again_puts_right_what_was_stored_wrongly(app):
    attempt = attempts.start(make_open_entry(), NOW, SEED)
    give(attempt, right_choice(attempt, 0))
    attempts.submit(attempt, NOW + MINUTE)
    attempt.raw_score, attempt.marks = 500, [100] * 5
    assert attempts.mark_again([attempt]) == [attempt]
    assert (attempt.raw_score, attempt.marks) == (100, [100, 0, 0, 0, 0])


def test_marking_again_leaves_open_attempts_alone(app):
    attempt = attempts.start(make_open_entry(), NOW, SEED)
    assert attempts.mark_again([attempt]) == []
    assert attempt.raw_score is None


def test_an_open_attempt_has_no_marks_to_store(app):
    attempt = attempts.start(make_open_entry(), NOW, SEED)
    with pytest.raises(ValueError, match="not submitted"):
        marking.store_marks(attempt, {})


def test_a_round_that_may_still_change_has_no_pool(app):
    commune = make_unit()
    with pytest.raises(ValueError, match="not opened"):
        papers.pool_of(make_round(make_stage(make_contest(commune)), commune))


# --- the own rounds -------------------------------------------------------------------------------------------


def test_a_candidate_sees_the_own_rounds_of_the_contest_in_order(app):
    entry = make_open_entry()
    contest = entry.round.stage.contest
    final = make_round(make_stage(contest, ordinal=2), entry.round.unit, opens_at=NOW + 24 * HOUR)
    make_entry(final, entry.person)
    elsewhere = make_round(make_stage(make_contest(entry.round.unit)), entry.round.unit)
    make_entry(elsewhere, entry.person)
    rounds = own_rounds.rounds_for(entry.person_id, contest.id, NOW)
    assert [(own.round, own.phase) for own in rounds] == [(entry.round, Phase.OPEN), (final, Phase.DRAFT)]
    assert rounds[0].may_still_start and not rounds[1].may_still_start


def test_a_round_shows_its_attempt_and_what_was_published(app):
    entry = make_open_entry()
    attempt = attempts.start(entry, NOW, SEED)
    (own,) = own_rounds.rounds_for(entry.person_id, entry.round.stage.contest_id, NOW)
    assert own.open_attempt is attempt and not own.may_still_start and own.edition is None
    attempts.submit(attempt, NOW + 1)
    edition = add(
        Edition(
            round=entry.round, number=1, kind="provisional", check_code="X", sha256="0", size=1, max_score=500,
            published_at=NOW, published_by_id=make_account().id,
        )
    )  # fmt: skip
    (own,) = own_rounds.rounds_for(entry.person_id, entry.round.stage.contest_id, NOW)
    assert own.open_attempt is None and not own.may_still_start and own.edition is edition


def test_who_was_withdrawn_has_nothing_to_start(app):
    entry = make_open_entry()
    entry.withdrawn_at = NOW
    (own,) = own_rounds.rounds_for(entry.person_id, entry.round.stage.contest_id, NOW)
    assert not own.may_still_start


# --- everybody at once ----------------------------------------------------------------------------------------


def in_threads(app, act, times=16):
    """Run `act(number)` in so many threads, each with a session of its own, and return what they returned."""

    def run(number):
        with app.app_context():
            try:
                return act(number)
            finally:
                db.session.remove()

    db.session.commit()
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_sixteen_taps_on_start_make_one_attempt(app):
    entry_id = make_open_entry().id

    def start(number):
        attempt_id = attempts.start(db.session.get(Entry, entry_id), NOW, f"seed {number}").id
        db.session.commit()
        return attempt_id

    assert len(set(in_threads(app, start))) == 1
    assert db.session.scalar(select(func.count(Attempt.id))) == 1


def test_sixteen_hand_ins_have_one_effect(app):
    attempt = attempts.start(make_open_entry(), NOW, SEED)
    give(attempt, right_choice(attempt, 0))
    attempt_id = attempt.id

    def submit(number):
        try:
            attempts.submit(db.session.get(Attempt, attempt_id), NOW + number)
        except AlreadyDone:
            return 0
        db.session.commit()
        return 1

    assert sum(in_threads(app, submit)) == 1
    assert (
        db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.action == "attempt.submit")) == 1
    )
    db.session.expire_all()
    assert db.session.get(Attempt, attempt_id).raw_score == 100


def test_a_start_waits_for_a_round_being_ended_and_is_then_refused(app):
    entry = make_open_entry()
    entry_id = entry.id
    db.session.commit()
    db.session.refresh(entry.round, with_for_update=True)
    entry.round.closed_at = NOW + 1
    db.session.flush()

    def late():
        with app.app_context():
            return attempts.start(db.session.get(Entry, entry_id), NOW + 2, SEED)

    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(late)
        with pytest.raises(TimeoutError):
            starting.result(timeout=0.3)
        db.session.commit()
        with pytest.raises(RuleBroken):
            starting.result(timeout=300)
    assert db.session.scalar(select(func.count(Attempt.id))) == 0


def test_sweepers_of_several_workers_close_each_attempt_once(app):
    for _ in range(5):
        attempts.start(make_open_entry(), NOW, SEED)

    def sweep(_number):
        closed = attempts.close_due(NOW + HOUR)
        db.session.commit()
        return closed

    assert sum(in_threads(app, sweep, times=6)) == 5
    assert (
        db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.action == "attempt.submit")) == 5
    )
