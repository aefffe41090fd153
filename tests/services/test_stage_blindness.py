"""Who may see which marks when, what a press changes that came twice or without a clock, what the hall may not see."""

import pytest

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.judging import Missing, OnGap
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.permissions import Role
from quiz.extensions import db
from quiz.models import AuditEvent
from quiz.services import judges, panels, performances, projections, revealing, sheets, stage_points
from quiz.services.audit import Actor
from quiz.services.standings import standings_of
from tests.factories import NOW, make_account
from tests.services.test_stage import MINUTE, PART, Hall


@pytest.fixture
def twice(sqlite_app):
    """Two markers and the seat of a third, whom the rules call when the two lie four points apart."""
    hall = Hall(judges=2, gap=400, on_gap=OnGap.THIRD)
    third = make_account((Role.JUDGE, hall.district))
    panels.seat_judge(hall.round, PART, "", 3, third, False, hall.secretary, NOW)
    hall.judges.append(third)
    hall.perform()
    return hall


def test_a_third_marker_has_nothing_to_do_before_the_two_lie_apart(twice):
    third = twice.judges[2].id
    assert judges.sheets_of(twice.round, third) == []
    twice.mark(1, 1200, 800)
    twice.mark(2, 800, 700)
    db.session.expire_all()
    assert [(one.performance.id, one.is_due) for one in judges.sheets_of(twice.round, third)] == [
        (twice.first.id, True)
    ]


def test_a_judge_finds_first_who_can_be_marked_now(sqlite_app):
    hall = Hall()
    first, second, third = performances.of_round(hall.round)
    hall.mark(1, 1000, 700)
    performances.call(third, hall.secretary, NOW)
    db.session.expire_all()
    found = judges.sheets_of(hall.round, hall.judges[0].id)
    assert [(one.performance.id, one.is_due, one.is_in) for one in found] == [
        (third.id, True, False), (second.id, False, False), (first.id, True, True),
    ]  # fmt: skip


def test_nobody_sees_what_the_third_marker_has_not_handed_in(twice):
    twice.mark(1, 1200, 800)
    twice.mark(2, 800, 700)
    begun = {"Nội dung": 1000}
    sheets.save(twice.first, begun, "", 1, Actor(twice.judges[2].id), NOW)
    db.session.expire_all()
    seen = {
        judge.id: [one.seat for one in sheets.visible_to(twice.first, judge.id)] for judge in twice.judges
    }
    assert list(seen.values()) == [[1, 2], [1, 2], [3]], "nor does the third see what the two gave"


def test_a_head_judge_who_marks_too_is_blind_until_the_own_sheet_is_in(sqlite_app):
    hall = Hall()
    first = hall.judges[0].id
    hall.mark(2, 1100, 700)
    assert sheets.is_blind(hall.first, first)
    assert not sheets.is_blind(hall.first, hall.head.account_id), "who marks nothing is swayed by nothing"
    hall.mark(1, 1000, 700)
    db.session.expire_all()
    assert not sheets.is_blind(hall.first, first)


def test_what_is_checked_is_seen_by_who_signs_though_the_own_sheet_never_came(sqlite_app):
    hall = Hall()
    performances.mark_absent(hall.first, "Ốm", hall.secretary, NOW)
    stage_points.check(hall.first, hall.secretary, NOW)
    assert not sheets.is_blind(hall.first, hall.judges[0].id)


def test_an_absence_is_noted_once_and_not_after_the_check(sqlite_app):
    hall = Hall()
    performances.mark_absent(hall.first, "Ốm", hall.secretary, NOW)
    with pytest.raises(AlreadyDone):
        performances.mark_absent(hall.first, "Ốm nặng", hall.secretary, NOW)
    assert hall.first.absent_reason == "Ốm"
    assert db.session.query(AuditEvent).filter_by(action="performance.absent").count() == 1


def test_the_hall_sees_no_ranking_while_anybodys_points_are_unsigned(sqlite_app):
    hall = Hall()
    hall.round.opened_at = hall.round.opens_at = NOW - 2 * MINUTE
    hall.round.closes_at = hall.round.closed_at = NOW - MINUTE
    projections.open_screen(hall.round, hall.secretary, NOW)
    projection = projections.of_round(hall.round)
    for one in performances.of_round(hall.round):
        with pytest.raises(RuleBroken):
            revealing.prepare(projection, 3, True, hall.secretary, NOW)
        performances.mark_absent(one, "Ốm", hall.secretary, NOW)
        stage_points.check(one, hall.secretary, NOW)
        stage_points.sign(one, hall.head, NOW)
    assert len(standings_of(hall.round)) == 3
    revealing.prepare(projection, 3, True, hall.secretary, NOW)
    assert [len(step) for step in projection.ranking["scopes"][0]["steps"]] == [3]


def test_what_nobody_timed_ends_without_a_clock_where_the_part_has_no_limit(sqlite_app):
    hall = Hall()
    with pytest.raises(RuleBroken):
        performances.finish(hall.first, hall.secretary, NOW)
    rules = dict(hall.round.stage.rules)
    rules["parts"][0]["minutes"] = 0
    hall.round.stage.rules = rules
    performances.finish(hall.first, hall.secretary, NOW)
    with pytest.raises(AlreadyDone):
        performances.finish(hall.first, hall.secretary, NOW)
    for seat in (1, 2, 3):
        hall.mark(seat, 1000, 700)
    stage_points.check(hall.first, hall.secretary, NOW)
    assert (hall.points().points.points, hall.points().points.deducted) == (1700, 0)


def test_who_hands_in_after_the_check_changes_no_points(app):
    hall = Hall(missing=Missing.PRESENT)
    hall.perform()
    hall.mark(1, 1000, 700)
    hall.mark(2, 1100, 700)
    late = Actor(hall.judges[2].id)
    sheets.save(hall.first, {"Nội dung": 200, "Phong cách": 100}, "", 1, late, NOW)
    stage_points.check(hall.first, hall.secretary, NOW)
    stage_points.sign(hall.first, hall.head, NOW)
    for act in (
        lambda: sheets.save(hall.first, {"Nội dung": 300}, "", 2, late, NOW),
        lambda: sheets.submit(hall.first, late, NOW),
        lambda: sheets.key(hall.first, 3, {"Nội dung": 200, "Phong cách": 100}, hall.secretary, NOW),
    ):
        with pytest.raises(RuleBroken, match="đã được kiểm"):
            act()
    assert hall.points().points.points == 1750
    stage_points.unsign(hall.first, "Bỏ sót phiếu ghế 3", hall.head, NOW)
    sheets.submit(hall.first, late, NOW)
    assert hall.points().points.counted == (1, 2, 3), "with a reason of the head judge it comes in after all"


def test_what_all_write_at_once_ends_without_a_clock_where_time_costs_nothing(sqlite_app):
    hall = Hall(over_time=OverTime(OverTimeRule.CUT_OFF))
    performances.finish(hall.first, hall.secretary, NOW)
    assert hall.first.stopped_at == NOW and hall.first.started_at is None
