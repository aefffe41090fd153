"""The judged parts of an invented round, worked out by the rule book: five judges, extremes dropped, over-time, an
absence, a correction, a decision of the head judge, a tie."""

from dataclasses import replace

from quiz.core import ranking
from quiz.core.figures import Figures
from quiz.core.joining import shares, total
from quiz.core.judged_figures import (
    Amended,
    Gone,
    Joined,
    Judge,
    JudgedFigures,
    JudgedPart,
    Marked,
    Noted,
    OrderDrawn,
    Performed,
)
from quiz.core.judging import Averaging, Criterion, Judging, OnGap, PartPoints, Sheet, part_points
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part
from quiz.core.ranking import PART, Score
from tests.files.office_samples import AT, LONG, figures

MINUTE = 60_000
STEPS = OverTime(OverTimeRule.STEPS)
PARTS = (
    Part("Chào hỏi, giới thiệu", max_points=2000, weight=20, minutes=7, judging=Judging(
        (Criterion("Nội dung", 1200), Criterion("Phong cách, trang phục", 800)), judges=5,
        averaging=Averaging.DROP_EXTREMES, over_time=STEPS)),
    Part("Thuyết trình", max_points=4000, weight=40, minutes=5, judging=Judging(
        (Criterion("Bố cục", 1000, 50), Criterion("Nội dung", 2000, 50), Criterion("Trả lời câu hỏi phụ", 1000, 50)),
        judges=5, gap=800, on_gap=OnGap.HEAD, over_time=STEPS)),
    Part("Xử lý tình huống", max_points=4000, weight=40, minutes=5, judging=Judging(
        (Criterion("Phân tích tình huống", 2000, 50), Criterion("Cách giải quyết", 2000, 50)), judges=5,
        over_time=OverTime(OverTimeRule.CUT_OFF))),
)  # fmt: skip
PANEL = tuple(
    Judge(seat, name, seat == 1)
    for seat, name in enumerate(("Hà Văn Mẫu", LONG, "Lường Thị Ba", "Tòng Văn Tư", "Quàng Thị Năm"), start=1)
)
DECIDED = "Giám khảo 5 bỏ sót câu trả lời phụ"


def _marks(part: Part, number: int, seat: int) -> dict[str, int]:
    """Return marks that differ a little from judge to judge."""
    return {
        one.name: one.max_points - one.step * ((number * 3 + seat * 5 + place * 7) % 9)
        for place, one in enumerate(part.judging.criteria)
    }


def _sheets(part: Part, number: int) -> tuple[Marked, ...]:
    found = [
        Marked(judge.seat, judge.name, _marks(part, number, judge.seat), "", AT + MINUTE, judge.seat == 4)
        for judge in PANEL
    ]
    if part is PARTS[1] and number == 3:
        found[4] = replace(found[4], marks=found[4].marks | {"Nội dung": 200})
    if part is PARTS[0] and number == 2:
        right = found[1].marks
        wrong = Amended(
            right | {"Nội dung": 200}, right, "Ghi nhầm 2 thành 12", AT + 5 * MINUTE, "Cầm Thị Thư"
        )
        found[1] = replace(found[1], amended=(wrong,), note="Nói rõ, giọng tốt.")
    return tuple(found)


def _performed(part: Part, number: int, one) -> Performed:
    absent = "Ốm, có giấy của trạm y tế" if number == 6 else ""
    sheets = () if absent else _sheets(part, number)
    used = None if absent else part.minutes * MINUTE - 20_000 + number * 10_000
    decided = 3150 if part is PARTS[1] and number == 3 else None
    given = [Sheet(sheet.seat, sheet.total) for sheet in sheets]
    points = PartPoints(None, 0) if absent else part_points(part.judging, given, used, part.minutes, decided)
    return Performed(
        entry=one.entry, name=one.name, cell=one.cell, unit=one.unit, group="", session=1 + (number > 11),
        place=1 + number % 12, drawn=number + 1, panel=PANEL, used=used, absent=absent, sheets=sheets, points=points,
        decided_reason=DECIDED if decided else "", checked_at=AT, checked_by="Cầm Thị Thư", signed_by="Hà Văn Mẫu",
        signed_at=AT + 9 * MINUTE,
    )  # fmt: skip


def judged(count: int = 22) -> JudgedFigures:
    """Return the judged parts of a round with so many contestants."""
    people = figures(count).contestants
    parts = tuple(
        JudgedPart(part, tuple(_performed(part, number, one) for number, one in enumerate(people)))
        for part in PARTS
    )
    added = {}
    for number, one in enumerate(people):
        earned = {part.part.name: part.performed[number].points.points for part in parts}
        added[one.entry] = shares(PARTS, earned, 0)
    scores = [
        Score(key, total(own), {f"{PART}{share.part}": share.points for share in own})
        for key, own in added.items()
    ]
    names = {one.entry: one for one in people}
    lines = tuple(
        Joined(
            one.entry, one.rank, "", names[one.entry].name, names[one.entry].cell, names[one.entry].unit,
            added[one.entry], one.points, one.explanation.equal_points, one.explanation.decided_by,
        )
        for one in ranking.rank(scores, (f"{PART}Xử lý tình huống", f"{PART}Thuyết trình"))
    )  # fmt: skip
    noted = (
        Noted("performance.time", AT + 3 * MINUTE, LONG, PARTS[0].name, "Bấm dừng muộn", "Cầm Thị Thư", 9 * MINUTE,
              7 * MINUTE),
        Noted("performance.unsign", AT + 4 * MINUTE, people[2].name, PARTS[0].name, "Phiếu 2 ghi nhầm", "Hà Văn Mẫu"),
    )  # fmt: skip
    gone = (Gone(count + 1, "Vì Văn Rút", "Đi công tác"),)
    draw = OrderDrawn("7 4 9", 2, AT, "Cầm Thị Thư", {one.entry: one.entry for one in people})
    return JudgedFigures(parts, draw, lines, noted, gone, 0, True)


def judged_round(count: int = 22) -> Figures:
    """Return the figures of a round with judged parts."""
    found = figures(count)
    (own,) = found.rounds
    return replace(found, rounds=(replace(own, judged=judged(count)),))
