"""Drawings of plain numbers as SVG: a title and a description to be read aloud, classes for colours, no style of
their own and no script; the page puts a table of the same numbers under each.

A drawing is WIDTH units wide; long words are cut there and stand whole in the table.
"""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import NamedTuple

WIDTH = 720
LABEL, NAME = 240, 27  # units and letters for the names at the left
VALUE, LETTER = 140, 8  # units for the numbers at the right at least; for one of their letters at most
LINE = 26
LEFT, RIGHT, TOP, PLOT, FOOT = 64, 16, 14, 240, 46  # around a plot with axes

NumberText = Callable[[int], str]  # how a whole number is written in the table under the drawing


class BarRow(NamedTuple):
    """One bar: its name, the number as people read it, its share of the whole, and perhaps a mark to compare with."""

    label: str
    value: str
    share: float
    mark: float | None = None


class Line(NamedTuple):
    """One line of a plot: its name and its points (across from 0 to 1, number)."""

    name: str
    points: Sequence[tuple[float, int]]


class HeatCell(NamedTuple):
    """One field of a heat map: its words, and how far it is from the middle, -2 to 2; None: too little to say."""

    text: str
    step: int | None


def bars(key: str, title: str, told: str, rows: Sequence[BarRow]) -> str:
    """Return bars lying across, one under the other."""
    room = WIDTH - LABEL - max(VALUE, *(8 + LETTER * len(row.value) for row in rows), 0)
    parts = []
    for number, row in enumerate(rows):
        y = number * LINE
        parts.append(_text(LABEL - 10, y + 18, _cut(row.label, NAME), "end"))
        parts.append(f'<rect class="chart-track" x="{LABEL}" y="{y + 5}" width="{room}" height="16"/>')
        width = _number(room * min(max(row.share, 0), 1))
        parts.append(f'<rect class="chart-bar" x="{LABEL}" y="{y + 5}" width="{width}" height="16"/>')
        if row.mark is not None:
            x = _number(LABEL + room * min(max(row.mark, 0), 1))
            parts.append(f'<path class="chart-mark" d="M{x} {y + 2}v22"/>')
        parts.append(_text(LABEL + room + 8, y + 18, row.value))
    return _svg(key, title, told, len(rows) * LINE, parts)


def columns(
    key: str, title: str, told: str, classes: Sequence[tuple[str, int]], caption: str, number_text: NumberText
) -> str:
    """Return columns standing side by side over the names of their classes; `caption` names the lower axis."""
    most = max((count for _name, count in classes), default=0) or 1
    room = WIDTH - LEFT - RIGHT
    each = room / max(len(classes), 1)
    parts = _rules(most, number_text)
    for number, (name, count) in enumerate(classes):
        x, height = LEFT + number * each, PLOT * count / _nice(most)
        y = TOP + PLOT - height
        parts.append(
            f'<rect class="chart-bar" x="{_number(x + 2)}" y="{_number(y)}" width="{_number(each - 4)}"'
            f' height="{_number(height)}"/>'
        )
        if count:
            parts.append(_text(x + each / 2, y - 4, number_text(count), "middle"))
        parts.append(_text(x + each / 2, TOP + PLOT + 18, name, "middle"))
    parts.append(_text(LEFT + room / 2, TOP + PLOT + 40, caption, "middle"))
    return _svg(key, title, told, TOP + PLOT + FOOT, parts)


def lines(
    key: str, title: str, told: str, series: Sequence[Line], ticks: Iterable[tuple[float, str]],
    number_text: NumberText,
) -> str:  # fmt: skip
    """Return lines that rise over time; `ticks` are (across from 0 to 1, words) under the axis."""
    most = max((count for line in series for _x, count in line.points), default=0) or 1
    room = WIDTH - LEFT - RIGHT
    parts = _rules(most, number_text)
    for number, line in enumerate(series, start=1):
        dots = " ".join(
            f"{_number(LEFT + room * x)},{_number(TOP + PLOT - PLOT * count / _nice(most))}"
            for x, count in line.points
        )
        parts.append(f'<polyline class="chart-line-{number}" points="{dots}"/>')
    for x, words in ticks:
        anchor = "start" if x <= 0 else "end" if x >= 1 else "middle"
        parts.append(_text(LEFT + room * x, TOP + PLOT + 18, words, anchor))
    for number, line in enumerate(series, start=1):
        x = LEFT + (number - 1) * 220
        parts.append(f'<path class="chart-line-{number}" d="M{x} {TOP + PLOT + 36}h36"/>')
        parts.append(_text(x + 44, TOP + PLOT + 41, line.name))
    return _svg(key, title, told, TOP + PLOT + FOOT, parts)


def heat(
    key: str, title: str, told: str, across: Sequence[str], rows: Sequence[tuple[str, Sequence[HeatCell]]]
) -> str:
    """Return fields in rows and columns, each with its words; `across` are the names of the columns."""
    each, deep = (WIDTH - LABEL) / max(len(across), 1), 44
    parts = []
    for number, name in enumerate(across):
        x = LABEL + number * each + each / 2
        for line, words in enumerate(_in_two(name, max(int(each / 8), 4))):
            parts.append(_text(x, 16 + line * 18, words, "middle"))
    for number, (name, cells) in enumerate(rows):
        y = deep + number * LINE
        parts.append(_text(LABEL - 10, y + 18, _cut(name, NAME), "end"))
        for place, cell in enumerate(cells):
            x = LABEL + place * each
            kind = "none" if cell.step is None else str(cell.step).replace("-", "minus-")
            parts.append(
                f'<rect class="chart-heat-{kind}" x="{_number(x + 1)}" y="{y + 1}" width="{_number(each - 2)}"'
                f' height="{LINE - 2}"/>'
            )
            parts.append(_text(x + each / 2, y + 18, cell.text, "middle"))
    return _svg(key, title, told, deep + len(rows) * LINE, parts)


# --- pieces -------------------------------------------------------------------------------------------------------


def _svg(key: str, title: str, told: str, height: float, parts: Iterable[str]) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {_number(height)}" role="img" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(told)}</desc>{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, words: str, anchor: str = "") -> str:
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{_number(x)}" y="{_number(y)}"{where}>{escape(words)}</text>'


def _rules(most: int, number_text: NumberText) -> list[str]:
    """Return the lines across a plot at round numbers, with the numbers."""
    top, parts = _nice(most), []
    for part in range(0, 5):
        number = top * part / 4
        if number != int(number):
            continue
        y = _number(TOP + PLOT - PLOT * part / 4)
        parts.append(f'<path class="chart-rule" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>')
        parts.append(_text(LEFT - 8, float(y) + 5, number_text(int(number)), "end"))
    return parts


def _nice(most: int) -> int:
    """Return the round number at or above `most` at which an axis ends."""
    for power in (1, 10, 100, 1_000, 10_000, 100_000):
        for step in (4, 8, 12, 20, 28, 40):
            if step * power >= most:
                return step * power
    return most


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _in_two(words: str, most: int) -> list[str]:
    """Return a name on two lines of so many letters, the second one cut."""
    first = ""
    rest = words.split()
    while rest and len(f"{first} {rest[0]}".strip()) <= most:
        first = f"{first} {rest.pop(0)}".strip()
    if not first and rest:
        return [_cut(rest[0], most), *([_cut(" ".join(rest[1:]), most)] if rest[1:] else [])]
    return [first, *([_cut(" ".join(rest), most)] if rest else [])]
