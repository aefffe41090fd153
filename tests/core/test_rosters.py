"""What may stand in a roster, row by row and between rows, and what an import would change."""

from dataclasses import replace
from datetime import date

import pytest

from quiz.core.errors import Problem
from quiz.core.people import AbsenceReason, CellType, Position, Sex, phone_digits
from quiz.core.roster_rules import Advice, blocking, check, one_per_cell
from quiz.core.rosters import (
    HEADINGS,
    PEOPLE,
    REGISTRATIONS,
    UNITS,
    PersonDraft,
    RegistrationDraft,
    Roster,
    UnitDraft,
    changes,
)

TODAY = date(2023, 2, 25)
NOTHING = Roster()


def unit(row, code, parent_code="", **values):
    return UnitDraft(row, code, f"Đơn vị {code}", "Xã", parent_code, **values)


def cell(row, code, parent_code="XA", **values):
    values = {"is_cell": True, "cell_type": CellType.RESIDENTIAL} | values
    return UnitDraft(row, code, f"Bản {code}", "Chi bộ", parent_code, **values)


def person(row, code, unit_code="A", **values):
    return PersonDraft(row, code, **{"full_name": f"Lò Văn {code}", "unit_code": unit_code} | values)


def registration(row, unit_code, person_code="", reason=None, note=""):
    return RegistrationDraft(row, unit_code, person_code, reason, note)


SOUND = Roster(
    units=(unit(2, "XA"), cell(3, "A"), cell(4, "B")),
    people=(person(2, "P1"), person(3, "P2", "B")),
    registrations=(registration(2, "A", "P1"), registration(3, "B", reason=AbsenceReason.ILLNESS)),
)


def with_units(*units):
    return replace(SOUND, units=(*SOUND.units, *units))


def with_people(*people):
    return replace(SOUND, people=(*SOUND.people, *people))


def with_registrations(*registrations):
    return replace(SOUND, registrations=registrations)


def found(roster, current=NOTHING):
    """Return each problem as (sheet, row, heading, the sentence)."""
    return [(p.place, p.row, p.field, p.message % p.values) for p in check(roster, current, TODAY)]


def test_a_sound_roster_has_no_problem():
    assert found(SOUND) == []


def test_rows_may_come_in_any_order():
    assert found(replace(SOUND, units=(cell(2, "A"), cell(3, "B"), unit(4, "XA")))) == []


def test_what_is_stored_need_not_be_in_the_file():
    assert found(Roster(people=(person(2, "P9"),)), current=SOUND) == []
    assert found(Roster(registrations=(registration(2, "B", "P2"),)), current=SOUND) == []


UNIT_CASES = {
    "a code twice": (unit(9, "XA"), "Mã đơn vị", "đã có ở dòng 2"),
    "a code twice in other letters": (unit(9, "xa"), "Mã đơn vị", "đã có ở dòng 2"),
    "no code": (unit(9, ""), "Mã đơn vị", "còn trống"),
    "no name": (replace(unit(9, "C"), name=""), "Tên đơn vị", "còn trống"),
    "no type": (replace(unit(9, "C"), type_label=""), "Loại đơn vị", "còn trống"),
    "an odd code": (unit(9, "C 1"), "Mã đơn vị", "ký tự lạ"),
    "a formula as code": (unit(9, "=cmd|'/C calc'!A0"), "Mã đơn vị", "ký tự lạ"),
    "a formula as name": (replace(unit(9, "C"), name="=1+1"), "Tên đơn vị", "bắt đầu bằng dấu “=”"),
    "a long name": (replace(unit(9, "C"), name="ơ" * 201), "Tên đơn vị", "Dài 201 ký tự"),
    "a long code": (unit(9, "C" * 61), "Mã đơn vị", "nhiều nhất 60"),
    "an unknown parent": (unit(9, "C", "HUYEN"), "Mã đơn vị cấp trên", "Không có đơn vị mã “HUYEN”"),
    "its own parent": (unit(9, "C", "C"), "Mã đơn vị cấp trên", "C → C"),
    "a cell without parent": (cell(9, "C", ""), "Mã đơn vị cấp trên", "phải thuộc một đơn vị"),
    "a cell without type": (cell(9, "C", cell_type=None), "Loại hình chi bộ", "chọn một mục"),
    "a type but no cell": (unit(9, "C", cell_type=CellType.SCHOOL), "Loại hình chi bộ", "Là chi bộ"),
    "ends before it begins": (
        unit(9, "C", valid_from=date(2023, 1, 2), valid_to=date(2023, 1, 1)),
        "Hiệu lực đến",
        "đứng trước",
    ),
    "an unknown successor": (
        unit(9, "C", valid_to=TODAY, successor_code="D"),
        "Đơn vị kế thừa",
        "Không có đơn vị mã “D”",
    ),
    "its own successor": (
        unit(9, "C", valid_to=TODAY, successor_code="C"),
        "Đơn vị kế thừa",
        "kế thừa chính mình",
    ),
    "a successor but no end": (unit(9, "C", successor_code="XA"), "Hiệu lực đến", "ghi ngày hết hiệu lực"),
}


@pytest.mark.parametrize(("draft", "heading", "sentence"), UNIT_CASES.values(), ids=UNIT_CASES.keys())
def test_a_unit_is_refused_with(draft, heading, sentence):
    [(place, row, field, text)] = found(with_units(draft))

    assert (place, row, field) == (UNITS, 9, heading)
    assert sentence in text


PERSON_CASES = {
    "a code twice": (person(9, "P1", full_name="Lò Thị Ba"), "Mã người", "đã có ở dòng 2"),
    "no name": (person(9, "P9", full_name=""), "Họ và tên", "còn trống"),
    "no cell": (person(9, "P9", ""), "Mã chi bộ", "còn trống"),
    "a sign before the name": (person(9, "P9", full_name="@SUM(A1)"), "Họ và tên", "bắt đầu bằng dấu “@”"),
    "an unknown cell": (person(9, "P9", "Z"), "Mã chi bộ", "Không có chi bộ mã “Z”"),
    "a unit that is no cell": (person(9, "P9", "XA"), "Mã chi bộ", "“Đơn vị XA” không phải chi bộ"),
    "born tomorrow": (person(9, "P9", birth_date=date(2023, 2, 26)), "Ngày sinh", "tương lai"),
    "17 until tomorrow": (person(9, "P9", birth_date=date(2005, 2, 26)), "Ngày sinh", "17 tuổi"),
    "101 today": (person(9, "P9", birth_date=date(1922, 2, 25)), "Ngày sinh", "101 tuổi"),
    "a short phone number": (person(9, "P9", phone="0912"), "Điện thoại", "“0912” không đúng"),
    "letters for a phone number": (person(9, "P9", phone="không"), "Điện thoại", "không đúng"),
    "a long people's name": (person(9, "P9", ethnicity="T" * 61), "Dân tộc", "nhiều nhất 60"),
}


@pytest.mark.parametrize(("draft", "heading", "sentence"), PERSON_CASES.values(), ids=PERSON_CASES.keys())
def test_a_person_is_refused_with(draft, heading, sentence):
    [(place, row, field, text)] = found(with_people(draft))

    assert (place, row, field) == (PEOPLE, 9, heading)
    assert sentence in text


@pytest.mark.parametrize("born", [date(2005, 2, 25), date(1922, 2, 26), date(1980, 5, 5), None])
def test_a_person_of_18_to_100_years_or_of_unknown_age_is_taken(born):
    assert found(with_people(person(9, "P9", birth_date=born))) == []


AWAY = AbsenceReason.AWAY_ON_DUTY
REGISTRATION_CASES = {
    "a cell twice": ([registration(2, "A", "P1"), registration(9, "A", reason=AWAY)], "Mã chi bộ", "dòng 2"),
    "a person and a reason": ([registration(9, "A", "P1", AWAY)], "Lý do không có thí sinh", "chỉ giữ một"),
    "neither": ([registration(9, "A")], "Mã người", "Ghi mã người dự thi, hoặc chọn lý do"),
    "an unknown person": ([registration(9, "A", "P7")], "Mã người", "Không có người mã “P7”"),
    "a person of another cell": ([registration(9, "A", "P2")], "Mã người", "Lò Văn P2 thuộc chi bộ B"),
    "an unknown cell": ([registration(9, "Z", reason=AWAY)], "Mã chi bộ", "Không có chi bộ mã “Z”"),
    "a unit that is no cell": ([registration(9, "XA", reason=AWAY)], "Mã chi bộ", "không phải chi bộ"),
    "no cell": ([registration(9, "", reason=AWAY)], "Mã chi bộ", "còn trống"),
    "another reason left unsaid": ([registration(9, "A", reason=AbsenceReason.OTHER)], "Ghi chú", "là gì"),
    "a note with a contestant": ([registration(9, "A", "P1", note="x")], "Ghi chú", "để trống"),
    "a long note": ([registration(9, "A", reason=AWAY, note="x" * 301)], "Ghi chú", "nhiều nhất 300"),
}


@pytest.mark.parametrize(
    ("drafts", "heading", "sentence"), REGISTRATION_CASES.values(), ids=REGISTRATION_CASES.keys()
)
def test_a_registration_is_refused_with(drafts, heading, sentence):
    [(place, row, field, text)] = found(with_registrations(*drafts))

    assert (place, row, field) == (REGISTRATIONS, 9, heading)
    assert sentence in text


def test_a_person_competes_once():
    roster = with_registrations(registration(2, "A", "P1"), registration(3, "B", "P1"))

    assert [text for *_, text in found(replace(roster, people=(person(2, "P1"),)))] == [
        "Lò Văn P1 thuộc chi bộ A: ghi người của chi bộ này, hoặc sửa chi bộ ở bảng Nhân sự."
    ]
    both = replace(roster, people=(person(2, "P1"), person(3, "P1", "B")))
    assert "Người này đã đăng ký ở dòng 2: mỗi người dự thi cho một chi bộ." in [t for *_, t in found(both)]


def test_units_that_stand_above_each_other_are_each_named():
    ring = (unit(7, "C", "D"), unit(8, "D", "E"), unit(9, "E", "C"), unit(10, "F", "E"))

    assert [(row, field) for _, row, field, _ in found(with_units(*ring))] == [
        (7, "Mã đơn vị cấp trên"),
        (8, "Mã đơn vị cấp trên"),
        (9, "Mã đơn vị cấp trên"),
    ]


def test_a_ring_closed_by_the_stored_units_is_found():
    stored = Roster(units=(unit(0, "T"), unit(0, "C", "T")))

    [(_, row, _, text)] = found(Roster(units=(unit(5, "T", "C"),)), current=stored)

    assert row == 5 and "T → C → T" in text


def test_units_that_succeed_each_other_are_refused():
    pair = (
        unit(7, "C", valid_to=TODAY, successor_code="D"),
        unit(8, "D", valid_to=TODAY, successor_code="C"),
    )

    assert [row for _, row, _, _ in found(with_units(*pair))] == [7, 8]


def test_a_merged_cell_points_at_its_successor():
    assert found(with_units(cell(9, "C", valid_to=TODAY, successor_code="A"))) == []


def test_a_tree_is_at_most_thirteen_units_deep():
    chain = [unit(0, "N0"), *(unit(n, f"N{n}", f"N{n - 1}") for n in range(1, 14))]

    assert found(Roster(units=tuple(chain[:13]))) == []
    assert [(row, text) for _, row, _, text in found(Roster(units=tuple(chain)))] == [
        (13, "Đơn vị này nằm dưới quá 12 cấp: sửa mã đơn vị cấp trên.")
    ]


def test_a_ring_of_more_than_a_thousand_is_found_whole():
    size = 1_100  # more than may call one another
    ring = tuple(unit(n, f"N{n}", f"N{(n + 1) % size}") for n in range(size))

    assert len(found(Roster(units=ring))) == size


def test_a_stored_code_is_to_be_written_as_it_is_stored():
    [(place, row, field, text)] = found(Roster(units=(unit(9, "xa"),)), current=SOUND)

    assert (place, row, field) == (UNITS, 9, "Mã đơn vị")
    assert "đang ghi trong hệ thống là “XA”" in text


def test_namesakes_of_one_cell_born_on_one_day_are_advice_only():
    born = date(1980, 5, 5)
    twins = with_people(*(person(n, f"P{n}", full_name="Lò Văn An", birth_date=born) for n in (8, 9)))

    problems = check(twins, NOTHING, TODAY)

    assert [(type(problem), problem.row) for problem in problems] == [(Advice, 9)]
    assert blocking(problems) == []
    assert (
        found(
            with_people(person(8, "P8", full_name="Lò Văn An"), person(9, "P9", "B", full_name="Lò Văn An"))
        )
        == []
    )


def test_one_cell_shows_one_problem_and_never_advice_instead_of_it():
    advice, first, second = (
        Advice("a", {}, PEOPLE, 3, "x"),
        Problem("b", {}, PEOPLE, 3, "x"),
        Problem("c", {}, PEOPLE, 3, "x"),
    )
    earlier, whole_file = Problem("d", {}, UNITS, 9, "y"), Problem("e")

    assert one_per_cell([advice, first, second, earlier, whole_file]) == [whole_file, earlier, first]


def test_every_problem_names_a_heading_of_its_sheet():
    broken = Roster(
        units=(unit(2, "", "X"), cell(3, "A b", "", cell_type=None)),
        people=(person(2, "", "Z", phone="1"),),
        registrations=(registration(2, "Z", "Q"),),
    )

    for problem in check(broken, NOTHING, TODAY):
        assert problem.field in HEADINGS[problem.place].values()
        assert str(problem).startswith(f"{problem.place}, {problem.row}, {problem.field}: ")


def test_importing_what_is_stored_changes_nothing():
    moved = replace(SOUND, units=tuple(replace(draft, row=draft.row + 50) for draft in SOUND.units))

    diff = changes(moved, SOUND)

    assert diff.is_empty
    assert diff.units.unchanged == SOUND.units
    assert diff.people.unchanged == SOUND.people
    assert diff.registrations.unchanged == SOUND.registrations


def test_a_preview_tells_new_changed_and_unchanged_rows_apart():
    roster = Roster(
        units=(SOUND.units[0], replace(SOUND.units[1], name="Bản mới", has_signal=False), cell(9, "C")),
        people=(replace(SOUND.people[0], sex=Sex.FEMALE, position=Position.OTHER),),
        registrations=(registration(2, "B", "P2"),),
    )

    diff = changes(roster, SOUND)

    assert not diff.is_empty
    assert [draft.code for draft in diff.units.new] == ["C"]
    assert [draft.code for draft in diff.units.unchanged] == ["XA"]
    assert [change.fields for change in diff.units.changed] == [("name", "has_signal")]
    assert [change.fields for change in diff.people.changed] == [("sex", "position")]
    assert [change.fields for change in diff.registrations.changed] == [("person_code", "reason")]
    assert diff.units.changed[0].before is SOUND.units[1]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("0912 345 678", "0912345678"),
        ("912345678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("(0212) 3843-123", "02123843123"),
        ("84912345678", "0912345678"),
        ("không có", "không có"),
        ("0912", "0912"),
        ("", ""),
    ],
)
def test_a_phone_number_is_kept_as_it_is_dialled(typed, digits):
    assert phone_digits(typed) == digits
