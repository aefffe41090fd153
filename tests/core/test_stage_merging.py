"""Which performances of a hall are taken in: everything a tampered or broken file could say instead of the truth."""

from dataclasses import replace

import pytest

from quiz.core.judging import Averaging, Criterion, Judging, OnGap
from quiz.core.merging import Standing
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.packages import MOST_INSTANT
from quiz.core.parts import Part
from quiz.core.running_order import running_order
from quiz.core.stage_lines import (
    ChangeLine,
    OrderLine,
    PanelLine,
    PerformanceLine,
    SheetLine,
    StaffLine,
    TurnLine,
    TypingLine,
    fingerprint,
    panel_fits,
    staff_fit,
    turns_fit,
)
from quiz.core.stage_merging import StageHere, StageRefusal, fault_of, is_drawn, merge_stage

CRITERIA = (Criterion("Nội dung", 1200, 25), Criterion("Phong cách", 800, 25))
PART = Part("Chào hỏi", max_points=2000, minutes=5, judging=Judging(CRITERIA, judges=2))
STAFF = tuple(StaffLine(ref, f"nguoi-{ref}", f"Người {ref}", ()) for ref in (1, 2, 3, 4))
GOOD = {"Nội dung": 1000, "Phong cách": 700}


def sheet(seat: int = 1, marks: dict[str, int] = GOOD, **other) -> SheetLine:
    plain = SheetLine(seat, seat, marks, "", 7, 30, 40, None, (), ())
    return plain._replace(**other)


LINE = PerformanceLine(
    person="P1", part="Chào hỏi", called_at=10, started_at=20, used=60_000, stopped_at=80_020, absent_reason="",
    decided=None, decided_reason="", decided_by=None, checked_at=90_000, checked_by=3, signed_at=91_000, signed_by=4,
    points=1700, deducted=0, sheets=(sheet(1), sheet(2)), lot_group="", lot=None, lot_drawn_at=None,
)  # fmt: skip
TYPED = (TypingLine(1, 3, 35, GOOD), TypingLine(2, 4, 36, GOOD))
WRONG = {"Nội dung": 900, "Phong cách": 700}
ABSENT = replace(
    LINE, absent_reason="ốm", called_at=None, started_at=None, stopped_at=None, used=0, sheets=(), points=0
)

SOUND = {
    "as the laptop writes it": LINE,
    "absent": ABSENT,
    "keyed by two": replace(LINE, sheets=(sheet(1, keyed_by=4, typed=TYPED), sheet(2))),
    "corrected": replace(LINE, sheets=(sheet(1, changes=(ChangeLine(WRONG, GOOD, "nhầm", 50, 3),)), sheet(2))),
    "keyed, then corrected": replace(
        LINE,
        sheets=(
            sheet(1, WRONG, keyed_by=4, typed=TYPED, changes=(ChangeLine(GOOD, WRONG, "nhầm", 50, 3),)), sheet(2),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_what_a_laptop_writes_has_no_fault(name):
    assert fault_of(SOUND[name], PART, {1, 2, 3, 4}) is None


UNTIMED = replace(LINE, called_at=None, started_at=None, used=0)
CUT_OFF, STEPS = (
    replace(PART, judging=replace(PART.judging, over_time=OverTime(rule)))
    for rule in (OverTimeRule.CUT_OFF, OverTimeRule.STEPS)
)


@pytest.mark.parametrize(
    ("part", "fault"),
    [(replace(PART, minutes=0), None), (PART, None), (CUT_OFF, None), (STEPS, StageRefusal.BAD_CLOCK)],
)
def test_only_where_time_costs_points_must_a_clock_have_run(part, fault):
    assert fault_of(UNTIMED, part, {1, 2, 3, 4}) is fault


FAULTY = {
    "never stopped": (replace(LINE, stopped_at=None), StageRefusal.BAD_CLOCK),
    "never started": (replace(LINE, started_at=None), StageRefusal.BAD_CLOCK),
    "signed before it was checked": (replace(LINE, signed_at=89_000), StageRefusal.BAD_CLOCK),
    "checked before the end": (replace(LINE, checked_at=70_000), StageRefusal.BAD_CLOCK),
    "an instant of another age": (replace(LINE, signed_at=MOST_INSTANT), StageRefusal.BAD_CLOCK),
    "less than no time": (replace(LINE, used=-1), StageRefusal.BAD_CLOCK),
    "absent and timed": (replace(ABSENT, started_at=20, stopped_at=30), StageRefusal.BAD_CLOCK),
    "checked and signed by one": (replace(LINE, signed_by=3), StageRefusal.BAD_PEOPLE),
    "signed by nobody known": (replace(LINE, signed_by=9), StageRefusal.BAD_PEOPLE),
    "keyed by one": (
        replace(LINE, sheets=(sheet(1, keyed_by=3, typed=(TYPED[0], TYPED[1]._replace(by=3))), sheet(2))),
        StageRefusal.BAD_PEOPLE,
    ),
    "a sheet missing": (replace(LINE, sheets=(sheet(1),)), StageRefusal.BAD_SHEETS),
    "a seat twice": (replace(LINE, sheets=(sheet(1), sheet(1))), StageRefusal.BAD_SHEETS),
    "a judge too many": (replace(LINE, sheets=(sheet(1), sheet(2), sheet(3))), StageRefusal.BAD_SHEETS),
    "more than the most": (
        replace(LINE, sheets=(sheet(1, {"Nội dung": 1225, "Phong cách": 0}), sheet(2))),
        StageRefusal.BAD_SHEETS,
    ),
    "between two steps": (
        replace(LINE, sheets=(sheet(1, {"Nội dung": 1010, "Phong cách": 0}), sheet(2))),
        StageRefusal.BAD_SHEETS,
    ),
    "a criterion of its own": (replace(LINE, sheets=(sheet(1, GOOD | {"Hát": 1}), sheet(2))), StageRefusal.BAD_SHEETS),
    "keyed once": (replace(LINE, sheets=(sheet(1, keyed_by=4, typed=TYPED[:1]), sheet(2))), StageRefusal.BAD_SHEETS),
    "keyed otherwise": (
        replace(LINE, sheets=(sheet(1, WRONG, keyed_by=4, typed=TYPED), sheet(2))),
        StageRefusal.BAD_SHEETS,
    ),
    "a correction that leads elsewhere": (
        replace(LINE, sheets=(sheet(1, changes=(ChangeLine(GOOD, WRONG, "nhầm", 50, 3),)), sheet(2))),
        StageRefusal.BAD_SHEETS,
    ),
    "decided where the rules do not ask": (replace(LINE, decided=1900, decided_by=4), StageRefusal.BAD_SHEETS),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
def test_what_no_laptop_can_have_written_is_refused(name):
    line, reason = FAULTY[name]
    assert fault_of(line, PART, {1, 2, 3, 4}) is reason


def here(**other) -> StageHere:
    plain = {"parts": {PART.name: PART}, "people": {"P1": Standing.FREE}, "brought": {}, "begun": set()}
    return StageHere(**plain | {"has_other_order": False} | other)


TURNS = (TurnLine("P1", 1, "", 1, 1, 1),)
KEY = LINE.key

MERGED = {
    "not entered": (here(people={}), StageRefusal.NOT_ENTERED),
    "withdrawn": (here(people={"P1": Standing.WITHDRAWN}), StageRefusal.WITHDRAWN),
    "begun on the server": (here(begun={KEY}), StageRefusal.MARKED_HERE),
    "another order there": (here(has_other_order=True), StageRefusal.OTHER_ORDER),
    "came with other contents": (here(brought={KEY: "other"}, begun={KEY}), StageRefusal.CHANGED),
    "no such part": (here(parts={}), StageRefusal.BAD_PART),
}


@pytest.mark.parametrize("name", MERGED)
def test_a_performance_the_server_cannot_take_is_listed_with_why(name):
    known, reason = MERGED[name]
    merged = merge_stage([LINE], STAFF, TURNS, known)
    assert (merged.new, merged.refused) == ((), ((LINE, reason),))


def test_the_same_performance_again_is_known_and_twice_in_one_file_refused():
    assert merge_stage([LINE], STAFF, TURNS, here(brought={KEY: fingerprint(LINE)})).known == (LINE,)
    merged = merge_stage([LINE, LINE], STAFF, TURNS, here())
    assert (merged.new, merged.refused) == ((LINE,), ((LINE, StageRefusal.TWICE),))


def test_points_that_the_sheets_do_not_give_are_told():
    boasting = replace(LINE, points=2000)
    assert merge_stage([boasting], STAFF, TURNS, here()).differing == ((boasting, 1700),)
    assert merge_stage([LINE], STAFF, TURNS, here()).differing == ()


def test_a_decision_of_the_head_judge_is_taken_where_the_rules_leave_it_to_the_head():
    part = replace(PART, judging=replace(PART.judging, gap=300, on_gap=OnGap.HEAD, averaging=Averaging.MEAN))
    apart = replace(LINE, sheets=(sheet(1), sheet(2, {"Nội dung": 500, "Phong cách": 700})), decided_by=4)
    assert fault_of(replace(apart, decided=1500), part, {1, 2, 3, 4}) is None
    assert fault_of(replace(apart, decided=2001), part, {1, 2, 3, 4}) is StageRefusal.BAD_SHEETS
    assert fault_of(replace(apart, decided=None), part, {1, 2, 3, 4}) is StageRefusal.BAD_SHEETS


# The running order

ORDER = OrderLine("xuân", 2, 5, "thư ký")


def drawn(people: int = 7) -> list[TurnLine]:
    return [
        TurnLine(f"P{one.entry}", one.entry, "", one.session, one.place, one.drawn)
        for one in running_order({"": range(people)}, ORDER.seed, ORDER.sessions)
    ]


def test_an_order_is_repeated_from_its_seed_and_any_exchange_is_found_out():
    turns = drawn()
    assert is_drawn(ORDER, turns) and is_drawn(ORDER, turns[::-1])
    for one in range(6):
        swapped = list(turns)
        swapped[one] = replace(turns[one], person=turns[one + 1].person, number=turns[one + 1].number)
        swapped[one + 1] = replace(turns[one + 1], person=turns[one].person, number=turns[one].number)
        assert not is_drawn(ORDER, swapped)
    assert not is_drawn(replace(ORDER, seed="thu"), turns)
    assert not is_drawn(replace(ORDER, sessions=1 << 40), turns)
    assert not is_drawn(ORDER, [])


def test_only_who_was_entered_since_may_follow_the_draw():
    turns = [*drawn(), TurnLine("mới", 99, "", 2, 4, 8)]
    assert is_drawn(ORDER, turns, {"mới"})
    assert not is_drawn(ORDER, turns)
    assert not is_drawn(ORDER, [*drawn(), TurnLine("mới", 99, "", 1, 4, 8)], {"mới"})


# What travels beside

UNFIT = {
    "an administrator": (StaffLine(1, "quantri", "A", ("system_admin",)),),
    "one number twice": (StaffLine(1, "mot", "A", ()), StaffLine(1, "hai", "B", ())),
    "no name": (StaffLine(1, "mot", " ", ()),),
    "a user name nobody can have": (StaffLine(1, "Một Hai", "A", ()),),
}


@pytest.mark.parametrize("name", UNFIT)
def test_nobody_becomes_more_than_the_stage_knows_by_a_file(name):
    assert staff_fit(STAFF) and not staff_fit(UNFIT[name])


def test_a_seat_is_had_by_one_and_a_turn_by_one():
    seat = PanelLine("Chào hỏi", "", 1, 1, True)
    assert panel_fits([seat], STAFF, {PART.name: PART})
    for wrong in (
        [seat, seat],
        [replace(seat, part="Hát")],
        [replace(seat, seat=4)],
        [replace(seat, staff=9)],
    ):
        assert not panel_fits(wrong, STAFF, {PART.name: PART})
    turn = TurnLine("P1", 1, "", 1, 1, 1)
    assert turns_fit([turn]) and not turns_fit([turn, turn]) and not turns_fit([replace(turn, place=0)])
