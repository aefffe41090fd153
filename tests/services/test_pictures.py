"""What pictures are drawn from: only what is over, each attempt once, counted again after a re-marking."""

import json

import pytest

from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.services import pictures
from tests.factories import (
    HOUR,
    NOW,
    make_attempt,
    make_cell,
    make_contest,
    make_entry,
    make_item,
    make_person,
    make_round,
    make_stage,
    make_unit,
    open_for_test,
)

OVER = NOW + 3 * HOUR


@pytest.fixture
def there(app, monkeypatch):
    monkeypatch.setattr(pictures, "LEAST_OTHERS", 1)
    district = make_unit("Mai Sơn", type_label="huyện")
    communes = [make_unit(name, district) for name in ("Cò Nòi", "Hát Lót")]
    versions = [make_item() for _ in range(6)]
    stage = make_stage(make_contest(district))
    rounds = [open_for_test(make_round(stage, commune), versions) for commune in communes]
    return rounds, versions


def sit(contest_round, versions, right, minutes=20, name="Lò Văn Thử", **fields):
    person = make_person(make_cell(contest_round.unit, f"Bản {name} {minutes}"), name)
    paper = json.dumps([[version.id, [0, 1, 2, 3]] for version in versions])
    marks = [100 if n < right else 0 for n in range(len(versions))]
    attempt = make_attempt(make_entry(contest_round, person), 100 * right, minutes, **fields)
    attempt.paper, attempt.marks = paper, marks
    db.session.flush()
    return attempt


def test_only_rounds_that_are_over_are_counted(there):
    rounds, versions = there
    assert pictures.finished(rounds, NOW + HOUR) == []
    assert pictures.finished(rounds, OVER) == rounds
    sit(rounds[0], versions[:5], 3).submitted_at = None
    db.session.flush()
    assert pictures.finished(rounds, OVER) == [rounds[1]]


def test_points_times_items_and_topics_of_all_rounds_together(there):
    rounds, versions = there
    sit(rounds[0], versions[:5], 3, 20)
    sit(rounds[1], versions[1:], 5, 30)
    drawn = pictures.of_rounds(rounds, rounds, OVER)
    assert (drawn.points, drawn.most) == ([300, 500], 500)
    assert (drawn.begun, drawn.ended) == ([0, 0], [20 * MINUTE, 30 * MINUTE])
    assert drawn.items == 6 and not drawn.same_items
    assert [item.facility for item in drawn.hardest[:3]] == [0.5, 0.5, 1.0]
    assert {unit for unit, _topic in drawn.cells} == {one.unit_id for one in rounds}
    assert len(drawn.expected) == 2


def test_who_withdrew_and_later_attempts_are_left_out_and_paper_has_no_times(there):
    rounds, versions = there
    sit(rounds[0], versions[:5], 3).entry.withdrawn_at = NOW
    first = sit(rounds[0], versions[:5], 2, 25, medium="paper")
    again = make_attempt(first.entry, 500, 30, number=2)
    again.paper, again.marks = first.paper, first.marks
    db.session.flush()
    drawn = pictures.of_rounds(rounds, rounds, OVER)
    assert drawn.points == [200] and drawn.begun == [] and drawn.same_items


def test_numbers_are_kept_until_papers_are_marked_again(there):
    rounds, versions = there
    attempt = sit(rounds[0], versions[:5], 3)
    first = pictures.of_rounds(rounds, rounds, OVER)
    assert pictures.of_rounds(rounds, rounds, OVER) is first
    attempt.raw_score, attempt.marks = 400, [100, 100, 100, 100, 0]
    db.session.flush()
    assert pictures.of_rounds(rounds, rounds, OVER).points == [400]


def test_many_papers_wait_while_any_round_runs(there, monkeypatch):
    rounds, versions = there
    sit(rounds[0], versions[:5], 3)
    monkeypatch.setattr(pictures, "FEW", 0)
    running = make_round(make_stage(make_contest(rounds[0].unit)), rounds[0].unit, OVER - HOUR, opened_at=NOW)
    assert pictures.of_rounds(rounds, rounds, OVER) is None
    running.closed_at = OVER - 1
    db.session.flush()
    assert pictures.of_rounds(rounds, rounds, OVER).points == [300]


def test_one_round_is_judged_by_what_the_whole_stage_made_of_the_items(there):
    rounds, versions = there
    for minutes in (20, 21):
        sit(rounds[0], versions[:5], 0, minutes)
        sit(rounds[1], versions[:5], 5, minutes)
    drawn = pictures.of_rounds(rounds[:1], rounds, OVER)
    assert (drawn.points, drawn.base, drawn.hardest[0].sat, drawn.hardest[0].facility) == ([0, 0], 4, 4, 0.5)
    assert [one.share for one in drawn.expected] == [pytest.approx(2 / 3)] * 2


def test_who_came_adds_up_by_unit(there):
    rounds, versions = there
    sit(rounds[0], versions[:5], 3)
    make_entry(rounds[0], make_person(make_cell(rounds[0].unit, "Bản Vắng"), "Lò Văn Vắng"))
    sit(rounds[1], versions[:5], 3).entry.withdrawn_at = NOW
    db.session.flush()
    found = [(one.unit.name, one.entered, one.sat) for one in pictures.turnout(rounds)]
    assert found == [("Cò Nòi", 2, 1)]
