"""Where a round or a stage stands, as plain text to paste into a chat group."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from quiz.core.presence import Presence
from quiz.services.boards import Counts
from quiz.web.formatting import date_text, percent_text, time_text

UNITS = 40  # units still waiting for somebody that the text names


def stage_summary(title: str, total: Counts, units: Sequence[tuple[Any, Counts]], now: int) -> str:
    """Return the figures of a stage and the units that still wait for somebody."""
    return "\n".join([*_figures(title, total, now), *_waiting_units(units)])


def round_summary(
    title: str, counts: Counts, units: Sequence[tuple[Any, Counts]], missing: Sequence[tuple[str, str]], now: int
) -> str:  # fmt: skip
    """Return the figures of a round, and by name or by unit who has not begun."""
    lines = _figures(title, counts, now)
    if counts.not_started > len(missing):
        return "\n".join([*lines, *_waiting_units(units)])
    if missing:
        lines.append(_("Các đồng chí chưa vào làm bài:"))
        lines += [f"  {name} – {cell}" for cell, name in missing]
    return "\n".join(lines)


def _figures(title: str, counts: Counts, now: int) -> list[str]:
    handed_in, waiting = counts[Presence.HANDED_IN], counts.not_started
    lines = [
        _("%(title)s, lúc %(time)s ngày %(date)s:", title=title, time=time_text(now)[:5], date=date_text(now)),
        _("- Có tên dự thi: %(count)d", count=counts.entered),
        _("- Đã vào làm bài: %(share)s", share=_share(counts.started, counts.entered)),
        _("- Đã nộp bài: %(share)s", share=_share(handed_in, counts.entered)),
        _("- Chưa vào làm bài: %(share)s", share=_share(waiting, counts.entered)),
    ]  # fmt: skip
    if counts[Presence.ON_PAPER]:
        lines.append(_("- Đang làm bài trên giấy: %(count)d", count=counts[Presence.ON_PAPER]))
    if counts.absent:
        lines.append(_("- Chi bộ không có thí sinh: %(count)d", count=counts.absent))
    return lines


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({percent_text(part, whole)})"


def _waiting_units(units: Sequence[tuple[Any, Counts]]) -> list[str]:
    waiting = [(unit, counts) for unit, counts in units if counts.not_started]
    if not waiting:
        return []
    lines = [_("Đơn vị còn người chưa vào làm bài (đã vào/có tên):")]
    lines += [f"  {unit.title}: {counts.started}/{counts.entered}" for unit, counts in waiting[:UNITS]]
    if len(waiting) > UNITS:
        lines.append(_("  và %(count)d đơn vị khác.", count=len(waiting) - UNITS))
    return lines
