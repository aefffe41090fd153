"""Who may still win a main prize while a tie at its line is open."""

import pytest

from quiz.core.awards import awarded
from quiz.core.merits import Contestant
from quiz.core.open_prizes import awaiting
from quiz.core.prizes import AtLine, Prize, PrizeTable

ONE_AND_TWO = (Prize("Giải nhất", 1), Prize("Giải nhì", 2))


@pytest.mark.parametrize(
    ("what", "prizes", "at_line", "points", "may_win"),
    [
        ("nobody is level at a line", ONE_AND_TWO, AtLine.BOARD, (9, 8, 7, 6), set()),
        ("two at the last place", ONE_AND_TWO, AtLine.BOARD, (9, 8, 7, 7, 6), {3, 4}),
        ("two at the first: the second prize waits too", ONE_AND_TWO, AtLine.BOARD, (9, 9, 8, 7), {1, 2, 3}),
        ("and all level with the last who may", ONE_AND_TWO, AtLine.BOARD, (9, 9, 8, 8, 7), {1, 2, 3, 4}),
        ("equals share where the rules say so", ONE_AND_TWO, AtLine.SHARE, (9, 9, 8, 7), set()),
        ("not below its points", (Prize("Nhất", 1), Prize("Nhì", 2, 900)), AtLine.BOARD, (9, 9, 8), {1, 2}),
        ("fewer people than places", (Prize("Nhất", 1), Prize("Nhì", 5)), AtLine.BOARD, (9, 9), {1, 2}),
    ],
)  # fmt: skip
def test_whom_an_open_tie_keeps_waiting(what, prizes, at_line, points, may_win):
    table = PrizeTable(prizes, at_line=at_line)
    people = [
        Contestant(entry, "", "", 1 + sum(other > own for other in points), own * 100)
        for entry, own in enumerate(points, start=1)
    ]
    assert awaiting(table, awarded(table, people), people) == may_win


def test_a_tie_in_one_scope_keeps_nobody_waiting_in_another():
    table = PrizeTable((Prize("Giải nhất", 1),), at_line=AtLine.BOARD)
    people = [Contestant(1, "A", "", 1, 900), Contestant(2, "A", "", 1, 900), Contestant(3, "B", "", 3, 800)]
    people.append(Contestant(4, "B", "", 4, 700))
    assert awaiting(table, awarded(table, people), people) == {1, 2}
