"""When an appeal may be made, and until when it is to be answered."""

import pytest

from quiz.core.appeals import DAY, LONGEST, Hours, check_hours, check_may_ask, due_at, is_overdue
from quiz.core.errors import RuleBroken

HOURS = Hours(opens_at=1_000, closes_at=5_000, answer_days=2)


@pytest.mark.parametrize(
    "hours, text, now, refused",
    [
        (HOURS, "Câu 3", 1_000, None),
        (HOURS, "Câu 3", 4_999, None),
        (HOURS, "Câu 3", 999, "Chưa đến"),
        (HOURS, "Câu 3", 5_000, "Đã hết"),
        (None, "Câu 3", 2_000, "Chưa đến"),
        (HOURS, "   ", 2_000, "Hãy viết"),
        (HOURS, "x" * LONGEST, 2_000, None),
        (HOURS, "x" * (LONGEST + 1), 2_000, "Hãy viết"),
    ],
)
def test_when_an_appeal_may_be_made(hours, text, now, refused):
    if refused is None:
        check_may_ask(hours, text, now)
        return
    with pytest.raises(RuleBroken, match=refused):
        check_may_ask(hours, text, now)


@pytest.mark.parametrize(
    "hours, refused",
    [
        (HOURS, None),
        (Hours(5_000, 5_000), "sau giờ"),
        (Hours(5_000, 1_000), "sau giờ"),
        (Hours(1, 2, answer_days=0), "từ 1 đến"),
        (Hours(1, 2, answer_days=1), None),
        (Hours(1, 2, answer_days=30), None),
        (Hours(1, 2, answer_days=31), "từ 1 đến"),
    ],
)
def test_which_hours_a_board_may_set(hours, refused):
    if refused is None:
        check_hours(hours)
        return
    with pytest.raises(RuleBroken, match=refused):
        check_hours(hours)


def test_an_answer_is_due_so_many_days_after_the_question():
    assert due_at(HOURS, 2_000) == 2_000 + 2 * DAY


@pytest.mark.parametrize(
    "due, answered_at, now, late",
    [(10, None, 10, False), (10, None, 11, True), (10, 10, 99, False), (10, 11, 99, True)],
)
def test_what_is_overdue(due, answered_at, now, late):
    assert is_overdue(due, answered_at, now) is late
