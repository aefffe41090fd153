"""Practising and rehearsing: what is asked next, what is remembered, and that nothing of the exam part gets in."""

from datetime import date

import pytest

from quiz.core.items import Kind, Part
from quiz.core.practice import DAY, RESTS
from quiz.core.timing import MINUTE
from quiz.extensions import db
from quiz.models import AuthSession, PracticeAnswer
from quiz.services import practice, rehearsals
from quiz.services.responses import Given
from tests.factories import NOW, add, make_account, make_cell, make_item, make_person, make_unit

TODAY = date(2023, 2, 5)


def practised(topic="dang-vien", **fields):
    """An item of the practice part."""
    return make_item(topic, part=Part.PRACTICE, **fields)


@pytest.fixture
def person(app):
    return make_person(make_cell(make_unit()))


def session_id():
    """The id of a sign-in."""
    row = AuthSession(
        account_id=make_account().id, token_hash="t", created_at=NOW, last_seen_at=NOW, expires_at=NOW + DAY
    )
    return add(row).id


def test_of_an_exam_item_and_an_oral_one_nothing_is_asked(app):
    make_item(), practised(kind=Kind.ORAL, key=(), options=())
    version = practised()
    assert [place.version for place in practice.askable(NOW, TODAY)] == [version.id]
    assert practice.askable(NOW, TODAY, "chi-bo") == []


@pytest.mark.parametrize("choice, right", [((1,), True), ((0,), False), ((), False), ((1, 2), False)])
def test_an_answer_is_right_when_it_is_exactly_the_key(app, person, choice, right):
    version = practised()
    assert practice.remember(person.id, version, choice, NOW, NOW).is_correct is right


def test_the_same_showing_is_answered_once(app, person):
    version = practised()
    assert practice.remember(person.id, version, (0,), NOW, NOW)
    assert practice.remember(person.id, version, (1,), NOW, NOW + 5) is None
    assert practice.remember(person.id, version, (1,), NOW + 1, NOW + 6)
    assert db.session.query(PracticeAnswer).count() == 2
    assert practice.standings(person.id)[version.item_id].missed == 1


def test_what_was_missed_is_on_the_study_sheet_until_it_is_known(app, person):
    other = make_person(person.unit)
    one, two = practised(), practised()
    practice.remember(person.id, one, (0,), NOW, NOW)
    practice.remember(person.id, two, (1,), NOW, NOW)
    practice.remember(other.id, two, (0,), NOW, NOW)
    assert [missed.version for missed in practice.missed(person.id, NOW, TODAY)] == [one]
    at = NOW
    for rest in RESTS:
        at += rest
        practice.remember(person.id, one, (1,), at, at)
    assert practice.missed(person.id, at, TODAY) == []
    assert practice.missed(None, at, TODAY) == []


def test_progress_counts_by_topic_what_is_known_and_what_comes_again(app, person):
    one, two, _ = practised(), practised(), practised("chi-bo")
    practised("van-dap", kind=Kind.ORAL, key=(), options=())
    practice.remember(person.id, one, (0,), NOW, NOW)
    practice.remember(person.id, two, (1,), NOW, NOW)
    now = NOW + RESTS[0]
    places, known = practice.askable(now, TODAY), practice.standings(person.id)
    lines = practice.progress(places, known, now, TODAY)
    assert [(line.topic.code, line.count, line.answered, line.known, line.due) for line in lines] == [
        ("dang-vien", 2, 2, 1, 1), ("chi-bo", 1, 0, 0, 0),
    ]  # fmt: skip


def test_a_rehearsal_is_five_items_of_the_practice_part(app):
    [make_item() for _ in range(9)]
    allowed = {practised().id for _ in range(7)}
    key = session_id()
    rehearsal = rehearsals.start(key, NOW, TODAY, "seed")
    looked = rehearsals.looked_over(rehearsal, NOW, TODAY)
    assert len(looked) == 5 and {one.version.id for one in looked} <= allowed
    for one in looked:
        assert [one.item.options[place] for place in one.key] == ["Hai"]
    assert rehearsals.deadline_of(rehearsal) == NOW + 10 * MINUTE


def test_a_rehearsal_can_be_started_again_without_end_and_keeps_only_the_last(app):
    [practised() for _ in range(6)]
    key = session_id()
    for n in range(3):
        rehearsals.start(key, NOW + n, TODAY, str(n))
        rehearsals.save(key, [Given(0, "1", 5)])
        rehearsals.finish(rehearsals.of(key), NOW + n)
    rehearsals.start(key, NOW + 9, TODAY, "9")
    again = rehearsals.of(key)
    assert (again.started_at, again.finished_at, again.choices) == (NOW + 9, None, {})


def test_without_items_to_practise_there_is_no_rehearsal(app):
    make_item()
    assert rehearsals.start(session_id(), NOW, TODAY, "seed") is None
    assert rehearsals.save(12345, [Given(0, "1", 5)]) is None


@pytest.mark.parametrize(
    "batches, stored",
    [
        ([[(0, "1", 5)], [(0, "2", 6)]], {0: "2"}),
        ([[(0, "2", 6)], [(0, "1", 5)]], {0: "2"}),  # an old one comes late
        ([[(0, "1", 5), (0, "1", 5)]], {0: "1"}),
        ([[(0, "0,2", 5)], [(0, "", 7)]], {0: ""}),
        ([[(5, "0", 5), (-1, "0", 5), (1, "9", 5), (2, "x", 5), (3, "-1", 5)]], {}),
    ],
)
def test_a_rehearsal_stores_choices_as_a_paper_does(app, batches, stored):
    [practised() for _ in range(5)]
    key = session_id()
    rehearsals.start(key, NOW, TODAY, "seed")
    for batch in batches:
        rehearsals.save(key, [Given(*given) for given in batch])
    assert rehearsals.choices_of(rehearsals.of(key)) == stored


def test_a_form_without_stamps_is_newer_than_what_is_stored(app):
    [practised() for _ in range(5)]
    key = session_id()
    rehearsals.start(key, NOW, TODAY, "seed")
    rehearsals.save(key, [Given(0, "1", 500)])
    rehearsals.save_form(key, {0: "3", 1: "2"})
    rehearsal = rehearsals.of(key)
    assert rehearsals.choices_of(rehearsal) == {0: "3", 1: "2"}
    taken = [one.taken for one in rehearsals.looked_over(rehearsal, NOW, TODAY)]
    assert taken == [{3}, {2}, set(), set(), set()]


def test_a_rehearsal_of_which_an_item_has_left_practice_is_not_shown(app):
    versions = [practised() for _ in range(5)]
    key = session_id()
    rehearsal = rehearsals.start(key, NOW, TODAY, "seed")
    versions[3].item.current = None
    db.session.flush()
    assert rehearsals.paper_of(rehearsal, NOW, TODAY) == []
