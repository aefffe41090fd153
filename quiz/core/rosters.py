"""The roster an organizer hands in: units, people and whom each cell sends, as plain data.

A draft says what one row of the workbook says; `changes` says what importing a roster would do to the stored
one. What is wrong with a roster is found in `roster_rules`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Generic, TypeVar

from quiz.core.errors import N_
from quiz.core.people import AbsenceReason, CellType, Position, Sex


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A node of the organisation; only a cell (chi bộ) has a cell type. Rows play no part in equality."""

    row: int = field(compare=False)
    code: str
    name: str
    type_label: str
    parent_code: str = ""
    is_cell: bool = False
    cell_type: CellType | None = None
    ranking_group: str = ""
    has_signal: bool = True
    is_difficult: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    successor_code: str = ""

    @property
    def key(self) -> str:
        """Return what tells this row from the others of its sheet."""
        return self.code


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """Somebody of a cell who may be sent to compete; no identity-card number is kept."""

    row: int = field(compare=False)
    code: str
    full_name: str
    birth_date: date | None = None
    sex: Sex | None = None
    ethnicity: str = ""
    position: Position = Position.SECRETARY
    is_village_head: bool = False
    phone: str = ""
    unit_code: str = ""

    @property
    def key(self) -> str:
        """Return what tells this row from the others of its sheet."""
        return self.code


@dataclass(frozen=True, slots=True)
class RegistrationDraft:
    """Whom a cell sends, or why it sends nobody; the note belongs to the reason."""

    row: int = field(compare=False)
    unit_code: str
    person_code: str = ""
    reason: AbsenceReason | None = None
    note: str = ""

    @property
    def key(self) -> str:
        """Return what tells this row from the others of its sheet: a cell has one row."""
        return self.unit_code


@dataclass(frozen=True, slots=True)
class Roster:
    """The three sheets of a workbook, or the same of what is stored."""

    units: tuple[UnitDraft, ...] = ()
    people: tuple[PersonDraft, ...] = ()
    registrations: tuple[RegistrationDraft, ...] = ()


UNITS, PEOPLE, REGISTRATIONS = N_("Đơn vị"), N_("Nhân sự"), N_("Đăng ký")
HEADINGS: dict[str, dict[str, str]] = {
    UNITS: {
        "code": N_("Mã đơn vị"),
        "name": N_("Tên đơn vị"),
        "type_label": N_("Loại đơn vị"),
        "parent_code": N_("Mã đơn vị cấp trên"),
        "is_cell": N_("Là chi bộ"),
        "cell_type": N_("Loại hình chi bộ"),
        "ranking_group": N_("Khối thi"),
        "has_signal": N_("Có sóng điện thoại"),
        "is_difficult": N_("Đặc biệt khó khăn"),
        "valid_from": N_("Hiệu lực từ"),
        "valid_to": N_("Hiệu lực đến"),
        "successor_code": N_("Đơn vị kế thừa"),
    },
    PEOPLE: {
        "code": N_("Mã người"),
        "full_name": N_("Họ và tên"),
        "birth_date": N_("Ngày sinh"),
        "sex": N_("Giới tính"),
        "ethnicity": N_("Dân tộc"),
        "position": N_("Chức vụ"),
        "is_village_head": N_("Kiêm trưởng bản"),
        "phone": N_("Điện thoại"),
        "unit_code": N_("Mã chi bộ"),
    },
    REGISTRATIONS: {
        "unit_code": N_("Mã chi bộ"),
        "person_code": N_("Mã người"),
        "reason": N_("Lý do không có thí sinh"),
        "note": N_("Ghi chú"),
    },
}

Draft = UnitDraft | PersonDraft | RegistrationDraft
AnyDraft = TypeVar("AnyDraft", UnitDraft, PersonDraft, RegistrationDraft)


@dataclass(frozen=True, slots=True)
class Change(Generic[AnyDraft]):
    """A row that differs from what is stored."""

    before: AnyDraft
    after: AnyDraft

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the fields that differ, in the order of the columns."""
        names = (item.name for item in fields(self.after) if item.compare)
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, slots=True)
class SheetDiff(Generic[AnyDraft]):
    """What importing one sheet would do, in the order of its rows."""

    new: tuple[AnyDraft, ...] = ()
    changed: tuple[Change[AnyDraft], ...] = ()
    unchanged: tuple[AnyDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterDiff:
    """What importing a roster would do; what is stored and absent from the file stays as it is."""

    units: SheetDiff[UnitDraft]
    people: SheetDiff[PersonDraft]
    registrations: SheetDiff[RegistrationDraft]

    @property
    def is_empty(self) -> bool:
        """Return whether the import would change nothing."""
        return not any(sheet.new or sheet.changed for sheet in (self.units, self.people, self.registrations))


def _sheet_diff(drafts: Iterable[AnyDraft], stored: Iterable[AnyDraft]) -> SheetDiff[AnyDraft]:
    known = {draft.key: draft for draft in stored}
    new, changed, unchanged = [], [], []
    for draft in drafts:
        before = known.get(draft.key)
        if before is None:
            new.append(draft)
        elif before == draft:
            unchanged.append(draft)
        else:
            changed.append(Change(before, draft))
    return SheetDiff(tuple(new), tuple(changed), tuple(unchanged))


def changes(roster: Roster, current: Roster) -> RosterDiff:
    """Return what importing `roster` over `current` would do; nothing is ever deleted by an import."""
    return RosterDiff(
        _sheet_diff(roster.units, current.units),
        _sheet_diff(roster.people, current.people),
        _sheet_diff(roster.registrations, current.registrations),
    )
