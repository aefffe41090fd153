"""The stage on its way to a hall without a line and back: judges, running order, performances with their sheets.

People who work in the hall are told apart by `ref`, a number of the file only; contestants are named by their codes.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from quiz.core.parts import Part
from quiz.core.permissions import Role

MOST_TURNS = 5_000
TRAVELLING = frozenset({Role.JUDGE, Role.HEAD_JUDGE, Role.BOARD_SECRETARY})  # no other role comes from a file
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")

Marks = dict[str, int]  # hundredths by criterion


@dataclass(frozen=True, slots=True)
class StaffLine:
    """Somebody who judges, keys, checks or signs: user name, name and roles. No password travels either way."""

    ref: int
    username: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A seat on the panel of a part, for one group or ("") for all."""

    part: str
    group: str
    seat: int
    staff: int
    is_head: bool


@dataclass(frozen=True, slots=True)
class OrderLine:
    """The public draw of the running order, by whom."""

    seed: str
    sessions: int
    drawn_at: int
    by: str


@dataclass(frozen=True, slots=True)
class TurnLine:
    """When a contestant performs, in every part alike; `group` is the one the draw put the contestant in, `number` what
    it called the contestant: the entry on the machine that drew."""

    person: str
    number: int
    group: str
    session: int
    place: int
    drawn: int


@dataclass(frozen=True, slots=True)
class LotLine:
    """A package of questions by code and fingerprint, in order; a draw that was taken back leaves it void."""

    part: str
    group: str
    number: int
    questions: tuple[tuple[str, str], ...]
    void_at: int | None
    void_reason: str
    void_person: str

    @property
    def place(self) -> tuple[str, str, int]:
        """Return what names it in its round."""
        return self.part, self.group, self.number


class TypingLine(NamedTuple):
    """What one person typed from a paper sheet."""

    number: int
    by: int
    keyed_at: int
    marks: Marks


class ChangeLine(NamedTuple):
    """A correction of a sheet that had been handed in."""

    before: Marks
    after: Marks
    reason: str
    at: int
    by: int


class SheetLine(NamedTuple):
    """A sheet that was handed in, as it counts now, with what was typed and what was corrected."""

    seat: int
    judge: int | None
    marks: Marks
    note: str
    stamp: int
    saved_at: int
    submitted_at: int
    keyed_by: int | None
    typed: tuple[TypingLine, ...]
    changes: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class PerformanceLine:
    """A performance the head judge signed; `points` and `deducted` are the laptop's, to be compared."""

    person: str
    part: str
    called_at: int | None
    started_at: int | None
    used: int
    stopped_at: int | None
    absent_reason: str
    decided: int | None
    decided_reason: str
    decided_by: int | None
    checked_at: int
    checked_by: int
    signed_at: int
    signed_by: int
    points: int
    deducted: int
    sheets: tuple[SheetLine, ...]
    lot_group: str
    lot: int | None
    lot_drawn_at: int | None

    @property
    def key(self) -> tuple[str, str]:
        """Return what names a performance on every machine: the contestant's code and the part."""
        return self.person, self.part

    @property
    def people(self) -> set[int]:
        """Return everybody who had a hand in it, by `ref`."""
        found = {self.checked_by, self.signed_by, self.decided_by}
        for sheet in self.sheets:
            found |= {
                sheet.judge,
                sheet.keyed_by,
                *(one.by for one in sheet.typed),
                *(one.by for one in sheet.changes),
            }
        return {ref for ref in found if ref is not None}


def fingerprint(line: PerformanceLine) -> str:
    """Return the SHA-256 of a performance as it came, by which a second file is compared."""
    plain = json.dumps(asdict(line), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def declared(parts: Sequence[Part]) -> str:
    """Return the SHA-256 of how the parts of a round are judged and weighed."""
    plain = json.dumps([asdict(part) for part in parts], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


# --- do they fit together? ------------------------------------------------------------------------------------------


def staff_fit(staff: Sequence[StaffLine]) -> bool:
    """Tell whether everybody has a name, an own number and no other role than the stage knows."""
    named = all(
        one.name.strip() and len(one.name) <= 200 and _USERNAME.fullmatch(one.username) for one in staff
    )
    return named and len({one.ref for one in staff}) == len(staff) and all(
        set(one.roles) <= TRAVELLING for one in staff
    )  # fmt: skip


def turns_fit(turns: Sequence[TurnLine]) -> bool:
    """Tell whether turns name each contestant once and every number is one a hall can have."""
    people, numbers = {one.person for one in turns}, {one.drawn for one in turns}
    small = all(1 <= number <= 10_000 for one in turns for number in (one.session, one.place, one.drawn))
    return len(people) == len(numbers) == len(turns) <= MOST_TURNS and small


def lots_fit(lots: Sequence[LotLine], parts: Mapping[str, Part]) -> bool:
    """Tell whether packages of questions are told apart by part, group and number."""
    numbered = all(one.part in parts and 1 <= one.number <= 10_000 for one in lots)
    return numbered and len({one.place for one in lots}) == len(lots)


def panel_fits(panel: Iterable[PanelLine], staff: Iterable[StaffLine], parts: Mapping[str, Part]) -> bool:
    """Tell whether every seat is one of its part's, had by somebody who is listed, once."""
    refs = {one.ref for one in staff}
    lines = list(panel)
    seats = {(one.part, one.group, one.seat) for one in lines}
    held = {(one.part, one.group, one.staff) for one in lines}
    return len(seats) == len(held) == len(lines) and all(
        one.part in parts and one.staff in refs and 1 <= one.seat <= parts[one.part].judged_by.judges + 1
        for one in lines
    )
