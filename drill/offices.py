"""The units of the workbook above the cells, and the boards of the communes at work."""

from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from drill.browser import Browser
from drill.contestant import Card


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the workbook above the cells: its code, its title as pages show it, its place in the list."""

    code: str
    title: str
    place: int


@dataclass(slots=True)
class Office:
    """A commune's board at work: its browser, its round, its cards and what it published."""

    commune: Unit
    browser: Browser
    round_id: int
    cards: list[Card] = field(default_factory=list)
    editions: list[int] = field(default_factory=list)

    @property
    def place(self) -> int:
        """Return the commune's place in the workbook."""
        return self.commune.place

    @property
    def code(self) -> str:
        """Return the code of the commune."""
        return self.commune.code


def username_of(unit: Unit) -> str:
    """Return the name a commune's organizer signs in by."""
    return f"xa.{unit.code.lower()}"


def units_of(path: Path) -> list[Unit]:
    """Return the units of a workbook that are no cells: the district, then its communes."""
    rows = openpyxl.load_workbook(path, read_only=True)["Đơn vị"].iter_rows(min_row=2, values_only=True)
    nodes = [row for row in rows if row[4] != "có"]
    return [Unit(str(row[0]), f"{row[2]} {row[1]}", place) for place, row in enumerate(nodes)]
