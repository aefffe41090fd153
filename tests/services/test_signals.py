"""Signs in the papers of a round: looked for after it, kept once, decided by the board."""

from dataclasses import dataclass
from random import Random

import pytest
from sqlalchemy import event, func, select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.paper_entry import Medium
from quiz.core.papers import Cell
from quiz.core.permissions import Role
from quiz.core.signals import Away, Sign, Verdict
from quiz.core.timing import MINUTE, SECOND
from quiz.extensions import db
from quiz.models import AuditEvent, AuthSession, Response, Signal, SignalDecision
from quiz.services import attempts, auth, away, papers, signal_search, signals, traces
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_card,
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

AFTER = NOW + 3 * HOUR
QUESTIONS = 16
FAST = SECOND // 5  # an answer; the stem "Câu hỏi số 7?" takes twice as long to read


@dataclass
class Held:
    """A round at a commune with three parts below it, and what is needed to let people sit it."""

    round: object
    unit: object
    versions: list
    board: Actor
    people: int = 0

    def entry(self, unit=None):
        """Return the entry of somebody new, of a cell of that unit."""
        self.people += 1
        return make_entry(self.round, make_person(make_cell(unit or self.unit, f"Bản {self.people}")))

    def sit(self, wrong=(), entry=None, every=20 * SECOND, at=NOW, left=(), pages=(7,), medium=Medium.DEVICE):
        """Somebody answers one question after another; `wrong` are {place of version: option taken}."""
        entry = entry or self.entry()
        attempt = attempts.start(entry, at, f"seed-{entry.id}")
        attempt.medium = medium
        taken = {version.id: 1 for version in self.versions}
        taken |= {self.versions[place].id: option for place, option in dict(wrong).items()}
        times = iter(range(every, every * (QUESTIONS + 1), every))
        for position, place in enumerate(papers.places_of(attempt.paper)):
            since, page = next(times), pages[position % len(pages)]
            if position not in left:
                choice = str(place.order.index(taken[place.version]))
                stamp = (since << 20) | page
                db.session.add(
                    Response(
                        attempt_id=attempt.id, position=position, choice=choice, stamp=stamp, saved_at=at
                    )
                )
        db.session.flush()
        attempts.submit(attempt, at + 9 * MINUTE)
        return attempt

    def look(self, now=AFTER) -> dict[str, Signal]:
        """Look for signs, keep them, and return them by kind."""
        signal_search.keep(self.round, signal_search.look(self.round, now), self.board, now)
        return {str(signal.kind): signal for signal in signals.page_of(self.round).items}


@pytest.fixture
def held(app):
    district = make_unit("Mai Sơn", type_label="huyện")
    unit = make_unit(parent=district)
    rules = make_rules(blueprint=(Cell("dang-vien", "", QUESTIONS),), attempts_allowed=2)
    versions = [make_item() for _ in range(QUESTIONS)]
    contest_round = open_for_test(make_round(make_stage(make_contest(district), rules), district), versions)
    board = make_account((Role.ORGANIZER, district))
    return Held(contest_round, unit, versions, Actor(board.id))


def errors(seed: int, right: float) -> dict[int, int]:
    """Return what somebody takes who knows a question with chance `right` and asks nobody."""
    rng = Random(seed)
    return {place: rng.choice((0, 2, 3)) for place in range(QUESTIONS) if rng.random() >= right}


def crowd(held, count=10):
    """People who err on their own."""
    for number in range(count):
        held.sit(errors(number, 0.5))


def sign_in(held, entry, device="", network="", at=NOW - MINUTE):
    """The person signs in with a card, from that device and network."""
    contest = held.round.stage.contest
    card = db.session.scalar(select(auth.AccessCard).where(auth.AccessCard.person_id == entry.person_id))
    card = card or make_card(contest, entry.person)
    auth.open_session(auth.holder_of(card), 12, "", at, traces.trace_of(device, network))


# --- when ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("now", [NOW - 1, NOW + HOUR, NOW + 2 * HOUR - 1])
def test_nothing_is_looked_for_before_the_round_is_over(held, now):
    held.sit()
    with pytest.raises(RuleBroken, match="chưa kết thúc"):
        signal_search.look(held.round, now)


def test_nothing_is_looked_for_while_somebody_sits_anywhere(held):
    held.sit()
    other = open_for_test(make_round(held.round.stage, held.unit), held.versions)
    attempt = attempts.start(make_entry(other, make_person(make_cell(held.unit))), NOW, "seed")
    with pytest.raises(RuleBroken, match="Đang có người làm bài"):
        signal_search.look(held.round, AFTER)
    attempts.submit(attempt, NOW + MINUTE)
    assert signal_search.look(held.round, AFTER).papers == 1


def test_a_paper_still_to_be_entered_holds_nobody_up(held):
    held.sit()
    attempt = attempts.start(held.entry(), NOW, "seed")
    attempt.medium = Medium.PAPER
    db.session.flush()
    assert signal_search.look(held.round, AFTER).papers == 1


def test_an_honest_round_has_no_signs_and_says_how_much_there_was_to_go_by(held):
    crowd(held)
    assert held.look() == {}
    report = signals.report_of(held.round)
    assert (report.papers, report.traced, report.able + report.too_few) == (10, 0, 45)
    assert (report.computed_at, report.computed_by_id) == (AFTER, held.board.account_id)


# --- identical wrong answers --------------------------------------------------------------------------------

COPIED = errors(1000, 0.0)


def test_two_papers_with_the_same_wrong_answers_are_a_sign_with_its_chance(held):
    crowd(held)
    first, second = held.sit(COPIED), held.sit(COPIED)
    signal = held.look()["wrong"]
    assert [paper.attempt_id for paper in signal.papers] == [first.id, second.id]
    facts = signal.facts
    assert (facts["both"], len(facts["same"])) == (16, 16)
    assert facts["chance"] * facts["factor"] < 0.05 and 3 < facts["expected"] < 9


def test_people_of_different_units_are_not_compared(held):
    crowd(held)
    other = make_unit("Hát Lót", held.unit.parent)
    held.sit(COPIED)
    held.sit(COPIED, held.entry(other))
    assert "wrong" not in held.look()


def test_a_second_attempt_is_not_compared_for_it_knows_the_questions(held):
    crowd(held)
    first = held.entry()
    held.sit({}, first)
    held.sit(COPIED, first, at=NOW + 20 * MINUTE)
    held.sit(COPIED)
    assert "wrong" not in held.look()


def test_what_is_right_or_left_out_is_no_shared_wrong_answer(held):
    crowd(held)
    held.sit({}), held.sit({})
    held.sit(COPIED, left=range(QUESTIONS)), held.sit(COPIED, left=range(QUESTIONS))
    assert held.look() == {}


def test_the_shared_answers_are_shown_as_each_paper_had_them_and_without_the_key(held):
    crowd(held)
    pair = [held.sit(COPIED), held.sit(COPIED)]
    rows = signals.same_answers(held.look()["wrong"], AFTER)
    assert len(rows) == 16
    texts = ("Một", "Hai", "Ba", "Bốn")
    for row in rows:
        assert row.stem.startswith("Câu hỏi số") and row.answers != ("Hai",)
        for shown, attempt in zip(row.shown, pair, strict=True):
            place = papers.places_of(attempt.paper)[shown.position]
            assert [texts[place.order[option]] for option in shown.options] == list(row.answers)
    assert [row.shown[0].position for row in rows] == sorted(row.shown[0].position for row in rows)


def test_a_question_that_may_still_come_elsewhere_is_not_shown(held):
    crowd(held)
    held.sit(COPIED), held.sit(COPIED)
    signal = held.look()["wrong"]
    later = open_for_test(make_round(held.round.stage, held.unit, opens_at=AFTER), held.versions[:3])
    hidden = [row for row in signals.same_answers(signal, AFTER) if row.stem is None]
    assert len(hidden) == 3 and not any(row.answers for row in hidden)
    later.closed_at = AFTER
    db.session.flush()
    assert all(row.stem for row in signals.same_answers(signal, AFTER))


# --- device and network -------------------------------------------------------------------------------------


def test_two_people_on_one_device_are_a_sign(held):
    entries = [held.entry() for _ in range(3)]
    for entry, device in zip(entries, ("phone", "phone", "another"), strict=True):
        sign_in(held, entry, device, "line")
    made = [held.sit(entry=entry) for entry in entries]
    found = held.look()
    assert [paper.attempt_id for paper in found["device"].papers] == [made[0].id, made[1].id]
    assert [paper.attempt_id for paper in found["network"].papers] == [attempt.id for attempt in made]
    assert signals.report_of(held.round).traced == 3


@pytest.mark.parametrize(
    "case, ats, is_sign",
    [
        ("the last sign-in before the start", [-HOUR], True),
        ("while the paper goes on", [-HOUR, 5 * MINUTE], True),
        ("an earlier one than the last before", [-2 * HOUR, -HOUR], False),
        ("after the hand-in", [-HOUR, HOUR], False),
    ],
)
def test_only_the_sign_ins_a_paper_was_made_from_count(held, case, ats, is_sign):
    """The second person's own phone comes last unless that is what the case says."""
    first, second = held.entry(), held.entry()
    sign_in(held, first, "phone")
    held.sit(entry=first)
    shared_last = case in (
        "the last sign-in before the start",
        "while the paper goes on",
        "after the hand-in",
    )
    for place, offset in enumerate(ats):
        is_shared = (place == len(ats) - 1) is shared_last
        sign_in(held, second, "phone" if is_shared else "own", at=NOW + offset)
    held.sit(entry=second)
    assert ("device" in held.look()) is is_sign


def test_strangers_on_one_network_are_no_sign(held):
    """A telephone company gives hundreds of customers one address."""
    for number in range(4):
        entry = held.entry(make_unit(f"Xã {number}", held.unit.parent))
        sign_in(held, entry, f"phone {number}", "line")
        held.sit(entry=entry)
    assert held.look() == {}


def test_a_hall_leaves_no_trace_and_so_no_sign(held):
    for entry in [held.entry() for _ in range(4)]:
        sign_in(held, entry, "phone", "line", at=NOW - HOUR)
        sign_in(held, entry)  # at the device of a hall
        held.sit(entry=entry)
    assert held.look() == {}


def test_one_person_with_two_attempts_on_one_device_is_no_sign(held):
    entry = held.entry()
    sign_in(held, entry, "phone", "line")
    held.sit(entry=entry)
    held.sit(entry=entry, at=NOW + 20 * MINUTE)
    assert held.look() == {}


# --- the clock of one paper ---------------------------------------------------------------------------------


def test_answers_faster_than_reading_are_a_sign_with_its_numbers(held):
    held.sit(every=FAST)
    held.sit(every=2 * FAST)
    facts = held.look()["speed"].facts
    assert facts == {"answers": 16, "since": 3_200, "syllables": 64, "needed": 6_400}


def test_a_second_attempt_may_be_fast(held):
    entry = held.entry()
    held.sit(entry=entry)
    held.sit(entry=entry, every=FAST, at=NOW + 20 * MINUTE)
    assert held.look() == {}


def test_two_pages_used_in_turn_are_a_sign(held):
    entry = held.entry()
    sign_in(held, entry, "phone")
    sign_in(held, entry, "tablet", at=NOW + MINUTE)
    held.sit(entry=entry, pages=(5, 5, 6, 6))
    assert held.look()["turns"].facts == {"returns": 6, "devices": 2}


def test_a_long_silence_before_many_answers_is_a_sign(held):
    attempt = held.sit(every=15 * SECOND)
    late = 6 * MINUTE << 20
    for response in attempt.responses[4:]:
        response.stamp += late
    db.session.flush()
    facts = held.look()["silence"].facts
    assert facts == {"since": 60_000, "length": 6 * MINUTE + 15 * SECOND, "after": 12, "granted": 0}


def test_away_for_much_of_the_time_is_a_sign_and_less_is_none(held):
    long, short = held.sit(), held.sit()
    away.keep(long, Away(2, 4 * MINUTE))
    away.keep(short, Away(9, 2 * MINUTE))
    sign = held.look()["away"]
    assert sign.facts == {"times": 2, "ms": 4 * MINUTE, "used": 9 * MINUTE, "granted": 0}
    assert [paper.attempt_id for paper in sign.papers] == [long.id]


def test_what_was_told_first_of_absences_stays_and_no_mark_changes(held):
    attempt = held.sit()
    marked = (attempt.raw_score, attempt.marks, attempt.values, attempt.time_used)
    assert (attempt.away_count, attempt.away_ms) == (None, None), "nothing told is not known"
    away.keep(attempt, None)
    away.keep(attempt, Away(1, 9))
    for told in (Away(3, 90 * MINUTE), Away(0, 0)):
        away.keep(attempt, told)
        db.session.refresh(attempt)
    assert (attempt.away_count, attempt.away_ms) == (3, 9 * MINUTE)
    assert (attempt.raw_score, attempt.marks, attempt.values, attempt.time_used) == marked


def test_nothing_is_kept_of_absences_before_the_hand_in(held):
    attempt = attempts.start(held.entry(), NOW, "seed")
    away.keep(attempt, Away(1, MINUTE))
    db.session.refresh(attempt)
    assert attempt.away_ms is None


def test_a_paper_written_by_hand_has_no_clock_and_no_device(held):
    entries = [held.entry(), held.entry()]
    for entry in entries:
        sign_in(held, entry, "phone", "line")
        held.sit(entry=entry, every=1, medium=Medium.PAPER)
    assert held.look() == {}


# --- keeping and deciding -----------------------------------------------------------------------------------


def test_looking_again_finds_the_same_signs_and_keeps_what_was_decided(held):
    held.sit(every=FAST)
    signal = held.look()["speed"]
    signals.decide(signal, Verdict.NOTED, "Đã hỏi, có người đọc hộ.", 0, held.board, AFTER)
    again = held.look(AFTER + HOUR)["speed"]
    assert again.id == signal.id and [decision.number for decision in again.decisions] == [1]
    assert db.session.scalar(select(func.count()).select_from(Signal)) == 1
    assert signals.report_of(held.round).computed_at == AFTER + HOUR


@pytest.mark.parametrize("is_decided", [True, False])
def test_a_sign_that_is_gone_stays_only_when_somebody_decided(held, is_decided):
    attempt = held.sit(every=FAST)
    signal = held.look()["speed"]
    if is_decided:
        signals.decide(signal, Verdict.NO_FINDING, "Không có gì.", 0, held.board, AFTER)
    for response in attempt.responses:
        response.stamp *= 20
    db.session.flush()
    db.session.expire_all()
    found = held.look()
    assert [signal.is_current for signal in found.values()] == ([False] if is_decided else [])


def test_a_sign_follows_the_papers_it_is_about(held):
    entries = [held.entry() for _ in range(3)]
    for entry in entries[:2]:
        sign_in(held, entry, "phone")
        held.sit(entry=entry)
    before = held.look()["device"]
    assert len(before.papers) == 2
    sign_in(held, entries[2], "phone")
    held.sit(entry=entries[2])
    after = held.look()["device"]
    assert (after.id, len(after.papers)) == (before.id, 3)


def test_decisions_stand_beside_each_other_with_who_when_and_why(held):
    held.sit(every=FAST)
    signal = held.look()["speed"]
    signals.decide(signal, Verdict.TALK, " Mời trao đổi ngày 6/2. ", 0, held.board, AFTER)
    signals.decide(signal, Verdict.NO_FINDING, "Đã trao đổi, không có gì.", 1, held.board, AFTER + HOUR)
    db.session.expire_all()
    assert [(d.number, d.verdict, d.reason, d.decided_at, d.decided_by_id) for d in signal.decisions] == [
        (1, Verdict.TALK, "Mời trao đổi ngày 6/2.", AFTER, held.board.account_id),
        (2, Verdict.NO_FINDING, "Đã trao đổi, không có gì.", AFTER + HOUR, held.board.account_id),
    ]
    assert signals.counts(held.round) == {Sign.SPEED: (1, 0)}


def test_a_double_click_decides_once_and_two_people_see_each_other(held):
    held.sit(every=FAST)
    signal = held.look()["speed"]
    signals.decide(signal, Verdict.NOTED, "Ghi nhận.", 0, held.board, AFTER)
    with pytest.raises(AlreadyDone):
        signals.decide(signal, Verdict.NOTED, "Ghi nhận.", 0, held.board, AFTER)
    assert db.session.scalar(select(func.count()).select_from(SignalDecision)) == 1


def test_a_decision_needs_a_reason(held):
    held.sit(every=FAST)
    with pytest.raises(RuleBroken, match="lý do"):
        signals.decide(held.look()["speed"], Verdict.NOTED, "  ", 0, held.board, AFTER)


def test_what_waits_for_a_decision_comes_first(held):
    held.sit(every=FAST)
    held.sit(every=FAST // 2)
    held.look()
    strongest, other = signals.page_of(held.round).items
    assert strongest.strength > other.strength
    signals.decide(strongest, Verdict.NOTED, "Ghi nhận.", 0, held.board, AFTER)
    assert [signal.id for signal in signals.page_of(held.round, Sign.SPEED).items] == [other.id, strongest.id]
    assert signals.counts(held.round) == {Sign.SPEED: (2, 1)}
    assert signals.page_of(held.round, Sign.WRONG).items == []


def test_looking_and_deciding_are_on_record_and_no_result_changes(held):
    attempt = held.sit(every=FAST)
    before = (attempt.raw_score, attempt.marks, attempt.submitted_at)
    signals.decide(held.look()["speed"], Verdict.NOTED, "Ghi nhận.", 0, held.board, AFTER)
    acts = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc()).limit(2)).all()
    assert acts == ["signal.decide", "signals.look"]
    assert (attempt.raw_score, attempt.marks, attempt.submitted_at) == before
    assert db.session.scalar(select(func.count()).select_from(AuthSession)) == 0


def test_a_round_of_many_is_read_with_a_bounded_number_of_statements(held):
    crowd(held, 6)
    few = _statements(held)
    crowd(held, 24)
    assert _statements(held) == few


def _statements(held) -> int:
    count = 0

    def add(*_args) -> None:
        nonlocal count
        count += 1

    held.look()
    event.listen(db.engine, "before_cursor_execute", add)
    try:
        signal_search.look(held.round, AFTER)
    finally:
        event.remove(db.engine, "before_cursor_execute", add)
    return count
