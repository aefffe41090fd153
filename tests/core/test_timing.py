"""When a round may be started, when an attempt ends, and what still counts."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.core.errors import RuleBroken
from quiz.core.timing import (
    Phase,
    Window,
    check_may_start,
    day_of,
    deadline_of,
    is_accepted,
    is_due,
    phase_of,
    time_lost,
    time_used,
)

MIN = 60_000
OPENS = 1_700_000_000_000
CLOSES = OPENS + 90 * MIN
FROZEN = OPENS - 24 * 60 * MIN
WINDOW = Window(OPENS, CLOSES)


def closed_early(at: int) -> Window:
    return Window(OPENS, CLOSES, closed_at=at)


@pytest.mark.parametrize(
    ("window", "opened_at", "now", "phase"),
    [
        (None, None, OPENS, Phase.DRAFT),
        (None, FROZEN, OPENS, Phase.DRAFT),
        (WINDOW, None, OPENS, Phase.DRAFT),
        (WINDOW, None, CLOSES, Phase.DRAFT),
        (WINDOW, 0, OPENS, Phase.OPEN),
        (WINDOW, FROZEN, FROZEN, Phase.SCHEDULED),
        (WINDOW, FROZEN, OPENS - 1, Phase.SCHEDULED),
        (WINDOW, FROZEN, OPENS, Phase.OPEN),
        (WINDOW, FROZEN, CLOSES - 1, Phase.OPEN),
        (WINDOW, FROZEN, CLOSES, Phase.CLOSED),
        (WINDOW, FROZEN, CLOSES + 1, Phase.CLOSED),
        (closed_early(OPENS + MIN), FROZEN, OPENS - 1, Phase.SCHEDULED),
        (closed_early(OPENS + MIN), FROZEN, OPENS + MIN - 1, Phase.OPEN),
        (closed_early(OPENS + MIN), FROZEN, OPENS + MIN, Phase.CLOSED),
        (closed_early(OPENS - MIN), FROZEN, OPENS - MIN - 1, Phase.SCHEDULED),
        (closed_early(OPENS - MIN), FROZEN, OPENS - MIN, Phase.CLOSED),
        (closed_early(OPENS - MIN), FROZEN, OPENS, Phase.CLOSED),
        (closed_early(CLOSES + MIN), FROZEN, CLOSES, Phase.CLOSED),
    ],
)
def test_the_phase_follows_from_the_instants(window, opened_at, now, phase):
    assert phase_of(window, opened_at, now) is phase


@pytest.mark.parametrize(
    ("closed_at", "ends_at"),
    [(None, CLOSES), (0, 0), (CLOSES - 1, CLOSES - 1), (CLOSES, CLOSES), (CLOSES + 1, CLOSES)],
)
def test_the_board_can_end_a_window_early_but_never_late(closed_at, ends_at):
    assert closed_early(closed_at).ends_at == ends_at


@given(st.integers(0, 50), st.integers(1, 50), st.none() | st.integers(0, 120), st.lists(st.integers(0, 130)))
def test_a_round_never_goes_back_to_an_earlier_phase(opens, length, closed_at, instants):
    window = Window(opens, opens + length, closed_at)
    order = [Phase.SCHEDULED, Phase.OPEN, Phase.CLOSED]
    seen = [order.index(phase_of(window, 0, now)) for now in sorted(instants)]
    assert seen == sorted(seen)


NOT_OPENED = "Vòng thi chưa được mở. Xin chờ thông báo của Ban Tổ chức."
TOO_EARLY = "Chưa đến giờ thi. Xin chờ đến giờ mở rồi bấm lại, không cần đăng nhập lại."
OVER = "Vòng thi đã hết giờ nên không thể bắt đầu. Nếu có lý do, xin báo Ban Tổ chức."
TOO_LATE = "Đã quá 10 phút kể từ giờ mở nên không thể bắt đầu. Xin báo ngay cho Ban Tổ chức."


@pytest.mark.parametrize(
    ("window", "opened_at", "late_start", "now", "sentence"),
    [
        (WINDOW, None, None, OPENS, NOT_OPENED),
        (WINDOW, FROZEN, None, OPENS - 1, TOO_EARLY),
        (WINDOW, FROZEN, 10, OPENS - 1, TOO_EARLY),
        (WINDOW, FROZEN, None, CLOSES, OVER),
        (WINDOW, FROZEN, 10, CLOSES, OVER),
        (closed_early(OPENS + MIN), FROZEN, 10, OPENS + MIN, OVER),
        (closed_early(OPENS - MIN), FROZEN, 10, OPENS, OVER),
        (WINDOW, FROZEN, 10, OPENS + 10 * MIN + 1, TOO_LATE),
        (WINDOW, FROZEN, 10, CLOSES - 1, TOO_LATE),
    ],
)
def test_a_start_is_refused_with_a_sentence(window, opened_at, late_start, now, sentence):
    with pytest.raises(RuleBroken) as refusal:
        check_may_start(window, opened_at, late_start, now)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("window", "late_start", "now"),
    [
        (WINDOW, None, OPENS),
        (WINDOW, None, CLOSES - 1),
        (WINDOW, 10, OPENS),
        (WINDOW, 10, OPENS + 10 * MIN),
        (WINDOW, 500, CLOSES - 1),
        (closed_early(OPENS + MIN), None, OPENS + MIN - 1),
    ],
)
def test_a_start_is_allowed_to_the_last_instant(window, late_start, now):
    check_may_start(window, FROZEN, late_start, now)


def test_the_refusal_of_a_late_start_says_how_many_minutes_were_allowed():
    with pytest.raises(RuleBroken) as refusal:
        check_may_start(WINDOW, FROZEN, 10, CLOSES - 1)
    assert refusal.value.values == {"minutes": 10}


@pytest.mark.parametrize(
    ("window", "started_at", "full_time_for_late", "deadline"),
    [
        (WINDOW, OPENS, False, OPENS + 60 * MIN),
        (WINDOW, CLOSES - 60 * MIN, False, CLOSES),
        (WINDOW, CLOSES - 60 * MIN + 1, False, CLOSES),
        (WINDOW, CLOSES - 60 * MIN - 1, False, CLOSES - 1),
        (WINDOW, CLOSES - 1, False, CLOSES),
        (WINDOW, OPENS, True, OPENS + 60 * MIN),
        (WINDOW, CLOSES - 1, True, CLOSES - 1 + 60 * MIN),
        (closed_early(OPENS + 30 * MIN), OPENS, False, OPENS + 30 * MIN),
        (closed_early(OPENS + 30 * MIN), OPENS, True, OPENS + 30 * MIN),
        (closed_early(OPENS + 70 * MIN), OPENS, True, OPENS + 60 * MIN),
        (closed_early(CLOSES + 10 * MIN), CLOSES - 1, True, CLOSES + 10 * MIN),
    ],
)
def test_an_attempt_of_sixty_minutes_ends_at(window, started_at, full_time_for_late, deadline):
    assert deadline_of(window, 60, started_at, full_time_for_late) == deadline


def test_the_end_of_the_window_cuts_a_late_start_short_unless_the_rules_say_otherwise():
    assert deadline_of(WINDOW, 60, CLOSES - 1) == CLOSES


@given(st.integers(OPENS, CLOSES - 1), st.integers(1, 600), st.booleans())
def test_a_deadline_comes_after_the_start_and_never_after_the_full_time(started_at, time_limit, full_time):
    deadline = deadline_of(WINDOW, time_limit, started_at, full_time)
    assert started_at < deadline <= started_at + time_limit * MIN


DEADLINE = OPENS + 60 * MIN


@pytest.mark.parametrize(
    ("grace_seconds", "arrived_at", "accepted"),
    [
        (0, DEADLINE - 1, True),
        (0, DEADLINE, True),
        (0, DEADLINE + 1, False),
        (5, DEADLINE + 1, True),
        (5, DEADLINE + 4_999, True),
        (5, DEADLINE + 5_000, True),
        (5, DEADLINE + 5_001, False),
    ],
)
def test_a_response_counts_to_the_millisecond(grace_seconds, arrived_at, accepted):
    assert is_accepted(DEADLINE, grace_seconds, arrived_at) is accepted
    assert is_due(DEADLINE, grace_seconds, arrived_at) is not accepted


@pytest.mark.parametrize(
    ("ended_at", "used"),
    [
        (OPENS, 0),
        (OPENS + 1, 1),
        (DEADLINE - 1, 60 * MIN - 1),
        (DEADLINE, 60 * MIN),
        (DEADLINE + 5_000, 60 * MIN),
        (OPENS - 1, 0),
        (OPENS - MIN, 0),
    ],
)
def test_the_time_used_never_counts_the_grace_and_is_never_negative(ended_at, used):
    assert time_used(OPENS, ended_at, DEADLINE) == used


@pytest.mark.parametrize(
    ("given", "lost"),
    [
        ([], 0),
        ([(22, 12)], 12),  # the power went at minute 10 and came back at 22
        ([(3, 12)], 3),  # who had begun three minutes before cannot have lost twelve
        ([(12, 12)], 12),
        ([(0, 12)], 0),  # given at the start to whoever starts after the cut: nothing was lost
        ([(-5, 12)], 0),
        ([(22, 12), (40, 5)], 17),
        ([(40, 5), (22, 12)], 17),
        ([(10, 8), (10, 8)], 10),  # to the hall and again to the commune: no more than had run
        ([(3, 12), (40, 5)], 8),
        ([(0, 12), (40, 5)], 5),
    ],
)
def test_minutes_given_back_are_lost_time_as_far_as_they_had_run(given, lost):
    back = [(OPENS + at * MIN, minutes * MIN) for at, minutes in given]
    assert time_lost(OPENS, back) == lost * MIN


@pytest.mark.parametrize(
    ("ended_at", "lost", "used"),
    [
        (OPENS + 40 * MIN, 12 * MIN, 28 * MIN),
        (OPENS + 72 * MIN, 12 * MIN, 48 * MIN),  # not past the deadline, then without the stoppage
        (OPENS + 5 * MIN, 12 * MIN, 0),
    ],
)
def test_what_a_stoppage_took_is_not_time_used(ended_at, lost, used):
    assert time_used(OPENS, ended_at, DEADLINE, lost) == used


@given(st.lists(st.tuples(st.integers(-30 * MIN, 90 * MIN), st.integers(MIN, 60 * MIN)), max_size=5))
def test_lost_time_is_never_more_than_was_given_or_had_run(given_back):
    back = [(OPENS + after, minutes) for after, minutes in given_back]
    lost = time_lost(OPENS, back)
    assert 0 <= lost <= sum(minutes for _at, minutes in back)
    assert lost <= max([0, *(at - OPENS for at, _minutes in back)])


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2023, 2, 4, 16, 59, 59, 999_000, tzinfo=UTC), date(2023, 2, 4)),
        (datetime(2023, 2, 4, 17, 0, tzinfo=UTC), date(2023, 2, 5)),
        (datetime(2023, 2, 5, 1, 0, tzinfo=UTC), date(2023, 2, 5)),
        (datetime(2023, 2, 5, 16, 59, 59, 999_000, tzinfo=UTC), date(2023, 2, 5)),
    ],
)
def test_a_day_begins_at_midnight_in_vietnam(instant, day):
    assert day_of(round(instant.timestamp() * 1000)) == day
