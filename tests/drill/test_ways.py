"""What comes late, from paper, or from a hall far off is judged by the checker too, and every fault of it is found."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from drill import checker, history, sitting, ways
from drill.checker import ALTERED, LATE, LOST
from drill.history import FAIL, OK, Log, Save
from drill.papers import right_letters
from drill.stored import Arrival, Given, Keying, Response, Stored
from drill.ways import Expected
from quiz.core import late as rules
from tests.drill.worlds import MINUTE, START, add_contestant, change, make_rules, make_world

END = START + 60 * MINUTE


def stamp_at(instant: int) -> int:
    """Return the stamp of a choice made then on device 7."""
    return (instant - START << sitting.DEVICE_BITS) + 7


def delivered(made_at: int, began: int, outcome: str = OK) -> Save:
    """Return a choice at place 9 of attempt 1 that came with a log."""
    return Save(1, 1, began, outcome, began + 20, 200, 9, "0", stamp_at(made_at), delivered=True)


def world_with(save: Save, is_stored: bool = True, ended_by: str = "deadline") -> tuple[Log, Stored]:
    """Return a contest of one attempt that ended by itself, and a choice delivered after its end."""
    stored = make_world([9])
    stored.rules[1] = make_rules(late_minutes=30)
    end = END if ended_by == "deadline" else START + 20 * MINUTE
    change(stored.attempts, 0, submitted_at=end, ended_by=ended_by)
    stored.responses = [row for row in stored.responses if row.position != 9]
    log = Log([Save(1, r.attempt, r.saved_at, OK, r.saved_at + 20, 200, r.position, r.choice, r.stamp)
               for r in stored.responses] + [save])  # fmt: skip
    if is_stored:
        stored.responses.append(Response(1, 9, "0", save.stamp or 0, save.began))
    return log, stored


@pytest.mark.parametrize(
    ("save", "is_stored", "ended_by", "found"),
    [
        (delivered(END - MINUTE, END + 5 * MINUTE), True, "deadline", []),
        (delivered(END, END + 30 * MINUTE), True, "deadline", []),
        (delivered(END - MINUTE, END + 5 * MINUTE), False, "deadline", [LOST]),
        (delivered(END + 1, END + 5 * MINUTE), True, "deadline", [LATE, LATE]),
        (delivered(END - MINUTE, END + 30 * MINUTE + 1), True, "deadline", [LATE, LATE]),
        (delivered(START + 21 * MINUTE, END + MINUTE), True, "candidate", [LATE, LATE]),
        (delivered(END + 1, END + 5 * MINUTE, FAIL), False, "deadline", []),
        (delivered(END - MINUTE, END + 5 * MINUTE, FAIL), True, "deadline", [ALTERED]),
    ],
    ids=["in time", "at the last moment of both", "counted and not there", "made after the end",
         "arrived after the limit", "made after the hand-in", "rightly refused", "refused and stored"],
)  # fmt: skip
def test_a_late_choice_counts_when_made_in_time_and_arrived_within_the_limit(
    save: Save, is_stored: bool, ended_by: str, found: list[str]
) -> None:
    log, stored = world_with(save, is_stored, ended_by)
    assert sorted(finding.kind for finding in checker.check(log, stored)) == found


def test_a_sheet_of_paper_has_no_clock_but_its_letters_must_be_there() -> None:
    stored = make_world([10])
    change(stored.attempts, 0, medium="paper", deadline=START + MINUTE, submitted_at=START + MINUTE)
    stored.responses = [replace(row, saved_at=END + MINUTE) for row in stored.responses]
    sheets = Log([Save(1, 77, END, OK, END + 20, 200, place, "0") for place in range(10)])
    log = history.renumbered(sheets, {77: 1})
    assert checker.check(log, stored) == []
    change(stored.responses, 4, choice="2")
    assert [finding.kind for finding in checker.check(log, stored)] == [ALTERED]


def test_an_attempt_that_did_not_come_over_is_lost() -> None:
    log = history.renumbered(Log([Save(1, 5, START, OK, START + 20, 200, 0, "0", 3)]), {})
    found = checker.check(log, make_world([]))
    assert [finding.kind for finding in found] == [LOST, LOST]  # the attempt, and what was in it


def test_the_drill_links_a_log_as_devices_do() -> None:
    chance = random.Random(4)
    for _ in range(100):
        row = (chance.randrange(40), chance.choice(["", "0", "0,2"]), chance.randrange(1 << 50))
        before = f"{chance.randrange(1 << 64):x}"
        assert sitting.link_of(before, *row) == rules.link_of(before, *row)


class OneQuestion:
    """What a file says of one question."""

    def __init__(self, *right: str) -> None:
        self.right = list(right)

    def printed(self, words: str) -> tuple[str, list[str]]:
        """Return stem and right options."""
        return "Aibầubíthư?", self.right


@pytest.mark.parametrize(
    ("options", "right", "letters"),
    [
        ("A.ChibộB.Đảngủy", ["Đảngủy"], "B"),
        ("A.ChibộmởrộngB.Chibộ", ["Chibộ"], "B"),
        ("(chọnnhiều)A.MộtB.HaiC.BaTrang1/4", ["Ba", "Một"], "AC"),
    ],
)
def test_the_right_letters_are_read_from_the_print(options: str, right: list[str], letters: str) -> None:
    assert right_letters(f"Aibầubíthư?{options}", OneQuestion(*right)) == letters  # type: ignore[arg-type]


# --- each other way, and each fault of it -----------------------------------------------------------------------------


def all_ways() -> tuple[Stored, Stored, Expected]:
    """Return a district where one sat at a hall, one got a minute, one came late, one sat on paper, one far off."""
    stored = make_world([10, 9, 8, 10])
    stored.rules[1] = make_rules(late_minutes=30, time_limit=60)
    far_off = make_world([])
    far_off.rules, far_off.rounds = stored.rules, stored.rounds
    add_contestant(far_off, 5, 7, 10)
    add_contestant(stored, 5, 7, 10)
    for world in (stored, far_off):
        world.attempts = [replace(attempt, receipt=f"R{attempt.id}") for attempt in world.attempts]
    people = {key: (entry.name, entry.cell_name) for key, entry in stored.entries.items()}
    stored.seated = {1, 5}
    for world in (stored, far_off):
        world.seats.append((5, "Máy 1", START))
    stored.rounds[3] = replace(stored.rounds[1], id=3)
    change(stored.attempts, 1, round=3, deadline=END + MINUTE)
    stored.responses.append(Response(2, 10, "0", stamp_at(END + 5), END + 5))
    stored.given = [Given(1, 2, END, END + MINUTE, END - MINUTE)]
    stored.arrivals = [Arrival(3, 2, 0), Arrival(3, 0, 1)]
    change(stored.attempts, 3, medium="paper")
    stored.keyings = [Keying(1, 4, 1, 11), Keying(1, 4, 1, 12)]
    add_contestant(far_off, 6, 10, 1)
    add_contestant(stored, 6, 10, 1)
    for world, accounts in ((far_off, (3, 4)), (stored, ("Thư ký một", "Thư ký hai"))):
        change(world.attempts, -1, medium="paper", receipt="R6")
        world.keyings += [
            Keying(2, 6, 1, account, number, ("0",) * 10) for number, account in enumerate(accounts, start=1)
        ]
    stored.imports = [{"new": 2, "refused": [], "differences": []}]
    far_off_paper = (stored.entries[6].name, stored.entries[6].cell_name)
    expected = Expected(
        {people[1]}, late=1, on_paper={people[4], far_off_paper}, all_right={people[4]}, minutes=1, favoured=3,
        far_off={people[5], far_off_paper},
    )  # fmt: skip
    return stored, far_off, expected


def test_nothing_is_found_where_every_way_was_gone_rightly() -> None:
    assert ways.differences(*all_ways()) == []
    assert ways.figures(all_ways()[0]) == {
        "hall_sittings": 2, "time_grants": 1, "late_arrivals": 1, "paper_entries": 2, "imported_files": 1,
    }  # fmt: skip


def forget_a_seat(stored: Stored, far_off: Stored) -> None:
    stored.seated = set()


def give_fewer_minutes(stored: Stored, far_off: Stored) -> None:
    change(stored.given, 0, after=END + MINUTE - 1)


def move_a_deadline(stored: Stored, far_off: Stored) -> None:
    change(stored.attempts, 0, deadline=END + 1)


def give_minutes_to_nobody(stored: Stored, far_off: Stored) -> None:
    stored.given = []


def let_minutes_be_of_no_use(stored: Stored, far_off: Stored) -> None:
    stored.responses = [row for row in stored.responses if row.saved_at <= END]


def count_a_late_delivery_more(stored: Stored, far_off: Stored) -> None:
    stored.arrivals.append(Arrival(1, 3, 0))


def key_twice_alone(stored: Stored, far_off: Stored) -> None:
    change(stored.keyings, 1, account=11)


def note_other_minutes(stored: Stored, far_off: Stored) -> None:
    change(stored.keyings, 0, minutes=None)


def mark_other_letters(stored: Stored, far_off: Stored) -> None:
    change(stored.responses, next(i for i, r in enumerate(stored.responses) if r.attempt == 4), choice="1")


def refuse_one_of_the_hall(stored: Stored, far_off: Stored) -> None:
    stored.imports[0]["refused"] = [{"receipt": "R5"}]


def mark_the_hall_otherwise(stored: Stored, far_off: Stored) -> None:
    change(far_off.attempts, 0, raw_score=0)


def take_no_file_in(stored: Stored, far_off: Stored) -> None:
    stored.attempts = [attempt for attempt in stored.attempts if attempt.id != 5]


def leave_a_seat_in_the_hall(stored: Stored, far_off: Stored) -> None:
    stored.seats = []


def say_another_device(stored: Stored, far_off: Stored) -> None:
    stored.seats = [(entry, "Máy 2", at) for entry, _, at in stored.seats]


def leave_a_keying_in_the_hall(stored: Stored, far_off: Stored) -> None:
    stored.keyings.pop()


def bring_another_keying(stored: Stored, far_off: Stored) -> None:
    change(stored.keyings, -1, choices=("1",) * 10)


@pytest.mark.parametrize(
    "break_it",
    [
        forget_a_seat, give_fewer_minutes, move_a_deadline, give_minutes_to_nobody, let_minutes_be_of_no_use,
        count_a_late_delivery_more, key_twice_alone, note_other_minutes, mark_other_letters,
        refuse_one_of_the_hall, mark_the_hall_otherwise, take_no_file_in, leave_a_seat_in_the_hall,
        say_another_device, leave_a_keying_in_the_hall, bring_another_keying,
    ],
)  # fmt: skip
def test_each_fault_of_another_way_is_found(break_it: Callable[[Stored, Stored], None]) -> None:
    stored, far_off, expected = all_ways()
    break_it(stored, far_off)
    assert ways.differences(stored, far_off, expected)
