"""Changes after the opening: numbered, with a reason, in force for everybody who starts from then on."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.papers import Cell
from quiz.core.promotion import Quota
from quiz.core.states import fingerprint
from quiz.extensions import db
from quiz.models import Attempt, AuditEvent, RoundItem
from quiz.services import amendments, attempts, contests, grants, windows
from quiz.services.attempts import Seat, drawn_ahead
from quiz.services.audit import Actor
from quiz.services.grants import Wish
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

MINUTE = 60_000


@pytest.fixture
def its(app):
    """A round of five items of six, opened an hour before its time, with one contestant."""
    commune = make_unit()
    versions = [make_item() for _ in range(6)]
    stage = make_stage(make_contest(commune), make_rules(late_start=10))
    contest_round = open_for_test(make_round(stage, commune), versions)
    make_entry(contest_round, make_person(make_cell(commune)))
    return contest_round


def actor():
    return Actor(make_account().id)


def amend(its, now=NOW - MINUTE, reason="in nhầm trong kế hoạch", **changes):
    rules = replace(contests.rules_of(its), **changes)
    return amendments.amend_rules(its.stage, rules, reason, actor(), now)


def start(its, now=NOW):
    return attempts.start(its.entries[0], now, "seed")


def test_an_amendment_has_the_next_number_the_old_and_the_new_rules_and_a_trace(its):
    first = amend(its, time_limit=20)
    second = amend(its, quota=Quota(top=2))
    assert (first.number, second.number) == (1, 2)
    assert (first.before["time_limit"], first.after["time_limit"]) == (10, 20)
    assert contests.rules_of(its).quota.top == 2
    assert its.stage.rules_fingerprint == contests.rulebook.fingerprint(contests.rules_of(its))
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "stage.amend")).first()
    assert event.detail["changed"] == ["time_limit"]
    assert amendments.of_round(its) == [first, second] == amendments.of_stage(its.stage)


def test_whoever_starts_after_an_amendment_sits_by_the_new_rules_though_the_old_ones_were_in_memory(its):
    seat = Seat(its.entries[0].id, its.id, its.entries[0].person_id, its.opened_at, its.amended_at)
    drawn = drawn_ahead(seat, "seed")
    amend(its, blueprint=(Cell("dang-vien", "", 6),), time_limit=20)
    attempt = attempts.start(seat, NOW, "seed", drawn)
    assert len(attempts.paper_of(attempt)) == 6
    assert attempt.deadline == NOW + 20 * MINUTE


def test_other_items_are_frozen_with_another_blueprint(its):
    make_item(topic="chi-bo")
    amend(its, blueprint=(Cell("dang-vien", "", 2), Cell("chi-bo", "", 1)))
    frozen = select(db.func.count()).select_from(RoundItem).where(RoundItem.round_id == its.id)
    assert db.session.scalar(frozen) == 7


@pytest.mark.parametrize(
    "changes",
    [
        {"blueprint": (Cell("dang-vien", "", 7),)},  # the bank has six
        {"blueprint": ()},
        {"time_limit": 121},  # the window has two hours
        {},
    ],
)
def test_rules_that_cannot_be_held_are_refused_and_nothing_is_written(its, changes):
    before = its.stage.rules
    with pytest.raises(RuleBroken):
        amend(its, **changes)
    assert its.stage.rules == before
    assert amendments.of_stage(its.stage) == []


def test_an_amendment_needs_a_reason(its):
    with pytest.raises(RuleBroken, match="lý do"):
        amend(its, reason=" ", time_limit=20)


def test_rules_not_yet_frozen_are_simply_changed(app):
    commune = make_unit()
    stage = make_stage(make_contest(commune))
    with pytest.raises(RuleBroken, match="chưa chốt"):
        amendments.amend_rules(stage, make_rules(time_limit=20), "vì thế", actor(), NOW)


def test_the_drawing_of_papers_stands_once_somebody_has_started(its):
    start(its)
    with pytest.raises(RuleBroken, match="rút đề"):
        amend(its, NOW + MINUTE, blueprint=(Cell("dang-vien", "", 4),))
    assert amend(its, NOW + MINUTE, late_start=30).number == 1


def test_somebody_too_late_by_the_old_rules_gets_in_by_the_wider_ones(its):
    with pytest.raises(RuleBroken):
        start(its, NOW + 11 * MINUTE)
    amend(its, NOW + 12 * MINUTE, late_start=30)
    assert start(its, NOW + 13 * MINUTE).number == 1


def test_who_goes_on_may_change_until_a_ranking_is_published(its):
    make_attempt(its.entries[0])
    assert amend(its, quota=Quota(top=3)).number == 1


# --- hours ---------------------------------------------------------------------------------------------------


def test_extending_a_running_round_gives_back_what_its_end_cut_short(its):
    late = start(its, NOW + 5 * MINUTE)
    late.deadline = NOW + 6 * MINUTE
    its.closes_at = NOW + 6 * MINUTE
    db.session.flush()
    amendment = amendments.extend(its, NOW + 10 * MINUTE, "mất điện", actor(), NOW + 5 * MINUTE)
    assert db.session.get(Attempt, late.id).deadline == NOW + 10 * MINUTE
    assert amendment.after["closes_at"] == its.closes_at == NOW + 10 * MINUTE
    amendments.extend(its, NOW + HOUR, "mất điện", actor(), NOW + 5 * MINUTE)
    assert db.session.get(Attempt, late.id).deadline == NOW + 15 * MINUTE  # the full ten minutes, no more


def test_minutes_given_before_an_extension_stay_given(its):
    attempt = start(its, NOW + MINUTE)
    its.closes_at = NOW + 6 * MINUTE
    attempt.deadline = NOW + 6 * MINUTE
    db.session.flush()
    grants.give(its, its.entries[0], Wish(3, "mất điện", "key"), actor(), NOW + 2 * MINUTE)
    amendments.extend(its, NOW + HOUR, "mất điện", actor(), NOW + 3 * MINUTE)
    assert db.session.get(Attempt, attempt.id).deadline == NOW + 14 * MINUTE


def test_a_paper_that_had_its_full_time_is_not_made_longer_and_one_handed_in_stays_so(its):
    attempt = start(its)
    amendments.extend(its, NOW + 3 * HOUR, "thêm người đến", actor(), NOW + MINUTE)
    assert db.session.get(Attempt, attempt.id).deadline == NOW + 10 * MINUTE
    attempts.submit(attempt, NOW + 2 * MINUTE)
    amendments.extend(its, NOW + 4 * HOUR, "thêm người đến", actor(), NOW + 3 * MINUTE)
    assert db.session.get(Attempt, attempt.id).submitted_at == NOW + 2 * MINUTE


@pytest.mark.parametrize("closes_at", [NOW + HOUR, NOW + 2 * HOUR])
def test_a_running_round_never_ends_earlier_by_an_amendment(its, closes_at):
    with pytest.raises(RuleBroken):
        amendments.extend(its, closes_at, "vì thế", actor(), NOW + MINUTE)


def test_a_form_of_hours_sent_twice_is_one_amendment(its):
    seen = fingerprint(contests.hours_of(its))
    hours = (its.opens_at + 10 * MINUTE, its.closes_at + 10 * MINUTE)
    windows.set_window(its, *hours, actor(), NOW - MINUTE, "mất điện", seen=seen)
    with pytest.raises(AlreadyDone, match="không có gì thay đổi"):
        windows.set_window(its, *hours, actor(), NOW - MINUTE, "mất điện", seen=seen)
    assert len(amendments.of_stage(its.stage)) == 1


def test_amendments_of_another_rounds_hours_do_not_stand_in_this_one(its):
    other = make_round(its.stage, make_unit("Chiềng Mai"), opened_at=NOW - HOUR)
    amendments.extend(other, NOW + 5 * HOUR, "mất điện", actor(), NOW + MINUTE)
    assert amendments.of_round(its) == []
    assert len(amendments.of_round(other)) == 1
