"""People in reserve and quotas: three named of whom two are confirmed, and a unit that has used up its places."""

import pytest

from quiz.core.delegations import Delegation, Sent
from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.people import Position
from quiz.services import entries, openings, reserves, rounds
from quiz.services.audit import Actor
from tests.factories import (
    HOUR,
    NOW,
    make_account,
    make_cell,
    make_contest,
    make_person,
    make_round,
    make_rules,
    make_stage,
    make_unit,
)

EARLIER = NOW - HOUR


@pytest.fixture
def its(app):
    """A round of one commune that sends two people and names one in reserve."""
    commune = make_unit()
    rules = make_rules(delegations=(Delegation("xã", 2, 2, 1),))
    return make_round(make_stage(make_contest(commune), rules), commune)


def actor():
    return Actor(make_account().id)


def somebody(its, **fields):
    return make_person(make_cell(its.unit), **fields)


def name(its, person):
    return reserves.name_reserve(its, person, actor(), EARLIER)


def register(its, person, reason=""):
    return entries.register(its, person, actor(), EARLIER, reason)


def test_three_are_named_and_two_of_them_confirmed(its):
    people = [somebody(its) for _ in range(3)]
    for person in people:
        name(its, person)
    assert reserves.sent_by_units(its) == [Sent("xã Cò Nòi", "xã", 0, 3, its.unit.code)]
    for person in people[:2]:
        register(its, person)
    assert reserves.sent_by_units(its) == [Sent("xã Cò Nòi", "xã", 2, 1, its.unit.code)]
    assert [note.person for note in reserves.of_round(its)] == people[2:]


def test_a_unit_with_all_its_places_taken_sends_another_only_for_a_reason(its):
    for _ in range(2):
        register(its, somebody(its))
    third = somebody(its)
    with pytest.raises(RuleBroken, match="đủ 2 người"):
        register(its, third)
    assert register(its, third, "đăng cai vòng thi").withdrawn_at is None


def test_too_few_and_too_many_are_told_before_the_opening(its):
    def told():
        return [str(warning) for warning in openings.check_round(its, EARLIER).warnings]

    register(its, somebody(its))
    assert any("mới cử 1 người, chỉ tiêu ít nhất là 2" in sentence for sentence in told())
    register(its, somebody(its))
    assert not any("chỉ tiêu" in sentence for sentence in told())
    register(its, somebody(its), "thêm người")
    assert any("cử 3 người, chỉ tiêu nhiều nhất là 2" in sentence for sentence in told())


def test_somebody_is_named_in_reserve_once_and_not_beside_an_entry(its):
    person, entered = somebody(its), somebody(its)
    name(its, person)
    register(its, entered)
    with pytest.raises(AlreadyDone):
        name(its, person)
    with pytest.raises(AlreadyDone):
        name(its, entered)


def test_somebody_from_elsewhere_or_with_a_role_that_bars_is_not_taken_in_reserve(its):
    from quiz.core.permissions import Role

    barred = somebody(its)
    make_account((Role.JUDGE, its.unit), person=barred)
    for person in (barred, make_person(make_cell(make_unit("Chiềng Mai")))):
        with pytest.raises(RuleBroken):
            name(its, person)


def test_a_reserve_of_the_unit_takes_the_place_of_a_contestant_of_another_cell(its):
    entry = register(its, somebody(its))
    waiting, stranger = somebody(its), somebody(its)
    name(its, waiting)
    with pytest.raises(RuleBroken, match="dự bị"):
        entries.replace(entry, stranger, "ốm", actor(), EARLIER)
    new = entries.replace(entry, waiting, "ốm", actor(), EARLIER)
    assert (new.person, entry.withdrawn_reason) == (waiting, "ốm")
    assert reserves.of_round(its) == []


def test_the_reserve_list_can_be_mended_until_the_round_ends(its):
    note = name(its, somebody(its))
    reserves.remove(note, actor(), EARLIER)
    assert reserves.of_round(its) == []
    its.opened_at = EARLIER
    with pytest.raises(RuleBroken):
        reserves.name_reserve(its, somebody(its), actor(), NOW + 9 * HOUR)


def test_a_unit_with_people_in_reserve_does_not_drop_out_of_the_round_unseen(its):
    name(its, somebody(its, position=Position.DEPUTY_SECRETARY))
    other = make_unit("Chiềng Mai", parent=its.unit)
    with pytest.raises(RuleBroken):
        rounds.set_scopes(its, [(other, "")], actor(), EARLIER)
    with pytest.raises(RuleBroken):
        rounds.remove_round(its, actor(), EARLIER)
