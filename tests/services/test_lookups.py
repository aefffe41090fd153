"""Who is found at the proctor's desk, that it is on record, and that nobody collects codes."""

from datetime import date

import pytest

from quiz.core.errors import RuleBroken
from quiz.core.lookups import MOST, WINDOW
from quiz.extensions import db
from quiz.models import AuditEvent
from quiz.services import cards, lookups
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_cell,
    make_contest,
    make_entry,
    make_person,
    make_round,
    make_stage,
    make_unit,
)


@pytest.fixture
def there(app):
    """Two communes with a round each; two people of one name and another of the next commune."""
    district = make_unit("Mai Sơn", type_label="huyện")
    first, second = make_unit("Cò Nòi", district), make_unit("Hát Lót", district)
    stage = make_stage(make_contest(district))
    rounds = [make_round(stage, unit) for unit in (first, second)]
    people = [
        make_person(make_cell(first, "Một"), "Lò Thị Bình", birth_date=date(1970, 1, 1)),
        make_person(make_cell(first, "Hai"), "Lò Thị Bình", birth_date=date(1971, 12, 31)),
        make_person(make_cell(second, "Ba"), "Lò Thị Bình", birth_date=date(1970, 12, 31)),
        make_person(make_cell(first, "Bốn"), "Lò Thị Bình", birth_date=None),
    ]
    entries = [make_entry(rounds[number == 2], person) for number, person in enumerate(people)]
    return first, second, district, entries


def asker():
    return Actor(make_account().id)


def find(name, year, unit, actor=None, now=NOW):
    return lookups.find(name, year, [unit.path], actor or asker(), now)


@pytest.mark.parametrize(
    ("name", "year", "wanted"),
    [
        ("Lò Thị Bình", 1970, [0]),
        ("lo thi binh", 1971, [1]),
        ("BÌNH LÒ", 1970, [0]),
        ("Lò Thị Bính", 1970, [0]),
        ("Lò Thị Bình", 1972, []),
        ("Lò Thị Bìn", 1970, []),
        ("Lò Văn Bình", 1970, []),
    ],
)
def test_name_and_year_of_birth_must_both_fit(there, name, year, wanted):
    first, _, _, entries = there
    assert [line.entry for line in find(name, year, first)] == [entries[number] for number in wanted]


def test_only_people_of_the_own_units_are_found(there):
    _, second, district, entries = there
    assert [line.entry for line in find("lo thi binh", 1970, second)] == [entries[2]]
    assert {line.entry for line in find("lo thi binh", 1970, district)} == {entries[0], entries[2]}
    assert lookups.find("lo thi binh", 1970, [], asker(), NOW) == []


def test_the_code_in_use_is_shown_and_one_line_stands_for_a_contest(there):
    first, _, district, entries = there
    contest = entries[0].round.stage.contest
    final = make_round(make_stage(contest, ordinal=2), district)
    make_entry(final, entries[0].person, origin="promoted")
    assert [line.card for line in find("lo thi binh", 1970, first)] == [None]
    cards.issue(contest, entries[0].person, Actor(), NOW)
    new = cards.reset(contest, entries[0].person, Actor(), NOW)
    (line,) = find("lo thi binh", 1970, first)
    assert (line.card.code, line.entry) == (new.code, entries[0])


def test_who_left_the_list_or_whose_round_is_over_is_not_found(there):
    first, _, _, entries = there
    entries[0].withdrawn_at = NOW
    db.session.flush()
    assert find("lo thi binh", 1970, first) == []
    assert len(find("lo thi binh", 1971, first, now=NOW + HOUR)) == 1
    assert find("lo thi binh", 1971, first, now=NOW + 2 * HOUR) == []


@pytest.mark.parametrize("name", ["Bình", "", "  ", "%"])
def test_one_word_is_too_little(there, name):
    with pytest.raises(RuleBroken, match="cả họ và tên"):
        find(name, 1970, there[0])
    assert db.session.query(AuditEvent).count() == 0


def test_every_look_up_is_on_record_whatever_it_found(there):
    first, _, _, entries = there
    actor = asker()
    find("Lò Thị Bình", 1970, first, actor)
    find("Không Ai", 1970, first, actor)
    hit, miss = db.session.query(AuditEvent).filter_by(action="card.find").order_by(AuditEvent.id)
    assert (hit.target, hit.path) == (f"person:{entries[0].person_id}", entries[0].person.unit.path)
    assert (hit.account_id, hit.detail["found"], miss.detail["found"]) == (actor.account_id, 1, 0)
    assert (miss.path, miss.detail["name"]) == (first.path, "Không Ai")
    assert hit.detail["cell"] == entries[0].unit.title  # under "cells" the record's page says how many


def test_who_asks_too_often_waits_and_nobody_else_does(there):
    first, actor = there[0], asker()
    for number in range(MOST):
        find("Không Ai", 1970, first, actor, NOW + number)
    with pytest.raises(RuleBroken, match="15 phút"):
        find("lo thi binh", 1970, first, actor, NOW + MOST)
    assert len(find("lo thi binh", 1970, first)) == 1
    assert len(find("lo thi binh", 1970, first, actor, NOW + WINDOW)) == 1


def test_the_rounds_on_a_card_are_those_of_its_contest_in_order(there):
    _, _, district, entries = there
    contest = entries[0].round.stage.contest
    final = make_round(make_stage(contest, ordinal=2), district)
    make_entry(final, entries[0].person, origin="promoted")
    make_entry(make_round(make_stage(make_contest(district)), district), entries[0].person)
    left = make_entry(final, entries[1].person, withdrawn_at=NOW)
    found = cards.rounds_of(contest, [entries[0].person_id, left.person_id])
    assert found == {entries[0].person_id: [entries[0].round, final], left.person_id: [entries[1].round]}
