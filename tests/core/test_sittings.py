"""What comes back beside the attempts is what a laptop of ours writes, or the whole file is refused."""

from dataclasses import replace

import pytest

from quiz.core.sitting_checks import check_sitting
from quiz.core.sittings import (
    AbsentLine,
    AttemptLine,
    AuditRow,
    CellLine,
    DeviceLine,
    DrawnLine,
    GivenLine,
    GrantLine,
    HallLine,
    IncidentLine,
    KeyingLine,
    LateLine,
    PaperLine,
    SeatLine,
    SignInLine,
    Sitting,
    SittingLine,
    StepLine,
)

GRANT = GrantLine(
    "key", "P1", None, "", 5, "mất điện", 1, "giám thị", None, (GivenLine("R", 1, 2, False, 1),)
)
LATE = LateLine("R", 5, "d" * 64, 3, ((0, "1", 9, "counted"),), 1, 0, True, None, 100, 200, "")
HALL = HallLine(1, "CN", "Nhà văn hóa", False, 1, 1, "giám thị", 2)
SEAT = SeatLine(4, "P1", 5, 6, "done")
KEYED = (KeyingLine(1, "thư ký", 7, ("1",), 20), KeyingLine(2, "giám thị", 8, ("1",), 20))
PAPER = PaperLine("R9", 1, 8, "giám thị", 20, (), "", KEYED)
ON_PAPER = AttemptLine(
    "P3", 1, "seed", ((7, (0, 1)),), 1, 2, 0, "paper", 2, "candidate", "R9", 100, 100, (100,), 1, ()
)
INCIDENT = IncidentLine(
    "form", "CN", "", "Nhà văn hóa", "power", 2, "Mất điện", 3, "giám thị", None, "",
    (StepLine("form-1", "Chạy máy nổ", 4, "giám thị"),), ("key",),
)  # fmt: skip
SITTING = Sitting(
    head=SittingLine("a" * 32, 9, 1, 2, None), drawn=(DrawnLine(7, "Q1", "f"), DrawnLine(8, "Q2", "g")),
    attempts=(ON_PAPER,), late=(LATE,), papers=(PAPER,), halls=(HALL,), devices=(DeviceLine(4, 1, "Máy 1", 3),),
    seats=(SEAT,), sign_ins=(SignInLine("P1", 4, "d" * 16),), grants=(GRANT,), absent=(AbsentLine("P2", 1, "Ốm"),),
    cells=(CellLine("CN2", 1, "illness", ""),), incidents=(INCIDENT,),
    audit=(AuditRow(1, "", "", "hall.open", "hall", "CN", {}),),
)  # fmt: skip


def with_paper(**changes):
    """Return the change of a sitting whose one paper is otherwise."""
    return {"papers": (replace(PAPER, **changes),)}


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
    "a place too long to keep": ("halls", {"halls": (replace(HALL, place="a" * 121),)}),
    "a device of no hall": ("devices", {"devices": (DeviceLine(4, 2, "Máy 1", 3),)}),
    "one number for two devices": ("devices", {"devices": (DeviceLine(4, 1, "Máy 1", 3),) * 2}),
    "a seat at no device": ("seats", {"seats": (replace(SEAT, device=5),)}),
    "a seat left before it was taken": ("seats", {"seats": (replace(SEAT, left_at=4),)}),
    "a seat left for no reason": ("seats", {"seats": (replace(SEAT, left_because="tired"),)}),
    "a sheet keyed once": ("papers", with_paper(keyings=KEYED[:1])),
    "a sheet keyed thrice": ("papers", with_paper(keyings=(*KEYED, KEYED[1]._replace(number=3)))),
    "a sheet keyed by nobody": ("papers", with_paper(keyings=(KEYED[0]._replace(by=""), KEYED[1]))),
    "minutes nobody sits": ("papers", with_paper(minutes=601)),
    "one place decided twice": ("papers", with_paper(decided=((0, "1"), (0, "2")))),
    "a paper without its sheet": ("papers", {"papers": ()}),
    "a sheet without its paper": ("papers", {"attempts": ()}),
    "a sheet of an attempt on a device": ("papers", {"attempts": (replace(ON_PAPER, medium="device"),)}),
    "an unknown reason of a cell": ("cells", {"cells": (CellLine("CN2", 1, "weather", ""),)}),
    "an incident of no known kind": ("incidents", {"incidents": (replace(INCIDENT, kind="flood"),)}),
    "an incident without a form": ("incidents", {"incidents": (replace(INCIDENT, key=""),)}),
    "a withdrawal without a reason": ("incidents", {"incidents": (replace(INCIDENT, withdrawn_at=5),)}),
    "words too long to keep": ("incidents", {"incidents": (replace(INCIDENT, what="a" * 1001),)}),
    "a step too long to keep": (
        "incidents",
        {"incidents": (replace(INCIDENT, steps=(StepLine("k", "a" * 1001, 4, ""),)),)},
    ),
    "a trace too long to keep": ("sign_ins", {"sign_ins": (SignInLine("P1", 4, "d" * 17),)}),
    "an act too long to keep": ("audit", {"audit": (AuditRow(1, "", "", "a" * 61, "hall", "CN", {}),)}),
    "an unknown fate": ("late", {"late": (replace(LATE, log=((0, "1", 9, "lost"),)),)}),
    "more counted than came": ("late", {"late": (replace(LATE, counted=2),)}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_no_laptop_writes_is_found_in_its_part(name):
    part, changes = FAULTS[name]
    assert {problem.place for problem in check_sitting(replace(SITTING, **changes))} == {part}
