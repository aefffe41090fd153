"""The checker finds every seeded fault of a server, and nothing in a clean history."""

from collections.abc import Callable

import pytest

from drill import checker
from drill.checker import ALTERED, ATTEMPTS, DUPLICATED, LATE, LOST, OPEN
from drill.history import FAIL, OK, UNKNOWN, HandIn, Log, Save
from drill.stored import Response, Stored
from tests.drill.worlds import START, change, make_world

SECOND = 1000


def clean() -> tuple[Log, Stored]:
    """Return a contest of two whose every row was acknowledged as it stands."""
    stored = make_world([10, 4])
    log = Log(
        hand_ins=[HandIn(900 + a.id, a.id, a.submitted_at or 0, OK, a.submitted_at) for a in stored.attempts]
    )
    for row in stored.responses:
        log.saves.append(save(row.attempt, row.position, row.choice, row.stamp, row.saved_at))
    return log, stored


def save(
    attempt: int,
    position: int,
    choice: str,
    stamp: int | None,
    began: int,
    outcome: str = OK,
    ended: int | None = None,
) -> Save:
    """Return a call answered 20 ms after it began unless said otherwise."""
    answered = None if outcome == UNKNOWN else ended or began + 20
    return Save(1, attempt, began, outcome, answered, 200, position, choice, stamp)


def row_of(stored: Stored, attempt: int, position: int) -> int:
    """Return the place of a row in the list."""
    return next(i for i, r in enumerate(stored.responses) if (r.attempt, r.position) == (attempt, position))


def kinds(log: Log, stored: Stored) -> list[str]:
    return [finding.kind for finding in checker.check(log, stored)]


def test_nothing_is_found_in_a_clean_contest() -> None:
    assert checker.check(*clean()) == []


def lose_a_row(log: Log, stored: Stored) -> None:
    del stored.responses[row_of(stored, 1, 3)]


def alter_a_choice(log: Log, stored: Stored) -> None:
    change(stored.responses, row_of(stored, 1, 3), choice="2")


def keep_the_older_stamp(log: Log, stored: Stored) -> None:
    log.saves.append(save(1, 3, "2", 500, START + 30 * SECOND))


def let_a_late_repeat_win(log: Log, stored: Stored) -> None:
    log.saves.append(save(1, 3, "2", 500, START + 30 * SECOND))
    log.saves.append(save(1, 3, "0", 4, START + 60 * SECOND))


def swap_two_positions(log: Log, stored: Stored) -> None:
    change(stored.responses, row_of(stored, 2, 0), choice="1")
    change(stored.responses, row_of(stored, 2, 9), choice="0")


def store_a_choice_with_another_stamp(log: Log, stored: Stored) -> None:
    change(stored.responses, row_of(stored, 1, 3), stamp=77)


def store_what_was_refused(log: Log, stored: Stored) -> None:
    stored.responses[row_of(stored, 1, 3)] = Response(1, 3, "3", 500, START + 30 * SECOND)
    log.saves.append(save(1, 3, "3", 500, START + 30 * SECOND, FAIL))


def store_what_nobody_sent(log: Log, stored: Stored) -> None:
    log.saves = [call for call in log.saves if (call.attempt, call.position) != (2, 5)]


def write_a_row_twice(log: Log, stored: Stored) -> None:
    stored.responses.append(stored.responses[row_of(stored, 1, 3)])


def acknowledge_after_the_deadline(log: Log, stored: Stored) -> None:
    change(stored.attempts, 0, ended_by="deadline", submitted_at=stored.attempts[0].deadline)
    log.hand_ins = [call for call in log.hand_ins if call.attempt != 1]
    late = stored.attempts[0].deadline + 6 * SECOND
    log.saves.append(save(1, 3, "0", 4, late))


def store_after_the_deadline(log: Log, stored: Stored) -> None:
    late = checker.closing(stored.attempts[0]) + 1
    change(stored.responses, row_of(stored, 1, 3), saved_at=late)


def acknowledge_after_the_hand_in(log: Log, stored: Stored) -> None:
    handed_in = stored.attempts[0].submitted_at or 0
    log.saves.append(save(1, 3, "0", 4, handed_in + 1 * SECOND))


def sit_twice(log: Log, stored: Stored) -> None:
    again = stored.attempts[0]
    stored.attempts.append(again)
    change(stored.attempts, 2, id=3, number=2)


def lose_an_attempt(log: Log, stored: Stored) -> None:
    del stored.attempts[0]
    stored.responses = [row for row in stored.responses if row.attempt != 1]


def leave_an_attempt_open(log: Log, stored: Stored) -> None:
    change(stored.attempts, 0, submitted_at=None, ended_by="")
    log.hand_ins = [call for call in log.hand_ins if call.attempt != 1]


def forget_the_hand_in(log: Log, stored: Stored) -> None:
    change(stored.attempts, 0, ended_by="deadline", submitted_at=stored.attempts[0].deadline)


def hand_in_after_the_deadline(log: Log, stored: Stored) -> None:
    change(stored.attempts, 0, submitted_at=stored.attempts[0].deadline + 1)


def keep_the_first_of_two_whole_forms(log: Log, stored: Stored) -> None:
    log.saves = [call for call in log.saves if (call.attempt, call.position) != (1, 3)]
    log.saves.append(save(1, 3, "0", None, START))
    log.saves.append(save(1, 3, "2", None, START + 30 * SECOND))


FAULTS: list[tuple[Callable[[Log, Stored], None], set[str]]] = [
    (lose_a_row, {LOST}),
    (alter_a_choice, {ALTERED}),
    (keep_the_older_stamp, {LOST}),
    (let_a_late_repeat_win, {LOST}),
    (swap_two_positions, {ALTERED}),
    (store_a_choice_with_another_stamp, {ALTERED}),
    (store_what_was_refused, {ALTERED}),
    (store_what_nobody_sent, {ALTERED}),
    (write_a_row_twice, {DUPLICATED}),
    (acknowledge_after_the_deadline, {LATE}),
    (store_after_the_deadline, {LATE}),
    (acknowledge_after_the_hand_in, {LATE}),
    (sit_twice, {ATTEMPTS}),
    (lose_an_attempt, {ATTEMPTS, LOST}),
    (leave_an_attempt_open, {OPEN}),
    (forget_the_hand_in, {LOST}),
    (hand_in_after_the_deadline, {LATE}),
    (keep_the_first_of_two_whole_forms, {LOST}),
]


@pytest.mark.parametrize(("fault", "expected"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_every_seeded_fault_is_found(fault: Callable[[Log, Stored], None], expected: set[str]) -> None:
    log, stored = clean()
    fault(log, stored)
    assert set(kinds(log, stored)) == expected


def test_a_call_without_an_answer_may_have_taken_effect() -> None:
    log, stored = clean()
    log.saves.append(save(1, 3, "2", 500, START + 30 * SECOND, UNKNOWN))
    assert kinds(log, stored) == []
    stored.responses[row_of(stored, 1, 3)] = Response(1, 3, "2", 500, START + 30 * SECOND)
    assert kinds(log, stored) == []


def test_a_call_without_an_answer_may_take_effect_late_but_not_over_a_newer_stamp() -> None:
    log, stored = clean()
    log.saves.append(save(1, 3, "2", 2, START + 30 * SECOND, UNKNOWN))
    stored.responses[row_of(stored, 1, 3)] = Response(1, 3, "2", 2, START + 30 * SECOND)
    assert kinds(log, stored) == [LOST]


def test_a_repeat_of_an_older_choice_is_acknowledged_and_changes_nothing() -> None:
    log, stored = clean()
    log.saves.append(save(1, 3, "3", 1, START + 30 * SECOND))
    assert kinds(log, stored) == []


def test_a_choice_taken_back_is_stored_as_empty() -> None:
    log, stored = clean()
    log.saves.append(save(1, 3, "", 500, START + 30 * SECOND))
    assert kinds(log, stored) == [LOST]
    stored.responses[row_of(stored, 1, 3)] = Response(1, 3, "", 500, START + 30 * SECOND)
    assert kinds(log, stored) == []


def test_the_later_of_two_whole_forms_stands() -> None:
    log, stored = clean()
    keep_the_first_of_two_whole_forms(log, stored)
    stored.responses[row_of(stored, 1, 3)] = Response(1, 3, "2", 30_000 << 20, START + 30 * SECOND)
    assert kinds(log, stored) == []


def test_a_choice_that_arrives_within_the_grace_is_accepted() -> None:
    log, stored = clean()
    change(stored.attempts, 0, ended_by="deadline", submitted_at=stored.attempts[0].deadline)
    log.hand_ins = [call for call in log.hand_ins if call.attempt != 1]
    arrived = stored.attempts[0].deadline + 4 * SECOND
    log.saves.append(save(1, 3, "2", 500, arrived))
    stored.responses[row_of(stored, 1, 3)] = Response(1, 3, "2", 500, arrived)
    assert kinds(log, stored) == []


def test_who_withdrew_need_not_sit() -> None:
    log, stored = clean()
    lose_an_attempt(log, stored)
    log.saves = [call for call in log.saves if call.attempt != 1]
    log.hand_ins = [call for call in log.hand_ins if call.attempt != 1]
    assert kinds(log, stored) == [ATTEMPTS]
    entries = list(stored.entries.values())
    change(entries, 0, is_withdrawn=True)
    stored.entries = {entry.id: entry for entry in entries}
    assert kinds(log, stored) == []
