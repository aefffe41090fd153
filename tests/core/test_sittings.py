"""What comes back beside the attempts is what a laptop of ours writes, or the whole file is refused."""

from dataclasses import replace

import pytest

from quiz.core.sittings import (
    AbsentLine,
    AuditRow,
    DrawnLine,
    GivenLine,
    GrantLine,
    HallLine,
    LateLine,
    Sitting,
    SittingLine,
    check_sitting,
)

GRANT = GrantLine(
    "key", "P1", None, "", 5, "mất điện", 1, "giám thị", None, (GivenLine("R", 1, 2, False, 1),)
)
LATE = LateLine("R", 5, "d" * 64, 3, ((0, "1", 9, "counted"),), 1, 0, True, None, 100, 200, "")
SITTING = Sitting(
    head=SittingLine("a" * 32, 9, 1, 2, None), drawn=(DrawnLine(7, "Q1", "f"), DrawnLine(8, "Q2", "g")), attempts=(),
    late=(LATE,), halls=(HallLine(1, "CN", "Nhà văn hóa", 1, 1, 2),), grants=(GRANT,),
    absent=(AbsentLine("P2", 1, "Ốm"),), audit=(AuditRow(1, "", "", "hall.open", "hall", "CN", {}),),
)  # fmt: skip


def test_what_a_laptop_writes_has_no_fault():
    assert check_sitting(SITTING) == []


FAULTS = {
    "one number for two items": ("drawn", {"drawn": (DrawnLine(7, "Q1", "f"), DrawnLine(7, "Q2", "g"))}),
    "minutes for nobody": ("grants", {"grants": (replace(GRANT, person=""),)}),
    "minutes for two": ("grants", {"grants": (replace(GRANT, unit="CN"),)}),
    "minutes for a hall not in the file": ("grants", {"grants": (replace(GRANT, person="", hall=2),)}),
    "minutes twice for one paper": ("grants", {"grants": (replace(GRANT, reached=GRANT.reached * 2),)}),
    "points beyond reason": ("late", {"late": (replace(LATE, score_after=1 << 40),)}),
    "no minutes": ("grants", {"grants": (replace(GRANT, minutes=0),)}),
    "minutes beyond the most": ("grants", {"grants": (replace(GRANT, minutes=121),)}),
    "a reason too long to keep": ("grants", {"grants": (replace(GRANT, reason="a" * 301),)}),
    "a place too long to keep": ("halls", {"halls": (HallLine(1, "CN", "a" * 121, 1, 1, 2),)}),
    "an act too long to keep": ("audit", {"audit": (AuditRow(1, "", "", "a" * 61, "hall", "CN", {}),)}),
    "an unknown fate": ("late", {"late": (replace(LATE, log=((0, "1", 9, "lost"),)),)}),
    "more counted than came": ("late", {"late": (replace(LATE, counted=2),)}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_no_laptop_writes_is_found_in_its_part(name):
    part, changes = FAULTS[name]
    assert {problem.place for problem in check_sitting(replace(SITTING, **changes))} == {part}
