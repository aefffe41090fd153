"""A day on the stage: panels, the running order, the clock, sheets from devices and paper, checking and signing."""

from dataclasses import replace
from threading import Event, Thread

import pytest
from sqlalchemy.exc import DBAPIError

from quiz.core.errors import AlreadyDone, NotAllowed, RuleBroken
from quiz.core.judging import Criterion, Judging, Missing, OnGap, Waits
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part, PartKind
from quiz.core.people import Position
from quiz.core.performances import OnPaper, OnStage
from quiz.core.permissions import Role
from quiz.core.ranking import TieBreak
from quiz.core.rules import Rules
from quiz.core.running_order import running_order
from quiz.extensions import db
from quiz.models import AuditEvent, PanelSeat, Performance
from quiz.services import entries, panels, performances, results, sheets, stage_points
from quiz.services.audit import Actor
from quiz.services.standings import standings_of
from tests.factories import (
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
)

SECOND = 1000
MINUTE = 60 * SECOND
CRITERIA = (Criterion("Nội dung", 1200, 25), Criterion("Phong cách", 800, 25))
PART = "Giới thiệu"


class Hall:
    """A round at a district with three cells' contestants, one judged part, three judges and a secretary."""

    def __init__(self, **judging) -> None:
        settings = {"judges": 3, "over_time": OverTime(OverTimeRule.STEPS), "criteria": CRITERIA} | judging
        part = Part(PART, max_points=2000, minutes=3, judging=Judging(**settings))
        self.district = make_unit("Mai Sơn")
        self.communes = [make_unit(f"Xã {n}", parent=self.district) for n in (1, 2, 3)]
        self.cells = [make_cell(commune, f"Bản {n}") for n, commune in enumerate(self.communes, start=1)]
        stage = make_stage(make_contest(self.district), self.rules(part))
        self.round = make_round(stage, self.district)
        people = [make_person(cell, f"Lò Văn {n}") for n, cell in enumerate(self.cells, start=1)]
        self.entries = [
            make_entry(self.round, person, commune)
            for person, commune in zip(people, self.communes, strict=True)
        ]
        self.secretary = self.actor(Role.BOARD_SECRETARY)
        self.head = self.actor(Role.HEAD_JUDGE)
        self.judges = [make_account((Role.JUDGE, self.district)) for _ in range(settings["judges"])]
        for seat, judge in enumerate(self.judges, start=1):
            panels.seat_judge(self.round, PART, "", seat, judge, seat == 1, self.secretary, NOW)
        performances.draw_order(self.round, "hạt giống", 1, self.secretary, NOW)
        self.first = performances.of_round(self.round)[0]

    def rules(self, part: Part) -> Rules:
        """Return the rules of the round: nothing but the part."""
        return Rules(parts=(part,), tie_breaks=())

    def actor(self, role: Role) -> Actor:
        """Return a new account of the district, as an actor."""
        return Actor(make_account((role, self.district)).id)

    def mark(self, seat: int, content: int, style: int, stamp: int = 1) -> None:
        """Let the judge of a seat mark the first performance and hand the sheet in."""
        judge = Actor(self.judges[seat - 1].id)
        marks = {"Nội dung": content, "Phong cách": style}
        sheets.save(self.first, marks, "", stamp, judge, NOW)
        sheets.submit(self.first, judge, NOW)

    def perform(self, seconds: int = 150) -> None:
        """Let the first contestant perform for so many seconds."""
        performances.start(self.first, self.secretary, NOW)
        performances.stop(self.first, self.secretary, NOW + seconds * SECOND)

    def points(self):
        """Return what the first performance earns now."""
        db.session.expire_all()
        return stage_points.earned(self.first)


@pytest.fixture
def hall(app):
    """A hall before anybody has performed."""
    return Hall()


# Panels


def test_a_judge_has_one_seat_on_a_panel(hall):
    with pytest.raises(AlreadyDone):
        panels.seat_judge(hall.round, PART, "", 2, hall.judges[0], False, hall.secretary, NOW)
    assert [seat.seat for seat in panels.seats_of(hall.round)] == [1, 2, 3]


@pytest.mark.parametrize("seat", [0, 4])
def test_a_part_has_no_more_seats_than_its_rules(hall, seat):
    with pytest.raises(RuleBroken):
        panels.seat_judge(hall.round, PART, "", seat, make_account(), False, hall.secretary, NOW)


def test_a_judge_is_replaced_until_sheets_are_there(hall):
    new = make_account((Role.JUDGE, hall.district))
    panels.seat_judge(hall.round, PART, "", 2, new, False, hall.secretary, NOW)
    assert [seat.account_id for seat in panels.seats_of(hall.round)][1] == new.id
    hall.mark(1, 1000, 700)
    with pytest.raises(RuleBroken):
        panels.seat_judge(hall.round, PART, "", 1, make_account(), False, hall.secretary, NOW)


def test_a_contestant_judges_nobody_in_the_own_round(hall):
    own = make_account(person=hall.entries[0].person)
    with pytest.raises(RuleBroken):
        panels.seat_judge(hall.round, PART, "", 2, own, False, hall.secretary, NOW)


def test_a_judge_from_the_unit_of_a_contestant_is_flagged(hall):
    assert panels.conflicts_of(hall.round) == []
    neighbour = make_account(person=make_person(hall.cells[1], "Hà Thị Tư"))
    panels.seat_judge(hall.round, PART, "", 2, neighbour, False, hall.secretary, NOW)
    (conflict,) = panels.conflicts_of(hall.round)
    assert (conflict.seat.seat, conflict.entry.id) == (2, hall.entries[1].id)


def test_a_contestant_entered_by_the_district_itself_still_comes_from_a_commune(hall):
    other = make_cell(hall.communes[1], "Bản Xa")
    for entry in hall.entries:
        entry.scope = hall.district
    panels.seat_judge(
        hall.round,
        PART,
        "",
        2,
        make_account(person=make_person(other, "Hà Thị Tư")),
        False,
        hall.secretary,
        NOW,
    )
    (conflict,) = panels.conflicts_of(hall.round)
    assert conflict.entry.id == hall.entries[1].id, "a neighbour of the same commune, of another cell"


def test_judges_whose_unit_nobody_knows_are_named(hall):
    known = make_account(person=make_person(hall.cells[1], "Hà Thị Tư"))
    panels.seat_judge(hall.round, PART, "", 1, known, True, hall.secretary, NOW)
    assert panels.unknown_homes(hall.round) == sorted(judge.display_name for judge in hall.judges[1:])


# The running order


def test_the_order_is_drawn_once_and_can_be_repeated_from_its_seed(hall):
    turns = running_order({"": [entry.id for entry in hall.entries]}, "hạt giống")
    made = {one.entry_id: one.drawn for one in performances.of_round(hall.round)}
    assert made == {turn.entry: turn.drawn for turn in turns}
    with pytest.raises(AlreadyDone):
        performances.draw_order(hall.round, "khác", 1, hall.secretary, NOW)


def test_who_moves_up_after_the_draw_comes_last_and_who_withdrew_is_left_out(hall):
    hall.entries[0].withdrawn_at = NOW
    reserve = make_entry(hall.round, make_person(hall.cells[0], "Lường Thị Năm"), hall.communes[0])
    performances.add_late_entries([reserve], hall.secretary, NOW)
    performances.add_late_entries([reserve], hall.secretary, NOW)
    order = [one.entry_id for one in performances.of_round(hall.round)]
    assert order[-1] == reserve.id and len(order) == 3 and hall.entries[0].id not in order


def test_whoever_stands_in_for_somebody_after_the_draw_comes_last_in_every_part(hall):
    other = make_person(hall.cells[0], "Lường Thị Năm", position=Position.DEPUTY_SECRETARY)
    entry = entries.replace(hall.entries[0], other, "Ốm", hall.secretary, NOW)
    order = [one.entry_id for one in performances.of_round(hall.round)]
    assert order[-1] == entry.id and len(order) == 3 and hall.entries[0].id not in order


def test_a_withdrawal_taken_back_keeps_a_place_that_was_drawn_and_gets_the_last_where_none_was(hall):
    drawn = [one.entry_id for one in performances.of_round(hall.round)]
    absent = make_entry(hall.round, make_person(make_cell(hall.communes[0], "Bản 4"), "Lường Thị Năm"))
    absent.withdrawn_at = NOW  # before the draw, so that nothing was drawn
    entries.withdraw(hall.entries[0], "Nhầm", hall.secretary, NOW)
    entries.restore(hall.entries[0], hall.secretary, NOW)
    assert [one.entry_id for one in performances.of_round(hall.round)] == drawn
    entries.restore(absent, hall.secretary, NOW)
    assert [one.entry_id for one in performances.of_round(hall.round)] == [*drawn, absent.id]


# The clock


def test_the_clock_counts_only_what_ran(hall):
    first, secretary = hall.first, hall.secretary
    performances.call(first, secretary, NOW)
    performances.start(first, secretary, NOW + SECOND)
    performances.pause(first, secretary, NOW + 61 * SECOND)
    performances.start(first, secretary, NOW + 100 * SECOND)
    performances.stop(first, secretary, NOW + 120 * SECOND)
    assert first.used == 80 * SECOND
    assert performances.stage_of(first) is OnStage.DONE


@pytest.mark.parametrize("again", [performances.start, performances.call])
def test_a_double_click_changes_nothing(hall, again):
    performances.start(hall.first, hall.secretary, NOW)
    with pytest.raises(AlreadyDone):
        again(hall.first, hall.secretary, NOW + SECOND)
    assert hall.first.running_since == NOW


def test_one_clock_of_a_part_runs_at_a_time(hall):
    performances.start(hall.first, hall.secretary, NOW)
    second = performances.of_round(hall.round)[1]
    with pytest.raises(RuleBroken):
        performances.start(second, hall.secretary, NOW)


def test_a_time_is_put_right_with_a_reason_and_both_figures_are_kept(hall):
    hall.perform(200)
    with pytest.raises(RuleBroken):
        performances.correct_time(hall.first, 170 * SECOND, " ", hall.secretary, NOW)
    performances.correct_time(hall.first, 170 * SECOND, "Bấm dừng muộn", hall.secretary, NOW)
    event = db.session.query(AuditEvent).filter_by(action="performance.time").one()
    assert (event.detail["before"], event.detail["after"]) == (200 * SECOND, 170 * SECOND)


def test_a_stopped_clock_goes_on_only_with_a_reason(hall):
    hall.perform()
    with pytest.raises(RuleBroken):
        performances.start(hall.first, hall.secretary, NOW)
    performances.reopen(hall.first, "Mất micro", hall.secretary, NOW)
    performances.start(hall.first, hall.secretary, NOW + MINUTE)
    assert performances.stage_of(hall.first) is OnStage.RUNNING


# Sheets from devices


def test_an_overtaken_save_never_covers_a_newer_one(hall):
    judge = Actor(hall.judges[0].id)
    sheets.save(hall.first, {"Nội dung": 1000}, "", 7, judge, NOW)
    sheets.save(hall.first, {"Nội dung": 400}, "", 6, judge, NOW + 1)
    sheet = sheets.save(hall.first, {"Nội dung": 1000}, "", 7, judge, NOW + 2)
    assert sheet.marks == {"Nội dung": 1000}


@pytest.mark.parametrize(
    "marks", [{"Nội dung": 1225}, {"Nội dung": 1010}, {"Nội dung": -25}, {"Trang phục": 100}]
)
def test_a_mark_that_no_sheet_can_have_is_refused(hall, marks):
    with pytest.raises(RuleBroken):
        sheets.save(hall.first, marks, "", 1, Actor(hall.judges[0].id), NOW)


def test_only_the_panel_marks_and_nobody_the_own_performance(hall):
    with pytest.raises(NotAllowed):
        sheets.save(hall.first, {}, "", 1, hall.head, NOW)


def test_an_open_criterion_keeps_a_sheet_from_being_handed_in(hall):
    judge = Actor(hall.judges[0].id)
    sheets.save(hall.first, {"Nội dung": 1000}, "", 1, judge, NOW)
    with pytest.raises(RuleBroken):
        sheets.submit(hall.first, judge, NOW)


def test_a_sheet_handed_in_stands(hall):
    hall.mark(1, 1000, 700)
    with pytest.raises(AlreadyDone):
        sheets.save(hall.first, {"Nội dung": 0}, "", 9, Actor(hall.judges[0].id), NOW)


def test_judges_are_blind_until_all_have_handed_in(hall):
    first = hall.judges[0].id
    hall.mark(1, 1000, 700)
    hall.mark(2, 1100, 700)
    assert [sheet.seat for sheet in sheets.visible_to(hall.first, first)] == [1]
    hall.mark(3, 1050, 700)
    db.session.expire_all()
    assert [sheet.seat for sheet in sheets.visible_to(hall.first, first)] == [1, 2, 3]


# Sheets from paper


def key(hall, actor, content, style=700, seat=2):
    return sheets.key(hall.first, seat, {"Nội dung": content, "Phong cách": style}, actor, NOW)


def test_two_people_key_a_paper_sheet_and_it_counts_when_they_agree(hall):
    other = hall.actor(Role.BOARD_SECRETARY)
    assert key(hall, hall.secretary, 1000) is None
    with pytest.raises(NotAllowed):
        key(hall, hall.secretary, 1000)
    sheet = key(hall, other, 1000)
    assert (sheet.marks["Nội dung"], sheet.submitted_at, sheet.keyed_by_id) == (1000, NOW, other.account_id)


def test_where_keyings_differ_one_of_the_two_looks_again(hall):
    other = hall.actor(Role.BOARD_SECRETARY)
    key(hall, hall.secretary, 1000)
    assert key(hall, other, 1100) is None
    assert sheets.differences(sheets.keyings_of(hall.first, 2)) == ["Nội dung"]
    with pytest.raises(AlreadyDone):
        key(hall, hall.actor(Role.BOARD_SECRETARY), 1100)
    assert key(hall, hall.secretary, 1100).marks["Nội dung"] == 1100


# Points, checking, signing


def finish(hall) -> None:
    """Perform 1 min 20 s over the limit and be marked by all three."""
    hall.perform(260)
    for seat, content in enumerate((1000, 1100, 1050), start=1):
        hall.mark(seat, content, 700)


def test_points_are_the_average_less_the_over_time(hall):
    hall.perform(260)
    assert hall.points().points.waits is Waits.SHEETS
    for seat, content in enumerate((1000, 1100, 1050), start=1):
        hall.mark(seat, content, 700)
    found = hall.points()
    assert (found.points.points, found.points.deducted, found.paper) == (1700, 50, OnPaper.HANDED_IN)


def test_the_secretary_checks_and_another_signs(hall):
    finish(hall)
    with pytest.raises(RuleBroken):
        stage_points.sign(hall.first, hall.head, NOW)
    stage_points.check(hall.first, hall.secretary, NOW)
    with pytest.raises(RuleBroken):
        stage_points.sign(hall.first, hall.secretary, NOW)
    stage_points.sign(hall.first, hall.head, NOW)
    with pytest.raises(AlreadyDone):
        stage_points.sign(hall.first, hall.head, NOW)
    found = stage_points.earned_in(hall.round)
    assert stage_points.signed_points(found) == {hall.first.entry_id: {PART: 1700}}
    assert len(stage_points.unsigned(found)) == 2


def test_nothing_is_checked_while_the_clock_runs_or_a_sheet_is_missing(hall):
    performances.start(hall.first, hall.secretary, NOW)
    for seat in (1, 2, 3):
        hall.mark(seat, 1000, 700)
    with pytest.raises(RuleBroken):
        stage_points.check(hall.first, hall.secretary, NOW)
    with pytest.raises(RuleBroken):
        stage_points.check(performances.of_round(hall.round)[1], hall.secretary, NOW)


def test_who_did_not_come_earns_nothing_and_that_is_signed_too(hall):
    performances.mark_absent(hall.first, "Ốm", hall.secretary, NOW)
    stage_points.check(hall.first, hall.secretary, NOW)
    stage_points.sign(hall.first, hall.head, NOW)
    assert stage_points.signed_points(stage_points.earned_in(hall.round)) == {hall.first.entry_id: {PART: 0}}


def test_a_slip_is_corrected_with_a_reason_and_both_marks_stay(hall):
    finish(hall)
    stage_points.check(hall.first, hall.secretary, NOW)
    sheet = sheets.sheet_at(hall.first, 2)
    right = {"Nội dung": 1000, "Phong cách": 700}
    with pytest.raises(RuleBroken):
        sheets.correct(sheet, right, "", hall.secretary, NOW)
    sheets.correct(sheet, right, "Ghi nhầm 11 thành 10", hall.secretary, NOW)
    (kept,) = sheets.corrections_of(hall.first)
    assert (kept.before["Nội dung"], kept.after["Nội dung"]) == (1100, 1000)
    assert hall.points().paper is OnPaper.HANDED_IN, "the check must be done again"
    sheets.correct(sheet, kept.before, "Phiếu giấy ghi 11", hall.secretary, NOW)
    assert hall.points().points.points == 1700, "a correction taken back restores exactly what was"


def test_after_the_signature_a_correction_takes_the_head_judge_and_the_secretary(hall):
    finish(hall)
    stage_points.check(hall.first, hall.secretary, NOW)
    stage_points.sign(hall.first, hall.head, NOW)
    sheet, right = sheets.sheet_at(hall.first, 2), {"Nội dung": 900, "Phong cách": 700}
    with pytest.raises(RuleBroken):
        sheets.correct(sheet, right, "Sai", hall.secretary, NOW)
    with pytest.raises(RuleBroken):
        stage_points.unsign(hall.first, " ", hall.head, NOW)
    stage_points.unsign(hall.first, "Phiếu 2 ghi nhầm", hall.head, NOW)
    sheets.correct(sheet, right, "Đối chiếu phiếu giấy", hall.secretary, NOW)
    assert hall.points().paper is OnPaper.HANDED_IN
    stage_points.check(hall.first, hall.secretary, NOW)
    stage_points.sign(hall.first, hall.head, NOW)
    assert [one.action for one in db.session.query(AuditEvent).order_by(AuditEvent.id)][-4:] == [
        "performance.unsign", "sheet.correct", "performance.check", "performance.sign",
    ]  # fmt: skip


def test_a_panel_is_filled_at_once_and_who_sits_already_stays(hall):
    new = make_account((Role.JUDGE, hall.district))
    kept = [judge.id for judge in hall.judges]
    panels.fill(hall.round, PART, "", {1: kept[0], 2: new.id, 3: kept[1]}, 3, hall.secretary, NOW)
    seats = panels.seats_of(hall.round)
    assert [(one.seat, one.account_id, one.is_head) for one in seats] == [
        (1, kept[0], False), (2, new.id, False), (3, kept[1], True),
    ]  # fmt: skip
    panels.fill(hall.round, PART, "", {1: kept[0], 2: 0, 3: kept[1]}, 0, hall.secretary, NOW)
    assert [one.seat for one in panels.seats_of(hall.round)] == [1, 3]


def test_where_marks_lie_apart_the_head_judge_decides_with_a_reason(app):
    hall = Hall(gap=300, on_gap=OnGap.HEAD)
    hall.perform()
    for seat, content in enumerate((1000, 700, 1050), start=1):
        hall.mark(seat, content, 700)
    assert hall.points().points.waits is Waits.HEAD
    with pytest.raises(RuleBroken):
        stage_points.decide(hall.first, 1650, "", hall.head, NOW)
    stage_points.decide(hall.first, 1650, "Giám khảo 2 bỏ sót một ý", hall.head, NOW)
    found = hall.points()
    assert (found.points.points, found.points.by_head, found.paper) == (1650, True, OnPaper.HANDED_IN)


def test_where_the_rules_do_not_ask_for_it_nobody_decides(hall):
    finish(hall)
    with pytest.raises(RuleBroken):
        stage_points.decide(hall.first, 2000, "Hay", hall.head, NOW)


def test_the_average_of_those_present_where_the_rules_say_so(app):
    hall = Hall(missing=Missing.PRESENT)
    hall.perform()
    hall.mark(1, 1000, 700)
    hall.mark(3, 1100, 700)
    assert hall.points().points.points == 1750


def test_a_third_marker_has_a_seat_only_where_the_rules_ask_for_one(app):
    hall = Hall(judges=2, gap=400, on_gap=OnGap.THIRD)
    hall.perform()
    hall.mark(1, 1200, 800)
    hall.mark(2, 800, 700)
    assert hall.points().points.waits is Waits.THIRD
    third = make_account((Role.JUDGE, hall.district))
    panels.seat_judge(hall.round, PART, "", 3, third, False, hall.secretary, NOW)
    hall.judges.append(third)
    hall.mark(3, 1000, 700)
    assert (hall.points().points.points, hall.points().points.counted) == (1700, (3,))


def test_sheets_and_seats_meet_in_one_row_each(hall):
    hall.mark(1, 1000, 700)
    assert db.session.query(PanelSeat).count() == 3 and len(hall.first.sheets) == 1
    assert db.session.query(Performance).count() == 3


def test_judges_who_hand_in_whole_sheets_at_once_do_not_wait_for_each_other_for_ever(app, hall):
    """Without scripts marks and hand-in come in one request: each may have begun a sheet before either hands in."""
    begun, faults = {1: Event(), 2: Event()}, []
    performance_id, judges = hall.first.id, {seat: Actor(hall.judges[seat - 1].id) for seat in (1, 2)}
    db.session.commit()

    def hand_in(seat, other):
        with app.app_context():
            try:
                found = db.session.get(Performance, performance_id)
                sheets.save(found, {"Nội dung": 1000, "Phong cách": 700}, "", 1, judges[seat], NOW)
                begun[seat].set()
                begun[other].wait(timeout=1)  # in vain where the other may begin only after this one
                sheets.submit(found, judges[seat], NOW)
                db.session.commit()
            except DBAPIError as error:
                faults.append(str(error.orig))
            finally:
                db.session.remove()

    at_once = [Thread(target=hand_in, args=seats) for seats in ((1, 2), (2, 1))]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join(timeout=300)
    db.session.expire_all()
    handed_in = [
        sheet.seat for sheet in db.session.get(Performance, performance_id).sheets if sheet.submitted_at
    ]
    assert (faults, sorted(handed_in)) == ([], [1, 2])


# One result of paper and stage


class Mixed(Hall):
    """The same day where a paper of five items counts for 40 % and the stage for 60 %."""

    def rules(self, part: Part) -> Rules:
        """Return rules with an online part, ties parted by the stage."""
        parts = (Part("Trắc nghiệm", PartKind.ONLINE, weight=40), replace(part, weight=60))
        return make_rules(parts=parts, tie_breaks=(f"part:{PART}", TieBreak.TIME_USED))

    def stand(self, contents) -> None:
        """Let everybody perform, be marked alike by all judges, checked and signed; `contents` by entry."""
        for one in performances.of_round(self.round):
            self.first = one
            self.perform()
            for seat in (1, 2, 3):
                self.mark(seat, contents[one.entry_id], 800)
            stage_points.check(one, self.secretary, NOW)
            stage_points.sign(one, self.head, NOW)


def stand_all(hall, points: tuple[int, int, int], contents: tuple[int, int, int]):
    keys = [entry.id for entry in hall.entries]
    for entry, raw_score in zip(hall.entries, points, strict=True):
        make_attempt(entry, raw_score)
    hall.stand(dict(zip(keys, contents, strict=True)))
    return {line.entry.id: line for line in standings_of(hall.round)}, keys


def test_paper_and_stage_make_one_ranking_by_their_weights(app):
    lines, keys = stand_all(Mixed(), (500, 400, 300), (400, 1000, 1200))
    assert [lines[key].points for key in keys] == [4000 + 3600, 3200 + 5400, 2400 + 6000]
    assert [lines[key].rank for key in keys] == [3, 1, 2]
    first = lines[keys[1]]
    assert (first.max_points, [share.points for share in first.shares]) == (10_000, [400, 1800])


def test_a_tie_of_totals_is_parted_by_the_declared_part(app):
    lines, keys = stand_all(Mixed(), (500, 350, 100), (800, 1200, 1200))
    assert lines[keys[0]].points == 4000 + 4800 == lines[keys[1]].points == 2800 + 6000
    assert (lines[keys[1]].rank, lines[keys[0]].rank) == (1, 2)
    (compared,) = lines[keys[0]].explanation.decided_by
    assert (compared.criterion, compared.value, compared.ahead) == (f"part:{PART}", 1600, 1)


def test_nobody_is_ranked_before_every_part_is_signed_and_nothing_is_published(app):
    hall = Mixed()
    for entry in hall.entries:
        make_attempt(entry, 400)
    hall.round.opened_at, hall.round.closed_at = NOW - MINUTE, NOW + MINUTE
    assert standings_of(hall.round) == []
    with pytest.raises(RuleBroken) as refusal:
        results.publish(hall.round, results.PROVISIONAL, "", hall.secretary, NOW + 2 * MINUTE)
    assert refusal.value.values == {"count": 3}


def test_an_edition_keeps_what_each_part_added(app):
    hall = Mixed()
    _lines, keys = stand_all(hall, (500, 400, 300), (400, 1000, 1200))
    hall.round.opened_at, hall.round.closed_at = NOW - MINUTE, NOW + MINUTE
    edition = results.publish(hall.round, results.PROVISIONAL, "", hall.secretary, NOW + 2 * MINUTE)
    best = results.all_of(edition)[0]
    assert (best.entry_id, best.points, edition.max_score) == (keys[1], 8600, 10_000)
    assert best.explanation["parts"] == [["Trắc nghiệm", 400, 500, 40], [PART, 1800, 2000, 60]]
    assert results.is_intact(edition)


def test_a_round_before_judges_alone_has_a_ranking_without_papers(app):
    hall = Hall()
    for one in performances.of_round(hall.round):
        hall.first = one
        hall.perform()
        for seat in (1, 2, 3):
            hall.mark(seat, 1000 + one.drawn * 25, 700)
        stage_points.check(one, hall.secretary, NOW)
        stage_points.sign(one, hall.head, NOW)
    lines = standings_of(hall.round)
    assert [line.entry.id for line in lines] == [one.entry_id for one in performances.of_round(hall.round)][
        ::-1
    ]
    assert [line.attempt for line in lines] == [None, None, None]
