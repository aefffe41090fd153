"""The rules of a stage as data: printed in the Thể lệ, frozen when its first round opens, and obeyed after.

`Rules` converts to and from plain JSON; `fingerprint` tells whether two sets of rules are the same.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from quiz.core import delegations, parts, prizes
from quiz.core.delegations import Delegation
from quiz.core.errors import N_, Problem
from quiz.core.joining import FULL_MARKS
from quiz.core.marking import Scheme
from quiz.core.papers import Cell
from quiz.core.parts import Part, PartKind
from quiz.core.prizes import PrizeTable
from quiz.core.promotion import Method, Quota, Scope
from quiz.core.ranking import PART, TieBreak, criterion_of

MINUTES_PER_ITEM = 2  # Phổ Yên 2024: 30 items in 60 minutes
LONGEST_MINUTES = 600
DEFAULT_TIE_BREAKS: tuple[str, ...] = (TieBreak.APPLY_POINTS, TieBreak.TIME_USED)


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything a stage decides beforehand.

    `time_limit` and `late_start` are minutes (`late_start` None: until the window closes; `time_limit` 0: two
    minutes an item), `grace_seconds` is what a response may be late on the line, `late_minutes` how long
    after the end one made in time without a line may still arrive, `attempts_allowed` 1 for an
    examination, more for a practice week (the best counts). Without `parts` the paper is all there is;
    `delegations` say how many people each unit sends.
    """

    blueprint: tuple[Cell, ...] = ()
    time_limit: int = 0
    late_start: int | None = None
    full_time_for_late: bool = False
    grace_seconds: int = 5
    late_minutes: int = 30
    attempts_allowed: int = 1
    scheme: Scheme = field(default_factory=Scheme)
    shuffle_items: bool = True
    shuffle_options: bool = True
    tie_breaks: tuple[str, ...] = DEFAULT_TIE_BREAKS
    rank_within: Scope = Scope.ROUND
    quota: Quota = field(default_factory=Quota)
    prizes: PrizeTable = field(default_factory=PrizeTable)
    parts: tuple[Part, ...] = ()
    delegations: tuple[Delegation, ...] = ()

    @property
    def item_count(self) -> int:
        """Return the number of items on a paper."""
        return sum(cell.count for cell in self.blueprint)

    @property
    def has_online(self) -> bool:
        """Tell whether contestants sit a paper."""
        return parts.has_online(self.parts)

    @property
    def needs_cards(self) -> bool:
        """Tell whether contestants have to sign in: to sit a paper, or to hand in an essay before the day."""
        return self.has_online or any(part.essay for part in self.judged_parts)

    @property
    def judged_parts(self) -> tuple[Part, ...]:
        """Return the parts that judges give points for, in order."""
        return tuple(part for part in self.parts if part.kind is PartKind.JUDGED)

    @property
    def minutes(self) -> int:
        """Return the time limit in minutes, by default two for each item."""
        return self.time_limit or self.item_count * MINUTES_PER_ITEM

    @property
    def max_score(self) -> int:
        """Return the points of a faultless paper, in hundredths."""
        return self.item_count * self.scheme.points_per_item


def to_dict(rules: Rules) -> dict[str, Any]:
    """Return `rules` as plain JSON values."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(rules)))
    return plain


def from_dict(data: dict[str, Any]) -> Rules:
    """Return the rules stored as `data`; raise KeyError, TypeError or ValueError if it is something else."""
    return Rules(
        **data
        | {
            "blueprint": tuple(Cell(**cell) for cell in data["blueprint"]),
            "scheme": Scheme(**data["scheme"]),
            "tie_breaks": tuple(criterion_of(criterion) for criterion in data["tie_breaks"]),
            "rank_within": Scope(data["rank_within"]),
            "quota": _quota_from(data["quota"]),
            "prizes": prizes.from_dict(data.get("prizes", {})),
            "parts": parts.from_list(data.get("parts", ())),
            "delegations": delegations.from_list(data.get("delegations", ())),
        }
    )


def _quota_from(data: dict[str, Any]) -> Quota:
    kept = {"method": Method(data["method"]), "scope": Scope(data["scope"])}
    return Quota(**data | kept | {"prizes": tuple(data.get("prizes", ()))})


def fingerprint(rules: Rules) -> str:
    """Return the SHA-256 of the rules' canonical JSON."""
    return hashlib.sha256(json.dumps(to_dict(rules), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def check(rules: Rules) -> list[Problem]:
    """Return what is wrong with a set of rules by itself; empty when it can be used."""
    faults = [*_paper_faults(rules), *_sitting_faults(rules), *_ranking_faults(rules), *_quota_faults(rules)]
    faults += [*_prize_faults(rules), *parts.faults(rules.parts), *delegations.faults(rules.delegations)]
    return [*_time_problems(rules), *(Problem(message, field=place) for place, message in faults)]


Fault = tuple[str, str]


def _paper_faults(rules: Rules) -> Iterator[Fault]:
    blueprint = rules.blueprint
    if not rules.has_online and blueprint:
        yield (
            "blueprint",
            N_(
                "Không có phần thi trắc nghiệm thì không có cấu trúc đề. Hãy bỏ các dòng cấu trúc đề, hoặc thêm"
                " phần thi trắc nghiệm."
            ),
        )
    if rules.has_online and not blueprint:
        yield "blueprint", N_("Cấu trúc đề chưa có dòng nào. Hãy thêm ít nhất một dòng.")
    if any(cell.count < 1 for cell in blueprint):
        yield "blueprint", N_("Số câu của mỗi dòng phải từ 1 trở lên. Hãy sửa hoặc xóa dòng đó.")
    if len({(cell.topic, cell.level) for cell in blueprint}) < len(blueprint):
        yield "blueprint", N_("Có hai dòng cùng chuyên đề và mức độ. Hãy gộp lại thành một.")
    if not 1 <= rules.scheme.points_per_item <= 10_000:
        yield "points_per_item", N_("Điểm mỗi câu phải từ 0,01 đến 100.")


def _time_problems(rules: Rules) -> Iterator[Problem]:
    """Yield what is wrong with the time limit; where it was left blank, with what the items come to."""
    if not 0 <= rules.time_limit <= LONGEST_MINUTES:
        yield Problem(N_("Thời gian làm bài phải từ 1 đến 600 phút."), field="time_limit")
    elif rules.minutes > LONGEST_MINUTES:
        message = N_(
            "Để trống thời gian thì mỗi câu được %(each)d phút: %(items)d câu thành %(minutes)d phút, nhiều hơn mức cao"
            " nhất là %(longest)d phút. Hãy ghi thời gian làm bài, hoặc bớt số câu."
        )
        values = {
            "each": MINUTES_PER_ITEM, "items": rules.item_count, "minutes": rules.minutes,
            "longest": LONGEST_MINUTES,
        }  # fmt: skip
        yield Problem(message, values, field="time_limit")


def _sitting_faults(rules: Rules) -> Iterator[Fault]:
    if rules.late_start is not None and rules.late_start < 1:
        yield "late_start", N_("Số phút được vào muộn phải từ 1 trở lên; để trống nếu được vào đến giờ đóng.")
    if not 0 <= rules.grace_seconds <= 120:
        yield "grace_seconds", N_("Thời gian chờ đường truyền phải từ 0 đến 120 giây.")
    if not 0 <= rules.late_minutes <= 1_440:
        yield "late_minutes", N_("Thời hạn nhận bài gửi muộn vì mất mạng phải từ 0 đến 1440 phút.")
    if not 1 <= rules.attempts_allowed <= 50:
        yield "attempts_allowed", N_("Số lượt thi phải từ 1 đến 50.")


def _ranking_faults(rules: Rules) -> Iterator[Fault]:
    if len(set(rules.tie_breaks)) < len(rules.tie_breaks):
        yield "tie_breaks", N_("Một tiêu chí xếp hạng được chọn hai lần. Hãy chọn mỗi tiêu chí một lần.")
    named = {f"{PART}{part.name}" for part in rules.parts}
    if any(criterion.startswith(PART) and criterion not in named for criterion in rules.tie_breaks):
        yield (
            "tie_breaks",
            N_("Có tiêu chí xếp hạng theo một phần thi không có trong vòng này. Hãy chọn lại."),
        )
    if not rules.has_online and any(not criterion.startswith(PART) for criterion in rules.tie_breaks):
        yield "tie_breaks", N_("Vòng này không có bài trắc nghiệm. Hãy xếp hạng theo điểm của các phần thi.")
    # Ranks of different clusters cannot be compared, so a choice by rank needs ranks that span its scope.
    method, behind = rules.quota.method, rules.quota.reserves > 0
    by_rank = {Method.TOP: True, Method.THRESHOLD: behind, Method.PRIZE: behind, Method.MANUAL: False}
    if by_rank[method] and rules.rank_within not in (Scope.ROUND, rules.quota.scope):
        yield "rank_within", N_("Hãy xếp hạng trong toàn vòng hoặc trong đúng phạm vi chọn người đi tiếp.")


def _quota_faults(rules: Rules) -> Iterator[Fault]:
    quota = rules.quota
    if quota.method is Method.TOP and quota.top < 1:
        yield "quota", N_("Số người đi tiếp phải từ 1 trở lên.")
    if quota.method is Method.THRESHOLD and not 0 <= quota.cut_score <= _full_marks(rules):
        yield "cut_score", N_("Điểm để đi tiếp phải từ 0 đến điểm tối đa của đề.")
    if quota.reserves < 0:
        yield "reserves", N_("Số dự bị không thể âm.")
    if quota.method is Method.PRIZE and not quota.prizes:
        yield "going_prizes", N_("Hãy đánh dấu ít nhất một giải được đi tiếp.")
    if quota.method is Method.PRIZE and not set(quota.prizes) <= set(rules.prizes.personal):
        yield (
            "going_prizes",
            N_(
                "Có giải được đi tiếp không có trong cơ cấu giải trao cho cá nhân. Hãy sửa quy định chọn người đi tiếp,"
                " hoặc giữ tên giải ấy trong cơ cấu giải."
            ),
        )


def _prize_faults(rules: Rules) -> Iterator[Fault]:
    topics = frozenset(cell.topic for cell in rules.blueprint)
    names = frozenset(part.name for part in rules.parts)
    return prizes.faults(rules.prizes, rules.rank_within, _full_marks(rules), topics, names)


def _full_marks(rules: Rules) -> int:
    """Return the most points a ranking of these rules knows: of the paper, or of all parts joined."""
    return FULL_MARKS if rules.parts else rules.max_score
