"""What a decision about prizes would change, before it is taken: whose prizes, which ties, what nobody gets."""

from quiz.core.awards import BoardSays, awarded
from quiz.core.merits import Contestant, UnitFigures
from quiz.core.prize_moves import Change, Moved, change
from quiz.core.prizes import AtLine, CollectivePrize, Measure
from tests.core.test_awards import main, people, ranked

A, B, C, D = 1, 2, 3, 4


def of(table, contestants, says, units=()):
    """Return what changes when the board says `says`, having said nothing."""
    out = next(iter(says.passed_over), None)
    return change(awarded(table, contestants, units), awarded(table, contestants, units, says), out)


def moves(found):
    return [(one.key, one.before, one.after) for one in found.moved]


def test_who_is_passed_over_loses_the_prize_and_everybody_behind_moves_up():
    found = of(main(1, 1), people(4), BoardSays(passed_over=frozenset({A})))
    assert moves(found) == [
        (B, ("nhì",), ("nhất",)),
        (C, (), ("nhì",)),
        (A, ("nhất",), ()),
    ]
    assert (found.ties, found.unfilled) == ((), {})


def test_nothing_changes_when_somebody_without_a_prize_is_passed_over():
    found = of(main(1, 1), people(4), BoardSays(passed_over=frozenset({D})))
    assert found == Change((), (), {})


def test_a_prize_given_by_hand_beside_the_table_takes_nothing_from_anybody():
    found = of(main(1, 1), people(4), BoardSays(given={"nhất": (D,)}))
    assert moves(found) == [(D, (), ("nhất",))]


def test_who_is_given_another_main_prize_leaves_the_own_to_the_next():
    found = of(main(1, 1), people(4), BoardSays(given={"nhất": (B,)}))
    assert moves(found) == [(B, ("nhì",), ("nhất",)), (C, (), ("nhì",))]


def test_with_nobody_behind_the_place_stays_empty_and_is_counted():
    found = of(main(1, 1), people(2), BoardSays(passed_over=frozenset({A})))
    assert moves(found) == [(B, ("nhì",), ("nhất",)), (A, ("nhất",), ())]
    assert found.unfilled == {("nhì", ""): 1}


def test_equals_behind_become_a_tie_to_decide_and_nobody_is_said_to_lose_what_waits():
    table = main(1, 2, at_line=AtLine.BOARD)
    found = of(table, ranked(1, 2, 2, 4), BoardSays(passed_over=frozenset({A})))
    assert [(tie.prize, tie.among) for tie in found.ties] == [("nhất", (B, C))]
    assert moves(found) == [(A, ("nhất",), ())]


def test_a_tie_that_stands_open_already_is_not_said_to_come():
    table = main(1, at_line=AtLine.BOARD)
    found = of(table, ranked(1, 1, 3), BoardSays(given={"nhất": (C,)}))
    assert (found.ties, moves(found)) == ((), [(C, (), ("nhất",))])


def test_a_collective_prize_for_winners_moves_with_them():
    prize = CollectivePrize("mạnh", Measure.WINNERS)
    one, two = (
        Contestant(entry=key, scope="", ranked_in="", rank=key, points=6_000 - key, unit=unit)
        for key, unit in ((A, 70), (B, 80))
    )
    units = [
        UnitFigures(unit=70, cells=1, sending=1, contestants=1),
        UnitFigures(unit=80, cells=1, sending=1, contestants=1),
    ]
    found = of(main(1, collective=(prize,)), [one, two], BoardSays(passed_over=frozenset({A})), units=units)
    assert Moved(True, 80, (), ("mạnh",)) in found.moved and Moved(True, 70, ("mạnh",), ()) in found.moved
