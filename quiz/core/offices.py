"""Who issues and signs office papers, and under which number and day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from quiz.core.paperwork import Letterhead, Signature, long_date


class Needs(StrEnum):
    """What must be there before a paper can be made."""

    CONTESTANTS = "contestants"
    ATTEMPTS = "attempts"
    RANKING = "ranking"
    PRIZES = "prizes"
    PRINTED = "printed"  # papers printed, in a round that has ended
    DRAWN = "drawn"  # the running order of the stage
    CHECKED = "checked"  # score sheets that the secretary has compared
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues and signs the papers of a contest at a unit; `above` is the body it belongs to, `code` stands after
    the number ("BTC"), `superior` is whom reports go to."""

    above: str
    body: str
    place: str
    code: str
    superior: str = ""
    on_behalf: str = ""
    position: str = ""
    signer: str = ""
    secretary: str = ""
    recipients: tuple[str, ...] = ()


def default_office(unit: str, name: str, parent: str) -> Office:
    """Return what stands on the papers of a unit (title, name and the title above it) before anybody sets it."""
    return Office(
        above=unit if unit.lower().startswith("đảng bộ") else f"Đảng bộ {unit}",
        body="Ban Tổ chức Hội thi",
        place=name,
        code="BTC",
        superior=f"Ban Tổ chức Hội thi {parent}" if parent else "",
        on_behalf="T/M Ban Tổ chức",
        position="Trưởng ban",
        recipients=("Lưu Ban Tổ chức Hội thi",),
    )


@dataclass(frozen=True, slots=True)
class Issue:
    """One paper as it is issued: by whom, its number ("" to be written by hand), its day, and when its files are dated
    (ms UTC)."""

    office: Office
    number: str
    day: date | None
    made_at: int

    def letterhead(self, sign: str) -> Letterhead:
        """Return what stands above a paper of the kind `sign` ("BC"); lists have none and get no number."""
        office = self.office
        number = f"Số {self.number or ' ' * 8}-{sign}/{office.code}" if sign else ""
        return Letterhead(office.above, office.body, number, f"{office.place}, {long_date(self.day)}")

    @property
    def signature(self) -> Signature:
        """Return the place of whoever signs for the office."""
        return Signature(self.office.on_behalf, self.office.position, self.office.signer)
