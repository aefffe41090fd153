"""The way from nothing to an open contest: which steps are done, what each still lacks, and where that is mended.

Everything follows from counts. A gap that `stops` must be closed before the first round can open; the others should be
known. `place` names the page that mends it, for the stage with the id `stage` where it is a stage's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from quiz.core.errors import N_


class Step(StrEnum):
    """The steps in their order."""

    UNITS = "units"
    PEOPLE = "people"
    BANK = "bank"
    ROUNDS = "rounds"
    RULES = "rules"
    CHECK = "check"
    OPEN = "open"


class State(StrEnum):
    """How far a step has come."""

    DONE = "done"
    ADVISED = "advised"  # nothing stops the opening, something should be looked at
    MISSING = "missing"
    LATER = "later"  # its turn comes after another step


@dataclass(frozen=True, slots=True)
class StageFacts:
    """A stage in counts; `items_missing` are those the bank lacks, `breaches` units off their quota, `strangers` units
    with a quota of their own in no round, `plain` judged parts without criteria, `unseated` rounds whose panels lack
    judges, `overdue` rounds still to open in whose hours nobody could sit a whole paper any more."""

    id: int
    name: str
    is_first: bool
    rules_are_usable: bool
    has_online: bool = True
    items_missing: int = 0
    rounds: int = 0
    timed: int = 0
    filled: int = 0
    opened: int = 0
    silent_cells: int = 0
    breaches: int = 0
    strangers: int = 0
    by_group: bool = False
    plain: int = 0
    unseated: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """An installation, or one contest in it, in counts.

    `vacant` are cells with nobody on the roster and no reason given (`vacant_names` the first of them), `unstaffed`
    units that hold a round and have no organizer's account, `ungrouped` cells in no group, `waiting` items that nobody
    has approved yet. `stages` is None where there is no contest yet.
    """

    units: int = 0
    cells: int = 0
    people: int = 0
    vacant: int = 0
    vacant_names: tuple[str, ...] = ()
    unstaffed: int = 0
    ungrouped: int = 0
    items: int = 0
    waiting: int = 0
    stages: tuple[StageFacts, ...] | None = None

    @property
    def needs_items(self) -> bool:
        """Tell whether papers are to be drawn: not in a contest that is held on the stage alone."""
        return not self.stages or any(stage.has_online for stage in self.stages)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing a step lacks, as a sentence."""

    message: str
    values: Mapping[str, Any]
    place: str
    stops: bool = True
    stage: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A step with its state, its gaps, and what is already there as a sentence ("" when nothing is)."""

    step: Step
    state: State
    gaps: tuple[Gap, ...] = ()
    there: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def path_of(facts: Facts) -> list[Stretch]:
    """Return every step in order."""
    gaps = {step: tuple(find(facts)) for step, find in _GAPS.items()}
    found = []
    for step in Step:
        there, values = _there(step, facts)
        found.append(Stretch(step, _state(step, gaps), gaps[step], there, values))
    return found


def next_step(path: list[Stretch]) -> Stretch | None:
    """Return the first step that stops the opening, None when every round is open."""
    return next((one for one in path if one.state in (State.MISSING, State.LATER)), None)


def _stops(gaps: tuple[Gap, ...]) -> bool:
    return any(gap.stops for gap in gaps)


def _state(step: Step, gaps: Mapping[Step, tuple[Gap, ...]]) -> State:
    if not _stops(gaps[step]):
        return State.ADVISED if gaps[step] else State.DONE
    before = [other for other in Step if list(Step).index(other) < list(Step).index(step)]
    waits = step in (Step.CHECK, Step.OPEN) and any(_stops(gaps[other]) for other in before)
    return State.LATER if waits else State.MISSING


def _units(facts: Facts) -> Iterator[Gap]:
    if not facts.units + facts.cells:
        message = N_("Chưa có đơn vị nào. Hãy nhập cả đơn vị, chi bộ và nhân sự từ một tệp Excel theo mẫu.")
        yield Gap(message, {}, "roster")
    elif not facts.cells:
        yield Gap(N_("Chưa có chi bộ nào. Hãy nhập từ tệp Excel, hoặc thêm từng chi bộ."), {}, "units")


def _people(facts: Facts) -> Iterator[Gap]:
    if not facts.people:
        yield Gap(
            N_("Chưa có ai trong danh sách nhân sự. Hãy nhập bí thư các chi bộ từ tệp Excel."), {}, "roster"
        )
    elif facts.vacant:
        message = N_("Còn %(count)d chi bộ chưa có ai trong danh sách nhân sự: %(cells)s.")
        more = "; …" if facts.vacant > len(facts.vacant_names) else ""
        cells = "; ".join(facts.vacant_names) + more
        yield Gap(message, {"count": facts.vacant, "cells": cells}, "people", stops=False)
    if facts.unstaffed:
        message = N_(
            "Còn %(count)d đơn vị có vòng thi mà chưa có tài khoản Ban Tổ chức. Tạo được một lần cho mọi đơn vị."
        )
        yield Gap(message, {"count": facts.unstaffed}, "accounts", stops=False)


def _bank(facts: Facts) -> Iterator[Gap]:
    if not facts.needs_items:
        return
    if not facts.items:
        message = N_(
            "Ngân hàng chưa có câu hỏi nào đã duyệt để thi. Hãy nhập từ tệp Word, Excel và nhờ người duyệt."
        )
        yield Gap(message, {}, "bank")
    elif facts.waiting:
        message = N_("Có %(count)d câu hỏi đang chờ duyệt; câu chưa duyệt không vào đề thi.")
        yield Gap(message, {"count": facts.waiting}, "bank", stops=False)
    for stage in facts.stages or ():
        if stage.items_missing and not stage.opened:
            message = N_(
                "%(stage)s: còn thiếu %(count)d câu so với cấu trúc đề. Hãy duyệt thêm câu hoặc giảm số câu."
            )
            yield _of(stage, message, "pool", stage.is_first, count=stage.items_missing)


def _rounds(facts: Facts) -> Iterator[Gap]:
    if facts.stages is None:
        message = N_(
            "Chưa có cuộc thi. Hãy tạo từ một mẫu có sẵn, chép cuộc thi năm trước, hoặc tự đặt từ đầu."
        )
        yield Gap(message, {}, "contest")
    elif not facts.stages:
        yield Gap(N_("Cuộc thi chưa có cấp thi nào. Hãy thêm cấp thi đầu tiên."), {}, "stage")
    for stage in facts.stages or ():
        if not stage.rounds:
            yield _of(stage, N_("%(stage)s chưa có vòng thi."), "rounds", stage.is_first)
        elif stage.timed < stage.rounds:
            message = N_("%(stage)s: còn %(count)d vòng thi chưa đặt giờ mở và giờ đóng.")
            yield _of(stage, message, "hours", stage.is_first, count=stage.rounds - stage.timed)
        if stage.overdue:
            message = N_(
                "%(stage)s: có %(count)d vòng thi chưa mở mà giờ đã qua hoặc không đủ để làm bài. Hãy đặt lại giờ."
            )
            yield _of(stage, message, "hours", stage.is_first, count=stage.overdue)


def _rules(facts: Facts) -> Iterator[Gap]:
    for stage in facts.stages or ():
        if not stage.rules_are_usable:
            message = N_("%(stage)s: quy định chưa đủ để dùng. Hãy đặt cấu trúc đề và xem lại các mục.")
            yield _of(stage, message, "rules", stage.is_first)
        elif stage.plain and not stage.opened:
            message = N_("%(stage)s: còn %(count)d phần thi do giám khảo chấm chưa đặt tiêu chí.")
            yield _of(stage, message, "judging", False, count=stage.plain)
        if stage.strangers and stage.rounds and not stage.opened:
            message = N_(
                "%(stage)s: có %(count)d đơn vị có chỉ tiêu riêng nhưng không dự vòng thi nào của cấp này."
            )
            yield _of(stage, message, "rules", False, count=stage.strangers)
    if not facts.stages:
        yield Gap(N_("Quy định đặt theo từng cấp thi, nên cần có cuộc thi và cấp thi trước."), {}, "contest")


def _check(facts: Facts) -> Iterator[Gap]:
    for stage in facts.stages or ():
        if stage.is_first and stage.filled < stage.rounds:
            message = N_("%(stage)s: còn %(count)d vòng thi chưa có thí sinh.")
            yield _of(stage, message, "entries", count=stage.rounds - stage.filled)
        if stage.is_first and stage.silent_cells:
            message = N_("%(stage)s: còn %(count)d chi bộ chưa cử người và chưa ghi lý do.")
            yield _of(stage, message, "entries", False, count=stage.silent_cells)
        if stage.breaches:
            message = N_("%(stage)s: có %(count)d đơn vị chưa đúng chỉ tiêu số người dự thi hoặc dự bị.")
            yield _of(stage, message, "check", False, count=stage.breaches)
        if stage.unseated:
            message = N_("%(stage)s: còn %(count)d vòng thi chưa đủ giám khảo trong ban chấm.")
            yield _of(stage, message, "check", False, count=stage.unseated)
    if facts.ungrouped and any(stage.by_group and not stage.opened for stage in facts.stages or ()):
        message = N_("Quy định xếp theo khối mà còn %(count)d chi bộ chưa thuộc khối nào.")
        yield Gap(message, {"count": facts.ungrouped}, "groups", stops=False)
    if not any(stage.rounds for stage in facts.stages or ()):
        yield Gap(N_("Khi có vòng thi, ở đây kiểm tra danh sách thí sinh, giờ thi và câu hỏi."), {}, "")


def _open(facts: Facts) -> Iterator[Gap]:
    for stage in facts.stages or ():
        if stage.is_first and stage.opened < stage.rounds:
            message = N_(
                "%(stage)s: còn %(count)d vòng thi chưa mở. Khi mở, quy định và bộ câu hỏi được chốt."
            )
            yield _of(stage, message, "open", count=stage.rounds - stage.opened)
    if not any(stage.rounds for stage in facts.stages or ()):
        yield Gap(N_("Chưa có vòng thi nào để mở."), {}, "")


def _of(stage: StageFacts, message: str, place: str, stops: bool = True, **values: int) -> Gap:
    return Gap(message, {"stage": stage.name, **values}, place, stops, stage.id)


_GAPS = {
    Step.UNITS: _units,
    Step.PEOPLE: _people,
    Step.BANK: _bank,
    Step.ROUNDS: _rounds,
    Step.RULES: _rules,
    Step.CHECK: _check,
    Step.OPEN: _open,
}


def _there(step: Step, facts: Facts) -> tuple[str, dict[str, Any]]:
    stages = facts.stages or ()
    rounds, opened = sum(one.rounds for one in stages), sum(one.opened for one in stages)
    said: dict[Step, tuple[int, str, dict[str, Any]]] = {
        Step.UNITS: (
            facts.units + facts.cells,
            N_("%(units)d đơn vị, %(cells)d chi bộ."),
            {"units": facts.units, "cells": facts.cells},
        ),
        Step.PEOPLE: (facts.people, N_("%(count)d người trong danh sách."), {"count": facts.people}),
        Step.BANK: (facts.items, N_("%(count)d câu đã duyệt để thi."), {"count": facts.items}),
        Step.ROUNDS: (
            rounds,
            N_("%(stages)d cấp thi, %(rounds)d vòng thi."),
            {"stages": len(stages), "rounds": rounds},
        ),
        Step.OPEN: (
            opened,
            N_("%(opened)d trên %(rounds)d vòng thi đã mở."),
            {"opened": opened, "rounds": rounds},
        ),
    }
    number, message, values = said.get(step, (0, "", {}))
    return (message, values) if number else ("", {})
