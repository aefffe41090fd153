"""The judged parts of the ready-made contests. Names, order and what is cited there are published; criteria, panels and
how marks become points are our proposal throughout: no rules of a cell secretary contest that could be read name them.

Proposed everywhere: a notice when two sheets lie a quarter of the points apart, and where there is a limit, the steps
for time over of neighbouring contests (from the first second −0.25, from a minute −0.5).
"""

from quiz.core.judging import Averaging, Criterion, Judging, OnGap
from quiz.core.over_time import OverTime, OverTimeRule
from quiz.core.parts import Part, PartKind

GAP_SHARE = 4  # a quarter of the points
THIRD_SHARE = 5  # two markers of written work: 20 of 100 and more is marked a third time


def _judged(
    name: str, weight: int, minutes: int, *criteria: tuple[str, int], judges: int = 3, drops: bool = False
) -> Part:
    """Return a part whose maximum points are the sum of its criteria, in whole points."""
    points = sum(most for _name, most in criteria)
    judging = Judging(
        tuple(Criterion(one, most * 100) for one, most in criteria),
        judges,
        Averaging.DROP_EXTREMES if drops else Averaging.MEAN,
        drop_from=judges if drops else 5,
        gap=points * 100 // GAP_SHARE,
        over_time=OverTime(OverTimeRule.STEPS if minutes else OverTimeRule.NONE),
    )
    return Part(name, PartKind.JUDGED, points * 100, weight, minutes, judging)


def _written(name: str, weight: int, minutes: int, *criteria: tuple[str, int]) -> Part:
    """Return a part of written work that two people mark apart; a third marking decides where they differ much."""
    points = sum(most for _name, most in criteria)
    judging = Judging(
        tuple(Criterion(one, most * 100) for one, most in criteria),
        2,
        gap=points * 100 // THIRD_SHARE,
        on_gap=OnGap.THIRD,
        over_time=OverTime(OverTimeRule.CUT_OFF),
    )
    return Part(name, PartKind.JUDGED, points * 100, weight, minutes, judging)


GREETING = (("Nội dung giới thiệu", 10), ("Hình thức thể hiện, sáng tạo", 5), ("Phong cách trình bày", 5))
TALK = (
    ("Nội dung, nhận thức đúng", 20),
    ("Liên hệ thực tiễn của chi bộ", 10),
    ("Phong cách, sức thuyết phục", 10),
)
SITUATION = (
    ("Đúng nguyên tắc, đúng quy định của Đảng", 20),
    ("Cách xử lý sát thực tiễn", 15),
    ("Lập luận, diễn đạt", 5),
)


def mai_son(judges: int, drops: bool) -> tuple[Part, ...]:
    """Return the three parts of Mai Sơn before so many judges; `drops`: the extreme sheets are left out."""
    return (
        _judged("Giới thiệu", 20, 5, *GREETING, judges=judges, drops=drops),
        _judged("Nhận thức và thuyết trình", 40, 7, *TALK, judges=judges, drops=drops),
        _judged("Xử lý tình huống", 40, 7, *SITUATION, judges=judges, drops=drops),
    )


LANG_SON = (
    _judged("Chào hỏi", 20, 7, *GREETING),
    _judged(
        "Kiến thức, nghiệp vụ và xử lý tình huống", 50, 7,
        ("Kiến thức chung", 15), ("Nghiệp vụ công tác đảng", 15), ("Xử lý tình huống", 20),
    ),
    _judged(
        "Thuyết trình", 30, 5,
        ("Nội dung thuyết trình", 15), ("Liên hệ thực tiễn của chi bộ", 8), ("Phong cách, sức thuyết phục", 7),
    ),
)  # fmt: skip
CITY = (
    _judged("Chào hỏi", 20, 0, *GREETING),
    _judged("Thuyết trình", 40, 0, *TALK),
    _judged("Trả lời câu hỏi", 40, 0, ("Đúng, đủ ý", 30), ("Lập luận, diễn đạt", 10)),
)
MILITARY = (
    _written("Nhận thức: tự luận", 20, 60, ("Nội dung đúng, đủ ý", 15), ("Bố cục, diễn đạt", 5)),
    _written(
        "Soạn thảo nghị quyết", 30, 90,
        ("Đúng thể thức văn bản", 5), ("Đánh giá tình hình sát thực tế", 10), ("Chủ trương, biện pháp khả thi", 15),
    ),
    _judged(
        "Thực hành điều hành hội nghị", 30, 30,
        ("Đúng quy trình, nguyên tắc", 15), ("Điều hành, kết luận", 10), ("Tác phong", 5),
    ),
)  # fmt: skip
