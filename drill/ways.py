"""The other ways to sit, as the database has them: at halls, with minutes given, late, on paper, far off."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from drill.papers import MINUTES
from drill.scorer import marks_of
from drill.stored import Attempt, Stored

Person = tuple[str, str]  # name and cell


@dataclass(slots=True)
class Expected:
    """Who sat how, as the drill let them; `all_right` know everything and sit on paper."""

    at_hall: set[Person] = field(default_factory=set)
    late: int = 0
    on_paper: set[Person] = field(default_factory=set)
    all_right: set[Person] = field(default_factory=set)
    minutes: int = 0  # given to the people of one round
    favoured: int = 0  # that round
    far_off: set[Person] = field(default_factory=set)


def figures(stored: Stored) -> dict[str, int]:
    """Return how often each way was gone: people at halls, papers given minutes, late deliveries, papers, files."""
    return {
        "hall_sittings": len(stored.seated),
        "time_grants": len(stored.given),
        "late_arrivals": sum(arrival.counted > 0 for arrival in stored.arrivals),
        "paper_entries": len({keying.paper for keying in stored.keyings}),
        "imported_files": len(stored.imports),
    }


def differences(stored: Stored, far_off: Stored, expected: Expected) -> list[str]:
    """Return what the database says otherwise than the drill did; `far_off` is what the laptop of the hall holds."""
    found = [
        *_clock_faults(stored), *_hall_faults(stored, expected), *_minute_faults(stored, expected),
        *_paper_faults(stored, expected), *_carried_faults(stored, far_off, expected),
    ]  # fmt: skip
    counted = figures(stored)["late_arrivals"]
    return (
        found
        if counted == expected.late
        else [*found, f"{counted} late deliveries count, not {expected.late}"]
    )


def _people(stored: Stored, entries: Iterator[int]) -> set[Person]:
    return {(stored.entries[key].name, stored.entries[key].cell_name) for key in entries}


def _clock_faults(stored: Stored) -> Iterator[str]:
    """Yield deadlines that are not the full time or the end of the round, whichever comes first, and minutes given."""
    given: Counter[int] = Counter()
    for one in stored.given:
        given[one.attempt] += one.minutes * 60_000
        if one.after - one.before != one.minutes * 60_000:
            yield f"attempt {one.attempt}: {one.minutes} minutes moved its deadline by {one.after - one.before} ms"
    for attempt in stored.attempts:
        contest_round = stored.rounds[attempt.round]
        if attempt.medium == "device" and contest_round.closed_at is None:
            full = attempt.started_at + stored.rules[contest_round.stage]["time_limit"] * 60_000
            wanted = min(full, contest_round.closes_at or full) + given[attempt.id]
            if attempt.deadline != wanted:
                yield f"attempt {attempt.id}: its deadline is {attempt.deadline}, must be {wanted}"


def _hall_faults(stored: Stored, expected: Expected) -> Iterator[str]:
    seated = _people(stored, iter(stored.seated))
    wanted = expected.at_hall | (expected.far_off - expected.on_paper)
    if seated != wanted:
        yield f"at halls sat {seated ^ wanted} otherwise than by short codes"


def _minute_faults(stored: Stored, expected: Expected) -> Iterator[str]:
    """Yield papers the minutes did not reach, and that nobody could use them."""
    before = {one.attempt: one.before for one in stored.given}
    wanted = {attempt.id for attempt in stored.attempts if attempt.round == expected.favoured}
    for key in wanted ^ before.keys():
        yield f"attempt {key}: the minutes given missed it or reached it wrongly"
    if any(one.minutes != expected.minutes for one in stored.given):
        yield "other minutes are stored than were given"
    used = any(row.saved_at > before.get(row.attempt, row.saved_at) for row in stored.responses)
    if expected.minutes and not used:
        yield "nobody answered anything in the minutes given"


def _paper_faults(stored: Stored, expected: Expected) -> Iterator[str]:
    papers: dict[int, Attempt] = {one.id: one for one in stored.attempts if one.medium == "paper"}
    people = _people(stored, (attempt.entry for attempt in papers.values()))
    if people != expected.on_paper:
        yield f"on paper are stored {people ^ expected.on_paper} otherwise than they sat"
    keyers: dict[int, set[int | str]] = defaultdict(set)
    for keying in stored.keyings:
        keyers[keying.attempt].add(keying.account)
        if keying.minutes != MINUTES:
            yield f"paper {keying.paper}: {keying.minutes} minutes are stored, {MINUTES} were noted"
    marks = marks_of(stored)
    for key, attempt in papers.items():
        if len(keyers[key]) != 2:
            yield f"attempt {key} on paper was keyed by {len(keyers[key])} people"
        knows_all = _people(stored, iter([attempt.entry])) <= expected.all_right
        if knows_all and marks[key].total != attempt.max_score:
            yield f"attempt {key}: every right letter was marked on paper, {marks[key].total} points are given"


def _carried_faults(stored: Stored, far_off: Stored, expected: Expected) -> Iterator[str]:
    """Yield what of the laptop's attempts did not come over as it was; choices are compared by the checker."""
    for report in stored.imports:
        if report["refused"] or report["differences"] or report["new"] != len(expected.far_off):
            yield f"a file of a hall was taken in otherwise than whole: {report}"
    people = _people(far_off, (attempt.entry for attempt in far_off.attempts))
    if people != expected.far_off:
        yield f"far off sat {people ^ expected.far_off} otherwise than they should"
    for name, record in (("seat", _seats), ("keying", _keyings)):
        for missing in sorted(record(far_off) - record(stored)):
            yield f"a {name} of the laptop is not on the district's server as it was: {missing}"
    here = {attempt.receipt: attempt for attempt in stored.attempts}
    for attempt in far_off.attempts:
        copy = here.get(attempt.receipt)
        if copy is None or _facts(copy) != _facts(attempt):
            yield f"attempt {attempt.id} of the laptop is not on the district's server as it was"


def _seats(stored: Stored) -> set[tuple[Any, ...]]:
    """Return who sat at which device since when."""
    entries = stored.entries
    return {(entries[key].name, entries[key].cell_name, label, at) for key, label, at in stored.seats}


def _keyings(stored: Stored) -> set[tuple[Any, ...]]:
    """Return what was keyed for which paper, the first and the second time."""
    receipts = {attempt.id: attempt.receipt for attempt in stored.attempts}
    return {
        (receipts[one.attempt], one.number, one.choices, str(one.minutes)) for one in stored.keyings
    }  # fmt: skip


def _facts(attempt: Attempt) -> tuple[Any, ...]:
    return (
        attempt.started_at, attempt.deadline, attempt.submitted_at, attempt.ended_by, attempt.raw_score,
        attempt.marks, attempt.time_used,
    )  # fmt: skip
