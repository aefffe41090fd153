"""Makes demo/mai-son.xlsx: a district of real size with invented people, the same to the byte every time.

Run from the top folder: python -m demo.make_mai_son
Real are the names of the district and its 22 communes, and the totals of 293 cells and 264 contestants. Invented
are all villages, all people, and how the figures fall on the communes; demo/README.md tells which is which.
"""

import random
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from demo.invented_names import (
    DECOMPOSED,
    FAMILIES,
    GIVEN,
    LONGEST_NAME,
    MIDDLES,
    NAMESAKES,
    VILLAGES,
)
from quiz.core.people import AbsenceReason, CellType, Position, Sex
from quiz.core.rosters import PersonDraft, RegistrationDraft, Roster, UnitDraft
from quiz.files.workbook import write_roster

TARGET = Path(__file__).with_name("mai-son.xlsx")
CONTEST_DAY = date(2023, 2, 25)
MERGER_DAY = date(2023, 1, 16)
SEED = 20230225
WOMEN_SENT, WOMEN_AT_HOME, NOT_VILLAGE_HEADS = 40, 4, 9
YOUNGEST, OLDEST = 24, 68

ILL, VACANT, AWAY = AbsenceReason.ILLNESS, AbsenceReason.VACANT_POST, AbsenceReason.AWAY_ON_DUTY
FARM, NO_SIGNAL, OTHER = AbsenceReason.FARM_WORK, AbsenceReason.NO_SIGNAL, AbsenceReason.OTHER

NOTES = (
    "DỮ LIỆU MINH HỌA. Mọi người trong tệp này đều là nhân vật hư cấu; tên bản, tiểu khu, ngày sinh, số điện thoại "
    "và lý do vắng cũng do máy đặt ra. Trùng với người thật là ngẫu nhiên.",
    "Có thật: tên huyện Mai Sơn và 22 xã, thị trấn; 293 chi bộ khu dân cư, 264 thí sinh, 281 bí thư kiêm trưởng bản, "
    "123 nơi đặc biệt khó khăn; xã Chiềng Lương có 19 chi bộ, 7 nơi không có sóng.",
    "Số điện thoại 0900 000 xxx không phải của ai.",
)


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune: its cells, why the last ones send nobody, how many lack signal or are difficult, whose they are."""

    name: str
    cells: int
    absences: tuple[AbsenceReason, ...] = ()
    without_signal: int = 0
    difficult: int = 0
    peoples: dict[str, int] = field(default_factory=dict)
    type_label: str = "Xã"


COMMUNES = (
    Commune("Hát Lót", 21, peoples={"Kinh": 17}, type_label="Thị trấn"),
    Commune("Cò Nòi", 24, (ILL, AWAY), peoples={"Kinh": 15, "Mường": 1}),
    Commune(
        "Chiềng Lương", 19, (AWAY, VACANT, NO_SIGNAL, NO_SIGNAL), 7, 13, {"Kinh": 3, "Mông": 2, "Xinh Mun": 4}
    ),
    Commune("Phiêng Pằn", 16, (ILL, FARM, VACANT, NO_SIGNAL), 4, 16, {"Mông": 4, "Xinh Mun": 5}),
    Commune("Phiêng Cằm", 15, (FARM, FARM, AWAY, NO_SIGNAL), 5, 15, {"Kinh": 1, "Mông": 7}),
    Commune("Mường Bằng", 15, (OTHER,), 0, 1, {"Kinh": 4}),
    Commune("Nà Bó", 15, (AWAY,), 0, 4, {"Kinh": 8, "Mường": 1}),
    Commune("Chiềng Ban", 15, (ILL,), 0, 2, {"Kinh": 5}),
    Commune("Hát Lót", 14, peoples={"Kinh": 8}),
    Commune("Chiềng Mung", 14, peoples={"Kinh": 8}),
    Commune("Mường Bon", 14, peoples={"Kinh": 7}),
    Commune("Chiềng Sung", 14, (AWAY,), 0, 5, {"Kinh": 5}),
    Commune("Chiềng Chăn", 14, (ILL, FARM), 0, 9, {"Kinh": 1}),
    Commune("Chiềng Nơi", 14, (FARM, AWAY, VACANT, NO_SIGNAL), 5, 14, {"Mông": 6}),
    Commune("Nà Ớt", 10, (ILL, AWAY), 2, 10, {"Khơ Mú": 4}),
    Commune("Tà Hộc", 10, (ILL, OTHER), 2, 9, {"Kinh": 2, "Mông": 3, "Khơ Mú": 3}),
    Commune("Chiềng Chung", 10, (AWAY,), 0, 5),
    Commune("Chiềng Mai", 9, (), 0, 2, {"Kinh": 4}),
    Commune("Mường Chanh", 9, (), 0, 3),
    Commune("Chiềng Kheo", 7, (), 0, 5, {"Kinh": 1}),
    Commune("Chiềng Dong", 7, (), 0, 5),
    Commune("Chiềng Ve", 7, (), 0, 5),
)


@dataclass(slots=True)
class Cell:
    """A cell while the district is being made; `people` is whom its secretary belongs to."""

    code: str
    commune: str
    people: str
    reason: AbsenceReason | None
    has_signal: bool
    is_difficult: bool
    name: str = ""

    @property
    def has_secretary(self) -> bool:
        """Return whether somebody holds the post."""
        return self.reason is not VACANT


def _cells(commune: Commune, code: str) -> list[Cell]:
    """Return the cells of a commune, unnamed: Kinh first, Thái in the middle, the smaller peoples in the hills."""
    kinh = commune.peoples.get("Kinh", 0)
    hills = [people for people, count in commune.peoples.items() if people != "Kinh" for _ in range(count)]
    reasons = [None] * (commune.cells - len(commune.absences)) + list(commune.absences)
    settled = commune.cells - reasons.count(VACANT)
    peoples = ["Kinh"] * kinh + ["Thái"] * (settled - kinh - len(hills)) + hills
    cells = []
    for number, reason in enumerate(reasons, start=1):
        people = "Thái" if reason is VACANT else peoples.pop(0)
        left = commune.cells - number
        cells.append(
            Cell(
                f"{code}-{number:02}",
                code,
                people,
                reason,
                left >= commune.without_signal,
                left < commune.difficult,
            )
        )
    return cells


def _village(people: str, rng: random.Random) -> str:
    first, second = VILLAGES.get(people, VILLAGES["Thái"])
    return f"Bản {rng.choice(first.split())} {rng.choice(second.split())}"


def _name_cells(cells: list[Cell], commune: Commune, rng: random.Random) -> None:
    """Give every cell of a commune a name of its own; a town has numbered quarters, Kinh settlers some too."""
    taken: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        if commune.type_label == "Thị trấn" or (cell.people == "Kinh" and number % 2):
            cell.name = f"Tiểu khu {number}"
        while not cell.name or cell.name in taken:
            cell.name = _village(cell.people, rng)
        taken.add(cell.name)


def _full_name(people: str, sex: Sex, rng: random.Random) -> str:
    style = people if (sex.value, people) in GIVEN else "Thái"
    words = (FAMILIES[people], MIDDLES[sex.value, style], GIVEN[sex.value, style])
    return " ".join(rng.choice(choices.split()) for choices in words)


def _birth_date(age: int, rng: random.Random) -> date:
    """Return a day on which somebody was born who is `age` on the day of the contest."""
    return CONTEST_DAY.replace(year=CONTEST_DAY.year - age) - timedelta(days=rng.randrange(365))


def _women(cells: list[Cell], rng: random.Random) -> set[str]:
    """Return the codes of the cells led by a woman, the share being the same among those sent and at home."""
    fixed = {code: name.split()[1] == "Thị" for name, codes in NAMESAKES.items() for code in codes}
    fixed[LONGEST_NAME[0]] = True
    chosen = {code for code, is_woman in fixed.items() if is_woman}
    sent = [cell.code for cell in cells if cell.reason is None and cell.code not in fixed]
    at_home = [cell.code for cell in cells if cell.reason and cell.has_secretary]
    return chosen | set(rng.sample(sent, WOMEN_SENT - len(chosen))) | set(rng.sample(at_home, WOMEN_AT_HOME))


def _secretaries(cells: list[Cell], rng: random.Random) -> list[PersonDraft]:
    held = [cell for cell in cells if cell.has_secretary]
    women = _women(cells, rng)
    not_heads = set(rng.sample([cell.code for cell in held], NOT_VILLAGE_HEADS))
    names = {code: name for name, codes in NAMESAKES.items() for code in codes} | dict([LONGEST_NAME])
    ages = {cell.code: round(min(max(rng.gauss(46, 9), YOUNGEST + 1), OLDEST - 1)) for cell in held}
    sent = [cell.code for cell in held if cell.reason is None]
    ages |= dict(zip(rng.sample(sent, 2), (YOUNGEST, OLDEST), strict=True))
    people = []
    for number, cell in enumerate(held, start=1):
        sex = Sex.FEMALE if cell.code in women else Sex.MALE
        people.append(
            PersonDraft(
                row=0,
                code=f"{cell.code}-BT",
                full_name=names.get(cell.code) or _full_name(cell.people, sex, rng),
                birth_date=_birth_date(ages[cell.code], rng),
                sex=sex,
                ethnicity=cell.people,
                is_village_head=cell.code not in not_heads,
                phone=f"0900000{number:03}" if cell.has_signal else "",
                unit_code=cell.code,
            )
        )
    return people


def _deputies(cells: list[Cell], rng: random.Random) -> list[PersonDraft]:
    """Return the deputy secretary of the second cell of each commune: reserves, registered nowhere."""
    people = []
    for number, cell in enumerate((cell for cell in cells if cell.code.endswith("-02")), start=1):
        sex = Sex.FEMALE if number % 4 == 0 else Sex.MALE
        people.append(
            PersonDraft(
                row=0,
                code=f"{cell.code}-PBT",
                full_name=_full_name(cell.people, sex, rng),
                birth_date=_birth_date(rng.randint(28, 55), rng),
                sex=sex,
                ethnicity=cell.people,
                position=Position.DEPUTY_SECRETARY,
                phone=f"0900000{900 + number:03}",
                unit_code=cell.code,
            )
        )
    return people


def _unit(cell: Cell) -> UnitDraft:
    return UnitDraft(
        row=0,
        code=cell.code,
        name=cell.name,
        type_label="Chi bộ",
        parent_code=cell.commune,
        is_cell=True,
        cell_type=CellType.RESIDENTIAL,
        ranking_group="Khu dân cư",
        has_signal=cell.has_signal,
        is_difficult=cell.is_difficult,
    )


def _merge_last_two(units: list[UnitDraft], commune: str) -> UnitDraft:
    """End the last cell of a commune in favour of the one before it; return the successor."""
    *_, successor, ended = [place for place, unit in enumerate(units) if unit.parent_code == commune]
    units[ended] = replace(units[ended], valid_to=MERGER_DAY, successor_code=units[successor].code)
    return units[successor]


def _registration(cell: Cell, merged_into: str) -> RegistrationDraft:
    if cell.reason is None:
        return RegistrationDraft(0, cell.code, f"{cell.code}-BT")
    notes = {"MS06": f"Đã sáp nhập vào {merged_into} từ {MERGER_DAY:%d/%m/%Y}", "MS16": "Nhà có việc hiếu"}
    return RegistrationDraft(
        0, cell.code, reason=cell.reason, note=notes[cell.commune] if cell.reason is OTHER else ""
    )


def build() -> Roster:
    """Return the district: 22 communes, 293 cells, their secretaries and deputies, and whom each cell sends."""
    rng = random.Random(SEED)  # noqa: S311 invented people, no secret
    units = [UnitDraft(0, "MS", "Mai Sơn", "Huyện")]
    cells: list[Cell] = []
    for number, commune in enumerate(COMMUNES, start=1):
        code = f"MS{number:02}"
        units.append(UnitDraft(0, code, commune.name, commune.type_label, "MS"))
        here = _cells(commune, code)
        _name_cells(here, commune, rng)
        cells += here
    units += map(_unit, cells)
    successor = _merge_last_two(units, "MS06")
    return Roster(
        tuple(units),
        (*_secretaries(cells, rng), *_deputies(cells, rng)),
        tuple(_registration(cell, successor.name) for cell in cells),
    )


def _apart(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def decomposed(roster: Roster) -> Roster:
    """Return the roster with a few names typed as letters and marks apart, as some devices do."""
    return replace(
        roster,
        units=tuple(replace(u, name=_apart(u.name)) if u.code in DECOMPOSED else u for u in roster.units),
        people=tuple(
            replace(p, full_name=_apart(p.full_name)) if p.code in DECOMPOSED else p for p in roster.people
        ),
    )


def workbook() -> bytes:
    """Return the bytes of the demo workbook."""
    return write_roster(decomposed(build()), NOTES)


if __name__ == "__main__":
    TARGET.write_bytes(workbook())
