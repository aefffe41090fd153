"""The rules of a stage as data: what is printed in the Thể lệ, frozen when its first round opens, and obeyed after.

`Rules` converts to and from plain JSON; `fingerprint` tells whether two sets of rules are the same.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from quiz.core.errors import N_, Problem
from quiz.core.marking import Scheme
from quiz.core.papers import Cell
from quiz.core.promotion import Method, Quota, Scope
from quiz.core.ranking import TieBreak

MINUTES_PER_ITEM = 2  # Phổ Yên 2024: 30 items in 60 minutes
DEFAULT_TIE_BREAKS = (TieBreak.APPLY_POINTS, TieBreak.TIME_USED)


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything a stage decides beforehand.

    `time_limit` and `late_start` are minutes (`late_start` None: until the window closes; `time_limit` 0: two
    minutes an item), `grace_seconds` is what a response may be late on the line, `attempts_allowed` 1 for an
    examination, more for a practice week (the best counts).
    """

    blueprint: tuple[Cell, ...] = ()
    time_limit: int = 0
    late_start: int | None = None
    full_time_for_late: bool = False
    grace_seconds: int = 5
    attempts_allowed: int = 1
    scheme: Scheme = field(default_factory=Scheme)
    shuffle_items: bool = True
    shuffle_options: bool = True
    tie_breaks: tuple[TieBreak, ...] = DEFAULT_TIE_BREAKS
    rank_within: Scope = Scope.ROUND
    quota: Quota = field(default_factory=Quota)

    @property
    def item_count(self) -> int:
        """Return the number of items on a paper."""
        return sum(cell.count for cell in self.blueprint)

    @property
    def minutes(self) -> int:
        """Return the time limit in minutes, by default two for each item."""
        return self.time_limit or self.item_count * MINUTES_PER_ITEM


def to_dict(rules: Rules) -> dict[str, Any]:
    """Return `rules` as plain JSON values."""
    return asdict(rules) | {"tie_breaks": [str(criterion) for criterion in rules.tie_breaks]}


def from_dict(data: dict[str, Any]) -> Rules:
    """Return the rules stored as `data`; raise KeyError, TypeError or ValueError if it is not such a document."""
    quota = dict(data["quota"])
    return Rules(
        **data
        | {
            "blueprint": tuple(Cell(**cell) for cell in data["blueprint"]),
            "scheme": Scheme(**data["scheme"]),
            "tie_breaks": tuple(TieBreak(criterion) for criterion in data["tie_breaks"]),
            "rank_within": Scope(data["rank_within"]),
            "quota": Quota(**quota | {"method": Method(quota["method"]), "scope": Scope(quota["scope"])}),
        }
    )


def fingerprint(rules: Rules) -> str:
    """Return the SHA-256 of the rules' canonical JSON."""
    return hashlib.sha256(json.dumps(to_dict(rules), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def check(rules: Rules) -> list[Problem]:
    """Return what is wrong with a set of rules by itself; empty when it can be used."""
    faults: list[tuple[str, str]] = []
    if not rules.blueprint:
        faults.append(("blueprint", N_("Cấu trúc đề chưa có dòng nào. Hãy thêm ít nhất một dòng.")))
    if any(cell.count < 1 for cell in rules.blueprint):
        faults.append(("blueprint", N_("Số câu của mỗi dòng phải từ 1 trở lên. Hãy sửa hoặc xóa dòng đó.")))
    if len({(cell.topic, cell.level) for cell in rules.blueprint}) < len(rules.blueprint):
        faults.append(("blueprint", N_("Có hai dòng cùng chuyên đề và mức độ. Hãy gộp lại thành một.")))
    if not 0 <= rules.time_limit <= 600:
        faults.append(("time_limit", N_("Thời gian làm bài phải từ 1 đến 600 phút.")))
    if rules.late_start is not None and rules.late_start < 0:
        faults.append(("late_start", N_("Số phút được vào muộn không thể âm.")))
    if not 0 <= rules.grace_seconds <= 120:
        faults.append(("grace_seconds", N_("Thời gian chờ đường truyền phải từ 0 đến 120 giây.")))
    if not 1 <= rules.attempts_allowed <= 50:
        faults.append(("attempts_allowed", N_("Số lượt thi phải từ 1 đến 50.")))
    if not 1 <= rules.scheme.points_per_item <= 10_000:
        faults.append(("points_per_item", N_("Điểm mỗi câu phải từ 0,01 đến 100.")))
    if len(set(rules.tie_breaks)) < len(rules.tie_breaks):
        faults.append(("tie_breaks", N_("Một tiêu chí xếp hạng được chọn hai lần. Hãy chọn mỗi tiêu chí một lần.")))
    if rules.quota.method is Method.TOP and rules.quota.top < 1:
        faults.append(("quota", N_("Số người đi tiếp phải từ 1 trở lên.")))
    if rules.quota.reserves < 0:
        faults.append(("reserves", N_("Số dự bị không thể âm.")))
    return [Problem(message, field=place) for place, message in faults]
