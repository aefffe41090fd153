"""Figures of an invented round with everything papers must bear: names of 60 letters, decomposed ones, formulas."""

import unicodedata
from collections import Counter
from datetime import date

from quiz.core.figures import (
    Contestant,
    Figures,
    Happened,
    LevelFigures,
    MinutesGiven,
    Published,
    Ranked,
    RoundFigures,
    Sent,
    TieSettled,
    UnitTally,
    Won,
)
from quiz.core.offices import Issue, Office
from quiz.core.participation import Tally
from quiz.core.people import AbsenceReason, Position, Sex
from quiz.core.prizes import Kind
from quiz.core.promotion import WayOut

AT = 1_675_558_800_000  # 08:00 on 5 February 2023
LONG = "Nguyễn Hoàng Phương Quỳnh Trâm Thị Khánh Huyền Tường Vi Đoan"  # 60 letters
UNBROKEN = "Ạ" * 60
DECOMPOSED = unicodedata.normalize("NFD", "Nguyễn Thị Phượng Hoàng")
FORMULA = "=cmd|' /C calc'!A0"
NAMES = (
    LONG,
    UNBROKEN,
    DECOMPOSED,
    FORMULA,
    "#panic() $x^2$ *đậm* \\ <a> @b // [c]",
    "+84 912",
    "-1",
    "@SUM(A1)",
)
ISSUE = Issue(
    Office(
        above="Đảng bộ huyện Mai Sơn",
        body="Ban Tổ chức Hội thi",
        place="Mai Sơn",
        code="BTC",
        superior="Ban Tổ chức Tỉnh ủy Sơn La",
        on_behalf="T/M Ban Tổ chức",
        position="Trưởng ban",
        signer="Hà Văn Mẫu",
        secretary="Cầm Thị Thư",
        recipients=("Ban Tổ chức Tỉnh ủy (để báo cáo)", "Các chi bộ", "Lưu Văn phòng"),
    ),
    number="12",
    day=date(2023, 2, 28),
    made_at=AT,
)


def contestant(number: int, **changes: object) -> Contestant:
    """Return the contestant of that number."""
    names = (*NAMES, *(f"Lò Văn Thử {n}" for n in range(2_000)))
    values = {
        "entry": number, "name": names[number],
        "birth_date": date(1950 + number % 50, 1 + number % 12, 1 + number % 28),
        "sex": Sex.FEMALE if number % 5 == 0 else Sex.MALE,
        "ethnicity": ("Thái", "Kinh", "Mông", "")[number % 4],
        "position": Position.DEPUTY_SECRETARY if number % 7 == 0 else Position.SECRETARY,
        "is_village_head": number % 3 == 0, "cell": f"chi bộ Bản số {number}",
        "unit": "xã Cò Nòi" if number % 2 else "thị trấn Hát Lót", "cluster": "", "group": "",
        "took_part": number % 10 != 9,
    }  # fmt: skip
    return Contestant(**(values | changes))


def figures(count: int = 24) -> Figures:
    """Return the figures of a round with so many contestants."""
    people = tuple(contestant(number) for number in range(count))
    lines = tuple(
        Ranked(
            one.entry, place, "", one.name, one.cell, one.unit, 3_000 - 25 * place, 1_085_000 + place * 1_000
        )
        for place, one in enumerate((one for one in people if one.took_part), start=1)
    )
    won = (
        *(
            Won(prize, Kind.MAIN, "", line.entry, line.name, line.cell, line.unit, line.rank, line.points)
            for prize, line in zip(("Nhất", "Nhì", "Nhì", "Ba", "Ba"), lines, strict=False)
        ),
        Won(
            "Thí sinh cao tuổi nhất",
            Kind.SPECIAL,
            "",
            0,
            LONG,
            "chi bộ Bản số 0",
            "thị trấn Hát Lót",
            None,
            None,
        ),
        Won("Tham gia tốt nhất", Kind.COLLECTIVE, "", None, "xã Cò Nòi", "", "", None, None),
    )
    found = RoundFigures(
        round=1, name="Vòng chung khảo", unit="huyện Mai Sơn", opens_at=AT, ends_at=AT + 9 * 3_600_000,
        contestants=people, published=Published(2, True, "7K4PW2MN", AT + 10 * 3_600_000, 3_000, lines), won=won,
        happened=(
            Happened(AT + 22 * 60_000, "Hội trường xã Chiềng Nơi", "Mất điện toàn hội trường từ phút thứ 22.",
                     ("Chờ 14 phút có điện lại", "10 người làm tiếp trên máy dùng chung"), 15),
            Happened(AT + 40 * 60_000, "xã Cò Nòi", "Điện thoại của một thí sinh hỏng.",
                     ("Chuyển sang máy của giám thị",), 0),
        ),
        given=(
            MinutesGiven(AT + 36 * 60_000, "Hội trường xã Chiềng Nơi", 15, "Mất điện 14 phút", 10, 1),
            MinutesGiven(AT + 50 * 60_000, LONG, 5, "Giám thị đổi máy cho thí sinh", 1),
        ),
        ties=(TieSettled("", 5, WayOut.DRAW, (LONG,), "20230228-7", "Biên bản số 3 ngày 05/02/2023"),),
        sent=tuple(
            Sent(line.name, people[line.entry].birth_date, Position.SECRETARY, line.cell, line.unit, line.rank,
                 line.points, "Vòng thi cấp tỉnh", "promoted")
            for line in lines[:3]
        ),
        on_paper=2, late=1,
    )  # fmt: skip
    return Figures(
        contest="Hội thi Bí thư chi bộ giỏi huyện Mai Sơn năm 2023",
        stage="Cấp huyện",
        subject="Vòng chung khảo",
        day=date(2023, 2, 5),
        rounds=(found,),
        levels=(
            LevelFigures("Vòng sơ khảo cấp xã", 22, 22, 264, 262),
            LevelFigures("Cấp huyện", 1, 1, count, found.took_part),
        ),
        units=(
            UnitTally("thị trấn Hát Lót", Tally(21, 21, 21)),
            UnitTally("xã Chiềng Lương", Tally(19, 15, 15, Counter({AbsenceReason.NO_SIGNAL: 3}))),
            UnitTally("xã " + "Ạ" * 57, Tally(16, 12, 12, Counter({AbsenceReason.ILLNESS: 4}))),
        ),
        covers_cells=False,
    )
