"""The fixed lists that units and people choose from: stored by English values, shown by their labels."""

import re
from enum import StrEnum

from quiz.core.errors import N_


class CellType(StrEnum):
    """What kind of place a cell belongs to."""

    RESIDENTIAL = "residential"
    AGENCY = "agency"
    SCHOOL = "school"
    ENTERPRISE = "enterprise"
    ARMED_FORCES = "armed_forces"


class Position(StrEnum):
    """A person's office in the cell."""

    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    OTHER = "other"


class Sex(StrEnum):
    """As reports count it."""

    FEMALE = "female"
    MALE = "male"


class AbsenceReason(StrEnum):
    """Why a cell sends nobody (R5)."""

    ILLNESS = "illness"
    VACANT_POST = "vacant_post"
    AWAY_ON_DUTY = "away_on_duty"
    FARM_WORK = "farm_work"
    NO_SIGNAL = "no_signal"
    OTHER = "other"


CELL_TYPE_LABELS = {
    CellType.RESIDENTIAL: N_("Khu dân cư"),
    CellType.AGENCY: N_("Cơ quan"),
    CellType.SCHOOL: N_("Trường học"),
    CellType.ENTERPRISE: N_("Doanh nghiệp"),
    CellType.ARMED_FORCES: N_("Lực lượng vũ trang"),
}
POSITION_LABELS = {
    Position.SECRETARY: N_("Bí thư"),
    Position.DEPUTY_SECRETARY: N_("Phó bí thư"),
    Position.OTHER: N_("Chức vụ khác"),
}
SEX_LABELS = {Sex.FEMALE: N_("Nữ"), Sex.MALE: N_("Nam")}
REASON_LABELS = {
    AbsenceReason.ILLNESS: N_("Ốm đau"),
    AbsenceReason.VACANT_POST: N_("Khuyết bí thư"),
    AbsenceReason.AWAY_ON_DUTY: N_("Đi công tác"),
    AbsenceReason.FARM_WORK: N_("Bận việc nương rẫy"),
    AbsenceReason.NO_SIGNAL: N_("Không có sóng điện thoại"),
    AbsenceReason.OTHER: N_("Lý do khác"),
}


def phone_digits(text: str) -> str:
    """Return a phone number as digits from its leading 0, as Vietnam dials it; other text as it was.

    "+84 912.345.678", "912345678" (a spreadsheet drops the 0) and "0912 345 678" are one number.
    """
    digits = re.sub(r"[\s.()-]", "", text)
    national = re.fullmatch(r"(?:\+?84|0)?([1-9]\d{8,9})", digits, re.ASCII)
    return f"0{national[1]}" if national else text
