"""Late deliveries: what was chosen in time counts once, everything else is kept for the board and counts never."""

import pytest
from sqlalchemy import select

from quiz.core.errors import RuleBroken
from quiz.core.late import Fate, Logged, link_of
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import Attempt, AuditEvent, Edition, LateArrival, Response
from quiz.services import attempts, late
from quiz.services.responses import Given
from tests.factories import NOW, make_account
from tests.services.test_responses import LIMIT, STARTED, Sitting, at, make_sitting

END = STARTED + LIMIT
SOON = END + 5 * MINUTE  # after deadline and grace, within the board's limit


def attempt_of(sitting: Sitting) -> Attempt:
    """Return the attempt of a sitting."""
    return db.session.get_one(Attempt, sitting.attempt_id)


def log_for(sitting: Sitting, *choices: tuple[int, str, int]) -> list[Logged]:
    """Return these choices as the sitting's device links them."""
    log, link = [], late.seed_of(attempt_of(sitting))
    for position, choice, stamp in choices:
        link = link_of(link, position, choice, stamp)
        log.append(Logged(position, choice, stamp, link))
    return log


def deliver(sitting: Sitting, log: list[Logged], now: int = SOON, signed_off_at: int | None = None):
    """Deliver a log and return the fates it met."""
    return late.deliver(attempt_of(sitting), log, signed_off_at, "phone", now).fates


def stored(sitting: Sitting) -> dict[int, str]:
    """Return the stored choices by position."""
    query = select(Response.position, Response.choice).where(Response.attempt_id == sitting.attempt_id)
    return {position: choice for position, choice in db.session.execute(query)}


def rows() -> list[LateArrival]:
    """Return everything kept for the board."""
    return list(db.session.scalars(select(LateArrival).order_by(LateArrival.id)))


def test_what_was_chosen_in_time_counts_and_the_paper_is_marked_with_it(app):
    sitting = make_sitting()
    sitting.save(Given(0, "0", at(1000)))
    attempts.close_due(SOON)
    before = attempt_of(sitting).raw_score
    log = log_for(sitting, (0, "0", at(1000)), *[(place, "0", at(2000 + place)) for place in range(1, 4)])
    assert deliver(sitting, log) == {Fate.KNOWN: 1, Fate.COUNTED: 3}
    assert stored(sitting) == {0: "0", 1: "0", 2: "0", 3: "0"}
    [arrival] = rows()
    assert (arrival.counted, arrival.refused, arrival.is_unbroken) == (3, 0, True)
    assert (arrival.score_before, arrival.score_after) == (before, attempt_of(sitting).raw_score)
    assert attempt_of(sitting).raw_score == sum(attempt_of(sitting).marks)


@pytest.mark.parametrize(("by_board", "ended_by"), [(False, "deadline"), (True, "board")])
def test_a_late_delivery_that_closes_a_paper_says_what_ended_it(app, by_board, ended_by):
    sitting = make_sitting()
    attempt = attempt_of(sitting)
    if by_board:
        attempt.entry.round.closed_at = attempt.deadline
    deliver(sitting, log_for(sitting, (0, "0", at(1000))))
    assert attempt_of(sitting).ended_by == ended_by


@pytest.mark.parametrize(
    "made, arrived, counts",
    [(LIMIT, LIMIT + 4000, True), (LIMIT + 1, LIMIT + 4000, False), (2 * LIMIT, LIMIT, True)],
    ids=["on the line at the end", "made in the seconds of grace", "a device's clock that runs ahead"],
)
def test_the_grace_is_for_the_line_and_not_for_thinking(app, made, arrived, counts):
    sitting = make_sitting()
    if counts:
        assert sitting.save(Given(0, "0", at(made)), now=STARTED + arrived).stored
    else:
        with pytest.raises(RuleBroken, match="hết giờ"):
            sitting.save(Given(0, "0", at(made)), now=STARTED + arrived)
    assert stored(sitting) == ({0: "0"} if counts else {})


def test_the_time_used_stays_the_servers(app):
    sitting = make_sitting()
    attempts.close_due(SOON)
    deliver(sitting, log_for(sitting, (0, "0", at(1000))), signed_off_at=STARTED + 2000)
    assert (attempt_of(sitting).time_used, attempt_of(sitting).submitted_at) == (LIMIT, END)
    assert rows()[0].signed_off_at == STARTED + 2000


def test_an_attempt_nobody_has_closed_yet_is_closed_first(app):
    sitting = make_sitting()
    assert deliver(sitting, log_for(sitting, (0, "0", at(1000)))) == {Fate.COUNTED: 1}
    assert attempt_of(sitting).submitted_at == END
    assert len(rows()) == 1


def test_while_the_attempt_is_open_a_delivery_is_no_late_one(app):
    sitting = make_sitting()
    assert deliver(sitting, log_for(sitting, (0, "0", at(1000))), now=NOW + MINUTE) == {Fate.COUNTED: 1}
    assert attempt_of(sitting).submitted_at is None
    assert (stored(sitting), rows()) == ({0: "0"}, [])


def test_sent_again_it_is_taken_in_once(app):
    sitting = make_sitting()
    log = log_for(sitting, (0, "0", at(1000)), (1, "1", at(LIMIT + 1)))
    assert deliver(sitting, log) == {Fate.COUNTED: 1, Fate.AFTER_DEADLINE: 1}
    assert deliver(sitting, log, now=SOON + 1) == {Fate.KNOWN: 1, Fate.AFTER_DEADLINE: 1}
    assert len(rows()) == 1
    assert db.session.get_one(Response, (sitting.attempt_id, 0)).saves == 1


def test_only_the_last_choice_of_a_place_is_stored(app):
    sitting = make_sitting()
    log = log_for(sitting, (0, "0", at(1000)), (0, "1", at(2000)), (0, "", at(3000)))
    assert deliver(sitting, log) == {Fate.OLDER: 2, Fate.COUNTED: 1}
    assert stored(sitting) == {0: ""}


def test_a_choice_changed_after_the_end_leaves_the_one_made_before_it(app):
    sitting = make_sitting()
    log = log_for(sitting, (0, "0", at(1000)), (0, "1", at(LIMIT + 1)))
    assert deliver(sitting, log) == {Fate.COUNTED: 1, Fate.AFTER_DEADLINE: 1}
    assert stored(sitting) == {0: "0"}


def test_a_newer_choice_from_another_device_stays(app):
    sitting = make_sitting()
    sitting.save(Given(0, "2", at(5000, device=2)))
    attempts.close_due(SOON)
    assert deliver(sitting, log_for(sitting, (0, "0", at(1000)))) == {Fate.OLDER: 1}
    assert (stored(sitting), rows()) == ({0: "2"}, [])


@pytest.mark.parametrize(
    "made, now, fate",
    [
        (LIMIT, END + 30 * MINUTE, Fate.COUNTED),
        (LIMIT, END + 30 * MINUTE + 1, Fate.TOO_LATE),
        (LIMIT + 1, SOON, Fate.AFTER_DEADLINE),
    ],
)
def test_the_edges_hold_to_the_millisecond(app, made, now, fate):
    sitting = make_sitting()
    assert deliver(sitting, log_for(sitting, (0, "0", at(made))), now=now) == {fate: 1}
    assert stored(sitting) == ({0: "0"} if fate is Fate.COUNTED else {})
    assert len(rows()) == 1


def test_after_the_hand_in_nothing_new_counts(app):
    sitting = make_sitting()
    attempts.submit(attempt_of(sitting), NOW + 2 * MINUTE)
    log = log_for(sitting, (0, "0", at(MINUTE)), (1, "0", at(3 * MINUTE)))
    assert deliver(sitting, log, now=NOW + 4 * MINUTE) == {Fate.COUNTED: 1, Fate.AFTER_HAND_IN: 1}
    assert stored(sitting) == {0: "0"}


def test_after_the_final_result_nothing_changes(app):
    sitting = make_sitting()
    attempts.close_due(SOON)
    publisher = make_account()
    db.session.add(
        Edition(
            round_id=attempt_of(sitting).round_id, number=1, kind="final", check_code="X", sha256="", size=1,
            max_score=500, published_at=SOON, published_by_id=publisher.id,
        )
    )  # fmt: skip
    assert deliver(sitting, log_for(sitting, (0, "0", at(1000)))) == {Fate.PUBLISHED: 1}
    assert stored(sitting) == {}
    assert (rows()[0].counted, rows()[0].refused) == (0, 1)


def test_a_log_that_was_tampered_with_is_kept_and_not_counted(app):
    sitting = make_sitting()
    log = log_for(sitting, (0, "0", at(1000)), (1, "0", at(2000)))
    log[0] = log[0]._replace(choice="1")
    assert deliver(sitting, log) == {Fate.BROKEN: 2}
    assert (stored(sitting), rows()[0].is_unbroken) == ({}, False)


@pytest.mark.parametrize("minutes, fate", [(0, Fate.TOO_LATE), (60, Fate.COUNTED)])
def test_the_board_sets_how_long_it_waits(app, minutes, fate):
    sitting = make_sitting(late_minutes=minutes)
    assert deliver(sitting, log_for(sitting, (0, "0", at(1000))), now=END + 40 * MINUTE) == {fate: 1}


@pytest.mark.parametrize(
    "choices",
    [[(99, "0", at(1))], [(0, "9", at(1))], [(0, "0", -1)], [(0, "0", at(1)), (1, "0", at(2, device=2))]],
    ids=["no such question", "no such option", "no such time", "two devices"],
)
def test_what_is_no_log_of_this_paper_is_refused_whole(app, choices):
    sitting = make_sitting()
    with pytest.raises(RuleBroken):
        deliver(sitting, log_for(sitting, *choices))
    assert rows() == []


def test_it_goes_on_record(app):
    sitting = make_sitting()
    deliver(sitting, log_for(sitting, (0, "0", at(1000))))
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt.late")).one()
    assert event.detail == {"counted": 1, "refused": 0}


def test_the_board_sees_who_sent_what_and_until_when_it_must_wait(app):
    sitting = make_sitting()
    deliver(sitting, log_for(sitting, (0, "0", at(1000)), (1, "0", at(LIMIT + 1))))
    contest_round = attempt_of(sitting).entry.round
    [arrival] = late.arrivals(contest_round).items
    assert late.fates_of(arrival) == {Fate.COUNTED: 1, Fate.AFTER_DEADLINE: 1}
    assert late.last_chance(contest_round) == END + 30 * MINUTE
