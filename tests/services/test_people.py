"""People: found as they are called, sorted by given name, checked as a workbook's row is, barred when they must be."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from quiz.core.errors import RuleBroken
from quiz.core.people import CellType, Position, Sex
from quiz.core.permissions import BARRED_FROM_COMPETING, Role
from quiz.core.rosters import PersonDraft
from quiz.extensions import db
from quiz.models import AuditEvent, Person
from quiz.services import people, units
from quiz.services.audit import SYSTEM
from quiz.services.drafts import DraftRefused
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

TODAY = date(2023, 2, 5)


def make_residential(parent, name="Bản Nà Sản", **fields):
    return make_cell(parent, name, cell_type=CellType.RESIDENTIAL, **fields)


def draft(code="P-1", full_name="Lò Thị Xuân", **values):
    return PersonDraft(0, code, full_name, **values)


def names(page):
    return [person.full_name for person in page.items]


# --- lists --------------------------------------------------------------------------------------------------


def test_people_stand_by_given_name_as_a_vietnamese_reader_expects(app):
    cell = make_residential(make_unit())
    for name in (
        "Hà Văn Ước",
        "Lò Văn Đông",
        "Lò Thị Dung",
        "Cầm Văn An",
        "Bạc Thị Ân",
        "Lò Thị Ánh",
        "Vì Văn An",
    ):
        make_person(cell, name)
    assert names(people.search([""])) == [
        "Cầm Văn An", "Vì Văn An", "Lò Thị Ánh", "Bạc Thị Ân", "Lò Thị Dung", "Lò Văn Đông", "Hà Văn Ước",
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["lo thi xuan", "Lò Thị Xuân", "xuan lo", "XUÂN", "p-9"])
def test_somebody_is_found_with_or_without_marks_or_by_code(app, typed):
    cell = make_residential(make_unit())
    wanted = make_person(cell, "Lò Thị Xuân", code="P-9")
    make_person(cell, "Lò Văn Thu", code="P-99")
    assert people.search([""], typed).items == [wanted]


@pytest.mark.parametrize("typed", ["%", "_", "khong ai ten nay"])
def test_what_names_nobody_finds_nobody(app, typed):
    make_person(make_residential(make_unit()))
    assert people.search([""], typed).items == []


def test_a_list_narrows_to_a_subtree_and_an_office_and_never_leaves_the_own_scope(app):
    commune, other = make_unit("Cò Nòi"), make_unit("Nà Bó")
    first, second = make_residential(commune, "Bản Một"), make_residential(commune, "Bản Hai")
    a, b = make_person(first, "A"), make_person(second, "B", position=Position.DEPUTY_SECRETARY)
    c = make_person(make_residential(other), "C")
    assert people.search([""]).items == [a, b, c]
    assert people.search([""], unit=commune).items == [a, b]
    assert people.search([""], unit=first).items == [a]
    assert people.search([""], position=Position.DEPUTY_SECRETARY).items == [b]
    assert people.search([commune.path]).items == [a, b]
    assert people.search([commune.path], unit=other).items == []
    assert people.search([]).items == []


def test_a_long_list_comes_in_pages(app):
    cell = make_residential(make_unit())
    for number in range(people.PAGE + 1):
        make_person(cell, f"Lò Văn {number:03d}")
    first, second, beyond = (people.search([""], page=n) for n in (1, 2, 3))
    assert (len(first.items), first.total, first.pages) == (people.PAGE, people.PAGE + 1, 2)
    assert names(second) == [f"Lò Văn {people.PAGE:03d}"]
    assert beyond.items == []


# --- keeping records ----------------------------------------------------------------------------------------


def test_somebody_is_added_to_a_cell_with_keys_and_audit(app):
    cell = make_residential(make_unit())
    person = people.create(draft(phone="912 345 678"), cell, TODAY, SYSTEM, NOW)
    assert (person.unit, person.phone) == (cell, "0912345678")
    assert people.search([""], "lo thi xuan").items == [person]
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "person.create"))
    assert (event.target, event.path) == (f"person:{person.id}", cell.path)


REFUSED = {
    "no name": (draft(full_name=""), "full_name"),
    "a code in use": (draft(code="p-0"), "code"),
    "an odd code": (draft(code="P 1"), "code"),
    "a birth in the future": (draft(birth_date=date(2024, 1, 1)), "birth_date"),
    "an age under 18": (draft(birth_date=date(2010, 1, 1)), "birth_date"),
    "an odd phone number": (draft(phone="khong co"), "phone"),
}


@pytest.mark.parametrize(("values", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_somebody_is_refused_with(app, values, field):
    cell = make_residential(make_unit())
    make_person(cell, code="P-0")
    with pytest.raises(DraftRefused) as refusal:
        people.create(values, cell, TODAY, SYSTEM, NOW)
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert people.search([""]).total == 1


def test_somebody_entered_twice_is_noticed_within_the_cell(app):
    commune = make_unit()
    cell, born = make_residential(commune), date(1970, 2, 1)
    first = make_person(cell, "Lò Văn Thử", birth_date=born)
    again = make_person(cell, "Lò Văn Thử", birth_date=born)
    younger = make_person(cell, "Lò Văn Thử", birth_date=date(1980, 2, 1))
    elsewhere = make_person(make_residential(commune, "Bản Mé"), "Lò Văn Thử", birth_date=born)
    assert people.twin_of(again) is first
    assert people.twin_of(younger) is None and people.twin_of(elsewhere) is None


def test_somebody_belongs_to_a_standing_cell(app):
    commune = make_unit()
    ended = make_residential(commune, valid_to=TODAY)
    for place, words in [(commune, "không phải chi bộ"), (ended, "hết hiệu lực")]:
        with pytest.raises(DraftRefused, match=words):
            people.create(draft(), place, TODAY, SYSTEM, NOW)
    assert people.create(draft(), make_residential(commune), TODAY, SYSTEM, NOW).code == "P-1"


def test_an_edit_changes_the_record_and_says_what_it_changed(app):
    commune = make_unit()
    cell, other = make_residential(commune), make_residential(commune, "Bản Khác")
    person = make_person(cell, "Lò Văn Thu")
    said = people.edit(
        person, replace(people.draft_of(person), full_name="Lò Văn Thư"), other, TODAY, SYSTEM, NOW
    )
    assert (person.full_name, person.unit) == ("Lò Văn Thư", other)
    assert said == {"full_name": "Lò Văn Thu → Lò Văn Thư", "unit_code": f"{cell.code} → {other.code}"}
    assert names(people.search([""], "thu")) == ["Lò Văn Thư"]
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "person.edit"))
    assert event.detail == said


def test_an_edit_that_changes_nothing_leaves_no_trace(app):
    person = make_person(make_residential(make_unit()))
    assert people.edit(person, people.draft_of(person), person.unit, TODAY, SYSTEM, NOW) == {}
    assert db.session.scalar(select(AuditEvent)) is None


def test_the_next_free_code_is_offered(app):
    cell = make_residential(make_unit(), code="MS01-05")
    make_person(cell, code="MS01-05-1")
    assert people.next_code(cell) == "MS01-05-2"


def test_a_record_entered_by_mistake_can_be_removed_and_one_once_used_stays(app):
    commune = make_unit()
    cell = make_residential(commune)
    mistake, contestant = make_person(cell), make_person(cell)
    make_entry(make_round(make_stage(make_contest(commune)), commune), contestant)
    people.remove(mistake, SYSTEM, NOW)
    with pytest.raises(RuleBroken, match="không xóa được"):
        people.remove(contestant, SYSTEM, NOW)
    db.session.expire_all()
    assert list(db.session.scalars(select(Person))) == [contestant]


# --- who may not compete ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_who_prepares_or_runs_the_contest_may_not_compete(app, role):
    commune = make_unit()
    person = make_person(make_residential(commune))
    make_account((role, commune), person=person)
    assert people.barred_reason(person) == (people.BARRED if role in BARRED_FROM_COMPETING else None)


def test_a_revoked_role_bars_no_more_and_a_locked_account_still_does(app):
    commune = make_unit()
    person = make_person(make_residential(commune))
    account = make_account((Role.JUDGE, commune), person=person)
    account.disabled_at = NOW
    assert people.barred_reason(person) == people.BARRED
    account.grants[0].revoked_at = NOW
    assert people.barred_reason(person) is None


def test_the_barred_of_many_are_found_together(app):
    commune = make_unit()
    cell = make_residential(commune)
    free, judge, guest = make_person(cell), make_person(cell), make_person(cell)
    make_account((Role.JUDGE, commune), (Role.ORGANIZER, commune), person=judge)
    make_account((Role.OBSERVER, commune), person=guest)
    assert people.barred([free.id, judge.id, guest.id]) == {judge.id}
    assert people.barred([]) == set()


def test_an_entry_stands_until_its_round_ends_or_it_is_withdrawn(app):
    commune = make_unit()
    person = make_person(make_residential(commune), sex=Sex.FEMALE)
    assert people.standing_entry(person, NOW) is None
    entry = make_entry(make_round(make_stage(make_contest(commune)), commune, opens_at=NOW), person)
    assert people.standing_entry(person, NOW) is entry
    assert people.standing_entry(person, NOW + 2 * HOUR) is None
    entry.round.closed_at = NOW
    assert people.standing_entry(person, NOW) is None
    entry.round.closed_at, entry.withdrawn_at = None, NOW
    assert people.standing_entry(person, NOW) is None


def test_a_merged_cell_leaves_its_people_in_the_successor(app):
    commune = make_unit()
    old, new = make_residential(commune, "Một"), make_residential(commune, "Hai")
    person = make_person(old)
    units.merge(old, new, TODAY, TODAY, SYSTEM, NOW)
    assert people.of_unit(new) == [person] and people.of_unit(old) == []
