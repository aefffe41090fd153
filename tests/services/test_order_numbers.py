"""By which numbers a running order is drawn again: those here, or those of the hall it came home from."""

import pytest

from quiz.core.running_order import running_order
from quiz.extensions import db
from quiz.models import Package, SittingImport
from quiz.services import judged_figures, performances
from tests.factories import NOW, add
from tests.services.test_stage import Hall


@pytest.fixture
def hall(sqlite_app):
    return Hall()


def test_an_order_drawn_here_is_repeated_with_the_numbers_of_the_entries(hall):
    draw = judged_figures._drawn(hall.round)
    again = running_order({"": draw.numbers.values()}, draw.seed)
    assert [turn.entry for turn in again] == [one.entry_id for one in performances.of_round(hall.round)]


def test_an_order_drawn_in_a_hall_is_repeated_with_the_numbers_of_the_hall_and_not_without(hall):
    draw = performances.draw_of(hall.round)
    draw.drawn_by_id, draw.drawn_by_name = None, "Cầm Thị Thư"
    db.session.flush()
    assert judged_figures._drawn(hall.round).numbers == {}
    package = add(Package(round=hall.round, uuid="0" * 32, secret="00" * 32, phrase="ABCD", made_at=NOW))
    turns = [[90 + place, one.person.code] for place, one in enumerate(hall.entries)]
    times = {"collected_at": NOW, "imported_at": NOW}
    add(
        SittingImport(
            package=package, digest="1", filename="x.htbt", report={"stage": {"turns": turns}}, **times
        )
    )
    numbers = judged_figures._drawn(hall.round).numbers
    assert numbers == {one.id: 90 + place for place, one in enumerate(hall.entries)}
