"""What is wrong with a roster: rules inside a row and between rows, each saying what to do about it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from quiz.core.errors import N_, Problem
from quiz.core.people import AbsenceReason
from quiz.core.rosters import (
    HEADINGS,
    PEOPLE,
    REGISTRATIONS,
    UNITS,
    Draft,
    PersonDraft,
    RegistrationDraft,
    Roster,
    UnitDraft,
)

YOUNGEST, OLDEST = 18, 100
DEEPEST = 12
LONGEST = {
    "code": 60,
    "name": 200,
    "full_name": 200,
    "type_label": 60,
    "ranking_group": 60,
    "ethnicity": 60,
    "note": 300,
}
REQUIRED = {
    UNITS: ("code", "name", "type_label"),
    PEOPLE: ("code", "full_name", "unit_code"),
    REGISTRATIONS: ("unit_code",),
}
NAMES = ("name", "full_name", "type_label", "ranking_group", "ethnicity")
_SHEETS: dict[type[Draft], str] = {UnitDraft: UNITS, PersonDraft: PEOPLE, RegistrationDraft: REGISTRATIONS}
_CODE = re.compile(r"\w[\w./-]*")
_PHONE = re.compile(r"0\d{9,10}", re.ASCII)
_NO_CELL = N_("Không có chi bộ mã “%(code)s”: thêm chi bộ đó vào bảng Đơn vị hoặc sửa mã.")


@dataclass(frozen=True, slots=True)
class Advice(Problem):
    """Something worth a look that does not stop an import."""


def blocking(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that stop an import."""
    return [problem for problem in problems if not isinstance(problem, Advice)]


def one_per_cell(problems: Iterable[Problem]) -> list[Problem]:
    """Return one problem of each cell, by sheet and row: the first that stops an import, else advice.

    A cell that cannot be read is then not also reported as empty.
    """
    first: dict[tuple[str, int | None, str], Problem] = {}
    for problem in sorted(problems, key=lambda problem: isinstance(problem, Advice)):
        first.setdefault((problem.place, problem.row, problem.field), problem)
    sheets = list(HEADINGS)
    return sorted(
        first.values(),
        key=lambda problem: (
            sheets.index(problem.place) if problem.place in sheets else -1,
            problem.row or 0,
        ),
    )


def _problem(draft: Draft, name: str, message: str, /, **values: object) -> Problem:
    sheet = _SHEETS[type(draft)]
    return Problem(message, values, sheet, draft.row, HEADINGS[sheet][name])


def _row_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what may be wrong in any sheet: empty required cells, text that is too long, odd codes."""
    for name in REQUIRED[_SHEETS[type(draft)]]:
        if not getattr(draft, name):
            yield _problem(draft, name, N_("Ô này còn trống: ghi đủ từng dòng, nếu ô đang gộp thì bỏ gộp."))
    for name, limit in LONGEST.items():
        text = getattr(draft, name, "")
        if len(text) > limit:
            yield _problem(
                draft,
                name,
                N_("Dài %(length)s ký tự: rút gọn còn nhiều nhất %(limit)s."),
                length=len(text),
                limit=limit,
            )
    for name in NAMES:
        text = getattr(draft, name, "")
        if text and not text[0].isalnum():
            message = N_("“%(text)s” bắt đầu bằng dấu “%(sign)s”: ghi lại, bắt đầu bằng chữ hoặc số.")
            yield _problem(draft, name, message, text=text[:40], sign=text[0])
    if not isinstance(draft, RegistrationDraft) and draft.code and not _CODE.fullmatch(draft.code):
        yield _problem(
            draft,
            "code",
            N_("Mã “%(code)s” có ký tự lạ: chỉ dùng chữ, số và dấu . - _ /"),
            code=draft.code[:40],
        )


def _duplicates(drafts: tuple[Draft, ...], name: str) -> Iterator[Problem]:
    """Yield a problem for each row whose key stands in an earlier row; upper and lower case count as one."""
    first: dict[str, int] = {}
    for draft in drafts:
        row = first.setdefault(draft.key.casefold(), draft.row)
        if draft.key and row != draft.row:
            message = N_("“%(code)s” đã có ở dòng %(row)s: mỗi mã ghi một dòng, sửa mã hoặc xóa dòng thừa.")
            yield _problem(draft, name, message, code=draft.key, row=row)


def _other_spelling(draft: UnitDraft | PersonDraft, known: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem when the stored code differs from this one by upper and lower case alone."""
    stored = known.get(draft.code.casefold(), draft.code)
    if stored != draft.code:
        message = N_("Mã này đang ghi trong hệ thống là “%(code)s”: viết đúng chữ hoa, chữ thường như vậy.")
        yield _problem(draft, "code", message, code=stored)


def _chain(unit: UnitDraft, link: str, units: Mapping[str, UnitDraft]) -> list[str]:
    """Return the codes reached from `unit` along `link`, at most one more than the deepest tree allows."""
    codes: list[str] = []
    code = getattr(unit, link)
    while code in units and code not in codes and len(codes) <= DEEPEST:
        codes.append(code)
        code = getattr(units[code], link)
    return codes


def _place_in_tree(unit: UnitDraft, units: Mapping[str, UnitDraft]) -> Iterator[Problem]:
    above = _chain(unit, "parent_code", units)
    if unit.parent_code and unit.parent_code not in units:
        message = N_("Không có đơn vị mã “%(code)s”: thêm đơn vị đó vào bảng Đơn vị hoặc sửa mã.")
        yield _problem(unit, "parent_code", message, code=unit.parent_code)
    elif unit.code in above:
        message = N_("Các đơn vị %(path)s là cấp trên của nhau thành vòng: sửa mã đơn vị cấp trên.")
        yield _problem(unit, "parent_code", message, path=" → ".join([unit.code, *above]))
    elif len(above) > DEEPEST:
        message = N_("Đơn vị này nằm dưới quá %(limit)s cấp: sửa mã đơn vị cấp trên.")
        yield _problem(unit, "parent_code", message, limit=DEEPEST)
    if unit.is_cell and not unit.parent_code:
        message = N_("Chi bộ phải thuộc một đơn vị: ghi mã đơn vị cấp trên, nếu ô đang gộp thì bỏ gộp.")
        yield _problem(unit, "parent_code", message)


def _life_of(unit: UnitDraft, units: Mapping[str, UnitDraft]) -> Iterator[Problem]:
    """Yield what is wrong with the validity dates and the successor."""
    if unit.valid_from and unit.valid_to and unit.valid_to < unit.valid_from:
        yield _problem(
            unit, "valid_to", N_("Ngày hết hiệu lực đứng trước ngày bắt đầu: sửa một trong hai ngày.")
        )
    if not unit.successor_code:
        return
    if unit.successor_code not in units:
        message = N_("Không có đơn vị mã “%(code)s”: thêm đơn vị đó vào bảng Đơn vị hoặc sửa mã.")
        yield _problem(unit, "successor_code", message, code=unit.successor_code)
    elif unit.code in _chain(unit, "successor_code", units):
        yield _problem(
            unit, "successor_code", N_("Đơn vị không thể kế thừa chính mình: sửa mã đơn vị kế thừa.")
        )
    if not unit.valid_to:
        yield _problem(unit, "valid_to", N_("Đơn vị đã có đơn vị kế thừa: ghi ngày hết hiệu lực."))


def _kind_of_cell(unit: UnitDraft) -> Iterator[Problem]:
    if unit.is_cell and unit.cell_type is None:
        yield _problem(unit, "cell_type", N_("Chi bộ phải có loại hình: chọn một mục trong danh sách của ô."))
    if unit.cell_type and not unit.is_cell:
        message = N_("Đơn vị không phải chi bộ: để trống ô này, hoặc ghi “có” ở cột Là chi bộ.")
        yield _problem(unit, "cell_type", message)


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _birth(person: PersonDraft, today: date) -> Iterator[Problem]:
    if person.birth_date is None:
        return
    if person.birth_date > today:
        yield _problem(
            person, "birth_date", N_("Ngày sinh ở tương lai: xem lại năm, ghi dạng ngày/tháng/năm.")
        )
    elif not YOUNGEST <= (age := _age(person.birth_date, today)) <= OLDEST:
        message = N_("Tính ra %(age)s tuổi, ngoài khoảng %(low)s–%(high)s: xem lại ngày sinh.")
        yield _problem(person, "birth_date", message, age=age, low=YOUNGEST, high=OLDEST)


def _cell_of(draft: PersonDraft | RegistrationDraft, units: Mapping[str, UnitDraft]) -> Iterator[Problem]:
    """Yield a problem when the code of the cell names no unit or a unit that is no cell."""
    unit = units.get(draft.unit_code)
    if unit is None and draft.unit_code:
        yield _problem(draft, "unit_code", _NO_CELL, code=draft.unit_code)
    if unit is not None and not unit.is_cell:
        message = N_(
            "“%(name)s” không phải chi bộ: ghi mã của chi bộ, hoặc ghi “có” ở cột Là chi bộ của đơn vị."
        )
        yield _problem(draft, "unit_code", message, name=unit.name)


def _phone(person: PersonDraft) -> Iterator[Problem]:
    if person.phone and not _PHONE.fullmatch(person.phone):
        message = N_("Số điện thoại “%(phone)s” không đúng: ghi 10 số bắt đầu bằng 0, hoặc để trống.")
        yield _problem(person, "phone", message, phone=person.phone[:40])


def _namesakes(people: tuple[PersonDraft, ...]) -> Iterator[Problem]:
    """Yield advice about two rows of one cell with the same name and birth date."""
    first: dict[tuple[str, date | None, str], PersonDraft] = {}
    for person in people:
        twin = first.setdefault((person.full_name, person.birth_date, person.unit_code), person)
        if twin is not person and person.full_name:
            message = N_(
                "Cùng họ tên, ngày sinh và chi bộ với dòng %(row)s: nếu là một người thì xóa một dòng."
            )
            yield Advice(message, {"row": twin.row}, PEOPLE, person.row, HEADINGS[PEOPLE]["full_name"])


def _registration(draft: RegistrationDraft, people: Mapping[str, PersonDraft]) -> Iterator[Problem]:
    person = people.get(draft.person_code)
    if draft.person_code and draft.reason:
        message = N_("Vừa có thí sinh vừa có lý do vắng: chỉ giữ một trong hai.")
        yield _problem(draft, "reason", message)
    elif not draft.person_code and not draft.reason:
        yield _problem(draft, "person_code", N_("Ghi mã người dự thi, hoặc chọn lý do không có thí sinh."))
    elif draft.person_code and draft.note:
        yield _problem(draft, "note", N_("Ghi chú chỉ dùng cho chi bộ không có thí sinh: để trống ô này."))
    elif draft.reason is AbsenceReason.OTHER and not draft.note:
        yield _problem(draft, "note", N_("Lý do khác là gì: ghi vào ô Ghi chú."))
    if draft.person_code and person is None:
        message = N_("Không có người mã “%(code)s”: thêm người đó vào bảng Nhân sự hoặc sửa mã.")
        yield _problem(draft, "person_code", message, code=draft.person_code)
    if person is not None and person.unit_code != draft.unit_code:
        message = N_(
            "%(name)s thuộc chi bộ %(code)s: ghi người của chi bộ này, hoặc sửa chi bộ ở bảng Nhân sự."
        )
        yield _problem(draft, "person_code", message, name=person.full_name, code=person.unit_code)


def _sent_twice(registrations: tuple[RegistrationDraft, ...]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for draft in registrations:
        row = first.setdefault(draft.person_code, draft.row)
        if draft.person_code and row != draft.row:
            message = N_("Người này đã đăng ký ở dòng %(row)s: mỗi người dự thi cho một chi bộ.")
            yield _problem(draft, "person_code", message, row=row)


def _unit_problems(roster: Roster, current: Roster, units: Mapping[str, UnitDraft]) -> Iterator[Problem]:
    stored = {unit.code.casefold(): unit.code for unit in current.units}
    for unit in roster.units:
        yield from _row_problems(unit)
        yield from _other_spelling(unit, stored)
        yield from _place_in_tree(unit, units)
        yield from _kind_of_cell(unit)
        yield from _life_of(unit, units)
    yield from _duplicates(roster.units, "code")


def _people_problems(
    roster: Roster, current: Roster, units: Mapping[str, UnitDraft], today: date
) -> Iterator[Problem]:
    stored = {person.code.casefold(): person.code for person in current.people}
    for person in roster.people:
        yield from _row_problems(person)
        yield from _other_spelling(person, stored)
        yield from _birth(person, today)
        yield from _phone(person)
        yield from _cell_of(person, units)
    yield from _duplicates(roster.people, "code")
    yield from _namesakes(roster.people)


def check(roster: Roster, current: Roster, today: date, *, units_read: bool = True) -> list[Problem]:
    """Return what is wrong with importing `roster` over the stored `current`, by sheet and row.

    Where the sheet of units could not be read, that alone is to be put right: no row misses its cell.
    """
    units = {unit.code: unit for unit in (*current.units, *roster.units) if unit.code}
    people = {person.code: person for person in (*current.people, *roster.people) if person.code}
    problems = [*_unit_problems(roster, current, units), *_people_problems(roster, current, units, today)]
    for draft in roster.registrations:
        problems += [*_row_problems(draft), *_cell_of(draft, units), *_registration(draft, people)]
    problems += [*_duplicates(roster.registrations, "unit_code"), *_sent_twice(roster.registrations)]
    if not units_read:
        problems = [problem for problem in problems if problem.message != _NO_CELL]
    return one_per_cell(problems)
