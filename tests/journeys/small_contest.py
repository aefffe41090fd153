"""A contest small enough to play by hand: two communes of three cells, six questions, one of them with a wrong key."""

from datetime import date
from pathlib import Path

import yaml

from quiz.core.people import CellType, Sex
from quiz.core.rosters import PersonDraft, Roster, UnitDraft
from quiz.files.workbook import write_roster

DISTRICT, COMMUNES = "Mường Thử", ("Bản Đông", "Bản Tây")
PEOPLE = {
    "Bản Đông": ("Lò Thị Ánh", "Quàng Văn Bình", "Hà Văn Chung"),
    "Bản Tây": ("Cà Thị Đào", "Lường Văn Én", "Vì Thị Gấm"),
}
WRONG = "BT-6"  # the code of the question with the wrong key
RIGHT, PRINTED = "Phương án thật sự đúng", "Phương án in nhầm là đúng"
TOPIC = "Sinh hoạt chi bộ"

DOCUMENT = {
    "code": "VB-1", "title": "Văn bản thử", "issuer": "Ban Tổ chức", "number": "01", "date": date(2018, 7, 6),
    "valid_from": date(2018, 7, 6), "valid_to": None, "followed_by": "", "notice": "",
}  # fmt: skip


def roster() -> bytes:
    """Return the workbook an organizer would upload."""
    units = [UnitDraft(2, "MT", DISTRICT, "huyện")]
    people = []
    for place, commune in enumerate(COMMUNES, start=1):
        units.append(UnitDraft(0, f"MT-{place}", commune, "xã", "MT"))
        for number, name in enumerate(PEOPLE[commune], start=1):
            cell = f"MT-{place}-{number}"
            kind = CellType.RESIDENTIAL
            units.append(UnitDraft(0, cell, f"{commune} {number}", "chi bộ", f"MT-{place}", True, kind))
            born = date(1970 + place * 3 + number, 5, 19)
            people.append(PersonDraft(0, f"{cell}-P", name, born, Sex.MALE, "Thái", unit_code=cell))
    return write_roster(Roster(tuple(units), tuple(people)))


def stem(number: int) -> str:
    """Return what question `number` asks."""
    return f"Câu thử số {number}: phương án nào đúng?"


def questions() -> str:
    """Return the question file: five right keys, and the sixth wrong."""
    items = [_item(number) for number in range(1, 7)]
    return yaml.safe_dump(
        {
            "bank": {"code": "thu", "title": "Ngân hàng thử"},
            "topics": [{"code": "sinh-hoat-chi-bo", "title": TOPIC}],
            "documents": [DOCUMENT],
            "items": items,
        },
        allow_unicode=True,
        sort_keys=False,
    )  # fmt: skip


def _item(number: int) -> dict[str, object]:
    code = f"BT-{number}"
    options = [RIGHT, PRINTED, "Phương án nhiễu một", "Phương án nhiễu hai"]
    return {
        "code": code, "document": "VB-1", "reference": f"Điều {number}", "topic": "sinh-hoat-chi-bo",
        "level": "remember", "intended_difficulty": "easy", "kind": "single", "part": "exam", "stem": stem(number),
        "options": options, "key": ["B" if code == WRONG else "A"], "rationale": f"Theo Điều {number}.",
        "feedback": {}, "keep_order": False, "keep_last": False, "valid_from": None, "valid_to": None,
        "status": "draft",
    }  # fmt: skip


def write(folder: Path) -> tuple[Path, Path]:
    """Write the workbook and the question file into a folder and return where they are."""
    workbook, bank = folder / "danh-sach.xlsx", folder / "cau-hoi.yaml"
    workbook.write_bytes(roster())
    bank.write_text(questions(), encoding="utf-8")
    return workbook, bank
