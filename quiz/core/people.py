"""The fixed lists that units and people choose from; stored and exported by their English values."""

from enum import StrEnum


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
