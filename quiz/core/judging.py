"""From judges' sheets to the points of one contestant in one judged part (R38–R41).

All points are whole hundredths; a mean is an exact fraction until it is rounded once, half up, to the decimals the
rules declare. A judge is named by the seat on the panel, 1 to n, never by a row of the database.

No regulation of a cell secretary contest that could be read says how many judges sit or whether extremes are dropped,
so each is a declared setting. The menu follows neighbouring contests: two markers whose marks differ by a set gap are
followed by a third marking that decides (an official test regulation: 20 points of 100).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from itertools import chain
from typing import Any

from quiz.core.errors import N_
from quiz.core.over_time import OverTime, deduction
from quiz.core.over_time import faults as over_time_faults
from quiz.core.over_time import from_dict as over_time_from_dict

FEWEST_TO_DROP = 3  # of fewer sheets nothing would be left between the highest and the lowest


class Averaging(StrEnum):
    """How the judges' marks become one."""

    MEAN = "mean"
    DROP_EXTREMES = "drop_extremes"  # one highest and one lowest are left out, from `drop_from` sheets upward


class OnGap(StrEnum):
    """What follows when two judges' marks lie `gap` or more apart."""

    NOTICE = "notice"  # the panel is told; the average stands
    THIRD = "third"  # one more marking decides
    HEAD = "head"  # the head judge decides, with a reason


class Missing(StrEnum):
    """What holds when a judge of the panel gave no sheet."""

    WAIT = "wait"  # no points until every sheet is there
    PRESENT = "present"  # the average of those who were there


class Waits(StrEnum):
    """Why a part has no points yet."""

    SHEETS = "sheets"
    THIRD = "third"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a judge gives points for: 0 to `max_points` in steps of `step`, all hundredths."""

    name: str
    max_points: int
    step: int = 25


@dataclass(frozen=True, slots=True)
class Judging:
    """How a part is judged. `gap` (hundredths, 0: none) is looked for among the sheets that count at first."""

    criteria: tuple[Criterion, ...] = ()
    judges: int = 3
    averaging: Averaging = Averaging.MEAN
    drop_from: int = 5
    gap: int = 0
    on_gap: OnGap = OnGap.NOTICE
    missing: Missing = Missing.WAIT
    over_time: OverTime = field(default_factory=OverTime)
    decimals: int = 2

    @property
    def max_points(self) -> int:
        """Return the points of a faultless performance."""
        return sum(criterion.max_points for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one judge gave in all: the seat on the panel (one past the last: the third marking) and the points."""

    seat: int
    points: int


@dataclass(frozen=True, slots=True)
class PartPoints:
    """What a part earns and why: `sum` of the `counted` seats' points over their number, less `deducted`.

    `points` is None while something is waited for. `gap` is the widest difference found between two sheets.
    `by_head`: the points are the head judge's decision, not an average; `by_third`: those of a third marking.
    """

    waits: Waits | None
    points: int | None = None
    counted: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    sum: int = 0
    deducted: int = 0
    gap: int = 0
    by_head: bool = False
    by_third: bool = False


def sheet_faults(judging: Judging, marks: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield (criterion, sentence) for whatever keeps these marks from being a whole sheet."""
    for criterion in judging.criteria:
        points = marks.get(criterion.name)
        if points is None:
            yield criterion.name, N_("Tiêu chí này chưa có điểm. Hãy cho điểm, kể cả điểm 0.")
        elif not 0 <= points <= criterion.max_points:
            yield criterion.name, N_("Điểm phải từ 0 đến điểm tối đa của tiêu chí. Hãy sửa lại.")
        elif points % criterion.step and points != criterion.max_points:
            yield criterion.name, N_("Điểm không đúng bước chấm của tiêu chí. Hãy chọn mức gần nhất.")
    for name in marks.keys() - {criterion.name for criterion in judging.criteria}:
        yield name, N_("Phiếu chấm này có tiêu chí không nằm trong thể lệ. Hãy bỏ tiêu chí đó.")


def part_points(
    judging: Judging, sheets: Sequence[Sheet], used: int | None, minutes: int, decided: int | None = None
) -> PartPoints:
    """Return what a part earns.

    `used` is the time taken in ms (None: not timed), `minutes` the limit, `decided` the points the head judge gave
    where the rules ask for it. The order of `sheets` is of no account.
    """
    panel = sorted((one for one in sheets if one.seat <= judging.judges), key=lambda one: one.seat)
    gap = _gap(panel)
    if not panel or (len(panel) < judging.judges and judging.missing is Missing.WAIT):
        return PartPoints(Waits.SHEETS, gap=gap)
    less = deduction(judging.over_time, used, minutes)
    if not judging.gap or gap < judging.gap or judging.on_gap is OnGap.NOTICE:
        return _averaged(judging, panel, less, gap)
    if judging.on_gap is OnGap.HEAD:
        if decided is None:
            return PartPoints(Waits.HEAD, gap=gap)
        points = rounded(Fraction(max(0, decided - less)), judging.decimals)
        return PartPoints(None, points, sum=decided, deducted=less, gap=gap, by_head=True)
    third = [one for one in sheets if one.seat == judging.judges + 1]
    if not third:
        return PartPoints(Waits.THIRD, gap=gap)
    return replace(_averaged(judging, third, less, gap), by_third=True)


def _gap(panel: Sequence[Sheet]) -> int:
    points = [one.points for one in panel]
    return max(points) - min(points) if points else 0


def _averaged(judging: Judging, sheets: Sequence[Sheet], less: int, gap: int) -> PartPoints:
    dropped = _extremes(judging, sheets)
    counted = [one for one in sheets if one.seat not in dropped]
    whole = sum(one.points for one in counted)
    points = rounded(max(Fraction(0), Fraction(whole, len(counted)) - less), judging.decimals)
    return PartPoints(None, points, tuple(one.seat for one in counted), dropped, whole, less, gap)


def _extremes(judging: Judging, sheets: Sequence[Sheet]) -> tuple[int, ...]:
    """Return the seats left out. Of equal marks it is the first seat's: which one it is changes no mean."""
    enough = max(judging.drop_from, FEWEST_TO_DROP)
    if judging.averaging is not Averaging.DROP_EXTREMES or len(sheets) < enough:
        return ()
    lowest = min(sheets, key=lambda one: (one.points, one.seat))
    others = [one for one in sheets if one is not lowest]
    highest = max(others, key=lambda one: (one.points, -one.seat))
    return tuple(sorted((lowest.seat, highest.seat)))


def rounded(value: Fraction, decimals: int) -> int:
    """Return `value` (hundredths) to so many decimals of a point, 0 to 2, half up, in hundredths."""
    step: int = 10 ** (2 - decimals)
    return math.floor(value / step + Fraction(1, 2)) * step


def faults(judging: Judging, max_points: int) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) for whatever makes the judging of a part of `max_points` unusable."""
    yield from chain(
        _criteria_faults(judging, max_points),
        _panel_faults(judging),
        _gap_faults(judging, max_points),
        over_time_faults(judging.over_time, max_points),
    )


def _criteria_faults(judging: Judging, max_points: int) -> Iterator[tuple[str, str]]:
    names = [criterion.name for criterion in judging.criteria]
    if not names or not all(names) or len(set(names)) < len(names):
        yield (
            "criteria",
            N_("Mỗi phần thi cần ít nhất một tiêu chí chấm; tiêu chí phải có tên, không trùng nhau."),
        )
    if any(not 0 < one.step <= one.max_points for one in judging.criteria):
        yield "criteria", N_("Bước chấm phải lớn hơn 0 và không quá điểm tối đa của tiêu chí.")
    if judging.criteria and judging.max_points != max_points:
        yield (
            "criteria",
            N_(
                "Điểm tối đa các tiêu chí cộng lại phải bằng điểm tối đa của phần thi. Đổi cả hai ở trang Cách chấm"
                " của phần thi."
            ),
        )


def _panel_faults(judging: Judging) -> Iterator[tuple[str, str]]:
    if not 1 <= judging.judges <= 15:
        yield "judges", N_("Số giám khảo phải từ 1 đến 15.")
    if judging.averaging is Averaging.DROP_EXTREMES and not FEWEST_TO_DROP <= judging.drop_from <= 15:
        yield "drop_from", N_("Chỉ bỏ điểm cao nhất và thấp nhất khi có từ 3 giám khảo trở lên.")
    elif judging.averaging is Averaging.DROP_EXTREMES and judging.drop_from > judging.judges:
        yield (
            "drop_from",
            N_("Số phiếu để bỏ điểm cao nhất và thấp nhất không được nhiều hơn số giám khảo."),
        )
    if not 0 <= judging.decimals <= 2:
        yield "decimals", N_("Số chữ số thập phân phải từ 0 đến 2.")


def _gap_faults(judging: Judging, max_points: int) -> Iterator[tuple[str, str]]:
    if judging.gap > max_points:
        yield "gap", N_("Mức chênh lệch không được quá điểm tối đa của phần thi.")
    if judging.on_gap is not OnGap.NOTICE and judging.gap < 1:
        yield "gap", N_("Hãy ghi mức chênh lệch từ đó phải chấm lần ba hoặc Trưởng ban Giám khảo quyết định.")
    if judging.on_gap is OnGap.THIRD and judging.judges != 2:
        yield "gap", N_("Chấm lần ba chỉ dùng khi có hai người chấm độc lập.")


def from_dict(data: Mapping[str, Any]) -> Judging:
    """Return the judging stored as `data`; raise KeyError, TypeError or ValueError if it is something else."""
    return Judging(
        **{
            **data,
            "criteria": tuple(Criterion(**one) for one in data["criteria"]),
            "averaging": Averaging(data["averaging"]),
            "on_gap": OnGap(data["on_gap"]),
            "missing": Missing(data["missing"]),
            "over_time": over_time_from_dict(data["over_time"]),
        }
    )
