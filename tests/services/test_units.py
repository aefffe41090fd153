"""The tree of units: finding, creating, renaming, moving and merging, with paths and history kept."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from quiz.core.errors import AlreadyDone, RuleBroken
from quiz.core.people import CellType
from quiz.core.permissions import Role
from quiz.core.rosters import UnitDraft
from quiz.extensions import db
from quiz.models import AuditEvent, Unit
from quiz.services import rounds, tree, units
from quiz.services.audit import SYSTEM
from quiz.services.drafts import DraftRefused
from tests.factories import (
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


def draft(code="CN", name="Cò Nòi", type_label="xã", **values):
    return UnitDraft(0, code, name, type_label, **values)


def make_district():
    """Return the district and its commune and town both named Hát Lót."""
    district = make_unit("Mai Sơn", type_label="huyện", code="MS")
    return district, make_unit("Hát Lót", district, "xã"), make_unit("Hát Lót", district, "thị trấn")


def actions(unit):
    query = select(AuditEvent.action).where(AuditEvent.target == f"unit:{unit.id}").order_by(AuditEvent.id)
    return list(db.session.scalars(query))


# --- finding ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["chieng luong", "Chiềng Lương", "CHIENG  LUONG", "luong chieng", "xa chieng luong"]
)
def test_a_unit_is_found_with_or_without_marks(app, typed):
    district, *_ = make_district()
    wanted = make_unit("Chiềng Lương", district)
    assert tree.search(typed, [""]).items == [wanted]


def test_both_hat_lots_are_found_and_told_apart_by_their_type(app):
    _, commune, town = make_district()
    assert set(tree.search("hat lot", [""]).items) == {commune, town}
    assert tree.search("thi tran hat lot", [""]).items == [town]


def test_a_former_name_finds_the_unit_that_had_it(app):
    district, *_ = make_district()
    cell = make_cell(district, "Bản Un 1", cell_type=CellType.RESIDENTIAL)
    units.rename(cell, "Bản Un", date(2023, 1, 1), TODAY, SYSTEM, NOW)
    assert tree.search("ban un 1", [""]).items == [cell]
    assert [(former.name, former.until) for former in cell.former_names] == [("Bản Un 1", date(2023, 1, 1))]


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "khong co xa nay"])
def test_what_names_no_unit_finds_none(app, typed):
    make_district()
    assert tree.search(typed, [""]).items == []


def test_a_search_stays_within_the_own_subtree(app):
    _, commune, _ = make_district()
    assert tree.search("hat lot", [commune.path]).items == [commune]
    assert tree.search("hat lot", []).items == []


def test_a_unit_meant_by_a_form_is_found_by_code_or_by_a_name_that_only_one_has(app):
    district, commune, town = make_district()
    assert tree.find_one(commune.code.lower(), [""]) is commune
    assert tree.find_one("mai sơn", [""]) is district
    with pytest.raises(RuleBroken) as several:
        tree.find_one("Hát Lót", [""])
    assert commune.code in str(several.value) and town.code in str(several.value)
    with pytest.raises(RuleBroken, match="Không thấy đơn vị"):
        tree.find_one("Hát Lót", [district.path + "999/"])


def test_the_tree_starts_where_the_own_rights_start(app):
    district, commune, town = make_district()
    assert tree.tops([""]) == [district]
    assert tree.tops([commune.path, town.path]) == sorted([commune, town], key=lambda unit: unit.id)
    assert tree.tops([district.path, commune.path]) == [district]
    assert tree.tops([]) == []


def test_children_stand_in_vietnamese_order_and_ended_ones_last(app):
    district = make_unit("Mai Sơn", type_label="huyện")
    for name in ("Nà Bó", "Chiềng Ve", "Cò Nòi", "Chiềng Ban", "Bản 10", "Bản 9"):
        make_unit(name, district)
    make_unit("A Cũ", district, valid_to=date(2023, 1, 1))
    names = [child.name for child in tree.children(district, 1).items]
    assert names == ["Bản 9", "Bản 10", "Chiềng Ban", "Chiềng Ve", "Cò Nòi", "Nà Bó", "A Cũ"]


def test_a_node_counts_the_standing_cells_and_the_people_of_its_whole_subtree(app):
    district, commune, town = make_district()
    cells = [make_cell(commune, f"Bản {n}") for n in range(3)]
    make_cell(commune, "Bản cũ", valid_to=date(2023, 2, 5))
    make_cell(commune, "Bản sắp có", valid_from=date(2023, 2, 6))
    for cell in cells[:2]:
        make_person(cell)
    found = tree.tallies([commune, town], TODAY)
    assert [(found[unit.id].cells, found[unit.id].people) for unit in (commune, town)] == [(3, 2), (0, 0)]
    assert tree.tallies([district], TODAY)[district.id].cells == 3
    assert tree.tallies([cells[0]], TODAY)[cells[0].id].people == 1
    assert tree.tallies([], TODAY) == {}


def test_a_unit_whose_id_begins_like_another_is_not_counted_with_it(app):
    first = make_unit("Một", id=2)
    second = make_unit("Hai", id=23)
    make_cell(second)
    found = tree.tallies([first, second], TODAY)
    assert (found[first.id].cells, found[second.id].cells) == (0, 1)


def test_the_way_down_to_each_unit_is_given(app):
    district, commune, _ = make_district()
    cell = make_cell(commune)
    assert tree.lineage([cell, district]) == {cell.id: [district, commune], district.id: []}


# --- creating and editing -----------------------------------------------------------------------------------


def test_a_unit_is_created_below_its_parent_with_path_and_audit(app):
    district, *_ = make_district()
    unit = units.create(draft(), district, TODAY, SYSTEM, NOW)
    assert unit.path == f"{district.path}{unit.id}/"
    assert unit.parent is district and actions(unit) == ["unit.create"]
    assert tree.search("co noi", [""]).items == [unit]


CELL = {"is_cell": True, "cell_type": CellType.RESIDENTIAL}
REFUSED = {
    "a code in use": (draft(code="ms"), "code"),
    "an odd code": (draft(code="M S"), "code"),
    "no name": (draft(name=""), "name"),
    "a cell of no kind": (draft(is_cell=True), "cell_type"),
    "a kind but no cell": (draft(cell_type=CellType.SCHOOL), "cell_type"),
    "an end before its beginning": (
        draft(valid_from=date(2023, 1, 2), valid_to=date(2023, 1, 1)),
        "valid_to",
    ),
}


@pytest.mark.parametrize(("values", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_a_unit_is_refused_with(app, values, field):
    district, *_ = make_district()
    with pytest.raises(DraftRefused) as refusal:
        units.create(values, district, TODAY, SYSTEM, NOW)
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert len(tree.children(district, 1).items) == 2


def test_a_new_unit_cannot_hang_under_one_that_has_ended(app):
    _, commune, _ = make_district()
    commune.valid_to = TODAY
    with pytest.raises(DraftRefused, match="hết hiệu lực"):
        units.create(draft(), commune, TODAY, SYSTEM, NOW)


def test_the_next_free_code_is_offered(app):
    district = make_unit("Mai Sơn", code="MS")
    assert units.next_code(district) == "MS-01"
    make_unit("Một", district, code="MS-02")
    assert units.next_code(district) == "MS-03"
    assert units.next_code(None) == ""


def test_an_edit_keeps_what_it_changed_in_the_audit_record(app):
    district, commune, _ = make_district()
    changed = units.edit(
        commune, replace(units.draft_of(commune), has_signal=False), district, None, TODAY, SYSTEM, NOW
    )
    assert changed == ("has_signal",) and commune.has_signal is False
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "unit.edit"))
    assert event.detail == {"has_signal": "True → False"} and event.path == commune.path


def test_an_edit_that_changes_nothing_leaves_no_trace(app):
    district, commune, _ = make_district()
    assert units.edit(commune, units.draft_of(commune), district, None, TODAY, SYSTEM, NOW) == ()
    assert actions(commune) == []


def test_a_slip_put_right_leaves_no_former_name(app):
    district, commune, _ = make_district()
    units.edit(commune, replace(units.draft_of(commune), name="Hát Lọt"), district, None, TODAY, SYSTEM, NOW)
    assert commune.former_names == [] and commune.name == "Hát Lọt"
    assert actions(commune) == ["unit.edit"]


def test_a_name_cannot_change_on_a_day_to_come(app):
    _, commune, _ = make_district()
    with pytest.raises(DraftRefused, match="tương lai"):
        units.rename(commune, "Mới", date(2023, 2, 6), TODAY, SYSTEM, NOW)


def test_a_cell_with_people_stays_a_cell(app):
    _, commune, _ = make_district()
    cell = make_cell(commune, cell_type=CellType.RESIDENTIAL)
    plain = replace(units.draft_of(cell), is_cell=False, cell_type=None)
    person = make_person(cell)
    with pytest.raises(DraftRefused, match="đang có người"):
        units.edit(cell, plain, commune, None, TODAY, SYSTEM, NOW)
    person.unit = make_cell(commune)
    db.session.flush()
    assert "is_cell" in units.edit(cell, plain, commune, None, TODAY, SYSTEM, NOW)


# --- moving -------------------------------------------------------------------------------------------------


def test_a_move_takes_the_whole_subtree_along(app):
    district, commune, town = make_district()
    cell = make_cell(commune, cell_type=CellType.RESIDENTIAL)
    stays = make_cell(town)
    units.move(commune, town, TODAY, SYSTEM, NOW)
    assert commune.parent is town
    assert commune.path == f"{town.path}{commune.id}/"
    assert cell.path == f"{town.path}{commune.id}/{cell.id}/"
    assert stays.path == f"{town.path}{stays.id}/"
    assert tree.tallies([district, town], TODAY)[town.id].cells == 2
    assert actions(commune) == ["unit.move"]


def test_a_unit_may_become_a_root(app):
    _, commune, _ = make_district()
    cell = make_cell(commune, cell_type=CellType.RESIDENTIAL)
    units.move(commune, None, TODAY, SYSTEM, NOW)
    assert (commune.path, cell.path) == (f"/{commune.id}/", f"/{commune.id}/{cell.id}/")


@pytest.mark.parametrize("into", ["itself", "its child"])
def test_a_unit_cannot_move_below(app, into):
    district, commune, _ = make_district()
    before = commune.path
    with pytest.raises(DraftRefused, match="vòng"):
        units.move(district, district if into == "itself" else commune, TODAY, SYSTEM, NOW)
    assert (district.path, commune.path) == (f"/{district.id}/", before)


# --- merging ------------------------------------------------------------------------------------------------


def test_the_cells_of_a_merged_commune_move_under_its_successor(app):
    _, commune, town = make_district()
    cell = make_cell(commune)
    ended = make_cell(commune, "Bản cũ", valid_to=date(2020, 1, 1))
    person = make_person(cell)
    units.merge(commune, town, TODAY, TODAY, SYSTEM, NOW)
    assert (commune.valid_to, commune.successor) == (TODAY, town)
    assert (cell.parent, cell.path) == (town, f"{town.path}{cell.id}/")
    assert ended.parent is commune and person.unit is cell
    assert tree.merged_into(town) == [commune] and tree.has_ended(commune, TODAY)
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "unit.merge"))
    assert event.detail == {"successor": town.code, "day": "2023-02-05", "children": 1, "people": 0}


def test_the_people_of_a_merged_cell_move_and_their_entries_keep_the_old_cell(app):
    _, commune, _ = make_district()
    old, new = make_cell(commune, "Bản Một"), make_cell(commune, "Bản Hai")
    person = make_person(old)
    entry = make_entry(make_round(make_stage(make_contest(commune)), commune), person)
    units.merge(old, new, TODAY, TODAY, SYSTEM, NOW)
    assert person.unit is new
    assert entry.unit is old


def merger(unit, successor, day=TODAY):
    units.merge(unit, successor, day, TODAY, SYSTEM, NOW)


def test_a_merger_that_took_place_is_not_done_again(app):
    _, commune, town = make_district()
    merger(commune, town)
    with pytest.raises(AlreadyDone, match="thị trấn Hát Lót"):
        merger(commune, town)


def test_a_merger_needs_a_standing_successor_of_the_same_kind_outside_the_own_subtree(app):
    district, commune, town = make_district()
    cell = make_cell(commune)
    ended = make_unit("Cũ", district, valid_to=date(2022, 1, 1))
    for unit, successor, words in [
        (commune, commune, "chính nó"),
        (district, commune, "bên dưới nó"),
        (commune, ended, "ngày hết hiệu lực"),
        (cell, town, "Chi bộ chỉ sáp nhập với chi bộ"),
    ]:
        with pytest.raises(DraftRefused, match=words):
            merger(unit, successor)
    merger(commune, town)
    assert commune.successor is town


def test_a_merger_takes_place_between_the_founding_and_today(app):
    _, commune, town = make_district()
    commune.valid_from = date(2020, 1, 1)
    for day, words in [(date(2019, 12, 31), "trước ngày thành lập"), (date(2023, 2, 6), "tương lai")]:
        with pytest.raises(DraftRefused, match=words):
            merger(commune, town, day)
    merger(commune, town, date(2020, 1, 1))
    assert commune.valid_to == date(2020, 1, 1)


def test_what_hangs_on_a_unit_is_counted_before_it_is_merged(app):
    _, commune, _ = make_district()
    make_cell(commune)
    make_account((Role.ORGANIZER, commune))
    stage = make_stage(make_contest(commune))
    make_round(stage, commune, opens_at=NOW)
    make_round(stage, commune, opens_at=NOW - 9_000_000, name="đã qua")
    assert units.consequences(commune, TODAY, NOW) == {"children": 1, "people": 0, "grants": 1, "rounds": 1}


# --- nothing is deleted once used ---------------------------------------------------------------------------


def test_a_unit_entered_by_mistake_can_be_removed(app):
    district, commune, _ = make_district()
    units.rename(commune, "Nhầm", TODAY, TODAY, SYSTEM, NOW)
    unit_id = commune.id
    units.remove(commune, SYSTEM, NOW)
    assert db.session.get(Unit, unit_id) is None
    assert len(tree.children(district, 1).items) == 1


@pytest.mark.parametrize("use", ["a child", "a person", "a role", "a contest", "a merger"])
def test_a_unit_once_used_stays(app, use):
    _, commune, town = make_district()
    cell = make_cell(commune)
    uses = {
        "a child": lambda: commune,
        "a person": lambda: make_person(cell).unit,
        "a role": lambda: make_account((Role.PROCTOR, cell)).grants[0].unit,
        "a contest": lambda: make_contest(town).unit,
        "a merger": lambda: merger(commune, town) or town,
    }
    used = uses[use]()
    with pytest.raises(RuleBroken, match="không xóa được"):
        units.remove(used, SYSTEM, NOW)
    db.session.expire_all()
    assert db.session.get(Unit, used.id) is used


def test_two_units_of_one_name_keep_their_order_whichever_was_changed_last(app):
    district, *twins = make_district()
    for changed in twins:
        changed.is_difficult = not changed.is_difficult
        db.session.flush()
        db.session.expire_all()
        assert district.children == twins
        assert rounds.units_below(district, "", TODAY) == twins
        assert tree.search("hat lot", [""]).items == twins
