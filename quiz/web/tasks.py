"""What is left to do for a contest or a round, as lines of a task list, each with the page where it is done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quiz.core.permissions import Permission
from quiz.core.timing import Phase
from quiz.services import appeals, awards, contests, packages, panel_checks, results, stage_points
from quiz.services.auth import Principal
from quiz.services.progress import Progress, is_overdue

State = tuple[str, str]  # words and tone of a tag
Lines = tuple[tuple[Permission, str, str, State], ...]  # who may, page, words, state


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: its words, its state in words and tone, and where it is done."""

    label: str
    status: str
    tone: str
    url: str = ""
    hint: str = ""


def stage_tasks(progress: Progress) -> list[Task]:
    """Return what is to be done in a stage, in the order it is usually done."""
    key, total = progress.stage.id, progress.rounds
    here = url_for("contests.stage", stage_id=key)
    tasks = [_rules_task(progress), _rounds_task(progress)]
    if total:
        opening = url_for("contests.open_all", stage_id=key) if progress.opened < total else here
        # In the first stage cells send people; later lists are filled by results.
        listing = url_for("registrations.index", stage_id=key) if progress.stage.ordinal == 1 else here
        tasks += [
            _hours_task(progress, here),
            _counted(_("Lập danh sách thí sinh"), progress.filled, total, listing),
            _counted(_("Mở vòng thi"), progress.opened, total, opening),
            _counted(_("Công bố kết quả chính thức"), progress.published, total, here),
        ]
    return tasks


def _rules_task(progress: Progress) -> Task:
    label = _("Đặt quy định và cấu trúc đề")
    if progress.stage.frozen_at is not None:
        return Task(label, _("Đã chốt"), "success", url_for("contests.stage", stage_id=progress.stage.id))
    url = url_for("contests.edit_stage", stage_id=progress.stage.id)
    if not progress.rules_are_usable:
        return Task(label, _("Chưa xong"), "warning", url)
    if progress.items_missing:
        short = ngettext("Thiếu %(num)d câu", "Thiếu %(num)d câu", progress.items_missing)
        return Task(
            label,
            short,
            "warning",
            url,
            _("Ngân hàng chưa đủ câu đã duyệt, còn hiệu lực cho cấu trúc đề này."),
        )
    return Task(label, _("Xong"), "success", url)


def _rounds_task(progress: Progress) -> Task:
    label, key = _("Lập vòng thi"), progress.stage.id
    if progress.rounds:
        count = ngettext("%(num)d vòng thi", "%(num)d vòng thi", progress.rounds)
        return Task(label, count, "success", url_for("contests.stage", stage_id=key))
    hint = _("Lập một lần cho mọi đơn vị trực thuộc, hoặc lập từng vòng ở trang của cấp thi.")
    return Task(label, _("Chưa có"), "warning", url_for("contests.for_each", stage_id=key), hint)


def _hours_task(progress: Progress, url: str) -> Task:
    label = _("Đặt giờ mở và giờ đóng")
    if not progress.overdue:
        return _counted(label, progress.timed, progress.rounds, url)
    passed = ngettext("%(num)d vòng đã qua giờ", "%(num)d vòng đã qua giờ", progress.overdue)
    hint = _("Vòng chưa mở mà giờ đã qua hoặc không còn đủ để làm bài. Hãy đặt lại giờ.")
    return Task(label, passed, "warning", url, hint)


def _counted(label: str, done: int, total: int, url: str) -> Task:
    if done == total:
        return Task(label, _("Xong"), "success", url)
    return Task(label, _("%(done)d trên %(total)d vòng", done=done, total=total), "neutral", url)


def round_tasks(
    contest_round: Any, entries: int, uncarded: int, now: int, may: Callable[[Permission], bool]
) -> list[Task]:
    """Return what is to be done for one round by its state `now`; a line is a link only for those who `may` do it.

    `entries` counts its contestants, `uncarded` those of them who have no card.
    """
    rules, phase = contests.rules_of(contest_round), contest_round.phase_at(now)
    cards = (Permission.CARD_ISSUE, "cards.index", _("Phát phiếu dự thi"), _carded(entries, uncarded))
    watch = (Permission.ROUND_MONITOR, "monitor.show", _("Theo dõi làm bài"), _sitting(phase))
    before, during = _staged(contest_round)
    lines = (
        (Permission.ROUND_RUN, "rounds.edit", _("Đặt giờ mở và giờ đóng"), _hours(contest_round, now)),
        (Permission.CONTEST_VIEW, "entries.index", _("Lập danh sách thí sinh"), _listed(entries)),
        *((cards,) if rules.needs_cards else ()),
        *before,
        (Permission.ROUND_RUN, "rounds.check", _("Kiểm tra và mở vòng thi"), _opened(phase)),
        *((watch,) if rules.has_online else ()),
        *during,
        (Permission.RESULT_VIEW, "results.preview", _("Xếp hạng và công bố"), _ranked(contest_round, phase)),
        *_awarded(contest_round),
    )
    return [
        Task(label, *state, url_for(page, round_id=contest_round.id) if may(permission) else "")
        for permission, page, label, state in lines
    ]


def _hours(contest_round: Any, now: int) -> State:
    if is_overdue(contest_round, now):
        return _("Cần đặt lại"), "warning"
    return (_("Đã đặt"), "success") if contest_round.window else (_("Chưa đặt"), "warning")


def _listed(entries: int) -> State:
    if not entries:
        return _("Chưa có ai"), "warning"
    return ngettext("%(num)d người", "%(num)d người", entries), "success"


def _carded(entries: int, uncarded: int) -> State:
    if not entries:
        return _("Chờ danh sách"), "neutral"
    if uncarded:
        return ngettext("Còn %(num)d người", "Còn %(num)d người", uncarded), "warning"
    return _("Đã phát đủ"), "success"


def _opened(phase: Phase) -> State:
    return (_("Chưa mở"), "warning") if phase is Phase.DRAFT else (_("Đã mở"), "success")


def _sitting(phase: Phase) -> State:
    if phase is Phase.OPEN:
        return _("Đang thi"), "info"
    return (_("Đã kết thúc"), "success") if phase is Phase.CLOSED else (_("Chưa đến giờ"), "neutral")


def _ranked(contest_round: Any, phase: Phase) -> State:
    kinds = {edition.kind for edition in contest_round.editions}
    if "final" in kinds:
        return _("Chính thức"), "success"
    if kinds:
        return _("Tạm thời"), "info"
    return (_("Chưa công bố"), "warning") if phase is Phase.CLOSED else (_("Chưa đến lúc"), "neutral")


def _staged(contest_round: Any) -> tuple[Lines, Lines]:
    """Return the lines about the stage before a round is opened and on its day, where the rules have judged parts."""
    found = panel_checks.readiness_of(contest_round)
    if found is None:
        return (), ()
    full = sum(panel.seated >= panel.wanted for panel in found.panels)
    state = (_("Đã đủ"), "success") if full == len(found.panels) else (_("Chưa đủ"), "warning")
    panels = (Permission.ROUND_RUN, "panels.show", _("Phân công ban chấm"), state)
    stage = (
        Permission.STAGE_RUN,
        "stage.index",
        _("Phần thi trên sân khấu"),
        _performed(contest_round, found.is_drawn),
    )
    return (panels,), (stage,)


def _performed(contest_round: Any, is_drawn: bool) -> State:
    if not is_drawn:
        return _("Chưa bốc thăm"), "neutral"
    left = stage_points.count_unsigned(contest_round)
    if left:
        return ngettext("Còn %(num)d lượt chưa ký", "Còn %(num)d lượt chưa ký", left), "info"
    return _("Đã ký hết"), "success"


def _awarded(contest_round: Any) -> Lines:
    """Return the line about prizes where the rules give any."""
    if contests.rules_of(contest_round).prizes.is_empty:
        return ()
    final, state = results.final_of(contest_round.id), (_("Chờ kết quả chính thức"), "neutral")
    if final is not None:
        closed = awards.list_of(final) is not None
        state = (_("Đã chốt"), "success") if closed else (_("Chưa chốt"), "warning")
    return ((Permission.RESULT_VIEW, "awards.of_round", _("Xét và chốt giải"), state),)


def next_steps(
    rounds: Sequence[Any], entries: Mapping[int, int], who: Principal, now: int
) -> dict[int, tuple[str, str]]:
    """Return by round id the (words, address) of what each waits for, for the rounds this person runs, and for who
    runs the stage those with a stage."""
    steps: dict[int, tuple[str, str]] = {}
    brought = packages.loaded_by_round(rounds)
    asked = appeals.open_by_round(r.id for r in rounds)
    for r in rounds:
        if asked.get(r.id) and who.may(Permission.RESULT_PUBLISH, r.unit):
            steps[r.id] = _to_appeals(r.id, asked[r.id])
        elif who.may(Permission.ROUND_RUN, r.unit):
            phase = r.phase_at(now)
            is_due_home = phase is Phase.CLOSED and r.id in brought
            steps[r.id] = _home(brought[r.id]) if is_due_home else _next(r, entries[r.id], now)
        elif who.may(Permission.STAGE_RUN, r.unit) and contests.rules_of(r).judged_parts:
            steps[r.id] = _to_stage(r)
    return steps


def _home(package_id: int) -> tuple[str, str]:
    return _("Lấy tệp kết quả mang về"), url_for("packages.show", package_id=package_id)


def _to_appeals(round_id: int, count: int) -> tuple[str, str]:
    words = ngettext("Trả lời %(num)d đơn phúc khảo", "Trả lời %(num)d đơn phúc khảo", count)
    return words, url_for("appeals.index", round_id=round_id)


def _to_stage(contest_round: Any) -> tuple[str, str]:
    return _("Phần thi trên sân khấu"), url_for("stage.index", round_id=contest_round.id)


def _next(contest_round: Any, entries: int, now: int) -> tuple[str, str]:
    phase = contest_round.phase_at(now)
    if is_overdue(contest_round, now):
        words, page = _("Đặt lại giờ thi"), "rounds.edit"
    elif phase is Phase.DRAFT and contest_round.window is None:
        words, page = _("Đặt giờ thi"), "rounds.edit"
    elif phase is Phase.DRAFT and not entries:
        words, page = _("Lập danh sách"), "entries.index"
    elif phase in (Phase.SCHEDULED, Phase.OPEN) and not contests.rules_of(contest_round).has_online:
        return _to_stage(contest_round)
    else:
        words, page = {
            Phase.DRAFT: (_("Kiểm tra và mở"), "rounds.check"),
            Phase.SCHEDULED: (_("Phát phiếu dự thi"), "cards.index"),
            Phase.OPEN: (_("Theo dõi làm bài"), "monitor.show"),
            Phase.CLOSED: (_("Xem xếp hạng"), "results.preview"),
        }[phase]
    return words, url_for(page, round_id=contest_round.id)
