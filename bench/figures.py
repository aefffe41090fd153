"""What the windows amount to: each figure beside its target."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.viewers import Pair
from bench.windows import Step, Window

SIZES = (264, 10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Ratio:
    """One step's rate as a multiple of another's in the same round; `target` is what it must reach, or keep under
    when `at_most`; None: no target."""

    name: str
    step: str
    base: str
    target: float | None = None
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the answer: the median and range over rounds, and whether the target is met (None: no target)."""

    name: str
    value: float
    low: float
    high: float
    target: str
    met: bool | None


def ranking(size: int) -> str:
    """Return the name of the step that asks for a ranking of that size."""
    return f"ranking {size:,}"


SAVE = Ratio("save ÷ Flask hello (reach for 0.40)", "save", "hello", 0.30)
RATIOS = (
    Ratio("save ÷ the plain ORM way", "save", "save, plain", 2.5),
    Ratio("start ÷ the plain way", "start", "start, plain", 4.0),
    Ratio("card sign-in ÷ PIN (argon2) sign-in", "sign in by QR", "sign in by PIN", 10.0),
    Ratio(
        "ranking page: cost at 1,000,000 ÷ at 10,000", ranking(10_000), ranking(1_000_000), 1.25, at_most=True
    ),
    Ratio("start ÷ Flask hello", "start", "hello"),
    Ratio("card sign-in ÷ Flask hello", "sign in by QR", "hello"),
    Ratio("PIN sign-in ÷ Flask hello", "sign in by PIN", "hello"),
    Ratio("submit ÷ Flask hello", "submit", "hello"),
    *(Ratio(f"ranking page at {size:,} ÷ Flask hello", ranking(size), "hello") for size in SIZES),
)


def ratios_of(steps: Mapping[str, Step]) -> list[Figure]:
    """Return every ratio whose two steps were measured."""
    known = [ratio for ratio in RATIOS if ratio.step in steps and ratio.base in steps]
    pairs = {ratio: zip(steps[ratio.step].windows, steps[ratio.base].windows, strict=True) for ratio in known}
    return [_figure(ratio, _rates(list(pairs[ratio]))) for ratio in known]


def save_of(pairs: Sequence[tuple[Window, Window]]) -> list[Figure]:
    """Return what a save costs beside bare Flask, by windows that follow each other."""
    return [_figure(SAVE, _rates(pairs))] if pairs else []


def _rates(pairs: Sequence[tuple[Window, Window]]) -> list[float]:
    """Return the ratio of each pair of sound windows; of every pair if there is none such."""
    sound = [pair for pair in pairs if all(window.is_sound for window in pair)]
    return [one.load.rate / other.load.rate for one, other in sound or pairs if other.load.rate]


def _figure(ratio: Ratio, values: Sequence[float]) -> Figure:
    value = median(values)
    met = (
        None if ratio.target is None else (value <= ratio.target if ratio.at_most else value >= ratio.target)
    )
    target = "" if ratio.target is None else f"{'≤' if ratio.at_most else '≥'} {_short(ratio.target)}"
    return Figure(ratio.name, value, min(values), max(values), target, met)


def viewers_of(pairs: Sequence[Pair]) -> list[Figure]:
    """Return what is left of the saves while ten people look at the duty board."""
    ratio = Ratio("save with 10 viewers of the duty board ÷ without", "watched", "alone", 0.90)
    values = [pair.watched / pair.alone for pair in pairs if pair.alone]
    return [_figure(ratio, values)] if values else []


def writers_of(windows: Mapping[int, Sequence[Window]]) -> list[Figure]:
    """Return the failed saves of 64 writers for each number of workers, and how far the tail is from the middle."""
    found = []
    for workers, seen in windows.items():
        failed, saves = sum(window.failed for window in seen), sum(window.load.accepted for window in seen)
        name = f"failed of {saves:,} saves, 64 writers, {workers} workers"
        found.append(Figure(name, failed, failed, failed, "0", failed == 0))
        tails = [window.load.p99 / window.load.p50 for window in seen]
        target, met = ("≤ 8", median(tails) <= 8) if workers == 2 else ("", None)
        name = f"save p99 ÷ p50, {workers} workers"
        found.append(Figure(name, median(tails), min(tails), max(tails), target, met))
    return found


def table(figures: Sequence[Figure], steps: Mapping[str, Step]) -> str:
    """Return the figures and then the steps, a line each."""
    lines = [f"{'figure':<52}{'value':>8}  {'range':<16}{'target':>8}  "]
    for figure in figures:
        verdict = {None: "", True: "met", False: "NOT MET"}[figure.met]
        spread = f"{_short(figure.low)}–{_short(figure.high)}"
        lines.append(f"{figure.name:<52}{_short(figure.value):>8}  {spread:<16}{figure.target:>8}  {verdict}")
    lines += [
        "",
        f"{'step':<22}{'per s':>8}{'range':>14}{'p50 ms':>9}{'p99 ms':>9}{'windows':>9}{'unsound':>8}",
    ]
    return "\n".join([*lines, *(_step_line(step) for step in steps.values())])


def _short(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.3f}" if abs(value) < 1 else f"{value:.2f}"


def _step_line(step: Step) -> str:
    its = summary(step)
    spread = f"{min(its['rates']):.0f}–{max(its['rates']):.0f}"
    return (
        f"{step.name:<22}{its['rate']:>8.0f}{spread:>14}{its['p50']:>9.1f}{its['p99']:>9.1f}"
        f"{len(its['rates']):>9}{its['unsound']:>8}"
    )


def summary(step: Step) -> dict[str, Any]:
    """Return the medians over a step's windows: accepted answers a second and latencies in ms."""
    sound = [window for window in step.windows if window.is_sound] or step.windows
    return {
        "rate": round(median(window.load.rate for window in sound), 1),
        "p50": round(median(window.load.p50 for window in sound), 2),
        "p99": round(median(window.load.p99 for window in sound), 2),
        "rates": [round(window.load.rate, 1) for window in step.windows],
        "cpu": [[round(spent, 2) for spent in window.cpu] for window in step.windows],
        "connections": [list(window.held) for window in step.windows],
        "unsound": sum(not window.is_sound for window in step.windows),
        "failed": sum(window.failed for window in step.windows),
    }


def last_line(conditions: Mapping[str, Any], figures: Sequence[Figure], steps: Mapping[str, Step]) -> str:
    """Return everything as one JSON object on one line."""
    answer = {
        **conditions,
        "figures": {
            figure.name: {
                "value": round(figure.value, 3),
                "range": [round(figure.low, 3), round(figure.high, 3)],
                "target": figure.target,
                "met": figure.met,
            }
            for figure in figures
        },
        "steps": {name: summary(step) for name, step in steps.items()},
    }
    return json.dumps(answer, ensure_ascii=False)
