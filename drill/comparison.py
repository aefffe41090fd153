"""The scorer's figures against those in the database, on the pages and in the spreadsheets."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from drill.scorer import Line, Mark, marks_of, outcome_of, standings
from drill.stage_scorer import has_paper, judged_parts, order_faults
from drill.stored import Edition, Entry, Result, Stored

Shown = tuple[int, str, str, str, str]  # rank, name, cell, unit, points as "27,50"
Named = tuple[str, str]  # name and cell


def differences(stored: Stored) -> list[str]:
    """Return every point, rank or promotion in the database that the rules do not give."""
    marks = marks_of(stored)
    editions = sorted(stored.editions.values(), key=lambda edition: edition.id)
    return [
        *_mark_differences(marks),
        *(text for edition in editions for text in edition_differences(edition, marks, stored)),
    ]


def stage_differences(stored: Stored) -> list[str]:
    """Return what of that concerns rounds with judged parts, and running orders that were not drawn so."""
    marks = marks_of(stored)
    staged = [one for one in stored.editions.values() if judged_parts(_rules(one.round, stored))]
    found = [text for edition in staged for text in edition_differences(edition, marks, stored)]
    return [*found, *order_faults(stored)]


def _rules(round_id: int, stored: Stored) -> Mapping[str, Any]:
    return stored.rules[stored.rounds[round_id].stage]


def edition_differences(edition: Edition, marks: Mapping[int, Mark], stored: Stored) -> list[str]:
    """Return what of an edition, and of whom it sent on, the rules do not give."""
    lines = standings(stored.rounds[edition.round], marks, stored)
    results = [result for result in stored.results if result.edition == edition.id]
    found = [*_line_differences(lines, results)]
    if edition.kind == "final":
        found += _promotion_differences(edition, lines, stored)
    return [f"edition {edition.id}: {text}" for text in found]


def _mark_differences(marks: Mapping[int, Mark]) -> Iterator[str]:
    for mark in marks.values():
        attempt = mark.attempt
        if (attempt.raw_score, attempt.marks) != (mark.total, mark.points):
            yield f"attempt {attempt.id}: {attempt.raw_score} points are stored, the rules give {mark.total}"


def _line_differences(lines: Sequence[Line], results: Sequence[Result]) -> Iterator[str]:
    expected = {line.entry: line for line in lines}
    published = {result.entry: result for result in results}
    if len(published) < len(results):
        yield "an entry has two lines"
    for entry in expected.keys() - published.keys():
        yield f"entry {entry} is missing"
    for entry in published.keys() - expected.keys():
        yield f"entry {entry} has no place there"
    for entry in expected.keys() & published.keys():
        yield from _result_differences(expected[entry], published[entry])
    order = [(result.scope, result.rank) for result in sorted(results, key=lambda result: result.position)]
    if order != sorted(order) or sorted(r.position for r in results) != list(range(1, len(results) + 1)):
        yield "the lines do not stand in the order of ranks"


def _result_differences(line: Line, result: Result) -> Iterator[str]:
    pairs = {
        "rank": (result.rank, line.rank),
        "points": (result.points, line.mark.total),
        "scope": (result.scope, line.scope),
        "attempt": (result.attempt, line.mark.attempt.id if line.mark.attempt else None),
        "time used": ((result.time_used or 0) // 1000, line.mark.values.get("time_used", 0)),
        "explanation": (result.explanation, line.explanation),
    }
    for name, (published, expected) in pairs.items():
        if published != expected:
            yield f"entry {line.entry}: {name} {published} is published, the rules give {expected}"


def _promotion_differences(edition: Edition, lines: Sequence[Line], stored: Stored) -> Iterator[str]:
    """Yield who was sent on and should not have been, and the reverse; nobody can be sent on from the last stage."""
    earned_by = {result.id: result.entry for result in stored.results if result.edition == edition.id}
    earned = [entry for entry in stored.entries.values() if entry.result in earned_by]
    promoted = {earned_by[entry.result or 0]: entry for entry in earned if entry.origin == "promoted"}
    called = {earned_by[entry.result or 0]: entry for entry in earned if entry.origin == "reserve"}
    stage = stored.rounds[edition.round].ordinal
    is_last = stage == max(contest_round.ordinal for contest_round in stored.rounds.values())
    outcome = outcome_of(edition, lines, stored)
    chosen = set() if is_last else set(outcome.chosen)
    for key in chosen - promoted.keys():
        yield f"entry {key} should go on and does not"
    for key in promoted.keys() - chosen:
        yield f"entry {key} goes on and should not"
    yield from _reserve_differences(called, outcome.reserves, promoted, stored)
    for key, entry in (promoted | called).items():
        if entry.person != stored.entries[key].person:
            yield f"entry {entry.id} names another person than the result that earned it"
        if stored.rounds[entry.round].ordinal != stage + 1:
            yield f"entry {entry.id} is not in the next round"


def _reserve_differences(
    called: Mapping[int, Entry],
    reserves: Mapping[str, Sequence[int]],
    promoted: Mapping[int, Entry],
    stored: Stored,
) -> Iterator[str]:
    """Yield reserves who moved up out of turn, or in the place of somebody who has not withdrawn."""
    withdrawn = {entry.id for entry in [*promoted.values(), *called.values()] if entry.is_withdrawn}
    places = {one.entry: one.replaces for one in stored.staged.successors}
    first = {key for waiting in reserves.values() for key in waiting[: sum(k in waiting for k in called)]}
    for key, entry in called.items():
        if key not in first:
            yield f"entry {key} moved up before others who were to"
        if places.get(entry.id) not in withdrawn:
            yield f"entry {entry.id} moved up in the place of nobody who withdrew"


# --- pages ----------------------------------------------------------------------------------------------------


def public_lines(edition: Edition, stored: Stored, marks: Mapping[int, Mark]) -> list[Shown]:
    """Return the lines that the public page of an edition must show, best first."""
    lines = standings(stored.rounds[edition.round], marks, stored)
    shown = [(line.scope, line.rank, stored.entries[line.entry], line.mark.total) for line in lines]
    return [
        (rank, entry.name, entry.cell_name, entry.unit_name, points_text(total))
        for _, rank, entry, total in sorted(shown, key=lambda line: (line[0], line[1], line[2].name))
    ]


def points_text(hundredths: int) -> str:
    """Return points as Vietnamese readers write them."""
    return f"{hundredths // 100},{hundredths % 100:02d}"


def page_differences(
    shown: Sequence[Shown], edition: Edition, stored: Stored, marks: Mapping[int, Mark]
) -> list[str]:
    """Return what a page or spreadsheet of an edition shows otherwise than the rules give it.

    Sharers of a rank may stand in any order; ranks may not.
    """
    expected = public_lines(edition, stored, marks)
    found = [f"{line} is shown" for line in shown if line not in expected]
    found += [f"{line} is missing" for line in expected if line not in shown]
    if len(shown) != len(expected):
        found.append(f"{len(shown)} lines are shown, not {len(expected)}")
    if not found and [line[0] for line in shown] != [line[0] for line in expected]:
        found.append("the lines do not stand in the order of ranks")
    return [f"{edition.kind} edition of round {edition.round}: {text}" for text in found]


def promotion_differences(
    chosen: Sequence[Named],
    reserves: Sequence[Named],
    edition: Edition,
    stored: Stored,
    marks: Mapping[int, Mark],
) -> list[str]:
    """Return what the page of a promotion shows otherwise than the rules give it."""
    outcome = outcome_of(edition, standings(stored.rounds[edition.round], marks, stored), stored)
    expected = sorted(_named(key, stored) for key in outcome.chosen)
    waiting = [_named(key, stored) for keys in outcome.reserves.values() for key in keys]
    found = []
    if sorted(chosen) != expected:
        found.append(f"{sorted(chosen)} are shown to go on, the rules give {expected}")
    if list(reserves) != waiting:
        found.append(f"reserves {list(reserves)} are shown, the rules give {waiting}")
    return [f"promotion from round {edition.round}: {text}" for text in found]


def _named(key: int, stored: Stored) -> Named:
    return stored.entries[key].name, stored.entries[key].cell_name


def finalists(stored: Stored) -> list[Entry]:
    """Return the entries of the last stage that were earned by a result and took part in it."""
    last = max(contest_round.ordinal for contest_round in stored.rounds.values())
    sat = {attempt.entry for attempt in stored.attempts if attempt.submitted_at is not None}
    performed = {
        (one.entry, one.part) for one in stored.staged.performances.values() if one.signed_at is not None
    }

    def took_part(entry: Entry) -> bool:
        rules = _rules(entry.round, stored)
        there = all((entry.id, part["name"]) in performed for part in judged_parts(rules))
        return there and (entry.id in sat or not has_paper(rules))

    return [
        entry
        for entry in stored.entries.values()
        if entry.result is not None
        and not entry.is_withdrawn
        and stored.rounds[entry.round].ordinal == last
        and took_part(entry)
    ]
