"""What the board reads of its judges: only when all is signed, only the board, and never where it says nothing."""

import pytest

from quiz import clock
from quiz.core.judging import Judging
from quiz.core.parts import Part
from quiz.core.permissions import Role
from quiz.core.rules import Rules
from quiz.extensions import db
from quiz.models import Performance, ScoreSheet
from quiz.services import judge_statistics, panels
from quiz.services.audit import Actor
from tests.conftest import Browser
from tests.factories import (
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)
from tests.web.test_contests import page

PART = Part("Thuyết trình", max_points=4000, judging=Judging(judges=3))


class Panel:
    """A round judged by three, with a row of marks for each contestant, signed unless said otherwise."""

    def __init__(self, rows, signed=True, absent=0) -> None:
        unit, now = make_unit(), clock.now()
        stage = make_stage(make_contest(unit), Rules(parts=(PART,), tie_breaks=()))
        self.round, board = make_round(stage, unit), make_account()
        for seat in (1, 2, 3):
            judge = make_account((Role.JUDGE, unit), username=f"judge{seat}")
            panels.seat_judge(self.round, PART.name, "", seat, judge, seat == 1, Actor(board.id), now)
        for drawn, row in enumerate([*rows, *([] for _ in range(absent))], start=1):
            entry = make_entry(self.round, make_person(make_cell(unit, f"Bản {drawn}")))
            turn = Performance(
                round_id=self.round.id, part=PART.name, entry_id=entry.id, place=drawn, drawn=drawn
            )
            turn.absent_reason = "" if row else "ốm"
            turn.stopped_at = now if row else None
            turn.checked_at = turn.signed_at = now if signed else None
            turn.sheets = [
                ScoreSheet(seat=seat, marks={PART.name: points}, stamp=now, saved_at=now, submitted_at=now)
                for seat, points in enumerate(row, start=1)
                if points is not None
            ]
            db.session.add(turn)
        db.session.commit()

    def figures(self):
        (found,) = judge_statistics.of_round(self.round)
        return found


def test_who_is_strict_and_how_far_the_orders_agree(sqlite_app):
    found = Panel([(3000, 3200, 3400), (2000, 2200, 2400), (1000, 1200, 1400)], absent=1).figures()
    assert [judge.severity for judge in found.judges] == [-200, 0, 200]
    assert (found.w, found.performed, found.compared, found.unsigned) == (1, 3, 3, 0)


@pytest.mark.parametrize(
    ("rows", "compared", "w"),
    [
        ([(3000, 3200, 3400), (2000, 2200, 2400)], 2, None),  # an order of two says nothing
        ([(3000, 3000, 3000)] * 3, 3, None),  # no order at all
        ([(3000, None, 3000), (2000, 2000, 2000), (1000, 1000, 1000)], 2, None),  # one sheet is not there
        ([(3000, None, 3000)], 0, None),
    ],
)
def test_where_nothing_can_be_compared_nothing_is_said(sqlite_app, rows, compared, w):
    found = Panel(rows).figures()
    assert (found.compared, found.w) == (compared, w)


def test_before_all_is_signed_there_are_no_figures(sqlite_app):
    found = Panel([(3000, 3200, 3400)] * 3, signed=False).figures()
    assert (found.unsigned, found.judges, found.w) == (3, (), None)


def test_the_board_reads_it_and_judges_do_not(sqlite_app):
    panel = Panel([(3000, 3200, 3400), (2000, 2200, 2400), (1000, 1200, 1400)])
    unit = panel.round.unit
    for name, role in (("org", Role.ORGANIZER), ("sec", Role.BOARD_SECRETARY), ("head", Role.HEAD_JUDGE)):
        make_account((role, unit), username=name)
    db.session.commit()
    url = f"/desk/rounds/{panel.round.id}/judges"
    for name in ("org", "sec", "head"):
        shown = page(Browser(sqlite_app).sign_in(name).get(url))
        assert "thấp hơn 2,00" in shown and "cao hơn 2,00" in shown and "bằng nhau" in shown
        assert "1,00" in shown and "gần giống nhau" in shown
    assert Browser(sqlite_app).sign_in("judge1").get(url).status_code == 403
