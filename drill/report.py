"""What the drill says in the end: a table of its steps, what it found, and one JSON line for machines."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from drill.browser import Meter

# What a run must have met with, or it proves little.
TRIED = (
    "ties_decided", "unknown", "refused", "rightly_refused",
    "hall_sittings", "time_grants", "late_arrivals", "paper_entries", "imported_files",
    "over_times", "sheet_corrections", "ranks_by_part", "reserves_called",
)  # fmt: skip

Seconds = Sequence[tuple[str, float]]  # (step, seconds) in order
WANTED = {
    "cells": 293,
    "contestants": 264,
    "participation_percent": 90.1,
    "rounds": 24,
    "finalists": 22,
    "participation_page_differs": 0,
    "lost": 0,
    "altered": 0,
    "duplicated": 0,
    "late": 0,
    "attempts_wrong": 0,
    "never_closed": 0,
    "wrongly_accepted": 0,
    "rank_differences": 0,
    "judged_parts": 25,  # one in each commune, three at the district
    "judges": 71,  # three in each commune, five at the district
    "sheets": 1114,  # 264 before three and 22 in three parts before five, but for two who did not come
    "stage_rank_differences": 0,
    "sheets_lost": 0,
    "sheets_altered": 0,
    "stage_differs": 0,
    "ways_differ": 0,
    "http_5xx": 0,
}


def table(steps: Seconds, meter: Meter) -> str:
    """Return a line for each step: its seconds, requests, rate, and the median and slowest hundredth in ms."""
    lines = [
        f"{'step':<34}{'seconds':>9}{'requests':>10}{'per s':>8}{'p50 ms':>9}{'p99 ms':>9}{'unknown':>9}"
    ]
    for step, seconds in steps:
        of_step = [answer for answer in meter.answers if answer[0] == step]
        lines.append(_line(step, seconds, [(spent, status) for _, _, spent, status in of_step]))
    for kind in sorted({kind for _, kind, _, _ in meter.answers}):
        of_kind = [(spent, status) for _, known, spent, status in meter.answers if known == kind]
        lines.append(_line(f"  all of kind “{kind}”", None, of_kind))
    return "\n".join(lines)


def _line(name: str, seconds: float | None, answers: Sequence[tuple[float, int]]) -> str:
    spent = [each for each, status in answers if status]
    unknown = sum(not status for _, status in answers)
    rate = f"{len(answers) / seconds:.0f}" if seconds else ""
    middle, slow = (f"{quantile(spent, q) * 1000:.0f}" if spent else "" for q in (0.5, 0.99))
    time = f"{seconds:.1f}" if seconds is not None else ""
    return f"{name:<34}{time:>9}{len(answers):>10}{rate:>8}{middle:>9}{slow:>9}{unknown:>9}"


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def traffic(meter: Meter) -> dict[str, Any]:
    """Return how much was asked, how often the server failed, and how long a save took."""
    saves = [spent for _, kind, spent, status in meter.answers if kind == "save" and status]
    return {
        "requests": len(meter.answers),
        "http_5xx": sum(status >= 500 for *_, status in meter.answers),
        "save_p50_ms": round(quantile(saves, 0.5) * 1000),
        "save_p99_ms": round(quantile(saves, 0.99) * 1000),
    }


def failures(figures: Mapping[str, Any]) -> list[str]:
    """Return the figures that are not what they must be."""
    wanted = WANTED | {"killed": figures["kill"]}
    found = [
        f"{name} is {figures[name]}, must be {value}"
        for name, value in wanted.items()
        if figures[name] != value
    ]
    found += [f"{name} is 0: it has not been tried" for name in TRIED if not figures[name]]
    return found


def last_line(figures: Mapping[str, Any]) -> str:
    """Return the figures as one JSON object on one line."""
    return json.dumps(figures, ensure_ascii=False)
