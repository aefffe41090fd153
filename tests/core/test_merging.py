"""Which attempts of a hall the server takes in."""

from dataclasses import replace

import pytest

from quiz.core.merging import REASONS, Here, Merge, Papers, Refusal, Standing, differs, merge
from quiz.core.papers import Cell, PoolEntry, assemble
from quiz.core.rules import Rules
from quiz.core.sittings import AttemptLine, KeyingLine, PaperLine, ResponseLine

RULES = Rules(blueprint=(Cell("T", "", 3),), time_limit=10, attempts_allowed=2)
POOL = tuple(PoolEntry(version, "T", "remember", 4) for version in range(11, 20))
SINGLE = frozenset({"", "0", "1", "2", "3"})
LEGAL = {entry.version: SINGLE for entry in POOL}
PAPERS = Papers(RULES, POOL, LEGAL, {})
DRAWN = tuple((place.version, place.order) for place in assemble(RULES.blueprint, POOL, "seed"))
LINE = AttemptLine(
    person="P1", number=1, seed="seed", paper=DRAWN, started_at=1_000, deadline=601_000, grace_seconds=5,
    medium="device", submitted_at=300_000, ended_by="candidate", receipt_code="ABCDEFGHJK", raw_score=200,
    max_score=300, marks=(100, 100, 0), time_used=299_000, responses=(ResponseLine(0, "1", 5 << 20, 2_000, 1),),
)  # fmt: skip


def here(standing: Standing = Standing.FREE, *stored: AttemptLine, others: tuple[str, ...] = ()) -> Here:
    return Here({line.receipt_code: line for line in stored}, set(others), {"P1": standing})


def reasons(found: Merge) -> list[Refusal]:
    return [reason for _, reason in found.refused]


def test_an_attempt_of_somebody_entered_is_taken_in():
    assert merge([LINE], here(), PAPERS) == Merge(new=(LINE,))


def test_the_same_attempt_again_is_known_whatever_has_become_of_the_person_and_the_points():
    marked_again = replace(LINE, raw_score=300, marks=(100, 100, 100))
    for standing in Standing:
        assert merge([LINE], here(standing, marked_again), PAPERS) == Merge(known=(LINE,))


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.FREE])
def test_whoever_may_not_be_taken_in_is_refused_with_the_reason(standing):
    assert reasons(merge([LINE], here(standing), PAPERS)) == [Refusal(standing.value)]


def test_somebody_the_round_has_never_heard_of_is_refused():
    assert reasons(merge([replace(LINE, person="P9")], here(), PAPERS)) == [Refusal.NOT_ENTERED]


CHANGES = {
    "another answer": {"responses": (ResponseLine(0, "2", 5 << 20, 2_000, 1),)},
    "another hand-in": {"submitted_at": 300_001},
    "another person": {"person": "P2"},
    "another deadline": {"deadline": 700_000},
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_attempt_that_stands_here_otherwise_is_refused(name):
    assert reasons(merge([replace(LINE, **CHANGES[name])], here(Standing.FREE, LINE), PAPERS)) == [
        Refusal.CHANGED
    ]


def test_a_receipt_of_another_round_is_refused():
    assert reasons(merge([LINE], here(others=(LINE.receipt_code,)), PAPERS)) == [Refusal.RECEIPT_TAKEN]


def test_two_attempts_of_one_name_in_one_file_are_not_both_taken_in():
    twin = replace(LINE, receipt_code="ABCDEFGHJL")
    assert reasons(merge([LINE, twin], here(), PAPERS)) == [Refusal.TWICE]
    second = replace(LINE, number=2)
    assert reasons(merge([LINE, second], here(), PAPERS)) == [Refusal.TWICE]


def test_a_second_attempt_where_two_are_allowed_is_taken_in_beside_the_first():
    second = replace(LINE, number=2, receipt_code="ABCDEFGHJL")
    assert merge([LINE, second], here(), PAPERS).new == (LINE, second)


FAULTS = {
    "handed in before it began": (Refusal.BAD_TIMES, {"submitted_at": 999}),
    "handed in after its deadline": (Refusal.BAD_TIMES, {"submitted_at": 601_001}),
    "a third attempt": (Refusal.BAD_TIMES, {"number": 3}),
    "more grace than the rules give": (Refusal.BAD_TIMES, {"grace_seconds": 6}),
    "an end nobody knows": (Refusal.BAD_TIMES, {"ended_by": "friend"}),
    "a medium nobody knows": (Refusal.BAD_TIMES, {"medium": "stone"}),
    "a receipt with a blank": (Refusal.BAD_TIMES, {"receipt_code": "AB CD EF"}),
    "a year beyond reason": (Refusal.BAD_TIMES, {"deadline": 1 << 50}),
    "a seed of its own": (Refusal.BAD_PAPER, {"seed": "other"}),
    "no seed": (Refusal.BAD_PAPER, {"seed": ""}),
    "items chosen by hand": (Refusal.BAD_PAPER, {"paper": tuple(reversed(DRAWN))}),
    "a paper cut short": (Refusal.BAD_PAPER, {"paper": DRAWN[:2]}),
    "options turned round": (Refusal.BAD_PAPER, {"paper": ((DRAWN[0][0], (0, 1, 2, 3)), *DRAWN[1:])}),
    "an answer beyond the paper": (Refusal.BAD_RESPONSES, {"responses": (ResponseLine(3, "1", 1, 1, 1),)}),
    "an answer before the paper": (Refusal.BAD_RESPONSES, {"responses": (ResponseLine(-1, "1", 1, 1, 1),)}),
    "an answer not offered": (Refusal.BAD_RESPONSES, {"responses": (ResponseLine(0, "4", 1, 1, 1),)}),
    "two answers to one question": (
        Refusal.BAD_RESPONSES,
        {"responses": (ResponseLine(0, "1", 1, 1, 1), ResponseLine(0, "2", 1, 1, 1))},
    ),
    "a stamp below nothing": (Refusal.BAD_RESPONSES, {"responses": (ResponseLine(0, "1", -1, 1, 1),)}),
    "an answer saved no time": (Refusal.BAD_RESPONSES, {"responses": (ResponseLine(0, "1", 1, 1, 0),)}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_an_attempt_that_cannot_have_been_is_refused(name):
    reason, changes = FAULTS[name]
    assert reasons(merge([replace(LINE, **changes)], here(), PAPERS)) == [reason]


def test_every_refusal_has_its_sentence():
    assert set(REASONS) == set(Refusal)


def test_points_are_compared_to_the_last_hundredth_and_millisecond():
    assert not differs(LINE, 200, 300, [100, 100, 0], 299_000)
    for other in ((201, 300, [100, 100, 0], 299_000), (200, 301, [100, 100, 0], 299_000),
                  (200, 300, [100, 0, 100], 299_000), (200, 300, [100, 100, 0], 299_001)):  # fmt: skip
        assert differs(LINE, *other)


# --- papers -------------------------------------------------------------------------------------------------------

SHEET = PaperLine(
    LINE.receipt_code, 900, 301_000, "Lò Thị Hai", 7, ((1, ""),), "phiếu gốc",
    (
        KeyingLine(1, "Lò Văn Một", 300_500, ("1", "?", "0,1"), 7),
        KeyingLine(2, "Lò Thị Hai", 300_900, ("1", "2", "0,1"), 7),
    ),
)  # fmt: skip
# The second place was left open, and two ticks at the third are no answer.
ON_PAPER = replace(LINE, medium="paper", grace_seconds=0, deadline=1_000 + 7 * 60_000)


def judged(line: AttemptLine = ON_PAPER, **changes) -> list[Refusal]:
    """Return why an attempt on paper with a sheet like SHEET is refused; empty when it is taken in."""
    sheets = {line.receipt_code: replace(SHEET, **changes)}
    return reasons(merge([line], here(), Papers(RULES, POOL, LEGAL, sheets)))


def test_an_attempt_on_paper_is_what_two_keyings_and_a_third_look_come_to():
    assert judged() == []


def keyed(*choices: str, second: tuple[str, ...] = (), minutes: int | None = 7) -> tuple[KeyingLine, ...]:
    """Return two keyings, alike unless the second is told."""
    return (
        KeyingLine(1, "Lò Văn Một", 300_500, choices, 7),
        KeyingLine(2, "Lò Thị Hai", 300_900, second or choices, minutes),
    )


OTHER_SHEETS = {
    "both keyed another answer": {"keyings": keyed("2", "", ""), "decided": ()},
    "both keyed an answer that is not stored": {"keyings": keyed("1", "3", ""), "decided": ()},
    "a decision where both keyed alike": {"keyings": keyed("1", "", "")},
    "a difference nobody decided": {"decided": ()},
    "a difference decided otherwise": {"decided": ((1, "2"),)},
    "a keying of another length": {"keyings": keyed("1", "?")},
    "two keyings of different lengths": {"keyings": keyed("1", "?", "", second=("1", "?"))},
    "other minutes": {"minutes": 8},
    "minutes that both keyings contradict": {
        "keyings": keyed("1", "?", "", second=("1", "", "")),
        "minutes": 9,
    },
}


@pytest.mark.parametrize("name", OTHER_SHEETS)
def test_an_attempt_that_its_answer_sheet_does_not_bear_out_is_refused(name):
    assert judged(**OTHER_SHEETS[name]) == [Refusal.BAD_KEYINGS]


def test_an_attempt_on_paper_without_its_answer_sheet_is_refused():
    assert reasons(merge([ON_PAPER], here(), PAPERS)) == [Refusal.BAD_KEYINGS]


def test_a_time_its_answer_sheet_does_not_bear_out_is_refused():
    assert judged(replace(ON_PAPER, deadline=1_000 + 8 * 60_000)) == [Refusal.BAD_KEYINGS]


def test_where_the_keyings_noted_different_minutes_the_third_look_says_which():
    sheet = {"keyings": keyed("1", "?", "", second=("1", "2", ""), minutes=9)}
    assert judged(**sheet) == []
    assert judged(**sheet, minutes=8) == [Refusal.BAD_KEYINGS]
