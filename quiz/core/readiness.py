"""Whether a round can be opened: what stops it, and what its board should know before pressing the button.

`Facts` holds what has been counted; every problem's `field` names the page that mends it: rules, window, pool,
entries or units, and those of quiz.core.panel_checks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from quiz.core import panel_checks
from quiz.core import rules as rulebook
from quiz.core.errors import N_, Problem
from quiz.core.panel_checks import StageReadiness
from quiz.core.papers import Shortfall
from quiz.core.promotion import Method, Scope
from quiz.core.rules import Rules
from quiz.core.timing import MINUTE, Window

SHORT = {
    "": N_(
        "Chuyên đề “%(topic)s”: cần %(wanted)d câu, chỉ có %(available)d. Hãy duyệt thêm câu hoặc giảm số câu."
    ),
    "remember": N_(
        "Chuyên đề “%(topic)s”, mức nhận biết: cần %(wanted)d câu, chỉ có %(available)d."
        " Hãy duyệt thêm câu hoặc giảm số câu."
    ),
    "understand": N_(
        "Chuyên đề “%(topic)s”, mức thông hiểu: cần %(wanted)d câu, chỉ có %(available)d."
        " Hãy duyệt thêm câu hoặc giảm số câu."
    ),
    "apply": N_(
        "Chuyên đề “%(topic)s”, mức vận dụng: cần %(wanted)d câu, chỉ có %(available)d."
        " Hãy duyệt thêm câu hoặc giảm số câu."
    ),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a round before it opens.

    `shortfalls` carry topic titles for people; `entries` are those not withdrawn, `silent_cells` send nobody and
    give no reason, `clustered` and `unclustered` are units with a cluster and without, `ungrouped` entries without a
    group, `rivals` the names of rounds that some of the same people sit at the same time, `breaches` the units that
    send more or fewer people than was laid down, `strangers` the names of units with a quota of their own that no
    round of the stage covers. `stage` is what is known of judged parts, None without any.
    """

    rules: Rules
    window: Window | None
    shortfalls: tuple[Shortfall, ...] = ()
    entries: int = 0
    silent_cells: int = 0
    clustered: int = 0
    unclustered: int = 0
    ungrouped: int = 0
    rivals: tuple[str, ...] = ()
    breaches: tuple[Problem, ...] = ()
    strangers: tuple[str, ...] = ()
    stage: StageReadiness | None = None


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stops a round from being opened, and what does not but should be known."""

    blockers: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Tell whether nothing stops the opening."""
        return not self.blockers


def readiness_of(facts: Facts, now: int) -> Readiness:
    """Return what stops a round from being opened now, and what its board should know."""
    stops = [*_rule_stops(facts), *window_stops(facts.window, facts.rules, now), *_entry_stops(facts)]
    return Readiness(tuple(stops), tuple(_warnings(facts, now)))


def window_stops(window: Window | None, rules: Rules, now: int) -> Iterator[Problem]:
    """Yield why nobody could sit a whole paper in this window from now on."""
    if window is None:
        yield Problem(N_("Chưa có giờ mở và giờ đóng. Hãy đặt giờ cho vòng thi."), field="window")
    elif window.closes_at <= now:
        yield Problem(N_("Giờ đóng đã qua. Hãy đặt lại giờ cho vòng thi."), field="window")
    elif rules.late_start is not None and now > window.opens_at + rules.late_start * MINUTE:
        message = N_("Đã quá %(minutes)d phút được vào muộn kể từ giờ mở. Hãy đặt lại giờ cho vòng thi.")
        yield Problem(message, {"minutes": rules.late_start}, field="window")
    elif not rules.full_time_for_late and _minutes_left(window, now) < rules.minutes:
        message = N_(
            "Từ lúc vào thi đến giờ đóng chỉ có %(there)d phút, không đủ %(needed)d phút làm bài."
            " Hãy lùi giờ đóng hoặc giảm thời gian làm bài."
        )
        values = {"there": _minutes_left(window, now), "needed": rules.minutes}
        yield Problem(message, values, field="window")


def _minutes_left(window: Window, now: int) -> int:
    return (window.closes_at - max(window.opens_at, now)) // MINUTE


def _rule_stops(facts: Facts) -> Iterator[Problem]:
    for problem in rulebook.check(facts.rules):
        yield Problem(problem.message, problem.values, field="rules")
    for gap in facts.shortfalls:
        values = {"topic": gap.topic, "wanted": gap.wanted, "available": gap.available}
        yield Problem(SHORT[gap.level], values, field="pool")


def _entry_stops(facts: Facts) -> Iterator[Problem]:
    if facts.entries == 0:
        yield Problem(N_("Chưa có ai dự thi. Hãy lập danh sách thí sinh."), field="entries")
    if _uses(facts.rules, Scope.CLUSTER) and facts.unclustered:
        yield _left_out_of_clusters(facts)


def _left_out_of_clusters(facts: Facts) -> Problem:
    message = N_("Còn %(count)d đơn vị chưa ghi thuộc cụm nào. Hãy ghi tên cụm cho từng đơn vị.")
    return Problem(message, {"count": facts.unclustered}, field="units")


def _uses(rules: Rules, scope: Scope) -> bool:
    counted_within = rules.quota.scope is scope and rules.quota.method is not Method.MANUAL
    return counted_within or rules.rank_within is scope


def _warnings(facts: Facts, now: int) -> Iterator[Problem]:
    if facts.window is not None:
        yield from _window_warnings(facts.window, facts.rules, now)
    if facts.silent_cells:
        message = N_("Còn %(count)d chi bộ chưa có người dự thi và chưa ghi lý do.")
        yield Problem(message, {"count": facts.silent_cells}, field="entries")
    if facts.clustered and facts.unclustered and not _uses(facts.rules, Scope.CLUSTER):
        yield _left_out_of_clusters(facts)
    if _uses(facts.rules, Scope.GROUP) and facts.ungrouped:
        message = N_("Còn %(count)d thí sinh chưa thuộc khối nào; họ sẽ được xếp chung một khối riêng.")
        yield Problem(message, {"count": facts.ungrouped}, field="entries")
    yield from facts.breaches
    for unit in facts.strangers:
        message = N_(
            "%(unit)s có chỉ tiêu riêng nhưng không dự vòng thi nào của cấp thi này. Hãy sửa chỉ tiêu."
        )
        yield Problem(message, {"unit": unit}, field="rules")
    if facts.stage is not None:
        yield from panel_checks.warnings(facts.stage)
    for name in facts.rivals:
        message = N_("Có thí sinh cũng dự vòng thi “%(name)s” diễn ra cùng lúc. Hãy xem lại giờ thi.")
        yield Problem(message, {"name": name}, field="window")


def _window_warnings(window: Window, rules: Rules, now: int) -> Iterator[Problem]:
    if window.opens_at < now < window.closes_at:
        message = N_("Giờ mở đã qua: thí sinh vào thi được ngay sau khi bạn mở vòng thi.")
        yield Problem(message, field="window")
    if rules.late_start is None or rules.full_time_for_late:
        return
    left = (window.closes_at - window.opens_at) // MINUTE - rules.late_start
    if left < rules.minutes:
        message = N_("Người vào muộn %(late)d phút chỉ còn %(left)d phút làm bài.")
        yield Problem(message, {"late": rules.late_start, "left": max(0, left)}, field="window")
