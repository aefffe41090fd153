"""Which performances of a hall the server takes in: signed by two people, from sheets the rules allow, and only once.

Points are never taken over: they are computed again from the sheets and the clock.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from quiz.core.errors import N_
from quiz.core.judging import OnGap, PartPoints, Sheet, part_points, sheet_faults
from quiz.core.merging import Standing
from quiz.core.packages import MOST_INSTANT
from quiz.core.parts import Part
from quiz.core.running_order import running_order
from quiz.core.stage_lines import (
    MOST_TURNS,
    OrderLine,
    PerformanceLine,
    SheetLine,
    StaffLine,
    TurnLine,
    fingerprint,
)

MOST_USED = (1 << 31) - 1  # ms on a clock nobody stopped
MOST_SESSIONS = 50
MOST_LATE = 50  # people entered after the draw


class StageRefusal(StrEnum):
    """Why a performance of a hall is not taken in; it is listed for the board."""

    NOT_ENTERED = "stage_not_entered"
    WITHDRAWN = "stage_withdrawn"
    MARKED_HERE = "marked_here"
    OTHER_ORDER = "other_order"
    CHANGED = "stage_changed"
    TWICE = "stage_twice"
    BAD_PART = "bad_part"
    BAD_CLOCK = "bad_clock"
    BAD_PEOPLE = "bad_people"
    BAD_SHEETS = "bad_sheets"


STAGE_REASONS = {
    StageRefusal.NOT_ENTERED: N_("Người này không có trong danh sách dự thi của vòng trên máy chủ."),
    StageRefusal.WITHDRAWN: N_("Người này đã được rút tên trên máy chủ sau khi mang đề đi."),
    StageRefusal.MARKED_HERE: N_(
        "Máy chủ đã có đồng hồ hoặc phiếu chấm của lượt thi này. Ban Tổ chức quyết định tính bên nào."
    ),
    StageRefusal.OTHER_ORDER: N_(
        "Máy chủ đã bốc thăm một thứ tự khác và đã bắt đầu chấm theo thứ tự ấy. Ban Tổ chức quyết định tính bên nào."
    ),
    StageRefusal.CHANGED: N_("Lượt thi này đã nhập trước đây với nội dung khác."),
    StageRefusal.TWICE: N_("Trong tệp có hai lần cùng một lượt thi."),
    StageRefusal.BAD_PART: N_("Thể lệ không có phần thi này, hoặc người này không có trong thứ tự thi."),
    StageRefusal.BAD_CLOCK: N_("Giờ gọi, giờ thi, giờ kiểm hoặc giờ ký không hợp lệ."),
    StageRefusal.BAD_PEOPLE: N_("Người kiểm với người ký, hoặc hai người nhập một phiếu, là cùng một người."),
    StageRefusal.BAD_SHEETS: N_("Phiếu chấm không đúng tiêu chí, bước chấm hoặc số giám khảo của thể lệ."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageHere:
    """What the server has of a stage: contestants by code, what came with this package (fingerprints by contestant
    and part), what was begun here, and whether another order than the file's was drawn here."""

    parts: Mapping[str, Part]
    people: Mapping[str, Standing]
    brought: Mapping[tuple[str, str], str]
    begun: Collection[tuple[str, str]]
    has_other_order: bool


@dataclass(frozen=True, slots=True)
class StageMerge:
    """What would become of the performances of a sitting; `differing` (with what they earn here) are among the new
    ones and ought to be none."""

    new: tuple[PerformanceLine, ...] = ()
    known: tuple[PerformanceLine, ...] = ()
    refused: tuple[tuple[PerformanceLine, StageRefusal], ...] = ()
    differing: tuple[tuple[PerformanceLine, int], ...] = ()


def merge_stage(
    lines: Iterable[PerformanceLine], staff: Iterable[StaffLine], turns: Iterable[TurnLine], here: StageHere
) -> StageMerge:
    """Return what becomes of each performance; the same file again finds everything known."""
    new: list[PerformanceLine] = []
    known: list[PerformanceLine] = []
    refused: list[tuple[PerformanceLine, StageRefusal]] = []
    seen: set[tuple[str, str]] = set()
    refs, drawn = {one.ref for one in staff}, {one.person for one in turns}
    for line in lines:
        reason = StageRefusal.TWICE if line.key in seen else _refusal(line, refs, drawn, here)
        seen.add(line.key)
        if reason is not None:
            refused.append((line, reason))
        else:
            (known if line.key in here.brought else new).append(line)
    return StageMerge(tuple(new), tuple(known), tuple(refused), tuple(_differing(new, here.parts)))


def _differing(
    lines: Iterable[PerformanceLine], parts: Mapping[str, Part]
) -> Iterator[tuple[PerformanceLine, int]]:
    for line in lines:
        found = points_of(line, parts[line.part])
        if (found.points, found.deducted) != (line.points, line.deducted):
            yield line, found.points or 0


def _refusal(
    line: PerformanceLine, refs: Collection[int], drawn: Collection[str], here: StageHere
) -> StageRefusal | None:
    if line.key in here.brought:
        return None if here.brought[line.key] == fingerprint(line) else StageRefusal.CHANGED
    if line.part not in here.parts or line.person not in drawn:
        return StageRefusal.BAD_PART
    standing = here.people.get(line.person, Standing.NOT_ENTERED)
    if standing in (Standing.NOT_ENTERED, Standing.WITHDRAWN):
        return StageRefusal(f"stage_{standing.value}")
    if line.key in here.begun:
        return StageRefusal.MARKED_HERE
    if here.has_other_order:
        return StageRefusal.OTHER_ORDER
    return fault_of(line, here.parts[line.part], refs)


def fault_of(line: PerformanceLine, part: Part, refs: Collection[int]) -> StageRefusal | None:
    """Return what is wrong with a performance by itself, or None."""
    if not _is_timed(line, part):
        return StageRefusal.BAD_CLOCK
    if not _are_two(line) or not line.people <= set(refs):
        return StageRefusal.BAD_PEOPLE
    return None if _are_sheets(line, part) else StageRefusal.BAD_SHEETS


def _is_timed(line: PerformanceLine, part: Part) -> bool:
    went = (line.called_at, line.started_at, line.stopped_at, line.checked_at, line.signed_at)
    told = [instant for instant in went if instant is not None]
    if line.absent_reason:
        ended = line.started_at is None and line.stopped_at is None and line.used == 0
    elif line.started_at is None:
        ended = line.stopped_at is not None and line.used == 0 and not part.needs_clock
    else:
        ended = line.stopped_at is not None
    in_order = told == sorted(told) and told[0] > 0 and told[-1] < MOST_INSTANT
    return ended and in_order and 0 <= line.used <= MOST_USED


def _are_two(line: PerformanceLine) -> bool:
    keyers = ([typed.by for typed in sheet.typed] for sheet in line.sheets)
    return line.checked_by != line.signed_by and all(len(set(by)) == len(by) for by in keyers)


def _are_sheets(line: PerformanceLine, part: Part) -> bool:
    seats = [sheet.seat for sheet in line.sheets]
    most = part.judged_by.judges + (part.judged_by.on_gap is OnGap.THIRD)
    if len(set(seats)) < len(seats) or not all(1 <= seat <= most for seat in seats):
        return False
    by_head = line.decided is None or (
        part.judged_by.on_gap is OnGap.HEAD and 0 <= line.decided <= part.max_points
    )
    whole = all(_is_sheet(sheet, part) for sheet in line.sheets)
    return by_head and whole and points_of(line, part).points is not None


def _is_sheet(sheet: SheetLine, part: Part) -> bool:
    """Tell whether a sheet is whole, and its keyings and corrections lead to what it says now."""
    at_first = sheet.changes[0].before if sheet.changes else sheet.marks
    chain = [at_first, *(change.after for change in sheet.changes)]
    befores = [change.before for change in sheet.changes]
    if befores != chain[:-1] or chain[-1] != sheet.marks:
        return False
    numbers = [typed.number for typed in sheet.typed]
    if numbers != [1, 2][: len(numbers)] or len(numbers) > 2:
        return False
    if sheet.keyed_by is not None and [typed.marks for typed in sheet.typed] != [at_first, at_first]:
        return False
    instants = (sheet.saved_at, sheet.submitted_at, *(typed.keyed_at for typed in sheet.typed))
    dated = all(0 < at < MOST_INSTANT for at in instants) and 0 <= sheet.stamp < 1 << 62
    return dated and all(not [*sheet_faults(part.judged_by, marks)] for marks in chain)


def points_of(line: PerformanceLine, part: Part) -> PartPoints:
    """Return what a performance earns by its sheets and its clock; an absent contestant earns nothing."""
    if line.absent_reason:
        return PartPoints(None, 0)
    sheets = [Sheet(one.seat, sum(one.marks.values())) for one in line.sheets]
    return part_points(part.judged_by, sheets, line.used, part.minutes, line.decided)


# --- the running order --------------------------------------------------------------------------------------------


def is_drawn(order: OrderLine, turns: Sequence[TurnLine], may_be_late: Collection[str] = ()) -> bool:
    """Tell whether turns are what their seed gives.

    Of those who `may_be_late`, entered after the draw, the last may follow it in the last session.
    """
    if not 1 <= order.sessions <= MOST_SESSIONS or not 1 <= len(turns) <= MOST_TURNS:
        return False
    ordered = sorted(turns, key=lambda one: one.drawn)
    late = takewhile(lambda one: one.person in may_be_late, reversed(ordered))
    least = max(1, len(ordered) - min(MOST_LATE, sum(1 for _ in late)))
    return any(_is_draw_of(order, ordered, count) for count in range(len(ordered), least - 1, -1))


def _is_draw_of(order: OrderLine, ordered: Sequence[TurnLine], count: int) -> bool:
    drawn, late = ordered[:count], ordered[count:]
    groups: dict[str, list[int]] = defaultdict(list)
    for one in drawn:
        groups[one.group].append(one.number)
    again = [
        (turn.entry, turn.session, turn.place) for turn in running_order(groups, order.seed, order.sessions)
    ]
    last = [one.session == order.sessions for one in late]
    return again == [(one.number, one.session, one.place) for one in drawn] and all(last)
