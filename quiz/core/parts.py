"""The parts of a stage that mixes an online paper with parts judged on the stage, or has only the latter (R7).

A stage that names no parts is one online paper. How a judged part gets its points is said by quiz.core.judging.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from quiz.core import essays, judging
from quiz.core.errors import N_
from quiz.core.essays import EssayRule
from quiz.core.judging import Criterion, Judging

WHOLE = 100  # percent


class PartKind(StrEnum):
    """Who marks a part."""

    ONLINE = "online"  # the paper of the blueprint, marked by the key
    JUDGED = "judged"  # given points by judges


@dataclass(frozen=True, slots=True)
class Part:
    """One part in the order it is held.

    `max_points` are hundredths (an online part has those of its paper, and 0 here), `weight` its percent of the
    total, `minutes` what a contestant has for it (0: no limit, or that of the paper). `essay`: something is handed in
    before the day.
    """

    name: str
    kind: PartKind = PartKind.JUDGED
    max_points: int = 0
    weight: int = WHOLE
    minutes: int = 0
    judging: Judging = field(default_factory=Judging)
    essay: EssayRule | None = None

    @property
    def is_read_at_desk(self) -> bool:
        """Tell whether it is only written: handed in before and marked, so that nobody stands on the stage for it."""
        return self.essay is not None and not self.minutes

    @property
    def needs_clock(self) -> bool:
        """Tell whether the time taken may cost points, so that no turn ends without a clock."""
        return bool(self.minutes) and self.judging.over_time.costs

    @property
    def judged_by(self) -> Judging:
        """Return how judges mark it: where no criteria were declared, by one mark for the whole."""
        if self.judging.criteria:
            return self.judging
        return replace(self.judging, criteria=(Criterion(self.name, self.max_points),))


def from_list(data: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    """Return the parts stored as `data`; raise KeyError, TypeError or ValueError if it is something else."""
    return tuple(_part(part) for part in data)


def _part(data: Mapping[str, Any]) -> Part:
    kept = data.get("judging")
    judged = judging.from_dict(kept) if kept else Judging()
    asked = data.get("essay")
    essay = EssayRule(**asked) if asked else None
    return Part(**{**data, "kind": PartKind(data["kind"]), "judging": judged, "essay": essay})


def state_of(part: Part) -> dict[str, Any]:
    """Return the settings of a part as a form shows them: those of its judges and of its essay beside its own."""
    plain: dict[str, Any] = asdict(part)
    judged, essay = plain.pop("judging"), plain.pop("essay")
    asked = {"essay": essay is not None, **{f"essay_{name}": value for name, value in (essay or {}).items()}}
    return {**plain, **judged, **asked}


def has_online(parts: Sequence[Part]) -> bool:
    """Tell whether contestants sit a paper: without parts there is nothing else."""
    return not parts or any(part.kind is PartKind.ONLINE for part in parts)


def faults(parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) for whatever makes these parts unusable."""
    names = [part.name for part in parts]
    if not all(names):
        yield "parts", N_("Mỗi phần thi phải có tên. Hãy ghi tên, hoặc xóa hết dòng đó.")
    elif len(set(names)) < len(names):
        yield "parts", N_("Có hai phần thi cùng tên. Hãy đặt tên khác nhau.")
    if sum(part.kind is PartKind.ONLINE for part in parts) > 1:
        yield "parts", N_("Chỉ có một phần thi trắc nghiệm trên máy. Hãy sửa hình thức của phần còn lại.")
    if any(part.kind is PartKind.JUDGED and not 1 <= part.max_points <= 100_000 for part in parts):
        yield "parts", N_("Phần thi do giám khảo chấm phải có điểm tối đa, từ 0,01 đến 1000.")
    if any(not 0 <= part.minutes <= 600 for part in parts):
        yield "parts", N_("Thời gian của một phần thi phải từ 0 đến 600 phút; để trống nếu không giới hạn.")
    if parts and (any(part.weight < 1 for part in parts) or sum(part.weight for part in parts) != WHOLE):
        yield "parts", N_("Tỷ trọng của các phần thi phải từ 1% trở lên và cộng lại bằng 100%.")
    for part in parts:
        if part.kind is PartKind.JUDGED and part.name and part.max_points:
            yield from (("parts", said) for _, said in judging.faults(part.judged_by, part.max_points))
        if part.essay:
            yield from (("parts", said) for said in essays.faults(part.essay))
