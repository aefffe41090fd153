"""A mark of the stage put right after a provisional edition: a new edition beside the old one tells whom it moved."""

import pytest

from quiz.core.errors import RuleBroken
from quiz.extensions import db
from quiz.services import effects, performances, results, sheets, stage_points
from tests.factories import NOW
from tests.services.test_stage import MINUTE, Mixed, stand_all

LATER = NOW + 2 * MINUTE


@pytest.fixture
def published(app):
    """Paper and stage of three, the second first with 86 points, published as provisional; and the edition."""
    hall = Mixed()
    stand_all(hall, (500, 400, 300), (400, 1000, 1200))
    hall.round.opened_at, hall.round.closed_at = NOW - MINUTE, NOW + MINUTE
    return hall, results.publish(hall.round, results.PROVISIONAL, "", hall.secretary, LATER)


def take_back(hall, entry):
    """Let the head judge take the signature under an entry's points back."""
    one = next(one for one in performances.of_round(hall.round) if one.entry_id == entry.id)
    stage_points.unsign(one, "Phiếu ghi nhầm", hall.head, LATER)
    return one


def put_right(hall, entry, content: int, now: int):
    """Correct the sheets of an entry as the rules ask: taken back, corrected, checked, signed."""
    one = take_back(hall, entry)
    for seat in (1, 2, 3):
        marks = {"Nội dung": content, "Phong cách": 800}
        sheets.correct(sheets.sheet_at(one, seat), marks, "Đối chiếu phiếu giấy", hall.secretary, now)
    stage_points.check(one, hall.secretary, now)
    stage_points.sign(one, hall.head, now)


def test_the_new_edition_shows_old_and_new_ranks_and_the_old_one_stays_as_it_was(published):
    hall, first = published
    put_right(hall, hall.entries[1], 400, LATER + MINUTE)
    second = results.publish(hall.round, results.PROVISIONAL, "", hall.secretary, LATER + 2 * MINUTE)
    assert second.replaces is first and results.is_intact(first) and results.is_intact(second)
    moved = {
        one.before.entry_id: (one.before.rank, one.result.rank) for one in results.changes_since(second).items
    }
    assert moved == {hall.entries[0].id: (3, 2), hall.entries[1].id: (1, 3), hall.entries[2].id: (2, 1)}
    (kept,) = [one for one in results.all_of(first) if one.entry_id == hall.entries[1].id]
    assert kept.explanation["judged"][0]["sum"] == 3 * 1800, "the old edition keeps the marks it was made of"


def test_points_put_right_to_the_same_need_no_new_edition(published):
    hall, _first = published
    one = take_back(hall, hall.entries[1])
    stage_points.check(one, hall.secretary, LATER + MINUTE)
    stage_points.sign(one, hall.head, LATER + MINUTE)
    with pytest.raises(RuleBroken):
        results.publish(hall.round, results.PROVISIONAL, "", hall.secretary, LATER + 2 * MINUTE)


def test_another_change_replaces_nothing(published):
    hall, _first = published
    hall.entries[0].withdrawn_at = LATER
    db.session.flush()
    second = results.publish(hall.round, results.PROVISIONAL, "", hall.secretary, LATER + MINUTE)
    assert second.replaces is None


def test_a_wrong_key_makes_no_edition_without_those_whose_points_are_being_put_right(published):
    hall, _first = published
    take_back(hall, hall.entries[1])
    with pytest.raises(RuleBroken) as refusal:
        effects.republish(hall.round, "Đáp án sai", None, hall.secretary, LATER)
    assert refusal.value.values == {"count": 1}
