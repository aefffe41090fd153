"""Every seeded fault of the stage is found: in the sheets, in the ranking, in how the stage was run."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from drill import comparison, sheet_checker
from drill.history import FAIL, OK, UNKNOWN, Log, SheetCall, read
from drill.sheet_checker import ALTERED, LOST, Expected
from drill.staged import Correction, Successor, Typed
from drill.stored import Stored
from tests.drill.stages import MINUTE, START, acknowledged, as_run, make_stage, publish_stage
from tests.drill.worlds import change, send_on

MARKS = [[4000, 4100, 4200, 4300, 4400], [5000, 5100, 5200, 5300, 5400], [3000] * 5]


@pytest.fixture
def played() -> Stored:
    """Three contestants before five judges, joined with their tests and published; the third spoke 80 s too long."""
    stored = make_stage(MARKS)
    one = stored.staged.performances[3]
    stored.staged.performances[3] = replace(one, used=5 * MINUTE + 80_000)
    publish_stage(stored)
    send_on(stored, 2)
    return stored


@pytest.fixture
def told(played: Stored) -> Log:
    """What the judges' browsers were told."""
    return acknowledged(played)


def kinds(log: Log, stored: Stored) -> set[str]:
    """Return the kinds of what is found."""
    return {finding.kind for finding in sheet_checker.check(log, stored)}


def test_a_stage_as_it_should_be_has_no_fault(played: Stored, told: Log) -> None:
    assert sheet_checker.check(told, played) == []
    assert comparison.differences(played) == [] == comparison.stage_differences(played)
    assert sheet_checker.differences(played, as_run(played)) == []
    figures = sheet_checker.figures(played, told)
    assert (figures["judged_parts"], figures["judges"], figures["sheets"]) == (1, 5, 15)
    assert (figures["over_times"], figures["sheets_acknowledged"]) == (1, 30)


# --- sheets against what was acknowledged -----------------------------------------------------------------------


def lost_sheet(stored: Stored) -> None:
    del stored.staged.sheets[3]


def changed_mark(stored: Stored) -> None:
    change(stored.staged.sheets, 3, marks={"Nội dung": 4325})


def lost_hand_in(stored: Stored) -> None:
    change(stored.staged.sheets, 3, submitted_at=None)


def doubled_sheet(stored: Stored) -> None:
    stored.staged.sheets.append(replace(stored.staged.sheets[3], id=99))


def older_save(stored: Stored) -> None:
    change(stored.staged.sheets, 3, stamp=6)


def secret_correction(stored: Stored) -> None:
    sheet = stored.staged.sheets[3]
    stored.staged.corrections.append(Correction(sheet.id, dict(sheet.marks), {"Nội dung": 1}, "vì thế"))
    change(stored.staged.sheets, 3, marks={"Nội dung": 1})


@pytest.mark.parametrize(
    ("break_it", "kind"),
    [
        (lost_sheet, LOST),
        (changed_mark, ALTERED),
        (lost_hand_in, LOST),
        (doubled_sheet, ALTERED),
        (older_save, LOST),
        (secret_correction, ALTERED),
    ],
)
def test_a_fault_in_a_sheet_is_found(
    break_it: Callable[[Stored], None], kind: str, played: Stored, told: Log
) -> None:
    break_it(played)
    assert kind in kinds(told, played)


def test_a_hand_in_without_an_answer_may_have_taken_effect_or_not(played: Stored, told: Log) -> None:
    for call in told.sheets:
        if call.act == "submit":
            call.outcome = UNKNOWN
    assert kinds(told, played) == set()
    change(played.staged.sheets, 3, submitted_at=None)
    assert kinds(told, played) == set()


def test_what_was_refused_may_not_be_stored(played: Stored, told: Log) -> None:
    marks = {"Nội dung": 9999}
    told.sheets.append(SheetCall(99, 1, 4, "save", marks, START, 8, "gk4", outcome=FAIL))
    assert kinds(told, played) == set()
    change(played.staged.sheets, 3, marks=marks, stamp=8)
    assert kinds(told, played) == {ALTERED}


def corrected(stored: Stored, log: Log, outcome: str = OK) -> None:
    """Correct the sheet of seat 4 of the first contestant from 53 to 43, as acknowledged."""
    sheet, after = stored.staged.sheets[3], {"Nội dung": 4300}
    for call in log.sheets:
        if (call.performance, call.seat) == (1, 4):
            call.marks = {"Nội dung": 5300}
    stored.staged.corrections.append(Correction(sheet.id, {"Nội dung": 5300}, after, "Ghi nhầm"))
    log.sheets.append(
        SheetCall(99, 1, 4, "correct", after, START, None, "thuky", "Ghi nhầm", outcome=outcome)
    )


def test_a_correction_keeps_both_marks_and_its_reason(played: Stored, told: Log) -> None:
    corrected(played, told)
    assert kinds(told, played) == set()
    change(played.staged.corrections, 0, reason="khác")
    assert kinds(told, played) == {LOST, ALTERED}
    change(played.staged.corrections, 0, reason="Ghi nhầm", before={"Nội dung": 4300})
    assert kinds(told, played) == {ALTERED}
    played.staged.corrections.clear()
    assert kinds(told, played) == {LOST, ALTERED}


def keyed(stored: Stored, log: Log) -> None:
    """Let two people have typed the sheet of seat 4 of the first contestant, the second twice."""
    sheet = stored.staged.sheets[3]
    change(stored.staged.sheets, 3, keyed_by=92)
    log.sheets[:] = [call for call in log.sheets if (call.performance, call.seat) != (1, 4)]
    for number, by in enumerate(("a", "b"), start=1):
        stored.staged.typed.append(Typed(1, 4, number, dict(sheet.marks), 90 + number))
        if by == "b":
            log.sheets.append(SheetCall(90, 1, 4, "key", {"Nội dung": 3400}, START, by=by, outcome=OK))
        log.sheets.append(SheetCall(90 + number, 1, 4, "key", dict(sheet.marks), START, by=by, outcome=OK))


def typed_by_one(stored: Stored) -> None:
    change(stored.staged.typed, 1, by=91)


def first_reading_kept(stored: Stored) -> None:
    change(stored.staged.typed, 1, marks={"Nội dung": 3400})


def counted_from_neither(stored: Stored) -> None:
    change(stored.staged.sheets, 3, marks={"Nội dung": 3400})


def test_a_sheet_from_paper_is_what_two_people_typed(played: Stored, told: Log) -> None:
    keyed(played, told)
    assert kinds(told, played) == set()


@pytest.mark.parametrize("break_it", [typed_by_one, first_reading_kept, counted_from_neither])
def test_a_fault_in_a_sheet_from_paper_is_found(
    break_it: Callable[[Stored], None], played: Stored, told: Log
) -> None:
    keyed(played, told)
    break_it(played)
    assert kinds(told, played)


def test_sheets_are_read_back_from_the_history() -> None:
    lines = [
        '{"event": "sheet", "call": 1, "began": 5, "performance": 3, "seat": 2, "act": "save", "marks": {"N": 25},'
        ' "by": "gk", "stamp": 9}',
        '{"event": "ok", "call": 1, "ended": 6, "status": 200}',
    ]
    (call,) = read(lines).sheets
    assert (call.performance, call.marks, call.stamp, call.outcome) == (3, {"N": 25}, 9, OK)


# --- the published ranking ---------------------------------------------------------------------------------------


def dropped_deduction(stored: Stored) -> None:
    """Publish the third as if nothing had been taken off."""
    one = stored.staged.performances[3]
    stored.staged.performances[3] = replace(one, used=0)
    stored.results.clear()
    stored.editions.clear()
    publish_stage(stored)
    stored.staged.performances[3] = one


def wrong_rank(stored: Stored) -> None:
    change(stored.results, 0, rank=2)


def wrong_part(stored: Stored) -> None:
    why = stored.results[0].explanation
    change(stored.results, 0, explanation=why | {"parts": [why["parts"][0], ["Tình huống", 5300, 6000, 60]]})


def other_evidence(stored: Stored) -> None:
    why = stored.results[0].explanation
    change(stored.results, 0, explanation=why | {"judged": [why["judged"][0] | {"counted": [1, 2, 3]}]})


def counted_unsigned(stored: Stored) -> None:
    one = stored.staged.performances[1]
    stored.staged.performances[1] = replace(one, signed_at=None)


def extremes_kept(stored: Stored) -> None:
    stored.rules[1]["parts"][1] |= {"judging": stored.rules[1]["parts"][1]["judging"] | {"averaging": "mean"}}
    change(stored.staged.sheets, 0, marks={"Nội dung": 1000})


def another_order(stored: Stored) -> None:
    for key, other in ((1, 2), (2, 1)):
        one = stored.staged.performances[key]
        stored.staged.performances[key] = replace(
            one, drawn=make_stage(MARKS).staged.performances[other].drawn
        )


@pytest.mark.parametrize(
    "break_it",
    [
        dropped_deduction, wrong_rank, wrong_part, other_evidence, counted_unsigned, extremes_kept, changed_mark,
        lost_sheet,
    ],
)  # fmt: skip
def test_a_fault_in_the_ranking_is_found(break_it: Callable[[Stored], None], played: Stored) -> None:
    break_it(played)
    assert comparison.stage_differences(played) and comparison.differences(played)


def test_an_order_that_the_seed_does_not_give_is_found(played: Stored) -> None:
    another_order(played)
    assert comparison.stage_differences(played)


def moved_up(stored: Stored, key: int, replaces: int = 1002) -> None:
    """Let the one sent on withdraw and the contestant of entry `key` move up."""
    send_on(stored, key)
    stored.entries[1000 + key] = replace(stored.entries[1000 + key], origin="reserve")
    stored.entries[1002] = replace(stored.entries[1002], is_withdrawn=True)
    stored.staged.successors.append(Successor(1000 + key, replaces, "ốm", START))


@pytest.mark.parametrize(
    ("reserves", "key", "replaces", "is_right"),
    [(1, 1, 1002, True), (1, 3, 1002, False), (0, 1, 1002, False), (1, 1, 3, False)],
)
def test_the_first_reserve_moves_up_in_the_place_of_who_withdrew(
    reserves: int, key: int, replaces: int, is_right: bool, played: Stored
) -> None:
    played.rules[1]["quota"]["reserves"] = reserves
    moved_up(played, key, replaces)
    assert (comparison.differences(played) == []) is is_right


# --- how it was run ----------------------------------------------------------------------------------------------


def clock_put_otherwise(stored: Stored, expected: Expected) -> None:
    expected.times[3] += 1


def clock_ran_longer(stored: Stored, expected: Expected) -> None:
    del expected.times[2]
    expected.clocked[2] = (0, 1000)


def absence_lost(stored: Stored, expected: Expected) -> None:
    expected.absent.add(2)


def signed_by_the_checker(stored: Stored, expected: Expected) -> None:
    stored.staged.performances[2] = replace(stored.staged.performances[2], signed_by=90)


def unsigned(stored: Stored, expected: Expected) -> None:
    stored.staged.performances[2] = replace(stored.staged.performances[2], signed_at=None)


def judge_without_a_seat(stored: Stored, expected: Expected) -> None:
    change(stored.staged.sheets, 0, account=77)


def panel_of_four(stored: Stored, expected: Expected) -> None:
    stored.staged.seats.pop()


def panel_without_a_head(stored: Stored, expected: Expected) -> None:
    change(stored.staged.seats, 0, is_head=False)


def reserve_nobody_called(stored: Stored, expected: Expected) -> None:
    stored.staged.successors.append(Successor(2, 1, "ốm", START))


@pytest.mark.parametrize(
    "break_it",
    [
        clock_put_otherwise, clock_ran_longer, absence_lost, signed_by_the_checker, unsigned, judge_without_a_seat,
        panel_of_four, panel_without_a_head, reserve_nobody_called,
    ],
)  # fmt: skip
def test_a_fault_in_how_it_was_run_is_found(
    break_it: Callable[[Stored, Expected], None], played: Stored
) -> None:
    expected = as_run(played)
    break_it(played, expected)
    assert sheet_checker.differences(played, expected)
